/* SPDX-License-Identifier: GPL-2.0 */
/* One direction of a stream on the bench: what is put in, and what it says of it. */
#ifndef CTALG_TESTS_STREAM_BENCH_H
#define CTALG_TESTS_STREAM_BENCH_H

#include "unit.h"

#include "src/engine/stream.h"

/*
 * A protocol of lines that end in "/". "$nn" begins 3+nn bytes that nobody wants to
 * see, "%" very many, "?" turns the stream opaque, "!" is not the protocol; "@" claims
 * messages of as many bytes as the digit says, whether they are there or not. In state 1
 * all is records of 5 bytes that nobody wants to see, in state 2 messages of 5 bytes.
 */
/* How often it was asked for the end of a message that begins with "&" and its length. */
extern u32 toy_asked;

struct ctalg_frame toy_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len);

/* @toy has messages of 20 bytes at most, @roomy of any length. */
extern const struct ctalg_proto toy, roomy;

/* Memory that is counted and fails at its n-th use, if that is not 0. */
struct purse {
	u32 uses, fail_at, size;
	bool full, scarce;
};

/* A stream and what it says of the segment in hand. */
struct bench {
	struct ctalg_stream s;
	struct ctalg_stream_env env;
	struct ctalg_memory mem;
	struct ctalg_edits edits;
	struct ctalg_edits_small edits_in;
	struct ctalg_edits_room edits_room;
	struct purse purse;
	struct ctalg_segment_out out;
	u8 state;
	u32 base;
	u32 said, counted[CTALG_R_MAX];
	char says[3000];
};

/* A step of a script: what comes, and what is to become of it. */
enum step_kind {
	SEG = 1, /* bytes @at */
	FIN,	 /* the same with FIN */
	ACK,	 /* @at, with a window of @text or 1000: "ack/window" */
	EMPTY,	 /* @at, no bytes */
	SACK,	 /* from @at to @text: "from-to" or "none" */
	URG,	 /* an urgent point */
	FULL,	 /* the memory is used up if @at */
};

struct step {
	enum step_kind kind;
	s32 at;
	const char *text;
	const char *want;
};

void edit_all(const struct ctalg_message *m, struct ctalg_edits *e);
void bench_begin(struct bench *b, const struct ctalg_proto *proto, u32 base);
void bench_segment(struct bench *b, s32 at, const void *bytes, u32 len, bool fin);
void bench_end(struct bench *b);
s32 bench_ack(struct bench *b, s32 at, u32 *window);
void step_run(struct bench *b, const struct step *st);
void script(const struct step *steps, u32 n);

#define SCRIPT(...)                                                                                \
	do {                                                                                       \
		static const struct step steps_[] = { __VA_ARGS__ };                               \
		script(steps_, ARRAY_SIZE(steps_));                                                \
	} while (0)

#endif /* CTALG_TESTS_STREAM_BENCH_H */
