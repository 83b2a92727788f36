// SPDX-License-Identifier: GPL-2.0
/* Where media is going to be received: whose place that is, and what is opened for it. */
#include "plan_parts.h"

/* Who sent it says that it finds its way alone; what it offers has to be left as a whole, or changed. */
bool ctalg_plan_leaves_media(const struct ctalg_plan *p)
{
	if (p->r->ice == CTALG_ICE_NONE || p->g->ice == CTALG_GRANT_ICE_REWRITE)
		return false;
	return p->g->ice == CTALG_GRANT_ICE_LEAVE || p->r->ice == CTALG_ICE_TRAVERSED;
}

/* The sender's own; what it calls by its outside name already keeps that name. */
static unsigned int media_own(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			      struct ctalg_opening *o)
{
	o->fixed_port = ctalg_addr_eq(&ep->addr, &p->v->self_out);
	return CTALG_R_NONE;
}

/* Opened for the receiver under the name that it has; nothing is called otherwise. */
static void media_as_it_stands(const struct ctalg_plan *p, const struct ctalg_addr *a, u16 port,
			       struct ctalg_opening *o)
{
	o->inside = *a;
	o->outside = *a;
	o->inside_port = port;
	o->outside_port = port;
	o->from = p->v->peer;
	o->from_len = 0;
	o->port_first = 0;
	o->port_last = 0;
	o->fixed_port = true;
}

/* Another inside host, which the two reach directly. */
static bool media_inside(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			 struct ctalg_opening *o)
{
	struct ctalg_addr addr;
	u16 port;

	if (p->v->inside != CTALG_SIDE_RECEIVER || !p->ops->inside ||
	    !p->ops->inside(p->ctx, ep, &addr, &port))
		return false;
	media_as_it_stands(p, &addr, port, o);
	return true;
}

/* RFC 1918, 3927, 4193, 4291: not to be reached over the public Internet. */
static bool addr_is_private(const struct ctalg_addr *a)
{
	if (a->family == CTALG_AF_INET)
		return a->b[0] == 10 || (a->b[0] == 172 && (a->b[1] & 0xf0) == 16) ||
		       (a->b[0] == 192 && a->b[1] == 168) || (a->b[0] == 169 && a->b[1] == 254);
	return (a->b[0] & 0xfe) == 0xfc || (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80);
}

/* Who speaks from the Internet does not speak for a host that is not there. */
static bool addr_is_nearer(const struct ctalg_plan *p, const struct ctalg_addr *a)
{
	return addr_is_private(a) && !addr_is_private(&p->v->self);
}

/* The sender speaks for another host. Of those beside it only policy may let it. */
static unsigned int media_third_party(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
				      struct ctalg_opening *o)
{
	bool outside = p->v->inside == CTALG_SIDE_RECEIVER;

	if (!ctalg_plan_is_host(&ep->addr) || ctalg_addr_eq(&ep->addr, &p->v->peer_out))
		return CTALG_R_THIRD_PARTY;
	if ((!outside || addr_is_nearer(p, &ep->addr)) && !ctalg_grant_third(p->g, &ep->addr))
		return CTALG_R_THIRD_PARTY;
	if (outside || !ctalg_plan_is_mapped(p))
		media_as_it_stands(p, &ep->addr, ep->port, o);
	else
		o->inside = ep->addr;
	return CTALG_R_NONE;
}

/* enum ctalg_reason, or that nothing is to be done. */
enum { MEDIA_NOTHING = CTALG_R_MAX };

/* So many refusals for want of room show that there is none. */
enum { MEDIA_REFUSALS = 16 };

static unsigned int media_whose(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
				struct ctalg_opening *o)
{
	bool leaves = ctalg_plan_leaves_media(p);

	if (leaves && ctalg_plan_is_mapped(p))
		return MEDIA_NOTHING;
	if (ep->addr.family != p->v->self.family)
		return CTALG_R_FAMILY;
	if (ctalg_addr_eq(&ep->addr, &p->v->self) || ctalg_addr_eq(&ep->addr, &p->v->self_out))
		return media_own(p, ep, o);
	if (media_inside(p, ep, o))
		return leaves || p->g->hairpin ? MEDIA_NOTHING : CTALG_R_NONE;
	return media_third_party(p, ep, o);
}

static void media_opening(const struct ctalg_plan *p, const struct ctalg_want *w,
			  const struct ctalg_endpoint *ep, struct ctalg_opening *o)
{
	ctalg_plan_opening(p->v, p->g, o);
	o->inside_port = ep->port;
	o->outside_port = ep->port;
	o->permanent = true;
	o->l4 = ep->l4;
	o->kind = CTALG_WANT_MEDIA;
	o->flags = w->flags;
	/* Framed over TCP, both share the connection (RFC 4571), or have one each. */
	if (ep->l4 == CTALG_L4_TCP)
		o->flags &= (u8)~CTALG_WANT_PAIR;
	o->line = w->line;
	o->seconds = w->seconds;
}

/* What nobody but an attacker announces are services over TCP. */
static unsigned int media_port(const struct ctalg_plan *p, const struct ctalg_opening *o)
{
	unsigned int reason = ctalg_plan_port(p, o->inside_port);

	return reason == CTALG_R_PORT_DENIED && o->l4 == CTALG_L4_UDP ? CTALG_R_NONE : reason;
}

/*
 * A port that is written nowhere has to be as far from its line's outside as it is inside. Returns false
 * if that has none.
 */
