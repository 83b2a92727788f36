// SPDX-License-Identifier: GPL-2.0
/* Which rule matches first: what a message has is looked up, and the rules filed under it are tried. */
#include "policy_rules.h"

static bool pattern_matches(const struct ctalg_search *q, u8 field, u32 ref)
{
	bool user = field == CTALG_FIELD_USER;
	const char *s;
	u32 n;

	s = ctalg_image_string(q->rules->image, ref, &n);
	return ctalg_glob_match(s, n, user ? q->s->user : q->s->object,
				user ? q->s->user_len : q->s->object_len);
}

static bool command_matches(const struct ctalg_search *q, u16 command)
{
	u32 is = q->s->command;

	if (command == CTALG_COMMANDS_WRITE)
		return is < q->rules->n_flags && q->rules->flags[is] & CTALG_COMMAND_WRITES;
	return command != CTALG_COMMAND_ABSENT && command == is;
}

static bool event_matches(const struct ctalg_search *q, u32 ref, const char *name)
{
	const char *s;
	u32 n;

	if (!name)
		return false;
	s = ctalg_image_string(q->rules->image, ref, &n);
	return ctalg_text_equal(s, n, (const u8 *)name, ctalg_name_len(name));
}

static bool value_matches(const struct ctalg_search *q, u8 field, u32 at)
{
	const struct ctalg_subject *s = q->s;
	const u32 *value = &q->rules->value[at];

	switch (field) {
	case CTALG_FIELD_COMMAND:
		return command_matches(q, q->rules->commands[at]);
	case CTALG_FIELD_USER:
	case CTALG_FIELD_OBJECT:
		return pattern_matches(q, field, *value);
	case CTALG_FIELD_INSIDE:
		return ctalg_image_set_has(q->rules->image, *value, &s->inside);
	case CTALG_FIELD_OUTSIDE:
		return ctalg_image_set_has(q->rules->image, *value, &s->outside);
	case CTALG_FIELD_MARK:
		return !((s->mark ^ value[0]) & value[1]);
	case CTALG_FIELD_ZONE:
		return s->zone == *value;
	default:
		return event_matches(q, *value, s->event) || event_matches(q, *value, s->reason);
	}
}

static bool criterion_matches(const struct ctalg_search *q, const struct ctalg_image_criterion *cr)
{
	u32 step = cr->field == CTALG_FIELD_MARK ? 2 : 1, i;

	for (i = 0; i < cr->n; i += step)
		if (value_matches(q, cr->field, cr->values + i))
			return !cr->negate;
	return cr->negate;
}

/* What the rule is filed under need not be tried again, or only the pattern that led here. */
static bool rule_matches(const struct ctalg_search *q, const struct ctalg_item *item)
{
	const struct ctalg_image_rule *r = &q->rules->rule[item->what];
	u32 i;

	for (i = 0; i < r->n_criteria; i++) {
		const struct ctalg_image_criterion *cr = &q->rules->criterion[r->criteria + i];
		bool ok;

		if (cr->field != CTALG_FILED_FIELD(item->filed))
			ok = criterion_matches(q, cr);
		else if (item->filed & CTALG_FILED_WHOLE)
			ok = true;
		else
			ok = value_matches(q, cr->field,
					   cr->values + CTALG_FILED_VALUE(item->filed));
		if (!ok)
			return false;
	}
	return true;
}

/* The first item of a rule from @from on. */
static u32 item_from(const struct ctalg_item *item, u32 n, u32 from)
{
	u32 lo = 0;

	while (from && lo < n) {
		u32 mid = lo + (n - lo) / 2;

		if (item[mid].what < from)
			lo = mid + 1;
		else
			n = mid;
	}
	return lo;
}

static void try_entry(struct ctalg_search *q, u32 at)
{
	const struct ctalg_entry *e = &q->rules->entry[at];
	const struct ctalg_item *item = q->rules->item + e->first;
	u32 i;

	for (i = item_from(item, e->n, q->from); i < e->n && item[i].what < q->best; i++) {
		q->looked++;
		if (rule_matches(q, &item[i])) {
			q->best = item[i].what;
			return;
		}
	}
}

static void try_key(struct ctalg_search *q, const struct ctalg_key *key)
{
	u32 steps, at = ctalg_entry_find(q->rules, key, &steps);

	if (at != CTALG_NO_RULE)
		try_entry(q, at);
}

static bool has(const struct ctalg_search *q, u8 kind)
{
	return ctalg_bit(&q->rules->chain[q->chain].kinds, kind);
}

static void try_number(struct ctalg_search *q, u8 kind, u32 number)
{
	struct ctalg_key key = { .chain = q->chain, .kind = kind, .number = number };

	if (!has(q, kind))
		return;
	ctalg_key_hash_number(&key);
	try_key(q, &key);
}

static void try_text(struct ctalg_search *q, u8 kind, const u8 *text, u32 len, u32 h)
{
	struct ctalg_key key = { .chain = q->chain, .kind = kind, .text = text, .len = len };

	if (len > CTALG_GLOB_MAX || !ctalg_bit(q->rules->chain[q->chain].text[kind], len))
		return;
	ctalg_key_hash(&key, h);
	try_key(q, &key);
}

