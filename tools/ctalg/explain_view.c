// SPDX-License-Identifier: GPL-2.0
/*
 * How NAT shows a flow's ends to each other, as far as the settings tell.
 *
 * A capture made inside shows an inside host by its own address: to everybody outside it is
 * called by the router's. One made outside shows it by the router's address, and what it said
 * has been rewritten already, or has been forgotten: there is no address to change into another.
 */
#include "explain.h"

bool addr_has_prefix(const struct ctalg_addr *prefix, u8 bits, const struct ctalg_addr *a)
{
	u8 bytes = bits / 8, rest = bits % 8;

	if (prefix->family != a->family || memcmp(prefix->b, a->b, bytes))
		return false;
	return !rest || !((prefix->b[bytes] ^ a->b[bytes]) >> (8 - rest));
}

bool addr_is_inside(const struct explain_settings *set, const struct ctalg_addr *a)
{
	unsigned int i;

	for (i = 0; i < set->n_inside; i++)
		if (addr_has_prefix(&set->inside[i].addr, set->inside[i].bits, a))
			return true;
	return false;
}

bool addr_is_outside(const struct explain_settings *set, const struct ctalg_addr *a)
{
	unsigned int i;

	for (i = 0; i < set->n_outside; i++)
		if (ctalg_addr_eq(&set->outside[i], a))
			return true;
	return false;
}

/* What @a is called by @other. Inside hosts and the router itself know one another. */
static const struct ctalg_addr *shown_to(const struct explain_settings *set,
					 const struct ctalg_addr *a, const struct ctalg_addr *other)
{
	unsigned int i;

	if (!addr_is_inside(set, a) || addr_is_inside(set, other) || addr_is_outside(set, other))
		return a;
	for (i = 0; i < set->n_outside; i++)
		if (set->outside[i].family == a->family)
			return &set->outside[i];
	return a;
}

static bool is_in_set(const struct explain *e, const struct ctalg_addr *a)
{
	return e->inside != CTALG_IMAGE_ANY && ctalg_image_set_has(e->set.image, e->inside, a);
}

/* Whose address NAT translates; else who is told to be inside, here or by policy; else nobody is. */
static u8 side_inside(const struct explain *e, const struct ctalg_view *v)
{
	const struct explain_settings *set = &e->set;
	bool self = addr_is_inside(set, &v->self) || addr_is_outside(set, &v->self);
	bool peer = addr_is_inside(set, &v->peer) || addr_is_outside(set, &v->peer);

	if (self == peer) {
		self = is_in_set(e, &v->self);
		peer = is_in_set(e, &v->peer);
	}
	if (self == peer)
		return CTALG_SIDE_NEITHER;
	return self ? CTALG_SIDE_SENDER : CTALG_SIDE_RECEIVER;
}

void view_of(const struct explain *e, const struct explain_flow *f, u8 dir, struct ctalg_view *v)
{
	const struct explain_settings *set = &e->set;
	const struct end *self = dir == CTALG_DIR_ORIG ? &f->at.src : &f->at.dst;
	const struct end *peer = dir == CTALG_DIR_ORIG ? &f->at.dst : &f->at.src;

	v->self = self->addr;
	v->self_out = *shown_to(set, &self->addr, &peer->addr);
	v->peer = peer->addr;
	v->peer_out = *shown_to(set, &peer->addr, &self->addr);
	v->self_port = self->port;
	v->self_out_port = self->port;
	v->peer_port = peer->port;
	v->peer_out_port = peer->port;
	v->l4 = f->at.l4;
	v->inside = side_inside(e, v);
	v->aware = false;
}

bool view_has_nat(const struct explain_settings *set, const struct explain_flow *f)
{
	const struct ctalg_addr *a = &f->at.src.addr, *b = &f->at.dst.addr;

	return shown_to(set, a, b) != a || shown_to(set, b, a) != b || addr_is_outside(set, a) ||
	       addr_is_outside(set, b);
}

bool view_is_outside(const struct explain_settings *set, const struct explain_flow *f)
{
	const struct ctalg_addr *a = &f->at.src.addr, *b = &f->at.dst.addr;

	return (addr_is_outside(set, a) && !addr_is_inside(set, b)) ||
	       (addr_is_outside(set, b) && !addr_is_inside(set, a));
}
