// SPDX-License-Identifier: GPL-2.0
/* Places of pinholes, by the rules of src/core/pinhole_insert.c and place.c: which port one gets outside, and what leads where. */
#include "explain_pinhole.h"

enum {
	/* Where another outside port is looked for. */
	PORT_FIRST = 10000,
	PORT_TRIES = 4096,
};

static bool same_net(const struct explain_flow *a, const struct explain_flow *b)
{
	return !memcmp(&a->at.vlans, &b->at.vlans, sizeof(a->at.vlans));
}

static bool is_outside_at(const struct pinhole_open *p, const struct explain_flow *f,
			  const struct ctalg_opening *o, u16 port)
{
	return !p->used && p->at.l4 == o->l4 && p->at.outside_port == port &&
	       ctalg_addr_eq(&p->at.outside, &o->outside) && same_net(p->flow, f);
}

static bool leads_to_same(const struct pinhole_open *p, const struct ctalg_opening *o)
{
	return p->at.inside_port == o->inside_port && ctalg_addr_eq(&p->at.inside, &o->inside);
}

static bool may_be_same_source(const struct pinhole_open *p, const struct ctalg_opening *o)
{
	return p->at.from.family == CTALG_AF_NONE || o->from.family == CTALG_AF_NONE ||
	       ctalg_addr_eq(&p->at.from, &o->from);
}

/* May the same packet be meant for both? */
static bool clash(const struct pinhole_open *p, const struct explain_flow *f,
		  const struct ctalg_opening *o, u16 port)
{
	return !p->shut && is_outside_at(p, f, o, port) &&
	       (p->flow == f || may_be_same_source(p, o));
}

static struct pinhole_open *find_clash(struct explain *e, const struct explain_flow *f,
				       const struct ctalg_opening *o, u16 port)
{
	struct pinhole_open *p;

	LIST_FOREACH(p, &e->by_port[1][port], in_port[1])
	if (clash(p, f, o, port))
		return p;
	return NULL;
}

/* Does the place lead, or does media that goes on lead, to somewhere else inside? */
static bool is_kept(struct explain *e, const struct explain_flow *f, const struct ctalg_opening *o,
		    u16 port)
{
	struct pinhole_open *p;

	LIST_FOREACH(p, &e->by_port[1][port], in_port[1])
	if (pinhole_lasts(p) && is_outside_at(p, f, o, port) && (!p->shut || !leads_to_same(p, o)))
		return true;
	return false;
}

static bool is_taken(struct explain *e, const struct explain_flow *f, const struct ctalg_opening *o,
		     u16 port)
{
	return find_clash(e, f, o, port) || is_kept(e, f, o, port);
}

/* With its RTCP, which has the next port up. */
static bool is_free(struct explain *e, const struct explain_session *s,
		    const struct ctalg_opening *o, u16 port)
{
	struct ctalg_opening next = *o;

	if (is_taken(e, s->flow, o, port))
		return false;
	if (!(o->flags & CTALG_WANT_PAIR) || o->inside_port == 65535)
		return true;
	next.inside_port++;
	return port < 65535 &&
	       (pinhole_placed(e, s, &next) || !is_taken(e, s->flow, &next, (u16)(port + 1)));
}

/* The kernel takes a random port; which, a capture cannot tell. */
static bool other_port(struct explain *e, const struct explain_session *s, struct ctalg_opening *o)
{
	u32 first = o->port_first ? o->port_first : PORT_FIRST, i;
	u32 ports = o->port_first ? o->port_last - first + 1u : PORT_TRIES, port;

	/* First those of the right parity. */
	for (i = 0; i < 2 * ports; i++) {
		port = first + i % ports;
		if (((port ^ o->inside_port) & 1) != i / ports)
			continue;
		if (ctalg_port_denied((u16)port) || !is_free(e, s, o, (u16)port))
			continue;
		o->outside_port = (u16)port;
		return true;
	}
	return false;
}

/* Is the port that was asked for one of those that policy gives? */
static bool in_range(const struct ctalg_opening *o)
{
	return !o->port_first ||
	       (o->outside_port >= o->port_first && o->outside_port <= o->port_last);
}

/* What goes on since an earlier call would be in the way of another port. */
static void port_before(const struct explain *e, const struct explain_session *s,
			struct ctalg_opening *o)
{
	const struct pinhole_open *p;

	if (o->kind == CTALG_WANT_DATA)
		return;
	LIST_FOREACH(p, &e->by_port[0][o->inside_port], in_port[0])
	if (p->shut && p->at.l4 == o->l4 && leads_to_same(p, o) && same_net(p->flow, s->flow) &&
	    ctalg_addr_eq(&p->at.outside, &o->outside)) {
		o->outside_port = p->at.outside_port;
		return;
	}
}

static bool covers(const struct pinhole_open *p, const struct ctalg_opening *o)
{
	return p->at.permanent && p->at.from_len == o->from_len && leads_to_same(p, o) &&
	       ctalg_addr_eq(&p->at.from, &o->from);
}

/* One that stays open, at a place of its own: another one there stands for it, or is in the way. */
static unsigned int lasting_port(struct explain *e, const struct explain_session *s,
				 const struct ctalg_opening *o, bool *shares)
{
	const struct pinhole_open *p;

	LIST_FOREACH(p, &e->by_port[1][o->outside_port], in_port[1])
	{
		if (p->shut || p->shares || !is_outside_at(p, s->flow, o, o->outside_port) ||
		    !may_be_same_source(p, o))
			continue;
		if (!covers(p, o) || (p->flow == s->flow && p->at.kind != o->kind))
			return CTALG_R_NO_PORT;
		*shares |= p->flow == s->flow;
	}
	return CTALG_R_NONE;
}

