/* SPDX-License-Identifier: GPL-2.0 */
/* A policy file while it is being read; what policy_*.c share. */
#ifndef POLICY_DRAFT_H
#define POLICY_DRAFT_H

#include "policy_file.h"

struct service;

enum policy_token_kind {
	/* the end of the text */
	POLICY_END,
	/* the end of a line, or a semicolon */
	POLICY_STOP,
	/* a name, a number, an address, a pattern without blanks */
	POLICY_WORD,
	/* what stands in quotes */
	POLICY_STRING,
	POLICY_COMMA,
	POLICY_OPEN,
	POLICY_CLOSE,
};

/**
 * struct policy_token - a word, or what stands between words
 * @text: its bytes, with a NUL behind them; strings without quotes and escapes
 * @len: how many; no NUL is among them
 */
struct policy_token {
	enum policy_token_kind kind;
	uint32_t line;
	uint32_t column;
	uint32_t len;
	const char *text;
};

/**
 * struct policy_range - addresses from @first to @last, both of one family
 */
struct policy_range {
	struct ctalg_addr first;
	struct ctalg_addr last;
};

/**
 * struct policy_ranges - a set of addresses
 * @r: ascending, apart from one another once policy_ranges_merge() has been there
 */
struct policy_ranges {
	struct policy_range *r;
	size_t n;
	size_t room;
};

/**
 * struct draft_set - a set that has a name
 * @name: where it is defined
 * @used: something refers to it
 * @in: the number of the definition that has taken it in last
 */
struct draft_set {
	struct policy_token name;
	struct policy_ranges ranges;
	bool used;
	size_t in;
};

struct draft_limit {
	struct policy_token name;
	uint32_t events;
	uint32_t period;
	uint32_t burst;
	uint32_t sessions;
	uint32_t per;
	bool used;
};

/**
 * struct draft_value - one of a criterion's values
 * @text: of a command, a pattern, an event
 * @n: of a set with a name, its number; of a mark, its bits; of a zone
 * @mask: of a mark
 */
struct draft_value {
	struct policy_token text;
	uint32_t n;
	uint32_t mask;
};

/**
 * struct draft_criterion - what a rule asks for
 * @given: the rule asks for it
 * @at: where
 * @addresses: those that stand there themselves, of a criterion of sets
 */
struct draft_criterion {
	bool given;
	bool negate;
	struct policy_token at;
	struct draft_value *v;
	size_t n;
	size_t room;
	struct policy_ranges addresses;
};

/**
 * struct draft_places - the set that a rule allows
 * @given: it does
 * @set: a set with a name, or CTALG_IMAGE_ANY
 * @ranges: else these, if there are any; else anybody
 */
struct draft_places {
	bool given;
	uint32_t set;
	struct policy_ranges ranges;
};

/* What a rule may say besides what it asks for. */
enum policy_clause {
	POLICY_ANSWER,
	POLICY_ELSE,
	POLICY_GROUP,
	POLICY_LEVEL,
	POLICY_PREFIX,
	POLICY_BLOCK,
	POLICY_CLAUSES,
};

/**
 * struct draft_rule - a rule
 * @clause: what it says besides: where, by enum policy_clause; NULL if it does not
 * @at: its first word
 * @service: the protocol, or NULL for all
 * @code: of its answer, or 0
 * @text: of its answer, or the prefix of its log; @text.len is 0 without one
 * @limit: which limit, or of CTALG_CHAIN_SIZE so many bytes
 * @number: by chain, the first two of struct ctalg_image_rule.arg, as far as they are numbers
 */
struct draft_rule {
	struct policy_token at;
	const struct service *service;
	uint8_t chain;
	uint8_t action;
	struct draft_criterion c[CTALG_FIELDS];
	const struct policy_token *clause[POLICY_CLAUSES];
	struct draft_places places;
	uint32_t limit;
	uint32_t code;
	struct policy_token text;
	uint32_t number[2];
};

/**
 * struct draft - a file while it is being read
 * @p: what it becomes
 * @tokens: all of its words; the last is POLICY_END
 * @at: the next one
 * @bytes: where their texts are
 * @service: whose section is being read, NULL for all
 * @open: braces of the statement that are open
 * @failed: the statement has a mistake, which has been noted
 */