/* The whole text, and what it begins with. */
static void try_heads(struct ctalg_search *q, u8 kind, const u8 *text, u32 len)
{
	const u32 *longest = q->rules->chain[q->chain].longest;
	u32 most = longest[kind + CTALG_GLOB_PREFIX], h = CTALG_HASH_BEGIN, i;

	if (len <= longest[kind])
		most = len;
	most = min(most, len);
	for (i = 0; i < most; i++) {
		h = ctalg_hash_byte(h, text[i]);
		try_text(q, (u8)(kind + CTALG_GLOB_PREFIX), text, i + 1, h);
	}
	if (most == len)
		try_text(q, kind, text, len, h);
}

static void try_tails(struct ctalg_search *q, u8 kind, const u8 *text, u32 len)
{
	u32 most = q->rules->chain[q->chain].longest[kind], h = CTALG_HASH_BEGIN, i;

	most = min(most, len);
	for (i = 1; i <= most; i++) {
		h = ctalg_hash_byte(h, text[len - i]);
		try_text(q, kind, text + (len - i), i, h);
	}
}

static void try_texts(struct ctalg_search *q, u8 kind, const u8 *text, u32 len)
{
	if (has(q, kind) || has(q, (u8)(kind + CTALG_GLOB_PREFIX)))
		try_heads(q, kind, text, len);
	if (has(q, (u8)(kind + CTALG_GLOB_SUFFIX)))
		try_tails(q, (u8)(kind + CTALG_GLOB_SUFFIX), text, len);
}

static void try_net(struct ctalg_search *q, u8 kind, const struct ctalg_addr *a, u32 len)
{
	struct ctalg_key key = { .chain = q->chain, .kind = kind, .len = len };
	struct ctalg_addr cut;
	u32 steps, at, i;

	ctalg_addr_cut(&cut, a, len);
	key.text = cut.b;
	key.number = a->family;
	ctalg_key_hash_net(&key);
	at = ctalg_entry_find(q->rules, &key, &steps);
	if (at == CTALG_NO_RULE)
		return;
	for (i = 0; i < q->rules->entry[at].n; i++)
		try_entry(q, q->rules->item[q->rules->entry[at].first + i].what);
}

static void try_nets(struct ctalg_search *q, u8 kind, const struct ctalg_addr *a)
{
	const u32 *lengths =
		q->rules->chain[q->chain]
			.net[kind == CTALG_KEY_OUTSIDE_NET][a->family == CTALG_AF_INET6];
	u32 most = q->rules->chain[q->chain].longest[kind], bits = 8 * ctalg_addr_len(a), len;

	if (!bits || !has(q, kind))
		return;
	most = min(most, bits);
	for (len = 0; len <= most; len++)
		if (ctalg_bit(lengths, len))
			try_net(q, kind, a, len);
}

static void try_event(struct ctalg_search *q, const char *name)
{
	struct ctalg_key key = { .chain = q->chain, .kind = CTALG_KEY_EVENT };
	u32 h = CTALG_HASH_BEGIN, i;

	if (!name || !has(q, CTALG_KEY_EVENT))
		return;
	key.text = (const u8 *)name;
	key.len = ctalg_name_len(name);
	for (i = 0; i < key.len; i++)
		h = ctalg_hash_byte(h, key.text[i]);
	ctalg_key_hash(&key, h);
	try_key(q, &key);
}

void ctalg_rules_search(struct ctalg_search *q)
{
	const struct ctalg_subject *s = q->s;

	q->best = CTALG_NO_RULE;
	q->looked = 0;
	if (!q->rules->chain[q->chain].any)
		return;
	try_number(q, CTALG_KEY_ALL, 0);
	try_texts(q, CTALG_KEY_USER, s->user, s->user_len);
	try_texts(q, CTALG_KEY_OBJECT, s->object, s->object_len);
	try_nets(q, CTALG_KEY_INSIDE_NET, &s->inside);
	try_nets(q, CTALG_KEY_OUTSIDE_NET, &s->outside);
	try_event(q, s->event);
	try_event(q, s->reason);
	try_number(q, CTALG_KEY_COMMAND, s->command);
	if (command_matches(q, CTALG_COMMANDS_WRITE))
		try_number(q, CTALG_KEY_WRITES, 0);
	try_number(q, CTALG_KEY_ZONE, s->zone);
	try_number(q, CTALG_KEY_MARK, s->mark);
}

const struct ctalg_image_rule *ctalg_rules_match(const struct ctalg_rules *rules, u8 chain,
						 const struct ctalg_subject *s,
						 const struct ctalg_image_rule *after)
{
	struct ctalg_search q = { .rules = rules, .s = s, .chain = chain };

	if (!rules)
		return NULL;
	q.from = after ? (u32)(after - rules->rule) + 1 : 0;
	ctalg_rules_search(&q);
	return q.best == CTALG_NO_RULE ? NULL : &rules->rule[q.best];
}

const void *ctalg_rules_image(const struct ctalg_rules *rules)
{
	return rules->image;
}

bool ctalg_rules_any(const struct ctalg_rules *rules, u8 chain)
{
	return rules && rules->chain[chain].any;
}

bool ctalg_rules_looks_at(const struct ctalg_rules *rules, u8 field)
{
	return rules && ctalg_bit(&rules->looks, field);
}
