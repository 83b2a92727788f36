/* SPDX-License-Identifier: GPL-2.0 */
/* Life and death of an expectation, the same on every kernel. */
#ifndef CTALG_COMPAT_NF_CONNTRACK_EXPECT_H
#define CTALG_COMPAT_NF_CONNTRACK_EXPECT_H

#include_next <net/netfilter/nf_conntrack_expect.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/poison.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

/* nf_conntrack_core.h has it too, but cannot be included from here: it includes us. */
extern spinlock_t nf_conntrack_expect_lock;

/**
 * ctalg_compat_expect_linked - is the expectation in the kernel's table?
 * @exp: an expectation the caller has a reference to
 *
 * Exact even while others hold references too: it reads the hash link, which is
 * NULL before insertion and poisoned by removal. An expectation that has expired
 * may stay linked until the kernel collects it; see ctalg_compat_expect_open().
 *
 * Context: holds nf_conntrack_expect_lock.
 * Return: true while it is linked.
 */
static inline bool ctalg_compat_expect_linked(const struct nf_conntrack_expect *exp)
{
	lockdep_assert_held(&nf_conntrack_expect_lock);
	return exp->hnode.pprev && exp->hnode.pprev != LIST_POISON2;
}

/**
 * ctalg_compat_expect_open - can a packet still match the expectation?
 * @exp: an expectation the caller has a reference to
 *
 * Context: holds nf_conntrack_expect_lock.
 * Return: true when it is linked and neither expired nor marked dead.
 */
static inline bool ctalg_compat_expect_open(const struct nf_conntrack_expect *exp)
{
	if (!ctalg_compat_expect_linked(exp))
		return false;
#ifdef CTALG_HAVE_EXPECT_STAMP
	return !nf_ct_exp_is_expired(exp);
#else
	return timer_pending(&exp->timeout);
#endif
}

/**
 * ctalg_compat_expect_unlink - take an expectation out of the kernel's table now
 * @exp: an expectation the caller has a reference to, and keeps
 *
 * Where expectations have a timer and it has just fired, this leaves the removal
 * to the timer, which waits for the lock that the caller holds, and returns false.
 *
 * Context: holds nf_conntrack_expect_lock.
 * Return: true when this call removed it.
 */
static inline bool ctalg_compat_expect_unlink(struct nf_conntrack_expect *exp)
{
	if (!ctalg_compat_expect_linked(exp))
		return false;
#ifdef CTALG_HAVE_EXPECT_STAMP
	nf_ct_unlink_expect(exp);
	return true;
#else
	return nf_ct_remove_expect(exp);
#endif
}

/**
 * ctalg_compat_expect_set_lifetime - let a linked expectation live this much longer
 * @exp: an expectation the caller has a reference to
 * @seconds: its lifetime from now on
 *
 * Does nothing to one that is no longer open: what has ended does not come back.
 * Insertion sets the lifetime of the class, so call this after it.
 *
 * Context: holds nf_conntrack_expect_lock.
 */
static inline void ctalg_compat_expect_set_lifetime(struct nf_conntrack_expect *exp, u32 seconds)
{
	if (!ctalg_compat_expect_open(exp))
		return;
#ifdef CTALG_HAVE_EXPECT_STAMP
	WRITE_ONCE(exp->timeout, nfct_time_stamp + seconds * HZ);
#else
	mod_timer_pending(&exp->timeout, jiffies + seconds * HZ);
#endif
}

/**
 * ctalg_compat_expect_renew - an expectation that is to be inserted later than it was made
 * @exp: an expectation that has never been in the table
 *
 * Insertion counts its lifetime from the moment that it was made, or that this is called.
 */
static inline void ctalg_compat_expect_renew(struct nf_conntrack_expect *exp)
{
#ifdef CTALG_HAVE_EXPECT_STAMP
	exp->timeout = nfct_time_stamp;
#endif
}

/**
 * ctalg_compat_expect_seconds - for how long an expectation goes on waiting
 * @exp: an expectation that has been inserted and that the caller has a reference to
 *
 * Says nothing of whether it is still open.
 *
 * Context: any; no lock is needed.
 * Return: seconds, rounded down.
 */
static inline u32 ctalg_compat_expect_seconds(const struct nf_conntrack_expect *exp)
{
#ifdef CTALG_HAVE_EXPECT_STAMP
	s32 left = (s32)(READ_ONCE(exp->timeout) - nfct_time_stamp);
#else
	long left = (long)(READ_ONCE(exp->timeout.expires) - jiffies);
#endif

	return left > 0 ? left / HZ : 0;
}

/**
 * ctalg_compat_expect_assign_helper - name the helper of the expected connection
 * @exp: an expectation that is not yet in the table
 * @live: a registered helper (see ctalg_compat_helper_register()), or NULL for none
 */
static inline void ctalg_compat_expect_assign_helper(struct nf_conntrack_expect *exp,
						     struct nf_conntrack_helper *live)
{
#ifdef CTALG_HAVE_EXPECT_ASSIGN_HELPER
	rcu_assign_pointer(exp->assign_helper, live);
#else
	rcu_assign_pointer(exp->helper, live);
#endif
}

#endif /* CTALG_COMPAT_NF_CONNTRACK_EXPECT_H */
