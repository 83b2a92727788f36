// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "helpers/ftp/ftp_parse.h"
#include "src/engine/plan.h"

STATIC_PLAN_ROOM(room);

/* The sender's two faces, and whom it talks to. */
static const struct {
	const char *self, *self_out, *peer;
	u16 self_port, self_out_port;
} views[] = {
#define NO_NAT 0
	{ "10.0.0.2", "10.0.0.2", "198.51.100.1", 40000, 40000 },
#define SNAT 1
	{ "10.0.0.2", "203.0.113.1", "198.51.100.1", 40000, 61000 },
#define DNAT 2
	{ "10.0.0.9", "203.0.113.1", "198.51.100.7", 21, 2121 },
#define NO_NAT6 3
	{ "fd00::2", "fd00::2", "2001:db8:1::1", 40000, 40000 },
#define NAT66 4
	{ "fd00::2", "2001:db8::1", "2001:db8:1::1", 40000, 61000 },
};

static struct ctalg_view view_of(u32 i)
{
	struct ctalg_view v = {
		.self = addr_of(views[i].self),
		.self_out = addr_of(views[i].self_out),
		.peer = addr_of(views[i].peer),
		.self_port = views[i].self_port,
		.self_out_port = views[i].self_out_port,
	};

	return v;
}

/* Stands for the core: gives the ports it is told to give and writes down what was asked. */
struct opener {
	u16 give;
	u32 refuse_at;
	u32 opened;
	u32 undone;
	char text[500];
	char edits[200];
};

static void endpoint_text(char *text, size_t cap, const struct ctalg_addr *a, u16 port)
{
	char addr[CTALG_TOKEN_MAX];

	snprintf(text, cap, "%.*s:%u", (int)ctalg_addr_write(a, addr, sizeof(addr)), addr, port);
}

static unsigned int open_pinhole(void *ctx, struct ctalg_opening *o)
{
	char in[80], out[80], from[80];
	struct opener *op = ctx;
	size_t n = strlen(op->text);

	if (++op->opened == op->refuse_at)
		return CTALG_R_NO_PORT;
	endpoint_text(in, sizeof(in), &o->inside, o->inside_port);
	endpoint_text(out, sizeof(out), &o->outside, o->outside_port);
	endpoint_text(from, sizeof(from), &o->from, 0);
	from[strlen(from) - 2] = 0;
	snprintf(op->text + n, sizeof(op->text) - n, "%s%s > %s > %s%s%s", n ? "; " : "",
		 from[0] ? from : "any", out, in, o->fixed_port ? " fixed" : "",
		 o->l4 == CTALG_L4_UDP ? " udp" : "");
	if (op->give)
		o->outside_port = op->give;
	return CTALG_R_NONE;
}

static void undo(void *ctx)
{
	struct opener *op = ctx;

	op->undone++;
}

static void edited(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o)
{
	char old[80], new[80];
	struct opener *op = ctx;

	endpoint_text(old, sizeof(old), &ep->addr, ep->port);
	endpoint_text(new, sizeof(new), &o->outside, o->outside_port);
	snprintf(op->edits, sizeof(op->edits), "%s > %s", old, new);
}

static const struct ctalg_plan_ops ops = { .open = open_pinhole, .undo = undo, .edited = edited };

struct ftp_case {
	u32 view;
	u32 policy;
	u8 dir;
	u16 give;
	const char *line;
	unsigned int reason;
	const char *opened;
	const char *sent;
};

#define ORIG CTALG_DIR_ORIG
#define REPLY CTALG_DIR_REPLY
static const struct ctalg_grant *granted(u32 bits)
{
	static struct ctalg_grant g;

	ctalg_grant_find(&g, NULL, NULL, bits);
	return &g;
}

#define LOOSE CTALG_POLICY_LOOSE
#define ANY CTALG_POLICY_ANY_SOURCE

