// SPDX-License-Identifier: GPL-2.0
/* Repetitions that are none: the same numbers, other bytes. */
#include <stdlib.h>

#include "src/engine/echo.h"
#include "unit.h"

static void *give(void *ctx, u32 size)
{
	bool *none = ctx;

	return *none ? NULL : malloc(size);
}

static void take(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

static bool no_memory;
static const struct ctalg_memory mem = { .alloc = give, .free = take, .ctx = &no_memory };

/* A stream as it is when all up to @next has been read and gone on as it came, and @una been acknowledged. */
static struct ctalg_stream stream_at(u32 next, u32 una)
{
	struct ctalg_stream s;

	ctalg_stream_start(&s, 1000);
	s.s_next = next;
	s.s_fwd = next;
	s.r_fwd = next;
	s.r_una = una;
	return s;
}

static bool says(struct ctalg_echo *e, u32 seq, const char *text, u32 una)
{
	u32 len = (u32)strlen(text);
	struct ctalg_stream s = stream_at(seq + len, una);

	ctalg_echo_acked(e, &s, &mem);
	return ctalg_echo_said(e, &s, seq, (const u8 *)text, len, &mem);
}

static bool same(const struct ctalg_echo *e, u32 seq, const char *text)
{
	return ctalg_echo_same(e, seq, (const u8 *)text, (u32)strlen(text));
}

static void only_the_same_is_the_same(void **unused)
{
	struct ctalg_echo e = { .seq = 0 };

	(void)unused;
	assert_true(same(&e, 1000, "anything"));
	assert_true(says(&e, 1000, "NOOP\r\n", 1000));
	assert_true(says(&e, 1006, "STAT\r\n", 1000));
	assert_true(same(&e, 1000, "NOOP\r\n"));
	assert_true(same(&e, 1000, "NOOP\r\nSTAT\r\nDELE a"));
	assert_true(same(&e, 1003, "P\r\nST"));
	assert_true(same(&e, 1012, "DELE a"));
	assert_false(same(&e, 1000, "DELE\r\n"));
	assert_false(same(&e, 1005, "\nSTAX"));
	assert_false(same(&e, 1011, "x"));
	/* Before what is known, anything may have been. */
	assert_true(same(&e, 990, "0123456789NOOP"));
	assert_false(same(&e, 990, "0123456789DOOP"));
	ctalg_echo_free(&e, &mem);
}

static void what_is_acknowledged_is_forgotten(void **unused)
{
	struct ctalg_echo e = { .seq = 0 };

	(void)unused;
	assert_true(says(&e, 1000, "NOOP\r\n", 1000));
	assert_true(says(&e, 1006, "STAT\r\n", 1004));
	assert_int_equal(e.seq, 1004);
	assert_true(same(&e, 1000, "DELE\r\nSTAT"));
	assert_false(same(&e, 1000, "DELEx\nSTAT"));
	assert_true(says(&e, 1012, "a", 1012));
	assert_int_equal(e.seq, 1012);
	assert_int_equal(e.bytes.len, 1);
	ctalg_echo_free(&e, &mem);
}

/* RFC 1122, section 4.2.3.6: a keep-alive may bring one byte, any, in the place of the last. */
static void a_keep_alive_says_nothing(void **unused)
{
	struct ctalg_stream s = stream_at(1006, 1006);
	struct ctalg_echo e = { .seq = 0 };

	(void)unused;
	assert_true(says(&e, 1000, "NOOP\r\n", 1000));
	ctalg_echo_acked(&e, &s, &mem);
	assert_null(e.bytes.p);
	assert_true(same(&e, 1005, "x"));
	assert_true(ctalg_echo_said(&e, &s, 1005, (const u8 *)"x", 1, &mem));
	assert_int_equal(e.bytes.len, 0);
	assert_true(says(&e, 1006, "STAT\r\n", 1006));
	assert_true(same(&e, 1005, "ySTAT"));
	assert_false(same(&e, 1005, "ySTAX"));
	ctalg_echo_free(&e, &mem);
}

static void what_was_left_to_the_sender_was_not_said(void **unused)
{
	struct ctalg_stream s = stream_at(1004, 1000);
	struct ctalg_echo e = { .seq = 0 };

	(void)unused;
	assert_true(ctalg_echo_said(&e, &s, 1000, (const u8 *)"NOOPSTAT", 8, &mem));
	assert_int_equal(e.bytes.len, 4);
	assert_true(same(&e, 1000, "NOOPDELE"));
	/* Ahead of its turn, nothing was said. */
	assert_true(ctalg_echo_said(&e, &s, 1010, (const u8 *)"x", 1, &mem));
	assert_int_equal(e.bytes.len, 4);
	/* Part of it is known. */
	assert_true(says(&e, 1002, "OPSTAT", 1000));
	assert_int_equal(e.bytes.len, 8);
	assert_false(same(&e, 1004, "DELE"));
	ctalg_echo_free(&e, &mem);
}

static void numbers_wrap(void **unused)
{
	struct ctalg_echo e = { .seq = 0 };

	(void)unused;
	assert_true(says(&e, 0xfffffffe, "NOOP", 0xfffffffe));
	assert_true(same(&e, 0xffffffff, "OOP"));
	assert_false(same(&e, 0, "XP"));
	ctalg_echo_free(&e, &mem);
}

static void without_memory_it_says_so(void **unused)
{
	struct ctalg_echo e = { .seq = 0 };
	char *much = calloc(1, CTALG_ECHO_MAX + 2);

	(void)unused;
	assert_non_null(much);
	memset(much, 'x', CTALG_ECHO_MAX + 1);
	assert_false(says(&e, 1000, much, 1000));
	no_memory = true;
	assert_false(says(&e, 1000, "NOOP", 1000));
	no_memory = false;
	assert_true(says(&e, 1000, "NOOP", 1000));
	ctalg_echo_free(&e, &mem);
	free(much);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_same_is_the_same),
		cmocka_unit_test(what_is_acknowledged_is_forgotten),
		cmocka_unit_test(what_was_left_to_the_sender_was_not_said),
		cmocka_unit_test(a_keep_alive_says_nothing),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(without_memory_it_says_so),
	};

	return cmocka_run_group_tests_name("echo", tests, NULL, NULL);
}
