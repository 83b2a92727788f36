// SPDX-License-Identifier: GPL-2.0
/* Alarms: what a rule says, when one is raised and over, what is told and what is run. */
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <ctalg.h>

#include "tests/unit/tool_fake.h"
#include "tools/ctalg/alarm.h"
#include "tools/ctalg/alarm_command.h"

#define SECOND UINT64_C(1000000000)
#define NOON (UINT64_C(1700000000) * SECOND)

/* What went to the log, a line each, in the place of the C library's. */
static char logged[4096];

void syslog(int priority, const char *format, ...)
{
	size_t len = strlen(logged);
	va_list args;

	len += (size_t)snprintf(logged + len, sizeof(logged) - len, "<%d>", priority);
	va_start(args, format);
	len += (size_t)vsnprintf(logged + len, sizeof(logged) - len, format, args);
	va_end(args);
	snprintf(logged + len, sizeof(logged) - len, "\n");
}

static void rules_are_read(void **unused)
{
	static const struct {
		const char *text, *name;
		uint32_t most, seconds;
		enum alarm_per per;
		const char *command;
	} rules[] = {
		{ "denied 20/minute", "denied 20/minute", 20, 60, ALARM_PER_ALL, NULL },
		{ "  denied\t20/minute  ", "denied 20/minute", 20, 60, ALARM_PER_ALL, NULL },
		{ "reset 0/second", "reset 0/second", 0, 1, ALARM_PER_ALL, NULL },
		{ "pinhole 100000/day per user", "pinhole 100000/day per user", 100000, 86400,
		  ALARM_PER_USER, NULL },
		{ "third-party-address 1/hour per helper run x",
		  "third-party-address 1/hour per helper", 1, 3600, ALARM_PER_HELPER, "x" },
		{ "tls-control-channel 10/30s run a  'b c' ", "tls-control-channel 10/30s", 10, 30,
		  ALARM_PER_ALL, "a  'b c' " },
		{ "denied 1/86400s per host run per host", "denied 1/86400s per host", 1, 86400,
		  ALARM_PER_HOST, "per host" },
	};
	char said[ALARM_ERROR_SIZE];
	struct alarm_rule r;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		assert_true(alarm_rule_read(&r, rules[i].text, said));
		assert_string_equal(r.name, rules[i].name);
		assert_int_equal(r.most, rules[i].most);
		assert_int_equal(r.seconds, rules[i].seconds);
		assert_int_equal(r.per, rules[i].per);
		assert_int_equal(!r.command, !rules[i].command);
		if (r.command)
			assert_string_equal(r.command, rules[i].command);
		free(r.command);
	}
}

static void rules_are_wrong(void **unused)
{
	static const struct {
		const char *text, *said;
	} rules[] = {
		{ "", "an alarm is an event and a rate" },
		{ "denied", "an alarm is an event and a rate" },
		{ "deny 1/day", "\"deny\" is neither" },
		{ "deni 1/day", "\"deni\" is neither" },
		{ "- 1/day", "\"-\" is neither" },
		{ "denied 1", "\"1\" is not a rate" },
		{ "denied /day", "is not a rate" },
		{ "denied -1/day", "is not a rate" },
		{ "denied 1/", "is not a rate" },
		{ "denied 1/s", "is not a rate" },
		{ "denied 1/0s", "is not a rate" },
		{ "denied 1/30", "is not a rate" },
		{ "denied 1/86401s", "is not a rate" },
		{ "denied 100001/day", "is not a rate" },
		{ "denied 11111111111111111111/day", "is not a rate" },
		{ "denied 1/11111111111111111111s", "is not a rate" },
		{ "denied 1/days", "is not a rate" },
		{ "denied 1/day per", "\"per\" wants" },
		{ "denied 1/day per net", "not per \"net\"" },
		{ "denied 1/day per host user", "\"user\" is a word too many" },
		{ "denied 1/day per host per user", "\"per\" is a word too many" },
		{ "denied 1/day run", "what is run is a command" },
		{ "denied 1/day run \"\"", "what is run is a command" },
		{ "denied 1/day run $CTALG_USER", "what is run is a command" },
		{ "denied 1/day run a \"b", "quotation \" is not closed" },
		{ "denied 1/day run a 'b\\'c'", "quotation ' is not closed" },
		{ "denied 1/day run a $CTALG_SRCS", "there is no $CTALG_SRCS;" },
		{ "denied 1/day run a \"$CTALG_\"", "there is no $CTALG_;" },
	};
	char said[ALARM_ERROR_SIZE];
	struct alarm_rule r;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		assert_false(alarm_rule_read(&r, rules[i].text, said));
		if (!strstr(said, rules[i].said))
			assert_string_equal(said, rules[i].text);
	}
}

