// SPDX-License-Identifier: GPL-2.0
/* Control connections, found by their tuple in either direction. */
#include <stdlib.h>

#include "explain.h"
#include "tool.h"

enum {
	/* After so much silence conntrack forgets a UDP association that was answered, or the end of TCP. */
	SILENT_SECONDS = 120,
};

bool end_eq(const struct end *a, const struct end *b)
{
	return a->port == b->port && ctalg_addr_eq(&a->addr, &b->addr);
}

bool tuple_eq(const struct tuple *a, const struct tuple *b)
{
	return a->l4 == b->l4 && end_eq(&a->src, &b->src) && end_eq(&a->dst, &b->dst) &&
	       !memcmp(&a->vlans, &b->vlans, sizeof(a->vlans));
}

struct tuple tuple_reversed(const struct tuple *t)
{
	struct tuple r = *t;

	r.src = t->dst;
	r.dst = t->src;
	return r;
}

static u32 hash_end(const struct end *end)
{
	u32 h = 2166136261u ^ end->port, i;

	for (i = 0; i < ctalg_addr_len(&end->addr); i++)
		h = (h ^ end->addr.b[i]) * 16777619u;
	return h;
}

/* The same in both directions. */
static u32 bucket_of(const struct tuple *t)
{
	return (hash_end(&t->src) + hash_end(&t->dst)) % EXPLAIN_FLOW_BUCKETS;
}

struct explain_flow *flow_find(struct explain *e, const struct tuple *t, u8 *dir)
{
	struct tuple reversed = tuple_reversed(t);
	struct explain_flow *f;

	LIST_FOREACH(f, &e->flows[bucket_of(t)], in_bucket)
	{
		bool same = tuple_eq(&f->at, t);

		if (!same && !tuple_eq(&f->at, &reversed))
			continue;
		*dir = same ? CTALG_DIR_ORIG : CTALG_DIR_REPLY;
		f->last = e->now;
		f->answered |= !same;
		return f;
	}
	return NULL;
}

struct explain_flow *flow_new(struct explain *e, const struct tuple *t,
			      const struct service *served)
{
	struct explain_flow *f;

	if (e->n_flows >= EXPLAIN_FLOWS) {
		e->sums.flows_refused++;
		return NULL;
	}
	f = need(calloc(1, sizeof(*f)));
	f->number = ++e->sums.flows;
	f->served = served;
	f->at = *t;
	f->last = e->now;
	TAILQ_INIT(&f->aside[0]);
	TAILQ_INIT(&f->aside[1]);
	TAILQ_INIT(&f->sessions);
	pinhole_begins(&f->own, f);
	LIST_INIT(&f->slots);
	LIST_INSERT_HEAD(&e->flows[bucket_of(t)], f, in_bucket);
	TAILQ_INSERT_TAIL(&e->flow_order, f, in_order);
	e->n_flows++;
	return f;
}

static void flow_free(struct explain *e, struct explain_flow *f)
{
	TAILQ_REMOVE(&e->flow_order, f, in_order);
	e->n_flows--;
	free(f);
}

void flow_forget(struct explain *e, struct explain_flow *f)
{
	if (!f->forgotten) {
		tcp_flush(e, f);
		pinholes_over(e, f);
		sessions_leave(e, f);
		tcp_free(f);
		meters_release(f);
		LIST_REMOVE(f, in_bucket);
		f->forgotten = true;
	}
	if (TAILQ_EMPTY(&f->own.pinholes))
		flow_free(e, f);
}

/* While calls and bindings last, what carries them is not forgotten, if it was answered at all. */
static bool is_held(const struct explain_flow *f)
{
	return f->n_holding && f->answered && f->at.l4 == CTALG_L4_UDP;
}

/* Looks at the oldest only: with those that live on it ends up behind the others. */
void flows_tick(struct explain *e)
{
	struct explain_flow *f = TAILQ_FIRST(&e->flow_order);

	if (!f)
		return;
	if (f->forgotten && TAILQ_EMPTY(&f->own.pinholes)) {
		flow_free(e, f);
		return;
	}
	TAILQ_REMOVE(&e->flow_order, f, in_order);
	TAILQ_INSERT_TAIL(&e->flow_order, f, in_order);
	if (is_held(f))
		f->last = e->now;
	if (!f->forgotten && (f->over || f->at.l4 == CTALG_L4_UDP) &&
	    e->now - f->last > SILENT_SECONDS * EXPLAIN_SECOND)
		flow_forget(e, f);
}

static bool is_over(const struct service *s, u8 l4)
{
	return s->proto->l4 == l4 || s->proto->l4_too == l4;
}

const struct service *served_by(const struct explain *e, u8 l4, u16 port)
{
	const struct service *s;
	unsigned int i;

	for (i = 0; i < e->set.n_ports; i++)
		if (e->set.ports[i].port == port && is_over(e->set.ports[i].served, l4))
			return e->set.ports[i].served;
	for (s = services; s->proto; s++)
		if (s->proto->port == port && is_over(s, l4))
			return s;
	return NULL;
}
