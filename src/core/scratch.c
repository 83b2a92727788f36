// SPDX-License-Identifier: GPL-2.0
/*
 * Room to work on one message in: more than a stack has, and needed only while the message is
 * in hand. Each CPU has one, of which a packet makes use under its flow's lock, with softirqs
 * off; what it sends meanwhile goes out later.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/topology.h>

#include "core.h"

static DEFINE_PER_CPU(struct ctalg_scratch *, ctalg_scratches);

/* Softirqs are off until the caller is done with it. */
struct ctalg_scratch *ctalg_scratch(void)
{
	return this_cpu_read(ctalg_scratches);
}

void ctalg_scratch_fini(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(ctalg_scratches, cpu));
		per_cpu(ctalg_scratches, cpu) = NULL;
	}
}

int ctalg_scratch_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct ctalg_scratch *s;

		s = kvmalloc_node(sizeof(*s), GFP_KERNEL, cpu_to_node(cpu));
		if (!s) {
			ctalg_scratch_fini();
			return -ENOMEM;
		}
		per_cpu(ctalg_scratches, cpu) = s;
	}
	return 0;
}
