// SPDX-License-Identifier: GPL-2.0
/* What a rule of a policy file asks for: commands, users, objects, places, marks, zones, events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ctalg/proto.h>

#include "policy_draft.h"
#include "service.h"

enum {
	/* An image's criterion has 65535 numbers at most, and a mark is two. */
	VALUES_MAX = 32767,
	PORT_LEAST = 1024,
};

static const char *const fields[CTALG_FIELDS] = {
	[CTALG_FIELD_USER] = "user",	 [CTALG_FIELD_OBJECT] = "object",
	[CTALG_FIELD_INSIDE] = "inside", [CTALG_FIELD_OUTSIDE] = "outside",
	[CTALG_FIELD_MARK] = "mark",	 [CTALG_FIELD_ZONE] = "zone",
};

/* Kinds of event that a packet causes: only then there is something to write to the log. */
static const char *const kinds[] = {
	"session-begin",   "session-change", "pinhole-open", "pinhole-used",
	"pinhole-refused", "edit",	     "malformed",    "unread",
	"limit",	   "detach",	     "reset",	     "denied",
};

bool policy_number(const char *text, uint64_t most, uint64_t *n)
{
	bool hex = text[0] == '0' && text[1] == 'x';
	const char *digits = hex ? text + 2 : text;
	char *end;

	if (!digits[0] ||
	    strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != strlen(digits))
		return false;
	errno = 0;
	*n = strtoull(digits, &end, hex ? 16 : 10);
	return !errno && *n <= most;
}

bool policy_ports(struct draft *d, uint32_t *first, uint32_t *last)
{
	const struct policy_token *t = policy_next(d);
	const char *to = t->kind == POLICY_WORD ? strchr(t->text, '-') : NULL;
	char buf[POLICY_SHOWN_SIZE], from[8] = "";
	uint64_t a = 0, b = 0;

	if (to && to - t->text < (long)sizeof(from)) {
		memcpy(from, t->text, (size_t)(to - t->text));
		if (policy_number(from, UINT16_MAX, &a) && policy_number(to + 1, UINT16_MAX, &b) &&
		    a >= PORT_LEAST && a <= b) {
			*first = (uint32_t)a;
			*last = (uint32_t)b;
			return true;
		}
	}
	return policy_wrong(d, t,
			    "%s is not a range of ports from %d to 65535; write it as 40000-49999",
			    policy_shown(buf, t), PORT_LEAST);
}

bool policy_name(struct draft *d, const struct policy_token *t, const char *what, uint32_t most)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char *const taken[] = { "not", "peer", "any", "to" };
	char buf[POLICY_SHOWN_SIZE];
	size_t i;

	if (t->kind != POLICY_WORD)
		return policy_wrong(d, t, "a name for the %s is missing before %s", what,
				    policy_shown(buf, t));
	if (!strchr(letters, t->text[0]) || strpbrk(t->text, "*?/@+~%:") || t->len > most)
		return policy_wrong(
			d, t,
			"%s is no name; a name begins with a letter and has letters, digits, - _ and . behind it, %u at most",
			policy_shown(buf, t), most);
	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (policy_is_word(t, taken[i]))
			return policy_wrong(d, t, "\"%s\" means something else; take another name",
					    t->text);
	return true;
}

struct draft_set *policy_set_of(struct draft *d, const struct policy_token *name)
{
	size_t i;

	for (i = 0; i < d->n_sets; i++)
		if (policy_same(&d->sets[i].name, name))
			return &d->sets[i];
	return NULL;
}

struct draft_limit *policy_limit_of(struct draft *d, const struct policy_token *name)
{
	size_t i;

	for (i = 0; i < d->n_limits; i++)
		if (policy_same(&d->limits[i].name, name))
			return &d->limits[i];
	return NULL;
}

static struct draft_value *more(struct draft_criterion *c)
{
	c->v = policy_more(c->v, c->n, sizeof(*c->v));
	c->v[c->n] = (struct draft_value){};
	return &c->v[c->n++];
}

void policy_add_text(struct draft_criterion *c, const struct policy_token *t)
{
	more(c)->text = *t;
}

static bool full(struct draft *d, const struct draft_criterion *c)
{
	if (c->n < VALUES_MAX)
		return false;
	policy_wrong(d, d->at, "the list is longer than %d; divide it between two rules",
		     VALUES_MAX);
	return true;
}

bool policy_begins_criterion(const struct draft *d)
{
	unsigned int i;

	for (i = 0; i < CTALG_FIELDS; i++)
		if (fields[i] && policy_is(d, fields[i]))
			return true;
	return false;
}

/* A word that says what comes next, unless it stands in quotes. */
static bool is_keyword(const struct draft *d)
{
	return policy_begins_criterion(d) || policy_is(d, "not") || policy_is(d, "answer") ||
	       policy_is(d, "else");
}

static bool ends_in_escape(const struct policy_token *t)
{
	uint32_t n = 0;

	while (n < t->len && t->text[t->len - 1 - n] == '\\')
		n++;
	return n % 2;
}

