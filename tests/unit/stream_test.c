// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "src/engine/stream.h"

/*
 * A protocol of lines. "$nn" begins 3+nn bytes that nobody wants to see, "?" turns
 * the stream opaque, "!" is not the protocol. After "@" it claims whole messages of as
 * many bytes as the digit says, whether they are there or not.
 */
static struct ctalg_frame toy_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };

	(void)state;
	(void)dir;
	assert_true(len > 0);
	if (!strchr("$?!@", data[0]) || (seen && data[0] != '$'))
		return ctalg_frame_line(data, len);
	if (data[0] == '@') {
		f.verdict = CTALG_FRAME_MESSAGE;
		f.n = len > 1 ? (u32)(data[1] - '0') : 0;
	} else if (data[0] != '$') {
		f.verdict = data[0] == '?' ? CTALG_FRAME_OPAQUE : CTALG_FRAME_NOT_OURS;
	} else if (len >= 3) {
		f.verdict = CTALG_FRAME_SKIP;
		f.n = 3 + (u32)(data[1] - '0') * 10 + (u32)(data[2] - '0');
	}
	return f;
}

static const struct ctalg_proto toy = { .name = "toy", .max_message = 20, .frame = toy_frame };

/* What happened, as text: messages with their offset, reasons by name. */
struct diary {
	char text[600];
};

static void diary_add(struct diary *d, const char *text, u32 len)
{
	size_t used = strlen(d->text);

	assert_true(used + len < sizeof(d->text));
	memcpy(d->text + used, text, len);
	d->text[used + len] = 0;
}

static void on_message(void *ctx, const struct ctalg_message *m, u32 off)
{
	char head[24];

	diary_add(ctx, head, (u32)snprintf(head, sizeof(head), "%u:", off));
	assert_int_equal(m->data[m->len - 1], '\n');
	diary_add(ctx, (const char *)m->data, m->len - 1);
	diary_add(ctx, " ", 1);
}

static void on_count(void *ctx, unsigned int reason)
{
	const char *name = ctalg_reason_name(reason);

	diary_add(ctx, name, (u32)strlen(name));
	diary_add(ctx, " ", 1);
}

static const struct ctalg_stream_ops ops = { .message = on_message, .count = on_count };

static void feed(struct ctalg_stream *s, struct diary *d, u32 seq, const char *text)
{
	u32 len = (u32)strlen(text);
	u8 *data = exact(text, len);

	if (!ctalg_stream_passes(s, seq, len))
		ctalg_stream_read(s, &toy, NULL, CTALG_DIR_ORIG, seq, data, len, &ops, d);
	else
		diary_add(d, "passes ", 7);
	free(data);
}

/* Segments by offset in the stream, and what must happen. */
struct segments {
	const char *want;
	struct {
		u32 at;
		const char *text;
	} seg[6];
};

