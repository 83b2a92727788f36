// SPDX-License-Identifier: GPL-2.0
/*
 * Which place inside is called what outside, and back: of the pinholes that stay open for a
 * session. Looked up under RCU, by packets of any flow.
 */
#include "core.h"

static const struct rhashtable_params spot_params = {
	.key_len = sizeof(struct ctalg_place),
	.key_offset = offsetof(struct ctalg_spot, at),
	.head_offset = offsetof(struct ctalg_spot, node),
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

/* The latest takes its predecessor's place in the table, and goes before it in the ring. */
static bool spot_enter(struct rhashtable *table, struct ctalg_spot *spot)
{
	struct ctalg_spot *was;

	INIT_LIST_HEAD(&spot->peers);
	spot->latest = true;
	was = rhashtable_lookup_get_insert_fast(table, &spot->node, spot_params);
	if (!was)
		return true;
	if (IS_ERR(was))
		return false;
	list_add_tail_rcu(&spot->peers, &was->peers);
	was->latest = false;
	rhashtable_replace_fast(table, &was->node, &spot->node, spot_params);
	return true;
}

/* However many there are, none is looked at but those beside it. */
static void spot_leave(struct rhashtable *table, struct ctalg_spot *spot)
{
	struct ctalg_spot *next = list_next_entry(spot, peers);

	list_del_rcu(&spot->peers);
	if (!spot->latest)
		return;
	if (next == spot) {
		rhashtable_remove_fast(table, &spot->node, spot_params);
		return;
	}
	next->latest = true;
	rhashtable_replace_fast(table, &spot->node, &next->node, spot_params);
}

/*
 * The next of a ring that begins at @first, or NULL. That may leave the ring meanwhile, so that nobody
 * gets back to it.
 */
static struct ctalg_spot *spot_next(struct ctalg_spot *spot, const struct ctalg_spot *first,
				    unsigned int *n)
{
	spot = list_entry_rcu(spot->peers.next, struct ctalg_spot, peers);
	return spot == first || ++*n >= PLACE_LOOKS ? NULL : spot;
}

/* All or nothing. */
static bool spots_enter(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	if (!spot_enter(&cn->insides, &ph->inside))
		return false;
	if (!spot_enter(&cn->insides, &ph->own))
		goto err_inside;
	if (!spot_enter(&cn->outsides, &ph->outside))
		goto err_own;
	return true;

err_own:
	spot_leave(&cn->insides, &ph->own);
err_inside:
	spot_leave(&cn->insides, &ph->inside);
	return false;
}

static void place_name(struct ctalg_pinhole *ph)
{
	u16 zone = ph->flow->zone.id;

	ctalg_place_set(&ph->inside.at, &ph->at.inside, ph->at.inside_port, ph->at.l4, zone);
	ctalg_place_set(&ph->outside.at, &ph->at.outside, ph->at.outside_port, ph->at.l4, zone);
	ph->own.at = ph->inside.at;
	ph->own.at.session = ph->session;
}

/* Its flow's lock is held. */
bool ctalg_place_add(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	place_name(ph);
	spin_lock_bh(&cn->place_lock);
	if (spots_enter(cn, ph))
		ph->placed = CTALG_PLACED_OWN;
	spin_unlock_bh(&cn->place_lock);
	return ph->placed == CTALG_PLACED_OWN;
}

/* One that another of the same flow stands for is asked for by its own session only. */
bool ctalg_place_share(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	place_name(ph);
	spin_lock_bh(&cn->place_lock);
	if (spot_enter(&cn->insides, &ph->own))
		ph->placed = CTALG_PLACED_SHARED;
	spin_unlock_bh(&cn->place_lock);
	return ph->placed == CTALG_PLACED_SHARED;
}

void ctalg_place_remove(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	if (ph->placed == CTALG_PLACED_NOT)
		return;
	spin_lock_bh(&cn->place_lock);
	spot_leave(&cn->insides, &ph->own);
	if (ph->placed == CTALG_PLACED_OWN) {
		spot_leave(&cn->insides, &ph->inside);
		spot_leave(&cn->outsides, &ph->outside);
	}
	spin_unlock_bh(&cn->place_lock);
	ph->placed = CTALG_PLACED_NOT;
}

/* Of a session, however many others lead there, too. */
static struct ctalg_spot *place_own(struct ctalg_net *cn, const struct ctalg_place *inside,
				    u64 session)
{
	struct ctalg_place place = *inside;

	place.session = session;
	return rhashtable_lookup(&cn->insides, &place, spot_params);
}

/*
 * What leads to a place inside: if possible of a session, or else the latest. What is shut does not, and
 * for what is shared another stands. Under RCU.
 */
struct ctalg_pinhole *ctalg_place_to(struct ctalg_net *cn, const struct ctalg_place *inside,
				     u64 session)
{
	struct ctalg_spot *first, *spot;
	struct ctalg_pinhole *ph;
	unsigned int n = 0;

	first = session ? place_own(cn, inside, session) : NULL;
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		ph = container_of(spot, struct ctalg_pinhole, own);
		if (!READ_ONCE(ph->shut) && READ_ONCE(ph->placed) == CTALG_PLACED_OWN)
			return ph;
	}
	n = 0;
	first = rhashtable_lookup(&cn->insides, inside, spot_params);
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		ph = container_of(spot, struct ctalg_pinhole, inside);
		if (!READ_ONCE(ph->shut))
			return ph;
	}
	return NULL;
}

