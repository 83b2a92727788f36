// SPDX-License-Identifier: GPL-2.0
/*
 * A pinhole's place in the kernel's table of expectations: where it gets one, and what becomes of it
 * if another has it already. The flow's lock is held.
 */
#include "core.h"

/* So many leading bits of the source count. */
static void expect_set_from_len(struct nf_conntrack_expect *exp, unsigned int bits)
{
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(exp->mask.src.u3.ip6); i++, bits -= n) {
		n = min(bits, 32U);
		exp->mask.src.u3.ip6[i] = n ? htonl(~0U << (32 - n)) : 0;
		exp->tuple.src.u3.ip6[i] &= exp->mask.src.u3.ip6[i];
	}
}

struct nf_conntrack_expect *ctalg_expect_alloc(const struct ctalg_packet *p,
					       const struct ctalg_opening *o)
{
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(p->ct);
	union nf_inet_addr from, to;
	__be16 port = htons(o->outside_port);

	if (!exp)
		return NULL;
	ctalg_addr_to_nf(&from, &o->from);
	ctalg_addr_to_nf(&to, &o->outside);
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(p->ct),
			  o->from.family == CTALG_AF_NONE ? NULL : &from, &to, o->l4, NULL, &port);
	if (o->from.family != CTALG_AF_NONE && o->from_len)
		expect_set_from_len(exp, o->from_len);
	/* Not all kernels do, and it may never be inserted. */
	INIT_HLIST_NODE(&exp->hnode);
	if (o->permanent)
		exp->flags = NF_CT_EXPECT_PERMANENT;
	if (o->kind == CTALG_WANT_PATH)
		ctalg_compat_expect_assign_helper(exp, ctalg_live_form(p->live, nf_ct_l3num(p->ct),
								       o->l4));
	exp->expectfn = ctalg_pinhole_used;
	exp->dir = !CTINFO2DIR(p->ctinfo);
	ctalg_addr_to_nf(&exp->saved_addr, &o->inside);
	exp->saved_proto.all = htons(o->inside_port);
	return exp;
}

/* What has the place in the kernel's table that a pinhole needs, if it is one of ours; a reference is taken. */
static struct nf_conntrack_expect *expect_in_the_way(const struct ctalg_packet *p,
						     const struct ctalg_pinhole *ph)
{
	struct nf_conntrack_expect *other;

	other = nf_ct_expect_find_get(p->cn->net, nf_ct_zone(p->ct), &ph->exp->tuple);
	if (other && (other->expectfn != ctalg_pinhole_used ||
		      !nf_ct_tuple_equal(&other->tuple, &ph->exp->tuple))) {
		nf_ct_expect_put(other);
		return NULL;
	}
	return other;
}

static bool expect_is_permanent(const struct nf_conntrack_expect *exp)
{
	return READ_ONCE(exp->flags) & NF_CT_EXPECT_PERMANENT;
}

/* For the same sources, it leads to the same place, and stays. */
static bool expect_covers(const struct nf_conntrack_expect *a, const struct nf_conntrack_expect *b)
{
	return expect_is_permanent(a) && nf_ct_tuple_mask_equal(&a->mask, &b->mask) &&
	       nf_inet_addr_cmp(&a->saved_addr, &b->saved_addr) &&
	       a->saved_proto.all == b->saved_proto.all;
}

void ctalg_pinhole_cover(struct ctalg_pinhole *ph, bool covered)
{
	if (covered != ph->covered)
		atomic_add(covered ? 1 : -1, &ph->flow->host->cn->n_covered);
	ph->covered = covered;
}

/*
 * The one port that will do is taken, by another flow. If that keeps it for as long as it lives,
 * and it leads to the same place, whoever comes gets there. If it waits for one data flow,
 * nobody has come, so whoever comes now comes for the latest announcement; its pinhole is
 * that flow's to forget.
 *
 * Returns whether it is worth while to try again.
 */
static bool pinhole_contend(const struct ctalg_packet *p, struct ctalg_pinhole *ph)
{
	struct nf_conntrack_expect *other = expect_in_the_way(p, ph);
	bool displaced;

	if (!other)
		return false;
	ctalg_pinhole_cover(ph, expect_covers(other, ph->exp));
	displaced = ph->at.kind == CTALG_WANT_DATA && !expect_is_permanent(other);
	if (displaced)
		nf_ct_unexpect_related(other);
	nf_ct_expect_put(other);
	return displaced;
}

/* Can a data flow come? */
bool ctalg_pinhole_is_open(const struct ctalg_pinhole *ph)
{
	bool open;

	if (!ctalg_pinhole_has_own(ph))
		return true;
	spin_lock_bh(&nf_conntrack_expect_lock);
	open = ctalg_compat_expect_open(ph->exp);
	spin_unlock_bh(&nf_conntrack_expect_lock);
	return open;
}