static const struct segments scripts[] = {
	{ "0:a 2:bb 5:c ", { { 0, "a\nbb\nc\n" } } },
	{ "0:a 0:b ", { { 0, "a\n" }, { 2, "b\n" } } },
	{ "0: 1: ", { { 0, "\n\n" } } },
	/* cut messages pass unread */
	{ "partial-message 2:c ", { { 0, "a" }, { 1, "b\nc\n" } } },
	{ "0:a partial-message 1:c ", { { 0, "a\nb" }, { 3, "\nc\n" } } },
	{ "partial-message ", { { 0, "a" }, { 1, "b" }, { 2, "c" }, { 3, "\n" } } },
	/* too long to be waited for; one byte less is not */
	{ "too-long 21:x ", { { 0, "12345678901234567890\nx\n" } } },
	{ "0:1234567890123456789 ", { { 0, "1234567890123456789\n" } } },
	/* sent again: nothing new, something new, cut elsewhere */
	{ "0:a ", { { 0, "a\n" }, { 0, "a\n" } } },
	{ "0:a 2:b ", { { 0, "a\n" }, { 0, "a\nb\n" } } },
	{ "0:a 1:b ", { { 0, "a\n" }, { 1, "\nb\n" } } },
	{ "0:a partial-message 4:c ", { { 0, "a\nb" }, { 0, "a\nb\nc\n" } } },
	{ "0:ab partial-message 3:d ", { { 0, "ab\n" }, { 1, "b\nc" }, { 2, "\nc\nd\n" } } },
	/* nothing in it */
	{ "passes 0:a ", { { 0, "" }, { 7, "" }, { 0, "a\n" } } },
	/* ahead of its turn: passes unread, what is before it is read */
	{ "out-of-order 0:a ", { { 2, "b\n" }, { 0, "a\n" } } },
	{ "out-of-order 0:a partial-message 0:d ",
	  { { 2, "b\n" }, { 0, "a\n" }, { 4, "c\n" }, { 6, "d\n" } } },
	{ "out-of-order 0:a partial-message ", { { 2, "b\n" }, { 0, "a\nb\nc\n" } } },
	{ "out-of-order 0:a partial-message 6:d ", { { 2, "b\n" }, { 0, "a\nb\nc\nd\n" } } },
	{ "out-of-order out-of-order 0:a ", { { 4, "c\n" }, { 2, "b\n" }, { 0, "a\n" } } },
	{ "out-of-order out-of-order 0:a 0:b ",
	  { { 4, "c\n" }, { 6, "d\n" }, { 0, "a\n" }, { 2, "b\n" } } },
	{ "out-of-order out-of-order 0:a 2:b ",
	  { { 4, "c\n" }, { 8, "e\n" }, { 0, "a\nb\nc\nd\ne\n" } } },
	{ "out-of-order out-of-order 0:a ", { { 2, "b\nc\n" }, { 4, "c\n" }, { 0, "a\n" } } },
	/* bytes that nobody wants to see */
	{ "5:a ", { { 0, "$02xxa\n" } } },
	{ "passes 0:a ", { { 0, "$09xxx" }, { 6, "xxxxxx" }, { 12, "a\n" } } },
	{ "1:a ", { { 0, "$04xxx" }, { 6, "xa\n" } } },
	{ "2:a ", { { 0, "$06\nx\nx" }, { 7, "x\na\n" } } },
	{ "0:a 0:b ", { { 0, "$03xxx" }, { 6, "a\n" }, { 8, "b\n" } } },
	{ "passes 2:a ", { { 0, "$03" }, { 3, "xx" }, { 3, "xxx" }, { 4, "xxa\n" } } },
	{ "0:a partial-message 4:xb 5:b ",
	  { { 0, "a\n$0" }, { 4, "3xx\nxb\n" }, { 6, "x\nxb\nb\n" } } },
	{ "out-of-order passes 0:a ",
	  { { 5, "xx" }, { 0, "$05x" }, { 4, "x" }, { 7, "x" }, { 8, "a\n" } } },
	{ "out-of-order partial-message 0:c ",
	  { { 5, "xxxa" }, { 0, "$05xx" }, { 9, "b\n" }, { 11, "c\n" } } },
	{ "out-of-order 0:a ", { { 5, "xxx" }, { 0, "$05xx" }, { 8, "a\n" } } },
	/* and they may end a message that was cut */
	{ "6:b ", { { 0, "a" }, { 1, "$03xxxb\n" } } },
	/* a framer that says nonsense is not believed */
	{ "0:@3 ", { { 0, "@3\n" } } },
	{ "partial-message 1:a ", { { 0, "@4\n" }, { 3, "\na\n" } } },
	{ "partial-message ", { { 0, "@0\n" }, { 3, "\n" } } },
	/* deaf for good */
	{ "0:a opaque passes ", { { 0, "a\n?b\nc\n" }, { 7, "d\n" } } },
	{ "not-the-protocol passes ", { { 0, "!" }, { 1, "d\n" } } },
	{ "0:a not-the-protocol passes ", { { 0, "a\n" }, { 2, "!\n" }, { 4, "d\n" } } },
};

