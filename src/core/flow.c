// SPDX-License-Identifier: GPL-2.0
/* Control flows: found by the id in the connection's helper data, ended by the reaper. */
#include <linux/slab.h>
#include <linux/sort.h>

#include <net/netfilter/nf_conntrack_l4proto.h>

#include "core.h"

enum {
	/* Seconds between two looks at what has ended. */
	CTALG_REAP_SECONDS = 2,
	/* Parts of a second after which one looks that is in a hurry. */
	CTALG_REAP_SOON = 20,
	/* A connection this young may not be in the kernel's table yet, unless a SYN-ACK has come. */
	CTALG_UNBORN_SECONDS = 10,
	/* A control flow with living data flows is given this long, again and again. */
	CTALG_KEEP_SECONDS = 120,
};

/* The id of a connection whose flow will never be watched. */
#define FLOW_DECLINED U64_MAX

static struct kmem_cache *flow_cache __read_mostly;

static const struct rhashtable_params flow_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct ctalg_flow, id),
	.head_offset = offsetof(struct ctalg_flow, node),
	.automatic_shrinking = true,
};

/* Two members in a row are the key. */
static const struct rhashtable_params tuple_params = {
	.key_len = sizeof(struct nf_conntrack_tuple) + sizeof(struct nf_conntrack_zone),
	.key_offset = offsetof(struct ctalg_flow, tuple),
	.head_offset = offsetof(struct ctalg_flow, by_tuple),
	.automatic_shrinking = true,
};

/*
 * What stands in the kernel's 32 bytes per connection. Those from 16 on stay zero: the
 * end of a GRE child makes the kernel take them in its master for PPTP's keymap.
 */
struct flow_data {
	u64 id;
	/* From the originator's SYN, which comes before there is a flow. */
	struct ctalg_syn syn;
};

static struct flow_data *flow_data_of(const struct nf_conn *ct)
{
	struct nf_conn_help *help = nfct_help(ct);

	BUILD_BUG_ON(sizeof(struct flow_data) > 16);
	return help ? (struct flow_data *)help->data : NULL;
}

static u64 *flow_id_of(const struct nf_conn *ct)
{
	struct flow_data *data = flow_data_of(ct);

	return data ? &data->id : NULL;
}

/* What the originator has said of itself, or NULL if the helper has gone. */
struct ctalg_syn *ctalg_flow_syn(const struct ctalg_packet *p)
{
	struct flow_data *data = flow_data_of(p->ct);

	return data ? &data->syn : NULL;
}

struct ctalg_flow *ctalg_flow_find(const struct ctalg_packet *p)
{
	u64 *id = flow_id_of(p->ct);
	struct ctalg_flow *f;
	u64 key;

	if (!id)
		return NULL;
	key = READ_ONCE(*id);
	if (!key || key == FLOW_DECLINED)
		return NULL;
	f = rhashtable_lookup(&p->cn->flows, &key, flow_params);
	return f && f->ct == p->ct ? f : NULL;
}

void ctalg_addr_of(struct ctalg_addr *a, const union nf_inet_addr *u, u16 l3num)
{
	memset(a, 0, sizeof(*a));
	a->family = l3num == NFPROTO_IPV4 ? CTALG_AF_INET : CTALG_AF_INET6;
	memcpy(a->b, u, ctalg_addr_len(a));
}

void ctalg_addr_to_nf(union nf_inet_addr *u, const struct ctalg_addr *a)
{
	memset(u, 0, sizeof(*u));
	memcpy(u, a->b, ctalg_addr_len(a));
}

static struct ctalg_flow *flow_alloc(const struct ctalg_packet *p, struct ctalg_host *host)
{
	struct ctalg_flow *f = kmem_cache_zalloc(flow_cache, GFP_ATOMIC);

	if (!f)
		return NULL;
	f->id = atomic64_inc_return(&p->cn->last_flow);
	f->live = p->live;
	f->host = host;
	f->ct = p->ct;
	f->tuple = p->ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	f->zone = *nf_ct_zone(p->ct);
	f->reply = p->ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	f->born = jiffies;
	spin_lock_init(&f->lock);
	INIT_LIST_HEAD(&f->sessions);
	INIT_LIST_HEAD(&f->slots);
	return f;
}

