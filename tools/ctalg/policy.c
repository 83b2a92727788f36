// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ctalg/proto.h>

#include "kernel.h"
#include "policy.h"
#include "service.h"
#include "tool.h"
#include "view.h"

/* The one that is loaded, checked; NULL if there is none. To be freed. */
void *policy_loaded(void)
{
	struct ctalg_policy_error err;
	struct loaded now;

	if (!kernel_has_module())
		fail("the ctalg module is not loaded, and so there is no policy; load a helper, for instance with \"modprobe ctalg_ftp\", or ask about a file");
	kernel_policy(&now);
	if (!now.known)
		fail("the ctalg module that is loaded knows no policy; it is older than this command: load the new one");
	if (now.image && !ctalg_image_check(now.image, now.len, &err))
		fail("the policy that is loaded makes no sense to this command (%s); load one again",
		     err.what);
	return now.image;
}

uint32_t policy_rules_of(const void *image, const struct ctalg_proto *proto)
{
	const struct ctalg_image_rule *r;
	u32 n = 0, i, len, count = 0;

	r = image ? ctalg_image_rules(image, &n) : NULL;
	for (i = 0; i < n; i++) {
		const char *helper = ctalg_image_string(image, r[i].helper, &len);

		count += !len || (len == strlen(proto->name) && !memcmp(helper, proto->name, len));
	}
	return count;
}

uint32_t policy_rules(const void *image)
{
	u32 n = 0;

	if (image)
		ctalg_image_rules(image, &n);
	return n;
}

static json_t *faults_json(const struct policy_faults *faults)
{
	json_t *all = need(json_array());
	size_t i;

	for (i = 0; i < faults->n; i++)
		json_array_append_new(
			all,
			json_pack("{sI sI so}", "line", (json_int_t)faults->f[i].line, "column",
				  (json_int_t)faults->f[i].column, "says",
				  policy_json_text(faults->f[i].text, strlen(faults->f[i].text))));
	return all;
}

static json_t *counts_json(const void *image)
{
	json_t *o = need(json_object());
	const struct service *s;

	for (s = services; s->name; s++)
		json_object_set_new(o, s->name, json_number(policy_rules_of(image, s->proto)));
	return o;
}

static void check_json(const char *path, const struct policy_file *p)
{
	json_print(json_pack("{ss so so so}", "file", path, "errors", faults_json(&p->errors),
			     "warnings", faults_json(&p->warnings), "rules",
			     counts_json(p->image)));
}

static void check_text(const char *path, const struct policy_file *p)
{
	const struct service *s;

	policy_file_say(path, &p->warnings, "warning: ");
	printf("%s: %u rule%s", path, policy_rules(p->image),
	       policy_rules(p->image) == 1 ? "" : "s");
	for (s = services; s->name; s++)
		printf("%s%s %u", s == services ? "; " : ", ", s->name,
		       policy_rules_of(p->image, s->proto));
	putchar('\n');
}

static void check(const struct options *o, const char *path)
{
	struct policy_file p;

	if (o->json) {
		policy_file_open(&p, path);
		check_json(path, &p);
		if (p.errors.n)
			exit(EXIT_ERROR);
	} else {
		policy_file_read(&p, path);
		check_text(path, &p);
	}
	policy_file_free(&p);
}

static void load(const struct options *o, const char *path)
{
	struct policy_file p;

	(void)o;
	policy_file_read(&p, path);
	policy_file_say(path, &p.warnings, "warning: ");
	kernel_policy_set(p.image, p.len);
	policy_file_free(&p);
}

static void load_main(const struct options *o)
{
	if (!option_value(o, "none"))
		load(o, o->argc == 2 ? o->argv[1] : POLICY_FILE);
	else if (o->argc == 1)
		kernel_policy_set(NULL, 0);
	else
		misused("\"load\" wants a file or --none, not both; see \"ctalg policy --help\"");
}

static void show(const struct options *o)
{
	void *image = policy_loaded();

	if (o->json)
		policy_show_json(image);
	else if (image)
		policy_print(stdout, image);
	else
		puts("There is no policy.");
	free(image);
}

