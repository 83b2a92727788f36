// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "alarm_window.h"
#include "tool.h"

enum {
	BUCKETS = 1024,
};

/**
 * struct counted - one of whom something is counted
 * @n: how many moments are kept; the latest @most + 1
 * @room: for how many there is room
 * @first: where the oldest stands in the ring
 * @last: the latest moment
 * @above: until then there are too many
 * @raised: it has been said
 */
struct counted {
	LIST_ENTRY(counted) in_bucket;
	TAILQ_ENTRY(counted) in_order;
	TAILQ_ENTRY(counted) in_raised;
	struct window_key key;
	uint64_t *moments;
	uint32_t n;
	uint32_t room;
	uint32_t first;
	uint64_t last;
	uint64_t above;
	bool raised;
};

TAILQ_HEAD(counted_list, counted);

/**
 * struct window - all of them
 * @order: the one seen last stands first
 * @latest: the latest time that is known
 * @next: the earliest end of what was raised, or before that
 */
struct window {
	uint32_t most;
	uint64_t period;
	LIST_HEAD(bucket, counted) buckets[BUCKETS];
	struct counted_list order;
	struct counted_list raised;
	uint64_t latest;
	uint64_t next;
	uint32_t n_keys;
	uint64_t n_moments;
	uint64_t forgotten;
};

struct window *window_new(uint32_t most, uint64_t period)
{
	struct window *w = need(calloc(1, sizeof(*w)));

	w->most = most;
	w->period = period;
	w->next = UINT64_MAX;
	TAILQ_INIT(&w->order);
	TAILQ_INIT(&w->raised);
	return w;
}

static void counted_free(struct window *w, struct counted *c)
{
	LIST_REMOVE(c, in_bucket);
	TAILQ_REMOVE(&w->order, c, in_order);
	if (c->raised)
		TAILQ_REMOVE(&w->raised, c, in_raised);
	w->n_keys--;
	w->n_moments -= c->room;
	free(c->moments);
	free(c);
}

void window_free(struct window *w)
{
	while (!TAILQ_EMPTY(&w->order))
		counted_free(w, TAILQ_FIRST(&w->order));
	free(w);
}

static bool key_eq(const struct window_key *a, const struct window_key *b)
{
	return a->len == b->len && !memcmp(a->b, b->b, a->len);
}

static struct bucket *bucket_of(struct window *w, const struct window_key *key)
{
	uint32_t hash = 2166136261u;
	unsigned int i;

	for (i = 0; i < key->len; i++)
		hash = (hash ^ key->b[i]) * 16777619u;
	return &w->buckets[(hash ^ hash >> 16) % BUCKETS];
}

static struct counted *counted_of(struct window *w, const struct window_key *key)
{
	struct bucket *b = bucket_of(w, key);
	struct counted *c;

	LIST_FOREACH(c, b, in_bucket)
	if (key_eq(&c->key, key))
		break;
	if (c) {
		TAILQ_REMOVE(&w->order, c, in_order);
	} else {
		c = need(calloc(1, sizeof(*c)));
		c->key = *key;
		LIST_INSERT_HEAD(b, c, in_bucket);
		w->n_keys++;
	}
	TAILQ_INSERT_HEAD(&w->order, c, in_order);
	return c;
}

/* All begins anew, as after a clock was set back; what was raised is over in a period. */
static void begin_anew(struct window *w, uint64_t now)
{
	struct counted *c;

	TAILQ_FOREACH(c, &w->order, in_order)
	{
		c->n = 0;
		c->last = now;
		c->above = now;
	}
	w->next = TAILQ_EMPTY(&w->raised) ? UINT64_MAX : now + w->period;
	w->latest = now;
}

/* Two processors may tell in another order than it happened, but not by so much. */
static void go_on(struct window *w, uint64_t now)
{
	if (now + w->period < w->latest)
		begin_anew(w, now);
	if (now > w->latest)
		w->latest = now;
}

static void make_room(struct window *w, struct counted *c)
{
	uint32_t room = c->room ? 2 * c->room : 4;
	uint64_t *moments;
	uint32_t i;

	if (room > w->most + 1)
		room = w->most + 1;
	moments = need(reallocarray(NULL, room, sizeof(*moments)));
	for (i = 0; i < c->n; i++)
		moments[i] = c->moments[(c->first + i) % c->room];
	free(c->moments);
	w->n_moments += room - c->room;
	c->moments = moments;
	c->room = room;
	c->first = 0;
}

static void moment_add(struct window *w, struct counted *c, uint64_t now)
{
	if (c->n == c->room && c->room <= w->most)
		make_room(w, c);
	if (c->n == c->room) {
		c->first = (c->first + 1) % c->room;
		c->n--;
	}
	c->moments[(c->first + c->n) % c->room] = now;
	c->n++;
}

static void moments_expire(struct window *w, struct counted *c)
{
	while (c->n && c->moments[c->first] + w->period <= c->last) {
		c->first = (c->first + 1) % c->room;
		c->n--;
	}
}

/* Of those nothing counts any more. */
static void drop_old(struct window *w)
{
	struct counted *c = TAILQ_LAST(&w->order, counted_list);

	while (c && !c->raised && c->last + w->period <= w->latest) {
		counted_free(w, c);
		c = TAILQ_LAST(&w->order, counted_list);
	}
}

static void forget_some(struct window *w)
{
	struct counted *c;

	while (w->n_keys > WINDOW_KEYS || w->n_moments > WINDOW_MOMENTS) {
		c = TAILQ_LAST(&w->order, counted_list);
		w->forgotten += c->raised || c->last + w->period > w->latest;
		counted_free(w, c);
	}
}

bool window_count(struct window *w, const struct window_key *key, uint64_t now)
{
	struct counted *c;
	bool raise;

	go_on(w, now);
	c = counted_of(w, key);
	c->last = now > c->last ? now : c->last;
	moments_expire(w, c);
	moment_add(w, c, c->last);
	drop_old(w);
	forget_some(w);
	if (c->n <= w->most)
		return false;
	c->above = c->moments[c->first] + w->period;
	raise = !c->raised;
	if (raise)
		TAILQ_INSERT_TAIL(&w->raised, c, in_raised);
	c->raised = true;
	if (c->above + w->period < w->next)
		w->next = c->above + w->period;
	return raise;
}

static void find_next(struct window *w)
{
	struct counted *c;

	w->next = UINT64_MAX;
	TAILQ_FOREACH(c, &w->raised, in_raised)
	if (c->above + w->period < w->next)
		w->next = c->above + w->period;
}

bool window_over(struct window *w, uint64_t now, struct window_key *key)
{
	struct counted *c;

	go_on(w, now);
	if (w->latest < w->next)
		return false;
	TAILQ_FOREACH(c, &w->raised, in_raised)
	{
		if (w->latest < c->above + w->period)
			continue;
		c->raised = false;
		TAILQ_REMOVE(&w->raised, c, in_raised);
		*key = c->key;
		return true;
	}
	find_next(w);
	return false;
}

uint64_t window_next(const struct window *w)
{
	return w->next;
}

uint64_t window_forgotten(struct window *w)
{
	uint64_t n = w->forgotten;

	w->forgotten = 0;
	return n;
}