/* The latest flow of a tuple can be found by it; one before, if still there, has ended with that. The flow's lock is held. */
static void flow_name(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_flow *old;

	BUILD_BUG_ON(offsetof(struct ctalg_flow, zone) !=
		     offsetof(struct ctalg_flow, tuple) + sizeof(f->tuple));
	if (f->dead || f->tuple.dst.protonum != IPPROTO_TCP)
		return;
	old = rhashtable_lookup_get_insert_fast(&cn->tuples, &f->by_tuple, tuple_params);
	if (IS_ERR_OR_NULL(old))
		return;
	WRITE_ONCE(old->over, true);
	rhashtable_replace_fast(&cn->tuples, &old->by_tuple, &f->by_tuple, tuple_params);
}

/* Of two packets that both found no flow, one gets its flow in. */
static bool flow_claim(const struct ctalg_packet *p, const struct ctalg_flow *f, u64 was)
{
	u64 *id = flow_id_of(p->ct);
	bool won;

	if (!id)
		return false;
	spin_lock_bh(&p->ct->lock);
	won = *id == was;
	if (won)
		WRITE_ONCE(*id, f->id);
	spin_unlock_bh(&p->ct->lock);
	return won;
}

static unsigned int flow_admit(struct ctalg_net *cn, struct ctalg_host *host)
{
	if (!ctalg_limit_take(cn, CTALG_LIMIT_FLOWS, &cn->n_flows))
		return CTALG_R_LIMIT_FLOWS;
	if (ctalg_limit_take(cn, CTALG_LIMIT_HOST_FLOWS, &host->flows))
		return CTALG_R_NONE;
	atomic_long_dec(&cn->n_flows);
	return CTALG_R_LIMIT_HOST_FLOWS;
}

static void flow_dismiss(struct ctalg_net *cn, struct ctalg_host *host)
{
	atomic_long_dec(&cn->n_flows);
	atomic_long_dec(&host->flows);
}

/* Into the table, if its host and the namespace may have one more. */
static unsigned int flow_enter(const struct ctalg_packet *p, struct ctalg_host *host,
			       struct ctalg_flow **f)
{
	unsigned int reason = flow_admit(p->cn, host);

	if (reason)
		return reason;
	*f = flow_alloc(p, host);
	if (*f && !rhashtable_insert_fast(&p->cn->flows, &(*f)->node, flow_params))
		return CTALG_R_NONE;
	flow_dismiss(p->cn, host);
	if (*f)
		kmem_cache_free(flow_cache, *f);
	return CTALG_R_NO_MEMORY;
}

/* A flow that is in the table, or NULL, which has been counted. */
static struct ctalg_flow *flow_new(const struct ctalg_packet *p)
{
	unsigned int reason = CTALG_R_NO_MEMORY;
	struct ctalg_flow *f = NULL;
	struct ctalg_host *host;
	struct ctalg_addr addr;

	ctalg_addr_of(&addr, &p->ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3,
		      nf_ct_l3num(p->ct));
	host = ctalg_host_get(p->cn, &addr);
	if (host)
		reason = flow_enter(p, host, &f);
	if (!reason) {
		ctalg_net_changed(p->cn);
		return f;
	}
	if (host)
		ctalg_host_put(host);
	ctalg_note(p, NULL, reason, NULL);
	return NULL;
}

struct ctalg_flow *ctalg_flow_add(const struct ctalg_packet *p)
{
	u64 *id = flow_id_of(p->ct);
	u64 was = id ? READ_ONCE(*id) : 0;
	struct ctalg_flow *f = flow_new(p);

	if (!f)
		return NULL;
	/* From here on the reaper knows it: a claim that was lost is its to free. */
	if (!delayed_work_pending(&p->cn->reaper))
		queue_delayed_work(system_power_efficient_wq, &p->cn->reaper,
				   CTALG_REAP_SECONDS * HZ);
	if (!flow_claim(p, f, was))
		return ctalg_flow_find(p);
	spin_lock_bh(&f->lock);
	flow_name(p->cn, f);
	spin_unlock_bh(&f->lock);
	return f;
}

/*
 * A packet of a connection that the kernel has not seen begin: what do we know of it from
 * before the kernel forgot it?
 */
struct ctalg_flow *ctalg_flow_orphan(const struct ctalg_packet *p)
{
	struct {
		struct nf_conntrack_tuple tuple;
		struct nf_conntrack_zone zone;
	} key = {
		.tuple = p->ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple,
		.zone = *nf_ct_zone(p->ct),
	};

	BUILD_BUG_ON(sizeof(key) != sizeof(key.tuple) + sizeof(key.zone));
	return rhashtable_lookup(&p->cn->tuples, &key, tuple_params);
}

