// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "kernel.h"
#include "tool.h"

static int on_or_off(const char *word)
{
	if (strcmp(word, "on") && strcmp(word, "off"))
		misused("\"%s\" is neither \"on\" nor \"off\"; see \"ctalg set --help\"", word);
	return !strcmp(word, "on");
}

static void policy_of(struct policy *p, const char *name, const char *word)
{
	if (!strcmp(name, "loose"))
		p->loose = on_or_off(word);
	else if (!strcmp(name, "any-source"))
		p->any_source = on_or_off(word);
	else if (!strcmp(name, "strict"))
		p->strict = on_or_off(word);
	else if (!strcmp(name, "enabled"))
		p->enabled = on_or_off(word);
	else
		misused("there is no policy \"%s\"; see \"ctalg set --help\"", name);
}

void set_main(const struct options *o)
{
	struct policy p = { .loose = -1, .any_source = -1, .strict = -1, .enabled = -1 };
	int i;

	if (o->argc < 3 || o->argc % 2 == 0)
		misused("\"set\" wants a helper, then a policy and \"on\" or \"off\"; see \"ctalg set --help\"");
	for (i = 1; i < o->argc; i += 2)
		policy_of(&p, o->argv[i], o->argv[i + 1]);
	if (!kernel_set(o->argv[0], &p))
		fail("no helper \"%s\" is loaded; \"ctalg helpers\" shows those that are",
		     o->argv[0]);
}
