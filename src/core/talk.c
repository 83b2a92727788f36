// SPDX-License-Identifier: GPL-2.0
/*
 * What messages do to the calls and bindings that they belong to. The flow's lock is held, but for
 * ctalg_talk_spread().
 */
#include <ctalg.h>

#include "core.h"

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

/* Has another flow a part in the session? */
struct look {
	const struct ctalg_session *mine;
	bool shared;
};

static void part_look(struct ctalg_net *cn, struct ctalg_session *s, void *ctx)
{
	struct look *l = ctx;

	l->shared |= s != l->mine;
}

static bool talk_is_shared(struct ctalg_net *cn, u64 key, const struct ctalg_session *s)
{
	struct look l = { .mine = s };

	ctalg_sessions_each(cn, key, part_look, &l);
	return l.shared;
}

static void talk_news(struct ctalg_message_ctx *mc, u64 key, const struct ctalg_session *s,
		      const struct ctalg_talk *talk)
{
	struct ctalg_news_list *list = mc->p->news;

	if (list->n >= CTALG_NEWS_MAX || !talk_is_shared(mc->p->cn, key, s))
		return;
	list->f = mc->f;
	list->news[list->n].key = key;
	list->news[list->n++].talk = *talk;
}

static void call_hears(struct ctalg_session *s, const struct ctalg_talk *talk,
		       struct ctalg_call_act *act)
{
	ctalg_call_message(&s->call, talk, act);
	if (s->over && act->opens) {
		s->over = false;
		s->flow->n_keyed++;
	}
	if (s->over)
		return;
	ctalg_session_hold(s, true);
	s->latest = jiffies;
	if (act->seconds != CTALG_NO_SECONDS)
		s->seconds = act->seconds;
}

static u32 binding_age(const struct ctalg_session *s)
{
	return (jiffies - s->latest) / HZ;
}

static void binding_hears(struct ctalg_session *s, const struct ctalg_talk *talk)
{
	if (s->over) {
		s->over = false;
		s->flow->n_keyed++;
	}
	if (ctalg_binding_hears(talk, &s->call.number, &s->seconds, binding_age(s)))
		s->latest = jiffies;
}

/* Of each line: the latest place that somebody else has named for its media, and that the sender has. */
static void lines_find(struct ctalg_talker *t)
{
	struct ctalg_lines *lines = &t->mc->scratch->lines;
	struct ctalg_pinhole *ph, **at;

	list_for_each_entry(ph, &t->s->standing, in_waiting) {
		if (!ctalg_media_is_lines(&ph->at) || ph->at.line >= lines->n)
			continue;
		at = &lines->theirs[ph->at.line];
		if (ctalg_media_is_others(&ph->named, &t->act) &&
		    (!*at || ph->named.latest >= (*at)->named.latest))
			*at = ph;
	}
}

/**
 * ctalg_talk_begin() - a message may belong to a session that outlasts it
 * @t: receives the session, if there is one; its @mc is set, and what it hides or knows
 * @m: the message
 * @r: what it says
 * @v: the flow, seen from its sender
 *
 * Return: CTALG_R_NONE, or why it should have one and has none.
 */
unsigned int ctalg_talk_begin(struct ctalg_talker *t, const struct ctalg_message *m,
			      const struct ctalg_report *r, const struct ctalg_view *v)
{
	const struct ctalg_packet *p = t->mc->p;
	const u8 *name = m->data + r->talk.key.off;
	unsigned int reason;
	u64 key;

	t->s = NULL;
	memset(&t->act, 0, sizeof(t->act));
	if (!r->talk.kind || !span_in(r->talk.key, m))
		return CTALG_R_NONE;
	key = ctalg_talk_key(t, m, r, v);
	t->s = ctalg_session_find(p->cn, t->mc->f, key);
	talk_news(t->mc, key, t->s, &r->talk);
	if (!t->s && ctalg_talk_begins(&r->talk)) {
		t->s = ctalg_session_begin(p->cn, t->mc->f, r->talk.kind, key, name,
					   r->talk.key.len, &reason);
		if (!t->s)
			return reason;
	}
	if (!t->s)
		return CTALG_R_NONE;
	t->s->request++;
	if (r->talk.kind == CTALG_TALK_CALL)
		call_hears(t->s, &r->talk, &t->act);
	else
		binding_hears(t->s, &r->talk);
	if (t->act.opens)
		lines_find(t);
	return CTALG_R_NONE;
}

/* The place is known already, and nothing may be opened. */
static unsigned int place_known(const struct ctalg_packet *p, const struct ctalg_session *s,
				struct ctalg_opening *o)
{
	const struct ctalg_pinhole *ph;
	struct ctalg_place place;

