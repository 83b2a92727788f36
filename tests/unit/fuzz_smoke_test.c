// SPDX-License-Identifier: GPL-2.0
/*
 * Mutated dialogs through stream, parser, plan and edits, with what must hold for
 * any input at all. A few seconds; the fuzzers go on from here.
 */
#include "unit.h"

#include "helpers/ftp/ftp_parse.h"
#include "helpers/tftp/tftp_parse.h"
#include "src/engine/plan.h"
#include "src/engine/stream.h"

/* Room for one message; what was in it before is still there. */
STATIC_REPORT(report);
STATIC_REPORT(report_again);
STATIC_EDITS(edits);
STATIC_PLAN_ROOM(room);

enum { ROUNDS = 20000, SEGMENTS = 10, SEGMENT_MAX = 160, MESSAGE_MAX = SEGMENTS * SEGMENT_MAX };

static const char *const ftp_lines[] = {
	"USER a\r\n",
	"PORT 10,0,0,2,4,1\r\n",
	"PORT 203,0,113,1,19,137\r\n",
	"EPRT |1|10.0.0.2|1025|\r\n",
	"EPRT |2|fd00::2|1025|\n",
	"EPSV ALL\r\n",
	"AUTH TLS\r\n",
	"RETR x\r\n",
	"PASV\r\n",
	"220 hi\r\n",
	"220-hi\r\n",
	"227-\r\n",
	"227 Entering Passive Mode (10,0,0,2,4,1).\r\n",
	"10,0,0,2,4,1\r\n",
	"229 Extended (|||1025|)\r\n",
	"234 go\r\n",
	"500 no\r\n",
	"213-x\r\n",
	"213 \r\n",
	"\x16\x03\x01\x01\x05",
	"PORT 10,0,0,256,4,1\r\n",
	"150 \r\n",
};

/* A flow with both its directions. */
struct flow {
	const struct ctalg_proto *proto;
	struct ctalg_view view;
	struct ctalg_stream stream[2];
	u64 state[CTALG_PROTO_STATE / sizeof(u64)];
	u64 seed;
	u32 messages, edited;
};

static unsigned int open_pinhole(void *ctx, struct ctalg_opening *o)
{
	struct flow *f = ctx;

	assert_true(o->outside_port != 0 && o->inside_port != 0);
	if (rnd_below(&f->seed, 8) == 0)
		return CTALG_R_NO_PORT;
	if (!o->fixed_port)
		o->outside_port = (u16)(1024 + rnd_below(&f->seed, 64512));
	return CTALG_R_NONE;
}

static void undo(void *ctx)
{
	(void)ctx;
}

static const struct ctalg_plan_ops plan_ops = { .open = open_pinhole, .undo = undo };

static void check_span(struct ctalg_span at, u32 len)
{
	assert_true(at.off <= len && at.len <= len - at.off);
}

static void check_report(const struct flow *f, const struct ctalg_report *r,
			 const struct ctalg_message *m)
{
	u16 i;

	assert_true(r->kind < f->proto->n_kinds);
	assert_true(r->reason < CTALG_R_SHARED_MAX ||
		    (u32)(r->reason - CTALG_R_PRIVATE) < f->proto->n_reasons);
	assert_false(r->reason && r->n_endpoints);
	check_span(r->user, m->len);
	check_span(r->object, m->len);
	for (i = 0; i < r->n_tokens; i++) {
		assert_true(r->token[i].at.len > 0 && r->token[i].endpoint < r->n_endpoints);
		check_span(r->token[i].at, m->len);
	}
	for (i = 0; i < r->n_wants; i++)
		assert_true(r->want[i].endpoint < r->n_endpoints);
}

