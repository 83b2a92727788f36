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

static void prefixes(void **unused)
{
	struct address a = address_of("10.0.0.0");
	char buf[ENDPOINT_SIZE];

	(void)unused;
	a.bits = 24;
	assert_string_equal(address_text(buf, &a), "10.0.0.0/24");
	a = address_of("1111:2222:3333:4444:5555:6666:7777:8888");
	a.bits = 127;
	assert_string_equal(address_text(buf, &a), "1111:2222:3333:4444:5555:6666:7777:8888/127");
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

static void amounts(void **unused)
{
	static const struct {
		uint64_t n;
		const char *want;
	} cases[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1 KiB" },
		{ 1536, "1.5 KiB" },
		{ 10239, "9.9 KiB" },
		{ 10751, "10 KiB" },
		{ 1048575, "1023 KiB" },
		{ 1048576, "1 MiB" },
		{ 5368709120, "5 GiB" },
		{ UINT64_MAX / 10 + 1, "1.5 EiB" },
		{ UINT64_MAX, "15 EiB" },
	};
	struct maybe unknown = { false, 7 };
	char buf[ENDPOINT_SIZE];
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct maybe n = { true, cases[i].n };

		assert_string_equal(bytes_text(buf, &n), cases[i].want);
	}
	assert_string_equal(bytes_text(buf, &unknown), "-");
}

static void sizes(void **unused)
{
	static const struct {
		const char *word;
		bool is_size;
		uint64_t want;
	} cases[] = {
		{ "0", true, 0 },
		{ "16K", true, 16384 },
		{ "64M", true, 67108864 },
		{ "2G", true, 2147483648 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "17179869183G", true, 17179869183ULL << 30 },
		{ "17179869184G", false, 0 },
		{ "16k", false, 0 },
		{ "16MB", false, 0 },
		{ "M", false, 0 },
		{ "", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "0x10", false, 0 },
		{ "1.5M", false, 0 },
	};
	uint64_t n;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(size_of(cases[i].word, UINT64_MAX, &n), cases[i].is_size);
		if (cases[i].is_size)
			assert_true(n == cases[i].want);
	}
	assert_true(size_of("1G", 1 << 30, &n));
	assert_false(size_of("1073741825", 1 << 30, &n));
	assert_false(size_of("2G", 1 << 30, &n));
	assert_true(number_of("5", 5, &n) && n == 5);
	assert_false(number_of("6", 5, &n));
	assert_false(number_of("5K", 99999, &n));
}

static void port_ranges(void **unused)
{
	static const struct {
		const char *word;
		bool is_range;
		uint16_t first;
		uint16_t last;
		const char *text;
	} cases[] = {
		{ "any", true, 0, 0, "any" },
		{ "40000-49999", true, 40000, 49999, "40000-49999" },
		{ "5060", true, 5060, 5060, "5060-5060" },
		{ "1-65535", true, 1, 65535, "1-65535" },
		{ "0", false, 0, 0, NULL },
		{ "0-5", false, 0, 0, NULL },
		{ "6-5", false, 0, 0, NULL },
		{ "5-", false, 0, 0, NULL },
		{ "-5", false, 0, 0, NULL },
		{ "5-65536", false, 0, 0, NULL },
		{ "65536", false, 0, 0, NULL },
		{ "4294967297", false, 0, 0, NULL },
		{ "5--6", false, 0, 0, NULL },
		{ "5-6-7", false, 0, 0, NULL },
		{ "5:6", false, 0, 0, NULL },
		{ "ANY", false, 0, 0, NULL },
		{ "", false, 0, 0, NULL },
	};
	char buf[ENDPOINT_SIZE];
	uint16_t first, last;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(port_range_of(cases[i].word, &first, &last), cases[i].is_range);
		if (!cases[i].is_range)
			continue;
		assert_int_equal(first, cases[i].first);
		assert_int_equal(last, cases[i].last);
		assert_string_equal(port_range_text(buf, first, last), cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints),  cmocka_unit_test(prefixes),
		cmocka_unit_test(users),      cmocka_unit_test(ages),
		cmocka_unit_test(transports), cmocka_unit_test(amounts),
		cmocka_unit_test(sizes),      cmocka_unit_test(port_ranges),
	};

	return cmocka_run_group_tests_name("tool_text", tests, NULL, NULL);
}
