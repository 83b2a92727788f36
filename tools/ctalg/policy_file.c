// SPDX-License-Identifier: GPL-2.0
/* A policy file from its text to its image, and what is wrong with it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_draft.h"
#include "tool.h"

enum {
	FEWEST = 16,
};

void *policy_more(void *items, size_t n, size_t size)
{
	if (!n)
		return need(reallocarray(items, FEWEST, size));
	if (n < FEWEST || n & (n - 1))
		return items;
	return need(reallocarray(items, 2 * n, size));
}

static void note(struct policy_faults *to, const struct policy_token *t, const char *format,
		 va_list args)
{
	struct policy_fault f = { .line = t->line, .column = t->column };

	need(vasprintf(&f.text, format, args) < 0 ? NULL : f.text);
	to->f = policy_more(to->f, to->n, sizeof(*to->f));
	to->f[to->n++] = f;
}

bool policy_wrong(struct draft *d, const struct policy_token *t, const char *format, ...)
{
	struct policy_faults *to = &d->p->errors;
	va_list args;

	va_start(args, format);
	if (!d->failed && to->n < POLICY_ERRORS_MAX)
		note(to, t, format, args);
	va_end(args);
	d->failed = true;
	return false;
}

void policy_warn(struct draft *d, const struct policy_token *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	note(&d->p->warnings, t, format, args);
	va_end(args);
}

const char *policy_shown(char buf[POLICY_SHOWN_SIZE], const struct policy_token *t)
{
	static const char *const words[] = {
		[POLICY_END] = "the end of the file",
		[POLICY_STOP] = "the end of the statement",
		[POLICY_STRING] = "a string",
		[POLICY_COMMA] = "a comma",
		[POLICY_OPEN] = "\"{\"",
		[POLICY_CLOSE] = "\"}\"",
	};

	if (t->kind != POLICY_WORD)
		return words[t->kind];
	snprintf(buf, POLICY_SHOWN_SIZE, t->len > 40 ? "\"%.40s...\"" : "\"%s\"", t->text);
	return buf;
}

static int by_place(const void *a, const void *b)
{
	const struct policy_fault *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

static void sort(struct policy_faults *faults)
{
	if (faults->n)
		qsort(faults->f, faults->n, sizeof(*faults->f), by_place);
}

static void free_ranges(struct draft_rule *r)
{
	unsigned int i;

	for (i = 0; i < CTALG_FIELDS; i++) {
		free(r->c[i].v);
		policy_ranges_free(&r->c[i].addresses);
	}
	policy_ranges_free(&r->places.ranges);
}

static void free_draft(struct draft *d)
{
	size_t i;

	for (i = 0; i < d->n_rules; i++)
		free_ranges(&d->rules[i]);
	for (i = 0; i < d->n_sets; i++)
		policy_ranges_free(&d->sets[i].ranges);
	free(d->rules);
	free(d->sets);
	free(d->limits);
	free(d->tokens);
	free(d->bytes);
}

bool policy_file_parse(struct policy_file *p, const char *text, size_t len)
{
	struct draft d = { .p = p };

	*p = (struct policy_file){};
	policy_lex(&d, text, len);
	d.at = d.tokens;
	if (!p->errors.n)
		policy_statements(&d);
	if (!p->errors.n)
		policy_build(&d);
	if (!p->errors.n)
		policy_warnings(&d);
	sort(&p->errors);
	sort(&p->warnings);
	free_draft(&d);
	return !p->errors.n;
}

static void free_faults(struct policy_faults *faults)
{
	size_t i;

	for (i = 0; i < faults->n; i++)
		free(faults->f[i].text);
	free(faults->f);
}

void policy_file_free(struct policy_file *p)
{
	free(p->image);
	free_faults(&p->errors);
	free_faults(&p->warnings);
	*p = (struct policy_file){};
}
