// SPDX-License-Identifier: GPL-2.0
/*
 * Meters: how often, and at how many a time, somebody has asked for what policy limits.
 *
 * A meter belongs to the name of a limit and to the one whom it counts: a host, a user or the
 * whole namespace. What the limit is comes with each question, so a meter outlives the policy
 * that it was made for. One that has nothing to remember goes.
 *
 * Requests are metered by a single moment: when, at the rate of the limit, all that went on until
 * now would have been paid for. A request goes on if that is not further ahead than the burst.
 */
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include <ctalg.h>

#include "../engine/glob.h"
#include "core.h"

enum {
	/* Bytes of a limit's name that count. */
	METER_NAME_MAX = 31,
	/* Another CPU may be letting go of the same meter just now. */
	METER_TRIES = 3,
	/* So many are looked at under the lock of their list. */
	METER_BATCH = 64,
	/* And so many in one run of the reaper. */
	METER_SWEEP = 4096,
};

/* Further ahead than this nothing is paid for: a century. */
#define METER_AHEAD_MAX (100ULL * 365 * 86400 * NSEC_PER_SEC)

/**
 * struct meter_key - whom a meter counts, for what
 * @per: enum ctalg_per
 * @name_len: bytes used in @name
 * @who_len: bytes used in @who
 * @name: the limit's
 * @who: an address, or a user in lower case
 *
 * Bytes that are not used are zero.
 */
struct meter_key {
	u8 per;
	u8 name_len;
	u8 who_len;
	u8 name[METER_NAME_MAX];
	u8 who[CTALG_USER_MAX];
};

/**
 * struct ctalg_meter - what one has used up of a limit
 * @key: who, of which
 * @node: in struct ctalg_net.meters
 * @in_net: in struct ctalg_net.meter_list
 * @lock: guards what follows
 * @dead: out of the table
 * @paid: nanoseconds of the monotonic clock; everything is paid for then
 * @sessions: flows that have a slot
 * @rcu: freed after a grace period
 */
struct ctalg_meter {
	struct meter_key key;
	struct rhash_head node;
	struct list_head in_net;
	spinlock_t lock;
	bool dead;
	u64 paid;
	u32 sessions;
	struct rcu_head rcu;
};

/**
 * struct meter_slot - a flow counts as one
 * @in_flow: in struct ctalg_flow.slots
 * @meter: where; stays while there is the slot
 */
struct meter_slot {
	struct list_head in_flow;
	struct ctalg_meter *meter;
};

static const struct rhashtable_params meter_params = {
	.key_len = sizeof(struct meter_key),
	.key_offset = offsetof(struct ctalg_meter, key),
	.head_offset = offsetof(struct ctalg_meter, node),
	.automatic_shrinking = true,
};

/* Who is to be counted? Returns false if it is nobody. */
static bool key_set_who(struct meter_key *k, const struct ctalg_flow *f,
			const struct ctalg_subject *s)
{
	u32 i;

	switch (k->per) {
	case CTALG_PER_HOST:
		k->who_len = ctalg_addr_len(&f->host->addr);
		memcpy(k->who, f->host->addr.b, k->who_len);
		return true;
	case CTALG_PER_USER:
		k->who_len = min_t(u32, s->user_len, sizeof(k->who));
		for (i = 0; i < k->who_len; i++)
			k->who[i] = ctalg_fold(s->user[i]);
		return k->who_len;
	default:
		return true;
	}
}

static bool key_of(struct meter_key *k, const struct ctalg_flow *f, const void *image,
		   const struct ctalg_image_limit *limit, const struct ctalg_subject *s)
{
	const char *name;
	u32 len;

	memset(k, 0, sizeof(*k));
	name = ctalg_image_string(image, limit->name, &len);
	k->per = limit->per;
	k->name_len = min_t(u32, len, sizeof(k->name));
	memcpy(k->name, name, k->name_len);
	return key_set_who(k, f, s);
}

/* Nothing is known of it that the next one of the same key would not start with. Its lock is held. */
static bool meter_is_idle(const struct ctalg_meter *m, u64 now)
{
	return !m->sessions && m->paid <= now;
}

/* Its lock, and that of the list, are held. */
static void meter_remove(struct ctalg_net *cn, struct ctalg_meter *m)
{
	m->dead = true;
	rhashtable_remove_fast(&cn->meters, &m->node, meter_params);
	list_del(&m->in_net);
	atomic_long_dec(&cn->n_meters);
}

