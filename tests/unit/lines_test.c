// SPDX-License-Identifier: GPL-2.0
/*
 * As many media lines as a message holds: read, planned, rewritten and hidden in a room that grows,
 * with work that grows as the message does.
 */
#include "unit.h"

#include <time.h>

#include "helpers/sip/sip_parse.h"
#include "src/engine/hide.h"
#include "src/engine/plan.h"
#include "src/engine/stream.h"

enum { TEXT_MAX = 65536, PORT = 20000 };

static struct ctalg_report_large report_large_in;
static const struct ctalg_report_room report_large = CTALG_REPORT_ROOM(report_large_in);
static struct ctalg_edits_large edits_large_in;
static const struct ctalg_edits_room edits_large = CTALG_EDITS_ROOM(edits_large_in);
static struct ctalg_plan_place places[CTALG_REPORT_PLACES];
static struct ctalg_plan_room room = { .place = places };
STATIC_REPORT(report);
STATIC_EDITS(edits);

static bool report_grows(struct ctalg_report *r)
{
	if (r->room == &report_large)
		return false;
	ctalg_report_move(r, &report_large);
	return true;
}

static bool edits_grow(struct ctalg_edits *e)
{
	if (e->room == &edits_large)
		return false;
	ctalg_edits_move(e, &edits_large);
	return true;
}

static void begin(void)
{
	ctalg_report_use(&report, &report_room);
	ctalg_edits_use(&edits, &edits_room);
	report.grow = report_grows;
	edits.grow = edits_grow;
	ctalg_report_init(&report);
	ctalg_edits_init(&edits);
}

/* An INVITE with @n lines, as @host calls itself; @more is said of each. Returns its length. */
static u32 invite(char *to, u32 n, const char *host, const char *more)
{
	static char body[2 * TEXT_MAX];
	u32 len, i;
	int head;

	len = (u32)sprintf(body, "v=0\r\no=- 7 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n",
			   host, host);
	for (i = 0; i < n; i++)
		len += (u32)sprintf(body + len, "m=a %u b\r\n%s", PORT + i, more);
	head = sprintf(
		to,
		"INVITE sip:b@198.51.100.7 SIP/2.0\r\nVia: SIP/2.0/UDP %s:5060\r\n"
		"From: <sip:a@x.org>;tag=1\r\nTo: <sip:b@x.org>\r\nCall-ID: 1\r\n"
		"CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: %u\r\n\r\n",
		host, len);
	memcpy(to + head, body, len);
	return (u32)head + len;
}

/* Lines that each have an address of their own. */
static u32 invite_with_addresses(char *to, u32 n, const char *host)
{
	char own[64];

	snprintf(own, sizeof(own), "c=IN IP4 %s\r\n", host);
	return invite(to, n, host, own);
}

static u32 opened, undone, told;
static const char *outside = "198.51.100.1";

static unsigned int ops_open(void *ctx, struct ctalg_opening *o)
{
	(void)ctx;
	assert_int_equal(o->inside_port, PORT + opened);
	assert_int_equal(o->line, opened);
	opened++;
	return CTALG_R_NONE;
}

static void ops_undo(void *ctx)
{
	(void)ctx;
	undone++;
}

static void ops_edited(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o)
{
	(void)ctx;
	(void)ep;
	(void)o;
	told++;
}

static const struct ctalg_plan_ops ops = { .open = ops_open,
					   .undo = ops_undo,
					   .edited = ops_edited };

static unsigned int plan(const struct ctalg_message *m, struct ctalg_edits *e)
{
	const struct ctalg_view v = {
		.self = addr_of("10.0.0.2"),
		.self_out = addr_of(outside),
		.peer = addr_of("198.51.100.7"),
		.peer_out = addr_of("198.51.100.7"),
		.self_port = 5060,
		.self_out_port = 5060,
		.peer_port = 5060,
		.peer_out_port = 5060,
		.l4 = CTALG_L4_UDP,
		.inside = CTALG_SIDE_SENDER,
	};
	const struct ctalg_grant g = { .ice = CTALG_GRANT_ICE_REWRITE };
	struct sip_state state = { .anchored = { false } };

	opened = undone = told = 0;
	ctalg_report_use(&report, &report_room);
	ctalg_report_init(&report);
	sip_proto.parse(&state, m, &report);
	assert_int_equal(report.reason, CTALG_R_NONE);
	assert_false(report.full);
	return ctalg_plan_message(&report, m, &v, &g, &ops, NULL, e, 0, &room);
}

