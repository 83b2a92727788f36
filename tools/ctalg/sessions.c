// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "kernel.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static const char *const titles[] = { ">FLOW", "HELPER", ">PINHOLES", ">OPENED", "USER", NULL };

static void row(struct table *t, const void *item)
{
	const struct session *s = item;
	char buf[USER_TEXT_SIZE];

	table_cell(t, "%llu", (unsigned long long)s->flow);
	table_cell(t, "%s", s->helper);
	table_cell(t, "%u", s->pinholes);
	table_cell(t, "%u", s->opened);
	table_cell(t, "%s", s->user.len ? user_text(buf, &s->user) : "-");
}

static json_t *json(const void *item)
{
	const struct session *s = item;
	char buf[USER_TEXT_SIZE];
	json_t *o = need(json_object());

	json_object_set_new(o, "flow", json_integer((json_int_t)s->flow));
	json_object_set_new(o, "helper", json_text(s->helper));
	json_object_set_new(o, "user", json_text(user_text(buf, &s->user)));
	json_object_set_new(o, "opened", json_integer(s->opened));
	json_object_set_new(o, "pinholes", json_integer(s->pinholes));
	return o;
}

static void sessions_main(const struct options *o)
{
	static const struct view view = { "There are no sessions.", titles, row, json };
	struct session *list;
	size_t n = kernel_sessions(&list);

	view_print(&view, list, n, sizeof(*list), o->json);
	free(list);
}

const struct noun sessions_noun = {
	.name = "sessions",
	.run = sessions_main,
	.about = "who does what over them",
	.help = "A session is what a user does over a flow. PINHOLES it has now, OPENED it has\n"
		"had altogether. A user's bytes that are not printable ASCII stand as \\xHH.\n"
		"\n"
		"  $ ctalg sessions --json | jq -r '.[].user'\n",
};
