// SPDX-License-Identifier: GPL-2.0
/*
 * The stream engine between a model sender and a model receiver, over links that lose,
 * repeat and reorder, against a naive rewriting of the whole text.
 *
 * STREAM_MODEL_SEED and STREAM_MODEL_RUNS choose what is run; a failure prints its seed.
 */
#include "unit.h"

#include "src/engine/stream.h"

enum {
	RUNS = 1500,
	TEXT_MAX = 130000,
	WANT_MAX = 4 * TEXT_MAX,
	LINK_MAX = 256,
	STEPS_MAX = 400000,
};

static u64 rng;

static u32 chance(u32 n)
{
	return rnd_below(&rng, n);
}

/* A protocol of lines, in which "@" stands for something longer and "#####" for something shorter. */
static struct ctalg_frame model_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	(void)state;
	(void)dir;
	(void)seen;
	return ctalg_frame_line(data, len);
}

static const struct ctalg_proto model_proto = {
	.name = "model",
	.max_message = 65535,
	.frame = model_frame,
};

static u32 token(const u8 *p, u32 len, const char **text)
{
	if (len >= 1 && p[0] == '@') {
		*text = "<at-sign>";
		return 1;
	}
	if (len >= 5 && !memcmp(p, "#####", 5)) {
		*text = "5";
		return 5;
	}
	return 0;
}

static void model_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	const char *text;
	u32 i, n;

	(void)ctx;
	for (i = 0; i < m->len; i += n ? n : 1) {
		struct ctalg_span at = { .off = i };

		n = token(m->data + i, m->len - i, &text);
		at.len = n;
		if (n && !ctalg_edits_add(e, at, text, (u32)strlen(text)))
			break;
	}
}

static void model_count(void *ctx, unsigned int reason)
{
	(void)ctx;
	(void)reason;
}

static u32 allocated, fail_one_in;

static void *model_alloc(void *ctx, u32 size)
{
	(void)ctx;
	if (fail_one_in && !chance(fail_one_in))
		return NULL;
	allocated += size;
	return malloc(size);
}

static void model_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	allocated -= size;
	free(p);
}

static const struct ctalg_memory model_mem = { .alloc = model_alloc, .free = model_free };

static const struct ctalg_stream_env model_env = {
	.proto = &model_proto,
	.mem = &model_mem,
	.message = model_message,
	.count = model_count,
};

/* A packet on a link; on the way back @seq is the acknowledgement and the rest a SACK block. */
struct packet {
	u32 seq;
	u32 len;
	u32 window;
	u32 left, right;
	bool fin;
	u8 *data;
};

struct link {
	struct packet q[LINK_MAX];
	u32 n;
};

/*
 * Places in the text and in what is received count from 0. @una, @nxt, @edge and
 * @sacked are the sender's, @got to @pending the receiver's; @r_of tells where each byte
 * of the text should arrive, and @fin_at where the FIN did. @must is the length up to
 * which a line has to be rewritten; 0 if memory may fail.
 */
struct model {
	u8 text[TEXT_MAX], want[WANT_MAX], got[WANT_MAX];
	bool have[WANT_MAX], sacked[TEXT_MAX + 2];
	u32 r_of[TEXT_MAX + 2];
	u32 len, want_len, isn, una, nxt, edge, rcv, window, end, fin_at, must;
	u32 loss, dup;
	bool exact, nagle, late_fin, delayed, pending, uses_sack;
	struct ctalg_stream s;
	struct link to_engine, to_receiver, to_sender, acks;
};

static void link_put(const struct model *m, struct link *l, const struct packet *p)
{
	u32 copies = chance(100) < m->loss ? 0 : chance(100) < m->dup ? 2 : 1, at;

	for (; copies && l->n < LINK_MAX; copies--) {
		struct packet c = *p;

		c.data = exact(p->data, p->len);
		at = chance(5) ? l->n : chance(l->n + 1);
		memmove(&l->q[at + 1], &l->q[at], (l->n - at) * sizeof(c));
		l->q[at] = c;
		l->n++;
	}
}

static bool link_get(struct link *l, struct packet *p)
{
	if (!l->n)
		return false;
	*p = l->q[0];
	memmove(&l->q[0], &l->q[1], --l->n * sizeof(*p));
	return true;
}

static void link_drain(struct link *l)
{
	struct packet p;

	while (link_get(l, &p))
		free(p.data);
}

