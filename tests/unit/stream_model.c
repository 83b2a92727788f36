// SPDX-License-Identifier: GPL-2.0
/* The engine between the model's ends, as the core uses it, and a whole dialog. */
#include "stream_model.h"

enum { STEPS_MAX = 600000 };

/* What the engine is given as a context: the segment in hand. */
struct hand {
	struct model *m;
	u32 s_next;
	u8 dir;
};

static void *memory_alloc(void *ctx, u32 size)
{
	struct model *m = ctx;

	if (m->fail_one_in && !chance(m->fail_one_in))
		return NULL;
	m->allocated += size;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	struct model *m = ctx;

	m->allocated -= size;
	free(p);
}

static bool memory_full(void *ctx)
{
	const struct model *m = ctx;

	return m->full;
}

/* No message is read twice, nor a new one without memory, nor any after the reading has ended. */
static void on_message(void *ctx, const struct ctalg_message *msg, struct ctalg_edits *e)
{
	const struct hand *h = ctx;
	struct ctalg_stream *s = &h->m->s[h->dir];
	struct text *t = &h->m->end[h->dir].text;
	u32 at = s->s_fwd - t->isn;

	assert_int_equal(s->mode, CTALG_STREAM_READING);
	assert_true(at < t->len && msg->len <= t->len - at);
	assert_memory_equal(msg->data, t->say + at, msg->len);
	assert_int_equal(t->read[at], 0);
	assert_true(!h->m->full || (s32)(s->s_fwd - h->s_next) < 0);
	t->read[at] = msg->len;
	text_edit(msg, e);
}

static void on_count(void *ctx, unsigned int reason)
{
	const struct hand *h = ctx;

	h->m->counted[reason]++;
	if (reason == CTALG_R_NOT_OURS || reason == CTALG_R_OPAQUE) {
		h->m->s[0].mode = CTALG_STREAM_DEAF;
		h->m->s[1].mode = CTALG_STREAM_DEAF;
	}
}

/* What is urgent ends where it should; before what is acknowledged nobody looks. */
static void check_point(const struct model *m, u8 dir, u32 from, u32 to)
{
	const struct ctalg_stream *s = &m->s[dir];
	const struct text *t = &m->end[dir].text;
	u32 at = from - t->isn, want = t->isn, last = at;

	if (!t->exact || at > t->len)
		return;
	if ((s32)(from - s->s_next) > 0) {
		want = from + (s->r_fwd - s->s_fwd);
	} else if ((s32)(from - s->s_fwd) >= 0) {
		want = s->r_fwd;
	} else {
		want += text_point(t, at);
		while (at && t->loose[at - 1] && last < t->len && t->loose[last])
			last++;
	}
	/* Bytes that stay together are urgent together. */
	if (last != at && (s32)(to - t->isn - t->place[last]) <= 0)
		return;
	if ((s32)(want - s->r_una) <= 0)
		assert_true((s32)(to - s->r_una) <= 0);
	else
		assert_int_equal(to, want);
}

static void note_loose(struct text *t, u32 from, u32 to)
{
	for (; from != to && from - t->isn < t->len; from++)
		t->loose[from - t->isn] = true;
}

static void check_stream(const struct model *m, const struct hand *h)
{
	const struct ctalg_stream *s = &m->s[h->dir];

	assert_true(s->held.len <= CTALG_HOLD_MAX);
	assert_true((s32)(s->s_next - s->s_cust) >= 0 && (s32)(s->r_fwd - s->r_una) >= 0);
	assert_true(ctalg_journal_n(&s->journal) <= CTALG_JOURNAL_ENTRIES);
	assert_true(s->journal.text.len <= CTALG_JOURNAL_TEXT);
	if (m->full && s->held.len)
		assert_true((s32)(s->s_fwd - h->s_next) < 0);
}

static void engine_payload(struct model *m, u8 dir, struct packet *o,
			   const struct ctalg_segment_out *out)
{
	static u8 any = '?';
	u32 point = o->point;

	o->seq = out->seq;
	if (out->verdict == CTALG_SEGMENT_REPLACE) {
		o->data = out->payload.p;
		o->len = out->payload.len;
		assert_true(o->len + out->fin && o->len <= CTALG_SEGMENT_MAX);
	} else if (out->verdict == CTALG_SEGMENT_PROBE) {
		o->data = &any;
		o->len = 1;
		o->urgent = false;
		assert_int_equal(o->seq, m->s[dir].r_una - 1);
	}
	o->fin = out->fin;
	assert_true((s32)(o->seq + o->len + o->fin - m->s[dir].r_fwd) <= 0);
	if (o->urgent) {
		o->point = ctalg_stream_urgent(&m->s[dir], point);
		check_point(m, dir, point, o->point);
	}
}

