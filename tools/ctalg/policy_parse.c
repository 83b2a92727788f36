// SPDX-License-Identifier: GPL-2.0
/* The statements of a policy file: sets, limits, and the sections of protocols. */
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "service.h"

enum {
	COUNT_MOST = 1000000,
	SET_NAME_MAX = 63,
	/* What the kernel tells limits apart by. */
	LIMIT_NAME_MAX = 31,
};

static void skip_stops(struct draft *d)
{
	while (policy_skip_kind(d, POLICY_STOP))
		;
}

static bool wanted(struct draft *d, enum policy_token_kind kind, const char *what)
{
	char buf[POLICY_SHOWN_SIZE];

	if (policy_skip_kind(d, kind))
		return true;
	return policy_wrong(d, d->at, "%s cannot stand here; %s", policy_shown(buf, d->at), what);
}

/* Behind a mistake: to the end of the statement, with all braces closed that are opened on the way. */
static void resume(struct draft *d)
{
	unsigned int depth = d->open;

	d->failed = false;
	d->open = 0;
	for (; d->at->kind != POLICY_END; d->at++) {
		if (d->at->kind == POLICY_STOP && !depth)
			return;
		if (d->at->kind == POLICY_OPEN) {
			depth++;
		} else if (d->at->kind == POLICY_CLOSE) {
			if (!depth)
				return;
			depth--;
		}
	}
}

static bool member(struct draft *d, struct draft_set *s)
{
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);
	struct draft_set *other;
	struct policy_range r;
	size_t i;

	if (t->kind != POLICY_WORD)
		return policy_wrong(d, t, "an address or a set's name is missing before %s",
				    policy_shown(buf, t));
	if (policy_is_address(t)) {
		if (!policy_address(d, t, &r))
			return false;
		policy_ranges_add(&s->ranges, &r);
		return true;
	}
	other = policy_set_of(d, t);
	if (!other || other == s)
		return policy_wrong(d, t, "there is no set %s; define it before this one",
				    policy_shown(buf, t));
	other->used = true;
	/* Each of its addresses once, however often it is named. */
	if (other->in == d->n_sets)
		return true;
	other->in = d->n_sets;
	for (i = 0; i < other->ranges.n; i++)
		policy_ranges_add(&s->ranges, &other->ranges.r[i]);
	return true;
}

static bool members(struct draft *d, struct draft_set *s)
{
	d->open = 1;
	do {
		skip_stops(d);
		if (d->at->kind == POLICY_CLOSE && s->ranges.n)
			break;
		if (!member(d, s))
			return false;
		skip_stops(d);
	} while (policy_skip_kind(d, POLICY_COMMA));
	if (!wanted(d, POLICY_CLOSE,
		    "the addresses of a set stand in braces, with commas between them"))
		return false;
	d->open = 0;
	return true;
}

static bool set(struct draft *d)
{
	const struct policy_token *name = policy_next(d);
	struct draft_set *s;

	if (!policy_name(d, name, "set", SET_NAME_MAX))
		return false;
	s = policy_set_of(d, name);
	if (s)
		return policy_wrong(
			d, name, "the set \"%s\" stands in line %u already; write all of it there",
			name->text, s->name.line);
	d->sets = policy_more(d->sets, d->n_sets, sizeof(*d->sets));
	s = &d->sets[d->n_sets++];
	*s = (struct draft_set){ .name = *name };
	if (!wanted(d, POLICY_OPEN, "behind a set's name its addresses stand in braces") ||
	    !members(d, s))
		return false;
	policy_ranges_merge(&s->ranges);
	return true;
}

static bool period_of(const char *word, uint32_t *period)
{
	static const struct {
		const char *word;
		uint32_t period;
	} periods[] = {
		{ "second", 1000 }, { "minute", 60000 }, { "hour", 3600000 }, { "day", 86400000 }
	};
	size_t i;

	for (i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
		if (!strcmp(periods[i].word, word)) {
			*period = periods[i].period;
			return true;
		}
	}
	return false;
}

static bool count_of(const char *word, uint32_t *n)
{
	uint64_t count;

	if (!policy_number(word, COUNT_MOST, &count) || !count)
		return false;
	*n = (uint32_t)count;
	return true;
}

