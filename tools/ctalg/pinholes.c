// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "kernel.h"
#include "names.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static const char *const titles[] = { ">PINHOLE", ">SESSION", ">FLOW", "HELPER",
				      "KIND",	  "PROTO",    "FROM",  "OUTSIDE",
				      "INSIDE",	  "STATE",    ">AGE",  ">EXPIRES",
				      ">BYTES>",  ">BYTES<",  "USER",  NULL };

static void row(struct table *t, const void *item)
{
	char buf[ENDPOINT_SIZE], name[USER_TEXT_SIZE];
	const struct pinhole *p = item;

	table_cell(t, "%llu", (unsigned long long)p->id);
	table_cell(t, "%llu", (unsigned long long)p->session);
	table_cell(t, "%llu", (unsigned long long)p->flow);
	table_cell(t, "%s", p->helper);
	table_cell(t, "%s", p->kind[0] ? p->kind : "-");
	table_cell(t, "%s", l4_text(buf, p->l4));
	table_cell(t, "%s", p->from.len ? address_text(buf, &p->from) : "any");
	table_cell(t, "%s", endpoint_text(buf, &p->outside, p->outside_port));
	table_cell(t, "%s", endpoint_text(buf, &p->inside, p->inside_port));
	table_cell(t, "%s", pinhole_state_name(p->state));
	table_cell(t, "%s", age_text(buf, p->age));
	table_cell(t, "%s", p->expires.known ? age_text(buf, p->expires.n * 1000) : "-");
	table_cell(t, "%s", bytes_text(buf, &p->bytes_orig));
	table_cell(t, "%s", bytes_text(buf, &p->bytes_reply));
	table_cell(t, "%s", p->user.len ? user_text(name, &p->user) : "-");
}

static json_t *json(const void *item)
{
	char buf[ENDPOINT_SIZE], name[USER_TEXT_SIZE];
	const struct pinhole *p = item;
	json_t *o = need(json_object());

	json_object_set_new(o, "id", json_number(p->id));
	json_object_set_new(o, "session", json_number(p->session));
	json_object_set_new(o, "flow", json_number(p->flow));
	json_object_set_new(o, "helper", json_text(p->helper));
	json_object_set_new(o, "kind", json_text(p->kind));
	json_object_set_new(o, "l4", json_text(l4_text(buf, p->l4)));
	json_object_set_new(o, "from", json_text(address_text(buf, &p->from)));
	json_object_set_new(o, "outside", json_text(address_text(buf, &p->outside)));
	json_object_set_new(o, "outside_port", json_integer(p->outside_port));
	json_object_set_new(o, "inside", json_text(address_text(buf, &p->inside)));
	json_object_set_new(o, "inside_port", json_integer(p->inside_port));
	json_object_set_new(o, "state", json_text(pinhole_state_name(p->state)));
	json_object_set_new(o, "age_ms", json_number(p->age));
	json_object_set_new(o, "expires", json_maybe(&p->expires));
	json_object_set_new(o, "bytes_orig", json_maybe(&p->bytes_orig));
	json_object_set_new(o, "bytes_reply", json_maybe(&p->bytes_reply));
	json_object_set_new(o, "user", json_text(user_text(name, &p->user)));
	return o;
}

static void pinholes_main(const struct options *o)
{
	static const struct view view = { "There are no pinholes.", titles, row, json };
	struct pinhole *list;
	size_t n = kernel_pinholes(&list);

	view_print(&view, list, n, sizeof(*list), o->json);
	free(list);
}

const struct noun pinholes_noun = {
	.name = "pinholes",
	.run = pinholes_main,
	.about = "data flows that are let in",
	.help = "FROM may connect to OUTSIDE, which leads to INSIDE. A pinhole is \"open\" until\n"
		"its data flow has come, at most for the time in EXPIRES, then \"used\" until that\n"
		"ends; without EXPIRES it stays as long as its session. KIND is \"data\" of a\n"
		"transfer, \"media\" of a call, or a \"path\" on which more control flows come, as a\n"
		"registration keeps one open. BYTES> is what the control flow's originator has sent\n"
		"in it, BYTES< what the other side has, as far as the kernel counts bytes (sysctl\n"
		"net.netfilter.nf_conntrack_acct).\n"
		"\n"
		"  $ ctalg pinholes\n"
		"  $ ctalg pinholes --json | jq '.[] | select(.state == \"used\").bytes_reply'\n",
};
