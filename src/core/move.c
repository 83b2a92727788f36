// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions whose flow has ended while another flow carries them too: what stays open for them moves
 * there. The kernel has removed the expectations with their connection. Reaper, under RCU.
 */
#include <linux/slab.h>

#include <ctalg.h>

#include "core.h"

/**
 * struct moved - one of its pinholes
 * @at: what was opened
 * @named: by whom, and when
 * @until: jiffies when it closes
 * @asked: for how many seconds it was asked for
 * @dir: enum ctalg_dir of the message that opened it
 * @child: its latest data flow, with a reference, or NULL
 */
struct moved {
	struct ctalg_opening at;
	struct ctalg_named named;
	unsigned long until;
	u32 asked;
	u8 dir;
	struct nf_conn *child;
};

/**
 * struct move - a session on its way
 * @from: the flow that has ended
 * @to: one that carries it, or NULL
 * @key: the session
 * @kind: enum ctalg_talk_kind
 * @after: sessions up to this number have been looked at
 * @n: how many there are of
 * @ph: its pinholes, or NULL
 */
struct move {
	struct ctalg_flow *from;
	struct ctalg_flow *to;
	u64 key;
	u8 kind;
	u64 after;
	unsigned int n;
	struct moved *ph;
};

static void move_look(struct ctalg_net *cn, struct ctalg_session *s, void *ctx)
{
	struct move *mv = ctx;

	if (!mv->to && s->flow != mv->from && !READ_ONCE(s->over) && !READ_ONCE(s->flow->dead) &&
	    ctalg_flows_are_related(s->flow, mv->from))
		mv->to = s->flow;
}

static void move_lost(struct ctalg_net *cn, const struct ctalg_flow *f)
{
	struct ctalg_net_helper *nh = rcu_dereference(cn->helper[f->live->slot]);

	if (nh)
		ctalg_count(nh, CTALG_DIR_ORIG, CTALG_R_NO_MEMORY);
}

/* What the session has is taken down, and it ends here. */
static void move_take(struct ctalg_net *cn, struct move *mv, struct ctalg_session *s)
{
	unsigned int most = s->n_standing;
	struct ctalg_pinhole *ph;

	mv->n = 0;
	mv->ph = kmalloc_array(most, sizeof(*mv->ph), GFP_ATOMIC | __GFP_NOWARN);
	if (!mv->ph) {
		most = 0;
		move_lost(cn, mv->from);
	}
	list_for_each_entry(ph, &s->standing, in_waiting)
		if (mv->n < most && ph->at.kind != CTALG_WANT_DATA)
			mv->ph[mv->n++] = (struct moved){
				.at = ph->at,
				.named = ph->named,
				.until = ph->until,
				.asked = ph->asked,
				.dir = ph->dir,
				.child = ctalg_pinhole_child(ph),
			};
	ctalg_session_end(cn, s);
}

/* Which end of the new flow is the one that named the pinhole on the old one? */
static u8 move_dir(const struct move *mv, u8 dir)
{
	const union nf_inet_addr *ends[2] = { &mv->from->tuple.src.u3, &mv->from->reply.src.u3 };
	const struct ctalg_flow *to = mv->to;

	if (nf_inet_addr_cmp(ends[dir], &to->tuple.src.u3))
		return CTALG_DIR_ORIG;
	if (nf_inet_addr_cmp(ends[dir], &to->reply.src.u3))
		return CTALG_DIR_REPLY;
	return nf_inet_addr_cmp(ends[!dir], &to->tuple.src.u3) ? CTALG_DIR_REPLY : CTALG_DIR_ORIG;
}

static void move_open(struct ctalg_packet *p, const struct move *mv, struct ctalg_session *s,
		      const struct moved *old)
{
	struct ctalg_opening o = old->at;
	struct ctalg_pinhole *ph;
	bool fresh;

	p->dir = move_dir(mv, old->dir);
	p->ctinfo = p->dir == CTALG_DIR_ORIG ? IP_CT_ESTABLISHED : IP_CT_ESTABLISHED_REPLY;
	o.fixed_port = true;
	if (ctalg_pinhole_open(p, mv->to, s, &o, &ph, &fresh))
		return;
	if (old->child)
		ctalg_pinhole_join(ph, old->child);
	if (!fresh)
		return;
	ph->named = old->named;
	ph->until = old->until;
	ph->asked = old->asked;
}

static void move_free(struct move *mv)
{
	while (mv->n)
		if (mv->ph[--mv->n].child)
			nf_ct_put(mv->ph[mv->n].child);
	kfree(mv->ph);
	mv->ph = NULL;
}

static void move_give(struct ctalg_net *cn, const struct move *mv)
{
	struct ctalg_packet p = {
		.cn = cn,
		.nh = rcu_dereference(cn->helper[mv->to->live->slot]),
		.live = mv->to->live,
	};
	struct ctalg_session *s;
	unsigned int i;
	bool unborn;

	p.ct = ctalg_flow_ct_get(cn, mv->to, &unborn);
	if (!p.ct)
		return;
	spin_lock_bh(&mv->to->lock);
	s = mv->to->dead ? NULL : ctalg_session_find(cn, mv->to, mv->key);
	for (i = 0; s && p.nh && !s->over && i < mv->n; i++)
		move_open(&p, mv, s, &mv->ph[i]);
	spin_unlock_bh(&mv->to->lock);
	nf_ct_put(p.ct);
}

/* The next session of the flow that another one carries, too; it has ended here. */
static bool move_next(struct ctalg_net *cn, struct move *mv)
{
	struct ctalg_session *s;

	mv->to = NULL;
	spin_lock_bh(&mv->from->lock);
	list_for_each_entry(s, &mv->from->sessions, node) {
		if (!s->key || s->over || s->id <= mv->after)
			continue;
		mv->after = s->id;
		mv->key = s->key;
		mv->kind = s->kind;
		ctalg_sessions_each(cn, s->key, move_look, mv);
		if (!mv->to)
			continue;
		move_take(cn, mv, s);
		break;
	}
	spin_unlock_bh(&mv->from->lock);
	return mv->to;
}

/**
 * ctalg_sessions_move() - a flow is about to end, without its connection
 * @cn: the namespace
 * @f: the flow; no lock is held
 */
void ctalg_sessions_move(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct move *mv;

	if (!READ_ONCE(f->n_keyed))
		return;
	mv = kzalloc(sizeof(*mv), GFP_ATOMIC | __GFP_NOWARN);
	if (!mv)
		return;
	mv->from = f;
	while (move_next(cn, mv)) {
		move_give(cn, mv);
		move_free(mv);
	}
	kfree(mv);
}
