// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "limits.h"
#include "text.h"
#include "tool.h"
#include "view.h"

bool limit_is_memory(const char *name)
{
	return strstr(name, "memory");
}

const char *limit_text(char buf[ENDPOINT_SIZE], const char *name, const struct maybe *n)
{
	if (!n->known)
		snprintf(buf, ENDPOINT_SIZE, "-");
	else if (limit_is_memory(name))
		bytes_text(buf, n);
	else
		snprintf(buf, ENDPOINT_SIZE, "%llu", (unsigned long long)n->n);
	return buf;
}

static void cell(struct table *t, const struct limit *m, struct maybe n)
{
	char buf[ENDPOINT_SIZE];

	table_cell(t, "%s", limit_text(buf, m->name, &n));
}

static const char *const titles[] = { "LIMIT", ">VALUE", ">DEFAULT", ">NOW", ">PEAK", NULL };

static void row(struct table *t, const void *item)
{
	const struct limit *m = item;

	table_cell(t, "%s", m->name);
	cell(t, m, (struct maybe){ true, m->value });
	cell(t, m, (struct maybe){ true, m->standard });
	cell(t, m, m->now);
	cell(t, m, (struct maybe){ true, m->peak });
}

static json_t *json(const void *item)
{
	const struct limit *m = item;
	json_t *o = need(json_object());

	json_object_set_new(o, "name", json_text(m->name));
	json_object_set_new(o, "value", json_number(m->value));
	json_object_set_new(o, "default", json_number(m->standard));
	json_object_set_new(o, "now", json_maybe(&m->now));
	json_object_set_new(o, "peak", json_number(m->peak));
	return o;
}

static void print_limits(bool as_json)
{
	static const struct view view = { "There are no limits.", titles, row, json };
	struct limit *list;
	size_t n = kernel_limits(&list);

	view_print(&view, list, n, sizeof(*list), as_json);
	free(list);
}

static void fail_unknown(const char *name)
{
	fail("there is no limit \"%s\"; \"ctalg limits\" shows those there are", name);
}

static uint64_t standard_of(const char *name)
{
	struct limit *list;
	size_t n = kernel_limits(&list), i;
	uint64_t standard = 0;

	for (i = 0; i < n && strcmp(list[i].name, name); i++)
		;
	if (i == n)
		fail_unknown(name);
	standard = list[i].standard;
	free(list);
	return standard;
}

static uint64_t value_of(const char *name, const char *word)
{
	uint64_t n;

	if (!strcmp(word, "default"))
		return standard_of(name);
	if (limit_is_memory(name) && !size_of(word, UINT64_MAX, &n))
		misused("\"%s\" is not a number of bytes such as 16M; see \"ctalg limits --help\"",
			word);
	if (!limit_is_memory(name) && !number_of(word, UINT64_MAX, &n))
		misused("\"%s\" is not a number; see \"ctalg limits --help\"", word);
	return n;
}

/* All are read before one is set: a slip of the pen changes nothing. */
static void set_limits(const struct options *o)
{
	uint64_t *values = need(calloc((size_t)o->argc, sizeof(*values)));
	int i;

	for (i = 0; i < o->argc; i += 2)
		values[i] = value_of(o->argv[i], o->argv[i + 1]);
	for (i = 0; i < o->argc; i += 2)
		if (!kernel_limit_set(o->argv[i], values[i]))
			fail_unknown(o->argv[i]);
	free(values);
}

static void limits_main(const struct options *o)
{
	if (o->argc % 2)
		misused("\"limits\" wants nothing after it, or a limit and its value; see \"ctalg limits --help\"");
	if (o->argc)
		set_limits(o);
	else
		print_limits(o->json);
}

const struct noun limits_noun = {
	.name = "limits",
	.args = "[NAME VALUE|default ...]",
	.run = limits_main,
	.about = "how much there may be of what, and how near that is",
	.help = "The limits of this namespace, what they are by default, how much there is NOW, and\n"
		"how much there has been at most since the namespace began. What is for one host,\n"
		"flow or session has no NOW, and its PEAK is that of the one that had most.\n"
		"Memory is of bytes held back and remembered, and can be said with K, M or G.\n"
		"Lowering a limit closes nothing: it holds for what comes.\n"
		"\n"
		"  $ ctalg limits\n"
		"  $ ctalg limits host-pinholes 1000 memory 64M\n"
		"  $ ctalg limits host-pinholes default\n",
};
