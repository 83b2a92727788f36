// SPDX-License-Identifier: GPL-2.0
/* Addresses as a policy file writes them, and sets of them. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "tool.h"

static unsigned int bits_of(const struct ctalg_addr *a)
{
	return 8 * ctalg_addr_len(a);
}

static int order(const struct ctalg_addr *a, const struct ctalg_addr *b)
{
	return a->family != b->family ? a->family - b->family : memcmp(a->b, b->b, sizeof(a->b));
}

static int by_first(const void *a, const void *b)
{
	const struct policy_range *x = a, *y = b;

	return order(&x->first, &y->first);
}

/* All bits behind the first @len become @bit. */
static void fill(struct ctalg_addr *a, unsigned int len, bool bit)
{
	unsigned int i;

	for (i = len; i < bits_of(a); i++) {
		uint8_t mask = (uint8_t)(0x80 >> (i & 7));

		a->b[i / 8] = (uint8_t)(bit ? a->b[i / 8] | mask : a->b[i / 8] & ~mask);
	}
}

/* The address behind this one; false if this is the last. */
static bool step(struct ctalg_addr *a)
{
	unsigned int i = ctalg_addr_len(a);

	while (i && ++a->b[i - 1] == 0)
		i--;
	return i;
}

void policy_ranges_add(struct policy_ranges *to, const struct policy_range *r)
{
	to->r = policy_more(to->r, to->n, sizeof(*to->r));
	to->r[to->n++] = *r;
}

void policy_ranges_free(struct policy_ranges *all)
{
	free(all->r);
	*all = (struct policy_ranges){};
}

/* Does @next begin in @r or right behind it? */
static bool touches(const struct policy_range *r, const struct policy_range *next)
{
	struct ctalg_addr behind = r->last;

	if (r->last.family != next->first.family)
		return false;
	return !step(&behind) || order(&next->first, &behind) <= 0;
}

void policy_ranges_merge(struct policy_ranges *all)
{
	size_t i, n = 0;

	if (!all->n)
		return;
	qsort(all->r, all->n, sizeof(*all->r), by_first);
	for (i = 1; i < all->n; i++) {
		struct policy_range *r = &all->r[n];

		if (!touches(r, &all->r[i]))
			all->r[++n] = all->r[i];
		else if (order(&r->last, &all->r[i].last) < 0)
			r->last = all->r[i].last;
	}
	all->n = n + 1;
}

/* The largest prefix that begins at @first and does not go beyond @last. Returns its length. */
static unsigned int largest(const struct ctalg_addr *first, const struct ctalg_addr *last)
{
	unsigned int len = bits_of(first);

	while (len) {
		struct ctalg_addr low = *first, high = *first;

		fill(&low, len - 1, false);
		fill(&high, len - 1, true);
		if (order(&low, first) || order(&high, last) > 0)
			break;
		len--;
	}
	return len;
}

static size_t prefixes_of(const struct policy_range *r,
			  void (*add)(void *ctx, const struct ctalg_image_prefix *p), void *ctx)
{
	struct ctalg_addr at = r->first;
	size_t n = 0;

	do {
		unsigned int len = largest(&at, &r->last);
		struct ctalg_image_prefix p = { .family = at.family, .len = (uint8_t)len };

		memcpy(p.addr, at.b, sizeof(p.addr));
		if (add)
			add(ctx, &p);
		n++;
		fill(&at, len, true);
	} while (step(&at) && order(&at, &r->last) <= 0);
	return n;
}

size_t policy_ranges_prefixes(const struct policy_ranges *all,
			      void (*add)(void *ctx, const struct ctalg_image_prefix *p), void *ctx)
{
	size_t n = 0, i;

	for (i = 0; i < all->n; i++)
		n += prefixes_of(&all->r[i], add, ctx);
	return n;
}

/* The last eight bytes as a number; what stands before them is the same in both. */
static uint64_t low_part(const struct ctalg_addr *a)
{
	unsigned int len = ctalg_addr_len(a), i;
	uint64_t n = 0;

	for (i = len > 8 ? len - 8 : 0; i < len; i++)
		n = n << 8 | a->b[i];
	return n;
}

uint64_t policy_ranges_size(const struct policy_ranges *all)
{
	uint64_t n = 0, some;
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct policy_range *r = &all->r[i];

		if (r->first.family == CTALG_AF_INET6 && memcmp(r->first.b, r->last.b, 8))
			return UINT64_MAX;
		some = low_part(&r->last) - low_part(&r->first);
		if (some == UINT64_MAX || n > UINT64_MAX - some - 1)
			return UINT64_MAX;
		n += some + 1;
	}
	return n;
}

bool policy_is_address(const struct policy_token *t)
{
	return t->kind == POLICY_WORD &&
	       ((t->text[0] >= '0' && t->text[0] <= '9') || strchr(t->text, ':'));
}

static bool read_address(struct ctalg_addr *a, const char *text)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, a->b) == 1)
		a->family = CTALG_AF_INET;
	else if (inet_pton(AF_INET6, text, a->b) == 1)
		a->family = CTALG_AF_INET6;
	return a->family;
}

static const char *address_as_text(char buf[64], const struct ctalg_addr *a)
{
	buf[ctalg_addr_write(a, buf, 63)] = 0;
	return buf;
}

static bool prefix(struct draft *d, const struct policy_token *t, const char *len_text,
		   struct policy_range *r)
{
	struct ctalg_addr host = r->first;
	char net[64], single[64];
	uint64_t len;

	if (!policy_number(len_text, bits_of(&r->first), &len))
		return policy_wrong(d, t,
				    "\"%s\" is no length of a prefix; write 0 to %u behind the /",
				    len_text, bits_of(&r->first));
	fill(&r->first, (unsigned int)len, false);
	fill(&r->last, (unsigned int)len, true);
	if (!order(&host, &r->first))
		return true;
	return policy_wrong(d, t, "%s has bits behind its prefix; write %s/%s, or %s alone",
			    t->text, address_as_text(net, &r->first), len_text,
			    address_as_text(single, &host));
}

static bool range(struct draft *d, const struct policy_token *t, const char *last,
		  struct policy_range *r)
{
	if (!read_address(&r->last, last) || r->last.family != r->first.family ||
	    order(&r->first, &r->last) > 0)
		return policy_wrong(
			d, t,
			"\"%s\" is no range; write its first and its last address, of one IP version, as 10.0.1.0-10.0.1.99",
			t->text);
	return true;
}

bool policy_address(struct draft *d, const struct policy_token *t, struct policy_range *r)
{
	char text[POLICY_SHOWN_SIZE * 2];
	char *sign;

	memset(r, 0, sizeof(*r));
	if (t->len >= sizeof(text))
		return policy_wrong(d, t, "this is longer than any address");
	memcpy(text, t->text, t->len + 1);
	sign = text + strcspn(text, "/-");
	if (!*sign)
		sign = NULL;
	if (sign && sign[0] == '/') {
		*sign = 0;
		if (read_address(&r->first, text)) {
			r->last = r->first;
			return prefix(d, t, sign + 1, r);
		}
	} else if (sign) {
		*sign = 0;
		if (read_address(&r->first, text))
			return range(d, t, sign + 1, r);
	} else if (read_address(&r->first, text)) {
		r->last = r->first;
		return true;
	}
	return policy_wrong(
		d, t,
		"\"%s\" is no address; write one as 10.0.0.1, 10.0.0.0/24, 10.0.1.0-10.0.1.99 or 2001:db8::/32",
		t->text);
}
