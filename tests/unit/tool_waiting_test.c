// SPDX-License-Identifier: GPL-2.0
/* Waiting: for something to read, for the clock, for a signal, for a reader who goes away. */
#include "unit.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tool_fake.h"
#include "tools/ctalg/waiting.h"

static int real_stdout, something[2], output[2];

/* Standard output is a pipe that we read. */
static int pipes(void **unused)
{
	(void)unused;
	real_stdout = dup(STDOUT_FILENO);
	return pipe(something) || pipe(output) || dup2(output[1], STDOUT_FILENO) < 0;
}

static int no_pipes(void **unused)
{
	(void)unused;
	dup2(real_stdout, STDOUT_FILENO);
	close(real_stdout);
	close(something[0]);
	close(something[1]);
	close(output[1]);
	return 0;
}

static void something_or_time(void **unused)
{
	(void)unused;
	waiting_begin();
	assert_int_equal(wait_for(something[0], 10), WAITED_TIME);
	assert_int_equal(wait_for(-1, 10), WAITED_TIME);
	assert_int_equal(write(something[1], "x", 1), 1);
	assert_int_equal(wait_for(something[0], -1), WAITED_READY);
	assert_int_equal(wait_for(-1, 10), WAITED_TIME);
	close(output[0]);
}

static void signals(void **unused)
{
	static const int each[] = { SIGINT, SIGTERM, SIGHUP };
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		waiting_begin();
		raise(each[i]);
		assert_int_equal(wait_for(something[0], -1), WAITED_END);
		signal(each[i], SIG_IGN); /* forgets it */
		signal(each[i], SIG_DFL);
	}
	close(output[0]);
}

static void child(void **unused)
{
	pid_t pid;

	(void)unused;
	waiting_begin();
	pid = fork();
	if (!pid)
		_exit(0);
	assert_int_equal(wait_for(something[0], -1), WAITED_CHILD);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(wait_for(something[0], 10), WAITED_TIME);
	close(output[0]);
}

static void no_reader(void **unused)
{
	FILE *out = stdout;

	(void)unused;
	waiting_begin();
	stdout = fdopen(dup(STDOUT_FILENO), "w");
	fputs("read", stdout);
	assert_true(flush_output());
	close(output[0]);
	assert_int_equal(wait_for(something[0], -1), WAITED_END);
	fputs("not read", stdout);
	assert_false(flush_output());
	assert_false(ferror(stdout));
	assert_int_equal(fclose(stdout), 0);
	stdout = out;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(something_or_time, pipes, no_pipes),
		cmocka_unit_test_setup_teardown(signals, pipes, no_pipes),
		cmocka_unit_test_setup_teardown(child, pipes, no_pipes),
		cmocka_unit_test_setup_teardown(no_reader, pipes, no_pipes),
	};

	return cmocka_run_group_tests_name("tool_waiting", tests, NULL, NULL);
}
