// SPDX-License-Identifier: GPL-2.0
/* What a stream does when there is no more room or memory, and with bytes that it had to keep. */
#include "stream_bench.h"

/* When the other side changes what the bytes mean, held ones may become many parts. */
static void held_bytes_change_their_meaning(void **unused)
{
	struct bench b;
	char text[401];
	u32 window;

	(void)unused;
	memset(text, 'x', sizeof(text));
	bench_begin(&b, &roomy, 0U - 100);
	bench_segment(&b, 0, text, 400, false);
	window = 1000;
	assert_int_equal(bench_ack(&b, 0, &window), 400);
	assert_int_equal(window, 600);
	b.state = 1;
	bench_segment(&b, 400, "x", 1, false);
	assert_int_equal(b.out.payload.len, 401);
	bench_segment(&b, 400, "x", 1, false);
	assert_int_equal(b.out.seq, 0);
	assert_int_equal(b.out.payload.len, 401);
	assert_memory_equal(b.out.payload.p, text, 401);
	bench_end(&b);
}

/* The same once more, where the parts end with what the sender was told. */
static void told_bytes_that_end_a_part(void **unused)
{
	struct bench b;
	u32 window = 1000;

	(void)unused;
	bench_begin(&b, &roomy, 0U - 3);
	bench_segment(&b, 0, "abcde", 5, false);
	bench_ack(&b, 0, &window);
	b.state = 1;
	bench_segment(&b, 5, "12345", 5, false);
	assert_memory_equal(b.out.payload.p, "abcde12345", 10);
	bench_segment(&b, 5, "12345", 5, false);
	assert_int_equal(b.out.seq, 0);
	assert_memory_equal(b.out.payload.p, "abcde12345", 10);
	assert_true(ctalg_stream_reads(&b.s, b.base + 5, 5));
	bench_end(&b);
}

/* And where they are edited. */
static void told_bytes_that_are_several_messages(void **unused)
{
	static const struct step block = { SACK, 5, "19", "14-15" };
	static const char edited[] = "abcdegrownxxxx";
	struct bench b;
	u32 window = 1000;

	(void)unused;
	bench_begin(&b, &roomy, 0U - 7);
	bench_segment(&b, 0, "abcdeGxxxxyyyy", 14, false);
	bench_ack(&b, 0, &window);
	b.state = 2;
	bench_segment(&b, 14, "yz", 2, false);
	assert_int_equal(b.out.payload.len, 19);
	assert_memory_equal(b.out.payload.p, edited, 14);
	bench_segment(&b, 14, "yz", 2, false);
	assert_int_equal(b.out.seq, 0);
	assert_memory_equal(b.out.payload.p, edited, 14);
	step_run(&b, &block);
	assert_string_equal(b.says, block.want);
	bench_end(&b);
}

/* More of them than a packet holds edited: some stay as they are, none goes missing. */
static void told_bytes_beyond_a_packet(void **unused)
{
	static char text[CTALG_HOLD_MAX];
	u32 i, window = ~0U, len;
	struct bench b;
	u8 *first;

	(void)unused;
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 5 ? 'x' : 'G';
	bench_begin(&b, &roomy, 0U - 7);
	bench_ack(&b, 0, &window);
	bench_segment(&b, 0, text, sizeof(text), false);
	window = ~0U / 4;
	assert_int_equal(bench_ack(&b, 0, &window), sizeof(text));
	b.state = 2;
	bench_segment(&b, sizeof(text), "G", 1, false);
	assert_int_equal(b.s.s_fwd - b.base, sizeof(text));
	assert_int_equal(b.out.payload.len, b.s.r_fwd - b.base);
	assert_true(b.out.payload.len <= CTALG_SEGMENT_MAX);
	len = b.out.payload.len;
	first = exact(b.out.payload.p, len);
	bench_segment(&b, sizeof(text), "G", 1, false);
	assert_int_equal(b.out.payload.len, len);
	assert_memory_equal(b.out.payload.p, first, len);
	free(first);
	bench_end(&b);
}

static void lines_fill(char *text, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		text[i] = i % 10 == 9 ? '/' : 'x';
}