static void run_script(const struct segments *sc, u32 seq)
{
	struct diary d = { "" };
	struct ctalg_stream s;
	u32 i;

	ctalg_stream_start(&s, seq);
	for (i = 0; i < ARRAY_SIZE(sc->seg) && sc->seg[i].text; i++)
		feed(&s, &d, seq + sc->seg[i].at, sc->seg[i].text);
	if (strcmp(d.text, sc->want))
		fail_msg("script %d at %u: \"%s\", not \"%s\"", (int)(sc - scripts), seq, d.text,
			 sc->want);
}

/* Wherever the numbers begin; some begin just before they wrap around. */
static void segments_and_messages(void **unused)
{
	static const u32 seqs[] = { 0, 1000, 0x7ffffff8U, 0x7fffffffU };
	u32 i, k;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(scripts); i++) {
		for (k = 0; k < ARRAY_SIZE(seqs); k++)
			run_script(&scripts[i], seqs[k]);
		for (k = 0; k < 16; k++)
			run_script(&scripts[i], 0U - k);
	}
}

static void before_the_beginning(void **unused)
{
	struct diary d = { "" };
	struct ctalg_stream s;

	(void)unused;
	memset(&s, 0, sizeof(s));
	feed(&s, &d, 77, "a\n");
	assert_string_equal(d.text, "passes ");
	ctalg_stream_start(&s, 77);
	feed(&s, &d, 77, "a\n");
	assert_string_equal(d.text, "passes 0:a ");
}

/* 4 GiB without a line's end: the message has still begun. */
static void a_message_without_end(void **unused)
{
	struct diary d = { "" };
	struct ctalg_stream s;

	(void)unused;
	ctalg_stream_start(&s, 5);
	s.seen = 0xfffffffeU;
	feed(&s, &d, 5, "xx");
	feed(&s, &d, 7, "a\n");
	assert_string_equal(d.text, "partial-message ");
}

/* A gap that begins in unwanted bytes and ends in a message. */
static void how_much_passed_unread(void **unused)
{
	struct diary d = { "" };
	struct ctalg_stream s;

	(void)unused;
	ctalg_stream_start(&s, 0);
	feed(&s, &d, 5, "xxxab");
	feed(&s, &d, 0, "$05xx");
	assert_int_equal(s.next, 10);
	assert_int_equal(s.skip, 0);
	assert_int_equal(s.seen, 2);
	feed(&s, &d, 10, "cde");
	assert_int_equal(s.seen, 5);
}

/* A random stream of lines, its true messages known. */
struct source {
	char text[400];
	u32 len;
	bool begins[400];
};

static void source_fill(struct source *src, u64 *seed)
{
	bool begins = true;

	for (src->len = 0; src->len < 300; src->len++) {
		src->begins[src->len] = begins;
		begins = rnd_below(seed, 6) == 0;
		src->text[src->len] = begins ? '\n' : (char)('a' + rnd_below(seed, 26));
	}
}

struct checker {
	const struct source *src;
	u32 seg_at;
	u32 last_end;
	u32 messages;
};

static void check_message(void *ctx, const struct ctalg_message *m, u32 off)
{
	struct checker *c = ctx;
	u32 at = c->seg_at + off;

	assert_true(c->src->begins[at]);
	assert_ptr_equal(memchr(m->data, '\n', m->len), m->data + m->len - 1);
	assert_memory_equal(m->data, c->src->text + at, m->len);
	assert_true(at >= c->last_end);
	c->last_end = at + m->len;
	c->messages++;
}

static void check_count(void *ctx, unsigned int reason)
{
	(void)ctx;
	(void)reason;
}

static const struct ctalg_stream_ops check_ops = { .message = check_message, .count = check_count };

static void check_feed(struct ctalg_stream *s, struct checker *c, u32 base, u32 from, u32 to)
{
	u8 *data = exact(c->src->text + from, to - from);

	c->seg_at = from;
	if (!ctalg_stream_passes(s, base + from, to - from))
		ctalg_stream_read(s, &toy, NULL, CTALG_DIR_ORIG, base + from, data, to - from,
				  &check_ops, c);
	free(data);
}

