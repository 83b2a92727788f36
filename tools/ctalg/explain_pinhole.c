// SPDX-License-Identifier: GPL-2.0
/*
 * Pinholes of a capture, by the rules of src/core/pinhole.c and session.c; but the outside port
 * is known to be free only as far as the capture tells.
 */
#include <stdlib.h>

#include "explain_pinhole.h"
#include "tool.h"

struct pinhole_event *finding_event(struct finding *f, const char *event,
				    const struct ctalg_opening *at, const char *reason)
{
	struct pinhole_event *pe;

	if (f->n_events == f->room) {
		f->room = f->room ? 2 * f->room : 4;
		f->events = need(reallocarray(f->events, f->room, sizeof(*f->events)));
	}
	pe = &f->events[f->n_events++];
	memset(pe, 0, sizeof(*pe));
	pe->event = event;
	pe->at = *at;
	pe->reason = reason;
	pe->seconds = CTALG_NO_SECONDS;
	pe->dir = f->dir;
	return pe;
}

/* A data flow that comes from where others of ours go to leaves from where it was promised to. */
static void tell_use(struct pinhole_event *pe, const struct pinhole_open *p)
{
	const struct pinhole_open *from = p->of[1];

	pe->used_by = p->child.src;
	if (!from || ctalg_addr_eq(&from->at.inside, &from->at.outside))
		return;
	pe->leaves.addr = from->at.outside;
	pe->leaves.port = from->at.outside_port;
}

void pinhole_tell(struct explain *e, struct pinhole_open *p, s64 ts, const char *event,
		  const char *reason, const char *because)
{
	struct finding f = { .ts = ts, .flow = p->flow, .dir = p->dir, .kind = "pinhole" };
	bool within = e->finding && e->finding->flow == p->flow;
	struct pinhole_event *pe = finding_event(within ? e->finding : &f, event, &p->at, reason);

	pe->dir = p->dir;
	pe->because = because;
	pe->session = p->session;
	if (within)
		return;
	if (p->session->kind)
		f.session = p->session;
	view_of(e, p->flow, p->dir, &f.view);
	if (p->used || !strcmp(event, "missed") || !strcmp(event, "used"))
		tell_use(pe, p);
	explain_tell(e, &f);
}

void pinhole_begins(struct explain_session *s, struct explain_flow *f)
{
	s->flow = f;
	TAILQ_INIT(&s->pinholes);
}

void pinhole_wait(struct explain *e, struct pinhole_open *p, s64 deadline)
{
	p->deadline = deadline;
	if (deadline < e->deadline)
		e->deadline = deadline;
}

struct pinhole_open *pinhole_add(struct explain *e, struct explain_session *s,
				 struct pinhole_list *list, const struct ctalg_opening *o)
{
	struct pinhole_open *p = need(calloc(1, sizeof(*p)));

	p->flow = s->flow;
	p->session = s;
	p->list = list;
	p->at = *o;
	p->request = s->request;
	p->message = e->sums.messages;
	TAILQ_INSERT_TAIL(&e->pinholes, p, node);
	TAILQ_INSERT_TAIL(list, p, in_session);
	LIST_INSERT_HEAD(&e->by_port[0][o->inside_port], p, in_port[0]);
	LIST_INSERT_HEAD(&e->by_port[1][o->outside_port], p, in_port[1]);
	e->n_pinholes++;
	return p;
}

/* What came through @from came through @to, or through nothing that is open any more. */
static void children_move(struct explain *e, const struct pinhole_open *from,
			  struct pinhole_open *to)
{
	struct pinhole_open *q;
	int i;

	TAILQ_FOREACH(q, &e->pinholes, node)
	{
		for (i = 0; i < 2; i++)
			if (q->of[i] == from)
				q->of[i] = to;
	}
}

void pinhole_hand_over(struct explain *e, struct pinhole_open *from, struct pinhole_open *to)
{
	if (!from->living)
		return;
	children_move(e, from, to);
	e->sums.used += !to->taken;
	to->taken = true;
	to->living += from->living;
	from->living = 0;
}

static void forget(struct explain *e, struct pinhole_open *p)
{
	if (pinhole_lasts(p))
		p->session->n_standing--;
	if (p->living)
		children_move(e, p, NULL);
	TAILQ_REMOVE(&e->pinholes, p, node);
	TAILQ_REMOVE(p->list, p, in_session);
	LIST_REMOVE(p, in_port[0]);
	LIST_REMOVE(p, in_port[1]);
	pinhole_bequeath(e, p);
	e->n_pinholes--;
	free(p);
}