static bool pattern(struct draft *d, struct draft_criterion *c)
{
	char buf[POLICY_SHOWN_SIZE];
	bool keyword = is_keyword(d);
	const struct policy_token *t = policy_next(d);

	if ((t->kind != POLICY_WORD && t->kind != POLICY_STRING) || keyword)
		return policy_wrong(d, t, "a pattern is missing before %s; write it as \"anon*\"",
				    policy_shown(buf, t));
	if (!t->len)
		return policy_wrong(d, t, "an empty pattern matches nothing; write \"*\" for any");
	if (t->len > CTALG_PATTERN_MAX)
		return policy_wrong(d, t, "the pattern is longer than %u bytes; shorten it with *",
				    CTALG_PATTERN_MAX);
	if (ends_in_escape(t))
		return policy_wrong(
			d, t,
			"nothing follows the pattern's last backslash; a backslash itself is \"\\\\\\\\\"");
	policy_add_text(c, t);
	return true;
}

/* An address goes to @addresses, a name's set to @set. */
static bool place(struct draft *d, struct policy_ranges *addresses, struct draft_set **set)
{
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);
	struct policy_range r;

	*set = NULL;
	if (t->kind != POLICY_WORD)
		return policy_wrong(d, t, "a set or an address is missing before %s",
				    policy_shown(buf, t));
	if (policy_is_address(t)) {
		if (!policy_address(d, t, &r))
			return false;
		policy_ranges_add(addresses, &r);
		return true;
	}
	*set = policy_set_of(d, t);
	if (!*set)
		return policy_wrong(
			d, t, "there is no set %s; before this, write: set %.40s { 10.0.0.0/8 }",
			policy_shown(buf, t), t->text);
	(*set)->used = true;
	return true;
}

static bool place_value(struct draft *d, struct draft_criterion *c)
{
	struct draft_set *set;

	if (!place(d, &c->addresses, &set))
		return false;
	if (set)
		more(c)->n = (uint32_t)(set - d->sets);
	return true;
}

bool policy_places(struct draft *d, struct draft_places *to)
{
	struct draft_set *set, *first = NULL;
	size_t n = 0, i;

	to->given = true;
	to->set = CTALG_IMAGE_ANY;
	do {
		if (!place(d, &to->ranges, &set))
			return false;
		for (i = 0; set && i < set->ranges.n; i++)
			policy_ranges_add(&to->ranges, &set->ranges.r[i]);
		first = n++ ? NULL : set;
		policy_ranges_merge(&to->ranges);
	} while (policy_skip_kind(d, POLICY_COMMA));
	if (first)
		to->set = (uint32_t)(first - d->sets);
	return true;
}

static bool mark(struct draft *d, struct draft_criterion *c)
{
	char buf[POLICY_SHOWN_SIZE], text[32] = "";
	const struct policy_token *t = policy_next(d);
	uint64_t n, mask = UINT32_MAX;
	struct draft_value *v;
	char *slash;

	if (t->kind == POLICY_WORD && t->len < sizeof(text))
		memcpy(text, t->text, t->len);
	slash = strchr(text, '/');
	if (slash)
		*slash = 0;
	if (!policy_number(text, UINT32_MAX, &n) ||
	    (slash && !policy_number(slash + 1, UINT32_MAX, &mask)))
		return policy_wrong(
			d, t, "%s is no mark; write a number, or one and its mask, as 0x10/0xff",
			policy_shown(buf, t));
	if (n & ~mask || !mask)
		return policy_wrong(
			d, t,
			"the mark has bits that its mask leaves out, or the mask is 0; write 0x10/0xff for a mark whose last byte is 0x10");
	v = more(c);
	v->n = (uint32_t)n;
	v->mask = (uint32_t)mask;
	return true;
}

static bool zone(struct draft *d, struct draft_criterion *c)
{
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);
	uint64_t n;

	if (t->kind != POLICY_WORD || !policy_number(t->text, UINT16_MAX, &n))
		return policy_wrong(d, t, "%s is no conntrack zone; write a number from 0 to 65535",
				    policy_shown(buf, t));
	more(c)->n = (uint32_t)n;
	return true;
}

static bool value(struct draft *d, unsigned int field, struct draft_criterion *c)
{
	if (full(d, c))
		return false;
	if (field == CTALG_FIELD_USER || field == CTALG_FIELD_OBJECT)
		return pattern(d, c);
	if (field == CTALG_FIELD_INSIDE || field == CTALG_FIELD_OUTSIDE)
		return place_value(d, c);
	return field == CTALG_FIELD_MARK ? mark(d, c) : zone(d, c);
}

static bool may_look(struct draft *d, unsigned int field, uint32_t allowed)
{
	if (allowed & 1u << field)
		return true;
	return policy_wrong(
		d, d->at,
		"this rule cannot look at the %s; allow, deny, drop, reset, limit and log can",
		fields[field]);
}

