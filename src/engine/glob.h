/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Patterns: "*" stands for any bytes, "?" for one, "\" takes the meaning from the next. ASCII
 * letters count the same in either case.
 */
#ifndef CTALG_ENGINE_GLOB_H
#define CTALG_ENGINE_GLOB_H

#include <ctalg/port.h>

/** define CTALG_GLOB_MAX - longest literal that a pattern is known by */
#define CTALG_GLOB_MAX 255

/** enum ctalg_glob_kind - how a pattern is found among many */
enum ctalg_glob_kind {
	/** @CTALG_GLOB_EXACT: it has no wildcard: the literal is the whole text */
	CTALG_GLOB_EXACT,
	/** @CTALG_GLOB_PREFIX: every text begins with the literal */
	CTALG_GLOB_PREFIX,
	/** @CTALG_GLOB_SUFFIX: every text ends with the literal */
	CTALG_GLOB_SUFFIX,
	/** @CTALG_GLOB_ANY: it begins and ends with a wildcard */
	CTALG_GLOB_ANY,
};

/**
 * struct ctalg_glob_literal - what all texts that match a pattern have in common
 * @kind: enum ctalg_glob_kind; of a prefix and a suffix the longer one
 * @from: where the literal begins in the pattern
 * @len: how many bytes of text it is
 */
struct ctalg_glob_literal {
	u8 kind;
	u32 from;
	u32 len;
};

/**
 * ctalg_fold() - a letter in lower case
 * @c: any byte
 *
 * Return: the byte, changed only if it is an ASCII capital.
 */
static inline u8 ctalg_fold(u8 c)
{
	return c >= 'A' && c <= 'Z' ? (u8)(c | 0x20) : c;
}

/**
 * ctalg_glob_match() - does a text match a pattern
 * @pattern: the pattern
 * @n: its length
 * @text: the text
 * @len: its length
 *
 * Work is at most the product of both lengths.
 *
 * Return: true if the whole of it does.
 */
bool ctalg_glob_match(const char *pattern, u32 n, const u8 *text, u32 len);

/**
 * ctalg_glob_literal() - what a pattern is known by
 * @pattern: the pattern
 * @n: its length, at most CTALG_GLOB_MAX
 *
 * Return: its longest literal at either end.
 */
struct ctalg_glob_literal ctalg_glob_literal(const char *pattern, u32 n);

/**
 * ctalg_glob_copy() - a literal as text, in lower case
 * @pattern: the pattern
 * @n: its length
 * @l: what ctalg_glob_literal() said of it
 * @out: receives @l->len bytes
 */
void ctalg_glob_copy(const char *pattern, u32 n, const struct ctalg_glob_literal *l, u8 *out);

/**
 * ctalg_glob_equal() - is a text a part of a pattern
 * @pattern: the pattern
 * @n: its length
 * @from: where a literal begins in it
 * @text: the text
 * @len: its length, not more than the literal's
 *
 * Return: true if the literal begins with the text.
 */
bool ctalg_glob_equal(const char *pattern, u32 n, u32 from, const u8 *text, u32 len);

#endif /* CTALG_ENGINE_GLOB_H */
