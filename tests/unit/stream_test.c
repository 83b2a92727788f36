// SPDX-License-Identifier: GPL-2.0
/* One direction of a stream, segment by segment. Dialogs at random are stream_model_test.c's. */
#include "stream_bench.h"

static void whole_messages_pass(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "a/bb/c/", "a;bb;c;pass 0" }, { SEG, 7, "d/", "d;pass 7" },
	       { SEG, 9, "//", ";;pass 9" }, { ACK, 5, NULL, "5/1000" }, { EMPTY, 11, NULL, "11" },
	       { ACK, 11, NULL, "11/1000" });
}

static void whole_messages_cost_no_memory(void **unused)
{
	static const char *const texts[] = { "a/bb/", "$05xx", "xxxc/", "%", "xxxx" };
	struct bench b;
	u32 i, window = 1000;
	s32 at = 0;

	(void)unused;
	bench_begin(&b, &toy, 77);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		bench_segment(&b, at, texts[i], (u32)strlen(texts[i]), i == 4);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_PASS);
		at += (s32)strlen(texts[i]);
		bench_ack(&b, at, &window);
	}
	assert_int_equal(b.purse.uses, 0);
	bench_end(&b);
}

static void cut_messages_are_held(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "ab", "probe -1" }, { ACK, 0, NULL, "2/998" }, { SEG, 2, "c", "probe -1" },
	       { ACK, 0, NULL, "3/997" }, { SEG, 3, "d/e/", "abcd;e;send 0 abcd/e/" },
	       { ACK, 0, NULL, "3/997" }, { ACK, 7, NULL, "7/1000" });
	SCRIPT({ SEG, 0, "a/b", "a;send 0 a/" }, { ACK, 2, NULL, "3/999" },
	       { SEG, 3, "/c/d", "b;c;send 2 b/c/" }, { SEG, 7, "e", "probe 1" },
	       { SEG, 8, "/", "de;send 6 de/" });
	/* Not acknowledged, so not told: the sender still repeats them. */
	SCRIPT({ SEG, 0, "a/b", "a;send 0 a/" }, { ACK, 1, NULL, "1/1000" },
	       { SEG, 3, "c/", "bc;send 2 bc/" }, { SEG, 0, "a/bc/", "send 1 /bc/" },
	       { SEG, 2, "bc/", "pass 2" });
	SCRIPT({ SEG, 0, "a", "probe -1" }, { SEG, 0, "a", "probe -1" },
	       { SEG, 0, "a/", "a;send 0 a/" });
	SCRIPT({ SEG, 0, "abc", "probe -1" }, { SEG, 1, "b", "probe -1" },
	       { SEG, 2, "c/d/", "abc;d;send 0 abc/d/" });
}

static void gaps_are_probed(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "a/", "a;pass 0" }, { SEG, 4, "c/", "{out-of-order}probe -1" },
	       { ACK, 2, NULL, "2/1000" }, { SEG, 4, "c/", "{out-of-order}probe 1" },
	       { SEG, 2, "b/c/", "b;c;pass 2" });
}

static void edits_move_the_numbers(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "xGy/", "xGy;send 0 xgrowny/" }, { SEG, 4, "b/", "b;pass 8" },
	       { ACK, 3, NULL, "1/998" }, { ACK, 8, NULL, "4/1000" }, { ACK, 3, NULL, "3/996" },
	       { SEG, 7, "c/", "{out-of-order}probe 7" }, { EMPTY, 6, NULL, "10" },
	       { ACK, 10, NULL, "6/1000" }, { SEG, 6, "SHORT/", "SHORT;send 10 s/" },
	       { EMPTY, 12, NULL, "12" }, { ACK, 12, NULL, "12/1000" },
	       { SEG, 12, "c/", "c;pass 12" });
	SCRIPT({ SEG, 0, "G/SHORT/GG/", "G;SHORT;GG;send 0 grown/s/growngrown/" });
	SCRIPT({ SEG, 0, "a~/", "a~;pass 0" });
}

