// SPDX-License-Identifier: GPL-2.0
/* Images that are broken in one way each, and in any way. */
#include "unit.h"

#include "policy_model.h"
#include "policy_random.h"
#include "src/engine/grant.h"
#include "src/engine/policy_image.h"

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

static const struct ctalg_memory memory = { .alloc = memory_alloc, .free = memory_free };

/* An image with something of everything. */
enum {
	R_DENY,
	R_LIMIT,
	R_STRICT,
	R_LOOSE,
	R_SOURCE,
	R_OPAQUE,
	R_RANGE,
	R_BLOCKS,
	R_PORTS,
	R_LOG,
	R_SIZE,
	R_ICE,
	R_MEDIA
};
enum { C_COMMAND, C_USER, C_INSIDE, C_MARK, C_ZONE, C_BLOCKS, C_EVENT, C_OBJECT, C_ICE };
enum { S_LAN, S_ONE, S_NONE };

static void *whole(u32 *len)
{
	struct image_builder *b = image_begin();

	image_set(b, "lan", "10.0.0.0/24 10.0.2.0/24 2001:db8::/64");
	image_set(b, "one", "10.0.0.0/24 2001:db8::/64");
	image_set(b, "none", "");
	image_set(b, "phones", "10.0.0.0/30 10.0.0.9");
	image_limit(b, &(struct ctalg_image_limit){ .name = image_text(b, "flood"),
						    .events = 20,
						    .period = 1000,
						    .burst = 40,
						    .per = CTALG_PER_HOST });
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_args(b, 550, image_text(b, "Not from here"), 0);
	image_where(b, CTALG_FIELD_COMMAND, "STOR @writes");
	image_where(b, CTALG_FIELD_USER, "alice bob*");
	image_where_not(b, CTALG_FIELD_INSIDE, "lan one");
	image_rule(b, "", CTALG_CHAIN_LIMIT, CTALG_ACTION_RESET);
	image_where(b, CTALG_FIELD_MARK, "1 0x10/0xf0");
	image_rule(b, "toy", CTALG_CHAIN_STRICT, CTALG_ACTION_ON);
	image_where(b, CTALG_FIELD_ZONE, "3 65535");
	image_rule(b, "toy", CTALG_CHAIN_LOOSE, CTALG_ACTION_ON);
	image_args(b, CTALG_IMAGE_ANY, 0, 0);
	image_rule(b, "toy", CTALG_CHAIN_SOURCE, CTALG_ACTION_ON);
	image_args(b, S_ONE, 0, 0);
	image_rule(b, "toy", CTALG_CHAIN_OPAQUE, CTALG_ACTION_DETACH);
	image_rule(b, "toy", CTALG_CHAIN_OPAQUE, CTALG_ACTION_RANGE);
	image_args(b, 50000U << 16 | 50063, 0, 0);
	image_rule(b, "toy", CTALG_CHAIN_PORTS, CTALG_ACTION_ON);
	image_args(b, 2000U << 16 | 2499, 100, 0);
	image_where(b, CTALG_FIELD_INSIDE, "phones");
	image_rule(b, "toy", CTALG_CHAIN_PORTS, CTALG_ACTION_ON);
	image_args(b, 1024U << 16 | 65535, 0, 0);
	image_rule(b, "toy", CTALG_CHAIN_LOG, CTALG_ACTION_ON);
	image_args(b, 5, 7, image_text(b, "ctalg: "));
	image_where(b, CTALG_FIELD_EVENT, "denied policy-denied");
	image_rule(b, "", CTALG_CHAIN_SIZE, CTALG_ACTION_DENY);
	image_args(b, 513, image_text(b, "Too much"), 8192);
	image_where(b, CTALG_FIELD_OBJECT, "*");
	image_rule(b, "", CTALG_CHAIN_ICE, CTALG_ACTION_ON);
	image_args(b, CTALG_GRANT_ICE_REWRITE, 0, 0);
	image_where(b, CTALG_FIELD_ZONE, "7");
	image_rule(b, "", CTALG_CHAIN_MEDIA, CTALG_ACTION_ON);
	image_rule(b, "", CTALG_CHAIN_ENDED, CTALG_ACTION_OFF);
	return image_finish(b, len);
}

