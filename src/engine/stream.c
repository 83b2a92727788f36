// SPDX-License-Identifier: GPL-2.0
#include "stream.h"

enum {
	/* By so much any message may grow: such room is left for it in the packet. */
	STREAM_GROWTH = CTALG_EDITS_TEXT,
	/* One with more replacements than this is remembered as one. */
	STREAM_EDITS = CTALG_EDITS_MAX,
};

_Static_assert(CTALG_HOLD_MAX + 1500 <= CTALG_SEGMENT_IN, "a packet takes the longest message");

static s32 diff(u32 a, u32 b)
{
	return (s32)(a - b);
}

static u32 later(u32 a, u32 b)
{
	return diff(a, b) > 0 ? a : b;
}

void ctalg_stream_start(struct ctalg_stream *s, u32 seq)
{
	memset(s, 0, sizeof(*s));
	s->start = seq;
	s->s_next = seq;
	s->s_fwd = seq;
	s->s_cust = seq;
	s->r_fwd = seq;
	s->r_una = seq;
	s->journal.base_s = seq;
	s->journal.base_r = seq;
	s->win_max = CTALG_WINDOW_MIN;
	s->mode = CTALG_STREAM_READING;
}

void ctalg_stream_offered(struct ctalg_stream *s, u32 window)
{
	if (window > s->win_max)
		s->win_max = window;
}

/* Has the sender been told of held bytes that the receiver has them? */
static bool stream_told(const struct ctalg_stream *s)
{
	return diff(s->s_cust, s->s_fwd) > 0;
}

void ctalg_stream_free(struct ctalg_stream *s, const struct ctalg_memory *mem)
{
	ctalg_buffer_free(&s->held, mem);
	ctalg_journal_free(&s->journal, mem);
}

/* The segment in hand. */
struct work {
	struct ctalg_stream *s;
	const struct ctalg_stream_env *env;
	/* New bytes: the held ones and the segment's. */
	const u8 *in;
	u32 n;
	/* Of these, how many were held. */
	u32 held;
	/* Of these, how many are dealt with. */
	u32 done;
	/* What goes on of them; not used while @plain. */
	struct ctalg_buffer *out;
	/* So far they go on as they came, all from the segment. */
	bool plain;
	/* Messages read. */
	u32 messages;
};

/* From here on bytes are collected; those before stand at the head of @in. */
static bool work_collect(struct work *w)
{
	if (!w->plain)
		return true;
	if (!ctalg_buffer_room(w->out, w->n + CTALG_SEGMENT_SPARE,
			       CTALG_SEGMENT_MAX + CTALG_SEGMENT_SPARE, w->env->mem))
		return false;
	if (w->done)
		memcpy(w->out->p + w->out->len, w->in, w->done);
	w->out->len += w->done;
	w->plain = false;
	return true;
}

static void work_out(struct work *w, const void *p, u32 n)
{
	if (n)
		memcpy(w->out->p + w->out->len, p, n);
	w->out->len += n;
	w->s->r_fwd += n;
}

/*
 * The next @k bytes go on unchanged. Those that the sender has been told are received
 * are kept: it will not send them again.
 */
static void work_forward(struct work *w, u32 k)
{
	struct ctalg_stream *s = w->s;

	if (stream_told(s))
		ctalg_journal_keep(&s->journal, s->s_fwd, s->r_fwd, w->in + w->done, k);
	if (w->plain)
		s->r_fwd += k;
	else
		work_out(w, w->in + w->done, k);
	s->s_fwd += k;
	w->done += k;
}

/*
 * What follows a message that has become very long is left to the sender, if it still has it, so that
 * the message has the packet to itself.
 */
static void work_shed(struct work *w, const struct ctalg_edits *e, u32 k)
{
	u32 out = w->plain ? w->done : w->out->len, left = w->n - w->done;

	if (!stream_told(w->s) && (s32)(out + left) + ctalg_edits_delta(e) > CTALG_SEGMENT_MAX)
		w->n = w->done + k;
}

/* By how much the next message, of @k bytes, may grow in this packet and in the journal. */
static s32 work_growth(const struct work *w, u32 k)
{
	u32 out = w->plain ? w->done : w->out->len, left = w->n - w->done;
	u32 kept = w->s->journal.text.len + left, in = out + (stream_told(w->s) ? left : k);

	return min((s32)CTALG_SEGMENT_MAX - (s32)in, (s32)CTALG_JOURNAL_TEXT - (s32)kept);
}

