// SPDX-License-Identifier: GPL-2.0
/*
 * Events: what has happened, for whoever listens. Without a listener nothing is put
 * together. One that does not keep up loses events; their numbers tell how many.
 */
#include <linux/ktime.h>
#include <net/genetlink.h>

#include <ctalg.h>

#include "core.h"
#include "netlink.h"
#include "trace.h"

enum {
	/* An event with everything that can be said is not longer. */
	EVENT_BYTES = 1536,
	/* Bytes of an object that are told. */
	EVENT_OBJECT_MAX = 255,
};

bool ctalg_event_wanted(const struct ctalg_net *cn)
{
	return genl_has_listeners(&ctalg_family, cn->net, CTALG_MCGRP_EVENTS);
}

static int put_what(struct sk_buff *skb, struct ctalg_net *cn, const struct ctalg_event *e)
{
	const struct ctalg_proto *proto = e->live->h->proto;
	const char *reason = ctalg_proto_reason(proto, e->reason);

	if (ctalg_put_uint(skb, CTALG_A_EVENT_SEQ, atomic64_inc_return(&cn->events)) ||
	    nla_put_u32(skb, CTALG_A_EVENT_KIND, e->kind) ||
	    ctalg_put_uint(skb, CTALG_A_EVENT_TIME, ktime_get_real_ns()) ||
	    nla_put_string(skb, CTALG_A_EVENT_HELPER, proto->name) ||
	    nla_put_u8(skb, CTALG_A_EVENT_DIR, e->dir))
		return -EMSGSIZE;
	if ((reason && nla_put_string(skb, CTALG_A_EVENT_REASON, reason)) ||
	    (e->message && nla_put_string(skb, CTALG_A_EVENT_MESSAGE, e->message)))
		return -EMSGSIZE;
	return 0;
}

static int put_flow(struct sk_buff *skb, const struct ctalg_event *e)
{
	const struct nf_conntrack_tuple *t;
	u16 zone;

	if (!e->f && !e->ct)
		return 0;
	t = e->f ? &e->f->tuple : &e->ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	zone = e->f ? e->f->zone.id : nf_ct_zone(e->ct)->id;
	if (e->f && ctalg_put_uint(skb, CTALG_A_EVENT_FLOW, e->f->id))
		return -EMSGSIZE;
	if (nla_put_u8(skb, CTALG_A_EVENT_L4, t->dst.protonum) ||
	    ctalg_put_nf_addr(skb, CTALG_A_EVENT_SRC, &t->src.u3, t->src.l3num) ||
	    nla_put_u16(skb, CTALG_A_EVENT_SRC_PORT, ntohs(t->src.u.all)) ||
	    ctalg_put_nf_addr(skb, CTALG_A_EVENT_DST, &t->dst.u3, t->src.l3num) ||
	    nla_put_u16(skb, CTALG_A_EVENT_DST_PORT, ntohs(t->dst.u.all)) ||
	    nla_put_u16(skb, CTALG_A_EVENT_ZONE, zone))
		return -EMSGSIZE;
	return 0;
}

static int put_session(struct sk_buff *skb, u64 id, const struct ctalg_user *user)
{
	if (ctalg_put_uint(skb, CTALG_A_EVENT_SESSION, id) ||
	    ctalg_put_user(skb, CTALG_A_EVENT_USER, user))
		return -EMSGSIZE;
	return 0;
}

/* What it is, where it is what the event is about. */
static int put_session_name(struct sk_buff *skb, const struct ctalg_session *s)
{
	if (nla_put_string(skb, CTALG_A_EVENT_SESSION_KIND, ctalg_session_kind(s)) ||
	    (s->key_len && nla_put(skb, CTALG_A_EVENT_SESSION_KEY, s->key_len, s->key_text)))
		return -EMSGSIZE;
	return 0;
}

static bool is_of_session(u32 kind)
{
	return kind == CTALG_EVENT_KIND_SESSION_BEGIN || kind == CTALG_EVENT_KIND_SESSION_CHANGE ||
	       kind == CTALG_EVENT_KIND_SESSION_END;
}

static int put_pinhole(struct sk_buff *skb, const struct ctalg_pinhole *ph)
{
	const struct ctalg_opening *at = &ph->at;

	if (ctalg_put_uint(skb, CTALG_A_EVENT_PINHOLE, ph->id) ||
	    put_session(skb, ph->session, &ph->user) ||
	    nla_put_u8(skb, CTALG_A_EVENT_PINHOLE_L4, at->l4) ||
	    ctalg_put_kind(skb, CTALG_A_EVENT_PINHOLE_KIND, ph) ||
	    ctalg_put_addr(skb, CTALG_A_EVENT_FROM, &at->from) ||
	    (at->from_len && nla_put_u8(skb, CTALG_A_EVENT_FROM_LEN, at->from_len)) ||
	    ctalg_put_addr(skb, CTALG_A_EVENT_OUTSIDE, &at->outside) ||
	    nla_put_u16(skb, CTALG_A_EVENT_OUTSIDE_PORT, at->outside_port) ||
	    ctalg_put_addr(skb, CTALG_A_EVENT_INSIDE, &at->inside) ||
	    nla_put_u16(skb, CTALG_A_EVENT_INSIDE_PORT, at->inside_port))
		return -EMSGSIZE;
	return 0;
}