void pinhole_close(struct explain *e, struct pinhole_open *p, s64 ts, const char *reason,
		   const char *because)
{
	if (!p->used && !p->taken)
		e->sums.unused++;
	else
		reason = ctalg_reason_name(CTALG_R_PINHOLE_ENDED);
	pinhole_tell(e, p, ts, "closed", reason, because);
	forget(e, p);
}

void pinhole_retire(struct explain *e, struct pinhole_open *p, unsigned int reason,
		    const char *because)
{
	if (p->at.kind != CTALG_WANT_MEDIA || !p->living) {
		pinhole_close(e, p, e->now, ctalg_reason_name(reason), because);
		return;
	}
	if (p->shut)
		return;
	p->shut = true;
	pinhole_bequeath(e, p);
	pinhole_tell(e, p, e->now, "shut", NULL, because);
}

static void child_of_ended(struct explain *e, struct pinhole_open *p, s64 ts)
{
	struct explain_session *s = p->session;

	if (!--p->living && p->shut) {
		pinhole_close(e, p, ts, NULL, NULL);
		return;
	}
	if (s->kind == CTALG_TALK_CALL && !s->over && ts > s->latest)
		s->latest = ts;
}

void pinhole_ended(struct explain *e, struct pinhole_open *p, s64 ts)
{
	struct pinhole_open *of[2] = { p->of[0], p->of[1] };
	const char *reason = ctalg_reason_name(CTALG_R_PINHOLE_ENDED);
	int i;

	if (p->at.kind == CTALG_WANT_DATA) {
		pinhole_close(e, p, ts, reason, NULL);
		return;
	}
	/* What it came through may close with it, and is told of then. */
	if (!of[0] || !of[0]->shut)
		pinhole_tell(e, p, ts, "ended", reason, NULL);
	forget(e, p);
	for (i = 0; i < 2; i++)
		if (of[i])
			child_of_ended(e, of[i], ts);
}

void pinhole_admit_only(struct explain *e, struct pinhole_open *p, const struct ctalg_addr *from)
{
	p->at.from = *from;
	p->at.from_len = 0;
	p->missed = false;
	pinhole_tell(e, p, e->now, "admits", NULL, NULL);
}

/* The oldest one of the session that nobody used goes. */
static void make_room(struct explain *e, struct explain_session *s)
{
	struct pinhole_open *p, *oldest = NULL;
	unsigned int n = 0;

	TAILQ_FOREACH(p, &s->pinholes, in_session)
	{
		if (p->used || p->at.permanent)
			continue;
		if (!oldest)
			oldest = p;
		n++;
	}
	if (n >= EXPLAIN_SESSION_PINHOLES)
		pinhole_close(e, oldest, e->now, ctalg_reason_name(CTALG_R_LIMIT_SESSION), NULL);
}

static struct pinhole_open *find_same(const struct explain *e, struct explain_session *s,
				      const struct ctalg_opening *o)
{
	struct pinhole_open *p;

	if (o->kind != CTALG_WANT_DATA)
		return pinhole_placed(e, s, o);
	TAILQ_FOREACH(p, &s->pinholes, in_session)
	if (!p->used && ctalg_opening_same(&p->at, o))
		return p;
	return NULL;
}

static unsigned int admit(struct explain *e, struct explain_session *s,
			  const struct ctalg_opening *o)
{
	if (o->known)
		return CTALG_R_LIMIT_SESSION;
	if (o->kind == CTALG_WANT_DATA)
		make_room(e, s);
	else if (s->n_standing >= EXPLAIN_SESSION_STANDING)
		return CTALG_R_LIMIT_SESSION;
	return e->n_pinholes < EXPLAIN_PINHOLES ? CTALG_R_NONE : CTALG_R_LIMIT_NET;
}

static struct pinhole_open *insert(struct explain *e, struct explain_session *s,
				   const struct ctalg_opening *o)
{
	struct pinhole_open *p = pinhole_add(e, s, &s->pinholes, o);
	u32 lifetime = s->flow->served->lifetime;
	struct pinhole_event *pe;

	p->dir = e->finding->dir;
	s->n_standing += pinhole_lasts(p);
	pinhole_wait(e, p, o->permanent ? EXPLAIN_NEVER : e->now + lifetime * EXPLAIN_SECOND);
	e->sums.opened++;
	pe = finding_event(e->finding, "open", o, NULL);
	pe->session = s;
	pe->other_port = o->outside_port != o->inside_port;
	return p;
}

