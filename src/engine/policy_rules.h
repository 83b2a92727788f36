/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules, compiled: a hash table from what a message may have (a user, the end of a file name, a
 * network that its inside host is in) to the rules that are filed under it, in their order.
 *
 * A rule is filed once, or once under each value, of a single one of its criteria. Networks
 * lead to sets, and sets to rules, so that a large set costs its size once.
 */
#ifndef CTALG_ENGINE_POLICY_RULES_H
#define CTALG_ENGINE_POLICY_RULES_H

#include "glob.h"
#include "policy_image.h"

/* What rules are filed under. Those of text are in the order of enum ctalg_glob_kind. */
enum ctalg_key_kind {
	CTALG_KEY_ALL,
	CTALG_KEY_USER,
	CTALG_KEY_USER_PREFIX,
	CTALG_KEY_USER_SUFFIX,
	CTALG_KEY_OBJECT,
	CTALG_KEY_OBJECT_PREFIX,
	CTALG_KEY_OBJECT_SUFFIX,
	CTALG_KEY_EVENT,
	CTALG_KEY_INSIDE_NET,
	CTALG_KEY_OUTSIDE_NET,
	/* below: a number says it all */
	CTALG_KEY_INSIDE,
	CTALG_KEY_OUTSIDE,
	CTALG_KEY_COMMAND,
	CTALG_KEY_WRITES,
	CTALG_KEY_ZONE,
	CTALG_KEY_MARK,
	CTALG_KEYS,
};

/*
 * What is looked for. Text (for a network: an address with nothing behind the prefix) and its
 * length, or a number: the set, command, zone, mark; the family of a network.
 */
struct ctalg_key {
	u8 chain;
	u8 kind;
	u32 len;
	const u8 *text;
	u32 number;
	u32 hash;
};

/*
 * What is found: @n items from @first on. @ref is a number, or where the text stands in the
 * image: a pattern, its literal from @from on; the number of a prefix. @next is the next entry
 * with the same place in the table, counted from 1.
 */
struct ctalg_entry {
	u32 hash;
	u32 next;
	u32 first;
	u32 n;
	u32 ref;
	u8 chain;
	u8 kind;
	u8 len;
	u8 from;
};

/* In a network's list: @what is the entry of a set. In others: a rule, and @filed. */
struct ctalg_item {
	u32 what;
	u32 filed;
};

/*
 * Under which criterion a rule is filed: its field and, where the key says less than the pattern
 * of which it is a part, the number of this value.
 */
#define CTALG_FILED(field, value) ((u32)(field) << 24 | (value))
#define CTALG_FILED_FIELD(filed) ((filed) >> 24)
#define CTALG_FILED_VALUE(filed) ((filed)&0xffff)
#define CTALG_FILED_WHOLE 0x10000u

enum { CTALG_LENGTHS = 256 / 32 };

/* Which keys a chain has at all: a message looks for no others. */
struct ctalg_chain_keys {
	bool any;
	u32 kinds;
	u32 longest[CTALG_KEYS];
	u32 text[CTALG_KEY_OBJECT_SUFFIX + 1][CTALG_LENGTHS];
	u32 net[2][2][CTALG_LENGTHS];
};

/* In place of the number of a command: all that write; one that this protocol does not have. */
enum { CTALG_COMMANDS_WRITE = 0xffff, CTALG_COMMAND_ABSENT = 0xfffe };

/*
 * @commands: for each value of the image, if it names a command, its number
 * @flags: for each command, enum ctalg_command_flag
 */
struct ctalg_rules {
	const void *image;
	const struct ctalg_image_rule *rule;
	const struct ctalg_image_criterion *criterion;
	const u32 *value;
	const struct ctalg_image_prefix *prefix;
	u32 looks;
	struct ctalg_chain_keys chain[CTALG_CHAINS];
	u16 *commands;
	u32 n_commands;
	u8 *flags;
	u32 n_flags;
	u32 *bucket;
	u32 n_buckets;
	struct ctalg_entry *entry;
	u32 n_entries;
	struct ctalg_item *item;
	u32 n_items;
};

/* One search through the rules; @looked counts those that were held against the subject. */
struct ctalg_search {
	const struct ctalg_rules *rules;
	const struct ctalg_subject *s;
	u8 chain;
	u32 from;
	u32 best;
	u32 looked;
};

enum { CTALG_NO_RULE = 0xffffffffU };

/* The first rule from search->from on that matches is search->best, or it is CTALG_NO_RULE. */
void ctalg_rules_search(struct ctalg_search *search);

static inline bool ctalg_bit(const u32 *bits, u32 i)
{
	return bits[i / 32] >> i % 32 & 1;
}

static inline void ctalg_bit_set(u32 *bits, u32 i)
{
	bits[i / 32] |= 1U << i % 32;
}

/* Texts are hashed byte by byte, those of suffixes from the end. */
enum { CTALG_HASH_BEGIN = 0x811c9dc5U };

static inline u32 ctalg_hash_byte(u32 h, u8 c)
{
	return (h ^ ctalg_fold(c)) * 0x01000193U;
}

/* Sets the hash of a key, of whose text @h is the hash. */
void ctalg_key_hash(struct ctalg_key *key, u32 h);

/* Sets the hash of a key that is a number, or a network. */
void ctalg_key_hash_number(struct ctalg_key *key);
void ctalg_key_hash_net(struct ctalg_key *key);

/* Return: the entry's number, or CTALG_NO_RULE. @steps receives how many were looked at. */
u32 ctalg_entry_find(const struct ctalg_rules *rules, const struct ctalg_key *key, u32 *steps);

/* Are two texts the same but for the case of letters? */
bool ctalg_text_equal(const char *a, u32 a_len, const u8 *b, u32 b_len);

/* Bytes of a name that ends with NUL. */
u32 ctalg_name_len(const char *name);

#endif /* CTALG_ENGINE_POLICY_RULES_H */
