/* SPDX-License-Identifier: GPL-2.0 */
/* What every file of the command shares. */
#ifndef TOOL_H
#define TOOL_H

#include <stdbool.h>

/* Exit codes. */
enum {
	EXIT_OK = 0,
	EXIT_ERROR = 1,
	EXIT_USAGE = 2,
};

/**
 * struct options - what was asked for besides the noun
 * @json: print JSON
 * @argv: arguments after the noun
 * @argc: how many
 */
struct options {
	bool json;
	char **argv;
	int argc;
};

/* Print one sentence after "ctalg: ", and end with EXIT_ERROR or EXIT_USAGE. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void misused(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* The same without an end. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory, or the end. */
void *need(void *memory);

/**
 * struct noun - something to ask about or to do
 * @name: what it is called
 * @args: what follows it, or NULL if nothing does
 * @run: does it
 * @about: in half a line
 * @help: all there is to say, with an example
 */
struct noun {
	const char *name;
	const char *args;
	void (*run)(const struct options *o);
	const char *about;
	const char *help;
};

/* Each in the file of its name; main.c lists them. */
extern const struct noun flows_noun;
extern const struct noun helpers_noun;
extern const struct noun pinholes_noun;
extern const struct noun sessions_noun;
extern const struct noun set_noun;
extern const struct noun stats_noun;
extern const struct noun version_noun;

#endif /* TOOL_H */
