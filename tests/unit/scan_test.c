// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/scan.h>

/* Sets up a reader over text that begins and ends at the edges of its memory. */
static u8 *over(struct ctalg_reader *rd, const char *text)
{
	u8 *copy = exact(text, (u32)strlen(text));

	ctalg_rd_init(rd, copy, (u32)strlen(text));
	return copy;
}

static void chars_and_blanks(void **unused)
{
	struct ctalg_reader rd;
	u8 *in = over(&rd, " \t x");

	(void)unused;
	assert_false(ctalg_scan_char(&rd, 'x'));
	assert_int_equal(rd.pos, 0);
	assert_int_equal(ctalg_scan_blanks(&rd), 3);
	assert_int_equal(ctalg_scan_blanks(&rd), 0);
	assert_true(ctalg_scan_char(&rd, 'x'));
	assert_false(ctalg_scan_char(&rd, 'x'));
	assert_int_equal(rd.pos, 4);
	assert_false(rd.short_read);
	free(in);
}

/* The end of the text is not the byte 0xff, although both could be "-1". */
static void the_end_is_no_byte(void **unused)
{
	struct ctalg_reader rd;
	u8 *in = over(&rd, "");

	(void)unused;
	assert_false(ctalg_scan_char(&rd, 0xff));
	assert_false(ctalg_scan_char(&rd, 0));
	free(in);
}

static void decimals(void **unused)
{
	static const struct {
		const char *text;
		u32 max, digits;
		bool ok;
		u32 val, pos;
	} cases[] = {
		{ "0", 255, 3, true, 0, 1 },
		{ "255", 255, 3, true, 255, 3 },
		{ "256", 255, 3, false, 0, 0 },
		{ "007", 255, 3, true, 7, 3 },
		{ "0007", 255, 3, false, 0, 0 },
		{ "25,", 255, 3, true, 25, 2 },
		{ "65535", 65535, 5, true, 65535, 5 },
		{ "65536", 65535, 5, false, 0, 0 },
		{ "99999", 65535, 5, false, 0, 0 },
		{ "4294967295", 0xffffffffU, 10, true, 0xffffffffU, 10 },
		{ "4294967296", 0xffffffffU, 10, false, 0, 0 },
		{ "18446744073709551617", 0xffffffffU, 30, false, 0, 0 },
		{ "", 255, 3, false, 0, 0 },
		{ "x", 255, 3, false, 0, 0 },
		{ "-1", 255, 3, false, 0, 0 },
		{ "+1", 255, 3, false, 0, 0 },
		{ "/", 255, 3, false, 0, 0 },
		{ ":", 255, 3, false, 0, 0 },
		{ "9:", 9, 1, true, 9, 1 },
	};
	struct ctalg_reader rd;
	unsigned int i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 *in = over(&rd, cases[i].text);
		u32 val = 0;

		if (ctalg_scan_dec(&rd, cases[i].max, cases[i].digits, &val) != cases[i].ok ||
		    val != cases[i].val || rd.pos != cases[i].pos || rd.short_read)
			fail_msg("\"%s\": %u at %u", cases[i].text, val, rd.pos);
		free(in);
	}
}

static void words(void **unused)
{
	static const struct {
		const char *text;
		u32 max;
		u32 len;
	} cases[] = {
		{ "PORT 1", 4, 4 }, { "PORTS", 4, 0 }, { "", 4, 0 },	{ "1PORT", 4, 0 },
		{ "az\xe4", 4, 2 }, { "AZ[", 4, 2 },   { "az{", 4, 2 }, { "@A", 4, 0 },
		{ "`a", 4, 0 },	    { "abcd", 4, 4 },
	};
	struct ctalg_span span;
	struct ctalg_reader rd;
	unsigned int i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 *in = over(&rd, cases[i].text);

		memset(&span, 0, sizeof(span));
		if (ctalg_scan_alpha(&rd, cases[i].max, &span) != !!cases[i].len ||
		    span.len != cases[i].len || rd.pos != cases[i].len)
			fail_msg("\"%s\": %u letters", cases[i].text, span.len);
		free(in);
	}
}

