/* SPDX-License-Identifier: GPL-2.0 */
/* What a unit test includes first: cmocka, numbers that look random but repeat, addresses from text. */
#ifndef CTALG_TESTS_UNIT_H
#define CTALG_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ctalg/addr.h>
#include <ctalg/port.h>

#include "rooms.h"

/* xorshift64: the seed is part of the test, so a failure repeats. */
static inline u32 rnd(u64 *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return (u32)(*s >> 16);
}

static inline u32 rnd_below(u64 *s, u32 n)
{
	return rnd(s) % n;
}

/* "" is no address. */
static inline struct ctalg_addr addr_of(const char *text)
{
	struct ctalg_addr a = { .family = CTALG_AF_NONE };

	if (inet_pton(AF_INET, text, a.b) == 1)
		a.family = CTALG_AF_INET;
	else if (inet_pton(AF_INET6, text, a.b) == 1)
		a.family = CTALG_AF_INET6;
	return a;
}

/* A copy that ends where its allocation ends, so that ASan sees one byte too many. */
static inline u8 *exact(const void *data, u32 len)
{
	u8 *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, data, len);
	return copy;
}

#endif /* CTALG_TESTS_UNIT_H */
