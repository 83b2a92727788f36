// SPDX-License-Identifier: GPL-2.0
#include "plan_parts.h"

/*
 * Services above 1023 that listen on inside hosts and that nobody announces as
 * a data port: opening one of these is what an attacker asks for.
 */
static const struct {
	u16 first, last;
} denied_ports[] = {
	{ 1433, 1434 },	  /* MS SQL */
	{ 1521, 1521 },	  /* Oracle */
	{ 2049, 2049 },	  /* NFS */
	{ 2375, 2376 },	  /* Docker */
	{ 3306, 3306 },	  /* MySQL */
	{ 3389, 3389 },	  /* RDP */
	{ 5432, 5432 },	  /* PostgreSQL */
	{ 5900, 5909 },	  /* VNC */
	{ 5985, 5986 },	  /* WinRM */
	{ 6000, 6009 },	  /* X11 */
	{ 6379, 6379 },	  /* Redis */
	{ 9200, 9200 },	  /* Elasticsearch */
	{ 11211, 11211 }, /* memcached */
	{ 27017, 27017 }, /* MongoDB */
};

unsigned int ctalg_port_denied(u16 port)
{
	unsigned int i;

	if (!port)
		return CTALG_R_PORT_ZERO;
	if (port < 1024)
		return CTALG_R_PORT_PRIVILEGED;
	for (i = 0; i < ARRAY_SIZE(denied_ports); i++)
		if (port >= denied_ports[i].first && port <= denied_ports[i].last)
			return CTALG_R_PORT_DENIED;
	return CTALG_R_NONE;
}

static u32 from_bits(const struct ctalg_opening *o)
{
	return o->from_len ? o->from_len : 8 * ctalg_addr_len(&o->from);
}

bool ctalg_opening_same(const struct ctalg_opening *a, const struct ctalg_opening *b)
{
	return a->l4 == b->l4 && a->inside_port == b->inside_port && a->permanent == b->permanent &&
	       ctalg_addr_eq(&a->inside, &b->inside) && ctalg_addr_eq(&a->from, &b->from) &&
	       from_bits(a) == from_bits(b) && ctalg_addr_eq(&a->outside, &b->outside);
}

/*
 * The deny set is for who can be made to announce something, as a browser can: the side
 * that opened the connection. A server that answers with such a port listens there.
 */
unsigned int ctalg_plan_port(const struct ctalg_plan *p, u16 port)
{
	unsigned int reason = ctalg_port_denied(port);

	return reason == CTALG_R_PORT_DENIED && p->m->dir == CTALG_DIR_REPLY ? CTALG_R_NONE
									     : reason;
}

/* Not this-network, loopback or multicast. */
bool ctalg_plan_is_host(const struct ctalg_addr *a)
{
	static const struct ctalg_addr loopback = { .family = CTALG_AF_INET6, .b[15] = 1 };

	if (a->family == CTALG_AF_INET)
		return a->b[0] != 0 && a->b[0] != 127 && a->b[0] < 224;
	return a->b[0] != 0xff && !ctalg_addr_is_unspecified(a) && !ctalg_addr_eq(a, &loopback);
}

void ctalg_plan_opening(const struct ctalg_view *v, const struct ctalg_grant *g,
			struct ctalg_opening *o)
{
	memset(o, 0, sizeof(*o));
	o->inside = v->self;
	o->outside = v->self_out;
	o->port_first = g->port_first;
	o->port_last = g->port_last;
	if (g->any_source)
		return;
	o->from = g->from.family == v->peer.family ? g->from : v->peer;
	o->from_len = g->from.family == v->peer.family ? g->from_len : 0;
	/* One that is said does not change. */
	if (g->from_peer)
		o->from_len = (u8)(8 * ctalg_addr_len(&v->peer));
}

/* A message that announces a data flow is granted whole or not at all. */
static bool plan_is_data(const struct ctalg_report *r)
{
	u16 i;

	for (i = 0; i < r->n_endpoints; i++)
		if (r->endpoint[i].role == CTALG_ROLE_DATA)
			return true;
	return false;
}

static unsigned int plan_parts(const struct ctalg_plan *p)
{
	u16 edits = p->e->n;
	unsigned int reason;

	memset(p->room->place, 0, p->r->n_endpoints * sizeof(p->room->place[0]));
	ctalg_plan_paths(p);
	ctalg_plan_media(p);
	reason = ctalg_plan_strips(p);
	if (!reason)
		reason = ctalg_plan_tokens(p);
	if (!reason && p->e->n > edits && !ctalg_plan_lengths(p->r, p->m, p->e, p->base))
		reason = CTALG_R_LIMIT_EDITS;
	if (reason)
		p->ops->undo(p->ctx);
	return reason;
}

unsigned int ctalg_plan_message(const struct ctalg_report *r, const struct ctalg_message *m,
				const struct ctalg_view *v, const struct ctalg_grant *g,
				const struct ctalg_plan_ops *ops, void *ctx, struct ctalg_edits *e,
				u32 base, struct ctalg_plan_room *room)
{
	const struct ctalg_plan p = { r, m, v, g, ops, ctx, e, base, room };
	u16 edits = e->n;
	unsigned int reason;

	reason = plan_is_data(r) ? ctalg_plan_data(&p) : plan_parts(&p);
	if (!reason && e->n > edits && ctalg_edits_delta(e) > e->most) {
		ops->undo(ctx);
		reason = CTALG_R_LIMIT_EDITS;
	}
	if (reason)
		ctalg_edits_cut(e, edits);
	else if (ops->edited)
		ctalg_plan_tell(&p);
	return reason;
}
