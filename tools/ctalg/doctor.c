// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "colour.h"
#include "system.h"
#include "tool.h"
#include "view.h"

static const struct {
	const char *name;
	enum paint paint;
} results[] = {
	[RESULT_OK] = { "ok", PAINT_GOOD },
	[RESULT_WARNING] = { "warning", PAINT_WARNING },
	[RESULT_PROBLEM] = { "problem", PAINT_BAD },
	[RESULT_UNKNOWN] = { "unknown", PAINT_FAINT },
};

static size_t count(const struct findings *all, enum result result)
{
	size_t i, n = 0;

	for (i = 0; i < all->n; i++)
		n += all->f[i].result == result;
	return n;
}

static void print_json(const struct findings *all)
{
	json_t *list = need(json_array());
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct finding *f = &all->f[i];

		json_array_append_new(list,
				      json_pack("{ss ss so so so}", "check", f->check, "result",
						results[f->result].name, "helper",
						json_text(f->helper), "says", json_text(f->says),
						"remedy", json_text(f->remedy)));
	}
	json_print(list);
}

static void print_finding(const struct finding *f)
{
	printf("%s%-7s%s  %s%s%s\n", paint(results[f->result].paint), results[f->result].name,
	       paint(PAINT_END), f->helper, f->helper[0] ? ": " : "", f->says);
	if (f->remedy[0])
		printf("         -> %s\n", f->remedy);
}

static void print_text(const struct findings *all)
{
	size_t problems = count(all, RESULT_PROBLEM), warnings = count(all, RESULT_WARNING), i;

	for (i = 0; i < all->n; i++)
		print_finding(&all->f[i]);
	if (problems || warnings)
		printf("\n%zu problem%s, %zu warning%s\n", problems, problems == 1 ? "" : "s",
		       warnings, warnings == 1 ? "" : "s");
	else
		puts("\nNothing is wrong.");
}

static void doctor_main(const struct options *o)
{
	struct findings all;
	struct facts facts;
	bool ill;

	system_need_root();
	facts_gather(&facts, option_value(o, "config"));
	checks_run(&all, &facts);
	if (o->json)
		print_json(&all);
	else
		print_text(&all);
	ill = count(&all, RESULT_PROBLEM);
	free(all.f);
	facts_free(&facts);
	if (ill)
		exit(EXIT_ERROR);
}

static const struct noun_option options[] = {
	{ "config", "FILE" },
	{},
};

const struct noun doctor_noun = {
	.name = "doctor",
	.run = doctor_main,
	.options = options,
	.about = "find out why it does not work",
	.help = "Looks for what commonly goes wrong: a module that is not loaded, not built for this\n"
		"kernel, kept away by the kernel's own of that name or refused by Secure Boot; rules\n"
		"that are missing, stand in the wrong hook, or came after the connection, or let no data\n"
		"connections in; tracking that is turned off; NAT that is missing; connections that are\n"
		"offloaded; tables and limits that are too small; and what\n"
		"has been counted in this namespace, such as encrypted control channels. Each finding\n"
		"comes with its remedy. Nothing is changed.\n"
		"\n"
		"  --config FILE  compare with this instead of /etc/ctalg.conf\n"
		"\n"
		"The exit status is 1 if there is a problem. A warning is something that may be meant so.\n"
		"\n"
		"  $ ctalg doctor\n"
		"  ok       ftp: ctalg_ftp " CTALG_VERSION " is loaded\n"
		"  problem  ftp: no rule attaches it to connections to tcp port 21\n"
		"           -> ctalg enable ftp port 21\n",
};
