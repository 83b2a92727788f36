// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "limits.h"
#include "picture.h"
#include "text.h"
#include "tool.h"
#include "view.h"

enum {
	/* Of the reasons for trouble, as many are shown. */
	TROUBLES = 8,
	/* From so many hundredths of a limit on it is marked. */
	NEAR = 80,
	BAR = 20,
};

/**
 * struct trouble - what has been refused or passed unread, and how often
 * @helper: its name
 * @reason: the counter's
 */
struct trouble {
	const char *helper;
	const char *reason;
	uint64_t n;
};

static int by_number(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->reason, y->reason);
}

/* All there are, the most frequent first. The caller frees the list. */
static size_t troubles_of(const struct picture *p, struct trouble **list)
{
	size_t n = 0, i, k;

	*list = need(calloc(p->n_helpers * COUNTERS + 1, sizeof(**list)));
	for (i = 0; i < p->n_helpers; i++) {
		const struct helper *h = &p->helpers[i];

		for (k = 0; k < h->n_counters; k++)
			if (is_trouble(h->counter[k].reason))
				(*list)[n++] = (struct trouble){ h->name, h->counter[k].reason,
								 h->counter[k].orig +
									 h->counter[k].reply };
	}
	qsort(*list, n, sizeof(**list), by_number);
	return n;
}

static const char *state_text(const struct helper *h)
{
	if (h->enabled)
		return "enabled";
	return h->finishing ? "finishing" : "off";
}

static bool versions_differ(const struct picture *p)
{
	return p->module[0] && strcmp(p->module, CTALG_VERSION);
}

static void print_versions(const struct picture *p)
{
	printf("%sctalg " CTALG_VERSION "%s, module %s\n", paint(PAINT_STRONG), paint(PAINT_END),
	       p->module[0] ? p->module : "of unknown version");
	if (versions_differ(p))
		printf("%sThe module and the command are of different versions: reload the modules, or reboot.%s\n",
		       paint(PAINT_WARNING), paint(PAINT_END));
}

static void print_helpers(const struct picture *p)
{
	static const char *const titles[] = { "HELPER", "STATE", "PORT",      ">FLOWS", ">SESSIONS",
					      ">OPEN",	">USED", ">MESSAGES", ">EDITS", NULL };
	struct table *t;
	char buf[ENDPOINT_SIZE];
	size_t i;

	if (!p->n_helpers) {
		printf("%sNo helper is loaded.%s\n", paint(PAINT_WARNING), paint(PAINT_END));
		return;
	}
	t = table_new(titles);
	for (i = 0; i < p->n_helpers; i++) {
		const struct helper *h = &p->helpers[i];
		const struct tally *n = &p->tally[i];

		table_cell(t, "%s", h->name);
		table_cell(t, "%s", state_text(h));
		table_cell(t, "%s/%u", transports_text(buf, h->l4, h->l4_too), h->port);
		table_cell(t, "%llu", (unsigned long long)n->flows);
		table_cell(t, "%llu", (unsigned long long)n->sessions);
		table_cell(t, "%llu", (unsigned long long)n->open);
		table_cell(t, "%llu", (unsigned long long)n->used);
		table_cell(t, "%llu", (unsigned long long)counted(h, "message"));
		table_cell(t, "%llu", (unsigned long long)counted(h, "edit"));
	}
	table_print(t);
}

static void print_troubles(const struct picture *p)
{
	static const char *const titles[] = { "REFUSED OR UNREAD", "HELPER", ">TIMES", NULL };
	struct trouble *list;
	size_t n = troubles_of(p, &list), i;
	struct table *t = table_new(titles);

	for (i = 0; i < n && i < TROUBLES; i++) {
		table_cell(t, "%s", list[i].reason);
		table_cell(t, "%s", list[i].helper);
		table_cell(t, "%llu", (unsigned long long)list[i].n);
	}
	if (n)
		table_print(t);
	else
		table_free(t);
	if (!n)
		printf("%sNothing has been refused or has passed unread.%s\n", paint(PAINT_GOOD),
		       paint(PAINT_END));
	if (n > TROUBLES)
		printf("and %zu more; \"ctalg stats\" has them all\n", n - TROUBLES);
	free(list);
}

/* Hundredths of the limit; a limit of 0 is always reached. */
static unsigned int share(uint64_t n, uint64_t limit)
{
	if (n >= limit)
		return 100;
	return (unsigned int)((double)n * 100 / (double)limit);
}

static uint64_t now_or_peak(const struct limit *m)
{
	return m->now.known ? m->now.n : m->peak;
}

/* How much there is, up to the most that there has been, up to the limit. */
static void print_bar(unsigned int now, unsigned int peak)
{
	char bar[BAR + 1];
	unsigned int i;

	for (i = 0; i < BAR; i++)
		bar[i] = i * 100 < now * BAR ? '#' : i * 100 < peak * BAR ? '-' : '.';
	bar[BAR] = 0;
	printf("[%s]", bar);
}