static void all_are_rewritten(void **unused)
{
	static const u32 ns[] = { 0, 1, 128, 255, 256, 257, 300, 512, 513, 1500 };
	static char in[TEXT_MAX], want[TEXT_MAX], out[TEXT_MAX];
	u32 i, n, len;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(ns); i++) {
		struct ctalg_message m = { .data = (const u8 *)in, .dir = CTALG_DIR_ORIG };

		n = ns[i];
		begin();
		m.len = invite_with_addresses(in, n, "10.0.0.2");
		len = invite_with_addresses(want, n, "198.51.100.1");
		assert_int_equal(plan(&m, &edits), CTALG_R_NONE);
		assert_int_equal(opened, n);
		assert_int_equal(undone, 0);
		/* one more is of Via */
		assert_int_equal(report.n_wants, n + 1);
		assert_int_equal(report.room == &report_large, n > 250);
		assert_int_equal(ctalg_edits_apply(&edits, m.data, m.len, (u8 *)out, sizeof(out)),
				 len);
		assert_memory_equal(out, want, len);
	}
}

/* The head of an INVITE whose body is all the rest of its datagram. */
static u32 head_without_length(char *to)
{
	u32 len = invite(to, 0, "10.0.0.2", "");
	char *digits = strstr(to, "Content-Length");

	*digits = 'X';
	return len;
}

/* The longest there is, of the lines that name most in the fewest bytes: eight places in twelve. */
static void the_longest_message(void **unused)
{
	static char in[TEXT_MAX];
	struct ctalg_message m = { .data = (const u8 *)in, .len = 65535, .dir = CTALG_DIR_ORIG };
	struct sip_state state = { .anchored = { false } };
	u32 at, n = 0;

	(void)unused;
	begin();
	memset(in, '\n', sizeof(in));
	for (at = head_without_length(in); at + 12 <= m.len; at += 12, n++)
		memcpy(in + at, "m=a 1/8 RTP\n", 12);
	sip_proto.parse(&state, &m, &report);
	assert_int_equal(report.reason, CTALG_R_NONE);
	assert_false(report.full);
	assert_true(n > 5400);
	assert_int_equal(report.n_wants, 1 + 8 * n);
	assert_int_equal(report.want[8 * n].line, n - 1);
}

/* It would become longer than it may: it stays as it is, and nothing is open for it. */
static void too_long_for_the_packet(void **unused)
{
	static char in[TEXT_MAX];
	struct ctalg_message m = { .data = (const u8 *)in, .dir = CTALG_DIR_ORIG };
	s32 grows;

	(void)unused;
	m.len = invite_with_addresses(in, 700, "10.0.0.2");
	begin();
	assert_int_equal(plan(&m, &edits), CTALG_R_NONE);
	grows = ctalg_edits_delta(&edits);
	assert_true(grows > 4 * 700);
	begin();
	edits.most = grows;
	assert_int_equal(plan(&m, &edits), CTALG_R_NONE);
	assert_int_equal(undone, 0);
	begin();
	edits.most = grows - 1;
	assert_int_equal(plan(&m, &edits), CTALG_R_LIMIT_EDITS);
	assert_int_equal(undone, 1);
	assert_int_equal(told, 0);
	assert_int_equal(edits.n, 0);
	assert_int_equal(edits.used, 0);
}

/* What is named in the small room is the same place in the large one. */
static void places_move_with_the_report(void **unused)
{
	struct ctalg_endpoint ep = { .addr = addr_of("10.0.0.2"), .l4 = CTALG_L4_UDP };
	int i, n = 3 * CTALG_REPORT_ENDPOINTS;

	(void)unused;
	begin();
	for (i = 0; i < n; i++) {
		ep.port = (u16)(1000 + i);
		assert_int_equal(ctalg_report_place(&report, &ep, 0), i);
	}
	for (i = 0; i < n; i++) {
		ep.port = (u16)(1000 + i);
		assert_int_equal(ctalg_report_place(&report, &ep, 0), i);
		ep.role = CTALG_ROLE_HOST;
		assert_int_equal(ctalg_report_place(&report, &ep, 0), n + i);
		ep.role = CTALG_ROLE_DATA;
	}
	/* before @first it does not count */
	ep.port = 1000;
	assert_int_equal(ctalg_report_place(&report, &ep, 1), 2 * n);
	/* and what an earlier message has left is none of this one's */
	ctalg_report_init(&report);
	ep.port = 1000 + 17;
	assert_int_equal(ctalg_report_place(&report, &ep, 0), 0);
	assert_int_equal(ctalg_report_place(&report, &ep, 0), 0);
}