/* The one that was looked at longest ago. Returns false if there is none. */
static bool meter_sweep_one(struct ctalg_net *cn, u64 now)
{
	struct ctalg_meter *m;
	bool idle;

	m = list_first_entry_or_null(&cn->meter_list, struct ctalg_meter, in_net);
	if (!m)
		return false;
	spin_lock(&m->lock);
	idle = meter_is_idle(m, now);
	if (idle)
		meter_remove(cn, m);
	else
		list_move_tail(&m->in_net, &cn->meter_list);
	spin_unlock(&m->lock);
	if (idle)
		kfree_rcu(m, rcu);
	return true;
}

/* Returns whether there may be more. */
static bool meters_sweep_batch(struct ctalg_net *cn)
{
	u64 now = ktime_get_ns();
	unsigned int n = METER_BATCH;
	bool more = true;

	spin_lock_bh(&cn->meter_lock);
	while (more && n--)
		more = meter_sweep_one(cn, now);
	spin_unlock_bh(&cn->meter_lock);
	return more;
}

/**
 * ctalg_meters_sweep() - forget some of the meters that have nothing to remember
 * @cn: the namespace
 *
 * Context: process.
 * Return: true if there are meters left.
 */
bool ctalg_meters_sweep(struct ctalg_net *cn)
{
	long n = min_t(long, atomic_long_read(&cn->n_meters), METER_SWEEP);

	for (; n > 0 && meters_sweep_batch(cn); n -= METER_BATCH)
		cond_resched();
	return atomic_long_read(&cn->n_meters);
}

/* One more, if there may be; those that have nothing to remember make room. */
static bool meter_admit(struct ctalg_net *cn)
{
	if (ctalg_limit_take(cn, CTALG_LIMIT_METERS, &cn->n_meters))
		return true;
	meters_sweep_batch(cn);
	return ctalg_limit_take(cn, CTALG_LIMIT_METERS, &cn->n_meters);
}

static struct ctalg_meter *meter_insert(struct ctalg_net *cn, struct ctalg_meter *m)
{
	struct ctalg_meter *old;

	old = rhashtable_lookup_get_insert_fast(&cn->meters, &m->node, meter_params);
	if (old)
		return IS_ERR(old) ? NULL : old;
	spin_lock_bh(&cn->meter_lock);
	list_add_tail(&m->in_net, &cn->meter_list);
	spin_unlock_bh(&cn->meter_lock);
	return m;
}

/* Returns the one that is in the table then, or NULL. */
static struct ctalg_meter *meter_add(struct ctalg_net *cn, const struct meter_key *k,
				     unsigned int *reason)
{
	struct ctalg_meter *m, *there;

	*reason = CTALG_R_LIMIT_METERS;
	if (!meter_admit(cn))
		return NULL;
	*reason = CTALG_R_NO_MEMORY;
	m = kzalloc(sizeof(*m), GFP_ATOMIC | __GFP_NOWARN);
	there = NULL;
	if (m) {
		m->key = *k;
		spin_lock_init(&m->lock);
		there = meter_insert(cn, m);
	}
	if (there != m || !m) {
		atomic_long_dec(&cn->n_meters);
		kfree(m);
	}
	return there;
}

/* What one request costs, and how far ahead it may be paid for: nanoseconds. */
static void limit_price(const struct ctalg_image_limit *limit, u64 *price, u64 *ahead)
{
	*price = div_u64((u64)limit->period * NSEC_PER_MSEC, limit->events);
	if (check_mul_overflow(*price, (u64)limit->burst, ahead) || *ahead > METER_AHEAD_MAX)
		*ahead = METER_AHEAD_MAX;
}

/* When all would be paid for with one request more, or 0 if that is too many. */
static u64 meter_price(const struct ctalg_meter *m, const struct ctalg_image_limit *limit)
{
	u64 now = ktime_get_ns(), price, ahead, paid;

	if (!limit->events)
		return 0;
	limit_price(limit, &price, &ahead);
	/* Under a slower limit before, it may have got further ahead than it can be now. */
	paid = clamp_t(u64, m->paid, now, now + ahead);
	return paid + price > now + ahead ? 0 : paid + price;
}

static bool flow_has_slot(const struct ctalg_flow *f, const struct ctalg_meter *m)
{
	const struct meter_slot *slot;

	list_for_each_entry(slot, &f->slots, in_flow)
		if (slot->meter == m)
			return true;
	return false;
}

static void slot_free(struct meter_slot *slot)
{
	spin_lock_bh(&slot->meter->lock);
	slot->meter->sessions--;
	spin_unlock_bh(&slot->meter->lock);
	list_del(&slot->in_flow);
	kfree(slot);
}

static bool same_limit(const struct meter_key *a, const struct meter_key *b)
{
	return a->per == b->per && a->name_len == b->name_len &&
	       !memcmp(a->name, b->name, sizeof(a->name));
}

