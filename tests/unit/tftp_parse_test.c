// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "helpers/tftp/tftp_parse.h"

static void parse(u8 dir, const void *data, u32 len, struct ctalg_report *r)
{
	struct ctalg_message m = { .data = exact(data, len), .len = len, .dir = dir };

	ctalg_report_init(r);
	tftp_proto.parse(NULL, &m, r);
	free((void *)(uintptr_t)m.data);
}

#define PACKET(text) text, sizeof(text) - 1

static void requests(void **unused)
{
	static const struct {
		const char *data;
		u32 len;
		u16 kind;
		u32 name_len;
	} cases[] = {
		{ PACKET("\0\1a.bin\0octet\0"), TFTP_RRQ, 5 },
		{ PACKET("\0\2a.bin\0netascii\0"), TFTP_WRQ, 5 },
		{ PACKET("\0\1x\0OcTeT\0"), TFTP_RRQ, 1 },
		{ PACKET("\0\2x\0mail\0"), TFTP_WRQ, 1 },
		{ PACKET("\0\1x\0octet\0blksize\0"
			 "1428\0tsize\0"
			 "0\0"),
		  TFTP_RRQ, 1 },
		{ PACKET("\0\1x\0octet\0blksize"), TFTP_RRQ, 1 },
		{ PACKET("\0\1\xff\n\0octet\0"), TFTP_RRQ, 2 },
	};
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parse(CTALG_DIR_ORIG, cases[i].data, cases[i].len, &r);
		assert_int_equal(r.kind, cases[i].kind);
		assert_int_equal(r.reason, CTALG_R_NONE);
		assert_int_equal(r.object.off, 2);
		assert_int_equal(r.object.len, cases[i].name_len);
		assert_int_equal(r.n_endpoints, 1);
		assert_int_equal(r.endpoint[0].addr.family, CTALG_AF_NONE);
		assert_int_equal(r.endpoint[0].port, 0);
		assert_int_equal(r.endpoint[0].l4, CTALG_L4_UDP);
		assert_int_equal(r.n_wants, 1);
		assert_int_equal(r.want[0].endpoint, 0);
		assert_int_equal(r.n_tokens, 0);
		assert_int_equal(r.ops, CTALG_OP_ASKS);
		assert_string_equal(tftp_proto.commands[r.command].name,
				    r.kind == TFTP_RRQ ? "RRQ" : "WRQ");
		assert_int_equal(tftp_proto.commands[r.command].flags,
				 r.kind == TFTP_RRQ ? 0 : CTALG_COMMAND_WRITES);
	}
}

static void bad_requests(void **unused)
{
	static const struct {
		const char *data;
		u32 len;
	} cases[] = {
		{ PACKET("\0\1") },	     { PACKET("\0\1\0") },
		{ PACKET("\0\1a") },	     { PACKET("\0\1a\0") },
		{ PACKET("\0\1a\0\0") },     { PACKET("\0\1a\0octet") },
		{ PACKET("\0\1\0octet\0") }, { PACKET("\0\1a\0octets\0") },
		{ PACKET("\0\1a\0octe\0") }, { PACKET("\0\1a\0blksize\0octet\0") },
	};
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parse(CTALG_DIR_ORIG, cases[i].data, cases[i].len, &r);
		assert_int_equal(r.kind, TFTP_RRQ);
		assert_int_equal(r.reason, TFTP_R_BAD_REQUEST);
		/* A lenient server may find a name where we do not. */
		assert_int_equal(r.ops,
				 r.object.len ? CTALG_OP_ASKS : CTALG_OP_ASKS | CTALG_OP_AMBIGUOUS);
		assert_int_equal(r.command, TFTP_RRQ);
		assert_int_equal(r.n_endpoints, 0);
		assert_int_equal(r.n_wants, 0);
	}
}

