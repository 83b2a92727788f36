// SPDX-License-Identifier: GPL-2.0
/* The rules of a policy file, each a statement in a protocol's section. */
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "service.h"

#define FIELD(name) (1u << CTALG_FIELD_##name)
#define CHAIN(name) (1u << CTALG_CHAIN_##name)

enum {
	/* What every rule may look at. */
	SETTING_FIELDS = FIELD(USER) | FIELD(INSIDE) | FIELD(OUTSIDE) | FIELD(MARK) | FIELD(ZONE),
	REQUEST_FIELDS = SETTING_FIELDS | FIELD(OBJECT),
	PASSIVE_PORTS_MAX = 64,
	/* What struct ctalg_answer holds. */
	ANSWER_MAX = CTALG_ANSWER_TEXT,
	/* NF_LOG_PREFIXLEN with its NUL is 128. */
	LOG_PREFIX_MAX = 127,
};

/* What a rule may say besides what it asks for. */
enum {
	CLAUSE_ANSWER,
	CLAUSE_ELSE,
	CLAUSE_GROUP,
	CLAUSE_LEVEL,
	CLAUSE_PREFIX,
	CLAUSE_BLOCK,
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

static bool ends(const struct draft *d)
{
	return d->at->kind == POLICY_STOP || d->at->kind == POLICY_CLOSE ||
	       d->at->kind == POLICY_END;
}

static bool unexpected(struct draft *d, const char *wanted)
{
	char buf[POLICY_SHOWN_SIZE];

	return policy_wrong(d, d->at, "%s cannot stand here; %s", policy_shown(buf, d->at), wanted);
}

/* Codes that refuse, by protocol. */
static bool is_refusal(const struct service *s, uint64_t code)
{
	if (!strcmp(s->name, "ftp"))
		return code >= 400 && code <= 599;
	return code <= 999;
}

static bool answer_code(struct draft *d, struct draft_rule *r)
{
	const struct policy_token *t = d->at;
	uint64_t code;

	if (t->kind != POLICY_WORD || !policy_number(t->text, UINT16_MAX, &code))
		return true;
	if (!d->service)
		return policy_wrong(
			d, t,
			"a code belongs to one protocol; leave it out, or write the rule in that protocol's section");
	if (!is_refusal(d->service, code))
		return policy_wrong(d, t, "%s is no code of %s that refuses; write one such as %s",
				    t->text, d->service->name,
				    strcmp(d->service->name, "ftp") ? "2" : "550");
	r->code = (uint32_t)code;
	policy_next(d);
	return true;
}

static bool is_printable(const struct policy_token *t)
{
	uint32_t i;

	for (i = 0; i < t->len; i++)
		if (t->text[i] < ' ' || t->text[i] > '~')
			return false;
	return true;
}

static bool text_of(struct draft *d, struct draft_rule *r, const char *what, uint32_t most)
{
	const struct policy_token *t = d->at;

	if (t->kind != POLICY_STRING)
		return true;
	if (!t->len || t->len > most || !is_printable(t))
		return policy_wrong(d, t, "%s is 1 to %u printable ASCII characters", what, most);
	r->text = *policy_next(d);
	return true;
}

static bool answer(struct draft *d, struct draft_rule *r)
{
	const struct policy_token *t = r->clause[CLAUSE_ANSWER];

	if (!answer_code(d, r) || !text_of(d, r, "the text of an answer", ANSWER_MAX))
		return false;
	if (!r->code && !r->text.len)
		return policy_wrong(
			d, t,
			"nothing stands behind \"answer\"; write a code, a text, or both, as: answer 550 \"Not from here\"");
	return true;
}

static bool otherwise(struct draft *d, struct draft_rule *r)
{
	static const struct {
		const char *word;
		uint8_t action;
	} actions[] = { { "deny", CTALG_ACTION_DENY },
			{ "drop", CTALG_ACTION_DROP },
			{ "reset", CTALG_ACTION_RESET } };
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (policy_skip(d, actions[i].word)) {
			r->action = actions[i].action;
			return true;
		}
	}
	return unexpected(d, "behind \"else\" write deny, drop or reset");
}

