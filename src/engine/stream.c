// SPDX-License-Identifier: GPL-2.0
#include "stream.h"

static s32 seq_diff(u32 a, u32 b)
{
	return (s32)(a - b);
}

static const struct ctalg_past_edit *past_at(const struct ctalg_stream *s, u32 i)
{
	return &s->past[i % CTALG_STREAM_PAST];
}

/*
 * No window is wider than this (RFC 7323, section 2.3), so nothing further back comes
 * again; before the numbers wrap, its edits must not be taken for edits of new bytes.
 */
#define STREAM_WINDOW_MAX (1U << 30)

static void stream_advance(struct ctalg_stream *s, u32 to)
{
	s->next = to;
	while (s->past_first != s->past_n &&
	       s->next - past_at(s, s->past_first)->seq > STREAM_WINDOW_MAX)
		s->past_first++;
}

/* Bytes of a message pass unread; the count may be wrong but never comes round to "none". */
static void stream_unread(struct ctalg_stream *s, u32 n)
{
	s->seen = n > ~s->seen ? ~0U : s->seen + n;
}

void ctalg_stream_start(struct ctalg_stream *s, u32 seq)
{
	memset(s, 0, sizeof(*s));
	s->start = seq;
	s->next = seq;
	s->gap_from = seq;
	s->gap_to = seq;
	s->mode = CTALG_STREAM_READING;
}

bool ctalg_stream_passes(struct ctalg_stream *s, u32 seq, u32 len)
{
	if (s->mode != CTALG_STREAM_READING)
		return s->past_first == s->past_n;
	if (seq != s->next || len > s->skip || s->gap_from != s->gap_to)
		return false;
	s->skip -= len;
	stream_advance(s, s->next + len);
	return true;
}

/* One step over n bytes at most; returns how many were dealt with, 0 for "the rest is a cut message". */
static u32 stream_step(struct ctalg_stream *s, const struct ctalg_proto *p, void *state, u8 dir,
		       const u8 *data, u32 n, u32 off, const struct ctalg_stream_ops *ops,
		       void *ctx)
{
	struct ctalg_frame f = p->frame(state, dir, s->seen, data + off, n);
	struct ctalg_message m = { .data = data + off, .len = f.n, .dir = dir };

	switch (f.verdict) {
	case CTALG_FRAME_MESSAGE:
		if (f.n == 0 || f.n > n)
			return 0;
		if (s->seen == 0 && f.n <= p->max_message)
			ops->message(ctx, &m, off);
		else
			ops->count(ctx, s->seen ? CTALG_R_PARTIAL : CTALG_R_TOO_LONG);
		s->seen = 0;
		return f.n;
	case CTALG_FRAME_SKIP:
		s->seen = 0;
		s->skip = f.n > n ? f.n - n : 0;
		return min(f.n, n);
	case CTALG_FRAME_OPAQUE:
	case CTALG_FRAME_NOT_OURS:
		ops->count(ctx,
			   f.verdict == CTALG_FRAME_OPAQUE ? CTALG_R_OPAQUE : CTALG_R_NOT_OURS);
		s->mode = CTALG_STREAM_DEAF;
		return n;
	default:
		return 0;
	}
}

static void stream_new_bytes(struct ctalg_stream *s, const struct ctalg_proto *p, void *state,
			     u8 dir, const u8 *data, u32 from, u32 to,
			     const struct ctalg_stream_ops *ops, void *ctx)
{
	u32 off = from, n;

	n = min(s->skip, to - from);
	s->skip -= n;
	off += n;
	while (off < to && s->mode == CTALG_STREAM_READING) {
		n = stream_step(s, p, state, dir, data, to - off, off, ops, ctx);
		if (!n) {
			stream_unread(s, to - off);
			break;
		}
		off += n;
	}
	stream_advance(s, s->next + (to - from));
}

