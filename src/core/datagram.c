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
				   .dir = p->dir };
	struct ctalg_edits edits;
	int verdict = NF_ACCEPT;

	ctalg_edits_init(&edits);
	mc->edits = &edits;
	spin_lock_bh(&mc->f->lock);
	if (!mc->f->dead)
		ctalg_message(mc, &m);
	if (mc->action != CTALG_ACTION_ALLOW) {
		verdict = NF_DROP;
	} else if (!datagram_edit(p, &edits)) {
		ctalg_note(p, mc->f, CTALG_R_NO_MEMORY, NULL);
		verdict = NF_DROP;
	}
	spin_unlock_bh(&mc->f->lock);
	return verdict;
}

static int datagram_in_flow(const struct ctalg_packet *p, struct ctalg_flow *f, u32 off)
{
	char answer[CTALG_ANSWER_MAX];
	struct ctalg_message_ctx mc = { .p = p, .f = f, .answer = answer };
	int verdict = datagram_read(&mc, off);

	/* On its way out it comes to this flow again. */
	if (mc.action == CTALG_ACTION_DENY) {
		local_bh_disable();
		ctalg_reply_send(p, answer, mc.answer_len);
		local_bh_enable();
	}
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
	return datagram_in_flow(p, f, off);
}
