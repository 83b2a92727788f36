// SPDX-License-Identifier: GPL-2.0
/* A command is cut into words by blanks and quotes, and never seen by a shell. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alarm_command.h"
#include "names.h"
#include "text.h"
#include "tool.h"

#define PREFIX "CTALG_"

enum fact {
	FACT_ALARM,
	FACT_EVENT,
	FACT_REASON,
	FACT_HELPER,
	FACT_SRC,
	FACT_DST,
	FACT_USER,
	FACT_COMMAND,
	FACT_OBJECT,
	FACT_COUNT,
	FACT_PERIOD,
	FACT_RULE,
};

static const char *const names[ALARM_FACTS] = {
	[FACT_ALARM] = PREFIX "ALARM",	 [FACT_EVENT] = PREFIX "EVENT",
	[FACT_REASON] = PREFIX "REASON", [FACT_HELPER] = PREFIX "HELPER",
	[FACT_SRC] = PREFIX "SRC",	 [FACT_DST] = PREFIX "DST",
	[FACT_USER] = PREFIX "USER",	 [FACT_COMMAND] = PREFIX "COMMAND",
	[FACT_OBJECT] = PREFIX "OBJECT", [FACT_COUNT] = PREFIX "COUNT",
	[FACT_PERIOD] = PREFIX "PERIOD", [FACT_RULE] = PREFIX "RULE",
};

const char *alarm_fact_name(unsigned int i)
{
	return i < ALARM_FACTS ? names[i] : NULL;
}

/**
 * struct cutter - a command on its way to words
 * @at: what comes next
 * @f: the values, or NULL if only sense is looked for
 * @out: where words are written
 * @n: words written
 * @unknown: a variable that there is not, as it stands there; NULL while none was met
 * @open: a quotation that did not end
 */
struct cutter {
	const char *at;
	const struct alarm_facts *f;
	FILE *out;
	size_t n;
	const char *unknown;
	char open;
};