/* What has to be collected is no more than a packet can take; else a packet passes, whatever its size. */
static void one_packet_is_not_read_without_end(void **unused)
{
	static char text[65100];
	struct bench b;
	u32 i, sent;

	(void)unused;
	lines_fill(text, sizeof(text));
	for (i = 0; i < 4; i++) {
		bench_begin(&b, &toy, 0U - 50000);
		b.s.skip = i == 1 ? 70000 : 0;
		bench_segment(&b, 0, i == 2 ? "G/?" : i ? "a/b" : "a/", i ? 3 : 2, false);
		sent = b.s.s_fwd - b.base;
		b.said = 0;
		bench_segment(&b, i ? 3 : 2, text, sizeof(text), true);
		sent = b.s.s_fwd - b.base - sent;
		if (i == 1 || i == 2) {
			assert_int_equal(b.out.verdict, CTALG_SEGMENT_PASS);
			assert_true(b.out.fin && sent == sizeof(text) + 1);
		} else {
			assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
			assert_int_equal(b.out.payload.len, sent);
			assert_false(b.out.fin);
			assert_true(sent > CTALG_SEGMENT_IN - 10 && sent <= CTALG_SEGMENT_MAX);
			assert_int_equal(b.counted[CTALG_R_LIMIT_JOURNAL], !i);
		}
		bench_segment(&b, (s32)(b.s.s_next - b.base), "y/", 2, false);
		bench_end(&b);
	}
}

/* What was read of a packet that is too large leaves without the rest, or comes again. */
static void packets_are_cut_at_a_message(void **unused)
{
	static char text[65104];
	u32 i, n = CTALG_SEGMENT_MAX - CTALG_EDITS_TEXT;
	struct bench b;

	(void)unused;
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 8 == 7 ? '/' : 'x';
	for (i = 0; i < 2; i++) {
		bench_begin(&b, &toy, 0U - 50000);
		b.purse.fail_at = i;
		bench_segment(&b, 0, text, sizeof(text), true);
		assert_int_equal(b.out.verdict, i ? CTALG_SEGMENT_DROP : CTALG_SEGMENT_REPLACE);
		assert_int_equal(b.counted[CTALG_R_NO_MEMORY], i);
		assert_int_equal(b.out.payload.len, i ? 0 : n);
		assert_int_equal(b.s.s_next - b.base, n);
		bench_segment(&b, 0, text, n, false);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_PASS);
		bench_end(&b);
	}
}

/* As long as one may be, whoever says so, it is handed over whole, and one byte more is not. */
static void the_longest_message(void **unused)
{
	static const struct ctalg_proto silent = { .name = "toy", .frame = toy_frame };
	static char text[CTALG_HOLD_MAX + 2];
	const struct ctalg_proto *const protos[] = { &roomy, &silent };
	u32 i, k, window;
	struct bench b;

	(void)unused;
	for (i = 0; i < 4; i++) {
		memset(text, 'x', sizeof(text));
		text[0] = 'G';
		text[CTALG_HOLD_MAX + i / 2] = '/';
		bench_begin(&b, protos[i % 2], 0U - 9);
		window = ~0U / 4;
		bench_ack(&b, 0, &window);
		for (k = 0; k < CTALG_HOLD_MAX + i / 2; k += 1250) {
			window = ~0U / 4;
			bench_segment(&b, (s32)k, text + k, min(1250U, CTALG_HOLD_MAX + i / 2 - k),
				      false);
			bench_ack(&b, (s32)(b.s.r_fwd - b.base), &window);
		}
		bench_segment(&b, (s32)(b.s.s_next - b.base), "/G/", 3, false);
		assert_int_equal(b.counted[CTALG_R_TOO_LONG], i / 2);
		assert_int_equal(b.out.payload.len, i / 2 ? 7 : CTALG_HOLD_MAX + 3 + 2 * 4);
		bench_end(&b);
	}
}