/* The parts of an image, to be changed. */
struct parts {
	struct ctalg_image_head *head;
	struct ctalg_image_set *set;
	struct ctalg_image_prefix *prefix;
	struct ctalg_image_limit *limit;
	struct ctalg_image_rule *rule;
	struct ctalg_image_criterion *criterion;
	u32 *value;
};

static struct parts parts_of(void *image)
{
	struct ctalg_image_head *h = image;
	struct parts p = { .head = h, .set = (void *)(h + 1) };

	p.prefix = (void *)(p.set + h->sets);
	p.limit = (void *)(p.prefix + h->prefixes);
	p.rule = (void *)(p.limit + h->limits);
	p.criterion = (void *)(p.rule + h->rules);
	p.value = (void *)(p.criterion + h->criteria);
	return p;
}

static void expect(const void *image, u32 len, const char *what, u32 rule)
{
	struct ctalg_policy_error err = { .what = "nothing" };

	if (ctalg_image_check(image, len, &err))
		fail_msg("passes although: %s", what);
	if (strcmp(err.what, what) || err.rule != rule)
		fail_msg("rule %u: %s, instead of rule %u: %s", err.rule, err.what, rule, what);
	assert_int_equal(err.line, rule == CTALG_IMAGE_ANY ? 0 : 100 + rule);
}

/* BROKEN(what is changed, rule, sentence): in a fresh image each. */
#define BROKEN(change, rule_number, what)                                                          \
	do {                                                                                       \
		u32 len_;                                                                          \
		void *image_ = whole(&len_);                                                       \
		struct parts p = parts_of(image_);                                                 \
		change;                                                                            \
		expect(image_, len_, what, rule_number);                                           \
		free(image_);                                                                      \
	} while (0)

#define NO_RULE CTALG_IMAGE_ANY

static void a_whole_one_passes(void **unused)
{
	struct ctalg_policy_error err;
	struct image_builder *b = image_begin();
	u32 len;
	void *image = whole(&len);

	(void)unused;
	assert_true(ctalg_image_check(image, len, &err));
	free(image);
	image = image_finish(b, &len);
	assert_true(ctalg_image_check(image, len, &err));
	assert_int_equal(len, sizeof(struct ctalg_image_head));
	free(image);
}

static void broken_head(void **unused)
{
	static const char sum[] = "the policy's parts do not add up to its length";
	u32 len;
	void *image = whole(&len);

	(void)unused;
	expect(image, len - 4, sum, NO_RULE);
	expect(image, len - 1, "no policy has this length", NO_RULE);
	expect(image, 0, "no policy has this length", NO_RULE);
	expect(image, 36, "no policy has this length", NO_RULE);
	expect(image, CTALG_IMAGE_MAX + 4, "no policy has this length", NO_RULE);
	free(image);
	BROKEN(p.head->magic++, NO_RULE, "this is no policy");
	BROKEN(p.head->version++, NO_RULE, "the policy is of another version");
	BROKEN(p.head->size += 4, NO_RULE, sum);
	BROKEN(p.head->sets++, NO_RULE, sum);
	BROKEN(p.head->prefixes++, NO_RULE, sum);
	BROKEN(p.head->limits++, NO_RULE, sum);
	BROKEN(p.head->rules++, NO_RULE, sum);
	BROKEN(p.head->criteria++, NO_RULE, sum);
	BROKEN(p.head->values++, NO_RULE, sum);
	BROKEN(p.head->strings += 4, NO_RULE, sum);
	BROKEN(p.head->strings -= 4, NO_RULE, sum);
	/* sums that go around in 32 bits: 4 << 30, 28 * (1 << 30) */
	BROKEN(p.head->values += 1U << 30, NO_RULE, sum);
	BROKEN(p.head->rules += 1U << 30, NO_RULE, sum);
	BROKEN(p.head->prefixes += 1U << 30, NO_RULE, sum);
}

