/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words, numbers and addresses in text.
 *
 * Each scanner either consumes what it promises and returns true, or leaves the
 * reader where it was and returns false. All loops end at the reader's end.
 */
#ifndef CTALG_SCAN_H
#define CTALG_SCAN_H

#include <ctalg/addr.h>
#include <ctalg/reader.h>

/**
 * ctalg_scan_char() - one given byte
 * @rd: the reader
 * @c: the byte
 *
 * Return: true if it was there; it is consumed.
 */
bool ctalg_scan_char(struct ctalg_reader *rd, u8 c);

/**
 * ctalg_scan_blanks() - spaces and tabs
 * @rd: the reader
 *
 * Return: how many were consumed; 0 or more.
 */
u32 ctalg_scan_blanks(struct ctalg_reader *rd);

/**
 * ctalg_scan_dec() - a decimal number
 * @rd: the reader
 * @max: the largest value allowed
 * @digits: the largest number of digits allowed, leading zeros counted
 * @val: the number
 *
 * Takes all adjacent digits: a number over @max or longer than @digits is not a
 * shorter number followed by digits, it is refused.
 *
 * Return: true if there was such a number.
 */
bool ctalg_scan_dec(struct ctalg_reader *rd, u32 max, u32 digits, u32 *val);

/**
 * ctalg_scan_alpha() - a run of ASCII letters
 * @rd: the reader
 * @max: the longest run to accept
 * @span: where it stands
 *
 * Return: true if there was at least one letter and no more than @max.
 */
bool ctalg_scan_alpha(struct ctalg_reader *rd, u32 max, struct ctalg_span *span);

/**
 * ctalg_scan_until() - everything up to a byte
 * @rd: the reader
 * @c: the byte that ends it; not consumed
 * @span: what stood before it, perhaps empty
 *
 * Return: true if @c was found.
 */
bool ctalg_scan_until(struct ctalg_reader *rd, u8 c, struct ctalg_span *span);

/**
 * ctalg_scan_line() - the rest of a line
 * @rd: the reader; goes on behind the LF, or at its end
 * @line: receives a reader over the line, without its LF or CR LF
 *
 * Return: true unless nothing was left.
 */
bool ctalg_scan_line(struct ctalg_reader *rd, struct ctalg_reader *line);

/**
 * ctalg_scan_word() - blanks, and then other bytes up to the next blank
 * @rd: the reader
 * @word: where those other bytes stand
 *
 * Return: true if there was at least one.
 */
bool ctalg_scan_word(struct ctalg_reader *rd, struct ctalg_span *word);

/**
 * ctalg_scan_ip4() - a dotted IPv4 address, each number at most 255 and three digits
 * @rd: the reader
 * @a: the address
 *
 * Return: true if there was one.
 */
bool ctalg_scan_ip4(struct ctalg_reader *rd, struct ctalg_addr *a);

/**
 * ctalg_scan_ip6() - an IPv6 address as text (RFC 4291, section 2.2), no zone, no brackets
 * @rd: the reader
 * @a: the address
 *
 * Return: true if there was one; all adjacent address characters belong to it.
 */
bool ctalg_scan_ip6(struct ctalg_reader *rd, struct ctalg_addr *a);

/**
 * ctalg_scan_hostport() - ``h1,h2,h3,h4,p1,p2`` (RFC 959, section 4.1.2)
 * @rd: the reader
 * @a: the address
 * @port: the port, host order; 0 is a number like any other here
 *
 * Leading zeros up to three digits a number are taken as decimal.
 *
 * Return: true if there were six numbers, none over 255.
 */
bool ctalg_scan_hostport(struct ctalg_reader *rd, struct ctalg_addr *a, u16 *port);

/**
 * ctalg_span_is() - does a span spell a word
 * @rd: a reader over the message
 * @span: the span
 * @word: NUL-terminated, in capital letters
 *
 * Return: true if the bytes equal @word, ASCII letters in either case.
 */
bool ctalg_span_is(const struct ctalg_reader *rd, struct ctalg_span span, const char *word);

#endif /* CTALG_SCAN_H */
