// SPDX-License-Identifier: GPL-2.0
/* What the nouns print, whole, against tests/unit/golden; what they set; what they refuse. */
#include "unit.h"

#include "tests/unit/tool_fake.h"

static int reset(void **unused)
{
	(void)unused;
	fake_reset();
	return 0;
}

static void same(const struct noun *n, bool json, const char *golden)
{
	const struct outcome *o = outcome_of(n, "", json);

	assert_string_equal(o->said, "");
	assert_int_equal(o->status, EXIT_OK);
	assert_golden(golden, o->out);
}

static void tables(void **unused)
{
	(void)unused;
	same(&status_noun, false, "status.txt");
	same(&sessions_noun, false, "sessions.txt");
	same(&pinholes_noun, false, "pinholes.txt");
	same(&flows_noun, false, "flows.txt");
	same(&helpers_noun, false, "helpers.txt");
	same(&limits_noun, false, "limits.txt");
	same(&stats_noun, false, "stats.txt");
}

static void json(void **unused)
{
	(void)unused;
	same(&status_noun, true, "status.json");
	same(&sessions_noun, true, "sessions.json");
	same(&pinholes_noun, true, "pinholes.json");
	same(&flows_noun, true, "flows.json");
	same(&helpers_noun, true, "helpers.json");
	same(&limits_noun, true, "limits.json");
	same(&stats_noun, true, "stats.json");
}

/* Nothing is there, or a module of another version. */
static void other_kernels(void **unused)
{
	(void)unused;
	fake.version = "1.2.2";
	fake.empty = true;
	same(&status_noun, false, "status-empty.txt");
	same(&sessions_noun, false, "sessions-empty.txt");
	same(&sessions_noun, true, "sessions-empty.json");
}

static void without_module(void **unused)
{
	const struct outcome *o;

	(void)unused;
	fake.loaded = false;
	o = outcome_of(&status_noun, "", false);
	assert_int_equal(o->status, EXIT_ERROR);
	assert_string_equal(o->out, "ctalg 1.2.3, module not loaded\n");
	assert_non_null(strstr(o->said, "modprobe ctalg_ftp"));
	o = outcome_of(&status_noun, "", true);
	assert_int_equal(o->status, EXIT_ERROR);
	assert_non_null(strstr(o->out, "\"loaded\": false"));
	o = outcome_of(&sessions_noun, "", true);
	assert_int_equal(o->status, EXIT_ERROR);
	assert_string_equal(o->out, "");
}

static void settings(void **unused)
{
	static const struct {
		const char *words;
		const char *want;
	} cases[] = {
		{ "ftp loose on any-source off",
		  "ftp: loose 1 any_source 0 strict -1 enabled -1 finishing -1 lifetime -1 ports -1--1;" },
		{ "ftp enabled finish",
		  "ftp: loose -1 any_source -1 strict -1 enabled 0 finishing 1 lifetime -1 ports -1--1;" },
		{ "ftp enabled finish enabled off strict on",
		  "ftp: loose -1 any_source -1 strict 1 enabled 0 finishing -1 lifetime -1 ports -1--1;" },
		{ "tftp lifetime 86400 outside-ports 40000-49999",
		  "tftp: loose -1 any_source -1 strict -1 enabled -1 finishing -1 lifetime 86400 ports 40000-49999;" },
		{ "tftp outside-ports any",
		  "tftp: loose -1 any_source -1 strict -1 enabled -1 finishing -1 lifetime -1 ports 0-0;" },
	};
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(outcome_of(&set_noun, cases[i].words, false)->status, EXIT_OK);
		assert_string_equal(fake.set, cases[i].want);
	}
}

static void limits(void **unused)
{
	(void)unused;
	assert_int_equal(outcome_of(&limits_noun, "flows 7 memory 64M", false)->status, EXIT_OK);
	assert_string_equal(fake.set, "flows=7;memory=67108864;");
	assert_int_equal(outcome_of(&limits_noun, "host-flows default", false)->status, EXIT_OK);
	assert_string_equal(fake.set, "host-flows=16384;");
}

static void mistakes(void **unused)
{
	static const struct {
		const struct noun *n;
		const char *words;
		int status;
		const char *says;
	} cases[] = {
		{ &set_noun, "", EXIT_USAGE, "wants a helper" },
		{ &set_noun, "ftp loose", EXIT_USAGE, "\"on\" or \"off\"" },
		{ &set_noun, "ftp loose maybe", EXIT_USAGE, "neither" },
		{ &set_noun, "ftp enabled finishing", EXIT_USAGE, "neither" },
		{ &set_noun, "ftp lifetime 0", EXIT_USAGE, "1 to 86400" },
		{ &set_noun, "ftp lifetime 86401", EXIT_USAGE, "1 to 86400" },
		{ &set_noun, "ftp outside-ports 5-4", EXIT_USAGE, "40000-49999" },
		{ &set_noun, "ftp colour on", EXIT_USAGE, "no setting \"colour\"" },
		{ &set_noun, "nosuch loose on", EXIT_ERROR, "\"ctalg helpers\"" },
		{ &limits_noun, "flows", EXIT_USAGE, "a limit and its value" },
		{ &limits_noun, "flows 1K", EXIT_USAGE, "not a number" },
		{ &limits_noun, "flows -1", EXIT_USAGE, "not a number" },
		{ &limits_noun, "memory 16MB", EXIT_USAGE, "16M" },
		{ &limits_noun, "nosuch 1", EXIT_ERROR, "\"ctalg limits\"" },
		{ &limits_noun, "nosuch default", EXIT_ERROR, "\"ctalg limits\"" },
		{ &sessions_noun, "5", EXIT_USAGE, "\"-w\"" },
		{ &sessions_noun, "--watch 0", EXIT_USAGE, "1 to 86400" },
		{ &sessions_noun, "--watch 5 6", EXIT_USAGE, "a word too many" },
		{ &monitor_noun, "pin", EXIT_USAGE, "no kind of event \"pin\"" },
		{ &monitor_noun, "edit pinhole-", EXIT_USAGE, "no kind of event \"pinhole-\"" },
	};
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct outcome *o = outcome_of(cases[i].n, cases[i].words, false);

		assert_int_equal(o->status, cases[i].status);
		assert_string_equal(o->out, "");
		assert_non_null(strstr(o->said, cases[i].says));
	}
}

static void prometheus(void **unused)
{
	const struct outcome *o = outcome_of(&stats_noun, "--prometheus", false);

	(void)unused;
	assert_int_equal(o->status, EXIT_OK);
	assert_golden("stats.prom", o->out);
	assert_int_equal(outcome_of(&stats_noun, "--prometheus", true)->status, EXIT_USAGE);
	fake.loaded = false;
	o = outcome_of(&stats_noun, "--prometheus", false);
	assert_int_equal(o->status, EXIT_ERROR);
	assert_string_equal(o->out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(tables, reset),
		cmocka_unit_test_setup(json, reset),
		cmocka_unit_test_setup(other_kernels, reset),
		cmocka_unit_test_setup(without_module, reset),
		cmocka_unit_test_setup(settings, reset),
		cmocka_unit_test_setup(limits, reset),
		cmocka_unit_test_setup(mistakes, reset),
		cmocka_unit_test_setup(prometheus, reset),
	};

	return cmocka_run_group_tests_name("tool_output", tests, NULL, NULL);
}
