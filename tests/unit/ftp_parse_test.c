// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "helpers/ftp/ftp_parse.h"

/* A report as one line of text; names as the tool shows them. */
static const char *reason_text(unsigned int reason)
{
	return reason >= CTALG_R_PRIVATE ? ftp_proto.reasons[reason - CTALG_R_PRIVATE]
					 : ctalg_reason_name(reason);
}

static void describe(const struct ctalg_report *r, const char *data, char *text, size_t cap)
{
	static const char *const forms[] = { "", "hostport", "eprt", "dotted", "bracketed", "port" };
	size_t n = (size_t)snprintf(text, cap, "%s", ftp_proto.kinds[r->kind]);
	u16 i;

	for (i = 0; i < r->n_endpoints; i++) {
		const struct ctalg_endpoint *ep = &r->endpoint[i];
		char addr[CTALG_TOKEN_MAX];

		n += (size_t)snprintf(text + n, cap - n, " %.*s:%u",
				      (int)ctalg_addr_write(&ep->addr, addr, sizeof(addr)), addr,
				      ep->port);
		assert_int_equal(ep->l4, CTALG_L4_TCP);
	}
	for (i = 0; i < r->n_tokens; i++)
		n += (size_t)snprintf(text + n, cap - n, " %s=%.*s", forms[r->token[i].form],
				      (int)r->token[i].at.len, data + r->token[i].at.off);
	for (i = 0; i < r->n_wants; i++)
		assert_int_equal(r->want[i].endpoint, i);
	assert_int_equal(r->n_wants, r->n_endpoints);
	if (r->user.len)
		n += (size_t)snprintf(text + n, cap - n, " user=%.*s", (int)r->user.len,
				      data + r->user.off);
	if (r->object.len)
		n += (size_t)snprintf(text + n, cap - n, " object=%.*s", (int)r->object.len,
				      data + r->object.off);
	if (r->ops & CTALG_OP_WITHDRAW)
		n += (size_t)snprintf(text + n, cap - n, " withdraw");
	if (r->reason)
		snprintf(text + n, cap - n, " %s", reason_text(r->reason));
}

/* One line, from a copy without a spare byte. */
static void parse(struct ftp_state *st, u8 dir, const char *line, struct ctalg_report *r)
{
	u32 len = (u32)strlen(line);
	struct ctalg_message m = { .data = exact(line, len), .len = len, .dir = dir };

	ctalg_report_init(r);
	ftp_proto.parse(st, &m, r);
	free((void *)(uintptr_t)m.data);
}

static void check(struct ftp_state *st, u8 dir, const char *line, const char *want)
{
	REPORT(r);
	char got[400];

	parse(st, dir, line, &r);
	describe(&r, line, got, sizeof(got));
	if (strcmp(got, want))
		fail_msg("\"%s\": \"%s\", not \"%s\"", line, got, want);
}

struct line {
	const char *text, *want;
};

static void check_each(u8 dir, const struct line *lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct ftp_state st = { .last = 0 };

		check(&st, dir, lines[i].text, lines[i].want);
	}
}

static void port_commands(void **unused)
{
	static const struct line lines[] = {
		{ "PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "PORT 10,0,0,2,4,1\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "PORT 10,0,0,2,4,1\r\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "port 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "pOrT\t10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "  PORT   10,0,0,2,4,1  \r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "PORT 010,000,000,002,004,001\r\n",
		  "PORT 10.0.0.2:1025 hostport=010,000,000,002,004,001" },
		{ "PORT 255,255,255,255,255,255\r\n",
		  "PORT 255.255.255.255:65535 hostport=255,255,255,255,255,255" },
		{ "PORT 10,0,0,2,0,0\r\n", "PORT 10.0.0.2:0 hostport=10,0,0,2,0,0" },
		{ "PORT 10,0,0,256,4,1\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,256,1\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,256\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,0001\r\n", "PORT malformed-port" },
		{ "PORT 4294967306,0,0,2,4,1\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,1,\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,1,7\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,1x\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,1 x\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,1\rx\r\n", "PORT malformed-port" },
		{ "PORT 10,0,0,2,4,-1\r\n", "PORT malformed-port" },
		{ "PORT 10, 0,0,2,4,1\r\n", "PORT malformed-port" },
		{ "PORT 10.0.0.2.4.1\r\n", "PORT malformed-port" },
		{ "PORT (10,0,0,2,4,1)\r\n", "PORT malformed-port" },
		{ "PORT\r\n", "PORT malformed-port" },
		{ "PORT \r\n", "PORT malformed-port" },
		{ "PORT10,0,0,2,4,1\r\n", "other" },
		{ "PORTS 10,0,0,2,4,1\r\n", "other" },
		{ "XPORT 10,0,0,2,4,1\r\n", "other" },
		{ "POR T 10,0,0,2,4,1\r\n", "other" },
		{ "x PORT 10,0,0,2,4,1\r\n", "other" },
		{ "\r\n", "other" },
		{ "", "other" },
	};

	(void)unused;
	check_each(CTALG_DIR_ORIG, lines, ARRAY_SIZE(lines));
}

