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

enum {
	/* Options of a noun on one command line. */
	GIVEN_MAX = 64,
};

/**
 * struct noun_option - an option that only some nouns know
 * @name: as in --name, or -n if it is a letter, which has no value; of one name all nouns want a value, or none does
 * @value: what its value is called, or NULL if it has none
 */
struct noun_option {
	const char *name;
	const char *value;
};

/**
 * struct options - what was asked for besides the noun
 * @json: print JSON
 * @argv: arguments after the noun
 * @argc: how many
 * @given: the noun's own options, in the order in which they stand there
 * @n_given: how many
 */
struct options {
	bool json;
	char **argv;
	int argc;
	struct {
		const struct noun_option *option;
		const char *value;
	} given[GIVEN_MAX];
	unsigned int n_given;
};

/* The value of the noun's own option, "" if it has none, or NULL if it was not given. */
const char *option_value(const struct options *o, const char *name);

/* Print one sentence after "ctalg: ", and end with EXIT_ERROR or EXIT_USAGE. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void misused(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* The same without an end. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Called before each such sentence, if it is set: whoever has the screen gives it back. */
extern void (*before_saying)(void);

/* Memory, or the end. */
void *need(void *memory);

/**
 * struct noun - something to ask about or to do
 * @name: what it is called
 * @args: what follows it, or NULL if nothing does
 * @run: does it
 * @about: in half a line
 * @help: all there is to say, with an example
 * @options: its own, up to one without a name; or NULL
 */
struct noun {
	const char *name;
	const char *args;
	const struct noun_option *options;
	void (*run)(const struct options *o);
	const char *about;
	const char *help;
};

/* Each in the file of its name; main.c lists them. */
extern const struct noun apply_noun;
extern const struct noun disable_noun;
extern const struct noun doctor_noun;
extern const struct noun enable_noun;
extern const struct noun explain_noun;
extern const struct noun flows_noun;
extern const struct noun helpers_noun;
extern const struct noun limits_noun;
extern const struct noun monitor_noun;
extern const struct noun pinholes_noun;
extern const struct noun policy_noun;
extern const struct noun rules_noun;
extern const struct noun sessions_noun;
extern const struct noun set_noun;
extern const struct noun stats_noun;
extern const struct noun status_noun;
extern const struct noun version_noun;

#endif /* TOOL_H */
