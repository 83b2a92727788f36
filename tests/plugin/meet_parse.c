// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

#include "meet_parse.h"

static const char *const meet_kinds[] = {
	[MEET_OTHER] = "other",
	[MEET_MEET] = "MEET",
};

static const char *const meet_reasons[] = {
	[MEET_R_BAD_ADDRESS - CTALG_R_PRIVATE] = "malformed-address",
};

static bool meet_is_meet(struct ctalg_reader *rd)
{
	struct ctalg_span verb;

	return ctalg_scan_alpha(rd, 4, &verb) && ctalg_span_is(rd, verb, "MEET") &&
	       ctalg_scan_blanks(rd);
}

static void meet_parse(void *state, const struct ctalg_message *m, struct ctalg_report *r)
{
	struct ctalg_span host, port;
	struct ctalg_reader rd;
	struct ctalg_addr a;
	u32 number;
	int ep;

	ctalg_rd_init(&rd, m->data, m->len);
	if (m->dir != CTALG_DIR_ORIG || !meet_is_meet(&rd))
		return;
	r->kind = MEET_MEET;
	host.off = rd.pos;
	if (!ctalg_scan_ip4(&rd, &a)) {
		r->reason = MEET_R_BAD_ADDRESS;
		return;
	}
	host.len = rd.pos - host.off;
	if (!ctalg_scan_char(&rd, ':')) {
		r->reason = MEET_R_BAD_ADDRESS;
		return;
	}
	port.off = rd.pos;
	if (!ctalg_scan_dec(&rd, 65535, 5, &number) || !number) {
		r->reason = MEET_R_BAD_ADDRESS;
		return;
	}
	port.len = rd.pos - port.off;

	/* One endpoint, written in two places: the core rewrites each in its own form. */
	ep = ctalg_report_endpoint(r, &a, (u16)number, CTALG_L4_TCP);
	ctalg_report_token(r, ep, host, CTALG_FORM_DOTTED);
	ctalg_report_token(r, ep, port, CTALG_FORM_PORT);
	ctalg_report_want(r, ep);
}

static struct ctalg_frame meet_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	return ctalg_frame_line(data, len);
}

const struct ctalg_proto meet_proto = {
	.name = "meet",
	.l4 = CTALG_L4_TCP,
	.port = 7700,
	.max_message = 1024,
	.session = "meeting",
	.kinds = meet_kinds,
	.n_kinds = ARRAY_SIZE(meet_kinds),
	.reasons = meet_reasons,
	.n_reasons = ARRAY_SIZE(meet_reasons),
	.frame = meet_frame,
	.parse = meet_parse,
};
