// SPDX-License-Identifier: GPL-2.0
/*
 * Pinholes: kernel expectations, and what we know of them.
 *
 * Opening, closing and looking after one happens under its flow's lock. The packet
 * that uses it comes without: it finds the pinhole by its expectation under RCU.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netfilter/nf_nat.h>

#include "core.h"

static struct kmem_cache *pinhole_cache __read_mostly;

static const struct rhashtable_params pinhole_params = {
	.key_len = sizeof(struct nf_conntrack_expect *),
	.key_offset = offsetof(struct ctalg_pinhole, exp),
	.head_offset = offsetof(struct ctalg_pinhole, node),
	.automatic_shrinking = true,
};

static void addr_to_nf(union nf_inet_addr *u, const struct ctalg_addr *a)
{
	memset(u, 0, sizeof(*u));
	memcpy(u, a->b, ctalg_addr_len(a));
}

/*
 * Gives a data flow its place behind NAT: it ends where the message said that it
 * would, and its own end looks the way the control flow's peer looks.
 */
static void pinhole_nat(struct nf_conn *ct, const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct nf_conn *master = ct->master;
	struct nf_nat_range2 range = {};
	const union nf_inet_addr *peer = &master->tuplehash[exp->dir].tuple.src.u3;
	const union nf_inet_addr *shown = &master->tuplehash[!exp->dir].tuple.dst.u3;

	/* A host other than the peer, let in by policy, keeps its own address. */
	if (!nf_inet_addr_cmp(&orig->src.u3, peer))
		shown = &orig->src.u3;

	/* The end first: that it may be taken shows when a source port is looked for. */
	range.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED;
	range.min_addr = exp->saved_addr;
	range.max_addr = exp->saved_addr;
	range.min_proto = exp->saved_proto;
	range.max_proto = exp->saved_proto;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);

	memset(&range, 0, sizeof(range));
	range.flags = NF_NAT_RANGE_MAP_IPS;
	range.min_addr = *shown;
	range.max_addr = *shown;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}

/* A data flow begins. Softirq or process context, under RCU; no lock is held. */
static void pinhole_used(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	struct ctalg_net *cn = ctalg_net(nf_ct_net(ct));
	struct ctalg_pinhole *ph;

	ph = rhashtable_lookup_fast(&cn->pinholes, &exp, pinhole_params);
	if (ph) {
		ph->child = ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
		/* OVS sets one data flow up twice before it is confirmed. */
		if (xchg(&ph->state, CTALG_PINHOLE_USED) == CTALG_PINHOLE_OPEN)
			ctalg_count(ph->nh, ph->dir, CTALG_R_PINHOLE_USED);
	}
	if (ct->master->status & IPS_NAT_MASK)
		pinhole_nat(ct, exp);
}

/* What ctnetlink calls a data flow's NAT setup. */
static struct nf_ct_helper_expectfn pinhole_expectfn = {
	.name = "ctalg-pinhole",
	.expectfn = pinhole_used,
};

static struct nf_conntrack_expect *expect_alloc(const struct ctalg_packet *p,
						const struct ctalg_opening *o)
{
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(p->ct);
	union nf_inet_addr from, to;
	__be16 port = htons(o->outside_port);

	if (!exp)
		return NULL;
	addr_to_nf(&from, &o->from);
	addr_to_nf(&to, &o->outside);
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(p->ct),
			  o->from.family == CTALG_AF_NONE ? NULL : &from, &to, o->l4, NULL, &port);
	exp->expectfn = pinhole_used;
	exp->dir = !CTINFO2DIR(p->ctinfo);
	addr_to_nf(&exp->saved_addr, &o->inside);
	exp->saved_proto.all = htons(o->inside_port);
	return exp;
}

static struct ctalg_pinhole *pinhole_alloc(const struct ctalg_packet *p,
					   const struct ctalg_session *s,
					   const struct ctalg_opening *o)
{
	struct ctalg_pinhole *ph = kmem_cache_zalloc(pinhole_cache, GFP_ATOMIC);

	if (!ph)
		return NULL;
	ph->exp = expect_alloc(p, o);
	if (!ph->exp) {
		kmem_cache_free(pinhole_cache, ph);
		return NULL;
	}
	ph->at = *o;
	/* Nobody would lead another port back to the right one. */
	if (!(p->ct->status & IPS_NAT_MASK))
		ph->at.fixed_port = true;
	ph->request = s->request;
	ph->dir = p->dir;
	ph->nh = p->nh;
	return ph;
}

