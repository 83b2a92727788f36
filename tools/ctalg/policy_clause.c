// SPDX-License-Identifier: GPL-2.0
/* What a rule of a policy file says besides what it asks for: answers, where a log goes, blocks of ports. */
#include <string.h>

#include "policy_draft.h"
#include "service.h"

#define CHAIN(name) (1u << CTALG_CHAIN_##name)

enum {
	/* What struct ctalg_answer holds. */
	ANSWER_MAX = CTALG_ANSWER_TEXT,
	/* NF_LOG_PREFIXLEN with its NUL is 128. */
	LOG_PREFIX_MAX = 127,
};

static bool ends(const struct draft *d)
{
	return d->at->kind == POLICY_STOP || d->at->kind == POLICY_CLOSE ||
	       d->at->kind == POLICY_END;
}

bool policy_unexpected(struct draft *d, const char *wanted)
{
	char buf[POLICY_SHOWN_SIZE];

	return policy_wrong(d, d->at, "%s cannot stand here; %s", policy_shown(buf, d->at), wanted);
}

/* Codes that refuse, by protocol. */
static bool is_refusal(const struct service *s, uint64_t code)
{
	if (!strcmp(s->name, "ftp"))
		return code >= 400 && code <= 599;
	if (!strcmp(s->name, "sip"))
		return code >= 400 && code <= 699;
	return code <= 999;
}

static const char *some_refusal(const struct service *s)
{
	if (!strcmp(s->name, "ftp"))
		return "550";
	return strcmp(s->name, "sip") ? "2" : "403";
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
				    t->text, d->service->name, some_refusal(d->service));
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
	const struct policy_token *t = r->clause[POLICY_ANSWER];

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
	return policy_unexpected(d, "behind \"else\" write deny, drop or reset");
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
	return policy_unexpected(
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
		return policy_unexpected(
			d, "behind \"prefix\" write a string, as: prefix \"ctalg: \"");
	return text_of(d, r, "a prefix", LOG_PREFIX_MAX);
}

static const struct {
	const char *word;
	u32 chains;
	bool (*read)(struct draft *d, struct draft_rule *r);
} clauses[POLICY_CLAUSES] = {
	[POLICY_ANSWER] = { "answer", CHAIN(COMMAND) | CHAIN(LIMIT) | CHAIN(SIZE), answer },
	[POLICY_ELSE] = { "else", CHAIN(LIMIT) | CHAIN(SIZE), otherwise },
	[POLICY_GROUP] = { "group", CHAIN(LOG), group },
	[POLICY_LEVEL] = { "level", CHAIN(LOG), level },
	[POLICY_PREFIX] = { "prefix", CHAIN(LOG), log_prefix },
	[POLICY_BLOCK] = { "block", CHAIN(PORTS), block_size },
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
	if (ctalg_chain_refuses(r->chain))
		return policy_unexpected(
			d,
			"commands stand at the rule's beginning, with commas; what else it asks for begins with inside, outside, user, object, mark or zone, and \"answer\" says what is answered");
	return policy_unexpected(
		d, "what a rule asks for begins with inside, outside, user, object, mark or zone");
}

bool policy_rest(struct draft *d, struct draft_rule *r, uint32_t fields)
{
	bool ok = true;

	while (ok && !ends(d)) {
		unsigned int i = clause_of(d, r);

		if (policy_begins_criterion(d))
			ok = policy_criterion(d, r, fields);
		else
			ok = i < POLICY_CLAUSES ? clause(d, r, i) : other(d, r);
	}
	if (ok && r->clause[POLICY_ANSWER] && r->action != CTALG_ACTION_DENY)
		return policy_wrong(
			d, r->clause[POLICY_ANSWER],
			"only what is denied is answered; leave \"answer\" out, or write deny");
	if (ok && r->clause[POLICY_GROUP] && r->clause[POLICY_LEVEL])
		return policy_wrong(d, r->clause[POLICY_LEVEL],
				    "what goes to a group has no level; leave one of them out");
	return ok;
}
