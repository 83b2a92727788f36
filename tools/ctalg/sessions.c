// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "kernel.h"
#include "names.h"
#include "text.h"
#include "tool.h"
#include "view.h"
#include "watch.h"

static const char *const titles[] = { ">SESSION", ">FLOW",   "HELPER", "KIND",	"STATE",
				      ">AGE",	  "FROM",    "TO",     ">OPEN", ">OPENED",
				      ">BYTES>",  ">BYTES<", "USER",   "KEY",	NULL };

static void row(struct table *t, const void *item)
{
	const struct session *s = item;
	char buf[ENDPOINT_SIZE], name[USER_TEXT_SIZE], key[KEY_TEXT_SIZE];

	table_cell(t, "%llu", (unsigned long long)s->id);
	table_cell(t, "%llu", (unsigned long long)s->flow);
	table_cell(t, "%s", s->helper);
	table_cell(t, "%s", s->kind[0] ? s->kind : "-");
	table_cell(t, "%s", session_state_name(s->state));
	table_cell(t, "%s", age_text(buf, s->age));
	table_cell(t, "%s", address_text(buf, &s->src));
	table_cell(t, "%s", address_text(buf, &s->dst));
	table_cell(t, "%u", s->pinholes);
	table_cell(t, "%u", s->opened);
	table_cell(t, "%s", bytes_text(buf, &s->bytes_orig));
	table_cell(t, "%s", bytes_text(buf, &s->bytes_reply));
	table_cell(t, "%s", s->user.len ? user_text(name, &s->user) : "-");
	table_cell(t, "%s", s->key.len ? key_brief(key, &s->key) : "-");
}

static json_t *json(const void *item)
{
	char buf[ENDPOINT_SIZE], name[USER_TEXT_SIZE], key[KEY_TEXT_SIZE];
	const struct session *s = item;
	json_t *o = need(json_object());

	json_object_set_new(o, "id", json_number(s->id));
	json_object_set_new(o, "flow", json_number(s->flow));
	json_object_set_new(o, "helper", json_text(s->helper));
	json_object_set_new(o, "kind", json_text(s->kind));
	json_object_set_new(o, "key", json_text(key_text(key, &s->key)));
	json_object_set_new(o, "state", json_text(session_state_name(s->state)));
	json_object_set_new(o, "age_ms", json_number(s->age));
	json_object_set_new(o, "src", json_text(address_text(buf, &s->src)));
	json_object_set_new(o, "dst", json_text(address_text(buf, &s->dst)));
	json_object_set_new(o, "user", json_text(user_text(name, &s->user)));
	json_object_set_new(o, "opened", json_number(s->opened));
	json_object_set_new(o, "pinholes", json_number(s->pinholes));
	json_object_set_new(o, "bytes_orig", json_maybe(&s->bytes_orig));
	json_object_set_new(o, "bytes_reply", json_maybe(&s->bytes_reply));
	return o;
}

static const struct view view = { "There are no sessions.", titles, row, json };

static void print_table(void)
{
	struct session *list;
	size_t n = kernel_sessions(&list);

	view_print(&view, list, n, sizeof(*list), false);
	free(list);
}

static void print_line(void)
{
	struct session *list;
	size_t n = kernel_sessions(&list);

	view_print_line(&view, list, n, sizeof(*list));
	free(list);
}

static void sessions_main(const struct options *o)
{
	struct session *list;
	size_t n;

	if (option_value(o, "watch") || option_value(o, "w")) {
		watch(o->json ? print_line : print_table, watch_interval(o), o->json);
		return;
	}
	if (o->argc)
		misused("\"sessions\" wants nothing after it but \"-w\"; see \"ctalg sessions --help\"");
	n = kernel_sessions(&list);
	view_print(&view, list, n, sizeof(*list), o->json);
	free(list);
}

static const struct noun_option options[] = {
	{ "watch", NULL },
	{ "w", NULL },
	{},
};

const struct noun sessions_noun = {
	.name = "sessions",
	.args = "[SECONDS]",
	.run = sessions_main,
	.options = options,
	.about = "who does what over them",
	.help = "A session is what a user does over a flow: a login, a transfer, a call, or a\n"
		"registration, as KIND says. FROM is the flow's originator, TO whom it called. A\n"
		"session is \"waiting\" for a data flow, \"active\" while one lives, or else \"idle\".\n"
		"OPEN pinholes it has now, OPENED it has had altogether. BYTES> is what the\n"
		"originator has sent in data flows, BYTES< what the other side has, as far as the\n"
		"kernel counts bytes (sysctl net.netfilter.nf_conntrack_acct). KEY is what the\n"
		"protocol calls it: the Call-ID of a call, the address of a registration. Bytes of\n"
		"a user or a key that are not printable ASCII stand as \\xHH.\n"
		"\n"
		"  -w, --watch  again and again, every 2 seconds or every SECONDS, until ^C\n"
		"\n"
		"  $ ctalg sessions\n"
		"  $ ctalg sessions -w 5\n"
		"  $ ctalg sessions --json | jq -r '.[].user'\n",
};
