// SPDX-License-Identifier: GPL-2.0
/*
 * How a connection parts with its helper while it lives: detached, when there is nothing
 * to read in it; handed over to the kernel, when its helper goes; or else reset.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <net/netfilter/nf_conntrack_seqadj.h>

#include <ctalg.h>

#include "core.h"

enum {
	/* How long flows are given to come to rest: times, and milliseconds. */
	REST_TRIES = 20,
	REST_PAUSE = 50,
};

static bool detach __read_mostly = true;
module_param(detach, bool, 0644);
MODULE_PARM_DESC(detach, "take the helper off connections that will never be read (default Y)");

/*
 * For the flow's packets it is as if there never had been a helper, and they may be
 * offloaded. What we know of the flow is left to the reaper.
 */
bool ctalg_detach(struct nf_conn *ct)
{
	bool done;

	if (!READ_ONCE(detach))
		return false;
	spin_lock_bh(&nf_conntrack_expect_lock);
	done = ctalg_compat_helper_detach(ct);
	spin_unlock_bh(&nf_conntrack_expect_lock);
	return done;
}

void ctalg_flow_detach(struct ctalg_net *cn, struct ctalg_flow *f, struct nf_conn *ct)
{
	if (ctalg_detach(ct))
		ctalg_event_flow(cn, CTALG_EVENT_KIND_DETACH, f, CTALG_DIR_ORIG);
}

/* Nothing of it is read, nothing has been changed, and nothing waits. The flow's lock is held. */
bool ctalg_flow_may_detach(const struct ctalg_flow *f)
{
	const struct ctalg_session *s;
	unsigned int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		const struct ctalg_stream *st = &f->stream[dir];

		if (st->mode != CTALG_STREAM_DEAF || !ctalg_stream_at_rest(st) ||
		    ctalg_stream_offset(st))
			return false;
	}
	list_for_each_entry(s, &f->sessions, node)
		if (!list_empty(&s->pinholes))
			return false;
	return true;
}

/* Nor is anybody still to be told that he was refused. */
static bool flow_at_rest(const struct ctalg_flow *f)
{
	return ctalg_stream_at_rest(&f->stream[0]) && ctalg_stream_at_rest(&f->stream[1]) &&
	       !f->refusals.waiting.len;
}

static bool flow_has_offset(const struct ctalg_flow *f)
{
	return ctalg_stream_offset(&f->stream[0]) || ctalg_stream_offset(&f->stream[1]);
}

/* Does each end count in a way that the other would not understand? The flow's lock is held. */
bool ctalg_flow_is_changed(const struct ctalg_flow *f)
{
	return !flow_at_rest(f) || flow_has_offset(f);
}

/**
 * struct leaving - how it goes, with the flows of one helper
 * @live: the helper
 * @only: the namespace, or NULL for all
 * @restless: a flow that is not at rest has been seen
 * @handed: flows that the kernel has taken over
 * @reset: flows that were reset
 */
struct leaving {
	struct ctalg_live *live;
	struct ctalg_net *only;
	bool restless;
	unsigned int handed;
	unsigned int reset;
};

/* No message is read any more; what is held leaves with the next packet. The flow's lock is held. */
void ctalg_flow_deafen(struct ctalg_flow *f)
{
	unsigned int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++)
		if (f->stream[dir].mode == CTALG_STREAM_READING)
			f->stream[dir].mode = CTALG_STREAM_DEAF;
}

static bool flow_quiet(struct ctalg_net *cn, struct ctalg_flow *f, void *unused)
{
	spin_lock_bh(&f->lock);
	ctalg_flow_deafen(f);
	spin_unlock_bh(&f->lock);
	return false;
}

static bool flow_look(struct ctalg_net *cn, struct ctalg_flow *f, void *ctx)
{
	struct leaving *l = ctx;

	spin_lock_bh(&f->lock);
	if (!f->dead && !flow_at_rest(f))
		l->restless = true;
	spin_unlock_bh(&f->lock);
	return false;
}

/*
 * Two constants describe a flow at rest. One that is not gets such as no end will accept,
 * for the case that a reset gets lost: the connection hangs, and is never garbled.
 */
