/* SPDX-License-Identifier: GPL-2.0 */
/* Replacements, planned against the original bytes and applied once. */
#ifndef CTALG_EDIT_H
#define CTALG_EDIT_H

#include <ctalg/addr.h>
#include <ctalg/span.h>

/** define CTALG_EDITS_MAX - most replacements in one packet */
#define CTALG_EDITS_MAX 256
/** define CTALG_EDITS_TEXT - most bytes of replacement text in one packet */
#define CTALG_EDITS_TEXT 4096

/**
 * struct ctalg_edit - one replacement
 * @at: the bytes that go, counted in the original
 * @text: offset of the new bytes in struct ctalg_edits.text
 * @len: number of new bytes
 */
struct ctalg_edit {
	struct ctalg_span at;
	u16 text;
	u16 len;
};

/**
 * struct ctalg_edits - all replacements of one packet, in the order of the bytes
 * @n: how many
 * @used: bytes of @text in use
 * @edit: the replacements; ascending, never overlapping
 * @text: the new bytes
 */
struct ctalg_edits {
	u16 n;
	u16 used;
	struct ctalg_edit edit[CTALG_EDITS_MAX];
	char text[CTALG_EDITS_TEXT];
};

/**
 * ctalg_edits_init() - no replacements yet
 * @e: the set
 */
static inline void ctalg_edits_init(struct ctalg_edits *e)
{
	e->n = 0;
	e->used = 0;
}

/**
 * ctalg_edits_add() - plan one more replacement
 * @e: the set
 * @at: the bytes to replace; may be empty (an insertion)
 * @text: the new bytes
 * @len: how many
 *
 * One behind all others costs nothing more than itself.
 *
 * Return: false, with @e unchanged, when there is no room or @at overlaps a
 * planned replacement.
 */
bool ctalg_edits_add(struct ctalg_edits *e, struct ctalg_span at, const char *text, u32 len);

/**
 * ctalg_edits_fit() - is there room for one more replacement
 * @e: the set
 * @len: how many new bytes
 *
 * Return: true if ctalg_edits_add() can only fail because it would overlap another.
 */
static inline bool ctalg_edits_fit(const struct ctalg_edits *e, u32 len)
{
	return e->n < CTALG_EDITS_MAX && len <= CTALG_EDITS_TEXT - (u32)e->used;
}

/**
 * ctalg_edits_set() - the same bytes, which may be planned to be replaced already, by others
 * @e: the set
 * @at: the bytes to replace
 * @text: the new bytes
 * @len: how many
 *
 * Return: as ctalg_edits_add().
 */
bool ctalg_edits_set(struct ctalg_edits *e, struct ctalg_span at, const char *text, u32 len);

/**
 * ctalg_edits_cut() - forget the replacements planned since a point
 * @e: the set
 * @n: how many to keep; they must be the first ones of the packet
 */
void ctalg_edits_cut(struct ctalg_edits *e, u16 n);

/**
 * ctalg_edits_forget() - forget the replacements whose text came last
 * @e: the set
 * @used: how much text there was before them; each of them has some
 */
void ctalg_edits_forget(struct ctalg_edits *e, u16 used);

/**
 * ctalg_edits_delta() - by how much the packet grows
 * @e: the set
 *
 * Return: new length minus old length; negative when it shrinks.
 */
s32 ctalg_edits_delta(const struct ctalg_edits *e);

/**
 * ctalg_edits_apply() - the packet's payload with all replacements made
 * @e: the set
 * @in: the original bytes
 * @len: how many
 * @out: where to write; must not overlap @in
 * @cap: how many bytes fit
 *
 * Return: bytes written; 0 when they do not fit or an edit lies outside @in.
 */
u32 ctalg_edits_apply(const struct ctalg_edits *e, const u8 *in, u32 len, u8 *out, u32 cap);

#endif /* CTALG_EDIT_H */
