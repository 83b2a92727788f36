/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images for tests, said in a few words:
 *
 *	image_set(b, "lan", "10.0.0.0/8 2001:db8::/32");
 *	image_rule(b, "ftp", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
 *	image_where(b, CTALG_FIELD_INSIDE, "lan");
 *	image_where_not(b, CTALG_FIELD_USER, "alice bob*");
 *	image = image_finish(b, &len);
 */
#ifndef CTALG_TESTS_IMAGE_BUILDER_H
#define CTALG_TESTS_IMAGE_BUILDER_H

#include "src/engine/policy.h"

struct image_builder;

struct image_builder *image_begin(void);

u32 image_text(struct image_builder *b, const char *s);

/* Prefixes, a blank between each; sorted here, and those inside another left out. */
u32 image_set(struct image_builder *b, const char *name, const char *prefixes);

u32 image_limit(struct image_builder *b, const struct ctalg_image_limit *l);

/* Rules are numbered from 0; the line of each is its number and 100. */
u32 image_rule(struct image_builder *b, const char *helper, u8 chain, u8 action);
/* One of any chain, whatever it says. */
u32 image_rule_of(struct image_builder *b, const char *helper, u8 chain);
void image_args(struct image_builder *b, u32 arg0, u32 arg1, u32 arg2);

/* To the latest rule. Words with a blank between each: names of sets, numbers, marks as VALUE/BITS,
 * or texts, in which "_" stands for a text without bytes. */
void image_where(struct image_builder *b, u8 field, const char *values);
void image_where_not(struct image_builder *b, u8 field, const char *values);

/* The image, in memory that ends where it ends; the builder is gone. */
void *image_finish(struct image_builder *b, u32 *len);

#endif /* CTALG_TESTS_IMAGE_BUILDER_H */
