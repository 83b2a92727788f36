// SPDX-License-Identifier: GPL-2.0
/*
 * From an image to rules for one protocol. Everything is gone through twice: first it is only
 * counted how often rules are filed, then memory is there and they are.
 */
#include "policy_rules.h"

/* More keys with one hash than chance can bring. */
enum { STEPS_MAX = 64 };

/* A literal shorter than this has little to say. */
enum { LITERAL_SHORT = 3 };

/* Which criterion the fewest messages meet. */
enum rank {
	RANK_USER,
	RANK_OBJECT,
	RANK_LITERAL,
	RANK_INSIDE,
	RANK_OUTSIDE,
	RANK_EVENT,
	RANK_SHORT,
	RANK_COMMAND,
	RANK_ZONE,
	RANK_MARK,
	RANK_NONE,
};

/* A place where a rule, or a set, is filed. */
struct filing {
	u32 entry;
	struct ctalg_item item;
};

struct compile {
	struct ctalg_rules *rules;
	const struct ctalg_proto *proto;
	const struct ctalg_memory *mem;
	struct ctalg_policy_error *err;
	u32 rule;
	u8 chain;
	bool counting;
	u32 n;
	u32 cap;
	/* what rules cost that every message is held against */
	u32 everywhere;
	u32 n_sets;
	/* per set: for which chains, inside and outside, its networks are filed */
	u32 *seen;
	struct filing *filing;
	struct ctalg_entry *entry;
};

static bool wrong(struct compile *c, const char *what)
{
	c->err->what = what;
	c->err->rule = c->rule;
	c->err->line = c->rules->rule[c->rule].line;
	return false;
}

/* Room for @n things; never NULL for none, so that NULL means one thing only. */
static void *room(const struct compile *c, u32 n, size_t size)
{
	u32 bytes = (n ? n : 1) * (u32)size;
	void *p = c->mem->alloc(c->mem->ctx, bytes);

	if (p)
		memset(p, 0, bytes);
	return p;
}

static void room_free(const struct ctalg_memory *mem, void *p, u32 n, size_t size)
{
	if (p)
		mem->free(mem->ctx, p, (n ? n : 1) * (u32)size);
}

static bool concerns(const struct compile *c, const struct ctalg_image_rule *r)
{
	return !(r->helper & 255) ||
	       ctalg_image_string_is(c->rules->image, r->helper, c->proto->name);
}

/* A rule for all protocols may name commands that only some of them have. */
static bool command_resolve(struct compile *c, u32 at, bool for_all)
{
	u32 n, i;
	const char *s = ctalg_image_string(c->rules->image, c->rules->value[at], &n);

	c->rules->commands[at] = CTALG_COMMAND_ABSENT;
	if (n == 7 && !memcmp(s, "@writes", 7)) {
		c->rules->commands[at] = CTALG_COMMANDS_WRITE;
		return true;
	}
	for (i = 0; i < c->proto->n_commands; i++) {
		const char *name = c->proto->commands[i].name;

		if (!ctalg_text_equal(s, n, (const u8 *)name, ctalg_name_len(name)))
			continue;
		c->rules->commands[at] = (u16)i;
		return true;
	}
	return for_all || wrong(c, "the protocol has no such command");
}

static bool commands_resolve(struct compile *c, const struct ctalg_image_rule *r)
{
	u32 i, k;

	for (i = 0; i < r->n_criteria; i++) {
		const struct ctalg_image_criterion *cr = &c->rules->criterion[r->criteria + i];

		if (ctalg_chain_refuses(r->chain))
			ctalg_bit_set(&c->rules->looks, cr->field);
		for (k = 0; k < cr->n && cr->field == CTALG_FIELD_COMMAND; k++)
			if (!command_resolve(c, cr->values + k, !(r->helper & 255)))
				return false;
	}
	return true;
}

