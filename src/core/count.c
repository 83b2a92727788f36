// SPDX-License-Identifier: GPL-2.0
/* Counters: by namespace, helper, direction and reason, kept per CPU. */
#include <linux/percpu.h>
#include <linux/slab.h>

#include "core.h"

void ctalg_count(const struct ctalg_net_helper *nh, u8 dir, unsigned int reason)
{
	if (reason != CTALG_R_NONE && reason < CTALG_R_MAX)
		this_cpu_inc(nh->counts->n[dir & 1][reason]);
}

u64 ctalg_counted(const struct ctalg_net_helper *nh, u8 dir, unsigned int reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(nh->counts, cpu)->n[dir & 1][reason]);
	return sum;
}

const char *ctalg_proto_reason(const struct ctalg_proto *p, unsigned int reason)
{
	if (reason < CTALG_R_PRIVATE)
		return ctalg_reason_name(reason);
	reason -= CTALG_R_PRIVATE;
	return reason < p->n_reasons ? p->reasons[reason] : NULL;
}

struct ctalg_net_helper *ctalg_net_helper_alloc(struct ctalg_live *live)
{
	struct ctalg_net_helper *nh = kzalloc(sizeof(*nh), GFP_KERNEL);

	if (!nh)
		return NULL;
	nh->live = live;
	nh->lifetime = live->h->lifetime;
	nh->counts = alloc_percpu(struct ctalg_counts);
	if (!nh->counts) {
		kfree(nh);
		return NULL;
	}
	return nh;
}

/* No reader is left: a grace period has passed, or the namespace has no packets. */
void ctalg_net_helper_free(struct ctalg_net_helper *nh)
{
	if (!nh)
		return;
	free_percpu(nh->counts);
	kfree(nh);
}
