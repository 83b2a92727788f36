// SPDX-License-Identifier: GPL-2.0
/* The rules of a policy file, each a statement in a protocol's section. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/engine/grant.h"
#include "policy_draft.h"
#include "service.h"

#define FIELD(name) (1u << CTALG_FIELD_##name)

enum {
	/* What every rule may look at. */
	SETTING_FIELDS = FIELD(USER) | FIELD(INSIDE) | FIELD(OUTSIDE) | FIELD(MARK) | FIELD(ZONE),
	REQUEST_FIELDS = SETTING_FIELDS | FIELD(OBJECT),
	PASSIVE_PORTS_MAX = 64,
};

static struct draft_rule *begin(struct draft *d, const struct policy_token *at, uint8_t chain,
				uint8_t action)
{
	struct draft_rule *r;

	d->rules = policy_more(d->rules, d->n_rules, sizeof(*d->rules));
	r = &d->rules[d->n_rules++];
	*r = (struct draft_rule){
		.at = *at, .service = d->service, .chain = chain, .action = action
	};
	return r;
}

static bool command_rule(struct draft *d, const struct policy_token *at, uint8_t action)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_COMMAND, action);

	return policy_commands(d, r) && policy_rest(d, r, REQUEST_FIELDS);
}

static bool allow(struct draft *d, const struct policy_token *at)
{
	return command_rule(d, at, CTALG_ACTION_ALLOW);
}

static bool deny(struct draft *d, const struct policy_token *at)
{
	return command_rule(d, at, CTALG_ACTION_DENY);
}

static bool drop(struct draft *d, const struct policy_token *at)
{
	return command_rule(d, at, CTALG_ACTION_DROP);
}

static bool reset(struct draft *d, const struct policy_token *at)
{
	return command_rule(d, at, CTALG_ACTION_RESET);
}

static struct policy_token constant(const char *text)
{
	return (struct policy_token){ .kind = POLICY_WORD,
				      .text = text,
				      .len = (uint32_t)strlen(text) };
}

static void add_constant(struct draft_criterion *c, const char *text)
{
	struct policy_token t = constant(text);

	c->given = true;
	policy_add_text(c, &t);
}

static bool read_only(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);

	if (d->service && !policy_has(d->service->proto, CTALG_COMMAND_WRITES))
		return policy_wrong(d, at, "no command of %s writes; deny those that you mean",
				    d->service->name);
	add_constant(&r->c[CTALG_FIELD_COMMAND], "@writes");
	return policy_rest(d, r, REQUEST_FIELDS);
}

static bool anonymous_only(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	struct draft_criterion *users = &r->c[CTALG_FIELD_USER];

	if (d->service && !policy_has(d->service->proto, CTALG_COMMAND_USER))
		return policy_wrong(d, at, "%s has no users; leave this out", d->service->name);
	if (d->service && !policy_knows(d->service->proto, "USER"))
		return policy_wrong(
			d, at,
			"nobody logs in to %s as anonymous; name those that you mean, as: deny user not \"alice*\"",
			d->service->name);
	add_constant(&r->c[CTALG_FIELD_COMMAND], "USER");
	add_constant(users, "anonymous");
	add_constant(users, "ftp");
	users->negate = true;
	return policy_rest(d, r, REQUEST_FIELDS);
}

/* "limit size 8192": a limit may be called "size", too, but no command is a number. */
static bool begins_size(const struct draft *d)
{
	uint64_t n;

	return policy_is(d, "size") &&
	       ((d->at[1].kind == POLICY_WORD && policy_number(d->at[1].text, UINT64_MAX, &n)) ||
		!policy_limit_of((struct draft *)d, d->at));
}

static bool size_limit(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_SIZE, CTALG_ACTION_DENY);
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t;
	uint64_t n;

	policy_next(d);
	t = policy_next(d);
	if (t->kind != POLICY_WORD || !policy_number(t->text, CTALG_MESSAGE_MAX, &n) || !n)
		return policy_wrong(
			d, t,
			"%s is no number of bytes from 1 to %d; write how long a message may be, as: limit size 8192",
			policy_shown(buf, t), CTALG_MESSAGE_MAX);
	r->limit = (uint32_t)n;
	return policy_commands(d, r) && policy_rest(d, r, REQUEST_FIELDS);
}

static bool limit_rule(struct draft *d, const struct policy_token *at)
{
	const struct policy_token *name = policy_next(d);
	struct draft_limit *l = name->kind == POLICY_WORD ? policy_limit_of(d, name) : NULL;
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	char buf[POLICY_SHOWN_SIZE];

	if (!l)
		return policy_wrong(
			d, name,
			"there is no limit %s; before the section, define it as: limit logins 3 sessions per user",
			policy_shown(buf, name));
	l->used = true;
	r->limit = (uint32_t)(l - d->limits);
	return policy_commands(d, r) && policy_rest(d, r, REQUEST_FIELDS);
}

