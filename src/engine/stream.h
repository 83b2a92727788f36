/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One direction of a TCP control stream: which bytes are new, where messages
 * begin, and which bytes left this machine different from how they came.
 *
 * Messages that lie whole inside one segment are read, any number of them. A
 * message that is cut passes unread, and reading resumes at the next boundary.
 * A retransmission of edited bytes gets the same bytes again.
 */
#ifndef CTALG_ENGINE_STREAM_H
#define CTALG_ENGINE_STREAM_H

#include <ctalg/edit.h>
#include <ctalg/proto.h>

/** define CTALG_STREAM_PAST - edits remembered per direction; all of one packet at least */
#define CTALG_STREAM_PAST CTALG_EDITS_MAX

/** enum ctalg_stream_mode - what is being done with the bytes */
enum ctalg_stream_mode {
	/** @CTALG_STREAM_IDLE: the beginning has not been seen; everything passes */
	CTALG_STREAM_IDLE = 0,
	/** @CTALG_STREAM_READING: messages are read */
	CTALG_STREAM_READING,
	/** @CTALG_STREAM_DEAF: nothing will be read any more; past edits are still repeated */
	CTALG_STREAM_DEAF,
};

/**
 * struct ctalg_past_edit - a replacement that has been sent
 * @seq: sequence number of the first replaced byte, as the sender counts
 * @old_len: bytes replaced
 * @len: bytes in @text
 * @text: what was sent instead
 */
struct ctalg_past_edit {
	u32 seq;
	u16 old_len;
	u16 len;
	char text[CTALG_TOKEN_MAX];
};

/**
 * struct ctalg_stream - one direction
 * @start: sequence number of its first byte
 * @next: sequence number of the next byte never seen, as the sender counts
 * @skip: bytes from @next on that the protocol does not want to see
 * @seen: bytes of the message at @next that have passed unread
 * @gap_from: first byte that came ahead of its turn and passed unread
 * @gap_to: one past the last such byte; equal to @gap_from when there is none
 * @mode: enum ctalg_stream_mode
 * @past_n: how many edits have ever been remembered
 * @past_first: how many of them no sender can repeat any more
 * @past: the latest of them, at @past_n modulo CTALG_STREAM_PAST
 */
struct ctalg_stream {
	u32 start;
	u32 next;
	u32 skip;
	u32 seen;
	u32 gap_from;
	u32 gap_to;
	u8 mode;
	u32 past_n;
	u32 past_first;
	struct ctalg_past_edit past[CTALG_STREAM_PAST];
};

/**
 * struct ctalg_stream_ops - what the stream calls while it reads
 * @message: one whole message. @off is its offset in the segment
 * @count: something happened, enum ctalg_reason
 */
struct ctalg_stream_ops {
	void (*message)(void *ctx, const struct ctalg_message *m, u32 off);
	void (*count)(void *ctx, unsigned int reason);
};

/**
 * ctalg_stream_start() - the stream begins
 * @s: the stream; its memory is zero or an earlier start
 * @seq: sequence number of its first byte
 */
void ctalg_stream_start(struct ctalg_stream *s, u32 seq);

/**
 * ctalg_stream_passes() - is there nothing to see in a segment
 * @s: the stream
 * @seq: sequence number of its first byte
 * @len: its length
 *
 * Takes note of bytes that the protocol wants skipped, so that they need not be looked
 * at.
 *
 * Return: true if the segment can pass without its bytes being read or changed.
 */
bool ctalg_stream_passes(struct ctalg_stream *s, u32 seq, u32 len);

/**
 * ctalg_stream_read() - read a segment
 * @s: the stream
 * @p: the protocol
 * @state: the protocol's state for this flow
 * @dir: enum ctalg_dir
 * @seq: sequence number of the first byte of @data
 * @data: the segment's payload as it came
 * @len: its length
 * @ops: what to call
 * @ctx: handed to @ops
 *
 * Bytes seen before are not read again. The segment itself is never changed here.
 */
void ctalg_stream_read(struct ctalg_stream *s, const struct ctalg_proto *p, void *state, u8 dir,
		       u32 seq, const u8 *data, u32 len, const struct ctalg_stream_ops *ops,
		       void *ctx);

/**
 * ctalg_stream_replay() - the edits that a retransmitted range needs
 * @s: the stream
 * @seq: sequence number of the segment's first byte
 * @len: its length
 * @e: receives the edits, offsets counted from @seq
 *
 * Return: false when the segment's edge cuts through replaced bytes, or it is so old
 * that its edits are forgotten: it cannot be sent as it is.
 */
bool ctalg_stream_replay(const struct ctalg_stream *s, u32 seq, u32 len, struct ctalg_edits *e);

/**
 * ctalg_stream_remember() - edits are about to be sent
 * @s: the stream
 * @seq: sequence number of the segment's first byte
 * @e: the edits, offsets counted from @seq
 * @from: those before this offset are remembered already
 */
void ctalg_stream_remember(struct ctalg_stream *s, u32 seq, const struct ctalg_edits *e, u32 from);

#endif /* CTALG_ENGINE_STREAM_H */
