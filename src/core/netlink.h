/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the control plane share. */
#ifndef CTALG_CORE_NETLINK_H
#define CTALG_CORE_NETLINK_H

#include <linux/types.h>

struct genl_family;
struct netlink_callback;
struct sk_buff;

extern struct genl_family ctalg_family;

/* netlink.c */
void *ctalg_answer_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int ctalg_answer_end(struct sk_buff *skb, struct netlink_callback *cb, void *answer, int err);
int ctalg_put_uint(struct sk_buff *skb, int attr, u64 value);

/* netlink_dump.c: dumps that walk the flows of a namespace */
int ctalg_dump_start(struct netlink_callback *cb);
int ctalg_dump_done(struct netlink_callback *cb);
int ctalg_dump_flows(struct sk_buff *skb, struct netlink_callback *cb);
int ctalg_dump_sessions(struct sk_buff *skb, struct netlink_callback *cb);
int ctalg_dump_pinholes(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* CTALG_CORE_NETLINK_H */
