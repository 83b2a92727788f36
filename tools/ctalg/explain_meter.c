// SPDX-License-Identifier: GPL-2.0
/* Meters, by the rules of src/core/meter.c and the clock of the capture. */
#include <stdlib.h>

#include "../../src/engine/glob.h"
#include "explain.h"
#include "tool.h"

enum {
	MILLISECOND = 1000000,
};

/* Further ahead than this nothing is paid for: a century. */
#define AHEAD_MAX (100LL * 365 * 86400 * EXPLAIN_SECOND)

/**
 * struct meter - what one has used up of a limit
 * @limit: which
 * @who: an address, or a user in lower case; nothing for all
 * @paid: when everything is paid for that went on
 * @sessions: flows that have a slot
 */
struct meter {
	LIST_ENTRY(meter) in_bucket;
	const struct ctalg_image_limit *limit;
	u8 who_len;
	u8 who[EXPLAIN_USER];
	s64 paid;
	u32 sessions;
};

/* A flow counts as one. */
struct meter_slot {
	LIST_ENTRY(meter_slot) in_flow;
	struct meter *meter;
};

/* Returns false if it is nobody. */
static bool set_who(struct meter *m, const struct explain_flow *f, const struct ctalg_subject *s)
{
	u8 i;

	if (m->limit->per == CTALG_PER_HOST) {
		m->who_len = (u8)ctalg_addr_len(&f->at.src.addr);
		memcpy(m->who, f->at.src.addr.b, m->who_len);
	} else if (m->limit->per == CTALG_PER_USER) {
		m->who_len = (u8)min(s->user_len, (u32)EXPLAIN_USER);
		for (i = 0; i < m->who_len; i++)
			m->who[i] = ctalg_fold(s->user[i]);
	}
	return m->who_len || m->limit->per == CTALG_PER_NET;
}

static struct meter_bucket *bucket_of(struct explain *e, const struct meter *m)
{
	u32 hash = 2166136261u, i;

	for (i = 0; i < m->who_len; i++)
		hash = (hash ^ m->who[i]) * 16777619u;
	return &e->meters[(hash ^ hash >> 16) % EXPLAIN_METER_BUCKETS];
}

static void meter_free(struct explain *e, struct meter *m)
{
	LIST_REMOVE(m, in_bucket);
	e->n_meters--;
	free(m);
}

/* Those that have nothing to remember make room. */
static void meters_sweep(struct explain *e)
{
	struct meter *m, *next;
	u32 i;

	for (i = 0; i < EXPLAIN_METER_BUCKETS; i++) {
		for (m = LIST_FIRST(&e->meters[i]); m; m = next) {
			next = LIST_NEXT(m, in_bucket);
			if (!m->sessions && m->paid <= e->now)
				meter_free(e, m);
		}
	}
}

/* The one like @key, or NULL if there are too many. */
static struct meter *meter_of(struct explain *e, const struct meter *key)
{
	struct meter_bucket *b = bucket_of(e, key);
	struct meter *m;

	LIST_FOREACH(m, b, in_bucket)
	if (m->limit == key->limit && m->who_len == key->who_len &&
	    !memcmp(m->who, key->who, key->who_len))
		return m;
	if (e->n_meters >= EXPLAIN_METERS)
		meters_sweep(e);
	if (e->n_meters >= EXPLAIN_METERS)
		return NULL;
	m = need(malloc(sizeof(*m)));
	*m = *key;
	LIST_INSERT_HEAD(b, m, in_bucket);
	e->n_meters++;
	return m;
}

/* When all would be paid for with one request more, or 0 if that is too many. */
static s64 price_of(const struct explain *e, const struct meter *m)
{
	const struct ctalg_image_limit *l = m->limit;
	s64 price, ahead = AHEAD_MAX, paid = m->paid;

	if (!l->events)
		return 0;
	price = (s64)l->period * MILLISECOND / l->events;
	if (!price || l->burst < AHEAD_MAX / price)
		ahead = price * l->burst;
	if (paid < e->now)
		paid = e->now;
	return paid + price > e->now + ahead ? 0 : paid + price;
}

static bool has_slot(const struct explain_flow *f, const struct meter *m)
{
	const struct meter_slot *slot;

	LIST_FOREACH(slot, &f->slots, in_flow)
	if (slot->meter == m)
		return true;
	return false;
}

static void slot_free(struct meter_slot *slot)
{
	slot->meter->sessions--;
	LIST_REMOVE(slot, in_flow);
	free(slot);
}

/* Of each limit a flow has one slot: it is another user's now. */
static void take_slot(struct explain_flow *f, struct meter *m)
{
	struct meter_slot *slot, *next;

	for (slot = LIST_FIRST(&f->slots); slot; slot = next) {
		next = LIST_NEXT(slot, in_flow);
		if (slot->meter->limit == m->limit)
			slot_free(slot);
	}
	slot = need(malloc(sizeof(*slot)));
	slot->meter = m;
	LIST_INSERT_HEAD(&f->slots, slot, in_flow);
	m->sessions++;
}

bool meter_within(struct explain *e, struct explain_flow *f, const struct ctalg_image_limit *limit,
		  const struct ctalg_subject *s)
{
	struct meter key = { .limit = limit }, *m;
	s64 paid;

	if (!set_who(&key, f, s))
		return true;
	m = meter_of(e, &key);
	if (!m)
		return false;
	paid = limit->period ? price_of(e, m) : m->paid;
	if (limit->period && !paid)
		return false;
	if (limit->sessions && !has_slot(f, m)) {
		if (m->sessions >= limit->sessions)
			return false;
		take_slot(f, m);
	}
	m->paid = paid;
	return true;
}

void meters_release(struct explain_flow *f)
{
	while (!LIST_EMPTY(&f->slots))
		slot_free(LIST_FIRST(&f->slots));
	ctalg_repeats_free(&f->repeats, &explain_memory);
}

void meters_free(struct explain *e)
{
	u32 i;

	for (i = 0; i < EXPLAIN_METER_BUCKETS; i++)
		while (!LIST_EMPTY(&e->meters[i]))
			meter_free(e, LIST_FIRST(&e->meters[i]));
}