/* Some are there, others come between them: as if each had been added by itself. */
static void between_those_there_are(void **unused)
{
	static struct ctalg_edits_large plain_in;
	static const struct ctalg_edits_room plain_room = CTALG_EDITS_ROOM(plain_in);
	struct ctalg_edits plain = { .n = 0 };
	const struct ctalg_span *next;
	struct ctalg_span at;
	u64 seed = 5;
	char c;
	u32 i, k, n;

	(void)unused;
	ctalg_edits_use(&plain, &plain_room);
	for (k = 0; k < 300; k++) {
		begin();
		ctalg_edits_init(&plain);
		n = 1 + rnd(&seed) % 900;
		for (i = 0; i < n; i++) {
			at = (struct ctalg_span){ 4 * i + 2, 1 };
			if (rnd(&seed) % 3 && ctalg_edits_add(&edits, at, "old", 3))
				assert_true(ctalg_edits_add(&plain, at, "old", 3));
		}
		ctalg_edits_open(&edits);
		for (i = 0; i < n; i++) {
			while ((next = ctalg_edits_peek(&edits)) && next->off < 4 * i)
				ctalg_edits_pass(&edits);
			if (rnd(&seed) % 2)
				continue;
			c = (char)('a' + i % 26);
			at = (struct ctalg_span){ 4 * i, 1 };
			assert_true(ctalg_edits_add(&edits, at, &c, 1));
			assert_true(ctalg_edits_add(&plain, at, &c, 1));
		}
		ctalg_edits_close(&edits);
		assert_null(ctalg_edits_peek(&edits));
		assert_int_equal(edits.n, plain.n);
		assert_int_equal(edits.used, plain.used);
		for (i = 0; i < edits.n; i++) {
			assert_int_equal(edits.edit[i].at.off, plain.edit[i].at.off);
			assert_int_equal(edits.edit[i].len, plain.edit[i].len);
			assert_memory_equal(edits.text + edits.edit[i].text,
					    plain.text + plain.edit[i].text, plain.edit[i].len);
		}
	}
}

/* How long something takes at least, of some tries. */
static double least_time(void (*work)(u32 n), u32 n)
{
	double least = 1e9, seconds;
	clock_t from;
	u32 i;

	for (i = 0; i < 7; i++) {
		from = clock();
		work(n);
		seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
		if (seconds < least)
			least = seconds;
	}
	return least;
}

/* Four times as much takes about four times as long: sixteen times would be its square. */
static void assert_linear(void (*work)(u32 n), u32 n)
{
	double ratio = 0;
	u32 tries;

	for (tries = 0; tries < 3; tries++) {
		ratio = least_time(work, 4 * n) / least_time(work, n);
		if (ratio < 8)
			return;
	}
	print_message("%u and %u: a ratio of %.1f\n", n, 4 * n, ratio);
	fail();
}

static char work_in[TEXT_MAX], work_out[2 * TEXT_MAX];

static void work_rewrite(u32 n)
{
	struct ctalg_message m = { .data = (const u8 *)work_in, .dir = CTALG_DIR_ORIG };

	begin();
	m.len = invite_with_addresses(work_in, n, "10.0.0.2");
	assert_int_equal(plan(&m, &edits), CTALG_R_NONE);
	assert_true(ctalg_edits_apply(&edits, m.data, m.len, (u8 *)work_out, sizeof(work_out)));
}

