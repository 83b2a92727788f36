// SPDX-License-Identifier: GPL-2.0
/* Candidates for ICE (RFC 8839, RFC 6544). */
#include "sdp_parts.h"

/* An address and its port; no port: not one that can be reached. */
struct spot {
	struct ctalg_sdp_place host;
	struct ctalg_span port_at;
	u16 port;
};

struct candidate {
	struct spot at;
	struct spot related;
	u8 l4; /* 0: some other */
	bool is_host;
	bool is_traversed;
	bool connects; /* by TCP, itself */
};

static u8 candidate_l4(const struct ctalg_reader *rd, struct ctalg_span word)
{
	if (ctalg_span_is(rd, word, "UDP"))
		return CTALG_L4_UDP;
	return ctalg_span_is(rd, word, "TCP") ? CTALG_L4_TCP : 0;
}

static void spot_port(const struct ctalg_reader *rd, struct ctalg_span word, struct spot *s)
{
	struct ctalg_reader in;
	u32 port;

	ctalg_rd_sub(&in, rd, word);
	if (!ctalg_scan_dec(&in, 65535, 5, &port) || ctalg_rd_left(&in) ||
	    port == CTALG_SDP_DISCARD)
		return;
	s->port = (u16)port;
	s->port_at = word;
}

static void candidate_type(const struct ctalg_reader *rd, struct ctalg_span word,
			   struct candidate *c)
{
	c->is_host = ctalg_span_is(rd, word, "HOST");
	c->is_traversed = ctalg_span_is(rd, word, "SRFLX") || ctalg_span_is(rd, word, "PRFLX") ||
			  ctalg_span_is(rd, word, "RELAY");
}

/* What follows the port: names, each with a value. */
static void scan_extensions(struct ctalg_reader *rd, struct candidate *c)
{
	struct ctalg_span name, value;

	while (ctalg_scan_word(rd, &name) && ctalg_scan_word(rd, &value)) {
		if (ctalg_span_is(rd, name, "TYP"))
			candidate_type(rd, value, c);
		else if (ctalg_span_is(rd, name, "RADDR"))
			ctalg_sdp_address(rd, value, 0, &c->related.host);
		else if (ctalg_span_is(rd, name, "RPORT"))
			spot_port(rd, value, &c->related);
		else if (ctalg_span_is(rd, name, "TCPTYPE"))
			c->connects = ctalg_span_is(rd, value, "ACTIVE");
	}
}

/* foundation, component, transport, priority, address, port, ... */
static bool scan_candidate(struct ctalg_reader *rd, struct candidate *c)
{
	struct ctalg_span word;

	memset(c, 0, sizeof(*c));
	if (!ctalg_scan_word(rd, &word) || !ctalg_scan_word(rd, &word) ||
	    !ctalg_scan_word(rd, &word))
		return false;
	c->l4 = candidate_l4(rd, word);
	if (!ctalg_scan_word(rd, &word) || !ctalg_scan_word(rd, &word))
		return false;
	ctalg_sdp_address(rd, word, 0, &c->at.host);
	if (!ctalg_scan_word(rd, &word))
		return false;
	spot_port(rd, word, &c->at);
	scan_extensions(rd, c);
	return true;
}

/* Returns its endpoint, or -1 where it is no place of its own. */
static int report_spot(struct ctalg_sdp *d, const struct ctalg_sdp_media *m, u8 l4,
		       const struct spot *s)
{
	int ep;

	if (!s->port || !l4 || !s->host.addr.family || !m->readable ||
	    m->state == CTALG_SDP_CLOSED) {
		ctalg_sdp_host(d, &s->host, CTALG_FORM_DOTTED);
		return -1;
	}
	ep = ctalg_sdp_endpoint(d, &s->host.addr, s->port, l4);
	ctalg_report_token(d->r, ep, s->host.at, CTALG_FORM_DOTTED);
	ctalg_report_token(d->r, ep, s->port_at, CTALG_FORM_PORT);
	return ep;
}

void ctalg_sdp_candidate(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
			 struct ctalg_reader *value)
{
	struct candidate c;
	int ep;

	if (!scan_candidate(value, &c))
		return;
	if (c.is_traversed)
		d->r->ice = CTALG_ICE_TRAVERSED;
	ep = report_spot(d, m, c.l4, &c.at);
	if (ep >= 0 && c.is_host && !c.connects && !d->r->endpoint[ep].wanted)
		ctalg_sdp_want(d, ep, CTALG_WANT_CANDIDATE);
	report_spot(d, m, c.l4, &c.related);
}