/* Many bytes once more and new ones: there is room for some of these, or none. */
static void merged_repeats(void **unused)
{
	static char text[CTALG_SEGMENT_IN + 20000];
	struct bench b;

	(void)unused;
	lines_fill(text, sizeof(text));
	text[0] = 'G';
	bench_begin(&b, &toy, 0U - 50);
	bench_segment(&b, 0, text, 20000, false);
	assert_int_equal(b.out.payload.len, 20004);
	bench_segment(&b, 0, text, 40000, false);
	assert_int_equal(b.out.payload.len, 40004);
	bench_segment(&b, 10, text + 10, sizeof(text) - 10, true);
	assert_int_equal(b.out.seq, 14);
	assert_int_equal(b.s.s_next - b.base, CTALG_SEGMENT_IN + 10);
	assert_int_equal(b.out.payload.len, CTALG_SEGMENT_IN / 10 * 10);
	assert_false(b.out.fin);
	bench_segment(&b, 0, text, sizeof(text), true);
	assert_int_equal(b.out.payload.len, CTALG_SEGMENT_IN / 10 * 10 + 14);
	assert_false(b.out.fin);
	bench_segment(&b, 10000, text + 10000, sizeof(text) - 10000, true);
	assert_int_equal(b.out.payload.len, CTALG_SEGMENT_IN / 10 * 10);
	assert_false(b.out.fin);
	bench_segment(&b, 60000, text + 60000, sizeof(text) - 60000, true);
	assert_int_equal(b.out.payload.len, sizeof(text) - 60000);
	assert_true(b.out.fin);
	bench_end(&b);
}

/* What went out in two packets, and is repeated in one, may be too much for one. */
static void repeats_have_a_limit(void **unused)
{
	static char text[60000];
	struct bench b;
	u32 i;

	(void)unused;
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 25 == 24 ? '/' : i % 25 ? 'x' : 'G';
	bench_begin(&b, &toy, 0U - 9000);
	bench_segment(&b, 0, text, 30000, false);
	bench_segment(&b, 30000, text + 30000, 30000, true);
	assert_true(b.out.fin && b.out.payload.len == 34800);
	bench_segment(&b, 0, text, sizeof(text), true);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
	assert_int_equal(b.out.payload.len, CTALG_SEGMENT_MAX);
	assert_false(b.out.fin);
	bench_end(&b);
}

/* Edits may not make a packet larger than a packet can be: the sender brings the rest again. */
static void grown_packets(void **unused)
{
	static char text[CTALG_SEGMENT_IN];
	u32 i, window = 100000, lines = 0;
	struct bench b;

	(void)unused;
	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 8 == 7 ? '/' : i % 8 ? '.' : 'G';
	for (i = 0; i < 8 * 8; i++)
		text[i] = i % 8 == 7 ? '/' : 'G';
	bench_begin(&b, &toy, 0U - 9000);
	for (i = 0; b.s.s_next - b.base < sizeof(text); i++) {
		u32 at = b.s.s_next - b.base, r_fwd = b.s.r_fwd;

		bench_segment(&b, (s32)at, text + at, (u32)sizeof(text) - at, true);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
		assert_true(b.out.payload.len <= CTALG_SEGMENT_MAX);
		assert_int_equal(b.out.payload.len + b.out.fin, b.s.r_fwd - r_fwd);
		lines += (b.s.s_next - b.base - at) / 8;
		assert_int_equal(bench_ack(&b, (s32)(b.s.r_fwd - b.base), &window),
				 b.s.s_next - b.base);
	}
	assert_true(i > 1 && b.out.fin);
	assert_int_equal(lines, sizeof(text) / 8);
	assert_int_equal(b.s.r_fwd - b.base - 1, sizeof(text) + 4 * (lines + 8 * 6));
	bench_end(&b);
}

/* As many replacements as can be kept; what is behind them has to wait. */
static void unacknowledged_edits_have_a_limit(void **unused)
{
	u32 i, n = CTALG_JOURNAL_ENTRIES - CTALG_EDITS_MAX + 1, window = 1000;
	struct bench b;

	(void)unused;
	bench_begin(&b, &toy, 0U - 5000);
	for (i = 0; i < n; i++) {
		bench_segment(&b, (s32)(2 * i), "G/", 2, false);
		assert_int_equal(b.out.seq, 6 * i);
		assert_int_equal(b.out.payload.len, 6);
	}
	assert_int_equal(ctalg_journal_n(&b.s.journal), n);
	assert_null(strchr(b.says, '{'));
	b.said = 0;
	bench_segment(&b, (s32)(2 * n), "G/", 2, false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_PROBE);
	bench_segment(&b, (s32)(2 * n - 1), "/G/", 3, false);
	assert_int_equal(b.out.payload.len, 1);
	assert_string_equal(b.says, "{unacknowledged-edit-limit}{unacknowledged-edit-limit}");
	for (i = 0; i < n; i += 7) {
		bench_segment(&b, (s32)(2 * i), "G/", 2, false);
		assert_int_equal(b.out.seq, 6 * i);
	}
	assert_int_equal(bench_ack(&b, 6, &window), 2);
	bench_segment(&b, (s32)(2 * n), "G/", 2, false);
	assert_int_equal(b.out.payload.len, 6);
	bench_end(&b);
}