static const struct ftp_case cases[] = {
	/* without NAT everything is opened and nothing changes */
	{ NO_NAT, 0, ORIG, 0, "PORT 10,0,0,2,4,1\r\n", 0,
	  "198.51.100.1 > 10.0.0.2:1025 > 10.0.0.2:1025", "PORT 10,0,0,2,4,1\r\n" },
	{ NO_NAT, 0, ORIG, 0, "PORT 010,000,000,002,004,001\r\n", 0,
	  "198.51.100.1 > 10.0.0.2:1025 > 10.0.0.2:1025", "PORT 010,000,000,002,004,001\r\n" },
	{ NO_NAT6, 0, ORIG, 0, "EPRT !2!FD00:0::2!1025!\r\n", 0,
	  "2001:db8:1::1 > fd00::2:1025 > fd00::2:1025", "EPRT !2!FD00:0::2!1025!\r\n" },
	{ NO_NAT, 0, REPLY, 0, "229 ok (|||01025|)\r\n", 0,
	  "198.51.100.1 > 10.0.0.2:1025 > 10.0.0.2:1025", "229 ok (|||01025|)\r\n" },
	/* the client is inside */
	{ SNAT, 0, ORIG, 0, "PORT 10,0,0,2,4,1\r\n", 0,
	  "198.51.100.1 > 203.0.113.1:1025 > 10.0.0.2:1025", "PORT 203,0,113,1,4,1\r\n" },
	{ SNAT, 0, ORIG, 5001, "  port\t010,0,0,2,4,1 \n", 0,
	  "198.51.100.1 > 203.0.113.1:1025 > 10.0.0.2:1025", "  port\t203,0,113,1,19,137 \n" },
	{ SNAT, 0, ORIG, 5001, "EPRT !1!10.0.0.2!1025!\r\n", 0,
	  "198.51.100.1 > 203.0.113.1:1025 > 10.0.0.2:1025", "EPRT !1!203.0.113.1!5001!\r\n" },
	{ NAT66, 0, ORIG, 5001, "EPRT |2|FD00:0:0::2|1025|\r\n", 0,
	  "2001:db8:1::1 > 2001:db8::1:1025 > fd00::2:1025", "EPRT |2|2001:db8::1|5001|\r\n" },
	{ NAT66, 0, REPLY, 0, "229 (|||1025|)\r\n", 0,
	  "2001:db8:1::1 > 2001:db8::1:1025 > fd00::2:1025", "229 (|||1025|)\r\n" },
	/* the server is inside */
	{ DNAT, 0, REPLY, 0, "227 ok (10,0,0,9,4,1).\r\n", 0,
	  "198.51.100.7 > 203.0.113.1:1025 > 10.0.0.9:1025", "227 ok (203,0,113,1,4,1).\r\n" },
	{ DNAT, 0, REPLY, 5001, "229 (|||1025|)\r\n", 0,
	  "198.51.100.7 > 203.0.113.1:1025 > 10.0.0.9:1025", "229 (|||5001|)\r\n" },
	{ DNAT, 0, REPLY, 0, "229 (|||01025|)\r\n", 0,
	  "198.51.100.7 > 203.0.113.1:1025 > 10.0.0.9:1025", "229 (|||01025|)\r\n" },
	/* the server says its outside address itself: that stands, and the pinhole leads inside */
	{ DNAT, 0, REPLY, 0, "227 (203,0,113,001,4,1)\r\n", 0,
	  "198.51.100.7 > 203.0.113.1:1025 > 10.0.0.9:1025", "227 (203,0,113,001,4,1)\r\n" },
	{ DNAT, 0, REPLY, 5001, "227 (203,0,113,1,4,1)\r\n", 0,
	  "198.51.100.7 > 203.0.113.1:1025 > 10.0.0.9:1025", "227 (203,0,113,1,19,137)\r\n" },
	/* any source */
	{ SNAT, ANY, ORIG, 0, "PORT 10,0,0,2,4,1\r\n", 0, "any > 203.0.113.1:1025 > 10.0.0.2:1025",
	  "PORT 203,0,113,1,4,1\r\n" },
	/* somebody else's address */
	{ SNAT, 0, ORIG, 0, "PORT 10,0,0,3,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ SNAT, ANY, ORIG, 0, "PORT 10,0,0,3,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ SNAT, 0, ORIG, 0, "PORT 198,51,100,1,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ SNAT, 0, ORIG, 0, "PORT 0,0,0,0,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ NO_NAT6, 0, ORIG, 0, "EPRT |2|fd00::3|1025|\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ SNAT, LOOSE, ORIG, 5001, "PORT 10,0,0,3,4,1\r\n", 0,
	  "198.51.100.1 > 10.0.0.3:1025 > 10.0.0.3:1025 fixed", "PORT 10,0,0,3,4,1\r\n" },
	{ SNAT, LOOSE | ANY, ORIG, 0, "PORT 192,0,2,3,4,1\r\n", 0,
	  "any > 192.0.2.3:1025 > 192.0.2.3:1025 fixed", "PORT 192,0,2,3,4,1\r\n" },
	{ SNAT, LOOSE, ORIG, 0, "PORT 10,0,0,3,0,22\r\n", CTALG_R_PORT_PRIVILEGED, "", NULL },
	{ SNAT, LOOSE, ORIG, 0, "PORT 10,0,0,3,12,234\r\n", CTALG_R_PORT_DENIED, "", NULL },
	{ SNAT, LOOSE, ORIG, 0, "PORT 0,0,0,0,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ SNAT, LOOSE, ORIG, 0, "PORT 127,0,0,1,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ SNAT, LOOSE, ORIG, 0, "PORT 239,1,1,1,4,1\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ NO_NAT6, LOOSE, ORIG, 0, "EPRT |2|::1|1025|\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	{ NO_NAT6, LOOSE, ORIG, 0, "EPRT |2|ff05::1|1025|\r\n", CTALG_R_THIRD_PARTY, "", NULL },
	/* the other family */
	{ NAT66, 0, ORIG, 0, "PORT 10,0,0,2,4,1\r\n", CTALG_R_FAMILY, "", NULL },
	{ SNAT, 0, ORIG, 0, "EPRT |2|fd00::2|1025|\r\n", CTALG_R_FAMILY, "", NULL },
	{ SNAT, LOOSE, ORIG, 0, "EPRT |2|fd00::2|1025|\r\n", CTALG_R_FAMILY, "", NULL },
	/* ports */
	{ SNAT, 0, ORIG, 0, "PORT 10,0,0,2,0,0\r\n", CTALG_R_PORT_ZERO, "", NULL },
	{ SNAT, 0, ORIG, 0, "PORT 10,0,0,2,0,22\r\n", CTALG_R_PORT_PRIVILEGED, "", NULL },
	{ SNAT, 0, ORIG, 0, "PORT 10,0,0,2,3,255\r\n", CTALG_R_PORT_PRIVILEGED, "", NULL },
	{ SNAT, 0, ORIG, 0, "PORT 10,0,0,2,12,234\r\n", CTALG_R_PORT_DENIED, "", NULL },
	{ DNAT, 0, REPLY, 0, "229 (|||22|)\r\n", CTALG_R_PORT_PRIVILEGED, "", NULL },
	{ DNAT, 0, REPLY, 0, "229 (|||3389|)\r\n", 0,
	  "198.51.100.7 > 203.0.113.1:3389 > 10.0.0.9:3389", "229 (|||3389|)\r\n" },
	/* nothing named */
	{ SNAT, 0, ORIG, 0, "NOOP\r\n", 0, "", "NOOP\r\n" },
};

static void run_case(const struct ftp_case *c, u32 base)
{
	u32 len = (u32)strlen(c->line), i = (u32)(c - cases), n;
	struct ctalg_message m = { .data = exact(c->line, len), .len = len, .dir = c->dir };
	REPORT(r);
	struct opener op = { .give = c->give };
	struct ctalg_view v = view_of(c->view);
	struct ftp_state st = { .last = 0 };
	const char *want = c->sent ? c->sent : c->line;
	EDITS(e);
	u8 in[200] = "", out[200];
	unsigned int reason;

	ctalg_edits_init(&e);
	ftp_proto.parse(&st, &m, &r);
	reason = ctalg_plan_message(&r, &m, &v, granted(c->policy), &ops, &op, &e, base, &room);
	memcpy(in + base, m.data, len);
	n = ctalg_edits_apply(&e, in, base + len, out, sizeof(out)) - base;
	if (reason != c->reason || strcmp(op.text, c->opened))
		fail_msg("case %u: reason %u, opened \"%s\"", i, reason, op.text);
	if (n != strlen(want) || memcmp(out + base, want, n) || memcmp(out, in, base))
		fail_msg("case %u: sent \"%.*s\"", i, (int)n, (char *)out + base);
	assert_int_equal(op.undone, 0);
	/* told of exactly when something was written otherwise */
	assert_int_equal(op.edits[0] != 0, strcmp(want, c->line) != 0);
	free((void *)(uintptr_t)m.data);
}

/* What is told of an edit is what stood there and what stands there now. */
static void an_edit_is_told_from_old_to_new(void **unused)
{
	static const char line[] = "PORT 10,0,0,2,4,1\r\n", reply[] = "229 (|||1025|)\r\n";
	struct ctalg_message m = { (const u8 *)line, sizeof(line) - 1, CTALG_DIR_ORIG, 0 };
	struct opener op = { .give = 5001 };
	struct ctalg_view v = view_of(SNAT);
	REPORT(r);
	struct ftp_state st = { .last = 0 };
	EDITS(e);

	(void)unused;
	ctalg_edits_init(&e);
	ftp_proto.parse(&st, &m, &r);
	assert_int_equal(ctalg_plan_message(&r, &m, &v, granted(0), &ops, &op, &e, 0, &room),
			 CTALG_R_NONE);
	assert_string_equal(op.edits, "10.0.0.2:1025 > 203.0.113.1:5001");

	m = (struct ctalg_message){ (const u8 *)reply, sizeof(reply) - 1, CTALG_DIR_REPLY, 0 };
	v = view_of(DNAT);
	ctalg_report_init(&r);
	ctalg_edits_init(&e);
	ftp_proto.parse(&st, &m, &r);
	assert_int_equal(ctalg_plan_message(&r, &m, &v, granted(0), &ops, &op, &e, 0, &room),
			 CTALG_R_NONE);
	assert_string_equal(op.edits, ":1025 > 203.0.113.1:5001");
}

static void ftp_lines(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		run_case(&cases[i], 0);
		run_case(&cases[i], 7);
	}
}

