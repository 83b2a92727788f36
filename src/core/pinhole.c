// SPDX-License-Identifier: GPL-2.0
/*
 * Pinholes: kernel expectations, and what we know of them.
 *
 * Opening, closing and looking after one happens under its flow's lock. The packet
 * that uses it comes without: it finds the pinhole by its expectation under RCU.
 */
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_acct.h>

#include <ctalg.h>

#include "core.h"

enum {
	/* So long the first packet of a data flow may be under way. */
	PINHOLE_UNBORN_SECONDS = 10,
	/* A session has no more that stay open for it: of each line that a message can have, two for each side. */
	SESSION_STANDING = 4 * CTALG_REPORT_LINES,
	/* What stays open is given this long, again and again. */
	PINHOLE_STANDING_SECONDS = 3600,
};

static struct kmem_cache *pinhole_cache __read_mostly;

static const struct rhashtable_params pinhole_params = {
	.key_len = sizeof(struct nf_conntrack_expect *),
	.key_offset = offsetof(struct ctalg_pinhole, exp),
	.head_offset = offsetof(struct ctalg_pinhole, node),
	.automatic_shrinking = true,
};

static void pinhole_tell(struct ctalg_net *cn, u32 kind, const struct ctalg_pinhole *ph,
			 unsigned int reason)
{
	const struct ctalg_event e = {
		.kind = kind,
		.live = ph->flow->live,
		.f = ph->flow,
		.dir = ph->dir,
		.reason = reason,
		.ph = ph,
	};

	ctalg_event_send(cn, &e);
}

/* Until it is confirmed a connection is its packet's own: its extensions may move, it has no timeout. */
static bool child_is_born(const struct nf_conn *ct)
{
	if (!ct || !nf_ct_is_confirmed(ct))
		return false;
	smp_acquire__after_ctrl_dep();
	return true;
}

/*
 * What each party of the control flow has sent in a data flow. The one that announced the
 * pinhole has been connected to. Returns false if nobody counts.
 */
static bool child_bytes(const struct ctalg_pinhole *ph, const struct nf_conn *ct, u64 bytes[2])
{
	const struct nf_conn_acct *acct = child_is_born(ct) ? nf_conn_acct_find(ct) : NULL;

	if (!acct || READ_ONCE(ph->joined))
		return false;
	bytes[!ph->dir] = atomic64_read(&acct->counter[IP_CT_DIR_ORIGINAL].bytes);
	bytes[ph->dir] = atomic64_read(&acct->counter[IP_CT_DIR_REPLY].bytes);
	return true;
}

/* A newer data flow has come. What this one has carried until now is not forgotten. */
static void child_retire(struct ctalg_pinhole *ph, struct nf_conn *ct)
{
	u64 bytes[2];

	if (child_bytes(ph, ct, bytes)) {
		atomic64_add(bytes[0], &ph->past[0]);
		atomic64_add(bytes[1], &ph->past[1]);
		WRITE_ONCE(ph->counted, true);
	}
	nf_ct_put(ct);
}

/*
 * The packet that uses a pinhole holds no lock: whoever looks at the data flow takes it out
 * for that time, and puts it back unless a newer one has come.
 */
static void child_set(struct ctalg_pinhole *ph, struct nf_conn *ct)
{
	struct nf_conn *old;

	nf_conntrack_get(&ct->ct_general);
	WRITE_ONCE(ph->used, jiffies);
	old = xchg(&ph->child, ct);
	if (old)
		child_retire(ph, old);
}

static void child_put_back(struct ctalg_pinhole *ph, struct nf_conn *ct)
{
	if (ct && cmpxchg(&ph->child, NULL, ct))
		child_retire(ph, ct);
}

/* Its latest data flow, with a reference that the caller puts, or NULL. */
struct nf_conn *ctalg_pinhole_child(struct ctalg_pinhole *ph)
{
	struct nf_conn *child = xchg(&ph->child, NULL);