static bool matches(const char *rule, uint32_t kind, const char *reason)
{
	struct event e = { .kind = kind };
	char said[ALARM_ERROR_SIZE];
	struct alarm_rule r;

	snprintf(e.reason, sizeof(e.reason), "%s", reason);
	assert_true(alarm_rule_read(&r, rule, said));
	return alarm_rule_matches(&r, &e);
}

static void events_match(void **unused)
{
	(void)unused;
	assert_true(matches("denied 1/day", CTALG_EVENT_KIND_DENIED, "policy-denied"));
	assert_false(matches("denied 1/day", CTALG_EVENT_KIND_DENIED + 1, "denied"));
	assert_false(matches("denied 1/day", 1000, ""));
	assert_true(matches("pinhole 1/day", CTALG_EVENT_KIND_PINHOLE_REFUSED, ""));
	assert_false(matches("pinhole-used 1/day", CTALG_EVENT_KIND_PINHOLE_REFUSED, ""));
	assert_true(matches("policy-denied 1/day", CTALG_EVENT_KIND_DENIED, "policy-denied"));
	assert_true(matches("policy-denied 1/day", 1000, "policy-denied"));
	assert_false(matches("policy-denied 1/day", CTALG_EVENT_KIND_DENIED, "policy-rate-limit"));
	assert_false(matches("policy-denied 1/day", CTALG_EVENT_KIND_DENIED, ""));
}

static struct window_key key_n(unsigned int n)
{
	struct window_key key = { .len = 4 };

	memcpy(key.b, &n, 4);
	return key;
}

static bool counts(struct window *w, unsigned int n, uint64_t now)
{
	struct window_key key = key_n(n);

	return window_count(w, &key, now);
}

static void one_too_many(void **unused)
{
	struct window *w = window_new(3, 10);
	uint64_t t;

	(void)unused;
	for (t = 100; t < 103; t++)
		assert_false(counts(w, 1, t));
	assert_int_equal(window_next(w), UINT64_MAX);
	assert_true(counts(w, 1, 109));
	window_free(w);
}

/* What is just a period ago does not count any more. */
static void edge_of_the_window(void **unused)
{
	struct window *w = window_new(3, 10);

	(void)unused;
	assert_false(counts(w, 1, 100));
	assert_false(counts(w, 1, 105));
	assert_false(counts(w, 1, 105));
	assert_false(counts(w, 1, 110));
	assert_true(counts(w, 1, 114));
	window_free(w);
}

static void none_is_allowed(void **unused)
{
	struct window *w = window_new(0, 10);
	struct window_key key;

	(void)unused;
	assert_true(counts(w, 1, 100));
	assert_false(counts(w, 1, 101));
	assert_int_equal(window_next(w), 120);
	assert_true(window_over(w, 121, &key));
	assert_true(counts(w, 1, 121));
	window_free(w);
}

static void raised_once_and_over(void **unused)
{
	struct window *w = window_new(1, 10);
	struct window_key key;

	(void)unused;
	assert_false(counts(w, 1, 100));
	assert_true(counts(w, 1, 105));
	/* Above until 110, then until 118. */
	assert_int_equal(window_next(w), 120);
	assert_false(counts(w, 1, 108));
	assert_false(counts(w, 1, 113));
	assert_false(window_over(w, 120, &key));
	/* 108 and 113 are two until 118; that 125 follows 113 is no more than one. */
	assert_false(counts(w, 1, 125));
	assert_false(window_over(w, 127, &key));
	assert_int_equal(window_next(w), 128);
	assert_true(window_over(w, 128, &key));
	assert_int_equal(key.len, 4);
	assert_false(window_over(w, 128, &key));
	assert_int_equal(window_next(w), UINT64_MAX);
	assert_true(counts(w, 1, 129));
	window_free(w);
}

