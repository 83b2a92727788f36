// SPDX-License-Identifier: GPL-2.0
/* The judge: what is asked in which order, and what the sender is told. */
#include "unit.h"

#include "image_builder.h"
#include "policy_model.h"
#include "src/engine/judge.h"

enum { OTHER, USER, RETR, STOR, DELE, AUTH };

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

/* A case: rules, a message, and who keeps count. */
struct bench {
	struct image_builder *b;
	void *image;
	struct ctalg_rules *rules;
	struct ctalg_report r;
	struct ctalg_subject s;
	struct ctalg_judge_ops ops;
	struct ctalg_verdict v;
	/* the limits that are used up, as bits, and those that were asked, in order */
	u32 used_up;
	u32 asked[8];
	u32 n_asked;
	bool tells;
};

static bool within(void *ctx, const struct ctalg_image_limit *limit, const struct ctalg_subject *s)
{
	struct bench *t = ctx;
	u32 n, which = (u32)(limit - ctalg_image_limits(t->image, &n));

	assert_ptr_equal(s, &t->s);
	t->asked[t->n_asked++] = which;
	return !(t->used_up >> which & 1);
}

static void begin(struct bench *t)
{
	memset(t, 0, sizeof(*t));
	t->b = image_begin();
	t->ops.within = within;
	image_limit(t->b, &(struct ctalg_image_limit){ .events = 1, .period = 1, .burst = 1 });
	image_limit(t->b, &(struct ctalg_image_limit){ .sessions = 1 });
	image_limit(t->b, &(struct ctalg_image_limit){
				  .events = 1, .period = 1, .burst = 1, .sessions = 1 });
}

static void compile(struct bench *t)
{
	struct ctalg_policy_error err = { .what = NULL };
	u32 len;

	t->image = image_finish(t->b, &len);
	if (!ctalg_image_check(t->image, len, &err))
		fail_msg("rule %u: %s", err.rule, err.what);
	t->rules = ctalg_rules_compile(t->image, &policy_toy, &memory, &err);
	assert_non_null(t->rules);
}

static void end(struct bench *t)
{
	ctalg_rules_free(t->rules, &memory);
	free(t->image);
}

/* What becomes of a request for a command? */
static u8 asks(struct bench *t, u16 command)
{
	t->r.ops = t->tells ? CTALG_OP_TELLS : CTALG_OP_ASKS;
	t->r.command = t->s.command = command;
	t->n_asked = 0;
	memset(&t->v, 0xa5, sizeof(t->v));
	ctalg_judge_message(t->rules, &policy_toy, &t->r, &t->s, &t->ops, t, &t->v);
	return t->v.action;
}

static int line(const struct bench *t)
{
	return t->v.rule ? (int)t->v.rule->line - 100 : -1;
}

static void without_rules_all_goes_on(void **unused)
{
	struct bench t = { .ops = { .within = within } };

	(void)unused;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_ALLOW);
	assert_int_equal(t.v.reason, CTALG_R_NONE);
	assert_null(t.v.rule);
	t.r.reason = CTALG_R_MALFORMED;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_ALLOW);
	t.ops.strict = true;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_MALFORMED);
	assert_null(t.v.rule);
	assert_int_equal(t.n_asked, 0);
}

static void commands(void **unused)
{
	struct bench t;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_ALLOW);
	image_where(t.b, CTALG_FIELD_COMMAND, "DELE");
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(t.b, CTALG_FIELD_COMMAND, "@writes");
	image_args(t.b, 553, image_text(t.b, "Read \xc3\xa4 only\x7f\t~"), 0);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DROP);
	image_where(t.b, CTALG_FIELD_COMMAND, "RETR");
	image_args(t.b, 553, image_text(t.b, "never said"), 0);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_RESET);
	image_where(t.b, CTALG_FIELD_COMMAND, "AUTH");
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(t.b, CTALG_FIELD_COMMAND, "other");
	compile(&t);
	assert_int_equal(asks(&t, DELE), CTALG_ACTION_ALLOW);
	assert_int_equal(t.v.reason, CTALG_R_NONE);
	assert_int_equal(line(&t), 0);
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_DENIED);
	assert_int_equal(line(&t), 1);
	assert_int_equal(t.v.answer.reason, CTALG_R_POLICY_DENIED);
	assert_int_equal(t.v.answer.code, 553);
	assert_int_equal(t.v.answer.command, STOR);
	assert_int_equal(t.v.answer.len, 15);
	assert_memory_equal(t.v.answer.text, "Read ?? only??~", 15);
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_DROP);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_DENIED);
	assert_int_equal(t.v.answer.len, 0);
	assert_int_equal(asks(&t, AUTH), CTALG_ACTION_RESET);
	assert_int_equal(asks(&t, OTHER), CTALG_ACTION_DENY);
	assert_int_equal(t.v.answer.code, 0);
	assert_int_equal(t.v.answer.len, 0);
	assert_int_equal(asks(&t, USER), CTALG_ACTION_ALLOW);
	assert_int_equal(line(&t), -1);
	/* what is no request is not judged */
	t.r.ops = CTALG_OP_ANSWERS;
	t.r.command = t.s.command = STOR;
	ctalg_judge_message(t.rules, &policy_toy, &t.r, &t.s, &t.ops, &t, &t.v);
	assert_int_equal(t.v.action, CTALG_ACTION_ALLOW);
	end(&t);
}

