/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel modules: ours, and those of the kernel that have the same names. */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>
#include <stddef.h>

#include "service.h"

enum {
	MODULE_SIZE = 64,
	SENTENCE_SIZE = 512,
};

/* ctalg_ftp, nf_conntrack_ftp. Returns @buf. */
const char *module_ours(char buf[MODULE_SIZE], const struct service *s);
const char *module_mainline(char buf[MODULE_SIZE], const struct service *s);

/* It is in the kernel: loaded, or built in. */
bool module_loaded(const char *name);
/* It is part of the kernel's image. */
bool module_built_in(const char *name);
/* It is among the modules of the running kernel. */
bool module_built(const char *name);

/* The kernel takes signed modules only, and the words for why; NULL if it takes any. */
const char *module_signatures(void);

/**
 * module_problem - what keeps a service's module from being loaded
 * @s: the service, whose module is not loaded
 * @said: what modprobe said when it failed, or NULL if it was not tried
 * @buf: where to put it
 *
 * Returns a sentence with the remedy, or NULL if nothing is known to do so.
 */
const char *module_problem(const struct service *s, const char *said, char buf[SENTENCE_SIZE]);

/* Loads it. Returns NULL, or a sentence that says why not. */
const char *module_load(const struct service *s, char buf[SENTENCE_SIZE]);

#endif /* MODULE_H */
