// SPDX-License-Identifier: GPL-2.0
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attached.h"
#include "tool.h"

enum {
	/* nftables and iptables allow no deeper jumps. */
	DEPTH_MAX = 16,
	CHAIN_SIZE = 300,
	PRIORITY_CONNTRACK = -200,
};

/**
 * struct chain - a chain of some table, or a map whose verdicts lead to chains
 * @name: unique, with family and table
 * @hooks: of a base chain
 */
struct chain {
	char name[CHAIN_SIZE];
	unsigned int hooks;
};

struct jump {
	char from[CHAIN_SIZE];
	char to[CHAIN_SIZE];
};

/* Chains, and who jumps where. */
struct graph {
	struct chain *chain;
	size_t n_chains;
	struct jump *jump;
	size_t n_jumps;
};

static void graph_chain(struct graph *g, const char *name, unsigned int hooks)
{
	struct chain *c;

	g->chain = need(reallocarray(g->chain, g->n_chains + 1, sizeof(*g->chain)));
	c = &g->chain[g->n_chains++];
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->hooks = hooks;
}

static void graph_jump(struct graph *g, const char *from, const char *to)
{
	struct jump *j;

	g->jump = need(reallocarray(g->jump, g->n_jumps + 1, sizeof(*g->jump)));
	j = &g->jump[g->n_jumps++];
	snprintf(j->from, sizeof(j->from), "%s", from);
	snprintf(j->to, sizeof(j->to), "%s", to);
}

/* The hooks from which packets come to a chain. */
static unsigned int graph_hooks(const struct graph *g, const char *name, unsigned int depth)
{
	unsigned int hooks = 0;
	size_t i;

	for (i = 0; i < g->n_chains; i++)
		if (!strcmp(g->chain[i].name, name))
			hooks |= g->chain[i].hooks;
	for (i = 0; depth && i < g->n_jumps; i++)
		if (!strcmp(g->jump[i].to, name))
			hooks |= graph_hooks(g, g->jump[i].from, depth - 1);
	return hooks;
}

static void graph_free(struct graph *g)
{
	free(g->chain);
	free(g->jump);
}

static struct attached *add(struct attached_list *all)
{
	struct attached *a;

	all->a = need(reallocarray(all->a, all->n + 1, sizeof(*all->a)));
	a = &all->a[all->n++];
	memset(a, 0, sizeof(*a));
	return a;
}

static void add_range(struct attached *a, long first, long last)
{
	if (a->n_ranges == RANGES_MAX || first < 0 || first > last || last > 65535)
		return;
	a->range[a->n_ranges][0] = (uint16_t)first;
	a->range[a->n_ranges][1] = (uint16_t)last;
	a->n_ranges++;
}

bool attached_covers(const struct attached *a, const struct service *s, uint16_t port)
{
	unsigned int i;

	if (strcmp(a->helper, s->name) || (a->l4 && a->l4 != s->l4))
		return false;
	for (i = 0; i < a->n_ranges; i++)
		if (port >= a->range[i][0] && port <= a->range[i][1])
			return true;
	return !a->n_ranges;
}

void attached_free(struct attached_list *all)
{
	free(all->a);
	memset(all, 0, sizeof(*all));
}

static unsigned int hook_of(const char *name, long priority)
{
	static const struct {
		const char *name;
		unsigned int hook;
	} hooks[] = {
		{ "prerouting", HOOK_PREROUTING },
		{ "output", HOOK_OUTPUT },
		{ "input", HOOK_INPUT },
		{ "forward", HOOK_FORWARD },
		{ "postrouting", HOOK_POSTROUTING },
	};
	size_t i;

	for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (strcmp(hooks[i].name, name))
			continue;
		if (i < 2 && priority <= PRIORITY_CONNTRACK)
			return HOOK_EARLY;
		return hooks[i].hook;
	}
	return 0;
}

static uint8_t l4_of(const char *name)
{
	if (!strcmp(name, "tcp"))
		return IPPROTO_TCP;
	return !strcmp(name, "udp") ? IPPROTO_UDP : 0;
}

/* --- nftables */

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* "inet filter forward": of a chain, a rule or a map, whose own name is under @key. */
static void full_name(char buf[CHAIN_SIZE], const json_t *object, const char *name)
{
	snprintf(buf, CHAIN_SIZE, "%s %s %s", member(object, "family"), member(object, "table"),
		 name);
}