/* What the receiver reads is where the pinhole is, and NAT leads from there to what the sender meant. */
static void the_edited_message_names_the_outside(void **unused)
{
	u64 seed = 227;
	u32 round;

	(void)unused;
	for (round = 0; round < 5000; round++) {
		struct ctalg_view v = view_of(round % 2 ? SNAT : NAT66);
		struct opener op = { .give = (u16)(1024 + rnd_below(&seed, 64512)) };
		REPORT(r);
		REPORT(again);
		struct ftp_state st = { .last = 0 };
		struct ctalg_message m = { .dir = CTALG_DIR_ORIG };
		char line[100] = "EPRT ";
		EDITS(e);
		u8 out[200];

		m.len = 5 + ctalg_form_write(CTALG_FORM_EPRT, '|', &v.self,
					     (u16)(40000 + rnd_below(&seed, 9000)), line + 5, 90);
		line[m.len++] = '\n';
		m.data = (const u8 *)line;
		ctalg_edits_init(&e);
		ftp_proto.parse(&st, &m, &r);
		assert_int_equal(ctalg_plan_message(&r, &m, &v, granted(0), &ops, &op, &e, 0,
						    &room),
				 CTALG_R_NONE);
		m.len = ctalg_edits_apply(&e, m.data, m.len, out, sizeof(out));
		m.data = out;
		ftp_proto.parse(&st, &m, &again);
		assert_int_equal(again.n_endpoints, 1);
		assert_true(ctalg_addr_eq(&again.endpoint[0].addr, &v.self_out));
		assert_int_equal(again.endpoint[0].port, op.give);
	}
}

