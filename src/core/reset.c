// SPDX-License-Identifier: GPL-2.0
/*
 * Ends a connection from the middle: each end gets a RST as if the other had sent it
 * (RFC 9293, section 3.10.7.4).
 */
#include <net/tcp.h>

#include "core.h"

void ctalg_reset_prepare(struct ctalg_flow *f, struct ctalg_reset *r)
{
	unsigned int dir;

	f->closing = true;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		r->from[dir] = dir == CTALG_DIR_ORIG ? f->reply : f->tuple;
		r->mark[dir] = f->mark[dir];
		r->una[dir] = f->stream[dir].r_una;
		r->next[dir] = f->stream[dir].r_fwd;
	}
}

static void reset_put_tcp(struct sk_buff *skb, const struct nf_conntrack_tuple *from, u32 seq)
{
	struct tcphdr *th = skb_put_zero(skb, sizeof(*th));

	th->source = from->dst.u.tcp.port;
	th->dest = from->src.u.tcp.port;
	th->seq = htonl(seq);
	th->doff = sizeof(*th) / 4;
	th->rst = 1;
	th->check = ctalg_emit_checksum(from, IPPROTO_TCP, th, sizeof(*th));
}

/* To the receiver of @dir, with the number that it waits for. */
static void reset_one(struct net *net, struct nf_conn *ct, const struct ctalg_reset *r, u8 dir,
		      u32 seq)
{
	struct sk_buff *skb;

	skb = ctalg_emit_begin(net, &r->from[dir], r->mark[dir], sizeof(struct tcphdr));
	if (!skb)
		return;
	reset_put_tcp(skb, &r->from[dir], seq);
	ctalg_emit_end(net, skb, ct, dir);
}

/*
 * Both numbers that an end may be waiting for are sent: another one would be asked about,
 * not obeyed (RFC 5961, section 3.2). @ct is NULL if the kernel does not know the
 * connection any more.
 *
 * Softirqs are off, under RCU; the flow's lock is free, and the flow is closing, so that
 * these packets pass as they are and no other one does.
 */
void ctalg_reset_send(struct ctalg_net *cn, struct nf_conn *ct, const struct ctalg_reset *r)
{
	unsigned int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		reset_one(cn->net, ct, r, dir, r->next[dir]);
		if (r->una[dir] != r->next[dir])
			reset_one(cn->net, ct, r, dir, r->una[dir]);
	}
	if (ct)
		ctalg_reset_close(ct);
}

/* What the kernel's tracking would find out itself if it knew our numbers. */
void ctalg_reset_close(struct nf_conn *ct)
{
	spin_lock_bh(&ct->lock);
	ct->proto.tcp.state = TCP_CONNTRACK_CLOSE;
	spin_unlock_bh(&ct->lock);
	ctalg_compat_refresh(ct, CTALG_RESET_SECONDS * HZ);
}
