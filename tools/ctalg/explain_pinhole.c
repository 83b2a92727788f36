// SPDX-License-Identifier: GPL-2.0
/*
 * Pinholes of a capture, by the rules of src/core/pinhole.c and session.c; but the outside port
 * is known to be free only as far as the capture tells, and who comes is found by the addresses
 * on either side of NAT, as the capture may have been made on either.
 */
#include <stdlib.h>

#include "explain.h"
#include "tool.h"

enum {
	/* Seconds of silence after which conntrack forgets a UDP flow. */
	UDP_SECONDS = 120,
	/* Where another outside port is looked for. */
	PORT_FIRST = 10000,
	PORT_TRIES = 4096,
};

/**
 * struct pinhole_open - a pinhole that is open, or whose data flow lives
 * @flow: its control connection, which stays as long as the pinhole
 * @at: what was opened
 * @request: the flow's request that opened it
 * @deadline: when it closes by itself
 * @message: number of the message that opened it
 * @used: its data flow has come:
 * @child: this
 * @fin: TCP: by who has finished
 * @missed: that somebody else came has been told
 * @taken: it stays open after use, and somebody has come
 */
struct pinhole_open {
	TAILQ_ENTRY(pinhole_open) node;
	TAILQ_ENTRY(pinhole_open) in_flow;
	LIST_ENTRY(pinhole_open) in_port[2];
	struct explain_flow *flow;
	struct ctalg_opening at;
	u32 request;
	s64 deadline;
	u8 dir;
	u64 message;
	bool used;
	struct tuple child;
	bool fin[2];
	bool missed;
	bool taken;
};

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
	pe->dir = f->dir;
	return pe;
}

/* What happens to a pinhole while a message is read belongs to that; else it is told by itself. */
static void tell(struct explain *e, struct pinhole_open *p, s64 ts, const char *event,
		 const char *reason)
{
	struct finding f = { .ts = ts, .flow = p->flow, .dir = p->dir, .kind = "pinhole" };
	struct pinhole_event *pe;

	if (e->finding && e->finding->flow == p->flow) {
		finding_event(e->finding, event, &p->at, reason)->dir = p->dir;
		return;
	}
	view_of(&e->set, p->flow, p->dir, &f.view);
	pe = finding_event(&f, event, &p->at, reason);
	if (p->used || !strcmp(event, "missed"))
		pe->used_by = p->child.src;
	explain_tell(e, &f);
}

static void forget(struct explain *e, struct pinhole_open *p)
{
	TAILQ_REMOVE(&e->pinholes, p, node);
	TAILQ_REMOVE(&p->flow->pinholes, p, in_flow);
	LIST_REMOVE(p, in_port[0]);
	LIST_REMOVE(p, in_port[1]);
	e->n_pinholes--;
	free(p);
}

static void shut(struct explain *e, struct pinhole_open *p, s64 ts, const char *reason)
{
	if (!p->used && !p->taken)
		e->sums.unused++;
	tell(e, p, ts, "closed", reason);
	forget(e, p);
}

/* May the same packet be meant for both? */
static bool clash(const struct pinhole_open *p, const struct explain_flow *f,
		  const struct ctalg_opening *o, u16 port)
{
	return !p->used && p->at.l4 == o->l4 && p->at.outside_port == port &&
	       ctalg_addr_eq(&p->at.outside, &o->outside) &&
	       !memcmp(&p->flow->at.vlans, &f->at.vlans, sizeof(f->at.vlans)) &&
	       (p->flow == f || p->at.from.family == CTALG_AF_NONE ||
		o->from.family == CTALG_AF_NONE || ctalg_addr_eq(&p->at.from, &o->from));
}

static struct pinhole_open *find_clash(struct explain *e, const struct explain_flow *f,
				       const struct ctalg_opening *o, u16 port)
{
	struct pinhole_open *p;

	LIST_FOREACH(p, &e->by_port[1][port], in_port[1])
	if (clash(p, f, o, port))
		return p;
	return NULL;
}