/* It is another user's flow now: of each limit it has one slot. No meter is locked. */
static void flow_leave_others(struct ctalg_flow *f, const struct meter_key *k)
{
	struct meter_slot *slot, *next;

	list_for_each_entry_safe(slot, next, &f->slots, in_flow)
		if (same_limit(&slot->meter->key, k) &&
		    memcmp(&slot->meter->key, k, sizeof(*k)) != 0)
			slot_free(slot);
}

static bool flow_take_slot(struct ctalg_flow *f, struct ctalg_meter *m,
			   const struct ctalg_image_limit *limit)
{
	struct meter_slot *slot;

	if (m->sessions >= limit->sessions)
		return false;
	slot = kmalloc(sizeof(*slot), GFP_ATOMIC | __GFP_NOWARN);
	if (!slot)
		return false;
	slot->meter = m;
	list_add(&slot->in_flow, &f->slots);
	m->sessions++;
	return true;
}

/* Nothing is taken unless all is. The meter's lock is held. */
static bool meter_take(struct ctalg_meter *m, struct ctalg_flow *f,
		       const struct ctalg_image_limit *limit)
{
	u64 paid = limit->period ? meter_price(m, limit) : m->paid;

	if (limit->period && !paid)
		return false;
	if (limit->sessions && !flow_has_slot(f, m) && !flow_take_slot(f, m, limit))
		return false;
	m->paid = paid;
	return true;
}

/* Returns 0, -EDQUOT if it is not within the limit, or -EAGAIN if the meter has gone. */
static int meter_ask(struct ctalg_meter *m, struct ctalg_flow *f,
		     const struct ctalg_image_limit *limit)
{
	int err = -EAGAIN;

	spin_lock_bh(&m->lock);
	if (!m->dead)
		err = meter_take(m, f, limit) ? 0 : -EDQUOT;
	spin_unlock_bh(&m->lock);
	return err;
}

static void meter_missing(struct ctalg_net *cn, const struct ctalg_flow *f, unsigned int reason)
{
	const struct ctalg_event e = {
		.kind = CTALG_EVENT_KIND_LIMIT,
		.live = f->live,
		.f = f,
		.dir = CTALG_DIR_ORIG,
		.reason = reason,
	};
	const struct ctalg_net_helper *nh = rcu_dereference(cn->helper[f->live->slot]);

	if (nh)
		ctalg_count(nh, CTALG_DIR_ORIG, reason);
	ctalg_event_send(cn, &e);
}

/**
 * ctalg_meter_within() - a request is about to go on: is it within a limit?
 * @cn: the namespace
 * @f: the flow, whose lock is held
 * @image: the policy that has the limit
 * @limit: the limit
 * @s: who asks
 *
 * If it is, it counts from now on: as a request, and the flow as one of so many at a time until
 * it ends. Whom a limit cannot count it does not limit: before a user has a name, that is. Without
 * memory for a meter nothing is within.
 *
 * Context: softirq, under RCU.
 * Return: true if it is.
 */
bool ctalg_meter_within(struct ctalg_net *cn, struct ctalg_flow *f, const void *image,
			const struct ctalg_image_limit *limit, const struct ctalg_subject *s)
{
	unsigned int reason = CTALG_R_NO_MEMORY, tries;
	struct ctalg_meter *m;
	struct meter_key k;
	int err = -EAGAIN;

	if (!key_of(&k, f, image, limit, s))
		return true;
	for (tries = 0; tries < METER_TRIES && err == -EAGAIN; tries++) {
		m = rhashtable_lookup(&cn->meters, &k, meter_params);
		if (!m)
			m = meter_add(cn, &k, &reason);
		err = m ? meter_ask(m, f, limit) : -ENOMEM;
	}
	if (err && err != -EDQUOT)
		meter_missing(cn, f, reason);
	if (!err && limit->sessions)
		flow_leave_others(f, &k);
	return !err;
}

/* The flow ends. Its lock is held. */
void ctalg_meters_release(struct ctalg_flow *f)
{
	struct meter_slot *slot, *next;

	list_for_each_entry_safe(slot, next, &f->slots, in_flow)
		slot_free(slot);
}

int ctalg_meters_setup(struct ctalg_net *cn)
{
	INIT_LIST_HEAD(&cn->meter_list);
	spin_lock_init(&cn->meter_lock);
	return rhashtable_init(&cn->meters, &meter_params);
}

static void meter_free(void *ptr, void *unused)
{
	kfree(ptr);
}

/* No flow is left, and no reader. */
void ctalg_meters_clean(struct ctalg_net *cn)
{
	rhashtable_free_and_destroy(&cn->meters, meter_free, NULL);
}