/* Each line has an address, and one that is written where nobody reads it. */
static void work_hide(u32 n)
{
	const struct ctalg_hide h = { .self = addr_of("10.0.0.2"),
				      .shown = addr_of("198.51.100.1") };
	struct ctalg_message m = { .data = (const u8 *)work_in, .dir = CTALG_DIR_ORIG };
	u16 before;

	begin();
	m.len = invite(work_in, n, "10.0.0.2", "c=IN IP4 10.0.0.2\r\na=x:10.0.0.2\r\n");
	assert_int_equal(plan(&m, &edits), CTALG_R_NONE);
	before = edits.n;
	assert_int_equal(ctalg_hide_message(&h, &m, &report, &edits), CTALG_R_NONE);
	assert_int_equal(edits.n - before, n);
	assert_true(ctalg_plan_lengths(&report, &m, &edits, 0));
	m.len = ctalg_edits_apply(&edits, m.data, m.len, (u8 *)work_out, sizeof(work_out));
	m.data = (const u8 *)work_out;
	assert_true(m.len);
	ctalg_edits_init(&edits);
	assert_int_equal(ctalg_hide_message(&h, &m, &report, &edits), CTALG_R_NONE);
	assert_int_equal(edits.n, 0);
}

/* Places that differ, two in each line, and each of them named again. */
static void work_candidates(u32 n)
{
	struct ctalg_message m = { .data = (const u8 *)work_in, .dir = CTALG_DIR_ORIG };
	struct sip_state state = { .anchored = { false } };
	u32 i, len;

	begin();
	len = head_without_length(work_in);
	len += (u32)sprintf(work_in + len, "m=a 1 b\r\n");
	for (i = 0; i < n; i++)
		len += (u32)sprintf(work_in + len,
				    "a=candidate:1 1 UDP 1 10.0.%u.%u %u typ host\r\n",
				    i >> 8 & 255, i & 255, 1024 + i);
	m.len = len;
	sip_proto.parse(&state, &m, &report);
	assert_false(report.full);
	assert_int_equal(report.n_wants, n + 2);
}

/* Nothing but places, each new, and then each again. */
static void work_places(u32 n)
{
	struct ctalg_endpoint ep = { .addr = addr_of("10.0.0.2"), .l4 = CTALG_L4_UDP };
	u32 i;

	begin();
	for (i = 0; i < 2 * n; i++) {
		ep.port = (u16)(i % n);
		ep.addr.b[3] = (u8)(i % n >> 8);
		assert_int_equal(ctalg_report_place(&report, &ep, 0), i % n);
	}
}

static void work_is_linear(void **unused)
{
	(void)unused;
	assert_linear(work_places, 3000);
	assert_linear(work_rewrite, 400);
	assert_linear(work_hide, 300);
	assert_linear(work_candidates, 300);
}

/* --- the same over a stream */

static u32 allocated;

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	allocated++;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	allocated--;
	free(p);
}

static const struct ctalg_memory memory = { .alloc = memory_alloc, .free = memory_free };
static u32 counted;

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	unsigned int reason = plan(m, e);

	(void)ctx;
	if (reason)
		counted++;
}

static void on_count(void *ctx, unsigned int reason)
{
	(void)ctx;
	assert_int_equal(reason, CTALG_R_LIMIT_JOURNAL);
}

struct wire {
	struct ctalg_stream s;
	struct sip_state state;
	/* What the receiver has, by its own count from 0. */
	char got[2 * TEXT_MAX];
	u32 n;
};

/* One segment comes, and what leaves has to agree with what has left before. Returns bytes that are new. */
static u32 wire_segment(struct wire *w, const char *text, u32 off, u32 len)
{
	const struct ctalg_stream_env env = {
		.proto = &sip_proto,
		.state = &w->state,
		.dir = CTALG_DIR_ORIG,
		.mem = &memory,
		.edits = &edits,
		.message = on_message,
		.count = on_count,
	};
	struct ctalg_segment_out out;
	const char *bytes = text + off;
	u32 at, n = len, old;

	ctalg_stream_segment(&w->s, &env, off, (const u8 *)text + off, len, false, &out);
	at = out.seq;
	if (out.verdict == CTALG_SEGMENT_REPLACE) {
		bytes = (const char *)out.payload.p;
		n = out.payload.len;
	}
	if (out.verdict == CTALG_SEGMENT_PROBE)
		n = 0;
	assert_int_not_equal(out.verdict, CTALG_SEGMENT_DROP);
	old = n ? min(n, w->n - at) : 0;
	assert_true(!n || at <= w->n);
	if (old)
		assert_memory_equal(w->got + at, bytes, old);
	if (n > old)
		memcpy(w->got + at + old, bytes + old, n - old);
	ctalg_buffer_free(&out.payload, &memory);
	if (n)
		w->n = at + n > w->n ? at + n : w->n;
	return n - old;
}