/* All verdicts in a rule or in a map's elements. */
static void nft_jumps(struct graph *g, const json_t *owner, const char *from, json_t *value)
{
	const char *target = NULL, *key;
	char to[CHAIN_SIZE];
	json_t *v;
	size_t i;

	if (json_is_array(value))
		json_array_foreach(value, i, v)
			nft_jumps(g, owner, from, v);
	if (!json_is_object(value))
		return;
	json_object_foreach(value, key, v) {
		if (!strcmp(key, "jump") || !strcmp(key, "goto"))
			target = member(v, "target");
		else if (!strcmp(key, "data") && json_is_string(v) &&
			 json_string_value(v)[0] == '@')
			target = json_string_value(v);
		else
			nft_jumps(g, owner, from, v);
		if (target) {
			full_name(to, owner, target);
			graph_jump(g, from, to);
			target = NULL;
		}
	}
}

static void nft_chain(struct graph *g, const json_t *object)
{
	json_t *chain = json_object_get(object, "chain"), *rule = json_object_get(object, "rule");
	json_t *map = json_object_get(object, "map");
	char name[CHAIN_SIZE], map_name[CHAIN_SIZE];

	if (chain) {
		full_name(name, chain, member(chain, "name"));
		graph_chain(g, name,
			    hook_of(member(chain, "hook"),
				    json_integer_value(json_object_get(chain, "prio"))));
	}
	if (rule) {
		full_name(name, rule, member(rule, "chain"));
		nft_jumps(g, rule, name, json_object_get(rule, "expr"));
	}
	if (map) {
		snprintf(map_name, sizeof(map_name), "@%.200s", member(map, "name"));
		full_name(name, map, map_name);
		nft_jumps(g, map, name, json_object_get(map, "elem"));
	}
}

/* What a ct helper object of that name is for, in the table of the rule. */
static const char *nft_type(const json_t *ruleset, const json_t *rule, const char *name,
			    uint8_t *l4)
{
	const json_t *h;
	json_t *object;
	size_t i;

	json_array_foreach(ruleset, i, object) {
		h = json_object_get(object, "ct helper");
		if (!h || strcmp(member(h, "name"), name) ||
		    strcmp(member(h, "table"), member(rule, "table")) ||
		    strcmp(member(h, "family"), member(rule, "family")))
			continue;
		*l4 = l4_of(member(h, "protocol"));
		return member(h, "type");
	}
	return NULL;
}

static void nft_ports(struct attached *a, json_t *right)
{
	json_t *range = json_object_get(right, "range"), *set = json_object_get(right, "set"), *v;
	size_t i;

	if (json_is_integer(right))
		add_range(a, json_integer_value(right), json_integer_value(right));
	if (range)
		add_range(a, json_integer_value(json_array_get(range, 0)),
			  json_integer_value(json_array_get(range, 1)));
	if (json_is_array(set))
		json_array_foreach(set, i, v)
			nft_ports(a, v);
	else if (set)
		nft_ports(a, set);
}

static void nft_matches(struct attached *a, const json_t *expr)
{
	json_t *statement;
	size_t i;

	json_array_foreach(expr, i, statement) {
		const json_t *match = json_object_get(statement, "match");
		const json_t *left = json_object_get(json_object_get(match, "left"), "payload");

		if (!strcmp(member(left, "field"), "dport") && strcmp(member(match, "op"), "!="))
			nft_ports(a, json_object_get(match, "right"));
	}
}

/* Each helper that a statement names: one, or those in a map. */
static void nft_names(struct attached_list *all, const struct graph *g, const json_t *ruleset,
		      const json_t *rule, json_t *value)
{
	const char *type = NULL, *key;
	char name[CHAIN_SIZE];
	struct attached *a;
	uint8_t l4 = 0;
	json_t *v;
	size_t i;

	if (json_is_array(value))
		json_array_foreach(value, i, v)
			nft_names(all, g, ruleset, rule, v);
	if (json_is_object(value))
		json_object_foreach(value, key, v)
			nft_names(all, g, ruleset, rule, v);
	if (json_is_string(value))
		type = nft_type(ruleset, rule, json_string_value(value), &l4);
	if (!type)
		return;
	full_name(name, rule, member(rule, "chain"));
	a = add(all);
	a->l4 = l4;
	a->hooks = graph_hooks(g, name, DEPTH_MAX);
	snprintf(a->helper, sizeof(a->helper), "%s", type);
	snprintf(a->where, sizeof(a->where), "nftables chain %s", name);
	nft_matches(a, json_object_get(rule, "expr"));
}

