// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/scan.h>

static void rfc5952(void **unused)
{
	static const char *const cases[][2] = {
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:0DB8:0:0:0:0:2:1", "2001:db8::2:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7" },
		{ "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "1:0:0:2:0:0:3:4", "1::2:0:0:3:4" },
		{ "0:0:1::", "0:0:1::" },
		{ "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
		  "abcd:ef01:2345:6789:abcd:ef01:2345:6789" },
		{ "::ffff:192.0.2.1", "::ffff:c000:201" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
	};
	char text[CTALG_TOKEN_MAX];
	u32 i, n;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_addr a = addr_of(cases[i][0]);

		n = ctalg_addr_write(&a, text, sizeof(text));
		if (n != strlen(cases[i][1]) || memcmp(text, cases[i][1], n))
			fail_msg("%s: \"%.*s\"", cases[i][0], (int)n, text);
	}
}

/* inet_ntop() follows RFC 5952 too, but writes ::a.b.c.d and ::ffff:a.b.c.d dotted. */
static bool library_writes_dotted(const struct ctalg_addr *a)
{
	static const u8 zero[12], mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(a->b, zero, 12) || !memcmp(a->b, mapped, 12);
}

static void check_against_library(const struct ctalg_addr *a)
{
	bool v4 = a->family == CTALG_AF_INET;
	char want[INET6_ADDRSTRLEN];
	char got[CTALG_TOKEN_MAX];
	u32 n = ctalg_addr_write(a, got, sizeof(got));

	assert_non_null(inet_ntop(v4 ? AF_INET : AF_INET6, a->b, want, sizeof(want)));
	if (n != strlen(want) || memcmp(got, want, n))
		fail_msg("%s: \"%.*s\"", want, (int)n, got);
}

static void like_the_library(void **unused)
{
	u64 seed = 5952;
	u32 round, i;

	(void)unused;
	for (round = 0; round < 50000; round++) {
		u32 zeros = rnd(&seed);
		struct ctalg_addr a = { .family = CTALG_AF_INET6 };

		for (i = 0; i < 16; i++)
			if (!(zeros >> i / 2 & 1))
				a.b[i] = (u8)(rnd(&seed) >> rnd_below(&seed, 9));
		if (!library_writes_dotted(&a))
			check_against_library(&a);
		memset(a.b + 4, 0, 12);
		a.family = CTALG_AF_INET;
		check_against_library(&a);
	}
}

static void what_is_written_reads_the_same(void **unused)
{
	u64 seed = 17;
	u32 round, i;

	(void)unused;
	for (round = 0; round < 20000; round++) {
		struct ctalg_addr got, a = { .family = CTALG_AF_INET6 };
		char text[CTALG_TOKEN_MAX];
		struct ctalg_reader rd;

		for (i = 0; i < 16; i++)
			a.b[i] = rnd_below(&seed, 3) ? 0 : (u8)rnd(&seed);
		ctalg_rd_init(&rd, text, ctalg_addr_write(&a, text, sizeof(text)));
		assert_true(ctalg_scan_ip6(&rd, &got));
		assert_int_equal(ctalg_rd_left(&rd), 0);
		assert_true(ctalg_addr_eq(&a, &got));
	}
}

static const struct {
	u8 form;
	u8 mark;
	const char *addr;
	u16 port;
	const char *text;
} forms[] = {
	{ CTALG_FORM_HOSTPORT, '1', "10.0.0.2", 1025, "10,0,0,2,4,1" },
	{ CTALG_FORM_HOSTPORT, '1', "255.255.255.255", 65535, "255,255,255,255,255,255" },
	{ CTALG_FORM_HOSTPORT, '1', "1.2.3.4", 0, "1,2,3,4,0,0" },
	{ CTALG_FORM_HOSTPORT, '1', "2001:db8::1", 1025, "" },
	{ CTALG_FORM_HOSTPORT, '1', "", 1025, "" },
	{ CTALG_FORM_EPRT, '|', "10.0.0.2", 1025, "|1|10.0.0.2|1025|" },
	{ CTALG_FORM_EPRT, '!', "2001:db8::1", 65535, "!2!2001:db8::1!65535!" },
	{ CTALG_FORM_EPRT, '|', "", 1025, "" },
	{ CTALG_FORM_DOTTED, '1', "10.0.0.2", 1025, "10.0.0.2" },
	{ CTALG_FORM_DOTTED, '2', "2001:db8::1", 1025, "2001:db8::1" },
	{ CTALG_FORM_DOTTED, '2', "", 1025, "" },
	{ CTALG_FORM_BRACKETED, '[', "2001:db8::1", 1025, "[2001:db8::1]" },
	{ CTALG_FORM_BRACKETED, '1', "10.0.0.2", 1025, "10.0.0.2" },
	{ CTALG_FORM_BRACKETED, '1', "", 1025, "" },
	{ CTALG_FORM_PORT, '9', "", 1025, "1025" },
	{ CTALG_FORM_PORT, '9', "10.0.0.2", 65535, "65535" },
	{ CTALG_FORM_PORT, '9', "10.0.0.2", 10, "10" },
	{ CTALG_FORM_PORT, '9', "10.0.0.2", 9, "9" },
	{ 0, '9', "10.0.0.2", 1025, "" },
	{ 99, '9', "10.0.0.2", 1025, "" },
};

/* Written in full when it fits to the byte, and not at all when one byte is missing. */
static void every_form(void **unused)
{
	u32 i, n, cap;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct ctalg_addr a = addr_of(forms[i].addr);
		u32 len = (u32)strlen(forms[i].text);

		for (cap = 0; cap <= CTALG_TOKEN_MAX; cap++) {
			u8 *text = malloc(cap ? cap : 1);

			assert_non_null(text);
			n = ctalg_form_write(forms[i].form, forms[i].mark, &a, forms[i].port,
					     (char *)text, cap);
			if (n != (cap < len ? 0 : len) || memcmp(text, forms[i].text, n))
				fail_msg("%s in %u bytes: %u", forms[i].text, cap, n);
			free(text);
		}
	}
}

