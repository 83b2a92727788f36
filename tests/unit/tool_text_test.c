// SPDX-License-Identifier: GPL-2.0
/* How the command writes things for people. */
#include "unit.h"

#include "tools/ctalg/text.c"

static struct address address_of(const char *host)
{
	struct ctalg_addr a = addr_of(host);
	struct address to = { .len = (uint8_t)ctalg_addr_len(&a) };

	memcpy(to.b, a.b, sizeof(to.b));
	return to;
}

static void endpoints(void **unused)
{
	static const struct {
		const char *host;
		uint16_t port;
		const char *want;
	} cases[] = {
		{ "10.0.0.2", 4711, "10.0.0.2:4711" },
		{ "fd00::2", 4711, "[fd00::2]:4711" },
		{ "1111:2222:3333:4444:5555:6666:7777:8888", 65535,
		  "[1111:2222:3333:4444:5555:6666:7777:8888]:65535" },
		{ "", 21, ":21" },
	};
	char buf[ENDPOINT_SIZE];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct address a = address_of(cases[i].host);

		assert_string_equal(address_text(buf, &a), cases[i].host);
		assert_string_equal(endpoint_text(buf, &a, cases[i].port), cases[i].want);
	}
}

static void users(void **unused)
{
	struct user u = { .len = 10, .b = "a b\\\x1b[\xc3\xbc~\x7f" };
	char buf[USER_TEXT_SIZE];

	(void)unused;
	assert_string_equal(user_text(buf, &u), "a b\\x5c\\x1b[\\xc3\\xbc~\\x7f");
	u.len = sizeof(u.b);
	memset(u.b, 0xff, sizeof(u.b));
	assert_int_equal(strlen(user_text(buf, &u)), USER_TEXT_SIZE - 1);
	u.len = 0;
	assert_string_equal(user_text(buf, &u), "");
}

static void ages(void **unused)
{
	static const struct {
		uint64_t seconds;
		const char *want;
	} cases[] = {
		{ 0, "0 s" },	 { 119, "119 s" },   { 120, "2 min" },	{ 7199, "119 min" },
		{ 7200, "2 h" }, { 172799, "47 h" }, { 172800, "2 d" }, { 31536000, "365 d" },
	};
	char buf[ENDPOINT_SIZE];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(age_text(buf, cases[i].seconds * 1000 + 999), cases[i].want);
}

static void transports(void **unused)
{
	char buf[ENDPOINT_SIZE];

	(void)unused;
	assert_string_equal(l4_text(buf, 6), "tcp");
	assert_string_equal(l4_text(buf, 17), "udp");
	assert_string_equal(l4_text(buf, 132), "132");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints),
		cmocka_unit_test(users),
		cmocka_unit_test(ages),
		cmocka_unit_test(transports),
	};

	return cmocka_run_group_tests_name("tool_text", tests, NULL, NULL);
}
