// SPDX-License-Identifier: GPL-2.0
/* The hash table of rules: keys and entries. */
#include "policy_rules.h"

/* As MurmurHash3 ends: each bit of the result depends on all of the argument. */
static u32 mix(u32 h)
{
	h ^= h >> 16;
	h *= 0x85ebca6bU;
	h ^= h >> 13;
	h *= 0xc2b2ae35U;
	return h ^ h >> 16;
}

void ctalg_key_hash(struct ctalg_key *key, u32 h)
{
	key->hash = mix(h ^ (u32)key->chain << 24 ^ (u32)key->kind << 16 ^ key->len);
}

void ctalg_key_hash_number(struct ctalg_key *key)
{
	ctalg_key_hash(key, mix(key->number + 1));
}

void ctalg_key_hash_net(struct ctalg_key *key)
{
	u32 h = key->number, word, i;

	for (i = 0; i < 16; i += 4) {
		memcpy(&word, key->text + i, sizeof(word));
		h = (h ^ word) * 0x9e3779b1U;
		h ^= h >> 15;
	}
	ctalg_key_hash(key, h);
}

bool ctalg_text_equal(const char *a, u32 a_len, const u8 *b, u32 b_len)
{
	u32 i;

	if (a_len != b_len)
		return false;
	for (i = 0; i < a_len; i++)
		if (ctalg_fold((u8)a[i]) != ctalg_fold(b[i]))
			return false;
	return true;
}

u32 ctalg_name_len(const char *name)
{
	u32 n = 0;

	while (name[n])
		n++;
	return n;
}

static bool net_is(const struct ctalg_image_prefix *p, const struct ctalg_key *key)
{
	return p->family == key->number && !memcmp(p->addr, key->text, sizeof(p->addr));
}

static bool entry_is(const struct ctalg_rules *rules, const struct ctalg_entry *e,
		     const struct ctalg_key *key)
{
	const char *s;
	u32 n;

	if (e->hash != key->hash || e->chain != key->chain || e->kind != key->kind)
		return false;
	if (key->kind >= CTALG_KEY_INSIDE || key->kind == CTALG_KEY_ALL)
		return e->ref == key->number;
	if (e->len != key->len)
		return false;
	if (key->kind >= CTALG_KEY_INSIDE_NET)
		return net_is(&rules->prefix[e->ref], key);
	s = ctalg_image_string(rules->image, e->ref, &n);
	if (key->kind == CTALG_KEY_EVENT)
		return ctalg_text_equal(s, n, key->text, key->len);
	return ctalg_glob_equal(s, n, e->from, key->text, key->len);
}

u32 ctalg_entry_find(const struct ctalg_rules *rules, const struct ctalg_key *key, u32 *steps)
{
	u32 at = rules->bucket[key->hash & (rules->n_buckets - 1)];

	*steps = 0;
	while (at) {
		const struct ctalg_entry *e = &rules->entry[at - 1];

		++*steps;
		if (entry_is(rules, e, key))
			return at - 1;
		at = e->next;
	}
	return CTALG_NO_RULE;
}
