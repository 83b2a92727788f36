// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/reader.h>

static void reads_in_network_order(void **unused)
{
	static const u8 in[] = { 0x01, 0xfe, 0xdc, 0x89, 0xab, 0xcd, 0xef };
	struct ctalg_reader rd;

	(void)unused;
	ctalg_rd_init(&rd, in, sizeof(in));
	assert_int_equal(ctalg_rd_u8(&rd), 0x01);
	assert_int_equal(ctalg_rd_be16(&rd), 0xfedc);
	assert_int_equal(ctalg_rd_be32(&rd), 0x89abcdef);
	assert_int_equal(ctalg_rd_left(&rd), 0);
	assert_false(rd.short_read);
}

static void peek_consumes_nothing(void **unused)
{
	u8 *in = exact("ab", 2);
	struct ctalg_reader rd;

	(void)unused;
	ctalg_rd_init(&rd, in, 2);
	assert_int_equal(ctalg_rd_peek(&rd, 0), 'a');
	assert_int_equal(ctalg_rd_peek(&rd, 1), 'b');
	assert_int_equal(ctalg_rd_peek(&rd, 2), -1);
	assert_int_equal(ctalg_rd_peek(&rd, 0xffffffffU), -1);
	assert_int_equal(rd.pos, 0);
	assert_false(rd.short_read);
	free(in);
}

/* One byte short at every width: the answer is 0, the rest is gone, the flag stays. */
static void short_reads(void **unused)
{
	u8 *in = exact("\xff\xff\xff", 3);
	struct ctalg_reader rd;

	(void)unused;
	ctalg_rd_init(&rd, in, 3);
	assert_int_equal(ctalg_rd_be32(&rd), 0);
	assert_int_equal(rd.pos, 3);
	assert_true(rd.short_read);

	ctalg_rd_init(&rd, in, 1);
	assert_int_equal(ctalg_rd_be16(&rd), 0);
	assert_int_equal(rd.pos, 1);
	assert_true(rd.short_read);

	ctalg_rd_init(&rd, in, 1);
	assert_int_equal(ctalg_rd_u8(&rd), 0xff);
	assert_false(rd.short_read);
	assert_int_equal(ctalg_rd_u8(&rd), 0);
	assert_true(rd.short_read);
	ctalg_rd_skip(&rd, 0);
	assert_true(rd.short_read);
	free(in);
}

static void skips(void **unused)
{
	static const u8 in[4] = { 0 };
	struct ctalg_reader rd;

	(void)unused;
	ctalg_rd_init(&rd, in, 4);
	ctalg_rd_skip(&rd, 4);
	assert_int_equal(rd.pos, 4);
	assert_false(rd.short_read);
	ctalg_rd_init(&rd, in, 4);
	ctalg_rd_skip(&rd, 1);
	ctalg_rd_skip(&rd, 0xffffffffU);
	assert_int_equal(rd.pos, 4);
	assert_true(rd.short_read);
}

static void nothing_to_read(void **unused)
{
	struct ctalg_reader rd;

	(void)unused;
	ctalg_rd_init(&rd, NULL, 0);
	assert_int_equal(ctalg_rd_peek(&rd, 0), -1);
	assert_int_equal(ctalg_rd_u8(&rd), 0);
	assert_int_equal(ctalg_rd_be16(&rd), 0);
	assert_int_equal(ctalg_rd_be32(&rd), 0);
	assert_true(rd.short_read);
}

static void sub_readers_are_clipped(void **unused)
{
	static const struct {
		struct ctalg_span span;
		u32 pos, end;
	} cases[] = {
		{ { 2, 3 }, 2, 5 },
		{ { 0, 10 }, 0, 10 },
		{ { 8, 3 }, 8, 10 },
		{ { 10, 1 }, 10, 10 },
		{ { 11, 1 }, 10, 10 },
		{ { 0xfffffff0U, 0x20 }, 10, 10 },
		{ { 4, 0xffffffffU }, 4, 10 },
	};
	static const u8 in[12] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	struct ctalg_reader rd, sub;
	unsigned int i;

	(void)unused;
	ctalg_rd_init(&rd, in, 10);
	rd.short_read = true;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ctalg_rd_sub(&sub, &rd, cases[i].span);
		assert_int_equal(sub.pos, cases[i].pos);
		assert_int_equal(sub.end, cases[i].end);
		assert_false(sub.short_read);
	}
}

/* Spans of a sub-reader count from the message, not from the part. */
static void sub_readers_keep_offsets(void **unused)
{
	static const u8 in[] = "0123456789";
	struct ctalg_reader rd, sub;
	struct ctalg_span span = { .off = 4, .len = 2 };

	(void)unused;
	ctalg_rd_init(&rd, in, 10);
	ctalg_rd_sub(&sub, &rd, span);
	assert_int_equal(ctalg_rd_u8(&sub), '4');
	assert_int_equal(sub.pos, 5);
	assert_int_equal(ctalg_rd_be16(&sub), 0);
	assert_int_equal(sub.pos, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_in_network_order),
		cmocka_unit_test(peek_consumes_nothing),
		cmocka_unit_test(short_reads),
		cmocka_unit_test(skips),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(sub_readers_are_clipped),
		cmocka_unit_test(sub_readers_keep_offsets),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