static void too_many(void **unused)
{
	struct ctalg_image_head h = { .magic = CTALG_IMAGE_MAGIC, .version = CTALG_IMAGE_VERSION };
	u32 size = 65537 * (u32)sizeof(struct ctalg_image_rule) + (u32)sizeof(h);
	void *image = calloc(1, size);

	(void)unused;
	assert_non_null(image);
	h.rules = 65537;
	h.size = size;
	memcpy(image, &h, sizeof(h));
	expect(image, size, "there are more than 65536 rules", NO_RULE);
	h.rules = 0;
	h.sets = 65537;
	h.size = 65537 * (u32)sizeof(struct ctalg_image_set) + (u32)sizeof(h);
	memcpy(image, &h, sizeof(h));
	expect(image, h.size, "there are more than 65536 sets", NO_RULE);
	free(image);
}

static void broken_sets(void **unused)
{
	static const char gone[] = "a set refers to something that is not there";
	static const char order[] = "a set's prefixes overlap or are out of order";
	static const char bits[] = "a prefix has bits behind its end";

	(void)unused;
	BROKEN(p.prefix[0].family = 0, NO_RULE, "a prefix has no address family");
	BROKEN(p.prefix[0].family = 5, NO_RULE, "a prefix has no address family");
	BROKEN(p.prefix[0].len = 33, NO_RULE, "a prefix is longer than its address");
	BROKEN(p.prefix[2].len = 129, NO_RULE, "a prefix is longer than its address");
	BROKEN(p.prefix[0].addr[3] = 1, NO_RULE, bits);
	BROKEN(p.prefix[0].addr[4] = 1, NO_RULE, bits);
	BROKEN(p.prefix[0].addr[15] = 1, NO_RULE, bits);
	BROKEN(p.prefix[2].addr[15] = 1, NO_RULE, bits);
	BROKEN(p.prefix[0].zero[0] = 1, NO_RULE, bits);
	BROKEN(p.prefix[0].zero[1] = 1, NO_RULE, bits);
	BROKEN(p.prefix[1] = p.prefix[0], NO_RULE, order);
	BROKEN(p.prefix[0] = p.prefix[2], NO_RULE, order);
	BROKEN(p.prefix[0].addr[2] = 3, NO_RULE, order);
	BROKEN((p.prefix[0].len = 22, p.prefix[0].addr[2] = 0), NO_RULE, order);
	BROKEN(p.set[S_LAN].n = 1000, NO_RULE, gone);
	BROKEN(p.set[S_LAN].prefix = p.head->prefixes, NO_RULE, gone);
	BROKEN(p.set[S_LAN].prefix = ~0U, NO_RULE, gone);
	BROKEN(p.set[S_NONE].prefix = p.head->prefixes + 1, NO_RULE, gone);
	BROKEN(p.set[S_NONE].name = p.head->strings << 8 | 1, NO_RULE, gone);
	BROKEN(p.limit[0].name = ~0U, NO_RULE, "a limit refers to something that is not there");
	BROKEN(p.limit[0].per = CTALG_PERS, NO_RULE, "nobody knows of whom a limit counts");
	BROKEN(p.limit[0].period = 0, NO_RULE, "a limit limits nothing");
	BROKEN(p.limit[0].events = 0, NO_RULE, "a limit lets nothing through");
	BROKEN(p.limit[0].burst = 0, NO_RULE, "a limit lets nothing through");
}