	if (child)
		nf_conntrack_get(&child->ct_general);
	child_put_back(ph, child);
	return child;
}

/*
 * A data flow that begins at the place that @ph leads to uses it as well: that place is taken as long as
 * it lives. Its bytes are told by the pinhole that it came through.
 */
void ctalg_pinhole_join(struct ctalg_pinhole *ph, struct nf_conn *ct)
{
	if (READ_ONCE(ph->state) != CTALG_PINHOLE_OPEN)
		return;
	WRITE_ONCE(ph->joined, true);
	child_set(ph, ct);
	xchg(&ph->state, CTALG_PINHOLE_USED);
}

/* A data flow begins. Softirq or process context, under RCU; no lock is held. */
void ctalg_pinhole_used(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	struct ctalg_net *cn = ctalg_net(nf_ct_net(ct));
	struct ctalg_pinhole *ph;

	ph = rhashtable_lookup_fast(&cn->pinholes, &exp, pinhole_params);
	if (ph) {
		WRITE_ONCE(ph->joined, false);
		child_set(ph, ct);
		/* OVS sets one data flow up twice before it is confirmed. What stays open tells of both. */
		if (xchg(&ph->state, CTALG_PINHOLE_USED) == CTALG_PINHOLE_OPEN ||
		    ph->at.permanent) {
			ctalg_count(ph->nh, ph->dir, CTALG_R_PINHOLE_USED);
			pinhole_tell(cn, CTALG_EVENT_KIND_PINHOLE_USED, ph, CTALG_R_PINHOLE_USED);
		}
	}
	if (ct->master->status & IPS_NAT_MASK)
		ctalg_pinhole_nat(cn, ph, ct, exp);
}

/* What ctnetlink calls a data flow's NAT setup. */
static struct nf_ct_helper_expectfn pinhole_expectfn = {
	.name = "ctalg-pinhole",
	.expectfn = ctalg_pinhole_used,
};

static struct ctalg_pinhole *pinhole_alloc(const struct ctalg_packet *p, struct ctalg_flow *f,
					   const struct ctalg_session *s,
					   const struct ctalg_opening *o)
{
	struct ctalg_pinhole *ph = kmem_cache_zalloc(pinhole_cache, GFP_ATOMIC);

	if (!ph)
		return NULL;
	ph->exp = ctalg_expect_alloc(p, o);
	if (!ph->exp) {
		kmem_cache_free(pinhole_cache, ph);
		return NULL;
	}
	ph->at = *o;
	/* Nobody would lead another port back to the right one, or no byte is to change. */
	if (!(p->ct->status & IPS_NAT_MASK) ||
	    (o->kind != CTALG_WANT_DATA && ctalg_addr_eq(&o->inside, &o->outside)))
		ph->at.fixed_port = true;
	ph->id = atomic64_inc_return(&p->cn->last_pinhole);
	ph->born = jiffies;
	ph->flow = f;
	ph->session = s->id;
	ph->key = s->key;
	ph->user = s->user;
	ph->request = s->request;
	ph->until = jiffies;
	INIT_LIST_HEAD(&ph->behind);
	INIT_LIST_HEAD(&ph->in_behind);
	INIT_LIST_HEAD(&ph->in_waiting);
	ph->dir = p->dir;
	ph->nh = p->nh;
	return ph;
}

/* Until here a packet may have found the pinhole, and set its data flow. */
static void pinhole_free_rcu(struct rcu_head *rcu)
{
	struct ctalg_pinhole *ph = container_of(rcu, struct ctalg_pinhole, rcu);

	if (ph->child)
		nf_ct_put(ph->child);
	kmem_cache_free(pinhole_cache, ph);
}

