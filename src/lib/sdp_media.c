// SPDX-License-Identifier: GPL-2.0
/* An m= line, with the c= and a= lines that belong to it. */
#include "sdp_parts.h"

/* Is @word one of the names between the slashes of a protocol? */
static bool proto_has(const struct ctalg_reader *rd, struct ctalg_span proto, const char *word)
{
	struct ctalg_reader in;
	struct ctalg_span part;

	ctalg_rd_sub(&in, rd, proto);
	while (ctalg_scan_until(&in, '/', &part)) {
		if (ctalg_span_is(&in, part, word))
			return true;
		ctalg_rd_skip(&in, 1);
	}
	part.off = in.pos;
	part.len = ctalg_rd_left(&in);
	return ctalg_span_is(&in, part, word);
}

static bool proto_is_tcp(const struct ctalg_reader *rd, struct ctalg_span proto)
{
	proto.len = min(proto.len, 4u);
	return ctalg_span_is(rd, proto, "TCP") || ctalg_span_is(rd, proto, "TCP/");
}

static bool scan_ports(struct ctalg_reader *rd, struct ctalg_sdp_media *m)
{
	u32 port, ports = 1;

	ctalg_scan_blanks(rd);
	m->port_at.off = rd->pos;
	if (!ctalg_scan_dec(rd, 65535, 5, &port))
		return false;
	m->port_at.len = rd->pos - m->port_at.off;
	if (ctalg_scan_char(rd, '/') && !ctalg_scan_dec(rd, 65535, 5, &ports))
		return false;
	m->port = (u16)port;
	m->ports = (u16)ports;
	return ctalg_scan_blanks(rd);
}

static bool scan_media(struct ctalg_reader *rd, struct ctalg_sdp_media *m)
{
	struct ctalg_span media, proto;

	if (!ctalg_scan_word(rd, &media) || !scan_ports(rd, m) || !ctalg_scan_word(rd, &proto))
		return false;
	m->l4 = proto_is_tcp(rd, proto) ? CTALG_L4_TCP : CTALG_L4_UDP;
	m->rtp = proto_has(rd, proto, "RTP");
	m->dtls_tcp = m->l4 == CTALG_L4_TCP && proto_has(rd, proto, "DTLS");
	return true;
}

/* RFC 3605: the first one counts. */
static void scan_rtcp(struct ctalg_reader *rd, struct ctalg_sdp_media *m)
{
	struct ctalg_span at;
	u32 port;

	ctalg_scan_blanks(rd);
	at.off = rd->pos;
	if (m->has_rtcp || !m->rtp || !ctalg_scan_dec(rd, 65535, 5, &port))
		return;
	at.len = rd->pos - at.off;
	m->rtcp_port_at = at;
	m->rtcp_port = (u16)port;
	m->has_rtcp = true;
	m->rtcp_names = ctalg_sdp_scan_place(rd, &m->rtcp);
}

static void note_attribute(struct ctalg_sdp_media *m, struct ctalg_reader *value)
{
	struct ctalg_span name = ctalg_sdp_attribute(value);

	if (ctalg_span_is(value, name, "RTCP"))
		scan_rtcp(value, m);
	else if (ctalg_span_is(value, name, "RTCP-MUX"))
		m->mux = true;
	else if (ctalg_span_is(value, name, "RTCP-MUX-ONLY"))
		m->mux_only = true;
	else if (ctalg_span_is(value, name, "BUNDLE-ONLY"))
		m->bundle_only = true;
	else if (ctalg_span_is(value, name, "SETUP"))
		m->setup = ctalg_sdp_scan_setup(value);
	else if (ctalg_sdp_is_ice(value, name))
		m->ice = true;
}

/* Looks ahead, up to the next m= line. */
static void read_ahead(struct ctalg_sdp *d, struct ctalg_reader section, struct ctalg_sdp_media *m)
{
	struct ctalg_reader value;
	u8 letter;

	while (ctalg_sdp_line(&section, &letter, &value) && letter != 'm') {
		if (letter == 'a')
			note_attribute(m, &value);
		if (letter != 'c' || m->has_conn)
			continue;
		if (!ctalg_sdp_scan_place(&value, &m->conn))
			d->result = CTALG_R_MALFORMED;
		m->has_conn = true;
	}
}

static u8 judge(const struct ctalg_sdp_media *m, const struct ctalg_sdp_place *conn)
{
	bool connects = m->setup == CTALG_SDP_SETUP_ACTIVE && !m->dtls_tcp;
	bool tcp = m->l4 == CTALG_L4_TCP;

	if (!m->readable)
		return CTALG_SDP_HELD;
	/* RFC 9143, section 6: its place is that of the line that it is bundled with. */
	if (!m->port)
		return m->bundle_only ? CTALG_SDP_HELD : CTALG_SDP_CLOSED;
	if (!conn->addr.family || (tcp && connects))
		return CTALG_SDP_HELD;
	if (m->port == CTALG_SDP_DISCARD && (tcp || m->ice))
		return CTALG_SDP_HELD;
	return CTALG_SDP_OPEN;
}

/* The place of a=rtcp, if it has one of its own. */
static int rtcp_endpoint(struct ctalg_sdp *d, const struct ctalg_sdp_media *m)
{
	const struct ctalg_addr *a;

	if (!m->has_rtcp || !m->rtcp_port || m->rtcp_port == CTALG_SDP_DISCARD)
		return -1;
	a = m->rtcp_names ? &m->rtcp.addr : &d->r->endpoint[m->endpoint].addr;
	return a->family ? ctalg_sdp_endpoint(d, a, m->rtcp_port, m->l4) : -1;
}

