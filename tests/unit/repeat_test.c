// SPDX-License-Identifier: GPL-2.0
/* Datagrams that come again: known as long as they should be, and no longer. */
#include "unit.h"

#include "src/engine/repeat.h"

static u32 allocated, allowed = 1 << 20;

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	if (allocated + size > allowed)
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

static void add(struct ctalg_repeats *q, u64 sum, u32 now, bool over)
{
	const struct ctalg_repeat r = { .sum = sum, .until = now + 32, .over = over, .limit = 3 };

	ctalg_repeats_add(q, &r, now, &memory);
}

static u64 mixed(u64 n)
{
	n *= 0x9e3779b97f4a7c15ULL;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ULL;
	n = (n ^ n >> 27) * 0x94d049bb133111ebULL;
	return n ^ n >> 31;
}

static void for_a_while(void **unused)
{
	struct ctalg_repeats q = { .table.len = 0 };
	const struct ctalg_repeat *r;
	u32 i, start = 0xfffffff0;

	(void)unused;
	assert_null(ctalg_repeats_find(&q, 7, start));
	add(&q, 7, start, true);
	assert_null(ctalg_repeats_find(&q, 8, start));
	r = ctalg_repeats_find(&q, 7, start + 31);
	assert_non_null(r);
	assert_true(r->over);
	assert_int_equal(r->limit, 3);
	assert_null(ctalg_repeats_find(&q, 7, start + 32));
	/* As often as it may, and from then on it is new again. */
	add(&q, 7, 100, false);
	for (i = 0; i < CTALG_REPEATS_FREE; i++) {
		r = ctalg_repeats_find(&q, 7, 100 + i);
		assert_non_null(r);
		assert_false(r->over);
	}
	assert_null(ctalg_repeats_find(&q, 7, 110));
	add(&q, 7, 110, false);
	assert_non_null(ctalg_repeats_find(&q, 7, 141));
	ctalg_repeats_free(&q, &memory);
	assert_int_equal(allocated, 0);
}

/* A trunk's worth is known; of more, memory stays what it may be, and the latest are known. */
static void many(void **unused)
{
	struct ctalg_repeats q = { .table.len = 0 };
	u32 i, known = 0;

	(void)unused;
	for (i = 1; i <= CTALG_REPEATS_MAX / 4; i++)
		add(&q, mixed(i), 10, false);
	for (i = 1; i <= CTALG_REPEATS_MAX / 4; i++)
		known += ctalg_repeats_find(&q, mixed(i), 11) != NULL;
	assert_in_range(known, CTALG_REPEATS_MAX / 4 - 5, CTALG_REPEATS_MAX / 4);
	for (i = 1; i <= 20 * CTALG_REPEATS_MAX; i++) {
		add(&q, mixed(i), 10 + i / CTALG_REPEATS_MAX, false);
		assert_non_null(ctalg_repeats_find(&q, mixed(i), 10 + i / CTALG_REPEATS_MAX));
		assert_in_range(allocated, 0, CTALG_REPEATS_MAX * sizeof(struct ctalg_repeat));
	}
	ctalg_repeats_free(&q, &memory);
	assert_int_equal(allocated, 0);
}

static void without_memory(void **unused)
{
	struct ctalg_repeats q = { .table.len = 0 };
	u32 i;

	(void)unused;
	allowed = 0;
	add(&q, 7, 1, false);
	assert_null(ctalg_repeats_find(&q, 7, 1));
	allowed = 8192;
	for (i = 1; i <= 1000; i++) {
		add(&q, mixed(i), i / 100, false);
		assert_non_null(ctalg_repeats_find(&q, mixed(i), i / 100));
	}
	allowed = 1 << 20;
	ctalg_repeats_free(&q, &memory);
	assert_int_equal(allocated, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_a_while),
		cmocka_unit_test(many),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests_name("repeat", tests, NULL, NULL);
}