static bool block_size(struct draft *d, struct draft_rule *r)
{
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);
	uint64_t n;

	if (t->kind != POLICY_WORD || !policy_number(t->text, UINT16_MAX, &n) || !n)
		return policy_wrong(
			d, t,
			"%s is no number of ports; write how many each host has, as: block 64",
			policy_shown(buf, t));
	r->number[1] = (uint32_t)n;
	return true;
}

static bool level(struct draft *d, struct draft_rule *r)
{
	static const char *const levels[] = { "emerg",	 "alert",  "crit", "err",
					      "warning", "notice", "info", "debug" };
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (policy_skip(d, levels[i])) {
			r->number[1] = (uint32_t)i;
			return true;
		}
	}
	return unexpected(
		d,
		"behind \"level\" write emerg, alert, crit, err, warning, notice, info or debug");
}

static bool group(struct draft *d, struct draft_rule *r)
{
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);
	uint64_t n;

	if (t->kind != POLICY_WORD || !policy_number(t->text, UINT16_MAX, &n))
		return policy_wrong(d, t, "%s is no netlink group; write a number from 0 to 65535",
				    policy_shown(buf, t));
	r->number[0] = (uint32_t)n;
	r->number[1] = 0;
	return true;
}

static bool log_prefix(struct draft *d, struct draft_rule *r)
{
	if (d->at->kind != POLICY_STRING)
		return unexpected(d, "behind \"prefix\" write a string, as: prefix \"ctalg: \"");
	return text_of(d, r, "a prefix", LOG_PREFIX_MAX);
}

static const struct {
	const char *word;
	u32 chains;
	bool (*read)(struct draft *d, struct draft_rule *r);
} clauses[POLICY_CLAUSES] = {
	[CLAUSE_ANSWER] = { "answer", CHAIN(COMMAND) | CHAIN(LIMIT), answer },
	[CLAUSE_ELSE] = { "else", CHAIN(LIMIT), otherwise },
	[CLAUSE_GROUP] = { "group", CHAIN(LOG), group },
	[CLAUSE_LEVEL] = { "level", CHAIN(LOG), level },
	[CLAUSE_PREFIX] = { "prefix", CHAIN(LOG), log_prefix },
	[CLAUSE_BLOCK] = { "block", CHAIN(PORTS), block_size },
};

/* The clause that begins here, or POLICY_CLAUSES. What is not wanted needs none. */
static unsigned int clause_of(const struct draft *d, const struct draft_rule *r)
{
	unsigned int i = 0;

	if (r->action == CTALG_ACTION_OFF)
		return POLICY_CLAUSES;
	while (i < POLICY_CLAUSES &&
	       (!(clauses[i].chains & 1u << r->chain) || !policy_is(d, clauses[i].word)))
		i++;
	return i;
}

static bool clause(struct draft *d, struct draft_rule *r, unsigned int i)
{
	if (r->clause[i])
		return policy_wrong(d, d->at, "\"%s\" stands there twice; leave one of them out",
				    clauses[i].word);
	r->clause[i] = policy_next(d);
	return clauses[i].read(d, r);
}

static bool other(struct draft *d, const struct draft_rule *r)
{
	if (r->chain == CTALG_CHAIN_COMMAND || r->chain == CTALG_CHAIN_LIMIT)
		return unexpected(
			d,
			"commands stand at the rule's beginning, with commas; what else it asks for begins with inside, outside, user, object, mark or zone, and \"answer\" says what is answered");
	return unexpected(
		d, "what a rule asks for begins with inside, outside, user, object, mark or zone");
}

/* What may stand behind a rule's own words, in any order. */
static bool rest(struct draft *d, struct draft_rule *r, uint32_t fields)
{
	bool ok = true;

	while (ok && !ends(d)) {
		unsigned int i = clause_of(d, r);

		if (policy_begins_criterion(d))
			ok = policy_criterion(d, r, fields);
		else
			ok = i < POLICY_CLAUSES ? clause(d, r, i) : other(d, r);
	}
	if (ok && r->clause[CLAUSE_ANSWER] && r->action != CTALG_ACTION_DENY)
		return policy_wrong(
			d, r->clause[CLAUSE_ANSWER],
			"only what is denied is answered; leave \"answer\" out, or write deny");
	if (ok && r->clause[CLAUSE_GROUP] && r->clause[CLAUSE_LEVEL])
		return policy_wrong(d, r->clause[CLAUSE_LEVEL],
				    "what goes to a group has no level; leave one of them out");
	return ok;
}

