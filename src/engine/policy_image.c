// SPDX-License-Identifier: GPL-2.0
/* What stands where in a checked image. */
#include "policy_image.h"

static const struct ctalg_image_head *head_of(const void *image)
{
	return image;
}

static const void *behind(const void *array, u32 n, size_t size)
{
	return (const u8 *)array + (size_t)n * size;
}

const struct ctalg_image_set *ctalg_image_sets(const void *image, u32 *n)
{
	*n = head_of(image)->sets;
	return behind(image, 1, sizeof(struct ctalg_image_head));
}

const struct ctalg_image_prefix *ctalg_image_prefixes(const void *image, u32 *n)
{
	const void *sets = ctalg_image_sets(image, n);
	const void *prefixes = behind(sets, *n, sizeof(struct ctalg_image_set));

	*n = head_of(image)->prefixes;
	return prefixes;
}

const struct ctalg_image_limit *ctalg_image_limits(const void *image, u32 *n)
{
	const void *prefixes = ctalg_image_prefixes(image, n);
	const void *limits = behind(prefixes, *n, sizeof(struct ctalg_image_prefix));

	*n = head_of(image)->limits;
	return limits;
}

const struct ctalg_image_rule *ctalg_image_rules(const void *image, u32 *n)
{
	const void *limits = ctalg_image_limits(image, n);
	const void *rules = behind(limits, *n, sizeof(struct ctalg_image_limit));

	*n = head_of(image)->rules;
	return rules;
}

const struct ctalg_image_criterion *ctalg_image_criteria(const void *image, u32 *n)
{
	const void *rules = ctalg_image_rules(image, n);
	const void *criteria = behind(rules, *n, sizeof(struct ctalg_image_rule));

	*n = head_of(image)->criteria;
	return criteria;
}

const u32 *ctalg_image_values(const void *image, u32 *n)
{
	const void *criteria = ctalg_image_criteria(image, n);
	const void *values = behind(criteria, *n, sizeof(struct ctalg_image_criterion));

	*n = head_of(image)->values;
	return values;
}

const char *ctalg_image_string(const void *image, u32 ref, u32 *len)
{
	const u32 *values = ctalg_image_values(image, len);
	const char *strings = behind(values, *len, sizeof(u32));

	*len = ref & 255;
	return strings + (ref >> 8);
}

bool ctalg_image_string_is(const void *image, u32 ref, const char *name)
{
	const char *s;
	u32 len, i;

	s = ctalg_image_string(image, ref, &len);
	for (i = 0; i < len; i++)
		if (!name[i] || name[i] != s[i])
			return false;
	return !name[len];
}

u32 ctalg_image_set_find(const void *image, const char *name)
{
	u32 n, i;
	const struct ctalg_image_set *sets = ctalg_image_sets(image, &n);

	for (i = 0; i < n; i++)
		if (ctalg_image_string_is(image, sets[i].name, name))
			return i;
	return CTALG_IMAGE_ANY;
}

void ctalg_addr_cut(struct ctalg_addr *out, const struct ctalg_addr *a, u32 len)
{
	u32 whole = len / 8, n = ctalg_addr_len(a);

	memset(out, 0, sizeof(*out));
	out->family = a->family;
	memcpy(out->b, a->b, min(whole, n));
	if (whole < n)
		out->b[whole] = (u8)(a->b[whole] & 0xff00 >> len % 8);
}

bool ctalg_image_prefix_covers(const struct ctalg_image_prefix *p, const struct ctalg_addr *a)
{
	struct ctalg_addr cut;

	if (p->family != a->family)
		return false;
	ctalg_addr_cut(&cut, a, p->len);
	return !memcmp(cut.b, p->addr, sizeof(cut.b));
}

int ctalg_image_prefix_order(const struct ctalg_image_prefix *p, u8 family, const u8 *b)
{
	return p->family != family ? (int)p->family - (int)family
				   : memcmp(p->addr, b, sizeof(p->addr));
}

/* The last prefix that begins at or before an address is the only one that can cover it. */
bool ctalg_image_set_has(const void *image, u32 set, const struct ctalg_addr *a)
{
	const struct ctalg_image_prefix *p;
	u32 n, lo = 0, hi;

	if (set == CTALG_IMAGE_ANY)
		return true;
	p = ctalg_image_prefixes(image, &n) + ctalg_image_sets(image, &n)[set].prefix;
	hi = ctalg_image_sets(image, &n)[set].n;
	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (ctalg_image_prefix_order(&p[mid], a->family, a->b) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && ctalg_image_prefix_covers(&p[lo - 1], a);
}