static void adjust_from_now_on(const struct ctalg_flow *f, struct nf_conn *ct, bool rest)
{
	struct nf_conn_seqadj *adj = nfct_seqadj(ct);
	unsigned int dir;

	if (!adj)
		return;
	spin_lock_bh(&ct->lock);
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		adj->seq[dir].offset_before = (s32)ctalg_stream_offset(&f->stream[dir]);
		if (!rest)
			adj->seq[dir].offset_before += 1 << 30;
		adj->seq[dir].offset_after = adj->seq[dir].offset_before;
	}
	if (adj->seq[0].offset_after || adj->seq[1].offset_after)
		set_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
	spin_unlock_bh(&ct->lock);
}

static void flow_part(struct ctalg_net *cn, struct ctalg_flow *f, struct nf_conn *ct,
		      struct leaving *l)
{
	struct ctalg_reset r;
	bool rest;

	spin_lock_bh(&f->lock);
	if (f->dead || f->closing) {
		spin_unlock_bh(&f->lock);
		if (f->silenced)
			adjust_from_now_on(f, ct, false);
		return;
	}
	ctalg_reset_prepare(f, &r);
	rest = flow_at_rest(f);
	if (!rest) {
		l->reset++;
		ctalg_note_reset(cn, f, CTALG_DIR_ORIG);
	} else if (flow_has_offset(f)) {
		l->handed++;
		ctalg_event_flow(cn, CTALG_EVENT_KIND_HANDOVER, f, CTALG_DIR_ORIG);
	}
	spin_unlock_bh(&f->lock);
	if (!rest)
		ctalg_reset_send(cn, ct, &r);
	adjust_from_now_on(f, ct, rest);
}

/* Packets of the flow are dropped from here on until it ends. */
static bool flow_hand_over(struct ctalg_net *cn, struct ctalg_flow *f, void *ctx)
{
	struct nf_conn *ct;
	bool unborn;

	if (f->tuple.dst.protonum != IPPROTO_TCP)
		return false;
	ct = ctalg_flow_ct_get(cn, f, &unborn);
	if (!ct)
		return false;
	local_bh_disable();
	flow_part(cn, f, ct, ctx);
	local_bh_enable();
	nf_ct_put(ct);
	return false;
}

static void net_quiet(struct ctalg_net *cn, struct leaving *l)
{
	ctalg_flows_walk(cn, l->live, flow_quiet, NULL);
}

static void net_look(struct ctalg_net *cn, struct leaving *l)
{
	ctalg_flows_walk(cn, l->live, flow_look, l);
}

static void net_hand_over(struct ctalg_net *cn, struct leaving *l)
{
	ctalg_flows_walk(cn, l->live, flow_hand_over, l);
}

static void net_end(struct ctalg_net *cn, struct leaving *l)
{
	ctalg_flows_end(cn, l->live);
}

static void each_net(struct leaving *l, void (*fn)(struct ctalg_net *cn, struct leaving *l))
{
	struct ctalg_net *cn;

	if (l->only) {
		fn(l->only, l);
		return;
	}
	list_for_each_entry(cn, &ctalg_nets, node)
		fn(cn, l);
}

/* Nothing is read from now on, and what has been changed gets some time to arrive. */
static void come_to_rest(struct leaving *l)
{
	unsigned int tries = 0;

	each_net(l, net_quiet);
	do {
		if (tries)
			msleep(REST_PAUSE);
		l->restless = false;
		each_net(l, net_look);
	} while (l->restless && ++tries < REST_TRIES);
}

/*
 * The flows of a helper, in one namespace or in all, go on without it: the kernel takes
 * their offsets over. Some kernels look whether they have to adjust before they call the
 * helper, some after it: until no packet is under way that looked too early, the flows
 * drop theirs.
 *
 * Process context; no flow begins any more, for a grace period already. For all namespaces
 * under ctalg_mutex; for one, its owner asks and the helper's module is held.
 */
void ctalg_helper_leave(struct ctalg_live *live, struct ctalg_net *only)
{
	struct leaving l = { .live = live, .only = only };

	come_to_rest(&l);
	each_net(&l, net_hand_over);
	if (l.handed || l.reset)
		pr_notice_ratelimited(
			"helper \"%s\": %u connections were handed over to the kernel, %u were reset\n",
			live->h->proto->name, l.handed, l.reset);
	synchronize_rcu();
	each_net(&l, net_end);
}
