// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of flows, sessions and pinholes: a walk over the flows that there were when it
 * began, by their numbers, which pauses whenever a message buffer is full. What is there
 * all the time is told of exactly once, whatever comes and goes meanwhile.
 *
 * Under RCU while a buffer is being filled; a flow, and the helper it points to,
 * stay for that long. What a flow owns is read under its lock.
 */
#include <linux/rcupdate_wait.h>
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
 * @n: how many flows there were when it began
 * @at: index of the flow at hand
 * @told: number of the last of its sessions, or pinholes of @session, that is out
 * @session: number of the session at hand
 * @id: numbers of the flows, ascending
 */
struct flow_walk {
	unsigned int n;
	unsigned int at;
	u64 told;
	u64 session;
	u64 id[];
};

/**
 * struct dump - one buffer of a dump
 * @skb: the buffer
 * @cb: the dump
 * @cn: the namespace
 * @w: how far it has come
 * @tell: puts what there is to say of a flow, after struct flow_walk.told; the
 *	flow's lock is held
 */
struct dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct ctalg_net *cn;
	struct flow_walk *w;
	int (*tell)(const struct dump *d, const struct ctalg_flow *f);
};

static const char *helper_name(const struct ctalg_flow *f)
{
	return f->live->h->proto->name;
}

static u64 age_of(unsigned long born)
{
	return jiffies64_to_msecs(jiffies - born);
}

static int put_tuple(struct sk_buff *skb, const struct nf_conntrack_tuple *t)
{
	if (nla_put_u8(skb, CTALG_A_FLOW_L4, t->dst.protonum) ||
	    ctalg_put_nf_addr(skb, CTALG_A_FLOW_SRC, &t->src.u3, t->src.l3num) ||
	    nla_put_u16(skb, CTALG_A_FLOW_SRC_PORT, ntohs(t->src.u.all)) ||
	    ctalg_put_nf_addr(skb, CTALG_A_FLOW_DST, &t->dst.u3, t->src.l3num) ||
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
	    ctalg_put_uint(skb, CTALG_A_FLOW_AGE, age_of(f->born)) || put_streams(skb, f) ||
	    nla_put_u32(skb, CTALG_A_FLOW_SESSIONS, sessions) ||
	    (f->edited && nla_put_flag(skb, CTALG_A_FLOW_EDITED)))
		return -EMSGSIZE;
	return 0;
}

/**
 * struct session_sum - a session and its pinholes, taken together
 * @pinholes: how many there are
 * @state: CTALG_SESSION_STATE_*
 * @bytes: by enum ctalg_dir, what the parties have sent in data flows
 * @counted: that is known
 */
struct session_sum {
	u32 pinholes;
	u32 state;
	u64 bytes[2];
	bool counted;
};

static void sum_add(struct session_sum *sum, struct ctalg_pinhole *ph)
{
	u64 bytes[2];

	sum->pinholes++;
	if (ctalg_pinhole_lives(ph))
		sum->state = CTALG_SESSION_STATE_ACTIVE;
	else if (sum->state == CTALG_SESSION_STATE_IDLE)
		sum->state = CTALG_SESSION_STATE_WAITING;
	if (!ctalg_pinhole_bytes(ph, bytes))
		return;
	sum->bytes[0] += bytes[0];
	sum->bytes[1] += bytes[1];
	sum->counted = true;
}

static struct session_sum sum_of(const struct ctalg_session *s)
{
	struct session_sum sum = {
		.bytes = { s->bytes[0], s->bytes[1] },
		.counted = s->counted,
	};
	struct ctalg_pinhole *ph;

	list_for_each_entry(ph, &s->pinholes, in_session)
		sum_add(&sum, ph);
	return sum;
}

static int put_parties(struct sk_buff *skb, const struct ctalg_flow *f)
{
	const struct nf_conntrack_tuple *t = &f->tuple;

	if (ctalg_put_nf_addr(skb, CTALG_A_SESSION_SRC, &t->src.u3, t->src.l3num) ||
	    ctalg_put_nf_addr(skb, CTALG_A_SESSION_DST, &t->dst.u3, t->src.l3num))
		return -EMSGSIZE;
	return 0;
}