/* Where the message names no address but the sender's own, the new one does not either. */
static int put_edit(struct sk_buff *skb, const struct ctalg_endpoint *old,
		    const struct ctalg_opening *new)
{
	if (ctalg_put_addr(skb, CTALG_A_EVENT_OLD, &old->addr) ||
	    nla_put_u16(skb, CTALG_A_EVENT_OLD_PORT, old->port) ||
	    (old->addr.family != CTALG_AF_NONE &&
	     ctalg_put_addr(skb, CTALG_A_EVENT_NEW, &new->outside)) ||
	    nla_put_u16(skb, CTALG_A_EVENT_NEW_PORT, new->outside_port))
		return -EMSGSIZE;
	return 0;
}

/* What was asked for, and which rule was against it. */
static int put_request(struct sk_buff *skb, const struct ctalg_event *e)
{
	if (e->command && nla_put_string(skb, CTALG_A_EVENT_COMMAND, e->command))
		return -EMSGSIZE;
	if (e->object_len && nla_put(skb, CTALG_A_EVENT_OBJECT,
				     min_t(u32, e->object_len, EVENT_OBJECT_MAX), e->object))
		return -EMSGSIZE;
	if (e->rule && nla_put_u32(skb, CTALG_A_EVENT_RULE, e->rule->line))
		return -EMSGSIZE;
	return 0;
}

static int put_event(struct sk_buff *skb, struct ctalg_net *cn, const struct ctalg_event *e)
{
	if (put_what(skb, cn, e) || put_flow(skb, e) ||
	    (e->s && put_session(skb, e->s->id, &e->s->user)) ||
	    (is_of_session(e->kind) && put_session_name(skb, e->s)) ||
	    (e->ph && put_pinhole(skb, e->ph)) || (e->old && put_edit(skb, e->old, e->new)) ||
	    put_request(skb, e))
		return -EMSGSIZE;
	if (e->bytes && (ctalg_put_uint(skb, CTALG_A_EVENT_BYTES_ORIG, e->bytes[0]) ||
			 ctalg_put_uint(skb, CTALG_A_EVENT_BYTES_REPLY, e->bytes[1])))
		return -EMSGSIZE;
	return 0;
}

/* Returns whether everybody who wanted it has got it. */
static bool event_deliver(struct ctalg_net *cn, const struct ctalg_event *e)
{
	struct sk_buff *skb = genlmsg_new(EVENT_BYTES, GFP_ATOMIC | __GFP_NOWARN);
	void *head;
	int err;

	if (!skb) {
		atomic64_inc(&cn->events);
		return false;
	}
	head = genlmsg_put(skb, 0, 0, &ctalg_family, 0, CTALG_CMD_EVENT);
	if (!head || put_event(skb, cn, e)) {
		nlmsg_free(skb);
		return false;
	}
	genlmsg_end(skb, head);
	err = genlmsg_multicast_netns(&ctalg_family, cn->net, skb, 0, CTALG_MCGRP_EVENTS,
				      GFP_ATOMIC);
	return !err || err == -ESRCH;
}

static void event_lost(struct ctalg_net *cn, const struct ctalg_event *e)
{
	const struct ctalg_net_helper *nh;

	rcu_read_lock();
	nh = rcu_dereference(cn->helper[e->live->slot]);
	if (nh)
		ctalg_count(nh, e->dir, CTALG_R_EVENT_LOST);
	rcu_read_unlock();
}

static void event_trace(const struct ctalg_event *e)
{
	const char *what = ctalg_proto_reason(e->live->h->proto, e->reason);

	if (e->ph)
		trace_ctalg_pinhole(e->ph->flow->id, e->ph->id, what ? what : "", &e->ph->at);
}

void ctalg_event_send(struct ctalg_net *cn, const struct ctalg_event *e)
{
	event_trace(e);
	if (ctalg_event_wanted(cn) && !event_deliver(cn, e))
		event_lost(cn, e);
}

/* Something has become of a whole flow. */
void ctalg_event_flow(struct ctalg_net *cn, u32 kind, const struct ctalg_flow *f, u8 dir)
{
	const struct ctalg_event e = {
		.kind = kind,
		.live = f->live,
		.f = f,
		.dir = dir,
		.reason = kind == CTALG_EVENT_KIND_RESET ? CTALG_R_RESET : CTALG_R_NONE,
	};

	ctalg_event_send(cn, &e);
}

