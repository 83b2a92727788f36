// SPDX-License-Identifier: GPL-2.0
/*
 * Gives the doctor's checks facts from a file, as none of this machine's are known to
 * be so, and prints what they find. What the file does not say is as on a healthy
 * router that serves FTP on port 21.
 *
 *   {"service", "kernel", "version", "signatures", "configured": [21], "rules": what nft lists in
 *    JSON, "save": what iptables-save says, "unread", "loaded", "built", "mainline", "built_in", "redirected",
 *    "enabled", "counters": {"mid-stream": 1}, "limits": [["flows", value, peak]],
 *    "expect": [max, now, places], "tracked": [max, now], "own": ["192.0.2.1"],
 *    "connections": ["tcp 10.0.0.2 192.0.2.9:21 to 192.0.2.1 helper replied established offloaded"]}
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../../tools/ctalg/checks.h"
#include "../../tools/ctalg/tool.h"

static struct helper helper;
/* Which service it is about. */
static const struct service *about;

static bool is(const json_t *in, const char *name, bool unless)
{
	const json_t *v = json_object_get(in, name);

	return v ? json_is_true(v) : unless;
}

static const char *text_or(const json_t *in, const char *name, const char *unless)
{
	const char *text = json_string_value(json_object_get(in, name));

	return text ? text : unless;
}

static struct address address_of(const char *text)
{
	struct address a = { .len = strchr(text, ':') ? 16 : 4 };

	if (inet_pton(a.len == 4 ? AF_INET : AF_INET6, text, a.b) != 1)
		fail("\"%s\" is no address", text);
	return a;
}

static void set_connection(struct connection *c, const char *text)
{
	char l4[8], src[64], dst[64], to[64], *colon;

	memset(c, 0, sizeof(*c));
	if (sscanf(text, "%7s %63s %63s to %63s", l4, src, dst, to) != 4)
		fail("\"%s\" is no connection", text);
	colon = strrchr(dst, ':');
	c->dst_port = (uint16_t)strtoul(colon + 1, NULL, 10);
	*colon = 0;
	c->l4 = strcmp(l4, "tcp") ? 17 : 6;
	c->src = address_of(src);
	c->dst = address_of(dst);
	c->to = address_of(to);
	c->replied = strstr(text, " replied");
	c->established = strstr(text, " established");
	c->offloaded = strstr(text, " offloaded");
	if (strstr(text, " helper"))
		snprintf(c->helper, sizeof(c->helper), "%s", about->name);
}

static void set_connections(struct facts *f, json_t *list)
{
	json_t *v;
	size_t i;

	f->connections = need(calloc(json_array_size(list) + 1, sizeof(*f->connections)));
	json_array_foreach(list, i, v)
		set_connection(&f->connections[f->n_connections++], json_string_value(v));
}

static void set_limits(struct facts *f, json_t *list)
{
	json_t *v;
	size_t i;

	f->limits = need(calloc(json_array_size(list) + 1, sizeof(*f->limits)));
	json_array_foreach(list, i, v) {
		struct limit *m = &f->limits[f->n_limits++];

		snprintf(m->name, sizeof(m->name), "%s", json_string_value(json_array_get(v, 0)));
		m->value = (uint64_t)json_integer_value(json_array_get(v, 1));
		m->peak = (uint64_t)json_integer_value(json_array_get(v, 2));
	}
}

static void set_helper(struct facts *f, json_t *in)
{
	const char *reason;
	json_t *n;

	snprintf(helper.name, sizeof(helper.name), "%s", about->name);
	helper.enabled = is(in, "enabled", true);
	json_object_foreach(json_object_get(in, "counters"), reason, n) {
		struct counter *c = &helper.counter[helper.n_counters++];

		snprintf(c->reason, sizeof(c->reason), "%s", reason);
		c->orig = (uint64_t)json_integer_value(n);
	}
	f->helpers = &helper;
	f->n_helpers = 1;
	f->of[about - services].helper = &helper;
}

static void set_rules(struct facts *f, json_t *in)
{
	const char *save = json_string_value(json_object_get(in, "save"));
	char *text = save ? need(strdup(save)) : NULL;
	size_t i;

	attached_nft(&f->rules, json_object_get(in, "rules"));
	f->rules.unread = is(in, "unread", false);
	if (text)
		attached_iptables(&f->rules, "iptables-legacy", text);
	free(text);
	for (i = 0; i < f->rules.n; i++)
		f->of[about - services].attached += !strcmp(f->rules.a[i].helper, about->name);
}

static void set_service(struct facts *f, json_t *in)
{
	struct service_facts *of = &f->of[about - services];
	json_t *v;
	size_t i;

	of->loaded = is(in, "loaded", true);
	of->built = is(in, "built", true);
	of->mainline = is(in, "mainline", false);
	of->built_in = is(in, "built_in", false);
	of->redirected = is(in, "redirected", false);
	if (of->loaded)
		set_helper(f, in);
	set_rules(f, in);
	json_array_foreach(json_object_get(in, "configured"), i, v)
		attachments_add(&f->conf.attach, about, (uint16_t)json_integer_value(v));
	of->configured = f->has_conf = json_object_get(in, "configured");
	of->asked = of->configured || of->attached || of->loaded;
}

static uint64_t number(json_t *in, const char *name, size_t at, uint64_t unless)
{
	json_t *list = json_object_get(in, name);

	return list ? (uint64_t)json_integer_value(json_array_get(list, at)) : unless;
}

static void set_machine(struct facts *f, json_t *in)
{
	json_t *v, *list = json_object_get(in, "own");
	const char *text = json_string_value(json_object_get(in, "kernel"));
	size_t i;

	f->kernel = text ? text : "6.1.0-test";
	text = json_string_value(json_object_get(in, "version"));
	f->module_version = text ? text : CTALG_VERSION;
	f->signatures = json_string_value(json_object_get(in, "signatures"));
	f->expect_max = number(in, "expect", 0, 4096);
	f->expect_now = number(in, "expect", 1, 0);
	f->expect_hash = number(in, "expect", 2, 1024);
	f->ct_max = number(in, "tracked", 0, 65536);
	f->ct_now = number(in, "tracked", 1, 10);
	f->own = need(calloc(json_array_size(list) + 1, sizeof(*f->own)));
	json_array_foreach(list, i, v)
		f->own[f->n_own++] = address_of(json_string_value(v));
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "ok", "warning", "problem", "unknown" };
	struct findings all;
	struct facts f = {};
	json_error_t error;
	json_t *in;
	size_t i;

	in = argc == 2 ? json_load_file(argv[1], 0, &error) : NULL;
	if (!in)
		misused("%s: %s, line %d", argv[1], error.text, error.line);
	about = service_named(text_or(in, "service", "ftp"));
	set_machine(&f, in);
	set_service(&f, in);
	set_limits(&f, json_object_get(in, "limits"));
	set_connections(&f, json_object_get(in, "connections"));
	checks_run(&all, &f);
	for (i = 0; i < all.n; i++)
		if (all.f[i].result != RESULT_OK)
			printf("%s %s %s: %s\n    -> %s\n", names[all.f[i].result], all.f[i].check,
			       all.f[i].helper, all.f[i].says, all.f[i].remedy);
	return 0;
}

/* As main.c has them. */
void misused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	exit(EXIT_USAGE);
}

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	exit(EXIT_ERROR);
}

void *need(void *memory)
{
	if (!memory)
		fail("there is not enough memory");
	return memory;
}
