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
	u32 policy = READ_ONCE(nh->policy);

	if (nla_put_string(skb, CTALG_A_HELPER_NAME, p->name) ||
	    nla_put_u8(skb, CTALG_A_HELPER_L4, p->l4) ||
	    nla_put_u16(skb, CTALG_A_HELPER_PORT, p->port) ||
	    nla_put_u32(skb, CTALG_A_HELPER_LIFETIME, nh->live->h->lifetime) ||
	    nla_put_u8(skb, CTALG_A_HELPER_LOOSE, !!(policy & CTALG_POLICY_LOOSE)) ||
	    nla_put_u8(skb, CTALG_A_HELPER_ANY_SOURCE, !!(policy & CTALG_POLICY_ANY_SOURCE)) ||
	    nla_put_string(skb, CTALG_A_HELPER_VERSION, CTALG_VERSION))
		return -EMSGSIZE;
	if (nla_put_u8(skb, CTALG_A_HELPER_STRICT, !!(policy & CTALG_POLICY_STRICT)) ||
	    nla_put_u8(skb, CTALG_A_HELPER_ENABLED, !(policy & CTALG_POLICY_OFF)))
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

/* @policy as the request wants it. */
static u32 policy_wanted(u32 policy, struct nlattr **a)
{
	policy = policy_with(policy, a[CTALG_A_HELPER_LOOSE], CTALG_POLICY_LOOSE);
	policy = policy_with(policy, a[CTALG_A_HELPER_ANY_SOURCE], CTALG_POLICY_ANY_SOURCE);
	policy = policy_with(policy, a[CTALG_A_HELPER_STRICT], CTALG_POLICY_STRICT);
	if (a[CTALG_A_HELPER_ENABLED])
		policy = nla_get_u8(a[CTALG_A_HELPER_ENABLED]) ? policy & ~CTALG_POLICY_OFF
							       : policy | CTALG_POLICY_OFF;
	return policy;
}

/* ctalg_mutex is held. */
static void policy_change(struct ctalg_net *cn, struct ctalg_net_helper *nh, u32 policy)
{
	bool goes_off = (policy & CTALG_POLICY_OFF) && !(nh->policy & CTALG_POLICY_OFF);

	WRITE_ONCE(nh->policy, policy);
	if (!goes_off)
		return;
	synchronize_rcu();
	ctalg_helper_leave(nh->live, cn);
}

static int helper_set(struct sk_buff *skb, struct genl_info *info)
{
	struct ctalg_net *cn = ctalg_net(genl_info_net(info));
	struct nlattr **a = info->attrs;
	struct ctalg_net_helper *nh;
	int err = 0;

	if (!a[CTALG_A_HELPER_NAME]) {
		GENL_SET_ERR_MSG(info, "the request names no helper");
		return -EINVAL;
	}
	if (!a[CTALG_A_HELPER_LOOSE] && !a[CTALG_A_HELPER_ANY_SOURCE] &&
	    !a[CTALG_A_HELPER_STRICT] && !a[CTALG_A_HELPER_ENABLED]) {
		GENL_SET_ERR_MSG(info, "the request changes nothing");
		return -EINVAL;
	}
	mutex_lock(&ctalg_mutex);
	nh = helper_named(cn, a[CTALG_A_HELPER_NAME]);
	if (nh) {
		policy_change(cn, nh, policy_wanted(nh->policy, a));
	} else {
		GENL_SET_ERR_MSG(info, "no helper of this name is loaded");
		err = -ENOENT;
	}
	mutex_unlock(&ctalg_mutex);
	return err;
}

static const struct nla_policy helper_set_policy[CTALG_A_HELPER_ENABLED + 1] = {
	[CTALG_A_HELPER_NAME] = { .type = NLA_NUL_STRING, .len = NF_CT_HELPER_NAME_LEN - 1 },
	[CTALG_A_HELPER_LOOSE] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_ANY_SOURCE] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_STRICT] = NLA_POLICY_MAX(NLA_U8, 1),
	[CTALG_A_HELPER_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
};

static const struct genl_ops ctalg_ops[] = {
	{
		.cmd = CTALG_CMD_HELPER_GET,
		.flags = GENL_UNS_ADMIN_PERM,
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
		.start = ctalg_dump_start,
		.dumpit = ctalg_dump_flows,
		.done = ctalg_dump_done,
	},
	{
		.cmd = CTALG_CMD_SESSION_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.start = ctalg_dump_start,
		.dumpit = ctalg_dump_sessions,
		.done = ctalg_dump_done,
	},
	{
		.cmd = CTALG_CMD_PINHOLE_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.start = ctalg_dump_start,
		.dumpit = ctalg_dump_pinholes,
		.done = ctalg_dump_done,
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
};

int ctalg_netlink_init(void)
{
	return genl_register_family(&ctalg_family);
}

void ctalg_netlink_fini(void)
{
	genl_unregister_family(&ctalg_family);
}
