// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "config.h"
#include "policy.h"
#include "system.h"
#include "tool.h"

static const struct helper *helper_of(const struct helper *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

/* A service whose module can't be had gets no rule: that would find the kernel's own helper. */
static void apply_modules(struct changes *c, struct config *conf)
{
	const struct service *s;

	for (s = services; s->name; s++) {
		if (conf->enabled[s - services] && !change_module(c, s)) {
			conf->enabled[s - services] = false;
			attachments_remove(&conf->attach, s, 0);
		}
	}
}

static void apply_policies(struct changes *c, const struct config *conf)
{
	struct helper *list = NULL;
	size_t n = kernel_has_module() ? kernel_helpers(&list) : 0;
	const struct service *s;

	for (s = services; s->name; s++) {
		const struct helper *now = helper_of(list, n, s->name);

		if (now || conf->enabled[s - services])
			change_policy(c, s, now, &conf->policy[s - services]);
	}
	free(list);
}

static void apply_limits(struct changes *c, const struct config *conf)
{
	struct limit *list = NULL;
	size_t n = kernel_has_module() ? kernel_limits(&list) : 0, i, k;

	for (i = 0; i < n; i++)
		for (k = 0; limit_names[k]; k++)
			if (!strcmp(limit_names[k], list[i].name))
				change_limit(c, &list[i],
					     conf->limit[k] ? conf->limit[k] : list[i].standard);
	free(list);
}

/* A file that is not there says nothing about policy. Returns false then. */
static bool read_rulebook(struct policy_file *p, const struct options *o)
{
	const char *file = option_value(o, "policy");

	*p = (struct policy_file){};
	if (!file && access(POLICY_FILE, F_OK) && errno == ENOENT)
		return false;
	policy_file_read(p, file ? file : POLICY_FILE);
	return true;
}

static void keep_rulebook(void)
{
	struct loaded now = {};

	if (kernel_has_module())
		kernel_policy(&now);
	if (now.image)
		warn("policy: there is no " POLICY_FILE
		     ", and the policy that is loaded stays; \"ctalg policy load --none\" takes it away");
	free(now.image);
}

static void apply_main(const struct options *o)
{
	const char *file = option_value(o, "config");
	struct changes c = { .dry = option_value(o, "dry-run"), .json = o->json };
	struct policy_file rulebook;
	struct config conf;
	bool has_rulebook;

	config_read(&conf, file ? file : CONFIG_FILE);
	has_rulebook = read_rulebook(&rulebook, o);
	system_need_root();
	system_lock();
	apply_modules(&c, &conf);
	/* First what the kernel may refuse: then nothing else is changed. */
	if (has_rulebook)
		change_rulebook(&c, rulebook.image, rulebook.len);
	else
		keep_rulebook();
	apply_policies(&c, &conf);
	apply_limits(&c, &conf);
	change_rules(&c, &conf.attach);
	change_end(&c);
	attachments_free(&conf.attach);
	policy_file_free(&rulebook);
	json_decref(c.list);
	if (c.failed)
		exit(EXIT_ERROR);
}

static const struct noun_option options[] = {
	{ "dry-run", NULL },
	{ "config", "FILE" },
	{ "policy", "FILE" },
	{},
};

const struct noun apply_noun = {
	.name = "apply",
	.run = apply_main,
	.options = options,
	.about = "make the system what the configuration says",
	.help = "Loads the modules of the services that " CONFIG_FILE " turns on, sets what they\n"
		"may do and the limits, loads the policy in " POLICY_FILE ", and loads the rules\n"
		"that attach them, in one go, into the nftables table \"inet ctalg\"; takes away what is\n"
		"no longer wanted. Says line by line what it changed. Other rules are left alone. A\n"
		"mistake in a file is named with its line, and nothing is changed.\n"
		"A policy file in which nothing stands means that there is no policy; where there is no\n"
		"such file, a policy that somebody has loaded stays.\n"
		"\n"
		"  --dry-run      only say what would be changed\n"
		"  --config FILE  instead of " CONFIG_FILE "\n"
		"  --policy FILE  instead of " POLICY_FILE "\n"
		"\n"
		"The exit status is 1 if a service cannot be had; the others are served nevertheless.\n"
		"\n"
		"  $ ctalg apply\n"
		"  ftp: module ctalg_ftp loaded\n"
		"  ftp: tcp port 21 gets the helper\n",
};
