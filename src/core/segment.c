// SPDX-License-Identifier: GPL-2.0
/*
 * TCP: each segment passes both of its flow's streams, its bytes the one, its
 * acknowledgement the other (engine/stream.h), and is rewritten accordingly (wire.h).
 *
 * The kernel's window tracking learns of the difference through the offsets of its
 * sequence adjustment, which is never switched on while the streams are ours.
 */
#include <net/dst_metadata.h>
#include <net/ip6_fib.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/route.h>
#include <net/tcp.h>

#include "core.h"
#include "wire.h"

enum {
	SEGMENT_OPT_AO = 29, /* RFC 5925; older kernels have no name for it */
	/* So many messages of one packet are held against rules. */
	SEGMENT_MESSAGES = 256,
};

/* What the engine calls back for while it reads. */
static void segment_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	struct ctalg_message_ctx *mc = ctx;

	mc->edits = e;
	ctalg_message(mc, m);
	if (e->n)
		mc->f->edited = true;
	if (mc->action == CTALG_ACTION_RESET)
		mc->f->doomed = true;
	if (mc->action == CTALG_ACTION_DROP)
		mc->f->silenced = true;
}

/* Is something about to go by unread, or as it came, that policy does not let? */
static bool segment_is_refused(const struct ctalg_message_ctx *mc, unsigned int reason)
{
	/* The answers to what was refused have to be found. */
	bool must = mc->must || mc->f->refusals.waiting.len;

	switch (reason) {
	case CTALG_R_NO_MEMORY:
	case CTALG_R_TOO_LONG:
	case CTALG_R_PARTIAL:
	case CTALG_R_NOT_OURS:
	case CTALG_R_LIMIT_MEMORY:
		return must || ctalg_policy_must_read(mc->p, mc->f);
	case CTALG_R_OPAQUE:
		return must || ctalg_policy_is_strict(mc->p, mc->f);
	default:
		return false;
	}
}

/*
 * That it can't be read is said of one direction's bytes and holds for the flow: nobody is
 * left to talk to. What can't be held back to be read is let through, or by policy ends it.
 */
static void segment_count(void *ctx, unsigned int reason)
{
	struct ctalg_message_ctx *mc = ctx;

	ctalg_note(mc->p, mc->f, reason, NULL);
	if (reason == CTALG_R_NOT_OURS || reason == CTALG_R_OPAQUE)
		ctalg_flow_deafen(mc->f);
	if (segment_is_refused(mc, reason))
		mc->f->doomed = true;
}

/* To the router itself a packet is not segmented again. */
static bool is_for_us(const struct ctalg_packet *p)
{
	if (nf_ct_l3num(p->ct) == NFPROTO_IPV4)
		return skb_rtable(p->skb)->rt_flags & RTCF_LOCAL;
	return dst_rt6_info(skb_dst(p->skb))->rt6i_flags & RTF_LOCAL;
}

/* On OVS, act_ct and bridges a packet may have no route: what the peer takes is all that is known. */
static unsigned int segment_mss(const struct ctalg_packet *p, const struct ctalg_flow *f,
				const struct ctalg_wire *w)
{
	const struct dst_entry *dst = skb_valid_dst(p->skb) ? skb_dst(p->skb) : NULL;
	unsigned int mss = f->mss[p->dir], headers = w->off - skb_network_offset(p->skb), mtu;

	if (dst && is_for_us(p))
		return 0;
	mtu = dst ? dst_mtu(dst) : p->skb->dev ? READ_ONCE(p->skb->dev->mtu) : 0;
	if (mtu > headers && (!mss || mtu - headers < mss))
		mss = mtu - headers;
	return mss;
}

static void adjustment_set(struct nf_conn_seqadj *adj, const struct ctalg_flow *f)
{
	unsigned int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		adj->seq[i].offset_before = (s32)ctalg_stream_offset(&f->stream[i]);
		adj->seq[i].offset_after = adj->seq[i].offset_before;
	}
}

