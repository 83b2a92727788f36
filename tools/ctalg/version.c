// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "kernel.h"
#include "tool.h"
#include "view.h"

static void version_main(const struct options *o)
{
	char module[64];

	kernel_version(module, sizeof(module));
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
