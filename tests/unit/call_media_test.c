// SPDX-License-Identifier: GPL-2.0
/* What becomes of one pinhole of a call when a message comes: who may use it, and why it closes. */
#include "rooms.h"
#include "unit.h"

#include "src/engine/call_media.h"

enum { ANN = 1, BOB = 2, EVE = 3, LINES = 4 };

static struct ctalg_opening media(u16 line, u8 flags)
{
	return (struct ctalg_opening){
		.inside = addr_of("10.0.0.2"),
		.from = addr_of("192.0.2.1"),
		.kind = CTALG_WANT_MEDIA,
		.line = line,
		.flags = flags,
	};
}

static enum ctalg_media_end ends(struct ctalg_named n, struct ctalg_call_act act, u16 line,
				 u8 flags, u8 says)
{
	const struct ctalg_opening at = media(line, flags);
	u8 lines[LINES] = {};

	lines[1] = says;
	assert_int_equal(ctalg_media_ends(&at, &n, &act, NULL, 0) != CTALG_MEDIA_STAYS,
			 ctalg_media_ends(&at, &n, &act, lines, 0) != CTALG_MEDIA_STAYS);
	if (ctalg_media_ends(&at, &n, &act, lines, LINES))
		assert_true(ctalg_media_any_ends(&act));
	return ctalg_media_ends(&at, &n, &act, lines, LINES);
}

static void an_agreement(void **unused)
{
	const struct ctalg_call_act agree = {
		.party = BOB, .other = ANN, .round = 3, .opens = true, .settles = true
	};

	(void)unused;
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 3 }, agree, 1, 0, 0),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 4 }, agree, 1, 0, 0),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 2 }, agree, 1, 0, 0),
			 CTALG_MEDIA_REPLACED);
	/* Another dialog's is none of its business. */
	assert_int_equal(ends((struct ctalg_named){ EVE, 1, 2 }, agree, 1, 0, CTALG_WANT_CLOSED),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 3, 3 }, agree, 1, 0, CTALG_WANT_CLOSED),
			 CTALG_MEDIA_DECLINED);
	assert_int_equal(ends((struct ctalg_named){ ANN, 3, 3 }, agree, 2, 0, CTALG_WANT_CLOSED),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 3, 3 }, agree, LINES, 0, 0),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 3, 3 }, agree, 1, 0, CTALG_WANT_MUX),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 3, 3 }, agree, 1, CTALG_WANT_RTCP,
			      CTALG_WANT_MUX),
			 CTALG_MEDIA_MUXED);
}

static void other_ends(void **unused)
{
	const struct ctalg_call_act fails = { .party = BOB, .round = 2, .reverts = true };
	const struct ctalg_call_act alone = { .party = BOB, .other = ANN, .alone = true };
	const struct ctalg_call_act gone = { .party = ANN, .gone = { EVE, BOB } };
	const struct ctalg_call_act nothing = { .party = ANN, .round = 9 };

	(void)unused;
	assert_int_equal(ends((struct ctalg_named){ ANN, 2, 2 }, fails, 1, 0, 0),
			 CTALG_MEDIA_FAILED);
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 2 }, fails, 1, 0, 0),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ EVE, 1, 1 }, alone, 1, 0, 0),
			 CTALG_MEDIA_ALONE);
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 1 }, alone, 1, 0, 0),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ BOB, 1, 1 }, gone, 1, 0, 0), CTALG_MEDIA_GONE);
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 1 }, gone, 1, 0, 0), CTALG_MEDIA_STAYS);
	/* Nobody is gone who is nobody. */
	assert_int_equal(ends((struct ctalg_named){ 0, 1, 1 },
			      (struct ctalg_call_act){ .gone = { BOB, 0 } }, 1, 0, 0),
			 CTALG_MEDIA_STAYS);
	assert_int_equal(ends((struct ctalg_named){ ANN, 1, 1 }, nothing, 1, 0, CTALG_WANT_CLOSED),
			 CTALG_MEDIA_STAYS);
	assert_false(ctalg_media_any_ends(&nothing));
}

static void paths_stay(void **unused)
{
	const struct ctalg_call_act all = { .party = BOB,
					    .other = ANN,
					    .round = 5,
					    .settles = true,
					    .reverts = true,
					    .alone = true };
	const struct ctalg_named n = { EVE, 5, 5 };
	struct ctalg_opening at = media(0, 0);

	(void)unused;
	assert_int_equal(ctalg_media_ends(&at, &n, &all, NULL, 0), CTALG_MEDIA_FAILED);
	at.kind = CTALG_WANT_PATH;
	assert_int_equal(ctalg_media_ends(&at, &n, &all, NULL, 0), CTALG_MEDIA_STAYS);
}