static void edits_empty_on_a_side(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "a-b/", "a-b;send 0 ab/" }, { SEG, 0, "a-", "send 0 ab/" },
	       { SEG, 2, "b/", "send 0 ab/" }, { SEG, 4, "c^d/", "c^d;send 3 c<^d/" },
	       { SEG, 0, "a-b/c^d/", "send 0 ab/c<^d/" }, { SEG, 5, "^", "send 3 c<^d/" },
	       { ACK, 5, NULL, "4/1000" }, { SEG, 5, "^d/", "send 5 ^d/" },
	       { ACK, 8, NULL, "8/1000" }, { SEG, 8, "#/", "#;pass 8" });
}

static void repeats_are_the_same_bytes(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "xGy/", "xGy;send 0 xgrowny/" }, { SEG, 4, "b/", "b;pass 8" },
	       { SEG, 0, "xGy/b/", "send 0 xgrowny/b/" }, { SEG, 0, "x", "pass 0" },
	       { SEG, 1, "G", "send 1 grown" }, { SEG, 2, "y/", "pass 6" },
	       { SEG, 4, "b/", "pass 8" }, { SEG, 2, "y/b/c/", "c;send 6 y/b/c/" },
	       { ACK, 4, NULL, "1/999" }, { SEG, 0, "xGy/", "send 4 wny/" },
	       { SEG, 0, "x", "probe 3" }, { SEG, 2, "y/b/c/d/", "d;send 6 y/b/c/d/" },
	       { ACK, 14, NULL, "10/1000" }, { SEG, 0, "xGy/", "probe 13" });
	SCRIPT({ SEG, 0, "SHORT/", "SHORT;send 0 s/" }, { SEG, 0, "SH", "send 0 s" },
	       { SEG, 2, "OR", "send 0 s" }, { SEG, 3, "RT/", "send 0 s/" },
	       { SEG, 5, "/", "pass 1" }, { ACK, 1, NULL, "5/1000" },
	       { SEG, 0, "SHORT/", "send 1 /" }, { SEG, 0, "SHO", "probe 0" });
}

static void told_bytes_go_along(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "aG", "probe -1" }, { ACK, 0, NULL, "2/998" },
	       { SEG, 2, "/b/", "aG;b;send 0 agrown/b/" }, { SEG, 2, "/b/", "send 0 agrown/b/" },
	       { SEG, 2, "/", "send 0 agrown/" }, { SEG, 3, "b/", "pass 7" },
	       { ACK, 3, NULL, "2/997" }, { SEG, 2, "/b/", "send 3 own/b/" },
	       { SEG, 2, "/b/c/", "c;send 3 own/b/c/" }, { SEG, 0, "aG/", "send 3 own/" });
	SCRIPT({ SEG, 0, "ab", "probe -1" }, { ACK, 0, NULL, "2/998" },
	       { SEG, 2, "/", "ab;send 0 ab/" }, { SEG, 3, "c", "probe -1" },
	       { SEG, 2, "/c", "send 0 ab/" }, { ACK, 3, NULL, "4/999" },
	       { SEG, 4, "/", "c;send 3 c/" }, { SEG, 4, "/", "send 3 c/" });
}

static void fin_takes_held_bytes_along(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "ab", "probe -1" }, { ACK, 0, NULL, "2/998" },
	       { FIN, 2, "", "{partial-message}send 0 ab FIN" }, { FIN, 2, "", "send 0 ab FIN" },
	       { ACK, 2, NULL, "2/1000" }, { FIN, 2, "", "send 2  FIN" },
	       { ACK, 3, NULL, "3/1000" }, { FIN, 2, "", "probe 2" }, { EMPTY, 3, NULL, "3" });
	SCRIPT({ SEG, 0, "a", "probe -1" }, { FIN, 1, "b", "{partial-message}send 0 ab FIN" },
	       { FIN, 0, "ab", "send 0 ab FIN" }, { SEG, 0, "ab", "pass 0" },
	       { FIN, 1, "b", "send 1 b FIN" });
}

static void fin_with_whole_messages(void **unused)
{
	(void)unused;
	SCRIPT({ FIN, 0, "a/", "a;pass 0 FIN" }, { FIN, 0, "a/", "send 0 a/ FIN" },
	       { SEG, 0, "a/", "pass 0" }, { FIN, 2, "", "send 2  FIN" },
	       { SEG, 3, "x/", "probe -1" }, { SEG, 2, "x/", "send 2  FIN" },
	       { ACK, 3, NULL, "3/1000" }, { EMPTY, 3, NULL, "3" });
	SCRIPT({ SEG, 0, "G/", "G;send 0 grown/" }, { FIN, 2, "", "pass 6 FIN" },
	       { FIN, 0, "G/", "send 0 grown/ FIN" }, { FIN, 1, "/", "send 5 / FIN" },
	       { SEG, 0, "G/", "send 0 grown/" }, { ACK, 6, NULL, "2/1000" },
	       { ACK, 7, NULL, "3/1000" });
}