static u16 random_port(u16 like)
{
	u16 port = 10000 + reciprocal_scale(get_random_u32(), 65536 - 10000);

	/* RTP and its kind care for parity. */
	return (port & ~1) | (like & 1);
}

/*
 * Another flow has announced the same port and nobody has come, so whoever comes now comes
 * for the latest announcement. Its pinhole is that flow's to forget.
 */
static bool pinhole_displace(const struct ctalg_packet *p, const struct ctalg_pinhole *ph)
{
	struct nf_conntrack_expect *other;
	bool ours;

	other = nf_ct_expect_find_get(p->cn->net, nf_ct_zone(p->ct), &ph->exp->tuple);
	if (!other)
		return false;
	ours = other->expectfn == pinhole_used && nf_ct_tuple_equal(&other->tuple, &ph->exp->tuple);
	if (ours)
		nf_ct_unexpect_related(other);
	nf_ct_expect_put(other);
	return ours;
}

static bool expect_is_open(const struct ctalg_pinhole *ph)
{
	bool open;

	spin_lock_bh(&nf_conntrack_expect_lock);
	open = ctalg_compat_expect_open(ph->exp);
	spin_unlock_bh(&nf_conntrack_expect_lock);
	return open;
}

/* Of one connection's own expectations the kernel would let a new one take an old one's place. */
static bool port_is_taken(const struct ctalg_session *s, const struct ctalg_opening *o, u16 port)
{
	const struct ctalg_pinhole *ph;

	list_for_each_entry(ph, &s->pinholes, in_session)
		if (READ_ONCE(ph->state) == CTALG_PINHOLE_OPEN && ph->at.outside_port == port &&
		    ph->at.l4 == o->l4 && ctalg_addr_eq(&ph->at.outside, &o->outside) &&
		    expect_is_open(ph))
			return true;
	return false;
}

/* Asks the kernel, with one port after another where that is allowed. */
static unsigned int pinhole_insert(const struct ctalg_packet *p, const struct ctalg_session *s,
				   struct ctalg_pinhole *ph)
{
	u16 port = ph->at.outside_port;
	unsigned int tries;
	int err;

	for (tries = 0; tries < CTALG_PORT_TRIES; tries++) {
		ph->exp->tuple.dst.u.all = htons(port);
		ph->at.outside_port = port;
		err = -EBUSY;
		if (ph->at.fixed_port || !port_is_taken(s, &ph->at, port))
			err = nf_ct_expect_related(ph->exp, 0);
		if (!err)
			return CTALG_R_NONE;
		if (err != -EBUSY)
			return CTALG_R_LIMIT_KERNEL;
		if (ph->at.fixed_port) {
			if (!pinhole_displace(p, ph))
				break;
			continue;
		}
		do
			port = random_port(ph->at.inside_port);
		while (ctalg_port_denied(port));
	}
	return CTALG_R_NO_PORT;
}

static void pinhole_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(pinhole_cache, container_of(rcu, struct ctalg_pinhole, rcu));
}

static void pinhole_forget(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	rhashtable_remove_fast(&cn->pinholes, &ph->node, pinhole_params);
	atomic_dec(&cn->n_pinholes);
	nf_ct_expect_put(ph->exp);
	call_rcu(&ph->rcu, pinhole_free_rcu);
}

/* A message that comes again finds the pinhole that it opened the first time. */
static struct ctalg_pinhole *pinhole_find(const struct ctalg_session *s,
					  const struct ctalg_opening *o)
{
	struct ctalg_pinhole *ph;

	list_for_each_entry(ph, &s->pinholes, in_session)
		if (READ_ONCE(ph->state) == CTALG_PINHOLE_OPEN && ctalg_opening_same(&ph->at, o) &&
		    expect_is_open(ph))
			return ph;
	return NULL;
}

/* Makes room in the session: the oldest pinhole that nobody used goes. */
static void session_make_room(const struct ctalg_packet *p, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *oldest = NULL;
	unsigned int n = 0;

	list_for_each_entry(ph, &s->pinholes, in_session) {
		if (READ_ONCE(ph->state) != CTALG_PINHOLE_OPEN)
			continue;
		if (!oldest)
			oldest = ph;
		n++;
	}
	if (n < CTALG_SESSION_PINHOLES)
		return;
	ctalg_count(p->nh, p->dir, CTALG_R_LIMIT_SESSION);
	ctalg_pinhole_close(p->cn, oldest);
}