static bool adjustment_is(const struct nf_conn_seqadj *adj, const struct ctalg_flow *f)
{
	return adj->seq[0].offset_after == (s32)ctalg_stream_offset(&f->stream[0]) &&
	       adj->seq[1].offset_after == (s32)ctalg_stream_offset(&f->stream[1]);
}

/* The kernel tracks windows with these offsets, though it adjusts nothing by them. */
static void segment_tell_tracking(const struct ctalg_packet *p, const struct ctalg_flow *f)
{
	struct nf_conn_seqadj *adj = nfct_seqadj(p->ct);

	if (!adj || adjustment_is(adj, f))
		return;
	spin_lock_bh(&p->ct->lock);
	adjustment_set(adj, f);
	spin_unlock_bh(&p->ct->lock);
}

/* The numbers of the header that is to leave. */
struct numbers {
	u32 seq;
	u32 ack;
	u16 window;
};

/* Acknowledgement, window and SACK speak of the other direction's stream. */
static bool segment_ack(const struct ctalg_packet *p, struct ctalg_flow *f,
			const struct ctalg_wire *w, const struct tcphdr *th, struct numbers *n)
{
	struct ctalg_stream *s = &f->stream[!p->dir];
	u8 scale = p->ct->proto.tcp.seen[p->dir].td_scale;
	u32 window = (u32)ntohs(th->window) << scale, told = window;
	bool simple = ctalg_stream_at_rest(s) && !ctalg_stream_offset(s);

	n->ack = ctalg_stream_ack(s, ntohl(th->ack_seq), &told, &f->host->mem);
	if (p->dir == CTALG_DIR_REPLY)
		ctalg_echo_acked(&f->echo, s, &f->host->mem);
	if (told != window)
		n->window = told >> scale;
	return simple || ctalg_wire_sack(w, s);
}

/* The latest timestamp of what is not ahead of its turn. */
static void segment_note_time(struct ctalg_flow *f, u8 dir, const struct ctalg_wire *w)
{
	u32 tsval;

	if (ctalg_wire_tsval(w, &tsval) && (!f->tsval[dir] || (s32)(tsval - f->tsval[dir]) > 0))
		f->tsval[dir] = tsval;
}

/*
 * Ahead of its turn, a segment may not make what is missing look old to the receiver (RFC
 * 7323, section 5). Otherwise its time is its own: the sender measures with the echo.
 */
static int segment_probe(struct ctalg_wire *w, const struct ctalg_flow *f, u8 dir, bool ahead)
{
	static const u8 any_byte[1];

	if (!ctalg_wire_replace(w, any_byte, sizeof(any_byte), false))
		return NF_DROP;
	if (ahead)
		ctalg_wire_timestamp(w, f->tsval[dir]);
	return NF_ACCEPT;
}

/*
 * Of what has been judged, no other version may go on: neither as a repetition now, nor
 * later. Returns false if the flow has to end.
 */
static bool segment_is_echo(const struct ctalg_packet *p, struct ctalg_flow *f, u32 seq,
			    const u8 *bytes, u32 len)
{
	ctalg_echo_acked(&f->echo, &f->stream[p->dir], &f->host->mem);
	if (ctalg_echo_same(&f->echo, seq, bytes, len))
		return true;
	ctalg_note(p, f, CTALG_R_POLICY_ALTERED, NULL);
	f->doomed = true;
	return false;
}

static void segment_remember(const struct ctalg_packet *p, struct ctalg_flow *f, u32 seq,
			     const u8 *bytes, u32 len)
{
	if (ctalg_echo_said(&f->echo, &f->stream[p->dir], seq, bytes, len, &f->host->mem))
		return;
	ctalg_note(p, f, CTALG_R_LIMIT_MEMORY, NULL);
	f->doomed = true;
}

/* Is it a request that rules look at, what the bytes may be a part of? */
static bool segment_is_judged(const struct ctalg_packet *p)
{
	return p->dir == CTALG_DIR_ORIG && ctalg_rules_refuse(p->rules);
}

