// SPDX-License-Identifier: GPL-2.0
/* UDP: one datagram is one message. */
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/netfilter/nf_nat_helper.h>

#include "core.h"

/*
 * It has become longer: its sender, who found out how long it may be, is not told that it is too
 * long now, but it goes on in fragments. Those of one datagram are known by its number, which
 * one that may not be fragmented need not have.
 */
static void datagram_may_fragment(const struct ctalg_packet *p)
{
	struct sk_buff *skb = p->skb;
	struct iphdr *iph = ip_hdr(skb);

	skb->ignore_df = 1;
	if (nf_ct_l3num(p->ct) != NFPROTO_IPV4 || !(iph->frag_off & htons(IP_DF)))
		return;
	iph->frag_off &= ~htons(IP_DF);
	if (!iph->id)
		__ip_select_ident(p->cn->net, iph, 1);
	ip_send_check(iph);
}

/* What differs is replaced at once; behind @m nothing may stand in the packet. */
static bool datagram_rewrite(const struct ctalg_packet *p, const struct ctalg_message *m, u32 off,
			     struct ctalg_scratch *s)
{
	const struct ctalg_edit *first = s->edits.edit, *last = &first[s->edits.n - 1];
	u32 from = first->at.off, behind = m->len - last->at.off - last->at.len;
	u32 old = m->len, len;

	len = ctalg_edits_apply(&s->edits, m->data, m->len, s->datagram, sizeof(s->datagram));
	if (len < from + behind || pskb_trim_rcsum(p->skb, off + old))
		return false;
	if (!nf_nat_mangle_udp_packet(p->skb, p->ct, p->ctinfo, p->protoff, from,
				      old - from - behind, s->datagram + from, len - from - behind))
		return false;
	if (len > old)
		datagram_may_fragment(p);
	return true;
}

/* Returns whether it may go on. */
static bool datagram_edit(const struct ctalg_message_ctx *mc, const struct ctalg_message *m,
			  u32 off)
{
	const struct ctalg_edits *e = mc->edits;
	s64 len = (s64)off + m->len + ctalg_edits_delta(e);

	if (!e->n)
		return true;
	if (len > IP_MAX_MTU) {
		ctalg_note(mc->p, mc->f, CTALG_R_TOO_LONG, NULL);
		return !mc->must;
	}
	if (datagram_rewrite(mc->p, m, off, mc->scratch))
		return true;
	ctalg_note(mc->p, mc->f, CTALG_R_NO_MEMORY, NULL);
	return false;
}

/* Behind the datagram there may be more in the packet. */
static u32 datagram_len(const struct sk_buff *skb, u32 off)
{
	const struct udphdr *uh = (const void *)(skb->data + off - sizeof(*uh));
	u32 len = ntohs(uh->len);

	len -= min_t(u32, len, sizeof(*uh));
	return min(len, skb->len - off);
}

/* What the datagram says is dealt with under the flow's lock. */
static int datagram_read(struct ctalg_message_ctx *mc, u32 off)
{
	const struct ctalg_packet *p = mc->p;
	struct ctalg_message m = { .data = p->skb->data + off,
				   .len = datagram_len(p->skb, off),
				   .dir = p->dir,
				   .l4 = CTALG_L4_UDP };
	int verdict;

	ctalg_edits_init(mc->edits);
	mc->edits->most = IP_MAX_MTU - (s32)(off + m.len);
	spin_lock_bh(&mc->f->lock);
	if (!mc->f->dead)
		ctalg_message(mc, &m);
	verdict = mc->action == CTALG_ACTION_ALLOW && datagram_edit(mc, &m, off) ? NF_ACCEPT
										 : NF_DROP;
	ctalg_scratch_done(mc->scratch);
	spin_unlock_bh(&mc->f->lock);
	return verdict;
}

/* Softirqs are off. */
static int datagram_in_flow(const struct ctalg_packet *p, struct ctalg_flow *f, u32 off)
{
	struct ctalg_scratch *s = ctalg_scratch();
	struct ctalg_message_ctx mc = {
		.p = p,
		.f = f,
		.scratch = s,
		.edits = &s->edits,
		.answer = s->answer,
	};
	int verdict = datagram_read(&mc, off);

	/* On its way out it comes to this flow again. */
	if (mc.action == CTALG_ACTION_DENY)
		ctalg_reply_send(p, mc.answer, mc.answer_len);
	/* There will be no connection that it could belong to. */
	if (mc.action != CTALG_ACTION_ALLOW && !nf_ct_is_confirmed(p->ct))
		ctalg_flow_end(p->cn, f);
	return verdict;
}

/* What can't be read goes its way, unless there is something in it to be refused. */
static int datagram_unread(const struct ctalg_packet *p)
{
	return ctalg_may_begin(p) && ctalg_policy_must_read(p, NULL) ? NF_DROP : NF_ACCEPT;
}

int ctalg_datagram(const struct ctalg_packet *p)
{
	u32 off = p->protoff + sizeof(struct udphdr);
	struct ctalg_flow *f;
	int verdict;

	if (p->skb->len <= off || !ctalg_is_on(p))
		return NF_ACCEPT;
	/* Several datagrams in one buffer are several messages; they pass unread. */
	if (skb_is_gso(p->skb)) {
		ctalg_note(p, NULL, CTALG_R_PARTIAL, NULL);
		return datagram_unread(p);
	}
	f = ctalg_flow_find(p);
	if (!f && ctalg_may_begin(p))
		f = ctalg_flow_add(p);
	if (!f)
		return datagram_unread(p);
	if (skb_linearize(p->skb)) {
		ctalg_note(p, NULL, CTALG_R_NO_MEMORY, NULL);
		return NF_DROP;
	}
	local_bh_disable();
	verdict = datagram_in_flow(p, f, off);
	local_bh_enable();
	return verdict;
}
