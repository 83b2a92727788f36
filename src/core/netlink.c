// SPDX-License-Identifier: GPL-2.0
#include "core.h"

int ctalg_netlink_init(void)
{
	return 0;
}

void ctalg_netlink_fini(void)
{
}
