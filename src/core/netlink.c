// SPDX-License-Identifier: GPL-2.0
/* The control plane: the generic netlink family, and what it says of helpers. */
#include <net/genetlink.h>
#include <net/sock.h>

#include <ctalg.h>

#include "core.h"
#include "netlink.h"

enum {
	/* A message with a helper and all its counters is not longer. */
	CTALG_HELPER_BYTES = 8192,
	/* Of which this much for a counter: a nest, its name and two numbers. */
	CTALG_COUNTER_BYTES = NLA_HDRLEN + NLA_HDRLEN + 48 + 2 * (NLA_HDRLEN + 8),
};

int ctalg_put_uint(struct sk_buff *skb, int attr, u64 value)
{
	if (value <= U32_MAX)
		return nla_put_u32(skb, attr, value);
	return nla_put(skb, attr, sizeof(value), &value);
}

/* A number of 4 or 8 bytes. */
u64 ctalg_get_uint(const struct nlattr *a)
{
	return nla_len(a) == sizeof(u64) ? nla_get_u64(a) : nla_get_u32(a);
}

int ctalg_put_addr(struct sk_buff *skb, int attr, const struct ctalg_addr *a)
{
	return a->family == CTALG_AF_NONE ? 0 : nla_put(skb, attr, ctalg_addr_len(a), a->b);
}

int ctalg_put_nf_addr(struct sk_buff *skb, int attr, const union nf_inet_addr *u, u16 l3num)
{
	return nla_put(skb, attr, l3num == NFPROTO_IPV4 ? sizeof(u->in) : sizeof(u->in6), u);
}

int ctalg_put_user(struct sk_buff *skb, int attr, const struct ctalg_user *u)
{
	return u->len ? nla_put(skb, attr, u->len, u->name) : 0;
}

int ctalg_put_kind(struct sk_buff *skb, int attr, const struct ctalg_pinhole *ph)
{
	static const char *const kinds[] = {
		[CTALG_WANT_DATA] = "data",
		[CTALG_WANT_MEDIA] = "media",
		[CTALG_WANT_PATH] = "path",
	};

	return nla_put_string(skb, attr, kinds[ph->at.kind]);
}

void *ctalg_answer_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &ctalg_family,
			   NLM_F_MULTI, cmd);
}

/* Sends what was begun, or takes it back if @err says that it is not whole. */
int ctalg_answer_end(struct sk_buff *skb, struct netlink_callback *cb, void *answer, int err)
{
	if (err) {
		genlmsg_cancel(skb, answer);
		return err;
	}
	genl_dump_check_consistent(cb, answer);
	genlmsg_end(skb, answer);
	return 0;
}

/* ctalg_mutex is held. */
static struct ctalg_net_helper *net_helper(const struct ctalg_net *cn, unsigned int slot)
{
	return rcu_dereference_protected(cn->helper[slot], lockdep_is_held(&ctalg_mutex));
}