/*
 * Everything that an edited message needs must be there before it is touched; if some of
 * it is kept whole, so perhaps are the bytes behind it.
 */
static bool work_room(struct work *w, const struct ctalg_edits *e, bool whole)
{
	s32 delta = ctalg_edits_delta(e);
	u32 grown = w->n - w->done + (delta > 0 ? (u32)delta : 0);

	return work_collect(w) &&
	       ctalg_buffer_room(w->out, grown + CTALG_SEGMENT_SPARE,
				 CTALG_SEGMENT_MAX + CTALG_SEGMENT_SPARE, w->env->mem) &&
	       ctalg_journal_room(&w->s->journal, whole ? 1 : e->n, whole ? grown : e->used,
				  w->env->mem);
}

/* An edited message of which the sender was told a part is one replacement. */
static void work_edit_whole(struct work *w, const struct ctalg_edits *e, u32 k)
{
	struct ctalg_stream *s = w->s;
	u8 *to = w->out->p + w->out->len;
	u32 n = ctalg_edits_apply(e, w->in + w->done, k, to, w->out->cap - w->out->len);
	struct ctalg_replacement r = { .s = s->s_fwd, .r = s->r_fwd, .s_len = k, .r_len = n };
	const struct ctalg_edit *last = &e->edit[e->n - 1];

	r.kept = k - last->at.off - last->at.len;
	ctalg_journal_add(&s->journal, &r, to);
	w->out->len += n;
	s->r_fwd += n;
	s->s_fwd += k;
	w->done += k;
}

static void work_edit_tokens(struct work *w, const struct ctalg_edits *e, u32 k)
{
	struct ctalg_stream *s = w->s;
	const u8 *m = w->in + w->done;
	u32 pos = 0;
	u16 i;

	for (i = 0; i < e->n; i++) {
		const struct ctalg_edit *ed = &e->edit[i];
		struct ctalg_replacement r = { .s = s->s_fwd + ed->at.off,
					       .s_len = ed->at.len,
					       .r_len = ed->len };

		work_out(w, m + pos, ed->at.off - pos);
		r.r = s->r_fwd;
		ctalg_journal_add(&s->journal, &r, (const u8 *)e->text + ed->text);
		work_out(w, e->text + ed->text, ed->len);
		pos = ed->at.off + ed->at.len;
	}
	work_out(w, m + pos, k - pos);
	s->s_fwd += k;
	w->done += k;
}

static bool edits_fit(const struct ctalg_edits *e, u32 k)
{
	const struct ctalg_edit *last = &e->edit[e->n - 1];

	return last->at.off <= k && last->at.len <= k - last->at.off &&
	       (s32)k + ctalg_edits_delta(e) > 0;
}

/* The journal knows no entry that is empty on either side. */
static bool edits_have_empty(const struct ctalg_edits *e)
{
	u16 i;

	for (i = 0; i < e->n; i++)
		if (!e->edit[i].at.len || !e->edit[i].len)
			return true;
	return false;
}

static void work_message(struct work *w, u32 k)
{
	struct ctalg_message m = {
		.data = w->in + w->done, .len = k, .dir = w->env->dir, .l4 = CTALG_L4_TCP
	};
	struct ctalg_edits *e = w->env->edits;
	bool whole;

	ctalg_edits_init(e);
	e->most = work_growth(w, k);
	w->messages++;
	w->env->message(w->env->ctx, &m, e);
	whole = stream_told(w->s) || e->n > STREAM_EDITS || edits_have_empty(e);
	if (!e->n || !edits_fit(e, k)) {
		work_forward(w, k);
		return;
	}
	work_shed(w, e, k);
	if (!work_room(w, e, whole)) {
		w->env->count(w->env->ctx, CTALG_R_NO_MEMORY);
		work_forward(w, k);
	} else if (whole) {
		work_edit_whole(w, e, k);
	} else {
		work_edit_tokens(w, e, k);
	}
}

/* How long a message may become while it is held: no longer than the receiver lets the sender send. */
static u32 stream_hold_max(const struct ctalg_stream *s, const struct ctalg_proto *p)
{
	u32 most = p->max_message ? p->max_message : (u32)CTALG_MESSAGE_MAX;

	most = min(most, (u32)CTALG_HOLD_MAX);
	return min(most, s->win_max / 2);
}

