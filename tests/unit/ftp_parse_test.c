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
	u8 i;

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

	memset(r, 0, sizeof(*r));
	ftp_proto.parse(st, &m, r);
	free((void *)(uintptr_t)m.data);
}

static void check(struct ftp_state *st, u8 dir, const char *line, const char *want)
{
	struct ctalg_report r;
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
	struct ctalg_report r = { .kind = 0 };

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

/* More commands than can be counted: the first reply is still not the last command's. */
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
		cmocka_unit_test(pipelined_commands),
		cmocka_unit_test(very_many_commands),
		cmocka_unit_test(auth_tls),
		cmocka_unit_test(the_first_line_decides),
		cmocka_unit_test(later_lines_are_lines),
		cmocka_unit_test(tls_records),
	};

	return cmocka_run_group_tests_name("ftp_parse", tests, NULL, NULL);
}