static void too_long_messages_go_on_unread(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "12345678901234567890", "probe -1" },
	       { SEG, 20, "/a/", "12345678901234567890;a;send 0 12345678901234567890/a/" });
	SCRIPT({ SEG, 0, "123456789012345678901", "{too-long}pass 0" }, { SEG, 21, "G", "pass 21" },
	       { SEG, 22, "x/G/", "G;send 22 x/grown/" });
	SCRIPT({ SEG, 0, "1234567890", "probe -1" }, { ACK, 0, NULL, "10/990" },
	       { SEG, 10, "12345678901", "{too-long}send 0 123456789012345678901" },
	       { SEG, 10, "12345678901", "send 0 123456789012345678901" },
	       { SEG, 21, "$?G", "pass 21" }, { SEG, 24, "/G", "send 24 /" },
	       { SEG, 25, "G/", "G;send 25 grown/" });
}

/* What says at its beginning how long it is: once that is known nobody asks again. */
static void messages_of_known_length(void **unused)
{
	static const char message[] = "&15xxxxxxxxxxxx";
	struct bench b;
	s32 at;

	(void)unused;
	bench_begin(&b, &toy, 0);
	toy_asked = 0;
	for (at = 0; at < 15; at++)
		bench_segment(&b, at, message + at, 1, false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
	assert_int_equal(toy_asked, 4);
	bench_end(&b);
	SCRIPT({ SEG, 0, "&1", "probe -1" }, { SEG, 2, "0", "probe -1" },
	       { SEG, 3, "xxxx", "probe -1" },
	       { SEG, 7, "xxxa/", "&10xxxxxx;a;send 0 &10xxxxxxxa/" });
	/* one that is too long goes by, and the next one is read */
	SCRIPT({ SEG, 0, "&25xx", "{too-long}pass 0" },
	       { SEG, 5, "xxxxxxxxxxxxxxxxxxxx", "pass 5" }, { SEG, 25, "G/", "G;send 25 grown/" });
	SCRIPT({ SEG, 0, "&2", "probe -1" }, { SEG, 2, "5/", "{too-long}send 0 &25/" },
	       { SEG, 4, "xxxxxxxxxxxxxxxxxxxxxG/", "G;send 4 xxxxxxxxxxxxxxxxxxxxxgrown/" });
	SCRIPT({ SEG, 0, "&09xx", "probe -1" },
	       { FIN, 5, "x", "{partial-message}send 0 &09xxx FIN" });
}

/* Half of what the receiver offers at most, lest it offer no more and the sender wait. */
static void long_messages_wait_within_the_window(void **unused)
{
	static const struct {
		u32 window, most;
		bool begins;
	} cases[] = { { 0, CTALG_WINDOW_MIN / 2, false },
		      { 5000, 2500, false },
		      { ~0U, CTALG_HOLD_MAX, false },
		      { 65535, 32767, true },
		      { 100, CTALG_WINDOW_MIN / 2, true } };
	static char text[CTALG_HOLD_MAX + 1];
	struct bench b;
	u32 i, window;

	(void)unused;
	memset(text, 'x', sizeof(text));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bench_begin(&b, &roomy, 0U - 200);
		window = cases[i].window;
		/* as it stands in the SYN-ACK, or with what it has acknowledged since */
		if (cases[i].begins)
			ctalg_stream_offered(&b.s, window);
		else
			bench_ack(&b, 0, &window);
		bench_segment(&b, 0, text, cases[i].most, false);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_PROBE);
		bench_segment(&b, 0, text, cases[i].most + 1, false);
		assert_int_equal(b.out.payload.len, cases[i].most + 1);
		assert_string_equal(b.says, "{too-long}");
		bench_end(&b);
	}
}

