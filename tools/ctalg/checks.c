// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "tool.h"

struct finding *finding_add(struct findings *out, const char *check, const char *helper,
			    enum result result, const char *format, ...)
{
	struct finding *f;
	va_list args;

	out->f = need(reallocarray(out->f, out->n + 1, sizeof(*f)));
	f = &out->f[out->n++];
	memset(f, 0, sizeof(*f));
	f->check = check;
	f->helper = helper;
	f->result = result;
	va_start(args, format);
	vsnprintf(f->says, sizeof(f->says), format, args);
	va_end(args);
	return f;
}

void finding_remedy(struct finding *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->remedy, sizeof(f->remedy), format, args);
	va_end(args);
}

uint64_t checks_counted(const struct helper *h, const char *reason)
{
	size_t i;

	for (i = 0; h && i < h->n_counters; i++)
		if (!strcmp(h->counter[i].reason, reason))
			return h->counter[i].orig + h->counter[i].reply;
	return 0;
}

static void check_service(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct service_facts *of = &f->of[s - services];

	if (!of->asked) {
		finding_add(out, "module", s->name, RESULT_OK, "nobody asks for it");
		return;
	}
	check_module(out, f, s);
	check_rule(out, f, s);
	check_untracked(out, f, s);
	check_families(out, f, s);
	check_firewall(out, f, s);
	if (of->attached)
		check_hook(out, f, s);
	if (!of->helper)
		return;
	check_enabled(out, f, s);
	if (of->attached && of->helper->enabled)
		check_began_before(out, f, s);
	check_offload(out, f, s);
	check_nat(out, f, s);
	check_data(out, f, s);
	check_counters(out, f, s);
}

static void check_asked(struct findings *out, const struct facts *f)
{
	const struct service *s;

	for (s = services; s->name; s++)
		if (f->of[s - services].asked)
			return;
	finding_remedy(
		finding_add(out, "asked", "", RESULT_PROBLEM,
			    "no service is asked for: by no configuration, no rule and no module"),
		"ctalg apply, or for one: ctalg enable %s", services[0].name);
}

void checks_run(struct findings *out, const struct facts *f)
{
	const struct service *s;

	memset(out, 0, sizeof(*out));
	check_asked(out, f);
	for (s = services; s->name; s++)
		check_service(out, f, s);
	check_expectations(out, f);
	check_limits(out, f);
	check_connections(out, f);
	check_firewalld(out, f);
}