/* Where the next port up is going to be needed too: it is not worth while to open the first. */
static bool neighbour_is_taken(const struct ctalg_packet *p, const struct ctalg_pinhole *ph,
			       u16 port)
{
	if (!(ph->at.flags & CTALG_WANT_PAIR) || ph->at.inside_port == U16_MAX)
		return false;
	return port == U16_MAX || ctalg_place_taken(p->cn, ph, port, 1);
}

/* Of one connection's own expectations the kernel would let a new one take an old one's place. */
static bool port_is_taken(const struct ctalg_packet *p, const struct ctalg_session *s,
			  const struct ctalg_pinhole *mine, u16 port)
{
	const struct ctalg_opening *o = &mine->at;
	const struct ctalg_pinhole *ph;

	if (ctalg_place_taken(p->cn, mine, port, 0) || neighbour_is_taken(p, mine, port))
		return true;
	list_for_each_entry(ph, &s->waiting, in_waiting)
		if (READ_ONCE(ph->state) == CTALG_PINHOLE_OPEN && ph->at.outside_port == port &&
		    ph->at.l4 == o->l4 && ctalg_addr_eq(&ph->at.outside, &o->outside) &&
		    ctalg_pinhole_is_open(ph))
			return true;
	return false;
}

/*
 * One of the same flow has the place already: the kernel would let a new one take it away. It
 * stands for both, or is in the way.
 */
static int pinhole_yield(const struct ctalg_packet *p, struct ctalg_pinhole *ph)
{
	struct ctalg_pinhole *twin;

	if (ph->at.kind == CTALG_WANT_DATA)
		return 0;
	twin = ctalg_place_twin(p->cn, ph);
	if (!twin)
		return 0;
	if (twin->at.kind != ph->at.kind || !expect_covers(twin->exp, ph->exp))
		return -EBUSY;
	list_add_tail(&ph->in_behind, &twin->behind);
	return 0;
}

/* Has it an expectation of its own? Else another one of the same flow stands for it. */
bool ctalg_pinhole_has_own(const struct ctalg_pinhole *ph)
{
	return list_empty(&ph->in_behind) && !ph->covered;
}

/* Only the given port will do. */
int ctalg_pinhole_insert_fixed(const struct ctalg_packet *p, struct ctalg_pinhole *ph)
{
	unsigned int tries;
	int err;

	err = pinhole_yield(p, ph);
	if (err || !list_empty(&ph->in_behind))
		return err;
	for (tries = 0; tries < CTALG_PORT_TRIES; tries++) {
		err = nf_ct_expect_related(ph->exp, 0);
		if (err != -EBUSY || !pinhole_contend(p, ph))
			break;
	}
	return ph->covered ? 0 : err;
}

/* The place has a port already. */
static bool pinhole_insert_told(const struct ctalg_packet *p, struct ctalg_pinhole *ph)
{
	u16 named = ph->at.outside_port;
	u16 port = ph->at.kind == CTALG_WANT_DATA ? 0 : ctalg_place_told(p->cn, ph);

	if (!port)
		return false;
	ph->exp->tuple.dst.u.all = htons(port);
	ph->at.outside_port = port;
	if (!ctalg_pinhole_insert_fixed(p, ph))
		return true;
	ph->at.outside_port = named;
	return false;
}

/* One port after another. */
static int pinhole_insert_any(const struct ctalg_packet *p, const struct ctalg_session *s,
			      struct ctalg_pinhole *ph)
{
	struct ctalg_port_search q;
	int err = -EBUSY;
	u16 port;

	if (pinhole_insert_told(p, ph))
		return 0;
	/* What has gone on since an earlier call would be in the way of another port. */
	port = ph->at.kind == CTALG_WANT_DATA ? 0 : ctalg_place_before(p->cn, ph);
	if (port)
		ph->at.outside_port = port;
	ctalg_search_begin(&q, ph);
	for (port = ctalg_search_first(&q, ph); port && err == -EBUSY;
	     port = ctalg_search_next(&q)) {
		if (port_is_taken(p, s, ph, port))
			continue;
		ph->exp->tuple.dst.u.all = htons(port);
		ph->at.outside_port = port;
		err = nf_ct_expect_related(ph->exp, 0);
	}
	return err;
}

/* Asks the kernel. */
unsigned int ctalg_pinhole_insert(const struct ctalg_packet *p, const struct ctalg_session *s,
				  struct ctalg_pinhole *ph)
{
	int err = ph->at.fixed_port ? ctalg_pinhole_insert_fixed(p, ph)
				    : pinhole_insert_any(p, s, ph);

	if (!err)
		return CTALG_R_NONE;
	return err == -EBUSY ? CTALG_R_NO_PORT : CTALG_R_LIMIT_KERNEL;
}
