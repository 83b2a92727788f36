// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "src/engine/hide.h"

enum { TEXT_MAX = 4096 };

/* Inside are 10.0.0.0/8, 192.168.0.0/16 and fd00::/8. */
static bool is_inside(void *ctx, const struct ctalg_addr *a)
{
	u32 *asked = ctx;

	++*asked;
	if (a->family == CTALG_AF_INET)
		return a->b[0] == 10 || (a->b[0] == 192 && a->b[1] == 168);
	return a->b[0] == 0xfd;
}

static u32 asked;

static const struct ctalg_report nothing;

static struct ctalg_hide hide_of(const char *self, const char *shown)
{
	struct ctalg_hide h = {
		.self = addr_of(self),
		.shown = addr_of(shown),
		.inside = is_inside,
		.ctx = &asked,
	};

	return h;
}

static unsigned int hide(const struct ctalg_hide *h, const char *text, u32 len,
			 struct ctalg_edits *e)
{
	struct ctalg_message m = { .data = exact(text, len), .len = len };
	unsigned int reason = ctalg_hide_message(h, &m, &nothing, e);

	free((void *)(uintptr_t)m.data);
	return reason;
}

static void check(const struct ctalg_hide *h, const char *text, const char *want)
{
	u32 len = (u32)strlen(text), n;
	EDITS(e);
	char got[TEXT_MAX];

	ctalg_edits_init(&e);
	assert_int_equal(hide(h, text, len, &e), CTALG_R_NONE);
	n = ctalg_edits_apply(&e, (const u8 *)text, len, (u8 *)got, sizeof(got) - 1);
	got[n] = 0;
	if (strcmp(got, want))
		fail_msg("\"%s\": \"%s\", not \"%s\"", text, got, want);
	/* Nothing is left to be hidden. */
	ctalg_edits_init(&e);
	assert_int_equal(hide(h, got, n, &e), CTALG_R_NONE);
	assert_int_equal(e.n, 0);
}

struct line {
	const char *text, *want;
};

static void check_each(const struct ctalg_hide *h, const struct line *lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		check(h, lines[i].text, lines[i].want ? lines[i].want : lines[i].text);
}

static void ipv4(void **unused)
{
	static const struct line lines[] = {
		{ "10.0.0.2", "198.51.100.1" },
		{ "220 10.0.0.2 ready\r\n", "220 198.51.100.1 ready\r\n" },
		{ "from 10.0.0.9\r\n", "from 0.0.0.0\r\n" },
		{ "10.0.0.2:21", "198.51.100.1:21" },
		{ "[10.0.0.2]", "[198.51.100.1]" },
		{ "ftp://x@10.0.0.2/y", "ftp://x@198.51.100.1/y" },
		{ "at 10.0.0.2.", "at 198.51.100.1." },
		{ "at 10.0.0.2...", "at 198.51.100.1..." },
		{ "at 10.0.0.2.Go on", "at 198.51.100.1.Go on" },
		{ "at 10.0.0.2, go on", "at 198.51.100.1, go on" },
		{ "10.0.0.2,1025", "198.51.100.1,1025" },
		{ "12:10.0.0.2", "12:198.51.100.1" },
		{ "ip:10.0.0.2:21", "ip:198.51.100.1:21" },
		{ "host.10.0.0.2", "host.198.51.100.1" },
		{ "_10.0.0.2_", "_198.51.100.1_" },
		{ "\xc3\xa9"
		  "10.0.0.2\xc3",
		  "\xc3\xa9"
		  "198.51.100.1\xc3" },
		{ "10.0.0.2-10.0.0.9", "198.51.100.1-0.0.0.0" },
		{ "10.0.0.2 10.0.0.2", "198.51.100.1 198.51.100.1" },
		{ "010.000.000.002", "198.51.100.1" },
		{ "192.168.7.7/16", "0.0.0.0/16" },
		{ "|1|10.0.0.2|1025|", "|1|198.51.100.1|1025|" },
		{ "(10.0.0.2)\n", "(198.51.100.1)\n" },
		{ "10.0.0.2 and 203.0.113.5", "198.51.100.1 and 203.0.113.5" },
		{ "110.0.0.2", NULL },
		{ "10.0.0.23 ", "0.0.0.0 " },
		{ "1.10.0.0.2", NULL },
		{ "10.0.0.2.3", NULL },
		{ "1.2.3.4.5", NULL },
		{ "a10.0.0.2", NULL },
		{ "10.0.0.2a", NULL },
		{ "10.0.0.256", NULL },
		{ "10.0.0", NULL },
		{ "10.0.0.", NULL },
		{ "10..0.0.2", NULL },
		{ "0010.0.0.2", NULL },
		{ "198.51.100.1 203.0.113.9 0.0.0.0 255.255.255.255", NULL },
		{ "", NULL },
		{ "\r\n", NULL },
	};
	struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");

	(void)unused;
	check_each(&h, lines, ARRAY_SIZE(lines));
}

