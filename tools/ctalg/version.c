// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "tool.h"
#include "view.h"

/* The module's version; empty if it is not loaded. */
static void module_version(char *buf, int size)
{
	FILE *f = fopen("/sys/module/ctalg/version", "re");

	if (!f || !fgets(buf, size, f))
		buf[0] = 0;
	buf[strcspn(buf, "\n")] = 0;
	if (f)
		fclose(f);
}

static void version_main(const struct options *o)
{
	char module[64];

	module_version(module, sizeof(module));
	if (o->json)
		json_print(
			json_pack("{ss so}", "tool", CTALG_VERSION, "module", json_text(module)));
	else
		printf("ctalg %s, module %s\n", CTALG_VERSION, module[0] ? module : "not loaded");
}

const struct noun version_noun = {
	.name = "version",
	.run = version_main,
	.about = "versions of the command and of the module",
	.help = "Needs no privilege.\n"
		"\n"
		"  $ ctalg version\n"
		"  ctalg " CTALG_VERSION ", module " CTALG_VERSION "\n",
};
