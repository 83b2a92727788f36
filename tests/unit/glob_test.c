// SPDX-License-Identifier: GPL-2.0
/* Patterns, against a slow way to tell what they match. */
#include "unit.h"

#include "policy_model.h"
#include "src/engine/glob.h"

static const struct {
	const char *pattern;
	const char *text;
	bool matches;
} cases[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "*", "any\nthing", true },
	{ "?", "", false },
	{ "?", "*", true },
	{ "??", "a", false },
	{ "alice", "alice", true },
	{ "alice", "ALIce", true },
	{ "ALICE", "alice", true },
	{ "alice", "alices", false },
	{ "alice", "alic", false },
	{ "*.exe", "setup.EXE", true },
	{ "*.exe", ".exe", true },
	{ "*.exe", "setup.exe.txt", false },
	{ "*.exe", "a.exe.exe", true },
	{ "/pub/*", "/pub/", true },
	{ "/pub/*", "/pub", false },
	{ "/pub/*/in*.txt", "/pub/a/b/index.txt", true },
	{ "a*b*c", "abcbc", true },
	{ "a*b*c", "acb", false },
	{ "*a*", "bab", true },
	{ "*ab", "aab", true },
	{ "a**b", "ab", true },
	{ "a?c*", "abc", true },
	{ "[a]", "a", false },
	{ "[a]", "[A]", true },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\?x", "?x", true },
	{ "\\\\", "\\", true },
	{ "a\\", "a\\", true },
	{ "\\A", "a", true },
	{ "@", "`", false },
	{ "[", "{", false },
	{ "\xc4", "\xe4", false },
	{ "\xc4?", "\xc4\xff", true },
};

static void what_matches(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 n = (u32)strlen(cases[i].pattern), len = (u32)strlen(cases[i].text);
		u8 *text = exact(cases[i].text, len), *pattern = exact(cases[i].pattern, n);

		if (ctalg_glob_match((const char *)pattern, n, text, len) != cases[i].matches)
			fail_msg("%s %s", cases[i].pattern, cases[i].text);
		assert_int_equal(model_glob(cases[i].pattern, n, text, len), cases[i].matches);
		free(text);
		free(pattern);
	}
}

static u32 random_text(u64 *seed, const char *letters, u32 max, char *out)
{
	u32 n = rnd_below(seed, max + 1), i;

	for (i = 0; i < n; i++)
		out[i] = letters[rnd_below(seed, (u32)strlen(letters))];
	return n;
}

/* And whatever matches has the literal in its place. */
static void as_the_model(void **unused)
{
	u64 seed = 1024;
	u32 round, matched = 0, found = 0;

	(void)unused;
	for (round = 0; round < 300000; round++) {
		char p[12], t[16];
		u32 n = random_text(&seed, "aAbB**??\\", sizeof(p), p);
		u32 len = random_text(&seed, "aaBb*\\", sizeof(t), t);
		struct ctalg_glob_literal l = ctalg_glob_literal(p, n);
		bool is = ctalg_glob_match(p, n, (const u8 *)t, len);

		assert_int_equal(is, model_glob(p, n, (const u8 *)t, len));
		matched += is;
		if (!is || l.kind == CTALG_GLOB_ANY)
			continue;
		assert_true(l.len <= len);
		if (l.kind == CTALG_GLOB_EXACT)
			assert_int_equal(l.len, len);
		found += l.len > 0;
		assert_true(ctalg_glob_equal(
			p, n, l.from,
			(const u8 *)t + (l.kind == CTALG_GLOB_SUFFIX ? len - l.len : 0), l.len));
	}
	assert_true(matched > 10000 && found > 5000);
}

static void what_a_pattern_is_known_by(void **unused)
{
	static const struct {
		const char *pattern;
		u8 kind;
		const char *literal;
	} known[] = {
		{ "Alice", CTALG_GLOB_EXACT, "alice" },
		{ "", CTALG_GLOB_EXACT, "" },
		{ "/PUB/*", CTALG_GLOB_PREFIX, "/pub/" },
		{ "*.exe", CTALG_GLOB_SUFFIX, ".exe" },
		{ "/pub/*.exe", CTALG_GLOB_PREFIX, "/pub/" },
		{ "/p*.Exe", CTALG_GLOB_SUFFIX, ".exe" },
		{ "ab*cd", CTALG_GLOB_PREFIX, "ab" },
		{ "*a*", CTALG_GLOB_ANY, "" },
		{ "?", CTALG_GLOB_ANY, "" },
		{ "?a\\*\\?", CTALG_GLOB_SUFFIX, "a*?" },
		{ "a\\*", CTALG_GLOB_EXACT, "a*" },
		{ "*\\", CTALG_GLOB_SUFFIX, "\\" },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		u32 n = (u32)strlen(known[i].pattern);
		struct ctalg_glob_literal l = ctalg_glob_literal(known[i].pattern, n);
		u8 text[CTALG_GLOB_MAX];

		ctalg_glob_copy(known[i].pattern, n, &l, text);
		if (l.kind != known[i].kind || l.len != strlen(known[i].literal) ||
		    memcmp(text, known[i].literal, l.len))
			fail_msg("%s: %u \"%.*s\"", known[i].pattern, l.kind, (int)l.len, text);
	}
}

/* A way that tried each "*" again for each other would not come to an end. */
static void many_stars_take_no_time(void **unused)
{
	u8 *text = malloc(60000);
	char p[255];
	u32 i;

	(void)unused;
	assert_non_null(text);
	memset(text, 'a', 60000);
	for (i = 0; i < sizeof(p); i++)
		p[i] = i % 2 ? 'a' : '*';
	p[253] = 'b';
	assert_false(ctalg_glob_match(p, 254, text, 60000));
	text[59999] = 'b';
	assert_true(ctalg_glob_match(p, 254, text, 60000));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_matches),
		cmocka_unit_test(as_the_model),
		cmocka_unit_test(what_a_pattern_is_known_by),
		cmocka_unit_test(many_stars_take_no_time),
	};

	return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