static void with_commas(void **unused)
{
	static const struct line lines[] = {
		{ "10,0,0,2", "198,51,100,1" },
		{ "(10,0,0,2,100,1)", "(198,51,100,1,100,1)" },
		{ "227 =10,0,0,9,100,1.\r\n", "227 =0,0,0,0,100,1.\r\n" },
		{ "010,000,000,002,004,001", "198,51,100,1,004,001" },
		{ "10,0,0,2, and more", "198,51,100,1, and more" },
		{ "10,0,0,2,10,0,0,9", "198,51,100,1,0,0,0,0" },
		{ "x,10,0,0,2", "x,198,51,100,1" },
		{ "1,10,0,0,2", "1,198,51,100,1" },
		{ "300,10,0,0,2", "300,198,51,100,1" },
		{ "LPRT 4,4,10,0,0,2,2,100,1", "LPRT 4,4,198,51,100,1,2,100,1" },
		{ "110,0,0,2,1,1", NULL },
		{ "10,0,0,256,1,1", NULL },
		{ "10,0,0,2a", NULL },
		{ "10,0,0.2", NULL },
		{ "10,0,0", NULL },
	};
	struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");

	(void)unused;
	check_each(&h, lines, ARRAY_SIZE(lines));
}

static void ipv6(void **unused)
{
	static const struct line lines[] = {
		{ "fd00::2", "2001:db8::1" },
		{ "FD00:0:0::0002", "2001:db8::1" },
		{ "[fd00::2]:21", "[2001:db8::1]:21" },
		{ "|2|fd00::2|1025|", "|2|2001:db8::1|1025|" },
		{ "from fd00::9: no", "from ::: no" },
		{ "from fd00::2: no", "from 2001:db8::1: no" },
		{ "from fd00::2.", "from 2001:db8::1." },
		{ "from fd00::2...", "from 2001:db8::1..." },
		{ "from fd00::2.Abc", "from 2001:db8::1.Abc" },
		{ "fd00::", "::" },
		{ "fd00:::", ":::" },
		{ "fd00::2::", "2001:db8::1::" },
		{ "fd00::2%eth0", "2001:db8::1%eth0" },
		{ "fd00::/8", "::/8" },
		{ "source:fd00::2", "source:2001:db8::1" },
		{ " :fd00::2", " :2001:db8::1" },
		{ "10.0.0.2:fd00::2", "0.0.0.0:2001:db8::1" },
		{ "fd00:1:2:3:4:5:6:7", "::" },
		{ "fd00:1:2:3:4:5:10.0.0.9", "::" },
		{ "fd00::2x", NULL },
		{ "xfd00::2", NULL },
		{ "x::fd00", NULL },
		{ "1:fd00::2", NULL },
		{ "fd00:1:2:3:4:5:6:7:8", NULL },
		{ "fd00:1", NULL },
		{ "std::fade", NULL },
		{ "12:34:56", NULL },
		{ "2001:db8::1 :: ::1 2001:db8::5", NULL },
	};
	struct ctalg_hide h = hide_of("fd00::2", "2001:db8::1");

	(void)unused;
	check_each(&h, lines, ARRAY_SIZE(lines));
}

/* Only what is hidden of it changes. */
static void ipv4_in_ipv6(void **unused)
{
	static const struct line lines[] = {
		{ "::ffff:10.0.0.2", "::ffff:198.51.100.1" },
		{ "[::FFFF:10.0.0.9]:21", "[::FFFF:0.0.0.0]:21" },
		{ "0:0:0:0:0:ffff:10.0.0.2", "0:0:0:0:0:ffff:198.51.100.1" },
		{ "::ffff:a00:2", "::ffff:c633:6401" },
		{ "::ffff:0a00:0009.", "::ffff:0:0." },
		{ "64:ff9b::10.0.0.2", "64:ff9b::198.51.100.1" },
		{ "::10.0.0.2", "::198.51.100.1" },
		{ "::ffff:203.0.113.9 ::ffff:cb00:7109 ::a00:2", NULL },
		{ "::ffff:10.0.0.2.3", NULL },
	};
	struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");

	(void)unused;
	check_each(&h, lines, ARRAY_SIZE(lines));
}

static bool all_are_inside(void *ctx, const struct ctalg_addr *a)
{
	(void)ctx;
	(void)a;
	return true;
}