/* A message with @n endpoints of its own, each written as "4444". */
static void many(struct ctalg_report *r, u16 n)
{
	struct ctalg_span at = { .off = 0, .len = 4 };
	int ep;

	ctalg_report_init(r);
	for (; n; n--, at.off += 5) {
		ep = ctalg_report_endpoint(r, NULL, 4444, CTALG_L4_TCP);
		assert_true(ctalg_report_token(r, ep, at, CTALG_FORM_PORT));
		assert_true(ctalg_report_want(r, ep));
	}
}

enum { MANY = 8 };

static const char many_text[] = "4444 4444 4444 4444 4444 4444 4444 4444 ";
static const struct ctalg_message many_message = { (const u8 *)many_text, sizeof(many_text) - 1, 0,
						   0 };

static void plan_many(const struct ctalg_report *r, struct opener *op, struct ctalg_edits *e,
		      unsigned int want)
{
	struct ctalg_view v = view_of(SNAT);

	assert_int_equal(
		ctalg_plan_message(r, &many_message, &v, granted(0), &ops, op, e, 3, &room), want);
}

static void all_or_nothing(void **unused)
{
	struct ctalg_span at = { .off = 0, .len = 2 };
	REPORT(r);
	EDITS(e);
	u32 refuse;

	(void)unused;
	ctalg_edits_init(&e);
	assert_true(ctalg_edits_add(&e, at, "before", 6));
	many(&r, 3);
	for (refuse = 1; refuse <= 3; refuse++) {
		struct opener op = { .give = 5555, .refuse_at = refuse };

		plan_many(&r, &op, &e, CTALG_R_NO_PORT);
		assert_int_equal(op.opened, refuse);
		assert_int_equal(op.undone, 1);
		assert_int_equal(e.n, 1);
		assert_int_equal(e.used, 6);
	}
}