static int put_counter(struct sk_buff *skb, const char *name, u64 orig, u64 reply)
{
	struct nlattr *nest = nla_nest_start(skb, CTALG_A_HELPER_COUNTER);

	if (!nest || nla_put_string(skb, CTALG_A_COUNTER_REASON, name) ||
	    ctalg_put_uint(skb, CTALG_A_COUNTER_ORIG, orig) ||
	    ctalg_put_uint(skb, CTALG_A_COUNTER_REPLY, reply))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counters(struct sk_buff *skb, const struct ctalg_net_helper *nh)
{
	unsigned int reason;
	int err = 0;

	BUILD_BUG_ON(CTALG_R_MAX * CTALG_COUNTER_BYTES > CTALG_HELPER_BYTES - 512);
	for (reason = 0; !err && reason < CTALG_R_MAX; reason++) {
		u64 orig = ctalg_counted(nh, CTALG_DIR_ORIG, reason);
		u64 reply = ctalg_counted(nh, CTALG_DIR_REPLY, reason);
		const char *name = ctalg_proto_reason(nh->live->h->proto, reason);

		if (name && (orig || reply))
			err = put_counter(skb, name, orig, reply);
	}
	return err;
}

static int put_helper(struct sk_buff *skb, const struct ctalg_net_helper *nh)
{
	const struct ctalg_proto *p = nh->live->h->proto;
	u32 policy = READ_ONCE(nh->policy), ports = READ_ONCE(nh->ports);

	if (nla_put_string(skb, CTALG_A_HELPER_NAME, p->name) ||
	    nla_put_u8(skb, CTALG_A_HELPER_L4, p->l4) ||
	    nla_put_u16(skb, CTALG_A_HELPER_PORT, p->port) ||
	    nla_put_u32(skb, CTALG_A_HELPER_LIFETIME, READ_ONCE(nh->lifetime)) ||
	    nla_put_u8(skb, CTALG_A_HELPER_LOOSE, !!(policy & CTALG_POLICY_LOOSE)) ||
	    nla_put_u8(skb, CTALG_A_HELPER_ANY_SOURCE, !!(policy & CTALG_POLICY_ANY_SOURCE)) ||
	    nla_put_string(skb, CTALG_A_HELPER_VERSION, CTALG_VERSION))
		return -EMSGSIZE;
	if (nla_put_u8(skb, CTALG_A_HELPER_STRICT, !!(policy & CTALG_POLICY_STRICT)) ||
	    nla_put_u8(skb, CTALG_A_HELPER_ENABLED,
		       !(policy & (CTALG_POLICY_OFF | CTALG_POLICY_FINISH))) ||
	    nla_put_u8(skb, CTALG_A_HELPER_FINISHING, !!(policy & CTALG_POLICY_FINISH)) ||
	    nla_put_u16(skb, CTALG_A_HELPER_PORT_FIRST, ports >> 16) ||
	    nla_put_u16(skb, CTALG_A_HELPER_PORT_LAST, ports & U16_MAX) ||
	    (p->l4_too && nla_put_u8(skb, CTALG_A_HELPER_L4_TOO, p->l4_too)))
		return -EMSGSIZE;
	return put_counters(skb, nh);
}

static int helpers_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = CTALG_HELPER_BYTES;
	return 0;
}

static int helpers_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ctalg_net *cn = ctalg_net(sock_net(skb->sk));
	long *slot = &cb->args[0];
	int err = 0;

	mutex_lock(&ctalg_mutex);
	for (; *slot < CTALG_HELPERS; ++*slot) {
		struct ctalg_net_helper *nh = net_helper(cn, *slot);
		void *answer;

		if (!nh)
			continue;
		answer = ctalg_answer_begin(skb, cb, CTALG_CMD_HELPER_GET);
		err = answer ? ctalg_answer_end(skb, cb, answer, put_helper(skb, nh)) : -EMSGSIZE;
		if (err)
			break;
	}
	mutex_unlock(&ctalg_mutex);
	return skb->len ? skb->len : err;
}

/* ctalg_mutex is held. */
static struct ctalg_net_helper *helper_named(const struct ctalg_net *cn, const struct nlattr *name)
{
	unsigned int slot;

	for (slot = 0; slot < CTALG_HELPERS; slot++) {
		struct ctalg_net_helper *nh = net_helper(cn, slot);

		if (nh && !nla_strcmp(name, nh->live->h->proto->name))
			return nh;
	}
	return NULL;
}

/* @policy with the bit as the attribute wants it, if it wants anything. */
static u32 policy_with(u32 policy, const struct nlattr *want, u32 bit)
{
	if (!want)
		return policy;
	return nla_get_u8(want) ? policy | bit : policy & ~bit;
}

static struct netlink_range_validation lifetimes = { .min = 1, .max = 86400 };

static const struct nla_policy helper_set_policy[CTALG_A_HELPER_PORT_LAST + 1] = {
	[CTALG_A_HELPER_NAME] = { .type = NLA_NUL_STRING, .len = NF_CT_HELPER_NAME_LEN - 1 },
	[CTALG_A_HELPER_LIFETIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &lifetimes),
	[CTALG_A_HELPER_LOOSE] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_ANY_SOURCE] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_STRICT] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_FINISHING] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_PORT_FIRST] = { .type = NLA_U16 },
	[CTALG_A_HELPER_PORT_LAST] = { .type = NLA_U16 },
};

