// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "kernel.h"
#include "picture.h"
#include "prometheus.h"
#include "tool.h"
#include "view.h"

static json_t *counters_json(const struct helper *h)
{
	json_t *all = need(json_object());
	size_t i;

	for (i = 0; i < h->n_counters; i++) {
		const struct counter *c = &h->counter[i];

		json_object_set_new(all, c->reason,
				    json_pack("{sI sI}", "orig", (json_int_t)c->orig, "reply",
					      (json_int_t)c->reply));
	}
	return all;
}

static void print_json(const struct helper *list, size_t n)
{
	json_t *all = need(json_object());
	size_t i;

	for (i = 0; i < n; i++)
		json_object_set_new(all, list[i].name, counters_json(&list[i]));
	json_print(all);
}

static void print_table(const struct helper *list, size_t n)
{
	static const char *const titles[] = { "HELPER", "REASON", ">ORIG", ">REPLY", NULL };
	struct table *t = table_new(titles);
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < list[i].n_counters; k++) {
			const struct counter *c = &list[i].counter[k];

			table_cell(t, "%s", list[i].name);
			table_cell(t, "%s", c->reason);
			table_cell(t, "%llu", (unsigned long long)c->orig);
			table_cell(t, "%llu", (unsigned long long)c->reply);
		}
	}
	if (table_rows(t))
		table_print(t);
	else
		puts(n ? "Nothing has been counted yet." : "No helper is loaded.");
}

static void print_counters(bool json)
{
	struct helper *list;
	size_t n = kernel_helpers(&list);

	if (json)
		print_json(list, n);
	else
		print_table(list, n);
	free(list);
}

static void stats_main(const struct options *o)
{
	bool prometheus = option_value(o, "prometheus");
	struct picture p;

	if (prometheus && o->json)
		misused("\"--prometheus\" is a form of its own; leave \"--json\" away");
	if (prometheus) {
		picture_take(&p);
		prometheus_print(&p);
		picture_free(&p);
	} else {
		print_counters(o->json);
	}
}

static const struct noun_option options[] = {
	{ "prometheus", NULL },
	{},
};

const struct noun stats_noun = {
	.name = "stats",
	.run = stats_main,
	.options = options,
	.about = "what has been counted, by helper and reason",
	.help = "Counters that are not zero: for what the originator of a flow sent (ORIG)\n"
		"and for what the other side sent (REPLY). They begin at zero when the helper\n"
		"is loaded.\n"
		"\n"
		"  --prometheus  in the text format of Prometheus, with how many flows, sessions\n"
		"                and pinholes there are, and the limits\n"
		"\n"
		"  $ ctalg stats --json | jq '.ftp[\"pinhole-opened\"].orig'\n"
		"  $ cd /var/lib/prometheus/node-exporter &&\n"
		"    ctalg stats --prometheus >ctalg.tmp && mv ctalg.tmp ctalg.prom\n",
};
