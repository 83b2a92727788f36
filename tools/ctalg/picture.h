/* SPDX-License-Identifier: GPL-2.0 */
/* All of a namespace at a glance: what "status" and "stats --prometheus" show. */
#ifndef PICTURE_H
#define PICTURE_H

#include "kernel.h"

/**
 * struct tally - what a helper has
 * @open: pinholes that wait
 * @used: pinholes whose data flow has come
 */
struct tally {
	uint64_t flows;
	uint64_t sessions;
	uint64_t open;
	uint64_t used;
};

/**
 * struct picture - a namespace
 * @module: version of the loaded module
 * @tally: by helper
 * @rules: of the policy that is loaded; 0 without one
 */
struct picture {
	char module[NAME_SIZE];
	struct helper *helpers;
	struct tally *tally;
	size_t n_helpers;
	struct limit *limits;
	size_t n_limits;
	uint32_t rules;
};

/* Reads it all, or ends the program; nothing has been printed then. */
void picture_take(struct picture *p);
void picture_free(struct picture *p);

/* Both directions of a counter; 0 if it is not there. */
uint64_t counted(const struct helper *h, const char *reason);
/* Does this counter tell of something refused or passed unread? */
bool is_trouble(const char *reason);

#endif /* PICTURE_H */
