/* SPDX-License-Identifier: GPL-2.0 */
/* Rules and subjects made up of few words, so that they often meet. */
#ifndef CTALG_TESTS_POLICY_RANDOM_H
#define CTALG_TESTS_POLICY_RANDOM_H

#include "image_builder.h"

/* Any rules for any chains; the image passes its check. */
void *random_image(u64 *seed, u32 rules, u32 *len);

void random_subject(u64 *seed, struct ctalg_subject *s);

#endif /* CTALG_TESTS_POLICY_RANDOM_H */
