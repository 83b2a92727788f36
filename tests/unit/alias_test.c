// SPDX-License-Identifier: GPL-2.0
/* Names that stand for hidden text: what they give back, to whom, and what they do not tell. */
#include "unit.h"

#include "src/engine/alias.h"
#include "src/engine/hide.h"

enum { TEXT_MAX = 4096, ROUNDS = 20000 };

/* FNV-1a with a key in front of it. */
static u64 seal(void *ctx, const u8 *data, u32 len)
{
	u64 hash = 14695981039346656037ULL ^ *(const u64 *)ctx;
	u32 i;

	for (i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 1099511628211ULL;
	return hash ^ hash >> 29;
}

static u64 secrets[] = { 1, 2 };
static const struct ctalg_alias mine = { .seal = seal, .ctx = &secrets[0] };
static const struct ctalg_alias others = { .seal = seal, .ctx = &secrets[1] };

static u32 name_of(const struct ctalg_alias *al, const char *text, char *name)
{
	u32 n = ctalg_alias_write(al, (const u8 *)text, (u32)strlen(text), name);

	assert_in_range(n, 0, CTALG_ALIAS_MAX - 1);
	name[n] = 0;
	return n;
}

static void resolve_in(const struct ctalg_alias *al, const char *text, u32 back, char *out)
{
	u32 len = (u32)strlen(text), n;
	struct ctalg_message m = { .data = exact(text, len), .len = len };
	EDITS(e);

	ctalg_edits_init(&e);
	assert_int_equal(ctalg_alias_resolve(al, &m, (struct ctalg_span){ 0, back }, &e),
			 CTALG_R_NONE);
	n = ctalg_edits_apply(&e, m.data, m.len, (u8 *)out, TEXT_MAX - 1);
	out[n] = 0;
	free((void *)(uintptr_t)m.data);
}

static void resolve(const struct ctalg_alias *al, const char *text, char *out)
{
	resolve_in(al, text, (u32)strlen(text), out);
}

static const char *const texts[] = {
	"10.0.0.9",
	"192.168.100.200",
	"010.000.000.009",
	"fd00::9",
	"[fd00::9]",
	"[FD00:0::0009]",
	"::ffff:10.0.0.9",
	"[fd00:1111:2222:3333:4444:5555:6666:7777]",
	"[fd00:1111:2222:3333:4444:5555:255.255.255.255]",
};

static void goes_and_comes_back(void **unused)
{
	char name[CTALG_ALIAS_MAX], line[TEXT_MAX], got[TEXT_MAX], want[TEXT_MAX];
	u32 i, k;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		name_of(&mine, texts[i], name);
		assert_null(strstr(name, texts[i]));
		snprintf(line, sizeof(line), "h;%s;5060;h=%s, tag-%s.", name, name, name);
		snprintf(want, sizeof(want), "h;%s;5060;h=%s, tag-%s.", texts[i], texts[i],
			 texts[i]);
		resolve(&mine, line, got);
		assert_string_equal(got, want);
		/* Names of hosts are the same in capitals. */
		for (k = 0; name[k]; k++)
			if (name[k] >= 'a' && name[k] <= 'z')
				name[k] = (char)(name[k] - 'a' + 'A');
		resolve(&mine, name, got);
		assert_string_equal(got, texts[i]);
	}
}

/* A label has 63 bytes at most, and all IPv4 addresses look alike. */
static void how_they_look(void **unused)
{
	char name[CTALG_ALIAS_MAX];
	u32 i, k, label;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		name_of(&mine, texts[i], name);
		for (k = label = 0; name[k]; k++) {
			label = name[k] == '.' ? 0 : label + 1;
			assert_in_range(label, 0, 63);
		}
		assert_string_equal(name + k - 8, ".invalid");
	}
	assert_int_equal(name_of(&mine, "10.0.0.9", name), 37);
	assert_int_equal(name_of(&mine, "192.168.100.200", name), 37);
	assert_int_equal(name_of(&mine, "", name), 0);
	assert_int_equal(name_of(&mine, "[fd00:1111:2222:3333:4444:5555:255.255.255.255]xx", name),
			 0);
}

/* One digit that is another, one more or fewer, another's secret: nothing is given back. */
static void what_is_not_ours(void **unused)
{
	char name[CTALG_ALIAS_MAX], got[TEXT_MAX];
	u32 i, k;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		u32 n = name_of(&mine, texts[i], name);

		resolve(&others, name, got);
		assert_string_equal(got, name);
		for (k = 0; k < n; k++) {
			char was = name[k];

			name[k] = was == '0' ? '1' : '0';
			resolve(&mine, name, got);
			assert_string_equal(got, name);
			name[k] = was;
		}
		for (k = 0; k < n; k++) {
			char cut[CTALG_ALIAS_MAX];

			snprintf(cut, sizeof(cut), "%.*s%s", (int)k, name, name + k + 1);
			resolve(&mine, cut, got);
			assert_string_equal(got, cut);
		}
	}
}