static bool media_next(const struct ctalg_plan *p, const struct ctalg_want *w, u16 line,
		       struct ctalg_opening *o)
{
	const struct ctalg_plan_place *pl = &p->room->place[line];
	u32 port = pl->port + (u32)(p->r->endpoint[w->endpoint].port - p->r->endpoint[line].port);

	if (!(w->flags & CTALG_WANT_NEXT))
		return true;
	if (pl->state != CTALG_PLACE_CALLED || port > 65535)
		return false;
	o->outside_port = (u16)port;
	o->fixed_port = true;
	return true;
}

static bool is_want_of_room(unsigned int reason)
{
	switch (reason) {
	case CTALG_R_NO_PORT:
	case CTALG_R_NO_MEMORY:
	case CTALG_R_LIMIT_SESSION:
	case CTALG_R_LIMIT_FLOW:
	case CTALG_R_LIMIT_HOST:
	case CTALG_R_LIMIT_NET:
	case CTALG_R_LIMIT_KERNEL:
		return true;
	default:
		return false;
	}
}

/*
 * Where there is no room for some there is none for the others, and to find that out takes work: of
 * a message that names thousands only what is open already is asked for then.
 */
static unsigned int media_open(const struct ctalg_plan *p, struct ctalg_opening *o)
{
	struct ctalg_plan_room *room = p->room;
	unsigned int reason;

	o->known = room->refusals >= MEDIA_REFUSALS;
	reason = p->ops->open(p->ctx, o);
	if (reason && o->known)
		return room->refusal;
	if (is_want_of_room(reason)) {
		room->refusal = (u16)reason;
		room->refusals++;
	}
	return reason;
}

/* @line: the endpoint of its line. */
static void media_want(const struct ctalg_plan *p, const struct ctalg_want *w, u16 line)
{
	const struct ctalg_endpoint *ep = &p->r->endpoint[w->endpoint];
	struct ctalg_plan_place *pl = &p->room->place[w->endpoint];
	struct ctalg_opening o;
	unsigned int reason;

	media_opening(p, w, ep, &o);
	reason = media_whose(p, ep, &o);
	if (reason == MEDIA_NOTHING)
		return;
	if (!reason)
		reason = media_port(p, &o);
	if (!reason && !media_next(p, w, line, &o))
		reason = CTALG_R_NO_PORT;
	if (!reason)
		reason = media_open(p, &o);
	if (!reason) {
		ctalg_place_call(pl, &o.outside, o.outside_port);
		return;
	}
	if (pl->state == CTALG_PLACE_STAYS)
		pl->state = CTALG_PLACE_REFUSED;
	if (p->ops->refused)
		p->ops->refused(p->ctx, reason);
}

/* It is named, but not to be opened: called as it is known. */
static void media_named(const struct ctalg_plan *p, const struct ctalg_endpoint *ep,
			struct ctalg_plan_place *pl)
{
	struct ctalg_addr addr;
	bool known = false;
	u16 port;

	if (ctalg_addr_eq(&ep->addr, &p->v->self))
		known = ctalg_plan_is_mapped(p) && p->ops->outside &&
			p->ops->outside(p->ctx, ep, &addr, &port);
	else if (p->v->inside == CTALG_SIDE_RECEIVER &&
		 !ctalg_addr_eq(&ep->addr, &p->v->self_out) && !p->g->hairpin)
		known = p->ops->inside && p->ops->inside(p->ctx, ep, &addr, &port);
	if (known)
		ctalg_place_call(pl, &addr, port);
}

/* What was opened first at an address, of as many addresses as a description can need. */
static void media_first(const struct ctalg_plan *p, u16 endpoint)
{
	struct ctalg_plan_room *room = p->room;
	u16 i;

	if (room->place[endpoint].state != CTALG_PLACE_CALLED)
		return;
	for (i = 0; i < room->n_first; i++)
		if (ctalg_addr_eq(&p->r->endpoint[room->first[i]].addr,
				  &p->r->endpoint[endpoint].addr))
			return;
	if (room->n_first < CTALG_PLAN_ADDRESSES)
		room->first[room->n_first++] = endpoint;
}

/* An address alone is called as that of the first line that was opened there. */
const struct ctalg_plan_place *ctalg_plan_follows(const struct ctalg_plan *p,
						  const struct ctalg_endpoint *ep)
{
	const struct ctalg_plan_room *room = p->room;
	u16 i;

	for (i = 0; i < room->n_first; i++)
		if (ctalg_addr_eq(&p->r->endpoint[room->first[i]].addr, &ep->addr))
			return &room->place[room->first[i]];
	return NULL;
}

void ctalg_plan_media(const struct ctalg_plan *p)
{
	const struct ctalg_report *r = p->r;
	bool leaves = ctalg_plan_leaves_media(p);
	u16 i, line = 0;

	p->room->n_first = 0;
	p->room->refusals = 0;
	for (i = 0; i < r->n_wants; i++) {
		const struct ctalg_want *w = &r->want[i];

		if (w->kind != CTALG_WANT_MEDIA || w->endpoint >= r->n_endpoints)
			continue;
		if (!(w->flags & (CTALG_WANT_NEXT | CTALG_WANT_RTCP)))
			line = w->endpoint;
		media_want(p, w, line);
		media_first(p, w->endpoint);
	}
	for (i = 0; i < r->n_endpoints && !leaves; i++)
		if (r->endpoint[i].role == CTALG_ROLE_MEDIA &&
		    p->room->place[i].state == CTALG_PLACE_STAYS)
			media_named(p, &r->endpoint[i], &p->room->place[i]);
}