static void everything_up_to_a_byte(void **unused)
{
	struct ctalg_span span = { 9, 9 };
	struct ctalg_reader rd;
	u8 *in = over(&rd, "ab;;");

	(void)unused;
	assert_true(ctalg_scan_until(&rd, ';', &span));
	assert_int_equal(span.off, 0);
	assert_int_equal(span.len, 2);
	assert_int_equal(rd.pos, 2);
	assert_true(ctalg_scan_until(&rd, ';', &span));
	assert_int_equal(span.off, 2);
	assert_int_equal(span.len, 0);
	ctalg_rd_skip(&rd, 1);
	assert_false(ctalg_scan_until(&rd, 'a', &span));
	assert_int_equal(rd.pos, 3);
	free(in);
}

static void spelling(void **unused)
{
	static const struct {
		struct ctalg_span span;
		const char *word;
		bool same;
	} cases[] = {
		{ { 0, 4 }, "PORT", true },
		{ { 0, 3 }, "PORT", false },
		{ { 0, 4 }, "POR", false },
		{ { 5, 2 }, "{}", true },
		{ { 5, 2 }, "[]", false },
		{ { 0, 0 }, "", true },
		{ { 0, 0 }, "P", false },
		{ { 7, 1 }, "X", false },
		{ { 8, 0 }, "", false },
		{ { 6, 2 }, "}", false },
		{ { 0xffffffffU, 2 }, "PO", false },
		{ { 1, 0xffffffffU }, "O", false },
	};
	struct ctalg_reader rd;
	u8 *in = over(&rd, "pOrT {}");
	unsigned int i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (ctalg_span_is(&rd, cases[i].span, cases[i].word) != cases[i].same)
			fail_msg("%u+%u is %s", cases[i].span.off, cases[i].span.len,
				 cases[i].word);
	free(in);
}

/*
 * Against the C library: what inet_pton() takes we take, in full. Only the
 * library refuses leading zeros, so numbers here have none.
 */
static void check_ip4(const char *text)
{
	struct ctalg_addr got, want = addr_of(text);
	struct ctalg_reader rd;
	u8 *in = over(&rd, text);
	bool ok = ctalg_scan_ip4(&rd, &got);

	if (ok)
		ok = !ctalg_rd_left(&rd);
	else
		assert_int_equal(rd.pos, 0);
	if (ok != (want.family == CTALG_AF_INET) || (ok && !ctalg_addr_eq(&got, &want)))
		fail_msg("\"%s\"", text);
	free(in);
}

static void ip4_like_the_library(void **unused)
{
	static const char *const bad[] = { "",		"1",	      "1.2.3",	  "1.2.3.",
					   ".1.2.3",	"1..2.3",     "1.2.3.4.", "256.1.1.1",
					   "1.2.3.256", "1.2.3.4444", "1,2,3,4" };
	u64 seed = 41;
	char text[64];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		check_ip4(bad[i]);
	for (i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "%u.%u.%u.%u", rnd_below(&seed, 270),
			 rnd_below(&seed, 256), rnd_below(&seed, 256), rnd_below(&seed, 270));
		check_ip4(text);
	}
}

static void ip4_zeros_are_decimal(void **unused)
{
	struct ctalg_addr got, want = addr_of("10.8.0.99");
	struct ctalg_reader rd;
	u8 *in = over(&rd, "010.008.000.099");

	(void)unused;
	assert_true(ctalg_scan_ip4(&rd, &got));
	assert_true(ctalg_addr_eq(&got, &want));
	free(in);
}

/* The whole text is one address to both, or to neither; it does not end in a full stop. */
static void check_ip6(const char *text)
{
	struct ctalg_addr got, want = { .family = CTALG_AF_INET6 };
	bool ok, library = inet_pton(AF_INET6, text, want.b) == 1;
	struct ctalg_reader rd;
	u8 *in = over(&rd, text);

	ok = ctalg_scan_ip6(&rd, &got);
	if (!ok)
		assert_int_equal(rd.pos, 0);
	if (ok && ctalg_rd_left(&rd))
		fail_msg("\"%s\": the first %u bytes were taken for an address", text, rd.pos);
	if (ok != library || (ok && !ctalg_addr_eq(&got, &want)))
		fail_msg("\"%s\": %d, the library %d", text, ok, library);
	free(in);
}

