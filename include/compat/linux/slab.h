/* SPDX-License-Identifier: GPL-2.0 */
/* Caches that keep their own name in /proc/slabinfo, on every kernel. */
#ifndef CTALG_COMPAT_SLAB_H
#define CTALG_COMPAT_SLAB_H

#include_next <linux/slab.h>

/* Where there is no flag for it, a flag that has it as a side effect. */
#ifndef SLAB_NO_MERGE
#define SLAB_NO_MERGE SLAB_TYPESAFE_BY_RCU
#endif

#endif /* CTALG_COMPAT_SLAB_H */