static unsigned int pinhole_admit(struct ctalg_net *cn, struct ctalg_flow *f)
{
	if (!ctalg_limit_allows(cn, CTALG_LIMIT_FLOW_PINHOLES, f->n_pinholes + 1))
		return CTALG_R_LIMIT_FLOW;
	if (!ctalg_limit_take(cn, CTALG_LIMIT_HOST_PINHOLES, &f->host->pinholes))
		return CTALG_R_LIMIT_HOST;
	if (ctalg_limit_take(cn, CTALG_LIMIT_PINHOLES, &cn->n_pinholes)) {
		ctalg_limit_mark(cn, CTALG_LIMIT_FLOW_PINHOLES, ++f->n_pinholes);
		return CTALG_R_NONE;
	}
	atomic_long_dec(&f->host->pinholes);
	return CTALG_R_LIMIT_NET;
}

static void pinhole_dismiss(struct ctalg_net *cn, struct ctalg_flow *f)
{
	atomic_long_dec(&cn->n_pinholes);
	atomic_long_dec(&f->host->pinholes);
	f->n_pinholes--;
}

static void pinhole_forget(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	ctalg_place_remove(cn, ph);
	rhashtable_remove_fast(&cn->pinholes, &ph->node, pinhole_params);
	pinhole_dismiss(cn, ph->flow);
	nf_ct_expect_put(ph->exp);
	call_rcu(&ph->rcu, pinhole_free_rcu);
}

static bool placed_is(const struct ctalg_pinhole *ph, const struct ctalg_opening *o)
{
	return ph->at.kind == o->kind && ph->at.l4 == o->l4 &&
	       ph->at.inside_port == o->inside_port && ctalg_addr_eq(&ph->at.inside, &o->inside) &&
	       ctalg_addr_eq(&ph->at.outside, &o->outside) && ctalg_pinhole_is_open(ph);
}

/* Of those that stay open for their session: the one that leads from and to the same places. */
struct ctalg_pinhole *ctalg_pinhole_placed(const struct ctalg_packet *p,
					   const struct ctalg_session *s,
					   const struct ctalg_opening *o)
{
	struct ctalg_pinhole *ph;
	struct ctalg_place place;

	ctalg_place_set(&place, &o->inside, o->inside_port, o->l4, nf_ct_zone(p->ct)->id);
	ph = ctalg_place_to(p->cn, &place, s->id);
	if (ph && ph->session == s->id && placed_is(ph, o))
		return ph;
	return ph ? ctalg_place_shared(p->cn, &place, s->id, o) : NULL;
}

/* A message that comes again finds the pinhole that it opened the first time. */
static struct ctalg_pinhole *pinhole_find(const struct ctalg_packet *p,
					  const struct ctalg_session *s,
					  const struct ctalg_opening *o)
{
	const struct list_head *list = o->permanent ? &s->standing : &s->waiting;
	struct ctalg_pinhole *ph;

	if (o->kind != CTALG_WANT_DATA)
		return ctalg_pinhole_placed(p, s, o);
	list_for_each_entry(ph, list, in_waiting)
		if ((o->permanent || READ_ONCE(ph->state) == CTALG_PINHOLE_OPEN) &&
		    ctalg_opening_same(&ph->at, o) && ctalg_pinhole_is_open(ph))
			return ph;
	return NULL;
}

/* What has been used need not be looked at for each message. */
static void session_prune(struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	list_for_each_entry_safe(ph, next, &s->waiting, in_waiting)
		if (READ_ONCE(ph->state) != CTALG_PINHOLE_OPEN)
			list_del_init(&ph->in_waiting);
}

/*
 * Makes room in the session: the oldest pinhole that nobody used goes, unless it is this
 * very message's.
 */
