// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "helpers/tftp/tftp_parse.h"

static void parse(u8 dir, const void *data, u32 len, struct ctalg_report *r)
{
	struct ctalg_message m = { .data = exact(data, len), .len = len, .dir = dir };

	memset(r, 0, sizeof(*r));
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
	struct ctalg_report r;
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
	struct ctalg_report r;
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parse(CTALG_DIR_ORIG, cases[i].data, cases[i].len, &r);
		assert_int_equal(r.kind, TFTP_RRQ);
		assert_int_equal(r.reason, TFTP_R_BAD_REQUEST);
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
	struct ctalg_report r;
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parse(cases[i].dir, cases[i].data, cases[i].len, &r);
		assert_int_equal(r.kind, TFTP_OTHER);
		assert_int_equal(r.reason, CTALG_R_NONE);
		assert_int_equal(r.n_endpoints, 0);
		assert_int_equal(r.n_wants, 0);
	}
}

/* Without an end, without a request. */
static void a_prefix_says_no_more_than_the_whole(void **unused)
{
	static const char whole[] = "\0\1boot/pxelinux.0\0octet\0tsize\0"
				    "0";
	static const u32 needed = 2 + 16 + 6;
	struct ctalg_report r;
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
		cmocka_unit_test(a_prefix_says_no_more_than_the_whole),
	};

	return cmocka_run_group_tests_name("tftp_parse", tests, NULL, NULL);
}
