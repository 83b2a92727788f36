/* SPDX-License-Identifier: GPL-2.0 */
/* What the doctor makes of the facts. Nothing here looks at the machine. */
#ifndef CHECKS_H
#define CHECKS_H

#include "facts.h"

enum result {
	RESULT_OK,
	RESULT_WARNING,
	RESULT_PROBLEM,
	RESULT_UNKNOWN,
};

enum {
	SAYS_SIZE = 512,
};

/**
 * struct finding - what one check says
 * @check: its name
 * @helper: whom it is about, or empty
 * @says: a sentence
 * @remedy: a command, or a sentence; empty if there is nothing to be done
 */
struct finding {
	const char *check;
	const char *helper;
	enum result result;
	char says[SAYS_SIZE];
	char remedy[SAYS_SIZE];
};

struct findings {
	struct finding *f;
	size_t n;
};

/* Runs all checks. */
void checks_run(struct findings *out, const struct facts *f);

/* Adds a finding; the sentence is @format's. Returns it, for the remedy to be added. */
struct finding *finding_add(struct findings *out, const char *check, const char *helper,
			    enum result result, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void finding_remedy(struct finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A counter of a helper, of both directions; 0 without a helper. */
uint64_t checks_counted(const struct helper *h, const char *reason);

/* The ports that the configuration names, or else the rules, or else the usual one. */
void checks_ports(struct attachments *ports, const struct facts *f, const struct service *s);

/* Does that for each of them, over each transport of the service. */
void checks_each_port(struct findings *out, const struct facts *f, const struct service *s,
		      void (*check)(struct findings *out, const struct facts *f,
				    const struct service *s, uint8_t l4, uint16_t port));

/* In files by subject, checks_*.c; about one service, or about the machine. */
void check_module(struct findings *out, const struct facts *f, const struct service *s);
void check_enabled(struct findings *out, const struct facts *f, const struct service *s);
void check_rule(struct findings *out, const struct facts *f, const struct service *s);
void check_untracked(struct findings *out, const struct facts *f, const struct service *s);
void check_families(struct findings *out, const struct facts *f, const struct service *s);
void check_firewall(struct findings *out, const struct facts *f, const struct service *s);
void check_hook(struct findings *out, const struct facts *f, const struct service *s);
void check_began_before(struct findings *out, const struct facts *f, const struct service *s);
void check_offload(struct findings *out, const struct facts *f, const struct service *s);
void check_nat(struct findings *out, const struct facts *f, const struct service *s);
void check_counters(struct findings *out, const struct facts *f, const struct service *s);
void check_data(struct findings *out, const struct facts *f, const struct service *s);
void check_expectations(struct findings *out, const struct facts *f);
void check_connections(struct findings *out, const struct facts *f);
void check_limits(struct findings *out, const struct facts *f);
void check_firewalld(struct findings *out, const struct facts *f);

#endif /* CHECKS_H */
