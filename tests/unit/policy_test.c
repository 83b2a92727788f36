// SPDX-License-Identifier: GPL-2.0
/* Policy: what images are refused, which rule matches, and that others are not even looked at. */
#include "unit.h"

#include "policy_crowd.h"
#include "policy_model.h"
#include "policy_random.h"
#include "src/engine/policy_rules.h"

static u32 allocated, uses, fail_at;

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	if (++uses == fail_at)
		return NULL;
	allocated += size;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	allocated -= size;
	free(p);
}

static const struct ctalg_memory memory = { .alloc = memory_alloc, .free = memory_free };

static struct ctalg_rules *compiled(const void *image, u32 len)
{
	struct ctalg_policy_error err = { .what = NULL };
	struct ctalg_rules *rules;

	if (!ctalg_image_check(image, len, &err))
		fail_msg("rule %u: %s", err.rule, err.what);
	rules = ctalg_rules_compile(image, &policy_toy, &memory, &err);
	if (!rules)
		fail_msg("rule %u: %s", err.rule, err.what);
	return rules;
}

static void forget(struct ctalg_rules *rules, void *image)
{
	ctalg_rules_free(rules, &memory);
	free(image);
	assert_int_equal(allocated, 0);
}

static struct ctalg_subject somebody(const char *user, const char *object, const char *inside)
{
	struct ctalg_subject s = { .command = 3,
				   .user = (const u8 *)user,
				   .user_len = (u32)strlen(user),
				   .object = (const u8 *)object,
				   .object_len = (u32)strlen(object),
				   .inside = addr_of(inside),
				   .outside = addr_of("192.0.2.1") };

	return s;
}

static int matching(const struct ctalg_rules *rules, u8 chain, const struct ctalg_subject *s)
{
	const struct ctalg_image_rule *r = ctalg_rules_match(rules, chain, s, NULL);

	return r ? (int)r->line - 100 : -1;
}

static void the_first_rule_decides(void **unused)
{
	struct image_builder *b = image_begin();
	struct ctalg_subject s = somebody("guest", "/pub/a.exe", "10.0.0.1");
	struct ctalg_rules *rules;
	u32 len;
	void *image;

	(void)unused;
	image_set(b, "lan", "10.0.0.0/24");
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_ALLOW);
	image_where(b, CTALG_FIELD_COMMAND, "RETR");
	image_rule(b, "other", CTALG_CHAIN_COMMAND, CTALG_ACTION_DROP);
	image_rule(b, "toy", CTALG_CHAIN_STRICT, CTALG_ACTION_ON);
	image_where_not(b, CTALG_FIELD_ZONE, "1");
	image_rule(b, "", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_INSIDE, "lan");
	image_where_not(b, CTALG_FIELD_USER, "anon* ftp");
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_COMMAND, "@writes");
	image = image_finish(b, &len);
	rules = compiled(image, len);
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), 3);
	s.command = 2;
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), 0);
	assert_int_equal(matching(rules, CTALG_CHAIN_STRICT, &s), 2);
	assert_int_equal(matching(rules, CTALG_CHAIN_HIDE, &s), -1);
	s = somebody("Anonymous", "/pub/a.exe", "10.0.0.1");
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), 4);
	s.command = 1;
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), -1);
	s = somebody("guest", "/pub/a.exe", "10.0.1.1");
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), 4);
	assert_true(ctalg_rules_any(rules, CTALG_CHAIN_STRICT));
	assert_false(ctalg_rules_any(rules, CTALG_CHAIN_HIDE));
	assert_false(ctalg_rules_any(NULL, CTALG_CHAIN_STRICT));
	assert_true(ctalg_rules_looks_at(rules, CTALG_FIELD_USER));
	assert_false(ctalg_rules_looks_at(rules, CTALG_FIELD_OBJECT));
	assert_false(ctalg_rules_looks_at(rules, CTALG_FIELD_ZONE));
	assert_false(ctalg_rules_looks_at(NULL, CTALG_FIELD_USER));
	assert_ptr_equal(ctalg_rules_image(rules), image);
	assert_null(ctalg_rules_match(NULL, CTALG_CHAIN_COMMAND, &s, NULL));
	forget(rules, image);
}

