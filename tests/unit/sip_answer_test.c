// SPDX-License-Identifier: GPL-2.0
/* What a refused request is answered with. */
#include "unit.h"

#include "helpers/sip/sip_parse.h"

#define REQUEST_OF(method)                                                                         \
	method " sip:bob@example.org SIP/2.0\r\n"                                                  \
	       "v: SIP/2.0/UDP proxy.example.org;branch=z9hG4bK2,\r\n"                             \
	       " SIP/2.0/UDP other.example.org;branch=z9hG4bK1\r\n"                                \
	       "Max-Forwards: 70\r\n"                                                              \
	       "f: Alice <sip:alice@example.org>;tag=1\r\n"                                        \
	       "t: <sip:bob@example.org;tag=no>\r\n"                                               \
	       "Via: SIP/2.0/UDP pc.example.org;branch=z9hG4bK0\r\n"                               \
	       "i: 1234@example.org\r\n"                                                           \
	       "CSeq: 7  " method "\r\n"                                                           \
	       "Content-Length: 3\r\n\r\nabc"

#define REPEATED(method)                                                                           \
	"Via: SIP/2.0/UDP proxy.example.org;branch=z9hG4bK2,\r\n"                                  \
	" SIP/2.0/UDP other.example.org;branch=z9hG4bK1\r\n"                                       \
	"From: Alice <sip:alice@example.org>;tag=1\r\n"                                            \
	"To: <sip:bob@example.org;tag=no>;tag=%08x\r\n"                                            \
	"Via: SIP/2.0/UDP pc.example.org;branch=z9hG4bK0\r\n"                                      \
	"Call-ID: 1234@example.org\r\n"                                                            \
	"CSeq: 7  " method "\r\n"                                                                  \
	"Content-Length: 0\r\n\r\n"

static u32 answer_to(const char *request, struct ctalg_answer *a, char *buf, u32 cap)
{
	struct ctalg_message m = { .len = (u32)strlen(request) };
	struct sip_state state = { .anchored = { false } };
	REPORT(r);
	char *out = malloc(cap ? cap : 1);
	u32 n;

	assert_non_null(out);
	m.data = exact(request, m.len);
	sip_proto.parse(&state, &m, &r);
	a->command = r.command;
	n = sip_proto.answer(&r, &m, a, out, cap);
	assert_true(n <= cap);
	memcpy(buf, out, n);
	buf[n] = 0;
	free(out);
	free((void *)(uintptr_t)m.data);
	return n;
}

#define ALLOW                                                                                      \
	"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, PRACK, SUBSCRIBE, NOTIFY, PUBLISH, "  \
	"INFO, REFER, MESSAGE, UPDATE\r\n"

static void the_first_line_says_why(void **unused)
{
	static const struct {
		u16 reason, code;
		const char *text, *method, *begins;
	} cases[] = {
		{ CTALG_R_POLICY_DENIED, 0, "", "INVITE", "SIP/2.0 403 Forbidden\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 0, "", "CANCEL", "SIP/2.0 403 Forbidden\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 0, "", "FROB",
		  "SIP/2.0 405 Method Not Allowed\r\n" ALLOW "Via" },
		{ CTALG_R_POLICY_MALFORMED, 0, "", "INVITE", "SIP/2.0 400 Bad Request\r\nVia" },
		{ CTALG_R_POLICY_RATE, 0, "", "INVITE",
		  "SIP/2.0 503 Service Unavailable\r\nRetry-After: 30\r\nVia" },
		{ CTALG_R_POLICY_SESSIONS, 0, "", "INVITE",
		  "SIP/2.0 503 Service Unavailable\r\nRetry-After: 30\r\nVia" },
		{ CTALG_R_POLICY_OBJECT, 0, "", "INVITE",
		  "SIP/2.0 413 Request Entity Too Large\r\nVia" },
		{ CTALG_R_POLICY_SIZE, 0, "", "INVITE", "SIP/2.0 513 Message Too Large\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 603, "", "INVITE", "SIP/2.0 603 Decline\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 480, "Not now\r\n", "INVITE",
		  "SIP/2.0 480 Not now??\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 0, "No calls", "INVITE", "SIP/2.0 403 No calls\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 499, "", "INVITE",
		  "SIP/2.0 499 Refused by Policy\r\nVia" },
		/* no refusal */
		{ CTALG_R_POLICY_DENIED, 200, "", "INVITE", "SIP/2.0 403 Forbidden\r\nVia" },
		{ CTALG_R_POLICY_DENIED, 700, "", "INVITE", "SIP/2.0 403 Forbidden\r\nVia" },
	};
	char request[1000], buf[CTALG_ANSWER_DATAGRAM + 1];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_answer a = { .reason = cases[i].reason, .code = cases[i].code };
		u32 n = (u32)strlen(cases[i].begins);

		a.len = (u8)strlen(cases[i].text);
		memcpy(a.text, cases[i].text, a.len);
		/* CSeq names another method: answered all the same. */
		snprintf(request, sizeof(request), "%s%s", cases[i].method,
			 &REQUEST_OF("INVITE")[strlen("INVITE")]);
		assert_true(answer_to(request, &a, buf, CTALG_ANSWER_DATAGRAM) > n);
		buf[n] = 0;
		assert_string_equal(buf, cases[i].begins);
	}
}

