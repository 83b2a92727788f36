// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "kernel.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static const char *const titles[] = { "HELPER",	   "PROTO",	    ">PORT", "ENABLED",
				      ">LIFETIME", "OUTSIDE-PORTS", "LOOSE", "ANY-SOURCE",
				      "STRICT",	   "VERSION",	    NULL };

static const char *enabled_text(const struct helper *h)
{
	if (h->enabled)
		return "on";
	return h->finishing ? "finishing" : "off";
}

static void row(struct table *t, const void *item)
{
	const struct helper *h = item;
	char buf[ENDPOINT_SIZE];

	table_cell(t, "%s", h->name);
	table_cell(t, "%s", transports_text(buf, h->l4, h->l4_too));
	table_cell(t, "%u", h->port);
	table_cell(t, "%s", enabled_text(h));
	table_cell(t, "%u s", h->lifetime);
	table_cell(t, "%s", port_range_text(buf, h->port_first, h->port_last));
	table_cell(t, "%s", h->loose ? "on" : "off");
	table_cell(t, "%s", h->any_source ? "on" : "off");
	table_cell(t, "%s", h->strict ? "on" : "off");
	table_cell(t, "%s", h->version);
}

static json_t *json(const void *item)
{
	const struct helper *h = item;
	char buf[ENDPOINT_SIZE];
	json_t *o = need(json_object());

	json_object_set_new(o, "name", json_text(h->name));
	json_object_set_new(o, "l4", json_text(l4_text(buf, h->l4)));
	json_object_set_new(o, "l4_too", json_l4(h->l4_too));
	json_object_set_new(o, "port", json_integer(h->port));
	json_object_set_new(o, "enabled", json_boolean(h->enabled));
	json_object_set_new(o, "finishing", json_boolean(h->finishing));
	json_object_set_new(o, "lifetime", json_integer(h->lifetime));
	json_object_set_new(o, "port_first",
			    h->port_first ? json_integer(h->port_first) : json_null());
	json_object_set_new(o, "port_last",
			    h->port_first ? json_integer(h->port_last) : json_null());
	json_object_set_new(o, "loose", json_boolean(h->loose));
	json_object_set_new(o, "any_source", json_boolean(h->any_source));
	json_object_set_new(o, "strict", json_boolean(h->strict));
	json_object_set_new(o, "version", json_text(h->version));
	return o;
}

static void helpers_main(const struct options *o)
{
	static const struct view view = { "No helper is loaded.", titles, row, json };
	struct helper *list;
	size_t n = kernel_helpers(&list);

	view_print(&view, list, n, sizeof(*list), o->json);
	free(list);
}

const struct noun helpers_noun = {
	.name = "helpers",
	.run = helpers_main,
	.about = "the helpers that are loaded, and their settings",
	.help = "Each helper with its protocol and default port, and what \"ctalg set\" has set in\n"
		"this namespace: whether it is enabled (\"finishing\" while it is not, and its old\n"
		"connections go on), how long a pinhole of it waits for its data flow, which\n"
		"outside ports pinholes get, and what it may do.\n"
		"\n"
		"  $ ctalg helpers\n"
		"  HELPER  PROTO  PORT  ENABLED  LIFETIME  OUTSIDE-PORTS  LOOSE  ANY-SOURCE  STRICT  VERSION\n"
		"  ftp     tcp      21  on          300 s  any            off    off         off     " CTALG_VERSION
		"\n",
};