static unsigned int session_make_room(const struct ctalg_packet *p, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *oldest = NULL;
	unsigned int n = 0;

	list_for_each_entry(ph, &s->waiting, in_waiting) {
		if (!oldest && ph->request != s->request)
			oldest = ph;
		n++;
	}
	if (ctalg_limit_allows(p->cn, CTALG_LIMIT_SESSION_PINHOLES, n + 1)) {
		ctalg_limit_mark(p->cn, CTALG_LIMIT_SESSION_PINHOLES, n + 1);
		return CTALG_R_NONE;
	}
	if (!oldest)
		return CTALG_R_LIMIT_SESSION;
	ctalg_note(p, oldest->flow, CTALG_R_LIMIT_SESSION, NULL);
	ctalg_pinhole_close(p->cn, s, oldest, CTALG_R_PINHOLE_WITHDRAWN);
	return CTALG_R_NONE;
}

/* Insertion has given it the lifetime that the helper has everywhere. */
static void pinhole_set_lifetime(const struct ctalg_pinhole *ph)
{
	u32 lifetime = ph->at.permanent ? PINHOLE_STANDING_SECONDS : READ_ONCE(ph->nh->lifetime);

	if (lifetime == ph->flow->live->h->lifetime)
		return;
	spin_lock_bh(&nf_conntrack_expect_lock);
	ctalg_compat_expect_set_lifetime(ph->exp, lifetime);
	spin_unlock_bh(&nf_conntrack_expect_lock);
}

static void pinhole_opened(const struct ctalg_packet *p, struct ctalg_session *s,
			   struct ctalg_pinhole *ph)
{
	pinhole_set_lifetime(ph);
	list_add_tail(&ph->in_session, &s->pinholes);
	list_add_tail(&ph->in_waiting, ph->at.permanent ? &s->standing : &s->waiting);
	s->opened++;
	s->n_standing += ph->at.permanent;
	ctalg_net_changed(p->cn);
	ctalg_count(p->nh, p->dir, CTALG_R_PINHOLE_OPENED);
	pinhole_tell(p->cn, CTALG_EVENT_KIND_PINHOLE_OPEN, ph, CTALG_R_PINHOLE_OPENED);
}

/* From here on it can be found by its place. */
static bool pinhole_place(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	return list_empty(&ph->in_behind) ? ctalg_place_add(cn, ph) : ctalg_place_share(cn, ph);
}

/* Into our tables, before the kernel's: it may match the expectation as soon as it has it. */
static unsigned int pinhole_enter(const struct ctalg_packet *p, const struct ctalg_session *s,
				  struct ctalg_pinhole *ph)
{
	unsigned int reason;

	if (rhashtable_insert_fast(&p->cn->pinholes, &ph->node, pinhole_params))
		return CTALG_R_NO_MEMORY;
	reason = ctalg_pinhole_insert(p, s, ph);
	if (reason || ph->at.kind == CTALG_WANT_DATA || pinhole_place(p->cn, ph))
		return reason;
	list_del_init(&ph->in_behind);
	ctalg_pinhole_shut(ph);
	return CTALG_R_NO_MEMORY;
}

/**
 * ctalg_pinhole_open() - open a pinhole, or find the one that the same session already has
 * @p: the packet
 * @f: its flow, whose lock is held
 * @s: the session, of that flow
 * @o: what is to be opened; its outside port is set
 * @opened: receives the pinhole
 * @fresh: receives whether it has been opened by this call
 *
 * Return: CTALG_R_NONE or why not.
 */
unsigned int ctalg_pinhole_open(const struct ctalg_packet *p, struct ctalg_flow *f,
				struct ctalg_session *s, struct ctalg_opening *o,
				struct ctalg_pinhole **opened, bool *fresh)
{
	struct ctalg_pinhole *ph;
	unsigned int reason;

