// SPDX-License-Identifier: GPL-2.0
/* a=path: where MSRP (RFC 4975) is spoken. */
#include "sdp_parts.h"

enum { MSRP_PORT = 2855 };

/* "bob@", as far as it stands before the "/". */
static void skip_user(struct ctalg_reader *rd)
{
	struct ctalg_span authority = { .off = rd->pos, .len = ctalg_rd_left(rd) }, user;
	struct ctalg_reader in = *rd;

	ctalg_scan_until(&in, '/', &authority);
	ctalg_rd_sub(&in, rd, authority);
	if (ctalg_scan_until(&in, '@', &user))
		ctalg_rd_skip(rd, user.len + 1);
}

/* Up to the host of "msrp://user@host:port/session;tcp". */
static bool scan_msrp(struct ctalg_reader *rd)
{
	struct ctalg_span scheme;

	if (!ctalg_scan_until(rd, ':', &scheme) ||
	    (!ctalg_span_is(rd, scheme, "MSRP") && !ctalg_span_is(rd, scheme, "MSRPS")))
		return false;
	ctalg_rd_skip(rd, 1);
	if (!ctalg_scan_char(rd, '/') || !ctalg_scan_char(rd, '/'))
		return false;
	skip_user(rd);
	return true;
}

/* An address with or without a port, and nothing else before the "/". */
static bool scan_authority(struct ctalg_reader *rd, struct ctalg_sdp_place *host, u32 *port)
{
	int c;

	memset(host, 0, sizeof(*host));
	*port = MSRP_PORT;
	host->at.off = rd->pos;
	if (ctalg_scan_char(rd, '[')) {
		if (!ctalg_scan_ip6(rd, &host->addr) || !ctalg_scan_char(rd, ']'))
			return false;
	} else if (!ctalg_scan_ip4(rd, &host->addr)) {
		return false;
	}
	host->at.len = rd->pos - host->at.off;
	if (ctalg_scan_char(rd, ':') && !ctalg_scan_dec(rd, 65535, 5, port))
		return false;
	c = ctalg_rd_peek(rd, 0);
	return (c < 0 || c == '/' || c == ';') && *port && !ctalg_addr_is_unspecified(&host->addr);
}

/* RFC 4975: of the URIs the first is the sender's own, and the one that is connected to. */
void ctalg_sdp_path(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
		    struct ctalg_reader *value)
{
	struct ctalg_sdp_place host;
	struct ctalg_reader uri;
	struct ctalg_span word;
	u32 port;
	int ep;

	if (m->l4 != CTALG_L4_TCP || !ctalg_scan_word(value, &word))
		return;
	ctalg_rd_sub(&uri, value, word);
	if (!scan_msrp(&uri) || !scan_authority(&uri, &host, &port))
		return;
	if (m->endpoint < 0) {
		ctalg_sdp_host(d, &host, CTALG_FORM_BRACKETED);
		return;
	}
	ep = ctalg_sdp_endpoint(d, &host.addr, (u16)port, CTALG_L4_TCP);
	if (ep < 0)
		return;
	host.at.len = uri.pos - host.at.off;
	if (ctalg_report_token(d->r, ep, host.at, CTALG_FORM_HOST))
		d->r->token[d->r->n_tokens - 1].implied = MSRP_PORT;
	if (!d->r->endpoint[ep].wanted)
		ctalg_sdp_want(d, ep, 0);
}
