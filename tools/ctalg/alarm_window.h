/* SPDX-License-Identifier: GPL-2.0 */
/* How often something has happened of late, for each of many: a sliding window that is exact. */
#ifndef ALARM_WINDOW_H
#define ALARM_WINDOW_H

#include "kernel.h"

enum {
	/* Of whom there are more, those not seen for longest are forgotten. */
	WINDOW_KEYS = 4096,
	/* Moments that are kept, of all together: 8 MiB. */
	WINDOW_MOMENTS = 1 << 20,
	WINDOW_KEY_SIZE = 64,
};

/**
 * struct window_key - of whom
 * @len: bytes
 * @b: any bytes
 */
struct window_key {
	uint8_t len;
	uint8_t b[WINDOW_KEY_SIZE];
};

struct window;

/* Times are nanoseconds of one clock. More than @most within @period is too many. */
struct window *window_new(uint32_t most, uint64_t period);
void window_free(struct window *w);

/* It has happened. Returns true if that is once too often and it has not been said that it is. */
bool window_count(struct window *w, const struct window_key *key, uint64_t now);
/* Takes one of whom there have not been too many for a whole period, after it was said that there were. */
bool window_over(struct window *w, uint64_t now, struct window_key *key);
/* Before that time window_over() finds nothing; UINT64_MAX if nothing is to come. */
uint64_t window_next(const struct window *w);
/* How many were forgotten that counted still, since this was last asked. */
uint64_t window_forgotten(struct window *w);

#endif /* ALARM_WINDOW_H */