/* With the namespace's memory used up no message is begun; one that is held already goes its way. */
static bool work_is_refused(const struct work *w)
{
	const struct ctalg_memory *mem = w->env->mem;

	return w->done >= w->held && mem->full && mem->full(mem->ctx);
}

/* The next message, of which @left bytes are there, goes on unread. */
static bool work_is_unread(const struct work *w, bool whole, u32 left)
{
	const struct ctalg_memory *mem = w->env->mem;

	if (w->s->seen)
		return true;
	if (work_is_refused(w)) {
		w->env->count(w->env->ctx, CTALG_R_LIMIT_MEMORY);
		return true;
	}
	if (whole)
		return false;
	if (left > CTALG_HOLD_SCARCE && mem->scarce && mem->scarce(mem->ctx)) {
		w->env->count(w->env->ctx, CTALG_R_LIMIT_MEMORY);
		return true;
	}
	if (left <= stream_hold_max(w->s, w->env->proto))
		return false;
	w->env->count(w->env->ctx, CTALG_R_TOO_LONG);
	return true;
}

static bool journal_is_full(const struct ctalg_journal *j, u32 left)
{
	left = min(left, (u32)CTALG_SEGMENT_MAX);
	return ctalg_journal_n(j) + CTALG_EDITS_MAX > CTALG_JOURNAL_ENTRIES ||
	       j->text.len + left + CTALG_EDITS_TEXT > CTALG_JOURNAL_TEXT;
}

/*
 * The next message might be edited, which may be too much for the packet or the journal, or is
 * one more than may be read now: bytes at the end are left to the sender, if it still has them. True when there are fewer now.
 */
static bool work_trim(struct work *w)
{
	u32 out = w->plain ? w->done : w->out->len, left = w->n - w->done;
	u32 room = CTALG_SEGMENT_MAX - STREAM_GROWTH;

	room -= min(room, out);
	if (journal_is_full(&w->s->journal, left) || (w->env->most && w->messages >= w->env->most))
		room = 0;
	if (left <= room || stream_told(w->s))
		return false;
	w->n = w->done + room;
	return true;
}

/* Of a message whose end is known the rest goes by unread as well; else that is looked for. */
static void work_unread(struct work *w, u32 k)
{
	struct ctalg_stream *s = w->s;

	if (s->need)
		s->skip = s->need - k;
	else
		s->seen = k > ~s->seen ? ~0U : s->seen + k;
	s->need = 0;
	work_forward(w, k);
}

static void work_whole(struct work *w, u32 k)
{
	if (work_is_unread(w, true, k))
		work_forward(w, k);
	else if (work_trim(w))
		return;
	else
		work_message(w, k);
	w->s->seen = 0;
}

/* An unfinished message stands at the end; false when it is held. */
static bool work_part(struct work *w)
{
	u32 left = w->n - w->done, need = w->s->need;

	if (work_is_unread(w, false, need ? need : left))
		work_unread(w, left);
	else if (!work_trim(w))
		return false;
	return true;
}

/* Where the next message ends. A framer that has said how many bytes it takes is asked again when they are there. */
static struct ctalg_frame work_frame(struct work *w, u32 left)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE, .n = w->s->need };

	if (left >= f.n)
		f = w->env->proto->frame(w->env->state, w->env->dir, w->s->seen, w->in + w->done,
					 left);
	w->s->need = f.verdict == CTALG_FRAME_MORE && f.n > left && !w->s->seen ? f.n : 0;
	return f;
}

/* One step; false when the rest is held. */
static bool work_step(struct work *w)
{
	struct ctalg_stream *s = w->s;
	u32 left = w->n - w->done;
	struct ctalg_frame f;

	if (s->skip || s->mode != CTALG_STREAM_READING) {
		u32 k = s->mode == CTALG_STREAM_READING ? min(s->skip, left) : left;

		s->skip -= min(s->skip, k);
		work_forward(w, k);
		return true;
	}
	f = work_frame(w, left);
	if (f.verdict == CTALG_FRAME_MESSAGE && f.n && f.n <= left) {
		work_whole(w, f.n);
	} else if (f.verdict == CTALG_FRAME_SKIP && f.n) {
		s->seen = 0;
		s->skip = f.n;
	} else if (f.verdict == CTALG_FRAME_MORE) {
		return work_part(w);
	} else {
		w->env->count(w->env->ctx, f.verdict == CTALG_FRAME_NOT_OURS ? CTALG_R_NOT_OURS
									     : CTALG_R_OPAQUE);
		s->mode = CTALG_STREAM_DEAF;
	}
	return true;
}