/* Only in a rule for all protocols may a command be one that this protocol does not have. */
static void commands_have_names(void **unused)
{
	struct ctalg_policy_error err;
	struct ctalg_subject s = somebody("", "", "");
	struct image_builder *b = image_begin();
	struct ctalg_rules *rules;
	u32 len;
	void *image;

	(void)unused;
	image_rule(b, "", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_COMMAND, "RRQ WRQ");
	image_rule(b, "", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where_not(b, CTALG_FIELD_COMMAND, "RRQ retr");
	image = image_finish(b, &len);
	rules = compiled(image, len);
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), 1);
	s.command = 2;
	assert_int_equal(matching(rules, CTALG_CHAIN_COMMAND, &s), -1);
	forget(rules, image);

	b = image_begin();
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_COMMAND, "STOR");
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_COMMAND, "STOR STO");
	image = image_finish(b, &len);
	assert_true(ctalg_image_check(image, len, &err));
	assert_null(ctalg_rules_compile(image, &policy_toy, &memory, &err));
	assert_string_equal(err.what, "the protocol has no such command");
	assert_int_equal(err.line, 101);
	assert_int_equal(err.rule, 1);
	forget(NULL, image);
}

static void what_is_known_by_its_name(void **unused)
{
	struct image_builder *b = image_begin();
	u32 len, n;
	struct ctalg_addr in = addr_of("10.0.0.77"), out = addr_of("10.0.1.0"), no = addr_of("");
	void *image;

	(void)unused;
	image_set(b, "lan", "10.0.0.0/24 2001:db8::/64");
	image_set(b, "inside", "10.0.0.0/8");
	image_set(b, "insides", "");
	image = image_finish(b, &len);
	assert_int_equal(ctalg_image_set_find(image, "inside"), 1);
	assert_int_equal(ctalg_image_set_find(image, "insides"), 2);
	assert_int_equal(ctalg_image_set_find(image, "insid"), CTALG_IMAGE_ANY);
	assert_true(ctalg_image_set_has(image, 0, &in));
	assert_false(ctalg_image_set_has(image, 0, &out));
	assert_false(ctalg_image_set_has(image, 2, &in));
	assert_false(ctalg_image_set_has(image, 1, &no));
	assert_true(ctalg_image_set_has(image, CTALG_IMAGE_ANY, &no));
	ctalg_image_prefixes(image, &n);
	assert_int_equal(n, 3);
	/* whatever is behind the four bytes of an IPv4 address does not count */
	in.b[7] = 1;
	assert_true(ctalg_image_set_has(image, 0, &in));
	free(image);
}

static void as_the_model(void **unused)
{
	u64 seed = 10000;
	u32 round, i, len, met = 0;

	(void)unused;
	for (round = 0; round < 3000; round++) {
		void *image = random_image(&seed, rnd_below(&seed, 40), &len);
		struct ctalg_rules *rules = compiled(image, len);

		for (i = 0; i < 12; i++) {
			struct ctalg_subject s;

			random_subject(&seed, &s);
			if (!model_agrees(image, &policy_toy, rules, &s))
				fail_msg("round %u, subject %u", round, i);
			met += ctalg_rules_match(rules, CTALG_CHAIN_COMMAND, &s, NULL) != NULL;
		}
		forget(rules, image);
	}
	assert_in_range(met, 3000, 33000);
}

static void without_memory_nothing_is_left(void **unused)
{
	struct ctalg_policy_error err;
	u64 seed = 77;
	u32 len;
	void *image = random_image(&seed, 30, &len);
	struct ctalg_rules *rules = NULL;

	(void)unused;
	for (fail_at = 1; !rules; fail_at++) {
		uses = 0;
		rules = ctalg_rules_compile(image, &policy_toy, &memory, &err);
		if (rules)
			break;
		assert_null(err.what);
		assert_int_equal(allocated, 0);
	}
	assert_in_range(fail_at, 5, 20);
	fail_at = 0;
	forget(rules, image);
}

/* None of ten thousand rules is held against a message that none concerns. */
static void a_crowd_is_not_looked_at(void **unused)
{
	struct ctalg_search q = { .chain = CTALG_CHAIN_COMMAND };
	struct ctalg_subject s;
	u32 len, of;

	(void)unused;
	crowd_subject(&s);
	q.s = &s;
	for (of = 0; of < CROWDS; of++) {
		void *image = crowd_image(of, 10000, &len);
		struct ctalg_rules *rules = compiled(image, len);

		q.rules = rules;
		ctalg_rules_search(&q);
		if (q.best != CTALG_NO_RULE || q.looked)
			fail_msg("%s: %u", crowd_names[of], q.looked);
		forget(rules, image);
	}
}

