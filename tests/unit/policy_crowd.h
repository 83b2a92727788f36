/* SPDX-License-Identifier: GPL-2.0 */
/* Many rules, none of which concerns a certain message. */
#ifndef CTALG_TESTS_POLICY_CROWD_H
#define CTALG_TESTS_POLICY_CROWD_H

#include "image_builder.h"

enum crowd {
	CROWD_USERS,
	CROWD_SUFFIXES,
	CROWD_PREFIXES,
	CROWD_INSIDE,
	CROWD_COMMANDS,
	CROWD_MIX,
	CROWDS,
};

extern const char *const crowd_names[CROWDS];

void *crowd_image(enum crowd of, u32 rules, u32 *len);

/* The message: "STOR /pub/report.pdf" by alice, from 10.200.0.1. */
void crowd_subject(struct ctalg_subject *s);

#endif /* CTALG_TESTS_POLICY_CROWD_H */
