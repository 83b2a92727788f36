// SPDX-License-Identifier: GPL-2.0
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include "core.h"
#include "wire.h"

enum {
	/* A larger payload is put into pages. */
	WIRE_LINEAR = 2048,
};

static struct tcphdr *wire_th(const struct ctalg_wire *w)
{
	return (struct tcphdr *)(w->skb->data + w->thoff);
}

/* The whole payload in one page fragment, the header before it in the linear part. */
static const u8 *wire_fragment(const struct ctalg_wire *w)
{
	const struct sk_buff *skb = w->skb;
	const skb_frag_t *frag = &skb_shinfo(skb)->frags[0];

	if (skb_shinfo(skb)->nr_frags != 1 || skb_has_frag_list(skb) ||
	    skb_headlen(skb) != w->off || skb_frag_size(frag) < w->len)
		return NULL;
	return skb_frag_address_safe(frag);
}

const u8 *ctalg_wire_bytes(const struct ctalg_wire *w)
{
	const u8 *bytes;

	if (skb_headlen(w->skb) >= w->off + w->len)
		return w->skb->data + w->off;
	bytes = wire_fragment(w);
	if (bytes)
		return bytes;
	return skb_linearize(w->skb) ? NULL : w->skb->data + w->off;
}

bool ctalg_wire_numbers(const struct ctalg_wire *w, u32 seq, u32 ack, u16 window)
{
	struct tcphdr *th;

	if (skb_ensure_writable(w->skb, w->thoff + sizeof(*th)))
		return false;
	th = wire_th(w);
	if (th->seq != htonl(seq)) {
		inet_proto_csum_replace4(&th->check, w->skb, th->seq, htonl(seq), false);
		th->seq = htonl(seq);
	}
	if (th->ack && th->ack_seq != htonl(ack)) {
		inet_proto_csum_replace4(&th->check, w->skb, th->ack_seq, htonl(ack), false);
		th->ack_seq = htonl(ack);
	}
	if (th->window != htons(window)) {
		inet_proto_csum_replace2(&th->check, w->skb, th->window, htons(window), false);
		th->window = htons(window);
	}
	return true;
}

static void wire_lengths(const struct ctalg_wire *w)
{
	struct sk_buff *skb = w->skb;

	if (nf_ct_l3num(w->ct) == NFPROTO_IPV4) {
		ip_hdr(skb)->tot_len = htons(skb->len - skb_network_offset(skb));
		ip_send_check(ip_hdr(skb));
	} else {
		ipv6_hdr(skb)->payload_len =
			htons(skb->len - skb_network_offset(skb) - sizeof(struct ipv6hdr));
	}
}

/* Left to the device, or to the stack where the device can't. */
static void wire_checksum(const struct ctalg_wire *w)
{
	struct sk_buff *skb = w->skb;
	struct tcphdr *th = wire_th(w);
	unsigned int len = skb->len - w->thoff;

	if (nf_ct_l3num(w->ct) == NFPROTO_IPV4)
		th->check = ~tcp_v4_check(len, ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, 0);
	else
		th->check = ~tcp_v6_check(len, &ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + w->thoff;
	skb->csum_offset = offsetof(struct tcphdr, check);
}

static void wire_segmentation(const struct ctalg_wire *w)
{
	struct sk_buff *skb = w->skb;

	skb_gso_reset(skb);
	if (!w->mss || w->len <= w->mss)
		return;
	skb_shinfo(skb)->gso_size = w->mss;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(w->len, w->mss);
	skb_shinfo(skb)->gso_type = nf_ct_l3num(w->ct) == NFPROTO_IPV4 ? SKB_GSO_TCPV4
								       : SKB_GSO_TCPV6;
	if (wire_th(w)->cwr)
		skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
}

/* In single pages: large pieces of memory are hard to get in softirq. */
static bool wire_put_pages(struct sk_buff *skb, const u8 *data, u32 len)
{
	BUILD_BUG_ON(CTALG_SEGMENT_MAX + CTALG_SEGMENT_SPARE > MAX_SKB_FRAGS * PAGE_SIZE);
	while (len) {
		struct page *page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);
		u32 n = min_t(u32, len, PAGE_SIZE);

		if (!page)
			return false;
		memcpy(page_address(page), data, n);
		skb_fill_page_desc(skb, skb_shinfo(skb)->nr_frags, page, 0, n);
		skb->len += n;
		skb->data_len += n;
		skb->truesize += PAGE_SIZE;
		data += n;
		len -= n;
	}
	return true;
}

static bool wire_put(struct sk_buff *skb, const u8 *data, u32 len)
{
	bool paged = len > WIRE_LINEAR;
	int missing = paged ? 0 : (int)len - skb_tailroom(skb);

	if ((missing > 0 || skb_cloned(skb)) &&
	    pskb_expand_head(skb, 0, max(missing, 0), GFP_ATOMIC))
		return false;
	if (paged)
		return wire_put_pages(skb, data, len);
	skb_put_data(skb, data, len);
	return true;
}

