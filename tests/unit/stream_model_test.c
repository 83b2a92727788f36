// SPDX-License-Identifier: GPL-2.0
/*
 * Random dialogs through the stream engine (stream_model.h).
 *
 * STREAM_MODEL_SEED and STREAM_MODEL_RUNS choose what is run, STREAM_MODEL_SECONDS for how
 * long; a failure prints its seed.
 */
#include <time.h>

#include "stream_model.h"

enum { RUNS = 7000, STEPS_MIN = 1000000 };

static u64 running;

static u64 number(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* Else the dialogs have become too tame to test anything. */
static void check_tally(const struct tally *t)
{
	static const u32 reasons[] = { CTALG_R_OUT_OF_ORDER,  CTALG_R_OPAQUE,
				       CTALG_R_TOO_LONG,      CTALG_R_LIMIT_MEMORY,
				       CTALG_R_LIMIT_JOURNAL, CTALG_R_NO_MEMORY };
	u32 i;

	assert_true(t->steps >= STEPS_MIN && t->calm > t->dialogs / 8);
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!t->counted[reasons[i]])
			fail_msg("nothing was %s", ctalg_reason_name(reasons[i]));
}

static void random_dialogs(void **unused)
{
	u64 from = number("STREAM_MODEL_SEED", 1), runs = number("STREAM_MODEL_RUNS", 0);
	u64 seconds = number("STREAM_MODEL_SECONDS", 0), most = runs ? runs : RUNS;
	time_t end = time(NULL) + (time_t)seconds;
	struct tally t = { .dialogs = 0 };

	(void)unused;
	for (running = from; seconds ? time(NULL) < end : running < from + most; running++) {
		chance_seed(running);
		model_run(&t);
	}
	running = 0;
	print_message("# %llu dialogs, %llu steps\n", (unsigned long long)t.dialogs,
		      (unsigned long long)t.steps);
	if (!runs && !seconds)
		check_tally(&t);
}

static int say_seed(void **unused)
{
	(void)unused;
	if (running)
		print_error("STREAM_MODEL_SEED=%llu\n", (unsigned long long)running);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(random_dialogs, say_seed),
	};

	return cmocka_run_group_tests_name("stream_model", tests, NULL, NULL);
}