/* Payload and FIN. */
static int segment_data(const struct ctalg_packet *p, struct ctalg_flow *f, struct ctalg_wire *w,
			bool fin, struct numbers *n)
{
	struct ctalg_message_ctx mc = { .p = p, .f = f, .scratch = ctalg_scratch() };
	const struct ctalg_stream_env env = {
		.proto = p->live->h->proto,
		.state = f->state,
		.dir = p->dir,
		.mem = &f->host->mem,
		.edits = &mc.scratch->edits,
		.most = p->rules ? SEGMENT_MESSAGES : 0,
		.message = segment_message,
		.count = segment_count,
		.ctx = &mc,
	};
	struct ctalg_stream *s = &f->stream[p->dir];
	struct ctalg_segment_out out;
	const u8 *bytes = NULL;
	int verdict = NF_ACCEPT;
	u32 seq = n->seq;
	bool ahead, judged;

	if (w->len && ctalg_stream_reads(s, n->seq, w->len)) {
		bytes = ctalg_wire_bytes(w);
		if (!bytes)
			return NF_DROP;
	}
	judged = bytes && segment_is_judged(p);
	if (judged && !segment_is_echo(p, f, seq, bytes, w->len))
		return NF_DROP;
	ahead = (s32)(n->seq - s->s_next) > 0;
	if (!ahead)
		segment_note_time(f, p->dir, w);
	ctalg_stream_segment(s, &env, n->seq, bytes, w->len, fin, &out);
	if (judged)
		segment_remember(p, f, seq, bytes, w->len);
	n->seq = out.seq;
	if (out.verdict == CTALG_SEGMENT_DROP) {
		verdict = NF_DROP;
	} else if (out.verdict == CTALG_SEGMENT_PROBE) {
		verdict = segment_probe(w, f, p->dir, ahead);
	} else if (out.verdict == CTALG_SEGMENT_REPLACE) {
		w->mss = segment_mss(p, f, w);
		if (!ctalg_wire_replace(w, out.payload.p, out.payload.len, out.fin))
			verdict = NF_DROP;
	}
	ctalg_buffer_free(&out.payload, &f->host->mem);
	ctalg_scratch_done(mc.scratch);
	return verdict;
}

/* Both ends have said that it is over, or one has cut it off; window tracking has checked that. */
bool ctalg_segment_is_over(const struct nf_conn *ct)
{
	switch (READ_ONCE(ct->proto.tcp.state)) {
	case TCP_CONNTRACK_LAST_ACK:
	case TCP_CONNTRACK_TIME_WAIT:
	case TCP_CONNTRACK_CLOSE:
		return true;
	default:
		return false;
	}
}

/*
 * Urgent data may be held back with the message that they interrupt: the sender's pointer
 * is kept, and goes out with the bytes that it points behind (RFC 9293, section 3.8.5).
 */
static void segment_urgent_seen(struct ctalg_flow *f, u8 dir, const struct tcphdr *th)
{
	if (!th->urg)
		return;
	f->urgent[dir] = ntohl(th->seq) + ntohs(th->urg_ptr);
	f->has_urgent[dir] = true;
}

static bool segment_urgent(struct ctalg_flow *f, struct ctalg_wire *w, u8 dir, u32 seq)
{
	const struct ctalg_stream *s = &f->stream[dir];
	u32 point, ahead = 0;

	if (!f->has_urgent[dir])
		return true;
	if (!s->held.len || (s32)(f->urgent[dir] - s->s_fwd) <= 0) {
		point = ctalg_stream_urgent(s, f->urgent[dir]);
		f->has_urgent[dir] = (s32)(point - s->r_una) > 0;
		ahead = f->has_urgent[dir] ? point - seq : 0;
	}
	return ctalg_wire_urgent(w, (s32)ahead > 0 && ahead <= U16_MAX ? ahead : 0);
}

