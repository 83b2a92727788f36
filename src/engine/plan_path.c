// SPDX-License-Identifier: GPL-2.0
/* Places on the way of the signalling, hosts and names. */
#include "plan_parts.h"

/* What the other side calls the two ends of this flow. */
static bool path_is_end(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			struct ctalg_plan_place *pl)
{
	const struct ctalg_view *v = p->v;

	if (ep->port == v->self_port && ctalg_addr_eq(&ep->addr, &v->self))
		ctalg_place_call(pl, &v->self_out, v->self_out_port);
	else if (!v->aware && ep->port == v->peer_out_port &&
		 ctalg_addr_eq(&ep->addr, &v->peer_out))
		ctalg_place_call(pl, &v->peer, v->peer_port);
	else
		return false;
	return true;
}

/* And other places of the same hosts, if something has been opened there. */
static void path_look_up(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			 struct ctalg_plan_place *pl)
{
	const struct ctalg_view *v = p->v;
	struct ctalg_addr addr;
	bool known = false;
	u16 port;

	if (ctalg_plan_is_mapped(p) && ctalg_addr_eq(&ep->addr, &v->self))
		known = p->ops->outside && p->ops->outside(p->ctx, ep, &addr, &port);
	else if (!v->aware && !ctalg_addr_eq(&v->peer, &v->peer_out) &&
		 ctalg_addr_eq(&ep->addr, &v->peer_out))
		known = p->ops->inside && p->ops->inside(p->ctx, ep, &addr, &port) &&
			ctalg_addr_eq(&addr, &v->peer);
	if (known)
		ctalg_place_call(pl, &addr, port);
}

static void path_refused(const struct ctalg_plan *p, unsigned int reason)
{
	if (p->ops->refused)
		p->ops->refused(p->ctx, reason);
}

/* The sender is going to be called at a place of its own. */
static void path_open(const struct ctalg_plan *p, const struct ctalg_want *w,
		      const struct ctalg_endpoint *ep, struct ctalg_plan_place *pl)
{
	bool own = ep->port == p->v->self_port;
	struct ctalg_opening o;
	unsigned int reason;

	/* The flow itself leads there as long as it lasts. */
	if (own && p->r->talk.kind != CTALG_TALK_BINDING)
		return;
	ctalg_plan_opening(p->v, p->g, &o);
	o.inside_port = ep->port;
	o.outside_port = own ? p->v->self_out_port : ep->port;
	o.fixed_port = own;
	o.permanent = true;
	o.l4 = ep->l4;
	o.kind = CTALG_WANT_PATH;
	o.flags = w->flags;
	o.line = w->line;
	o.seconds = w->seconds;
	reason = ctalg_plan_port(p, ep->port);
	if (!reason)
		reason = p->ops->open(p->ctx, &o);
	if (!reason)
		ctalg_place_call(pl, &o.outside, o.outside_port);
	else if (w->seconds)
		path_refused(p, reason);
}

/* The other side says how long it is going to call a place of the receiver's. */
static void path_renew(const struct ctalg_plan *p, const struct ctalg_want *w,
		       const struct ctalg_endpoint *ep)
{
	struct ctalg_plan_place pl = { .addr = ep->addr, .port = ep->port };
	struct ctalg_opening o = {
		.outside = ep->addr,
		.outside_port = ep->port,
		.from = p->v->self,
		.fixed_port = true,
		.permanent = true,
		.l4 = ep->l4,
		.kind = CTALG_WANT_PATH,
		.flags = w->flags | CTALG_WANT_RENEWS,
		.line = w->line,
		.seconds = w->seconds,
	};
	unsigned int reason;

	if (p->v->inside == CTALG_SIDE_SENDER || p->r->talk.kind != CTALG_TALK_BINDING ||
	    !ctalg_addr_eq(&ep->addr, &p->v->peer_out))
		return;
	if (!path_is_end(p, ep, &pl))
		path_look_up(p, ep, &pl);
	if (pl.state == CTALG_PLACE_STAYS && !ctalg_addr_eq(&p->v->peer, &p->v->peer_out))
		return;
	o.inside = pl.addr;
	o.inside_port = pl.port;
	reason = p->ops->open(p->ctx, &o);
	if (reason)
		path_refused(p, reason);
}

