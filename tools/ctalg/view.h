/* SPDX-License-Identifier: GPL-2.0 */
/* Lists on standard output: a table for people, JSON for programs. */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "kernel.h"

struct table;

/**
 * struct view - how a list of some kind is shown
 * @none: said in place of an empty table
 * @titles: of the table's columns, up to NULL; one that begins with ">" is of numbers
 * @row: adds one cell per column with table_cell()
 * @json: makes an object
 */
struct view {
	const char *none;
	const char *const *titles;
	void (*row)(struct table *t, const void *item);
	json_t *(*json)(const void *item);
};

/* Prints @n items of @size bytes. */
void view_print(const struct view *v, const void *items, size_t n, size_t size, bool json);
/* Prints them as JSON in one line. */
void view_print_line(const struct view *v, const void *items, size_t n, size_t size);

struct table *table_new(const char *const *titles);
void table_cell(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
size_t table_rows(const struct table *t);
/* Prints and frees it. */
void table_print(struct table *t);
void table_free(struct table *t);

/* Prints and frees it. */
void json_print(json_t *value);
void json_print_line(json_t *value);
/* A string of ASCII, or null if it is empty. */
json_t *json_text(const char *text);
/* Its name, or null for 0. */
json_t *json_l4(uint8_t l4);
json_t *json_number(uint64_t n);
/* A number, or null if it is not known. */
json_t *json_maybe(const struct maybe *m);

#endif /* VIEW_H */
