// SPDX-License-Identifier: GPL-2.0
/* Limits: how many there may be, how many there are, how many there have been at most. */
#include <linux/sizes.h>

#include "core.h"

enum {
	/* More than this of anything would not be a limit. */
	LIMIT_MOST = 1 << 24,
};

/* What a host may have is a quarter of what all may have. */
static const struct {
	const char *name;
	unsigned long standard;
	unsigned long most;
} limits[CTALG_LIMITS] = {
	[CTALG_LIMIT_FLOWS] = { "flows", 65536, LIMIT_MOST },
	[CTALG_LIMIT_PINHOLES] = { "pinholes", 131072, LIMIT_MOST },
	[CTALG_LIMIT_MEMORY] = { "memory", SZ_32M, LONG_MAX },
	[CTALG_LIMIT_HOST_FLOWS] = { "host-flows", 16384, LIMIT_MOST },
	[CTALG_LIMIT_HOST_PINHOLES] = { "host-pinholes", 32768, LIMIT_MOST },
	[CTALG_LIMIT_HOST_MEMORY] = { "host-memory", SZ_8M, LONG_MAX },
	[CTALG_LIMIT_FLOW_PINHOLES] = { "flow-pinholes", 32768, LIMIT_MOST },
	[CTALG_LIMIT_SESSION_PINHOLES] = { "session-pinholes", 16, LIMIT_MOST },
	[CTALG_LIMIT_METERS] = { "meters", 65536, LIMIT_MOST },
	[CTALG_LIMIT_SESSIONS] = { "sessions", 131072, LIMIT_MOST },
	[CTALG_LIMIT_HOST_SESSIONS] = { "host-sessions", 32768, LIMIT_MOST },
};

const char *ctalg_limit_name(enum ctalg_limit which)
{
	return limits[which].name;
}

unsigned long ctalg_limit_standard(enum ctalg_limit which)
{
	return limits[which].standard;
}

unsigned long ctalg_limit_most(enum ctalg_limit which)
{
	return limits[which].most;
}

void ctalg_limits_setup(struct ctalg_net *cn)
{
	unsigned int i;

	for (i = 0; i < CTALG_LIMITS; i++)
		cn->limit[i].value = limits[i].standard;
}

/* Of two that come at once, the lesser may be noted; the next one mends it. */
void ctalg_limit_mark(struct ctalg_net *cn, enum ctalg_limit which, unsigned long n)
{
	if (n > READ_ONCE(cn->limit[which].peak))
		WRITE_ONCE(cn->limit[which].peak, n);
}

bool ctalg_limit_allows(const struct ctalg_net *cn, enum ctalg_limit which, unsigned long n)
{
	return n <= READ_ONCE(cn->limit[which].value);
}

/* One more, if that is not too many. */
bool ctalg_limit_take(struct ctalg_net *cn, enum ctalg_limit which, atomic_long_t *n)
{
	unsigned long now = atomic_long_inc_return(n);

	if (ctalg_limit_allows(cn, which, now)) {
		ctalg_limit_mark(cn, which, now);
		return true;
	}
	atomic_long_dec(n);
	return false;
}