static void nft_rule(struct attached_list *all, const struct graph *g, const json_t *ruleset,
		     const json_t *rule)
{
	json_t *statement, *helper;
	size_t i;

	json_array_foreach(json_object_get(rule, "expr"), i, statement) {
		helper = json_object_get(statement, "ct helper");
		if (helper)
			nft_names(all, g, ruleset, rule, helper);
	}
}

void attached_nft(struct attached_list *all, const json_t *ruleset)
{
	struct graph g = {};
	const char *table;
	json_t *object;
	size_t i;

	json_array_foreach(ruleset, i, object) {
		nft_chain(&g, object);
		table = member(json_object_get(object, "table"), "name");
		all->firewalld |= !strcmp(table, "firewalld");
		all->raw |= !strcmp(table, "raw");
	}
	json_array_foreach(ruleset, i, object) {
		const json_t *rule = json_object_get(object, "rule");

		if (rule)
			nft_rule(all, &g, ruleset, rule);
	}
	graph_free(&g);
}

/* --- iptables */

/**
 * struct ipt_rule - what is of interest in a line of iptables-save
 * @l4: -p
 * @target: -j or -g
 * @helper: --helper
 * @ports: --dport or --dports
 */
struct ipt_rule {
	const char *chain;
	const char *l4;
	const char *target;
	const char *helper;
	char *ports;
};

static bool ipt_read(struct ipt_rule *r, char *line)
{
	char *word, *rest = line, *ports;
	bool negated = false;

	memset(r, 0, sizeof(*r));
	word = strtok_r(rest, " ", &rest);
	if (!word || strcmp(word, "-A"))
		return false;
	r->chain = strtok_r(rest, " ", &rest);
	while ((word = strtok_r(rest, " ", &rest))) {
		if (!strcmp(word, "-p"))
			r->l4 = strtok_r(rest, " ", &rest);
		else if (!strcmp(word, "-j") || !strcmp(word, "-g"))
			r->target = strtok_r(rest, " ", &rest);
		else if (!strcmp(word, "--helper"))
			r->helper = strtok_r(rest, " ", &rest);
		else if (!strcmp(word, "--dport") || !strcmp(word, "--dports")) {
			ports = strtok_r(rest, " ", &rest);
			r->ports = negated ? NULL : ports;
		}
		negated = !strcmp(word, "!");
	}
	return r->chain && r->target;
}

/* 21, 20:21, or several with commas */
static void ipt_ports(struct attached *a, char *ports)
{
	char *one, *colon;

	while (ports && (one = strtok_r(ports, ",", &ports))) {
		colon = strchr(one, ':');
		add_range(a, strtol(one, NULL, 10), strtol(colon ? colon + 1 : one, NULL, 10));
	}
}

static void ipt_helper(struct attached_list *all, const char *program, const struct ipt_rule *r)
{
	struct attached *a = add(all);

	a->l4 = l4_of(r->l4 ? r->l4 : "");
	snprintf(a->helper, sizeof(a->helper), "%s", r->helper);
	snprintf(a->where, sizeof(a->where), "%s chain raw %s", program, r->chain);
	ipt_ports(a, r->ports);
}

void attached_iptables(struct attached_list *all, const char *program, char *text)
{
	struct graph g = {};
	size_t i, first = all->n;
	struct ipt_rule r;
	bool raw = false;
	char *line;

	/* The raw table is before connection tracking, but its target CT is made for that. */
	graph_chain(&g, "PREROUTING", HOOK_PREROUTING);
	graph_chain(&g, "OUTPUT", HOOK_OUTPUT);
	while ((line = strtok_r(text, "\n", &text))) {
		if (line[0] == '*')
			raw = !strcmp(line, "*raw");
		if (!ipt_read(&r, line))
			continue;
		if (!raw)
			continue;
		graph_jump(&g, r.chain, r.target);
		if (r.helper && !strcmp(r.target, "CT"))
			ipt_helper(all, program, &r);
	}
	for (i = first; i < all->n; i++)
		all->a[i].hooks = graph_hooks(&g, strrchr(all->a[i].where, ' ') + 1, DEPTH_MAX);
	graph_free(&g);
}
