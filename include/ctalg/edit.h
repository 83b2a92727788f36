/* SPDX-License-Identifier: GPL-2.0 */
/* Replacements, planned against the original bytes and applied once. */
#ifndef CTALG_EDIT_H
#define CTALG_EDIT_H

#include <ctalg/addr.h>
#include <ctalg/span.h>

/** define CTALG_EDITS_MAX - replacements in one packet that there is room for at first */
#define CTALG_EDITS_MAX 256
/** define CTALG_EDITS_TEXT - bytes of replacement text, likewise */
#define CTALG_EDITS_TEXT 4096

/**
 * define CTALG_EDITS_MOST - no packet has more
 *
 * It has 65,535 bytes at most; of what is replaced, a shortest address ("a::") and what parts it from
 * the next take four.
 */
#define CTALG_EDITS_MOST (65536 / 4)
/** define CTALG_EDITS_MOST_TEXT - nor more text in place of what goes */
#define CTALG_EDITS_MOST_TEXT 65535

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
 * struct ctalg_edits_room - where replacements are kept; the caller's
 * @edit: room for @edits
 * @text: for @bytes
 */
struct ctalg_edits_room {
	struct ctalg_edit *edit;
	char *text;
	u16 edits;
	u16 bytes;
};

/** struct ctalg_edits_small - enough for all but a few packets; struct ctalg_edits_room says what is what */
struct ctalg_edits_small {
	struct ctalg_edit edit[CTALG_EDITS_MAX];
	char text[CTALG_EDITS_TEXT];
};

/** struct ctalg_edits_large - enough for any */
struct ctalg_edits_large {
	struct ctalg_edit edit[CTALG_EDITS_MOST];
	char text[CTALG_EDITS_MOST_TEXT];
};

/** define CTALG_EDITS_ROOM - initialiser of a struct ctalg_edits_room in one of these */
#define CTALG_EDITS_ROOM(in)                                                                       \
	{                                                                                          \
		.edit = (in).edit, .text = (in).text, .edits = ARRAY_SIZE((in).edit),              \
		.bytes = ARRAY_SIZE((in).text),                                                    \
	}

/** define CTALG_EDITS_GROWTH - nobody says by how much the packet may grow */
#define CTALG_EDITS_GROWTH 0x7fffffff

/**
 * struct ctalg_edits - all replacements of one packet, in the order of the bytes
 * @n: how many
 * @used: bytes of @text in use
 * @later: so many at the end of the room come behind all others: see ctalg_edits_open()
 * @most: the packet may grow by so many bytes
 * @edit: the replacements; ascending, never overlapping
 * @text: the new bytes
 * @room: where these two are kept; set by ctalg_edits_use()
 * @grow: called when that is full: moves the replacements to a larger one (ctalg_edits_move()) and
 *	says true. NULL if there is none
 */
struct ctalg_edits {
	u16 n;
	u16 used;
	u16 later;
	s32 most;
	struct ctalg_edit *edit;
	char *text;
	const struct ctalg_edits_room *room;
	bool (*grow)(struct ctalg_edits *e);
};

/**
 * ctalg_edits_use() - replacements planned from now on are kept in a room
 * @e: the set; whatever was in it is not
 * @room: the room, which stays as long as the set
 */
static inline void ctalg_edits_use(struct ctalg_edits *e, const struct ctalg_edits_room *room)
{
	e->edit = room->edit;
	e->text = room->text;
	e->room = room;
}

/**
 * ctalg_edits_move() - a set with all that is in it goes on in a larger room
 * @e: the set
 * @room: the room
 */
void ctalg_edits_move(struct ctalg_edits *e, const struct ctalg_edits_room *room);

/**
 * ctalg_edits_init() - no replacements yet
 * @e: the set, which has a room
 */
static inline void ctalg_edits_init(struct ctalg_edits *e)
{
	e->n = 0;
	e->used = 0;
	e->later = 0;
	e->most = CTALG_EDITS_GROWTH;
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
bool ctalg_edits_fit(struct ctalg_edits *e, u32 len);

/**
 * ctalg_edits_open() - more are going to be planned, in the order of the bytes, between those there are
 * @e: the set
 *
 * Those there are, are set aside, so that each that is added costs no more than itself. As long as
 * the set is open nothing but this, ctalg_edits_add() and ctalg_edits_close() may be asked of it.
 */
void ctalg_edits_open(struct ctalg_edits *e);

/**
 * ctalg_edits_peek() - the next one that was set aside
 * @e: the set
 *
 * Return: the bytes that it replaces, or NULL if there is none.
 */
const struct ctalg_span *ctalg_edits_peek(const struct ctalg_edits *e);

/**
 * ctalg_edits_pass() - what is planned from now on stands behind that one
 * @e: the set
 */
void ctalg_edits_pass(struct ctalg_edits *e);

/**
 * ctalg_edits_close() - the rest of those that were set aside comes behind all others
 * @e: the set
 */
void ctalg_edits_close(struct ctalg_edits *e);

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
