/* SPDX-License-Identifier: GPL-2.0 */
/* Connection timeouts, the same on every kernel. */
#ifndef CTALG_COMPAT_NF_CONNTRACK_H
#define CTALG_COMPAT_NF_CONNTRACK_H

#include_next <net/netfilter/nf_conntrack.h>

/**
 * ctalg_compat_refresh - let a connection live at least this much longer
 * @ct: the connection
 * @lifetime: in jiffies from now
 *
 * Counts no packet and no byte.
 */
static inline void ctalg_compat_refresh(struct nf_conn *ct, u32 lifetime)
{
#ifdef CTALG_HAVE_REFRESH_CT
	nf_ct_refresh(ct, lifetime);
#else
	nf_ct_refresh(ct, NULL, lifetime);
#endif
}

#endif /* CTALG_COMPAT_NF_CONNTRACK_H */
