// SPDX-License-Identifier: GPL-2.0
/* The journal against a table that knows the way of every single byte. */
#include "unit.h"

#include "src/engine/journal.h"

enum { PIECES = 120, PIECE_MAX = 6, BYTES = PIECES * PIECE_MAX };

static u32 allocated, uses, fail_at;

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	if (++uses == fail_at)
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

static const struct ctalg_memory memory = { .alloc = memory_alloc, .free = memory_free };

/* A stretch of the text: replaced or not. */
struct piece {
	u32 s, s_len, r, r_len;
	bool replaced;
};

struct table {
	struct piece piece[PIECES];
	u8 in[BYTES], out[BYTES];
	u32 n, s_len, r_len, base;
	struct ctalg_journal j;
};

static u8 letter(u64 *seed, char from)
{
	return (u8)(from + (char)rnd_below(seed, 26));
}

/* Every byte of the sender is small, every new one large. */
static void table_piece(struct table *t, u64 *seed)
{
	struct piece *p = &t->piece[t->n++];
	u32 i;

	p->replaced = rnd_below(seed, 2);
	p->s = t->s_len;
	p->r = t->r_len;
	p->s_len = 1 + rnd_below(seed, PIECE_MAX);
	p->r_len = p->replaced ? 1 + rnd_below(seed, PIECE_MAX) : p->s_len;
	for (i = 0; i < p->s_len; i++)
		t->in[t->s_len++] = letter(seed, 'a');
	for (i = 0; i < p->r_len; i++)
		t->out[t->r_len++] = p->replaced ? letter(seed, 'A') : t->in[p->s + i];
}

static void table_note(struct table *t, const struct piece *p, bool keep)
{
	struct ctalg_replacement e = {
		.s = t->base + p->s, .r = t->base + 7 + p->r, .s_len = p->s_len, .r_len = p->r_len
	};

	assert_true(ctalg_journal_room(&t->j, 1, p->r_len, &memory));
	if (p->replaced)
		ctalg_journal_add(&t->j, &e, t->out + p->r);
	else if (keep)
		ctalg_journal_keep(&t->j, e.s, e.r, t->out + p->r, e.r_len);
}

static void table_begin(struct table *t, u64 *seed)
{
	memset(t, 0, sizeof(*t));
	t->base = rnd_below(seed, 2) ? 0U - rnd_below(seed, BYTES) : rnd(seed);
	t->j.base_s = t->base;
	t->j.base_r = t->base + 7;
}

static void table_fill(struct table *t, u64 *seed)
{
	table_begin(t, seed);
	while (t->n < PIECES) {
		table_piece(t, seed);
		table_note(t, &t->piece[t->n - 1], false);
	}
}

static u32 slow_map(const struct table *t, u32 s, bool up)
{
	u32 i;

	for (i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];

		if (s == p->s)
			return p->r;
		if (s < p->s + p->s_len)
			return !p->replaced ? p->r + s - p->s : up ? p->r + p->r_len : p->r;
	}
	return t->r_len + s - t->s_len;
}

static u32 slow_unmap(const struct table *t, u32 r, bool up)
{
	u32 i;

	for (i = 0; i < t->n; i++) {
		const struct piece *p = &t->piece[i];

		if (r == p->r)
			return p->s;
		if (r < p->r + p->r_len)
			return !p->replaced ? p->s + r - p->r : up ? p->s + p->s_len : p->s;
	}
	return t->s_len + r - t->r_len;
}

static bool slow_plain(const struct table *t, u32 from, u32 to)
{
	u32 i;

	for (i = 0; i < t->n && from != to; i++)
		if (t->piece[i].replaced && from < t->piece[i].s + t->piece[i].s_len &&
		    to > t->piece[i].s)
			return false;
	return true;
}

static void check_numbers(const struct table *t, u32 from_s, u32 from_r)
{
	u32 x, up;

	for (up = 0; up < 2; up++) {
		for (x = from_s; x < t->s_len + 20; x++)
			assert_int_equal(ctalg_journal_map(&t->j, t->base + x, up) - t->base - 7,
					 slow_map(t, x, up));
		for (x = from_r; x < t->r_len + 20; x++)
			assert_int_equal(ctalg_journal_unmap(&t->j, t->base + 7 + x, up) - t->base,
					 slow_unmap(t, x, up));
	}
}