static void broken_criteria(void **unused)
{
	static const char field[] = "a rule of this kind cannot look at that";
	static const char set[] = "a rule names a set that is not there";
	static const char text[] = "a rule names a text that is not there";

	(void)unused;
	BROKEN(p.rule[R_DENY].n_criteria = 9, R_DENY, "a rule has more criteria than there are");
	BROKEN(p.rule[R_DENY].criteria = p.head->criteria - 2, R_DENY,
	       "a rule has criteria that are not there");
	BROKEN(p.rule[R_DENY].criteria = ~0U, R_DENY, "a rule has criteria that are not there");
	BROKEN(p.criterion[C_USER].field = CTALG_FIELDS, R_DENY,
	       "nobody knows what a criterion looks at");
	BROKEN(p.criterion[C_USER].field = 255, R_DENY, "nobody knows what a criterion looks at");
	BROKEN(p.criterion[C_USER].field = CTALG_FIELD_COMMAND, R_DENY,
	       "a rule has two criteria of one kind");
	BROKEN(p.criterion[C_USER].field = CTALG_FIELD_EVENT, R_DENY, field);
	BROKEN(p.criterion[C_ZONE].field = CTALG_FIELD_COMMAND, R_STRICT, field);
	BROKEN(p.criterion[C_ZONE].field = CTALG_FIELD_OBJECT, R_STRICT, field);
	BROKEN(p.criterion[C_EVENT].field = CTALG_FIELD_COMMAND, R_LOG, field);
	BROKEN(p.criterion[C_USER].negate = 2, R_DENY, "a criterion is negated or it is not");
	BROKEN(p.criterion[C_USER].n = 0, R_DENY, "a criterion lacks values");
	BROKEN(p.criterion[C_MARK].n = 3, R_LIMIT, "a criterion lacks values");
	BROKEN(p.criterion[C_USER].n = 60000, R_DENY, "a criterion has values that are not there");
	BROKEN(p.criterion[C_USER].values = ~0U, R_DENY,
	       "a criterion has values that are not there");
	BROKEN(p.value[p.criterion[C_INSIDE].values] = p.head->sets, R_DENY, set);
	BROKEN(p.value[p.criterion[C_INSIDE].values + 1] = CTALG_IMAGE_ANY, R_DENY, set);
	BROKEN(p.value[p.criterion[C_ZONE].values] = 65536, R_STRICT, "a zone is not above 65535");
	BROKEN(p.value[p.criterion[C_USER].values] = p.head->strings << 8 | 1, R_DENY, text);
	BROKEN(p.value[p.criterion[C_COMMAND].values] |= 255, R_DENY, text);
	BROKEN(p.value[p.criterion[C_EVENT].values] = 0xffffff00, R_LOG, text);
}