static u8 want_flags(const struct ctalg_sdp_media *m, u16 port)
{
	if (!m->rtp)
		return 0;
	if (m->mux_only || (m->has_rtcp && m->rtcp_endpoint == m->endpoint))
		return CTALG_WANT_MUX;
	return (m->mux ? CTALG_WANT_MUX : 0) | (m->has_rtcp || port == 65535 ? 0 : CTALG_WANT_PAIR);
}

/* "m=video 49170/2": the ports of the second pair and of those behind it are written nowhere. */
static void want_more_ports(struct ctalg_sdp *d, const struct ctalg_sdp_media *m)
{
	const struct ctalg_addr addr = d->r->endpoint[m->endpoint].addr;
	u32 i, port = m->port;
	int ep;

	if (m->rtp && m->ports > CTALG_SDP_PORTS)
		d->more = true;
	for (i = 1; m->rtp && i < min((u32)m->ports, (u32)CTALG_SDP_PORTS) && port + 2 <= 65535;
	     i++) {
		port += 2;
		ep = ctalg_sdp_endpoint(d, &addr, (u16)port, m->l4);
		if (ep < 0)
			return;
		ctalg_sdp_want(d, ep, want_flags(m, (u16)port) | CTALG_WANT_NEXT);
	}
}

static void report_open(struct ctalg_sdp *d, struct ctalg_sdp_media *m,
			const struct ctalg_sdp_place *conn)
{
	m->endpoint = ctalg_sdp_endpoint(d, &conn->addr, m->port, m->l4);
	if (m->endpoint < 0)
		return;
	if (!m->has_conn && d->conn_pending) {
		ctalg_report_token(d->r, m->endpoint, d->conn.at, CTALG_FORM_DOTTED);
		d->conn_pending = false;
	}
	ctalg_report_token(d->r, m->endpoint, m->port_at, CTALG_FORM_PORT);
	m->rtcp_endpoint = rtcp_endpoint(d, m);
	ctalg_sdp_want(d, m->endpoint, want_flags(m, m->port));
	if (m->rtcp_endpoint >= 0 && m->rtcp_endpoint != m->endpoint)
		ctalg_sdp_want(d, m->rtcp_endpoint, CTALG_WANT_RTCP);
	want_more_ports(d, m);
}

static void report_connection(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
			      const struct ctalg_sdp_place *p, bool first)
{
	if (first && m->endpoint >= 0 && p->addr.family)
		ctalg_report_token(d->r, m->endpoint, p->at, CTALG_FORM_DOTTED);
	else
		ctalg_sdp_host(d, p, CTALG_FORM_DOTTED);
}

static void report_rtcp(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
			const struct ctalg_reader *value)
{
	/* Of several, the one that was read ahead. */
	if (!m->has_rtcp || m->rtcp_port_at.off < value->pos || m->rtcp_port_at.off >= value->end)
		return;
	if (m->rtcp_endpoint < 0) {
		ctalg_sdp_host(d, &m->rtcp, CTALG_FORM_DOTTED);
		return;
	}
	ctalg_report_token(d->r, m->rtcp_endpoint, m->rtcp_port_at, CTALG_FORM_PORT);
	if (m->rtcp_names)
		ctalg_report_token(d->r, m->rtcp_endpoint, m->rtcp.at, CTALG_FORM_DOTTED);
}

static void report_attribute(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
			     struct ctalg_reader *value)
{
	struct ctalg_span name = ctalg_sdp_attribute(value);

	if (ctalg_span_is(value, name, "RTCP"))
		report_rtcp(d, m, value);
	else if (ctalg_span_is(value, name, "CANDIDATE"))
		ctalg_sdp_candidate(d, m, value);
	else if (ctalg_span_is(value, name, "PATH"))
		ctalg_sdp_path(d, m, value);
}

static void report_section(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
			   struct ctalg_reader *section)
{
	struct ctalg_reader value, next = *section;
	struct ctalg_sdp_place p;
	bool first = true;
	u8 letter;

	while (!d->r->full && ctalg_sdp_line(&next, &letter, &value) && letter != 'm') {
		*section = next;
		if (letter == 'a') {
			report_attribute(d, m, &value);
		} else if (letter == 'c') {
			ctalg_sdp_scan_place(&value, &p);
			report_connection(d, m, &p, first);
			first = false;
		}
	}
}

void ctalg_sdp_media(struct ctalg_sdp *d, struct ctalg_reader *value, struct ctalg_reader *section)
{
	struct ctalg_sdp_media m = {
		.setup = d->setup,
		.ice = d->ice,
		.endpoint = -1,
		.rtcp_endpoint = -1,
	};
	const struct ctalg_sdp_place *conn;

	m.readable = scan_media(value, &m);
	if (!m.readable)
		d->result = CTALG_R_MALFORMED;
	read_ahead(d, *section, &m);
	if (m.ice && d->r->ice == CTALG_ICE_NONE)
		d->r->ice = CTALG_ICE_HOSTS;
	conn = m.has_conn ? &m.conn : &d->conn;
	m.state = judge(&m, conn);
	if (m.state == CTALG_SDP_OPEN)
		report_open(d, &m, conn);
	else
		ctalg_sdp_want(d, -1,
			       m.state == CTALG_SDP_HELD ? CTALG_WANT_HELD : CTALG_WANT_CLOSED);
	report_section(d, &m, section);
}