static void unwanted_bytes(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "$02xxa/", "a;pass 0" }, { SEG, 7, "$09xxx", "pass 7" },
	       { SEG, 13, "xxxxGx", "pass 13" }, { SEG, 19, "a/", "a;pass 19" },
	       { SEG, 21, "$0", "probe -1" }, { SEG, 23, "2/", "send 21 $02/" },
	       { SEG, 25, "/G/", "G;send 25 /grown/" });
	SCRIPT({ SEG, 0, "$05xx", "pass 0" }, { FIN, 5, "", "pass 5 FIN" });
	SCRIPT({ SEG, 0, "$05xx", "pass 0" }, { SEG, 2, "5xxxx", "send 2 5xxxx" },
	       { SEG, 3, "xxxxxG/", "G;send 3 xxxxxgrown/" });
	SCRIPT({ SEG, 0, "$", "probe -1" }, { ACK, 0, NULL, "1/999" },
	       { SEG, 1, "09xx", "send 0 $09xx" }, { SEG, 1, "09xx", "send 0 $09xx" },
	       { SEG, 5, "xxx", "pass 5" }, { SEG, 8, "xxxxa/", "a;pass 8" });
}

static void nonsense_is_not_believed(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "@2@4/", "@;{opaque}pass 0" }, { SEG, 5, "G/", "pass 5" });
	SCRIPT({ SEG, 0, "@0/", "{opaque}pass 0" });
}

static void deaf_streams_keep_their_numbers(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "G/?b/", "G;{opaque}send 0 grown/?b/" }, { SEG, 5, "G/", "pass 9" },
	       { SEG, 9, "gap/", "pass 13" }, { SEG, 0, "G/?b", "send 0 grown/?b" },
	       { EMPTY, 7, NULL, "11" }, { ACK, 11, NULL, "7/1000" },
	       { SEG, 11, "gap/", "pass 15" }, { SEG, 7, "G/x/", "pass 11" },
	       { SEG, 0, "G", "pass 4" }, { EMPTY, 14, NULL, "18" }, { ACK, 15, NULL, "11/1000" },
	       { SACK, 17, "19", "13-15" }, { ACK, 19, NULL, "15/1000" },
	       { FIN, 15, "", "pass 19 FIN" });
	SCRIPT({ SEG, 0, "!", "{not-the-protocol}pass 0" }, { SEG, 5, "G/", "pass 5" },
	       { SEG, 1, "a/", "pass 1" }, { ACK, 7, NULL, "7/1000" });
	/* Held bytes are let go first. */
	SCRIPT({ SEG, 0, "a/$0", "a;send 0 a/" }, { ACK, 2, NULL, "4/998" },
	       { SEG, 4, "1x?", "{opaque}send 2 $01x?" }, { SEG, 4, "1x?", "send 2 $01x?" },
	       { SEG, 2, "$01x?", "send 2 $01x?" }, { ACK, 7, NULL, "7/1000" },
	       { SEG, 9, "y", "pass 9" });
}

static void selective_acknowledgements(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "aGb/", "aGb;send 0 agrownb/" }, { SEG, 4, "c/", "c;pass 8" },
	       { SEG, 6, "d/", "d;pass 10" }, { SACK, 8, "10", "4-6" }, { SACK, 10, "12", "6-8" },
	       { SACK, 3, "10", "2-6" }, { SACK, 8, "9", "4-5" }, { SACK, 2, "4", "none" },
	       { SACK, 1, "6", "1-2" }, { SACK, 11, "13", "none" }, { SACK, 9, "9", "none" },
	       { ACK, 8, NULL, "4/1000" }, { SACK, 2, "6", "none" }, { SACK, 7, "10", "none" },
	       { SACK, 10, "12", "6-8" }, { SEG, 8, "xy", "probe 7" }, { SACK, 10, "12", "6-8" });
	/* What the sender was told is no news. */
	SCRIPT({ SEG, 0, "$0", "probe -1" }, { ACK, 0, NULL, "2/998" },
	       { SEG, 2, "1x", "send 0 $01x" }, { SEG, 4, "a/", "a;pass 4" },
	       { SACK, 1, "6", "4-6" });
}

