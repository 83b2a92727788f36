// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

#include "tftp_parse.h"

static const char *const tftp_kinds[] = {
	[TFTP_OTHER] = "other",
	[TFTP_RRQ] = "RRQ",
	[TFTP_WRQ] = "WRQ",
};

static const char *const tftp_reasons[] = {
	[TFTP_R_BAD_REQUEST - CTALG_R_PRIVATE] = "malformed-request",
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
	if (!tftp_scan_string(&rd, &name) || !tftp_scan_string(&rd, &mode) ||
	    !tftp_is_mode(&rd, mode)) {
		r->reason = TFTP_R_BAD_REQUEST;
		return;
	}
	r->object = name;
	ctalg_report_want(r, ctalg_report_endpoint(r, NULL, 0, CTALG_L4_UDP));
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
	.parse = tftp_parse,
};
