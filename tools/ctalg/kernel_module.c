// SPDX-License-Identifier: GPL-2.0
/* Whether the module is there, and which. */
#include <stdio.h>
#include <string.h>

#include "netlink.h"

bool kernel_has_module(void)
{
	struct link l;
	struct family f;

	link_open(&l);
	f = link_family(&l);
	link_close(&l);
	return f.id;
}

void kernel_version(char *buf, size_t size)
{
	FILE *f = fopen("/sys/module/ctalg/version", "re");

	if (!f || !fgets(buf, (int)size, f))
		buf[0] = 0;
	buf[strcspn(buf, "\n")] = 0;
	if (f)
		fclose(f);
}