static int put_session(struct sk_buff *skb, const struct ctalg_flow *f,
		       const struct ctalg_session *s)
{
	const struct session_sum sum = sum_of(s);

	if (ctalg_put_uint(skb, CTALG_A_SESSION_FLOW, f->id) ||
	    nla_put_string(skb, CTALG_A_SESSION_HELPER, helper_name(f)) ||
	    ctalg_put_user(skb, CTALG_A_SESSION_USER, &s->user) ||
	    nla_put_u32(skb, CTALG_A_SESSION_OPENED, s->opened) ||
	    nla_put_u32(skb, CTALG_A_SESSION_PINHOLES, sum.pinholes) ||
	    ctalg_put_uint(skb, CTALG_A_SESSION_ID, s->id) ||
	    nla_put_string(skb, CTALG_A_SESSION_KIND, ctalg_session_kind(s)) ||
	    (s->key_len && nla_put(skb, CTALG_A_SESSION_KEY, s->key_len, s->key_text)) ||
	    nla_put_u32(skb, CTALG_A_SESSION_STATE, sum.state) ||
	    ctalg_put_uint(skb, CTALG_A_SESSION_AGE, age_of(s->born)) || put_parties(skb, f))
		return -EMSGSIZE;
	if (sum.counted && (ctalg_put_uint(skb, CTALG_A_SESSION_BYTES_ORIG, sum.bytes[0]) ||
			    ctalg_put_uint(skb, CTALG_A_SESSION_BYTES_REPLY, sum.bytes[1])))
		return -EMSGSIZE;
	return 0;
}

static int put_opening(struct sk_buff *skb, const struct ctalg_opening *at)
{
	if (nla_put_u8(skb, CTALG_A_PINHOLE_L4, at->l4) ||
	    ctalg_put_addr(skb, CTALG_A_PINHOLE_FROM, &at->from) ||
	    (at->from_len && nla_put_u8(skb, CTALG_A_PINHOLE_FROM_LEN, at->from_len)) ||
	    ctalg_put_addr(skb, CTALG_A_PINHOLE_OUTSIDE, &at->outside) ||
	    nla_put_u16(skb, CTALG_A_PINHOLE_OUTSIDE_PORT, at->outside_port) ||
	    ctalg_put_addr(skb, CTALG_A_PINHOLE_INSIDE, &at->inside) ||
	    nla_put_u16(skb, CTALG_A_PINHOLE_INSIDE_PORT, at->inside_port))
		return -EMSGSIZE;
	return 0;
}

