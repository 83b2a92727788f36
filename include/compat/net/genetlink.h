/* SPDX-License-Identifier: GPL-2.0 */
/* Multicast groups for whoever administers the namespace, on every kernel. */
#ifndef CTALG_COMPAT_NET_GENETLINK_H
#define CTALG_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/* Before groups had flags of their own, they took those of commands. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN GENL_UNS_ADMIN_PERM
#endif

#endif /* CTALG_COMPAT_NET_GENETLINK_H */
