// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "kernel.h"
#include "text.h"
#include "tool.h"

enum {
	/* A day: a pinhole that waits longer is a hole. */
	LIFETIME_MOST = 86400,
};

static int on_or_off(const char *word)
{
	if (strcmp(word, "on") && strcmp(word, "off"))
		misused("\"%s\" is neither \"on\" nor \"off\"; see \"ctalg set --help\"", word);
	return !strcmp(word, "on");
}

static void enabled_of(struct policy *p, const char *word)
{
	if (!strcmp(word, "finish")) {
		p->enabled = 0;
		p->finishing = 1;
		return;
	}
	p->enabled = on_or_off(word);
	p->finishing = -1;
}

static void lifetime_of(struct policy *p, const char *word)
{
	uint64_t seconds;

	if (!number_of(word, LIFETIME_MOST, &seconds) || !seconds)
		misused("\"%s\" is not a number of seconds from 1 to %u; see \"ctalg set --help\"",
			word, LIFETIME_MOST);
	p->lifetime = (int64_t)seconds;
}

static void outside_ports_of(struct policy *p, const char *word)
{
	uint16_t first, last;

	if (!port_range_of(word, &first, &last))
		misused("\"%s\" is neither a range of ports such as 40000-49999 nor \"any\"; see \"ctalg set --help\"",
			word);
	p->port_first = first;
	p->port_last = last;
}

static void policy_of(struct policy *p, const char *name, const char *word)
{
	if (!strcmp(name, "enabled"))
		enabled_of(p, word);
	else if (!strcmp(name, "lifetime"))
		lifetime_of(p, word);
	else if (!strcmp(name, "outside-ports"))
		outside_ports_of(p, word);
	else if (!strcmp(name, "loose"))
		p->loose = on_or_off(word);
	else if (!strcmp(name, "any-source"))
		p->any_source = on_or_off(word);
	else if (!strcmp(name, "strict"))
		p->strict = on_or_off(word);
	else
		misused("there is no setting \"%s\"; see \"ctalg set --help\"", name);
}

static void set_main(const struct options *o)
{
	struct policy p = POLICY_AS_IS;
	int i;

	if (o->argc < 3 || o->argc % 2 == 0)
		misused("\"set\" wants a helper, then a setting and \"on\" or \"off\" or its value; see \"ctalg set --help\"");
	for (i = 1; i < o->argc; i += 2)
		policy_of(&p, o->argv[i], o->argv[i + 1]);
	if (!kernel_set(o->argv[0], &p))
		fail("no helper \"%s\" is loaded; \"ctalg helpers\" shows those that are",
		     o->argv[0]);
}

const struct noun set_noun = {
	.name = "set",
	.args = "HELPER SETTING VALUE ...",
	.run = set_main,
	.about = "change what a helper may do",
	.help = "In this namespace, from the next message on:\n"
		"\n"
		"  enabled on|off|finish\n"
		"              its connections are read at all; with \"off\" those there are go on\n"
		"              unread, and the kernel keeps consistent what has been changed in\n"
		"              them; with \"finish\" they are read until they end, and no other is\n"
		"  lifetime SECONDS\n"
		"              for so long a pinhole waits for its data flow\n"
		"  outside-ports FIRST-LAST|any\n"
		"              pinholes are opened on these ports; \"any\" is the port that the\n"
		"              message names, or another one if that is taken\n"
		"  loose on|off\n"
		"              a message may name a third host for a data flow\n"
		"  any-source on|off\n"
		"              any host may use a pinhole, not just the peer\n"
		"  strict on|off\n"
		"              what is malformed is refused, a connection that cannot be read reset\n"
		"\n"
		"\"enabled\" is on, the switches below are off at first. \"loose\" and \"any-source\"\n"
		"weaken the firewall.\n"
		"\n"
		"  $ ctalg set ftp loose on\n"
		"  $ ctalg set ftp lifetime 60 outside-ports 40000-49999\n",
};