/* What is not dealt with waits in @held, which the work may have been reading from. */
static bool work_keep(struct work *w)
{
	struct ctalg_buffer *held = &w->s->held;
	u32 left = w->n - w->done;

	if (w->in == held->p) {
		memmove(held->p, held->p + w->done, left);
	} else if (left) {
		if (!ctalg_buffer_room(held, left, CTALG_SEGMENT_MAX, w->env->mem))
			return false;
		memcpy(held->p, w->in + w->done, left);
	}
	held->len = left;
	return true;
}

/*
 * Reads new bytes: all of @in is dealt with or held afterwards. False when the sender
 * has to bring the last ones again.
 */
static bool work_run(struct work *w, bool fin)
{
	u32 n = w->n;

	while (w->done < w->n && work_step(w))
		;
	w->s->s_next -= n - w->n;
	if (w->n < n) {
		w->env->count(w->env->ctx, CTALG_R_LIMIT_JOURNAL);
		fin = false;
	}
	if (w->done < w->n && (fin || !work_collect(w) || !work_keep(w))) {
		w->env->count(w->env->ctx, fin ? CTALG_R_PARTIAL : CTALG_R_NO_MEMORY);
		work_unread(w, w->n - w->done);
	}
	if (w->done == w->n) {
		w->s->held.len = 0;
		ctalg_buffer_free(&w->s->held, w->env->mem);
	}
	return w->n == n;
}

/*
 * Where the answer to a segment that starts at @seq begins, in the receiver's count. What
 * the sender was told is received, and is not, stands in the journal from r_una on; a
 * segment that is the next one for the sender takes it along.
 */
static u32 stream_from(const struct ctalg_stream *s, u32 seq)
{
	u32 r = s->r_fwd;

	if (diff(seq, s->s_cust) <= 0)
		return s->r_una;
	if (diff(s->s_next, seq) > 0)
		r = ctalg_journal_map(&s->journal, seq, false);
	if (diff(r, s->r_fwd) > 0)
		r = s->r_fwd;
	return later(r, s->r_una);
}

static void stream_probe(const struct ctalg_stream *s, struct ctalg_segment_out *out)
{
	out->verdict = CTALG_SEGMENT_PROBE;
	out->seq = s->r_una - 1;
	out->fin = false;
}

/* Bytes seen before, all of which have gone on unchanged and are the sender's to repeat. */
static bool segment_is_plain_repeat(const struct ctalg_stream *s, u32 seq, u32 len)
{
	return len && diff(seq + len, s->s_fwd) <= 0 &&
	       ctalg_journal_map(&s->journal, seq, false) == stream_from(s, seq) &&
	       ctalg_journal_plain(&s->journal, seq, len);
}

/* Nothing new: sends again what went out for [seq, seq + len), FIN included. */
static void segment_repeat(struct ctalg_stream *s, const struct ctalg_stream_env *env, u32 seq,
			   const u8 *data, u32 len, bool fin, struct ctalg_segment_out *out)
{
	u32 end = seq + len + fin, from = stream_from(s, seq), to, n;

	to = diff(end, s->s_fwd) >= 0 ? s->r_fwd : ctalg_journal_map(&s->journal, end, true);
	out->fin = s->fin && to == s->r_fwd;
	if (diff(to, from) <= 0) {
		stream_probe(s, out);
		return;
	}
	n = min(to - from - out->fin, (u32)CTALG_SEGMENT_MAX);
	if (n < to - from - out->fin)
		out->fin = false;
	out->seq = from;
	out->verdict = CTALG_SEGMENT_REPLACE;
	if (!ctalg_buffer_room(&out->payload, n + 1, CTALG_SEGMENT_MAX + 1, env->mem) ||
	    !ctalg_journal_copy(&s->journal, from, n, seq, data, len, out->payload.p))
		out->verdict = CTALG_SEGMENT_DROP;
	out->payload.len = n;
}

/* Gets held and new bytes into one piece. */
static bool work_gather(struct work *w, const u8 *data, u32 len)
{
	struct ctalg_buffer *held = &w->s->held;

	w->in = data;
	w->n = len;
	w->plain = true;
	if (!held->len)
		return true;
	if (!ctalg_buffer_room(held, len, CTALG_SEGMENT_IN, w->env->mem))
		return false;
	if (len)
		memcpy(held->p + held->len, data, len);
	w->held = held->len;
	held->len += len;
	w->in = held->p;
	w->n = held->len;
	return work_collect(w);
}

