/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one bounds check: a cursor over bytes that cannot be moved outside them.
 *
 * A read past the end answers zero, consumes the rest and sets @short_read;
 * callers test that once, after a group of reads.
 */
#ifndef CTALG_READER_H
#define CTALG_READER_H

#include <ctalg/span.h>

/**
 * struct ctalg_reader - a cursor over a byte range
 * @base: first byte of the message (not of the range)
 * @pos: offset of the next byte from @base
 * @end: offset one past the last byte that may be read
 * @short_read: set for good by any read that the range could not satisfy
 */
struct ctalg_reader {
	const u8 *base;
	u32 pos;
	u32 end;
	bool short_read;
};

/**
 * ctalg_rd_init() - a reader over a whole message
 * @rd: the reader to set up
 * @data: first byte; may be NULL when @len is 0
 * @len: number of bytes
 */
static inline void ctalg_rd_init(struct ctalg_reader *rd, const void *data, u32 len)
{
	rd->base = data;
	rd->pos = 0;
	rd->end = len;
	rd->short_read = false;
}

/**
 * ctalg_rd_sub() - a reader over a part of what another one covers
 * @rd: the reader to set up
 * @of: the reader whose message @span lies in
 * @span: the part; clipped to the end of @of
 */
static inline void ctalg_rd_sub(struct ctalg_reader *rd, const struct ctalg_reader *of,
				struct ctalg_span span)
{
	rd->base = of->base;
	rd->pos = min(span.off, of->end);
	rd->end = rd->pos + min(span.len, of->end - rd->pos);
	rd->short_read = false;
}

/**
 * ctalg_rd_left() - how many bytes are left
 * @rd: the reader
 *
 * Return: number of bytes between the cursor and the end.
 */
static inline u32 ctalg_rd_left(const struct ctalg_reader *rd)
{
	return rd->end - rd->pos;
}

/**
 * ctalg_rd_peek() - look at a byte without consuming it
 * @rd: the reader
 * @ahead: how far ahead of the cursor
 *
 * Return: the byte, or -1 when it lies past the end.
 */
static inline int ctalg_rd_peek(const struct ctalg_reader *rd, u32 ahead)
{
	return ahead < ctalg_rd_left(rd) ? rd->base[rd->pos + ahead] : -1;
}

/**
 * ctalg_rd_skip() - move the cursor
 * @rd: the reader
 * @n: number of bytes; past the end it stops there and is a short read
 */
static inline void ctalg_rd_skip(struct ctalg_reader *rd, u32 n)
{
	if (n > ctalg_rd_left(rd)) {
		rd->short_read = true;
		n = ctalg_rd_left(rd);
	}
	rd->pos += n;
}

/**
 * ctalg_rd_u8() - read one byte
 * @rd: the reader
 *
 * Return: the byte; 0 on a short read.
 */
static inline u8 ctalg_rd_u8(struct ctalg_reader *rd)
{
	int c = ctalg_rd_peek(rd, 0);

	ctalg_rd_skip(rd, 1);
	return c < 0 ? 0 : (u8)c;
}

/**
 * ctalg_rd_be16() - read a 16-bit number in network order
 * @rd: the reader
 *
 * Return: the number in host order; 0 on a short read, which consumes the rest.
 */
static inline u16 ctalg_rd_be16(struct ctalg_reader *rd)
{
	bool whole = ctalg_rd_left(rd) >= 2;
	const u8 *p;

	ctalg_rd_skip(rd, 2);
	if (!whole)
		return 0;
	p = rd->base + rd->pos - 2;
	return (u16)(p[0] << 8 | p[1]);
}

/**
 * ctalg_rd_be32() - read a 32-bit number in network order
 * @rd: the reader
 *
 * Return: the number in host order; 0 on a short read, which consumes the rest.
 */
static inline u32 ctalg_rd_be32(struct ctalg_reader *rd)
{
	bool whole = ctalg_rd_left(rd) >= 4;
	const u8 *p;

	ctalg_rd_skip(rd, 4);
	if (!whole)
		return 0;
	p = rd->base + rd->pos - 4;
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

#endif /* CTALG_READER_H */
