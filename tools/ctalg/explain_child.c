// SPDX-License-Identifier: GPL-2.0
/*
 * Data flows of a capture: who comes is found by the addresses on either side of NAT, as the capture may
 * have been made on either.
 */
#include "explain_pinhole.h"

enum {
	/* Seconds of silence after which conntrack forgets a UDP flow. */
	UDP_SECONDS = 120,
};

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
		pinhole_ended(e, p, e->now);
}

static bool leads_there(const struct pinhole_open *p, const struct tuple *t)
{
	const struct end inside = { p->at.inside, p->at.inside_port };
	const struct end outside = { p->at.outside, p->at.outside_port };

	return !p->used && !p->shut && !p->shares && p->at.l4 == t->l4 &&
	       (end_eq(&inside, &t->dst) || end_eq(&outside, &t->dst)) &&
	       !memcmp(&p->flow->at.vlans, &t->vlans, sizeof(t->vlans));
}

static bool may_come(const struct pinhole_open *p, const struct tuple *t)
{
	const struct ctalg_addr *from = &p->at.from;
	u8 bits = p->at.from_len ? p->at.from_len : (u8)(8 * ctalg_addr_len(from));

	return from->family == CTALG_AF_NONE || addr_has_prefix(from, bits, &t->src.addr);
}

/*
 * What leads to the packet's destination, for its sender or for another: of those that are used up the
 * latest; of those that stay open the first, which stands for the others.
 */
static struct pinhole_open *find_waiting(struct explain *e, const struct tuple *t)
{
	struct pinhole_open *p, *first = NULL, *other = NULL;
	int i;

	for (i = 0; i < 2; i++) {
		LIST_FOREACH(p, &e->by_port[i][t->dst.port], in_port[i])
		{
			if (!leads_there(p, t))
				continue;
			if (!may_come(p, t))
				other = p;
			else if (pinhole_lasts(p))
				first = p;
			else
				return p;
		}
	}
	return first ? first : other;
}

static void missed(struct explain *e, struct pinhole_open *p, const struct tuple *t)
{
	if (p->missed)
		return;
	p->missed = true;
	p->child = *t;
	pinhole_tell(e, p, e->now, "missed", "other-source", NULL);
}

static void take(struct explain *e, struct pinhole_open *p, struct pinhole_open *q, int i)
{
	e->sums.used += !p->taken;
	p->taken = true;
	p->living++;
	q->of[i] = p;
}

/* Where it comes from may stay open too: that is used as well, unless it was before. */
static void join(struct explain *e, struct pinhole_open *p, struct pinhole_open *q,
		 const struct tuple *t)
{
	struct pinhole_open *from;

	if (!pinhole_lasts(p) || !view_has_nat(&e->set, p->flow))
		return;
	from = pinhole_to(e, p->flow, p->session, &t->src.addr, t->src.port, t->l4);
	if (from && from != p && !from->taken)
		take(e, from, q, 1);
}

/* It stays open for others: who came is followed by another, that is not one of those opened. */
static struct pinhole_open *use_permanent(struct explain *e, struct pinhole_open *p,
					  const struct tuple *t)
{
	struct pinhole_open *q;

	if (e->n_pinholes >= EXPLAIN_PINHOLES)
		return NULL;
	q = pinhole_add(e, p->session, &p->flow->own.pinholes, &p->at);
	q->at.permanent = false;
	q->dir = p->dir;
	take(e, p, q, 0);
	join(e, p, q, t);
	return q;
}

/* What comes there is a control connection again. */
static void used_path(struct explain *e, struct pinhole_open *p, const struct tuple *t)
{
	e->sums.used += !p->taken;
	p->taken = true;
	p->child = *t;
	pinhole_tell(e, p, e->now, "used", NULL, NULL);
}

static void used(struct explain *e, struct pinhole_open *p, const struct tuple *t)
{
	if (p->at.kind == CTALG_WANT_PATH) {
		used_path(e, p, t);
		return;
	}
	if (p->at.permanent)
		p = use_permanent(e, p, t);
	else
		e->sums.used++;
	if (!p)
		return;
	p->used = true;
	p->child = *t;
	pinhole_wait(e, p,
		     t->l4 == CTALG_L4_UDP ? e->now + UDP_SECONDS * EXPLAIN_SECOND : EXPLAIN_NEVER);
	pinhole_tell(e, p, e->now, "used", NULL, NULL);
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
		pinhole_ended(e, p, e->now);
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

const struct service *path_packet(struct explain *e, const struct segment *s)
{
	struct pinhole_open *p = find_waiting(e, &s->at);

	if (!p || p->at.kind != CTALG_WANT_PATH || !may_come(p, &s->at))
		return NULL;
	used(e, p, &s->at);
	return p->flow->served;
}