unsigned int ctalg_pinhole_open(const struct ctalg_packet *p, struct ctalg_session *s,
				struct ctalg_opening *o, struct ctalg_pinhole **fresh)
{
	struct ctalg_pinhole *ph = pinhole_find(s, o);
	unsigned int reason;

	*fresh = NULL;
	if (ph) {
		ph->request = s->request;
		o->outside_port = ph->at.outside_port;
		ctalg_count(p->nh, p->dir, CTALG_R_PINHOLE_KEPT);
		return CTALG_R_NONE;
	}
	session_make_room(p, s);
	if (atomic_inc_return(&p->cn->n_pinholes) > CTALG_NET_PINHOLES) {
		atomic_dec(&p->cn->n_pinholes);
		return CTALG_R_LIMIT_NET;
	}
	ph = pinhole_alloc(p, s, o);
	if (!ph) {
		atomic_dec(&p->cn->n_pinholes);
		return CTALG_R_NO_MEMORY;
	}
	/* In our table first: the kernel may match the expectation as soon as it has it. */
	if (rhashtable_insert_fast(&p->cn->pinholes, &ph->node, pinhole_params)) {
		reason = CTALG_R_NO_MEMORY;
		goto err;
	}
	reason = pinhole_insert(p, s, ph);
	if (reason)
		goto err;
	list_add_tail(&ph->in_session, &s->pinholes);
	s->opened++;
	o->outside_port = ph->at.outside_port;
	*fresh = ph;
	ctalg_count(p->nh, p->dir, CTALG_R_PINHOLE_OPENED);
	return CTALG_R_NONE;
err:
	pinhole_forget(p->cn, ph);
	return reason;
}

void ctalg_pinhole_shut(struct ctalg_pinhole *ph)
{
	spin_lock_bh(&nf_conntrack_expect_lock);
	ctalg_compat_expect_unlink(ph->exp);
	spin_unlock_bh(&nf_conntrack_expect_lock);
}

void ctalg_pinhole_close(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	ctalg_pinhole_shut(ph);
	list_del(&ph->in_session);
	pinhole_forget(cn, ph);
}

/* Does the data flow that used the pinhole live? */
static bool child_lives(struct ctalg_net *cn, const struct ctalg_pinhole *ph,
			const struct nf_conntrack_zone *zone)
{
	struct nf_conntrack_tuple_hash *h;

	h = nf_conntrack_find_get(cn->net, zone, &ph->child);
	if (!h)
		return false;
	nf_ct_put(nf_ct_tuplehash_to_ctrack(h));
	return true;
}

/*
 * OVS and act_ct match an expectation without consuming it, until they commit the
 * connection: then nobody else may use it. If they never do, it waits on.
 */
static bool used_pinhole_ended(struct ctalg_net *cn, struct ctalg_pinhole *ph,
			       const struct nf_conntrack_zone *zone)
{
	if (child_lives(cn, ph, zone)) {
		ctalg_pinhole_shut(ph);
		return false;
	}
	if (!expect_is_open(ph))
		return true;
	WRITE_ONCE(ph->state, CTALG_PINHOLE_OPEN);
	return false;
}

bool ctalg_pinhole_ended(struct ctalg_net *cn, struct ctalg_pinhole *ph,
			 const struct nf_conntrack_zone *zone)
{
	if (smp_load_acquire(&ph->state) != CTALG_PINHOLE_OPEN)
		return used_pinhole_ended(cn, ph, zone);
	if (expect_is_open(ph))
		return false;
	/* Matched just now, or never. */
	if (smp_load_acquire(&ph->state) != CTALG_PINHOLE_OPEN)
		return false;
	ctalg_count(ph->nh, ph->dir, CTALG_R_PINHOLE_EXPIRED);
	return true;
}

int ctalg_pinholes_setup(struct ctalg_net *cn)
{
	atomic_set(&cn->n_pinholes, 0);
	return rhashtable_init(&cn->pinholes, &pinhole_params);
}

void ctalg_pinholes_clean(struct ctalg_net *cn)
{
	rhashtable_destroy(&cn->pinholes);
}

int ctalg_pinhole_init(void)
{
	pinhole_cache = KMEM_CACHE(ctalg_pinhole, SLAB_NO_MERGE);
	if (!pinhole_cache)
		return -ENOMEM;
	nf_ct_helper_expectfn_register(&pinhole_expectfn);
	return 0;
}

void ctalg_pinhole_fini(void)
{
	ctalg_compat_expectfn_unregister(&pinhole_expectfn);
	kmem_cache_destroy(pinhole_cache);
}
