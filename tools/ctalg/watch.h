/* SPDX-License-Identifier: GPL-2.0 */
/* The same again and again: on a terminal in place, elsewhere one after the other. */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>

struct options;

/* The seconds that were asked for as the only argument, or how many are usual. */
unsigned int watch_interval(const struct options *o);

/*
 * Prints every @seconds until somebody ends it or nobody reads it. What is no JSON has an
 * empty line between, and on a terminal the whole screen.
 */
void watch(void (*print)(void), unsigned int seconds, bool json);

#endif /* WATCH_H */