static void what_may_leave(void **unused)
{
	struct ctalg_hide h = hide_of("10.0.0.2", "10.0.0.2");

	(void)unused;
	/* Known by its own address: others are hidden all the same. */
	check(&h, "10.0.0.2 10.0.0.3", "10.0.0.2 0.0.0.0");
	/* Its outside address is one of a larger inside. */
	h = hide_of("10.0.0.2", "10.9.9.9");
	check(&h, "10.0.0.2 10.9.9.9 10.9.9.8", "10.9.9.9 10.9.9.9 0.0.0.0");
	h.inside = NULL;
	check(&h, "10.0.0.2 10.0.0.3", "10.9.9.9 10.0.0.3");
	h.inside = all_are_inside;
	check(&h, "0.0.0.0 :: 8.8.8.8 ::1", "0.0.0.0 :: 0.0.0.0 ::");
}

/* What an edit replaces is not looked at, nor is it a neighbour; and all stand in order. */
static void beside_other_edits(void **unused)
{
	static const char text[] = "10.0.0.3 227 (10,0,0,2,4,1) fd00::1 10.0.0.2";
	struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");
	struct ctalg_span at = { .off = 14, .len = 12 };
	EDITS(e);
	char got[100];

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(ctalg_edits_add(&e, at, "198,51,100,1,9,9", 16));
	assert_int_equal(hide(&h, text, sizeof(text) - 1, &e), CTALG_R_NONE);
	got[ctalg_edits_apply(&e, (const u8 *)text, sizeof(text) - 1, (u8 *)got, 99)] = 0;
	assert_string_equal(got, "0.0.0.0 227 (198,51,100,1,9,9) :: 198.51.100.1");
}

static void too_many(void **unused)
{
	struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");
	struct ctalg_span at = { .off = 12, .len = 1 };
	struct ctalg_edit before;
	EDITS(e);
	char text[TEXT_MAX] = "";
	u32 i, n;

	(void)unused;
	for (i = 0; i < CTALG_EDITS_MAX; i++)
		strcat(text, "10.0.0.2 and ");
	ctalg_edits_init(&e);
	assert_int_equal(hide(&h, text, (u32)strlen(text), &e), CTALG_R_NONE);
	assert_int_equal(e.n, CTALG_EDITS_MAX);
	for (n = 1; n < 3; n++, at.off += 26) {
		ctalg_edits_init(&e);
		assert_true(ctalg_edits_add(&e, at, "&", 1));
		before = e.edit[0];
		assert_int_equal(hide(&h, text, (u32)strlen(text), &e), CTALG_R_LIMIT_EDITS);
		assert_int_equal(e.n, 1);
		assert_int_equal(e.used, 1);
		assert_memory_equal(e.edit, &before, sizeof(before));
		assert_int_equal(e.text[0], '&');
	}
}

static const char *const pieces[] = {
	"10.0.0.2",
	"10.0.0.9",
	"10,0,0,2",
	"010.0.0.2",
	"192.168.1.1",
	"203.0.113.9",
	"fd00::2",
	"fd00::",
	"::",
	"::ffff:",
	"10",
	"0",
	"2",
	"fd00",
	".",
	",",
	":",
	" ",
	"x",
	"a",
	"[",
	"]",
	"1:2:3:4:5:6:7:",
	"12345",
	"64:ff9b::",
	"(",
	"\r\n",
	"\xff",
	"|",
};

