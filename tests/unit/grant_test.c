// SPDX-License-Identifier: GPL-2.0
/* What rules grant the data flows of a message, and what holds without them. */
#include "unit.h"

#include "image_builder.h"
#include "policy_model.h"
#include "src/engine/grant.h"

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

struct office {
	void *image;
	struct ctalg_rules *rules;
};

/* The first rule of each kind that matches says what holds. */
static void begin(struct office *o)
{
	struct image_builder *b = image_begin();
	struct ctalg_policy_error err;
	u32 len;

	image_set(b, "phones", "10.20.0.0/16");
	image_set(b, "pbx", "10.20.0.5");
	image_set(b, "provider", "192.0.2.0/24");
	image_rule(b, "toy", CTALG_CHAIN_ICE, CTALG_ACTION_ON);
	image_args(b, CTALG_GRANT_ICE_LEAVE, 0, 0);
	image_where(b, CTALG_FIELD_INSIDE, "pbx");
	image_rule(b, "toy", CTALG_CHAIN_ICE, CTALG_ACTION_ON);
	image_args(b, CTALG_GRANT_ICE_REWRITE, 0, 0);
	image_where(b, CTALG_FIELD_INSIDE, "phones");
	image_rule(b, "", CTALG_CHAIN_MEDIA, CTALG_ACTION_OFF);
	image_where(b, CTALG_FIELD_MARK, "7");
	image_rule(b, "", CTALG_CHAIN_MEDIA, CTALG_ACTION_ON);
	image_where(b, CTALG_FIELD_OUTSIDE, "provider");
	image_rule(b, "toy", CTALG_CHAIN_ENDED, CTALG_ACTION_ON);
	image_where(b, CTALG_FIELD_USER, "guest*");
	image_rule(b, "toy", CTALG_CHAIN_HIDE, CTALG_ACTION_OFF);
	image_where(b, CTALG_FIELD_ZONE, "3");
	image_rule(b, "toy", CTALG_CHAIN_HIDE, CTALG_ACTION_ON);
	image_where(b, CTALG_FIELD_INSIDE, "phones");
	/* of another protocol */
	image_rule(b, "ftp", CTALG_CHAIN_ENDED, CTALG_ACTION_ON);
	o->image = image_finish(b, &len);
	assert_true(ctalg_image_check(o->image, len, &err));
	o->rules = ctalg_rules_compile(o->image, &policy_toy, &memory, &err);
	assert_non_null(o->rules);
}

static void end(struct office *o)
{
	ctalg_rules_free(o->rules, &memory);
	free(o->image);
}

static void calls(void **unused)
{
	static const struct {
		const char *inside, *outside, *user;
		u32 mark;
		u16 zone;
		u8 ice;
		bool hairpin, cut, hide;
	} cases[] = {
		{ "10.20.0.5", "192.0.2.1", "", 0, 0, CTALG_GRANT_ICE_LEAVE, true, false, true },
		{ "10.20.0.6", "192.0.2.1", "", 0, 0, CTALG_GRANT_ICE_REWRITE, true, false, true },
		{ "10.20.0.6", "192.0.2.1", "", 7, 0, CTALG_GRANT_ICE_REWRITE, false, false, true },
		{ "10.20.0.6", "192.0.3.1", "", 0, 3, CTALG_GRANT_ICE_REWRITE, false, false,
		  false },
		{ "10.9.0.6", "192.0.3.1", "Guest5", 0, 0, CTALG_GRANT_ICE_AUTO, false, true,
		  false },
	};
	struct office o;
	u32 i;

	(void)unused;
	begin(&o);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_subject s = { .inside = addr_of(cases[i].inside),
					   .outside = addr_of(cases[i].outside),
					   .mark = cases[i].mark,
					   .zone = cases[i].zone,
					   .user = (const u8 *)cases[i].user,
					   .user_len = (u32)strlen(cases[i].user) };
		struct ctalg_grant g;

		memset(&g, 0xff, sizeof(g));
		ctalg_grant_find(&g, o.rules, &s, 0);
		assert_int_equal(g.ice, cases[i].ice);
		assert_int_equal(g.hairpin, cases[i].hairpin);
		assert_int_equal(g.cut, cases[i].cut);
		assert_int_equal(g.hide, cases[i].hide);
	}
	end(&o);
}

/* What the helper is set to holds, and of calls the mildest. */
static void without_rules(void **unused)
{
	static const struct ctalg_subject s = { .zone = 3 };
	struct ctalg_grant g;

	(void)unused;
	memset(&g, 0xff, sizeof(g));
	ctalg_grant_find(&g, NULL, &s, CTALG_POLICY_LOOSE);
	assert_true(g.loose);
	assert_false(g.any_source || g.from_peer);
	assert_int_equal(g.ice, CTALG_GRANT_ICE_AUTO);
	assert_false(g.hairpin || g.cut || g.hide);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls),
		cmocka_unit_test(without_rules),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