static void a_long_text_is_cut(void **unused)
{
	struct bench t;
	char text[CTALG_PATTERN_MAX + 1] = "";

	(void)unused;
	memset(text, 'x', CTALG_PATTERN_MAX);
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_args(t.b, 0, image_text(t.b, text), 0);
	compile(&t);
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
	assert_int_equal(t.v.answer.len, CTALG_ANSWER_TEXT);
	assert_memory_equal(t.v.answer.text, text, CTALG_ANSWER_TEXT);
	end(&t);
}

/* A rule goes before the helper's own setting, either way, and answers are looked at too. */
static void malformed(void **unused)
{
	static const struct {
		u16 reason;
		bool malformed;
	} reasons[] = {
		{ CTALG_R_NONE, false },	{ CTALG_R_MALFORMED, true },
		{ CTALG_R_TOO_LONG, false },	{ CTALG_R_PRIVATE, true },
		{ CTALG_R_PRIVATE + 1, false }, { CTALG_R_PRIVATE + 2, true },
		{ CTALG_R_MAX - 1, true },	{ CTALG_R_MAX, false },
	};
	struct bench t;
	u32 i;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_STRICT, CTALG_ACTION_OFF);
	image_where(t.b, CTALG_FIELD_ZONE, "1");
	image_rule(t.b, "toy", CTALG_CHAIN_STRICT, CTALG_ACTION_ON);
	image_where(t.b, CTALG_FIELD_ZONE, "1 2");
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DROP);
	compile(&t);
	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		t.r.reason = reasons[i].reason;
		t.s.zone = 2;
		if (!reasons[i].malformed) {
			assert_int_equal(asks(&t, STOR), CTALG_ACTION_DROP);
			continue;
		}
		assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
		assert_int_equal(t.v.reason, CTALG_R_POLICY_MALFORMED);
		assert_int_equal(t.v.answer.reason, CTALG_R_POLICY_MALFORMED);
		assert_int_equal(line(&t), 1);
		t.s.zone = 1;
		t.ops.strict = true;
		assert_int_equal(asks(&t, STOR), CTALG_ACTION_DROP);
		t.s.zone = 3;
		assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
		assert_int_equal(line(&t), -1);
		t.ops.strict = false;
		assert_int_equal(asks(&t, STOR), CTALG_ACTION_DROP);
		t.s.zone = 2;
		t.r.ops = 0;
		ctalg_judge_message(t.rules, &policy_toy, &t.r, &t.s, &t.ops, &t, &t.v);
		assert_int_equal(t.v.action, CTALG_ACTION_DENY);
	}
	assert_true(ctalg_judge_is_strict(t.rules, &t.s, false));
	t.s.zone = 1;
	assert_false(ctalg_judge_is_strict(t.rules, &t.s, true));
	t.s.zone = 0;
	assert_true(ctalg_judge_is_strict(t.rules, &t.s, true));
	assert_false(ctalg_judge_is_strict(NULL, &t.s, false));
	end(&t);
}

static void users_too_long_to_be_told_apart(void **unused)
{
	struct bench t;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_ALLOW);
	compile(&t);
	t.r.user.len = CTALG_JUDGE_USER_MAX + 1;
	assert_int_equal(asks(&t, USER), CTALG_ACTION_ALLOW);
	end(&t);

	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_ALLOW);
	image_rule(t.b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	image_where(t.b, CTALG_FIELD_USER, "bob");
	compile(&t);
	t.r.user.len = CTALG_JUDGE_USER_MAX;
	assert_int_equal(asks(&t, USER), CTALG_ACTION_ALLOW);
	t.r.user.len++;
	assert_int_equal(asks(&t, USER), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_USER);
	assert_int_equal(line(&t), -1);
	end(&t);
}

static void encryption(void **unused)
{
	struct bench t;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_OPAQUE, CTALG_ACTION_DETACH);
	image_where(t.b, CTALG_FIELD_ZONE, "1");
	image_rule(t.b, "toy", CTALG_CHAIN_OPAQUE, CTALG_ACTION_DENY);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_RESET);
	compile(&t);
	assert_int_equal(asks(&t, AUTH), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_OPAQUE);
	assert_int_equal(t.v.answer.command, AUTH);
	assert_int_equal(line(&t), 1);
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_RESET);
	assert_int_equal(asks(&t, 1000), CTALG_ACTION_RESET);
	t.s.zone = 1;
	assert_int_equal(asks(&t, AUTH), CTALG_ACTION_RESET);
	end(&t);
}