/* Two zeros stand for any port. */
static bool ports_make_sense(u16 first, u16 last)
{
	return first ? first >= 1024 && first <= last : !last;
}

static bool flag_is_set(const struct nlattr *a)
{
	return a && nla_get_u8(a);
}

/* @policy as the request wants it. */
static u32 policy_wanted(u32 policy, struct nlattr **a)
{
	policy = policy_with(policy, a[CTALG_A_HELPER_LOOSE], CTALG_POLICY_LOOSE);
	policy = policy_with(policy, a[CTALG_A_HELPER_ANY_SOURCE], CTALG_POLICY_ANY_SOURCE);
	policy = policy_with(policy, a[CTALG_A_HELPER_STRICT], CTALG_POLICY_STRICT);
	if (!a[CTALG_A_HELPER_ENABLED])
		return policy;
	policy &= ~(CTALG_POLICY_OFF | CTALG_POLICY_FINISH);
	if (nla_get_u8(a[CTALG_A_HELPER_ENABLED]))
		return policy;
	return policy |
	       (flag_is_set(a[CTALG_A_HELPER_FINISHING]) ? CTALG_POLICY_FINISH : CTALG_POLICY_OFF);
}

/* ctalg_mutex is held. Returns whether the flows that there are have to end. */
static bool policy_change(struct ctalg_net_helper *nh, u32 policy)
{
	bool goes_off = (policy & CTALG_POLICY_OFF) && !(nh->policy & CTALG_POLICY_OFF);

	WRITE_ONCE(nh->policy, policy);
	return goes_off;
}

/* Does the request make sense, whatever the helper? */
static int helper_set_check(struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	const char *problem = NULL;
	unsigned int i, changes = 0;

	for (i = CTALG_A_HELPER_NAME + 1; i < ARRAY_SIZE(helper_set_policy); i++)
		changes += !!a[i];
	if (!a[CTALG_A_HELPER_NAME])
		problem = "the request names no helper";
	else if (!changes)
		problem = "the request changes nothing";
	else if (a[CTALG_A_HELPER_FINISHING] &&
		 (!a[CTALG_A_HELPER_ENABLED] || (flag_is_set(a[CTALG_A_HELPER_FINISHING]) &&
						 flag_is_set(a[CTALG_A_HELPER_ENABLED]))))
		problem = "only what is no longer enabled can finish";
	else if (!a[CTALG_A_HELPER_PORT_FIRST] != !a[CTALG_A_HELPER_PORT_LAST])
		problem = "a range of ports has two ends";
	else if (a[CTALG_A_HELPER_PORT_FIRST] &&
		 !ports_make_sense(nla_get_u16(a[CTALG_A_HELPER_PORT_FIRST]),
				   nla_get_u16(a[CTALG_A_HELPER_PORT_LAST])))
		problem =
			"a range of ports lies between 1024 and 65535, and its first is not above its last";
	if (!problem)
		return 0;
	info->extack->_msg = problem;
	return -EINVAL;
}

/* ctalg_mutex is held. Returns whether the flows that there are have to end. */
static bool helper_change(struct ctalg_net_helper *nh, struct nlattr **a)
{
	if (a[CTALG_A_HELPER_LIFETIME])
		WRITE_ONCE(nh->lifetime, nla_get_u32(a[CTALG_A_HELPER_LIFETIME]));
	if (a[CTALG_A_HELPER_PORT_FIRST])
		WRITE_ONCE(nh->ports, (u32)nla_get_u16(a[CTALG_A_HELPER_PORT_FIRST]) << 16 |
					      nla_get_u16(a[CTALG_A_HELPER_PORT_LAST]));
	return policy_change(nh, policy_wanted(nh->policy, a));
}

/* Its flows are given time to come to rest, in which nobody else need wait: its module stays for that long. */
static void helper_off(struct ctalg_net *cn, struct ctalg_live *live)
{
	synchronize_rcu();
	ctalg_helper_leave(live, cn);
	module_put(live->h->owner);
}