/* And one that concerns it is found at once among them. */
static void one_of_a_crowd(void **unused)
{
	struct ctalg_search q = { .chain = CTALG_CHAIN_COMMAND };
	struct ctalg_subject s;
	u32 len;
	void *image = crowd_image(CROWD_USERS, 10000, &len);
	struct ctalg_rules *rules = compiled(image, len);

	(void)unused;
	crowd_subject(&s);
	s.user = (const u8 *)"USER8191";
	s.user_len = 8;
	q.s = &s;
	q.rules = rules;
	ctalg_rules_search(&q);
	assert_int_equal(q.best, 8191);
	assert_int_equal(q.looked, 1);
	q.from = 8192;
	ctalg_rules_search(&q);
	assert_int_equal(q.best, CTALG_NO_RULE);
	assert_int_equal(q.looked, 0);
	forget(rules, image);
}

/* Each rule has a criterion that the message meets and one that it does not: under that it is filed. */
static void filed_where_the_fewest_come(void **unused)
{
	static const struct {
		u8 met;
		const char *values;
		u8 other;
		const char *others;
	} rules_of[] = {
		{ CTALG_FIELD_OBJECT, "/pub/report.pdf", CTALG_FIELD_USER, "bob" },
		{ CTALG_FIELD_USER, "ali*", CTALG_FIELD_OBJECT, "/pub/other.pdf" },
		{ CTALG_FIELD_OBJECT, "/pub/*", CTALG_FIELD_USER, "bob carl" },
		{ CTALG_FIELD_INSIDE, "net", CTALG_FIELD_OBJECT, "*.exe" },
		{ CTALG_FIELD_OBJECT, "/*", CTALG_FIELD_INSIDE, "lan" },
		{ CTALG_FIELD_USER, "al*", CTALG_FIELD_OUTSIDE, "lan" },
		{ CTALG_FIELD_OUTSIDE, "all", CTALG_FIELD_INSIDE, "lan" },
		{ CTALG_FIELD_COMMAND, "@writes", CTALG_FIELD_OBJECT, "x*" },
		{ CTALG_FIELD_COMMAND, "STOR", CTALG_FIELD_OUTSIDE, "lan" },
		{ CTALG_FIELD_ZONE, "0", CTALG_FIELD_COMMAND, "RETR" },
		{ CTALG_FIELD_MARK, "0", CTALG_FIELD_ZONE, "1" },
		{ CTALG_FIELD_OBJECT, "*rep*", CTALG_FIELD_MARK, "1" },
	};
	struct image_builder *b = image_begin();
	struct ctalg_search q = { .chain = CTALG_CHAIN_COMMAND };
	struct ctalg_subject s;
	struct ctalg_rules *rules;
	u32 len, i;
	void *image;

	(void)unused;
	image_set(b, "net", "10.0.0.0/8");
	image_set(b, "lan", "10.0.0.0/24 2001:db8::/32");
	image_set(b, "all", "0.0.0.0/0");
	for (i = 0; i < ARRAY_SIZE(rules_of); i++) {
		image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
		image_where(b, rules_of[i].met, rules_of[i].values);
		image_where(b, rules_of[i].other, rules_of[i].others);
	}
	/* of marks only some bits count: this one can be under nothing else */
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_MARK, "0/1");
	image = image_finish(b, &len);
	rules = compiled(image, len);
	crowd_subject(&s);
	q.s = &s;
	q.rules = rules;
	ctalg_rules_search(&q);
	assert_int_equal(q.best, ARRAY_SIZE(rules_of));
	assert_int_equal(q.looked, 1);
	forget(rules, image);
}

/* A rule for 10,000 users is one hit and not as many comparisons; so is a set of as many networks. */
static void large_values_are_filed_once_each(void **unused)
{
	struct image_builder *b = image_begin();
	struct ctalg_search q = { .chain = CTALG_CHAIN_COMMAND };
	struct ctalg_subject s = somebody("user777", "", "10.3.7.7");
	char *words = calloc(10000, 16), *at = words;
	struct ctalg_rules *rules;
	u32 len, i;
	void *image;

	(void)unused;
	for (i = 0; i < 10000; i++)
		at += sprintf(at, i ? " user%u" : "user%u", i);
	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_USER, words);
	for (i = 0, at = words; i < 10000; i++)
		at += sprintf(at, i ? " 10.3.%u.%u" : "10.3.%u.%u", i / 250, i % 250);
	image_set(b, "many", words);
	image_rule(b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_INSIDE, "many");
	image_limit(b, &(struct ctalg_image_limit){ .sessions = 1 });
	image = image_finish(b, &len);
	rules = compiled(image, len);
	q.rules = rules;
	q.s = &s;
	ctalg_rules_search(&q);
	assert_int_equal(q.best, 0);
	q.chain = CTALG_CHAIN_LIMIT;
	ctalg_rules_search(&q);
	assert_int_equal(q.best, 1);
	assert_int_equal(q.looked, 1);
	free(words);
	forget(rules, image);
}