static int put_pinhole(struct sk_buff *skb, const struct ctalg_flow *f,
		       const struct ctalg_session *s, struct ctalg_pinhole *ph)
{
	int state = READ_ONCE(ph->state);
	u64 bytes[2];

	if (ctalg_put_uint(skb, CTALG_A_PINHOLE_FLOW, f->id) ||
	    nla_put_string(skb, CTALG_A_PINHOLE_HELPER, helper_name(f)) ||
	    ctalg_put_user(skb, CTALG_A_PINHOLE_USER, &s->user) || put_opening(skb, &ph->at) ||
	    nla_put_u32(skb, CTALG_A_PINHOLE_STATE, state) ||
	    ctalg_put_uint(skb, CTALG_A_PINHOLE_ID, ph->id) ||
	    ctalg_put_uint(skb, CTALG_A_PINHOLE_SESSION, s->id) ||
	    ctalg_put_uint(skb, CTALG_A_PINHOLE_AGE, age_of(ph->born)) ||
	    ctalg_put_kind(skb, CTALG_A_PINHOLE_KIND, ph))
		return -EMSGSIZE;
	if (state == CTALG_PINHOLE_OPEN && !ph->at.permanent && ctalg_pinhole_has_own(ph) &&
	    nla_put_u32(skb, CTALG_A_PINHOLE_EXPIRES, ctalg_compat_expect_seconds(ph->exp)))
		return -EMSGSIZE;
	if (ctalg_pinhole_bytes(ph, bytes) &&
	    (ctalg_put_uint(skb, CTALG_A_PINHOLE_BYTES_ORIG, bytes[0]) ||
	     ctalg_put_uint(skb, CTALG_A_PINHOLE_BYTES_REPLY, bytes[1])))
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

static int tell_session(const struct dump *d, const struct ctalg_flow *f,
			const struct ctalg_session *s)
{
	void *answer = ctalg_answer_begin(d->skb, d->cb, CTALG_CMD_SESSION_GET);

	if (!answer)
		return -EMSGSIZE;
	return ctalg_answer_end(d->skb, d->cb, answer, put_session(d->skb, f, s));
}

static int tell_sessions(const struct dump *d, const struct ctalg_flow *f)
{
	const struct ctalg_session *s;
	int err;

	list_for_each_entry(s, &f->sessions, node) {
		if (s->id <= d->w->told)
			continue;
		err = tell_session(d, f, s);
		if (err)
			return err;
		d->w->told = s->id;
	}
	return 0;
}

static int tell_pinhole(const struct dump *d, const struct ctalg_flow *f,
			const struct ctalg_session *s, struct ctalg_pinhole *ph)
{
	void *answer = ctalg_answer_begin(d->skb, d->cb, CTALG_CMD_PINHOLE_GET);

	if (!answer)
		return -EMSGSIZE;
	return ctalg_answer_end(d->skb, d->cb, answer, put_pinhole(d->skb, f, s, ph));
}

/* Of the session where a buffer was full, those pinholes follow that are younger than the last one told. */
static int tell_pinholes(const struct dump *d, const struct ctalg_flow *f)
{
	const struct ctalg_session *s;
	struct ctalg_pinhole *ph;
	int err;

	list_for_each_entry(s, &f->sessions, node) {
		if (s->id < d->w->session)
			continue;
		if (s->id != d->w->session)
			d->w->told = 0;
		d->w->session = s->id;
		list_for_each_entry(ph, &s->pinholes, in_session) {
			if (ph->id <= d->w->told)
				continue;
			err = tell_pinhole(d, f, s, ph);
			if (err)
				return err;
			d->w->told = ph->id;
		}
	}
	return 0;
}

/* cb->seq tells of changes while the dump goes on; it must not be zero. */
static unsigned int generation_of(const struct ctalg_net *cn)
{
	return atomic_read(&cn->generation) | BIT(31);
}

static void note_generation(const struct dump *d)
{
	d->cb->seq = generation_of(d->cn);
}

static int dump_flow(const struct dump *d, struct ctalg_flow *f)
{
	int err = 0;

	spin_lock_bh(&f->lock);
	if (!f->dead)
		err = d->tell(d, f);
	spin_unlock_bh(&f->lock);
	return err;
}

/* From one flow to the next, until the buffer is full. */
static int walk(const struct dump *d)
{
	struct flow_walk *w = d->w;
	struct ctalg_flow *f;
	int err;

	note_generation(d);
	for (; w->at < w->n; w->at++) {
		f = ctalg_flow_by_id(d->cn, w->id[w->at]);
		err = f ? dump_flow(d, f) : 0;
		if (err)
			return err;
		w->told = 0;
		w->session = 0;
		if (w->at % 256 == 0)
			cond_resched_rcu();
	}
	note_generation(d);
	return 0;
}

static int dump_run(struct sk_buff *skb, struct netlink_callback *cb,
		    int (*tell)(const struct dump *d, const struct ctalg_flow *f))
{
	const struct dump d = {
		.skb = skb,
		.cb = cb,
		.cn = ctalg_net(sock_net(skb->sk)),
		.w = (void *)cb->args[0],
		.tell = tell,
	};
	int err;

	rcu_read_lock();
	err = walk(&d);
	rcu_read_unlock();
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
	struct ctalg_net *cn = ctalg_net(sock_net(cb->skb->sk));
	struct flow_walk *w;
	unsigned int room;

	/* From here on changes count. */
	cb->prev_seq = generation_of(cn);
	/* Some more than there are: flows come while their numbers are read. */
	for (room = 64;; room *= 2) {
		room = max_t(unsigned int, room, atomic_long_read(&cn->n_flows) / 4 * 5);
		w = kvzalloc(struct_size(w, id, room), GFP_KERNEL_ACCOUNT);
		if (!w)
			return -ENOMEM;
		w->n = room;
		if (ctalg_flow_ids(cn, w->id, &w->n))
			break;
		kvfree(w);
	}
	cb->args[0] = (long)w;
	return 0;
}

int ctalg_dump_done(struct netlink_callback *cb)
{
	kvfree((void *)cb->args[0]);
	return 0;
}
