// SPDX-License-Identifier: GPL-2.0
/*
 * Which place inside is called what outside, and back: of the pinholes that stay open for a
 * session. Looked up under RCU, by packets of any flow.
 */
#include "core.h"

static const struct rhashtable_params inside_params = {
	.key_len = sizeof(struct ctalg_place),
	.key_offset = offsetof(struct ctalg_pinhole, inside),
	.head_offset = offsetof(struct ctalg_pinhole, by_inside),
	.automatic_shrinking = true,
};

static const struct rhashtable_params outside_params = {
	.key_len = sizeof(struct ctalg_place),
	.key_offset = offsetof(struct ctalg_pinhole, outside),
	.head_offset = offsetof(struct ctalg_pinhole, by_outside),
	.automatic_shrinking = true,
};

enum {
	/* Of those at one place, so many are looked at. */
	PLACE_LOOKS = 64,
};

void ctalg_place_set(struct ctalg_place *pl, const struct ctalg_addr *a, u16 port, u8 l4, u16 zone)
{
	BUILD_BUG_ON(sizeof(*pl) != sizeof(pl->addr) + sizeof(pl->l4) + sizeof(pl->port) +
					    sizeof(pl->zone) + sizeof(pl->none) +
					    sizeof(pl->session));
	memset(pl, 0, sizeof(*pl));
	pl->addr.family = a->family;
	memcpy(pl->addr.b, a->b, ctalg_addr_len(a));
	pl->port = port;
	pl->l4 = l4;
	pl->zone = zone;
}

/* Its flow's lock is held. */
bool ctalg_place_add(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	u16 zone = ph->flow->zone.id;

	ctalg_place_set(&ph->inside, &ph->at.inside, ph->at.inside_port, ph->at.l4, zone);
	ctalg_place_set(&ph->outside, &ph->at.outside, ph->at.outside_port, ph->at.l4, zone);
	if (rhltable_insert(&cn->insides, &ph->by_inside, inside_params))
		return false;
	if (rhltable_insert(&cn->outsides, &ph->by_outside, outside_params)) {
		rhltable_remove(&cn->insides, &ph->by_inside, inside_params);
		return false;
	}
	ph->placed = CTALG_PLACED_OWN;
	return true;
}

/* One that another of the same flow stands for is asked for by its own session only. */
bool ctalg_place_share(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	ctalg_place_set(&ph->inside, &ph->at.inside, ph->at.inside_port, ph->at.l4,
			ph->flow->zone.id);
	ph->inside.session = ph->session;
	if (rhltable_insert(&cn->insides, &ph->by_inside, inside_params))
		return false;
	ph->placed = CTALG_PLACED_SHARED;
	return true;
}

void ctalg_place_remove(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	if (ph->placed == CTALG_PLACED_NOT)
		return;
	rhltable_remove(&cn->insides, &ph->by_inside, inside_params);
	if (ph->placed == CTALG_PLACED_OWN)
		rhltable_remove(&cn->outsides, &ph->by_outside, outside_params);
	ph->placed = CTALG_PLACED_NOT;
}

/* One of the given session is better than another one; one that is shut is none. */
static bool place_is_better(const struct ctalg_pinhole *ph, const struct ctalg_pinhole *best,
			    u64 session)
{
	return !READ_ONCE(ph->shut) && (!best || ph->session == session);
}

/* What leads to a place inside. Under RCU. */
struct ctalg_pinhole *ctalg_place_to(struct ctalg_net *cn, const struct ctalg_place *inside,
				     u64 session)
{
	struct ctalg_pinhole *ph, *best = NULL;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = rhltable_lookup(&cn->insides, inside, inside_params);
	rhl_for_each_entry_rcu(ph, pos, list, by_inside) {
		if (place_is_better(ph, best, session))
			best = ph;
		if ((best && best->session == session) || ++n >= PLACE_LOOKS)
			break;
	}
	return best;
}

/* Of a session's that others stand for: the one that leads from and to the same places. Under RCU. */
struct ctalg_pinhole *ctalg_place_shared(struct ctalg_net *cn, const struct ctalg_place *inside,
					 u64 session, const struct ctalg_opening *o)
{
	struct ctalg_place place = *inside;
	struct rhlist_head *list, *pos;
	struct ctalg_pinhole *ph;
	unsigned int n = 0;

	place.session = session;
	list = rhltable_lookup(&cn->insides, &place, inside_params);
	rhl_for_each_entry_rcu(ph, pos, list, by_inside) {
		if (!list_empty(&ph->in_behind) && ph->at.kind == o->kind &&
		    ctalg_addr_eq(&ph->at.outside, &o->outside))
			return ph;
		if (++n >= PLACE_LOOKS)
			break;
	}
	return NULL;
}

