// SPDX-License-Identifier: GPL-2.0
/* One direction of a stream, segment by segment. Dialogs at random are stream_model_test.c's. */
#include "unit.h"

#include "src/engine/stream.h"

/*
 * A protocol of lines that end in "/". "$nn" begins 3+nn bytes that nobody wants to
 * see, "%" very many, "?" turns the stream opaque, "!" is not the protocol; "@" claims
 * messages of as many bytes as the digit says, whether they are there or not. In state 1
 * all is records of 5 bytes that nobody wants to see, in state 2 messages of 5 bytes.
 */
static struct ctalg_frame toy_line(const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };
	const u8 *end = memchr(data, '/', len);

	if (end) {
		f.verdict = CTALG_FRAME_MESSAGE;
		f.n = (u32)(end - data) + 1;
	}
	return f;
}

static struct ctalg_frame toy_special(const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };

	if (data[0] == '@') {
		f.verdict = CTALG_FRAME_MESSAGE;
		f.n = len > 1 ? (u32)(data[1] - '0') : 0;
	} else if (data[0] == '%') {
		f.verdict = CTALG_FRAME_SKIP;
		f.n = 0xf0000000U;
	} else if (data[0] != '$') {
		f.verdict = data[0] == '?' ? CTALG_FRAME_OPAQUE : CTALG_FRAME_NOT_OURS;
	} else if (len >= 3) {
		f.verdict = CTALG_FRAME_SKIP;
		f.n = 3 + (u32)(data[1] - '0') * 10 + (u32)(data[2] - '0');
	}
	return f;
}

static struct ctalg_frame toy_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_SKIP, .n = 5 };
	u8 is = *(const u8 *)state;

	(void)dir;
	assert_true(len > 0);
	if (is == 2)
		f.verdict = len < f.n ? CTALG_FRAME_MORE : CTALG_FRAME_MESSAGE;
	if (is)
		return f;
	return seen || !strchr("$?!@%", data[0]) ? toy_line(data, len) : toy_special(data, len);
}

static const struct ctalg_proto toy = { .name = "toy", .max_message = 20, .frame = toy_frame };
static const struct ctalg_proto roomy = { .name = "toy", .max_message = ~0U, .frame = toy_frame };

/* Memory that is counted and fails at its n-th use, if that is not 0. */
struct purse {
	u32 uses, fail_at, size;
};

static void *purse_alloc(void *ctx, u32 size)
{
	struct purse *p = ctx;

	if (++p->uses == p->fail_at)
		return NULL;
	p->size += size;
	return malloc(size);
}

static void purse_free(void *ctx, void *mem, u32 size)
{
	struct purse *p = ctx;

	p->size -= size;
	free(mem);
}

/* A stream and what it says of the segment in hand. */
struct bench {
	struct ctalg_stream s;
	struct ctalg_stream_env env;
	struct ctalg_memory mem;
	struct purse purse;
	struct ctalg_segment_out out;
	u8 state;
	u32 base;
	u32 said;
	char says[3000];
};

static void say(struct bench *b, const char *text, u32 len)
{
	len = min(len, (u32)sizeof(b->says) - 1 - b->said);
	memcpy(b->says + b->said, text, len);
	b->said += len;
	b->says[b->said] = 0;
}

static void say_number(struct bench *b, const char *before, s32 n)
{
	char text[40];

	say(b, text, (u32)snprintf(text, sizeof(text), "%s%d", before, n));
}

static void edit(struct ctalg_edits *e, u32 off, u32 len, const char *text)
{
	struct ctalg_span at = { .off = off, .len = len };

	ctalg_edits_add(e, at, text, (u32)strlen(text));
}

/* What becomes of a message: "-" goes, "^" gets company, "#" takes all with it. */
static void edit_all(const struct ctalg_message *m, struct ctalg_edits *e)
{
	u32 i;

	for (i = 0; i < m->len; i++) {
		if (m->data[i] == 'G')
			edit(e, i, 1, "grown");
		else if (m->len - i >= 5 && !memcmp(m->data + i, "SHORT", 5))
			edit(e, i, 5, "s");
		else if (m->data[i] == '-')
			edit(e, i, 1, "");
		else if (m->data[i] == '^')
			edit(e, i, 0, "<");
		else if (m->data[i] == '#')
			edit(e, 0, m->len, "");
		else if (m->data[i] == '~')
			edit(e, i, m->len, "beyond");
	}
}

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	struct bench *b = ctx;

	assert_int_equal(e->n, 0);
	assert_int_equal(m->dir, CTALG_DIR_REPLY);
	say(b, (const char *)m->data, m->len - 1);
	say(b, ";", 1);
	edit_all(m, e);
}