/*
 * A receiver may take the urgent byte out of what it reads, and so read another command
 * than was judged: where there is something to refuse, no byte is urgent.
 */
static bool segment_loses_urgent(const struct ctalg_packet *p, const struct ctalg_flow *f,
				 const struct tcphdr *th)
{
	return th->urg && p->rules && ctalg_policy_must_read(p, f);
}

static int segment_locked(const struct ctalg_packet *p, struct ctalg_flow *f, struct ctalg_wire *w,
			  const struct tcphdr *th)
{
	struct numbers n = { ntohl(th->seq), ntohl(th->ack_seq), ntohs(th->window) };
	bool ack = th->ack, fin = th->fin, rst = th->rst, calm = segment_loses_urgent(p, f, th);
	int verdict = NF_ACCEPT;

	f->mark[p->dir] = p->skb->mark;
	if (!calm)
		segment_urgent_seen(f, p->dir, th);
	if (ack && !segment_ack(p, f, w, th, &n))
		return NF_DROP;
	if ((w->len || fin || ctalg_stream_leftover(&f->stream[p->dir])) && !rst)
		verdict = segment_data(p, f, w, fin, &n);
	else
		n.seq = ctalg_stream_empty(&f->stream[p->dir], n.seq);
	if (verdict == NF_ACCEPT &&
	    (!ctalg_wire_numbers(w, n.seq, n.ack, n.window) ||
	     !(calm ? ctalg_wire_urgent(w, 0) : segment_urgent(f, w, p->dir, n.seq))))
		verdict = NF_DROP;
	if (verdict == NF_DROP && !f->doomed)
		ctalg_note(p, f, CTALG_R_NO_MEMORY, NULL);
	segment_tell_tracking(p, f);
	/* Its number is beyond what tracking knows to be acknowledged while bytes are held. */
	if (rst && ntohl(th->seq) == f->stream[p->dir].s_next)
		ctalg_reset_close(p->ct);
	if (ctalg_segment_is_over(p->ct)) {
		f->over = true;
		ctalg_sessions_over(p->cn, f);
		ctalg_meters_release(f);
	}
	return verdict;
}

/* RFC 2385 and 5925: whoever signs segments wants them as they are. */
static bool segment_is_signed(const struct ctalg_wire *w)
{
	u8 len;

	return ctalg_wire_option(w, TCPOPT_MD5SIG, &len) ||
	       ctalg_wire_option(w, SEGMENT_OPT_AO, &len);
}

static u16 segment_announced_mss(const struct ctalg_wire *w)
{
	u8 len, buf[2];
	unsigned int opt = ctalg_wire_option(w, TCPOPT_MSS, &len);
	const u8 *p;

	if (!opt || len != TCPOLEN_MSS)
		return 0;
	p = skb_header_pointer(w->skb, opt + 2, sizeof(buf), buf);
	return p ? get_unaligned_be16(p) : 0;
}

/* Of a flow that is read, the two ends may not agree on what would lead around us. */
static void segment_syn(const struct ctalg_packet *p, const struct ctalg_wire *w,
			const struct tcphdr *th)
{
	struct ctalg_syn *syn = ctalg_flow_syn(p);

	if (syn && p->dir == CTALG_DIR_ORIG && !th->ack) {
		syn->start = ntohl(th->seq) + 1;
		syn->mss = segment_announced_mss(w);
		syn->seen = true;
	}
	if (segment_is_signed(w))
		return;
	ctalg_wire_blank(w, TCPOPT_MPTCP);
	ctalg_wire_blank(w, TCPOPT_FASTOPEN);
}

/* A SYN-ACK that comes again may not make read bytes unread. */
static bool segment_has_begun(const struct ctalg_flow *f)
{
	const struct ctalg_stream *s = f->stream;

	return s[0].s_next != s[0].start || s[1].s_next != s[1].start;
}

/*
 * The flow is never going to be read. Said once, and its packets come here no more; unless
 * there may be something in it to be refused: then none goes on.
 */