	ctalg_place_set(&place, &o->inside, o->inside_port, o->l4, nf_ct_zone(p->ct)->id);
	ph = ctalg_place_to(p->cn, &place, s ? s->id : 0);
	if (!ph)
		return CTALG_R_LATE;
	o->outside = ph->at.outside;
	o->outside_port = ph->at.outside_port;
	return CTALG_R_NONE;
}

/*
 * Media comes from where the other party says that its own goes to, as soon as that is known, unless
 * policy says who may.
 */
static void media_from(const struct ctalg_talker *t, const struct ctalg_view *v,
		       struct ctalg_opening *o)
{
	const struct ctalg_lines *lines = &t->mc->scratch->lines;

	if (o->line < lines->n && lines->theirs[o->line])
		ctalg_media_from(o, v, &lines->theirs[o->line]->at);
}

static unsigned int media_open(struct ctalg_talker *t, struct ctalg_session *s,
			       struct ctalg_opening *o, const struct ctalg_view *v)
{
	const struct ctalg_packet *p = t->mc->p;
	struct ctalg_pinhole *ph[2] = {};
	unsigned int reason;
	bool fresh;

	if (!t->act.opens)
		return place_known(p, s, o);
	media_from(t, v, o);
	if (o->flags & CTALG_WANT_PAIR)
		reason = ctalg_pair_open(p, t->mc->f, s, o, ph);
	else
		reason = ctalg_pinhole_open(p, t->mc->f, s, o, &ph[0], &fresh);
	if (reason)
		return reason;
	ctalg_media_named(&ph[0]->named, &t->act);
	ph[0]->at.line = o->line;
	if (o->line < t->mc->scratch->lines.n && ctalg_media_is_lines(o))
		t->mc->scratch->lines.mine[o->line] = ph[0];
	if (ph[1]) {
		ctalg_media_named(&ph[1]->named, &t->act);
		ph[1]->at.line = o->line;
	}
	return CTALG_R_NONE;
}

static void path_until(struct ctalg_session *s, struct ctalg_pinhole *ph, u32 seconds)
{
	seconds = ctalg_path_lasts(seconds);
	ph->until = jiffies + seconds * HZ;
	if (s->kind == CTALG_TALK_BINDING)
		s->seconds = max(s->seconds, seconds);
}

/* The registrar says how long a place stays. */
static unsigned int path_renew(struct ctalg_talker *t, struct ctalg_session *s,
			       struct ctalg_opening *o)
{
	struct ctalg_pinhole *ph = ctalg_pinhole_placed(t->mc->p, s, o);

	if (!ph)
		return CTALG_R_NONE;
	o->seconds = ctalg_path_granted(o->seconds, ph->asked);
	if (!o->seconds)
		return CTALG_R_NONE;
	ph->named.latest = s->request;
	path_until(s, ph, o->seconds);
	ctalg_session_hold(s, true);
	return CTALG_R_NONE;
}

static unsigned int path_open(struct ctalg_talker *t, struct ctalg_session *s,
			      struct ctalg_opening *o)
{
	u32 seconds = ctalg_path_asked(s->kind);
	struct ctalg_pinhole *ph;
	unsigned int reason;
	bool fresh;

	if (o->flags & CTALG_WANT_RENEWS)
		return path_renew(t, s, o);
	/* It is being given up; what it is called must be known nevertheless. */
	if (!o->seconds)
		return place_known(t->mc->p, s, o);
	reason = ctalg_pinhole_open(t->mc->p, t->mc->f, s, o, &ph, &fresh);
	if (reason)
		return reason;
	ph->named.latest = s->request;
	ph->asked = o->seconds == CTALG_NO_SECONDS ? 0 : o->seconds;
	if (fresh || time_before(ph->until, jiffies + seconds * HZ))
		path_until(s, ph, seconds);
	return CTALG_R_NONE;
}

/**
 * ctalg_talk_open() - open what a message names for its session, or find it
 * @t: the message
 * @s: its session
 * @o: what it names, of kind MEDIA or PATH; its outside port is set
 * @v: the flow, seen from the message's sender
 *
 * Return: CTALG_R_NONE or why not.
 */
unsigned int ctalg_talk_open(struct ctalg_talker *t, struct ctalg_session *s,
			     struct ctalg_opening *o, const struct ctalg_view *v)
{
	return o->kind == CTALG_WANT_MEDIA ? media_open(t, s, o, v) : path_open(t, s, o);
}

