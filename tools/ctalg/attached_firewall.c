// SPDX-License-Identifier: GPL-2.0
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "attached_firewall.h"

enum {
	DEPTH_MAX = 16,
	/* As the kernel counts them, where nftables says numbers. */
	STATE_RELATED = 4,
	STATE_NEW = 8,
	PORTS_RESERVED = 1024,
};

/**
 * struct packet - the first of a flow
 * @state: as connection tracking has it
 * @l4: transport; 0 if it is TCP or UDP
 * @port: where to; 0 if that was announced, some port from 1024 on
 */
struct packet {
	unsigned int state;
	uint8_t l4;
	uint16_t port;
};

/* What a chain does with a packet, as far as is known. */
enum fate {
	/* it comes to the end */
	FATE_GOES_ON,
	/* some rule may let it pass */
	FATE_MAY_PASS,
	/* none does, and one drops it */
	FATE_DROPPED,
};

struct walk {
	const json_t *rules;
	const json_t *of;
	struct packet p;
};

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static bool same(const json_t *a, const char *of_a, const json_t *b, const char *of_b)
{
	return !strcmp(member(a, of_a), member(b, of_b));
}

/* --- can a packet match? What is not understood can. */

static bool state_can(const struct packet *p, const json_t *v)
{
	static const struct {
		const char *name;
		unsigned int bit;
	} states[] = {
		{ "invalid", 1 },     { "established", 2 }, { "related", STATE_RELATED },
		{ "new", STATE_NEW }, { "untracked", 64 },
	};
	size_t i;

	if (json_is_integer(v))
		return json_integer_value(v) & p->state;
	for (i = 0; json_is_string(v) && i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(json_string_value(v), states[i].name))
			return states[i].bit & p->state;
	return true;
}

static bool port_can(const struct packet *p, const json_t *v)
{
	const json_t *range = json_object_get(v, "range");
	json_int_t first, last;

	if (!json_is_integer(v) && !range)
		return true;
	first = json_integer_value(range ? json_array_get(range, 0) : v);
	last = json_integer_value(range ? json_array_get(range, 1) : v);
	if (p->port)
		return p->port >= first && p->port <= last;
	/* One port is that of a service; a range may be what a server announces. */
	return last >= PORTS_RESERVED && first != last;
}

static bool l4_can(const struct packet *p, const json_t *v)
{
	static const struct {
		const char *name;
		uint8_t l4;
	} known[] = {
		{ "tcp", IPPROTO_TCP },	  { "udp", IPPROTO_UDP },
		{ "icmp", IPPROTO_ICMP }, { "ipv6-icmp", IPPROTO_ICMPV6 },
		{ "igmp", IPPROTO_IGMP }, { "icmpv6", IPPROTO_ICMPV6 },
	};
	json_int_t l4 = json_is_integer(v) ? json_integer_value(v) : -1;
	size_t i;

	for (i = 0; json_is_string(v) && i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(json_string_value(v), known[i].name))
			l4 = known[i].l4;
	if (l4 < 0)
		return true;
	return p->l4 ? l4 == p->l4 : l4 == IPPROTO_TCP || l4 == IPPROTO_UDP;
}

/* Loopback's name, or its index. */
static bool interface_can(const struct packet *p, const json_t *v)
{
	(void)p;
	return !(json_is_string(v) && !strcmp(json_string_value(v), "lo")) &&
	       !(json_is_integer(v) && json_integer_value(v) == 1);
}

/* One of the values, or that in a list or set. */
static bool any_can(const struct packet *p, const json_t *right,
		    bool (*can)(const struct packet *, const json_t *))
{
	const json_t *set = json_object_get(right, "set");
	json_t *v;
	size_t i;

	if (set)
		return any_can(p, set, can);
	if (!json_is_array(right))
		return can(p, right);
	json_array_foreach(right, i, v)
		if (any_can(p, v, can))
			return true;
	return false;
}

static bool left_can(const struct packet *p, const json_t *left, const json_t *right)
{
	const json_t *payload = json_object_get(left, "payload");
	const char *field = member(payload, "field");
	const char *meta = member(json_object_get(left, "meta"), "key");

	/* A field of ICMP's tells that it is ICMP, and so on. */
	if (payload && !l4_can(p, json_object_get(payload, "protocol")))
		return false;
	if (!strcmp(member(json_object_get(left, "ct"), "key"), "state"))
		return any_can(p, right, state_can);
	if (!strcmp(field, "dport"))
		return any_can(p, right, port_can);
	if (!strcmp(meta, "l4proto") || !strcmp(field, "protocol") || !strcmp(field, "nexthdr"))
		return any_can(p, right, l4_can);
	if (!strcmp(meta, "iif") || !strcmp(meta, "iifname"))
		return any_can(p, right, interface_can);
	return true;
}

static bool match_can(const struct packet *p, const json_t *match)
{
	const char *op = member(match, "op");

	return (strcmp(op, "==") && strcmp(op, "in")) ||
	       left_can(p, json_object_get(match, "left"), json_object_get(match, "right"));
}

static bool rule_can(const struct packet *p, const json_t *expr)
{
	json_t *statement, *match;
	size_t i;

	json_array_foreach(expr, i, statement) {
		match = json_object_get(statement, "match");
		if (match && !match_can(p, match))
			return false;
	}
	return true;
}

/* --- what becomes of it */

static enum fate walk_chain(const struct walk *w, const char *chain, unsigned int depth);

