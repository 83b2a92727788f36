// SPDX-License-Identifier: GPL-2.0
/*
 * TCP: a segment's messages are read, and what they change is written back.
 *
 * Lengths that change are left to the kernel's sequence adjustment, which keeps one
 * correction per direction; the stream (engine/stream.c) repeats edits when bytes
 * are sent again.
 */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_nat_helper.h>

#include "core.h"

/* A segment's place in its stream. */
struct segment {
	u32 seq;
	u32 off;
	u32 len;
};

static void segment_message(void *ctx, const struct ctalg_message *m, u32 off)
{
	ctalg_message(ctx, m, off);
}

/* What is said of one direction's bytes holds for the flow: nobody is left to talk to. */
static void segment_count(void *ctx, unsigned int reason)
{
	struct ctalg_message_ctx *mc = ctx;

	ctalg_count(mc->p->nh, mc->p->dir, reason);
	if (reason == CTALG_R_NOT_OURS || reason == CTALG_R_OPAQUE) {
		mc->f->stream[CTALG_DIR_ORIG].mode = CTALG_STREAM_DEAF;
		mc->f->stream[CTALG_DIR_REPLY].mode = CTALG_STREAM_DEAF;
	}
}

static const struct ctalg_stream_ops segment_ops = {
	.message = segment_message,
	.count = segment_count,
};

/* @e without its first @n edits grows the stream by this much. */
static s32 delta_from(const struct ctalg_edits *e, u16 n)
{
	s32 delta = 0;

	for (; n < e->n; n++)
		delta += (s32)e->edit[n].len - (s32)e->edit[n].at.len;
	return delta;
}

static bool segment_write(const struct ctalg_packet *p, const struct ctalg_edits *e)
{
	u16 i;

	for (i = e->n; i--;)
		if (!__nf_nat_mangle_tcp_packet(p->skb, p->ct, p->ctinfo, p->protoff,
						e->edit[i].at.off, e->edit[i].at.len,
						e->text + e->edit[i].text, e->edit[i].len, false))
			return false;
	return true;
}

/*
 * The first @replayed edits have been sent before: the kernel has them in its
 * correction already. On failure the segment is dropped; what was remembered is
 * written when it comes again.
 */
static int segment_finish(const struct ctalg_packet *p, struct ctalg_flow *f,
			  const struct segment *sg, const struct ctalg_edits *e, u16 replayed)
{
	if (!e->n)
		return NF_ACCEPT;
	if (replayed)
		ctalg_count(p->nh, p->dir, CTALG_R_EDIT_REPLAYED);
	if (e->n > replayed) {
		u32 first = e->edit[replayed].at.off;

		ctalg_stream_remember(&f->stream[p->dir], sg->seq, e, first);
		nf_ct_seqadj_set(p->ct, p->ctinfo, htonl(sg->seq + first), delta_from(e, replayed));
		f->edited = true;
	}
	if (segment_write(p, e))
		return NF_ACCEPT;
	ctalg_count(p->nh, p->dir, CTALG_R_NO_MEMORY);
	return NF_DROP;
}

static int segment_read(const struct ctalg_packet *p, struct ctalg_flow *f,
			const struct segment *sg)
{
	struct ctalg_stream *s = &f->stream[p->dir];
	const struct ctalg_proto *proto = p->live->h->proto;
	struct ctalg_edits edits;
	struct ctalg_message_ctx mc = { .p = p, .f = f, .edits = &edits };
	u16 replayed;

	ctalg_edits_init(&edits);
	if (!ctalg_stream_replay(s, sg->seq, sg->len, &edits)) {
		ctalg_count(p->nh, p->dir, CTALG_R_REPLAY_CUT);
		return NF_DROP;
	}
	replayed = edits.n;
	ctalg_stream_read(s, proto, f->state, p->dir, sg->seq, p->skb->data + sg->off, sg->len,
			  &segment_ops, &mc);
	return segment_finish(p, f, sg, &edits, replayed);
}

/* A SYN-ACK that comes again may not make read bytes unread. */
static bool segment_has_begun(const struct ctalg_flow *f)
{
	const struct ctalg_stream *s = f->stream;

	return s[0].next != s[0].start || s[1].next != s[1].start;
}

/* Both beginnings stand in the SYN-ACK, and the connection is in the kernel's table. */
static void segment_begin(const struct ctalg_packet *p, const struct tcphdr *th)
{
	struct ctalg_flow *f = ctalg_flow_find(p);

	if (f && segment_has_begun(f))
		return;
	/* Without room for the kernel's correction, or with somebody else's in it, nothing can change. */
	if (test_bit(IPS_SEQ_ADJUST_BIT, &p->ct->status) ||
	    ((p->ct->status & IPS_NAT_MASK) && !nfct_seqadj(p->ct))) {
		ctalg_count(p->nh, p->dir, CTALG_R_FLOW_BUSY);
		return;
	}
	if (!f)
		f = ctalg_flow_add(p);
	if (!f)
		return;
	spin_lock_bh(&f->lock);
	ctalg_stream_start(&f->stream[CTALG_DIR_ORIG], ntohl(th->ack_seq));
	ctalg_stream_start(&f->stream[CTALG_DIR_REPLY], ntohl(th->seq) + 1);
	spin_unlock_bh(&f->lock);
}

static int segment_payload(const struct ctalg_packet *p, const struct segment *sg)
{
	struct ctalg_flow *f = ctalg_flow_find(p);
	int verdict = NF_ACCEPT;

	if (!f) {
		ctalg_count(p->nh, p->dir, CTALG_R_MID_STREAM);
		return NF_ACCEPT;
	}
	spin_lock_bh(&f->lock);
	if (f->dead || ctalg_stream_passes(&f->stream[p->dir], sg->seq, sg->len))
		goto out;
	if (skb_linearize(p->skb)) {
		ctalg_count(p->nh, p->dir, CTALG_R_NO_MEMORY);
		verdict = NF_DROP;
		goto out;
	}
	verdict = segment_read(p, f, sg);
out:
	spin_unlock_bh(&f->lock);
	return verdict;
}

int ctalg_segment(const struct ctalg_packet *p)
{
	const struct tcphdr *th;
	struct tcphdr buf;
	struct segment sg;

	th = skb_header_pointer(p->skb, p->protoff, sizeof(buf), &buf);
	if (!th || th->doff * 4 < sizeof(*th))
		return NF_ACCEPT;
	/* A rule that sets the helper after NAT comes too late for the kernel to make room itself. */
	if (!nf_ct_is_confirmed(p->ct)) {
		if ((p->ct->status & IPS_NAT_MASK) && !nfct_seqadj(p->ct))
			nfct_seqadj_ext_add(p->ct);
		return NF_ACCEPT;
	}
	if (th->syn) {
		if (th->ack && p->dir == CTALG_DIR_REPLY)
			segment_begin(p, th);
		return NF_ACCEPT;
	}
	sg.seq = ntohl(th->seq);
	sg.off = p->protoff + th->doff * 4;
	sg.len = p->skb->len > sg.off ? p->skb->len - sg.off : 0;
	return sg.len ? segment_payload(p, &sg) : NF_ACCEPT;
}