static bool is_inside(void *ctx, const struct ctalg_addr *a)
{
	(void)ctx;
	return a->b[0] == (a->family == CTALG_AF_INET ? 10 : 0xfd);
}

static const struct ctalg_hide hide = {
	.self = { CTALG_AF_INET, { 10, 0, 0, 2 } },
	.shown = { CTALG_AF_INET, { 198, 51, 100, 1 } },
	.inside = is_inside,
	.alias = &mine,
};

/* Hides @text, of which @back bytes come back; nothing is left to be hidden. */
static void hidden(const char *text, u32 back, char *out)
{
	u32 len = (u32)strlen(text), n;
	struct ctalg_message m = { .data = exact(text, len), .len = len };
	STATIC_REPORT(r);
	EDITS(e);

	ctalg_report_init(&r);
	r.back.len = back;
	ctalg_edits_init(&e);
	assert_int_equal(ctalg_hide_message(&hide, &m, &r, &e), CTALG_R_NONE);
	n = ctalg_edits_apply(&e, m.data, m.len, (u8 *)out, TEXT_MAX - 1);
	out[n] = 0;
	free((void *)(uintptr_t)m.data);
	m = (struct ctalg_message){ .data = (const u8 *)out, .len = n };
	ctalg_edits_init(&e);
	assert_int_equal(ctalg_hide_message(&hide, &m, &r, &e), CTALG_R_NONE);
	if (e.n)
		fail_msg("\"%s\": \"%s\"", text, out);
}

static void a_header_comes_back(void **unused)
{
	static const char head[] =
		"Via: SIP/2.0/UDP 10.0.0.9:5061;received=10.0.0.8;branch=z-10.0.0.2-1\r\n"
		"Record-Route: <sip:[fd00::9]:5060;lr>, <sip:10.0.0.10;lr>\r\n"
		"From: <sip:a@10.0.0.9>;tag=10.0.0.9+1\r\nCall-ID: 10.0.0.2-7@010.0.0.9\r\n"
		"Warning: 399 ::ffff:10.0.0.9 \"64:ff9b::10.0.0.9\"\r\n\r\n";
	char line[TEXT_MAX], out[TEXT_MAX], got[TEXT_MAX], name[CTALG_ALIAS_MAX];

	(void)unused;
	snprintf(line, sizeof(line), "%so=- 1 1 IN IP4 10.0.0.9\r\nc=IN IP4 10.0.0.2\r\n", head);
	hidden(line, sizeof(head) - 1, out);
	assert_null(strstr(out, "10.0.0."));
	assert_null(strstr(out, "fd00"));
	name_of(&mine, "[fd00::9]", name);
	snprintf(got, sizeof(got), "<sip:%s:5060;lr>", name);
	assert_non_null(strstr(out, got));
	resolve(&mine, out, got);
	/* What is behind the header does not come back. */
	snprintf(line, sizeof(line), "%so=- 1 1 IN IP4 0.0.0.0\r\nc=IN IP4 198.51.100.1\r\n", head);
	assert_string_equal(got, line);
}

/* Words, with or without something between. */
static void put_words(char *text, bool apart)
{
	static const char *const word[] = { "10.0.0.9",
					    "fd00::9",
					    "[fd00::2]",
					    "FD00::A:1",
					    "10.0.0.02",
					    "::ffff:10.0.0.9",
					    "fd00:1:2:3:4:5:10.0.0.9",
					    "h",
					    "1",
					    ".invalid",
					    "a",
					    "192.0.2.1",
					    ":",
					    ".",
					    "-",
					    "::",
					    "[",
					    "]",
					    " ",
					    "@",
					    "\r\n" };
	static const char *const between[] = { " ", ";a=", "@", "\"", "\r\n", ";b=z-", "(", "-" };
	static u64 seed = 20261122;
	u32 i;

	text[0] = 0;
	for (i = 0; i < 9; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		if (apart)
			strcat(text, between[(seed >> 23) % ARRAY_SIZE(between)]);
		strcat(text, word[(seed >> 33) % (apart ? 12 : ARRAY_SIZE(word))]);
	}
}

/* Nothing is left, in whatever surroundings; what stands alone comes back. */
static void any_text(void **unused)
{
	char text[TEXT_MAX], out[TEXT_MAX], got[TEXT_MAX];
	u32 round;

	(void)unused;
	for (round = 0; round < ROUNDS; round++) {
		put_words(text, false);
		hidden(text, (u32)strlen(text), out);
		put_words(text, true);
		hidden(text, (u32)strlen(text), out);
		resolve(&mine, out, got);
		if (strcmp(got, text))
			fail_msg("\"%s\": \"%s\", \"%s\"", text, out, got);
	}
}

/*
 * An outsider puts names anywhere: whatever comes of them goes out again without an inside
 * address, by itself or with something else around.
 */