/* The kernel takes a random port; which, a capture cannot tell. */
static bool other_port(struct explain *e, const struct explain_flow *f, struct ctalg_opening *o)
{
	u32 first = o->port_first ? o->port_first : PORT_FIRST, i;
	u32 ports = o->port_first ? o->port_last - first + 1u : PORT_TRIES, port;

	/* First those of the right parity. */
	for (i = 0; i < 2 * ports; i++) {
		port = first + i % ports;
		if (((port ^ o->inside_port) & 1) != i / ports)
			continue;
		if (ctalg_port_denied((u16)port) || find_clash(e, f, o, (u16)port))
			continue;
		o->outside_port = (u16)port;
		return true;
	}
	return false;
}

/* Is the port that was asked for one of those that policy gives? */
static bool in_range(const struct ctalg_opening *o)
{
	return !o->port_first ||
	       (o->outside_port >= o->port_first && o->outside_port <= o->port_last);
}

static bool choose_port(struct explain *e, struct explain_flow *f, struct ctalg_opening *o)
{
	struct pinhole_open *p;
	bool fixed = o->fixed_port || !view_has_nat(&e->set, f);

	/* The port has been chosen; the same capture may show the connection inside, too. */
	if (view_is_outside(&e->set, f))
		return true;
	if (!fixed && !in_range(o))
		return other_port(e, f, o);
	if (!fixed)
		return !find_clash(e, f, o, o->outside_port) || other_port(e, f, o);
	/* Whoever comes now comes for the latest announcement. */
	while ((p = find_clash(e, f, o, o->outside_port)))
		shut(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_EXPIRED));
	return true;
}

/* The oldest one of the session that nobody used goes. */
static void make_room(struct explain *e, struct explain_flow *f)
{
	struct pinhole_open *p, *oldest = NULL;
	unsigned int n = 0;

	TAILQ_FOREACH(p, &f->pinholes, in_flow)
	{
		if (p->used || p->at.permanent)
			continue;
		if (!oldest)
			oldest = p;
		n++;
	}
	if (n >= EXPLAIN_SESSION_PINHOLES)
		shut(e, oldest, e->now, ctalg_reason_name(CTALG_R_LIMIT_SESSION));
}

static struct pinhole_open *find_same(struct explain_flow *f, const struct ctalg_opening *o)
{
	struct pinhole_open *p;

	TAILQ_FOREACH(p, &f->pinholes, in_flow)
	if (!p->used && ctalg_opening_same(&p->at, o))
		return p;
	return NULL;
}

static void wait_for(struct explain *e, struct pinhole_open *p, s64 deadline)
{
	p->deadline = deadline;
	if (deadline < e->deadline)
		e->deadline = deadline;
}

static struct pinhole_open *add(struct explain *e, struct explain_flow *f,
				const struct ctalg_opening *o)
{
	struct pinhole_open *p = need(calloc(1, sizeof(*p)));

	p->flow = f;
	p->at = *o;
	p->request = f->request;
	p->message = e->sums.messages;
	TAILQ_INSERT_TAIL(&e->pinholes, p, node);
	TAILQ_INSERT_TAIL(&f->pinholes, p, in_flow);
	LIST_INSERT_HEAD(&e->by_port[0][o->inside_port], p, in_port[0]);
	LIST_INSERT_HEAD(&e->by_port[1][o->outside_port], p, in_port[1]);
	e->n_pinholes++;
	return p;
}

static void insert(struct explain *e, struct explain_flow *f, const struct ctalg_opening *o)
{
	struct pinhole_open *p = add(e, f, o);

	p->dir = e->finding->dir;
	wait_for(e, p,
		 o->permanent ? EXPLAIN_NEVER : e->now + f->served->lifetime * EXPLAIN_SECOND);
	e->sums.opened++;
	finding_event(e->finding, "open", o, NULL)->other_port = o->outside_port != o->inside_port;
}

