// SPDX-License-Identifier: GPL-2.0
/* Services, turned on and off by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "config.h"
#include "ruleset.h"
#include "system.h"
#include "tool.h"

/* HELPER [port N]; the port is 0 if none is named. */
static const struct service *service_asked(const struct options *o, const char *noun,
					   uint16_t *port)
{
	const struct service *s;

	if (o->argc != 1 && (o->argc != 3 || strcmp(o->argv[1], "port")))
		misused("\"%s\" wants a helper, and perhaps \"port\" and its number; see \"ctalg %s --help\"",
			noun, noun);
	s = service_named(o->argv[0]);
	*port = o->argc == 3 ? port_of(o->argv[2]) : 0;
	if (o->argc == 3 && !*port)
		misused("\"%s\" is not a port; ports are 1 to 65535", o->argv[2]);
	return s;
}

static void turn(struct changes *c, const struct service *s, bool on, bool finish)
{
	struct policy p = POLICY_AS_IS;
	struct helper *list = NULL;
	size_t n = kernel_has_module() ? kernel_helpers(&list) : 0, i;

	p.enabled = on;
	p.finishing = on ? -1 : finish;
	for (i = 0; i < n; i++)
		if (!strcmp(list[i].name, s->name))
			change_policy(c, s, &list[i], &p);
	free(list);
}

/* What the configuration has to say for it to be so again after a restart. */
static void print_advice(const struct attachments *all, const struct service *s)
{
	size_t i, n = 0;

	printf("To keep it so, write into " CONFIG_FILE ": %s { enabled = %s", s->name,
	       attachments_of(all, s) ? "true  ports = {" : "false");
	for (i = 0; i < all->n; i++)
		if (all->a[i].service == s)
			printf("%s%u", n++ ? ", " : "", all->a[i].port);
	printf("%s }\n", n ? "}" : "");
}

static void finish_up(struct changes *c, struct attachments *all, const struct service *s)
{
	change_end(c);
	if (c->list && !c->json)
		print_advice(all, s);
	attachments_free(all);
	json_decref(c->list);
}

static void enable_main(const struct options *o)
{
	struct changes c = { .json = o->json };
	struct attachments all;
	const struct service *s;
	uint16_t port;

	s = service_asked(o, "enable", &port);
	system_need_root();
	system_lock();
	if (!change_module(&c, s))
		exit(EXIT_ERROR);
	turn(&c, s, true, false);
	ruleset_read(&all);
	if (port || !attachments_of(&all, s))
		attachments_add(&all, s, port ? port : s->port);
	change_rules(&c, &all);
	finish_up(&c, &all, s);
}

static void disable_main(const struct options *o)
{
	bool finish = option_value(o, "finish");
	struct changes c = { .json = o->json };
	struct attachments all;
	const struct service *s;
	uint16_t port;

	s = service_asked(o, "disable", &port);
	system_need_root();
	system_lock();
	ruleset_read(&all);
	if (port && !attachments_remove(&all, s, port))
		fail("no rule of table inet ctalg gives port %u the helper \"%s\"; \"nft list table inet ctalg\" shows those there are",
		     port, s->name);
	if (!port)
		attachments_remove(&all, s, 0);
	change_rules(&c, &all);
	if (!attachments_of(&all, s))
		turn(&c, s, false, finish);
	finish_up(&c, &all, s);
}

const struct noun enable_noun = {
	.name = "enable",
	.args = "HELPER [port N]",
	.run = enable_main,
	.about = "serve a protocol, now",
	.help = "Loads the helper's module, turns it on in this namespace, and attaches it to new\n"
		"connections to the port, by a rule in the nftables table \"inet ctalg\". Without a\n"
		"port it is the ports that it had, or else the usual one. Connections that there are\n"
		"do not get it.\n"
		"\n" CONFIG_FILE " is left as it is: after a restart that counts again.\n"
		"\n"
		"  $ ctalg enable ftp port 2121\n",
};

static const struct noun_option disable_options[] = {
	{ "finish", NULL },
	{},
};

const struct noun disable_noun = {
	.name = "disable",
	.args = "HELPER [port N]",
	.run = disable_main,
	.options = disable_options,
	.about = "no longer serve a protocol, or one port of it",
	.help = "Takes the rule for the port away, or all of the helper's rules in the nftables table\n"
		"\"inet ctalg\". If none is left the helper is turned off in this namespace, for\n"
		"connections that other rules gave it too: they go on, but nothing of them is read.\n"
		"\n"
		"  --finish  connections that there are go on being read until they end\n"
		"\n" CONFIG_FILE " is left as it is: after a restart that counts again.\n"
		"\n"
		"  $ ctalg disable ftp\n",
};