static bool is_word(int c)
{
	return c && strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", c);
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* What libc takes for an inside address, between @from and @to of a text that has a blank at both ends. */
static bool libc_finds(const char *text, u32 from, u32 to)
{
	bool colon = memchr(text + from, ':', to - from) || text[from - 1] == ':' ||
		     text[to] == ':';
	bool comma = memchr(text + from, ',', to - from);
	char word[TEXT_MAX];
	struct ctalg_addr a;
	u32 i;

	if (is_word(text[from - 1]) || is_word(text[to]) ||
	    (text[from - 1] == '.' && is_digit(text[from - 2])) ||
	    (text[to] == '.' && is_digit(text[to + 1])) ||
	    (comma && text[from - 1] == ',' && is_digit(text[from - 2])) ||
	    (memchr(text + from, ':', to - from) && (text[from - 1] == ':' || text[to] == ':')))
		return false;
	memcpy(word, text + from, to - from);
	word[to - from] = 0;
	for (i = 0; comma && !colon && word[i]; i++)
		word[i] = word[i] == ',' ? '.' : word[i] == '.' ? ',' : word[i];
	a = addr_of(word);
	return a.family && is_inside(&asked, &a);
}

static void libc_finds_none(const char *text, const char *was)
{
	u32 len = (u32)strlen(text), from, to;
	char line[TEXT_MAX + 8];

	snprintf(line, sizeof(line), "  %s  ", text);
	for (from = 2; from < len + 2; from++)
		for (to = from + 2; to <= len + 2 && to < from + 46; to++)
			if (!is_word(line[from - 1]) && libc_finds(line, from, to))
				fail_msg("\"%s\" has become \"%s\" with \"%.*s\"", was, text,
					 (int)(to - from), line + from);
}

static void no_inside_address_is_left(void **unused)
{
	struct ctalg_hide v4 = hide_of("10.0.0.2", "198.51.100.1");
	struct ctalg_hide v6 = hide_of("fd00::2", "2001:db8::1");
	u32 round, i, k, edits = 0;
	u64 seed = 7422;

	(void)unused;
	for (round = 0; round < 15000; round++) {
		const struct ctalg_hide *h = round & 1 ? &v4 : &v6;
		char text[TEXT_MAX] = "", out[TEXT_MAX];
		EDITS(e);
		EDITS(again);
		u32 n;

		for (i = rnd_below(&seed, 12); i < 14; i++)
			strcat(text, pieces[rnd_below(&seed, ARRAY_SIZE(pieces))]);
		ctalg_edits_init(&e);
		if (hide(h, text, (u32)strlen(text), &e))
			continue;
		n = ctalg_edits_apply(&e, (const u8 *)text, (u32)strlen(text), (u8 *)out,
				      sizeof(out) - 1);
		out[n] = 0;
		ctalg_edits_init(&again);
		hide(h, out, n, &again);
		if (again.n)
			fail_msg("\"%s\" has become \"%s\"", text, out);
		libc_finds_none(out, text);
		/* An edit begins and ends with a byte of an address. */
		for (k = 0; k < e.n; k++) {
			const char *from = text + e.edit[k].at.off;

			assert_true(strchr("0123456789abcdefABCDEF:", *from) != NULL);
			assert_true(e.edit[k].at.len >= 2);
			assert_true(strspn(from, "0123456789abcdefABCDEF:.,") >= e.edit[k].at.len);
		}
		edits += e.n;
	}
	assert_true(edits > round / 3);
}

/* 64 KiB of what begins to look like an address everywhere: each byte is looked at a few times. */
static void work_is_linear(void **unused)
{
	static const char *const parts[] = { "10.0.0.",	 "fd00::2:",	 "1:2:3:4:5:6:7:8:9:",
					     "9,9,9,9,", "0.0.0.0 ",	 ":",
					     "a-",	 "203.0.113.9 ", "::1 " };
	struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");
	static char text[65536];
	u32 i, k;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		EDITS(e);

		for (k = 0; k < sizeof(text); k++)
			text[k] = parts[i][k % strlen(parts[i])];
		ctalg_edits_init(&e);
		asked = 0;
		assert_int_equal(hide(&h, text, sizeof(text), &e), CTALG_R_NONE);
		assert_int_equal(e.n, 0);
		assert_true(asked <= sizeof(text) / 2);
	}
}

/* What names a user or a file is the sender's affair. */
static void names_are_let_alone(void **unused)
{
	static const char text[] = "RETR 10.0.0.2.txt 10.0.0.2";
	const struct ctalg_hide h = hide_of("10.0.0.2", "198.51.100.1");
	const struct ctalg_message m = { .data = (const u8 *)text, .len = sizeof(text) - 1 };
	struct ctalg_report r = { .object = { 5, 21 } };
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	assert_int_equal(ctalg_hide_message(&h, &m, &r, &e), CTALG_R_NONE);
	assert_int_equal(e.n, 0);
	r.object.len = 0;
	r.user = (struct ctalg_span){ 18, 8 };
	assert_int_equal(ctalg_hide_message(&h, &m, &r, &e), CTALG_R_NONE);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.edit[0].at.off, 5);
	r.user.len = 0;
	assert_int_equal(ctalg_hide_message(&h, &m, &r, &e), CTALG_R_NONE);
	assert_int_equal(e.n, 2);
	assert_int_equal(e.edit[1].at.off, 18);
	/* One edit within: what is behind it still belongs to the name. */
	r.object = (struct ctalg_span){ 0, 26 };
	ctalg_edits_init(&e);
	assert_true(ctalg_edits_add(&e, (struct ctalg_span){ 2, 2 }, "OR", 2));
	assert_int_equal(ctalg_hide_message(&h, &m, &r, &e), CTALG_R_NONE);
	assert_int_equal(e.n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_let_alone),
		cmocka_unit_test(ipv4),
		cmocka_unit_test(with_commas),
		cmocka_unit_test(ipv6),
		cmocka_unit_test(ipv4_in_ipv6),
		cmocka_unit_test(what_may_leave),
		cmocka_unit_test(beside_other_edits),
		cmocka_unit_test(too_many),
		cmocka_unit_test(no_inside_address_is_left),
		cmocka_unit_test(work_is_linear),
	};

	return cmocka_run_group_tests_name("hide", tests, NULL, NULL);
}
