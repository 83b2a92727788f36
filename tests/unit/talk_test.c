// SPDX-License-Identifier: GPL-2.0
/* Sessions that outlast a message: what begins them, what they are called, how long they and their places last. */
#include "plan_world.h"
#include "rooms.h"
#include "unit.h"

#include "src/engine/talk.h"

static void what_begins(void **unused)
{
	struct ctalg_talk t = { .kind = CTALG_TALK_CALL, .method = CTALG_METHOD_INVITE };

	(void)unused;
	assert_true(ctalg_talk_begins(&t));
	t.status = 180;
	assert_false(ctalg_talk_begins(&t));
	t.describes = true;
	assert_true(ctalg_talk_begins(&t));
	t = (struct ctalg_talk){ .kind = CTALG_TALK_CALL, .method = CTALG_METHOD_BYE };
	assert_false(ctalg_talk_begins(&t));
	t = (struct ctalg_talk){ .kind = CTALG_TALK_BINDING, .method = CTALG_METHOD_REGISTER };
	assert_true(ctalg_talk_begins(&t));
	t.status = 200;
	assert_false(ctalg_talk_begins(&t));
}

/* The name of a session, with the address in it, if it has one. */
static void called(const struct ctalg_view *v, const char *addr, u32 off, const char *want)
{
	REPORT(r);
	const struct ctalg_addr a = addr_of(addr), *got;
	struct ctalg_span at = {};

	r.talk.key = (struct ctalg_span){ .off = 100, .len = 20 };
	ctalg_report_token(&r, ctalg_report_endpoint(&r, &a, 0, CTALG_L4_UDP),
			   (struct ctalg_span){ .off = off, .len = 8 }, CTALG_FORM_DOTTED);
	got = ctalg_talk_key_host(&r, v, &at);
	assert_int_equal(!got, !want);
	if (!got)
		return;
	assert_int_equal(at.off, off);
	assert_true(ctalg_addr_eq(got, (const struct ctalg_addr[]){ addr_of(want) }));
}

static void what_it_is_called(void **unused)
{
	const struct ctalg_view out = world_view(SNAT), in = world_view(SNAT_IN);

	(void)unused;
	/* The same on either side of NAT. */
	called(&out, "10.0.0.2", 112, "10.0.0.2");
	called(&in, "203.0.113.1", 112, "10.0.0.2");
	called(&out, "203.0.113.1", 112, "10.0.0.2");
	called(&out, "192.0.2.77", 112, "192.0.2.77");
	called(&out, "10.0.0.2", 113, NULL);
	called(&out, "10.0.0.2", 99, NULL);
}

static void how_long_a_binding_lasts(void **unused)
{
	struct ctalg_talk t = { .kind = CTALG_TALK_BINDING, .number = 1 };
	u32 number = 0, seconds = CTALG_TALK_BEGINS;

	(void)unused;
	assert_true(ctalg_binding_hears(&t, &number, &seconds, 0));
	assert_int_equal(seconds, CTALG_TALK_PENDING);
	t.status = 100;
	assert_false(ctalg_binding_hears(&t, &number, &seconds, 1));
	t.status = 200;
	assert_true(ctalg_binding_told(&t, number));
	assert_true(ctalg_binding_hears(&t, &number, &seconds, 1));
	assert_int_equal(seconds, 0);
	/* What is left of the granted time counts while a new request waits. */
	seconds = 600;
	t = (struct ctalg_talk){ .kind = CTALG_TALK_BINDING, .number = 2 };
	assert_true(ctalg_binding_hears(&t, &number, &seconds, 100));
	assert_int_equal(seconds, 500);
	assert_true(ctalg_binding_hears(&t, &number, &seconds, 499));
	assert_int_equal(seconds, CTALG_TALK_PENDING);
	assert_true(ctalg_binding_hears(&t, &number, &seconds, 4000));
	assert_int_equal(seconds, CTALG_TALK_PENDING);
	/* A late answer to an earlier one, and a refusal, change nothing. */
	t = (struct ctalg_talk){ .kind = CTALG_TALK_BINDING, .number = 1, .status = 200 };
	assert_false(ctalg_binding_hears(&t, &number, &seconds, 1));
	t = (struct ctalg_talk){ .kind = CTALG_TALK_BINDING, .number = 2, .status = 401 };
	assert_false(ctalg_binding_hears(&t, &number, &seconds, 1));
	assert_int_equal(seconds, CTALG_TALK_PENDING);
}

static void how_long_a_place_stays(void **unused)
{
	(void)unused;
	assert_int_equal(ctalg_path_asked(CTALG_TALK_BINDING), CTALG_TALK_PENDING);
	assert_true(ctalg_path_asked(CTALG_TALK_CALL) > 24 * 3600 - 1);
	assert_int_equal(ctalg_path_granted(60, 3600), 60);
	assert_int_equal(ctalg_path_granted(CTALG_NO_SECONDS, 3600), 3600);
	assert_int_equal(ctalg_path_granted(0, 3600), 0);
	assert_int_equal(ctalg_path_granted(CTALG_NO_SECONDS, 0), 0);
	assert_int_equal(ctalg_path_lasts(60), 60 + CTALG_TALK_GRACE);
	assert_int_equal(ctalg_path_lasts(0xfffffffe), CTALG_TALK_MOST + CTALG_TALK_GRACE);
}

static struct ctalg_ends ends(const char *self, const char *self_out, const char *peer,
			      const char *peer_out)
{
	return (struct ctalg_ends){ addr_of(self), addr_of(self_out), addr_of(peer),
				    addr_of(peer_out) };
}

static bool related(struct ctalg_ends a, struct ctalg_ends b)
{
	assert_int_equal(ctalg_ends_related(&a, &b), ctalg_ends_related(&b, &a));
	return ctalg_ends_related(&a, &b);
}

static void who_tells_whom(void **unused)
{
	const struct ctalg_ends out = ends("10.0.0.2", "203.0.113.1", "192.0.2.1", "192.0.2.1");
	const struct ctalg_ends in = ends("192.0.2.7", "192.0.2.7", "10.0.0.2", "203.0.113.1");
	const struct ctalg_ends other = ends("10.0.0.3", "203.0.113.1", "192.0.2.1", "192.0.2.1");
	const struct ctalg_ends plain = ends("10.0.0.2", "10.0.0.2", "192.0.2.1", "192.0.2.1");
	const struct ctalg_ends back = ends("192.0.2.1", "192.0.2.1", "10.0.0.2", "10.0.0.2");
	const struct ctalg_ends beside = ends("10.0.0.2", "10.0.0.2", "192.0.2.7", "192.0.2.7");

	(void)unused;
	assert_true(related(out, in));
	assert_false(related(out, other));
	assert_false(related(in, other));
	assert_true(related(plain, back));
	assert_true(related(plain, out));
	assert_false(related(plain, beside));
	assert_false(related(plain, in));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_begins),
		cmocka_unit_test(what_it_is_called),
		cmocka_unit_test(how_long_a_binding_lasts),
		cmocka_unit_test(how_long_a_place_stays),
		cmocka_unit_test(who_tells_whom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