/* One endpoint that may not be opened, wherever it stands, keeps the others closed. */
static void nothing_opens_beside_a_refused_one(void **unused)
{
	u8 bad;

	(void)unused;
	for (bad = 0; bad < 3; bad++) {
		struct opener op = { .give = 5555 };
		REPORT(r);
		EDITS(e);

		ctalg_edits_init(&e);
		many(&r, 3);
		r.endpoint[bad].port = 22;
		plan_many(&r, &op, &e, CTALG_R_PORT_PRIVILEGED);
		assert_int_equal(op.opened, 0);
		assert_int_equal(e.n, 0);
	}
}

static void a_token_that_cannot_be_written(void **unused)
{
	static const struct {
		struct ctalg_span at;
		u8 form;
		unsigned int reason;
	} tokens[] = {
		{ { 0, 4 }, CTALG_FORM_DOTTED, CTALG_R_NONE },
		{ { 0, 4 }, 99, CTALG_R_UNWRITABLE },
		{ { 0, 0 }, CTALG_FORM_PORT, CTALG_R_MALFORMED },
		{ { 40, 1 }, CTALG_FORM_PORT, CTALG_R_MALFORMED },
		{ { 39, 2 }, CTALG_FORM_PORT, CTALG_R_MALFORMED },
		{ { 41, 1 }, CTALG_FORM_PORT, CTALG_R_MALFORMED },
		{ { 0xffffffffU, 2 }, CTALG_FORM_PORT, CTALG_R_MALFORMED },
		{ { 1, 0xffffffffU }, CTALG_FORM_PORT, CTALG_R_MALFORMED },
		{ { 7, 2 }, CTALG_FORM_PORT, CTALG_R_LIMIT_EDITS },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(tokens); i++) {
		struct opener op = { .give = 5555 };
		REPORT(r);
		EDITS(e);

		ctalg_edits_init(&e);
		many(&r, 2);
		r.token[0].at = tokens[i].at;
		r.token[0].form = tokens[i].form;
		plan_many(&r, &op, &e, tokens[i].reason);
		assert_int_equal(op.undone, tokens[i].reason != CTALG_R_NONE);
		assert_int_equal(e.n, tokens[i].reason ? 0 : 2);
	}
}