/* Returns false when the packet is dropped. */
static bool engine_data(struct model *m, u8 dir, const struct packet *p, struct packet *o)
{
	const struct ctalg_memory mem = { memory_alloc, memory_free, memory_full, NULL, m };
	struct ctalg_stream *s = &m->s[dir];
	struct hand h = { .m = m, .s_next = s->s_next, .dir = dir };
	STATIC_EDITS(edits);
	const struct ctalg_stream_env env = { .proto = &model_proto,
					      .dir = dir,
					      .mem = &mem,
					      .edits = &edits,
					      .message = on_message,
					      .count = on_count,
					      .ctx = &h };
	u32 limits = m->counted[CTALG_R_LIMIT_JOURNAL], s_fwd = s->s_fwd;
	bool reads = p->len && ctalg_stream_reads(s, p->seq, p->len);
	bool told = (s32)(s->s_cust - s->s_fwd) > 0;
	struct ctalg_segment_out out;

	ctalg_stream_segment(s, &env, p->seq, reads ? p->data : NULL, p->len, p->fin, &out);
	if (told)
		note_loose(&m->end[dir].text, s_fwd, s->s_fwd);
	check_stream(m, &h);
	assert_true(m->counted[CTALG_R_LIMIT_JOURNAL] <= limits + 1);
	if (out.verdict != CTALG_SEGMENT_DROP) {
		engine_payload(m, dir, o, &out);
		link_put(m, &m->out[dir], o);
	}
	assert_true(out.verdict != CTALG_SEGMENT_DROP || m->fail_one_in);
	ctalg_buffer_free(&out.payload, &mem);
	return out.verdict != CTALG_SEGMENT_DROP;
}

static void engine_packet(struct model *m, u8 dir, const struct packet *p)
{
	const struct ctalg_memory mem = { memory_alloc, memory_free, memory_full, NULL, m };
	struct ctalg_stream *other = &m->s[!dir];
	struct packet o = *p;

	o.ack = ctalg_stream_ack(other, p->ack, &o.window, &mem);
	assert_true(o.window <= p->window);
	if (o.block_left != o.block_right &&
	    !ctalg_stream_sack(other, &o.block_left, &o.block_right))
		o.block_left = o.block_right;
	if (p->len || p->fin || ctalg_stream_leftover(&m->s[dir])) {
		engine_data(m, dir, p, &o);
		return;
	}
	o.urgent = false;
	o.seq = ctalg_stream_empty(&m->s[dir], p->seq);
	link_put(m, &m->out[dir], &o);
}

/* In calm a link that is full makes its sender wait. */
static bool model_deliver(struct model *m, u8 dir, bool out)
{
	struct link *l = out ? &m->out[dir] : &m->in[dir];
	const struct link *next = out ? &m->in[!dir] : &m->out[dir];
	struct packet p;

	if ((m->calm && next->n >= LINK_MAX - 1) || !link_get(l, &p))
		return false;
	if (out)
		end_packet(m, !dir, &p);
	else
		engine_packet(m, dir, &p);
	free(p.data);
	return true;
}

static bool model_act(struct model *m, u32 what)
{
	u8 dir = what & 1;

	if (m->fills && !chance(50))
		m->full = !m->full;
	if (what < 2)
		return end_step(m, dir);
	return model_deliver(m, dir, what >= 4);
}

/* In calm something can always be done until all is done: no timer is waited for. */
static void model_step(struct model *m)
{
	u32 what = chance(6), i;

	for (i = 0; !model_act(m, (what + i) % 6) && m->calm; i++)
		if (i == 6)
			fail_msg("all wait: una %u, %u of %u, %u", m->end[0].una, m->end[1].una,
				 m->end[0].text.len, m->end[1].text.len);
}