bool ctalg_wire_replace(struct ctalg_wire *w, const u8 *data, u32 len, bool fin)
{
	struct sk_buff *skb = w->skb;
	struct tcphdr *th;

	if (w->off - skb_network_offset(skb) + len > IP_MAX_MTU)
		return false;
	/* A socket gets back what it was charged, now: what comes may be larger. */
	if (skb->sk && skb->destructor != sock_edemux)
		skb_orphan(skb);
	if (skb_ensure_writable(skb, w->off) || pskb_trim(skb, w->off) || !wire_put(skb, data, len))
		return false;
	w->len = len;
	skb_set_transport_header(skb, w->thoff);
	th = wire_th(w);
	th->fin = fin;
	th->psh = 1;
	th->urg = 0;
	th->urg_ptr = 0;
	wire_lengths(w);
	wire_checksum(w);
	wire_segmentation(w);
	return true;
}

unsigned int ctalg_wire_option(const struct ctalg_wire *w, u8 kind, u8 *len)
{
	unsigned int at = w->thoff + sizeof(struct tcphdr);
	u8 buf[2];

	while (at + 2 <= w->off) {
		const u8 *o = skb_header_pointer(w->skb, at, sizeof(buf), buf);

		if (!o || o[0] == TCPOPT_EOL)
			return 0;
		if (o[0] == TCPOPT_NOP) {
			at++;
			continue;
		}
		if (o[1] < 2 || at + o[1] > w->off)
			return 0;
		if (o[0] == kind) {
			*len = o[1];
			return at;
		}
		at += o[1];
	}
	return 0;
}

/* Writes over header bytes, and accounts for them in the checksum. */
static void wire_overwrite(const struct ctalg_wire *w, unsigned int at, const u8 *new,
			   unsigned int len)
{
	struct sk_buff *skb = w->skb;
	struct tcphdr *th = wire_th(w);
	__wsum before = csum_partial(th, w->off - w->thoff, 0);

	memcpy(skb->data + at, new, len);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	th->check = csum_fold(csum_add(csum_sub(~csum_unfold(th->check), before),
				       csum_partial(th, w->off - w->thoff, 0)));
	/* The device's sum is of the packet as it came. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
}

bool ctalg_wire_urgent(const struct ctalg_wire *w, u16 ahead)
{
	struct tcphdr th;

	if (skb_ensure_writable(w->skb, w->off))
		return false;
	th = *wire_th(w);
	if (th.urg == !!ahead && th.urg_ptr == htons(ahead))
		return true;
	th.urg = !!ahead;
	th.urg_ptr = htons(ahead);
	wire_overwrite(w, w->thoff, (const u8 *)&th, sizeof(th));
	return true;
}

bool ctalg_wire_sack(const struct ctalg_wire *w, const struct ctalg_stream *s)
{
	u8 new[MAX_TCP_OPTION_SPACE], len, used = 2, at;
	unsigned int opt = ctalg_wire_option(w, TCPOPT_SACK, &len);

	if (!opt || len > sizeof(new))
		return true;
	if (skb_ensure_writable(w->skb, w->off))
		return false;
	memset(new, TCPOPT_NOP, sizeof(new));
	for (at = 2; at + TCPOLEN_SACK_PERBLOCK <= len; at += TCPOLEN_SACK_PERBLOCK) {
		u32 left = get_unaligned_be32(w->skb->data + opt + at);
		u32 right = get_unaligned_be32(w->skb->data + opt + at + 4);

		if (!ctalg_stream_sack(s, &left, &right))
			continue;
		put_unaligned_be32(left, new + used);
		put_unaligned_be32(right, new + used + 4);
		used += TCPOLEN_SACK_PERBLOCK;
	}
	if (used > 2) {
		new[0] = TCPOPT_SACK;
		new[1] = used;
	}
	wire_overwrite(w, opt, new, len);
	return true;
}

void ctalg_wire_blank(const struct ctalg_wire *w, u8 kind)
{
	u8 nops[MAX_TCP_OPTION_SPACE], len;
	unsigned int opt;

	memset(nops, TCPOPT_NOP, sizeof(nops));
	opt = ctalg_wire_option(w, kind, &len);
	if (opt && len <= sizeof(nops) && !skb_ensure_writable(w->skb, w->off))
		wire_overwrite(w, opt, nops, len);
}

void ctalg_wire_timestamp(const struct ctalg_wire *w, u32 tsval)
{
	__be32 be = htonl(tsval);
	unsigned int opt;
	u8 len;

	opt = ctalg_wire_option(w, TCPOPT_TIMESTAMP, &len);
	if (opt && len == TCPOLEN_TIMESTAMP && !skb_ensure_writable(w->skb, w->off))
		wire_overwrite(w, opt + 2, (const u8 *)&be, sizeof(be));
}

bool ctalg_wire_tsval(const struct ctalg_wire *w, u32 *tsval)
{
	unsigned int opt;
	u8 len, buf[4];
	const u8 *p;

	opt = ctalg_wire_option(w, TCPOPT_TIMESTAMP, &len);
	if (!opt || len != TCPOLEN_TIMESTAMP)
		return false;
	p = skb_header_pointer(w->skb, opt + 2, sizeof(buf), buf);
	if (!p)
		return false;
	*tsval = get_unaligned_be32(p);
	return true;
}
