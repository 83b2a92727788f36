// SPDX-License-Identifier: GPL-2.0
#include "sdp_parts.h"

int ctalg_sdp_endpoint(struct ctalg_sdp *d, const struct ctalg_addr *addr, u16 port, u8 l4)
{
	const struct ctalg_endpoint like = {
		.addr = *addr, .port = port, .l4 = l4, .role = CTALG_ROLE_MEDIA
	};

	return ctalg_report_place(d->r, &like, d->first);
}

void ctalg_sdp_host(struct ctalg_sdp *d, const struct ctalg_sdp_place *p, u8 form)
{
	const struct ctalg_endpoint like = { .addr = p->addr,
					     .l4 = CTALG_L4_UDP,
					     .role = CTALG_ROLE_HOST };

	if (p->addr.family)
		ctalg_report_token(d->r, ctalg_report_place(d->r, &like, d->first), p->at, form);
}

void ctalg_sdp_want(struct ctalg_sdp *d, int endpoint, u8 flags)
{
	const struct ctalg_want w = {
		.seconds = CTALG_NO_SECONDS,
		.endpoint = endpoint < 0 ? CTALG_NO_ENDPOINT : (u16)endpoint,
		.line = d->line,
		.kind = CTALG_WANT_MEDIA,
		.flags = flags,
	};

	ctalg_report_want_add(d->r, &w);
}

/* o=: user, two numbers, and where from. */
static void session_origin(struct ctalg_sdp *d, struct ctalg_reader *value)
{
	struct ctalg_sdp_place p;
	struct ctalg_span word;

	if (ctalg_scan_word(value, &word) && ctalg_scan_word(value, &word) &&
	    ctalg_scan_word(value, &word) && ctalg_sdp_scan_place(value, &p))
		ctalg_sdp_host(d, &p, CTALG_FORM_DOTTED);
}

/* The first one counts. It is reported with the first m= line that it is for. */
static void session_connection(struct ctalg_sdp *d, struct ctalg_reader *value, bool first)
{
	struct ctalg_sdp_place p;

	if (!ctalg_sdp_scan_place(value, &p))
		d->result = CTALG_R_MALFORMED;
	if (!first) {
		ctalg_sdp_host(d, &p, CTALG_FORM_DOTTED);
		return;
	}
	d->conn = p;
	d->conn_pending = p.addr.family;
}

static void session_attribute(struct ctalg_sdp *d, struct ctalg_reader *value)
{
	struct ctalg_span name = ctalg_sdp_attribute(value);

	if (ctalg_span_is(value, name, "SETUP"))
		d->setup = ctalg_sdp_scan_setup(value);
	else if (ctalg_sdp_is_ice(value, name))
		d->ice = true;
}

/* Up to the first m= line. Returns whether there is one; @value stands in it then. */
static bool read_session(struct ctalg_sdp *d, struct ctalg_reader *rd, struct ctalg_reader *value)
{
	bool first_c = true, first_o = true;
	u8 letter;

	while (!d->r->full && ctalg_sdp_line(rd, &letter, value)) {
		if (letter == 'm')
			return true;
		if (letter == 'o' && first_o)
			session_origin(d, value);
		else if (letter == 'c')
			session_connection(d, value, first_c);
		else if (letter == 'a')
			session_attribute(d, value);
		first_o = first_o && letter != 'o';
		first_c = first_c && letter != 'c';
	}
	return false;
}

static bool is_description(struct ctalg_reader *rd)
{
	struct ctalg_reader line;

	return ctalg_scan_line(rd, &line) && ctalg_scan_char(&line, 'v') &&
	       ctalg_scan_char(&line, '=') && ctalg_scan_char(&line, '0') && !ctalg_rd_left(&line);
}

/* Lines are counted through all descriptions of a message. */
static u16 next_line(const struct ctalg_report *r)
{
	u32 i = r->n_wants;

	while (i--)
		if (r->want[i].kind == CTALG_WANT_MEDIA)
			return (u16)(r->want[i].line + 1);
	return 0;
}

static void read_description(struct ctalg_sdp *d, struct ctalg_reader *rd)
{
	struct ctalg_reader value;
	bool more = read_session(d, rd, &value);
	u8 letter = 'm';

	while (more && !d->r->full) {
		if (letter == 'm') {
			ctalg_sdp_media(d, &value, rd);
			d->line++;
		}
		more = ctalg_sdp_line(rd, &letter, &value);
	}
	if (d->conn_pending)
		ctalg_sdp_host(d, &d->conn, CTALG_FORM_DOTTED);
}

unsigned int ctalg_sdp_parse(const u8 *data, u32 len, struct ctalg_span body,
			     struct ctalg_report *r)
{
	struct ctalg_sdp d = {
		.r = r,
		.first = r->n_endpoints,
		.line = next_line(r),
	};
	struct ctalg_reader all, rd;
	bool full = r->full;

	ctalg_rd_init(&all, data, len);
	ctalg_rd_sub(&rd, &all, body);
	if (!is_description(&rd))
		return CTALG_R_MALFORMED;
	/* What else of the message had no room does not end this. */
	r->full = false;
	read_description(&d, &rd);
	r->full = r->full || full || d.more;
	return d.result;
}