static int helper_set(struct sk_buff *skb, struct genl_info *info)
{
	struct ctalg_net *cn = ctalg_net(genl_info_net(info));
	struct nlattr **a = info->attrs;
	struct ctalg_live *goes_off = NULL;
	struct ctalg_net_helper *nh;
	int err = helper_set_check(info);

	if (err)
		return err;
	mutex_lock(&ctalg_mutex);
	nh = helper_named(cn, a[CTALG_A_HELPER_NAME]);
	if (nh && try_module_get(nh->live->h->owner)) {
		if (helper_change(nh, a))
			goes_off = nh->live;
		else
			module_put(nh->live->h->owner);
	} else {
		GENL_SET_ERR_MSG(info, "no helper of this name is loaded");
		err = -ENOENT;
	}
	mutex_unlock(&ctalg_mutex);
	if (goes_off)
		helper_off(cn, goes_off);
	return err;
}

/* A list is asked for whole. */
static const struct nla_policy nothing_policy[] = {
	[1] = { .type = NLA_REJECT },
};

static const struct genl_multicast_group ctalg_groups[] = {
	[CTALG_MCGRP_EVENTS] = { .name = CTALG_GROUP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

static const struct genl_ops ctalg_ops[] = {
	{
		.cmd = CTALG_CMD_HELPER_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = nothing_policy,
		.maxattr = ARRAY_SIZE(nothing_policy) - 1,
		.start = helpers_start,
		.dumpit = helpers_dump,
	},
	{
		.cmd = CTALG_CMD_HELPER_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = helper_set_policy,
		.maxattr = ARRAY_SIZE(helper_set_policy) - 1,
		.doit = helper_set,
	},
	{
		.cmd = CTALG_CMD_FLOW_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = nothing_policy,
		.maxattr = ARRAY_SIZE(nothing_policy) - 1,
		.start = ctalg_dump_start,
		.dumpit = ctalg_dump_flows,
		.done = ctalg_dump_done,
	},
	{
		.cmd = CTALG_CMD_SESSION_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = nothing_policy,
		.maxattr = ARRAY_SIZE(nothing_policy) - 1,
		.start = ctalg_dump_start,
		.dumpit = ctalg_dump_sessions,
		.done = ctalg_dump_done,
	},
	{
		.cmd = CTALG_CMD_PINHOLE_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = nothing_policy,
		.maxattr = ARRAY_SIZE(nothing_policy) - 1,
		.start = ctalg_dump_start,
		.dumpit = ctalg_dump_pinholes,
		.done = ctalg_dump_done,
	},
	{
		.cmd = CTALG_CMD_LIMIT_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = nothing_policy,
		.maxattr = ARRAY_SIZE(nothing_policy) - 1,
		.dumpit = ctalg_dump_limits,
	},
	{
		.cmd = CTALG_CMD_LIMIT_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = ctalg_limit_set_policy,
		.maxattr = ARRAY_SIZE(ctalg_limit_set_policy) - 1,
		.doit = ctalg_limit_set,
	},
	{
		.cmd = CTALG_CMD_POLICY_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = nothing_policy,
		.maxattr = ARRAY_SIZE(nothing_policy) - 1,
		.dumpit = ctalg_dump_policy,
	},
	{
		.cmd = CTALG_CMD_POLICY_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = ctalg_policy_set_policy,
		.maxattr = ARRAY_SIZE(ctalg_policy_set_policy) - 1,
		.doit = ctalg_policy_set,
	},
};

/* Without .resv_start_op every command is validated in full. */
struct genl_family ctalg_family __ro_after_init = {
	.name = CTALG_FAMILY_NAME,
	.version = CTALG_FAMILY_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ctalg_ops,
	.n_ops = ARRAY_SIZE(ctalg_ops),
	.mcgrps = ctalg_groups,
	.n_mcgrps = ARRAY_SIZE(ctalg_groups),
};

int ctalg_netlink_init(void)
{
	return genl_register_family(&ctalg_family);
}

void ctalg_netlink_fini(void)
{
	genl_unregister_family(&ctalg_family);
}
