// SPDX-License-Identifier: GPL-2.0
#include "policy_random.h"
#include "unit.h"

#define PICK(seed, of) ((of)[rnd_below(seed, ARRAY_SIZE(of))])

static const char *const users[] = { "", "alice", "ALICE", "bob", "anonymous", "anon2", "al" };
static const char *const objects[] = { "",	    "/pub/a.exe", "/PUB/b.txt", "/etc/passwd",
				       "setup.EXE", "a*b",	  "/" };
static const char *const user_patterns[] = { "_",    "alice", "Bob",	   "al*", "anon*",
					     "*ice", "*o*",   "?",	   "*",	  "b?b",
					     "a*e",  "*b",    "anonymous", "a*",  "ano?*" };
static const char *const object_patterns[] = { "_",	  "*.exe",	"*.txt", "/pub/*",
					       "/*",	  "/pub/*.exe", "a\\*b", "*",
					       "*passwd", "/",		"?*?",	 "*etc*" };
static const char *const commands[] = { "other", "USER", "retr", "STOR", "DELE", "@writes", "AUTH" };
static const char *const sets[] = { "host", "lan", "office", "all4", "six", "none", "mixed" };
static const char *const addresses[] = {
	"",	     "10.0.0.1",	"10.0.0.2", "10.0.1.1",	   "10.9.9.9",
	"192.0.2.1", "255.255.255.255", "0.0.0.0",  "2001:db8::1", "2001:db8:1::1",
	"::"
};
static const char *const marks[] = { "0", "1", "0x10/0xf0", "0/0", "0xffffffff" };
static const char *const zones[] = { "0", "1", "65535" };
static const char *const events[] = { "denied", "policy-denied", "reset", "Limit", "_" };

static void make_sets(struct image_builder *b)
{
	image_set(b, "host", "10.0.0.1");
	image_set(b, "lan", "10.0.0.0/24 10.0.1.0/31 2001:db8:1::/48");
	image_set(b, "office", "10.0.0.0/8 192.0.2.0/25");
	image_set(b, "all4", "0.0.0.0/0");
	image_set(b, "six", "::/0");
	image_set(b, "none", "");
	image_set(b, "mixed", "10.0.0.2/32 10.8.0.0/13 128.0.0.0/1 2001:db8::/32 ::/128");
}

static const char *random_word(u64 *seed, u8 field)
{
	switch (field) {
	case CTALG_FIELD_COMMAND:
		return PICK(seed, commands);
	case CTALG_FIELD_USER:
		return PICK(seed, user_patterns);
	case CTALG_FIELD_OBJECT:
		return PICK(seed, object_patterns);
	case CTALG_FIELD_INSIDE:
	case CTALG_FIELD_OUTSIDE:
		return PICK(seed, sets);
	case CTALG_FIELD_MARK:
		return PICK(seed, marks);
	case CTALG_FIELD_ZONE:
		return PICK(seed, zones);
	default:
		return PICK(seed, events);
	}
}

static void random_criterion(u64 *seed, struct image_builder *b, u8 field)
{
	char words[256] = "";
	u32 n = 1 + rnd_below(seed, 3), i;

	for (i = 0; i < n; i++) {
		strcat(words, i ? " " : "");
		strcat(words, random_word(seed, field));
	}
	if (rnd_below(seed, 4))
		image_where(b, field, words);
	else
		image_where_not(b, field, words);
}

static bool goes_with(u8 chain, u8 field)
{
	if (chain == CTALG_CHAIN_LOG)
		return field != CTALG_FIELD_COMMAND;
	if (field == CTALG_FIELD_EVENT)
		return false;
	return ctalg_chain_refuses(chain) ||
	       (field != CTALG_FIELD_COMMAND && field != CTALG_FIELD_OBJECT);
}

static void random_rule(u64 *seed, struct image_builder *b)
{
	static const char *const helpers[] = { "", "toy", "toy", "toys", "to" };
	u8 chain = (u8)(rnd_below(seed, 2) ? rnd_below(seed, 2) : rnd_below(seed, CTALG_CHAINS));
	u8 field;

	image_rule_of(b, PICK(seed, helpers), chain);
	for (field = 0; field < CTALG_FIELDS; field++)
		if (goes_with(chain, field) && !rnd_below(seed, 4))
			random_criterion(seed, b, field);
}

void *random_image(u64 *seed, u32 rules, u32 *len)
{
	struct ctalg_image_limit limit = { .sessions = 1 };
	struct image_builder *b = image_begin();
	u32 i;

	make_sets(b);
	image_limit(b, &limit);
	for (i = 0; i < rules; i++)
		random_rule(seed, b);
	return image_finish(b, len);
}

void random_subject(u64 *seed, struct ctalg_subject *s)
{
	const char *user = PICK(seed, users), *object = PICK(seed, objects);

	memset(s, 0, sizeof(*s));
	s->inside = addr_of(PICK(seed, addresses));
	s->outside = addr_of(PICK(seed, addresses));
	s->mark = rnd_below(seed, 3) ? rnd_below(seed, 32) : ~0U;
	s->zone = (u16)(rnd_below(seed, 3) ? rnd_below(seed, 3) : 65535);
	s->command = (u16)rnd_below(seed, 8);
	s->user = (const u8 *)user;
	s->user_len = (u32)strlen(user);
	s->object = (const u8 *)object;
	s->object_len = (u32)strlen(object);
	s->event = rnd_below(seed, 3) ? PICK(seed, events) : NULL;
	s->reason = rnd_below(seed, 3) ? PICK(seed, events) : NULL;
}
