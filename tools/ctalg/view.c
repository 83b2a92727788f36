// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "tool.h"
#include "view.h"

/**
 * struct table - cells, row by row, the titles first
 * @titles: of the columns
 * @columns: how many
 * @cells: texts
 * @n: how many
 * @room: how many fit into @cells
 */
struct table {
	const char *const *titles;
	size_t columns;
	char **cells;
	size_t n;
	size_t room;
};

static bool is_number(const struct table *t, size_t column)
{
	return t->titles[column][0] == '>';
}

struct table *table_new(const char *const *titles)
{
	struct table *t = need(calloc(1, sizeof(*t)));
	size_t i;

	t->titles = titles;
	while (titles[t->columns])
		t->columns++;
	for (i = 0; i < t->columns; i++)
		table_cell(t, "%s", titles[i] + is_number(t, i));
	return t;
}

void table_cell(struct table *t, const char *format, ...)
{
	va_list args;
	int len;

	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->cells = need(reallocarray(t->cells, t->room, sizeof(*t->cells)));
	}
	va_start(args, format);
	len = vasprintf(&t->cells[t->n], format, args);
	va_end(args);
	need(len < 0 ? NULL : t->cells[t->n]);
	t->n++;
}

size_t table_rows(const struct table *t)
{
	return t->n / t->columns - 1;
}

static int width(const struct table *t, size_t column)
{
	size_t max = 0, i;

	for (i = column; i < t->n; i += t->columns)
		if (strlen(t->cells[i]) > max)
			max = strlen(t->cells[i]);
	return (int)max;
}

void table_free(struct table *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->cells[i]);
	free(t->cells);
	free(t);
}

void table_print(struct table *t)
{
	int *widths = need(calloc(t->columns, sizeof(*widths)));
	size_t i;

	for (i = 0; i < t->columns; i++)
		widths[i] = width(t, i) * (is_number(t, i) ? 1 : -1);
	for (i = 0; i < t->n; i++) {
		bool last = i % t->columns == t->columns - 1;

		/* The last column is not filled up with blanks. */
		if (last && widths[i % t->columns] < 0)
			printf("%s\n", t->cells[i]);
		else
			printf("%*s%s", widths[i % t->columns], t->cells[i], last ? "\n" : "  ");
	}
	free(widths);
	table_free(t);
}

json_t *json_l4(uint8_t l4)
{
	char buf[ENDPOINT_SIZE];

	return l4 ? json_text(l4_text(buf, l4)) : json_null();
}

json_t *json_text(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

json_t *json_number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

json_t *json_maybe(const struct maybe *m)
{
	return m->known ? json_number(m->n) : json_null();
}

static void json_write(json_t *value, size_t flags)
{
	need(value);
	if (json_dumpf(value, stdout, flags))
		fail("the JSON cannot be written");
	json_decref(value);
}

void json_print(json_t *value)
{
	json_write(value, JSON_INDENT(2));
	putchar('\n');
}

void json_print_line(json_t *value)
{
	json_write(value, JSON_COMPACT);
	putchar('\n');
}

/* One object a line. */
static void print_json(const struct view *v, const char *items, size_t n, size_t size)
{
	size_t i;

	putchar('[');
	for (i = 0; i < n; i++) {
		fputs(i ? ",\n" : "\n", stdout);
		json_write(v->json(items + i * size), 0);
	}
	puts(n ? "\n]" : "]");
}

void view_print_line(const struct view *v, const void *items, size_t n, size_t size)
{
	json_t *all = need(json_array());
	const char *item = items;
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(all, v->json(item + i * size));
	json_print_line(all);
}

void view_print(const struct view *v, const void *items, size_t n, size_t size, bool json)
{
	const char *item = items;
	struct table *t;
	size_t i;

	if (json) {
		print_json(v, items, n, size);
		return;
	}
	if (!n) {
		puts(v->none);
		return;
	}
	t = table_new(v->titles);
	for (i = 0; i < n; i++)
		v->row(t, item + i * size);
	table_print(t);
}