/* An option that only another subcommand has. */
static void want_options(const struct options *o, const char *what, const char *const *allowed)
{
	unsigned int i;
	size_t k;

	for (i = 0; i < o->n_given; i++) {
		for (k = 0; allowed[k] && strcmp(allowed[k], o->given[i].option->name); k++)
			;
		if (!allowed[k])
			misused("\"policy %s\" has no option \"--%s\"; see \"ctalg policy --help\"",
				what, o->given[i].option->name);
	}
}

static void want_arguments(const struct options *o, int least, int most, const char *what)
{
	if (o->argc < least || o->argc > most)
		misused("\"policy %s\" wants %s; see \"ctalg policy --help\"", o->argv[0], what);
}

static void policy_main(const struct options *o)
{
	static const char *const none[] = { NULL }, *const for_load[] = { "none", NULL },
				 *const for_test[] = { "user",	  "object", "inside",
						       "outside", "mark",   "zone",
						       "size",	  "file",   NULL };
	const char *what = o->argc ? o->argv[0] : "";

	if (!strcmp(what, "check")) {
		want_arguments(o, 1, 2, "one file, or nothing for " POLICY_FILE);
		want_options(o, what, none);
		check(o, o->argc == 2 ? o->argv[1] : POLICY_FILE);
	} else if (!strcmp(what, "load")) {
		want_arguments(o, 1, 2, "one file, or nothing for " POLICY_FILE);
		want_options(o, what, for_load);
		load_main(o);
	} else if (!strcmp(what, "show")) {
		want_arguments(o, 1, 1, "nothing after it");
		want_options(o, what, none);
		show(o);
	} else if (!strcmp(what, "test")) {
		want_arguments(o, 3, 3, "a helper and a command, as: policy test ftp STOR");
		want_options(o, what, for_test);
		policy_test(o);
	} else {
		misused("\"policy\" wants check, load, show or test; see \"ctalg policy --help\"");
	}
}

static const struct noun_option options[] = {
	{ "none", NULL },	  { "user", "USER" },
	{ "object", "NAME" },	  { "inside", "ADDRESS" },
	{ "outside", "ADDRESS" }, { "mark", "N" },
	{ "zone", "N" },	  { "size", "BYTES" },
	{ "file", "FILE" },	  {},
};

const struct noun policy_noun = {
	.name = "policy",
	.args = "check|load|show|test ...",
	.run = policy_main,
	.options = options,
	.about = "what may be asked for, by whom, from where, and what is refused",
	.help = "Rules in a file, " POLICY_FILE " unless another is named, say which commands are\n"
		"allowed to whom, how often, and what else holds. \"man ctalg\" has the language.\n"
		"\n"
		"  check [FILE]   read the file, say what is wrong or odd in it, change nothing\n"
		"  load [FILE]    the same, and put it in the place of the policy that is loaded\n"
		"                 in this namespace, at once for all helpers\n"
		"  load --none    from now on there is no policy\n"
		"  show           the policy that is loaded, as a file\n"
		"  test HELPER COMMAND [--user U] [--object O] [--inside A] [--outside A]\n"
		"       [--mark N] [--zone N] [--size BYTES] [--file FILE]\n"
		"                 what would become of this command, and by which rule; by the\n"
		"                 file, or else by the policy that is loaded\n"
		"\n"
		"\"check\" and \"test --file\" need neither privilege nor module. A file with a mistake\n"
		"changes nothing: each is told with its line and column.\n"
		"\n"
		"  $ cat /etc/ctalg.policy\n"
		"  set office { 10.0.0.0/24, 2001:db8:1::/48 }\n"
		"  ftp {\n"
		"      deny writes inside not office answer 550 \"Read only from here\"\n"
		"      deny RETR object \"*.exe\"\n"
		"  }\n"
		"  $ ctalg policy check\n"
		"  $ ctalg policy test ftp STOR --inside 10.0.9.9 --file /etc/ctalg.policy\n"
		"  $ ctalg policy load\n",
};
