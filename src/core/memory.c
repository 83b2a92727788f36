// SPDX-License-Identifier: GPL-2.0
/* Memory of a namespace's streams: held bytes, journals, packets being put together. */
#include <linux/module.h>
#include <linux/slab.h>

#include "core.h"

static unsigned int stream_memory __read_mostly = 32768;
module_param(stream_memory, uint, 0644);
MODULE_PARM_DESC(stream_memory,
		 "KiB that the TCP streams of one network namespace may hold back and remember");

static void *memory_alloc(void *ctx, u32 size)
{
	struct ctalg_net *cn = ctx;
	void *p = kmalloc(size, GFP_ATOMIC | __GFP_NOWARN);

	if (p)
		atomic_long_add(size, &cn->stream_bytes);
	return p;
}

static void memory_free(void *ctx, void *p, u32 size)
{
	struct ctalg_net *cn = ctx;

	atomic_long_sub(size, &cn->stream_bytes);
	kfree(p);
}

static bool memory_full(void *ctx)
{
	const struct ctalg_net *cn = ctx;

	return atomic_long_read(&cn->stream_bytes) >= (long)READ_ONCE(stream_memory) * 1024;
}

/* A few hosts with long messages may take one half, but not the other, too. */
static bool memory_scarce(void *ctx)
{
	const struct ctalg_net *cn = ctx;

	return atomic_long_read(&cn->stream_bytes) >= (long)READ_ONCE(stream_memory) * 512;
}

void ctalg_memory_setup(struct ctalg_net *cn)
{
	cn->mem.alloc = memory_alloc;
	cn->mem.free = memory_free;
	cn->mem.full = memory_full;
	cn->mem.scarce = memory_scarce;
	cn->mem.ctx = cn;
}