/* The connection will not be watched. Returns whether that is news. */
bool ctalg_flow_decline(const struct ctalg_packet *p)
{
	u64 *id = flow_id_of(p->ct);
	bool news;

	if (!id)
		return false;
	spin_lock_bh(&p->ct->lock);
	news = *id != FLOW_DECLINED;
	WRITE_ONCE(*id, FLOW_DECLINED);
	spin_unlock_bh(&p->ct->lock);
	return news;
}

static bool tcp_is_over(const struct nf_conn *ct)
{
	return nf_ct_protonum(ct) == IPPROTO_TCP && ctalg_segment_is_over(ct);
}

/*
 * While data flows live, or calls and bindings last, their control flow does not time out: its
 * end says how they ended. One that nobody has answered is not worth it.
 */
static void flow_keep(struct ctalg_flow *f, struct nf_conn *ct)
{
	if (!test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
		return;
	WRITE_ONCE(f->held, true);
	if (nf_ct_expires(ct) < CTALG_KEEP_SECONDS * HZ / 2 && !tcp_is_over(ct))
		ctalg_compat_refresh(ct, CTALG_KEEP_SECONDS * HZ);
}

/* Nothing lasts any more: it times out as others do. */
static void flow_let_go(struct ctalg_flow *f, struct nf_conn *ct)
{
	unsigned int timeout = nf_udp_pernet(nf_ct_net(ct))->timeouts[UDP_CT_REPLIED];

	WRITE_ONCE(f->held, false);
	if (nf_ct_protonum(ct) == IPPROTO_UDP && nf_ct_expires(ct) > timeout)
		ctalg_compat_refresh(ct, timeout);
}

void ctalg_flow_view(const struct ctalg_packet *p, struct ctalg_view *v)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(p->ctinfo);
	const struct nf_conntrack_tuple *mine = &p->ct->tuplehash[dir].tuple;
	const struct nf_conntrack_tuple *theirs = &p->ct->tuplehash[!dir].tuple;
	u16 l3num = nf_ct_l3num(p->ct);

	ctalg_addr_of(&v->self, &mine->src.u3, l3num);
	ctalg_addr_of(&v->self_out, &theirs->dst.u3, l3num);
	ctalg_addr_of(&v->peer, &theirs->src.u3, l3num);
	ctalg_addr_of(&v->peer_out, &mine->dst.u3, l3num);
	v->self_port = ntohs(mine->src.u.all);
	v->self_out_port = ntohs(theirs->dst.u.all);
	v->peer_port = ntohs(theirs->src.u.all);
	v->peer_out_port = ntohs(mine->dst.u.all);
	v->l4 = nf_ct_protonum(p->ct);
	v->inside = ctalg_policy_side(p);
	v->aware = false;
}

/* Every packet of a flow puts its timeout back to what is usual; what it carries may last longer. */
void ctalg_flow_keep(const struct ctalg_packet *p, struct ctalg_flow *f)
{
	if (f->n_holding && nf_ct_protonum(p->ct) != IPPROTO_TCP)
		flow_keep(f, p->ct);
}

static void flow_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(flow_cache, container_of(rcu, struct ctalg_flow, rcu));
}

/* Returns whether it was this call that ended it. */
static bool flow_end(struct ctalg_net *cn, struct ctalg_flow *f, void *unused)
{
	if (rhashtable_remove_fast(&cn->flows, &f->node, flow_params))
		return false;
	spin_lock_bh(&f->lock);
	f->dead = true;
	if (f->tuple.dst.protonum == IPPROTO_TCP)
		rhashtable_remove_fast(&cn->tuples, &f->by_tuple, tuple_params);
	ctalg_stream_free(&f->stream[CTALG_DIR_ORIG], &f->host->mem);
	ctalg_stream_free(&f->stream[CTALG_DIR_REPLY], &f->host->mem);
	ctalg_refusals_free(&f->refusals, &f->host->mem);
	ctalg_repeats_free(&f->repeats, &f->host->mem);
	ctalg_echo_free(&f->echo, &f->host->mem);
	ctalg_sessions_end(cn, f);
	ctalg_meters_release(f);
	spin_unlock_bh(&f->lock);
	flow_dismiss(cn, f->host);
	ctalg_host_put(f->host);
	ctalg_net_changed(cn);
	call_rcu(&f->rcu, flow_free_rcu);
	return true;
}