/* From now on this party's media is where the others' comes from. */
static void media_point(const struct ctalg_talker *t)
{
	const struct ctalg_lines *lines = &t->mc->scratch->lines;
	const struct ctalg_pinhole *mine;
	struct ctalg_pinhole *ph;

	list_for_each_entry(ph, &t->s->standing, in_waiting) {
		if (ph->shut || ph->flow != t->mc->f || ph->at.line >= lines->n)
			continue;
		mine = lines->mine[ph->at.line];
		if (mine && ctalg_media_may_turn(&ph->at, &ph->named, &t->act, &mine->at))
			ctalg_pinhole_admit_only(t->mc->p, t->s, ph, &mine->at.inside);
	}
}

/* What a message means for a call's pinholes. @lines: with the flags of what it describes, or NULL. */
static void call_act(struct ctalg_net *cn, struct ctalg_session *s,
		     const struct ctalg_call_act *act, const struct ctalg_lines *lines)
{
	const u8 *flags = lines ? lines->flags : NULL;
	u16 n = lines ? lines->n : 0;
	struct ctalg_pinhole *ph, *next;

	if (act->over) {
		ctalg_session_finish(cn, s);
		return;
	}
	if (!ctalg_media_any_ends(act))
		return;
	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		if (ctalg_media_ends(&ph->at, &ph->named, act, flags, n))
			ctalg_pinhole_retire(cn, s, ph, CTALG_R_PINHOLE_WITHDRAWN);
}

/* The registrar has told all places where the user can be reached. */
static void binding_told(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		if (ph->at.kind == CTALG_WANT_PATH && ph->named.latest != s->request)
			ctalg_pinhole_close(cn, s, ph, CTALG_R_PINHOLE_WITHDRAWN);
	if (list_empty(&s->pinholes))
		ctalg_session_finish(cn, s);
}

/**
 * ctalg_talk_end() - a message has been planned
 * @t: the message
 * @r: what it says
 */
void ctalg_talk_end(struct ctalg_talker *t, const struct ctalg_report *r)
{
	struct ctalg_net *cn = t->mc->p->cn;
	struct ctalg_session *s = t->s;

	if (!s)
		return;
	if (s->kind == CTALG_TALK_CALL) {
		if (t->act.opens)
			media_point(t);
		ctalg_media_flags(t->mc->scratch->lines.flags, t->mc->scratch->lines.n, r);
		call_act(cn, s, &t->act, &t->mc->scratch->lines);
	} else if (ctalg_binding_told(&r->talk, s->call.number)) {
		binding_told(cn, s);
	}
}

static void flow_ends(const struct ctalg_flow *f, struct ctalg_ends *e)
{
	u16 l3num = f->tuple.src.l3num;

	ctalg_addr_of(&e->self, &f->tuple.src.u3, l3num);
	ctalg_addr_of(&e->self_out, &f->reply.dst.u3, l3num);
	ctalg_addr_of(&e->peer, &f->reply.src.u3, l3num);
	ctalg_addr_of(&e->peer_out, &f->tuple.dst.u3, l3num);
}

/* May one flow tell another about a session that both name? */
bool ctalg_flows_are_related(const struct ctalg_flow *a, const struct ctalg_flow *b)
{
	struct ctalg_ends x, y;

	if (a->live != b->live || a->tuple.src.l3num != b->tuple.src.l3num ||
	    a->zone.id != b->zone.id)
		return false;
	flow_ends(a, &x);
	flow_ends(b, &y);
	return ctalg_ends_related(&x, &y);
}

struct hearing {
	const struct ctalg_flow *from;
	const struct ctalg_talk *talk;
};

static void part_hears(struct ctalg_net *cn, struct ctalg_session *s, void *ctx)
{
	const struct hearing *h = ctx;
	struct ctalg_flow *f = s->flow;
	struct ctalg_call_act act;

	if (f == h->from || s->kind != CTALG_TALK_CALL || !ctalg_flows_are_related(f, h->from))
		return;
	spin_lock_bh(&f->lock);
	if (!s->over) {
		memset(&act, 0, sizeof(act));
		call_hears(s, h->talk, &act);
		/* What the message describes is opened where it came by. */
		act.settles = false;
		call_act(cn, s, &act, NULL);
	}
	spin_unlock_bh(&f->lock);
}

/**
 * ctalg_talk_spread() - tell other flows of the same sessions what messages have said
 * @cn: the namespace
 * @list: what they have said; no flow's lock is held
 *
 * Context: under RCU.
 */
void ctalg_talk_spread(struct ctalg_net *cn, const struct ctalg_news_list *list)
{
	u8 i;

	for (i = 0; i < list->n; i++) {
		struct hearing h = { .from = list->f, .talk = &list->news[i].talk };

		ctalg_sessions_each(cn, list->news[i].key, part_hears, &h);
	}
}
