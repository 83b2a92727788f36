/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that attach helpers: ours, as nftables and as iptables write them. */
#ifndef RULESET_H
#define RULESET_H

#include <stdio.h>

#include <jansson.h>

#include "service.h"

/* Prints commands for nft: the table, made anew; or without any attachment, its end. */
void ruleset_nft(FILE *to, const struct attachments *all);
/* Prints a shell script that does the same in a chain of iptables and ip6tables. */
void ruleset_iptables(FILE *to, const struct attachments *all);

/* What was found in the place of our table. */
enum found {
	TABLE_NONE,
	/* only what we would write */
	TABLE_OURS,
	/* something else, too, or not the whole of it */
	TABLE_ALTERED,
};

/* What the kernel's table attaches. */
enum found ruleset_read(struct attachments *all);
/* The same from the list of a table, as libnftables says it in JSON; NULL if there is none. */
enum found ruleset_parse(struct attachments *all, const json_t *list);
/* Makes the kernel's table this, or ends the program. */
void ruleset_load(const struct attachments *all);

#endif /* RULESET_H */
