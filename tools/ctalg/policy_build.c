// SPDX-License-Identifier: GPL-2.0
/*
 * The image of a policy file: sets with names in their order, then those without in the order
 * of their first use; strings in the order of their first use; a criterion's values ascending.
 * So the same rules always make the same image.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "service.h"
#include "tool.h"

/* A growing array of one of the image's parts. */
struct part {
	char *items;
	uint32_t n;
};

/**
 * struct table - finds what is there already
 * @slot: numbers, 0 for none
 * @mask: how many slots less one
 */
struct table {
	uint32_t *slot;
	uint32_t mask;
};

/**
 * struct build - an image while it is being made
 * @bytes: the strings
 * @refs: of strings, in the order in which they came
 * @strings: finds those
 * @unnamed: finds sets without a name
 * @failed: it became too large
 */
struct build {
	struct draft *d;
	struct part sets;
	struct part prefixes;
	struct part limits;
	struct part rules;
	struct part criteria;
	struct part values;
	struct part bytes;
	struct part refs;
	struct table strings;
	struct table unnamed;
	bool failed;
};

/* Adds one, and returns its number. */
static uint32_t push(struct part *p, const void *item, size_t size)
{
	p->items = policy_more(p->items, p->n, size);
	memcpy(p->items + p->n * size, item, size);
	return p->n++;
}

static uint32_t hash_of(const void *bytes, size_t len)
{
	const unsigned char *b = bytes;
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ *b++) * 16777619u;
	return h;
}

static void table_size(struct table *t, size_t most)
{
	t->mask = 63;
	while (t->mask < 2 * most)
		t->mask = 2 * t->mask + 1;
	t->slot = need(calloc((size_t)t->mask + 1, sizeof(*t->slot)));
}

static bool has_bytes(const struct build *b, uint32_t ref, const char *text, uint32_t len)
{
	return (ref & 0xff) == len && !memcmp(b->bytes.items + (ref >> 8), text, len);
}

static uint32_t string(struct build *b, const char *text, uint32_t len)
{
	const uint32_t *refs = (const uint32_t *)(const void *)b->refs.items;
	uint32_t at = hash_of(text, len), ref, i;

	if (!len)
		return 0;
	for (; b->strings.slot[at & b->strings.mask]; at++) {
		ref = refs[b->strings.slot[at & b->strings.mask] - 1];
		if (has_bytes(b, ref, text, len))
			return ref;
	}
	if (b->bytes.n + len >= CTALG_IMAGE_MAX) {
		b->failed = true;
		return 0;
	}
	ref = b->bytes.n << 8 | len;
	for (i = 0; i < len; i++)
		push(&b->bytes, text + i, 1);
	b->strings.slot[at & b->strings.mask] = push(&b->refs, &ref, sizeof(ref)) + 1;
	return ref;
}

static uint32_t token_string(struct build *b, const struct policy_token *t)
{
	return string(b, t->text, t->len);
}

static void add_prefix(void *ctx, const struct ctalg_image_prefix *p)
{
	struct build *b = ctx;

	if (b->prefixes.n < CTALG_IMAGE_MAX / sizeof(*p))
		push(&b->prefixes, p, sizeof(*p));
	else
		b->failed = true;
}

static struct ctalg_image_set *set_at(struct build *b, uint32_t i)
{
	return &((struct ctalg_image_set *)(void *)b->sets.items)[i];
}

static const char *prefixes_at(const struct build *b, uint32_t i)
{
	return b->prefixes.items + i * sizeof(struct ctalg_image_prefix);
}

static uint32_t set(struct build *b, uint32_t name, const struct policy_ranges *ranges)
{
	struct ctalg_image_set s = { .name = name, .prefix = b->prefixes.n };

	policy_ranges_prefixes(ranges, add_prefix, b);
	s.n = b->prefixes.n - s.prefix;
	return push(&b->sets, &s, sizeof(s));
}

