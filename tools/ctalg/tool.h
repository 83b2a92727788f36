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

/* One noun each, in the file of its name. */
void flows_main(const struct options *o);
void helpers_main(const struct options *o);
void pinholes_main(const struct options *o);
void sessions_main(const struct options *o);
void set_main(const struct options *o);
void stats_main(const struct options *o);
void version_main(const struct options *o);

#endif /* TOOL_H */
