// SPDX-License-Identifier: GPL-2.0
/*
 * Ends a connection from the middle: each end gets a RST as if the other had sent it
 * (RFC 9293, section 3.10.7.4). The only packets that are made here and not changed.
 */
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/route.h>
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

/* @from: what the receiver sends, before NAT; its answer runs the other way. */
static struct dst_entry *reset_route(struct net *net, const struct nf_conntrack_tuple *from,
				     u32 mark)
{
	struct dst_entry *dst;
	struct flowi fl = {};

	if (from->src.l3num == NFPROTO_IPV4) {
		fl.u.ip4.saddr = from->dst.u3.ip;
		fl.u.ip4.daddr = from->src.u3.ip;
		fl.u.ip4.fl4_sport = from->dst.u.tcp.port;
		fl.u.ip4.fl4_dport = from->src.u.tcp.port;
		fl.u.ip4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	} else {
		fl.u.ip6.saddr = from->dst.u3.in6;
		fl.u.ip6.daddr = from->src.u3.in6;
		fl.u.ip6.fl6_sport = from->dst.u.tcp.port;
		fl.u.ip6.fl6_dport = from->src.u.tcp.port;
	}
	fl.flowi_proto = IPPROTO_TCP;
	fl.flowi_mark = mark;
	if (nf_route(net, &dst, &fl, false, from->src.l3num))
		return NULL;
	if (dst->error) {
		dst_release(dst);
		return NULL;
	}
	return dst;
}

/* The IP header; the stack puts in the length, and IPv4's checksum. */
static void reset_put_ip(struct sk_buff *skb, const struct nf_conntrack_tuple *from)
{
	skb_reset_network_header(skb);
	if (from->src.l3num == NFPROTO_IPV4) {
		struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

		iph->version = 4;
		iph->ihl = sizeof(*iph) / 4;
		iph->frag_off = htons(IP_DF);
		iph->ttl = ip4_dst_hoplimit(skb_dst(skb));
		iph->protocol = IPPROTO_TCP;
		iph->saddr = from->dst.u3.ip;
		iph->daddr = from->src.u3.ip;
		skb->protocol = htons(ETH_P_IP);
	} else {
		struct ipv6hdr *iph = skb_put_zero(skb, sizeof(*iph));

		ip6_flow_hdr(iph, 0, 0);
		iph->nexthdr = IPPROTO_TCP;
		iph->hop_limit = IPV6_DEFAULT_HOPLIMIT;
		iph->saddr = from->dst.u3.in6;
		iph->daddr = from->src.u3.in6;
		skb->protocol = htons(ETH_P_IPV6);
	}
}

static void reset_put_tcp(struct sk_buff *skb, const struct nf_conntrack_tuple *from, u32 seq)
{
	struct tcphdr *th = skb_put_zero(skb, sizeof(*th));
	__wsum sum;

	skb_reset_transport_header(skb);
	skb_set_transport_header(skb, (u8 *)th - skb->data);
	th->source = from->dst.u.tcp.port;
	th->dest = from->src.u.tcp.port;
	th->seq = htonl(seq);
	th->doff = sizeof(*th) / 4;
	th->rst = 1;
	sum = csum_partial(th, sizeof(*th), 0);
	if (from->src.l3num == NFPROTO_IPV4)
		th->check = tcp_v4_check(sizeof(*th), from->dst.u3.ip, from->src.u3.ip, sum);
	else
		th->check = tcp_v6_check(sizeof(*th), &from->dst.u3.in6, &from->src.u3.in6, sum);
}

/* To the receiver of @dir, with the number that it waits for. */
static void reset_one(struct net *net, struct nf_conn *ct, const struct ctalg_reset *r, u8 dir,
		      u32 seq)
{
	struct dst_entry *dst = reset_route(net, &r->from[dir], r->mark[dir]);
	struct sk_buff *skb;

	if (!dst)
		return;
	skb = alloc_skb(LL_MAX_HEADER + sizeof(struct ipv6hdr) + sizeof(struct tcphdr), GFP_ATOMIC);
	if (!skb) {
		dst_release(dst);
		return;
	}
	skb_reserve(skb, LL_MAX_HEADER);
	skb_dst_set(skb, dst);
	skb->mark = r->mark[dir];
	reset_put_ip(skb, &r->from[dir]);
	reset_put_tcp(skb, &r->from[dir], seq);
	/* It is not to be looked up and tracked as the beginning of something. */
	if (ct) {
		nf_conntrack_get(&ct->ct_general);
		nf_ct_set(skb, ct,
			  dir == CTALG_DIR_ORIG ? IP_CT_ESTABLISHED : IP_CT_ESTABLISHED_REPLY);
	} else {
		nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	}
	if (dst->ops->local_out(net, NULL, skb) == 1)
		dst_output(net, NULL, skb);
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
