// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/edit.h>

static bool add(struct ctalg_edits *e, u32 off, u32 len, const char *text)
{
	struct ctalg_span at = { .off = off, .len = len };

	return ctalg_edits_add(e, at, text, (u32)strlen(text));
}

/* Applies to @in and compares; the output buffer has exactly the room that @want needs. */
static void check_apply(const struct ctalg_edits *e, const char *in, const char *want)
{
	u32 cap = (u32)strlen(want);
	u8 *out = malloc(cap ? cap : 1);
	u32 n = ctalg_edits_apply(e, (const u8 *)in, (u32)strlen(in), out, cap);

	if (n != cap || memcmp(out, want, n))
		fail_msg("\"%s\" became \"%.*s\", not \"%s\"", in, (int)n, (char *)out, want);
	assert_int_equal((s32)strlen(in) + ctalg_edits_delta(e), (s32)cap);
	if (cap)
		assert_int_equal(
			ctalg_edits_apply(e, (const u8 *)in, (u32)strlen(in), out, cap - 1), 0);
	free(out);
}

static void none(void **unused)
{
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_int_equal(ctalg_edits_delta(&e), 0);
	check_apply(&e, "abc", "abc");
	check_apply(&e, "", "");
}

static void longer_shorter_and_same(void **unused)
{
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(add(&e, 0, 1, "AAA"));
	assert_true(add(&e, 2, 2, "C"));
	assert_true(add(&e, 5, 1, "F"));
	check_apply(&e, "abcdef", "AAAbCeF");
}

static void in_any_order(void **unused)
{
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(add(&e, 4, 1, "EE"));
	assert_true(add(&e, 0, 1, ""));
	assert_true(add(&e, 2, 1, "CC"));
	check_apply(&e, "abcdef", "bCCdEEf");
	assert_int_equal(e.edit[0].at.off, 0);
	assert_int_equal(e.edit[2].at.off, 4);
}

static void neighbours_touch_but_never_overlap(void **unused)
{
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(add(&e, 2, 2, "X"));
	assert_false(add(&e, 1, 2, "Y"));
	assert_false(add(&e, 3, 2, "Y"));
	assert_false(add(&e, 2, 2, "Y"));
	assert_false(add(&e, 0, 9, "Y"));
	assert_false(add(&e, 3, 0, "Y"));
	assert_int_equal(e.n, 1);
	assert_int_equal(e.used, 1);
	assert_true(add(&e, 0, 2, "V"));
	assert_true(add(&e, 4, 2, "W"));
	check_apply(&e, "abcdef", "VXW");
}

/* An insertion goes before what is replaced at the same place, whichever was planned first. */
static void insertions(void **unused)
{
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(add(&e, 1, 2, "BC"));
	assert_true(add(&e, 1, 0, "+"));
	assert_true(add(&e, 3, 0, "-"));
	assert_true(add(&e, 6, 0, "!"));
	check_apply(&e, "abcdef", "a+BC-def!");
	ctalg_edits_init(&e);
	assert_true(add(&e, 3, 0, "-"));
	assert_true(add(&e, 1, 0, "+"));
	assert_true(add(&e, 1, 2, "BC"));
	check_apply(&e, "abcdef", "a+BC-def");
}

static void outside_the_packet(void **unused)
{
	static const struct ctalg_span spans[] = {
		{ 6, 1 },	    { 5, 2 },		{ 7, 0 },
		{ 0xffffffffU, 1 }, { 3, 0xffffffffU }, { 0xfffffffeU, 4 },
	};
	EDITS(e);
	u8 out[64];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		ctalg_edits_init(&e);
		if (ctalg_edits_add(&e, spans[i], "x", 1))
			assert_int_equal(ctalg_edits_apply(&e, (const u8 *)"abcdef", 6, out, 64),
					 0);
	}
}

/* What was added last goes, wherever it stands; those without text were there before. */
static void forgotten(void **unused)
{
	EDITS(e);
	u16 used;

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(add(&e, 2, 1, "two"));
	assert_true(add(&e, 4, 1, ""));
	used = e.used;
	assert_true(add(&e, 0, 1, "nought"));
	assert_true(add(&e, 3, 1, "three"));
	assert_true(add(&e, 5, 1, "five"));
	check_apply(&e, "abcdef", "noughtbtwothreefive");
	ctalg_edits_forget(&e, used);
	assert_int_equal(e.used, used);
	check_apply(&e, "abcdef", "abtwodf");
}