static bool limit(struct draft *d, const struct policy_token *at)
{
	return begins_size(d) ? size_limit(d, at) : limit_rule(d, at);
}

static bool strict(struct draft *d, const struct policy_token *at, bool on)
{
	return policy_rest(
		d, begin(d, at, CTALG_CHAIN_STRICT, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF),
		SETTING_FIELDS);
}

static bool hide(struct draft *d, const struct policy_token *at, bool on)
{
	return policy_rest(d,
			   begin(d, at, CTALG_CHAIN_HIDE, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF),
			   SETTING_FIELDS);
}

static bool loose(struct draft *d, const struct policy_token *at, bool on)
{
	struct draft_rule *r =
		begin(d, at, CTALG_CHAIN_LOOSE, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF);

	if (on && policy_skip(d, "to") && !policy_places(d, &r->places))
		return false;
	return policy_rest(d, r, SETTING_FIELDS);
}

static bool one_each(const struct draft *d, const struct draft_places *p)
{
	const struct policy_ranges *r = p->set != CTALG_IMAGE_ANY ? &d->sets[p->set].ranges
								  : &p->ranges;
	size_t v4 = 0, i;

	for (i = 0; i < r->n && r->r[i].first.family == CTALG_AF_INET; i++)
		v4 = i + 1;
	return v4 <= 1 && r->n - v4 <= 1 && policy_ranges_prefixes(r, NULL, NULL) == r->n;
}

static bool source(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_SOURCE, CTALG_ACTION_ON);
	const struct policy_token *places = d->at;

	if (policy_skip(d, "peer"))
		r->action = CTALG_ACTION_OFF;
	else if (!policy_skip(d, "any") && !policy_places(d, &r->places))
		return false;
	if (r->places.given && !one_each(d, &r->places))
		return policy_wrong(
			d, places,
			"these addresses are several prefixes; the kernel's expectations know one of IPv4 and one of IPv6, so write one that covers them, or \"source any\"");
	return policy_rest(d, r, SETTING_FIELDS);
}

static bool opaque(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_OPAQUE, CTALG_ACTION_DENY);
	const struct policy_token *range;

	if (policy_skip(d, "deny"))
		return policy_rest(d, r, SETTING_FIELDS);
	if (policy_skip(d, "closed")) {
		r->action = CTALG_ACTION_OFF;
		return policy_rest(d, r, SETTING_FIELDS);
	}
	if (policy_skip(d, "detach")) {
		r->action = CTALG_ACTION_DETACH;
		return policy_rest(d, r, SETTING_FIELDS);
	}
	if (!policy_skip(d, "passive-range"))
		return policy_unexpected(
			d,
			"behind \"opaque\" write deny, closed, detach, or passive-range and its ports");
	r->action = CTALG_ACTION_RANGE;
	range = d->at;
	if (!policy_ports(d, &r->number[0], &r->number[1]))
		return false;
	if (r->number[1] - r->number[0] >= PASSIVE_PORTS_MAX)
		return policy_wrong(d, range,
				    "%s are more than %d ports; give the server a smaller range",
				    range->text, PASSIVE_PORTS_MAX);
	r->number[0] = r->number[0] << 16 | r->number[1];
	r->number[1] = 0;
	return policy_rest(d, r, SETTING_FIELDS);
}

/* The addresses of the one set that a rule with blocks is for, or NULL. */
static const struct policy_ranges *inside_of(const struct draft *d, const struct draft_rule *r)
{
	const struct draft_criterion *c = &r->c[CTALG_FIELD_INSIDE];

	if (!c->given || c->negate || c->n + (c->addresses.n != 0) != 1)
		return NULL;
	return c->n ? &d->sets[c->v[0].n].ranges : &c->addresses;
}

static bool enough_blocks(struct draft *d, const struct draft_rule *r, uint32_t ports)
{
	const struct policy_token *at = r->clause[POLICY_BLOCK];
	const struct policy_ranges *hosts = inside_of(d, r);
	uint64_t blocks = ports / r->number[1], n;

	if (!hosts)
		return policy_wrong(
			d, at,
			"blocks are shared out among the addresses of one set; add \"inside\" and its name, and nothing else behind that");
	if (hosts->n && hosts->r[hosts->n - 1].first.family != CTALG_AF_INET)
		return policy_wrong(
			d, at,
			"blocks are for IPv4 only, and the set has IPv6 addresses; make one without");
	n = policy_ranges_size(hosts);
	if (n > blocks)
		return policy_wrong(
			d, at,
			"the set has %llu addresses, and %u ports in blocks of %u are enough for %llu; write a wider range or smaller blocks",
			(unsigned long long)n, ports, r->number[1], (unsigned long long)blocks);
	return true;
}

