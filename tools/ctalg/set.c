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

static void set_main(const struct options *o)
{
	struct policy p = POLICY_AS_IS;
	int i;

	if (o->argc < 3 || o->argc % 2 == 0)
		misused("\"set\" wants a helper, then a policy and \"on\" or \"off\"; see \"ctalg set --help\"");
	for (i = 1; i < o->argc; i += 2)
		policy_of(&p, o->argv[i], o->argv[i + 1]);
	if (!kernel_set(o->argv[0], &p))
		fail("no helper \"%s\" is loaded; \"ctalg helpers\" shows those that are",
		     o->argv[0]);
}

const struct noun set_noun = {
	.name = "set",
	.args = "HELPER enabled|loose|any-source|strict on|off ...",
	.run = set_main,
	.about = "change what a helper may do",
	.help = "In this namespace, from the next message on:\n"
		"\n"
		"  enabled     its connections are read at all; when they no longer are, they go on,\n"
		"              and the kernel keeps consistent what has been changed in them\n"
		"  loose       a message may name a third host for a data flow\n"
		"  any-source  any host may use a pinhole, not just the peer\n"
		"  strict      a connection is reset when it sends a message too long to be read\n"
		"\n"
		"The first is on, all others are off at first. \"loose\" and \"any-source\" weaken the\n"
		"firewall.\n"
		"\n"
		"  $ ctalg set ftp loose on\n",
};
