// SPDX-License-Identifier: GPL-2.0
/* Packets that are made here and not changed: their route, their IP header, their way out. */
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "core.h"

/* @from: what the receiver sends, before NAT; its answer runs the other way. */
static struct dst_entry *emit_route(struct net *net, const struct nf_conntrack_tuple *from,
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
	fl.flowi_proto = from->dst.protonum;
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
static void emit_put_ip(struct sk_buff *skb, const struct nf_conntrack_tuple *from)
{
	skb_reset_network_header(skb);
	if (from->src.l3num == NFPROTO_IPV4) {
		struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

		iph->version = 4;
		iph->ihl = sizeof(*iph) / 4;
		iph->frag_off = htons(IP_DF);
		iph->ttl = ip4_dst_hoplimit(skb_dst(skb));
		iph->protocol = from->dst.protonum;
		iph->saddr = from->dst.u3.ip;
		iph->daddr = from->src.u3.ip;
		skb->protocol = htons(ETH_P_IP);
	} else {
		struct ipv6hdr *iph = skb_put_zero(skb, sizeof(*iph));

		ip6_flow_hdr(iph, 0, 0);
		iph->nexthdr = from->dst.protonum;
		iph->hop_limit = IPV6_DEFAULT_HOPLIMIT;
		iph->saddr = from->dst.u3.in6;
		iph->daddr = from->src.u3.in6;
		skb->protocol = htons(ETH_P_IPV6);
	}
}

/**
 * ctalg_emit_begin() - a packet of ours
 * @net: its namespace
 * @from: what its receiver sends, before NAT; the packet runs the other way
 * @mark: its firewall mark
 * @room: bytes that follow the IP header
 *
 * Return: the packet with its route and IP header, or NULL.
 */
struct sk_buff *ctalg_emit_begin(struct net *net, const struct nf_conntrack_tuple *from, u32 mark,
				 unsigned int room)
{
	struct dst_entry *dst = emit_route(net, from, mark);
	struct sk_buff *skb;

	if (!dst)
		return NULL;
	skb = alloc_skb(LL_MAX_HEADER + sizeof(struct ipv6hdr) + room, GFP_ATOMIC);
	if (!skb) {
		dst_release(dst);
		return NULL;
	}
	skb_reserve(skb, LL_MAX_HEADER);
	skb_dst_set(skb, dst);
	skb->mark = mark;
	emit_put_ip(skb, from);
	skb_set_transport_header(skb, skb->len);
	return skb;
}

/* @p: the transport header, its checksum zero, and what follows it. */
__sum16 ctalg_emit_checksum(const struct nf_conntrack_tuple *from, u8 l4, const void *p,
			    unsigned int len)
{
	__wsum sum = csum_partial(p, len, 0);

	if (from->src.l3num == NFPROTO_IPV4)
		return csum_tcpudp_magic(from->dst.u3.ip, from->src.u3.ip, len, l4, sum);
	return csum_ipv6_magic(&from->dst.u3.in6, &from->src.u3.in6, len, l4, sum);
}

/**
 * ctalg_emit_end() - the packet leaves
 * @net: its namespace
 * @skb: the packet, whole; consumed
 * @ct: its connection, or NULL: it is not to be tracked as the beginning of something
 * @dir: enum ctalg_dir in that
 *
 * Softirqs are off, under RCU; no lock of ours is held: the packet comes to the connection's
 * helper on its way.
 */
void ctalg_emit_end(struct net *net, struct sk_buff *skb, struct nf_conn *ct, u8 dir)
{
	struct dst_entry *dst = skb_dst(skb);

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