/* Cut, lost, repeated and swapped at random: only true messages, in order, none twice. */
static void any_order_reads_true_messages(void **unused)
{
	u64 seed = 793;
	u32 round;

	(void)unused;
	for (round = 0; round < 3000; round++) {
		struct source src;
		struct checker c = { .src = &src };
		u32 base = rnd_below(&seed, 2) ? 0U - rnd_below(&seed, 300) : rnd(&seed);
		struct ctalg_stream s;
		u32 i, from, to;

		source_fill(&src, &seed);
		ctalg_stream_start(&s, base);
		for (i = 0; i < 40; i++) {
			u32 near = s.next - base;

			from = near > 20 ? near - 20 + rnd_below(&seed, 40) : rnd_below(&seed, 20);
			from = min(from, src.len);
			to = from + min(rnd_below(&seed, 40), src.len - from);
			check_feed(&s, &c, base, from, to);
		}
	}
}

/* In order and without repeats, the messages that are read are those that no cut goes through. */
static void in_order_reads_all_uncut(void **unused)
{
	u64 seed = 9293;
	u32 round;

	(void)unused;
	for (round = 0; round < 2000; round++) {
		struct source src;
		struct checker c = { .src = &src };
		struct ctalg_stream s;
		u32 from, to, i, start, uncut = 0;

		source_fill(&src, &seed);
		ctalg_stream_start(&s, 0U - 150);
		for (from = 0; from < src.len; from = to) {
			to = from + min(1 + rnd_below(&seed, 60), src.len - from);
			check_feed(&s, &c, 0U - 150, from, to);
			for (start = src.len, i = from; i < to; i++) {
				if (src.begins[i])
					start = i;
				if (src.text[i] == '\n' && start <= i &&
				    i - start < toy.max_message)
					uncut++;
			}
		}
		assert_int_equal(c.messages, uncut);
		assert_int_equal(s.next, 0U - 150 + src.len);
	}
}

static void edit_at(struct ctalg_stream *s, u32 seq, u32 len, const char *text)
{
	struct ctalg_span at = { .off = 0, .len = len };
	struct ctalg_edits e;

	ctalg_edits_init(&e);
	assert_true(ctalg_edits_add(&e, at, text, (u32)strlen(text)));
	ctalg_stream_remember(s, seq, &e, 0);
}

static void check_replay(const struct ctalg_stream *s, u32 seq, const char *in, const char *want)
{
	struct ctalg_edits e;
	u8 out[200];
	u32 n;

	ctalg_edits_init(&e);
	if (ctalg_stream_replay(s, seq, (u32)strlen(in), &e) != !!want)
		fail_msg("\"%s\" at %u: the edge was misjudged", in, seq);
	if (!want)
		return;
	n = ctalg_edits_apply(&e, (const u8 *)in, (u32)strlen(in), out, sizeof(out));
	if (n != strlen(want) || memcmp(out, want, n))
		fail_msg("\"%s\" at %u: \"%.*s\", not \"%s\"", in, seq, (int)n, (char *)out, want);
}

static void edits_are_repeated(void **unused)
{
	static const u32 bases[] = { 100, 0, 0U - 3, 0U - 5, 0x7ffffffdU };
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		u32 b = bases[i];
		struct ctalg_stream s;

		ctalg_stream_start(&s, b);
		edit_at(&s, b + 2, 2, "XYZ");
		edit_at(&s, b + 6, 2, "");
		check_replay(&s, b, "abcdefghij", "abXYZefij");
		check_replay(&s, b, "ab", "ab");
		check_replay(&s, b, "abc", NULL);
		check_replay(&s, b, "abcd", "abXYZ");
		check_replay(&s, b + 2, "cd", "XYZ");
		check_replay(&s, b + 3, "d", NULL);
		check_replay(&s, b + 3, "defg", NULL);
		check_replay(&s, b + 4, "efg", NULL);
		check_replay(&s, b + 4, "efgh", "ef");
		check_replay(&s, b + 8, "ij", "ij");
	}
}

