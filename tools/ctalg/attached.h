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

/* Families, bit by bit. */
enum {
	FAMILY_IP = 1 << 0,
	FAMILY_IP6 = 1 << 1,
	FAMILY_BOTH = FAMILY_IP | FAMILY_IP6,
};

/**
 * struct attached - a rule that attaches a helper
 * @helper: its name
 * @l4: of the rule's ports; 0 if it says none
 * @range: ports, first and last
 * @n_ranges: how many; 0 if any port, or one that is not known from the rule
 * @hooks: where packets reach it
 * @families: that its helper is for; those of a table or program that knows one only are FAMILY_BOTH
 * @where: what to call it
 */
struct attached {
	char helper[HELPER_NAME_SIZE];
	uint8_t l4;
	uint16_t range[RANGES_MAX][2];
	unsigned int n_ranges;
	unsigned int hooks;
	unsigned int families;
	char where[WHERE_SIZE];
};

/**
 * struct untracked - a rule that keeps packets away from connection tracking
 * @ports: those it names, if any; its helper is empty
 * @limited: it asks for more than that, or comes about only if another rule leads there
 * @handle: by which nft deletes it; 0 for those of iptables
 */
struct untracked {
	struct attached ports;
	bool limited;
	long long handle;
};

/**
 * struct attached_list - of the whole machine, and what else its rules tell
 * @untracked: rules that keep packets away from connection tracking
 * @nft: the tables of nftables that are not dormant, and all in them
 * @unread: those of nftables could not be listed
 * @firewalld: its table is there
 * @raw: nftables has a table that iptables would call raw: its rules are in iptables' own words
 */
struct attached_list {
	struct attached *a;
	size_t n;
	struct untracked *untracked;
	size_t n_untracked;
	json_t *nft;
	bool unread;
	bool firewalld;
	bool raw;
};

/* Adds what the ruleset says, as libnftables lists it in JSON. */
void attached_nft(struct attached_list *all, const json_t *ruleset);
/* Adds what "iptables-save" says; @program is what to call it. Changes @text. */
void attached_iptables(struct attached_list *all, const char *program, char *text);
/* Its chains are not in force. */
bool attached_dormant(const json_t *table);
/* The rule is about this port of the service over that transport, as far as is known. */
bool attached_covers(const struct attached *a, const struct service *s, uint8_t l4, uint16_t port);
bool untracked_covers(const struct untracked *u, uint8_t l4, uint16_t port);
void attached_free(struct attached_list *all);

#endif /* ATTACHED_H */
