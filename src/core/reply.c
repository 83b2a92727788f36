// SPDX-License-Identifier: GPL-2.0
/* A datagram goes back to its sender, as if the host that it was meant for had answered. */
#include <linux/udp.h>

#include "core.h"

/**
 * ctalg_reply_send() - answer a datagram
 * @p: the datagram
 * @data: what to say
 * @len: how many bytes
 *
 * Softirqs are off, under RCU; no lock of ours is held.
 */
void ctalg_reply_send(const struct ctalg_packet *p, const void *data, unsigned int len)
{
	const struct nf_conntrack_tuple *from = &p->ct->tuplehash[p->dir].tuple;
	unsigned int size = sizeof(struct udphdr) + len;
	struct net *net = p->cn->net;
	struct udphdr *uh;
	struct sk_buff *skb;

	skb = ctalg_emit_begin(net, from, 0, size);
	if (!skb)
		return;
	uh = skb_put_zero(skb, sizeof(*uh));
	skb_put_data(skb, data, len);
	uh->source = from->dst.u.udp.port;
	uh->dest = from->src.u.udp.port;
	uh->len = htons(size);
	uh->check = ctalg_emit_checksum(from, IPPROTO_UDP, uh, size);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	ctalg_emit_end(net, skb, p->ct, !p->dir);
}