/* The same state over the edited message finds an endpoint in the same place. */
static void check_edited(struct flow *f, const struct ctalg_report *r,
			 const struct ctalg_message *m, const u64 *before,
			 const struct ctalg_edits *e)
{
	struct ctalg_report *again = &report_again;
	struct ctalg_message out = { .dir = m->dir };
	u64 state[CTALG_PROTO_STATE / sizeof(u64)];
	u8 buf[MESSAGE_MAX + 200];

	out.len = ctalg_edits_apply(e, m->data, m->len, buf, sizeof(buf));
	assert_int_equal(out.len, (s32)m->len + ctalg_edits_delta(e));
	out.data = buf;
	memcpy(state, before, sizeof(state));
	ctalg_report_init(again);
	f->proto->parse(state, &out, again);
	assert_int_equal(again->kind, r->kind);
	assert_int_equal(again->n_endpoints, r->n_endpoints);
	assert_int_equal(again->token[0].at.off, r->token[0].at.off);
	if (again->endpoint[0].addr.family)
		assert_true(ctalg_addr_eq(&again->endpoint[0].addr, &f->view.self_out));
	f->edited++;
}

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	u64 before[CTALG_PROTO_STATE / sizeof(u64)];
	struct ctalg_report *r = &report;
	struct flow *f = ctx;
	struct ctalg_grant grant;
	unsigned int reason;

	assert_true(m->len > 0 && e->n == 0);
	memcpy(before, f->state, sizeof(before));
	ctalg_report_init(r);
	f->proto->parse(f->state, m, r);
	check_report(f, r, m);
	ctalg_grant_find(&grant, NULL, NULL, rnd(&f->seed) & 3);
	reason = ctalg_plan_message(r, m, &f->view, &grant, &plan_ops, f, e, 0, &room);
	if (reason)
		assert_int_equal(e->n, 0);
	if (e->n)
		check_edited(f, r, m, before, e);
	f->messages++;
}

static void on_count(void *ctx, unsigned int reason)
{
	(void)ctx;
	assert_true(reason > 0 && reason < CTALG_R_MAX);
}

static u32 allocated;

/* With a seed for a context memory fails now and then. */
static void *memory_alloc(void *ctx, u32 size)
{
	if (ctx && rnd_below(ctx, 200) == 0)
		return NULL;
	allocated += size;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	allocated -= size;
	free(p);
}

static u64 memory_seed = 99;
static const struct ctalg_memory memory = {
	.alloc = memory_alloc,
	.free = memory_free,
	.ctx = &memory_seed,
};
static const struct ctalg_memory plenty = { .alloc = memory_alloc, .free = memory_free };

static void flow_begin(struct flow *f, const struct ctalg_proto *p, u64 seed)
{
	static const char *const faces[][3] = {
		{ "10.0.0.2", "203.0.113.1", "198.51.100.1" },
		{ "10.0.0.2", "10.0.0.2", "198.51.100.1" },
		{ "fd00::2", "2001:db8::1", "2001:db8:1::1" },
	};
	const char *const *face = faces[seed % 3];

	memset(f, 0, sizeof(*f));
	f->proto = p;
	f->seed = seed * 2654435761U + 1;
	f->view.self = addr_of(face[0]);
	f->view.self_out = addr_of(face[1]);
	f->view.peer = addr_of(face[2]);
	f->view.self_port = 4000;
	f->view.self_out_port = 5000;
	ctalg_stream_start(&f->stream[0], 0U - rnd_below(&f->seed, 1000));
	ctalg_stream_start(&f->stream[1], 0U - rnd_below(&f->seed, 1000));
}

/* Lines one after another; then some bytes become others, vanish or are doubled. */
static u32 make_segment(struct flow *f, u8 *buf)
{
	u32 len = 0, lines = 1 + rnd_below(&f->seed, 4), i;

	for (i = 0; i < lines; i++) {
		const char *line = ftp_lines[rnd_below(&f->seed, ARRAY_SIZE(ftp_lines))];
		u32 n = min((u32)strlen(line), SEGMENT_MAX - len);

		memcpy(buf + len, line, n);
		len += n;
	}
	for (i = rnd_below(&f->seed, 6); i > 2 && len; i--) {
		u32 at = rnd_below(&f->seed, len);

		if (i == 3)
			buf[at] = (u8)rnd(&f->seed);
		else if (i == 4)
			buf[at] = buf[rnd_below(&f->seed, len)];
		else
			memmove(buf + at, buf + at + 1, --len - at);
	}
	return rnd_below(&f->seed, 4) ? len : rnd_below(&f->seed, len + 1);
}

