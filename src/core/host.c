// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts that flows come from: what one of them uses up is not to be missing to others.
 * A host is there while it has flows. Its streams' memory comes through it.
 */
#include <linux/slab.h>

#include "core.h"

enum {
	/* Another CPU may be letting go of the same host just now. */
	HOST_TRIES = 3,
};

static const struct rhashtable_params host_params = {
	.key_len = sizeof(struct ctalg_addr),
	.key_offset = offsetof(struct ctalg_host, addr),
	.head_offset = offsetof(struct ctalg_host, node),
	.automatic_shrinking = true,
};

static void *host_mem_alloc(void *ctx, u32 size)
{
	struct ctalg_host *h = ctx;
	void *p = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);

	if (!p)
		return NULL;
	ctalg_limit_mark(h->cn, CTALG_LIMIT_HOST_MEMORY, atomic_long_add_return(size, &h->memory));
	ctalg_limit_mark(h->cn, CTALG_LIMIT_MEMORY, atomic_long_add_return(size, &h->cn->memory));
	return p;
}

static void host_mem_free(void *ctx, void *p, u32 size)
{
	struct ctalg_host *h = ctx;

	atomic_long_sub(size, &h->memory);
	atomic_long_sub(size, &h->cn->memory);
	kfree(p);
}

/* Is a share of @parts of what may be used in use? */
static bool host_mem_uses(const struct ctalg_host *h, unsigned int parts)
{
	return atomic_long_read(&h->cn->memory) >=
		       READ_ONCE(h->cn->limit[CTALG_LIMIT_MEMORY].value) / parts ||
	       atomic_long_read(&h->memory) >=
		       READ_ONCE(h->cn->limit[CTALG_LIMIT_HOST_MEMORY].value) / parts;
}

static bool host_mem_full(void *ctx)
{
	return host_mem_uses(ctx, 1);
}

/* A few flows with long messages may take one half, but not the other, too. */
static bool host_mem_scarce(void *ctx)
{
	return host_mem_uses(ctx, 2);
}

static struct ctalg_host *host_alloc(struct ctalg_net *cn, const struct ctalg_addr *addr)
{
	struct ctalg_host *h = kzalloc(sizeof(*h), GFP_ATOMIC);

	if (!h)
		return NULL;
	h->addr = *addr;
	h->cn = cn;
	h->mem.alloc = host_mem_alloc;
	h->mem.free = host_mem_free;
	h->mem.full = host_mem_full;
	h->mem.scarce = host_mem_scarce;
	h->mem.ctx = h;
	refcount_set(&h->refs, 1);
	return h;
}

/* Puts @h into the table; one that is being let go of gives its place up. Returns who has it then. */
static struct ctalg_host *host_insert(struct ctalg_net *cn, struct ctalg_host *h)
{
	struct ctalg_host *old;
	unsigned int tries;

	for (tries = 0; tries < HOST_TRIES; tries++) {
		old = rhashtable_lookup_get_insert_fast(&cn->hosts, &h->node, host_params);
		if (!old)
			return h;
		if (IS_ERR(old))
			return NULL;
		if (refcount_inc_not_zero(&old->refs))
			return old;
		if (!rhashtable_replace_fast(&cn->hosts, &old->node, &h->node, host_params))
			return h;
	}
	return NULL;
}

/* The host of an address, with a reference; NULL without memory. Under RCU. */
struct ctalg_host *ctalg_host_get(struct ctalg_net *cn, const struct ctalg_addr *addr)
{
	struct ctalg_host *h = rhashtable_lookup(&cn->hosts, addr, host_params), *fresh;

	if (h && refcount_inc_not_zero(&h->refs))
		return h;
	fresh = host_alloc(cn, addr);
	if (!fresh)
		return NULL;
	h = host_insert(cn, fresh);
	if (h != fresh)
		kfree(fresh);
	return h;
}

void ctalg_host_put(struct ctalg_host *h)
{
	if (!refcount_dec_and_test(&h->refs))
		return;
	rhashtable_remove_fast(&h->cn->hosts, &h->node, host_params);
	kfree_rcu(h, rcu);
}

int ctalg_hosts_setup(struct ctalg_net *cn)
{
	return rhashtable_init(&cn->hosts, &host_params);
}

void ctalg_hosts_clean(struct ctalg_net *cn)
{
	rhashtable_destroy(&cn->hosts);
}