static void names(void **unused)
{
	struct ctalg_call_act act = { .party = ANN, .round = 2 };
	struct ctalg_named n = {};

	(void)unused;
	ctalg_media_named(&n, &act);
	assert_int_equal(n.first, 2);
	act.round = 4;
	ctalg_media_named(&n, &act);
	/* What comes late does not make it older. */
	act.round = 3;
	act.party = BOB;
	ctalg_media_named(&n, &act);
	assert_int_equal(n.first, 2);
	assert_int_equal(n.latest, 4);
	assert_int_equal(n.party, BOB);
}

static void who_is_meant(void **unused)
{
	const struct ctalg_named n = { BOB, 1, 1 };
	struct ctalg_call_act act = { .party = ANN };

	(void)unused;
	assert_true(ctalg_media_is_others(&n, &act));
	act.other = EVE;
	assert_false(ctalg_media_is_others(&n, &act));
	act.other = BOB;
	assert_true(ctalg_media_is_others(&n, &act));
	act.party = BOB;
	assert_false(ctalg_media_is_others(&n, &act));
}

static void who_may_send(void **unused)
{
	const struct ctalg_view v = { .peer = addr_of("192.0.2.1") };
	struct ctalg_opening theirs = media(0, 0), o = media(0, 0);
	const struct ctalg_call_act act = { .party = ANN, .other = BOB };
	const struct ctalg_named n = { BOB, 1, 1 };

	(void)unused;
	theirs.inside = addr_of("203.0.113.9");
	assert_true(ctalg_media_may_turn(&o, &n, &act, &theirs));
	ctalg_media_from(&o, &v, &theirs);
	assert_true(ctalg_addr_eq(&o.from, &theirs.inside));
	assert_false(ctalg_media_may_turn(&o, &n, &act, &theirs));
	/* Policy has said who, or that anybody may. */
	o = media(0, 0);
	o.from_len = 32;
	assert_false(ctalg_media_may_turn(&o, &n, &act, &theirs));
	ctalg_media_from(&o, &v, &theirs);
	assert_true(ctalg_addr_eq(&o.from, &v.peer));
	o = media(0, 0);
	o.from.family = CTALG_AF_NONE;
	assert_false(ctalg_media_may_turn(&o, &n, &act, &theirs));
	ctalg_media_from(&o, &v, &theirs);
	assert_int_equal(o.from.family, CTALG_AF_NONE);
	o = media(0, 0);
	assert_false(ctalg_media_may_turn(&o, &(struct ctalg_named){ ANN, 1, 1 }, &act, &theirs));
	o.kind = CTALG_WANT_PATH;
	assert_false(ctalg_media_may_turn(&o, &n, &act, &theirs));
}

static void which_is_a_lines(void **unused)
{
	struct ctalg_opening o = media(0, CTALG_WANT_PAIR);

	(void)unused;
	assert_true(ctalg_media_is_lines(&o));
	o.flags = CTALG_WANT_RTCP;
	assert_false(ctalg_media_is_lines(&o));
	o.flags = CTALG_WANT_CANDIDATE;
	assert_false(ctalg_media_is_lines(&o));
	o.flags = 0;
	o.kind = CTALG_WANT_DATA;
	assert_false(ctalg_media_is_lines(&o));
}

static void what_is_said_of_lines(void **unused)
{
	REPORT(r);
	u8 flags[2] = { 0xff, 0xff };

	(void)unused;
	r.want[0] = (struct ctalg_want){ .kind = CTALG_WANT_MEDIA, .flags = CTALG_WANT_PAIR };
	r.want[1] = (struct ctalg_want){ .kind = CTALG_WANT_MEDIA, .flags = CTALG_WANT_MUX };
	r.want[2] = (struct ctalg_want){ .kind = CTALG_WANT_MEDIA,
					 .line = 2,
					 .flags = CTALG_WANT_CLOSED };
	r.want[3] = (struct ctalg_want){ .kind = CTALG_WANT_PATH,
					 .line = 1,
					 .flags = CTALG_WANT_CLOSED };
	r.n_wants = 4;
	ctalg_media_flags(flags, 2, &r);
	assert_int_equal(flags[0], CTALG_WANT_PAIR | CTALG_WANT_MUX);
	assert_int_equal(flags[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_agreement),	    cmocka_unit_test(other_ends),
		cmocka_unit_test(paths_stay),	    cmocka_unit_test(names),
		cmocka_unit_test(who_is_meant),	    cmocka_unit_test(who_may_send),
		cmocka_unit_test(which_is_a_lines), cmocka_unit_test(what_is_said_of_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