static size_t variable_len(const char *s)
{
	size_t n = 0;

	while (isupper((unsigned char)s[n]) || isdigit((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

/* Stands at the "$" of a variable of ours. */
static void cut_variable(struct cutter *c)
{
	size_t len = variable_len(c->at + 1);
	unsigned int i;

	for (i = 0; i < ALARM_FACTS; i++)
		if (strlen(names[i]) == len && !strncmp(names[i], c->at + 1, len))
			break;
	if (i == ALARM_FACTS)
		c->unknown = c->at;
	else if (c->f)
		fputs(c->f->value[i], c->out);
	c->at += 1 + len;
}

static bool is_variable(const char *s)
{
	return s[0] == '$' && !strncmp(s + 1, PREFIX, sizeof(PREFIX) - 1);
}

/* One byte, what it stands for, or a variable; @quote: the quotation that this is in, or 0. */
static void cut_one(struct cutter *c, char quote)
{
	if (quote != '\'' && is_variable(c->at)) {
		cut_variable(c);
		return;
	}
	if (quote != '\'' && c->at[0] == '\\' && c->at[1])
		c->at++;
	fputc(*c->at++, c->out);
}

static void cut_quotation(struct cutter *c)
{
	char quote = *c->at++;

	while (*c->at && *c->at != quote)
		cut_one(c, quote);
	if (*c->at)
		c->at++;
	else
		c->open = quote;
}

static bool is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n';
}

static void cut_word(struct cutter *c)
{
	while (*c->at && !is_blank(*c->at)) {
		if (*c->at == '"' || *c->at == '\'')
			cut_quotation(c);
		else
			cut_one(c, 0);
	}
	fputc(0, c->out);
	c->n++;
}

/* All words, each with its NUL. To be freed. */
static char *cut(struct cutter *c, const char *command, const struct alarm_facts *f)
{
	char *bytes;
	size_t size;

	*c = (struct cutter){ .at = command, .f = f, .out = need(open_memstream(&bytes, &size)) };
	for (;;) {
		while (is_blank(*c->at))
			c->at++;
		if (!*c->at)
			break;
		cut_word(c);
	}
	fclose(c->out);
	return need(bytes);
}

static void list_names(char *buf, size_t size)
{
	unsigned int i;

	buf[0] = 0;
	for (i = 0; i < ALARM_FACTS; i++) {
		strncat(buf, i ? ", " : "", size - strlen(buf) - 1);
		strncat(buf, names[i] + sizeof(PREFIX) - 1, size - strlen(buf) - 1);
	}
}

bool alarm_command_check(const char *command, char said[ALARM_ERROR_SIZE])
{
	char all[ALARM_FACTS * 16];
	struct cutter c;
	char *bytes = cut(&c, command, NULL);
	bool empty = !c.n || !bytes[0];

	free(bytes);
	list_names(all, sizeof(all));
	if (c.unknown)
		snprintf(said, ALARM_ERROR_SIZE,
			 "there is no %.*s; behind $" PREFIX " stands one of %s",
			 (int)(1 + variable_len(c.unknown + 1)), c.unknown, all);
	else if (c.open)
		snprintf(said, ALARM_ERROR_SIZE, "the command's quotation %c is not closed",
			 c.open);
	else if (empty)
		snprintf(said, ALARM_ERROR_SIZE, "what is run is a command, such as %s",
			 "/usr/local/sbin/block $CTALG_SRC");
	return !c.unknown && !c.open && !empty;
}

char **alarm_command_words(const char *command, const struct alarm_facts *f)
{
	struct cutter c;
	char *bytes = cut(&c, command, f), *to;
	size_t i, size = 0, pointers;
	char **words;

	for (i = 0; i < c.n; i++)
		size += strlen(bytes + size) + 1;
	pointers = (c.n + 1) * sizeof(*words);
	words = need(malloc(pointers + size));
	to = (char *)words + pointers;
	memcpy(to, bytes, size);
	free(bytes);
	for (i = 0; i < c.n; i++, to += strlen(to) + 1)
		words[i] = to;
	words[i] = NULL;
	return words;
}

static void put(struct alarm_facts *f, enum fact i, const char *text)
{
	snprintf(f->value[i], ALARM_FACT_SIZE, "%s", text);
}

static void put_number(struct alarm_facts *f, enum fact i, uint64_t n)
{
	snprintf(f->value[i], ALARM_FACT_SIZE, "%llu", (unsigned long long)n);
}

/* Somebody chose these bytes; whoever reads them may not be careful. */
static void put_bytes(struct alarm_facts *f, enum fact i, const uint8_t *b, size_t len)
{
	size_t k;

	for (k = 0; k < len && k < ALARM_FACT_SIZE - 1; k++)
		f->value[i][k] = b[k] >= ' ' && b[k] <= '~' ? (char)b[k] : '?';
	f->value[i][k] = 0;
}

void alarm_facts_of(struct alarm_facts *f, const struct alarm_rule *r, const struct event *e)
{
	char buf[ENDPOINT_SIZE];

	put(f, FACT_ALARM, r->name);
	put(f, FACT_EVENT, event_kind_name(e->kind));
	put(f, FACT_REASON, e->reason);
	put(f, FACT_HELPER, e->helper);
	put(f, FACT_SRC, address_text(buf, &e->src));
	put(f, FACT_DST, address_text(buf, &e->dst));
	put_bytes(f, FACT_USER, e->user.b, e->user.len);
	put(f, FACT_COMMAND, e->command);
	put_bytes(f, FACT_OBJECT, e->object.b, e->object.len);
	put_number(f, FACT_COUNT, (uint64_t)r->most + 1);
	put_number(f, FACT_PERIOD, r->seconds);
	put(f, FACT_RULE, "");
	if (e->rule.known)
		put_number(f, FACT_RULE, e->rule.n);
}