unsigned int pinhole_open(struct explain *e, struct explain_flow *f, struct ctalg_opening *o)
{
	struct pinhole_open *p = find_same(f, o);

	if (p) {
		p->request = f->request;
		o->outside_port = p->at.outside_port;
		finding_event(e->finding, "kept", o, NULL);
		return CTALG_R_NONE;
	}
	make_room(e, f);
	if (e->n_pinholes >= EXPLAIN_PINHOLES)
		return CTALG_R_LIMIT_NET;
	if (!choose_port(e, f, o))
		return CTALG_R_NO_PORT;
	insert(e, f, o);
	return CTALG_R_NONE;
}

bool pinhole_leads(const struct explain *e, const struct ctalg_endpoint *place, bool outside,
		   struct ctalg_addr *addr, u16 *port)
{
	const struct pinhole_open *p;

	LIST_FOREACH(p, &e->by_port[!outside][place->port], in_port[!outside])
	{
		const struct ctalg_addr *from = outside ? &p->at.inside : &p->at.outside;

		if (p->at.l4 != place->l4 || !p->at.permanent || !ctalg_addr_eq(from, &place->addr))
			continue;
		*addr = outside ? p->at.outside : p->at.inside;
		*port = outside ? p->at.outside_port : p->at.inside_port;
		return true;
	}
	return false;
}

/* All or nothing. */
unsigned int pinholes_range(struct explain *e, struct explain_flow *f, u16 first, u16 last,
			    const struct ctalg_opening *like)
{
	struct ctalg_opening o = *like;
	unsigned int reason;
	u32 port;

	o.permanent = true;
	o.fixed_port = true;
	for (port = first; port <= last; port++) {
		o.inside_port = (u16)port;
		o.outside_port = (u16)port;
		reason = pinhole_open(e, f, &o);
		if (!reason)
			continue;
		pinholes_undo(e, f, ctalg_reason_name(reason));
		return reason;
	}
	return CTALG_R_NONE;
}

void pinholes_undo(struct explain *e, struct explain_flow *f, const char *reason)
{
	struct pinhole_open *p, *next;
	size_t i;

	for (p = TAILQ_FIRST(&f->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_flow);
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

	for (p = TAILQ_FIRST(&f->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_flow);
		if (p->request == f->request && !p->used)
			shut(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_WITHDRAWN));
	}
}

void pinholes_over(struct explain *e, struct explain_flow *f)
{
	struct pinhole_open *p, *next;

	for (p = TAILQ_FIRST(&f->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_flow);
		if (!p->used)
			shut(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_CLOSED));
	}
}

static struct pinhole_open *find_child(struct explain *e, u16 port, const struct tuple *t, u8 *dir)
{
	struct tuple reversed = tuple_reversed(t);
	struct pinhole_open *p;
	int i;

	for (i = 0; i < 2; i++) {
		LIST_FOREACH(p, &e->by_port[i][port], in_port[i])
		{
			*dir = tuple_eq(&p->child, t) ? CTALG_DIR_ORIG : CTALG_DIR_REPLY;
			if (p->used && (!*dir || tuple_eq(&p->child, &reversed)))
				return p;
		}
	}
	return NULL;
}

/* A packet of a data flow. */
static void child_packet(struct explain *e, struct pinhole_open *p, u8 dir, const struct segment *s)
{
	if (s->at.l4 == CTALG_L4_UDP) {
		p->deadline = e->now + UDP_SECONDS * EXPLAIN_SECOND;
		return;
	}
	p->fin[dir] |= s->fin;
	if (s->rst || (p->fin[0] && p->fin[1]))
		shut(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_ENDED));
}

static bool leads_there(const struct pinhole_open *p, const struct tuple *t)
{
	const struct end inside = { p->at.inside, p->at.inside_port };
	const struct end outside = { p->at.outside, p->at.outside_port };

	return !p->used && p->at.l4 == t->l4 &&
	       (end_eq(&inside, &t->dst) || end_eq(&outside, &t->dst)) &&
	       !memcmp(&p->flow->at.vlans, &t->vlans, sizeof(t->vlans));
}