static u8 flow_segment(struct flow *f, u8 dir, u32 seq, const u8 *buf, u32 len)
{
	const struct ctalg_stream_env env = {
		.proto = f->proto,
		.state = f->state,
		.dir = dir,
		.mem = &memory,
		.edits = &edits,
		.message = on_message,
		.count = on_count,
		.ctx = f,
	};
	struct ctalg_stream *s = &f->stream[dir];
	struct ctalg_segment_out out;
	u8 *data = exact(buf, len);

	ctalg_stream_segment(s, &env, seq, data, len, false, &out);
	if (out.verdict == CTALG_SEGMENT_REPLACE)
		assert_true(out.payload.len > 0 &&
			    (s32)(out.seq + out.payload.len - s->r_fwd) <= 0);
	if (out.verdict == CTALG_SEGMENT_PROBE)
		assert_int_equal(out.seq, s->r_una - 1);
	ctalg_buffer_free(&out.payload, &memory);
	free(data);
	return out.verdict;
}

/* The receiver has some of what it was sent, or all; the sender learns of bytes it has sent. */
static void flow_ack(struct flow *f, u8 dir)
{
	struct ctalg_stream *s = &f->stream[dir];
	u32 sent = s->r_fwd - s->r_una, window = 65535, ack;

	ack = s->r_fwd - (rnd_below(&f->seed, 2) ? 0 : rnd_below(&f->seed, sent + 1));
	ack = ctalg_stream_ack(s, ack, &window, &memory);
	assert_true((s32)(s->s_next - ack) >= 0);
	assert_true(window <= 65535);
}

/* As a sender does, what was not taken is offered again-> */
static void feed(struct flow *f, u8 dir, u32 seq, const u8 *buf, u32 len)
{
	while (len && flow_segment(f, dir, seq, buf, len) == CTALG_SEGMENT_DROP)
		;
	if (rnd_below(&f->seed, 2))
		flow_ack(f, dir);
}

static void flow_end(struct flow *f)
{
	ctalg_stream_free(&f->stream[0], &memory);
	ctalg_stream_free(&f->stream[1], &memory);
	assert_int_equal(allocated, 0);
}

static void ftp_flows(void **unused)
{
	u32 round, i, messages = 0, edited = 0;
	u8 buf[SEGMENT_MAX + 1];
	struct flow f;

	(void)unused;
	for (round = 1; round <= ROUNDS; round++) {
		flow_begin(&f, &ftp_proto, round);
		if (round % 8) {
			feed(&f, CTALG_DIR_REPLY, f.stream[1].s_next, (const u8 *)"220 hi\r\n", 8);
			feed(&f, CTALG_DIR_ORIG, f.stream[0].s_next, (const u8 *)"USER a\r\n", 8);
		}
		for (i = 0; i < SEGMENTS; i++) {
			u8 dir = (u8)rnd_below(&f.seed, 2);
			u32 len = make_segment(&f, buf);
			u32 seq = f.stream[dir].s_next;

			if (i > 1 && rnd_below(&f.seed, 4) == 0)
				seq += rnd_below(&f.seed, 40) - 30;
			feed(&f, dir, seq, buf, len);
		}
		flow_end(&f);
		messages += f.messages;
		edited += f.edited;
	}
	/* Else the inputs have become too wild to test anything. */
	assert_true(messages > 10 * ROUNDS && edited > ROUNDS / 2);
}

