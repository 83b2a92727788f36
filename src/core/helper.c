// SPDX-License-Identifier: GPL-2.0
/* Registration: one descriptor becomes a kernel helper for each IP version and transport. */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "core.h"

DEFINE_MUTEX(ctalg_mutex);
LIST_HEAD(ctalg_lives);
LIST_HEAD(ctalg_nets);

static const u16 families[2] = { NFPROTO_IPV4, NFPROTO_IPV6 };

/*
 * An ICMP error about the flow's own packets comes with the same ctinfo as the
 * first packet of an expected flow; only its protocol tells them apart.
 */
static bool packet_is_l4(const struct sk_buff *skb, const struct nf_conn *ct)
{
	__be16 frag_off;
	u8 proto;

	if (nf_ct_l3num(ct) == NFPROTO_IPV4)
		return ip_hdr(skb)->protocol == nf_ct_protonum(ct);
	proto = ipv6_hdr(skb)->nexthdr;
	return ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr), &proto,
				&frag_off) >= 0 &&
	       proto == nf_ct_protonum(ct);
}

int ctalg_helper_packet(const struct ctalg_helper *h, struct sk_buff *skb, unsigned int protoff,
			struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct ctalg_news_list news;
	struct ctalg_packet p = {
		.cn = ctalg_net(nf_ct_net(ct)),
		.live = h->live,
		.skb = skb,
		.ct = ct,
		.ctinfo = ctinfo,
		.protoff = protoff,
		.dir = CTINFO2DIR(ctinfo) == IP_CT_DIR_ORIGINAL ? CTALG_DIR_ORIG : CTALG_DIR_REPLY,
		.news = &news,
	};
	int verdict;

	/* Over loopback every packet comes by twice: it was served on its way out. */
	if (nf_is_loopback_packet(skb))
		return NF_ACCEPT;
	if (ctinfo == IP_CT_RELATED && !packet_is_l4(skb, ct))
		return NF_ACCEPT;
	p.nh = rcu_dereference(p.cn->helper[p.live->slot]);
	if (!p.nh)
		return NF_ACCEPT;
	if (!ctalg_policy_find(&p))
		return NF_DROP;
	news.n = 0;
	verdict = nf_ct_protonum(ct) == IPPROTO_TCP ? ctalg_segment(&p) : ctalg_datagram(&p);
	ctalg_talk_spread(p.cn, &news);
	return verdict;
}
EXPORT_SYMBOL_GPL(ctalg_helper_packet);

static bool transports_ok(const struct ctalg_proto *p)
{
	return (p->l4 == CTALG_L4_UDP || p->l4 == CTALG_L4_TCP) && p->l4_too != p->l4 &&
	       (!p->l4_too || p->l4_too == CTALG_L4_UDP || p->l4_too == CTALG_L4_TCP) &&
	       (p->frame || !ctalg_proto_goes_over(p, CTALG_L4_TCP));
}

static bool descriptor_ok(const struct ctalg_helper *h)
{
	const struct ctalg_proto *p = h->proto;

	return p && p->name && strlen(p->name) < NF_CT_HELPER_NAME_LEN && p->session && p->parse &&
	       h->entry && h->lifetime && p->state_size <= CTALG_PROTO_STATE &&
	       p->n_reasons <= CTALG_R_MAX - CTALG_R_PRIVATE && transports_ok(p);
}

/* Who has the name, or else the port? RCU is held while the answer is used. */
static const struct nf_conntrack_helper *name_holder(const struct nf_conntrack_helper *me)
{
	const struct nf_conntrack_helper *cur;
	unsigned int i;

	cur = __nf_conntrack_helper_find(me->name, me->tuple.src.l3num, me->tuple.dst.protonum);
	if (cur)
		return cur;
	for (i = 0; i < nf_ct_helper_hsize; i++)
		hlist_for_each_entry_rcu(cur, &nf_ct_helper_hash[i], hnode)
			if (cur->tuple.src.u.all == me->tuple.src.u.all &&
			    cur->tuple.src.l3num == me->tuple.src.l3num &&
			    cur->tuple.dst.protonum == me->tuple.dst.protonum)
				return cur;
	return NULL;
}