static void each_for_itself(void **unused)
{
	struct window *w = window_new(2, 100);
	struct window_key key, three = key_n(3);
	unsigned int i, k;

	(void)unused;
	for (i = 0; i < 2; i++)
		for (k = 0; k < 1000; k++)
			assert_false(counts(w, k, 1000 + i));
	assert_true(counts(w, 3, 1002));
	assert_true(counts(w, 5, 1003));
	assert_false(counts(w, 3, 1003));
	assert_int_equal(window_forgotten(w), 0);
	assert_false(window_over(w, 1199, &key));
	assert_true(window_over(w, 1201, &key));
	assert_memory_equal(&key, &three, sizeof(key));
	assert_true(window_over(w, 1300, &key));
	assert_false(window_over(w, 1300, &key));
	window_free(w);
}

/* The one not seen for longest goes; the one that was seen again stays. */
static void forgets_the_oldest(void **unused)
{
	struct window *w = window_new(1, 1000000);
	unsigned int k;

	(void)unused;
	for (k = 0; k < WINDOW_KEYS; k++)
		assert_false(counts(w, k, 1000 + k));
	assert_true(counts(w, 0, 6000));
	assert_int_equal(window_forgotten(w), 0);
	assert_false(counts(w, 1u << 20, 6001));
	assert_int_equal(window_forgotten(w), 1);
	assert_int_equal(window_forgotten(w), 0);
	assert_false(counts(w, 1, 6002)); /* was forgotten; 2 goes */
	assert_true(counts(w, 3, 6003));
	assert_false(counts(w, 0, 6004));
	window_free(w);
}

/* Those whose time has passed go without a word. */
static void drops_what_is_over(void **unused)
{
	struct window *w = window_new(1, 10);
	unsigned int k;

	(void)unused;
	for (k = 0; k < 10 * WINDOW_KEYS; k++)
		assert_false(counts(w, k, k / 100));
	assert_int_equal(window_forgotten(w), 0);
	window_free(w);
}

static void memory_has_a_bound(void **unused)
{
	const unsigned int each = 100001;
	struct window *w = window_new(each - 1, UINT64_C(1) << 40);
	unsigned int k, i;

	(void)unused;
	for (k = 0; k < WINDOW_MOMENTS / each; k++)
		for (i = 0; i < each; i++)
			assert_int_equal(counts(w, k, 1), i == each - 1);
	assert_int_equal(window_forgotten(w), 0);
	for (i = 0; i < each; i++)
		assert_int_equal(counts(w, k, 1), i == each - 1);
	assert_int_equal(window_forgotten(w), 1);
	window_free(w);
}

static void clock_set_back(void **unused)
{
	struct window *w = window_new(1, 10);
	struct window_key key;

	(void)unused;
	assert_false(counts(w, 1, 1000));
	assert_true(counts(w, 1, 1001));
	/* Two processors: no more than a disorder. */
	assert_false(counts(w, 2, 1000));
	assert_true(counts(w, 2, 999));
	/* An hour. */
	assert_false(counts(w, 3, 100));
	assert_false(window_over(w, 109, &key));
	assert_true(window_over(w, 110, &key));
	assert_true(window_over(w, 110, &key));
	assert_false(window_over(w, 110, &key));
	assert_false(counts(w, 1, 111));
	assert_true(counts(w, 1, 112));
	window_free(w);
}