static void ip6_by_hand(void **unused)
{
	static const char *const texts[] = {
		"::",
		"::1",
		"1::",
		":::",
		"1:::2",
		"::1::",
		"1::2::3",
		":",
		":1",
		"1:",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7::",
		"::2:3:4:5:6:7:8",
		"::1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7:8::",
		"12345::",
		"g::",
		"::ffff:192.0.2.1",
		"1::192.0.2.1",
		"1:2:3:4:5:6:192.0.2.1",
		"1:2:3:4:5:6:7:192.0.2.1",
		"1:2:3:4:5:192.0.2.1",
		"192.0.2.1",
		"192.0.2.1::",
		"::192.0.2.1:1",
		"::192.0.2",
		"::192.0.2.256",
		"::1.2.3.4.5",
		"1::1.2.3.4444",
		"ABCD:ef01::",
		"fe80::1:",
		"1:2",
		"::1:",
		"",
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		check_ip6(texts[i]);
}

/* Random addresses in random writing: any case, any zeros, perhaps "::", perhaps dotted at the end. */
static u32 write_group(u64 *seed, char *at, size_t cap, u32 val)
{
	static const char *const ways[] = { "%x", "%X", "%04x", "%02X" };

	return (u32)snprintf(at, cap, ways[rnd_below(seed, 4)], val);
}

static void ip6_well_formed(void **unused)
{
	u64 seed = 61;
	u32 round;

	(void)unused;
	for (round = 0; round < 50000; round++) {
		bool dotted = rnd_below(&seed, 4) == 0;
		u32 words = dotted ? 6 : 8, n = 0, i;
		u32 gap = rnd_below(&seed, words + 3), gap_len = 1 + rnd_below(&seed, 4);
		char text[80];

		for (i = 0; i < words; i++) {
			if (i == gap) {
				n += (u32)snprintf(text + n, sizeof(text) - n, i ? ":" : "::");
				i += gap_len - 1;
				continue;
			}
			n += write_group(&seed, text + n, sizeof(text) - n,
					 rnd(&seed) >> rnd_below(&seed, 17) & 0xffff);
			if (i + 1 < words || dotted)
				text[n++] = ':';
		}
		text[n] = 0;
		if (dotted)
			snprintf(text + n, sizeof(text) - n, "%u.%u.%u.%u", rnd_below(&seed, 256),
				 rnd_below(&seed, 256), rnd_below(&seed, 256),
				 rnd_below(&seed, 258));
		check_ip6(text);
	}
}

static void ip6_any_text(void **unused)
{
	static const char alphabet[] = "0123456789abcdefAF::::::....";
	u64 seed = 62;
	char text[48];
	u32 round, i, len;

	(void)unused;
	for (round = 0; round < 200000; round++) {
		len = 1 + rnd_below(&seed, round % 2 ? 12 : 44);
		for (i = 0; i < len; i++)
			text[i] = alphabet[rnd_below(&seed, sizeof(alphabet) - 1)];
		text[len] = 0;
		if (text[len - 1] != '.')
			check_ip6(text);
	}
}

/* What follows an address ends it; only what could be part of one spoils it. */
static void ip6_neighbours(void **unused)
{
	static const struct {
		const char *text;
		u32 len;
	} cases[] = {
		{ "::1|", 3 }, { "::1]", 3 }, { "::1 x", 3 }, { "::1%eth0", 3 },   { "::1/64", 3 },
		{ "::g", 2 },  { "::1.", 3 }, { "::1.2", 0 }, { "::1.2.3.4.", 9 },
	};
	struct ctalg_reader rd;
	struct ctalg_addr a;
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 *in = over(&rd, cases[i].text);

		if (ctalg_scan_ip6(&rd, &a) != !!cases[i].len || rd.pos != cases[i].len)
			fail_msg("\"%s\" ended at %u", cases[i].text, rd.pos);
		free(in);
	}
}