/* The flow has been reset: counted, and told. */
void ctalg_note_reset(struct ctalg_net *cn, const struct ctalg_flow *f, u8 dir)
{
	const struct ctalg_net_helper *nh;

	rcu_read_lock();
	nh = rcu_dereference(cn->helper[f->live->slot]);
	if (nh)
		ctalg_count(nh, dir, CTALG_R_RESET);
	rcu_read_unlock();
	ctalg_event_flow(cn, CTALG_EVENT_KIND_RESET, f, dir);
}

void ctalg_event_session(struct ctalg_net *cn, u32 kind, const struct ctalg_flow *f,
			 const struct ctalg_session *s)
{
	const struct ctalg_event e = { .kind = kind, .live = f->live, .f = f, .s = s };

	ctalg_event_send(cn, &e);
}

/* What kind of event a reason is that something did not happen. */
static u32 reason_kind(const struct ctalg_proto *proto, unsigned int reason)
{
	switch (reason) {
	case CTALG_R_PARTIAL:
	case CTALG_R_OUT_OF_ORDER:
	case CTALG_R_MID_STREAM:
	case CTALG_R_NOT_OURS:
	case CTALG_R_OPAQUE:
	case CTALG_R_TOO_LONG:
	case CTALG_R_FLOW_BUSY:
		return CTALG_EVENT_KIND_UNREAD;
	case CTALG_R_MALFORMED:
		return CTALG_EVENT_KIND_MALFORMED;
	case CTALG_R_RESET:
		return CTALG_EVENT_KIND_RESET;
	case CTALG_R_POLICY_DENIED ... CTALG_R_POLICY_USER:
		return CTALG_EVENT_KIND_DENIED;
	case CTALG_R_LIMIT_SESSION ... CTALG_R_LIMIT_JOURNAL:
	case CTALG_R_NO_MEMORY:
		return CTALG_EVENT_KIND_LIMIT;
	}
	if (reason < CTALG_R_PRIVATE)
		return CTALG_EVENT_KIND_PINHOLE_REFUSED;
	return proto->unread & BIT(reason - CTALG_R_PRIVATE) ? CTALG_EVENT_KIND_UNREAD
							     : CTALG_EVENT_KIND_MALFORMED;
}

/* As rules of CTALG_CHAIN_LOG call those kinds that a packet causes. */
static const char *kind_name(u32 kind)
{
	static const char *const names[] = {
		[CTALG_EVENT_KIND_PINHOLE_REFUSED] = "pinhole-refused",
		[CTALG_EVENT_KIND_MALFORMED] = "malformed",
		[CTALG_EVENT_KIND_UNREAD] = "unread",
		[CTALG_EVENT_KIND_LIMIT] = "limit",
		[CTALG_EVENT_KIND_RESET] = "reset",
		[CTALG_EVENT_KIND_DENIED] = "denied",
	};

	return kind < ARRAY_SIZE(names) ? names[kind] : NULL;
}

/* The log, where policy has rules for it. */
static void event_log(const struct ctalg_packet *p, const struct ctalg_flow *f,
		      const struct ctalg_event *e, const struct ctalg_subject *known)
{
	struct ctalg_subject s;

	if (!ctalg_rules_any(p->rules, CTALG_CHAIN_LOG))
		return;
	if (known)
		s = *known;
	else
		ctalg_policy_subject(p, f, &s);
	s.event = kind_name(e->kind);
	s.reason = ctalg_proto_reason(e->live->h->proto, e->reason);
	ctalg_log(p, f, p->rules, &s);
}

void ctalg_note_reason(const struct ctalg_packet *p, const struct ctalg_flow *f,
		       unsigned int reason, const char *message)
{
	const struct ctalg_event e = {
		.kind = reason_kind(p->live->h->proto, reason),
		.live = p->live,
		.f = f,
		.ct = p->ct,
		.dir = p->dir,
		.reason = reason,
		.message = message,
		.s = f ? f->own : NULL,
	};

	ctalg_count(p->nh, p->dir, reason);
	event_log(p, f, &e, NULL);
	ctalg_event_send(p->cn, &e);
}

/* Policy has refused a message, or answered it in somebody's place. */
void ctalg_note_denied(const struct ctalg_packet *p, const struct ctalg_flow *f,
		       const struct ctalg_subject *s, const struct ctalg_verdict *v,
		       const char *message)
{
	const struct ctalg_proto *proto = p->live->h->proto;
	const struct ctalg_event e = {
		.kind = CTALG_EVENT_KIND_DENIED,
		.live = p->live,
		.f = f,
		.ct = p->ct,
		.dir = p->dir,
		.reason = v->reason,
		.message = message,
		.s = f->own,
		.command = s->command < proto->n_commands ? proto->commands[s->command].name : NULL,
		.object = s->object,
		.object_len = s->object_len,
		.rule = v->rule,
	};

	ctalg_count(p->nh, p->dir, v->reason);
	if (v->reason == CTALG_R_POLICY_ANSWERED)
		return;
	event_log(p, f, &e, s);
	ctalg_event_send(p->cn, &e);
}