/* The bits of rules->chain[] that let a message look for a key. */
static void key_announce(struct compile *c, const struct ctalg_key *key)
{
	struct ctalg_chain_keys *keys = &c->rules->chain[key->chain];

	ctalg_bit_set(&keys->kinds, key->kind);
	keys->longest[key->kind] = keys->longest[key->kind] > key->len ? keys->longest[key->kind]
								       : key->len;
	if (key->kind == CTALG_KEY_INSIDE_NET || key->kind == CTALG_KEY_OUTSIDE_NET)
		ctalg_bit_set(
			keys->net[key->kind == CTALG_KEY_OUTSIDE_NET][key->number == CTALG_AF_INET6],
			key->len);
	else if (key->kind <= CTALG_KEY_OBJECT_SUFFIX)
		ctalg_bit_set(keys->text[key->kind], key->len);
}

/* The entry of a key, which is made if there is none. @e says what it refers to. */
static bool entry_get(struct compile *c, const struct ctalg_key *key, const struct ctalg_entry *e,
		      u32 *at)
{
	struct ctalg_rules *rules = c->rules;
	u32 steps, *bucket = &rules->bucket[key->hash & (rules->n_buckets - 1)];
	struct ctalg_entry *new;

	*at = ctalg_entry_find(rules, key, &steps);
	if (*at != CTALG_NO_RULE)
		return true;
	if (steps >= STEPS_MAX)
		return wrong(c, "too many rules look for things that cannot be told apart fast");
	*at = rules->n_entries++;
	new = &rules->entry[*at];
	*new = *e;
	new->hash = key->hash;
	new->chain = key->chain;
	new->kind = key->kind;
	new->len = (u8)key->len;
	new->next = *bucket;
	*bucket = *at + 1;
	key_announce(c, key);
	return true;
}

static bool file_under(struct compile *c, const struct ctalg_key *key, const struct ctalg_entry *e,
		       struct ctalg_item item, u32 *at)
{
	if (c->counting) {
		*at = 0;
		if (++c->n > CTALG_IMAGE_WORK)
			return wrong(c, "rules and the networks of their sets are more than "
					"1048576");
		return true;
	}
	if (!entry_get(c, key, e, at))
		return false;
	c->rules->entry[*at].n++;
	c->filing[c->n].entry = *at;
	c->filing[c->n++].item = item;
	return true;
}

static bool file_number(struct compile *c, u8 kind, u32 number, u8 field)
{
	struct ctalg_key key = { .chain = c->chain, .kind = kind, .number = number };
	struct ctalg_item item = { c->rule, CTALG_FILED(field, CTALG_FILED_WHOLE) };
	struct ctalg_entry e = { .ref = number };
	u32 at;

	ctalg_key_hash_number(&key);
	return file_under(c, &key, &e, item, &at);
}

static u32 text_hash(const u8 *text, u32 len, bool backwards)
{
	u32 h = CTALG_HASH_BEGIN, i;

	for (i = 0; i < len; i++)
		h = ctalg_hash_byte(h, text[backwards ? len - 1 - i : i]);
	return h;
}

/* Of a criterion of patterns, the value @k. */
static bool file_pattern(struct compile *c, u8 field, u32 ref, u32 k)
{
	u8 base = field == CTALG_FIELD_USER ? CTALG_KEY_USER : CTALG_KEY_OBJECT;
	struct ctalg_key key = { .chain = c->chain };
	struct ctalg_item item = { .what = c->rule };
	struct ctalg_entry e = { .ref = ref };
	struct ctalg_glob_literal l;
	u8 text[CTALG_GLOB_MAX];
	const char *s;
	u32 n, at;

	s = ctalg_image_string(c->rules->image, ref, &n);
	l = ctalg_glob_literal(s, n);
	ctalg_glob_copy(s, n, &l, text);
	key.kind = (u8)(base + l.kind);
	key.text = text;
	key.len = l.len;
	e.from = (u8)l.from;
	item.filed = CTALG_FILED(field, l.kind == CTALG_GLOB_EXACT ? CTALG_FILED_WHOLE : k);
	ctalg_key_hash(&key, text_hash(text, l.len, l.kind == CTALG_GLOB_SUFFIX));
	return file_under(c, &key, &e, item, &at);
}

