// SPDX-License-Identifier: GPL-2.0
/*
 *	SIP/2.0/UDP host:port;received=address;rport=port;maddr=host;branch=...
 *
 * RFC 3261, section 18.2 and 20.42; RFC 3581. The topmost is the one that the answer goes by, and in
 * an answer the one of the receiver.
 */
#include "sip_head.h"

/**
 * struct via - one value
 * @host: where the sender of the request thinks it is
 * @received: where the next one has seen it
 * @maddr: where the answer has to go instead
 * @rport: the port that goes with @received
 * @port: it
 * @symmetric: the answer goes to where the request came from
 * @transport: enum sip_transport
 */
struct via {
	struct sip_host host;
	struct sip_literal received;
	struct sip_literal maddr;
	struct ctalg_span rport;
	u32 port;
	bool symmetric;
	u8 transport;
};

static bool scan_protocol(struct ctalg_reader *rd, struct via *v)
{
	struct ctalg_span name, version, transport;

	if (!sip_scan_token(rd, &name) || !sip_scan_mark(rd, '/') ||
	    !sip_scan_token(rd, &version) || !sip_scan_mark(rd, '/') ||
	    !sip_scan_token(rd, &transport))
		return false;
	v->transport = sip_transport(rd, transport);
	return ctalg_span_is(rd, name, "SIP") && ctalg_span_is(rd, version, "2.0") &&
	       sip_scan_lws(rd);
}

static bool read_param(const struct ctalg_reader *rd, const struct sip_param *p, struct via *v)
{
	if (ctalg_span_is(rd, p->name, "RECEIVED")) {
		sip_span_literal(rd, p->value, &v->received);
	} else if (ctalg_span_is(rd, p->name, "MADDR")) {
		sip_span_literal(rd, p->value, &v->maddr);
	} else if (ctalg_span_is(rd, p->name, "RPORT")) {
		v->symmetric = true;
		v->rport = p->value;
		if (p->value.len && !sip_span_number(rd, p->value, 65535, &v->port))
			return false;
	}
	return true;
}

static bool scan_via(struct ctalg_reader *rd, struct via *v)
{
	enum sip_more more;
	struct sip_param p;

	memset(v, 0, sizeof(*v));
	sip_scan_lws(rd);
	if (!scan_protocol(rd, v) || !sip_scan_host(rd, true, &v->host))
		return false;
	while ((more = sip_scan_param(rd, &p)) == SIP_MORE_ONE)
		if (!read_param(rd, &p, v))
			return false;
	return more != SIP_MORE_BAD && sip_scan_next(rd) != SIP_MORE_BAD;
}

static void report_received(struct sip_head *h, const struct via *v, u16 port, u8 l4)
{
	const struct ctalg_addr *a = &v->received.addr;
	int ep;

	if (v->rport.len && v->port)
		port = (u16)v->port;
	ep = sip_report_literal(h, &v->received, port, l4, CTALG_ROLE_PATH);
	if (!v->rport.len || !v->port)
		return;
	if (a->family == CTALG_AF_NONE && v->host.addr.family != CTALG_AF_NONE)
		ep = sip_endpoint(h, &v->host.addr, port, l4, CTALG_ROLE_PATH);
	ctalg_report_token(h->r, ep, v->rport, CTALG_FORM_PORT);
}

/* An answer to a request without rport comes to where the request says, not where it came from. */
static void want_answer(struct sip_head *h, const struct via *v, int ep)
{
	const struct ctalg_want w = {
		.kind = CTALG_WANT_PATH,
		.endpoint = (u16)ep,
		.seconds = SIP_VIA_SECONDS,
	};

	if (ep >= 0 && !h->status && v->transport == SIP_TRANSPORT_UDP && !v->symmetric &&
	    !v->maddr.at.len)
		ctalg_report_want_add(h->r, &w);
}

/* With rport the answer goes to where the request came from (RFC 3581, section 4). */
static int report_host(struct sip_head *h, const struct via *v, u16 implied, u8 l4)
{
	u16 before = h->r->n_tokens;
	int ep = sip_report_host(h, &v->host, implied, l4, CTALG_ROLE_PATH);

	if (h->r->n_tokens > before)
		h->r->token[before].moot = v->symmetric && !h->status && !v->maddr.at.len;
	return ep;
}

unsigned int sip_read_via(struct sip_head *h, struct ctalg_reader *rd)
{
	u16 implied, port;
	struct via v;
	int ep;
	u8 l4;

	if (!scan_via(rd, &v))
		return SIP_R_HEADER;
	implied = v.transport == SIP_TRANSPORT_TLS ? SIPS_PORT : SIP_PORT;
	l4 = v.transport == SIP_TRANSPORT_UDP	  ? (u8)CTALG_L4_UDP
	     : v.transport == SIP_TRANSPORT_OTHER ? sip_l4(h)
						  : (u8)CTALG_L4_TCP;
	port = v.host.ported ? v.host.port : implied;
	ep = report_host(h, &v, implied, l4);
	want_answer(h, &v, ep);
	report_received(h, &v, port, l4);
	sip_report_literal(h, &v.maddr, port, l4, CTALG_ROLE_PATH);
	return CTALG_R_NONE;
}

void sip_find_gaps(const struct ctalg_reader *of, struct ctalg_span value, struct sip_via_gaps *g)
{
	struct ctalg_reader rd;
	struct sip_param p;
	struct via v = { .port = 0 };

	memset(g, 0, sizeof(*g));
	ctalg_rd_sub(&rd, of, value);
	sip_scan_lws(&rd);
	if (!scan_protocol(&rd, &v) || !sip_scan_host(&rd, true, &v.host))
		return;
	g->host = v.host.addr;
	g->end = rd.pos;
	while (sip_scan_param(&rd, &p) == SIP_MORE_ONE) {
		g->end = rd.pos;
		if (ctalg_span_is(&rd, p.name, "RECEIVED"))
			g->received = true;
		if (ctalg_span_is(&rd, p.name, "RPORT") && !p.value.len)
			g->rport = rd.pos;
	}
}
