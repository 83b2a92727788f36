// SPDX-License-Identifier: GPL-2.0
/* Calls and bindings of a capture, by the rules of src/core/session.c and move.c. */
#include <stdlib.h>

#include "explain_pinhole.h"
#include "tool.h"

static struct session_bucket *bucket_of(const struct explain *e, const struct session_key *key)
{
	return (struct session_bucket *)&e->by_key[key->half[0] % EXPLAIN_SESSION_BUCKETS];
}

static bool key_eq(const struct session_key *a, const struct session_key *b)
{
	return a->half[0] == b->half[0] && a->half[1] == b->half[1];
}

struct explain_session *session_find(const struct explain *e, const struct explain_flow *f,
				     const struct session_key *key)
{
	struct explain_session *s;

	LIST_FOREACH(s, bucket_of(e, key), in_bucket)
	if (s->flow == f && key_eq(&s->key, key))
		return s;
	return NULL;
}

bool session_is_shared(const struct explain *e, const struct explain_flow *f,
		       const struct session_key *key)
{
	struct explain_session *s;

	LIST_FOREACH(s, bucket_of(e, key), in_bucket)
	if (s->flow != f && key_eq(&s->key, key))
		return true;
	return false;
}

static bool has_room(const struct explain *e, const struct session_key *key)
{
	struct explain_session *s;
	unsigned int n = 0;

	LIST_FOREACH(s, bucket_of(e, key), in_bucket)
	n += key_eq(&s->key, key);
	return n < EXPLAIN_SESSION_PARTS && e->n_sessions < EXPLAIN_SESSIONS;
}

/* One call that comes over another flow as well is the same. */
static u64 number_of(struct explain *e, const struct session_key *key)
{
	struct explain_session *s;

	LIST_FOREACH(s, bucket_of(e, key), in_bucket)
	if (key_eq(&s->key, key))
		return s->number;
	return ++e->last_session;
}

struct explain_session *session_begin(struct explain *e, struct explain_flow *f, u8 kind,
				      const struct session_key *key, const u8 *text, u32 len)
{
	struct explain_session *s;

	if (!has_room(e, key))
		return NULL;
	s = need(calloc(1, sizeof(*s)));
	pinhole_begins(s, f);
	s->number = number_of(e, key);
	s->key = *key;
	s->kind = kind;
	s->shown_len = (u8)min(len, (u32)EXPLAIN_KEY);
	memcpy(s->shown, text, s->shown_len);
	s->latest = e->now;
	s->seconds = CTALG_TALK_BEGINS;
	LIST_INSERT_HEAD(bucket_of(e, key), s, in_bucket);
	TAILQ_INSERT_TAIL(&f->sessions, s, in_flow);
	TAILQ_INSERT_TAIL(&e->sessions, s, node);
	e->n_sessions++;
	return s;
}

static s64 ends_at(const struct explain_session *s)
{
	u32 seconds = min(s->seconds, (u32)CTALG_TALK_MOST);

	return s->seconds == CTALG_NO_SECONDS ? EXPLAIN_NEVER
					      : s->latest + seconds * EXPLAIN_SECOND;
}

static void wait(struct explain *e, const struct explain_session *s)
{
	if (ends_at(s) < e->session_deadline)
		e->session_deadline = ends_at(s);
}

void session_lives(struct explain *e, struct explain_session *s)
{
	s->latest = e->now;
	wait(e, s);
}

void session_hold(struct explain_session *s, bool holds)
{
	if (s->holds != holds)
		s->flow->n_holding += holds ? 1u : -1u;
	s->holds = holds;
}

void session_again(struct explain_session *s)
{
	s->over = false;
}

/* Nobody listens any more, says policy. */
static void cut(struct explain *e, struct explain_session *s)
{
	struct pinhole_open *q, *next;

	for (q = TAILQ_FIRST(&s->flow->own.pinholes); q; q = next) {
		next = TAILQ_NEXT(q, in_session);
		if (q->session == s)
			pinhole_ended(e, q, e->now);
	}
}

void session_finish(struct explain *e, struct explain_session *s, const char *because)
{
	struct pinhole_open *p, *next;

	if (s->over)
		return;
	if (s->cut)
		cut(e, s);
	for (p = TAILQ_FIRST(&s->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		pinhole_retire(e, p, CTALG_R_PINHOLE_CLOSED, because);
	}
	if (e->finding && e->finding->session == s)
		e->finding->ends = because;
	s->over = true;
	s->seconds = CTALG_TALK_REMEMBERED;
	session_hold(s, false);
	session_lives(e, s);
}

/* Nothing that came brought it about. */
static void finish_alone(struct explain *e, struct explain_session *s, const char *because)
{
	struct finding f = {
		.ts = e->now, .flow = s->flow, .kind = "session", .session = s, .ends = because
	};

	view_of(e, s->flow, CTALG_DIR_ORIG, &f.view);
	e->finding = &f;
	session_finish(e, s, because);
	e->finding = NULL;
	explain_tell(e, &f);
}

/* Data flows that go on have come through nothing any more. */
static void session_free(struct explain *e, struct explain_session *s)
{
	struct pinhole_open *q;

	TAILQ_FOREACH(q, &s->flow->own.pinholes, in_session)
	if (q->session == s)
		q->session = &s->flow->own;
	session_hold(s, false);
	LIST_REMOVE(s, in_bucket);
	TAILQ_REMOVE(&s->flow->sessions, s, in_flow);
	TAILQ_REMOVE(&e->sessions, s, node);
	e->n_sessions--;
	free(s);
}

static void close_all(struct explain *e, struct explain_session *s, const char *because)
{
	struct pinhole_open *p;

	while ((p = TAILQ_FIRST(&s->pinholes)))
		pinhole_close(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_CLOSED), because);
}