/* Lines of 1000 bytes that lose one, none acknowledged; returns where the next one begins. */
static u32 fill_text(struct bench *b, char *line, u32 lines)
{
	u32 i;

	memset(line, 'x', 1000);
	line[500] = '-';
	line[999] = '/';
	bench_begin(b, &roomy, 0U - 5000);
	for (i = 0; i < lines; i++) {
		bench_segment(b, (s32)(1000 * i), line, 1000, false);
		assert_int_equal(b->out.seq, 999 * i);
		assert_int_equal(b->out.payload.len, 999);
	}
	assert_int_equal(b->counted[CTALG_R_LIMIT_JOURNAL], 0);
	return 1000 * lines;
}

static void unacknowledged_text_has_a_limit(void **unused)
{
	u32 lines = (CTALG_JOURNAL_TEXT - 1000 - CTALG_EDITS_TEXT) / 999 + 1, at, window = 1000;
	struct bench b;
	char line[1000];

	(void)unused;
	at = fill_text(&b, line, lines);
	bench_segment(&b, (s32)at, line, sizeof(line), false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_PROBE);
	assert_int_equal(b.counted[CTALG_R_LIMIT_JOURNAL], 1);
	bench_ack(&b, 999, &window);
	bench_segment(&b, (s32)at, line, sizeof(line), false);
	assert_int_equal(b.out.payload.len, 999);
	assert_int_equal(b.counted[CTALG_R_NO_MEMORY], 0);
	bench_end(&b);
}

/* Held bytes that the sender still has are left to it as well. */
static void the_limit_meets_held_bytes(void **unused)
{
	u32 lines = (CTALG_JOURNAL_TEXT - 1000 - CTALG_EDITS_TEXT) / 999 + 1, at, window = 1000;
	struct bench b;
	char line[1000];

	(void)unused;
	at = fill_text(&b, line, lines);
	bench_segment(&b, (s32)at, line, 100, false);
	assert_int_equal(b.s.held.len, 100);
	b.said = 0;
	line[998] = '/';
	bench_segment(&b, (s32)at + 100, line, 1000, false);
	assert_int_equal(b.said, strlen("{unacknowledged-edit-limit}"));
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_PROBE);
	assert_int_equal(b.s.s_next - b.base, at);
	bench_ack(&b, 999, &window);
	bench_segment(&b, (s32)at, line, 1000, false);
	assert_int_equal(b.out.payload.len, 999);
	bench_end(&b);
}

/* With FIN behind them, too, the bytes that are left to the sender are not given up. */
static void the_limit_and_the_end(void **unused)
{
	static char text[CTALG_SEGMENT_IN + CTALG_EDITS_TEXT + 3000];
	struct bench b;
	u32 at;

	(void)unused;
	lines_fill(text, sizeof(text));
	bench_begin(&b, &roomy, 0U - 5000);
	bench_segment(&b, 0, text, sizeof(text), true);
	at = b.s.s_next - b.base;
	assert_true(!b.out.fin && at <= sizeof(text) && at > CTALG_SEGMENT_IN);
	assert_int_equal(b.s.s_fwd - b.base, at / 10 * 10);
	bench_segment(&b, (s32)at, text + at, (u32)sizeof(text) - at, true);
	assert_true(b.out.fin);
	bench_end(&b);
}

