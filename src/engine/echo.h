/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sender has said, until it is acknowledged: repeated with other bytes, it is not
 * what was judged. A receiver that did not get, or did not take, the first version would
 * read the second one.
 */
#ifndef CTALG_ENGINE_ECHO_H
#define CTALG_ENGINE_ECHO_H

#include "stream.h"

/** define CTALG_ECHO_MAX - so many bytes of one direction may be unacknowledged */
#define CTALG_ECHO_MAX (256 * 1024)

/**
 * struct ctalg_echo - one direction's
 * @seq: the sender's number of the first byte
 * @bytes: what it has said from there on, without a gap
 */
struct ctalg_echo {
	u32 seq;
	struct ctalg_buffer bytes;
};

/**
 * ctalg_echo_acked() - forget what the receiver has
 * @e: the direction's
 * @s: the stream
 * @mem: where memory goes
 */
void ctalg_echo_acked(struct ctalg_echo *e, const struct ctalg_stream *s,
		      const struct ctalg_memory *mem);

/**
 * ctalg_echo_same() - does a segment repeat what was said; ctalg_echo_acked() comes first
 * @e: the direction's
 * @seq: the segment's number
 * @data: its bytes
 * @len: how many
 *
 * Return: false if it brings another byte in a place that is known.
 */
bool ctalg_echo_same(const struct ctalg_echo *e, u32 seq, const u8 *data, u32 len);

/**
 * ctalg_echo_said() - a segment has been read
 * @e: the direction's
 * @s: the stream, which has dealt with the segment
 * @seq: the segment's number
 * @data: its bytes
 * @len: how many
 * @mem: where memory comes from
 *
 * The first call may be in the middle of a stream.
 *
 * Return: false if memory is missing or scarce, or too much is unacknowledged.
 */
bool ctalg_echo_said(struct ctalg_echo *e, const struct ctalg_stream *s, u32 seq, const u8 *data,
		     u32 len, const struct ctalg_memory *mem);

/**
 * ctalg_echo_free() - forget everything
 * @e: the direction's
 * @mem: where memory goes
 */
void ctalg_echo_free(struct ctalg_echo *e, const struct ctalg_memory *mem);

#endif /* CTALG_ENGINE_ECHO_H */