static void model_text(struct model *m)
{
	static const char letters[] = "abc \n\n@@#xyz";
	u32 i, style = chance(4);

	m->len = 1 + chance(style == 3 ? 20000 : 600);
	if (!chance(60))
		m->len = 1 + chance(TEXT_MAX - 10);
	for (i = 0; i < m->len; i++) {
		m->text[i] = (u8)letters[chance(sizeof(letters) - 1)];
		if (style == 2 && m->text[i] == '\n' && chance(20))
			m->text[i] = 'n';
		if (!chance(12) && i + 5 < m->len) {
			memcpy(m->text + i, "#####", 5);
			i += 4;
		}
	}
}

/* Notes where the bytes of a line go. */
static void model_place(struct model *m, u32 from, u32 len, const struct ctalg_edits *e)
{
	u32 i, k, at = 0, r = m->want_len;

	for (i = 0; i < len; i += k) {
		bool edited = at < e->n && e->edit[at].at.off == i;
		u32 n = edited ? e->edit[at].at.len : 1;

		for (k = 0; k < n; k++)
			m->r_of[from + i + k] = r;
		r += edited ? e->edit[at++].len : 1;
	}
}

/* The line at @from; the last one has no end and stays as it is. */
static u32 model_line(const struct model *m, u32 from, struct ctalg_edits *e)
{
	struct ctalg_message msg = { .data = m->text + from };
	const u8 *end = memchr(msg.data, '\n', m->len - from);

	ctalg_edits_init(e);
	msg.len = end ? (u32)(end - msg.data) + 1 : m->len - from;
	if (end)
		model_message(NULL, &msg, e);
	return msg.len;
}

/* What should arrive: whole lines are rewritten, up to 16 tokens each. */
static void model_want(struct model *m)
{
	struct ctalg_edits e;
	u32 from, n;

	for (from = 0; from < m->len; from += n) {
		n = model_line(m, from, &e);
		model_place(m, from, n, &e);
		m->want_len += ctalg_edits_apply(&e, m->text + from, n, m->want + m->want_len,
						 WANT_MAX - 100 - m->want_len);
	}
	m->r_of[m->len] = m->want_len;
	m->r_of[m->len + 1] = m->want_len + 1;
}

/* Whoever has sent FIN may send it again with or without the data before it. */
static void sender_send(struct model *m, u32 from, u32 most)
{
	u32 start = min(from, m->len), to = start + min(most, m->len - start);
	struct packet p = { .seq = m->isn + start, .data = m->text + start };

	if (to > m->edge)
		to = m->edge > start ? m->edge : start;
	p.len = to - start;
	p.fin = to == m->len && (!m->late_fin || !p.len || chance(2));
	if (!p.len && !p.fin)
		return;
	link_put(m, &m->to_engine, &p);
	if (to + p.fin > m->nxt)
		m->nxt = to + p.fin;
}

/* From the first byte not known to be received to the next that is. */
static void sender_repeat(struct model *m, u32 most)
{
	u32 from = m->una, to;

	while (m->uses_sack && from < m->nxt && m->sacked[from])
		from++;
	if (from == m->nxt)
		from = m->una;
	for (to = from; to < m->nxt && to - from < most && !m->sacked[to]; to++)
		;
	sender_send(m, from, m->uses_sack && to > from ? to - from : most);
}

/* A keep-alive or window probe. */
static void sender_probe(struct model *m)
{
	struct packet p = { .seq = m->isn + m->una - 1 };

	link_put(m, &m->to_engine, &p);
}

static void sender_step(struct model *m)
{
	static const u32 sizes[] = { 1, 3, 10, 100, 536, 1460, 9000, 65000 };
	u32 most = 1 + chance(sizes[chance(ARRAY_SIZE(sizes))]);

	if (!chance(30))
		sender_probe(m);
	else if (m->una < m->nxt && !chance(3))
		sender_repeat(m, most);
	else if (m->una < m->nxt && !chance(10))
		sender_send(m, m->una + chance(m->nxt - m->una), most);
	else if (m->nxt <= m->len && (!m->nagle || m->una == m->nxt))
		sender_send(m, m->nxt, most);
}

/* What is called received has been received, all that became of it. */
static void sender_sacked(struct model *m, u32 left, u32 right)
{
	u32 r, s;

	assert_true(left < right && right <= m->nxt && left >= m->una - min(m->una, 1U << 20));
	for (r = m->r_of[left]; m->exact && r < m->r_of[right]; r++)
		assert_true(m->have[r]);
	for (s = left; s < right; s++)
		m->sacked[s] = true;
}

