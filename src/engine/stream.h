/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One direction of a TCP control stream, exact for any segmentation.
 *
 * The sender counts in s, the receiver in r (engine/journal.h). Whole messages go on,
 * edited or not; the bytes of an unfinished one are held. No packet is invented and no
 * timer is needed:
 *
 * - A segment that brings nothing that may go on becomes a one-byte probe: a byte that
 *   the receiver has acknowledged already, so that it answers.
 * - An acknowledgement of everything sent is shown to the sender as one of the held bytes
 *   too (custody): it goes on, and we keep those bytes until the receiver has them. If
 *   they get lost, the sender's next retransmission takes them along.
 *
 *	s:  ---acknowledged---|---sent on---|---held---|
 *	                                    s_fwd      s_next
 *	r:  ------------------|-------------|
 *	                      r_una         r_fwd
 */
#ifndef CTALG_ENGINE_STREAM_H
#define CTALG_ENGINE_STREAM_H

#include <ctalg/edit.h>
#include <ctalg/proto.h>

#include "journal.h"

/** enum ctalg_stream_mode - what is being done with the bytes */
enum ctalg_stream_mode {
	/** @CTALG_STREAM_IDLE: the beginning has not been seen; everything passes */
	CTALG_STREAM_IDLE = 0,
	/** @CTALG_STREAM_READING: messages are read */
	CTALG_STREAM_READING,
	/** @CTALG_STREAM_DEAF: nothing is read any more; what was changed stays consistent */
	CTALG_STREAM_DEAF,
};

/**
 * struct ctalg_stream - one direction
 * @start: sequence number of the first byte
 * @s_next: next byte never seen from the sender
 * @s_fwd: first held byte; @s_next when nothing is held
 * @s_cust: end of what the sender was told has been received
 * @r_fwd: next byte to send on
 * @r_una: first byte that the receiver has not acknowledged
 * @skip: bytes from @s_next on that the protocol does not want to see; of those before, some
 *	may be missing yet
 * @seen: bytes of the message at @s_fwd that have gone on unread
 * @need: how long the message at @s_fwd is, if it is not all there and that is known; else 0
 * @win_max: largest window that the receiver has offered, in bytes
 * @mode: enum ctalg_stream_mode
 * @fin: the sender has finished; its FIN counts as one byte before @s_next and @r_fwd
 * @held: the held bytes
 * @journal: what was replaced and is not acknowledged
 */
struct ctalg_stream {
	u32 start;
	u32 s_next;
	u32 s_fwd;
	u32 s_cust;
	u32 r_fwd;
	u32 r_una;
	u32 skip;
	u32 seen;
	u32 need;
	u32 win_max;
	u8 mode;
	bool fin;
	struct ctalg_buffer held;
	struct ctalg_journal journal;
};

/**
 * struct ctalg_stream_env - what the stream works with
 * @proto: the protocol
 * @state: its state for this flow
 * @dir: enum ctalg_dir
 * @mem: where memory comes from
 * @edits: the edits of one message
 * @most: so many messages of one segment are read, the rest is left to the sender; 0: all
 * @message: decides on one whole message; fills the empty @e with edits, offsets counted from the message
 * @count: something happened, enum ctalg_reason
 * @ctx: handed to both
 */
struct ctalg_stream_env {
	const struct ctalg_proto *proto;
	void *state;
	u8 dir;
	const struct ctalg_memory *mem;
	struct ctalg_edits *edits;
	u32 most;
	void (*message)(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e);
	void (*count)(void *ctx, unsigned int reason);
	void *ctx;
};

/** enum ctalg_stream_verdict - what becomes of a segment */
enum ctalg_stream_verdict {
	/** @CTALG_SEGMENT_PASS: the payload goes on as it is, under @seq */
	CTALG_SEGMENT_PASS,
	/** @CTALG_SEGMENT_REPLACE: the payload is replaced by @payload, under @seq */
	CTALG_SEGMENT_REPLACE,
	/** @CTALG_SEGMENT_PROBE: the payload is replaced by any one byte, under @seq; no FIN */
	CTALG_SEGMENT_PROBE,
	/** @CTALG_SEGMENT_DROP: no memory; the sender will repeat it */
	CTALG_SEGMENT_DROP,
};

/**
 * struct ctalg_segment_out - the segment as it is to leave
 * @verdict: enum ctalg_stream_verdict
 * @fin: it carries the FIN
 * @seq: its sequence number, as the receiver counts
 * @payload: its bytes, for CTALG_SEGMENT_REPLACE; the caller frees the buffer
 */
struct ctalg_segment_out {
	u8 verdict;
	bool fin;
	u32 seq;
	struct ctalg_buffer payload;
};

/** define CTALG_SEGMENT_SPARE - room behind what a payload has, so that the next edit finds some */
#define CTALG_SEGMENT_SPARE 512
/**
 * define CTALG_SEGMENT_MAX - no payload is made larger than this
 *
 * A packet has 65,535 bytes with its headers: this leaves 511 for them, and with the spare room
 * behind it fills 64 KiB of memory, no more.
 */
#define CTALG_SEGMENT_MAX (65536 - CTALG_SEGMENT_SPARE)
/**
 * define CTALG_SEGMENT_IN - most bytes, sent before, held and new, that make up one such payload
 *
 * It may then still grow by two messages' edits.
 */
