// SPDX-License-Identifier: GPL-2.0
/* What the control plane says of limits, and how they are changed. */
#include <net/genetlink.h>
#include <net/sock.h>

#include <ctalg.h>

#include "core.h"
#include "netlink.h"

/* What there is now, as far as it can be said of the namespace as a whole. */
static const atomic_long_t *limit_now(const struct ctalg_net *cn, unsigned int which)
{
	switch (which) {
	case CTALG_LIMIT_FLOWS:
		return &cn->n_flows;
	case CTALG_LIMIT_PINHOLES:
		return &cn->n_pinholes;
	case CTALG_LIMIT_MEMORY:
		return &cn->memory;
	case CTALG_LIMIT_METERS:
		return &cn->n_meters;
	default:
		return NULL;
	}
}

static int put_limit(struct sk_buff *skb, const struct ctalg_net *cn, unsigned int which)
{
	const struct ctalg_limit_state *l = &cn->limit[which];
	const atomic_long_t *now = limit_now(cn, which);

	if (nla_put_string(skb, CTALG_A_LIMIT_NAME, ctalg_limit_name(which)) ||
	    ctalg_put_uint(skb, CTALG_A_LIMIT_VALUE, READ_ONCE(l->value)) ||
	    ctalg_put_uint(skb, CTALG_A_LIMIT_DEFAULT, ctalg_limit_standard(which)) ||
	    (now && ctalg_put_uint(skb, CTALG_A_LIMIT_NOW, atomic_long_read(now))) ||
	    ctalg_put_uint(skb, CTALG_A_LIMIT_PEAK, READ_ONCE(l->peak)))
		return -EMSGSIZE;
	return 0;
}

int ctalg_dump_limits(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct ctalg_net *cn = ctalg_net(sock_net(skb->sk));
	long *which = &cb->args[0];
	void *answer;
	int err = 0;

	for (; *which < CTALG_LIMITS; ++*which) {
		answer = ctalg_answer_begin(skb, cb, CTALG_CMD_LIMIT_GET);
		err = answer ? ctalg_answer_end(skb, cb, answer, put_limit(skb, cn, *which))
			     : -EMSGSIZE;
		if (err)
			break;
	}
	return skb->len ? skb->len : err;
}

static int limit_named(const struct nlattr *name)
{
	unsigned int i;

	for (i = 0; i < CTALG_LIMITS; i++)
		if (!nla_strcmp(name, ctalg_limit_name(i)))
			return i;
	return -ENOENT;
}

/* What the kernel spends, the owner of a namespace alone may not raise: who opened the socket counts, too. */
static int limit_check(struct sk_buff *skb, struct genl_info *info, unsigned int which, u64 value)
{
	if (value > ctalg_limit_most(which)) {
		GENL_SET_ERR_MSG(info, "the limit is too high");
		return -ERANGE;
	}
	if (value > ctalg_limit_standard(which) && !netlink_capable(skb, CAP_NET_ADMIN)) {
		GENL_SET_ERR_MSG(
			info,
			"raising a limit above its default needs CAP_NET_ADMIN in the initial user namespace");
		return -EPERM;
	}
	return 0;
}

int ctalg_limit_set(struct sk_buff *skb, struct genl_info *info)
{
	struct ctalg_net *cn = ctalg_net(genl_info_net(info));
	struct nlattr **a = info->attrs;
	u64 value;
	int which, err;

	if (!a[CTALG_A_LIMIT_NAME] || !a[CTALG_A_LIMIT_VALUE]) {
		GENL_SET_ERR_MSG(info, "the request lacks the limit's name or value");
		return -EINVAL;
	}
	which = limit_named(a[CTALG_A_LIMIT_NAME]);
	if (which < 0) {
		GENL_SET_ERR_MSG(info, "there is no limit of this name");
		return which;
	}
	value = ctalg_get_uint(a[CTALG_A_LIMIT_VALUE]);
	err = limit_check(skb, info, which, value);
	if (!err)
		WRITE_ONCE(cn->limit[which].value, value);
	return err;
}

/* A number is 32 or 64 bits wide. */
static int uint_check(const struct nlattr *a, struct netlink_ext_ack *extack)
{
	if (nla_len(a) == sizeof(u32) || nla_len(a) == sizeof(u64))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, a, "a number has 4 or 8 bytes");
	return -EINVAL;
}

const struct nla_policy ctalg_limit_set_policy[CTALG_A_LIMIT_VALUE + 1] = {
	[CTALG_A_LIMIT_NAME] = { .type = NLA_NUL_STRING, .len = 31 },
	[CTALG_A_LIMIT_VALUE] = NLA_POLICY_VALIDATE_FN(NLA_BINARY, uint_check, sizeof(u64)),
};
