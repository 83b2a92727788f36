/* SPDX-License-Identifier: GPL-2.0 */
/* Inside addresses in text that leaves: found in all forms of addr.h, and replaced. */
#ifndef CTALG_ENGINE_HIDE_H
#define CTALG_ENGINE_HIDE_H

#include "alias.h"

/**
 * struct ctalg_hide - what is to be hidden
 * @self: the sender, as it knows itself
 * @shown: the sender, as the receiver knows it; equal to @self if it is not hidden
 * @inside: is an address, other than @self, one that may not leave? May be NULL
 * @ctx: handed to it
 * @alias: who makes names for what has to come back as it went; NULL if nobody does
 */
struct ctalg_hide {
	struct ctalg_addr self;
	struct ctalg_addr shown;
	bool (*inside)(void *ctx, const struct ctalg_addr *a);
	void *ctx;
	const struct ctalg_alias *alias;
};

/**
 * ctalg_hide_message() - leave no inside address in a message that goes out
 * @h: what is to be hidden
 * @m: the message, text
 * @r: what the parser found; see below for its user and object
 * @e: the message's edits so far; what they replace is not looked at. Receives more
 *
 * Looks for IPv4 addresses as ``a.b.c.d`` and ``a,b,c,d``, with leading zeros or not, and IPv6
 * addresses as text, in brackets or not. Each must stand alone, that is not be part of a longer
 * number, word or address; of a list with commas the first four numbers are the address, whatever
 * follows. @self becomes @shown, in the same form; any other becomes the unspecified address.
 *
 * In the part of the message that comes back (@r->back) either becomes a name of @h->alias, an IPv6
 * address together with its brackets: ctalg_alias_resolve() gives it back as it was written. But
 * not what is written with commas, nor an address behind what might then be an IPv6 one.
 *
 * What names a user or an object is not looked at, but for the places in it that are tokens; and
 * but for the part that comes back, if there is an alias.
 *
 * Of an IPv6 address that may leave, the IPv4 address is looked at that its end is written as
 * (``::ffff:10.0.0.2``, ``64:ff9b::10.0.0.2``), or that it maps (``::ffff:a00:2``). Only that
 * one is then replaced. @shown and the unspecified address may always leave.
 *
 * Work is linear in the length.
 *
 * Return: CTALG_R_NONE; CTALG_R_LIMIT_EDITS if there are more than can be replaced: @e is then as
 * it was, and the message may not leave.
 */
unsigned int ctalg_hide_message(const struct ctalg_hide *h, const struct ctalg_message *m,
				const struct ctalg_report *r, struct ctalg_edits *e);

/**
 * ctalg_hide_find() - the first text in a part of a message that a name is going to stand for
 * @h: what is to be hidden
 * @m: the message
 * @r: what the parser found
 * @in: the part, inside the message
 * @at: receives where it is
 *
 * Return: false if there is none.
 */
bool ctalg_hide_find(const struct ctalg_hide *h, const struct ctalg_message *m,
		     const struct ctalg_report *r, struct ctalg_span in, struct ctalg_span *at);

/**
 * ctalg_hide_stands() - would a part of a text be found as an address that stands alone
 * @text: the text
 * @len: its length
 * @at: the part, an address as text, with its brackets or not
 */
bool ctalg_hide_stands(const u8 *text, u32 len, struct ctalg_span at);

#endif /* CTALG_ENGINE_HIDE_H */
