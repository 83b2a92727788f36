/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything the portable layers may use from their surroundings.
 *
 * include/ctalg/, src/lib/, src/engine/ and every <proto>_parse.c compile in the
 * kernel and in user space. What they need of either is here: fixed-width
 * integers, bool, memcpy/memmove/memset/memcmp, ARRAY_SIZE and
 * min. Nothing allocates, nothing sleeps, nothing knows a packet.
 */
#ifndef CTALG_PORT_H
#define CTALG_PORT_H

#ifdef __KERNEL__

#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
/* As the kernel's: each argument is evaluated once. */
#define min(a, b)                                                                                  \
	({                                                                                         \
		__typeof__(a) min_a_ = (a);                                                        \
		__typeof__(b) min_b_ = (b);                                                        \
		min_a_ < min_b_ ? min_a_ : min_b_;                                                 \
	})

#ifndef fallthrough
#define fallthrough __attribute__((__fallthrough__))
#endif

#endif /* __KERNEL__ */

#endif /* CTALG_PORT_H */