/* Any context. */
void ctalg_flow_end(struct ctalg_net *cn, struct ctalg_flow *f)
{
	flow_end(cn, f, NULL);
}

/* Under RCU, for as long as the flow is used. */
struct ctalg_flow *ctalg_flow_by_id(struct ctalg_net *cn, u64 id)
{
	return rhashtable_lookup(&cn->flows, &id, flow_params);
}

/* The flow's connection, if it lives and has this flow as its own; a reference is taken. */
struct nf_conn *ctalg_flow_ct_get(struct ctalg_net *cn, const struct ctalg_flow *f, bool *unborn)
{
	struct nf_conntrack_tuple_hash *h;
	struct nf_conn *ct;
	const u64 *id;

	h = nf_conntrack_find_get(cn->net, &f->zone, &f->tuple);
	*unborn = !h && f->tuple.dst.protonum != IPPROTO_TCP &&
		  time_before(jiffies, f->born + CTALG_UNBORN_SECONDS * HZ);
	if (!h)
		return NULL;
	ct = nf_ct_tuplehash_to_ctrack(h);
	id = flow_id_of(ct);
	if (ct == f->ct && id && READ_ONCE(*id) == f->id)
		return ct;
	nf_ct_put(ct);
	return NULL;
}

/* The kernel has forgotten the connection: without it the ends of a changed one misunderstand each other. */
static void flow_cut(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_reset r;
	bool cut;

	spin_lock_bh(&f->lock);
	cut = f->tuple.dst.protonum == IPPROTO_TCP && !READ_ONCE(f->over) && !f->closing &&
	      ctalg_flow_is_changed(f);
	if (cut)
		ctalg_reset_prepare(f, &r);
	spin_unlock_bh(&f->lock);
	if (!cut)
		return;
	ctalg_note_reset(cn, f, CTALG_DIR_ORIG);
	local_bh_disable();
	ctalg_reset_send(cn, NULL, &r);
	local_bh_enable();
}

static bool flow_reap(struct ctalg_net *cn, struct ctalg_flow *f, void *unused)
{
	unsigned int living = 0;
	struct nf_conn *ct;
	bool unborn;

	ct = ctalg_flow_ct_get(cn, f, &unborn);
	if (!ct && !unborn) {
		flow_cut(cn, f);
		ctalg_sessions_move(cn, f);
		return flow_end(cn, f, NULL);
	}
	spin_lock_bh(&f->lock);
	while (ctalg_sessions_reap(cn, f, ct, &living)) {
		spin_unlock_bh(&f->lock);
		spin_lock_bh(&f->lock);
	}
	living += f->n_holding;
	if (ct && ctalg_flow_may_detach(f))
		ctalg_flow_detach(cn, f, ct);
	spin_unlock_bh(&f->lock);
	if (ct && living)
		flow_keep(f, ct);
	else if (ct && f->held)
		flow_let_go(f, ct);
	if (ct)
		nf_ct_put(ct);
	return false;
}

/*
 * Lets others run. A table that was replaced meanwhile is walked anew: where the walk
 * stood is then no longer known, and may have been freed.
 */
static void flows_pause(struct ctalg_net *cn, struct rhashtable_iter *iter)
{
	rhashtable_walk_stop(iter);
	cond_resched();
	if (rhashtable_walk_start_check(iter) != -EAGAIN)
		return;
	rhashtable_walk_stop(iter);
	rhashtable_walk_exit(iter);
	rhashtable_walk_enter(&cn->flows, iter);
	rhashtable_walk_start(iter);
}

/*
 * Calls @fn for each flow, perhaps twice for some; flows added meanwhile may be missed.
 * Where a walk pauses at a flow that @fn has ended it loses its place and may pass others
 * over: only a walk that ended nothing has seen all, and only one may end flows at a time.
 *
 * Returns how many @fn has ended.
 */