static void eprt_commands(void **unused)
{
	static const struct line lines[] = {
		{ "EPRT |1|10.0.0.2|1025|\r\n", "EPRT 10.0.0.2:1025 eprt=|1|10.0.0.2|1025|" },
		{ "EPRT |2|2001:db8::2|1025|\r\n",
		  "EPRT 2001:db8::2:1025 eprt=|2|2001:db8::2|1025|" },
		{ "eprt !2!2001:DB8::2!65535! \n",
		  "EPRT 2001:db8::2:65535 eprt=!2!2001:DB8::2!65535!" },
		{ "EPRT ~1~10.0.0.2~0~\r\n", "EPRT 10.0.0.2:0 eprt=~1~10.0.0.2~0~" },
		{ "EPRT |2|::ffff:10.0.0.2|1025|\r\n",
		  "EPRT ::ffff:a00:2:1025 eprt=|2|::ffff:10.0.0.2|1025|" },
		{ "EPRT |1|10.0.0.2|65536|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2|001025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2|1025\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2|1025||\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2|1025| x\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2||\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.256|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2.3|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|2001:db8::2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |2|10.0.0.2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |2|2001:db8::2%eth0|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |2|[2001:db8::2]|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |0|10.0.0.2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |3|10.0.0.2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |01|10.0.0.2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT ||10.0.0.2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1!10.0.0.2|1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2!1025|\r\n", "EPRT malformed-eprt" },
		{ "EPRT |1|10.0.0.2|1025!\r\n", "EPRT malformed-eprt" },
		{ "EPRT :1:10.0.0.2:1025:\r\n", "EPRT malformed-eprt" },
		{ "EPRT .1.10.0.0.2.1025.\r\n", "EPRT malformed-eprt" },
		{ "EPRT 1110.0.0.2110251\r\n", "EPRT malformed-eprt" },
		{ "EPRT a1a10.0.0.2a1025a\r\n", "EPRT malformed-eprt" },
		{ "EPRT Z1Z10.0.0.2Z1025Z\r\n", "EPRT malformed-eprt" },
		{ "EPRT \x7f"
		  "1\x7f"
		  "10.0.0.2\x7f"
		  "1025\x7f\r\n",
		  "EPRT malformed-eprt" },
		{ "EPRT \r\n", "EPRT malformed-eprt" },
		{ "EPRT\r\n", "EPRT malformed-eprt" },
	};

	(void)unused;
	check_each(CTALG_DIR_ORIG, lines, ARRAY_SIZE(lines));
}

static void other_commands(void **unused)
{
	static const struct line lines[] = {
		{ "USER anonymous\r\n", "USER user=anonymous" },
		{ "user  a b \r\n", "USER user=a b " },
		{ "USER\r\n", "USER" },
		{ "PASS secret\r\n", "command" },
		{ "RETR dir/a file\r\n", "file object=dir/a file" },
		{ "LIST\r\n", "file" },
		{ "PASV\r\n", "PASV" },
		{ "EPSV\r\n", "EPSV" },
		{ "EPSV 2\r\n", "EPSV" },
		{ "epsv all\r\n", "EPSV ALL" },
		{ "EPSV ALLES\r\n", "EPSV" },
		{ "EPSV AL\r\n", "EPSV" },
		{ "AUTH TLS\r\n", "AUTH" },
		{ "XYZW\r\n", "other" },
		{ "ABOR\r\n", "command" },
		/* RFC 959, section 4.1.3: telnet's interrupt may stand before ABOR */
		{ "\xff\xf4\xff\xf2"
		  "ABOR\r\n",
		  "other nul-or-telnet-bytes" },
		{ "PORT 10,0,0,2,4,1\xff\r\n", "other nul-or-telnet-bytes" },
		{ "227 Entering Passive Mode (10,0,0,2,4,1)\r\n", "other" },
	};

	(void)unused;
	check_each(CTALG_DIR_ORIG, lines, ARRAY_SIZE(lines));
}

static void nul_bytes(void **unused)
{
	static const char line[] = "PORT 10,0,0,2,4,1\0\r\n";
	struct ctalg_message m = { .data = (const u8 *)line, .len = sizeof(line) - 1 };
	struct ftp_state st = { .last = 0 };
	REPORT(r);

	(void)unused;
	ftp_proto.parse(&st, &m, &r);
	assert_int_equal(r.reason, FTP_R_CONTROL_BYTES);
	assert_int_equal(r.n_endpoints, 0);
}