/* All moments of each, and all ends, against the plainest counting. */
static void as_counted_plainly(void **unused)
{
	enum { MOST = 5, PERIOD = 100, STEPS = 5000, KEYS = 3 };
	static uint64_t moments[KEYS][STEPS];
	size_t n[KEYS] = {}, i, above;
	uint64_t until[KEYS] = {}, now = 1000;
	struct window *w = window_new(MOST, PERIOD);
	bool raised[KEYS] = {};
	struct window_key key;
	u64 seed = 5;
	unsigned int step, k;

	(void)unused;
	for (step = 0; step < STEPS; step++) {
		now += rnd_below(&seed, rnd_below(&seed, 100) ? 15 : 400);
		for (k = 0; window_over(w, now, &key); k++) {
			unsigned int who;

			memcpy(&who, key.b, 4);
			assert_true(raised[who] && until[who] + PERIOD <= now);
			raised[who] = false;
		}
		for (k = 0; k < KEYS; k++)
			assert_false(raised[k] && until[k] + PERIOD <= now);
		k = (unsigned int)rnd_below(&seed, KEYS);
		moments[k][n[k]++] = now;
		for (i = 0, above = 0; i < n[k]; i++)
			above += moments[k][i] + PERIOD > now;
		assert_int_equal(counts(w, k, now), above > MOST && !raised[k]);
		if (above > MOST) {
			raised[k] = true;
			until[k] = moments[k][n[k] - MOST - 1] + PERIOD;
		}
	}
	window_free(w);
}

static struct event denied(uint64_t time)
{
	struct event e = {
		.kind = CTALG_EVENT_KIND_DENIED,
		.time = time,
		.helper = "ftp",
		.reason = "policy-denied",
		.user = { 6, "e\n\xff $x" },
		.command = "STOR",
		.object = { 5, "a b\"\n" },
		.rule = { true, 12 },
	};

	e.src = fake_address("10.0.0.2");
	e.dst = fake_address("198.51.100.2");
	return e;
}

static struct alarm_facts facts_of(const char *rule)
{
	struct event e = denied(NOON);
	char said[ALARM_ERROR_SIZE];
	struct alarm_facts f;
	struct alarm_rule r;

	assert_true(alarm_rule_read(&r, rule, said));
	alarm_facts_of(&f, &r, &e);
	return f;
}

static void words(void **unused)
{
	static const struct {
		const char *command, *words;
	} commands[] = {
		{ "a", "a" },
		{ " a\tb  c\n", "a|b|c" },
		{ "a 'b  c' \"d e\"f''g \"\"", "a|b  c|d efg|" },
		{ "a \\\"b\\ c \"\\\"\\\\\" '\\'", "a|\"b c|\"\\|\\" },
		{ "a $CTALG_SRC x$CTALG_DST/24 \"$CTALG_USER\"",
		  "a|10.0.0.2|x198.51.100.2/24|e?? $x" },
		{ "a '$CTALG_SRC' \\$CTALG_SRC $HOME `b` $(c) ; *",
		  "a|$CTALG_SRC|$CTALG_SRC|$HOME|`b`|$(c)|;|*" },
		{ "a $CTALG_OBJECT", "a|a b\"?" },
		{ "a $CTALG_USER$CTALG_RULE", "a|e?? $x12" },
	};
	struct alarm_facts f = facts_of("denied 20/minute");
	char said[ALARM_ERROR_SIZE], all[256];
	char **w;
	size_t i, k;

	(void)unused;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		assert_true(alarm_command_check(commands[i].command, said));
		w = alarm_command_words(commands[i].command, &f);
		all[0] = 0;
		for (k = 0; w[k]; k++)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", k ? "|" : "",
				 w[k]);
		assert_string_equal(all, commands[i].words);
		free(w);
	}
}

/* A folder of our own, and files in it. */
static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int folder_made(void **unused)
{
	(void)unused;
	fake_reset();
	logged[0] = 0;
	snprintf(folder, sizeof(folder), "/tmp/ctalg-alarm.XXXXXX");
	return !mkdtemp(folder);
}