static void refused(struct image_builder *b, const char *what)
{
	struct ctalg_policy_error err;
	struct ctalg_rules *rules;
	u32 len;
	void *image = image_finish(b, &len);

	assert_true(ctalg_image_check(image, len, &err));
	rules = ctalg_rules_compile(image, &policy_toy, &memory, &err);
	assert_null(rules);
	assert_non_null(err.what);
	assert_string_equal(err.what, what);
	forget(NULL, image);
}

/* Each chain that has rules for a set files its networks; 26 times 60,000 is too many. */
static void a_small_image_cannot_ask_for_much(void **unused)
{
	struct image_builder *b = image_begin();
	char *nets = calloc(60000, 16), *at = nets;
	u32 i;

	(void)unused;
	for (i = 0; i < 60000; i++)
		at += sprintf(at, i ? " 10.%u.%u.%u" : "10.%u.%u.%u", i / 62500, i / 250 % 250,
			      i % 250);
	image_set(b, "many", nets);
	image_limit(b, &(struct ctalg_image_limit){ .sessions = 1 });
	for (i = 0; i < 2 * CTALG_CHAINS; i++) {
		image_rule_of(b, "", (u8)(i / 2));
		image_where(b, i % 2 ? CTALG_FIELD_INSIDE : CTALG_FIELD_OUTSIDE, "many");
	}
	free(nets);
	refused(b, "rules and the networks of their sets are more than 1048576");
}

/* Zones of which each falls into the same place of the table. */
static void keys_that_collide_are_refused(void **unused)
{
	struct image_builder *b = image_begin();
	struct ctalg_key key = { .chain = CTALG_CHAIN_HIDE, .kind = CTALG_KEY_ZONE };
	u32 n = 0;

	(void)unused;
	for (; n < 100; key.number++) {
		char zone[8];

		ctalg_key_hash_number(&key);
		if (key.hash % 128)
			continue;
		n++;
		snprintf(zone, sizeof(zone), "%u", key.number);
		image_rule(b, "", CTALG_CHAIN_HIDE, CTALG_ACTION_ON);
		image_where(b, CTALG_FIELD_ZONE, zone);
	}
	assert_true(key.number < 65536);
	refused(b, "too many rules look for things that cannot be told apart fast");
}

static void ports_by_block(void **unused)
{
	static const struct {
		const char *host;
		u16 first;
	} hosts[] = {
		{ "10.0.0.0", 2000 }, { "10.0.0.3", 2300 }, { "10.0.1.8", 2400 },
		{ "10.0.1.9", 2500 }, { "10.0.2.1", 2600 }, { "10.0.0.4", 0 },
		{ "2001:db8::", 0 },  { "10.0.1.10", 0 },
	};
	struct image_builder *b = image_begin();
	struct ctalg_rules *rules;
	const struct ctalg_image_rule *r;
	u32 len, i;
	u16 last;
	void *image;

	(void)unused;
	image_set(b, "phones", "10.0.1.8/31 10.0.0.0/30 10.0.2.1");
	image_rule(b, "toy", CTALG_CHAIN_PORTS, CTALG_ACTION_ON);
	image_args(b, 2000U << 16 | 2699, 100, 0);
	image_where(b, CTALG_FIELD_ZONE, "1");
	image_where(b, CTALG_FIELD_INSIDE, "phones");
	image_rule(b, "toy", CTALG_CHAIN_PORTS, CTALG_ACTION_ON);
	image_args(b, 3000U << 16 | 65535, 0, 0);
	image = image_finish(b, &len);
	rules = compiled(image, len);
	r = ctalg_image_rules(image, &len);
	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		struct ctalg_addr a = addr_of(hosts[i].host);

		assert_int_equal(ctalg_rules_ports(rules, &r[0], &a, &last), hosts[i].first);
		assert_int_equal(last, hosts[i].first ? hosts[i].first + 99 : 0);
		assert_int_equal(ctalg_rules_ports(rules, &r[1], &a, &last), 3000);
		assert_int_equal(last, 65535);
	}
	forget(rules, image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_decides),
		cmocka_unit_test(commands_have_names),
		cmocka_unit_test(what_is_known_by_its_name),
		cmocka_unit_test(as_the_model),
		cmocka_unit_test(without_memory_nothing_is_left),
		cmocka_unit_test(a_crowd_is_not_looked_at),
		cmocka_unit_test(one_of_a_crowd),
		cmocka_unit_test(filed_where_the_fewest_come),
		cmocka_unit_test(large_values_are_filed_once_each),
		cmocka_unit_test(a_small_image_cannot_ask_for_much),
		cmocka_unit_test(keys_that_collide_are_refused),
		cmocka_unit_test(ports_by_block),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