struct draft {
	struct policy_file *p;
	struct policy_token *tokens;
	size_t n_tokens;
	const struct policy_token *at;
	char *bytes;
	struct draft_set *sets;
	size_t n_sets;
	struct draft_limit *limits;
	size_t n_limits;
	struct draft_rule *rules;
	size_t n_rules;
	const struct service *service;
	unsigned int open;
	bool failed;
};

/* Makes room for one more; @size bytes each, of which @n are in use. The room is the next power of two. */
void *policy_more(void *items, size_t n, size_t size);

/* A mistake at @t. The first of a statement counts, what follows from it does not. Returns false. */
bool policy_wrong(struct draft *d, const struct policy_token *t, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void policy_warn(struct draft *d, const struct policy_token *t, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What somebody wrote, for a sentence: in quotes, or in words for what cannot be shown. */
enum { POLICY_SHOWN_SIZE = 64 };
const char *policy_shown(char buf[POLICY_SHOWN_SIZE], const struct policy_token *t);

/* policy_lex.c: cuts the text into tokens. */
void policy_lex(struct draft *d, const char *text, size_t len);

/* Is the next token this word? */
bool policy_is(const struct draft *d, const char *word);
/* The same, and then it is passed. */
bool policy_skip(struct draft *d, const char *word);
bool policy_skip_kind(struct draft *d, enum policy_token_kind kind);
/* The next token, which is passed unless a statement may end there, or a brace opens. */
const struct policy_token *policy_next(struct draft *d);
bool policy_same(const struct policy_token *a, const struct policy_token *b);
bool policy_is_word(const struct policy_token *t, const char *word);

/* policy_address.c. */
void policy_ranges_add(struct policy_ranges *to, const struct policy_range *r);
void policy_ranges_merge(struct policy_ranges *all);
void policy_ranges_free(struct policy_ranges *all);
/* How many addresses; UINT64_MAX if there are more than that. */
uint64_t policy_ranges_size(const struct policy_ranges *all);
/* Calls @add for each prefix of which the ranges, merged, consist. Returns how many there are; @add may be NULL. */
size_t policy_ranges_prefixes(const struct policy_ranges *all,
			      void (*add)(void *ctx, const struct ctalg_image_prefix *p),
			      void *ctx);
/* Is it written as an address, not as a name? */
bool policy_is_address(const struct policy_token *t);
/* An address, a prefix or a range; false if it is wrong. */
bool policy_address(struct draft *d, const struct policy_token *t, struct policy_range *r);

/* policy_criteria.c: the lists that a rule asks for. Each returns false if there is a mistake. */
bool policy_commands(struct draft *d, struct draft_rule *r);
/* Does a criterion begin here? Then it is read, too. @fields: those that the rule may have. */
bool policy_criterion(struct draft *d, struct draft_rule *r, uint32_t fields);
bool policy_begins_criterion(const struct draft *d);
/* Has it a command of that name, in capitals or not? */
bool policy_knows(const struct ctalg_proto *proto, const char *command);
bool policy_events(struct draft *d, struct draft_rule *r);
/* Sets with names, or addresses: "inside" and "outside" have a list of them as values. */
bool policy_places(struct draft *d, struct draft_places *to);
void policy_add_text(struct draft_criterion *c, const struct policy_token *t);
/* The set of that name, or NULL if there is none. */
struct draft_set *policy_set_of(struct draft *d, const struct policy_token *name);
struct draft_limit *policy_limit_of(struct draft *d, const struct policy_token *name);
/* A number of at most @most, decimal or with 0x. */
bool policy_number(const char *text, uint64_t most, uint64_t *n);
/* "40000-49999", both of 1024 and above. */
bool policy_ports(struct draft *d, uint32_t *first, uint32_t *last);
/* May this be the name of a set or a limit, with at most that many letters? */
bool policy_name(struct draft *d, const struct policy_token *t, const char *what, uint32_t most);

/* policy_clause.c: what may stand behind a rule's own words, in any order. @fields: those that it may have. */
bool policy_rest(struct draft *d, struct draft_rule *r, uint32_t fields);
/* What stands next is a mistake. */
bool policy_unexpected(struct draft *d, const char *wanted);

/* policy_rule.c: a statement in a section. */
bool policy_rule(struct draft *d);

/* policy_parse.c: all statements. */
void policy_statements(struct draft *d);

/* policy_build.c: makes the image of a draft without mistakes. */
void policy_build(struct draft *d);

/* policy_warn.c: what may not be meant so. The image has been built. */
void policy_warnings(struct draft *d);

#endif /* POLICY_DRAFT_H */