static bool may_come(const struct pinhole_open *p, const struct tuple *t)
{
	const struct ctalg_addr *from = &p->at.from;
	u8 bits = p->at.from_len ? p->at.from_len : (u8)(8 * ctalg_addr_len(from));

	return from->family == CTALG_AF_NONE || addr_has_prefix(from, bits, &t->src.addr);
}

/* The latest pinhole that leads to the packet's destination, for its sender or for another. */
static struct pinhole_open *find_waiting(struct explain *e, const struct tuple *t)
{
	struct pinhole_open *p, *other = NULL;
	int i;

	for (i = 0; i < 2; i++) {
		LIST_FOREACH(p, &e->by_port[i][t->dst.port], in_port[i])
		{
			if (!leads_there(p, t))
				continue;
			if (may_come(p, t))
				return p;
			other = p;
		}
	}
	return other;
}

static void missed(struct explain *e, struct pinhole_open *p, const struct tuple *t)
{
	if (p->missed)
		return;
	p->missed = true;
	p->child = *t;
	tell(e, p, e->now, "missed", "other-source");
}

/* It stays open for others: who came is followed by another, that is not one of those opened. */
static struct pinhole_open *use_permanent(struct explain *e, struct pinhole_open *p)
{
	struct pinhole_open *q;

	if (e->n_pinholes >= EXPLAIN_PINHOLES)
		return NULL;
	q = add(e, p->flow, &p->at);
	q->at.permanent = false;
	q->dir = p->dir;
	e->sums.used += !p->taken;
	p->taken = true;
	return q;
}

static void used(struct explain *e, struct pinhole_open *p, const struct tuple *t)
{
	if (p->at.permanent)
		p = use_permanent(e, p);
	else
		e->sums.used++;
	if (!p)
		return;
	p->used = true;
	p->child = *t;
	wait_for(e, p,
		 t->l4 == CTALG_L4_UDP ? e->now + UDP_SECONDS * EXPLAIN_SECOND : EXPLAIN_NEVER);
	tell(e, p, e->now, "used", NULL);
}

void pinholes_packet(struct explain *e, const struct segment *s)
{
	struct pinhole_open *p;
	u8 dir;

	p = find_child(e, s->at.dst.port, &s->at, &dir);
	if (!p)
		p = find_child(e, s->at.src.port, &s->at, &dir);
	/* The same ends, once more from the beginning. */
	if (p && s->syn && !s->has_ack && p->fin[0])
		shut(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_ENDED));
	else if (p) {
		child_packet(e, p, dir, s);
		return;
	}
	p = s->rst || (s->syn && s->has_ack) ? NULL : find_waiting(e, &s->at);
	if (p && may_come(p, &s->at))
		used(e, p, &s->at);
	else if (p)
		missed(e, p, &s->at);
}

static int by_deadline(const void *a, const void *b)
{
	const struct pinhole_open *const *p = a, *const *q = b;

	if ((*p)->deadline != (*q)->deadline)
		return (*p)->deadline < (*q)->deadline ? -1 : 1;
	return (*p)->message < (*q)->message ? -1 : 1;
}

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
			wait_for(e, p, p->deadline);
		else
			due[n++] = p;
	}
	qsort(due, n, sizeof(struct pinhole_open *), by_deadline);
	for (i = 0; i < n; i++)
		shut(e, due[i], due[i]->deadline,
		     due[i]->used ? ctalg_reason_name(CTALG_R_PINHOLE_ENDED)
				  : ctalg_reason_name(CTALG_R_PINHOLE_EXPIRED));
	free(due);
}

void pinholes_free(struct explain *e)
{
	while (!TAILQ_EMPTY(&e->pinholes))
		forget(e, TAILQ_FIRST(&e->pinholes));
}
