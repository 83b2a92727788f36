/* SPDX-License-Identifier: GPL-2.0 */
/* Which rule matches, found the slow way: each rule is held against the subject, in order. */
#ifndef CTALG_TESTS_POLICY_MODEL_H
#define CTALG_TESTS_POLICY_MODEL_H

#include "src/engine/policy.h"

/* A protocol with a few commands, some of which write. */
extern const struct ctalg_proto policy_toy;

bool model_glob(const char *pattern, u32 n, const u8 *text, u32 len);

const struct ctalg_image_rule *model_match(const void *image, const struct ctalg_proto *proto,
					   u8 chain, const struct ctalg_subject *s,
					   const struct ctalg_image_rule *after);

/* All rules of all chains that match, one after the other: are they the same? */
bool model_agrees(const void *image, const struct ctalg_proto *proto,
		  const struct ctalg_rules *rules, const struct ctalg_subject *s);

#endif /* CTALG_TESTS_POLICY_MODEL_H */
