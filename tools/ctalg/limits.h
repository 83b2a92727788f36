/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdbool.h>

#include "text.h"

/* Is it one of bytes? */
bool limit_is_memory(const char *name);
/* A number of what this limit is of; "-" if it is not known. */
const char *limit_text(char buf[ENDPOINT_SIZE], const char *name, const struct maybe *n);

#endif /* LIMITS_H */
