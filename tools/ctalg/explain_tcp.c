// SPDX-License-Identifier: GPL-2.0
/*
 * TCP control connections. In a capture nobody repeats anything because we ask for it: what is
 * ahead of its turn is put aside, and read by the kernel's stream once what is before it has come.
 */
#include <stdlib.h>

#include "explain.h"
#include "tool.h"

enum {
	/* What is put aside of one direction, and of all. */
	ASIDE_FLOW = 1 << 20,
	ASIDE_ALL = 64 << 20,
	/* No window is larger than this; what is further off belongs to something else. */
	WINDOW = 1 << 24,
	/* How often a line's beginning is looked for in a connection whose own was not captured. */
	RESTARTS = 16,
};

/* A segment ahead of its turn. */
struct aside {
	TAILQ_ENTRY(aside) node;
	u32 seq;
	u32 len;
	u8 data[];
};

static s32 diff(u32 a, u32 b)
{
	return (s32)(a - b);
}

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	return need(malloc(size));
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

const struct ctalg_memory explain_memory = { .alloc = memory_alloc, .free = memory_free };

/* What the stream calls back with. */
struct reader {
	struct explain *e;
	struct explain_flow *f;
	u8 dir;
};

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *edits)
{
	struct reader *r = ctx;

	message_explain(r->e, r->f, m, edits);
}

/* Is something about to go by unread that policy does not let? */
static bool is_refused(const struct explain *e, const struct explain_flow *f, unsigned int reason)
{
	if (reason == CTALG_R_OPAQUE)
		return policy_is_strict(e, f);
	return policy_must_read(e, f);
}

void tcp_cut(struct explain *e, struct explain_flow *f, u8 dir, bool reset)
{
	if (reset)
		stream_explain(e, f, dir, "stream", ctalg_reason_name(CTALG_R_RESET), 0);
	f->left_alone = true;
	pinholes_over(e, f);
	meters_release(f);
}

static void on_count(void *ctx, unsigned int reason)
{
	struct reader *r = ctx;
	struct explain_flow *f = r->f;

	if (reason == CTALG_R_NOT_OURS || reason == CTALG_R_OPAQUE) {
		f->stream[CTALG_DIR_ORIG].mode = CTALG_STREAM_DEAF;
		f->stream[CTALG_DIR_REPLY].mode = CTALG_STREAM_DEAF;
		f->lost = reason == CTALG_R_NOT_OURS && f->mid_stream && f->restarts < RESTARTS;
	}
	if (f->lost ||
	    (reason != CTALG_R_NOT_OURS && reason != CTALG_R_OPAQUE && reason != CTALG_R_TOO_LONG))
		return;
	stream_explain(r->e, f, r->dir, "stream", reason_text(f->served->proto, reason), 0);
	if (is_refused(r->e, f, reason))
		tcp_cut(r->e, f, r->dir, true);
}

/* The receiver has everything: nothing is kept. */
static void acknowledge(struct ctalg_stream *s)
{
	u32 window = WINDOW;

	ctalg_stream_ack(s, s->r_fwd, &window, &explain_memory);
}

static void start(struct explain_flow *f, u8 dir, u32 seq)
{
	u8 mode = f->started[dir] ? f->stream[dir].mode : (u8)CTALG_STREAM_READING;

	ctalg_stream_free(&f->stream[dir], &explain_memory);
	ctalg_stream_start(&f->stream[dir], seq);
	f->stream[dir].mode = mode;
	f->started[dir] = true;
	acknowledge(&f->stream[dir]);
}

/* The next bytes in order. */
static void feed(struct explain *e, struct explain_flow *f, u8 dir, const u8 *data, u32 len)
{
	struct reader r = { e, f, dir };
	const struct ctalg_stream_env env = {
		.proto = f->served->proto,
		.state = f->state,
		.dir = dir,
		.mem = &explain_memory,
		.edits = &e->edits,
		.message = on_message,
		.count = on_count,
		.ctx = &r,
	};
	struct ctalg_stream *s = &f->stream[dir];

	while (len) {
		u32 before = s->s_next, n;
		struct ctalg_segment_out out;

		ctalg_stream_segment(s, &env, before, data, len, false, &out);
		ctalg_buffer_free(&out.payload, &explain_memory);
		acknowledge(s);
		n = min(s->s_next - before, len);
		if (!n)
			break;
		data += n;
		len -= n;
	}
}