static void no_more_than_fit(void **unused)
{
	static const char text[CTALG_EDITS_TEXT + 1];
	struct ctalg_span at = { 0, 1 };
	EDITS(e);
	u32 i;

	(void)unused;
	ctalg_edits_init(&e);
	assert_false(ctalg_edits_add(&e, at, text, CTALG_EDITS_TEXT + 1));
	assert_false(ctalg_edits_add(&e, at, text, 0xffffffffU));
	assert_true(ctalg_edits_add(&e, at, text, CTALG_EDITS_TEXT));
	assert_false(add(&e, 1, 1, "x"));
	assert_true(add(&e, 1, 1, ""));
	assert_int_equal(e.used, CTALG_EDITS_TEXT);

	ctalg_edits_init(&e);
	for (i = 0; i < CTALG_EDITS_MAX; i++)
		assert_true(add(&e, 2 * i, 1, "x"));
	assert_false(add(&e, 2 * i, 1, "x"));
	assert_int_equal(e.n, CTALG_EDITS_MAX);
}

/* After a cut the text behind it is free again, and not before. */
static void cutting(void **unused)
{
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(add(&e, 2, 1, "22"));
	assert_true(add(&e, 0, 1, "0"));
	assert_true(add(&e, 4, 1, "444"));
	ctalg_edits_cut(&e, 4);
	ctalg_edits_cut(&e, 3);
	assert_int_equal(e.n, 3);
	ctalg_edits_cut(&e, 2);
	assert_int_equal(e.used, 3);
	check_apply(&e, "abcdef", "0b22def");
	assert_true(add(&e, 5, 1, "5"));
	check_apply(&e, "abcdef", "0b22de5");
	ctalg_edits_cut(&e, 0);
	assert_int_equal(e.used, 0);
	check_apply(&e, "abcdef", "abcdef");
}

/* What each original byte becomes, kept the slow way. */
struct reference {
	char piece[40][8];
	u32 len;
	bool taken[40];
};

static void reference_text(const struct reference *ref, char *text)
{
	u32 i;

	text[0] = 0;
	for (i = 0; i < ref->len; i++)
		strcat(text, ref->piece[i]);
}

static void random_edit(u64 *seed, struct reference *ref, struct ctalg_edits *e)
{
	static const char *const texts[] = { "", "x", "yz", "1234" };
	const char *text = texts[rnd_below(seed, 4)];
	u32 off = rnd_below(seed, ref->len), len = 1 + rnd_below(seed, 4), i;
	bool free_room = e->n < CTALG_EDITS_MAX;

	if (len > ref->len - off)
		len = ref->len - off;
	for (i = off; i < off + len; i++)
		free_room = free_room && !ref->taken[i];
	assert_int_equal(add(e, off, len, text), free_room);
	for (i = off; free_room && i < off + len; i++) {
		ref->taken[i] = true;
		strcpy(ref->piece[i], i == off ? text : "");
	}
}

static void like_the_reference(void **unused)
{
	static const char in[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";
	u64 seed = 8;
	u32 round, i;

	(void)unused;
	for (round = 0; round < 5000; round++) {
		struct reference ref = { .len = 40 };
		EDITS(e);
		char want[400];

		ctalg_edits_init(&e);
		for (i = 0; i < 40; i++)
			ref.piece[i][0] = in[i];
		for (i = rnd_below(&seed, 30); i; i--)
			random_edit(&seed, &ref, &e);
		reference_text(&ref, want);
		check_apply(&e, in, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none),
		cmocka_unit_test(longer_shorter_and_same),
		cmocka_unit_test(in_any_order),
		cmocka_unit_test(neighbours_touch_but_never_overlap),
		cmocka_unit_test(insertions),
		cmocka_unit_test(outside_the_packet),
		cmocka_unit_test(forgotten),
		cmocka_unit_test(no_more_than_fit),
		cmocka_unit_test(cutting),
		cmocka_unit_test(like_the_reference),
	};

	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
