// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of flows, sessions and pinholes: a walk over the namespace's flows that
 * pauses whenever a message buffer is full.
 *
 * Under RCU while a buffer is being filled; a flow, and the helper it points to,
 * stay for that long. What a flow owns is read under its lock.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include <ctalg.h>

#include "core.h"
#include "netlink.h"

static_assert((int)CTALG_STREAM_MODE_IDLE == (int)CTALG_STREAM_IDLE);
static_assert((int)CTALG_STREAM_MODE_READING == (int)CTALG_STREAM_READING);
static_assert((int)CTALG_STREAM_MODE_DEAF == (int)CTALG_STREAM_DEAF);
static_assert((int)CTALG_PINHOLE_STATE_OPEN == (int)CTALG_PINHOLE_OPEN);
static_assert((int)CTALG_PINHOLE_STATE_USED == (int)CTALG_PINHOLE_USED);

/**
 * struct flow_walk - how far a dump has come
 * @iter: place in the table
 * @flow: id of the flow at hand
 * @told: how many of its objects are out
 * @shape: flow_shape() of it at the last pause
 * @paused: the flow at hand is not done
 * @ended: there are no more flows
 */
struct flow_walk {
	struct rhashtable_iter iter;
	u64 flow;
	unsigned int told;
	u64 shape;
	bool paused;
	bool ended;
};

/**
 * struct dump - one buffer of a dump
 * @skb: the buffer
 * @cb: the dump
 * @w: how far it has come
 * @tell: puts what there is to say of a flow, from struct flow_walk.told on; the
 *	flow's lock is held
 */
struct dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct flow_walk *w;
	int (*tell)(const struct dump *d, const struct ctalg_flow *f);
};

static int put_addr(struct sk_buff *skb, int attr, const struct ctalg_addr *a)
{
	return a->family == CTALG_AF_NONE ? 0 : nla_put(skb, attr, ctalg_addr_len(a), a->b);
}

static int put_nf_addr(struct sk_buff *skb, int attr, const union nf_inet_addr *u, u16 l3num)
{
	return nla_put(skb, attr, l3num == NFPROTO_IPV4 ? sizeof(u->in) : sizeof(u->in6), u);
}

static int put_speaker(struct sk_buff *skb, int attr, const struct ctalg_session *s)
{
	return s->user_len ? nla_put(skb, attr, s->user_len, s->user) : 0;
}

static const char *helper_name(const struct ctalg_flow *f)
{
	return f->live->h->proto->name;
}

static int put_tuple(struct sk_buff *skb, const struct nf_conntrack_tuple *t)
{
	if (nla_put_u8(skb, CTALG_A_FLOW_L4, t->dst.protonum) ||
	    put_nf_addr(skb, CTALG_A_FLOW_SRC, &t->src.u3, t->src.l3num) ||
	    nla_put_u16(skb, CTALG_A_FLOW_SRC_PORT, ntohs(t->src.u.all)) ||
	    put_nf_addr(skb, CTALG_A_FLOW_DST, &t->dst.u3, t->src.l3num) ||
	    nla_put_u16(skb, CTALG_A_FLOW_DST_PORT, ntohs(t->dst.u.all)))
		return -EMSGSIZE;
	return 0;
}

static int put_streams(struct sk_buff *skb, const struct ctalg_flow *f)
{
	const struct ctalg_stream *orig = &f->stream[CTALG_DIR_ORIG];
	const struct ctalg_stream *reply = &f->stream[CTALG_DIR_REPLY];

	if (f->tuple.dst.protonum != IPPROTO_TCP)
		return 0;
	if (nla_put_u32(skb, CTALG_A_FLOW_ORIG_MODE, orig->mode) ||
	    nla_put_u32(skb, CTALG_A_FLOW_REPLY_MODE, reply->mode) ||
	    nla_put_s32(skb, CTALG_A_FLOW_ORIG_OFFSET, (s32)ctalg_stream_offset(orig)) ||
	    nla_put_s32(skb, CTALG_A_FLOW_REPLY_OFFSET, (s32)ctalg_stream_offset(reply)) ||
	    nla_put_u32(skb, CTALG_A_FLOW_ORIG_HELD, orig->held.len) ||
	    nla_put_u32(skb, CTALG_A_FLOW_REPLY_HELD, reply->held.len))
		return -EMSGSIZE;
	return 0;
}