/* The bytes of one direction, cut at random places: what is found does not depend on them. */
struct found {
	u32 at[64];
	u32 n;
	struct ctalg_stream stream;
	u64 state[CTALG_PROTO_STATE / sizeof(u64)];
};

static void find_endpoints(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	struct ctalg_report *r = &report;
	struct found *found = ctx;

	(void)e;
	ctalg_report_init(r);
	ftp_proto.parse(found->state, m, r);
	if (r->n_wants && found->n < ARRAY_SIZE(found->at))
		found->at[found->n++] = found->stream.s_fwd + r->token[0].at.off;
}

static void find_segment(struct found *found, const u8 *buf, u32 len)
{
	const struct ctalg_stream_env env = {
		.proto = &ftp_proto,
		.state = found->state,
		.mem = &plenty,
		.edits = &edits,
		.message = find_endpoints,
		.count = on_count,
		.ctx = found,
	};
	struct ctalg_stream *s = &found->stream;
	struct ctalg_segment_out out;

	ctalg_stream_segment(s, &env, s->s_next, buf, len, false, &out);
	assert_int_not_equal(out.verdict, CTALG_SEGMENT_DROP);
	ctalg_buffer_free(&out.payload, &plenty);
}

/* In segments of up to @most bytes; 0: all in one. */
static void find(struct found *found, const u8 *buf, u32 len, u32 most, u64 *seed)
{
	u32 from, n, window = 65535;

	memset(found, 0, sizeof(*found));
	ctalg_stream_start(&found->stream, 0U - 20);
	for (from = 0; from < len; from += n) {
		n = most ? min(1 + rnd_below(seed, most), len - from) : len;
		find_segment(found, buf + from, n);
		ctalg_stream_ack(&found->stream, found->stream.r_fwd, &window, &plenty);
	}
	ctalg_stream_free(&found->stream, &plenty);
	assert_int_equal(allocated, 0);
}

static void a_cut_changes_nothing(void **unused)
{
	static const char *const lines[] = { "USER a\r\n",
					     "PORT 10,0,0,2,4,1\r\n",
					     "PORT 10,0,0,2,41,11\n",
					     "EPRT |1|10.0.0.2|1025|\r\n",
					     "NOOP\r\n",
					     "x PORT 1,2,3,4,5,6\n" };
	struct found whole, cut;
	u64 seed = 2428;
	char text[400];
	u32 round, i, len;

	(void)unused;
	for (round = 0; round < 4000; round++) {
		strcpy(text, "USER a\r\n");
		for (i = 0; i < 8; i++)
			strcat(text, lines[rnd_below(&seed, ARRAY_SIZE(lines))]);
		len = (u32)strlen(text);
		find(&whole, (u8 *)text, len, 0, &seed);
		find(&cut, (u8 *)text, len, 1 + rnd_below(&seed, 60), &seed);
		assert_int_equal(cut.n, whole.n);
		assert_memory_equal(cut.at, whole.at, whole.n * sizeof(whole.at[0]));
	}
}

static void random_bytes(void **unused)
{
	static const struct ctalg_proto *const protos[] = { &ftp_proto, &tftp_proto };
	u8 buf[64];
	struct flow f;
	u32 round, i;

	(void)unused;
	for (round = 1; round <= 100000; round++) {
		struct ctalg_message m;

		flow_begin(&f, protos[round % 2], round);
		m.len = 1 + rnd_below(&f.seed, 63);
		for (i = 0; i < m.len; i++)
			buf[i] = (u8)(rnd(&f.seed) & (i % 2 ? 0xff : 0x37));
		m.dir = (u8)rnd_below(&f.seed, 2);
		m.data = exact(buf, m.len);
		ctalg_edits_init(&edits);
		on_message(&f, &m, &edits);
		free((void *)(uintptr_t)m.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ftp_flows),
		cmocka_unit_test(a_cut_changes_nothing),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests_name("fuzz_smoke", tests, NULL, NULL);
}
