// SPDX-License-Identifier: GPL-2.0
/*
 * What the router has seen of a message that a capture made inside shows. Who is inside is told of places inside
 * by their own names: if the router has a helper it has changed them by then, and if it has none
 * nobody has ever called them otherwise. With a helper they would have come by the names that they have outside.
 */
#include "explain_pinhole.h"

static void called(struct ctalg_endpoint *ep, const struct ctalg_addr *addr, u16 port)
{
	ep->addr = *addr;
	ep->port = port;
}

static void seen_place(const struct explain *e, const struct explain_flow *f,
		       const struct ctalg_view *v, struct ctalg_endpoint *ep)
{
	bool end = ctalg_addr_eq(&ep->addr, &v->peer);
	const struct pinhole_open *p;

	if (end && ep->role == CTALG_ROLE_PATH && ep->port == v->peer_port) {
		called(ep, &v->peer_out, v->peer_out_port);
		return;
	}
	p = pinhole_to(e, f, NULL, &ep->addr, ep->port, ep->l4);
	if (p && (end || ep->role == CTALG_ROLE_MEDIA))
		called(ep, &p->at.outside, p->at.outside_port);
}

const struct ctalg_report *seen_report(struct explain *e, const struct explain_flow *f,
				       const struct ctalg_report *r, const struct ctalg_view *v)
{
	u16 i;

	if (v->inside != CTALG_SIDE_RECEIVER || ctalg_addr_eq(&v->peer, &v->peer_out))
		return r;
	e->seen = *r;
	e->seen.endpoint = e->seen_in;
	memcpy(e->seen_in, r->endpoint, r->n_endpoints * sizeof(*r->endpoint));
	for (i = 0; i < r->n_endpoints; i++) {
		struct ctalg_endpoint *ep = &e->seen.endpoint[i];

		if (!addr_is_inside(&e->set, &ep->addr))
			continue;
		if (ep->role == CTALG_ROLE_PATH || ep->role == CTALG_ROLE_MEDIA)
			seen_place(e, f, v, ep);
		else if (ep->role == CTALG_ROLE_NAME && ctalg_addr_eq(&ep->addr, &v->peer))
			called(ep, &v->peer_out, ep->port ? v->peer_out_port : 0);
	}
	return &e->seen;
}
