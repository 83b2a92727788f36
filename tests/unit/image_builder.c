// SPDX-License-Identifier: GPL-2.0
#include "image_builder.h"
#include "unit.h"

struct array {
	u8 *p;
	u32 n;
	u32 cap;
	u32 size;
};

enum part { SETS, PREFIXES, LIMITS, RULES, CRITERIA, VALUES, STRINGS, PARTS };

struct image_builder {
	struct array part[PARTS];
};

static const u32 sizes[PARTS] = {
	[SETS] = sizeof(struct ctalg_image_set),
	[PREFIXES] = sizeof(struct ctalg_image_prefix),
	[LIMITS] = sizeof(struct ctalg_image_limit),
	[RULES] = sizeof(struct ctalg_image_rule),
	[CRITERIA] = sizeof(struct ctalg_image_criterion),
	[VALUES] = sizeof(u32),
	[STRINGS] = 1,
};

struct image_builder *image_begin(void)
{
	struct image_builder *b = calloc(1, sizeof(*b));
	u32 i;

	assert_non_null(b);
	for (i = 0; i < PARTS; i++)
		b->part[i].size = sizes[i];
	return b;
}

/* Returns the number of the first of @n new things. */
static u32 add(struct image_builder *b, enum part part, const void *things, u32 n)
{
	struct array *a = &b->part[part];

	if (a->n + n > a->cap) {
		a->cap = 2 * (a->n + n);
		a->p = realloc(a->p, (size_t)a->cap * a->size);
		assert_non_null(a->p);
	}
	memcpy(a->p + (size_t)a->n * a->size, things, (size_t)n * a->size);
	a->n += n;
	return a->n - n;
}

static void *last(struct image_builder *b, enum part part)
{
	struct array *a = &b->part[part];

	assert_true(a->n > 0);
	return a->p + (size_t)(a->n - 1) * a->size;
}

u32 image_text(struct image_builder *b, const char *s)
{
	u32 n = (u32)strlen(s);

	assert_true(n <= CTALG_PATTERN_MAX);
	return n ? add(b, STRINGS, s, n) << 8 | n : 0;
}

static struct ctalg_image_prefix prefix_of(const char *text)
{
	char *slash = strchr(text, '/');
	struct ctalg_image_prefix p = { .zero = { 0 } };
	struct ctalg_addr a;

	if (slash)
		*slash = 0;
	a = addr_of(text);
	assert_int_not_equal(a.family, CTALG_AF_NONE);
	p.family = a.family;
	p.len = (u8)(slash ? atoi(slash + 1) : (int)ctalg_addr_len(&a) * 8);
	memcpy(p.addr, a.b, sizeof(p.addr));
	return p;
}

static int prefix_order(const void *x, const void *y)
{
	const struct ctalg_image_prefix *a = x, *b = y;

	if (a->family != b->family)
		return a->family - b->family;
	return memcmp(a->addr, b->addr, 16) ? memcmp(a->addr, b->addr, 16) : a->len - b->len;
}