static int segment_decline(const struct ctalg_packet *p, unsigned int reason)
{
	if (ctalg_flow_decline(p))
		ctalg_note(p, NULL, reason, NULL);
	if (ctalg_may_begin(p) && ctalg_policy_must_read(p, NULL))
		return NF_DROP;
	ctalg_detach(p->ct);
	return NF_ACCEPT;
}

/* Without room for an offset, with somebody else's in it, or signed, nothing may change. */
static bool segment_is_untouchable(const struct ctalg_packet *p, const struct ctalg_wire *w)
{
	return test_bit(IPS_SEQ_ADJUST_BIT, &p->ct->status) || segment_is_signed(w) ||
	       ((p->ct->status & IPS_NAT_MASK) && !nfct_seqadj(p->ct));
}

/*
 * Both beginnings stand in the SYN-ACK, and the connection is in the kernel's table. One
 * that acknowledges something else than the SYN is its sender's invention: the tracking
 * lets it pass, and so do we, but a beginning it is not.
 */
static int segment_begin(const struct ctalg_packet *p, const struct ctalg_wire *w,
			 const struct tcphdr *th)
{
	const struct ctalg_syn *syn = ctalg_flow_syn(p);
	struct ctalg_flow *f = ctalg_flow_find(p);

	if (!ctalg_may_begin(p) || !syn || !syn->seen || syn->start != ntohl(th->ack_seq) ||
	    (f && segment_has_begun(f))) /* looked at again under its lock */
		return NF_ACCEPT;
	/* Its data would have gone by unread. */
	if (w->len)
		return segment_decline(p, CTALG_R_MID_STREAM);
	if (segment_is_untouchable(p, w))
		return segment_decline(p, CTALG_R_FLOW_BUSY);
	if (!f)
		f = ctalg_flow_add(p);
	if (!f)
		return segment_decline(p, CTALG_R_NONE);
	spin_lock_bh(&f->lock);
	if (!f->dead && !f->closing && !segment_has_begun(f)) {
		ctalg_stream_start(&f->stream[CTALG_DIR_ORIG], ntohl(th->ack_seq));
		ctalg_stream_start(&f->stream[CTALG_DIR_REPLY], ntohl(th->seq) + 1);
		/* What begins before the next acknowledgement may be long; no SYN's window is scaled. */
		ctalg_stream_offered(&f->stream[CTALG_DIR_ORIG], ntohs(th->window));
		f->mss[CTALG_DIR_ORIG] = segment_announced_mss(w);
		f->mss[CTALG_DIR_REPLY] = syn->mss;
	}
	spin_unlock_bh(&f->lock);
	return NF_ACCEPT;
}

/* The flow's lock is held. Returns the packet's verdict, and whether the flow is to be reset. */
static int segment_in_flow(const struct ctalg_packet *p, struct ctalg_flow *f, struct ctalg_wire *w,
			   const struct tcphdr *th, struct ctalg_reset *r, bool *reset)
{
	u32 sent = f->stream[p->dir].r_fwd;
	int verdict;

	if (f->closing)
		return th->rst ? NF_ACCEPT : NF_DROP;
	if (f->dead)
		return NF_ACCEPT;
	verdict = segment_locked(p, f, w, th);
	*reset = f->doomed;
	f->closing |= f->silenced;
	if (*reset) {
		ctalg_reset_prepare(f, r);
		/* What this segment brings does not leave. */
		r->next[p->dir] = sent;
	} else if (f->closing) {
		verdict = NF_DROP;
	} else if (ctalg_flow_may_detach(f))
		ctalg_flow_detach(p->cn, f, p->ct);
	return *reset ? NF_DROP : verdict;
}

/*
 * The kernel has forgotten a connection that we changed: its ends would misunderstand each
 * other, so that nothing goes on. Returns false if there is no such thing.
 */
