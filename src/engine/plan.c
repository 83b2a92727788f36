// SPDX-License-Identifier: GPL-2.0
#include "plan.h"

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
static unsigned int port_reason(u16 port, u8 dir)
{
	unsigned int reason = ctalg_port_denied(port);

	return reason == CTALG_R_PORT_DENIED && dir == CTALG_DIR_REPLY ? CTALG_R_NONE : reason;
}

/* An address that one host may have; not this-network, loopback or multicast. */
static bool addr_is_host(const struct ctalg_addr *a)
{
	static const struct ctalg_addr loopback = { .family = CTALG_AF_INET6, .b[15] = 1 };

	if (a->family == CTALG_AF_INET)
		return a->b[0] != 0 && a->b[0] != 127 && a->b[0] < 224;
	return a->b[0] != 0xff && !ctalg_addr_is_unspecified(a) && !ctalg_addr_eq(a, &loopback);
}

static unsigned int plan_third_party(const struct ctalg_endpoint *ep, const struct ctalg_grant *g,
				     u8 dir, struct ctalg_plan_place *pl)
{
	if (!addr_is_host(&ep->addr) || !ctalg_grant_third(g, &ep->addr))
		return CTALG_R_THIRD_PARTY;
	pl->o.inside = ep->addr;
	pl->o.outside = ep->addr;
	pl->o.fixed_port = true;
	pl->ours = false;
	return port_reason(ep->port, dir);
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
}

static unsigned int plan_endpoint(const struct ctalg_endpoint *ep, const struct ctalg_view *v,
				  const struct ctalg_grant *g, u8 dir, struct ctalg_plan_place *pl)
{
	bool own_port = ep->port == 0 && ep->addr.family == CTALG_AF_NONE;

	pl->ours = true;
	ctalg_plan_opening(v, g, &pl->o);
	pl->o.l4 = ep->l4;
	pl->o.inside_port = own_port ? v->self_port : ep->port;
	pl->o.outside_port = own_port ? v->self_out_port : ep->port;
	pl->o.fixed_port = own_port;

	if (ep->addr.family == CTALG_AF_NONE)
		return own_port ? CTALG_R_NONE : port_reason(ep->port, dir);
	if (ep->addr.family != v->self.family)
		return CTALG_R_FAMILY;
	if (!ctalg_addr_eq(&ep->addr, &v->self) && !ctalg_addr_eq(&ep->addr, &v->self_out))
		return plan_third_party(ep, g, dir, pl);
	return port_reason(ep->port, dir);
}

static bool text_differs(const u8 *old, u32 old_len, const char *text, u32 len)
{
	return old_len != len || memcmp(old, text, len);
}

/* A token changes only if what it names is called otherwise outside. */
static bool token_stands(const struct ctalg_endpoint *ep, const struct ctalg_plan_place *pl)
{
	return !pl->ours ||
	       (ep->port == pl->o.outside_port &&
		(ep->addr.family == CTALG_AF_NONE || ctalg_addr_eq(&ep->addr, &pl->o.outside)));
}

static unsigned int plan_token(const struct ctalg_token *t, const struct ctalg_endpoint *ep,
			       const struct ctalg_plan_place *pl, const struct ctalg_message *m,
			       struct ctalg_edits *e, u32 base)
{
	struct ctalg_span at = { .off = base + t->at.off, .len = t->at.len };
	char text[CTALG_TOKEN_MAX];
	u32 len;

	if (t->at.len == 0 || t->at.off > m->len || t->at.len > m->len - t->at.off)
		return CTALG_R_MALFORMED;
	if (token_stands(ep, pl))
		return CTALG_R_NONE;
	len = ctalg_form_write(t->form, m->data[t->at.off], &pl->o.outside, pl->o.outside_port,
			       text, sizeof(text));
	if (!len)
		return CTALG_R_UNWRITABLE;
	if (text_differs(m->data + t->at.off, t->at.len, text, len) &&
	    !ctalg_edits_add(e, at, text, len))
		return CTALG_R_LIMIT_EDITS;
	return CTALG_R_NONE;
}

/* Tells of each endpoint whose writing has changed. */
static void plan_tell(const struct ctalg_report *r, const struct ctalg_plan_place *pl,
		      const struct ctalg_plan_ops *ops, void *ctx)
{
	u16 i, t;

	for (i = 0; i < r->n_endpoints; i++) {
		for (t = 0; t < r->n_tokens && r->token[t].endpoint != i; t++)
			;
		if (t < r->n_tokens && !token_stands(&r->endpoint[i], &pl[i]))
			ops->edited(ctx, &r->endpoint[i], &pl[i].o);
	}
}

unsigned int ctalg_plan_message(const struct ctalg_report *r, const struct ctalg_message *m,
				const struct ctalg_view *v, const struct ctalg_grant *g,
				const struct ctalg_plan_ops *ops, void *ctx, struct ctalg_edits *e,
				u32 base, struct ctalg_plan_room *room)
{
	struct ctalg_plan_place *pl = room->place;
	unsigned int reason = CTALG_R_NONE;
	u16 edits = e->n;
	u16 i;

	for (i = 0; i < r->n_endpoints && !reason; i++)
		reason = plan_endpoint(&r->endpoint[i], v, g, m->dir, &pl[i]);
	if (reason)
		return reason;
	for (i = 0; i < r->n_wants && !reason; i++)
		reason = ops->open(ctx, &pl[r->want[i].endpoint].o);
	for (i = 0; i < r->n_tokens && !reason; i++)
		reason = plan_token(&r->token[i], &r->endpoint[r->token[i].endpoint],
				    &pl[r->token[i].endpoint], m, e, base);
	if (reason) {
		ctalg_edits_cut(e, edits);
		ops->undo(ctx);
	} else if (ops->edited) {
		plan_tell(r, pl, ops, ctx);
	}
	return reason;
}
