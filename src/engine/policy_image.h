/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of an image, as the files that work on it share them. */
#ifndef CTALG_ENGINE_POLICY_IMAGE_H
#define CTALG_ENGINE_POLICY_IMAGE_H

#include "policy.h"

/* No rule has more criteria: each field at most once. */
enum { CTALG_IMAGE_CRITERIA = CTALG_FIELDS };

/*
 * Values of all criteria, prefixes of all sets, and places where rules are filed, are not
 * more than this, also when rules share them: so checking and compiling end soon.
 */
enum { CTALG_IMAGE_WORK = 1 << 20 };

/*
 * Patterns of all criteria have no more bytes than this, and rules that every message has to
 * be held against no more of patterns and other values.
 */
enum { CTALG_IMAGE_TEXT = 16 << 20, CTALG_IMAGE_EVERYWHERE = 4096 };

/* Ports for OPAQUE with CTALG_ACTION_RANGE. */
enum { CTALG_IMAGE_RANGE = 64 };

/* Ports below this are never given to anyone. */
enum { CTALG_IMAGE_PORT_MIN = 1024 };

/* Is a string this one, byte by byte? */
bool ctalg_image_string_is(const void *image, u32 ref, const char *name);

/* The first @len bits of an address, the others zero; @len not more than it has. */
void ctalg_addr_cut(struct ctalg_addr *out, const struct ctalg_addr *a, u32 len);

bool ctalg_image_prefix_covers(const struct ctalg_image_prefix *p, const struct ctalg_addr *a);

/* Below, at or above zero, as the prefix begins before, at or behind the address of 16 bytes. */
int ctalg_image_prefix_order(const struct ctalg_image_prefix *p, u8 family, const u8 *b);

/* How many addresses an IPv4 prefix has; 0xffffffff for all of them. */
static inline u32 ctalg_image_prefix_hosts(const struct ctalg_image_prefix *p)
{
	return p->len ? 1U << (32 - p->len) : 0xffffffffU;
}

#endif /* CTALG_ENGINE_POLICY_IMAGE_H */