/* The one with these addresses; the latest is taken back if there is one already. */
static uint32_t unnamed_set(struct build *b, const struct policy_ranges *ranges)
{
	uint32_t new = set(b, 0, ranges), at, old;
	size_t size = set_at(b, new)->n * sizeof(struct ctalg_image_prefix);
	const char *mine = prefixes_at(b, set_at(b, new)->prefix);

	for (at = hash_of(mine, size); b->unnamed.slot[at & b->unnamed.mask]; at++) {
		old = b->unnamed.slot[at & b->unnamed.mask] - 1;
		if (set_at(b, old)->n == set_at(b, new)->n &&
		    !memcmp(prefixes_at(b, set_at(b, old)->prefix), mine, size)) {
			b->prefixes.n = set_at(b, new)->prefix;
			b->sets.n--;
			return old;
		}
	}
	b->unnamed.slot[at & b->unnamed.mask] = new + 1;
	return new;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int by_pair(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return by_number(x, y) ? by_number(x, y) : by_number(x + 1, y + 1);
}

/* The values of a criterion, @size numbers each, in order and each once. */
static uint32_t put_values(struct build *b, uint32_t *v, uint32_t n, uint32_t size)
{
	uint32_t i, k, put = 0;

	qsort(v, n, size * sizeof(*v), size == 2 ? by_pair : by_number);
	for (i = 0; i < n; i++) {
		if (i && !memcmp(&v[i * size], &v[(i - 1) * size], size * sizeof(*v)))
			continue;
		for (k = 0; k < size; k++)
			push(&b->values, &v[i * size + k], sizeof(*v));
		put += size;
	}
	return put;
}

static uint32_t value_of(struct build *b, unsigned int field, const struct draft_value *v)
{
	if (field == CTALG_FIELD_COMMAND || field == CTALG_FIELD_USER ||
	    field == CTALG_FIELD_OBJECT || field == CTALG_FIELD_EVENT)
		return token_string(b, &v->text);
	return v->n;
}

static void criterion(struct build *b, unsigned int field, const struct draft_criterion *from)
{
	uint32_t size = field == CTALG_FIELD_MARK ? 2 : 1, n = 0;
	uint32_t *v = need(calloc(from->n + 1, size * sizeof(*v)));
	struct ctalg_image_criterion c = { .field = (u8)field, .negate = from->negate };
	size_t i;

	for (i = 0; i < from->n; i++, n++) {
		v[n * size] = value_of(b, field, &from->v[i]);
		if (size == 2)
			v[n * size + 1] = from->v[i].mask;
	}
	if (from->addresses.n)
		v[n++ * size] = unnamed_set(b, &from->addresses);
	c.values = b->values.n;
	c.n = (u16)put_values(b, v, n, size);
	push(&b->criteria, &c, sizeof(c));
	free(v);
}

static uint32_t places(struct build *b, const struct draft_places *p)
{
	if (!p->given)
		return CTALG_IMAGE_ANY;
	return p->set != CTALG_IMAGE_ANY ? p->set : unnamed_set(b, &p->ranges);
}

static void arguments(struct build *b, const struct draft_rule *from, struct ctalg_image_rule *r)
{
	switch (from->chain) {
	case CTALG_CHAIN_COMMAND:
	case CTALG_CHAIN_LIMIT:
	case CTALG_CHAIN_SIZE:
		r->arg[0] = from->code;
		r->arg[1] = token_string(b, &from->text);
		r->arg[2] = from->limit;
		break;
	case CTALG_CHAIN_LOOSE:
	case CTALG_CHAIN_SOURCE:
		r->arg[0] = from->action == CTALG_ACTION_ON ? places(b, &from->places) : 0;
		break;
	case CTALG_CHAIN_LOG:
		r->arg[2] = token_string(b, &from->text);
		fallthrough;
	default:
		r->arg[0] = from->number[0];
		r->arg[1] = from->number[1];
	}
}

static void rule(struct build *b, const struct draft_rule *from)
{
	struct ctalg_image_rule r = { .line = from->at.line,
				      .chain = from->chain,
				      .action = from->action,
				      .criteria = b->criteria.n };
	unsigned int i;

	if (from->service)
		r.helper = string(b, from->service->name, (uint32_t)strlen(from->service->name));
	for (i = 0; i < CTALG_FIELDS; i++)
		if (from->c[i].given)
			criterion(b, i, &from->c[i]);
	r.n_criteria = (u16)(b->criteria.n - r.criteria);
	arguments(b, from, &r);
	push(&b->rules, &r, sizeof(r));
}

static void limit(struct build *b, const struct draft_limit *from)
{
	struct ctalg_image_limit l = { .name = token_string(b, &from->name),
				       .events = from->events,
				       .period = from->period,
				       .burst = from->sessions ? 1 : from->burst,
				       .sessions = from->sessions,
				       .per = from->per };

	push(&b->limits, &l, sizeof(l));
}

/* How many strings and sets without a name there can be at most. */
static void make_tables(struct build *b)
{
	const struct draft *d = b->d;
	size_t strings = d->n_sets + d->n_limits + 2 * d->n_rules, i, k;

	for (i = 0; i < d->n_rules; i++)
		for (k = 0; k < CTALG_FIELDS; k++)
			strings += d->rules[i].c[k].n;
	table_size(&b->strings, strings);
	table_size(&b->unnamed, 3 * d->n_rules);
}

static char *put(char *to, const struct part *p, size_t size)
{
	if (p->n)
		memcpy(to, p->items, p->n * size);
	return to + p->n * size;
}

static size_t size_of_all(const struct build *b)
{
	return sizeof(struct ctalg_image_head) + b->sets.n * sizeof(struct ctalg_image_set) +
	       b->prefixes.n * sizeof(struct ctalg_image_prefix) +
	       b->limits.n * sizeof(struct ctalg_image_limit) +
	       b->rules.n * sizeof(struct ctalg_image_rule) +
	       b->criteria.n * sizeof(struct ctalg_image_criterion) + b->values.n * sizeof(u32) +
	       b->bytes.n;
}

static void *image_of(struct build *b, uint32_t size)
{
	struct ctalg_image_head head = { .magic = CTALG_IMAGE_MAGIC,
					 .version = CTALG_IMAGE_VERSION,
					 .size = size,
					 .sets = b->sets.n,
					 .prefixes = b->prefixes.n,
					 .limits = b->limits.n,
					 .rules = b->rules.n,
					 .criteria = b->criteria.n,
					 .values = b->values.n,
					 .strings = b->bytes.n };
	char *image = need(calloc(1, size)), *to = image;

	memcpy(to, &head, sizeof(head));
	to = put(to + sizeof(head), &b->sets, sizeof(struct ctalg_image_set));
	to = put(to, &b->prefixes, sizeof(struct ctalg_image_prefix));
	to = put(to, &b->limits, sizeof(struct ctalg_image_limit));
	to = put(to, &b->rules, sizeof(struct ctalg_image_rule));
	to = put(to, &b->criteria, sizeof(struct ctalg_image_criterion));
	to = put(to, &b->values, sizeof(u32));
	put(to, &b->bytes, 1);
	return image;
}

static void pad_strings(struct build *b)
{
	while (b->bytes.n % sizeof(u32))
		push(&b->bytes, "", 1);
}

static void finish(struct build *b)
{
	const struct policy_token begin = { .line = 1, .column = 1 };
	struct draft *d = b->d;

	pad_strings(b);
	if (d->n_rules > CTALG_IMAGE_RULES || b->sets.n > CTALG_IMAGE_RULES)
		policy_wrong(d, &begin, "there are %zu rules and %u sets; write at most %u of each",
			     d->n_rules, b->sets.n, CTALG_IMAGE_RULES);
	else if (b->failed || size_of_all(b) > CTALG_IMAGE_MAX)
		policy_wrong(
			d, &begin,
			"all of it is more than the kernel takes, %u MiB; name fewer addresses and patterns",
			CTALG_IMAGE_MAX >> 20);
	else if (d->n_rules || d->n_sets || d->n_limits)
		d->p->image = image_of(b, d->p->len = (uint32_t)size_of_all(b));
}

static void *take(void *ctx, u32 size)
{
	(void)ctx;
	return need(malloc(size));
}

static void give_back(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

const struct ctalg_memory policy_memory = { .alloc = take, .free = give_back };

/* What the kernel would say of it. */
static void verify(struct draft *d)
{
	const struct policy_token begin = { .line = 1, .column = 1 };
	struct ctalg_policy_error err = { .rule = CTALG_IMAGE_ANY };
	const struct service *s;
	struct ctalg_rules *rules;
	bool ok = ctalg_image_check(d->p->image, d->p->len, &err);

	for (s = services; ok && s->name; s++) {
		rules = ctalg_rules_compile(d->p->image, s->proto, &policy_memory, &err);
		ok = rules;
		ctalg_rules_free(rules, &policy_memory);
	}
	if (!ok)
		policy_wrong(d, err.rule < d->n_rules ? &d->rules[err.rule].at : &begin,
			     "the kernel cannot work with this: %s", err.what);
}

static void free_build(struct build *b)
{
	free(b->sets.items);
	free(b->prefixes.items);
	free(b->limits.items);
	free(b->rules.items);
	free(b->criteria.items);
	free(b->values.items);
	free(b->bytes.items);
	free(b->refs.items);
	free(b->strings.slot);
	free(b->unnamed.slot);
}

void policy_build(struct draft *d)
{
	struct build b = { .d = d };
	size_t i;

	make_tables(&b);
	for (i = 0; i < d->n_sets; i++)
		set(&b, token_string(&b, &d->sets[i].name), &d->sets[i].ranges);
	for (i = 0; i < d->n_limits; i++)
		limit(&b, &d->limits[i]);
	for (i = 0; i < d->n_rules && !b.failed; i++)
		rule(&b, &d->rules[i]);
	finish(&b);
	free_build(&b);
	if (d->p->image)
		verify(d);
	if (d->failed) {
		free(d->p->image);
		d->p->image = NULL;
	}
}