static int put_flow(struct sk_buff *skb, const struct ctalg_flow *f)
{
	const struct ctalg_session *s;
	u32 sessions = 0;

	list_for_each_entry(s, &f->sessions, node)
		sessions++;
	if (ctalg_put_uint(skb, CTALG_A_FLOW_ID, f->id) ||
	    nla_put_string(skb, CTALG_A_FLOW_HELPER, helper_name(f)) || put_tuple(skb, &f->tuple) ||
	    nla_put_u16(skb, CTALG_A_FLOW_ZONE, f->zone.id) ||
	    ctalg_put_uint(skb, CTALG_A_FLOW_AGE, jiffies64_to_msecs(jiffies - f->born)) ||
	    put_streams(skb, f) || nla_put_u32(skb, CTALG_A_FLOW_SESSIONS, sessions) ||
	    (f->edited && nla_put_flag(skb, CTALG_A_FLOW_EDITED)))
		return -EMSGSIZE;
	return 0;
}

static int put_session(struct sk_buff *skb, const struct ctalg_flow *f,
		       const struct ctalg_session *s)
{
	const struct ctalg_pinhole *ph;
	u32 pinholes = 0;

	list_for_each_entry(ph, &s->pinholes, in_session)
		pinholes++;
	if (ctalg_put_uint(skb, CTALG_A_SESSION_FLOW, f->id) ||
	    nla_put_string(skb, CTALG_A_SESSION_HELPER, helper_name(f)) ||
	    put_speaker(skb, CTALG_A_SESSION_USER, s) ||
	    nla_put_u32(skb, CTALG_A_SESSION_OPENED, s->opened) ||
	    nla_put_u32(skb, CTALG_A_SESSION_PINHOLES, pinholes))
		return -EMSGSIZE;
	return 0;
}

static int put_pinhole(struct sk_buff *skb, const struct ctalg_flow *f,
		       const struct ctalg_session *s, const struct ctalg_pinhole *ph)
{
	const struct ctalg_opening *at = &ph->at;

	if (ctalg_put_uint(skb, CTALG_A_PINHOLE_FLOW, f->id) ||
	    nla_put_string(skb, CTALG_A_PINHOLE_HELPER, helper_name(f)) ||
	    put_speaker(skb, CTALG_A_PINHOLE_USER, s) ||
	    nla_put_u8(skb, CTALG_A_PINHOLE_L4, at->l4) ||
	    put_addr(skb, CTALG_A_PINHOLE_FROM, &at->from) ||
	    put_addr(skb, CTALG_A_PINHOLE_OUTSIDE, &at->outside) ||
	    nla_put_u16(skb, CTALG_A_PINHOLE_OUTSIDE_PORT, at->outside_port) ||
	    put_addr(skb, CTALG_A_PINHOLE_INSIDE, &at->inside) ||
	    nla_put_u16(skb, CTALG_A_PINHOLE_INSIDE_PORT, at->inside_port) ||
	    nla_put_u32(skb, CTALG_A_PINHOLE_STATE, READ_ONCE(ph->state)))
		return -EMSGSIZE;
	return 0;
}

static int tell_flow(const struct dump *d, const struct ctalg_flow *f)
{
	void *answer = ctalg_answer_begin(d->skb, d->cb, CTALG_CMD_FLOW_GET);

	if (!answer)
		return -EMSGSIZE;
	return ctalg_answer_end(d->skb, d->cb, answer, put_flow(d->skb, f));
}

static int tell_sessions(const struct dump *d, const struct ctalg_flow *f)
{
	const struct ctalg_session *s;
	unsigned int n = 0;
	void *answer;
	int err;

	list_for_each_entry(s, &f->sessions, node) {
		if (n++ < d->w->told)
			continue;
		answer = ctalg_answer_begin(d->skb, d->cb, CTALG_CMD_SESSION_GET);
		if (!answer)
			return -EMSGSIZE;
		err = ctalg_answer_end(d->skb, d->cb, answer, put_session(d->skb, f, s));
		if (err)
			return err;
		d->w->told = n;
	}
	return 0;
}