/* The kernel's own helpers come in twos, and the NAT half keeps the other from going. */
static void explain_module(const struct nf_conntrack_helper *me, const char *l4,
			   const struct nf_conntrack_helper *other)
{
	static const char mainline[] = "nf_conntrack_";
	const char *name = module_name(other->me);
	bool twin = !strncmp(name, mainline, sizeof(mainline) - 1);

	pr_err("helper \"%s\" (%s port %u) can't be registered: module %s holds it as \"%s\"; remove the rules that use it, run \"modprobe -r %s%s%s%s\" and load this module again\n",
	       me->name, l4, ntohs(me->tuple.src.u.all), name, other->name, twin ? "nf_nat_" : "",
	       twin ? name + sizeof(mainline) - 1 : "", twin ? " " : "", name);
}

static void explain_busy(const struct nf_conntrack_helper *me)
{
	const char *l4 = me->tuple.dst.protonum == IPPROTO_TCP ? "tcp" : "udp";
	const struct nf_conntrack_helper *other;

	rcu_read_lock();
	other = name_holder(me);
	if (other && other->me)
		explain_module(me, l4, other);
	else
		pr_err("helper \"%s\" (%s port %u) can't be registered: the kernel itself or a userspace helper holds it as \"%s\"; remove that one and load this module again\n",
		       me->name, l4, ntohs(me->tuple.src.u.all), other ? other->name : me->name);
	rcu_read_unlock();
}

static void unregister_forms(struct ctalg_live *live)
{
	while (live->n_forms)
		ctalg_compat_helper_unregister(live->kernel[--live->n_forms]);
}

static int register_form(struct ctalg_live *live, u16 family, u8 l4)
{
	const struct ctalg_proto *p = live->h->proto;
	unsigned int n = live->n_forms;
	int err;

	nf_ct_helper_init(&live->tmpl[n], family, l4, p->name, p->port, p->port, 0, &live->policy,
			  0, live->h->entry, NULL, live->h->owner);
	err = ctalg_compat_helper_register(&live->tmpl[n], &live->kernel[n]);
	if (err == -EBUSY)
		explain_busy(&live->tmpl[n]);
	if (err)
		return err;
	ctalg_compat_helper_expects_any(live->kernel[n]);
	live->n_forms++;
	return 0;
}

/* Those that it has got are the caller's to take back if there is an error. */
static int register_forms(struct ctalg_live *live)
{
	const struct ctalg_proto *p = live->h->proto;
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(families) && !err; i++) {
		err = register_form(live, families[i], p->l4);
		if (!err && p->l4_too)
			err = register_form(live, families[i], p->l4_too);
	}
	return err;
}

/* The kernel's own object for flows like this one, or NULL. */
struct nf_conntrack_helper *ctalg_live_form(const struct ctalg_live *live, u16 family, u8 l4)
{
	unsigned int i;

	for (i = 0; i < live->n_forms; i++)
		if (live->tmpl[i].tuple.src.l3num == family &&
		    live->tmpl[i].tuple.dst.protonum == l4)
			return live->kernel[i];
	return NULL;
}

static int take_slot(struct ctalg_live *live)
{
	unsigned long used = 0;
	struct ctalg_live *other;

	list_for_each_entry(other, &ctalg_lives, node)
		__set_bit(other->slot, &used);
	live->slot = find_first_zero_bit(&used, CTALG_HELPERS);
	return live->slot < CTALG_HELPERS ? 0 : -ENOSPC;
}

