// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <syslog.h>

#include "alarm.h"
#include "alarm_command.h"
#include "tool.h"

enum {
	NANOSECONDS = 1000000000,
	MILLISECOND = 1000000,
};

/**
 * struct alarm - one
 * @told: when it was last told that some were forgotten
 */
struct alarm {
	TAILQ_ENTRY(alarm) in_all;
	struct alarm_rule rule;
	struct window *window;
	struct alarm_runner runner;
	uint64_t told;
};

static TAILQ_HEAD(, alarm) all = TAILQ_HEAD_INITIALIZER(all);
static unsigned int n_alarms;
static bool in_json;

void alarms_add(const struct alarm_rule *r)
{
	struct alarm *a = need(calloc(1, sizeof(*a)));

	a->rule = *r;
	a->window = window_new(r->most, (uint64_t)r->seconds * NANOSECONDS);
	a->runner.name = a->rule.name;
	a->runner.command = a->rule.command;
	TAILQ_INSERT_TAIL(&all, a, in_all);
	n_alarms++;
}

unsigned int alarms_set(void)
{
	return n_alarms;
}

void alarms_begin(bool json)
{
	in_json = json;
	openlog("ctalg", LOG_PID, LOG_DAEMON);
}

static void key_set(struct window_key *key, const void *b, size_t len)
{
	key->len = (uint8_t)len;
	memcpy(key->b, b, len);
}

/* Returns false if the event does not tell whom to count it for. */
static bool key_of(const struct alarm_rule *r, const struct event *e, struct window_key *key)
{
	memset(key, 0, sizeof(*key));
	if (r->per == ALARM_PER_HOST)
		key_set(key, e->src.b, e->src.len);
	else if (r->per == ALARM_PER_USER)
		key_set(key, e->user.b, e->user.len);
	else if (r->per == ALARM_PER_HELPER)
		key_set(key, e->helper, strlen(e->helper));
	return r->per == ALARM_PER_ALL || key->len;
}

static void tell(const struct alarm *a, const struct window_key *of, const struct event *e,
		 uint64_t now)
{
	if (in_json)
		alarm_print_json(&a->rule, of, e, now);
	else
		alarm_print(&a->rule, of, e, now);
	alarm_log(&a->rule, of, !e);
}

static void raise_it(struct alarm *a, const struct window_key *of, const struct event *e)
{
	struct alarm_facts facts;

	tell(a, of, e, e->time);
	if (!a->rule.command)
		return;
	alarm_facts_of(&facts, &a->rule, e);
	alarm_run(&a->runner, &facts);
}

static void count(struct alarm *a, const struct event *e)
{
	struct window_key key;

	if (!alarm_rule_matches(&a->rule, e) || !key_of(&a->rule, e, &key))
		return;
	if (window_count(a->window, &key, e->time))
		raise_it(a, &key, e);
}

void alarms_event(const struct event *e)
{
	struct alarm *a;

	alarms_tick(e->time);
	TAILQ_FOREACH(a, &all, in_all)
	count(a, e);
}

/* Once in a period at most. */
static void tell_forgotten(struct alarm *a, uint64_t now)
{
	uint64_t n;

	if (a->told && now < a->told + (uint64_t)a->rule.seconds * NANOSECONDS)
		return;
	n = window_forgotten(a->window);
	if (!n)
		return;
	a->told = now;
	warn("the alarm \"%s\" has more to count than it keeps: %llu of those seen least recently were forgotten",
	     a->rule.name, (unsigned long long)n);
}

void alarms_tick(uint64_t now)
{
	struct window_key key;
	struct alarm *a;

	TAILQ_FOREACH(a, &all, in_all)
	{
		while (window_over(a->window, now, &key))
			tell(a, &key, NULL, now);
		tell_forgotten(a, now);
	}
}

int alarms_wait(uint64_t now)
{
	uint64_t next = UINT64_MAX;
	const struct alarm *a;

	TAILQ_FOREACH(a, &all, in_all)
	if (window_next(a->window) < next)
		next = window_next(a->window);
	if (next == UINT64_MAX)
		return -1;
	if (next <= now)
		return 0;
	next = (next - now + MILLISECOND - 1) / MILLISECOND;
	return next < INT_MAX ? (int)next : INT_MAX;
}

void alarms_reap(void)
{
	struct alarm *a;

	TAILQ_FOREACH(a, &all, in_all)
	alarm_reap(&a->runner);
}