static void keep_alives_and_window_probes(void **unused)
{
	(void)unused;
	SCRIPT({ EMPTY, -1, NULL, "-1" }, { EMPTY, 0, NULL, "0" },
	       { SEG, 0, "aG/", "aG;send 0 agrown/" }, { ACK, 7, NULL, "3/1000" },
	       { EMPTY, 2, NULL, "6" }, { EMPTY, 3, NULL, "7" }, { SEG, 3, "xy", "probe 6" },
	       { ACK, 7, NULL, "5/998" }, { EMPTY, 4, NULL, "6" }, { EMPTY, 5, NULL, "7" },
	       { EMPTY, 3, NULL, "7" }, { EMPTY, 1, NULL, "5" }, { EMPTY, 9, NULL, "11" },
	       { SEG, 4, "y", "probe 6" });
}

static void the_window_that_the_sender_sees(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "abcd", "probe -1" }, { ACK, 0, "10", "4/6" }, { ACK, 0, "4", "4/0" },
	       { ACK, 0, "2", "4/0" }, { SEG, 4, "/", "abcd;send 0 abcd/" },
	       { ACK, 5, "2", "5/2" });
	SCRIPT({ SEG, 0, "G/", "G;send 0 grown/" }, { ACK, 0, "3", "0/0" }, { ACK, 0, "5", "0/1" },
	       { ACK, 0, "6", "0/2" }, { ACK, 0, "9", "0/5" }, { ACK, 6, "3", "2/3" });
	SCRIPT({ SEG, 0, "SHORT/", "SHORT;send 0 s/" }, { ACK, 0, "1", "0/1" },
	       { ACK, 0, "100", "0/100" }, { ACK, 2, "100", "6/100" });
}

/* Of bytes that went another way. */
static void acknowledgements_ahead(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "G/", "G;send 0 grown/" }, { ACK, 9, NULL, "5/1000" },
	       { ACK, 6, NULL, "2/1000" });
	SCRIPT({ SEG, 0, "ab", "probe -1" }, { ACK, 5, NULL, "7/1000" });
}

static void before_the_beginning(void **unused)
{
	static const u32 numbers[] = { 0, 1, 0x7fffffff, 0x80000000U, 0xffffffffU };
	u32 i, window = 1000, left, right;
	struct bench b;

	(void)unused;
	bench_begin(&b, &toy, 0);
	memset(&b.s, 0, sizeof(b.s));
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		left = numbers[i];
		right = left + 1;
		bench_segment(&b, (s32)left, "a/?", 3, false);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_PASS);
		assert_int_equal(b.out.seq, left);
		assert_int_equal(ctalg_stream_empty(&b.s, left), left);
		assert_true((u32)bench_ack(&b, (s32)left, &window) == left);
		assert_true(ctalg_stream_sack(&b.s, &left, &right));
		assert_int_equal(left, numbers[i]);
	}
	assert_int_equal(b.said, 0);
	bench_end(&b);
}

/* Bytes that nobody reads may overtake one another, none else. */
static void unwanted_bytes_in_any_order(void **unused)
{
	(void)unused;
	SCRIPT({ SEG, 0, "G/$20x", "G;send 0 grown/$20x" }, { SEG, 9, "xxx", "pass 13" },
	       { SEG, 6, "xxx", "pass 10" }, { SEG, 12, "xx", "pass 16" },
	       { SEG, 14, "xx", "pass 18" }, { ACK, 16, NULL, "12/1000" },
	       { SACK, 18, "20", "14-16" }, { EMPTY, 16, NULL, "20" },
	       { SEG, 18, "xxxxxxxx", "{out-of-order}probe 15" },
	       { FIN, 18, "xx", "{out-of-order}probe 15" }, { SEG, 18, "xxxxxxx", "pass 22" },
	       { SEG, 25, "G/", "G;send 29 grown/" }, { SEG, 27, "$03xxxG", "send 35 $03xxx" },
	       { SEG, 16, "xx", "pass 20" }, { ACK, 35, NULL, "27/1000" },
	       { ACK, 41, NULL, "34/999" });
	SCRIPT({ SEG, 0, "a", "probe -1" }, { ACK, 0, NULL, "1/999" },
	       { SEG, 1, "/$09", "a;send 0 a/$09" }, { SEG, 8, "x", "pass 8" },
	       { SEG, 1, "/$09", "send 0 a/$09" });
	/* Behind the end there is nothing. */
	SCRIPT({ SEG, 0, "$09", "pass 0" }, { FIN, 3, "x", "pass 3 FIN" },
	       { SEG, 5, "x", "probe -1" });
}