/* In the middle of a connection the next segment may be where a line begins. */
static void look_again(struct explain_flow *f)
{
	u8 dir;

	if (!f->lost)
		return;
	f->lost = false;
	f->restarts++;
	for (dir = 0; dir < 2; dir++) {
		if (!f->started[dir])
			continue;
		f->stream[dir].mode = CTALG_STREAM_READING;
		start(f, dir, f->stream[dir].s_next);
	}
}

static void read_part(struct explain *e, struct explain_flow *f, u8 dir, u32 seq, const u8 *data,
		      u32 len)
{
	u32 seen = f->stream[dir].s_next - seq;

	if (seen >= len)
		return;
	feed(e, f, dir, data + seen, len - seen);
	look_again(f);
}

static void aside_drop(struct explain *e, struct explain_flow *f, u8 dir, struct aside *a)
{
	TAILQ_REMOVE(&f->aside[dir], a, node);
	f->aside_bytes[dir] -= (u32)sizeof(*a) + a->len;
	e->aside_bytes -= (u32)sizeof(*a) + a->len;
	free(a);
}

static void aside_put(struct explain *e, struct explain_flow *f, u8 dir, u32 seq, const u8 *data,
		      u32 len)
{
	struct aside *a = need(malloc(sizeof(*a) + len)), *before;

	a->seq = seq;
	a->len = len;
	memcpy(a->data, data, len);
	TAILQ_FOREACH_REVERSE(before, &f->aside[dir], aside_list, node)
	if (diff(before->seq, seq) <= 0)
		break;
	if (before)
		TAILQ_INSERT_AFTER(&f->aside[dir], before, a, node);
	else
		TAILQ_INSERT_HEAD(&f->aside[dir], a, node);
	f->aside_bytes[dir] += (u32)sizeof(*a) + len;
	e->aside_bytes += (u32)sizeof(*a) + len;
}

/* Bytes before the first segment put aside are not in the capture: reading goes on behind them. */
static void skip_gap(struct explain *e, struct explain_flow *f, u8 dir, u32 seq)
{
	u32 missing = seq - f->stream[dir].s_next;

	if (f->stream[dir].mode == CTALG_STREAM_READING)
		stream_explain(e, f, dir, "gap", "missing-bytes", missing);
	start(f, dir, seq);
}

/* Is it clear that the bytes before @seq are not going to come? */
static bool gap_is_final(const struct explain *e, const struct explain_flow *f, u8 dir, u32 seq)
{
	return (f->has_ack[dir] && diff(f->seen_ack[dir], seq) >= 0) ||
	       f->aside_bytes[dir] > ASIDE_FLOW || e->aside_bytes > ASIDE_ALL;
}

/* Reads what was put aside as far as its turn has come. */
static void aside_read(struct explain *e, struct explain_flow *f, u8 dir, bool all)
{
	struct aside *a;

	while ((a = TAILQ_FIRST(&f->aside[dir]))) {
		if (diff(a->seq, f->stream[dir].s_next) > 0) {
			if (!all && !gap_is_final(e, f, dir, a->seq))
				return;
			skip_gap(e, f, dir, a->seq);
		}
		read_part(e, f, dir, a->seq, a->data, a->len);
		aside_drop(e, f, dir, a);
	}
}

void tcp_flush(struct explain *e, struct explain_flow *f)
{
	aside_read(e, f, CTALG_DIR_ORIG, true);
	aside_read(e, f, CTALG_DIR_REPLY, true);
}

void tcp_free(struct explain_flow *f)
{
	ctalg_stream_free(&f->stream[CTALG_DIR_ORIG], &explain_memory);
	ctalg_stream_free(&f->stream[CTALG_DIR_REPLY], &explain_memory);
	ctalg_refusals_free(&f->refusals, &explain_memory);
}

static void mid_stream(struct explain *e, struct explain_flow *f, u8 dir)
{
	if (f->mid_stream)
		return;
	f->mid_stream = true;
	e->sums.flows_mid_stream++;
	stream_explain(e, f, dir, "stream", reason_text(f->served->proto, CTALG_R_MID_STREAM), 0);
}