static bool prefix_inside(const struct ctalg_image_prefix *a, const struct ctalg_image_prefix *b)
{
	u32 i;

	if (a->family != b->family || a->len < b->len)
		return false;
	for (i = 0; i < b->len; i++)
		if ((a->addr[i / 8] ^ b->addr[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static u32 prefixes_sorted(struct ctalg_image_prefix *p, u32 n)
{
	u32 i, kept = 0;

	qsort(p, n, sizeof(*p), prefix_order);
	for (i = 0; i < n; i++)
		if (!kept || !prefix_inside(&p[i], &p[kept - 1]))
			p[kept++] = p[i];
	return kept;
}

u32 image_set(struct image_builder *b, const char *name, const char *prefixes)
{
	char *copy = strdup(prefixes), *word, *rest = copy;
	struct ctalg_image_prefix *p = calloc(strlen(prefixes) + 1, sizeof(*p));
	struct ctalg_image_set set = { .name = image_text(b, name) };

	assert_true(copy && p);
	while ((word = strsep(&rest, " ")))
		if (*word)
			p[set.n++] = prefix_of(word);
	set.n = prefixes_sorted(p, set.n);
	set.prefix = add(b, PREFIXES, p, set.n);
	free(copy);
	free(p);
	return add(b, SETS, &set, 1);
}

u32 image_limit(struct image_builder *b, const struct ctalg_image_limit *l)
{
	return add(b, LIMITS, l, 1);
}

u32 image_rule(struct image_builder *b, const char *helper, u8 chain, u8 action)
{
	struct ctalg_image_rule r = { .helper = image_text(b, helper),
				      .line = b->part[RULES].n + 100,
				      .chain = chain,
				      .action = action,
				      .criteria = b->part[CRITERIA].n };

	return add(b, RULES, &r, 1);
}

void image_args(struct image_builder *b, u32 arg0, u32 arg1, u32 arg2)
{
	struct ctalg_image_rule *r = last(b, RULES);

	r->arg[0] = arg0;
	r->arg[1] = arg1;
	r->arg[2] = arg2;
}

u32 image_rule_of(struct image_builder *b, const char *helper, u8 chain)
{
	u32 rule;

	if (ctalg_chain_refuses(chain))
		rule = image_rule(b, helper, chain, CTALG_ACTION_DENY);
	else if (chain == CTALG_CHAIN_ICE)
		rule = image_rule(b, helper, chain, CTALG_ACTION_ON);
	else
		rule = image_rule(b, helper, chain, CTALG_ACTION_OFF);
	if (chain == CTALG_CHAIN_SIZE)
		image_args(b, 0, 0, 1);
	return rule;
}

static u32 set_named(const struct image_builder *b, const char *name)
{
	const struct ctalg_image_set *s = (const void *)b->part[SETS].p;
	u32 i;

	/* the latest first: it is mostly the one */
	for (i = b->part[SETS].n; i-- > 0;)
		if (strlen(name) == (s[i].name & 255) &&
		    !memcmp(b->part[STRINGS].p + (s[i].name >> 8), name, strlen(name)))
			return i;
	fail_msg("no set %s", name);
	return 0;
}

static u16 add_values(struct image_builder *b, u8 field, const char *word)
{
	u32 v[2] = { 0, 0xffffffff };
	char *end;

	switch (field) {
	case CTALG_FIELD_INSIDE:
	case CTALG_FIELD_OUTSIDE:
		v[0] = set_named(b, word);
		break;
	case CTALG_FIELD_ZONE:
	case CTALG_FIELD_MARK:
		v[0] = (u32)strtoul(word, &end, 0);
		if (*end == '/')
			v[1] = (u32)strtoul(end + 1, NULL, 0);
		break;
	default:
		v[0] = image_text(b, strcmp(word, "_") ? word : "");
	}
	add(b, VALUES, v, field == CTALG_FIELD_MARK ? 2 : 1);
	return field == CTALG_FIELD_MARK ? 2 : 1;
}

static void where(struct image_builder *b, u8 field, u8 negate, const char *values)
{
	struct ctalg_image_criterion cr = { .field = field,
					    .negate = negate,
					    .values = b->part[VALUES].n };
	struct ctalg_image_rule *r = last(b, RULES);
	char *copy = strdup(values), *word, *rest = copy;

	assert_non_null(copy);
	while ((word = strsep(&rest, " ")))
		cr.n = (u16)(cr.n + add_values(b, field, word));
	free(copy);
	add(b, CRITERIA, &cr, 1);
	r->n_criteria++;
}

void image_where(struct image_builder *b, u8 field, const char *values)
{
	where(b, field, 0, values);
}

void image_where_not(struct image_builder *b, u8 field, const char *values)
{
	where(b, field, 1, values);
}

void *image_finish(struct image_builder *b, u32 *len)
{
	struct ctalg_image_head h = { .magic = CTALG_IMAGE_MAGIC, .version = CTALG_IMAGE_VERSION };
	u32 *counts[PARTS] = { &h.sets,	    &h.prefixes, &h.limits, &h.rules,
			       &h.criteria, &h.values,	 &h.strings };
	u32 i, size = sizeof(h);
	u8 *image;

	for (i = 0; i < PARTS; i++) {
		*counts[i] = b->part[i].n;
		size += b->part[i].n * sizes[i];
	}
	h.size = *len = (size + 3) & ~3U;
	image = calloc(1, h.size);
	assert_non_null(image);
	memcpy(image, &h, sizeof(h));
	for (i = 0, size = sizeof(h); i < PARTS; i++) {
		if (b->part[i].n)
			memcpy(image + size, b->part[i].p, (size_t)b->part[i].n * sizes[i]);
		size += b->part[i].n * sizes[i];
		free(b->part[i].p);
	}
	free(b);
	return image;
}
