// SPDX-License-Identifier: GPL-2.0
/* Whom a request calls, as rules look at it: the number that is dialled, however it is written. */
#include "unit.h"

#include "helpers/sip/sip_parse.h"
#include "src/engine/judge.h"

/* Returns whether the request is ambiguous. */
static bool called(const char *uri, char object[CTALG_JUDGE_OBJECT_MAX])
{
	char text[CTALG_JUDGE_OBJECT_MAX + 100];
	struct ctalg_subject s = { .object = NULL };
	u8 number[CTALG_NUMBER_MAX];
	struct ctalg_message m;
	REPORT(r);

	m = (struct ctalg_message){ .l4 = CTALG_L4_UDP };
	m.len = (u32)snprintf(text, sizeof(text),
			      "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nFrom: sip:a;tag=1\r\n"
			      "To: sip:b\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n",
			      uri);
	m.data = exact(text, m.len);
	ctalg_report_init(&r);
	sip_proto.parse(NULL, &m, &r);
	assert_int_equal(r.reason, CTALG_R_NONE);
	ctalg_judge_object(&m, &r, number, &s);
	snprintf(object, CTALG_JUDGE_OBJECT_MAX, "%.*s", (int)s.object_len, (const char *)s.object);
	free((void *)(uintptr_t)m.data);
	return r.ops & CTALG_OP_AMBIGUOUS;
}

static void separators_say_nothing(void **unused)
{
	static const struct {
		const char *uri, *object;
	} cases[] = {
		{ "tel:+1-(555)-12.34", "+15551234" },
		{ "TEL:+1-(555)-12.34;phone-context=a-b.example", "+15551234" },
		{ "tel:7042;phone-context=example.com", "7042" },
		{ "tel:(a-1)", "a1" },
		{ "sip:+1-555-12.34@example.org;user=phone", "+15551234" },
		{ "sip:0900-1234@example.org", "09001234" },
		{ "sip:0900-1234;isub=1.2@example.org", "09001234" },
		{ "sip:*21*0900-1%23@example.org", "*21*09001%23" },
		{ "sip:0900123@example.org", "0900123" },
		/* names */
		{ "sip:john.smith@example.org", "john.smith" },
		{ "sip:room-12@example.org", "room-12" },
		{ "sip:a;b-c@example.org", "a;b-c" },
		{ "sip:--@example.org", "--" },
		{ "sip:example-1.org", "sip:example-1.org" },
		{ "urn:service:sos.fire", "urn:service:sos.fire" },
	};
	char object[CTALG_JUDGE_OBJECT_MAX];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_false(called(cases[i].uri, object));
		if (strcmp(object, cases[i].object))
			fail_msg("%s: \"%s\", not \"%s\"", cases[i].uri, object, cases[i].object);
	}
}

/* What no phone writes, so that it is not what it looks like. */
static void disguises(void **unused)
{
	char uri[200] = "tel:", object[CTALG_JUDGE_OBJECT_MAX];
	u32 i;

	(void)unused;
	assert_true(called("sip:0900%2d1234@example.org", object));
	assert_true(called("tel:0900%2E1234", object));
	assert_false(called("sip:a%2db@example.org", object));
	for (i = 0; i < CTALG_NUMBER_MAX; i++)
		strcat(uri, "1-");
	assert_false(called(uri, object));
	assert_int_equal(strlen(object), CTALG_NUMBER_MAX);
	strcat(uri, "1");
	assert_true(called(uri, object));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separators_say_nothing),
		cmocka_unit_test(disguises),
	};

	return cmocka_run_group_tests_name("sip_number", tests, NULL, NULL);
}