static bool segment_orphan(const struct ctalg_packet *p, struct ctalg_flow *f)
{
	struct ctalg_reset r;
	bool changed, cut;

	spin_lock_bh(&f->lock);
	changed = !f->dead && !READ_ONCE(f->over) && ctalg_flow_is_changed(f);
	cut = changed && !f->closing;
	if (cut)
		ctalg_reset_prepare(f, &r);
	spin_unlock_bh(&f->lock);
	if (cut) {
		ctalg_note_reset(p->cn, f, p->dir);
		ctalg_reset_send(p->cn, NULL, &r);
	}
	return changed;
}

/* The connection's beginning was not seen, or has been forgotten. */
static int segment_midway(const struct ctalg_packet *p, const struct tcphdr *th)
{
	struct ctalg_flow *f = ctalg_flow_orphan(p);

	/* One that is refused has no middle. */
	if (th->rst)
		return NF_ACCEPT;
	if (f && segment_orphan(p, f))
		return NF_DROP;
	if (nf_ct_is_confirmed(p->ct))
		return segment_decline(p, ctalg_may_begin(p) ? CTALG_R_MID_STREAM : CTALG_R_NONE);
	/* Its first packet may bring all that was to be refused. */
	if (ctalg_may_begin(p) && ctalg_policy_must_read(p, NULL)) {
		ctalg_note(p, NULL, CTALG_R_MID_STREAM, NULL);
		return NF_DROP;
	}
	return NF_ACCEPT;
}

/*
 * What is made of a segment gets a right checksum. The tracking has seen that it came with
 * one, unless it was told not to look.
 */
static bool segment_is_broken(const struct ctalg_packet *p)
{
	return p->skb->ip_summed == CHECKSUM_NONE && !READ_ONCE(p->cn->net->ct.sysctl_checksum) &&
	       nf_checksum(p->skb, NF_INET_PRE_ROUTING, p->protoff, IPPROTO_TCP,
			   nf_ct_l3num(p->ct));
}

static int segment_established(const struct ctalg_packet *p, struct ctalg_wire *w,
			       const struct tcphdr *th)
{
	struct ctalg_flow *f = ctalg_flow_find(p);
	struct ctalg_reset r;
	bool reset = false;
	int verdict;

	if (!f)
		return segment_midway(p, th);
	spin_lock_bh(&f->lock);
	verdict = segment_in_flow(p, f, w, th, &r, &reset);
	spin_unlock_bh(&f->lock);
	if (reset) {
		ctalg_note_reset(p->cn, f, p->dir);
		ctalg_reset_send(p->cn, p->ct, &r);
	}
	return verdict;
}

int ctalg_segment(const struct ctalg_packet *p)
{
	struct ctalg_wire w = { .skb = p->skb, .ct = p->ct, .thoff = p->protoff };
	/* A copy: the packet is going to be changed and may move. */
	struct tcphdr th;

	if (skb_copy_bits(p->skb, p->protoff, &th, sizeof(th)) || th.doff * 4 < sizeof(th) ||
	    p->protoff + th.doff * 4 > p->skb->len)
		return NF_ACCEPT;
	if (segment_is_broken(p))
		return NF_ACCEPT;
	w.off = p->protoff + th.doff * 4;
	w.len = p->skb->len - w.off;
	if (th.syn)
		segment_syn(p, &w, &th);
	/* A server may take bytes with the SYN, before there is a flow that reads them. */
	if (th.syn && w.len && !th.ack && ctalg_may_begin(p) && ctalg_policy_must_read(p, NULL))
		return NF_DROP;
	/* A rule that sets the helper after NAT comes too late for the kernel to make room itself. */
	if (!nf_ct_is_confirmed(p->ct)) {
		if (!nfct_seqadj(p->ct))
			nfct_seqadj_ext_add(p->ct);
		return th.syn ? NF_ACCEPT : segment_midway(p, &th);
	}
	if (!th.syn)
		return segment_established(p, &w, &th);
	if (th.ack && p->dir == CTALG_DIR_REPLY)
		return segment_begin(p, &w, &th);
	return NF_ACCEPT;
}