	*fresh = false;
	session_prune(s);
	ph = pinhole_find(p, s, o);
	if (ph) {
		ph->request = s->request;
		o->outside_port = ph->at.outside_port;
		ctalg_count(p->nh, p->dir, CTALG_R_PINHOLE_KEPT);
		*opened = ph;
		return CTALG_R_NONE;
	}
	if (o->known)
		return CTALG_R_LIMIT_SESSION;
	if (o->kind != CTALG_WANT_DATA)
		reason = s->n_standing < SESSION_STANDING ? CTALG_R_NONE : CTALG_R_LIMIT_SESSION;
	else
		reason = o->permanent ? CTALG_R_NONE : session_make_room(p, s);
	if (!reason)
		reason = pinhole_admit(p->cn, f);
	if (reason)
		return reason;
	ph = pinhole_alloc(p, f, s, o);
	if (!ph) {
		pinhole_dismiss(p->cn, f);
		return CTALG_R_NO_MEMORY;
	}
	reason = pinhole_enter(p, s, ph);
	if (reason) {
		pinhole_forget(p->cn, ph);
		return reason;
	}
	o->outside_port = ph->at.outside_port;
	*opened = ph;
	*fresh = true;
	pinhole_opened(p, s, ph);
	return CTALG_R_NONE;
}

/* The @n latest that stay open. */
static void standing_undo(struct ctalg_net *cn, struct ctalg_session *s, unsigned int n)
{
	while (n--)
		ctalg_pinhole_close(cn, s,
				    list_last_entry(&s->standing, struct ctalg_pinhole, in_waiting),
				    CTALG_R_PINHOLE_UNDONE);
}

/**
 * ctalg_range_open() - let the peer connect to any port of a range, as often as it likes
 * @p: the packet
 * @f: its flow, whose lock is held
 * @s: the session
 * @first: the first port, inside and outside
 * @last: the last
 * @like: the rest of what is to be opened
 *
 * All or nothing, of CTALG_RANGE_MOST ports at most.
 *
 * Return: CTALG_R_NONE or why not.
 */
unsigned int ctalg_range_open(const struct ctalg_packet *p, struct ctalg_flow *f,
			      struct ctalg_session *s, u16 first, u16 last,
			      const struct ctalg_opening *like)
{
	struct ctalg_opening o = *like;
	unsigned int reason, n = 0;
	struct ctalg_pinhole *ph;
	bool fresh;
	u32 port;

	if (last - first >= CTALG_RANGE_MOST)
		return CTALG_R_LIMIT_FLOW;
	o.permanent = true;
	for (port = first; port <= last; port++) {
		o.fixed_port = true;
		o.inside_port = port;
		o.outside_port = port;
		reason = ctalg_pinhole_open(p, f, s, &o, &ph, &fresh);
		if (reason) {
			standing_undo(p->cn, s, n);
			return reason;
		}
		n += fresh;
	}
	return CTALG_R_NONE;
}

void ctalg_pinhole_shut(struct ctalg_pinhole *ph)
{
	ctalg_pinhole_cover(ph, false);
	if (ph->shut)
		return;
	spin_lock_bh(&nf_conntrack_expect_lock);
	ctalg_compat_expect_unlink(ph->exp);
	ph->shut = !ctalg_compat_expect_linked(ph->exp);
	spin_unlock_bh(&nf_conntrack_expect_lock);
}

/*
 * The first of those that it has stood for takes its expectation over, and stands for the others:
 * nothing is shut meanwhile.
 */
static void pinhole_bequeath(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	struct ctalg_pinhole *heir;

	list_del_init(&ph->in_behind);
	if (list_empty(&ph->behind))
		return;
	heir = list_first_entry(&ph->behind, struct ctalg_pinhole, in_behind);
	list_del_init(&heir->in_behind);
	list_splice_init(&ph->behind, &heir->behind);
	rhashtable_remove_fast(&cn->pinholes, &ph->node, pinhole_params);
	rhashtable_remove_fast(&cn->pinholes, &heir->node, pinhole_params);
	swap(ph->exp, heir->exp);
	heir->shut = ph->shut;
	ph->shut = true;
	ctalg_pinhole_cover(heir, ph->covered);
	/* The tables do not grow by this. Should it fail for want of memory, uses are not counted. */
	rhashtable_insert_fast(&cn->pinholes, &ph->node, pinhole_params);
	rhashtable_insert_fast(&cn->pinholes, &heir->node, pinhole_params);
	ctalg_place_remove(cn, ph);
	ctalg_place_remove(cn, heir);
	ctalg_place_add(cn, heir);
}

