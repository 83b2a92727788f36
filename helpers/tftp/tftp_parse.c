// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

#include "tftp_parse.h"

/* RFC 1350, section 5 and appendix; the last is RFC 2347's. */
enum {
	TFTP_ERROR = 5,
	TFTP_ERROR_UNDEFINED = 0,
	TFTP_ERROR_ACCESS = 2,
	TFTP_ERROR_ILLEGAL = 4,
	TFTP_ERROR_LAST = 8,
};

static const char *const tftp_kinds[] = {
	[TFTP_OTHER] = "other",
	[TFTP_RRQ] = "RRQ",
	[TFTP_WRQ] = "WRQ",
};

static const char *const tftp_reasons[] = {
	[TFTP_R_BAD_REQUEST - CTALG_R_PRIVATE] = "malformed-request",
};

/* As numbered by enum tftp_kind. */
static const struct ctalg_command tftp_commands[] = {
	[TFTP_OTHER] = { "other", 0 },
	[TFTP_RRQ] = { "RRQ", 0 },
	[TFTP_WRQ] = { "WRQ", CTALG_COMMAND_WRITES },
};

static bool tftp_scan_string(struct ctalg_reader *rd, struct ctalg_span *s)
{
	return ctalg_scan_until(rd, 0, s) && ctalg_scan_char(rd, 0) && s->len;
}

static bool tftp_is_mode(const struct ctalg_reader *rd, struct ctalg_span s)
{
	return ctalg_span_is(rd, s, "OCTET") || ctalg_span_is(rd, s, "NETASCII") ||
	       ctalg_span_is(rd, s, "MAIL");
}

static void tftp_parse(void *state, const struct ctalg_message *m, struct ctalg_report *r)
{
	struct ctalg_span name, mode;
	struct ctalg_reader rd;
	u16 opcode;

	(void)state;
	ctalg_rd_init(&rd, m->data, m->len);
	opcode = ctalg_rd_be16(&rd);
	if (m->dir != CTALG_DIR_ORIG || (opcode != TFTP_RRQ && opcode != TFTP_WRQ))
		return;
	r->kind = opcode;
	r->command = opcode;
	r->ops = CTALG_OP_ASKS;
	if (tftp_scan_string(&rd, &name))
		r->object = name;
	if (!r->object.len || !tftp_scan_string(&rd, &mode) || !tftp_is_mode(&rd, mode)) {
		r->reason = TFTP_R_BAD_REQUEST;
		/* A lenient server finds a name in it all the same. */
		if (!r->object.len)
			r->ops |= CTALG_OP_AMBIGUOUS;
		return;
	}
	ctalg_report_want(r, ctalg_report_endpoint(r, NULL, 0, CTALG_L4_UDP));
}

/* With "not defined", 0, clients look at the words. */
static u8 tftp_error_code(const struct ctalg_answer *a)
{
	if (a->code >= 1 && a->code <= TFTP_ERROR_LAST)
		return (u8)a->code;
	if (a->reason == CTALG_R_POLICY_MALFORMED || a->reason == CTALG_R_POLICY_SIZE)
		return TFTP_ERROR_ILLEGAL;
	if (a->reason == CTALG_R_POLICY_RATE || a->reason == CTALG_R_POLICY_SESSIONS)
		return TFTP_ERROR_UNDEFINED;
	return TFTP_ERROR_ACCESS;
}

static const char *tftp_error_words(const struct ctalg_answer *a)
{
	switch (a->reason) {
	case CTALG_R_POLICY_MALFORMED:
		return "Refused by policy: this cannot be understood.";
	case CTALG_R_POLICY_SIZE:
		return "Refused by policy: this is too long.";
	case CTALG_R_POLICY_RATE:
	case CTALG_R_POLICY_SESSIONS:
		return "Refused by policy: too much at once. Try again later.";
	default:
		return "Refused by policy: this is not permitted here.";
	}
}

/* 2 bytes opcode, 2 bytes code, text, 0. */
static u32 tftp_answer(const struct ctalg_report *r, const struct ctalg_message *m,
		       const struct ctalg_answer *a, char *buf, u32 cap)
{
	const char *text = a->len ? a->text : tftp_error_words(a);
	u32 len = a->len ? min((u32)a->len, (u32)CTALG_ANSWER_TEXT) : CTALG_ANSWER_TEXT;
	u32 i, n = 4;

	(void)m;
	if (!(r->ops & CTALG_OP_ASKS) || cap < CTALG_ANSWER_MAX)
		return 0;
	buf[0] = 0;
	buf[1] = TFTP_ERROR;
	buf[2] = 0;
	buf[3] = (char)tftp_error_code(a);
	for (i = 0; i < len && text[i]; i++)
		buf[n++] = text[i];
	buf[n++] = 0;
	return n;
}

const struct ctalg_proto tftp_proto = {
	.name = "tftp",
	.l4 = CTALG_L4_UDP,
	.port = 69,
	.session = "transfer",
	.kinds = tftp_kinds,
	.n_kinds = ARRAY_SIZE(tftp_kinds),
	.reasons = tftp_reasons,
	.n_reasons = ARRAY_SIZE(tftp_reasons),
	.commands = tftp_commands,
	.n_commands = ARRAY_SIZE(tftp_commands),
	.parse = tftp_parse,
	.answer = tftp_answer,
};