/* One byte before the first is how an acknowledgement that was overtaken may look. */
static void sender_ack(struct model *m, const struct packet *p)
{
	u32 ack = p->seq - m->isn;

	assert_true(ack + 1 <= m->nxt + 1);
	if (ack == ~0U)
		return;
	if (p->left != p->right)
		sender_sacked(m, p->left - m->isn, p->right - m->isn);
	if (ack > m->una)
		m->una = ack;
	if (ack + p->window > m->edge)
		m->edge = ack + p->window;
}

static void engine_payload(struct model *m, const struct packet *p,
			   const struct ctalg_segment_out *out)
{
	struct packet o = { .seq = out->seq, .len = p->len, .fin = p->fin, .data = p->data };
	u8 any = '?';

	if (out->verdict == CTALG_SEGMENT_REPLACE) {
		o.data = out->payload.p;
		o.len = out->payload.len;
		o.fin = out->fin;
		assert_true(o.len + o.fin && o.len <= CTALG_SEGMENT_MAX + 1024);
	} else if (out->verdict == CTALG_SEGMENT_PROBE) {
		o.data = &any;
		o.len = 1;
		o.fin = false;
		assert_int_equal(o.seq, m->s.r_una - 1);
	}
	link_put(m, &m->to_receiver, &o);
}

static void engine_data(struct model *m, const struct packet *p)
{
	struct packet empty = { .len = 0 };
	struct ctalg_segment_out out;

	if (!p->len && !p->fin) {
		empty.seq = ctalg_stream_empty(&m->s, p->seq);
		link_put(m, &m->to_receiver, &empty);
		return;
	}
	ctalg_stream_segment(&m->s, &model_env, p->seq, p->data, p->len, p->fin, &out);
	if (out.verdict != CTALG_SEGMENT_DROP)
		engine_payload(m, p, &out);
	ctalg_buffer_free(&out.payload, &model_mem);
}

static void engine_ack(struct model *m, const struct packet *p)
{
	struct packet o = *p;

	o.seq = ctalg_stream_ack(&m->s, p->seq, &o.window, &model_mem);
	assert_true(o.window <= p->window);
	if (o.left != o.right && !ctalg_stream_sack(&m->s, &o.left, &o.right))
		o.left = o.right;
	link_put(m, &m->to_sender, &o);
}

static void receiver_byte(struct model *m, u32 off, u8 c)
{
	if (m->have[off])
		assert_int_equal(c, m->got[off]);
	if (m->exact)
		assert_int_equal(c, m->want[off]);
	m->got[off] = c;
	m->have[off] = true;
}

/* The first block above what is received without a hole. */
static void receiver_block(const struct model *m, struct packet *a)
{
	u32 i = m->rcv;

	while (i <= m->end && !m->have[i])
		i++;
	if (i > m->end)
		return;
	a->left = m->isn + i;
	while (i <= m->end && m->have[i])
		i++;
	a->right = m->isn + i;
}

static void receiver_ack(struct model *m)
{
	struct packet a = { .seq = m->isn + m->rcv, .window = m->window };

	receiver_block(m, &a);
	link_put(m, &m->acks, &a);
	m->pending = false;
}

static void receiver_take(struct model *m, const struct packet *p)
{
	u32 i, off = p->seq - m->isn;

	for (i = 0; i < p->len + p->fin; i++, off++) {
		if ((s32)off < (s32)m->rcv)
			continue;
		assert_true(off < WANT_MAX && (!m->exact || off <= m->want_len));
		if (off > m->end)
			m->end = off;
		if (i < p->len)
			receiver_byte(m, off, p->data[i]);
		else
			m->have[m->fin_at = off] = true;
	}
	while (m->rcv <= m->end && m->have[m->rcv])
		m->rcv++;
}

/* Only what is new and in order may be acknowledged later. */
static void receiver_data(struct model *m, const struct packet *p)
{
	u32 rcv = m->rcv;

	receiver_take(m, p);
	if (!p->len && !p->fin && p->seq == m->isn + rcv)
		return;
	if (m->delayed && m->rcv > rcv && m->rcv == m->end + 1 && !m->pending)
		m->pending = true;
	else
		receiver_ack(m);
}