#define CTALG_SEGMENT_IN (CTALG_SEGMENT_MAX - 2 * CTALG_EDITS_TEXT)
/**
 * define CTALG_HOLD_MAX - most bytes of an unfinished message that are held
 *
 * An edited message leaves in one packet, so that CTALG_SEGMENT_IN is the end of it; a
 * segment of common size, 1,500 bytes, that brings the last bytes of it, and more, has room too.
 */
#define CTALG_HOLD_MAX 55000
/** define CTALG_HOLD_SCARCE - so many when memory is scarce */
#define CTALG_HOLD_SCARCE 4096
/** define CTALG_WINDOW_MIN - the window that a receiver is credited with at least */
#define CTALG_WINDOW_MIN 1024

/**
 * ctalg_stream_start() - the stream begins
 * @s: the stream, all zero or ctalg_stream_free()d
 * @seq: sequence number of its first byte
 */
void ctalg_stream_start(struct ctalg_stream *s, u32 seq);

/**
 * ctalg_stream_offered() - the receiver has offered a window, before there was anything to acknowledge
 * @s: the stream
 * @window: in bytes
 */
void ctalg_stream_offered(struct ctalg_stream *s, u32 window);

/**
 * ctalg_stream_free() - give all memory back
 * @s: the stream
 * @mem: where memory goes
 */
void ctalg_stream_free(struct ctalg_stream *s, const struct ctalg_memory *mem);

/**
 * ctalg_stream_offset() - by how much the receiver's count is ahead
 * @s: the stream
 *
 * Return: bytes added less bytes removed so far, modulo 2^32.
 */
static inline u32 ctalg_stream_offset(const struct ctalg_stream *s)
{
	return s->r_fwd - s->s_fwd;
}

/**
 * ctalg_stream_at_rest() - is a constant all there is to it
 * @s: the stream
 *
 * Return: true if nothing is held and every replacement has been acknowledged.
 */
static inline bool ctalg_stream_at_rest(const struct ctalg_stream *s)
{
	return !s->held.len && !s->journal.entries.len;
}

/**
 * ctalg_stream_leftover() - is something held that nobody is going to read
 * @s: the stream
 *
 * The other direction has ended the reading. The sender may be waiting for an answer
 * to the held bytes: its next segment takes them along, even one without data.
 *
 * Return: true if ctalg_stream_segment() is to be called for an empty segment too.
 */
static inline bool ctalg_stream_leftover(const struct ctalg_stream *s)
{
	return s->mode == CTALG_STREAM_DEAF && s->held.len;
}

/**
 * ctalg_stream_reads() - must a segment's bytes be looked at
 * @s: the stream
 * @seq: its sequence number
 * @len: its length
 *
 * Return: false if ctalg_stream_segment() will let them pass, whatever they are and though
 * others are missing before them; it may then be called without them.
 */
bool ctalg_stream_reads(const struct ctalg_stream *s, u32 seq, u32 len);

/**
 * ctalg_stream_segment() - a segment with data or FIN comes from the sender
 * @s: the stream
 * @env: what to work with
 * @seq: its sequence number
 * @data: its payload
 * @len: its length; may be 0 with @fin or by ctalg_stream_leftover()
 * @fin: it carries FIN
 * @out: what to send on
 *
 * In the common case (whole messages, in order, nothing to change) nothing is copied
 * and nothing allocated.
 */
void ctalg_stream_segment(struct ctalg_stream *s, const struct ctalg_stream_env *env, u32 seq,
			  const u8 *data, u32 len, bool fin, struct ctalg_segment_out *out);

/**
 * ctalg_stream_empty() - a segment without data comes from the sender
 * @s: the stream
 * @seq: its sequence number
 *
 * Return: its sequence number as the receiver counts; keep-alives and window probes
 * stay what they are.
 */
u32 ctalg_stream_empty(const struct ctalg_stream *s, u32 seq);

/**
 * ctalg_stream_urgent() - where a sender's urgent data end
 * @s: the stream
 * @seq: the urgent point, which is the segment's sequence number and its urgent pointer:
 *	the first byte after the urgent data (RFC 9293 3.8.5, RFC 6093)
 *
 * To be asked when the segment has been through ctalg_stream_segment().
 *
 * Return: the same as the receiver counts. A replacement is urgent to its end; of bytes that
 * are held, none is; a point beyond all bytes seen is as far off as it will be if nothing is edited.
 */
u32 ctalg_stream_urgent(const struct ctalg_stream *s, u32 seq);

/**
 * ctalg_stream_ack() - an acknowledgement comes from the receiver
 * @s: the stream (of the other direction than the packet's)
 * @ack: its number
 * @window: the window in bytes that it offers; on return, what to tell the sender
 * @mem: where memory goes
 *
 * Return: the number to tell the sender.
 */
u32 ctalg_stream_ack(struct ctalg_stream *s, u32 ack, u32 *window, const struct ctalg_memory *mem);

/**
 * ctalg_stream_sack() - a selective acknowledgement comes from the receiver
 * @s: the stream (of the other direction than the packet's)
 * @left: first byte of the block; on return as the sender counts
 * @right: one past its last byte; likewise
 *
 * Return: false when the block says nothing to the sender and must be left out.
 */
bool ctalg_stream_sack(const struct ctalg_stream *s, u32 *left, u32 *right);

#endif /* CTALG_ENGINE_STREAM_H */