/* The part of the answer that went out before: [from, r_fwd). */
static bool work_repeat(struct work *w, u32 from, u32 r_fwd, u32 seq, const u8 *data, u32 len)
{
	u32 n = r_fwd - from;

	if (!n)
		return true;
	if (!ctalg_buffer_room(w->out, n, CTALG_SEGMENT_MAX, w->env->mem) ||
	    !ctalg_journal_copy(&w->s->journal, from, n, seq, data, len, w->out->p))
		return false;
	w->out->len = n;
	return true;
}

/*
 * Gets everything ready that must not fail half-way; @alone: the packet has nothing but
 * new bytes, so that it may yet leave as it is.
 */
static bool work_prepare(struct work *w, u32 seq, const u8 *data, u32 off, u32 len, bool alone)
{
	struct ctalg_stream *s = w->s;
	u32 held = s->held.len, all = held + len - off;

	/* Held bytes that the sender will not repeat must be kept however they go on. */
	if ((!stream_told(s) || ctalg_journal_room(&s->journal, 1, all, w->env->mem)) &&
	    work_repeat(w, stream_from(s, seq), s->r_fwd, seq, data, len) &&
	    work_gather(w, data ? data + off : NULL, len - off) && (alone || work_collect(w)))
		return true;
	w->env->count(w->env->ctx, CTALG_R_NO_MEMORY);
	s->held.len = held;
	return false;
}

static void stream_fin(struct ctalg_stream *s)
{
	s->fin = true;
	s->s_next++;
	s->s_fwd++;
	s->r_fwd++;
}

/* New bytes from @off of the segment on, perhaps after some that were seen before. */
static void segment_new(struct ctalg_stream *s, const struct ctalg_stream_env *env, u32 seq,
			const u8 *data, u32 off, u32 len, bool fin, struct ctalg_segment_out *out)
{
	struct work w = { .s = s, .env = env, .out = &out->payload };
	u32 from = stream_from(s, seq), most = CTALG_SEGMENT_IN - s->held.len - (s->r_fwd - from);
	bool alone = !off && from == s->r_fwd && !s->held.len, all;

	if (!alone && len - off > most) {
		len = off + most;
		fin = false;
		alone = false;
	}
	out->verdict = CTALG_SEGMENT_DROP;
	if (!work_prepare(&w, seq, data, off, len, alone))
		return;
	s->s_next += len - off;
	all = work_run(&w, fin);
	fin = fin && all;
	if (fin)
		stream_fin(s);
	out->seq = from;
	out->fin = fin;
	if (w.plain && all)
		out->verdict = CTALG_SEGMENT_PASS;
	else if (!work_collect(&w))
		env->count(env->ctx, CTALG_R_NO_MEMORY);
	else if (out->payload.len || fin)
		out->verdict = CTALG_SEGMENT_REPLACE;
	else
		stream_probe(s, out);
}

/* Nothing is known, or nothing but a constant is left to know. */
static bool stream_is_constant(const struct ctalg_stream *s)
{
	return s->mode == CTALG_STREAM_IDLE ||
	       (s->mode == CTALG_STREAM_DEAF && ctalg_stream_at_rest(s));
}

/*
 * Bytes that nobody reads, wherever they are cut: they may overtake others of their kind, a
 * constant tells their place. Not those that have to take along what was sent before.
 */
static bool stream_is_unread(const struct ctalg_stream *s, u32 seq, u32 len)
{
	u32 ahead = seq - s->s_next, unread = s->skip;

	if (s->mode == CTALG_STREAM_DEAF)
		unread = ~0U;
	return diff(seq, s->s_next) >= 0 && ahead <= unread && len <= unread - ahead &&
	       !s->held.len && !s->fin && stream_from(s, seq) == s->r_fwd;
}

bool ctalg_stream_reads(const struct ctalg_stream *s, u32 seq, u32 len)
{
	return !stream_is_constant(s) && !stream_is_unread(s, seq, len);
}

static void segment_unread(struct ctalg_stream *s, u32 seq, u32 len, struct ctalg_segment_out *out)
{
	u32 offset = ctalg_stream_offset(s), end = later(s->s_next, seq + len);

	out->verdict = CTALG_SEGMENT_PASS;
	out->seq = seq + offset;
	if (s->mode == CTALG_STREAM_IDLE)
		return;
	s->skip -= min(s->skip, end - s->s_next);
	s->s_next = end;
	s->s_fwd = end;
	s->r_fwd = end + offset;
}

