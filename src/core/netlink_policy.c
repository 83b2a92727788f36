// SPDX-License-Identifier: GPL-2.0
/* The policy of a namespace over netlink: set whole in one request, told piece by piece. */
#include <net/genetlink.h>
#include <net/sock.h>

#include <ctalg.h>

#include "core.h"
#include "netlink.h"

enum {
	/* Most bytes of an image in one attribute. */
	POLICY_PIECE = 32768,
	/* What else stands in an answer. */
	POLICY_HEAD_BYTES = 128,
};

const struct nla_policy ctalg_policy_set_policy[CTALG_A_POLICY_IMAGE + 1] = {
	[CTALG_A_POLICY_IMAGE] = { .type = NLA_BINARY, .len = POLICY_PIECE },
};

/* How long the image is that the request brings in pieces. */
static u64 pieces_size(struct genl_info *info)
{
	struct nlattr *a;
	u64 size = 0;
	int left;

	nlmsg_for_each_attr(a, info->nlhdr, GENL_HDRLEN, left)
		if (nla_type(a) == CTALG_A_POLICY_IMAGE)
			size += nla_len(a);
	return size;
}

static void pieces_join(struct genl_info *info, u8 *to)
{
	struct nlattr *a;
	int left;

	nlmsg_for_each_attr(a, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(a) != CTALG_A_POLICY_IMAGE)
			continue;
		memcpy(to, nla_data(a), nla_len(a));
		to += nla_len(a);
	}
}

/* The policy that the request brings, NULL if it brings none. */
static int policy_of(struct genl_info *info, struct ctalg_policy_error *problem,
		     struct ctalg_net_policy **policy)
{
	u64 size = pieces_size(info);

	if (size > CTALG_IMAGE_MAX) {
		GENL_SET_ERR_MSG(info, "the policy is too large");
		return -E2BIG;
	}
	if (!size)
		return 0;
	*policy = ctalg_policy_alloc(size);
	if (!*policy)
		return -ENOMEM;
	pieces_join(info, (*policy)->image);
	if (!ctalg_image_check((*policy)->image, size, problem))
		return -EINVAL;
	if (ctalg_log_prepare((*policy)->image)) {
		GENL_SET_ERR_MSG(
			info,
			"this kernel has nothing that writes the log for a rule: nf_log_syslog, or nfnetlink_log for a group");
		return -ENOENT;
	}
	return 0;
}

int ctalg_policy_set(struct sk_buff *skb, struct genl_info *info)
{
	struct ctalg_net *cn = ctalg_net(genl_info_net(info));
	struct ctalg_policy_error problem = {};
	struct ctalg_net_policy *policy = NULL;
	int err = policy_of(info, &problem, &policy);

	if (err)
		ctalg_policy_free(policy);
	else
		err = ctalg_policy_replace(cn, policy, &problem);
	if (problem.what)
		info->extack->_msg = problem.what;
	return err;
}

/* Returns how many bytes of the image it has put. */
static int put_policy(struct sk_buff *skb, const struct ctalg_net *cn,
		      const struct ctalg_net_policy *policy, u32 off)
{
	u32 size = policy ? policy->size : 0, room, n = 0;

	if (skb_tailroom(skb) < POLICY_HEAD_BYTES ||
	    nla_put_u32(skb, CTALG_A_POLICY_GENERATION, READ_ONCE(cn->policies)) ||
	    nla_put_u32(skb, CTALG_A_POLICY_SIZE, size))
		return -EMSGSIZE;
	room = min_t(u32, skb_tailroom(skb) - NLA_HDRLEN, POLICY_PIECE) & ~3U;
	if (off < size)
		n = min(size - off, room);
	if (n && nla_put(skb, CTALG_A_POLICY_IMAGE, n, policy->image + off))
		return -EMSGSIZE;
	return n;
}

/* args: 0 the next byte, 1 it has ended. */
int ctalg_dump_policy(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ctalg_net *cn = ctalg_net(sock_net(skb->sk));
	const struct ctalg_net_policy *policy;
	void *answer;
	int n;

	if (cb->args[1])
		return 0;
	answer = ctalg_answer_begin(skb, cb, CTALG_CMD_POLICY_GET);
	if (!answer)
		return -EMSGSIZE;
	/* Replaced meanwhile, it is told by its generation. */
	mutex_lock(&ctalg_mutex);
	policy = rcu_dereference_protected(cn->policy, lockdep_is_held(&ctalg_mutex));
	n = put_policy(skb, cn, policy, cb->args[0]);
	if (n >= 0) {
		cb->args[0] += n;
		cb->args[1] = !policy || cb->args[0] >= policy->size;
	}
	mutex_unlock(&ctalg_mutex);
	n = ctalg_answer_end(skb, cb, answer, min(n, 0));
	return skb->len ? skb->len : n;
}
