// SPDX-License-Identifier: GPL-2.0
/* Places that a message names, as endpoints and tokens. */
#include "sip_head.h"

u8 sip_l4(const struct sip_head *h)
{
	return h->m->l4 ? h->m->l4 : (u8)CTALG_L4_UDP;
}

/* So that what a message repeats is called the same each time, and takes no room. */
int sip_endpoint(struct sip_head *h, const struct ctalg_addr *a, u16 port, u8 l4, u8 role)
{
	const struct ctalg_endpoint ep = { .addr = *a, .port = port, .l4 = l4, .role = role };

	return ctalg_report_has_token(h->r) ? ctalg_report_place(h->r, &ep, 0) : -1;
}

/* A port of 0 is none; what can be told of such a place is its host. */
int sip_report_host(struct sip_head *h, const struct sip_host *host, u16 implied, u8 l4, u8 role)
{
	bool portless = host->ported && !host->port;
	int ep;

	if (host->addr.family == CTALG_AF_NONE)
		return -1;
	if (portless) {
		ep = sip_endpoint(h, &host->addr, 0, l4,
				  role == CTALG_ROLE_PATH ? CTALG_ROLE_HOST : role);
		ctalg_report_token(h->r, ep, host->name, CTALG_FORM_BRACKETED);
		return -1;
	}
	ep = sip_endpoint(h, &host->addr, host->ported ? host->port : implied, l4, role);
	if (ctalg_report_token(h->r, ep, host->at, CTALG_FORM_HOST))
		h->r->token[h->r->n_tokens - 1].implied = implied;
	return ep;
}

int sip_report_literal(struct sip_head *h, const struct sip_literal *at, u16 port, u8 l4, u8 role)
{
	int ep;

	if (at->addr.family == CTALG_AF_NONE)
		return -1;
	if (!port && role == CTALG_ROLE_PATH)
		role = CTALG_ROLE_HOST;
	ep = sip_endpoint(h, &at->addr, port, l4, role);
	ctalg_report_token(h->r, ep, at->at, at->form);
	return port ? ep : -1;
}

static u8 uri_l4(const struct sip_head *h, const struct sip_uri *u)
{
	if (u->scheme == SIP_SCHEME_SIPS)
		return CTALG_L4_TCP;
	switch (u->transport) {
	case SIP_TRANSPORT_UDP:
		return CTALG_L4_UDP;
	case SIP_TRANSPORT_TCP:
	case SIP_TRANSPORT_TLS:
		return CTALG_L4_TCP;
	default:
		return sip_l4(h);
	}
}

int sip_report_uri(struct sip_head *h, const struct sip_uri *u, u8 role)
{
	bool tls = u->scheme == SIP_SCHEME_SIPS || u->transport == SIP_TRANSPORT_TLS;
	u16 implied = tls ? SIPS_PORT : SIP_PORT;
	u8 l4 = uri_l4(h, u);
	int ep;

	if (u->scheme == SIP_SCHEME_OTHER)
		return -1;
	ep = sip_report_host(h, &u->host, implied, l4, role);
	if (!u->maddr.at.len)
		return ep;
	return sip_report_literal(h, &u->maddr, u->host.ported ? u->host.port : implied, l4, role);
}
