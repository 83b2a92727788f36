// SPDX-License-Identifier: GPL-2.0
/* Where there is colour. */
#include <stdbool.h>

#include "unit.h"

#include "tools/ctalg/colour.c"

static void where(void **unused)
{
	(void)unused;
	assert_true(wanted(true, NULL, "xterm"));
	assert_true(wanted(true, "", "xterm"));
	assert_false(wanted(true, "1", "xterm"));
	assert_false(wanted(true, "0", "xterm"));
	assert_false(wanted(true, NULL, "dumb"));
	assert_false(wanted(true, NULL, NULL));
	assert_false(wanted(false, NULL, "xterm"));
}

/* Each begins something that PAINT_END ends. */
static void sequences(void **unused)
{
	enum paint p;

	(void)unused;
	for (p = PAINT_END; p <= PAINT_FAINT; p++) {
		assert_int_equal(strncmp(sequence(p), "\033[", 2), 0);
		assert_int_equal(!strcmp(sequence(p), "\033[0m"), p == PAINT_END);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where),
		cmocka_unit_test(sequences),
	};

	return cmocka_run_group_tests_name("tool_colour", tests, NULL, NULL);
}