/* What nobody answers is judged by what is said of it, and not by what is said of all. */
static void what_nobody_answers(void **unused)
{
	struct bench t;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	image_args(t.b, 0, 0, 0);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_ALLOW);
	image_where(t.b, CTALG_FIELD_COMMAND, "STOR");
	image_where(t.b, CTALG_FIELD_ZONE, "1");
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DROP);
	image_where(t.b, CTALG_FIELD_COMMAND, "STOR DELE");
	compile(&t);
	t.used_up = 1;
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_DENY);
	t.tells = true;
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_ALLOW);
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DROP);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_DENIED);
	assert_int_equal(line(&t), 3);
	t.s.zone = 1;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_ALLOW);
	assert_int_equal(t.n_asked, 0);
	end(&t);
}

/* All that match are asked in their order, until one is used up; what commands refuse counts nowhere. */
static void limits(void **unused)
{
	struct bench t;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	image_args(t.b, 421, image_text(t.b, "Slow down"), 2);
	image_rule(t.b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_DROP);
	image_args(t.b, 0, 0, 1);
	image_where(t.b, CTALG_FIELD_COMMAND, "USER STOR");
	image_rule(t.b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_RESET);
	image_args(t.b, 0, 0, 0);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(t.b, CTALG_FIELD_COMMAND, "DELE");
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_ALLOW);
	image_where(t.b, CTALG_FIELD_COMMAND, "STOR");
	compile(&t);
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_ALLOW);
	assert_int_equal(line(&t), 4);
	assert_int_equal(t.n_asked, 3);
	assert_memory_equal(t.asked, ((u32[]){ 2, 1, 0 }), sizeof(u32[3]));
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_ALLOW);
	assert_int_equal(t.n_asked, 2);
	assert_memory_equal(t.asked, ((u32[]){ 2, 0 }), sizeof(u32[2]));
	assert_int_equal(asks(&t, DELE), CTALG_ACTION_DENY);
	assert_int_equal(t.n_asked, 0);
	t.used_up = 1 << 1 | 1 << 0;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DROP);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_SESSIONS);
	assert_int_equal(line(&t), 1);
	assert_int_equal(t.n_asked, 2);
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_RESET);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_RATE);
	t.used_up = 1 << 2;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_RATE);
	assert_int_equal(t.v.answer.code, 421);
	assert_int_equal(t.v.answer.len, 9);
	t.ops.within = NULL;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_ALLOW);
	end(&t);
}

/* Every rule that matches holds, behind those about commands and before limits count. */
static void sizes(void **unused)
{
	struct bench t;

	(void)unused;
	begin(&t);
	image_rule(t.b, "toy", CTALG_CHAIN_SIZE, CTALG_ACTION_DENY);
	image_args(t.b, 513, image_text(t.b, "Too much"), 1000);
	image_rule(t.b, "toy", CTALG_CHAIN_SIZE, CTALG_ACTION_RESET);
	image_args(t.b, 0, 0, 100);
	image_where(t.b, CTALG_FIELD_COMMAND, "STOR");
	image_where_not(t.b, CTALG_FIELD_USER, "bob");
	image_rule(t.b, "toy", CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	image_rule(t.b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(t.b, CTALG_FIELD_COMMAND, "DELE");
	compile(&t);
	t.s.size = 1000;
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_ALLOW);
	assert_int_equal(t.n_asked, 1);
	t.s.size = 1001;
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_SIZE);
	assert_int_equal(line(&t), 0);
	assert_int_equal(t.v.answer.code, 513);
	assert_int_equal(t.v.answer.len, 8);
	assert_int_equal(t.n_asked, 0);
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_DENY);
	assert_int_equal(asks(&t, DELE), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_DENIED);
	t.s.size = 101;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_RESET);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_SIZE);
	assert_int_equal(line(&t), 1);
	t.s.user = (const u8 *)"bob";
	t.s.user_len = 3;
	assert_int_equal(asks(&t, STOR), CTALG_ACTION_ALLOW);
	/* Rules about sizes look at users as those about commands do. */
	t.r.user.len = CTALG_JUDGE_USER_MAX + 1;
	assert_int_equal(asks(&t, RETR), CTALG_ACTION_DENY);
	assert_int_equal(t.v.reason, CTALG_R_POLICY_USER);
	end(&t);
}

static void a_reason_found_later(void **unused)
{
	struct ctalg_image_rule rule = { .line = 7 };
	struct ctalg_report r = { .command = DELE };
	struct ctalg_verdict v;

	(void)unused;
	memset(&v, 0xa5, sizeof(v));
	ctalg_judge_refuses(&v, &r, CTALG_R_POLICY_HIDE, &rule);
	assert_int_equal(v.action, CTALG_ACTION_DENY);
	assert_int_equal(v.reason, CTALG_R_POLICY_HIDE);
	assert_ptr_equal(v.rule, &rule);
	assert_int_equal(v.answer.reason, CTALG_R_POLICY_HIDE);
	assert_int_equal(v.answer.command, DELE);
	assert_int_equal(v.answer.code, 0);
	assert_int_equal(v.answer.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_rules_all_goes_on),
		cmocka_unit_test(commands),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(malformed),
		cmocka_unit_test(users_too_long_to_be_told_apart),
		cmocka_unit_test(encryption),
		cmocka_unit_test(what_nobody_answers),
		cmocka_unit_test(limits),
		cmocka_unit_test(sizes),
		cmocka_unit_test(a_reason_found_later),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