static void hostports(void **unused)
{
	static const struct {
		const char *text, *addr;
		u16 port;
		u32 pos;
	} cases[] = {
		{ "10,0,0,2,4,1", "10.0.0.2", 1025, 12 },
		{ "255,255,255,255,255,255", "255.255.255.255", 65535, 23 },
		{ "010,000,000,002,004,001)", "10.0.0.2", 1025, 23 },
		{ "1,2,3,4,0,0", "1.2.3.4", 0, 11 },
		{ "1,2,3,4,5,6,7", "1.2.3.4", 1286, 11 },
		{ "256,0,0,1,4,1", "", 0, 0 },
		{ "1,2,3,4,256,1", "", 0, 0 },
		{ "1,2,3,4,5,256", "", 0, 0 },
		{ "1,2,3,4,5,0006", "", 0, 0 },
		{ "1,2,3,4,5", "", 0, 0 },
		{ "1,2,3,4,5,", "", 0, 0 },
		{ "1,2,3,,5,6", "", 0, 0 },
		{ "1.2.3.4.5.6", "", 0, 0 },
		{ "1, 2,3,4,5,6", "", 0, 0 },
		{ ",1,2,3,4,5,6", "", 0, 0 },
		{ "", "", 0, 0 },
	};
	struct ctalg_reader rd;
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 *in = over(&rd, cases[i].text);
		struct ctalg_addr got = { 0 }, want = addr_of(cases[i].addr);
		u16 port = 0;

		if (ctalg_scan_hostport(&rd, &got, &port) != !!cases[i].pos ||
		    !ctalg_addr_eq(&got, &want) || port != cases[i].port || rd.pos != cases[i].pos)
			fail_msg("\"%s\"", cases[i].text);
		free(in);
	}
}

static void lines(void **unused)
{
	static const char text[] = "one\r\n\ntwo\r\r\n\rx\r";
	static const struct {
		u32 off, len, next;
	} want[] = { { 0, 3, 5 }, { 5, 0, 6 }, { 6, 4, 12 }, { 12, 3, 15 } };
	u8 *in = exact(text, sizeof(text) - 1);
	struct ctalg_reader rd, line;
	u32 i;

	(void)unused;
	ctalg_rd_init(&rd, in, sizeof(text) - 1);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(ctalg_scan_line(&rd, &line));
		assert_int_equal(line.pos, want[i].off);
		assert_int_equal(ctalg_rd_left(&line), want[i].len);
		assert_int_equal(rd.pos, want[i].next);
	}
	assert_false(ctalg_scan_line(&rd, &line));
	free(in);
}

static void blanks_and_words(void **unused)
{
	static const char text[] = " \tone t=w/o\t ";
	u8 *in = exact(text, sizeof(text) - 1);
	struct ctalg_span word;
	struct ctalg_reader rd;

	(void)unused;
	ctalg_rd_init(&rd, in, sizeof(text) - 1);
	assert_true(ctalg_scan_word(&rd, &word));
	assert_true(word.off == 2 && word.len == 3);
	assert_true(ctalg_scan_word(&rd, &word));
	assert_true(word.off == 6 && word.len == 5);
	assert_false(ctalg_scan_word(&rd, &word));
	assert_int_equal(rd.pos, 11);
	free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chars_and_blanks),
		cmocka_unit_test(the_end_is_no_byte),
		cmocka_unit_test(decimals),
		cmocka_unit_test(words),
		cmocka_unit_test(everything_up_to_a_byte),
		cmocka_unit_test(lines),
		cmocka_unit_test(blanks_and_words),
		cmocka_unit_test(spelling),
		cmocka_unit_test(ip4_like_the_library),
		cmocka_unit_test(ip4_zeros_are_decimal),
		cmocka_unit_test(ip6_by_hand),
		cmocka_unit_test(ip6_well_formed),
		cmocka_unit_test(ip6_any_text),
		cmocka_unit_test(ip6_neighbours),
		cmocka_unit_test(hostports),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
