// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "colour.h"

/* As no-color.org says it: NO_COLOR counts when it is not empty. */
static bool wanted(bool terminal, const char *no_color, const char *term)
{
	return terminal && !(no_color && no_color[0]) && term && strcmp(term, "dumb");
}

static const char *sequence(enum paint p)
{
	switch (p) {
	case PAINT_GOOD:
		return "\033[32m";
	case PAINT_WARNING:
		return "\033[33m";
	case PAINT_BAD:
		return "\033[31m";
	case PAINT_STRONG:
		return "\033[1m";
	case PAINT_FAINT:
		return "\033[2m";
	default:
		return "\033[0m";
	}
}

const char *paint(enum paint p)
{
	static int on = -1;

	if (on < 0)
		on = wanted(isatty(STDOUT_FILENO), getenv("NO_COLOR"), getenv("TERM"));
	return on ? sequence(p) : "";
}
