// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "kernel.h"
#include "names.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static const char *const titles[] = { ">FLOW",	"HELPER",    "PROTO",  "FROM",	   "TO",
				      ">ZONE",	">AGE",	     "SENDER", "ANSWERER", "EDITED",
				      ">SHIFT", ">SESSIONS", NULL };

static void row(struct table *t, const void *item)
{
	const struct flow *f = item;
	char buf[ENDPOINT_SIZE];

	table_cell(t, "%llu", (unsigned long long)f->id);
	table_cell(t, "%s", f->helper);
	table_cell(t, "%s", l4_text(buf, f->l4));
	table_cell(t, "%s", endpoint_text(buf, &f->src, f->src_port));
	table_cell(t, "%s", endpoint_text(buf, &f->dst, f->dst_port));
	table_cell(t, "%u", f->zone);
	table_cell(t, "%s", age_text(buf, f->age));
	table_cell(t, "%s", f->has_streams ? stream_mode_name(f->orig_mode) : "-");
	table_cell(t, "%s", f->has_streams ? stream_mode_name(f->reply_mode) : "-");
	table_cell(t, "%s", f->edited ? "yes" : "no");
	table_cell(t, "%+d/%+d", f->orig_offset, f->reply_offset);
	table_cell(t, "%u", f->sessions);
}

static json_t *json(const void *item)
{
	const struct flow *f = item;
	char buf[ENDPOINT_SIZE];
	json_t *o = need(json_object());

	json_object_set_new(o, "id", json_integer((json_int_t)f->id));
	json_object_set_new(o, "helper", json_text(f->helper));
	json_object_set_new(o, "l4", json_text(l4_text(buf, f->l4)));
	json_object_set_new(o, "src", json_text(address_text(buf, &f->src)));
	json_object_set_new(o, "src_port", json_integer(f->src_port));
	json_object_set_new(o, "dst", json_text(address_text(buf, &f->dst)));
	json_object_set_new(o, "dst_port", json_integer(f->dst_port));
	json_object_set_new(o, "zone", json_integer(f->zone));
	json_object_set_new(o, "age_ms", json_integer((json_int_t)f->age));
	json_object_set_new(o, "orig_mode",
			    json_text(f->has_streams ? stream_mode_name(f->orig_mode) : ""));
	json_object_set_new(o, "reply_mode",
			    json_text(f->has_streams ? stream_mode_name(f->reply_mode) : ""));
	json_object_set_new(o, "edited", json_boolean(f->edited));
	json_object_set_new(o, "orig_offset", json_integer(f->orig_offset));
	json_object_set_new(o, "reply_offset", json_integer(f->reply_offset));
	json_object_set_new(o, "orig_held", json_integer(f->orig_held));
	json_object_set_new(o, "reply_held", json_integer(f->reply_held));
	json_object_set_new(o, "sessions", json_integer(f->sessions));
	return o;
}

static void flows_main(const struct options *o)
{
	static const struct view view = { "There are no flows.", titles, row, json };
	struct flow *list;
	size_t n = kernel_flows(&list);

	view_print(&view, list, n, sizeof(*list), o->json);
	free(list);
}

const struct noun flows_noun = {
	.name = "flows",
	.run = flows_main,
	.about = "control flows that helpers watch",
	.help = "A flow is one connection that a rule gave a helper. SENDER and ANSWERER tell\n"
		"what is being done with the bytes of either side: \"reading\", \"deaf\" when\n"
		"nothing will be read any more (encrypted, or not the protocol), \"idle\" before\n"
		"the beginning has been seen.\n"
		"\n"
		"  $ ctalg -n router flows\n",
};