bool policy_criterion(struct draft *d, struct draft_rule *r, uint32_t allowed)
{
	struct draft_criterion *c;
	unsigned int field = 0;

	while (!fields[field] || !policy_is(d, fields[field]))
		field++;
	c = &r->c[field];
	if (!may_look(d, field, allowed))
		return false;
	if (c->given)
		return policy_wrong(
			d, d->at,
			"\"%s\" stands there twice; write all values behind one, with commas",
			fields[field]);
	c->given = true;
	c->at = *policy_next(d);
	c->negate = policy_skip(d, "not");
	do {
		if (!value(d, field, c))
			return false;
	} while (policy_skip_kind(d, POLICY_COMMA));
	policy_ranges_merge(&c->addresses);
	return true;
}

/* The command of that name, in capitals or not; or NULL. */
static const struct ctalg_command *command_of(const struct ctalg_proto *proto, const char *name)
{
	unsigned int i;

	for (i = 0; i < proto->n_commands; i++)
		if (!strcasecmp(proto->commands[i].name, name))
			return &proto->commands[i];
	return NULL;
}

bool policy_knows(const struct ctalg_proto *proto, const char *command)
{
	return command_of(proto, command);
}

bool policy_has(const struct ctalg_proto *proto, uint8_t flag)
{
	unsigned int i;

	for (i = 0; i < proto->n_commands; i++)
		if (proto->commands[i].flags & flag)
			return true;
	return false;
}

/* In the protocol of the section, or in that of any service. */
static const struct ctalg_command *known_command(const struct draft *d, const char *name)
{
	const struct ctalg_command *found = NULL;
	const struct service *s;

	if (d->service)
		return command_of(d->service->proto, name);
	for (s = services; s->name && !found; s++)
		found = command_of(s->proto, name);
	return found;
}

static bool may_write(const struct draft *d)
{
	return !d->service || policy_has(d->service->proto, CTALG_COMMAND_WRITES);
}

static bool command(struct draft *d, struct draft_criterion *c)
{
	static const struct policy_token writes = { .kind = POLICY_WORD,
						    .len = 7,
						    .text = "@writes" };
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);
	const struct ctalg_command *known;

	if (policy_is_word(t, "writes")) {
		if (!may_write(d))
			return policy_wrong(d, t,
					    "no command of %s writes; name those that you mean",
					    d->service->name);
		policy_add_text(c, &writes);
		return true;
	}
	known = t->kind == POLICY_WORD ? known_command(d, t->text) : NULL;
	if (known && strcmp(known->name, t->text))
		return policy_wrong(d, t, "commands are written as the protocol does; write %s",
				    known->name);
	if (!known)
		return policy_wrong(
			d, t,
			"%s is no command of %s; write one such as %s, or \"other\" for those without a name here%s",
			policy_shown(buf, t), d->service ? d->service->name : "any protocol",
			d->service && d->service->proto->n_commands > 1
				? d->service->proto->commands[1].name
				: "STOR",
			may_write(d) ? ", or \"writes\"" : "");
	policy_add_text(c, t);
	return true;
}

bool policy_commands(struct draft *d, struct draft_rule *r)
{
	struct draft_criterion *c = &r->c[CTALG_FIELD_COMMAND];

	if (d->at->kind == POLICY_STOP || d->at->kind == POLICY_CLOSE ||
	    d->at->kind == POLICY_END || is_keyword(d))
		return true;
	c->given = true;
	c->at = *d->at;
	do {
		if (full(d, c) || !command(d, c))
			return false;
	} while (policy_skip_kind(d, POLICY_COMMA));
	return true;
}

static bool is_reason(const struct ctalg_proto *proto, const char *name)
{
	unsigned int i;

	for (i = 0; i < proto->n_reasons; i++)
		if (!strcmp(proto->reasons[i], name))
			return true;
	return false;
}

static bool is_event(const struct draft *d, const char *name)
{
	const struct service *s;
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i], name))
			return true;
	for (i = 1; i < CTALG_R_SHARED_MAX; i++)
		if (!strcmp(ctalg_reason_name(i), name))
			return true;
	for (s = services; s->name; s++)
		if ((!d->service || s == d->service) && is_reason(s->proto, name))
			return true;
	return false;
}

static bool event(struct draft *d, struct draft_criterion *c)
{
	char buf[POLICY_SHOWN_SIZE];
	const struct policy_token *t = policy_next(d);

	if (t->kind != POLICY_WORD || !is_event(d, t->text))
		return policy_wrong(
			d, t,
			"%s is neither an event that a packet causes, such as denied, pinhole-refused, malformed, unread, limit or reset, nor a reason as \"ctalg stats\" has them",
			policy_shown(buf, t));
	policy_add_text(c, t);
	return true;
}

bool policy_events(struct draft *d, struct draft_rule *r)
{
	struct draft_criterion *c = &r->c[CTALG_FIELD_EVENT];

	c->given = true;
	c->at = *d->at;
	do {
		if (full(d, c) || !event(d, c))
			return false;
	} while (policy_skip_kind(d, POLICY_COMMA));
	return true;
}