unsigned int ctalg_flows_walk(struct ctalg_net *cn, const struct ctalg_live *live,
			      bool (*fn)(struct ctalg_net *cn, struct ctalg_flow *f, void *ctx),
			      void *ctx)
{
	unsigned int n = 0, ended = 0;
	struct rhashtable_iter iter;
	struct ctalg_flow *f;

	mutex_lock(&cn->walk);
	rhashtable_walk_enter(&cn->flows, &iter);
	rhashtable_walk_start(&iter);
	while ((f = rhashtable_walk_next(&iter))) {
		if (IS_ERR(f)) /* the walk goes on in the table's successor */
			continue;
		if (!live || f->live == live)
			ended += fn(cn, f, ctx);
		if (++n % 64 == 0)
			flows_pause(cn, &iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	mutex_unlock(&cn->walk);
	return ended;
}

static int id_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static unsigned int ids_unique(u64 *id, unsigned int n)
{
	unsigned int i, k = 0;

	for (i = 0; i < n; i++)
		if (!k || id[i] != id[k - 1])
			id[k++] = id[i];
	return k;
}

/*
 * A walk that does not pause finds every flow that is there all the time; one that comes
 * upon the table's successor goes on in that, and may find some again.
 */
static bool ids_collect(struct ctalg_net *cn, u64 *id, unsigned int *n)
{
	unsigned int room = *n, k = 0;
	struct rhashtable_iter iter;
	struct ctalg_flow *f;

	rhashtable_walk_enter(&cn->flows, &iter);
	rhashtable_walk_start(&iter);
	while ((f = rhashtable_walk_next(&iter)) && k < room)
		if (!IS_ERR(f))
			id[k++] = f->id;
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	*n = k;
	return !f;
}

/**
 * ctalg_flow_ids() - the flows that there are
 * @cn: the namespace
 * @id: receives their numbers, ascending
 * @n: how many fit into @id; on return how many there are
 *
 * Context: process.
 * Return: false if they do not fit.
 */
bool ctalg_flow_ids(struct ctalg_net *cn, u64 *id, unsigned int *n)
{
	if (!ids_collect(cn, id, n))
		return false;
	sort(id, *n, sizeof(*id), id_cmp, NULL);
	*n = ids_unique(id, *n);
	return true;
}

static void flows_reaper(struct work_struct *work)
{
	struct ctalg_net *cn = container_of(to_delayed_work(work), struct ctalg_net, reaper);

	bool more;

	WRITE_ONCE(cn->hurry, false);
	ctalg_flows_walk(cn, NULL, flow_reap, NULL);
	more = ctalg_meters_sweep(cn);
	if (more || atomic_read(&cn->flows.nelems))
		queue_delayed_work(system_power_efficient_wq, &cn->reaper, CTALG_REAP_SECONDS * HZ);
}

/* What has ended now may be missing to another flow. From a packet only: the namespace is not on its way out. */
void ctalg_reap_soon(struct ctalg_net *cn)
{
	if (!xchg(&cn->hurry, true))
		mod_delayed_work(system_power_efficient_wq, &cn->reaper, HZ / CTALG_REAP_SOON);
}

void ctalg_flows_end(struct ctalg_net *cn, const struct ctalg_live *live)
{
	while (ctalg_flows_walk(cn, live, flow_end, NULL))
		;
}

int ctalg_flows_setup(struct ctalg_net *cn)
{
	int err;

	mutex_init(&cn->walk);
	INIT_DELAYED_WORK(&cn->reaper, flows_reaper);
	err = ctalg_hosts_setup(cn);
	if (err)
		return err;
	err = ctalg_meters_setup(cn);
	if (err)
		goto err_hosts;
	err = rhashtable_init(&cn->tuples, &tuple_params);
	if (err)
		goto err_meters;
	err = rhashtable_init(&cn->flows, &flow_params);
	if (err)
		goto err_tuples;
	err = ctalg_sessions_setup(cn);
	if (err)
		goto err_flows;
	return 0;

err_flows:
	rhashtable_destroy(&cn->flows);
err_tuples:
	rhashtable_destroy(&cn->tuples);
err_meters:
	ctalg_meters_clean(cn);
err_hosts:
	ctalg_hosts_clean(cn);
	return err;
}

void ctalg_flows_clean(struct ctalg_net *cn)
{
	cancel_delayed_work_sync(&cn->reaper);
	ctalg_flows_end(cn, NULL);
	ctalg_sessions_clean(cn);
	rhashtable_destroy(&cn->flows);
	rhashtable_destroy(&cn->tuples);
	ctalg_meters_clean(cn);
	ctalg_hosts_clean(cn);
}

int ctalg_flow_init(void)
{
	flow_cache = KMEM_CACHE(ctalg_flow, SLAB_HWCACHE_ALIGN | SLAB_NO_MERGE);
	return flow_cache ? 0 : -ENOMEM;
}

void ctalg_flow_fini(void)
{
	kmem_cache_destroy(flow_cache);
}