/* Wherever a replacement begins or ends; none of what is held is urgent yet. */
static void urgent_points(void **unused)
{
	(void)unused;
	SCRIPT({ URG, 0, NULL, "0" }, { URG, 5, NULL, "5" },
	       { SEG, 0, "aGbSHORT/cd", "aGbSHORT;send 0 agrownbs/" }, { URG, 1, NULL, "1" },
	       { URG, 2, NULL, "6" }, { URG, 3, NULL, "7" }, { URG, 4, NULL, "8" },
	       { URG, 7, NULL, "8" }, { URG, 8, NULL, "8" }, { URG, 9, NULL, "9" },
	       { URG, 10, NULL, "9" }, { URG, 11, NULL, "9" }, { URG, 12, NULL, "12" },
	       { ACK, 9, NULL, "11/998" }, { URG, 9, NULL, "9" }, { SEG, 11, "/", "cd;send 9 cd/" },
	       { URG, 10, NULL, "10" }, { URG, 12, NULL, "12" }, { URG, 14, NULL, "14" });
}

/* What was held goes on with the sender's next segment, when the other direction ends the reading. */
static void deaf_streams_let_go_what_they_hold(void **unused)
{
	struct bench b;

	(void)unused;
	bench_begin(&b, &toy, 5);
	bench_segment(&b, 0, "a/bc", 4, false);
	assert_false(ctalg_stream_leftover(&b.s));
	b.s.mode = CTALG_STREAM_DEAF;
	assert_true(ctalg_stream_leftover(&b.s));
	bench_segment(&b, 4, NULL, 0, false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
	assert_int_equal(b.out.payload.len, 2);
	assert_memory_equal(b.out.payload.p, "bc", 2);
	assert_false(ctalg_stream_leftover(&b.s));
	bench_end(&b);
}

/* Gigabytes, of which the receiver never acknowledges all at once. */
static void check_gigabytes(u8 mode)
{
	u32 at, window, len = 40000;
	struct bench b;

	bench_begin(&b, &toy, 5);
	b.s.mode = mode;
	bench_segment(&b, 0, "%", 1, false);
	for (at = 1; at < 0xe8000000U; at += len) {
		bench_segment(&b, (s32)at, NULL, len, false);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_PASS);
		assert_true(b.out.seq == at);
		window = 1000;
		assert_true((u32)bench_ack(&b, (s32)at, &window) == at);
		assert_int_equal(window, 1000);
	}
	assert_int_equal(b.purse.uses, 0);
	bench_end(&b);
}

static void the_numbers_come_round(void **unused)
{
	(void)unused;
	check_gigabytes(CTALG_STREAM_READING);
	check_gigabytes(CTALG_STREAM_DEAF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_messages_pass),
		cmocka_unit_test(whole_messages_cost_no_memory),
		cmocka_unit_test(cut_messages_are_held),
		cmocka_unit_test(gaps_are_probed),
		cmocka_unit_test(edits_move_the_numbers),
		cmocka_unit_test(edits_empty_on_a_side),
		cmocka_unit_test(repeats_are_the_same_bytes),
		cmocka_unit_test(told_bytes_go_along),
		cmocka_unit_test(fin_takes_held_bytes_along),
		cmocka_unit_test(fin_with_whole_messages),
		cmocka_unit_test(too_long_messages_go_on_unread),
		cmocka_unit_test(messages_of_known_length),
		cmocka_unit_test(long_messages_wait_within_the_window),
		cmocka_unit_test(unwanted_bytes),
		cmocka_unit_test(nonsense_is_not_believed),
		cmocka_unit_test(deaf_streams_keep_their_numbers),
		cmocka_unit_test(deaf_streams_let_go_what_they_hold),
		cmocka_unit_test(selective_acknowledgements),
		cmocka_unit_test(keep_alives_and_window_probes),
		cmocka_unit_test(the_window_that_the_sender_sees),
		cmocka_unit_test(acknowledgements_ahead),
		cmocka_unit_test(before_the_beginning),
		cmocka_unit_test(unwanted_bytes_in_any_order),
		cmocka_unit_test(urgent_points),
		cmocka_unit_test(the_numbers_come_round),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