static bool file_event(struct compile *c, u32 ref)
{
	struct ctalg_key key = { .chain = c->chain, .kind = CTALG_KEY_EVENT };
	struct ctalg_item item = { c->rule, CTALG_FILED(CTALG_FIELD_EVENT, CTALG_FILED_WHOLE) };
	struct ctalg_entry e = { .ref = ref };
	u32 at;

	key.text = (const u8 *)ctalg_image_string(c->rules->image, ref, &key.len);
	ctalg_key_hash(&key, text_hash(key.text, key.len, false));
	return file_under(c, &key, &e, item, &at);
}

static bool file_net(struct compile *c, u8 kind, u32 prefix, u32 set)
{
	const struct ctalg_image_prefix *p = &c->rules->prefix[prefix];
	struct ctalg_key key = {
		.chain = c->chain, .kind = kind, .len = p->len, .text = p->addr, .number = p->family
	};
	struct ctalg_item item = { .what = set };
	struct ctalg_entry e = { .ref = prefix };
	u32 at;

	ctalg_key_hash_net(&key);
	return file_under(c, &key, &e, item, &at);
}

/* The networks of a set are filed when the first rule of a chain is filed under it. */
static bool file_set(struct compile *c, u8 field, u32 set)
{
	bool outside = field == CTALG_FIELD_OUTSIDE;
	u8 kind = outside ? CTALG_KEY_OUTSIDE : CTALG_KEY_INSIDE;
	u8 net = outside ? CTALG_KEY_OUTSIDE_NET : CTALG_KEY_INSIDE_NET;
	u32 bit = 2U * c->chain + outside, n, i, at;
	const struct ctalg_image_set *s = ctalg_image_sets(c->rules->image, &n) + set;
	struct ctalg_key key = { .chain = c->chain, .kind = kind, .number = set };
	struct ctalg_item item = { c->rule, CTALG_FILED(field, CTALG_FILED_WHOLE) };
	struct ctalg_entry e = { .ref = set };

	ctalg_key_hash_number(&key);
	if (!file_under(c, &key, &e, item, &at))
		return false;
	if (ctalg_bit(&c->seen[set], bit))
		return true;
	ctalg_bit_set(&c->seen[set], bit);
	for (i = 0; i < s->n; i++)
		if (!file_net(c, net, s->prefix + i, at))
			return false;
	return true;
}

static bool file_command(struct compile *c, u32 at)
{
	u16 command = c->rules->commands[at];

	if (command == CTALG_COMMANDS_WRITE)
		return file_number(c, CTALG_KEY_WRITES, 0, CTALG_FIELD_COMMAND);
	if (command == CTALG_COMMAND_ABSENT)
		return true;
	return file_number(c, CTALG_KEY_COMMAND, command, CTALG_FIELD_COMMAND);
}

static bool file_value(struct compile *c, const struct ctalg_image_criterion *cr, u32 k)
{
	u32 value = c->rules->value[cr->values + k];

	switch (cr->field) {
	case CTALG_FIELD_USER:
	case CTALG_FIELD_OBJECT:
		return file_pattern(c, cr->field, value, k);
	case CTALG_FIELD_INSIDE:
	case CTALG_FIELD_OUTSIDE:
		return file_set(c, cr->field, value);
	case CTALG_FIELD_EVENT:
		return file_event(c, value);
	case CTALG_FIELD_COMMAND:
		return file_command(c, cr->values + k);
	case CTALG_FIELD_ZONE:
		return file_number(c, CTALG_KEY_ZONE, value, cr->field);
	default:
		/* marks come with their bits, of which all count here */
		return k % 2 || file_number(c, CTALG_KEY_MARK, value, cr->field);
	}
}

static u8 patterns_rank(const struct compile *c, const struct ctalg_image_criterion *cr)
{
	u8 rank = cr->field == CTALG_FIELD_USER ? RANK_USER : RANK_OBJECT;
	u32 k, n;

	for (k = 0; k < cr->n; k++) {
		const char *s =
			ctalg_image_string(c->rules->image, c->rules->value[cr->values + k], &n);
		struct ctalg_glob_literal l = ctalg_glob_literal(s, n);

		if (l.kind == CTALG_GLOB_ANY)
			return RANK_NONE;
		if (l.kind != CTALG_GLOB_EXACT && l.len < LITERAL_SHORT)
			rank = RANK_SHORT;
		else if (l.kind != CTALG_GLOB_EXACT && rank < RANK_LITERAL)
			rank = RANK_LITERAL;
	}
	return rank;
}