static void names_in_any_surroundings(void **unused)
{
	static const char *const around[] = {
		"",	   "x",		"1",	 "1.",	   ".1",       ".",	  "..",
		":",	   "::",	":::",	 "a:",	   ":a",       "1:",	  ":1",
		"-",	   "[",		"]",	 "1.2.3.", ",",	       "1,",	  ",1",
		" ",	   ".x",	"x.",	 ";",	   "::1",      "@",	  "h",
		"::ffff:", "64:ff9b::", "fd00:", ":5060",  ".invalid", "10.0.0.", "%",
	};
	char text[TEXT_MAX], got[TEXT_MAX], out[TEXT_MAX], name[2][CTALG_ALIAS_MAX];
	static u64 seed = 422;
	u32 round, i, resolved = 0;

	(void)unused;
	for (round = 0; round < 4 * ROUNDS; round++) {
		const char *what[2];

		text[0] = 0;
		for (i = 0; i < 2; i++) {
			what[i] = texts[rnd_below(&seed, ARRAY_SIZE(texts))];
			name_of(&mine, what[i], name[i]);
			strcat(text, around[rnd_below(&seed, ARRAY_SIZE(around))]);
			strcat(text, around[rnd_below(&seed, ARRAY_SIZE(around))]);
			strcat(text, name[i]);
		}
		strcat(text, around[rnd_below(&seed, ARRAY_SIZE(around))]);
		strcat(text, around[rnd_below(&seed, ARRAY_SIZE(around))]);
		resolve(&mine, text, got);
		resolved += strcmp(got, text) != 0;
		hidden(got, (u32)strlen(got), out);
		for (i = 0; i < 2; i++) {
			char bare[CTALG_ALIAS_TEXT + 1];

			snprintf(bare, sizeof(bare), "%s", what[i] + (what[i][0] == '['));
			bare[strcspn(bare, "]")] = 0;
			if (strncmp(bare, "192.", 4) && strstr(out, bare))
				fail_msg("\"%s\": \"%s\", \"%s\"", text, got, out);
		}
	}
	assert_true(resolved > round / 3);
}

static void names_that_stay(void **unused)
{
	static const char *const lines[] = { "x%s", "%sx", "1.%s", "%s.1",
					     "1%s", "%s1", "h%s",  "Call-ID: x%s\r\n" };
	char name[CTALG_ALIAS_MAX], text[TEXT_MAX], got[TEXT_MAX], want[TEXT_MAX + 20];
	u32 i, n;

	(void)unused;
	name_of(&mine, "10.0.0.5", name);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), lines[i], name);
		resolve(&mine, text, got);
		assert_string_equal(got, text);
	}
	/* What is behind the part that comes back. */
	n = (u32)snprintf(text, sizeof(text), "a=%s\r\n", name);
	snprintf(text + n, sizeof(text) - n, "b=%s\r\n", name);
	resolve_in(&mine, text, n, got);
	snprintf(want, sizeof(want), "a=10.0.0.5\r\n%s", text + n);
	assert_string_equal(got, want);
}

/* What names a user comes back, too, as does the place in it. */
static void a_place_in_a_name(void **unused)
{
	static const char text[] = "sip:10.0.0.7@10.0.0.9";
	struct ctalg_message m = { .data = (const u8 *)text, .len = sizeof(text) - 1 };
	char out[TEXT_MAX], want[TEXT_MAX], name[CTALG_ALIAS_MAX], user[CTALG_ALIAS_MAX];
	struct ctalg_addr a = addr_of("10.0.0.9");
	STATIC_REPORT(r);
	EDITS(e);
	u32 n;

	(void)unused;
	ctalg_report_init(&r);
	r.back.len = m.len;
	r.user = (struct ctalg_span){ 4, m.len - 4 };
	ctalg_report_token(&r, ctalg_report_endpoint(&r, &a, 5060, CTALG_L4_UDP),
			   (struct ctalg_span){ 13, 8 }, CTALG_FORM_HOST);
	ctalg_edits_init(&e);
	assert_int_equal(ctalg_hide_message(&hide, &m, &r, &e), CTALG_R_NONE);
	n = ctalg_edits_apply(&e, m.data, m.len, (u8 *)out, TEXT_MAX - 1);
	out[n] = 0;
	name_of(&mine, "10.0.0.9", name);
	name_of(&mine, "10.0.0.7", user);
	snprintf(want, sizeof(want), "sip:%s@%s", user, name);
	assert_string_equal(out, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_and_comes_back),
		cmocka_unit_test(how_they_look),
		cmocka_unit_test(what_is_not_ours),
		cmocka_unit_test(a_header_comes_back),
		cmocka_unit_test(any_text),
		cmocka_unit_test(names_in_any_surroundings),
		cmocka_unit_test(names_that_stay),
		cmocka_unit_test(a_place_in_a_name),
	};

	return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
