/* SPDX-License-Identifier: GPL-2.0 */
/* Who attaches helpers, as the rules of the whole machine tell: nftables' and both forms of iptables. */
#ifndef ATTACHED_H
#define ATTACHED_H

#include <jansson.h>

#include "service.h"

enum {
	RANGES_MAX = 32,
	WHERE_SIZE = 320,
	HELPER_NAME_SIZE = 32,
};

/* Hooks that a rule is reached from, bit by bit. */
enum {
	HOOK_PREROUTING = 1 << 0,
	HOOK_OUTPUT = 1 << 1,
	HOOK_INPUT = 1 << 2,
	HOOK_FORWARD = 1 << 3,
	HOOK_POSTROUTING = 1 << 4,
	/* prerouting or output, but before connection tracking: it does nothing there */
	HOOK_EARLY = 1 << 5,
};

/**
 * struct attached - a rule that attaches a helper
 * @helper: its name
 * @l4: of the rule's ports; 0 if it says none
 * @range: ports, first and last
 * @n_ranges: how many; 0 if any port, or one that is not known from the rule
 * @hooks: where packets reach it
 * @where: what to call it
 */
struct attached {
	char helper[HELPER_NAME_SIZE];
	uint8_t l4;
	uint16_t range[RANGES_MAX][2];
	unsigned int n_ranges;
	unsigned int hooks;
	char where[WHERE_SIZE];
};

/**
 * struct attached_list - of the whole machine, and what else its rules tell
 * @unread: those of nftables could not be listed
 * @firewalld: its table is there
 * @raw: nftables has a table that iptables would call raw: its rules are in iptables' own words
 */
struct attached_list {
	struct attached *a;
	size_t n;
	bool unread;
	bool firewalld;
	bool raw;
};

/* Adds what the ruleset says, as libnftables lists it in JSON. */
void attached_nft(struct attached_list *all, const json_t *ruleset);
/* Adds what "iptables-save" says; @program is what to call it. Changes @text. */
void attached_iptables(struct attached_list *all, const char *program, char *text);
/* The rule is about this port of the service, as far as is known. */
bool attached_covers(const struct attached *a, const struct service *s, uint16_t port);
void attached_free(struct attached_list *all);

#endif /* ATTACHED_H */