/* Statements that neither match nor decide. */
static bool is_neutral(const json_t *statement)
{
	return json_object_get(statement, "counter") || json_object_get(statement, "log") ||
	       json_object_get(statement, "mangle");
}

static bool is_drop(const json_t *verdict)
{
	const char *xt = member(json_object_get(verdict, "xt"), "name");

	return json_object_get(verdict, "drop") || json_object_get(verdict, "reject") ||
	       !strcmp(xt, "REJECT");
}

/* What a statement does, or what a map's element says. @leaves: the chain may be left thereby. */
static enum fate verdict_fate(const struct walk *w, const json_t *verdict, unsigned int depth,
			      bool *leaves)
{
	const json_t *jump = json_object_get(verdict, "jump");
	const json_t *to = json_object_get(verdict, "goto");
	enum fate fate;

	if (is_drop(verdict))
		return FATE_DROPPED;
	if (json_object_get(verdict, "return"))
		*leaves = true;
	if (json_object_get(verdict, "accept") || json_object_get(verdict, "queue") ||
	    !strcmp(member(json_object_get(verdict, "xt"), "name"), "NFQUEUE"))
		return FATE_MAY_PASS;
	if (!jump && !to)
		return FATE_GOES_ON;
	fate = depth ? walk_chain(w, member(jump ? jump : to, "target"), depth - 1) : FATE_MAY_PASS;
	*leaves |= to && fate == FATE_GOES_ON;
	return fate;
}

static const json_t *map_named(const struct walk *w, const char *name)
{
	json_t *object, *map;
	size_t i;

	json_array_foreach(w->rules, i, object) {
		map = json_object_get(object, "map");
		if (map && same(map, "family", w->of, "family") &&
		    same(map, "table", w->of, "table") && !strcmp(member(map, "name"), name))
			return json_object_get(map, "elem");
	}
	return NULL;
}

/* None of its elements is sure to be met. */
static enum fate vmap_fate(const struct walk *w, const json_t *vmap, unsigned int depth,
			   bool *leaves)
{
	const json_t *key = json_object_get(vmap, "key"), *data = json_object_get(vmap, "data");
	const char *name = json_string_value(data);
	const json_t *elements = name ? map_named(w, name + 1) : json_object_get(data, "set");
	json_t *e;
	size_t i;

	json_array_foreach(elements, i, e)
		if (left_can(&w->p, key, json_array_get(e, 0)) &&
		    verdict_fate(w, json_array_get(e, 1), depth, leaves) == FATE_MAY_PASS)
			return FATE_MAY_PASS;
	return FATE_GOES_ON;
}

static enum fate rule_fate(const struct walk *w, const json_t *expr, unsigned int depth,
			   bool *leaves)
{
	enum fate fate = FATE_GOES_ON;
	json_t *statement, *vmap;
	bool sure = true;
	size_t i;

	if (!rule_can(&w->p, expr))
		return FATE_GOES_ON;
	json_array_foreach(expr, i, statement) {
		vmap = json_object_get(statement, "vmap");
		fate = vmap ? vmap_fate(w, vmap, depth, leaves)
			    : verdict_fate(w, statement, depth, leaves);
		if (fate != FATE_GOES_ON)
			break;
		sure &= is_neutral(statement);
	}
	return fate == FATE_DROPPED && !sure ? FATE_GOES_ON : fate;
}

static enum fate walk_chain(const struct walk *w, const char *chain, unsigned int depth)
{
	enum fate fate = FATE_GOES_ON;
	json_t *object, *rule;
	bool leaves = false;
	size_t i;

	json_array_foreach(w->rules, i, object) {
		rule = json_object_get(object, "rule");
		if (!rule || !same(rule, "family", w->of, "family") ||
		    !same(rule, "table", w->of, "table") || strcmp(member(rule, "chain"), chain))
			continue;
		fate = rule_fate(w, json_object_get(rule, "expr"), depth, &leaves);
		if (fate != FATE_GOES_ON)
			break;
	}
	return fate == FATE_DROPPED && leaves ? FATE_GOES_ON : fate;
}

static bool passes(const json_t *rules, const json_t *base, const struct packet *p)
{
	const struct walk w = { rules, base, *p };
	enum fate fate = walk_chain(&w, member(base, "name"), DEPTH_MAX);

	return fate == FATE_MAY_PASS ||
	       (fate == FATE_GOES_ON && strcmp(member(base, "policy"), "drop"));
}

static bool is_ip(const json_t *chain)
{
	const char *family = member(chain, "family");

	return !strcmp(family, "ip") || !strcmp(family, "ip6") || !strcmp(family, "inet");
}

bool attached_gate(struct gate *g, const struct attached_list *all, uint8_t l4, uint16_t port,
		   size_t *at)
{
	const struct packet control = { STATE_NEW, l4, port }, data = { .state = STATE_RELATED };
	const json_t *chain;

	while (*at < json_array_size(all->nft)) {
		chain = json_object_get(json_array_get(all->nft, (*at)++), "chain");
		g->forward = !strcmp(member(chain, "hook"), "forward");
		if (!is_ip(chain) || (!g->forward && strcmp(member(chain, "hook"), "input")) ||
		    !passes(all->nft, chain, &control) || passes(all->nft, chain, &data))
			continue;
		snprintf(g->chain, sizeof(g->chain), "%s %s %s", member(chain, "family"),
			 member(chain, "table"), member(chain, "name"));
		snprintf(g->where, sizeof(g->where), "nftables chain %.300s", g->chain);
		return true;
	}
	return false;
}