static void check_ranges(const struct table *t, u32 from_s, u64 *seed)
{
	u32 i;

	for (i = 0; i < 100; i++) {
		u32 s = from_s + rnd_below(seed, t->s_len - from_s + 1), len = rnd_below(seed, 20);

		assert_int_equal(ctalg_journal_plain(&t->j, t->base + s, len),
				 slow_plain(t, s, s + len));
	}
}

/* With the bytes of just the pieces that it goes through. */
static void check_copies(const struct table *t, u32 from_r, u64 *seed)
{
	u32 i;

	for (i = 0; i < 100; i++) {
		u32 r = from_r + rnd_below(seed, t->r_len - from_r + 1);
		u32 len = rnd_below(seed, t->r_len - r + 1);
		u32 s = slow_unmap(t, r, false), n = slow_unmap(t, r + len, true) - s;
		u8 *data = exact(t->in + s, n), *out = exact(t->in, len);

		assert_true(
			ctalg_journal_copy(&t->j, t->base + 7 + r, len, t->base + s, data, n, out));
		assert_memory_equal(out, t->out + r, len);
		free(data);
		free(out);
	}
}

/* Whole pieces are acknowledged, and sometimes a part of the next one. */
static void forgets_what_is_acknowledged(void **unused)
{
	u64 seed = 4711;
	u32 round, ack;
	struct table t;

	(void)unused;
	for (round = 0; round < 150; round++) {
		table_fill(&t, &seed);
		for (ack = 0; ack < t.r_len; ack += rnd_below(&seed, 300)) {
			u32 s = slow_unmap(&t, ack, false);

			ctalg_journal_acked(&t.j, t.base + 7 + ack, &memory);
			check_numbers(&t, s + 1, ack);
			check_ranges(&t, s, &seed);
			check_copies(&t, ack, &seed);
		}
		ctalg_journal_acked(&t.j, t.base + 7 + t.r_len, &memory);
		assert_int_equal(ctalg_journal_n(&t.j), 0);
		assert_int_equal(allocated, 0);
		check_numbers(&t, t.s_len, t.r_len);
	}
}

/* Kept bytes share an entry with those before them, however they came. */
static void check_kept_numbers(const struct table *t)
{
	u32 i, r = 0;

	for (i = 0; i < t->n; i++) {
		if (t->piece[i].replaced)
			r = t->piece[i].r;
		assert_int_equal(ctalg_journal_map(&t->j, t->base + t->piece[i].s, false),
				 t->base + 7 + r);
	}
	assert_int_equal(ctalg_journal_map(&t->j, t->base + t->s_len, false),
			 t->base + 7 + t->r_len);
}

/* What is kept needs no data to be repeated from. */
static void keeps_bytes(void **unused)
{
	struct table t;
	u64 seed = 99;
	u8 out[BYTES];
	u32 round;

	(void)unused;
	for (round = 0; round < 100; round++) {
		table_begin(&t, &seed);
		while (t.n < PIECES) {
			table_piece(&t, &seed);
			table_note(&t, &t.piece[t.n - 1], true);
		}
		assert_true(ctalg_journal_copy(&t.j, t.base + 7, t.r_len, t.base, NULL, 0, out));
		assert_memory_equal(out, t.out, t.r_len);
		check_kept_numbers(&t);
		ctalg_journal_free(&t.j, &memory);
		assert_int_equal(allocated, 0);
	}
}

static void kept_bytes_share_an_entry(void **unused)
{
	struct ctalg_replacement e = { .s = 7, .r = 7, .s_len = 1, .r_len = 3 };
	struct ctalg_journal j = { .base_s = 0 };
	u8 out[15];
	u32 i;

	(void)unused;
	assert_true(ctalg_journal_room(&j, 3, 15, &memory));
	for (i = 0; i < 6; i++)
		ctalg_journal_keep(&j, i, i, (const u8 *)"abcdef" + i, 1);
	assert_int_equal(ctalg_journal_n(&j), 1);
	ctalg_journal_add(&j, &e, (const u8 *)"XYZ");
	ctalg_journal_keep(&j, 8, 10, (const u8 *)"gh", 2);
	assert_int_equal(ctalg_journal_n(&j), 2);
	assert_true(ctalg_journal_copy(&j, 0, 12, 6, (const u8 *)"-", 1, out));
	assert_memory_equal(out, "abcdef-XYZgh", 12);
	/* Not where the numbers differ otherwise. */
	ctalg_journal_keep(&j, 10, 11, (const u8 *)"i", 1);
	assert_int_equal(ctalg_journal_n(&j), 3);
	ctalg_journal_free(&j, &memory);
}