/* What leads from a place outside. Under RCU. */
struct ctalg_pinhole *ctalg_place_from(struct ctalg_net *cn, const struct ctalg_place *outside,
				       u64 session)
{
	struct ctalg_pinhole *ph, *best = NULL;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = rhltable_lookup(&cn->outsides, outside, outside_params);
	rhl_for_each_entry_rcu(ph, pos, list, by_outside) {
		if (place_is_better(ph, best, session))
			best = ph;
		if ((best && best->session == session) || ++n >= PLACE_LOOKS)
			break;
	}
	return best;
}

/* One of the same flow that the kernel would take for the same expectation. Under RCU. */
struct ctalg_pinhole *ctalg_place_twin(struct ctalg_net *cn, const struct ctalg_pinhole *ph)
{
	struct rhlist_head *list, *pos;
	struct ctalg_pinhole *other;
	struct ctalg_place place;
	unsigned int n = 0;

	ctalg_place_set(&place, &ph->at.outside, ph->at.outside_port, ph->at.l4, ph->flow->zone.id);
	list = rhltable_lookup(&cn->outsides, &place, outside_params);
	rhl_for_each_entry_rcu(other, pos, list, by_outside) {
		if (other != ph && other->flow == ph->flow && !other->shut &&
		    nf_ct_tuple_equal(&other->exp->tuple, &ph->exp->tuple))
			return other;
		if (++n >= PLACE_LOOKS)
			break;
	}
	return NULL;
}

/*
 * Does a place outside lead, or do data flows that go on lead, to another place inside than @ph's?
 */
bool ctalg_place_taken(struct ctalg_net *cn, const struct ctalg_pinhole *ph, u16 port)
{
	struct ctalg_place outside, inside;
	struct rhlist_head *list, *pos;
	struct ctalg_pinhole *other;
	unsigned int n = 0;

	ctalg_place_set(&outside, &ph->at.outside, port, ph->at.l4, ph->flow->zone.id);
	ctalg_place_set(&inside, &ph->at.inside, ph->at.inside_port, ph->at.l4, ph->flow->zone.id);
	list = rhltable_lookup(&cn->outsides, &outside, outside_params);
	rhl_for_each_entry_rcu(other, pos, list, by_outside) {
		if (!READ_ONCE(other->shut) || memcmp(&other->inside, &inside, sizeof(inside)) ||
		    ++n >= PLACE_LOOKS)
			return true;
	}
	return false;
}

/* The port outside by which another flow of the same call has told of the place; or 0. */
u16 ctalg_place_told(struct ctalg_net *cn, const struct ctalg_pinhole *ph)
{
	struct rhlist_head *list, *pos;
	struct ctalg_pinhole *other;
	struct ctalg_place inside;
	unsigned int n = 0;

	if (!ph->key)
		return 0;
	ctalg_place_set(&inside, &ph->at.inside, ph->at.inside_port, ph->at.l4, ph->flow->zone.id);
	list = rhltable_lookup(&cn->insides, &inside, inside_params);
	rhl_for_each_entry_rcu(other, pos, list, by_inside) {
		if (other->key == ph->key && other->flow != ph->flow && !READ_ONCE(other->shut) &&
		    ctalg_addr_eq(&other->at.outside, &ph->at.outside))
			return other->at.outside_port;
		if (++n >= PLACE_LOOKS)
			break;
	}
	return 0;
}

/* The port outside from which data flows to the same place go on although that was shut; or 0. */
u16 ctalg_place_before(struct ctalg_net *cn, const struct ctalg_pinhole *ph)
{
	struct rhlist_head *list, *pos;
	struct ctalg_pinhole *other;
	struct ctalg_place inside;
	unsigned int n = 0;

	ctalg_place_set(&inside, &ph->at.inside, ph->at.inside_port, ph->at.l4, ph->flow->zone.id);
	list = rhltable_lookup(&cn->insides, &inside, inside_params);
	rhl_for_each_entry_rcu(other, pos, list, by_inside) {
		if (other != ph && READ_ONCE(other->shut) &&
		    ctalg_addr_eq(&other->at.outside, &ph->at.outside))
			return other->at.outside_port;
		if (++n >= PLACE_LOOKS)
			break;
	}
	return 0;
}

int ctalg_places_setup(struct ctalg_net *cn)
{
	int err = rhltable_init(&cn->insides, &inside_params);

	if (err)
		return err;
	err = rhltable_init(&cn->outsides, &outside_params);
	if (err)
		rhltable_destroy(&cn->insides);
	return err;
}

void ctalg_places_clean(struct ctalg_net *cn)
{
	rhltable_destroy(&cn->outsides);
	rhltable_destroy(&cn->insides);
}
