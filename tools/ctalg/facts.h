/* SPDX-License-Identifier: GPL-2.0 */
/* All that the doctor looks at, gathered once. */
#ifndef FACTS_H
#define FACTS_H

#include "attached.h"
#include "config.h"
#include "conntrack.h"
#include "kernel.h"

/**
 * struct service_facts - of a service
 * @asked: somebody wants it: the configuration, a rule, or whoever loaded its module
 * @configured: the configuration turns it on
 * @loaded: our module is
 * @built: our module is there for the running kernel
 * @mainline: the kernel's own is loaded
 * @built_in: it is part of the kernel's image
 * @redirected: who loads the kernel's own by its name gets ours
 * @helper: of this namespace, or NULL
 * @attached: rules that are about it
 */
struct service_facts {
	bool asked;
	bool configured;
	bool loaded;
	bool built;
	bool mainline;
	bool built_in;
	bool redirected;
	const struct helper *helper;
	size_t attached;
};

/**
 * struct facts - the machine, in one namespace
 * @kernel: its release
 * @module_version: of the loaded module, or empty
 * @signatures: why the kernel takes signed modules only, or NULL
 * @has_conf: there is a configuration
 * @own: the machine's addresses
 * @connections: those with a helper, and those to a port where one might be
 * @expect_max: how many expectations the kernel holds
 * @expect_hash: and in how many places; 0 if that is not known
 * @expect_now: and those that are open
 * @ct_max: how many connections the kernel tracks; 0 if that is not known
 * @ct_now: and those there are
 */
struct facts {
	const char *kernel;
	const char *module_version;
	const char *signatures;
	bool has_conf;
	struct config conf;
	struct service_facts of[SERVICES_MAX];
	struct helper *helpers;
	size_t n_helpers;
	struct limit *limits;
	size_t n_limits;
	struct attached_list rules;
	struct address *own;
	size_t n_own;
	struct connection *connections;
	size_t n_connections;
	uint64_t expect_max;
	uint64_t expect_hash;
	uint64_t expect_now;
	uint64_t ct_max;
	uint64_t ct_now;
};

/* @conf: the configuration, or NULL for the usual one if it is there. */
void facts_gather(struct facts *f, const char *conf);
void facts_free(struct facts *f);

#endif /* FACTS_H */
