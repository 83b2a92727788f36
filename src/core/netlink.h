/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the control plane share. */
#ifndef CTALG_CORE_NETLINK_H
#define CTALG_CORE_NETLINK_H

#include <linux/types.h>
#include <net/netlink.h>

#include <ctalg.h>

struct ctalg_addr;
struct ctalg_pinhole;
struct ctalg_user;
struct genl_family;
struct genl_info;
struct netlink_callback;
struct sk_buff;
union nf_inet_addr;

enum {
	/* Index into the family's multicast groups. */
	CTALG_MCGRP_EVENTS,
};

extern struct genl_family ctalg_family;

/* netlink.c */
void *ctalg_answer_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int ctalg_answer_end(struct sk_buff *skb, struct netlink_callback *cb, void *answer, int err);
int ctalg_put_uint(struct sk_buff *skb, int attr, u64 value);
u64 ctalg_get_uint(const struct nlattr *a);
int ctalg_put_addr(struct sk_buff *skb, int attr, const struct ctalg_addr *a);
int ctalg_put_nf_addr(struct sk_buff *skb, int attr, const union nf_inet_addr *u, u16 l3num);
int ctalg_put_user(struct sk_buff *skb, int attr, const struct ctalg_user *u);
int ctalg_put_kind(struct sk_buff *skb, int attr, const struct ctalg_pinhole *ph);

/* netlink_limit.c */
int ctalg_dump_limits(struct sk_buff *skb, struct netlink_callback *cb);
int ctalg_limit_set(struct sk_buff *skb, struct genl_info *info);
extern const struct nla_policy ctalg_limit_set_policy[CTALG_A_LIMIT_VALUE + 1];

/* netlink_policy.c */
int ctalg_dump_policy(struct sk_buff *skb, struct netlink_callback *cb);
int ctalg_policy_set(struct sk_buff *skb, struct genl_info *info);
extern const struct nla_policy ctalg_policy_set_policy[CTALG_A_POLICY_IMAGE + 1];

/* netlink_dump.c: dumps that walk the flows of a namespace */
int ctalg_dump_start(struct netlink_callback *cb);
int ctalg_dump_done(struct netlink_callback *cb);
int ctalg_dump_flows(struct sk_buff *skb, struct netlink_callback *cb);
int ctalg_dump_sessions(struct sk_buff *skb, struct netlink_callback *cb);
int ctalg_dump_pinholes(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* CTALG_CORE_NETLINK_H */