/**
 * ctalg_pinhole_admit_only() - from now on another host may use a pinhole
 * @p: a packet of its flow, whose lock is held
 * @s: its session
 * @ph: the pinhole, which stays open
 * @from: the host
 *
 * Data flows that have begun go on. If its new place is taken the pinhole is shut; without memory it
 * stays as it is.
 */
void ctalg_pinhole_admit_only(const struct ctalg_packet *p, struct ctalg_session *s,
			      struct ctalg_pinhole *ph, const struct ctalg_addr *from)
{
	struct ctalg_opening o = ph->at;
	struct nf_conntrack_expect *exp, *old;
	int err;

	o.from = *from;
	o.from_len = 0;
	exp = ctalg_expect_alloc(p, &o);
	if (!exp) {
		ctalg_note(p, ph->flow, CTALG_R_NO_MEMORY, NULL);
		return;
	}
	exp->dir = ph->exp->dir;
	pinhole_bequeath(p->cn, ph);
	ctalg_pinhole_shut(ph);
	ctalg_place_remove(p->cn, ph);
	rhashtable_remove_fast(&p->cn->pinholes, &ph->node, pinhole_params);
	old = ph->exp;
	WRITE_ONCE(ph->exp, exp);
	nf_ct_expect_put(old);
	ph->at.from = *from;
	ph->at.from_len = 0;
	ph->shut = false;
	err = rhashtable_insert_fast(&p->cn->pinholes, &ph->node, pinhole_params);
	if (!err)
		err = ctalg_pinhole_insert_fixed(p, ph);
	if (!err && !pinhole_place(p->cn, ph))
		err = -ENOMEM;
	if (!err) {
		pinhole_set_lifetime(ph);
		return;
	}
	ctalg_pinhole_shut(ph);
	ph->shut = true;
	ctalg_note(p, ph->flow, CTALG_R_NO_PORT, NULL);
}

/* Its data flow, if it has one, ends now. */
void ctalg_pinhole_cut(struct ctalg_pinhole *ph)
{
	struct nf_conn *child = xchg(&ph->child, NULL);

	if (child_is_born(child))
		nf_ct_kill(child);
	child_put_back(ph, child);
}

/*
 * What each party of the control flow has sent in the data flows so far, or all in all.
 * Returns false if nobody counts.
 */
bool ctalg_pinhole_bytes(struct ctalg_pinhole *ph, u64 bytes[2])
{
	struct nf_conn *child = xchg(&ph->child, NULL);
	bool counted;

	bytes[0] = 0;
	bytes[1] = 0;
	counted = child_bytes(ph, child, bytes);
	child_put_back(ph, child);
	bytes[0] += atomic64_read(&ph->past[0]);
	bytes[1] += atomic64_read(&ph->past[1]);
	return counted || READ_ONCE(ph->counted);
}

/* Its data flow's bytes become the session's. */
static void pinhole_settle(struct ctalg_net *cn, struct ctalg_session *s, struct ctalg_pinhole *ph,
			   unsigned int reason)
{
	u64 bytes[2];
	bool counted = ctalg_pinhole_bytes(ph, bytes);
	const struct ctalg_event e = {
		.kind = CTALG_EVENT_KIND_PINHOLE_CLOSED,
		.live = ph->flow->live,
		.f = ph->flow,
		.dir = ph->dir,
		.reason = reason,
		.ph = ph,
		.bytes = counted ? bytes : NULL,
	};

	if (counted) {
		s->bytes[0] += bytes[0];
		s->bytes[1] += bytes[1];
		s->counted = true;
	}
	ctalg_event_send(cn, &e);
}

