// SPDX-License-Identifier: GPL-2.0
/* What may stand in a policy file, but is hardly meant so. */
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "service.h"
#include "tool.h"

/**
 * struct rule_key - what makes two rules match the same
 * @helper: a string; 0 for all protocols
 * @chain: enum ctalg_chain
 * @n: how many criteria
 * @criteria: the numbers of those that they are equal to, ascending by field
 */
struct rule_key {
	u32 helper;
	u32 chain;
	u32 n;
	u32 criteria[CTALG_FIELDS];
};

/**
 * struct known - rules, or criteria, that there have been
 * @slot: numbers, 0 for none
 */
struct known {
	u32 *slot;
	u32 mask;
};

/**
 * struct warner - who looks
 * @of: by criterion, the first one that is equal to it
 * @keys: by rule
 */
struct warner {
	struct draft *d;
	const struct ctalg_image_rule *rules;
	const struct ctalg_image_criterion *criteria;
	const u32 *values;
	u32 n_rules;
	u32 *of;
	struct rule_key *keys;
	struct known known;
};

static u32 hash_words(u32 h, const u32 *words, u32 n)
{
	while (n--)
		h = (h ^ *words++) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static void make_room(struct known *k, u32 most)
{
	k->mask = 63;
	while (k->mask < 2 * most)
		k->mask = 2 * k->mask + 1;
	k->slot = need(calloc((size_t)k->mask + 1, sizeof(*k->slot)));
}

static bool same_criterion(const struct warner *w, const struct ctalg_image_criterion *a,
			   const struct ctalg_image_criterion *b)
{
	return a->field == b->field && a->negate == b->negate && a->n == b->n &&
	       !memcmp(w->values + a->values, w->values + b->values, a->n * sizeof(u32));
}

static void find_equal_criteria(struct warner *w, u32 n)
{
	struct known k;
	u32 i;

	make_room(&k, n);
	for (i = 0; i < n; i++) {
		const struct ctalg_image_criterion *c = &w->criteria[i];
		u32 at = hash_words(c->field * 2u + c->negate, w->values + c->values, c->n);

		while (k.slot[at & k.mask] &&
		       !same_criterion(w, c, &w->criteria[k.slot[at & k.mask] - 1]))
			at++;
		if (!k.slot[at & k.mask])
			k.slot[at & k.mask] = i + 1;
		w->of[i] = k.slot[at & k.mask] - 1;
	}
	free(k.slot);
}

static u32 hash_key(const struct rule_key *key)
{
	return hash_words(key->helper * 31 + key->chain, key->criteria, key->n);
}

static bool same_key(const struct rule_key *a, const struct rule_key *b)
{
	return a->helper == b->helper && a->chain == b->chain && a->n == b->n &&
	       !memcmp(a->criteria, b->criteria, a->n * sizeof(u32));
}

/* Where a rule with this key stands, or may be put. */
static u32 *place_of(const struct warner *w, const struct rule_key *key)
{
	u32 at = hash_key(key);

	while (w->known.slot[at & w->known.mask] &&
	       !same_key(key, &w->keys[w->known.slot[at & w->known.mask] - 1]))
		at++;
	return &w->known.slot[at & w->known.mask];
}

/* A rule with those of the criteria that are set in @some, for the same protocol or all; 0 if there is none. */
static u32 earlier(const struct warner *w, const struct rule_key *key, u32 some)
{
	struct rule_key less = { .helper = key->helper, .chain = key->chain };
	u32 i, found;

	for (i = 0; i < key->n; i++)
		if (some & 1u << i)
			less.criteria[less.n++] = key->criteria[i];
	found = *place_of(w, &less);
	if (!found && less.helper) {
		less.helper = 0;
		found = *place_of(w, &less);
	}
	return found;
}

static void look_for_earlier(struct warner *w, u32 i)
{
	struct rule_key *key = &w->keys[i];
	u32 some, found = 0;

	for (some = 0; some < 1u << key->n && !found; some++)
		found = earlier(w, key, some);
	if (found)
		policy_warn(
			w->d, &w->d->rules[i].at,
			"this is never reached, for all that it matches the rule in line %u has matched; put it before that one, or leave it out",
			w->rules[found - 1].line);
	else
		*place_of(w, key) = i + 1;
}

static void find_unreachable(struct warner *w)
{
	u32 i, k;

	for (i = 0; i < w->n_rules; i++) {
		const struct ctalg_image_rule *r = &w->rules[i];

		w->keys[i] = (struct rule_key){ .helper = r->helper,
						.chain = r->chain,
						.n = r->n_criteria };
		for (k = 0; k < r->n_criteria; k++)
			w->keys[i].criteria[k] = w->of[r->criteria + k];
		/* All limits that match count. */
		if (r->chain != CTALG_CHAIN_LIMIT && r->chain != CTALG_CHAIN_SIZE)
			look_for_earlier(w, i);
	}
}

static bool meet(const struct ctalg_image_rule *a, const struct ctalg_image_rule *b)
{
	return a->chain == b->chain && (!a->helper || !b->helper || a->helper == b->helper);
}

/* Only the last rule of a chain for a protocol can allow in vain; there are few such. */
static void find_vain_allow(struct warner *w)
{
	u32 i = w->n_rules, k;

	while (i--) {
		if (w->rules[i].chain != CTALG_CHAIN_COMMAND)
			continue;
		for (k = i + 1; k < w->n_rules && !meet(&w->rules[i], &w->rules[k]); k++)
			;
		if (k < w->n_rules)
			continue;
		if (w->rules[i].action == CTALG_ACTION_ALLOW)
			policy_warn(
				w->d, &w->d->rules[i].at,
				"nothing behind this refuses anything, and what no rule matches is allowed anyway; leave it out, or put a deny behind it");
	}
}

static bool is_of(const struct warner *w, const struct ctalg_image_rule *r, u8 chain,
		  const struct service *s)
{
	const char *name;
	u32 len;

	if (r->chain != chain)
		return false;
	name = ctalg_image_string(w->d->p->image, r->helper, &len);
	return !len || (len == strlen(s->name) && !memcmp(name, s->name, len));
}

/* One that looks at none of these refuses the request for encryption, too. */
static bool looks_inside(const struct warner *w, const struct ctalg_image_rule *r)
{
	u32 i;

	for (i = 0; i < r->n_criteria; i++)
		switch (w->criteria[r->criteria + i].field) {
		case CTALG_FIELD_COMMAND:
		case CTALG_FIELD_USER:
		case CTALG_FIELD_OBJECT:
			return true;
		}
	return false;
}

/* Rules about commands hold as long as these can be read. */
static void find_way_around(struct warner *w)
{
	const struct service *s;
	u32 i, first, opaque;

	for (s = services; s->name; s++) {
		if (!policy_has(s->proto, CTALG_COMMAND_ENCRYPTS))
			continue;
		first = w->n_rules;
		opaque = 0;
		for (i = w->n_rules; i--;) {
			if (is_of(w, &w->rules[i], CTALG_CHAIN_COMMAND, s) &&
			    w->rules[i].action != CTALG_ACTION_ALLOW &&
			    looks_inside(w, &w->rules[i]))
				first = i;
			opaque += is_of(w, &w->rules[i], CTALG_CHAIN_OPAQUE, s);
		}
		if (first < w->n_rules && !opaque)
			policy_warn(
				w->d, &w->d->rules[first].at,
				"in an encrypted %s session nobody sees commands, and this does not hold; add \"opaque deny\", or \"opaque closed\" if that is meant",
				s->name);
	}
}

static void find_useless(struct draft *d)
{
	size_t i;

	for (i = 0; i < d->n_sets; i++)
		if (!d->sets[i].used && !policy_is_word(&d->sets[i].name, "inside"))
			policy_warn(d, &d->sets[i].name, "nothing uses the set \"%s\"",
				    d->sets[i].name.text);
	for (i = 0; i < d->n_limits; i++)
		if (!d->limits[i].used)
			policy_warn(d, &d->limits[i].name,
				    "nothing uses the limit \"%s\"; write in a section: limit %s",
				    d->limits[i].name.text, d->limits[i].name.text);
	for (i = 0; i < d->n_rules; i++) {
		const struct draft_rule *r = &d->rules[i];

		if (r->chain == CTALG_CHAIN_OPAQUE && r->service &&
		    !policy_has(r->service->proto, CTALG_COMMAND_ENCRYPTS))
			policy_warn(
				d, &r->at,
				"no command of %s asks for encryption, and this never holds; leave it out",
				r->service->name);
		if (r->c[CTALG_FIELD_USER].given && r->service &&
		    !policy_has(r->service->proto, CTALG_COMMAND_USER))
			policy_warn(d, &r->c[CTALG_FIELD_USER].at,
				    "%s has no users: none of these patterns ever matches",
				    r->service->name);
	}
}

void policy_warnings(struct draft *d)
{
	const struct ctalg_image_head *head = d->p->image;
	struct warner w = { .d = d };

	find_useless(d);
	if (!head)
		return;
	w.rules = ctalg_image_rules(head, &w.n_rules);
	w.criteria = ctalg_image_criteria(head, &(u32){ 0 });
	w.values = ctalg_image_values(head, &(u32){ 0 });
	w.of = need(calloc(head->criteria + 1, sizeof(*w.of)));
	w.keys = need(calloc(w.n_rules + 1, sizeof(*w.keys)));
	make_room(&w.known, w.n_rules);
	find_equal_criteria(&w, head->criteria);
	find_unreachable(&w);
	find_vain_allow(&w);
	find_way_around(&w);
	free(w.of);
	free(w.keys);
	free(w.known.slot);
}