static void print_limit(const struct limit *m)
{
	struct maybe peak = { true, m->peak }, value = { true, m->value };
	unsigned int high = share(m->peak, m->value);
	char a[ENDPOINT_SIZE], b[ENDPOINT_SIZE], c[ENDPOINT_SIZE];
	bool near = high >= NEAR;

	printf("%s%-18s ", near ? paint(PAINT_WARNING) : "", m->name);
	print_bar(share(now_or_peak(m), m->value), high);
	printf(" %3u %%  now %s, peak %s, limit %s%s%s\n", high, limit_text(a, m->name, &m->now),
	       limit_text(b, m->name, &peak), limit_text(c, m->name, &value), near ? "  !" : "",
	       near ? paint(PAINT_END) : "");
}

static void print_text(const struct picture *p)
{
	size_t i;

	print_versions(p);
	putchar('\n');
	print_helpers(p);
	if (p->rules)
		printf("\nA policy with %u rules is loaded.\n", p->rules);
	putchar('\n');
	print_troubles(p);
	putchar('\n');
	for (i = 0; i < p->n_limits; i++)
		print_limit(&p->limits[i]);
}

static json_t *helper_json(const struct helper *h, const struct tally *n)
{
	json_t *o = need(json_object());
	char buf[ENDPOINT_SIZE];

	json_object_set_new(o, "name", json_text(h->name));
	json_object_set_new(o, "state", json_text(state_text(h)));
	json_object_set_new(o, "l4", json_text(l4_text(buf, h->l4)));
	json_object_set_new(o, "l4_too", json_l4(h->l4_too));
	json_object_set_new(o, "port", json_integer(h->port));
	json_object_set_new(o, "flows", json_number(n->flows));
	json_object_set_new(o, "sessions", json_number(n->sessions));
	json_object_set_new(o, "pinholes_open", json_number(n->open));
	json_object_set_new(o, "pinholes_used", json_number(n->used));
	json_object_set_new(o, "messages", json_number(counted(h, "message")));
	json_object_set_new(o, "edits", json_number(counted(h, "edit")));
	return o;
}

static json_t *troubles_json(const struct picture *p)
{
	json_t *all = need(json_array());
	struct trouble *list;
	size_t n = troubles_of(p, &list), i;

	for (i = 0; i < n; i++)
		json_array_append_new(all,
				      json_pack("{ss ss sI}", "reason", list[i].reason, "helper",
						list[i].helper, "times", (json_int_t)list[i].n));
	free(list);
	return all;
}

static json_t *limit_json(const struct limit *m)
{
	json_t *o = need(json_object());

	json_object_set_new(o, "name", json_text(m->name));
	json_object_set_new(o, "value", json_number(m->value));
	json_object_set_new(o, "now", json_maybe(&m->now));
	json_object_set_new(o, "peak", json_number(m->peak));
	json_object_set_new(o, "peak_percent", json_integer(share(m->peak, m->value)));
	json_object_set_new(o, "near", json_boolean(share(m->peak, m->value) >= NEAR));
	return o;
}

static void print_json(const struct picture *p)
{
	json_t *o = need(json_object()), *helpers = need(json_array()),
	       *limits = need(json_array());
	size_t i;

	for (i = 0; i < p->n_helpers; i++)
		json_array_append_new(helpers, helper_json(&p->helpers[i], &p->tally[i]));
	for (i = 0; i < p->n_limits; i++)
		json_array_append_new(limits, limit_json(&p->limits[i]));
	json_object_set_new(o, "tool", json_text(CTALG_VERSION));
	json_object_set_new(o, "module", json_text(p->module));
	json_object_set_new(o, "loaded", json_true());
	json_object_set_new(o, "helpers", helpers);
	json_object_set_new(o, "policy_rules", json_integer(p->rules));
	json_object_set_new(o, "troubles", troubles_json(p));
	json_object_set_new(o, "limits", limits);
	json_print(o);
}

static void print_without_module(bool json)
{
	if (json)
		json_print(json_pack("{ss sn sb}", "tool", CTALG_VERSION, "module", "loaded", 0));
	else
		printf("%sctalg " CTALG_VERSION "%s, %smodule not loaded%s\n", paint(PAINT_STRONG),
		       paint(PAINT_END), paint(PAINT_BAD), paint(PAINT_END));
	fflush(stdout);
	fail("the ctalg module is not loaded: nothing is helped; load a helper, for instance with \"modprobe ctalg_ftp\"");
}

static void status_main(const struct options *o)
{
	struct picture p;

	if (!kernel_has_module())
		print_without_module(o->json);
	picture_take(&p);
	if (o->json)
		print_json(&p);
	else
		print_text(&p);
	picture_free(&p);
}

const struct noun status_noun = {
	.name = "status",
	.run = status_main,
	.about = "how it stands, on one screen",
	.help = "Versions; per helper whether it is enabled, its flows, sessions, pinholes OPEN and\n"
		"USED, and the messages read and changed so far; how many rules a policy has; what\n"
		"was refused or passed unread most often; and the limits: # is how much there is\n"
		"now (for one host, flow or session: what the one with most has had), - up to the\n"
		"peak. A limit is marked with ! when the peak has reached 80 % of it. If the module\n"
		"is not loaded, that is said, and the exit code is 1.\n"
		"\n"
		"  $ ctalg status\n"
		"  $ ctalg status --json | jq -r '.limits[] | select(.near).name'\n",
};