/* With all memory used up nothing is begun, and what has begun is finished. */
static void memory_that_is_used_up(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "G/", "G;send 0 grown/" }, { FULL, 1, NULL, "" },
	       { SEG, 2, "G/G/", "{memory-limit}{memory-limit}pass 6" },
	       { SEG, 0, "G/G/", "send 0 grown/G/" }, { SEG, 6, "G", "{memory-limit}pass 10" },
	       { SEG, 7, "G", "pass 11" }, { FULL, 0, NULL, "" },
	       { SEG, 8, "G/G/", "G;send 12 G/grown/" });
	SCRIPT({ SEG, 0, "aG", "probe -1" }, { FULL, 1, NULL, "" }, { SEG, 2, "b", "probe -1" },
	       { ACK, 0, NULL, "3/997" },
	       { SEG, 3, "c/G/d", "aGbc;{memory-limit}{memory-limit}send 0 agrownbc/G/d" },
	       { SEG, 3, "c/", "send 0 agrownbc/" }, { SEG, 8, "G/", "pass 12" },
	       { FULL, 0, NULL, "" }, { SEG, 10, "G/", "G;send 14 grown/" });
	SCRIPT({ FULL, 1, NULL, "" }, { SEG, 0, "$02xx", "pass 0" },
	       { FIN, 5, "a", "{memory-limit}pass 5 FIN" });
}

/* A receiver: every byte that ever arrives at a place is the same. */
struct sink {
	char got[2000];
	bool have[2000];
	u32 n;
};

static void sink_take(struct sink *k, const struct bench *b, const char *sent, u32 len, bool fin)
{
	const char *bytes = b->out.verdict == CTALG_SEGMENT_PASS ? sent : (char *)b->out.payload.p;
	u32 n = b->out.verdict == CTALG_SEGMENT_PASS ? len : b->out.payload.len, i;

	fin = b->out.verdict == CTALG_SEGMENT_PASS ? fin : b->out.fin;
	for (i = 0; i < n + fin; i++) {
		u32 at = b->out.seq + i;
		char c = i < n ? bytes[i] : 'F';

		assert_true(at < sizeof(k->got));
		assert_true(!k->have[at] || k->got[at] == c);
		k->got[at] = c;
		k->have[at] = true;
	}
	while (k->have[k->n])
		k->n++;
}

/* Sends [from, to) until it is taken. What comes out may get lost. */
static void sink_send(struct sink *k, struct bench *b, const char *text, u32 from, u32 to,
		      bool lost)
{
	bool fin = to > strlen(text);
	u32 n = to - fin > from ? to - fin - from : 0;

	do {
		bench_segment(b, (s32)from, text + from, n, fin);
	} while (b->out.verdict == CTALG_SEGMENT_DROP);
	if (!lost && b->out.verdict != CTALG_SEGMENT_PROBE)
		sink_take(k, b, text + from, n, fin);
}

/* Without memory a line may go on as it came; it may not become anything else. */
static void sink_check(const struct sink *k, const char *text)
{
	const char *got = k->got, *end;

	for (; *text; text = end + 1) {
		struct ctalg_message m = { .data = (const u8 *)text };
		EDITS(e);
		u8 want[100];
		u32 n;

		end = strchr(text, '/');
		m.len = (u32)(end - text) + 1;
		ctalg_edits_init(&e);
		edit_all(&m, &e);
		n = ctalg_edits_apply(&e, m.data, m.len, want, sizeof(want));
		if (memcmp(got, want, n)) {
			assert_memory_equal(got, text, m.len);
			n = m.len;
		}
		got += n;
	}
	assert_string_equal(got, "F");
}

/* A dialog with all that takes memory, whose n-th request for memory fails. */
static bool dialog_without_memory(u32 base, u32 fail_at)
{
	static const char text[] = "aG/bSHORT/c-d/eG/fG^/g/hG/iG/";
	static const u8 cuts[][3] = { { 0, 2, 0 },   { 2, 5, 0 },   { 5, 8, 1 },   { 3, 11, 1 },
				      { 11, 16, 0 }, { 4, 9, 0 },   { 8, 12, 0 },  { 16, 17, 0 },
				      { 17, 19, 1 }, { 17, 22, 0 }, { 22, 27, 1 }, { 16, 30, 0 } };
	struct sink k = { .n = 0 };
	u32 i, window = 1000, last = (u32)strlen(text) + 1;
	struct bench b;

	bench_begin(&b, &toy, base);
	b.purse.fail_at = fail_at;
	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		sink_send(&k, &b, text, cuts[i][0], cuts[i][1], cuts[i][2]);
		if (i % 3 == 0)
			bench_ack(&b, (s32)k.n, &window);
	}
	for (i = 0; i < 20; i++) {
		u32 told = (u32)bench_ack(&b, (s32)k.n, &window);

		if (told < last)
			sink_send(&k, &b, text, told, last, false);
	}
	assert_int_equal(bench_ack(&b, (s32)k.n, &window), last);
	sink_check(&k, text);
	bench_end(&b);
	return b.purse.uses >= fail_at;
}