static bool rate(struct draft *d, struct draft_limit *l, const struct policy_token *t)
{
	char number[16] = "";
	const char *slash = strchr(t->text, '/');

	if (slash - t->text < (long)sizeof(number))
		memcpy(number, t->text, (size_t)(slash - t->text));
	if (!count_of(number, &l->events) || !period_of(slash + 1, &l->period))
		return policy_wrong(
			d, t,
			"\"%.40s\" is no rate; write a number up to %d, / and second, minute, hour or day, as 20/second",
			t->text, COUNT_MOST);
	l->burst = l->events;
	if (!policy_skip(d, "burst"))
		return true;
	t = policy_next(d);
	return (t->kind == POLICY_WORD && count_of(t->text, &l->burst)) ||
	       policy_wrong(d, t, "behind \"burst\" write how many may come at once, 1 to %d",
			    COUNT_MOST);
}

static bool amount(struct draft *d, struct draft_limit *l)
{
	const struct policy_token *t = policy_next(d);

	if (t->kind == POLICY_WORD && strchr(t->text, '/'))
		return rate(d, l, t);
	if (t->kind != POLICY_WORD || !count_of(t->text, &l->sessions) ||
	    (!policy_skip(d, "sessions") && !policy_skip(d, "session")))
		return policy_wrong(
			d, t,
			"a limit is a number up to %d and \"sessions\", or a rate such as 20/second",
			COUNT_MOST);
	return true;
}

static bool per(struct draft *d, struct draft_limit *l)
{
	l->per = CTALG_PER_NET;
	if (!policy_skip(d, "per"))
		return true;
	if (policy_skip(d, "host"))
		l->per = CTALG_PER_HOST;
	else if (policy_skip(d, "user"))
		l->per = CTALG_PER_USER;
	else
		return policy_wrong(
			d, d->at,
			"behind \"per\" write host or user; without it, the limit is for all together");
	return true;
}

static bool limit(struct draft *d)
{
	const struct policy_token *name = policy_next(d);
	struct draft_limit *l;

	if (!policy_name(d, name, "limit", LIMIT_NAME_MAX))
		return false;
	l = policy_limit_of(d, name);
	if (l)
		return policy_wrong(d, name,
				    "the limit \"%s\" stands in line %u already; take another name",
				    name->text, l->name.line);
	d->limits = policy_more(d->limits, d->n_limits, sizeof(*d->limits));
	l = &d->limits[d->n_limits++];
	*l = (struct draft_limit){ .name = *name };
	return amount(d, l) && per(d, l);
}

/* At the end of a statement. */
static bool ends(struct draft *d)
{
	char buf[POLICY_SHOWN_SIZE];

	if (d->at->kind == POLICY_STOP || d->at->kind == POLICY_CLOSE || d->at->kind == POLICY_END)
		return true;
	return policy_wrong(
		d, d->at,
		"%s cannot stand here, the statement is complete; begin the next one in a new line, or write ; before it",
		policy_shown(buf, d->at));
}

static void rules(struct draft *d, const struct policy_token *begin)
{
	for (;;) {
		skip_stops(d);
		if (d->at->kind == POLICY_CLOSE || d->at->kind == POLICY_END)
			break;
		if (!policy_rule(d) || !ends(d))
			resume(d);
	}
	if (!policy_skip_kind(d, POLICY_CLOSE))
		policy_wrong(d, begin, "the section has no end; close it with }");
}

/* "any, ftp, tftp" */
static const char *section_names(char *buf, size_t size)
{
	const struct service *s;
	size_t at = (size_t)snprintf(buf, size, "any");

	for (s = services; s->name && at < size; s++)
		at += (size_t)snprintf(buf + at, size - at, ", %s", s->name);
	return buf;
}

static bool service_is(struct draft *d, const struct policy_token *name)
{
	char buf[POLICY_SHOWN_SIZE], names[256];
	const struct service *s = services;

	d->service = NULL;
	if (policy_is_word(name, "any"))
		return true;
	while (s->name && !policy_is_word(name, s->name))
		s++;
	d->service = s;
	return s->name ||
	       policy_wrong(d, name,
			    "%s is neither \"set\" nor \"limit\" nor a protocol; sections are: %s",
			    policy_shown(buf, name), section_names(names, sizeof(names)));
}

static bool section(struct draft *d)
{
	const struct policy_token *name = policy_next(d);

	if (!service_is(d, name))
		return false;
	if (!wanted(d, POLICY_OPEN, "a protocol's rules stand in braces behind its name"))
		return false;
	rules(d, name);
	return !d->failed;
}

static bool statement(struct draft *d)
{
	if (policy_skip(d, "set"))
		return set(d);
	if (policy_skip(d, "limit"))
		return limit(d);
	return section(d);
}

void policy_statements(struct draft *d)
{
	for (;;) {
		skip_stops(d);
		if (d->at->kind == POLICY_END)
			return;
		if (statement(d) && ends(d))
			continue;
		resume(d);
		/* A brace that closes nothing has been told of. */
		policy_skip_kind(d, POLICY_CLOSE);
	}
}