static void read_data(struct explain *e, struct explain_flow *f, u8 dir, const struct segment *s)
{
	if (!s->len || f->left_alone)
		return;
	if (!f->begun)
		mid_stream(e, f, dir);
	if (!f->started[dir])
		start(f, dir, s->seq);
	if (diff(s->seq, f->stream[dir].s_next) > WINDOW ||
	    diff(s->seq, f->stream[dir].s_next) < -WINDOW) {
		e->sums.outside_window++;
		return;
	}
	if (diff(s->seq, f->stream[dir].s_next) > 0)
		aside_put(e, f, dir, s->seq, s->data, s->len);
	else
		read_part(e, f, dir, s->seq, s->data, s->len);
	aside_read(e, f, dir, false);
}

/* What one end acknowledges the other's bytes have reached it. */
static void read_ack(struct explain *e, struct explain_flow *f, u8 dir, const struct segment *s)
{
	u8 of = !dir;

	if (!s->has_ack || s->rst)
		return;
	if (!f->has_ack[of] || diff(s->ack, f->seen_ack[of]) > 0)
		f->seen_ack[of] = s->ack;
	f->has_ack[of] = true;
	aside_read(e, f, of, false);
}

static void over(struct explain *e, struct explain_flow *f)
{
	if (f->over)
		return;
	tcp_flush(e, f);
	f->over = true;
	pinholes_over(e, f);
	meters_release(f);
}

static void in_flow(struct explain *e, struct explain_flow *f, u8 dir, const struct segment *s)
{
	if (f->over)
		return;
	read_ack(e, f, dir, s);
	read_data(e, f, dir, s);
	f->fin[dir] |= s->fin;
	if (s->rst || (f->fin[0] && f->fin[1]))
		over(e, f);
}

/* Both beginnings stand in the SYN-ACK. */
static void begin(struct explain *e, struct explain_flow *f, const struct segment *s)
{
	if (f->begun || f->started[0] || f->started[1])
		return;
	start(f, CTALG_DIR_ORIG, s->ack);
	start(f, CTALG_DIR_REPLY, s->seq + 1);
	if (!f->syn || s->len) {
		mid_stream(e, f, CTALG_DIR_REPLY);
		return;
	}
	f->begun = true;
	if (!s->is_signed)
		return;
	f->left_alone = true;
	stream_explain(e, f, CTALG_DIR_REPLY, "stream",
		       reason_text(f->served->proto, CTALG_R_FLOW_BUSY), 0);
}

/* Returns false for a SYN to somewhere else. */
static bool first_packet(struct explain *e, struct explain_flow *f, const struct segment *s)
{
	const struct service *served = served_by(e, CTALG_L4_TCP, s->at.dst.port), *path;

	/* Once more the same. */
	if (f && f->syn && f->start == s->seq + 1)
		return true;
	if (f)
		flow_forget(e, f);
	path = path_packet(e, s);
	if (path)
		served = path;
	if (!served)
		return false;
	f = flow_new(e, &s->at, served);
	if (!f)
		return true;
	f->syn = true;
	f->start = s->seq + 1;
	return true;
}

/* A connection that the capture does not show from its beginning: who began it the ports tell. */
static struct explain_flow *late(struct explain *e, const struct segment *s, u8 *dir)
{
	const struct service *there = served_by(e, CTALG_L4_TCP, s->at.dst.port);
	const struct service *here = served_by(e, CTALG_L4_TCP, s->at.src.port);
	struct tuple at = s->at;

	if ((!there && !here) || s->rst)
		return NULL;
	*dir = there ? CTALG_DIR_ORIG : CTALG_DIR_REPLY;
	if (!there)
		at = tuple_reversed(&s->at);
	return flow_new(e, &at, there ? there : here);
}

bool tcp_packet(struct explain *e, const struct segment *s)
{
	u8 dir = CTALG_DIR_ORIG;
	struct explain_flow *f = flow_find(e, &s->at, &dir);

	if (s->syn && !s->has_ack)
		return first_packet(e, f, s);
	if (!f)
		f = late(e, s, &dir);
	if (!f)
		return served_by(e, CTALG_L4_TCP, s->at.dst.port) ||
		       served_by(e, CTALG_L4_TCP, s->at.src.port);
	if (!s->syn)
		in_flow(e, f, dir, s);
	else if (dir == CTALG_DIR_REPLY && (!f->syn || f->start == s->ack))
		begin(e, f, s);
	return true;
}