static void not_requests(void **unused)
{
	static const struct {
		u8 dir;
		const char *data;
		u32 len;
	} cases[] = {
		{ CTALG_DIR_ORIG, PACKET("") },
		{ CTALG_DIR_ORIG, PACKET("\1") },
		{ CTALG_DIR_ORIG, PACKET("\0") },
		{ CTALG_DIR_ORIG, PACKET("\0\0x\0octet\0") },
		{ CTALG_DIR_ORIG, PACKET("\0\3\0\1data") },
		{ CTALG_DIR_ORIG, PACKET("\1\1x\0octet\0") },
		{ CTALG_DIR_ORIG, PACKET("\1\0x\0octet\0") },
		{ CTALG_DIR_REPLY, PACKET("\0\1x\0octet\0") },
		{ CTALG_DIR_REPLY, PACKET("\0\2x\0octet\0") },
	};
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parse(cases[i].dir, cases[i].data, cases[i].len, &r);
		assert_int_equal(r.kind, TFTP_OTHER);
		assert_int_equal(r.ops, 0);
		assert_int_equal(r.command, 0);
		assert_int_equal(r.reason, CTALG_R_NONE);
		assert_int_equal(r.n_endpoints, 0);
		assert_int_equal(r.n_wants, 0);
	}
}

/* A server may be less strict about the mode: policy hears of the name. */
static void the_name_of_a_bad_request(void **unused)
{
	REPORT(r);

	(void)unused;
	parse(CTALG_DIR_ORIG, PACKET("\0\2secret\0octets\0"), &r);
	assert_int_equal(r.reason, TFTP_R_BAD_REQUEST);
	assert_int_equal(r.object.off, 2);
	assert_int_equal(r.object.len, 6);
}

static void errors(void **unused)
{
	static const struct {
		u16 reason, code;
		const char *text, *said;
		u8 want;
	} cases[] = {
		{ CTALG_R_POLICY_DENIED, 0, "", "Refused by policy: this is not permitted here.",
		  2 },
		{ CTALG_R_POLICY_DENIED, 1, "no", "no", 1 },
		{ CTALG_R_POLICY_DENIED, 8, "no", "no", 8 },
		{ CTALG_R_POLICY_DENIED, 9, "no", "no", 2 },
		{ CTALG_R_POLICY_MALFORMED, 0, "no", "no", 4 },
		{ CTALG_R_POLICY_SIZE, 0, "no", "no", 4 },
		{ CTALG_R_POLICY_RATE, 0, "no", "no", 0 },
		{ CTALG_R_POLICY_SESSIONS, 0, "no", "no", 0 },
	};
	struct ctalg_report r = { .ops = CTALG_OP_ASKS };
	char buf[CTALG_ANSWER_MAX];
	u32 i, n;

	(void)unused;
	assert_null(tftp_proto.harmless);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_answer a = { .reason = cases[i].reason, .code = cases[i].code };

		a.len = (u8)strlen(cases[i].text);
		memcpy(a.text, cases[i].text, a.len);
		n = tftp_proto.answer(&r, NULL, &a, buf, sizeof(buf));
		assert_int_equal(n, 4 + strlen(cases[i].said) + 1);
		assert_memory_equal(buf, "\0\5\0", 3);
		assert_int_equal(buf[3], cases[i].want);
		assert_string_equal(buf + 4, cases[i].said);
		assert_int_equal(tftp_proto.answer(&r, NULL, &a, buf, sizeof(buf) - 1), 0);
	}
	r.ops = 0;
	assert_int_equal(tftp_proto.answer(&r, NULL, &(struct ctalg_answer){ .code = 1 }, buf,
					   sizeof(buf)),
			 0);
}

/* Without an end, without a request. */
static void a_prefix_says_no_more_than_the_whole(void **unused)
{
	static const char whole[] = "\0\1boot/pxelinux.0\0octet\0tsize\0"
				    "0";
	static const u32 needed = 2 + 16 + 6;
	REPORT(r);
	u32 len;

	(void)unused;
	for (len = 0; len <= sizeof(whole); len++) {
		parse(CTALG_DIR_ORIG, whole, len, &r);
		assert_int_equal(r.n_wants, len >= needed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(bad_requests),
		cmocka_unit_test(not_requests),
		cmocka_unit_test(the_name_of_a_bad_request),
		cmocka_unit_test(errors),
		cmocka_unit_test(a_prefix_says_no_more_than_the_whole),
	};

	return cmocka_run_group_tests_name("tftp_parse", tests, NULL, NULL);
}
