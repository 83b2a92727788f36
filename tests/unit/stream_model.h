/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two model ends of a connection and the stream engine between them, over links that lose,
 * repeat and reorder. What arrives is compared with a naive rewriting of the whole text.
 *
 * stream_model_text.c: the protocol, the texts and what should become of them;
 * stream_model_ends.c: TCP; stream_model.c: the engine in the middle, and a whole dialog.
 */
#ifndef CTALG_TESTS_STREAM_MODEL_H
#define CTALG_TESTS_STREAM_MODEL_H

#include "unit.h"

#include "src/engine/stream.h"

enum {
	TEXT_MAX = 100000,
	WANT_MAX = 3 * TEXT_MAX,
	LINK_MAX = 64,
};

/* @point is the urgent point; @block_left and @block_right are a SACK block, if they differ. */
struct packet {
	u32 seq, len, ack, window, block_left, block_right, point;
	bool fin, urgent;
	u8 *data;
};

struct link {
	struct packet q[LINK_MAX];
	u32 n;
};

/*
 * What one end says, and what is to become of it: @place tells where each byte should
 * arrive, @point where urgent data before it should end, @read how long the message is that the engine has read at a byte, @loose which
 * bytes went on when some of them had been acknowledged already: they stay together.
 */
struct text {
	u8 say[TEXT_MAX], want[WANT_MAX];
	u32 place[TEXT_MAX + 2], point[TEXT_MAX + 2], read[TEXT_MAX];
	bool loose[TEXT_MAX + 2], opaque;
	u32 len, want_len, longest, isn;
	/* @want is known beforehand; else only what was read tells. */
	bool exact;
};

/* Places count from 0: @una to @point in its own text, the rest in what it receives. */
struct end {
	struct text text;
	u32 una, nxt, edge, dup_acks, point, last_window, size;
	bool sacked[TEXT_MAX + 2];
	bool nagle, late_fin, uses_sack;
	u8 got[WANT_MAX];
	bool have[WANT_MAX];
	/* @taken: what the program has read; @told: up to where it is acknowledged */
	u32 rcv, top, fin_at, taken, told, room, room_max;
	bool slow, delayed, pending, strict;
};

/*
 * @calm: nothing gets lost, and no end sends anything twice of its own accord. @must is the
 * length up to which a line has to be read; 0 when it need not.
 */
struct model {
	struct end end[2];
	struct ctalg_stream s[2];
	struct link in[2], out[2];
	u32 loss, dup, fail_one_in, must, allocated, counted[CTALG_R_MAX];
	bool calm, fills, full, ordered;
};

/* What is random: the seed's numbers, or the bytes that a fuzzer has chosen. */
u32 chance(u32 n);
void chance_seed(u64 seed);
void chance_bytes(const u8 *data, u32 len);

extern const struct ctalg_proto model_proto;
void text_make(struct text *t, u32 len);
void text_edit(const struct ctalg_message *m, struct ctalg_edits *e);
void text_check_all(const struct model *m, u8 dir);
u32 text_point(const struct text *t, u32 at);

void link_put(const struct model *m, struct link *l, const struct packet *p);
bool link_get(struct link *l, struct packet *p);
bool end_step(struct model *m, u8 dir);
void end_packet(struct model *m, u8 dir, const struct packet *p);

/* What was run, and how often the engine counted what. */
struct tally {
	u64 dialogs, calm, steps, counted[CTALG_R_MAX];
};

/* A whole dialog, from the numbers that chance() gives. */
void model_run(struct tally *t);

#endif /* CTALG_TESTS_STREAM_MODEL_H */