static void bytes_that_nobody_has(void **unused)
{
	static const u8 data[] = "0123456789";
	struct ctalg_replacement e = { .s = 105, .r = 105, .s_len = 2, .r_len = 3 };
	struct ctalg_journal j = { .base_s = 100, .base_r = 100 };
	u8 out[20];

	(void)unused;
	assert_true(ctalg_journal_room(&j, 1, 3, &memory));
	ctalg_journal_add(&j, &e, (const u8 *)"XYZ");
	assert_true(ctalg_journal_copy(&j, 100, 11, 100, data, 10, out));
	assert_memory_equal(out, "01234XYZ789", 11);
	assert_false(ctalg_journal_copy(&j, 100, 12, 100, data, 10, out));
	assert_false(ctalg_journal_copy(&j, 99, 5, 100, data, 10, out));
	assert_false(ctalg_journal_copy(&j, 104, 5, 105, data, 10, out));
	assert_true(ctalg_journal_copy(&j, 105, 3, 107, data, 0, out));
	assert_true(ctalg_journal_copy(&j, 105, 4, 107, data, 1, out));
	assert_false(ctalg_journal_copy(&j, 105, 5, 107, data, 1, out));
	ctalg_journal_free(&j, &memory);
}

static void has_limits(void **unused)
{
	static const u8 text[CTALG_JOURNAL_TEXT];
	struct ctalg_replacement e = { .s_len = 1, .r_len = 1 };
	struct ctalg_journal j = { .base_s = 0 };

	(void)unused;
	assert_false(ctalg_journal_room(&j, CTALG_JOURNAL_ENTRIES + 1, 1, &memory));
	assert_false(ctalg_journal_room(&j, ~0U, 1, &memory));
	assert_false(ctalg_journal_room(&j, 0x10000001, 1, &memory));
	assert_false(ctalg_journal_room(&j, 1, CTALG_JOURNAL_TEXT + 1, &memory));
	assert_false(ctalg_journal_room(&j, 1, ~0U, &memory));
	for (; e.s < CTALG_JOURNAL_ENTRIES; e.r = ++e.s) {
		assert_true(ctalg_journal_room(&j, 1, 1, &memory));
		ctalg_journal_add(&j, &e, text);
	}
	assert_false(ctalg_journal_room(&j, 1, 1, &memory));
	assert_true(ctalg_journal_room(&j, 0, CTALG_JOURNAL_TEXT - CTALG_JOURNAL_ENTRIES, &memory));
	assert_false(
		ctalg_journal_room(&j, 0, CTALG_JOURNAL_TEXT - CTALG_JOURNAL_ENTRIES + 1, &memory));
	ctalg_journal_acked(&j, 1, &memory);
	assert_true(ctalg_journal_room(&j, 1, 1, &memory));
	assert_int_equal(ctalg_journal_n(&j), CTALG_JOURNAL_ENTRIES - 1);
	ctalg_journal_free(&j, &memory);
	assert_int_equal(allocated, 0);
}

/* A buffer that can't grow stays what it was. */
static void without_memory(void **unused)
{
	struct ctalg_buffer b = { .len = 0 };
	u32 i;

	(void)unused;
	uses = 0;
	fail_at = 3;
	for (i = 0; i < 2000; i++) {
		struct ctalg_buffer before = b;

		if (ctalg_buffer_room(&b, 1, 1500, &memory)) {
			b.p[b.len++] = (u8)i;
			continue;
		}
		assert_memory_equal(&b, &before, sizeof(b));
		assert_true(b.len == 512 || b.len == 1500);
	}
	assert_int_equal(b.len, 1500);
	assert_int_equal(b.cap, 1500);
	for (i = 0; i < 512; i++)
		assert_int_equal(b.p[i], (u8)i);
	fail_at = 0;
	ctalg_buffer_free(&b, &memory);
	assert_null(b.p);
	ctalg_buffer_free(&b, &memory);
	assert_int_equal(allocated, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forgets_what_is_acknowledged),
		cmocka_unit_test(keeps_bytes),
		cmocka_unit_test(kept_bytes_share_an_entry),
		cmocka_unit_test(bytes_that_nobody_has),
		cmocka_unit_test(has_limits),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