static u8 marks_rank(const struct compile *c, const struct ctalg_image_criterion *cr)
{
	u32 k;

	for (k = 1; k < cr->n; k += 2)
		if (c->rules->value[cr->values + k] != 0xffffffff)
			return RANK_NONE;
	return RANK_MARK;
}

static u8 criterion_rank(const struct compile *c, const struct ctalg_image_criterion *cr)
{
	if (cr->negate)
		return RANK_NONE;
	switch (cr->field) {
	case CTALG_FIELD_USER:
	case CTALG_FIELD_OBJECT:
		return patterns_rank(c, cr);
	case CTALG_FIELD_INSIDE:
		return RANK_INSIDE;
	case CTALG_FIELD_OUTSIDE:
		return RANK_OUTSIDE;
	case CTALG_FIELD_EVENT:
		return RANK_EVENT;
	case CTALG_FIELD_COMMAND:
		return RANK_COMMAND;
	case CTALG_FIELD_ZONE:
		return RANK_ZONE;
	default:
		return marks_rank(c, cr);
	}
}

/* What it takes to try a rule, in bytes of patterns and other values. */
static u32 rule_cost(const struct compile *c, const struct ctalg_image_rule *r)
{
	const struct ctalg_image_criterion *cr = &c->rules->criterion[r->criteria];
	u32 cost = 1, len, i, k;

	for (i = 0; i < r->n_criteria; i++) {
		for (k = 0; k < cr[i].n; k++) {
			len = 1;
			if (cr[i].field == CTALG_FIELD_USER || cr[i].field == CTALG_FIELD_OBJECT)
				ctalg_image_string(c->rules->image,
						   c->rules->value[cr[i].values + k], &len);
			cost += len;
		}
	}
	return cost;
}

static bool file_rule(struct compile *c, const struct ctalg_image_rule *r)
{
	const struct ctalg_image_criterion *best = NULL;
	u8 rank, best_rank = RANK_NONE;
	u32 i;

	for (i = 0; i < r->n_criteria; i++) {
		rank = criterion_rank(c, &c->rules->criterion[r->criteria + i]);
		if (rank < best_rank) {
			best_rank = rank;
			best = &c->rules->criterion[r->criteria + i];
		}
	}
	if (!best) {
		c->everywhere += c->counting ? rule_cost(c, r) : 0;
		if (c->everywhere > CTALG_IMAGE_EVERYWHERE)
			return wrong(
				c,
				"this and earlier rules, which each message would have to be held against, are too much; let them name a command, a user, a host or how a name begins or ends");
		return file_number(c, CTALG_KEY_ALL, 0, CTALG_FIELDS);
	}
	for (i = 0; i < best->n; i++)
		if (!file_value(c, best, i))
			return false;
	return true;
}

static bool each_rule(struct compile *c,
		      bool (*do_it)(struct compile *c, const struct ctalg_image_rule *r))
{
	u32 n, i;
	const struct ctalg_image_rule *r = ctalg_image_rules(c->rules->image, &n);

	for (i = 0; i < n; i++) {
		if (!concerns(c, &r[i]))
			continue;
		c->rule = i;
		c->chain = r[i].chain;
		c->rules->chain[c->chain].any = true;
		if (!do_it(c, &r[i]))
			return false;
	}
	return true;
}

static bool commands_compile(struct compile *c)
{
	struct ctalg_rules *rules = c->rules;
	u32 i;

	rules->n_flags = c->proto->n_commands;
	rules->commands = room(c, rules->n_commands, sizeof(*rules->commands));
	rules->flags = room(c, rules->n_flags, sizeof(*rules->flags));
	if (!rules->commands || !rules->flags)
		return false;
	for (i = 0; i < rules->n_flags; i++)
		rules->flags[i] = c->proto->commands[i].flags;
	return each_rule(c, commands_resolve);
}