static void an_insertion_is_repeated_once(void **unused)
{
	struct ctalg_stream s;

	(void)unused;
	ctalg_stream_start(&s, 100);
	edit_at(&s, 102, 0, "+");
	check_replay(&s, 100, "abcd", "ab+cd");
	check_replay(&s, 100, "ab", "ab");
	check_replay(&s, 102, "cd", "+cd");
	check_replay(&s, 103, "d", "d");
}

/* Far away, on either side of where differences change their sign. */
static void edits_far_away(void **unused)
{
	struct ctalg_stream s;

	(void)unused;
	ctalg_stream_start(&s, 0);
	edit_at(&s, 0, 2, "XYZ");
	check_replay(&s, 0x80000000U, "ab", "ab");
	check_replay(&s, 0x80000001U, "ab", "ab");
	check_replay(&s, 0x7fffffffU, "ab", "ab");
	check_replay(&s, 0x80000002U, "ab", "ab");
}

/* Edits before @from were remembered when they were first sent. */
static void remembered_once(void **unused)
{
	struct ctalg_span a = { 1, 1 }, b = { 4, 1 };
	struct ctalg_stream s;
	struct ctalg_edits e;

	(void)unused;
	ctalg_stream_start(&s, 100);
	edit_at(&s, 101, 1, "BB");
	ctalg_edits_init(&e);
	assert_true(ctalg_edits_add(&e, a, "BB", 2));
	assert_true(ctalg_edits_add(&e, b, "EE", 2));
	ctalg_stream_remember(&s, 100, &e, 4);
	assert_int_equal(s.past_n, 2);
	check_replay(&s, 100, "abcdef", "aBBcdEEf");
}

/* All edits of one packet can be repeated; beyond that nothing is sent rather than something wrong. */
static void no_edit_is_forgotten_silently(void **unused)
{
	struct ctalg_stream s;
	char in[3 * CTALG_EDITS_MAX + 1] = "", want[3 * CTALG_EDITS_MAX + 1] = "";
	u32 i;

	(void)unused;
	ctalg_stream_start(&s, 0U - 20);
	for (i = 0; i < CTALG_EDITS_MAX; i++) {
		edit_at(&s, 0U - 20 + 2 * i, 1, "XX");
		strcat(in, "x.");
		strcat(want, "XX.");
	}
	check_replay(&s, 0U - 20, in, want);
	check_replay(&s, 0U - 24, "abcd", "abcd");
	edit_at(&s, 0U - 20 + 2 * i, 1, "XX");
	check_replay(&s, 0U - 20, "x.", NULL);
	check_replay(&s, 0U - 18, in + 2, want + 3);
	check_replay(&s, 0U - 18, "x.x.", "XX.XX.");
}

/* The same numbers come round after 4 GiB: new bytes there are not those once edited. */
static void the_numbers_come_round(void **unused)
{
	struct diary d = { "" };
	struct ctalg_stream s;
	u32 i;

	(void)unused;
	for (i = 0; i < 2; i++) {
		ctalg_stream_start(&s, 100);
		feed(&s, &d, 100, "ab\n");
		edit_at(&s, 100, 2, "XYZ");
		if (i)
			s.mode = CTALG_STREAM_DEAF;
		assert_int_equal(ctalg_stream_passes(&s, 103, 3), false);
		check_replay(&s, 100, "ab\n", "XYZ\n");
		for (; s.next - 100 < 0x50000000; s.next += 0x1000)
			;
		check_replay(&s, 100, "ab\n", "XYZ\n");
		feed(&s, &d, s.next, "a\n");
		check_replay(&s, 100, "ab\n", "ab\n");
	}
}

/* Lines "R..." are edited when first seen; any retransmission then gives the bytes that went out. */
struct editor {
	struct ctalg_edits e;
	const char *new_text;
};

static void edit_message(void *ctx, const struct ctalg_message *m, u32 off)
{
	struct editor *ed = ctx;
	struct ctalg_span at = { .off = off, .len = m->len - 1 };

	if (m->len > 1 && m->data[0] < 'e')
		ctalg_edits_add(&ed->e, at, ed->new_text, (u32)strlen(ed->new_text));
}