static void end_conditions(struct model *m, u8 dir, bool small, bool exact)
{
	static const u32 sizes[] = { 3, 10, 40, 100, 536, 1460, 9000, 65000 };
	struct end *e = &m->end[dir];
	u32 isn[] = { chance(1U << 30), 0U - chance(2000), 0x80000000U - chance(2000) };

	e->text.isn = isn[chance(3)];
	e->text.exact = exact && e->text.longest <= CTALG_HOLD_MAX && !m->end[!dir].text.opaque;
	e->room_max = m->calm || e->text.exact || !small ? 300000 : 1100 + chance(3000);
	e->room = e->room_max;
	e->size = sizes[m->calm ? chance(5) : chance(8)];
	if (e->text.len > 2000 && e->size < 200)
		e->size *= 100;
	e->nagle = !chance(3);
	e->late_fin = chance(2);
	e->uses_sack = m->calm || chance(2);
	e->delayed = chance(2);
	e->slow = !m->calm && !chance(4);
	e->strict = !chance(4);
	e->last_window = ~0U;
}

/* With a small window, or without memory, long lines may go on unread. */
static void model_conditions(struct model *m)
{
	bool small = !chance(4), exact;
	u8 dir;

	m->loss = m->calm ? 0 : chance(3) * 12;
	m->dup = m->calm ? 0 : chance(3) * 10;
	m->ordered = m->calm || !chance(4);
	m->fail_one_in = m->calm || chance(6) ? 0 : 20;
	m->fills = !chance(6);
	exact = !small && !m->fail_one_in && !m->fills;
	for (dir = 0; dir < 2; dir++)
		end_conditions(m, dir, small, exact);
	if (!m->fail_one_in && !m->fills && !m->end[0].text.opaque && !m->end[1].text.opaque)
		m->must = CTALG_WINDOW_MIN / 2;
	for (dir = 0; dir < 2; dir++) {
		ctalg_stream_start(&m->s[dir], m->end[dir].text.isn);
		if (m->end[dir].text.exact)
			m->s[dir].win_max = 2 * CTALG_HOLD_MAX;
		m->end[dir].edge = m->end[!dir].room;
	}
}

static u32 text_len(const struct model *m)
{
	if (m->calm || chance(3))
		return 1 + chance(600);
	if (chance(20))
		return 1 + chance(10000);
	return 1 + chance(TEXT_MAX - 10);
}

static void model_end(struct model *m)
{
	const struct ctalg_memory mem = { memory_alloc, memory_free, memory_full, NULL, m };
	struct packet p;
	u8 dir;

	for (dir = 0; dir < 2; dir++) {
		while (link_get(&m->in[dir], &p))
			free(p.data);
		while (link_get(&m->out[dir], &p))
			free(p.data);
		ctalg_stream_free(&m->s[dir], &mem);
	}
	assert_int_equal(m->allocated, 0);
	free(m);
}

static bool model_is_done(const struct model *m)
{
	return m->end[0].una > m->end[0].text.len && m->end[1].una > m->end[1].text.len;
}

/* From here on nothing goes wrong any more. */
static void model_calm_down(struct model *m)
{
	m->loss = m->dup = m->fail_one_in = 0;
	m->end[0].slow = m->end[1].slow = false;
	m->end[0].room = m->end[0].room_max;
	m->end[1].room = m->end[1].room_max;
}

void model_run(struct tally *t)
{
	struct model *m = calloc(1, sizeof(*m));
	u32 steps, i;
	bool failing;

	assert_non_null(m);
	m->calm = !chance(4);
	text_make(&m->end[0].text, text_len(m));
	text_make(&m->end[1].text, text_len(m));
	model_conditions(m);
	failing = m->fail_one_in;
	for (steps = 0; !model_is_done(m); steps++) {
		if (steps > STEPS_MAX)
			fail_msg("stuck: una %u, %u of %u, %u", m->end[0].una, m->end[1].una,
				 m->end[0].text.len, m->end[1].text.len);
		if (steps == STEPS_MAX / 2)
			model_calm_down(m);
		model_step(m);
	}
	m->fail_one_in = failing;
	text_check_all(m, 0);
	text_check_all(m, 1);
	m->fail_one_in = 0;
	t->dialogs++;
	t->calm += m->calm;
	t->steps += steps;
	for (i = 0; i < CTALG_R_MAX; i++)
		t->counted[i] += m->counted[i];
	model_end(m);
}