static int tell_pinhole(const struct dump *d, const struct ctalg_flow *f,
			const struct ctalg_session *s, const struct ctalg_pinhole *ph)
{
	void *answer = ctalg_answer_begin(d->skb, d->cb, CTALG_CMD_PINHOLE_GET);

	if (!answer)
		return -EMSGSIZE;
	return ctalg_answer_end(d->skb, d->cb, answer, put_pinhole(d->skb, f, s, ph));
}

static int tell_pinholes(const struct dump *d, const struct ctalg_flow *f)
{
	const struct ctalg_pinhole *ph;
	const struct ctalg_session *s;
	unsigned int n = 0;
	int err;

	list_for_each_entry(s, &f->sessions, node) {
		list_for_each_entry(ph, &s->pinholes, in_session) {
			if (n++ < d->w->told)
				continue;
			err = tell_pinhole(d, f, s, ph);
			if (err)
				return err;
			d->w->told = n;
		}
	}
	return 0;
}

/*
 * Whatever comes or goes gives the flow another shape: an opening adds to the first
 * half, a closing alone takes from the second.
 */
static u64 flow_shape(const struct ctalg_flow *f)
{
	const struct ctalg_pinhole *ph;
	const struct ctalg_session *s;
	u32 opened = 0, now = 0;

	list_for_each_entry(s, &f->sessions, node) {
		opened += s->opened;
		now++;
		list_for_each_entry(ph, &s->pinholes, in_session)
			now++;
	}
	return (u64)opened << 32 | now;
}

/* A flow that has changed since the pause makes the dump say that it is not of one moment. */
static int dump_flow(const struct dump *d, struct ctalg_flow *f)
{
	struct flow_walk *w = d->w;
	int err = 0;

	spin_lock_bh(&f->lock);
	if (w->paused && (f->id != w->flow || flow_shape(f) != w->shape))
		d->cb->seq++;
	if (f->id != w->flow)
		w->told = 0;
	w->flow = f->id;
	if (!f->dead)
		err = d->tell(d, f);
	w->paused = err;
	if (err)
		w->shape = flow_shape(f);
	spin_unlock_bh(&f->lock);
	return err;
}

/* The table has been replaced: the iterator's place in it means nothing any more. */
static void walk_anew(const struct dump *d)
{
	struct flow_walk *w = d->w;
	struct rhashtable *table = w->iter.ht;

	rhashtable_walk_exit(&w->iter);
	rhashtable_walk_enter(table, &w->iter);
	w->paused = false;
	w->flow = 0;
	d->cb->seq++;
}

static int walk(const struct dump *d)
{
	struct rhashtable_iter *iter = &d->w->iter;
	struct ctalg_flow *f;
	int err = 0;

	if (rhashtable_walk_start_check(iter)) {
		rhashtable_walk_stop(iter);
		walk_anew(d);
		rhashtable_walk_start(iter);
	}
	f = d->w->paused ? rhashtable_walk_peek(iter) : rhashtable_walk_next(iter);
	while (f) {
		if (IS_ERR(f))
			d->cb->seq++; /* the walk goes on in the table's successor */
		else
			err = dump_flow(d, f);
		if (err)
			break;
		f = rhashtable_walk_next(iter);
	}
	rhashtable_walk_stop(iter);
	d->w->ended = !err;
	return err;
}

static int dump_run(struct sk_buff *skb, struct netlink_callback *cb,
		    int (*tell)(const struct dump *d, const struct ctalg_flow *f))
{
	struct dump d = { .skb = skb, .cb = cb, .w = (void *)cb->args[0], .tell = tell };
	int err = d.w->ended ? 0 : walk(&d);

	return skb->len ? skb->len : err;
}

int ctalg_dump_flows(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_run(skb, cb, tell_flow);
}

int ctalg_dump_sessions(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_run(skb, cb, tell_sessions);
}

int ctalg_dump_pinholes(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_run(skb, cb, tell_pinholes);
}

int ctalg_dump_start(struct netlink_callback *cb)
{
	struct flow_walk *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	rhashtable_walk_enter(&ctalg_net(sock_net(cb->skb->sk))->flows, &w->iter);
	cb->args[0] = (long)w;
	cb->seq = 1;
	return 0;
}

int ctalg_dump_done(struct netlink_callback *cb)
{
	struct flow_walk *w = (void *)cb->args[0];

	rhashtable_walk_exit(&w->iter);
	kfree(w);
	return 0;
}