static void wire_begin(struct wire *w)
{
	memset(w, 0, sizeof(*w));
	begin();
	counted = 0;
	ctalg_stream_start(&w->s, 0);
	ctalg_stream_offered(&w->s, 4 * TEXT_MAX);
}

static void wire_acked(struct wire *w)
{
	u32 window = 4 * TEXT_MAX;

	ctalg_stream_ack(&w->s, w->n, &window, &memory);
}

/* @acks: what is held is acknowledged for the receiver meanwhile. */
static void over_a_stream(u32 n, u32 segment, bool acks)
{
	static char in[TEXT_MAX], want[2 * TEXT_MAX];
	static struct wire w;
	u32 len, want_len, off, k;

	len = invite_with_addresses(in, n, "10.0.0.2");
	want_len = invite_with_addresses(want, n, "198.51.100.1");
	wire_begin(&w);
	for (off = 0; off < len; off += k) {
		k = min(segment, len - off);
		begin();
		wire_segment(&w, in, off, k);
		if (acks)
			wire_acked(&w);
		/* what is left to the sender comes again */
		if (off + k == len && w.s.s_next < len)
			k = w.s.s_next - off;
	}
	assert_int_equal(counted, 0);
	assert_int_equal(w.n, want_len);
	assert_memory_equal(w.got, want, want_len);
	/* any of it that is sent again is what it was */
	for (off = w.s.s_cust; off < len; off += k) {
		k = min(700u, len - off);
		assert_int_equal(wire_segment(&w, in, off, k), 0);
	}
	wire_acked(&w);
	assert_true(ctalg_stream_at_rest(&w.s));
	ctalg_stream_free(&w.s, &memory);
	assert_int_equal(allocated, 0);
}

static void all_are_rewritten_over_a_stream(void **unused)
{
	static const u32 ns[] = { 3, 250, 300, 900, 1500 };
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(ns); i++) {
		over_a_stream(ns[i], 1448, false);
		over_a_stream(ns[i], 1448, true);
		over_a_stream(ns[i], 30000, false);
		over_a_stream(ns[i], 30000, true);
	}
}

/* Behind the message there is more in the packet: it waits, rather than that the message stays as it was. */
static void what_follows_makes_room(void **unused)
{
	static char in[2 * TEXT_MAX], want[2 * TEXT_MAX];
	static struct wire w;
	u32 n = 1690, len, want_len, k;

	(void)unused;
	outside = "198.51.100.111";
	len = invite_with_addresses(in, n, "10.0.0.2");
	assert_in_range(len, 50000, CTALG_HOLD_MAX);
	want_len = invite_with_addresses(want, n, outside);
	assert_in_range(want_len, CTALG_SEGMENT_MAX - 1000, CTALG_SEGMENT_MAX);
	for (k = 0; k < 1000; k++)
		memcpy(in + len + 4 * k, "\r\n\r\n", 4);
	wire_begin(&w);
	for (k = 0; k < len - 1000; k += 1000) {
		begin();
		wire_segment(&w, in, k, 1000);
	}
	begin();
	wire_segment(&w, in, k, len - k + 4000);
	assert_true(w.n >= want_len);
	assert_memory_equal(w.got, want, want_len);
	wire_acked(&w);
	for (k = w.s.s_next; k < len + 4000; k += 1000, k = min(k, len + 4000)) {
		begin();
		wire_segment(&w, in, k, min(1000u, len + 4000 - k));
	}
	assert_int_equal(w.n, want_len + 4000);
	assert_int_equal(counted, 0);
	outside = "198.51.100.1";
	ctalg_stream_free(&w.s, &memory);
	assert_int_equal(allocated, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_rewritten),
		cmocka_unit_test(the_longest_message),
		cmocka_unit_test(too_long_for_the_packet),
		cmocka_unit_test(places_move_with_the_report),
		cmocka_unit_test(between_those_there_are),
		cmocka_unit_test(work_is_linear),
		cmocka_unit_test(all_are_rewritten_over_a_stream),
		cmocka_unit_test(what_follows_makes_room),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