static void broken_rules(void **unused)
{
	static const char says[] = "a rule of this kind cannot say that";
	static const char set[] = "a rule names a set that is not there";
	static const char text[] = "a rule names a text that is not there";
	static const char source[] = "a set for sources has one prefix, or one of each family";
	static const char blocks[] = "blocks of ports are for one set of inside hosts";
	static const char fewer[] = "there are fewer blocks of ports than inside hosts";
	static const char low[] = "ports below 1024 are not given away";

	(void)unused;
	BROKEN(p.rule[R_LOG].helper = ~0U, R_LOG, "a rule names a protocol that is not there");
	BROKEN(p.rule[R_LOG].chain = CTALG_CHAINS, R_LOG, "nobody knows what a rule is about");
	BROKEN(p.rule[R_DENY].action = CTALG_ACTIONS, R_DENY, says);
	BROKEN(p.rule[R_DENY].action = CTALG_ACTION_ON, R_DENY, says);
	BROKEN(p.rule[R_LIMIT].action = CTALG_ACTION_ALLOW, R_LIMIT, says);
	BROKEN(p.rule[R_STRICT].action = CTALG_ACTION_DENY, R_STRICT, says);
	BROKEN(p.rule[R_OPAQUE].action = CTALG_ACTION_ON, R_OPAQUE, says);
	BROKEN(p.rule[R_PORTS].action = CTALG_ACTION_RANGE, R_PORTS, says);
	BROKEN(p.rule[R_DENY].arg[0] = 65536, R_DENY, "the code of an answer is not above 65535");
	BROKEN(p.rule[R_DENY].arg[1] = ~0U, R_DENY, text);
	BROKEN(p.rule[R_LIMIT].arg[1] = ~0U, R_LIMIT, text);
	BROKEN(p.rule[R_LIMIT].arg[2] = 1, R_LIMIT, "a rule names a limit that is not there");
	BROKEN(p.rule[R_LOOSE].arg[0] = p.head->sets, R_LOOSE, set);
	BROKEN(p.rule[R_SOURCE].arg[0] = p.head->sets, R_SOURCE, set);
	BROKEN(p.rule[R_SOURCE].arg[0] = S_LAN, R_SOURCE, source);
	BROKEN(p.rule[R_SOURCE].arg[0] = S_NONE, R_SOURCE, source);
	BROKEN(p.rule[R_RANGE].arg[0]++, R_RANGE, "a passive range has 1 to 64 ports");
	BROKEN(p.rule[R_RANGE].arg[0] -= 64, R_RANGE, "a passive range has 1 to 64 ports");
	BROKEN(p.rule[R_RANGE].arg[0] = 1023U << 16 | 1024, R_RANGE, low);
	BROKEN(p.rule[R_PORTS].arg[0] = 1023U << 16 | 1024, R_PORTS, low);
	BROKEN(p.rule[R_PORTS].arg[0] = 3000U << 16 | 2999, R_PORTS,
	       "a range of ports ends before it begins");
	BROKEN(p.rule[R_PORTS].arg[1] = 1, R_PORTS, blocks);
	BROKEN(p.criterion[C_BLOCKS].negate = 1, R_BLOCKS, blocks);
	BROKEN(p.criterion[C_BLOCKS].field = CTALG_FIELD_OUTSIDE, R_BLOCKS, blocks);
	BROKEN(p.rule[R_BLOCKS].arg[1] = 101, R_BLOCKS, fewer);
	BROKEN(p.rule[R_BLOCKS].arg[1] = ~0U, R_BLOCKS, fewer);
	BROKEN(p.rule[R_BLOCKS].arg[0]--, R_BLOCKS, fewer);
	BROKEN(p.value[p.criterion[C_BLOCKS].values] = S_ONE, R_BLOCKS, fewer);
	BROKEN((p.value[p.criterion[C_BLOCKS].values] = S_ONE, p.rule[R_BLOCKS].arg[1] = 1),
	       R_BLOCKS, "blocks of ports are for IPv4 addresses");
	BROKEN(p.rule[R_LOG].arg[0] = 65536, R_LOG, "a group of the log is not above 65535");
	BROKEN(p.rule[R_LOG].arg[1] = 8, R_LOG, "a level of the log is not above 7");
	BROKEN(p.rule[R_LOG].arg[2] = ~0U, R_LOG, text);
	BROKEN(p.rule[R_SIZE].action = CTALG_ACTION_ALLOW, R_SIZE, says);
	BROKEN(p.rule[R_SIZE].arg[0] = 65536, R_SIZE, "the code of an answer is not above 65535");
	BROKEN(p.rule[R_SIZE].arg[1] = ~0U, R_SIZE, text);
	BROKEN(p.rule[R_SIZE].arg[2] = 0, R_SIZE, "a limit lets nothing through");
	BROKEN(p.rule[R_ICE].action = CTALG_ACTION_OFF, R_ICE, says);
	BROKEN(p.rule[R_ICE].arg[0]++, R_ICE, "nobody knows what becomes of descriptions with ICE");
	BROKEN(p.criterion[C_ICE].field = CTALG_FIELD_OBJECT, R_ICE,
	       "a rule of this kind cannot look at that");
	BROKEN(p.rule[R_MEDIA].action = CTALG_ACTION_DENY, R_MEDIA, says);
}

/* Rules may share values and sets may share prefixes, but not without end. */
static void shared_without_end(void **unused)
{
	struct image_builder *b = image_begin();
	struct parts p;
	char *words = calloc(60000, 4), *at = words;
	u32 len, i;
	void *image;

	(void)unused;
	for (i = 0; i < 60000; i++)
		at += sprintf(at, i ? " 1" : "1");
	image_rule(b, "", CTALG_CHAIN_HIDE, CTALG_ACTION_ON);
	image_where(b, CTALG_FIELD_ZONE, words);
	for (i = 1; i < 18; i++)
		image_rule(b, "", CTALG_CHAIN_HIDE, CTALG_ACTION_ON);
	image = image_finish(b, &len);
	p = parts_of(image);
	for (i = 1; i < 18; i++)
		p.rule[i].n_criteria = 1, p.rule[i].criteria = 0;
	expect(image, len, "the rules have more than 1048576 values", 17);
	free(image);

	b = image_begin();
	for (i = 0, at = words; i < 20000; i++)
		at += sprintf(at, i ? " ::%x" : "::%x", i);
	image_set(b, "a", words);
	for (i = 1; i < 53; i++)
		image_set(b, "b", "");
	image = image_finish(b, &len);
	p = parts_of(image);
	for (i = 1; i < 53; i++)
		p.set[i] = p.set[0];
	expect(image, len, "the sets have more than 1048576 prefixes", NO_RULE);
	free(image);
	free(words);
}