static bool outside_ports(struct draft *d, const struct policy_token *at, bool on)
{
	struct draft_rule *r =
		begin(d, at, CTALG_CHAIN_PORTS, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF);
	uint32_t first, last;

	if (!on)
		return policy_rest(d, r, SETTING_FIELDS);
	if (!policy_ports(d, &first, &last))
		return false;
	r->number[0] = first << 16 | last;
	if (!policy_rest(d, r, SETTING_FIELDS))
		return false;
	return !r->number[1] || enough_blocks(d, r, last - first + 1);
}

enum {
	/* As nftables has it. */
	LEVEL_WARNING = 4,
};

static bool log_rule(struct draft *d, const struct policy_token *at, bool on)
{
	struct draft_rule *r =
		begin(d, at, CTALG_CHAIN_LOG, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF);

	if (!policy_events(d, r))
		return false;
	if (on) {
		r->number[0] = CTALG_IMAGE_ANY;
		r->number[1] = LEVEL_WARNING;
	}
	return policy_rest(d, r, REQUEST_FIELDS);
}

/* Rules about calls are for protocols that have such. */
static bool has_calls(struct draft *d, const struct policy_token *at)
{
	return !d->service || policy_has(d->service->proto, CTALG_COMMAND_CALLS) ||
	       policy_wrong(d, at, "%s has no calls; leave this out", d->service->name);
}

static bool ice(struct draft *d, const struct policy_token *at)
{
	static const char *const words[CTALG_GRANT_ICES] = {
		[CTALG_GRANT_ICE_AUTO] = "auto",
		[CTALG_GRANT_ICE_LEAVE] = "leave",
		[CTALG_GRANT_ICE_REWRITE] = "rewrite",
	};
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_ICE, CTALG_ACTION_ON);
	u32 i;

	if (!has_calls(d, at))
		return false;
	for (i = 0; i < CTALG_GRANT_ICES; i++) {
		if (policy_skip(d, words[i])) {
			r->number[0] = i;
			return policy_rest(d, r, SETTING_FIELDS);
		}
	}
	return policy_unexpected(d, "behind \"ice\" write auto, leave or rewrite");
}

/* A rule of calls that says one of two words. */
static bool either(struct draft *d, const struct policy_token *at, uint8_t chain, const char *off,
		   const char *on)
{
	struct draft_rule *r = begin(d, at, chain, CTALG_ACTION_OFF);
	char wanted[64];

	if (!has_calls(d, at))
		return false;
	if (policy_skip(d, on))
		r->action = CTALG_ACTION_ON;
	else if (!policy_skip(d, off)) {
		snprintf(wanted, sizeof(wanted), "behind \"%s\" write %s or %s", at->text, off, on);
		return policy_unexpected(d, wanted);
	}
	return policy_rest(d, r, SETTING_FIELDS);
}

static bool media(struct draft *d, const struct policy_token *at)
{
	return either(d, at, CTALG_CHAIN_MEDIA, "direct", "hairpin");
}

static bool ended(struct draft *d, const struct policy_token *at)
{
	return either(d, at, CTALG_CHAIN_ENDED, "keep", "cut");
}

static const struct {
	const char *word;
	bool (*read)(struct draft *d, const struct policy_token *at);
} rules[] = {
	{ "allow", allow },   { "deny", deny },	    { "drop", drop },
	{ "reset", reset },   { "limit", limit },   { "read-only", read_only },
	{ "source", source }, { "opaque", opaque }, { "anonymous-only", anonymous_only },
	{ "ice", ice },	      { "media", media },   { "ended", ended },
};

/* Those that "no" may stand before. */
static const struct {
	const char *word;
	bool (*read)(struct draft *d, const struct policy_token *at, bool on);
} switches[] = {
	{ "strict", strict }, { "hide", hide },
	{ "loose", loose },   { "outside-ports", outside_ports },
	{ "log", log_rule },
};

bool policy_rule(struct draft *d)
{
	const struct policy_token *at = d->at;
	bool on = !policy_skip(d, "no");
	size_t i;

	for (i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (policy_skip(d, switches[i].word))
			return switches[i].read(d, at, on);
	if (!on)
		return policy_unexpected(
			d, "behind \"no\" write strict, hide, loose, outside-ports or log");
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (policy_skip(d, rules[i].word))
			return rules[i].read(d, at);
	if (policy_is(d, "set"))
		return policy_unexpected(d,
					 "define sets outside of sections, before they are used");
	return policy_unexpected(
		d,
		"a rule begins with allow, deny, drop, reset, limit, read-only, anonymous-only, strict, hide, loose, source, opaque, outside-ports, ice, media, ended or log");
}