/* @reason: why, if nobody has used it. */
void ctalg_pinhole_close(struct ctalg_net *cn, struct ctalg_session *s, struct ctalg_pinhole *ph,
			 unsigned int reason)
{
	pinhole_bequeath(cn, ph);
	ctalg_pinhole_shut(ph);
	if (smp_load_acquire(&ph->state) != CTALG_PINHOLE_OPEN)
		reason = CTALG_R_PINHOLE_ENDED;
	ctalg_count(ph->nh, ph->dir, reason);
	pinhole_settle(cn, s, ph, reason);
	s->n_standing -= ph->at.permanent;
	list_del(&ph->in_session);
	list_del(&ph->in_waiting);
	pinhole_forget(cn, ph);
	ctalg_net_changed(cn);
}

/* As closing it; but one whose data flow goes on keeps its place until that has ended. */
void ctalg_pinhole_retire(struct ctalg_net *cn, struct ctalg_session *s, struct ctalg_pinhole *ph,
			  unsigned int reason)
{
	if (ph->at.kind != CTALG_WANT_MEDIA || !ctalg_pinhole_lives(ph)) {
		ctalg_pinhole_close(cn, s, ph, reason);
		return;
	}
	pinhole_bequeath(cn, ph);
	ctalg_pinhole_shut(ph);
}

enum child_state {
	CHILD_UNBORN,
	CHILD_LIVES,
	CHILD_DEAD,
};

static enum child_state child_state(const struct nf_conn *ct)
{
	if (!child_is_born(ct))
		return CHILD_UNBORN;
	return nf_ct_is_dying(ct) || nf_ct_is_expired(ct) ? CHILD_DEAD : CHILD_LIVES;
}

static enum child_state pinhole_child(struct ctalg_pinhole *ph)
{
	struct nf_conn *child = xchg(&ph->child, NULL);
	enum child_state state = child_state(child);

	child_put_back(ph, child);
	return state;
}

static bool pinhole_used_lately(const struct ctalg_pinhole *ph)
{
	return time_before_eq(jiffies, READ_ONCE(ph->used) + PINHOLE_UNBORN_SECONDS * HZ);
}

/* Has it a data flow? What stays open is used once and for all; its latest data flow counts. */
bool ctalg_pinhole_lives(struct ctalg_pinhole *ph)
{
	enum child_state child;

	if (smp_load_acquire(&ph->state) != CTALG_PINHOLE_USED)
		return false;
	if (!ph->at.permanent)
		return true;
	child = pinhole_child(ph);
	return child == CHILD_LIVES || (child == CHILD_UNBORN && pinhole_used_lately(ph));
}

/* It waits on, unless a packet has used it up meanwhile. */
static void pinhole_reopen(struct ctalg_session *s, struct ctalg_pinhole *ph)
{
	xchg(&ph->state, CTALG_PINHOLE_OPEN);
	if (!ctalg_pinhole_is_open(ph))
		xchg(&ph->state, CTALG_PINHOLE_USED);
	else
		list_move_tail(&ph->in_waiting, &s->waiting);
}

/*
 * OVS and act_ct match an expectation without consuming it, until they commit the
 * connection: then nobody else may use it. If they never do, it waits on.
 */
static bool used_pinhole_ended(struct ctalg_session *s, struct ctalg_pinhole *ph)
{
	unsigned long used = READ_ONCE(ph->used);
	enum child_state child = pinhole_child(ph);

	if (child == CHILD_LIVES) {
		ctalg_pinhole_shut(ph);
		return false;
	}
	if (ctalg_pinhole_is_open(ph)) {
		if (used == READ_ONCE(ph->used))
			pinhole_reopen(s, ph);
		return false;
	}
	/* Its first packet may be under way. */
	return child == CHILD_DEAD || !pinhole_used_lately(ph);
}

