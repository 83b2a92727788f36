// SPDX-License-Identifier: GPL-2.0
/* UDP: one datagram is one message. */
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/netfilter/nf_nat_helper.h>

#include "core.h"

static bool datagram_edit(const struct ctalg_packet *p, const struct ctalg_edits *e)
{
	u16 i;

	for (i = e->n; i--;)
		if (!nf_nat_mangle_udp_packet(p->skb, p->ct, p->ctinfo, p->protoff,
					      e->edit[i].at.off, e->edit[i].at.len,
					      e->text + e->edit[i].text, e->edit[i].len))
			return false;
	return true;
}

static int datagram_read(const struct ctalg_packet *p, struct ctalg_flow *f, u32 off, u32 len)
{
	struct ctalg_edits edits;
	struct ctalg_message_ctx mc = { .p = p, .f = f, .edits = &edits };
	struct ctalg_message m = { .data = p->skb->data + off, .len = len, .dir = p->dir };

	ctalg_edits_init(&edits);
	if (!f->dead)
		ctalg_message(&mc, &m);
	if (datagram_edit(p, &edits))
		return NF_ACCEPT;
	ctalg_note(p, f, CTALG_R_NO_MEMORY, NULL);
	return NF_DROP;
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
		return NF_ACCEPT;
	}
	f = ctalg_flow_find(p);
	if (!f && ctalg_may_begin(p))
		f = ctalg_flow_add(p);
	if (!f)
		return NF_ACCEPT;
	if (skb_linearize(p->skb)) {
		ctalg_note(p, NULL, CTALG_R_NO_MEMORY, NULL);
		return NF_DROP;
	}
	spin_lock_bh(&f->lock);
	verdict = datagram_read(p, f, off, p->skb->len - off);
	spin_unlock_bh(&f->lock);
	return verdict;
}
