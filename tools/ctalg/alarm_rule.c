// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ctalg/proto.h>

#include "alarm_command.h"
#include "alarm_rule.h"
#include "names.h"
#include "service.h"
#include "text.h"
#include "tool.h"

static const char *const pers[] = {
	[ALARM_PER_ALL] = "",
	[ALARM_PER_HOST] = "host",
	[ALARM_PER_USER] = "user",
	[ALARM_PER_HELPER] = "helper",
};

enum {
	PERS = sizeof(pers) / sizeof(pers[0]),
};

const char *alarm_per_name(enum alarm_per per)
{
	return pers[per];
}

static bool wrong(char said[ALARM_ERROR_SIZE], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool wrong(char said[ALARM_ERROR_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said, ALARM_ERROR_SIZE, format, args);
	va_end(args);
	return false;
}

static bool has_reason(const struct ctalg_proto *p, const char *word)
{
	unsigned int i;

	for (i = 0; i < p->n_reasons; i++)
		if (!strcmp(p->reasons[i], word))
			return true;
	return false;
}

static bool is_reason(const char *word)
{
	const struct service *s;
	unsigned int i;

	for (i = CTALG_R_NONE + 1; i < CTALG_R_SHARED_MAX; i++)
		if (!strcmp(ctalg_reason_name(i), word))
			return true;
	for (s = services; s->name; s++)
		if (has_reason(s->proto, word))
			return true;
	return false;
}

bool alarm_event_read(struct alarm_rule *r, const char *word, char said[ALARM_ERROR_SIZE])
{
	r->kinds = event_kinds_of(word);
	if (!r->kinds && !is_reason(word))
		return wrong(
			said,
			"\"%.40s\" is neither a kind of event nor a reason; \"ctalg monitor --help\" "
			"has the kinds, \"ctalg stats\" reasons",
			word);
	snprintf(r->event, sizeof(r->event), "%s", word);
	return true;
}

/* minute, 30s */
static bool period_of(const char *word, uint32_t *seconds)
{
	static const struct {
		const char *name;
		uint32_t seconds;
	} units[] = { { "second", 1 }, { "minute", 60 }, { "hour", 3600 }, { "day", 86400 } };
	char digits[8];
	uint64_t n;
	size_t i, len = strlen(word);

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		*seconds = units[i].seconds;
		if (!strcmp(units[i].name, word))
			return true;
	}
	if (len < 2 || len > sizeof(digits) || word[len - 1] != 's')
		return false;
	snprintf(digits, sizeof(digits), "%.*s", (int)len - 1, word);
	if (!number_of(digits, ALARM_SECONDS, &n))
		return false;
	*seconds = (uint32_t)n;
	return n > 0;
}

bool alarm_rate_read(struct alarm_rule *r, const char *word, char said[ALARM_ERROR_SIZE])
{
	const char *slash = strchr(word, '/');
	char digits[8];
	uint64_t n;

	snprintf(digits, sizeof(digits), "%.*s", slash ? (int)(slash - word) : 0, word);
	if (!slash || slash - word >= (int)sizeof(digits) || !number_of(digits, ALARM_MOST, &n) ||
	    !period_of(slash + 1, &r->seconds))
		return wrong(said,
			     "\"%.40s\" is not a rate such as 20/minute or 10/30s: at most %d per "
			     "second, minute, hour, day, or 1s to %ds",
			     word, ALARM_MOST, ALARM_SECONDS);
	r->most = (uint32_t)n;
	return true;
}

bool alarm_per_read(struct alarm_rule *r, const char *word, char said[ALARM_ERROR_SIZE])
{
	unsigned int i;

	for (i = ALARM_PER_ALL + 1; i < PERS; i++)
		if (!strcmp(pers[i], word))
			break;
	if (i == PERS)
		return wrong(said,
			     "an alarm counts per host, per user or per helper, not per \"%.40s\"",
			     word);
	r->per = (enum alarm_per)i;
	return true;
}

bool alarm_command_read(struct alarm_rule *r, const char *command, char said[ALARM_ERROR_SIZE])
{
	if (!alarm_command_check(command, said))
		return false;
	r->command = need(strdup(command));
	return true;
}

/* The next word of @text, which goes on behind it and the blanks that follow; false if there is none. */
static bool next_word(const char **text, char word[ALARM_NAME_SIZE])
{
	size_t len = strcspn(*text, " \t");

	snprintf(word, ALARM_NAME_SIZE, "%.*s", (int)len, *text);
	*text += len;
	*text += strspn(*text, " \t");
	return len;
}

static void name_it(struct alarm_rule *r, const char *rate)
{
	snprintf(r->name, sizeof(r->name), "%s %.20s%s%s", r->event, rate, r->per ? " per " : "",
		 pers[r->per]);
}

static bool tail_read(struct alarm_rule *r, const char *text, char said[ALARM_ERROR_SIZE])
{
	char word[ALARM_NAME_SIZE];
	bool more = next_word(&text, word);

	if (more && !strcmp(word, "per")) {
		if (!next_word(&text, word))
			return wrong(said, "\"per\" wants host, user or helper behind it");
		if (!alarm_per_read(r, word, said))
			return false;
		more = next_word(&text, word);
	}
	if (more && strcmp(word, "run"))
		return wrong(
			said,
			"\"%.40s\" is a word too many; behind the rate come \"per\" host, user "
			"or helper, and \"run\" with a command",
			word);
	return !more || alarm_command_read(r, text, said);
}

bool alarm_rule_read(struct alarm_rule *r, const char *text, char said[ALARM_ERROR_SIZE])
{
	char event[ALARM_NAME_SIZE], rate[ALARM_NAME_SIZE];

	memset(r, 0, sizeof(*r));
	text += strspn(text, " \t");
	if (!next_word(&text, event) || !next_word(&text, rate))
		return wrong(said,
			     "an alarm is an event and a rate, such as \"denied 20/minute\"; see "
			     "\"ctalg monitor --help\"");
	if (!alarm_event_read(r, event, said) || !alarm_rate_read(r, rate, said) ||
	    !tail_read(r, text, said))
		return false;
	name_it(r, rate);
	return true;
}

bool alarm_rule_matches(const struct alarm_rule *r, const struct event *e)
{
	if (!r->kinds)
		return !strcmp(r->event, e->reason);
	return event_kind_among(e->kind, r->kinds);
}
