// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "kernel.h"
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

static void stats_main(const struct options *o)
{
	struct helper *list;
	size_t n = kernel_helpers(&list);

	if (o->json)
		print_json(list, n);
	else
		print_table(list, n);
	free(list);
}

const struct noun stats_noun = {
	.name = "stats",
	.run = stats_main,
	.about = "what has been counted, by helper and reason",
	.help = "Counters that are not zero: for what the originator of a flow sent (ORIG)\n"
		"and for what the other side sent (REPLY). They begin at zero when the helper\n"
		"is loaded.\n"
		"\n"
		"  $ ctalg stats --json | jq '.ftp[\"pinhole-opened\"].orig'\n",
};