void ctalg_stream_segment(struct ctalg_stream *s, const struct ctalg_stream_env *env, u32 seq,
			  const u8 *data, u32 len, bool fin, struct ctalg_segment_out *out)
{
	u32 off = s->s_next - seq;

	memset(out, 0, sizeof(*out));
	if (stream_is_constant(s)) {
		segment_unread(s, seq, len + fin, out);
		out->fin = fin;
	} else if (!fin && len && stream_is_unread(s, seq, len)) {
		segment_unread(s, seq, len, out);
	} else if (diff(s->s_next, seq) < 0) {
		env->count(env->ctx, CTALG_R_OUT_OF_ORDER);
		stream_probe(s, out);
	} else if (!fin && segment_is_plain_repeat(s, seq, len)) {
		out->verdict = CTALG_SEGMENT_PASS;
		out->seq = ctalg_journal_map(&s->journal, seq, false);
	} else if ((off >= len + fin && (off || !ctalg_stream_leftover(s))) || s->fin) {
		segment_repeat(s, env, seq, data, len, fin, out);
	} else if (s->r_fwd - stream_from(s, seq) >= CTALG_SEGMENT_IN - s->held.len) {
		segment_repeat(s, env, seq, data, min(off, len), false, out);
	} else {
		segment_new(s, env, seq, data, min(off, len), len, fin, out);
	}
}

u32 ctalg_stream_empty(const struct ctalg_stream *s, u32 seq)
{
	if (seq == s->s_next - 1)
		return s->r_fwd - 1;
	if (diff(seq, s->s_next) > 0)
		return s->r_fwd + (seq - s->s_next);
	if (diff(seq, s->s_fwd) >= 0)
		return s->r_fwd;
	return ctalg_journal_map(&s->journal, seq, false);
}

u32 ctalg_stream_urgent(const struct ctalg_stream *s, u32 seq)
{
	if (diff(seq, s->s_next) > 0)
		return seq + ctalg_stream_offset(s);
	if (diff(seq, s->s_fwd) >= 0)
		return s->r_fwd;
	return ctalg_journal_point(&s->journal, seq);
}

/* The window's right edge, moved into the sender's count. */
static u32 stream_window(const struct ctalg_stream *s, u32 r_edge, u32 s_ack, u32 offered)
{
	u32 s_edge = diff(r_edge, s->r_fwd) >= 0 ? s->s_fwd + (r_edge - s->r_fwd)
						 : ctalg_journal_unmap(&s->journal, r_edge, false);

	return diff(s_edge, s_ack) > 0 ? min(s_edge - s_ack, offered) : 0;
}

u32 ctalg_stream_ack(struct ctalg_stream *s, u32 ack, u32 *window, const struct ctalg_memory *mem)
{
	u32 s_ack;

	if (s->mode == CTALG_STREAM_IDLE)
		return ack;
	ctalg_stream_offered(s, *window);
	if (diff(ack, s->r_fwd) > 0) /* of bytes that never came through here */
		return s->s_next + (ack - s->r_fwd);
	s_ack = ack == s->r_fwd ? s->s_next : ctalg_journal_unmap(&s->journal, ack, false);
	s->s_cust = later(s_ack, s->s_cust);
	/* One that was overtaken stays old, lest it look like the sign of a loss. */
	s_ack = diff(ack, s->r_una) < 0 ? s->s_cust - 1 : s->s_cust;
	*window = stream_window(s, ack + *window, s_ack, *window);
	if (diff(ack, s->r_una) > 0) {
		s->r_una = ack;
		ctalg_journal_acked(&s->journal, ack, mem);
	}
	return s_ack;
}

bool ctalg_stream_sack(const struct ctalg_stream *s, u32 *left, u32 *right)
{
	if (s->mode == CTALG_STREAM_IDLE)
		return true;
	if (diff(*left, s->r_una) < 0 || diff(*right, s->r_fwd) > 0)
		return false;
	*left = later(ctalg_journal_unmap(&s->journal, *left, true), s->s_cust);
	*right = *right == s->r_fwd ? s->s_fwd : ctalg_journal_unmap(&s->journal, *right, false);
	return diff(*right, *left) > 0;
}
