// SPDX-License-Identifier: GPL-2.0
#include "policy_model.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

static const struct ctalg_command toy_commands[] = {
	{ "other", 0 },
	{ "USER", 0 },
	{ "RETR", 0 },
	{ "STOR", CTALG_COMMAND_WRITES },
	{ "DELE", CTALG_COMMAND_WRITES },
	{ "AUTH", CTALG_COMMAND_ENCRYPTS },
};

const struct ctalg_proto policy_toy = {
	.name = "toy",
	.commands = toy_commands,
	.n_commands = ARRAY_SIZE(toy_commands),
	.unread = 1 << 1,
};

/* Tells which of the first bytes of the text the items of the pattern so far can end at. */
bool model_glob(const char *pattern, u32 n, const u8 *text, u32 len)
{
	bool *at = calloc(len + 1, sizeof(*at)), ok;
	u32 p, t;

	at[0] = true;
	for (p = 0; p < n; p++) {
		bool any = pattern[p] == '?';
		u8 c = (u8)pattern[p];

		if (c == '*') {
			for (t = 1; t <= len; t++)
				at[t] = at[t] || at[t - 1];
			continue;
		}
		if (c == '\\' && p + 1 < n)
			c = (u8)pattern[++p];
		for (t = len; t > 0; t--)
			at[t] = at[t - 1] && (any || (c < 128 && text[t - 1] < 128
							      ? tolower(c) == tolower(text[t - 1])
							      : c == text[t - 1]));
		at[0] = false;
	}
	ok = at[len];
	free(at);
	return ok;
}

static bool is_name(const void *image, u32 ref, const char *name)
{
	u32 n;
	const char *s = ctalg_image_string(image, ref, &n);

	return name && n == strlen(name) && !strncasecmp(s, name, n) && !memchr(s, 0, n);
}

static bool model_command(const void *image, const struct ctalg_proto *proto, u32 ref, u16 command)
{
	if (command >= proto->n_commands)
		return false;
	if (is_name(image, ref, "@writes") &&
	    !memcmp(ctalg_image_string(image, ref, &(u32){ 0 }), "@writes", 7))
		return proto->commands[command].flags & CTALG_COMMAND_WRITES;
	return is_name(image, ref, proto->commands[command].name);
}

static bool model_in(const struct ctalg_image_prefix *p, const struct ctalg_addr *a)
{
	u32 i;

	if (p->family != a->family)
		return false;
	for (i = 0; i < p->len; i++)
		if ((p->addr[i / 8] ^ a->b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static bool model_set(const void *image, u32 set, const struct ctalg_addr *a)
{
	u32 n, i;
	const struct ctalg_image_set *s = ctalg_image_sets(image, &n) + set;
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(image, &n) + s->prefix;

	for (i = 0; i < s->n; i++)
		if (model_in(&p[i], a))
			return true;
	return false;
}

static bool model_pattern(const void *image, u32 ref, const u8 *text, u32 len)
{
	u32 n;
	const char *s = ctalg_image_string(image, ref, &n);

	return model_glob(s, n, text, len);
}

static bool model_value(const void *image, const struct ctalg_proto *proto, u8 field, const u32 *v,
			const struct ctalg_subject *s)
{
	switch (field) {
	case CTALG_FIELD_COMMAND:
		return model_command(image, proto, *v, s->command);
	case CTALG_FIELD_USER:
		return model_pattern(image, *v, s->user, s->user_len);
	case CTALG_FIELD_OBJECT:
		return model_pattern(image, *v, s->object, s->object_len);
	case CTALG_FIELD_INSIDE:
		return model_set(image, *v, &s->inside);
	case CTALG_FIELD_OUTSIDE:
		return model_set(image, *v, &s->outside);
	case CTALG_FIELD_MARK:
		return (s->mark & v[1]) == (v[0] & v[1]);
	case CTALG_FIELD_ZONE:
		return s->zone == *v;
	default:
		return is_name(image, *v, s->event) || is_name(image, *v, s->reason);
	}
}

static bool model_rule(const void *image, const struct ctalg_proto *proto,
		       const struct ctalg_image_rule *r, const struct ctalg_subject *s)
{
	u32 n, i, k;
	const struct ctalg_image_criterion *cr = ctalg_image_criteria(image, &n) + r->criteria;
	const u32 *values = ctalg_image_values(image, &n);

	for (i = 0; i < r->n_criteria; i++) {
		bool any = false;

		for (k = 0; k < cr[i].n; k += cr[i].field == CTALG_FIELD_MARK ? 2 : 1)
			any = any ||
			      model_value(image, proto, cr[i].field, values + cr[i].values + k, s);
		if (any == cr[i].negate)
			return false;
	}
	return true;
}

const struct ctalg_image_rule *model_match(const void *image, const struct ctalg_proto *proto,
					   u8 chain, const struct ctalg_subject *s,
					   const struct ctalg_image_rule *after)
{
	u32 n, i;
	const struct ctalg_image_rule *r = ctalg_image_rules(image, &n);

	for (i = after ? (u32)(after - r) + 1 : 0; i < n; i++) {
		u32 len;
		const char *helper = ctalg_image_string(image, r[i].helper, &len);

		if (r[i].chain == chain &&
		    (!len || (len == strlen(proto->name) && !memcmp(helper, proto->name, len))) &&
		    model_rule(image, proto, &r[i], s))
			return &r[i];
	}
	return NULL;
}

bool model_agrees(const void *image, const struct ctalg_proto *proto,
		  const struct ctalg_rules *rules, const struct ctalg_subject *s)
{
	u8 chain;

	for (chain = 0; chain < CTALG_CHAINS; chain++) {
		const struct ctalg_image_rule *is, *should = NULL;

		do {
			is = ctalg_rules_match(rules, chain, s, should);
			should = model_match(image, proto, chain, s, should);
			if (is != should)
				return false;
		} while (should);
	}
	return true;
}