/* Address and port stand apart; the half that is the same outside is not written again. */
static void half_a_token_stands(void **unused)
{
	static const char text[] = "203.0.113.1 4444";
	struct ctalg_message m = { .data = (const u8 *)text, .len = sizeof(text) - 1 };
	struct ctalg_span addr = { .off = 0, .len = 11 }, port = { .off = 12, .len = 4 };
	struct opener op = { .give = 5555 };
	struct ctalg_view v = view_of(SNAT);
	REPORT(r);
	EDITS(e);
	int ep;

	(void)unused;
	ctalg_edits_init(&e);
	ep = ctalg_report_endpoint(&r, &v.self_out, 4444, CTALG_L4_UDP);
	ctalg_report_token(&r, ep, addr, CTALG_FORM_DOTTED);
	ctalg_report_token(&r, ep, port, CTALG_FORM_PORT);
	ctalg_report_want(&r, ep);
	assert_int_equal(ctalg_plan_message(&r, &m, &v, granted(0), &ops, &op, &e, 0, &room),
			 CTALG_R_NONE);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.edit[0].at.off, 12);
}

static void too_many_edits(void **unused)
{
	struct ctalg_span at = { .off = 0, .len = 0 };
	REPORT(r);
	EDITS(e);
	u16 before;

	(void)unused;
	many(&r, MANY);
	for (before = CTALG_EDITS_MAX - MANY - 1; before <= CTALG_EDITS_MAX - MANY + 1; before++) {
		bool fit = before + MANY <= CTALG_EDITS_MAX;
		struct opener op = { .give = 5555 };

		ctalg_edits_init(&e);
		while (e.n < before)
			assert_true(ctalg_edits_add(&e, at, "x", 1));
		plan_many(&r, &op, &e, fit ? CTALG_R_NONE : CTALG_R_LIMIT_EDITS);
		assert_int_equal(e.n, fit ? before + MANY : before);
		assert_int_equal(op.undone, !fit);
	}
}

/* An endpoint without address and port is the sender's own socket (TFTP). */
static void own_port(void **unused)
{
	static const char *const want[] = {
		[NO_NAT] = "198.51.100.1 > 10.0.0.2:40000 > 10.0.0.2:40000 fixed udp",
		[SNAT] = "198.51.100.1 > 203.0.113.1:61000 > 10.0.0.2:40000 fixed udp",
		[DNAT] = "198.51.100.7 > 203.0.113.1:2121 > 10.0.0.9:21 fixed udp",
		[NO_NAT6] = "2001:db8:1::1 > fd00::2:40000 > fd00::2:40000 fixed udp",
		[NAT66] = "2001:db8:1::1 > 2001:db8::1:61000 > fd00::2:40000 fixed udp",
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		REPORT(r);
		struct ctalg_view v = view_of(i);
		struct opener op = { .give = 0 };
		EDITS(e);

		ctalg_edits_init(&e);
		assert_true(
			ctalg_report_want(&r, ctalg_report_endpoint(&r, NULL, 0, CTALG_L4_UDP)));
		assert_int_equal(ctalg_plan_message(&r, &many_message, &v, granted(0), &ops, &op,
						    &e, 0, &room),
				 0);
		assert_string_equal(op.text, want[i]);
	}
}

static void ports(void **unused)
{
	static const u16 denied[] = { 1433, 1434, 1521, 2049, 2375, 2376, 3306, 3389,  5432, 5900,
				      5909, 5985, 5986, 6000, 6009, 6379, 9200, 11211, 27017 };
	static const u16 allowed[] = { 1024, 1025, 1432, 1435, 5899, 5910, 6010, 40000, 65535 };
	u32 i;

	(void)unused;
	assert_int_equal(ctalg_port_denied(0), CTALG_R_PORT_ZERO);
	for (i = 1; i < 1024; i++)
		assert_int_equal(ctalg_port_denied((u16)i), CTALG_R_PORT_PRIVILEGED);
	for (i = 0; i < ARRAY_SIZE(denied); i++)
		assert_int_equal(ctalg_port_denied(denied[i]), CTALG_R_PORT_DENIED);
	for (i = 0; i < ARRAY_SIZE(allowed); i++)
		assert_int_equal(ctalg_port_denied(allowed[i]), CTALG_R_NONE);
}

