/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of a sender's bytes: two sequence spaces and the replacements between
 * them.
 *
 * The sender counts in s, the receiver in r. Where nothing was replaced the two differ
 * by a constant; a replacement says that the sender's bytes [s, s + s_len) went out as
 * the r_len bytes kept here, from r on. Entries stand in ascending order, never overlap,
 * and are forgotten once the receiver has acknowledged them.
 */
#ifndef CTALG_ENGINE_JOURNAL_H
#define CTALG_ENGINE_JOURNAL_H

#include <ctalg/port.h>

/**
 * struct ctalg_memory - where the engine's memory comes from
 * @alloc: that many bytes, or NULL; must not sleep
 * @free: gives them back; @size is what was asked for
 * @full: is the share of memory used up? May be NULL. While it is, no message is begun, but
 *	those that are held and what has been sent are brought to their end, and allocate for that
 * @scarce: is so much in use that one flow may hold only little? May be NULL
 * @ctx: handed to all
 */
struct ctalg_memory {
	void *(*alloc)(void *ctx, u32 size);
	void (*free)(void *ctx, void *p, u32 size);
	bool (*full)(void *ctx);
	bool (*scarce)(void *ctx);
	void *ctx;
};

/**
 * struct ctalg_buffer - bytes that grow
 * @p: the bytes; NULL when @cap is 0
 * @len: how many are in use
 * @cap: how many fit
 */
struct ctalg_buffer {
	u8 *p;
	u32 len;
	u32 cap;
};

/**
 * ctalg_buffer_room() - make room at the end
 * @b: the buffer
 * @n: bytes that must fit behind those in use
 * @max: the buffer may not become larger
 * @mem: where memory comes from
 *
 * It is at most doubled, so that large pieces are asked for only when as many bytes are there.
 *
 * Return: false, with the buffer as it was, when there is no memory or it would be over @max.
 */
bool ctalg_buffer_room(struct ctalg_buffer *b, u32 n, u32 max, const struct ctalg_memory *mem);

/**
 * ctalg_buffer_free() - give the memory back
 * @b: the buffer; empty afterwards
 * @mem: where memory comes from
 */
void ctalg_buffer_free(struct ctalg_buffer *b, const struct ctalg_memory *mem);

/**
 * struct ctalg_replacement - one entry
 * @s: first byte replaced, as the sender counts
 * @r: first byte sent instead, as the receiver counts
 * @s_len: bytes replaced; at least 1
 * @r_len: bytes sent instead; at least 1
 * @kept: so many at the end of both are the same
 */
struct ctalg_replacement {
	u32 s;
	u32 r;
	u32 s_len;
	u32 r_len;
	u32 kept;
};

/**
 * struct ctalg_journal - all entries of one direction
 * @base_s: a point before all entries, as the sender counts
 * @base_r: the same point, as the receiver counts
 * @entries: struct ctalg_replacement, ascending
 * @text: the new bytes of all entries, one after the other
 */
struct ctalg_journal {
	u32 base_s;
	u32 base_r;
	struct ctalg_buffer entries;
	struct ctalg_buffer text;
};

/** define CTALG_JOURNAL_ENTRIES - most unacknowledged replacements in one direction */
#define CTALG_JOURNAL_ENTRIES 3200
/** define CTALG_JOURNAL_TEXT - most unacknowledged replacement bytes in one direction */
#define CTALG_JOURNAL_TEXT (128 * 1024)

/**
 * ctalg_journal_n() - how many entries there are
 * @j: the journal
 *
 * Return: the number of unacknowledged replacements.
 */
static inline u32 ctalg_journal_n(const struct ctalg_journal *j)
{
	return j->entries.len / (u32)sizeof(struct ctalg_replacement);
}

/**
 * ctalg_journal_room() - make sure that replacements can be added
 * @j: the journal
 * @n: how many
 * @bytes: new bytes of all of them
 * @mem: where memory comes from
 *
 * Return: false when that is too many or there is no memory; nothing changes then.
 */
bool ctalg_journal_room(struct ctalg_journal *j, u32 n, u32 bytes, const struct ctalg_memory *mem);

/**
 * ctalg_journal_add() - bytes were replaced; ctalg_journal_room() has been asked
 * @j: the journal
 * @e: the replacement; behind all others, empty on neither side
 * @text: @e->r_len new bytes
 */
void ctalg_journal_add(struct ctalg_journal *j, const struct ctalg_replacement *e, const u8 *text);

/**
 * ctalg_journal_keep() - bytes went out as they came, but the sender will not repeat them
 * @j: the journal
 * @s: the first, as the sender counts; behind all entries
 * @r: likewise, as the receiver counts
 * @text: the bytes; ctalg_journal_room() has been asked for them
 * @len: how many; at least 1
 *
 * They share the entry of what went out just before them, so that room for one is enough.
 */
void ctalg_journal_keep(struct ctalg_journal *j, u32 s, u32 r, const u8 *text, u32 len);

/**
 * ctalg_journal_acked() - the receiver has everything before a point
 * @j: the journal
 * @r: the point, as the receiver counts
 * @mem: where memory goes when the journal becomes empty
 */
void ctalg_journal_acked(struct ctalg_journal *j, u32 r, const struct ctalg_memory *mem);

/**
 * ctalg_journal_free() - forget everything
 * @j: the journal
 * @mem: where memory goes
 */
void ctalg_journal_free(struct ctalg_journal *j, const struct ctalg_memory *mem);

/**
 * ctalg_journal_map() - from the sender's count to the receiver's
 * @j: the journal
 * @s: a point
 * @up: inside a replacement: its end; else its beginning
 *
 * Return: the point as the receiver counts.
 */
u32 ctalg_journal_map(const struct ctalg_journal *j, u32 s, bool up);

/**
 * ctalg_journal_point() - where a byte of the sender's has gone
 * @j: the journal
 * @s: the point before it
 *
 * As ctalg_journal_map(), up, but of bytes that were kept only together with others each
 * has its own place.
 *
 * Return: the point as the receiver counts.
 */
u32 ctalg_journal_point(const struct ctalg_journal *j, u32 s);

/**
 * ctalg_journal_unmap() - from the receiver's count to the sender's
 * @j: the journal
 * @r: a point
 * @up: inside a replacement: its end; else its beginning
 *
 * Return: the point as the sender counts.
 */
u32 ctalg_journal_unmap(const struct ctalg_journal *j, u32 r, bool up);

/**
 * ctalg_journal_plain() - did a range go out as it came
 * @j: the journal
 * @s: its first byte, as the sender counts
 * @len: its length
 *
 * Return: true if no unacknowledged replacement touches it.
 */
bool ctalg_journal_plain(const struct ctalg_journal *j, u32 s, u32 len);

/**
 * ctalg_journal_copy() - the bytes that went out
 * @j: the journal
 * @r: first byte, as the receiver counts
 * @len: how many
 * @seq: what the sender calls the first byte of @data
 * @data: bytes of the sender, for what was not replaced
 * @data_len: how many
 * @out: receives @len bytes
 *
 * Return: false when a byte is neither in the journal nor in @data.
 */
bool ctalg_journal_copy(const struct ctalg_journal *j, u32 r, u32 len, u32 seq, const u8 *data,
			u32 data_len, u8 *out);

#endif /* CTALG_ENGINE_JOURNAL_H */