/* All before the gap has been seen: what lies behind it begins in the middle of some message. */
static void stream_close_gap(struct ctalg_stream *s)
{
	if (s->gap_from == s->gap_to || seq_diff(s->next, s->gap_from) < 0)
		return;
	if (seq_diff(s->gap_to, s->next) > 0) {
		u32 unread = s->gap_to - s->next;

		if (unread > s->skip)
			stream_unread(s, unread - s->skip);
		s->skip -= min(unread, s->skip);
		stream_advance(s, s->gap_to);
	}
	s->gap_from = s->gap_to;
}

static void stream_ahead(struct ctalg_stream *s, u32 seq, u32 len)
{
	if (s->gap_from == s->gap_to) {
		s->gap_from = seq;
		s->gap_to = seq + len;
		return;
	}
	if (seq_diff(seq, s->gap_from) < 0)
		s->gap_from = seq;
	if (seq_diff(seq + len, s->gap_to) > 0)
		s->gap_to = seq + len;
}

void ctalg_stream_read(struct ctalg_stream *s, const struct ctalg_proto *p, void *state, u8 dir,
		       u32 seq, const u8 *data, u32 len, const struct ctalg_stream_ops *ops,
		       void *ctx)
{
	s32 old = seq_diff(s->next, seq);
	u32 from, to = len;

	if (!len)
		return;
	if (s->mode != CTALG_STREAM_READING) {
		if (seq_diff(seq + len, s->next) > 0)
			stream_advance(s, seq + len);
		return;
	}
	if (old < 0) {
		ops->count(ctx, CTALG_R_OUT_OF_ORDER);
		stream_ahead(s, seq, len);
		return;
	}
	from = (u32)old;
	if (from >= len)
		return;
	if (s->gap_from != s->gap_to && seq_diff(seq + len, s->gap_from) > 0)
		to = s->gap_from - seq;
	stream_new_bytes(s, p, state, dir, data, from, to, ops, ctx);
	stream_close_gap(s);
	if (to < len && seq_diff(seq + len, s->next) > 0)
		stream_new_bytes(s, p, state, dir, data, s->next - seq, len, ops, ctx);
}

/* Older edits than the oldest known one were pushed out; @seq may stand among them. */
static bool stream_has_forgotten(const struct ctalg_stream *s, u32 seq)
{
	return s->past_n > CTALG_STREAM_PAST && s->past_n - s->past_first == CTALG_STREAM_PAST &&
	       seq_diff(seq, past_at(s, s->past_first)->seq) < 0;
}

bool ctalg_stream_replay(const struct ctalg_stream *s, u32 seq, u32 len, struct ctalg_edits *e)
{
	u32 i;

	if (stream_has_forgotten(s, seq))
		return false;
	for (i = s->past_first; i != s->past_n; i++) {
		const struct ctalg_past_edit *pe = past_at(s, i);
		s32 at = seq_diff(pe->seq, seq);
		struct ctalg_span span;

		if (at >= (s32)len || (at < 0 && at + (s32)pe->old_len <= 0))
			continue;
		if (at < 0 || at + (s32)pe->old_len > (s32)len)
			return false;
		span.off = (u32)at;
		span.len = pe->old_len;
		if (!ctalg_edits_add(e, span, pe->text, pe->len))
			return false;
	}
	return true;
}

void ctalg_stream_remember(struct ctalg_stream *s, u32 seq, const struct ctalg_edits *e, u32 from)
{
	u16 i;

	for (i = 0; i < e->n; i++) {
		const struct ctalg_edit *ed = &e->edit[i];
		struct ctalg_past_edit *pe = &s->past[s->past_n % CTALG_STREAM_PAST];

		if (ed->at.off < from)
			continue;
		pe->seq = seq + ed->at.off;
		pe->old_len = (u16)ed->at.len;
		pe->len = (u16)min((u32)ed->len, (u32)sizeof(pe->text));
		memcpy(pe->text, e->text + ed->text, pe->len);
		s->past_n++;
		if (s->past_n - s->past_first > CTALG_STREAM_PAST)
			s->past_first++;
	}
}
