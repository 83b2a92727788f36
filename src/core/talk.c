// SPDX-License-Identifier: GPL-2.0
/*
 * What messages do to the calls and bindings that they belong to. The flow's lock is held, but for
 * ctalg_talk_spread().
 */
#include <ctalg.h>

#include "core.h"

enum {
	/* So long a place that has been announced waits for the answer that says how long it stays. */
	TALK_PENDING_SECONDS = 64,
	/* And so long it stays open beyond that. */
	TALK_GRACE_SECONDS = 1,
	/* One that lasts as long as its call. */
	TALK_DAY_SECONDS = 24 * 3600,
};

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

/* A response to something that was not seen begins nothing, but for media in it. */
static bool talk_begins(const struct ctalg_talk *t)
{
	if (t->kind == CTALG_TALK_BINDING)
		return !t->status;
	return t->describes || (!t->status && t->method == CTALG_METHOD_INVITE);
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

static bool talk_grants(const struct ctalg_talk *t)
{
	return t->status >= 200 && t->status < 300;
}

static void binding_hears(struct ctalg_session *s, const struct ctalg_talk *talk)
{
	if (s->over) {
		s->over = false;
		s->flow->n_keyed++;
	}
	if (!talk->status) {
		s->call.number = talk->number;
		s->seconds = max_t(u32, s->seconds - min(s->seconds, binding_age(s)),
				   TALK_PENDING_SECONDS);
		s->latest = jiffies;
	} else if (talk_grants(talk) && talk->number == s->call.number) {
		/* Counted anew, from what the answer says. */
		s->seconds = 0;
		s->latest = jiffies;
	}
}

/* Of each line: the latest place that somebody else has named for its media, and that the sender has. */
static void lines_find(struct ctalg_talker *t)
{
	struct ctalg_lines *lines = &t->mc->scratch->lines;
	struct ctalg_pinhole *ph, **at;

	list_for_each_entry(ph, &t->s->standing, in_waiting) {
		if (ph->at.kind != CTALG_WANT_MEDIA || ph->at.line >= lines->n ||
		    (ph->at.flags & (CTALG_WANT_CANDIDATE | CTALG_WANT_RTCP)))
			continue;
		at = &lines->theirs[ph->at.line];
		if (ph->party != t->act.party && (!t->act.other || ph->party == t->act.other) &&
		    (!*at || ph->latest >= (*at)->latest))
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
	if (!t->s && talk_begins(&r->talk)) {
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

static void media_named(const struct ctalg_call_act *act, const struct ctalg_opening *o,
			struct ctalg_pinhole *ph)
{
	if (!ph->first)
		ph->first = act->round;
	ph->party = act->party;
	ph->latest = max(ph->latest, act->round);
	ph->at.line = o->line;
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

	if (o->from_len || !ctalg_addr_eq(&o->from, &v->peer) || o->line >= lines->n ||
	    !lines->theirs[o->line])
		return;
	o->from = lines->theirs[o->line]->at.inside;
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
	media_named(&t->act, o, ph[0]);
	if (o->line < t->mc->scratch->lines.n &&
	    !(o->flags & (CTALG_WANT_CANDIDATE | CTALG_WANT_RTCP)))
		t->mc->scratch->lines.mine[o->line] = ph[0];
	if (ph[1])
		media_named(&t->act, o, ph[1]);
	return CTALG_R_NONE;
}

static void path_until(struct ctalg_session *s, struct ctalg_pinhole *ph, u32 seconds)
{
	seconds = min_t(u32, seconds, 7 * TALK_DAY_SECONDS) + TALK_GRACE_SECONDS;
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
	if (o->seconds == CTALG_NO_SECONDS)
		o->seconds = ph->asked;
	if (!o->seconds)
		return CTALG_R_NONE;
	ph->latest = s->request;
	path_until(s, ph, o->seconds);
	ctalg_session_hold(s, true);
	return CTALG_R_NONE;
}

static u32 path_seconds(const struct ctalg_session *s)
{
	if (s->kind == CTALG_TALK_CALL)
		return TALK_DAY_SECONDS;
	return TALK_PENDING_SECONDS;
}

static unsigned int path_open(struct ctalg_talker *t, struct ctalg_session *s,
			      struct ctalg_opening *o)
{
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
	ph->latest = s->request;
	ph->asked = o->seconds == CTALG_NO_SECONDS ? 0 : o->seconds;
	if (fresh || time_before(ph->until, jiffies + path_seconds(s) * HZ))
		path_until(s, ph, path_seconds(s));
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
		if (ph->at.kind != CTALG_WANT_MEDIA || ph->party == t->act.party ||
		    (t->act.other && ph->party != t->act.other) || ph->at.from_len ||
		    ph->at.from.family == CTALG_AF_NONE || ph->shut || ph->flow != t->mc->f ||
		    ph->at.line >= lines->n)
			continue;
		mine = lines->mine[ph->at.line];
		if (mine && !ctalg_addr_eq(&mine->at.inside, &ph->at.from))
			ctalg_pinhole_admit_only(t->mc->p, t->s, ph, &mine->at.inside);
	}
}

/* Which lines does the message refuse, and where does it need no RTCP of its own? */
static void lines_flags(struct ctalg_lines *lines, const struct ctalg_report *r)
{
	const struct ctalg_want *w;
	u16 i;

	for (i = 0; i < r->n_wants; i++) {
		w = &r->want[i];
		if (w->kind == CTALG_WANT_MEDIA && w->line < lines->n)
			lines->flags[w->line] |= w->flags;
	}
}

static bool media_is_settled(const struct ctalg_pinhole *ph, const struct ctalg_call_act *act,
			     const struct ctalg_lines *lines)
{
	u8 flags;

	if (ph->party != act->party && ph->party != act->other)
		return false;
	if (ph->latest < act->round)
		return true;
	if (!lines || ph->at.line >= lines->n)
		return false;
	flags = lines->flags[ph->at.line];
	return (flags & CTALG_WANT_CLOSED) ||
	       ((flags & CTALG_WANT_MUX) && (ph->at.flags & CTALG_WANT_RTCP));
}

static bool media_is_over(const struct ctalg_pinhole *ph, const struct ctalg_call_act *act,
			  const struct ctalg_lines *lines)
{
	if (act->reverts && ph->first == act->round)
		return true;
	if (act->alone && ph->party != act->party && ph->party != act->other)
		return true;
	if (ph->party && (ph->party == act->gone[0] || ph->party == act->gone[1]))
		return true;
	return act->settles && media_is_settled(ph, act, lines);
}

/* What a message means for a call's pinholes. @lines: with the flags of what it describes, or NULL. */
static void call_act(struct ctalg_net *cn, struct ctalg_session *s,
		     const struct ctalg_call_act *act, const struct ctalg_lines *lines)
{
	struct ctalg_pinhole *ph, *next;

	if (act->over) {
		ctalg_session_finish(cn, s);
		return;
	}
	if (!act->reverts && !act->alone && !act->settles && !act->gone[0] && !act->gone[1])
		return;
	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		if (ph->at.kind == CTALG_WANT_MEDIA && media_is_over(ph, act, lines))
			ctalg_pinhole_retire(cn, s, ph, CTALG_R_PINHOLE_WITHDRAWN);
}

/* The registrar has told all places where the user can be reached. */
static void binding_told(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		if (ph->at.kind == CTALG_WANT_PATH && ph->latest != s->request)
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
		lines_flags(&t->mc->scratch->lines, r);
		call_act(cn, s, &t->act, &t->mc->scratch->lines);
	} else if (talk_grants(&r->talk) && r->talk.number == s->call.number) {
		binding_told(cn, s);
	}
}

/* The end of a flow that NAT shows to be inside, or NULL. */
static const union nf_inet_addr *flow_inside(const struct ctalg_flow *f)
{
	bool snat = !nf_inet_addr_cmp(&f->tuple.src.u3, &f->reply.dst.u3);
	bool dnat = !nf_inet_addr_cmp(&f->tuple.dst.u3, &f->reply.src.u3);

	if (snat == dnat)
		return NULL;
	return snat ? &f->tuple.src.u3 : &f->reply.src.u3;
}

static bool flow_is_between(const struct ctalg_flow *f, const union nf_inet_addr *a,
			    const union nf_inet_addr *b)
{
	return nf_inet_addr_cmp(&f->tuple.src.u3, a) && nf_inet_addr_cmp(&f->reply.src.u3, b);
}

/*
 * May one flow tell another about a session that both name? If they are of the same host inside,
 * or between the same two hosts.
 */
bool ctalg_flows_are_related(const struct ctalg_flow *a, const struct ctalg_flow *b)
{
	const union nf_inet_addr *x = flow_inside(a), *y = flow_inside(b);

	if (a->live != b->live || a->tuple.src.l3num != b->tuple.src.l3num ||
	    a->zone.id != b->zone.id)
		return false;
	if (x && y)
		return nf_inet_addr_cmp(x, y);
	return flow_is_between(b, &a->tuple.src.u3, &a->reply.src.u3) ||
	       flow_is_between(b, &a->reply.src.u3, &a->tuple.src.u3);
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