unsigned int pinhole_open(struct explain *e, struct explain_session *s, struct ctalg_opening *o,
			  struct pinhole_open **p, bool *fresh)
{
	unsigned int reason;
	bool shares;

	*fresh = false;
	*p = find_same(e, s, o);
	if (*p) {
		(*p)->request = s->request;
		o->outside_port = (*p)->at.outside_port;
		finding_event(e->finding, "kept", &(*p)->at, NULL)->session = s;
		return CTALG_R_NONE;
	}
	reason = admit(e, s, o);
	if (!reason)
		reason = pinhole_port(e, s, o, &shares);
	if (reason)
		return reason;
	*p = insert(e, s, o);
	(*p)->shares = shares;
	*fresh = true;
	return CTALG_R_NONE;
}

/* All or nothing. */
unsigned int pinholes_range(struct explain *e, struct explain_flow *f, u16 first, u16 last,
			    const struct ctalg_opening *like)
{
	struct ctalg_opening o = *like;
	struct pinhole_open *p;
	unsigned int reason;
	bool fresh;
	u32 port;

	o.permanent = true;
	o.fixed_port = true;
	for (port = first; port <= last; port++) {
		o.inside_port = (u16)port;
		o.outside_port = (u16)port;
		reason = pinhole_open(e, &f->own, &o, &p, &fresh);
		if (!reason)
			continue;
		pinholes_undo(e, &f->own, ctalg_reason_name(reason));
		return reason;
	}
	return CTALG_R_NONE;
}

void pinholes_undo(struct explain *e, struct explain_session *s, const char *reason)
{
	struct pinhole_open *p, *next;
	size_t i;

	for (p = TAILQ_FIRST(&s->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		if (p->message == e->sums.messages) {
			e->sums.opened--;
			forget(e, p);
		}
	}
	for (i = 0; i < e->finding->n_events; i++) {
		if (strcmp(e->finding->events[i].event, "open"))
			continue;
		e->finding->events[i].event = "refused";
		e->finding->events[i].reason = reason;
	}
}

void pinholes_withdraw(struct explain *e, struct explain_flow *f)
{
	struct pinhole_open *p, *next;

	for (p = TAILQ_FIRST(&f->own.pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		if (p->request == f->own.request && !p->used)
			pinhole_close(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_WITHDRAWN),
				      NULL);
	}
}

void pinholes_over(struct explain *e, struct explain_flow *f)
{
	struct pinhole_open *p, *next;

	for (p = TAILQ_FIRST(&f->own.pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		if (!p->used)
			pinhole_close(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_CLOSED),
				      NULL);
	}
}

static int by_deadline(const void *a, const void *b)
{
	const struct pinhole_open *const *p = a, *const *q = b;

	if ((*p)->deadline != (*q)->deadline)
		return (*p)->deadline < (*q)->deadline ? -1 : 1;
	return (*p)->message < (*q)->message ? -1 : 1;
}

static void come_due(struct explain *e, struct pinhole_open *p)
{
	if (p->used)
		pinhole_ended(e, p, p->deadline);
	else
		pinhole_close(e, p, p->deadline, ctalg_reason_name(CTALG_R_PINHOLE_EXPIRED),
			      p->at.kind == CTALG_WANT_PATH ? "time-over" : NULL);
}

/* Of what comes due none closes with another one: media stays open until it is told otherwise. */
void pinholes_tick(struct explain *e)
{
	struct pinhole_open *p, **due;
	size_t n = 0, i;

	if (e->now < e->deadline)
		return;
	e->deadline = EXPLAIN_NEVER;
	due = need(calloc(e->n_pinholes + 1u, sizeof(struct pinhole_open *)));
	TAILQ_FOREACH(p, &e->pinholes, node)
	{
		if (p->deadline > e->now)
			pinhole_wait(e, p, p->deadline);
		else
			due[n++] = p;
	}
	qsort(due, n, sizeof(struct pinhole_open *), by_deadline);
	for (i = 0; i < n; i++)
		come_due(e, due[i]);
	free(due);
}

void pinholes_free(struct explain *e)
{
	while (!TAILQ_EMPTY(&e->pinholes))
		forget(e, TAILQ_FIRST(&e->pinholes));
}