static bool command_rule(struct draft *d, const struct policy_token *at, uint8_t action)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_COMMAND, action);

	return policy_commands(d, r) && rest(d, r, REQUEST_FIELDS);
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

	add_constant(&r->c[CTALG_FIELD_COMMAND], "@writes");
	return rest(d, r, REQUEST_FIELDS);
}

static bool anonymous_only(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	struct draft_criterion *users = &r->c[CTALG_FIELD_USER];

	if (d->service && !policy_has_users(d->service->proto))
		return policy_wrong(d, at, "%s has no users; leave this out", d->service->name);
	add_constant(&r->c[CTALG_FIELD_COMMAND], "USER");
	add_constant(users, "anonymous");
	add_constant(users, "ftp");
	users->negate = true;
	return rest(d, r, REQUEST_FIELDS);
}

static bool limit(struct draft *d, const struct policy_token *at)
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
	return policy_commands(d, r) && rest(d, r, REQUEST_FIELDS);
}

static bool strict(struct draft *d, const struct policy_token *at, bool on)
{
	return rest(d, begin(d, at, CTALG_CHAIN_STRICT, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF),
		    SETTING_FIELDS);
}

static bool hide(struct draft *d, const struct policy_token *at, bool on)
{
	return rest(d, begin(d, at, CTALG_CHAIN_HIDE, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF),
		    SETTING_FIELDS);
}

static bool loose(struct draft *d, const struct policy_token *at, bool on)
{
	struct draft_rule *r =
		begin(d, at, CTALG_CHAIN_LOOSE, on ? CTALG_ACTION_ON : CTALG_ACTION_OFF);

	if (on && policy_skip(d, "to") && !policy_places(d, &r->places))
		return false;
	return rest(d, r, SETTING_FIELDS);
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
	return rest(d, r, SETTING_FIELDS);
}

static bool opaque(struct draft *d, const struct policy_token *at)
{
	struct draft_rule *r = begin(d, at, CTALG_CHAIN_OPAQUE, CTALG_ACTION_DENY);
	const struct policy_token *range;

	if (policy_skip(d, "deny"))
		return rest(d, r, SETTING_FIELDS);
	if (policy_skip(d, "closed")) {
		r->action = CTALG_ACTION_OFF;
		return rest(d, r, SETTING_FIELDS);
	}
	if (policy_skip(d, "detach")) {
		r->action = CTALG_ACTION_DETACH;
		return rest(d, r, SETTING_FIELDS);
	}
	if (!policy_skip(d, "passive-range"))
		return unexpected(
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
	return rest(d, r, SETTING_FIELDS);
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
	const struct policy_token *at = r->clause[CLAUSE_BLOCK];
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
		return rest(d, r, SETTING_FIELDS);
	if (!policy_ports(d, &first, &last))
		return false;
	r->number[0] = first << 16 | last;
	if (!rest(d, r, SETTING_FIELDS))
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
	return rest(d, r, REQUEST_FIELDS);
}

static const struct {
	const char *word;
	bool (*read)(struct draft *d, const struct policy_token *at);
} rules[] = {
	{ "allow", allow },   { "deny", deny },	    { "drop", drop },
	{ "reset", reset },   { "limit", limit },   { "read-only", read_only },
	{ "source", source }, { "opaque", opaque }, { "anonymous-only", anonymous_only },
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
		return unexpected(d,
				  "behind \"no\" write strict, hide, loose, outside-ports or log");
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (policy_skip(d, rules[i].word))
			return rules[i].read(d, at);
	if (policy_is(d, "set"))
		return unexpected(d, "define sets outside of sections, before they are used");
	return unexpected(
		d,
		"a rule begins with allow, deny, drop, reset, limit, read-only, anonymous-only, strict, hide, loose, source, opaque, outside-ports or log");
}