static void no_memory_is_no_wrong_byte(void **unused)
{
	u32 base, n;

	(void)unused;
	for (base = 0; base < 50; base++)
		for (n = 1; dialog_without_memory(0U - base, n); n++)
			assert_true(n < 1000);
}

/* Lines with many edits, none acknowledged, are repeated from and to any place. */
static void repeats_from_anywhere(void **unused)
{
	static const char *const lines[] = { "aG/", "SHORT/", "b-/", "cc/", "^/", "GG/" };
	u64 seed = 1323;
	u32 round, i, from, n;

	(void)unused;
	for (round = 0; round < 500; round++) {
		struct sink k = { .n = 0 };
		char text[300] = "";
		struct bench b;

		bench_begin(&b, &toy, 0U - rnd_below(&seed, 400));
		for (i = 0; i < 40; i++)
			strcat(text, lines[rnd_below(&seed, ARRAY_SIZE(lines))]);
		for (from = 0; from < strlen(text); from += n) {
			n = min(1 + rnd_below(&seed, 20), (u32)strlen(text) - from);
			sink_send(&k, &b, text, from, from + n, rnd_below(&seed, 2));
		}
		for (i = 0; i < 60; i++) {
			from = rnd_below(&seed, (u32)strlen(text) - 30);
			sink_send(&k, &b, text, from, from + 1 + rnd_below(&seed, 30), false);
		}
		sink_send(&k, &b, text, 0, (u32)strlen(text) + 1, false);
		sink_check(&k, text);
		bench_end(&b);
	}
}

/* When memory is scarce a short message is waited for, a long one goes on unread, also one that has grown. */
static void scarce_memory(void **unused)
{
	static char text[CTALG_HOLD_SCARCE + 2];
	u32 window = 100000;
	struct bench b;

	(void)unused;
	memset(text, 'x', sizeof(text));
	bench_begin(&b, &roomy, 5);
	ctalg_stream_ack(&b.s, 5, &window, &b.mem);
	b.purse.scarce = true;
	bench_segment(&b, 0, text, CTALG_HOLD_SCARCE, false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_PROBE);
	assert_int_equal(b.s.held.len, CTALG_HOLD_SCARCE);
	bench_segment(&b, CTALG_HOLD_SCARCE, text, 1, false);
	assert_int_equal(b.out.payload.len, CTALG_HOLD_SCARCE + 1);
	assert_int_equal(b.s.held.len, 0);
	bench_segment(&b, CTALG_HOLD_SCARCE + 1, "/aGb/", 5, false);
	assert_int_equal(b.out.payload.len, 5 + 4);
	b.purse.scarce = false;
	bench_segment(&b, CTALG_HOLD_SCARCE + 6, text, CTALG_HOLD_SCARCE + 1, false);
	assert_int_equal(b.s.held.len, CTALG_HOLD_SCARCE + 1);
	bench_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scarce_memory),
		cmocka_unit_test(held_bytes_change_their_meaning),
		cmocka_unit_test(told_bytes_that_end_a_part),
		cmocka_unit_test(told_bytes_that_are_several_messages),
		cmocka_unit_test(told_bytes_beyond_a_packet),
		cmocka_unit_test(one_packet_is_not_read_without_end),
		cmocka_unit_test(packets_are_cut_at_a_message),
		cmocka_unit_test(the_longest_message),
		cmocka_unit_test(merged_repeats),
		cmocka_unit_test(repeats_have_a_limit),
		cmocka_unit_test(grown_packets),
		cmocka_unit_test(unacknowledged_edits_have_a_limit),
		cmocka_unit_test(unacknowledged_text_has_a_limit),
		cmocka_unit_test(the_limit_meets_held_bytes),
		cmocka_unit_test(the_limit_and_the_end),
		cmocka_unit_test(memory_that_is_used_up),
		cmocka_unit_test(no_memory_is_no_wrong_byte),
		cmocka_unit_test(repeats_from_anywhere),
	};

	return cmocka_run_group_tests_name("stream_limits", tests, NULL, NULL);
}