static void leave_nets(struct ctalg_live *live)
{
	struct ctalg_net_helper *nh;
	struct ctalg_net *cn;

	list_for_each_entry(cn, &ctalg_nets, node) {
		ctalg_flows_end(cn, live);
		nh = rcu_dereference_protected(cn->helper[live->slot],
					       lockdep_is_held(&ctalg_mutex));
		RCU_INIT_POINTER(cn->helper[live->slot], NULL);
		ctalg_policy_leave(cn, live);
		if (!nh)
			continue;
		synchronize_rcu();
		ctalg_net_helper_free(nh);
	}
}

/* Its rules first: no packet is to be read without them. */
static int enter_net(struct ctalg_net *cn, struct ctalg_live *live)
{
	struct ctalg_net_helper *nh;

	ctalg_policy_enter(cn, live);
	nh = ctalg_net_helper_alloc(live);
	if (!nh)
		return -ENOMEM;
	rcu_assign_pointer(cn->helper[live->slot], nh);
	return 0;
}

static int enter_nets(struct ctalg_live *live)
{
	struct ctalg_net *cn;
	int err;

	list_for_each_entry(cn, &ctalg_nets, node) {
		err = enter_net(cn, live);
		if (!err)
			continue;
		leave_nets(live);
		return err;
	}
	return 0;
}

static struct ctalg_live *live_alloc(const struct ctalg_helper *h)
{
	struct ctalg_live *live = kzalloc(sizeof(*live), GFP_KERNEL);

	if (!live)
		return NULL;
	live->h = h;
	strscpy(live->policy.name, h->proto->name, sizeof(live->policy.name));
	live->policy.max_expected = CTALG_COMPAT_EXPECTS_ANY;
	live->policy.timeout = h->lifetime;
	snprintf(live->nat.mod_name, sizeof(live->nat.mod_name), NF_NAT_HELPER_PREFIX "%s",
		 h->proto->name);
	live->nat.module = h->owner;
	return live;
}

/* Into all namespaces, and the list. Those that come later find it there. */
static int live_enter(struct ctalg_live *live)
{
	int err;

	mutex_lock(&ctalg_mutex);
	err = take_slot(live);
	if (!err)
		err = enter_nets(live);
	if (!err)
		list_add_tail(&live->node, &ctalg_lives);
	mutex_unlock(&ctalg_mutex);
	return err;
}

/*
 * The kernel may wait for namespaces that are ending, and those wait for ctalg_mutex: it is not
 * held then.
 */
static void live_retire(struct ctalg_live *live)
{
	WRITE_ONCE(live->closing, true);
	synchronize_rcu();
	mutex_lock(&ctalg_mutex);
	ctalg_helper_leave(live, NULL);
	mutex_unlock(&ctalg_mutex);
	unregister_forms(live);
	mutex_lock(&ctalg_mutex);
	list_del(&live->node);
	leave_nets(live);
	mutex_unlock(&ctalg_mutex);
	synchronize_rcu();
}

int ctalg_helper_register(struct ctalg_helper *h)
{
	struct ctalg_live *live;
	int err;

	if (!descriptor_ok(h))
		return -EINVAL;
	err = h->proto->lists ? ctalg_scratch_prepare() : 0;
	if (err)
		return err;
	live = live_alloc(h);
	if (!live)
		return -ENOMEM;
	err = live_enter(live);
	if (err)
		goto err_free;
	h->live = live;
	err = register_forms(live);
	if (err)
		goto err_retire;
	nf_nat_helper_register(&live->nat);
	return 0;

err_retire:
	live_retire(live);
	h->live = NULL;
err_free:
	kfree(live);
	return err;
}
EXPORT_SYMBOL_GPL(ctalg_helper_register);

void ctalg_helper_unregister(struct ctalg_helper *h)
{
	struct ctalg_live *live = h->live;

	nf_nat_helper_unregister(&live->nat);
	live_retire(live);
	h->live = NULL;
	kfree(live);
}
EXPORT_SYMBOL_GPL(ctalg_helper_unregister);