static int folder_removed(void **unused)
{
	char command[128];

	(void)unused;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void script(const char *text)
{
	FILE *f = fopen(in_folder("script"), "we");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\ncd %s\n%s\n", folder, text);
	assert_int_equal(fchmod(fileno(f), 0755), 0);
	fclose(f);
}

static const char *read_all(const char *name)
{
	static char text[4096];
	int fd = open(in_folder(name), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = 0;
	return text;
}

/* Until the runner has nothing to do, for ten seconds at most. */
static void reap_all(struct alarm_runner *r)
{
	unsigned int i;

	for (i = 0; i < 10000 && r->pid; i++) {
		poll(NULL, 0, 1);
		alarm_reap(r);
	}
	assert_int_equal(r->pid, 0);
	assert_int_equal(r->n, 0);
}

static struct alarm_runner runner(const char *arguments)
{
	static char command[256];

	snprintf(command, sizeof(command), "%s %s", in_folder("script"), arguments);
	return (struct alarm_runner){ .name = "it", .command = command };
}

static void child_is_told_all(void **unused)
{
	static const char want[] = "10.0.0.2 a b\"?\n"
				   "CTALG_ALARM=denied 20/minute per host\n"
				   "CTALG_COMMAND=STOR\n"
				   "CTALG_COUNT=21\n"
				   "CTALG_DST=198.51.100.2\n"
				   "CTALG_EVENT=denied\n"
				   "CTALG_HELPER=ftp\n"
				   "CTALG_OBJECT=a b\"?\n"
				   "CTALG_OTHER=kept\n"
				   "CTALG_PERIOD=60\n"
				   "CTALG_REASON=policy-denied\n"
				   "CTALG_RULE=12\n"
				   "CTALG_SRC=10.0.0.2\n"
				   "CTALG_USER=e?? $x\n"
				   "done\n";
	struct alarm_facts f = facts_of("denied 20/minute per host");
	struct alarm_runner r;

	(void)unused;
	setenv("CTALG_SRC", "not this", 1);
	setenv("CTALG_OTHER", "kept", 1);
	/* what the tests themselves are told */
	unsetenv("CTALG_NOSKIP");
	unsetenv("CTALG_CACHE");
	script("{ echo \"$1 $2\"; env | grep ^CTALG_ | LC_ALL=C sort\n"
	       "for i in 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$i ] || echo open: $i; done\n"
	       "cat; echo done; } >told 2>&1");
	assert_true(dup2(STDERR_FILENO, 8) == 8);
	r = runner("$CTALG_SRC \"$CTALG_OBJECT\"");
	alarm_run(&r, &f);
	assert_true(r.pid > 0);
	reap_all(&r);
	assert_string_equal(read_all("told"), want);
	assert_string_equal(fake.warned, "");
}

static void one_at_a_time(void **unused)
{
	struct alarm_facts f = facts_of("denied 20/minute");
	struct alarm_runner r;
	unsigned int i;

	(void)unused;
	script("mkdir alone || echo together >>told\necho $1 >>told\nrmdir alone");
	r = runner("$CTALG_SRC");
	for (i = 0; i < 10; i++) {
		snprintf(f.value[4], sizeof(f.value[4]), "%u", i);
		alarm_run(&r, &f);
	}
	assert_int_equal(r.n, 9);
	reap_all(&r);
	assert_string_equal(read_all("told"), "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
}

static void a_queue_has_an_end(void **unused)
{
	struct alarm_facts f = facts_of("denied 20/minute");
	struct alarm_runner r;
	unsigned int i;

	(void)unused;
	script("echo x >>told");
	r = runner("");
	for (i = 0; i < 1 + ALARM_WAITING + 2; i++)
		alarm_run(&r, &f);
	assert_int_equal(r.n, ALARM_WAITING);
	reap_all(&r);
	assert_int_equal(strlen(read_all("told")), 2 * (1 + ALARM_WAITING));
	assert_string_equal(
		fake.warned,
		"the command of the alarm \"it\" still runs and 256 more wait; until it has ended others are left out\n"
		"the command of the alarm \"it\" was left out 2 times\n");
}

static void what_fails_is_told(void **unused)
{
	struct alarm_facts f = facts_of("denied 20/minute");
	struct alarm_runner r;

	(void)unused;
	script("exit 3");
	r = runner("");
	alarm_run(&r, &f);
	reap_all(&r);
	script("kill -9 $$");
	alarm_run(&r, &f);
	reap_all(&r);
	r.command = "/nonexistent/block $CTALG_SRC";
	alarm_run(&r, &f);
	assert_int_equal(r.pid, 0);
	assert_string_equal(
		fake.warned,
		"the command of the alarm \"it\" failed with status 3\n"
		"the command of the alarm \"it\" was ended by signal 9 (Killed)\n"
		"the command of the alarm \"it\" cannot be run: /nonexistent/block: No such file or directory\n");
}

static void add(const char *text)
{
	char said[ALARM_ERROR_SIZE];
	struct alarm_rule r;

	assert_true(alarm_rule_read(&r, text, said));
	alarms_add(&r);
}

/* The two that all are tested by: they stay. */
static void add_all(void)
{
	char text[256];

	if (alarms_set())
		return;
	snprintf(text, sizeof(text),
		 "denied 1/minute per user run /bin/sh -c 'echo $CTALG_COUNT >>%s'",
		 in_folder("told"));
	add(text);
	add("policy-denied 3/minute per host");
	add("third-party-address 0/minute");
}

static bool json;

/* Six in ten seconds, of two hosts and two users; then quiet. */
static void print_alarms(void)
{
	struct event e;
	uint64_t t;
	unsigned int i;

	alarms_begin(json);
	for (i = 0; i < 6; i++) {
		e = denied(NOON + i * SECOND);
		if (i % 2)
			e.src = fake_address("fd00::2");
		if (i == 4)
			e.user.len = 0;
		alarms_event(&e);
	}
	e.kind = CTALG_EVENT_KIND_PINHOLE_REFUSED;
	e.user = (struct user){};
	snprintf(e.reason, sizeof(e.reason), "third-party-address");
	alarms_event(&e);
	e = denied(NOON + 6 * SECOND);
	alarms_event(&e);
	e.time += SECOND;
	alarms_event(&e);
	for (t = NOON; t < NOON + 200 * SECOND; t += SECOND / 2)
		if (alarms_wait(t) == 0)
			alarms_tick(t);
	assert_int_equal(alarms_wait(t), -1);
}

/* The command of the first alarm has been run, with this. */
static void assert_run(const char *told)
{
	unsigned int i;

	for (i = 0; i < 1000 && strcmp(read_all("told"), told); i++)
		poll(NULL, 0, 10);
	assert_string_equal(read_all("told"), told);
}

static void told_in_lines(void **unused)
{
	char *text;

	(void)unused;
	setenv("TZ", "UTC", 1);
	add_all();
	json = false;
	text = printed_by(print_alarms);
	assert_golden("alarms.txt", text);
	free(text);
	assert_golden("alarms.log", logged);
	assert_run("2\n");
	assert_string_equal(fake.warned, "");
}

static void told_in_json(void **unused)
{
	char *text;

	(void)unused;
	add_all();
	json = true;
	text = printed_by(print_alarms);
	assert_golden("alarms.json", text);
	free(text);
	assert_string_equal(fake.warned, "");
}

#define in_a_folder(test) cmocka_unit_test_setup_teardown(test, folder_made, folder_removed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_read),
		cmocka_unit_test(rules_are_wrong),
		cmocka_unit_test(events_match),
		cmocka_unit_test(one_too_many),
		cmocka_unit_test(edge_of_the_window),
		cmocka_unit_test(none_is_allowed),
		cmocka_unit_test(raised_once_and_over),
		cmocka_unit_test(each_for_itself),
		cmocka_unit_test(forgets_the_oldest),
		cmocka_unit_test(drops_what_is_over),
		cmocka_unit_test(memory_has_a_bound),
		cmocka_unit_test(clock_set_back),
		cmocka_unit_test(as_counted_plainly),
		cmocka_unit_test(words),
		in_a_folder(child_is_told_all),
		in_a_folder(one_at_a_time),
		in_a_folder(a_queue_has_an_end),
		in_a_folder(what_fails_is_told),
		in_a_folder(told_in_lines),
		in_a_folder(told_in_json),
	};

	return cmocka_run_group_tests_name("tool_alarm", tests, NULL, NULL);
}