/* All of Via, in its order; From, To with a tag, Call-ID, CSeq; no body. */
static void the_rest_repeats_the_request(void **unused)
{
	char buf[CTALG_ANSWER_DATAGRAM + 1], should[CTALG_ANSWER_DATAGRAM], *at;
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED };
	unsigned int tag;

	(void)unused;
	answer_to(REQUEST_OF("INVITE"), &a, buf, CTALG_ANSWER_DATAGRAM);
	at = strstr(buf, ">;tag=");
	at = strstr(at + 1, ">;tag=");
	assert_non_null(at);
	assert_int_equal(sscanf(at, ">;tag=%8x", &tag), 1);
	snprintf(should, sizeof(should), "SIP/2.0 403 Forbidden\r\n" REPEATED("INVITE"), tag);
	assert_string_equal(buf, should);
}

/* The tag of a dialog stays; a request that is repeated gets the same answer. */
static void tags(void **unused)
{
	static const char in_dialog[] =
		"BYE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nFrom: sip:a;tag=1\r\n"
		"To: sip:b;tag=2\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n\r\n";
	char first[CTALG_ANSWER_DATAGRAM + 1], second[CTALG_ANSWER_DATAGRAM + 1];
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED };

	(void)unused;
	answer_to(in_dialog, &a, first, CTALG_ANSWER_DATAGRAM);
	assert_non_null(strstr(first, "\r\nTo: sip:b;tag=2\r\n"));
	answer_to(REQUEST_OF("INVITE"), &a, first, CTALG_ANSWER_DATAGRAM);
	answer_to(REQUEST_OF("INVITE"), &a, second, CTALG_ANSWER_DATAGRAM);
	assert_string_equal(first, second);
}

static void no_answer(void **unused)
{
	static const char *const requests[] = {
		REQUEST_OF("ACK"),
		"SIP/2.0 200 OK\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n",
		"\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n",
	};
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED };
	char buf[CTALG_ANSWER_DATAGRAM + 1];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(requests); i++)
		assert_int_equal(answer_to(requests[i], &a, buf, CTALG_ANSWER_DATAGRAM), 0);
}

/* Whole or not at all. */
static void an_answer_that_does_not_fit(void **unused)
{
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED };
	char buf[CTALG_ANSWER_DATAGRAM + 1];
	u32 n = answer_to(REQUEST_OF("INVITE"), &a, buf, CTALG_ANSWER_DATAGRAM), cap;

	(void)unused;
	assert_true(n > 0);
	for (cap = 0; cap < n; cap++)
		assert_int_equal(answer_to(REQUEST_OF("INVITE"), &a, buf, cap), 0);
	assert_int_equal(answer_to(REQUEST_OF("INVITE"), &a, buf, n), n);
}

/* Where there is no request, what an answer begins with. */
static void without_a_request(void **unused)
{
	const struct ctalg_report r = { .ops = CTALG_OP_ASKS };
	const struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED, .command = SIP_INVITE };
	char buf[CTALG_ANSWER_MAX + 1];

	(void)unused;
	buf[sip_proto.answer(&r, NULL, &a, buf, CTALG_ANSWER_MAX)] = 0;
	assert_string_equal(buf, "SIP/2.0 403 Forbidden\r\n");
}

#define BYE(vias)                                                                                  \
	"BYE sip:a SIP/2.0\r\n" vias                                                               \
	"From: sip:a;tag=1\r\nTo: sip:b;tag=2\r\nCall-ID: 1\r\nCSeq: 1 BYE\r\n\r\n"

/* As a server says where a request has come from (RFC 3261, section 18.2.1; RFC 3581, section 4). */
static void where_it_came_from(void **unused)
{
	static const struct {
		const char *came, *from, *answered;
	} cases[] = {
		{ BYE("Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1;rport\r\n"), "203.0.113.1",
		  "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1;rport=6060;received=203.0.113.1\r\nFrom" },
		{ BYE("Via: SIP/2.0/UDP 10.0.0.2 ; rport ; branch=z9hG4bK1\r\n"), "10.0.0.2",
		  "Via: SIP/2.0/UDP 10.0.0.2 ; rport=6060 ; branch=z9hG4bK1;received=10.0.0.2\r\nFrom" },
		{ BYE("Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1\r\n"), "10.0.0.2",
		  "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1\r\nFrom" },
		{ BYE("Via: SIP/2.0/UDP pc.example.org\r\n"), "10.0.0.2",
		  "Via: SIP/2.0/UDP pc.example.org;received=10.0.0.2\r\nFrom" },
		{ BYE("v: SIP/2.0/UDP [fd00::3]:5060;rport , SIP/2.0/UDP 10.0.0.9;rport\r\nv: SIP/2.0/UDP a;rport\r\n"),
		  "fd00::2",
		  "Via: SIP/2.0/UDP [fd00::3]:5060;rport=6060;received=fd00::2 , SIP/2.0/UDP 10.0.0.9;rport\r\nVia: SIP/2.0/UDP a;rport\r\nFrom" },
		{ BYE("Via: SIP/2.0/UDP 10.0.0.2;rport=7;received=1.2.3.4\r\n"), "10.0.0.3",
		  "Via: SIP/2.0/UDP 10.0.0.2;rport=7;received=1.2.3.4\r\nFrom" },
	};
	char buf[CTALG_ANSWER_DATAGRAM + 1];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED,
					  .seen = addr_of(cases[i].from),
					  .seen_port = 6060 };

		assert_true(answer_to(cases[i].came, &a, buf, CTALG_ANSWER_DATAGRAM));
		if (!strstr(buf, cases[i].answered))
			fail_msg("\"%s\": \"%s\"", cases[i].came, buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_says_why),
		cmocka_unit_test(the_rest_repeats_the_request),
		cmocka_unit_test(tags),
		cmocka_unit_test(where_it_came_from),
		cmocka_unit_test(no_answer),
		cmocka_unit_test(an_answer_that_does_not_fit),
		cmocka_unit_test(without_a_request),
	};

	return cmocka_run_group_tests_name("sip_answer", tests, NULL, NULL);
}