/* A line that had no room or time may go on as it came; it may not become anything else. */
static void receiver_check_lines(const struct model *m)
{
	static u8 edited[WANT_MAX];
	u32 from, r = 0, n, k;
	struct ctalg_edits e;

	for (from = 0; from < m->len; from += n) {
		n = model_line(m, from, &e);
		k = ctalg_edits_apply(&e, m->text + from, n, edited, sizeof(edited));
		if (r + k > m->fin_at || memcmp(m->got + r, edited, k)) {
			assert_true(n > m->must);
			assert_memory_equal(m->got + r, m->text + from, n);
			k = n;
		}
		r += k;
	}
	assert_int_equal(r, m->fin_at);
}

static void receiver_check(const struct model *m)
{
	assert_int_equal(m->rcv, m->fin_at + 1);
	if (m->exact) {
		assert_int_equal(m->fin_at, m->want_len);
		assert_memory_equal(m->got, m->want, m->want_len);
	} else {
		receiver_check_lines(m);
	}
}

static void model_deliver(struct model *m, struct link *l,
			  void (*to)(struct model *, const struct packet *))
{
	struct packet p;

	if (!link_get(l, &p))
		return;
	to(m, &p);
	free(p.data);
}

static void model_step(struct model *m)
{
	switch (chance(6)) {
	case 0:
		sender_step(m);
		break;
	case 1:
		model_deliver(m, &m->to_engine, engine_data);
		break;
	case 2:
		model_deliver(m, &m->to_receiver, receiver_data);
		break;
	case 3:
		model_deliver(m, &m->acks, engine_ack);
		if (m->pending && !chance(8))
			receiver_ack(m);
		break;
	default:
		model_deliver(m, &m->to_sender, sender_ack);
		break;
	}
}

/* With a small window, or without memory, long lines may go on unread. */
static void model_conditions(struct model *m)
{
	bool small = !chance(4);

	m->isn = chance(3) ? chance(1U << 30) : 0U - chance(2000);
	m->window = small ? 1100 + chance(3000) : chance(4) ? 64240 : 200000;
	m->edge = m->window;
	m->loss = chance(3) * 12;
	m->dup = chance(3) * 10;
	fail_one_in = chance(6) ? 0 : 20;
	m->must = fail_one_in ? 0 : CTALG_WINDOW_MIN / 2;
	m->exact = !small && !fail_one_in && m->len <= CTALG_HOLD_MAX;
	m->nagle = !chance(3);
	m->late_fin = chance(2);
	m->delayed = chance(2);
	m->uses_sack = chance(2);
	ctalg_stream_start(&m->s, m->isn);
	if (m->exact)
		m->s.win_max = 2 * CTALG_HOLD_MAX;
}

static void model_end(struct model *m)
{
	link_drain(&m->to_engine);
	link_drain(&m->to_receiver);
	link_drain(&m->to_sender);
	link_drain(&m->acks);
	ctalg_stream_free(&m->s, &model_mem);
	assert_int_equal(allocated, 0);
	free(m);
}

static void model_run(u64 seed)
{
	struct model *m = calloc(1, sizeof(*m));
	u32 steps;

	assert_non_null(m);
	rng = seed * 2654435761U + 88172645463325252U;
	model_text(m);
	model_want(m);
	model_conditions(m);
	for (steps = 0; m->una <= m->len; steps++) {
		if (steps > STEPS_MAX)
			fail_msg("stuck: una %u nxt %u len %u rcv %u want %u", m->una, m->nxt,
				 m->len, m->rcv, m->want_len);
		if (steps == STEPS_MAX / 2)
			m->loss = m->dup = 0;
		model_step(m);
	}
	receiver_check(m);
	model_end(m);
}

static u64 running;

static void random_dialogs(void **unused)
{
	const char *seed = getenv("STREAM_MODEL_SEED"), *runs = getenv("STREAM_MODEL_RUNS");
	u64 from = seed ? strtoull(seed, NULL, 0) : 1, n = runs ? strtoull(runs, NULL, 0) : RUNS;

	(void)unused;
	for (running = from; running < from + n; running++)
		model_run(running);
	running = 0;
}

static int say_seed(void **unused)
{
	(void)unused;
	if (running)
		print_error("STREAM_MODEL_SEED=%llu\n", (unsigned long long)running);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(random_dialogs, say_seed),
	};

	return cmocka_run_group_tests_name("stream_model", tests, NULL, NULL);
}