static void path_want(const struct ctalg_plan *p, const struct ctalg_want *w)
{
	const struct ctalg_endpoint *ep;

	if (w->kind != CTALG_WANT_PATH || w->endpoint >= p->r->n_endpoints)
		return;
	ep = &p->r->endpoint[w->endpoint];
	if (!ctalg_addr_eq(&ep->addr, &p->v->self))
		path_renew(p, w, ep);
	else if (p->v->inside != CTALG_SIDE_RECEIVER)
		path_open(p, w, ep, &p->room->place[w->endpoint]);
}

/* A name that is an address alone, as behind the @ of a Call-ID, has to come back as it went. */
static void name_called(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			struct ctalg_plan_place *pl)
{
	if (ctalg_addr_eq(&ep->addr, &p->v->self))
		ctalg_place_call(pl, &p->v->self_out, 0);
	else if (!ctalg_addr_eq(&ep->addr, &p->v->self_out) &&
		 ctalg_addr_eq(&ep->addr, &p->v->peer_out))
		ctalg_place_call(pl, &p->v->peer, 0);
}

/* Another port than the flow's stays the same, unless it would come back as the flow's own. */
static void name_ported(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			struct ctalg_plan_place *pl)
{
	const struct ctalg_view *v = p->v;

	if (ctalg_addr_eq(&ep->addr, &v->self) && ep->port != v->self_out_port)
		ctalg_place_call(pl, &v->self_out, ep->port);
	else if (!ctalg_addr_eq(&ep->addr, &v->self_out) &&
		 ctalg_addr_eq(&ep->addr, &v->peer_out) && ep->port != v->peer_port)
		ctalg_place_call(pl, &v->peer, ep->port);
}

static void path_endpoint(const struct ctalg_plan *p, const struct ctalg_endpoint *ep, bool hosts,
			  struct ctalg_plan_place *pl)
{
	if (ep->role == CTALG_ROLE_HOST && hosts && !ctalg_plan_leaves_media(p) &&
	    ctalg_addr_eq(&ep->addr, &p->v->self))
		ctalg_place_call(pl, &p->v->self_out, ep->port);
	if (ep->role == CTALG_ROLE_NAME && p->g->hide && !ep->port)
		name_called(p, ep, pl);
	if (ep->role != CTALG_ROLE_PATH && (ep->role != CTALG_ROLE_NAME || !p->g->hide))
		return;
	if (pl->state == CTALG_PLACE_STAYS && !path_is_end(p, ep, pl))
		path_look_up(p, ep, pl);
	if (pl->state == CTALG_PLACE_STAYS && ep->role == CTALG_ROLE_NAME && ep->port)
		name_ported(p, ep, pl);
}

u8 ctalg_plan_aware(const struct ctalg_report *r, const struct ctalg_view *v)
{
	u8 aware = CTALG_AWARE_UNSAID;
	u16 i;

	if (ctalg_addr_eq(&v->self, &v->self_out))
		return CTALG_AWARE_NO;
	for (i = 0; i < r->n_tokens; i++) {
		const struct ctalg_endpoint *ep = &r->endpoint[r->token[i].endpoint];

		if (ep->role != CTALG_ROLE_PATH)
			continue;
		if (ctalg_addr_eq(&ep->addr, &v->self) && !r->token[i].moot)
			return CTALG_AWARE_NO;
		if (ctalg_addr_eq(&ep->addr, &v->self_out) && ep->port == v->self_out_port)
			aware = CTALG_AWARE_YES;
	}
	return aware;
}

static bool names_own_media(const struct ctalg_plan *p)
{
	u16 i;

	for (i = 0; i < p->r->n_endpoints; i++)
		if (p->r->endpoint[i].role == CTALG_ROLE_MEDIA &&
		    ctalg_addr_eq(&p->r->endpoint[i].addr, &p->v->self))
			return true;
	return false;
}

void ctalg_plan_paths(const struct ctalg_plan *p)
{
	bool hosts = !ctalg_plan_leaves_moot(p) || names_own_media(p);
	u16 i;

	for (i = 0; i < p->r->n_wants; i++)
		path_want(p, &p->r->want[i]);
	for (i = 0; i < p->r->n_endpoints; i++)
		path_endpoint(p, &p->r->endpoint[i], hosts, &p->room->place[i]);
}
