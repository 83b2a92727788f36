/* SPDX-License-Identifier: GPL-2.0 */
/* Helper registration, the same on every kernel. */
#ifndef CTALG_COMPAT_NF_CONNTRACK_HELPER_H
#define CTALG_COMPAT_NF_CONNTRACK_HELPER_H

#include_next <net/netfilter/nf_conntrack_helper.h>

/**
 * ctalg_compat_helper_register - register a helper that nf_ct_helper_init() set up
 * @tmpl: the helper; must stay allocated until it is unregistered
 * @live: set to the object that connections point to: a copy that the kernel
 *	made, or @tmpl itself; NULL after an error. It is set before the first
 *	packet can reach the helper.
 *
 * Compare nfct_help(ct)->helper with *@live, never with @tmpl. Every field of
 * @tmpl must be final: the copy does not follow later changes.
 *
 * Return: 0, or -EBUSY when another helper holds the name or the port, or
 * another negative error.
 */
static inline int ctalg_compat_helper_register(struct nf_conntrack_helper *tmpl,
					       struct nf_conntrack_helper **live)
{
#ifdef CTALG_HAVE_HELPER_COPIED
	return nf_conntrack_helper_register(tmpl, live);
#else
	int err;

	*live = tmpl;
	err = nf_conntrack_helper_register(tmpl);
	if (err)
		*live = NULL;
	return err;
#endif
}

/**
 * ctalg_compat_helper_unregister - undo ctalg_compat_helper_register()
 * @live: what registration returned; not valid afterwards
 *
 * Context: process, may sleep. When it returns no packet is in the helper.
 * Connections that had it either lost it or, where the kernel made a copy, keep
 * a disabled helper that calls nothing.
 */
static inline void ctalg_compat_helper_unregister(struct nf_conntrack_helper *live)
{
	nf_conntrack_helper_unregister(live);
}

/* As struct nf_conntrack_expect_policy.max_expected: no limit, or as near to that as registration takes. */
#ifdef CTALG_HAVE_HELPER_COPIED
#define CTALG_COMPAT_EXPECTS_ANY NF_CT_EXPECT_MAX_CNT
#else
#define CTALG_COMPAT_EXPECTS_ANY 0
#endif

/**
 * ctalg_compat_helper_expects_any - let one connection expect any number of others
 * @live: what registration returned
 *
 * The kernel counts a connection's expectations in a byte, compares it with the limit of their
 * class and makes room by throwing the oldest out. Without a limit nobody reads the byte.
 */
static inline void ctalg_compat_helper_expects_any(struct nf_conntrack_helper *live)
{
#ifdef CTALG_HAVE_HELPER_COPIED
	WRITE_ONCE(live->expect_policy[NF_CT_EXPECT_CLASS_DEFAULT].max_expected, UINT_MAX);
#endif
}

/**
 * ctalg_compat_helper_detach - take the helper off a connection for good
 * @ct: a confirmed connection whose sequence numbers nobody has changed
 *
 * The kernel has no call for this. The pointer alone is not enough: whoever offloads
 * flows asks whether the connection has the extension. Its memory stays until the
 * connection dies, so that a packet which has found it goes on safely; it may meet an
 * empty pointer, as it may after a helper's unregistration, or find no extension the
 * second time it looks. The connection never gets a helper again.
 *
 * Context: nf_conntrack_expect_lock is held, under RCU.
 * Return: false if there is no helper, or expectations hang on it; nothing changes then.
 */
static inline bool ctalg_compat_helper_detach(struct nf_conn *ct)
{
	struct nf_conn_help *help = nfct_help(ct);
	struct nf_conntrack_helper *helper;

	if (!help || !hlist_empty(&help->expectations))
		return false;
	helper = unrcu_pointer(xchg(&help->helper, NULL));
	WRITE_ONCE(ct->ext->offset[NF_CT_EXT_HELPER], 0);
#ifdef CTALG_HAVE_HELPER_COPIED
	if (helper && refcount_dec_and_test(&helper->ct_refcnt))
		kfree_rcu(helper, rcu);
#endif
	return helper;
}

static inline bool ctalg_compat_expectfn_is(struct nf_conntrack_expect *exp, void *n)
{
	return exp->expectfn == ((struct nf_ct_helper_expectfn *)n)->expectfn;
}

/**
 * ctalg_compat_expectfn_unregister - undo nf_ct_helper_expectfn_register()
 * @n: the function and its name
 *
 * Also closes what still points at the function: user space can give its name to an
 * expectation of any connection, and not every kernel lets the caller ask for this.
 *
 * Context: process, may sleep. When it returns the function can go away.
 */
static inline void ctalg_compat_expectfn_unregister(struct nf_ct_helper_expectfn *n)
{
	nf_ct_helper_expectfn_unregister(n);
	synchronize_rcu();
	nf_ct_expect_iterate_destroy(ctalg_compat_expectfn_is, n);
	synchronize_rcu();
}

#endif /* CTALG_COMPAT_NF_CONNTRACK_HELPER_H */