/* Every way in which servers are known to write it. */
static void replies_227(void **unused)
{
	static const struct line lines[] = {
		{ "227 Entering Passive Mode (10,0,0,2,4,1)\r\n",
		  "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 Entering Passive Mode (10,0,0,2,4,1).\r\n",
		  "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 Entering Passive Mode (10,0,0,2,4,1)\n",
		  "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 Entering Passive Mode 10,0,0,2,4,1\r\n",
		  "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 Entering Passive Mode. 10,0,0,2,4,1\r\n",
		  "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 Data transfer will passively listen to 10,0,0,2,4,1\r\n",
		  "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 =10,0,0,2,4,1\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 ( 10,0,0,2,4,1 )\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 ((10,0,0,2,4,1\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 [10,0,0,2,4,1]\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 10,0,0,2,4,1\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227(10,0,0,2,4,1)\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 Passive Mode v2.1 (010,000,000,002,004,001)\r\n",
		  "227 10.0.0.2:1025 hostport=010,000,000,002,004,001" },
		{ "227 (1,2) 10,0,0,2,4,1\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "227 (0,0,0,0,4,1)\r\n", "227 0.0.0.0:1025 hostport=0,0,0,0,4,1" },
		{ "227 (10,0,0,2,0,0)\r\n", "227 10.0.0.2:0 hostport=10,0,0,2,0,0" },
		{ "227 Logout.\r\n", "227 no-address-in-227" },
		{ "227\r\n", "227 no-address-in-227" },
		{ "227 (10,0,0,2,4)\r\n", "227 no-address-in-227" },
		{ "227 (10,0,0,256,4,1)\r\n", "227 no-address-in-227" },
		{ "227 (1110,0,0,2,4,1)\r\n", "227 no-address-in-227" },
		{ "227 (10,0,0,2,4,1,7)\r\n", "227 no-address-in-227" },
		{ "227 (9,10,0,0,2,4,1)\r\n", "227 no-address-in-227" },
		{ "227 (300,10,0,0,2,4,1)\r\n", "227 no-address-in-227" },
		{ "227 (10,0,0,2,4,1000)\r\n", "227 no-address-in-227" },
		{ "2270 (10,0,0,2,4,1)\r\n", "reply" },
		{ " 227 (10,0,0,2,4,1)\r\n", "reply" },
		{ "27 (10,0,0,2,4,1)\r\n", "reply" },
		{ "200 (10,0,0,2,4,1)\r\n", "reply" },
		{ "PORT 10,0,0,2,4,1\r\n", "reply" },
		{ "\r\n", "reply" },
	};

	(void)unused;
	check_each(CTALG_DIR_REPLY, lines, ARRAY_SIZE(lines));
}

static void replies_229(void **unused)
{
	static const struct line lines[] = {
		{ "229 Entering Extended Passive Mode (|||1025|)\r\n", "229 :1025 port=1025" },
		{ "229 Entering Extended Passive Mode (!!!65535!)\r\n", "229 :65535 port=65535" },
		{ "229 |||1025|\n", "229 :1025 port=1025" },
		{ "229 ||||1025|\r\n", "229 :1025 port=1025" },
		{ "229 ... (|||1025|)\r\n", "229 :1025 port=1025" },
		{ "229 *** ok (|||01025|)\r\n", "229 :1025 port=01025" },
		{ "229 (|||0|)\r\n", "229 port-zero" },
		{ "229 (|||65536|)\r\n", "229 no-port-in-229" },
		{ "229 (|||001025|)\r\n", "229 no-port-in-229" },
		{ "229 (|||1025)\r\n", "229 no-port-in-229" },
		{ "229 (||1025|)\r\n", "229 no-port-in-229" },
		{ "229 (||!1025|)\r\n", "229 no-port-in-229" },
		{ "229 (|||1025!)\r\n", "229 no-port-in-229" },
		{ "229 (|1|10.0.0.2|1025|)\r\n", "229 no-port-in-229" },
		{ "229 (||||)\r\n", "229 no-port-in-229" },
		{ "229 (|||", "229 no-port-in-229" },
		{ "229 (AAA1025A)\r\n", "229 no-port-in-229" },
		{ "229\r\n", "229 no-port-in-229" },
	};

	(void)unused;
	check_each(CTALG_DIR_REPLY, lines, ARRAY_SIZE(lines));
}

/* A dialog: ">" is the client's. */
static void check_dialog(const struct line *lines, size_t n)
{
	struct ftp_state st = { .last = 0 };
	size_t i;

	for (i = 0; i < n; i++)
		check(&st, lines[i].text[0] == '>' ? CTALG_DIR_ORIG : CTALG_DIR_REPLY,
		      lines[i].text + 1, lines[i].want);
}

static void several_lines(void **unused)
{
	static const struct line lines[] = {
		/* the endpoint in the first line, in the middle, at a line's beginning, in the last */
		{ "<227-Passive (10,0,0,2,4,1)\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<227 ok\r\n", "227" },
		{ "<227-Passive\r\n", "227" },
		{ "< 10,0,0,2,4,1\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<227 ok\r\n", "227" },
		{ "<227-Passive\r\n", "227" },
		{ "<192,168,0,2,4,1\r\n", "227 192.168.0.2:1025 hostport=192,168,0,2,4,1" },
		{ "<227 ok\r\n", "227" },
		{ "<227-Passive\r\n", "227" },
		{ "<227-still\r\n", "227" },
		{ "<227 (10,0,0,2,4,1)\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		/* nowhere: said once, at the end; and what was found before does not count for the next */
		{ "<227-Passive\r\n", "227" },
		{ "<227 ok\r\n", "227 no-address-in-227" },
		{ "<229-Extended\r\n", "229" },
		{ "< (|||1025|)\r\n", "229 :1025 port=1025" },
		{ "<229 ok\r\n", "229" },
		{ "<229-Extended\r\n", "229" },
		{ "<229 ok\r\n", "229 no-port-in-229" },
		{ "<229 ok\r\n", "229 no-port-in-229" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

/* A code inside another reply's text is text: a listing that a stranger filled opens nothing. */
static void codes_inside_text(void **unused)
{
	static const struct line lines[] = {
		{ "<220-Welcome\r\n", "reply" },
		{ "<227 Entering Passive Mode (10,0,0,2,4,1)\r\n", "reply" },
		{ "<227-(10,0,0,2,4,1)\r\n", "reply" },
		{ "<229 (|||1025|)\r\n", "reply" },
		{ "<220-(|||1025|)\r\n", "reply" },
		{ "<2200 x\r\n", "reply" },
		{ "< 220 x\r\n", "reply" },
		{ "<227 (10,0,0,2,4,1)\r\n", "reply" },
		{ "<220 \r\n", "reply" },
		{ "<227 (10,0,0,2,4,1)\r\n", "227 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<213-Status\r\n", "reply" },
		{ "<-rw-r--r-- 227 (10,0,0,2,4,1)\r\n", "reply" },
		{ "<213\r\n", "reply" },
		{ "<229 (|||1025|)\r\n", "229 :1025 port=1025" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

static void epsv_all(void **unused)
{
	static const struct line lines[] = {
		{ ">EPSV ALL\r\n", "EPSV ALL" },
		{ "<200 ok\r\n", "reply" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT after-epsv-all" },
		{ "<200 ok\r\n", "reply" },
		{ ">EPRT |1|10.0.0.2|1025|\r\n", "EPRT after-epsv-all" },
		{ "<500 no\r\n", "reply" },
		{ ">PASV\r\n", "PASV" },
		{ "<227 (10,0,0,2,4,1)\r\n", "227 after-epsv-all" },
		{ ">EPSV\r\n", "EPSV" },
		{ "<229 (|||1025|)\r\n", "229 :1025 port=1025" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

static void epsv_all_refused(void **unused)
{
	static const struct line lines[] = {
		{ ">EPSV ALL\r\n", "EPSV ALL" },
		{ "<504-no\r\n", "reply" },
		{ "<504 no\r\n", "reply" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<200 ok\r\n", "reply" },
		{ ">EPSV ALL\r\n", "EPSV ALL" },
		{ "<200 ok\r\n", "reply" },
		{ ">NOOP\r\n", "command" },
		{ "<500 no\r\n", "reply" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT after-epsv-all" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

static void a_refused_request_is_withdrawn(void **unused)
{
	static const struct line lines[] = {
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<500-no\r\n", "reply" },
		{ "<500 no\r\n", "reply withdraw" },
		{ ">EPRT |1|10.0.0.2|1025|\r\n", "EPRT 10.0.0.2:1025 eprt=|1|10.0.0.2|1025|" },
		{ "<522 use (2)\r\n", "reply withdraw" },
		{ "<522 use (2)\r\n", "reply" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<200 ok\r\n", "reply" },
		{ ">RETR x\r\n", "file object=x" },
		{ "<150 ok\r\n", "reply" },
		{ "<426 aborted\r\n", "reply" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<120 wait\r\n", "reply" },
		{ "<421 bye\r\n", "reply withdraw" },
		/* not understood: nothing was opened, so nothing closes */
		{ ">PORT 10,0,0,256,4,1\r\n", "PORT malformed-port" },
		{ "<501 no\r\n", "reply" },
		{ ">XYZZY\r\n", "other" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<500 what\r\n", "reply" },
		{ "<200 ok\r\n", "reply" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

/* What policy is told of a request. */
static void what_is_asked_for(void **unused)
{
	static const struct {
		const char *line, *command, *object;
		u8 flags;
		bool ambiguous;
	} cases[] = {
		{ "RETR dir/a file\r\n", "RETR", "dir/a file", 0, false },
		{ "stor x\n", "STOR", "x", CTALG_COMMAND_WRITES, true },
		{ "STOU\r\n", "STOU", "", CTALG_COMMAND_WRITES, false },
		{ "APPE x\r\n", "APPE", "x", CTALG_COMMAND_WRITES, false },
		{ "DELE x\r\n", "DELE", "x", CTALG_COMMAND_WRITES, false },
		{ "RNFR x\r\n", "RNFR", "x", CTALG_COMMAND_WRITES, false },
		{ "RNTO x\r\n", "RNTO", "x", CTALG_COMMAND_WRITES, false },
		{ "MKD x\r\n", "MKD", "x", CTALG_COMMAND_WRITES, false },
		{ "XMKD x\r\n", "XMKD", "x", CTALG_COMMAND_WRITES, false },
		{ "RMD x\r\n", "RMD", "x", CTALG_COMMAND_WRITES, false },
		{ "XRMD x\r\n", "XRMD", "x", CTALG_COMMAND_WRITES, false },
		{ "RMDA x\r\n", "RMDA", "x", CTALG_COMMAND_WRITES, false },
		{ "COMB a b\r\n", "COMB", "a b", CTALG_COMMAND_WRITES, false },
		{ "SITE CHMOD 777 x\r\n", "SITE", "CHMOD 777 x", CTALG_COMMAND_WRITES, false },
		{ "MFMT 20200101000000 a b\r\n", "MFMT", "a b", CTALG_COMMAND_WRITES, false },
		{ "MFCT 20200101000000 x\r\n", "MFCT", "x", CTALG_COMMAND_WRITES, false },
		{ "MFF Create=1;Modify=2; x\r\n", "MFF", "x", CTALG_COMMAND_WRITES, false },
		{ "MFMT x\r\n", "MFMT", "x", CTALG_COMMAND_WRITES, false },
		{ "MDTM a b\r\n", "MDTM", "a b", 0, false },
		{ "MDTM 20200101000000\r\n", "MDTM", "20200101000000", 0, false },
		{ "MDTM 2020 x\r\n", "MDTM", "2020 x", 0, false },
		{ "MDTM 20200101000000.5 x\r\n", "MFMT", "x", CTALG_COMMAND_WRITES, false },
		{ "ALLO 5\r\n", "ALLO", "", 0, false },
		{ "REST 5\r\n", "REST", "", 0, false },
		{ "AUTH TLS\r\n", "AUTH", "", CTALG_COMMAND_ENCRYPTS, false },
		{ "ADAT x\r\n", "ADAT", "", 0, false },
		{ "CWD x\r\n", "CWD", "x", 0, false },
		{ "XCWD x\r\n", "XCWD", "x", 0, false },
		{ "SMNT x\r\n", "SMNT", "x", 0, false },
		{ "STAT x\r\n", "STAT", "x", 0, false },
		{ "STAT\r\n", "STAT", "", 0, false },
		{ "HASH x\r\n", "HASH", "x", 0, false },
		{ "XCRC x\r\n", "XCRC", "x", 0, false },
		{ "XSHA512 x\r\n", "XSHA512", "x", 0, false },
		{ "md5 x\r\n", "MD5", "x", 0, false },
		{ "PASS secret\r\n", "PASS", "", 0, false },
		{ "EPSV ALL\r\n", "EPSV", "", 0, false },
		{ "PORT nonsense\r\n", "PORT", "", 0, false },
		{ "XYZZY x\r\n", "other", "", 0, false },
		{ "DELETE x\r\n", "other", "", 0, false },
		{ "XSHA5120 x\r\n", "other", "", 0, false },
		{ "DELE/x\r\n", "other", "", 0, false },
		{ "5DELE x\r\n", "other", "", 0, false },
		{ "DE LE x\r\n", "other", "", 0, false },
		{ "   \r\n", "other", "", 0, false },
		/* What one server or another takes for these commands all the same. */
		{ " \t DELE  x\r\n", "DELE", "x", CTALG_COMMAND_WRITES, false },
		{ "\x0b"
		  "DELE x\r\n",
		  "DELE", "x", CTALG_COMMAND_WRITES, true },
		{ "DELE\x0bx\r\n", "DELE", "\x0bx", CTALG_COMMAND_WRITES, true },
		{ "DELE\rx\r\n", "DELE", "\rx", CTALG_COMMAND_WRITES, true },
		{ "\x80\x01"
		  "DELE x\r\n",
		  "DELE", "x", CTALG_COMMAND_WRITES, true },
		{ "\xff\xf1"
		  "DELE x\r\n",
		  "DELE", "x", CTALG_COMMAND_WRITES, false },
		{ "DE\xff\xf1LE x\r\n", "DELE", "x", CTALG_COMMAND_WRITES, true },
		{ "\xff\xfb\x03"
		  "DELE x\r\n",
		  "DELE", "x", CTALG_COMMAND_WRITES, true },
		{ "\xff\xfbqDELE x\r\n", "DELE", "x", CTALG_COMMAND_WRITES, false },
		{ "DE\xff\xfd"
		  "eLE x\r\n",
		  "DELE", "x", CTALG_COMMAND_WRITES, true },
		{ "\xff\xfb"
		  "DELE x\r\n",
		  "DELE", "x", CTALG_COMMAND_WRITES, false },
		{ "\xff\xf4\xff\xf2"
		  "ABOR\r\n",
		  "ABOR", "", 0, false },
		{ "\xff(DELE x\r\n", "other", "", 0, false },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct ctalg_command *c;
		struct ftp_state st = { .last = 0 };
		REPORT(r);

		parse(&st, CTALG_DIR_ORIG, cases[i].line, &r);
		c = &ftp_proto.commands[r.command];
		if (strcmp(c->name, cases[i].command) || c->flags != cases[i].flags ||
		    r.ops != (CTALG_OP_ASKS | (cases[i].ambiguous ? CTALG_OP_AMBIGUOUS : 0)) ||
		    r.object.len != strlen(cases[i].object) ||
		    memcmp(cases[i].line + r.object.off, cases[i].object, r.object.len))
			fail_msg("\"%s\": %s, %.*s", cases[i].line, c->name, (int)r.object.len,
				 cases[i].line + r.object.off);
	}
}

/* Whom Telnet bytes make known to some servers is known here, too. */
static void who_speaks_through_telnet(void **unused)
{
	struct ftp_state st = { .last = 0 };

	(void)unused;
	check(&st, CTALG_DIR_ORIG, "\xff\xf1USER root\r\n", "other user=root nul-or-telnet-bytes");
}

#define ANSWER (CTALG_OP_ANSWERS | CTALG_OP_ANSWERED)
#define PART (CTALG_OP_ANSWERS | CTALG_OP_PART)

/* Which request a line answers is counted in the same way on both sides of the parser. */
static void who_is_answered(void **unused)
{
	static const struct {
		const char *line;
		u32 ops;
	} dialog[] = {
		/* the greeting answers nobody, not even who has asked before it came */
		{ ">USER a\r\n", CTALG_OP_ASKS },
		{ "<120-wait\r\n", 0 },
		{ "<120 wait\r\n", 0 },
		{ "<220-hello\r\n", 0 },
		{ "< you\r\n", 0 },
		{ "<220 hello\r\n", 0 },
		{ "<331 who\r\n", ANSWER },
		{ "<331 who\r\n", 0 },
		{ ">\r\n", CTALG_OP_AMBIGUOUS },
		{ ">\n", CTALG_OP_AMBIGUOUS },
		{ ">REIN\r\n", CTALG_OP_ASKS },
		{ "<120 wait\r\n", CTALG_OP_ANSWERS },
		{ "<220 hello again\r\n", ANSWER },
		{ ">FEAT\r\n", CTALG_OP_ASKS },
		{ ">who are you\r\n", CTALG_OP_ASKS },
		{ "<211-this\r\n", PART },
		{ "< 500 that\r\n", PART },
		{ "<500 that\r\n", PART },
		{ "<\r\n", PART },
		{ "<211-\xff\r\n", PART },
		{ "<211 end\r\n", ANSWER | PART },
		{ "<no code\r\n", 0 },
		{ "<500 \xff\r\n", ANSWER },
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ "<150 here\r\n", CTALG_OP_ANSWERS },
		{ "<226-done\r\n", PART },
		{ "<226 done\r\n", ANSWER | PART },
		/* with ABOR, one answer may be all there is; its own may still come */
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ ">\xff\xf4\xff\xf2"
		  "ABOR\r\n",
		  CTALG_OP_ASKS },
		{ "<226 done\r\n", ANSWER | CTALG_OP_ANSWERED_ALL },
		{ ">NOOP\r\n", CTALG_OP_ASKS },
		{ "<226-nothing\r\n", 0 },
		{ "<226 to do\r\n", 0 },
		{ "<200 ok\r\n", ANSWER },
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ ">ABOR\r\n", CTALG_OP_ASKS },
		{ "<225 done\r\n", ANSWER | CTALG_OP_ANSWERED_ALL },
		{ ">RETR y\r\n", CTALG_OP_ASKS },
		{ "<150 here\r\n", CTALG_OP_ANSWERS },
		{ "<226 done\r\n", ANSWER },
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ ">ABOR\r\n", CTALG_OP_ASKS },
		{ "<426 stopped\r\n", ANSWER },
		{ "<226 done\r\n", ANSWER },
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ ">ABOR\r\n", CTALG_OP_ASKS },
		{ "<226 done\r\n", ANSWER | CTALG_OP_ANSWERED_ALL },
		{ ">NOOP\r\n", CTALG_OP_ASKS },
		{ "<502 ABOR is unknown\r\n", 0 },
		{ "<200 ok\r\n", ANSWER },
		/* with others behind it or before it, each has its own */
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ ">ABOR\r\n", CTALG_OP_ASKS },
		{ ">NOOP\r\n", CTALG_OP_ASKS },
		{ "<226 done\r\n", ANSWER },
		{ "<226 done\r\n", ANSWER },
		{ "<200 ok\r\n", ANSWER },
		{ ">RETR x\r\n", CTALG_OP_ASKS },
		{ ">NOOP\r\n", CTALG_OP_ASKS },
		{ ">ABOR\r\n", CTALG_OP_ASKS },
		{ "<226 done\r\n", ANSWER },
		{ "<200 ok\r\n", ANSWER },
		{ "<226 done\r\n", ANSWER },
		{ ">AUTH TLS\r\n", CTALG_OP_ASKS },
		{ "<234 go\r\n", ANSWER | CTALG_OP_OPAQUE },
		{ "<421 nobody asked\r\n", 0 },
		{ ">NOOP\r\n", CTALG_OP_ASKS },
		{ "<421-bye\r\n", CTALG_OP_PART },
		{ "<421 bye\r\n", CTALG_OP_PART | CTALG_OP_ANSWERED },
	};
	struct ftp_state st = { .last = 0 };
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(dialog); i++) {
		REPORT(r);

		parse(&st, dialog[i].line[0] == '<', dialog[i].line + 1, &r);
		if (r.ops != dialog[i].ops)
			fail_msg("line %u, \"%s\": %#x, not %#x", i, dialog[i].line, r.ops,
				 dialog[i].ops);
	}
	assert_int_equal(st.pending, 0);
}

static u16 command_of(const char *name)
{
	u16 i;

	for (i = 0; strcmp(ftp_proto.commands[i].name, name); i++)
		assert_true(i + 1 < ftp_proto.n_commands);
	return i;
}

static void what_is_said_instead(void **unused)
{
	static const struct {
		const char *command;
		u16 reason, code;
		const char *text, *want;
	} cases[] = {
		{ "DELE", CTALG_R_POLICY_DENIED, 0, "",
		  "550 Refused by policy: this is not permitted here.\r\n" },
		{ "other", CTALG_R_POLICY_DENIED, 0, "x", "550 x\r\n" },
		{ "USER", CTALG_R_POLICY_DENIED, 0, "x", "530 x\r\n" },
		{ "PASS", CTALG_R_POLICY_DENIED, 0, "x", "530 x\r\n" },
		{ "ACCT", CTALG_R_POLICY_DENIED, 0, "x", "530 x\r\n" },
		{ "AUTH", CTALG_R_POLICY_DENIED, 0, "x", "534 x\r\n" },
		{ "AUTH", CTALG_R_POLICY_OPAQUE, 0, "",
		  "534 Refused by policy: go on without encryption.\r\n" },
		{ "PORT", CTALG_R_POLICY_MALFORMED, 0, "",
		  "501 Refused by policy: this cannot be understood.\r\n" },
		{ "USER", CTALG_R_POLICY_MALFORMED, 0, "x", "501 x\r\n" },
		{ "RETR", CTALG_R_POLICY_RATE, 0, "",
		  "450 Refused by policy: too often. Try again later.\r\n" },
		{ "USER", CTALG_R_POLICY_SESSIONS, 0, "",
		  "530 Refused by policy: too many sessions. Close one first.\r\n" },
		{ "PASV", CTALG_R_POLICY_HIDE, 0, "",
		  "550 Refused by policy: this names an inside address.\r\n" },
		{ "USER", CTALG_R_POLICY_USER, 0, "",
		  "530 Refused by policy: the user name is too long.\r\n" },
		{ "RETR", CTALG_R_POLICY_SIZE, 0, "",
		  "500 Refused by policy: this is too long.\r\n" },
		{ "DELE", CTALG_R_POLICY_DENIED, 553, "x", "553 x\r\n" },
		{ "DELE", CTALG_R_POLICY_DENIED, 400, "x", "400 x\r\n" },
		/* not one of a refusal */
		{ "DELE", CTALG_R_POLICY_DENIED, 200, "x", "550 x\r\n" },
		{ "DELE", CTALG_R_POLICY_DENIED, 600, "x", "550 x\r\n" },
		{ "DELE", CTALG_R_POLICY_DENIED, 0, "a\r\n200 b", "550 a??200 b\r\n" },
	};
	struct ctalg_report r = { .ops = ANSWER };
	char buf[CTALG_ANSWER_MAX + 1];
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_answer a = { .reason = cases[i].reason,
					  .code = cases[i].code,
					  .command = command_of(cases[i].command),
					  .len = (u8)strlen(cases[i].text) };

		memcpy(a.text, cases[i].text, a.len);
		r.ops = ANSWER;
		buf[ftp_proto.answer(&r, NULL, &a, buf, CTALG_ANSWER_MAX)] = 0;
		assert_string_equal(buf, cases[i].want);
		r.ops = CTALG_OP_ANSWERS;
		buf[ftp_proto.answer(&r, NULL, &a, buf, CTALG_ANSWER_MAX)] = 0;
		assert_int_equal(buf[3], '-');
		r.ops = CTALG_OP_ANSWERED;
		assert_int_equal(ftp_proto.answer(&r, NULL, &a, buf, CTALG_ANSWER_MAX), 0);
		r.ops = ANSWER;
		assert_int_equal(ftp_proto.answer(&r, NULL, &a, buf, CTALG_ANSWER_MAX - 1), 0);
	}
}

static void the_longest_answer(void **unused)
{
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED, .len = CTALG_ANSWER_TEXT };
	struct ctalg_report r = { .ops = ANSWER };
	char buf[CTALG_ANSWER_MAX];

	(void)unused;
	memset(a.text, 'x', sizeof(a.text));
	assert_int_equal(ftp_proto.answer(&r, NULL, &a, buf, sizeof(buf)),
			 4 + CTALG_ANSWER_TEXT + 2);
	assert_memory_equal(buf + 4 + CTALG_ANSWER_TEXT, "\r\n", 2);
}

/* A line that was no command is the latest all the same: refused, it closes nothing. */
static void what_is_no_command_is_the_latest(void **unused)
{
	static const struct line lines[] = {
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ ">XYZZY\r\n", "other" },
		{ "<200 ok\r\n", "reply" },
		{ "<500 what\r\n", "reply" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ ">\xff\xf4NOOP\r\n", "other nul-or-telnet-bytes" },
		{ "<200 ok\r\n", "reply" },
		{ "<500 what\r\n", "reply" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

/* Commands sent without waiting: each reply belongs to the oldest that has none. */
static void pipelined_commands(void **unused)
{
	static const struct line lines[] = {
		{ "<220 hello\r\n", "reply" },
		{ ">CWD x\r\n", "command object=x" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<550 no x\r\n", "reply" },
		{ "<200 ok\r\n", "reply" },
		{ ">CWD x\r\n", "command object=x" },
		{ ">PORT 10,0,0,2,4,1\r\n", "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1" },
		{ "<200 ok\r\n", "reply" },
		{ "<500 no\r\n", "reply withdraw" },
		{ ">EPSV ALL\r\n", "EPSV ALL" },
		{ ">NOOP\r\n", "command" },
		{ "<500 no\r\n", "reply" },
		{ "<200 ok\r\n", "reply" },
	};

	(void)unused;
	check_dialog(lines, ARRAY_SIZE(lines));
}

/* The first reply to many is not the last command's. */
static void very_many_commands(void **unused)
{
	struct ftp_state st = { .last = 0 };
	u32 i;

	(void)unused;
	for (i = 0; i < 300; i++) {
		check(&st, CTALG_DIR_ORIG, "PORT 10,0,0,2,4,1\n",
		      "PORT 10.0.0.2:1025 hostport=10,0,0,2,4,1");
		if (i)
			assert_true(st.pending > 1);
	}
	check(&st, CTALG_DIR_REPLY, "500 no\r\n", "reply");
}

static void auth_tls(void **unused)
{
	struct ftp_state st = { .last = 0 };

	(void)unused;
	check(&st, CTALG_DIR_REPLY, "234 not asked for\r\n", "reply");
	assert_int_equal(st.tls, FTP_TLS_OFF);
	check(&st, CTALG_DIR_ORIG, "AUTH TLS\r\n", "AUTH");
	check(&st, CTALG_DIR_REPLY, "534 no\r\n", "reply");
	check(&st, CTALG_DIR_REPLY, "234 late\r\n", "reply");
	assert_int_equal(st.tls, FTP_TLS_OFF);
	check(&st, CTALG_DIR_ORIG, "AUTH TLS\r\n", "AUTH");
	check(&st, CTALG_DIR_REPLY, "234-go\r\n", "reply");
	assert_int_equal(st.tls, FTP_TLS_OFF);
	check(&st, CTALG_DIR_REPLY, "234 go\r\n", "reply tls-control-channel");
	assert_int_equal(st.tls, FTP_TLS_ON);
}

static void check_frame(const struct ftp_state *st, u8 dir, u32 seen, const void *data, u32 len,
			u8 verdict, u32 n)
{
	u8 *copy = exact(data, len);
	struct ctalg_frame f = ftp_proto.frame(st, dir, seen, copy, len);

	if (f.verdict != verdict ||
	    ((verdict == CTALG_FRAME_MESSAGE || verdict == CTALG_FRAME_SKIP) && f.n != n))
		fail_msg("\"%.*s\": verdict %u, %u bytes", (int)len, (const char *)data, f.verdict,
			 f.n);
	free(copy);
}

static void the_first_line_decides(void **unused)
{
	static const struct {
		u8 dir;
		u8 verdict;
		const char *text;
	} cases[] = {
		{ 0, CTALG_FRAME_MESSAGE, "USER x\r\n" },
		{ 0, CTALG_FRAME_MESSAGE, "user\n" },
		{ 0, CTALG_FRAME_MESSAGE, "AUTH TLS\r\n" },
		{ 0, CTALG_FRAME_MESSAGE, " FEAT\r\n" },
		{ 0, CTALG_FRAME_MORE, "USER x" },
		{ 0, CTALG_FRAME_NOT_OURS, "POST / HTTP/1.1" },
		{ 0, CTALG_FRAME_NOT_OURS, "POST / HTTP/1.1\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "GET / HTTP/1.1\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "USER / HTTP/1.1\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "STAT / HTTP/1.0\n" },
		{ 0, CTALG_FRAME_MESSAGE, "USER http/1\r\n" },
		{ 0, CTALG_FRAME_MESSAGE, "HELP\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "USERX\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "USER:x\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "XXXX y\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "\x16\x03\x01\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "220 hello\r\n" },
		{ 0, CTALG_FRAME_NOT_OURS, "\x16\x03\x01" },
		{ 0, CTALG_FRAME_NOT_OURS, "USERX" },
		{ 0, CTALG_FRAME_NOT_OURS, "GET /" },
		{ 0, CTALG_FRAME_MORE, "  " },
		{ 0, CTALG_FRAME_MORE, " us" },
		{ 0, CTALG_FRAME_MORE, "user anon" },
		{ 1, CTALG_FRAME_MESSAGE, "220 hello\r\n" },
		{ 1, CTALG_FRAME_MESSAGE, "220-hello\r\n" },
		{ 1, CTALG_FRAME_MESSAGE, "220\r\n" },
		{ 1, CTALG_FRAME_MORE, "220 he" },
		{ 1, CTALG_FRAME_NOT_OURS, "HTTP/1.1 200 ok\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "2200 x\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "22 x\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "220x\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "099 x\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "600 x\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "USER x\r\n" },
		{ 1, CTALG_FRAME_NOT_OURS, "login: " },
		{ 1, CTALG_FRAME_NOT_OURS, "22x" },
		{ 1, CTALG_FRAME_NOT_OURS, "2200" },
		{ 1, CTALG_FRAME_MORE, "2" },
		{ 1, CTALG_FRAME_MORE, "220" },
		{ 1, CTALG_FRAME_MORE, "220-hel" },
	};
	struct ftp_state st = { .last = 0 };
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 len = (u32)strlen(cases[i].text);

		check_frame(&st, cases[i].dir, 0, cases[i].text, len, cases[i].verdict, len);
		check_frame(&st, cases[i].dir, 1, cases[i].text, len, CTALG_FRAME_NOT_OURS, 0);
	}
}

/* A direction is anchored by its own first line only. */
static void later_lines_are_lines(void **unused)
{
	struct ftp_state st = { .last = 0 };

	(void)unused;
	check(&st, CTALG_DIR_REPLY, "220 hello\r\n", "reply");
	check_frame(&st, CTALG_DIR_REPLY, 0, "any\nthing\n", 10, CTALG_FRAME_MESSAGE, 4);
	check_frame(&st, CTALG_DIR_REPLY, 3, "any\nthing\n", 10, CTALG_FRAME_MESSAGE, 4);
	check_frame(&st, CTALG_DIR_REPLY, 0, "any", 3, CTALG_FRAME_MORE, 0);
	check_frame(&st, CTALG_DIR_ORIG, 0, "any\n", 4, CTALG_FRAME_NOT_OURS, 0);
	check_frame(&st, CTALG_DIR_REPLY, 0, "\x16\x03\x01\x00\x05", 5, CTALG_FRAME_MORE, 0);
}

/* Records are skipped by their length; a line in the clear is a line again (CCC). */
static void tls_records(void **unused)
{
	struct ftp_state st = { .anchored = { true, true }, .tls = FTP_TLS_ON };

	(void)unused;
	check_frame(&st, 0, 0, "\x16\x03\x01\x00\x05", 5, CTALG_FRAME_SKIP, 10);
	check_frame(&st, 0, 0, "\x14\x03\x01\x00\x01", 5, CTALG_FRAME_SKIP, 6);
	check_frame(&st, 0, 0, "\x18\x03\x03\x00\x00xx", 7, CTALG_FRAME_SKIP, 5);
	check_frame(&st, 0, 0, "\x17\x03\x03\x48\x00", 5, CTALG_FRAME_SKIP, 5 + 0x4800);
	check_frame(&st, 0, 0, "\x17\x03\x03\x48\x01", 5, CTALG_FRAME_OPAQUE, 0);
	check_frame(&st, 0, 0, "\x17\x02\x03\x00\x05", 5, CTALG_FRAME_OPAQUE, 0);
	check_frame(&st, 0, 0, "\x17\x03\x03\x00", 4, CTALG_FRAME_MORE, 0);
	check_frame(&st, 0, 0, "\x17", 1, CTALG_FRAME_MORE, 0);
	check_frame(&st, 0, 4, "\x05hello", 6, CTALG_FRAME_OPAQUE, 0);
	check_frame(&st, 0, 4, "PORT\n", 5, CTALG_FRAME_OPAQUE, 0);
	check_frame(&st, 0, 0, "PORT\n", 5, CTALG_FRAME_MESSAGE, 5);
	check_frame(&st, 0, 0, "\x13\n", 2, CTALG_FRAME_MESSAGE, 2);
	check_frame(&st, 0, 0, "\x19\n", 2, CTALG_FRAME_MESSAGE, 2);
	check_frame(&st, 1, 0, "\x15\x03\x03\x00\x02\x01\x00", 7, CTALG_FRAME_SKIP, 7);
}

/* More than one request, or another one, to some server. */
static void what_is_ambiguous(void **unused)
{
	static const struct {
		const char *line;
		u32 len;
		bool is;
	} cases[] = {
		{ "NOOP\rDELE x\r\n", 13, true },
		{ "NOOP\0DELE x\r\n", 13, true },
		{ "NO\xff\xf1OP\r\n", 8, true },
		{ "STOR a\xff\xfb\x01b\r\n", 12, true },
		{ "NOOP\r\n", 6, false },
		{ "NOOP\r\r\n", 7, false },
		{ "NOOP\n", 5, true },
		{ "\r\n", 2, true },
		{ "NO\x0bOP\r\n", 7, true },
		{ "NOOP\ta\r\n", 8, false },
		{ "\xff\xf4\xff\xf2"
		  "ABOR\r\n",
		  10, false },
		{ "\xf2"
		  "ABOR\r\n",
		  7, false },
		{ "STOR \xc3\xa4\r\n", 9, false },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_message m = { .data = (const u8 *)cases[i].line,
					   .len = cases[i].len,
					   .dir = CTALG_DIR_ORIG };
		struct ftp_state st = { .last = 0 };
		REPORT(r);

		ftp_proto.parse(&st, &m, &r);
		if (!!(r.ops & CTALG_OP_AMBIGUOUS) != cases[i].is)
			fail_msg("line %u", i);
	}
}

static u32 ops_of(struct ftp_state *st, u8 dir, const char *line)
{
	REPORT(r);

	parse(st, dir, line, &r);
	return r.ops;
}

/* A user is who has been let in, and of two names under way nobody could tell which that is. */
static void who_is_logged_in(void **unused)
{
	struct ftp_state st = { .greeted = true };

	(void)unused;
	assert_false(ops_of(&st, CTALG_DIR_ORIG, "USER bob\r\n") & CTALG_OP_AMBIGUOUS);
	assert_false(ops_of(&st, CTALG_DIR_REPLY, "331 Password\r\n") & CTALG_OP_LOGIN);
	assert_false(ops_of(&st, CTALG_DIR_ORIG, "PASS x\r\n") & CTALG_OP_AMBIGUOUS);
	assert_true(ops_of(&st, CTALG_DIR_REPLY, "230 In\r\n") & CTALG_OP_LOGIN);
	/* Refused, it changes nothing. */
	assert_false(ops_of(&st, CTALG_DIR_ORIG, "USER admin\r\n") & CTALG_OP_AMBIGUOUS);
	assert_int_equal(ops_of(&st, CTALG_DIR_REPLY, "530 Can't change\r\n") &
				 (CTALG_OP_LOGIN | CTALG_OP_NO_LOGIN),
			 CTALG_OP_NO_LOGIN);
	/* Behind others in one go. */
	ops_of(&st, CTALG_DIR_ORIG, "NOOP\r\n");
	assert_false(ops_of(&st, CTALG_DIR_ORIG, "USER a\r\n") & CTALG_OP_AMBIGUOUS);
	assert_false(ops_of(&st, CTALG_DIR_ORIG, "PASS b\r\n") & CTALG_OP_AMBIGUOUS);
	assert_true(ops_of(&st, CTALG_DIR_ORIG, "USER admin\r\n") & CTALG_OP_AMBIGUOUS);
	ops_of(&st, CTALG_DIR_REPLY, "200 ok\r\n");
	ops_of(&st, CTALG_DIR_REPLY, "331 Password\r\n");
	assert_int_equal(st.login, 2);
	/* An answer to something else is none to a login. */
	st = (struct ftp_state){ .greeted = true };
	ops_of(&st, CTALG_DIR_ORIG, "STAT\r\n");
	assert_false(ops_of(&st, CTALG_DIR_REPLY, "230 In?\r\n") & CTALG_OP_LOGIN);
}

/* Pure-FTPd, vsftpd and others know PASV by another name, for firewalls' sake. */
static void pasv_by_another_name(void **unused)
{
	struct ftp_state st = { .greeted = true };
	REPORT(r);

	(void)unused;
	parse(&st, CTALG_DIR_ORIG, "p@sw\r\n", &r);
	assert_string_equal(ftp_proto.commands[r.command].name, "PASV");
	assert_int_equal(r.kind, FTP_PASV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(port_commands),
		cmocka_unit_test(eprt_commands),
		cmocka_unit_test(other_commands),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(replies_227),
		cmocka_unit_test(replies_229),
		cmocka_unit_test(several_lines),
		cmocka_unit_test(codes_inside_text),
		cmocka_unit_test(epsv_all),
		cmocka_unit_test(epsv_all_refused),
		cmocka_unit_test(a_refused_request_is_withdrawn),
		cmocka_unit_test(what_is_asked_for),
		cmocka_unit_test(what_is_ambiguous),
		cmocka_unit_test(who_is_logged_in),
		cmocka_unit_test(pasv_by_another_name),
		cmocka_unit_test(who_speaks_through_telnet),
		cmocka_unit_test(who_is_answered),
		cmocka_unit_test(what_is_said_instead),
		cmocka_unit_test(the_longest_answer),
		cmocka_unit_test(what_is_no_command_is_the_latest),
		cmocka_unit_test(pipelined_commands),
		cmocka_unit_test(very_many_commands),
		cmocka_unit_test(auth_tls),
		cmocka_unit_test(the_first_line_decides),
		cmocka_unit_test(later_lines_are_lines),
		cmocka_unit_test(tls_records),
	};

	return cmocka_run_group_tests_name("ftp_parse", tests, NULL, NULL);
}