/* A parser that speaks of an endpoint that is not there is not believed. */
static void reports_are_bounded(void **unused)
{
	struct ctalg_span at = { .off = 0, .len = 4 };
	REPORT(r);
	int ep;

	(void)unused;
	many(&r, CTALG_REPORT_ENDPOINTS);
	assert_false(r.full);
	assert_int_equal(ctalg_report_endpoint(&r, NULL, 1, CTALG_L4_TCP), -1);
	assert_true(r.full);
	r.full = false;
	while (r.n_tokens < CTALG_REPORT_TOKENS)
		assert_true(ctalg_report_token(&r, 0, at, CTALG_FORM_PORT));
	assert_false(r.full);
	assert_false(ctalg_report_token(&r, 0, at, CTALG_FORM_PORT));
	assert_true(r.full);
	r.full = false;
	assert_false(ctalg_report_want(&r, 0));
	assert_true(r.full);
	ctalg_report_init(&r);
	ep = ctalg_report_endpoint(&r, NULL, 1, CTALG_L4_TCP);
	assert_int_equal(ep, 0);
	assert_false(ctalg_report_token(&r, -1, at, CTALG_FORM_PORT));
	assert_false(ctalg_report_want(&r, -1));
	assert_false(ctalg_report_token(&r, 1, at, CTALG_FORM_PORT));
	assert_false(ctalg_report_want(&r, 1));
	assert_false(ctalg_report_want(&r, 256));
	assert_int_equal(r.n_tokens + r.n_wants, 0);
	memset(r.endpoint, 0xff, CTALG_REPORT_ENDPOINTS * sizeof(r.endpoint[0]));
	ep = ctalg_report_endpoint(&r, NULL, 1, CTALG_L4_TCP);
	assert_int_equal(r.endpoint[ep].addr.family, CTALG_AF_NONE);
}

static void what_is_open_already(void **unused)
{
	const struct ctalg_opening open = {
		.inside = addr_of("10.0.0.2"),
		.outside = addr_of("203.0.113.1"),
		.from = addr_of("198.51.100.1"),
		.inside_port = 4711,
		.outside_port = 4711,
		.l4 = CTALG_L4_TCP,
	};
	struct ctalg_opening o = open;

	(void)unused;
	o.outside_port = 1025;
	o.port_first = 1024;
	o.port_last = 2048;
	o.from_len = 32;
	assert_true(ctalg_opening_same(&open, &o));
	o.from_len = 31;
	assert_false(ctalg_opening_same(&open, &o));
	o.from_len = 0;
	o.permanent = true;
	assert_false(ctalg_opening_same(&open, &o));
}

static void every_reason_has_one_name(void **unused)
{
	unsigned int i, k;

	(void)unused;
	assert_null(ctalg_reason_name(CTALG_R_NONE));
	assert_null(ctalg_reason_name(CTALG_R_SHARED_MAX));
	assert_null(ctalg_reason_name(CTALG_R_PRIVATE));
	assert_true(CTALG_R_SHARED_MAX <= CTALG_R_PRIVATE);
	for (i = 1; i < CTALG_R_SHARED_MAX; i++) {
		assert_non_null(ctalg_reason_name(i));
		for (k = 1; k < i; k++)
			assert_string_not_equal(ctalg_reason_name(i), ctalg_reason_name(k));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ftp_lines),
		cmocka_unit_test(an_edit_is_told_from_old_to_new),
		cmocka_unit_test(the_edited_message_names_the_outside),
		cmocka_unit_test(all_or_nothing),
		cmocka_unit_test(nothing_opens_beside_a_refused_one),
		cmocka_unit_test(a_token_that_cannot_be_written),
		cmocka_unit_test(half_a_token_stands),
		cmocka_unit_test(too_many_edits),
		cmocka_unit_test(own_port),
		cmocka_unit_test(ports),
		cmocka_unit_test(reports_are_bounded),
		cmocka_unit_test(what_is_open_already),
		cmocka_unit_test(every_reason_has_one_name),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