/* Another flow's has let its data flows in until now: has that gone? */
static void covered_insert(struct ctalg_pinhole *ph, struct nf_conn *ct)
{
	int err;

	if (!ct || nf_ct_is_dying(ct))
		return;
	ctalg_compat_expect_renew(ph->exp);
	err = nf_ct_expect_related(ph->exp, 0);
	ctalg_pinhole_cover(ph, err);
	if (!err)
		pinhole_set_lifetime(ph);
}

/* The kernel gives up what stays open, too, unless it is told again. */
static void standing_refresh(const struct ctalg_pinhole *ph)
{
	if (ctalg_compat_expect_seconds(ph->exp) < PINHOLE_STANDING_SECONDS / 2)
		pinhole_set_lifetime(ph);
}

/*
 * Somebody may have taken it out of the kernel's table. Until then it stays, once it is shut its data
 * flow decides.
 */
static unsigned int standing_ended(struct ctalg_session *s, struct ctalg_pinhole *ph)
{
	if (!ph->shut && ctalg_pinhole_is_open(ph)) {
		if (ctalg_pinhole_has_own(ph))
			standing_refresh(ph);
		return CTALG_R_NONE;
	}
	if (smp_load_acquire(&ph->state) != CTALG_PINHOLE_OPEN)
		return used_pinhole_ended(s, ph) ? CTALG_R_PINHOLE_ENDED : CTALG_R_NONE;
	return CTALG_R_PINHOLE_EXPIRED;
}

static bool covered_expired(const struct ctalg_pinhole *ph)
{
	return ph->covered && !ph->at.permanent &&
	       time_after(jiffies, ph->born + READ_ONCE(ph->nh->lifetime) * HZ);
}

/*
 * Why it has ended, or CTALG_R_NONE if it has not. @ct: its control flow's connection, with a
 * reference, or NULL.
 */
unsigned int ctalg_pinhole_ended(struct ctalg_session *s, struct ctalg_pinhole *ph,
				 struct nf_conn *ct)
{
	bool gone = ph->gone;

	if (covered_expired(ph) ||
	    (ph->at.kind == CTALG_WANT_PATH && time_after(jiffies, ph->until)))
		return CTALG_R_PINHOLE_EXPIRED;
	if (ph->covered)
		covered_insert(ph, ct);
	if (ph->at.permanent)
		return standing_ended(s, ph);
	if (smp_load_acquire(&ph->state) != CTALG_PINHOLE_OPEN)
		return used_pinhole_ended(s, ph) ? CTALG_R_PINHOLE_ENDED : CTALG_R_NONE;
	/* The kernel takes it away before it says that it is used: the next look tells. */
	ph->gone = !ctalg_pinhole_is_open(ph);
	return gone && ph->gone ? CTALG_R_PINHOLE_EXPIRED : CTALG_R_NONE;
}

int ctalg_pinholes_setup(struct ctalg_net *cn)
{
	int err = rhashtable_init(&cn->pinholes, &pinhole_params);

	if (err)
		return err;
	err = ctalg_places_setup(cn);
	if (err)
		rhashtable_destroy(&cn->pinholes);
	return err;
}

void ctalg_pinholes_clean(struct ctalg_net *cn)
{
	ctalg_places_clean(cn);
	rhashtable_destroy(&cn->pinholes);
}

/* By the name of ctalg_pinhole_used() others may ask for it too, as long as there are namespaces. */
void ctalg_pinholes_begin(void)
{
	nf_ct_helper_expectfn_register(&pinhole_expectfn);
}

void ctalg_pinholes_end(void)
{
	ctalg_compat_expectfn_unregister(&pinhole_expectfn);
}

int ctalg_pinhole_init(void)
{
	pinhole_cache = KMEM_CACHE(ctalg_pinhole, SLAB_NO_MERGE);
	return pinhole_cache ? 0 : -ENOMEM;
}

void ctalg_pinhole_fini(void)
{
	kmem_cache_destroy(pinhole_cache);
}
