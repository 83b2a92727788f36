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

static struct untracked *add_untracked(struct attached_list *all)
{
	struct untracked *u;

	all->untracked =
		need(reallocarray(all->untracked, all->n_untracked + 1, sizeof(*all->untracked)));
	u = &all->untracked[all->n_untracked++];
	memset(u, 0, sizeof(*u));
	return u;
}

static struct attached *add(struct attached_list *all)
{
	struct attached *a;

	all->a = need(reallocarray(all->a, all->n + 1, sizeof(*all->a)));
	a = &all->a[all->n++];
	memset(a, 0, sizeof(*a));
	a->families = FAMILY_BOTH;
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

static bool has_port(const struct attached *a, uint16_t port)
{
	unsigned int i;

	for (i = 0; i < a->n_ranges; i++)
		if (port >= a->range[i][0] && port <= a->range[i][1])
			return true;
	return !a->n_ranges;
}

bool attached_covers(const struct attached *a, const struct service *s, uint8_t l4, uint16_t port)
{
	return !strcmp(a->helper, s->name) && (!a->l4 || a->l4 == l4) && has_port(a, port);
}

bool untracked_covers(const struct untracked *u, uint8_t l4, uint16_t port)
{
	return (u->ports.hooks & HOOK_EARLY) && (!u->ports.l4 || u->ports.l4 == l4) &&
	       has_port(&u->ports, port);
}

void attached_free(struct attached_list *all)
{
	free(all->a);
	free(all->untracked);
	json_decref(all->nft);
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

/* A helper for one family in a table for both leaves the other out; elsewhere that is meant so. */
static unsigned int nft_families(const json_t *h)
{
	const char *l3 = member(h, "l3proto");

	if (strcmp(member(h, "family"), "inet"))
		return FAMILY_BOTH;
	if (!strcmp(l3, "ip"))
		return FAMILY_IP;
	return strcmp(l3, "ip6") ? FAMILY_BOTH : FAMILY_IP6;
}

/* What a ct helper object of that name is for, in the table of the rule. */
static const char *nft_type(const json_t *ruleset, const json_t *rule, const char *name,
			    struct attached *a)
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
		a->l4 = l4_of(member(h, "protocol"));
		a->families = nft_families(h);
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

/* Whoever begins a connection does so from a port of its own, above the well-known ones. */
static bool is_client_port(const struct attached *a)
{
	unsigned int i;

	for (i = 0; i < a->n_ranges; i++)
		if (a->range[i][1] > 1023)
			return true;
	return !a->n_ranges;
}

/* Adds the ports of a match. Returns false if no first packet to a server of protocol @a->l4 can be such. */
static bool nft_match(struct attached *a, const json_t *match)
{
	const json_t *left = json_object_get(json_object_get(match, "left"), "payload");
	uint8_t l4 = l4_of(member(left, "protocol"));
	struct attached from = {};

	if (!strcmp(member(match, "op"), "!="))
		return true;
	if (!strcmp(member(left, "field"), "dport"))
		nft_ports(a, json_object_get(match, "right"));
	if (!strcmp(member(left, "field"), "sport"))
		nft_ports(&from, json_object_get(match, "right"));
	return is_client_port(&from) && !(a->l4 && l4 && a->l4 != l4);
}

static bool nft_matches(struct attached *a, const json_t *expr)
{
	json_t *statement;
	size_t i;

	json_array_foreach(expr, i, statement)
		if (!nft_match(a, json_object_get(statement, "match")))
			return false;
	return true;
}

/* Each helper that a statement names: one, or those in a map. */
static void nft_names(struct attached_list *all, const struct graph *g, const json_t *ruleset,
		      const json_t *rule, json_t *value)
{
	struct attached found = { .families = FAMILY_BOTH }, *a;
	const char *type = NULL, *key;
	char name[CHAIN_SIZE];
	json_t *v;
	size_t i;

	if (json_is_array(value))
		json_array_foreach(value, i, v)
			nft_names(all, g, ruleset, rule, v);
	if (json_is_object(value))
		json_object_foreach(value, key, v)
			nft_names(all, g, ruleset, rule, v);
	if (json_is_string(value))
		type = nft_type(ruleset, rule, json_string_value(value), &found);
	if (!type || !nft_matches(&found, json_object_get(rule, "expr")))
		return;
	full_name(name, rule, member(rule, "chain"));
	a = add(all);
	*a = found;
	a->hooks = graph_hooks(g, name, DEPTH_MAX);
	snprintf(a->helper, sizeof(a->helper), "%s", type);
	snprintf(a->where, sizeof(a->where), "nftables chain %s", name);
}

/* The transport that a match asks for and no more, or 0. */
static uint8_t nft_l4(const json_t *left, const json_t *right)
{
	const char *key = member(json_object_get(left, "meta"), "key");
	const char *field = member(json_object_get(left, "payload"), "field");

	if (strcmp(key, "l4proto") && strcmp(field, "protocol") && strcmp(field, "nexthdr"))
		return 0;
	if (json_is_integer(right))
		return (uint8_t)json_integer_value(right);
	return l4_of(json_string_value(right) ? json_string_value(right) : "");
}

/* What is left of a rule's matches beside transport and ports limits it. */
static void nft_untracked_match(struct untracked *u, const json_t *match)
{
	const json_t *left = json_object_get(match, "left"), *p = json_object_get(left, "payload");
	json_t *right = json_object_get(match, "right");
	unsigned int before = u->ports.n_ranges;
	uint8_t l4 = nft_l4(left, right);

	if (!strcmp(member(match, "op"), "==") &&
	    (!strcmp(member(p, "field"), "dport") || !strcmp(member(p, "field"), "sport"))) {
		nft_ports(&u->ports, right);
		l4 = l4_of(member(p, "protocol"));
	}
	if (l4)
		u->ports.l4 = l4;
	u->limited |= !l4 && u->ports.n_ranges == before;
}

static void nft_untracked(struct attached_list *all, const struct graph *g, const json_t *rule)
{
	struct untracked *u = add_untracked(all);
	char name[CHAIN_SIZE];
	json_t *statement, *match;
	size_t i;

	full_name(name, rule, member(rule, "chain"));
	json_array_foreach(json_object_get(rule, "expr"), i, statement) {
		match = json_object_get(statement, "match");
		if (match)
			nft_untracked_match(u, match);
		else if (!json_object_get(statement, "counter") &&
			 !json_object_get(statement, "notrack"))
			u->limited = true;
	}
	u->ports.hooks = graph_hooks(g, name, DEPTH_MAX);
	u->limited |= !(graph_hooks(g, name, 0) & HOOK_EARLY);
	u->handle = json_integer_value(json_object_get(rule, "handle"));
	snprintf(u->ports.where, sizeof(u->ports.where), "nftables chain %s", name);
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
		if (json_object_get(statement, "notrack"))
			nft_untracked(all, g, rule);
	}
}

bool attached_dormant(const json_t *table)
{
	return strstr(member(table, "flags"), "dormant");
}

static bool is_in_dormant(const json_t *ruleset, const json_t *in)
{
	const json_t *table;
	json_t *object;
	size_t i;

	json_array_foreach(ruleset, i, object) {
		table = json_object_get(object, "table");
		if (attached_dormant(table) &&
		    !strcmp(member(table, "family"), member(in, "family")) &&
		    !strcmp(member(table, "name"), member(in, "table")))
			return true;
	}
	return false;
}

/* The ruleset without what dormant tables have. */
static json_t *nft_live(const json_t *ruleset)
{
	json_t *live = need(json_array()), *object, *in;
	const char *kind;
	size_t i;

	json_array_foreach(ruleset, i, object) {
		json_object_foreach(object, kind, in)
			if (!is_in_dormant(ruleset, in))
				json_array_append(live, object);
	}
	return live;
}

void attached_nft(struct attached_list *all, const json_t *ruleset)
{
	struct graph g = {};
	const char *table;
	json_t *object;
	size_t i;

	all->nft = nft_live(ruleset);
	json_array_foreach(all->nft, i, object) {
		nft_chain(&g, object);
		table = member(json_object_get(object, "table"), "name");
		all->firewalld |= !strcmp(table, "firewalld");
		all->raw |= !strcmp(table, "raw");
	}
	json_array_foreach(all->nft, i, object) {
		const json_t *rule = json_object_get(object, "rule");

		if (rule)
			nft_rule(all, &g, all->nft, rule);
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
 * @from: --sport or --sports
 * @notrack: -j NOTRACK or --notrack
 * @limited: anything else
 */
struct ipt_rule {
	const char *chain;
	const char *l4;
	const char *target;
	const char *helper;
	char *ports;
	char *from;
	bool notrack;
	bool limited;
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
			r->limited |= negated;
		} else if (!strcmp(word, "--sport") || !strcmp(word, "--sports")) {
			ports = strtok_r(rest, " ", &rest);
			r->from = negated ? NULL : ports;
			r->limited |= negated;
		} else if (!strcmp(word, "--notrack")) {
			r->notrack = true;
		} else if (!strcmp(word, "-m")) {
			strtok_r(rest, " ", &rest);
		} else if (strcmp(word, "!")) {
			r->limited = true;
		}
		negated = !strcmp(word, "!");
	}
	r->notrack |= r->target && !strcmp(r->target, "NOTRACK");
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
	struct attached from = {}, *a;

	ipt_ports(&from, r->from);
	if (!is_client_port(&from))
		return;
	a = add(all);
	a->l4 = l4_of(r->l4 ? r->l4 : "");
	snprintf(a->helper, sizeof(a->helper), "%s", r->helper);
	snprintf(a->where, sizeof(a->where), "%s chain raw %s", program, r->chain);
	ipt_ports(a, r->ports);
}

static void ipt_untracked(struct attached_list *all, const char *program, const struct ipt_rule *r)
{
	struct untracked *u = add_untracked(all);

	u->ports.l4 = l4_of(r->l4 ? r->l4 : "");
	u->limited = r->limited || (r->l4 && !u->ports.l4) ||
		     (strcmp(r->chain, "PREROUTING") && strcmp(r->chain, "OUTPUT"));
	snprintf(u->ports.where, sizeof(u->ports.where), "%s chain raw %s", program, r->chain);
	ipt_ports(&u->ports, r->ports);
	ipt_ports(&u->ports, r->from);
}

/* The raw table is before connection tracking; its target CT is made to attach there, and to keep away. */
static void ipt_hooks(struct attached_list *all, const struct graph *g, size_t first,
		      size_t first_untracked)
{
	struct attached *a;
	size_t i;

	for (i = first; i < all->n; i++) {
		a = &all->a[i];
		a->hooks = graph_hooks(g, strrchr(a->where, ' ') + 1, DEPTH_MAX);
	}
	for (i = first_untracked; i < all->n_untracked; i++) {
		a = &all->untracked[i].ports;
		a->hooks = graph_hooks(g, strrchr(a->where, ' ') + 1, DEPTH_MAX) ? HOOK_EARLY : 0;
	}
}

void attached_iptables(struct attached_list *all, const char *program, char *text)
{
	struct graph g = {};
	size_t first = all->n, first_untracked = all->n_untracked;
	struct ipt_rule r;
	bool raw = false;
	char *line;

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
		if (r.notrack)
			ipt_untracked(all, program, &r);
	}
	ipt_hooks(all, &g, first, first_untracked);
	graph_free(&g);
}