static bool count(struct compile *c)
{
	c->seen = room(c, c->n_sets, sizeof(*c->seen));
	if (!c->seen)
		return false;
	c->counting = true;
	if (!each_rule(c, file_rule))
		return false;
	c->counting = false;
	c->cap = c->n;
	c->n = 0;
	memset(c->seen, 0, c->n_sets * sizeof(*c->seen));
	return true;
}

/* As many entries as there are filings, until it is known which have the same. */
static bool file(struct compile *c)
{
	struct ctalg_rules *rules = c->rules;
	u32 n_buckets = 16;
	bool ok;

	while (n_buckets < c->cap)
		n_buckets *= 2;
	rules->bucket = room(c, n_buckets, sizeof(*rules->bucket));
	rules->n_buckets = n_buckets;
	c->filing = room(c, c->cap, sizeof(*c->filing));
	c->entry = room(c, c->cap, sizeof(*c->entry));
	if (!rules->bucket || !c->filing || !c->entry)
		return false;
	rules->entry = c->entry;
	ok = each_rule(c, file_rule);
	rules->entry = NULL;
	if (!ok)
		return false;
	rules->entry = room(c, rules->n_entries, sizeof(*rules->entry));
	if (!rules->entry)
		return false;
	memcpy(rules->entry, c->entry, rules->n_entries * sizeof(*rules->entry));
	return true;
}

/* The lists of all entries, one behind the other; each in the order of the rules. */
static bool place(struct compile *c)
{
	struct ctalg_rules *rules = c->rules;
	u32 i, first = 0;

	rules->item = room(c, c->n, sizeof(*rules->item));
	rules->n_items = c->n;
	if (!rules->item)
		return false;
	for (i = 0; i < rules->n_entries; i++) {
		rules->entry[i].first = first;
		first += rules->entry[i].n;
		rules->entry[i].n = 0;
	}
	for (i = 0; i < c->n; i++) {
		struct ctalg_entry *e = &rules->entry[c->filing[i].entry];

		rules->item[e->first + e->n++] = c->filing[i].item;
	}
	return true;
}

static void compile_clean(struct compile *c)
{
	room_free(c->mem, c->seen, c->n_sets, sizeof(*c->seen));
	room_free(c->mem, c->filing, c->cap, sizeof(*c->filing));
	room_free(c->mem, c->entry, c->cap, sizeof(*c->entry));
}

static void rules_setup(struct ctalg_rules *rules, const void *image)
{
	u32 n;

	rules->image = image;
	rules->rule = ctalg_image_rules(image, &n);
	rules->criterion = ctalg_image_criteria(image, &n);
	rules->prefix = ctalg_image_prefixes(image, &n);
	rules->value = ctalg_image_values(image, &rules->n_commands);
}

struct ctalg_rules *ctalg_rules_compile(const void *image, const struct ctalg_proto *proto,
					const struct ctalg_memory *mem,
					struct ctalg_policy_error *err)
{
	struct compile c = { .proto = proto, .mem = mem, .err = err };
	bool ok;

	err->what = NULL;
	err->line = 0;
	err->rule = CTALG_NO_RULE;
	c.rules = room(&c, 1, sizeof(*c.rules));
	if (!c.rules)
		return NULL;
	rules_setup(c.rules, image);
	ctalg_image_sets(image, &c.n_sets);
	ok = commands_compile(&c) && count(&c) && file(&c) && place(&c);
	compile_clean(&c);
	if (ok)
		return c.rules;
	ctalg_rules_free(c.rules, mem);
	return NULL;
}

void ctalg_rules_free(struct ctalg_rules *rules, const struct ctalg_memory *mem)
{
	if (!rules)
		return;
	room_free(mem, rules->commands, rules->n_commands, sizeof(*rules->commands));
	room_free(mem, rules->flags, rules->n_flags, sizeof(*rules->flags));
	room_free(mem, rules->bucket, rules->n_buckets, sizeof(*rules->bucket));
	room_free(mem, rules->entry, rules->n_entries, sizeof(*rules->entry));
	room_free(mem, rules->item, rules->n_items, sizeof(*rules->item));
	room_free(mem, rules, 1, sizeof(*rules));
}