static const struct ctalg_stream_ops edit_ops = { .message = edit_message, .count = check_count };

/* What went out: per byte of the source, its text; -1 marks the inside of an edit. */
struct sent {
	char piece[400][8];
	int edit[400];
};

static void sent_note(struct sent *out, const struct source *src, const struct ctalg_edits *e,
		      u32 from, u32 to)
{
	u32 i, k;

	for (i = from; i < to; i++) {
		out->piece[i][0] = src->text[i];
		out->piece[i][1] = 0;
		out->edit[i] = 0;
	}
	for (i = 0; i < e->n; i++) {
		u32 at = from + e->edit[i].at.off;

		for (k = 0; k < e->edit[i].at.len; k++) {
			out->piece[at + k][0] = 0;
			out->edit[at + k] = (int)at + 1;
		}
		memcpy(out->piece[at], e->text + e->edit[i].text, e->edit[i].len);
		out->piece[at][e->edit[i].len] = 0;
	}
}

static void check_again(const struct ctalg_stream *s, const struct source *src,
			const struct sent *out, u32 base, u32 from, u32 to)
{
	bool cut = (from && out->edit[from] && out->edit[from] == out->edit[from - 1]) ||
		   (out->edit[to] && out->edit[to] == out->edit[to - 1]);
	char want[1600] = "";
	struct ctalg_edits e;
	u8 got[1600];
	u32 i, n;

	ctalg_edits_init(&e);
	assert_int_equal(ctalg_stream_replay(s, base + from, to - from, &e), !cut);
	if (cut)
		return;
	for (i = from; i < to; i++)
		strcat(want, out->piece[i]);
	n = ctalg_edits_apply(&e, (const u8 *)src->text + from, to - from, got, sizeof(got));
	assert_int_equal(n, strlen(want));
	assert_memory_equal(got, want, n);
}

static void retransmissions_at_other_boundaries(void **unused)
{
	static const char *const texts[] = { "", "A", "LONGER" };
	u64 seed = 1323;
	u32 round, from, to, i;

	(void)unused;
	for (round = 0; round < 2000; round++) {
		struct source src;
		struct sent out = { .edit = { 0 } };
		struct ctalg_stream s;
		u32 base = rnd_below(&seed, 2) ? 0U - rnd_below(&seed, 300) : rnd(&seed);

		source_fill(&src, &seed);
		ctalg_stream_start(&s, base);
		for (from = 0; from < src.len && s.past_n < CTALG_STREAM_PAST; from = to) {
			struct editor ed = { .new_text = texts[rnd_below(&seed, 3)] };

			to = from + min(1 + rnd_below(&seed, 40), src.len - from);
			ctalg_stream_read(&s, &toy, NULL, 0, base + from, (u8 *)src.text + from,
					  to - from, &edit_ops, &ed);
			if (s.past_n + ed.e.n > CTALG_STREAM_PAST)
				break;
			ctalg_stream_remember(&s, base + from, &ed.e, 0);
			sent_note(&out, &src, &ed.e, from, to);
		}
		for (i = 0; from && i < 30; i++) {
			to = 1 + rnd_below(&seed, from);
			check_again(&s, &src, &out, base, rnd_below(&seed, to), to);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_and_messages),
		cmocka_unit_test(before_the_beginning),
		cmocka_unit_test(a_message_without_end),
		cmocka_unit_test(how_much_passed_unread),
		cmocka_unit_test(any_order_reads_true_messages),
		cmocka_unit_test(in_order_reads_all_uncut),
		cmocka_unit_test(edits_are_repeated),
		cmocka_unit_test(an_insertion_is_repeated_once),
		cmocka_unit_test(edits_far_away),
		cmocka_unit_test(remembered_once),
		cmocka_unit_test(no_edit_is_forgotten_silently),
		cmocka_unit_test(the_numbers_come_round),
		cmocka_unit_test(retransmissions_at_other_boundaries),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
