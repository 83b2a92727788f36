// SPDX-License-Identifier: GPL-2.0
/* Data flows: the sender's own, or else nothing of the message is granted. */
#include "plan_parts.h"

static unsigned int data_third_party(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
				     struct ctalg_opening *o)
{
	if (!ctalg_plan_is_host(&ep->addr) || !ctalg_grant_third(p->g, &ep->addr))
		return CTALG_R_THIRD_PARTY;
	o->inside = ep->addr;
	o->outside = ep->addr;
	o->fixed_port = true;
	return ctalg_plan_port(p, ep->port);
}

/* The pinhole that leads to an endpoint. */
static unsigned int data_opening(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
				 struct ctalg_opening *o)
{
	bool own_port = ep->port == 0 && ep->addr.family == CTALG_AF_NONE;
	const struct ctalg_view *v = p->v;

	ctalg_plan_opening(v, p->g, o);
	o->kind = CTALG_WANT_DATA;
	o->l4 = ep->l4;
	o->inside_port = own_port ? v->self_port : ep->port;
	o->outside_port = own_port ? v->self_out_port : ep->port;
	o->fixed_port = own_port;

	if (ep->addr.family == CTALG_AF_NONE)
		return own_port ? CTALG_R_NONE : ctalg_plan_port(p, ep->port);
	if (ep->addr.family != v->self.family)
		return CTALG_R_FAMILY;
	if (!ctalg_addr_eq(&ep->addr, &v->self) && !ctalg_addr_eq(&ep->addr, &v->self_out))
		return data_third_party(p, ep, o);
	return ctalg_plan_port(p, ep->port);
}

static unsigned int data_place(const struct ctalg_plan *p, u16 i)
{
	struct ctalg_opening o;
	unsigned int reason = data_opening(p, &p->r->endpoint[i], &o);

	ctalg_place_call(&p->room->place[i], &o.outside, o.outside_port);
	return reason;
}

static unsigned int data_open(const struct ctalg_plan *p, u16 i)
{
	struct ctalg_opening o;
	unsigned int reason;

	if (i >= p->r->n_endpoints)
		return CTALG_R_MALFORMED;
	data_opening(p, &p->r->endpoint[i], &o);
	reason = p->ops->open(p->ctx, &o);
	if (!o.fixed_port)
		p->room->place[i].port = o.outside_port;
	return reason;
}

unsigned int ctalg_plan_data(const struct ctalg_plan *p)
{
	unsigned int reason = CTALG_R_NONE;
	u16 i;

	for (i = 0; i < p->r->n_endpoints && !reason; i++)
		reason = data_place(p, i);
	if (reason)
		return reason;
	for (i = 0; i < p->r->n_wants && !reason; i++)
		reason = data_open(p, p->r->want[i].endpoint);
	if (!reason)
		reason = ctalg_plan_tokens(p);
	if (reason)
		p->ops->undo(p->ctx);
	return reason;
}
