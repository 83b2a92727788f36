// SPDX-License-Identifier: GPL-2.0
/*
 * A helper is attached after connection tracking has seen the packet (-200) and
 * before NAT is decided (-100), in prerouting for what comes and in output for
 * the machine's own. The table is wholly ours: it is always written anew.
 */
#include <stdlib.h>
#include <string.h>

#include "attached.h"
#include "nft.h"
#include "ruleset.h"
#include "text.h"
#include "tool.h"

enum {
	PRIORITY = -150,
};

static const char *const hooks[] = { "prerouting", "output" };

enum {
	HOOKS = sizeof(hooks) / sizeof(hooks[0]),
	OBJECT_SIZE = 64,
};

/* The first of its service in the list. */
static bool is_first(const struct attachments *all, size_t i)
{
	return !i || all->a[i - 1].service != all->a[i].service;
}

/* A helper is one object for each of its transports: "sip", and "sip-tcp". */
static const char *object_text(char buf[OBJECT_SIZE], const struct service *s, uint8_t l4)
{
	char text[ENDPOINT_SIZE];

	if (l4 == s->l4)
		snprintf(buf, OBJECT_SIZE, "%s", s->name);
	else
		snprintf(buf, OBJECT_SIZE, "%s-%s", s->name, l4_text(text, l4));
	return buf;
}

static void print_objects(FILE *to, const struct service *s)
{
	char name[OBJECT_SIZE], text[ENDPOINT_SIZE];
	unsigned int n;
	uint8_t l4;

	for (n = 0; (l4 = service_transport(s, n)); n++)
		fprintf(to, "\tct helper %s {\n\t\ttype \"%s\" protocol %s\n\t}\n",
			object_text(name, s, l4), s->name, l4_text(text, l4));
}

static void print_rules(FILE *to, const struct attachment *a)
{
	char name[OBJECT_SIZE], text[ENDPOINT_SIZE];
	unsigned int n;
	uint8_t l4;

	for (n = 0; (l4 = service_transport(a->service, n)); n++)
		fprintf(to, "\t\tct state new %s dport %u ct helper set \"%s\"\n",
			l4_text(text, l4), a->port, object_text(name, a->service, l4));
}

static void objects(FILE *to, const struct attachments *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (is_first(all, i))
			print_objects(to, all->a[i].service);
}

static void rules(FILE *to, const struct attachments *all)
{
	size_t i;

	fputs("\tchain attach {\n", to);
	for (i = 0; i < all->n; i++)
		print_rules(to, &all->a[i]);
	fputs("\t}\n", to);
}

void ruleset_nft(FILE *to, const struct attachments *all)
{
	size_t i;

	fputs("table inet ctalg\ndelete table inet ctalg\n", to);
	if (!all->n)
		return;
	fputs("\ntable inet ctalg {\n", to);
	objects(to, all);
	fputc('\n', to);
	rules(to, all);
	for (i = 0; i < HOOKS; i++)
		fprintf(to,
			"\tchain %s {\n"
			"\t\ttype filter hook %s priority %d; policy accept;\n"
			"\t\tjump attach\n"
			"\t}\n",
			hooks[i], hooks[i], PRIORITY);
	fputs("}\n", to);
}

static void print_targets(FILE *to, const struct attachment *a, const char *program)
{
	char text[ENDPOINT_SIZE];
	unsigned int n;
	uint8_t l4;

	for (n = 0; (l4 = service_transport(a->service, n)); n++)
		fprintf(to, "%s -t raw -A CTALG -p %s --dport %u -j CT --helper %s\n", program,
			l4_text(text, l4), a->port, a->service->name);
}

static void iptables(FILE *to, const struct attachments *all, const char *program)
{
	static const char *const chains[] = { "PREROUTING", "OUTPUT" };
	size_t i;

	fprintf(to, "%s -t raw -N CTALG 2>/dev/null || %s -t raw -F CTALG\n", program, program);
	for (i = 0; i < all->n; i++)
		print_targets(to, &all->a[i], program);
	for (i = 0; i < HOOKS; i++)
		fprintf(to, "%s -t raw -C %s -j CTALG 2>/dev/null || %s -t raw -A %s -j CTALG\n",
			program, chains[i], program, chains[i]);
}

