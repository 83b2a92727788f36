// SPDX-License-Identifier: GPL-2.0
/* Which outside ports an inside host may have. */
#include "policy_rules.h"

static u32 ip4(const u8 *b)
{
	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

/* How many addresses of a set are before this one, which is in it. */
static bool place_in(const struct ctalg_rules *rules, u32 set, const struct ctalg_addr *a, u32 *at)
{
	u32 n, i;
	const struct ctalg_image_set *s = ctalg_image_sets(rules->image, &n) + set;
	const struct ctalg_image_prefix *p = rules->prefix + s->prefix;

	*at = 0;
	for (i = 0; i < s->n; i++) {
		if (ctalg_image_prefix_covers(&p[i], a)) {
			*at += ip4(a->b) - ip4(p[i].addr);
			return true;
		}
		*at += ctalg_image_prefix_hosts(&p[i]);
	}
	return false;
}

/* The check has seen that such a rule names one set, and that there are blocks for all of it. */
static bool block_of(const struct ctalg_rules *rules, const struct ctalg_image_rule *rule,
		     const struct ctalg_addr *inside, u32 *block)
{
	u32 i;

	for (i = 0; i < rule->n_criteria; i++) {
		const struct ctalg_image_criterion *cr = &rules->criterion[rule->criteria + i];

		if (cr->field == CTALG_FIELD_INSIDE)
			return place_in(rules, rules->value[cr->values], inside, block);
	}
	return false;
}

u16 ctalg_rules_ports(const struct ctalg_rules *rules, const struct ctalg_image_rule *rule,
		      const struct ctalg_addr *inside, u16 *last)
{
	u32 first = rule->arg[0] >> 16, block;

	*last = (u16)rule->arg[0];
	if (!rule->arg[1])
		return (u16)first;
	if (!block_of(rules, rule, inside, &block)) {
		*last = 0;
		return 0;
	}
	first += block * rule->arg[1];
	*last = (u16)(first + rule->arg[1] - 1);
	return (u16)first;
}