/*
 * Where an agent is called has one name outside, in all calls and registrations; a place of media has
 * one in all flows of its call.
 */
static bool is_known(const struct explain_session *s, const struct ctalg_opening *o,
		     const struct pinhole_open *p)
{
	if (o->kind == CTALG_WANT_PATH)
		return p->at.kind == CTALG_WANT_PATH;
	return s->kind && p->session->number == s->number && p->flow != s->flow;
}

/* The place has a port already. */
static bool port_told(struct explain *e, const struct explain_session *s, struct ctalg_opening *o,
		      bool *shares)
{
	const struct pinhole_open *p;
	u16 named = o->outside_port;

	LIST_FOREACH(p, &e->by_port[0][o->inside_port], in_port[0])
	if (pinhole_lasts(p) && !p->shut && is_known(s, o, p) && p->at.l4 == o->l4 &&
	    leads_to_same(p, o) && same_net(p->flow, s->flow) &&
	    ctalg_addr_eq(&p->at.outside, &o->outside))
		break;
	if (!p || o->kind == CTALG_WANT_DATA)
		return false;
	o->outside_port = p->at.outside_port;
	if (!lasting_port(e, s, o, shares))
		return true;
	o->outside_port = named;
	return false;
}

static unsigned int any_port(struct explain *e, const struct explain_session *s,
			     struct ctalg_opening *o, bool *shares)
{
	if (port_told(e, s, o, shares))
		return CTALG_R_NONE;
	*shares = false;
	port_before(e, s, o);
	if (in_range(o) && is_free(e, s, o, o->outside_port))
		return CTALG_R_NONE;
	return other_port(e, s, o) ? CTALG_R_NONE : CTALG_R_NO_PORT;
}

/* Whoever comes now comes for the latest announcement. */
static unsigned int displace(struct explain *e, const struct explain_session *s,
			     const struct ctalg_opening *o)
{
	struct pinhole_open *p;

	while ((p = find_clash(e, s->flow, o, o->outside_port)))
		pinhole_close(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_EXPIRED), NULL);
	return CTALG_R_NONE;
}

unsigned int pinhole_port(struct explain *e, const struct explain_session *s,
			  struct ctalg_opening *o, bool *shares)
{
	bool fixed = o->fixed_port || !view_has_nat(&e->set, s->flow);

	*shares = false;
	fixed |= o->kind != CTALG_WANT_DATA && ctalg_addr_eq(&o->inside, &o->outside);
	/* The port has been chosen; the same capture may show the connection inside, too. */
	if (view_is_outside(&e->set, s->flow) && o->kind == CTALG_WANT_DATA)
		return CTALG_R_NONE;
	if (!fixed)
		return any_port(e, s, o, shares);
	return o->kind == CTALG_WANT_DATA ? displace(e, s, o) : lasting_port(e, s, o, shares);
}

static bool leads(const struct pinhole_open *p, const struct explain_flow *f, bool from_outside,
		  const struct ctalg_addr *addr, u8 l4)
{
	const struct ctalg_addr *at = from_outside ? &p->at.outside : &p->at.inside;

	return pinhole_lasts(p) && !p->shut && p->at.l4 == l4 && ctalg_addr_eq(at, addr) &&
	       same_net(p->flow, f);
}

static struct pinhole_open *find_place(const struct explain *e, const struct explain_flow *f,
				       const struct explain_session *s, bool from_outside,
				       const struct ctalg_addr *addr, u16 port, u8 l4)
{
	struct pinhole_open *p, *best = NULL;

	LIST_FOREACH(p, &e->by_port[from_outside][port], in_port[from_outside])
	{
		if (!leads(p, f, from_outside, addr, l4))
			continue;
		if (!best || p->session == s)
			best = p;
		if (best->session == s)
			break;
	}
	return best;
}

struct pinhole_open *pinhole_to(const struct explain *e, const struct explain_flow *f,
				const struct explain_session *s, const struct ctalg_addr *addr,
				u16 port, u8 l4)
{
	return find_place(e, f, s, false, addr, port, l4);
}

bool pinhole_leads(const struct explain *e, const struct explain_flow *f,
		   const struct explain_session *s, const struct ctalg_endpoint *place,
		   bool outside, struct ctalg_addr *addr, u16 *port)
{
	const struct pinhole_open *p =
		find_place(e, f, s, !outside, &place->addr, place->port, place->l4);

	if (!p || (!outside && place->role == CTALG_ROLE_MEDIA && p->at.kind != CTALG_WANT_MEDIA))
		return false;
	*addr = outside ? p->at.outside : p->at.inside;
	*port = outside ? p->at.outside_port : p->at.inside_port;
	return true;
}

struct pinhole_open *pinhole_placed(const struct explain *e, const struct explain_session *s,
				    const struct ctalg_opening *o)
{
	struct pinhole_open *p;

	LIST_FOREACH(p, &e->by_port[0][o->inside_port], in_port[0])
	if (p->session == s && pinhole_lasts(p) && !p->shut && p->at.kind == o->kind &&
	    p->at.l4 == o->l4 && ctalg_addr_eq(&p->at.inside, &o->inside) &&
	    ctalg_addr_eq(&p->at.outside, &o->outside))
		return p;
	return NULL;
}

void pinhole_bequeath(struct explain *e, struct pinhole_open *p)
{
	struct pinhole_open *q, *heir = NULL;

	if (p->shares || !pinhole_lasts(p))
		return;
	/* The latest stand first. */
	LIST_FOREACH(q, &e->by_port[1][p->at.outside_port], in_port[1])
	if (q != p && q->shares && q->flow == p->flow &&
	    is_outside_at(q, p->flow, &p->at, p->at.outside_port) && covers(q, &p->at))
		heir = q;
	if (heir)
		heir->shares = false;
}