static void ends_of(const struct explain *e, const struct explain_flow *f, struct ctalg_ends *ends)
{
	struct ctalg_view v;

	view_of(e, f, CTALG_DIR_ORIG, &v);
	ends->self = v.self;
	ends->self_out = v.self_out;
	ends->peer = v.peer;
	ends->peer_out = v.peer_out;
}

bool flows_are_related(const struct explain *e, const struct explain_flow *a,
		       const struct explain_flow *b)
{
	struct ctalg_ends x, y;

	if (a->served != b->served || a->at.src.addr.family != b->at.src.addr.family ||
	    memcmp(&a->at.vlans, &b->at.vlans, sizeof(a->at.vlans)))
		return false;
	ends_of(e, a, &x);
	ends_of(e, b, &y);
	return ctalg_ends_related(&x, &y);
}

/* The part of it that another flow has. */
static struct explain_session *find_heir(struct explain *e, const struct explain_session *s)
{
	struct explain_session *q;

	LIST_FOREACH(q, bucket_of(e, &s->key), in_bucket)
	if (q->flow != s->flow && key_eq(&q->key, &s->key) && !q->over && !q->flow->forgotten &&
	    flows_are_related(e, q->flow, s->flow))
		return q;
	return NULL;
}

/* Which end of the new flow is the one that named the pinhole on the old one? */
static u8 moved_dir(const struct explain_flow *from, const struct explain_flow *to, u8 dir)
{
	const struct end *ends[2] = { &from->at.src, &from->at.dst };

	if (ctalg_addr_eq(&ends[dir]->addr, &to->at.src.addr))
		return CTALG_DIR_ORIG;
	if (ctalg_addr_eq(&ends[dir]->addr, &to->at.dst.addr))
		return CTALG_DIR_REPLY;
	return ctalg_addr_eq(&ends[!dir]->addr, &to->at.src.addr) ? CTALG_DIR_REPLY
								  : CTALG_DIR_ORIG;
}

static void move_one(struct explain *e, struct explain_session *to, struct pinhole_open *p)
{
	struct ctalg_opening o = p->at;
	struct pinhole_open *q;
	bool fresh;

	o.fixed_port = true;
	e->finding->dir = moved_dir(p->flow, to->flow, p->dir);
	if (pinhole_open(e, to, &o, &q, &fresh))
		return;
	pinhole_hand_over(e, p, q);
	if (!fresh)
		return;
	q->named = p->named;
	q->asked = p->asked;
	if (o.kind == CTALG_WANT_PATH)
		pinhole_wait(e, q, p->deadline);
}

static void move(struct explain *e, struct explain_session *from, struct explain_session *to)
{
	struct finding f = { .ts = e->now, .flow = to->flow, .kind = "session", .session = to };
	struct pinhole_open *p, *next;

	view_of(e, to->flow, CTALG_DIR_ORIG, &f.view);
	e->finding = &f;
	for (p = TAILQ_FIRST(&from->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		if (pinhole_lasts(p) && !p->shut)
			move_one(e, to, p);
	}
	e->finding = NULL;
	explain_tell(e, &f);
}

void sessions_leave(struct explain *e, struct explain_flow *f)
{
	struct explain_session *s, *heir;
	struct finding *in_hand = e->finding;

	e->finding = NULL;
	while ((s = TAILQ_FIRST(&f->sessions))) {
		heir = s->over ? NULL : find_heir(e, s);
		if (heir)
			move(e, s, heir);
		close_all(e, s, heir ? "moved" : "flow-over");
		session_free(e, s);
	}
	e->finding = in_hand;
}

static bool has_living(const struct explain_session *s)
{
	const struct pinhole_open *p;

	TAILQ_FOREACH(p, &s->pinholes, in_session)
	if (p->living)
		return true;
	return false;
}

static void come_due(struct explain *e, struct explain_session *s)
{
	if (!s->over && s->kind == CTALG_TALK_CALL && has_living(s))
		session_lives(e, s);
	else if (!s->over)
		finish_alone(e, s, s->kind == CTALG_TALK_CALL ? "silence" : "time-over");
	else if (TAILQ_EMPTY(&s->pinholes))
		session_free(e, s);
	else
		session_lives(e, s);
}

void sessions_tick(struct explain *e)
{
	struct explain_session *s, *next;

	if (e->now < e->session_deadline)
		return;
	e->session_deadline = EXPLAIN_NEVER;
	for (s = TAILQ_FIRST(&e->sessions); s; s = next) {
		next = TAILQ_NEXT(s, node);
		if (ends_at(s) <= e->now)
			come_due(e, s);
		else
			wait(e, s);
	}
}