static void the_longest_form_fits_a_token(void **unused)
{
	struct ctalg_addr a = addr_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	char text[CTALG_TOKEN_MAX];

	(void)unused;
	assert_int_equal(ctalg_form_write(CTALG_FORM_EPRT, '|', &a, 65535, text, sizeof(text)), 49);
}

static void equality(void **unused)
{
	static const char *const texts[] = { "",	 "0.0.0.0", "::",      "10.0.0.2",
					     "10.0.0.3", "a00:2::", "a00:2::1" };
	u32 i, k;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct ctalg_addr a = addr_of(texts[i]);

		assert_int_equal(ctalg_addr_is_unspecified(&a), i < 3);
		for (k = 0; k < ARRAY_SIZE(texts); k++) {
			struct ctalg_addr b = addr_of(texts[k]);

			assert_int_equal(ctalg_addr_eq(&a, &b), i == k);
		}
	}
}

/* Only four bytes of an IPv4 address count, whatever follows them. */
static void ip4_has_four_bytes(void **unused)
{
	struct ctalg_addr a = addr_of("0.0.0.0"), b = a;

	(void)unused;
	b.b[4] = 1;
	assert_true(ctalg_addr_eq(&a, &b));
	assert_true(ctalg_addr_is_unspecified(&b));
	b.b[3] = 1;
	assert_false(ctalg_addr_eq(&a, &b));
	assert_false(ctalg_addr_is_unspecified(&b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc5952),
		cmocka_unit_test(like_the_library),
		cmocka_unit_test(what_is_written_reads_the_same),
		cmocka_unit_test(every_form),
		cmocka_unit_test(the_longest_form_fits_a_token),
		cmocka_unit_test(equality),
		cmocka_unit_test(ip4_has_four_bytes),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