static void on_count(void *ctx, unsigned int reason)
{
	const char *name = ctalg_reason_name(reason);

	say(ctx, "{", 1);
	say(ctx, name, (u32)strlen(name));
	say(ctx, "}", 1);
}

static void bench_begin(struct bench *b, const struct ctalg_proto *proto, u32 base)
{
	memset(b, 0, sizeof(*b));
	b->base = base;
	b->mem.alloc = purse_alloc;
	b->mem.free = purse_free;
	b->mem.ctx = &b->purse;
	b->env.proto = proto;
	b->env.state = &b->state;
	b->env.dir = CTALG_DIR_REPLY;
	b->env.mem = &b->mem;
	b->env.message = on_message;
	b->env.count = on_count;
	b->env.ctx = b;
	ctalg_stream_start(&b->s, base);
}

/* Whoever need not look at the bytes does not get them. */
static void bench_segment(struct bench *b, s32 at, const void *bytes, u32 len, bool fin)
{
	u32 seq = b->base + (u32)at;
	u8 *data = ctalg_stream_reads(&b->s, seq, len) ? exact(bytes, len) : NULL;

	ctalg_buffer_free(&b->out.payload, &b->mem);
	ctalg_stream_segment(&b->s, &b->env, seq, data, len, fin, &b->out);
	free(data);
	b->out.seq -= b->base;
}

static void bench_end(struct bench *b)
{
	ctalg_buffer_free(&b->out.payload, &b->mem);
	ctalg_stream_free(&b->s, &b->mem);
	assert_int_equal(b->purse.size, 0);
}

/* What the receiver says, and the sender hears. */
static s32 bench_ack(struct bench *b, s32 at, u32 *window)
{
	return (s32)(ctalg_stream_ack(&b->s, b->base + (u32)at, window, &b->mem) - b->base);
}

/* A step of a script: what comes, and what is to become of it. */
enum step_kind {
	SEG = 1, /* bytes @at */
	FIN,	 /* the same with FIN */
	ACK,	 /* @at, with a window of @text or 1000: "ack/window" */
	EMPTY,	 /* @at, no bytes */
	SACK,	 /* from @at to @text: "from-to" or "none" */
};

struct step {
	enum step_kind kind;
	s32 at;
	const char *text;
	const char *want;
};

static void step_segment(struct bench *b, const struct step *st)
{
	static const char *const verdicts[] = {
		[CTALG_SEGMENT_PASS] = "pass ",
		[CTALG_SEGMENT_REPLACE] = "send ",
		[CTALG_SEGMENT_PROBE] = "probe ",
		[CTALG_SEGMENT_DROP] = "drop ",
	};

	bench_segment(b, st->at, st->text, (u32)strlen(st->text), st->kind == FIN);
	say_number(b, verdicts[b->out.verdict], (s32)b->out.seq);
	if (b->out.verdict == CTALG_SEGMENT_REPLACE) {
		say(b, " ", 1);
		say(b, (const char *)b->out.payload.p, b->out.payload.len);
	}
	if (b->out.fin)
		say(b, " FIN", 4);
}

static void step_sack(struct bench *b, const struct step *st)
{
	u32 left = b->base + (u32)st->at, right = b->base + (u32)atoi(st->text);

	if (!ctalg_stream_sack(&b->s, &left, &right)) {
		say(b, "none", 4);
		return;
	}
	say_number(b, "", (s32)(left - b->base));
	say_number(b, "-", (s32)(right - b->base));
}

static void step_run(struct bench *b, const struct step *st)
{
	u32 window = st->text ? (u32)atoi(st->text) : 1000;

	b->said = 0;
	b->says[0] = 0;
	if (st->kind == SEG || st->kind == FIN) {
		step_segment(b, st);
	} else if (st->kind == ACK) {
		say_number(b, "", bench_ack(b, st->at, &window));
		say_number(b, "/", (s32)window);
	} else if (st->kind == EMPTY) {
		say_number(b, "",
			   (s32)(ctalg_stream_empty(&b->s, b->base + (u32)st->at) - b->base));
	} else {
		step_sack(b, st);
	}
}

static void script_run(const struct step *steps, u32 n, u32 base)
{
	struct bench b;
	u32 i;

	bench_begin(&b, &toy, base);
	for (i = 0; i < n; i++) {
		step_run(&b, &steps[i]);
		if (strcmp(b.says, steps[i].want))
			fail_msg("step %u at %u: \"%s\", not \"%s\"", i, base, b.says,
				 steps[i].want);
	}
	bench_end(&b);
}

/* Wherever the numbers begin; some begin just before they wrap around. */
static void script(const struct step *steps, u32 n)
{
	u32 k;

	script_run(steps, n, 1000);
	script_run(steps, n, 0x80000000U);
	for (k = 0; k < 40; k++) {
		script_run(steps, n, 0U - k);
		script_run(steps, n, 0x80000000U - k);
	}
}

