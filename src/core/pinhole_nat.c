// SPDX-License-Identifier: GPL-2.0
/* A data flow's place behind NAT. Softirq or process context, under RCU; no lock is held. */
#include <net/netfilter/nf_nat.h>

#include "core.h"

/* Media that comes from where other media of ours goes to leaves from where it was promised to. */
static bool source_is_promised(struct ctalg_net *cn, const struct ctalg_pinhole *ph,
			       struct nf_conn *ct, struct nf_nat_range2 *range)
{
	const struct nf_conntrack_tuple *orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct ctalg_pinhole *to;
	struct ctalg_place place;
	struct ctalg_addr addr;

	ctalg_addr_of(&addr, &orig->src.u3, nf_ct_l3num(ct));
	ctalg_place_set(&place, &addr, ntohs(orig->src.u.all), nf_ct_protonum(ct),
			nf_ct_zone(ct)->id);
	to = ctalg_place_to(cn, &place, ph->session);
	if (!to)
		return false;
	ctalg_pinhole_join(to, ct);
	range->flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED;
	ctalg_addr_to_nf(&range->min_addr, &to->at.outside);
	range->max_addr = range->min_addr;
	range->min_proto.all = htons(to->at.outside_port);
	range->max_proto = range->min_proto;
	return true;
}

/*
 * What the other end of a data flow looks like from its own end: as the control flow's peer does,
 * if it is that. Returns false if that is for the ruleset to say.
 */
static bool source_range(struct ctalg_net *cn, const struct ctalg_pinhole *ph, struct nf_conn *ct,
			 const struct nf_conntrack_expect *exp, struct nf_nat_range2 *range)
{
	const union nf_inet_addr *src = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3;
	const struct nf_conn *master = ct->master;
	bool lasts = ph && ph->at.kind != CTALG_WANT_DATA;

	if (lasts && source_is_promised(cn, ph, ct, range))
		return true;
	range->flags = NF_NAT_RANGE_MAP_IPS;
	range->min_addr = master->tuplehash[!exp->dir].tuple.dst.u3;
	/* A host other than the peer, let in by policy, keeps its own address. */
	if (!nf_inet_addr_cmp(src, &master->tuplehash[!!exp->dir].tuple.src.u3)) {
		if (lasts)
			return false;
		range->min_addr = *src;
	}
	range->max_addr = range->min_addr;
	return true;
}

/*
 * Gives a data flow its place behind NAT: it ends where the message said that it
 * would, and its own end looks the way the control flow's peer looks. @ph: may be NULL.
 */
void ctalg_pinhole_nat(struct ctalg_net *cn, const struct ctalg_pinhole *ph, struct nf_conn *ct,
		       const struct nf_conntrack_expect *exp)
{
	struct nf_nat_range2 range = {};

	/* The end first: that it may be taken shows when a source port is looked for. */
	range.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED;
	range.min_addr = exp->saved_addr;
	range.max_addr = exp->saved_addr;
	range.min_proto = exp->saved_proto;
	range.max_proto = exp->saved_proto;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);

	memset(&range, 0, sizeof(range));
	if (source_range(cn, ph, ct, exp, &range))
		nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}