/* What still passes must do no harm, and mean what it says. */
static bool harmless(const void *image, u32 len, u64 *seed)
{
	struct ctalg_policy_error err = { .what = NULL };
	struct ctalg_rules *rules;
	struct ctalg_subject s;
	u32 i, n;

	if (!ctalg_image_check(image, len, &err)) {
		assert_non_null(err.what);
		return false;
	}
	rules = ctalg_rules_compile(image, &policy_toy, &memory, &err);
	if (!rules) {
		assert_non_null(err.what);
		ctalg_image_rules(image, &n);
		assert_true(err.rule < n);
		return false;
	}
	for (i = 0; i < 5; i++) {
		random_subject(seed, &s);
		assert_true(model_agrees(image, &policy_toy, rules, &s));
	}
	ctalg_rules_free(rules, &memory);
	return true;
}

static u32 alter(u32 v, u32 how)
{
	static const u32 numbers[] = { 0,	   1,	       2,	   7,
				       255,	   256,	       0xffff,	   0x10000,
				       0x100ff,	   0x7fffffff, 0x80000000, 0xffffffff,
				       0x3fffffff, 0xffffff00, 0xffff0000, 0x000100ff };

	switch (how) {
	case 0:
		return v + 1;
	case 1:
		return v - 1;
	case 2:
		return v << 1;
	case 3:
		return v + 256;
	case 4:
		return v + 0x1000000;
	default:
		return how - 5 < 32 ? v ^ 1U << (how - 5) : numbers[how - 37];
	}
}

enum { ALTERATIONS = 5 + 32 + 16 };

static void any_number_altered(void **unused)
{
	u64 seed = 4242;
	u32 len, at, how, round, passed = 0, refused = 0;

	(void)unused;
	for (round = 0; round < 3; round++) {
		u8 *image = round ? random_image(&seed, 6, &len) : whole(&len);
		bool ok;

		for (at = 0; at < len; at += 4) {
			u32 was, is;

			memcpy(&was, image + at, 4);
			for (how = 0; how < ALTERATIONS; how++) {
				is = alter(was, how);
				memcpy(image + at, &is, 4);
				ok = harmless(image, len, &seed);
				passed += ok;
				refused += !ok;
			}
			memcpy(image + at, &was, 4);
		}
		free(image);
	}
	assert_true(passed > 1000 && refused > 1000);
}

static void several_numbers_altered(void **unused)
{
	u64 seed = 2424;
	u32 len, round, i, passed = 0;

	(void)unused;
	for (round = 0; round < 8000; round++) {
		u8 *image = random_image(&seed, 4, &len);

		for (i = 0; i < 3; i++) {
			u32 at = 40 + rnd_below(&seed, (len - 40) / 4) * 4, v;

			memcpy(&v, image + at, 4);
			v = alter(v, rnd_below(&seed, ALTERATIONS));
			memcpy(image + at, &v, 4);
		}
		passed += harmless(image, len, &seed);
		free(image);
	}
	assert_true(passed > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_one_passes),
		cmocka_unit_test(broken_head),
		cmocka_unit_test(too_many),
		cmocka_unit_test(broken_sets),
		cmocka_unit_test(broken_criteria),
		cmocka_unit_test(broken_rules),
		cmocka_unit_test(shared_without_end),
		cmocka_unit_test(any_number_altered),
		cmocka_unit_test(several_numbers_altered),
	};

	return cmocka_run_group_tests_name("policy_check", tests, NULL, NULL);
}