#define SCRIPT(...)                                                                                \
	do {                                                                                       \
		static const struct step steps_[] = { __VA_ARGS__ };                               \
		script(steps_, ARRAY_SIZE(steps_));                                                \
	} while (0)

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
	       { FIN, 2, "", "send 0 ab FIN" }, { FIN, 2, "", "send 0 ab FIN" },
	       { ACK, 2, NULL, "2/1000" }, { FIN, 2, "", "send 2  FIN" },
	       { ACK, 3, NULL, "3/1000" }, { FIN, 2, "", "probe 2" }, { EMPTY, 3, NULL, "3" });
	SCRIPT({ SEG, 0, "a", "probe -1" }, { FIN, 1, "b", "send 0 ab FIN" },
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

/* Half of what the receiver offers at most, lest it offer no more and the sender wait. */
static void long_messages_wait_within_the_window(void **unused)
{
	static const struct {
		u32 window, most;
	} cases[] = { { 0, CTALG_WINDOW_MIN / 2 }, { 5000, 2500 }, { ~0U, CTALG_HOLD_MAX } };
	static char text[CTALG_HOLD_MAX + 1];
	struct bench b;
	u32 i, window;

	(void)unused;
	memset(text, 'x', sizeof(text));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bench_begin(&b, &roomy, 0U - 200);
		window = cases[i].window;
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
	       { SEG, 9, "gap/", "{out-of-order}probe -1" }, { SEG, 0, "G/?b", "send 0 grown/?b" },
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

/* A packet with more than is read at once leaves with what was read, even unchanged. */
static void one_packet_is_not_read_without_end(void **unused)
{
	static char text[65000];
	struct bench b;
	u32 i;

	(void)unused;
	lines_fill(text, sizeof(text));
	for (i = 0; i < 3; i++) {
		bench_begin(&b, &toy, 0U - 50000);
		b.s.skip = i == 1 ? 70000 : 0;
		bench_segment(&b, 0, i == 2 ? "G/?" : "a/b", 3, false);
		bench_segment(&b, 3, text, sizeof(text), true);
		assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
		assert_int_equal(b.out.payload.len, b.s.s_fwd - b.base - 3 + (i ? 0 : 1));
		assert_true(b.out.payload.len <= CTALG_SEGMENT_IN && !b.out.fin);
		bench_segment(&b, (s32)(b.s.s_next - b.base), "y/", 2, false);
		bench_end(&b);
	}
}

/* Many bytes once more and new ones: the old ones alone go on. */
static void merged_repeats(void **unused)
{
	static char text[40000];
	struct bench b;

	(void)unused;
	lines_fill(text, sizeof(text));
	text[0] = 'G';
	bench_begin(&b, &toy, 0U - 50);
	bench_segment(&b, 0, text, 20000, false);
	assert_int_equal(b.out.payload.len, 20004);
	bench_segment(&b, 0, text, 40000, true);
	assert_int_equal(b.out.payload.len, 20004);
	assert_false(b.out.fin);
	bench_segment(&b, 10, text + 10, 39990, false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_REPLACE);
	assert_int_equal(b.out.payload.len, 19990);
	bench_segment(&b, 10000, text + 10000, 30000, true);
	assert_int_equal(b.out.payload.len, 30000);
	assert_true(b.out.fin);
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
	bench_segment(&b, (s32)(2 * n), "G/", 2, false);
	assert_int_equal(b.out.verdict, CTALG_SEGMENT_PROBE);
	bench_segment(&b, (s32)(2 * n - 1), "/G/", 3, false);
	assert_int_equal(b.out.payload.len, 1);
	for (i = 0; i < n; i += 7) {
		bench_segment(&b, (s32)(2 * i), "G/", 2, false);
		assert_int_equal(b.out.seq, 6 * i);
	}
	assert_int_equal(bench_ack(&b, 6, &window), 2);
	bench_segment(&b, (s32)(2 * n), "G/", 2, false);
	assert_int_equal(b.out.payload.len, 6);
	assert_null(strchr(b.says, '{'));
	bench_end(&b);
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
		struct ctalg_edits e;
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
		cmocka_unit_test(held_bytes_change_their_meaning),
		cmocka_unit_test(told_bytes_that_end_a_part),
		cmocka_unit_test(told_bytes_that_are_several_messages),
		cmocka_unit_test(told_bytes_beyond_a_packet),
		cmocka_unit_test(one_packet_is_not_read_without_end),
		cmocka_unit_test(merged_repeats),
		cmocka_unit_test(grown_packets),
		cmocka_unit_test(unacknowledged_edits_have_a_limit),
		cmocka_unit_test(the_numbers_come_round),
		cmocka_unit_test(no_memory_is_no_wrong_byte),
		cmocka_unit_test(repeats_from_anywhere),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
