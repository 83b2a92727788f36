// SPDX-License-Identifier: GPL-2.0
/* A policy file's words. */
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "tool.h"

/**
 * struct lexer - how far it has come
 * @to: where the next token's text goes; all of them together are not longer than the file
 */
struct lexer {
	struct draft *d;
	const char *text;
	size_t len;
	size_t at;
	size_t line_begins;
	uint32_t line;
	char *to;
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-_.*?/@+~%:", c));
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static struct policy_token *add(struct lexer *x, enum policy_token_kind kind)
{
	struct draft *d = x->d;
	struct policy_token *t;

	d->tokens = policy_more(d->tokens, d->n_tokens, sizeof(*d->tokens));
	t = &d->tokens[d->n_tokens++];
	*t = (struct policy_token){ .kind = kind,
				    .line = x->line,
				    .column = (uint32_t)(x->at - x->line_begins) + 1,
				    .text = x->to };
	return t;
}

static enum policy_token_kind last_kind(const struct lexer *x)
{
	return x->d->n_tokens ? x->d->tokens[x->d->n_tokens - 1].kind : POLICY_STOP;
}

static void word(struct lexer *x)
{
	struct policy_token *t = add(x, POLICY_WORD);

	while (x->at < x->len && is_word_byte(x->text[x->at]))
		*x->to++ = x->text[x->at++];
	t->len = (uint32_t)(x->to - t->text);
	*x->to++ = 0;
}

/* The byte of a string that stands here, escapes taken away; false if it may not stand there. */
static bool string_byte(struct lexer *x, const struct policy_token *t)
{
	char c = x->text[x->at];

	if (c == '\\') {
		char next = x->at + 1 < x->len ? x->text[x->at + 1] : 0;

		if (next != '"' && next != '\\')
			return policy_wrong(
				x->d, t,
				"a backslash in a string stands before \" or another backslash only; write \\\\ for one");
		c = next;
		x->at++;
	}
	if (is_control(c))
		return policy_wrong(
			x->d, t,
			"the string has a control character or no end; close it with \" on its line, and write ? in place of such a character");
	*x->to++ = c;
	x->at++;
	return true;
}

static bool string(struct lexer *x)
{
	struct policy_token *t = add(x, POLICY_STRING);
	bool ok = true;

	x->at++;
	while (ok && x->at < x->len && x->text[x->at] != '"')
		ok = string_byte(x, t);
	if (ok && x->at == x->len)
		ok = policy_wrong(x->d, t, "the string has no end; close it with \"");
	x->at += ok;
	t->len = (uint32_t)(x->to - t->text);
	*x->to++ = 0;
	return ok;
}

static void new_line(struct lexer *x)
{
	/* After a comma the statement goes on. */
	if (last_kind(x) != POLICY_COMMA)
		add(x, POLICY_STOP);
	x->at++;
	x->line++;
	x->line_begins = x->at;
}

static void skip_comment(struct lexer *x)
{
	while (x->at < x->len && x->text[x->at] != '\n')
		x->at++;
}

static bool other(struct lexer *x)
{
	static const struct {
		char c;
		enum policy_token_kind kind;
	} signs[] = { { ';', POLICY_STOP },
		      { ',', POLICY_COMMA },
		      { '{', POLICY_OPEN },
		      { '}', POLICY_CLOSE } };
	char c = x->text[x->at];
	struct policy_token *t;
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (signs[i].c == c) {
			add(x, signs[i].kind);
			x->at++;
			return true;
		}
	}
	t = add(x, POLICY_STOP);
	if (is_control(c))
		return policy_wrong(x->d, t, "there is a control character here; delete it");
	if (c & 0x80)
		return policy_wrong(
			x->d, t,
			"only plain ASCII may stand outside of strings; put the pattern into \"...\"");
	return policy_wrong(
		x->d, t, "\"%c\" means nothing here; a pattern that has it stands in \"...\"", c);
}

/* After a mistake the rest of the line is left out; the statement ends there. */
static void skip_line(struct lexer *x)
{
	skip_comment(x);
	x->d->failed = false;
}

static bool token(struct lexer *x)
{
	char c = x->text[x->at];

	if (c == '\n') {
		new_line(x);
	} else if (c == ' ' || c == '\t' || c == '\r') {
		x->at++;
	} else if (c == '#') {
		skip_comment(x);
	} else if (c == '"') {
		return string(x);
	} else if (is_word_byte(c)) {
		word(x);
	} else {
		return other(x);
	}
	return true;
}

void policy_lex(struct draft *d, const char *text, size_t len)
{
	struct lexer x = { .d = d, .text = text, .len = len, .line = 1 };

	/* A word and its NUL take at most twice the bytes that it had. */
	d->bytes = need(malloc(2 * len + 1));
	x.to = d->bytes;
	while (x.at < x.len)
		if (!token(&x))
			skip_line(&x);
	*x.to = 0;
	add(&x, POLICY_END);
}

bool policy_is_word(const struct policy_token *t, const char *wanted)
{
	return t->kind == POLICY_WORD && !strcmp(t->text, wanted);
}

bool policy_same(const struct policy_token *a, const struct policy_token *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

bool policy_is(const struct draft *d, const char *wanted)
{
	return policy_is_word(d->at, wanted);
}

const struct policy_token *policy_next(struct draft *d)
{
	bool passed = d->at->kind == POLICY_WORD || d->at->kind == POLICY_STRING ||
		      d->at->kind == POLICY_COMMA;

	return passed ? d->at++ : d->at;
}

bool policy_skip(struct draft *d, const char *wanted)
{
	bool is = policy_is(d, wanted);

	if (is)
		d->at++;
	return is;
}

bool policy_skip_kind(struct draft *d, enum policy_token_kind kind)
{
	bool is = d->at->kind == kind;

	if (is && kind != POLICY_END)
		d->at++;
	return is;
}
