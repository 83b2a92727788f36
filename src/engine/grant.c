// SPDX-License-Identifier: GPL-2.0
#include "grant.h"

/* The kernel's expectations know one prefix, so a set of sources has one of each family. */
static void grant_source(struct ctalg_grant *g, u32 set, u8 family)
{
	const struct ctalg_image_prefix *p;
	const struct ctalg_image_set *s;
	u32 i, n;

	g->any_source = set == CTALG_IMAGE_ANY;
	if (g->any_source)
		return;
	s = &ctalg_image_sets(g->image, &n)[set];
	p = ctalg_image_prefixes(g->image, &n) + s->prefix;
	for (i = 0; i < s->n; i++) {
		if (p[i].family != family)
			continue;
		g->from.family = family;
		memcpy(g->from.b, p[i].addr, sizeof(g->from.b));
		g->from_len = p[i].len;
		g->any_source = !p[i].len;
	}
}

static bool grant_on(const struct ctalg_rules *rules, u8 chain, const struct ctalg_subject *s)
{
	const struct ctalg_image_rule *rule = ctalg_rules_match(rules, chain, s, NULL);

	return rule && rule->action == CTALG_ACTION_ON;
}

static void grant_rules(struct ctalg_grant *g, const struct ctalg_rules *rules,
			const struct ctalg_subject *s)
{
	const struct ctalg_image_rule *rule;

	g->image = ctalg_rules_image(rules);
	rule = ctalg_rules_match(rules, CTALG_CHAIN_LOOSE, s, NULL);
	if (rule) {
		g->loose = rule->action == CTALG_ACTION_ON;
		g->third = rule->arg[0];
	}
	rule = ctalg_rules_match(rules, CTALG_CHAIN_SOURCE, s, NULL);
	if (rule && rule->action == CTALG_ACTION_ON)
		grant_source(g, rule->arg[0], s->inside.family);
	else if (rule)
		g->any_source = false;
	g->from_peer = rule && rule->action != CTALG_ACTION_ON;
	rule = ctalg_rules_match(rules, CTALG_CHAIN_PORTS, s, NULL);
	if (rule && rule->action == CTALG_ACTION_ON)
		g->port_first = ctalg_rules_ports(rules, rule, &s->inside, &g->port_last);
	rule = ctalg_rules_match(rules, CTALG_CHAIN_ICE, s, NULL);
	if (rule)
		g->ice = (u8)rule->arg[0];
	g->hide = grant_on(rules, CTALG_CHAIN_HIDE, s);
	g->hairpin = grant_on(rules, CTALG_CHAIN_MEDIA, s);
	g->cut = grant_on(rules, CTALG_CHAIN_ENDED, s);
}

void ctalg_grant_find(struct ctalg_grant *g, const struct ctalg_rules *rules,
		      const struct ctalg_subject *s, u32 bits)
{
	memset(g, 0, sizeof(*g));
	g->loose = bits & CTALG_POLICY_LOOSE;
	g->third = CTALG_IMAGE_ANY;
	g->any_source = bits & CTALG_POLICY_ANY_SOURCE;
	if (rules)
		grant_rules(g, rules, s);
}

bool ctalg_grant_third(const struct ctalg_grant *g, const struct ctalg_addr *a)
{
	return g->loose &&
	       (g->third == CTALG_IMAGE_ANY || ctalg_image_set_has(g->image, g->third, a));
}