/* Of a session's that others stand for: the one that leads from and to the same places. Under RCU. */
struct ctalg_pinhole *ctalg_place_shared(struct ctalg_net *cn, const struct ctalg_place *inside,
					 u64 session, const struct ctalg_opening *o)
{
	struct ctalg_spot *first = place_own(cn, inside, session), *spot;
	struct ctalg_pinhole *ph;
	unsigned int n = 0;

	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		ph = container_of(spot, struct ctalg_pinhole, own);
		if (!list_empty(&ph->in_behind) && ph->at.kind == o->kind &&
		    ctalg_addr_eq(&ph->at.outside, &o->outside))
			return ph;
	}
	return NULL;
}

/* One of the given session is better than another one. */
static bool place_is_better(const struct ctalg_pinhole *ph, const struct ctalg_pinhole *best,
			    u64 session)
{
	return !READ_ONCE(ph->shut) && (!best || ph->session == session);
}

/* What leads from a place outside. Under RCU. */
struct ctalg_pinhole *ctalg_place_from(struct ctalg_net *cn, const struct ctalg_place *outside,
				       u64 session)
{
	struct ctalg_pinhole *ph, *best = NULL;
	struct ctalg_spot *first, *spot;
	unsigned int n = 0;

	first = rhashtable_lookup(&cn->outsides, outside, spot_params);
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		ph = container_of(spot, struct ctalg_pinhole, outside);
		if (place_is_better(ph, best, session))
			best = ph;
		if (best && best->session == session)
			break;
	}
	return best;
}

/* One of the same flow that the kernel would take for the same expectation. Under RCU. */
struct ctalg_pinhole *ctalg_place_twin(struct ctalg_net *cn, const struct ctalg_pinhole *ph)
{
	struct ctalg_spot *first, *spot;
	struct ctalg_pinhole *other;
	struct ctalg_place place;
	unsigned int n = 0;

	ctalg_place_set(&place, &ph->at.outside, ph->at.outside_port, ph->at.l4, ph->flow->zone.id);
	first = rhashtable_lookup(&cn->outsides, &place, spot_params);
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		other = container_of(spot, struct ctalg_pinhole, outside);
		if (other != ph && other->flow == ph->flow && !other->shut &&
		    nf_ct_tuple_equal(&other->exp->tuple, &ph->exp->tuple))
			return other;
	}
	return NULL;
}

/*
 * Does a place outside lead, or do data flows that go on lead, to another place inside than @ph's? Or,
 * of both, the one so many ports up?
 */
bool ctalg_place_taken(struct ctalg_net *cn, const struct ctalg_pinhole *ph, u16 port, u16 up)
{
	struct ctalg_place outside, inside;
	struct ctalg_spot *first, *spot;
	struct ctalg_pinhole *other;
	unsigned int n = 0;

	ctalg_place_set(&outside, &ph->at.outside, port + up, ph->at.l4, ph->flow->zone.id);
	ctalg_place_set(&inside, &ph->at.inside, ph->at.inside_port + up, ph->at.l4,
			ph->flow->zone.id);
	first = rhashtable_lookup(&cn->outsides, &outside, spot_params);
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		other = container_of(spot, struct ctalg_pinhole, outside);
		if (!READ_ONCE(other->shut) || memcmp(&other->inside.at, &inside, sizeof(inside)))
			return true;
	}
	return n >= PLACE_LOOKS;
}

/*
 * Where an agent is called has one name outside, in all calls and registrations; a place of media has
 * one in all flows of its call.
 */
static bool place_is_known(const struct ctalg_pinhole *ph, const struct ctalg_pinhole *other)
{
	if (ph->at.kind == CTALG_WANT_PATH)
		return other->at.kind == CTALG_WANT_PATH;
	return ph->key && other->key == ph->key && other->flow != ph->flow;
}

/* The port outside by which the place has been told already; or 0. */
u16 ctalg_place_told(struct ctalg_net *cn, const struct ctalg_pinhole *ph)
{
	struct ctalg_spot *first, *spot;
	struct ctalg_pinhole *other;
	struct ctalg_place inside;
	unsigned int n = 0;

	ctalg_place_set(&inside, &ph->at.inside, ph->at.inside_port, ph->at.l4, ph->flow->zone.id);
	first = rhashtable_lookup(&cn->insides, &inside, spot_params);
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		other = container_of(spot, struct ctalg_pinhole, inside);
		if (place_is_known(ph, other) && !READ_ONCE(other->shut) &&
		    ctalg_addr_eq(&other->at.outside, &ph->at.outside))
			return other->at.outside_port;
	}
	return 0;
}

/* The port outside from which data flows to the same place go on although that was shut; or 0. */
u16 ctalg_place_before(struct ctalg_net *cn, const struct ctalg_pinhole *ph)
{
	struct ctalg_spot *first, *spot;
	struct ctalg_pinhole *other;
	struct ctalg_place inside;
	unsigned int n = 0;

	ctalg_place_set(&inside, &ph->at.inside, ph->at.inside_port, ph->at.l4, ph->flow->zone.id);
	first = rhashtable_lookup(&cn->insides, &inside, spot_params);
	for (spot = first; spot; spot = spot_next(spot, first, &n)) {
		other = container_of(spot, struct ctalg_pinhole, inside);
		if (other != ph && READ_ONCE(other->shut) &&
		    ctalg_addr_eq(&other->at.outside, &ph->at.outside))
			return other->at.outside_port;
	}
	return 0;
}

int ctalg_places_setup(struct ctalg_net *cn)
{
	int err = rhashtable_init(&cn->insides, &spot_params);

	if (err)
		return err;
	err = rhashtable_init(&cn->outsides, &spot_params);
	if (err)
		rhashtable_destroy(&cn->insides);
	spin_lock_init(&cn->place_lock);
	return err;
}

void ctalg_places_clean(struct ctalg_net *cn)
{
	rhashtable_destroy(&cn->outsides);
	rhashtable_destroy(&cn->insides);
}