void ruleset_iptables(FILE *to, const struct attachments *all)
{
	fputs("#!/bin/sh\n"
	      "# To be rid of them: for the chains PREROUTING and OUTPUT\n"
	      "#     iptables -t raw -D CHAIN -j CTALG\n"
	      "# then iptables -t raw -F CTALG and -X CTALG; the same with ip6tables.\n"
	      "set -e\n",
	      to);
	iptables(to, all, "iptables");
	iptables(to, all, "ip6tables");
}

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Whose object that is, and for which transport: an index, as in service_transport(). */
static const struct service *service_of_object(const char *object, unsigned int *n)
{
	char name[OBJECT_SIZE];
	const struct service *s;
	uint8_t l4;

	for (s = services; s->name; s++)
		for (*n = 0; (l4 = service_transport(s, *n)); (*n)++)
			if (!strcmp(object, object_text(name, s, l4)))
				return s;
	return NULL;
}

/* ct state new tcp dport PORT ct helper set "NAME" */
static bool read_rule(struct attachments over[TRANSPORTS_MAX], const json_t *expr)
{
	const json_t *match = json_object_get(json_array_get(expr, 1), "match");
	const json_t *payload = json_object_get(json_object_get(match, "left"), "payload");
	json_int_t port = json_integer_value(json_object_get(match, "right"));
	const struct service *s;
	char text[ENDPOINT_SIZE];
	unsigned int n;

	s = service_of_object(member(json_array_get(expr, 2), "ct helper"), &n);
	if (json_array_size(expr) != 3 || !s || port < 1 || port > 65535 ||
	    strcmp(member(payload, "field"), "dport") ||
	    strcmp(member(payload, "protocol"), l4_text(text, service_transport(s, n))))
		return false;
	return attachments_add(&over[n], s, (uint16_t)port);
}

static bool is_jump(const json_t *expr)
{
	const json_t *jump = json_object_get(json_array_get(expr, 0), "jump");

	return json_array_size(expr) == 1 && !strcmp(member(jump, "target"), "attach");
}

static bool is_hook(const json_t *chain)
{
	return !strcmp(member(chain, "name"), member(chain, "hook")) &&
	       json_integer_value(json_object_get(chain, "prio")) == PRIORITY;
}

/**
 * struct table_state - what was found in the table
 * @over: what is attached over the first transport of its service, the second, ...
 * @hooks: base chains as we make them
 * @jumps: rules that lead from those to ours
 * @odd: something that we do not make
 */
struct table_state {
	struct attachments over[TRANSPORTS_MAX];
	unsigned int hooks;
	unsigned int jumps;
	bool odd;
};

static void read_object(struct table_state *t, const json_t *object)
{
	const json_t *chain = json_object_get(object, "chain");
	const json_t *rule = json_object_get(object, "rule");
	const json_t *expr = json_object_get(rule, "expr");

	t->odd |= attached_dormant(json_object_get(object, "table"));
	if (chain && strcmp(member(chain, "name"), "attach")) {
		t->hooks += is_hook(chain);
		t->odd |= !is_hook(chain);
	} else if (rule && !strcmp(member(rule, "chain"), "attach")) {
		t->odd |= !read_rule(t->over, expr);
	} else if (rule) {
		t->jumps += is_jump(expr);
		t->odd |= !is_jump(expr);
	}
}

/* What is attached over any transport. One that is missing over another of the service's is odd. */
static void join(struct table_state *t, struct attachments *all)
{
	const struct attachment *a;
	unsigned int n;
	size_t i;

	for (n = 0; n < TRANSPORTS_MAX; n++)
		for (i = 0; i < t->over[n].n; i++)
			attachments_add(all, t->over[n].a[i].service, t->over[n].a[i].port);
	for (i = 0; i < all->n; i++) {
		a = &all->a[i];
		for (n = 0; service_transport(a->service, n); n++)
			t->odd |= !attachments_have(&t->over[n], a->service, a->port);
	}
	for (n = 0; n < TRANSPORTS_MAX; n++)
		attachments_free(&t->over[n]);
}

enum found ruleset_parse(struct attachments *all, const json_t *list)
{
	struct table_state t = {};
	size_t i;

	memset(all, 0, sizeof(*all));
	if (!list)
		return TABLE_NONE;
	for (i = 0; i < json_array_size(list); i++)
		read_object(&t, json_array_get(list, i));
	join(&t, all);
	return !t.odd && t.hooks == HOOKS && t.jumps == HOOKS ? TABLE_OURS : TABLE_ALTERED;
}

enum found ruleset_read(struct attachments *all)
{
	json_t *list = nft_list("list table inet ctalg");
	enum found found = ruleset_parse(all, list);

	json_decref(list);
	return found;
}

void ruleset_load(const struct attachments *all)
{
	char *commands;
	size_t size;
	FILE *to = need(open_memstream(&commands, &size));

	ruleset_nft(to, all);
	need(fclose(to) ? NULL : commands);
	nft_run(commands);
	free(commands);
}
