// SPDX-License-Identifier: GPL-2.0
/* Is it there, is it ours, is it on? */
#include <string.h>

#include "checks.h"
#include "module.h"

static const char CHECK[] = "module";

/* The kernel's own modules come in twos; the NAT half goes first. */
static void remedy_mainline(struct finding *found, const struct facts *f, const char *ours,
			    const char *mainline)
{
	const char *name = mainline + strlen("nf_conntrack_");

	if (f->rules.firewalld)
		finding_remedy(
			found,
			"firewalld loads it by that name: take the # away from the \"install\" lines in /etc/modprobe.d/ctalg.conf, then: systemctl stop firewalld; modprobe -r nf_nat_%s %s; modprobe %s; systemctl start firewalld",
			name, mainline, ours);
	else
		finding_remedy(
			found,
			"remove the rules that use it, then: modprobe -r nf_nat_%s %s && modprobe %s",
			name, mainline, ours);
}

static void not_loaded(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct service_facts *of = &f->of[s - services];
	char ours[MODULE_SIZE], mainline[MODULE_SIZE];
	struct finding *found;

	module_ours(ours, s);
	module_mainline(mainline, s);
	if (of->built_in) {
		found = finding_add(out, CHECK, s->name, RESULT_PROBLEM,
				    "the kernel has its own helper \"%s\" built in", s->name);
		finding_remedy(found, "boot a kernel that has %s as a module", mainline);
	} else if (of->mainline) {
		found = finding_add(out, CHECK, s->name, RESULT_PROBLEM,
				    "the kernel's own %s holds the name \"%s\"", mainline, s->name);
		remedy_mainline(found, f, ours, mainline);
	} else if (!of->built) {
		found = finding_add(out, CHECK, s->name, RESULT_PROBLEM,
				    "there is no module %s for the kernel that runs, %s", ours,
				    f->kernel);
		finding_remedy(
			found,
			"install the headers of that kernel (linux-headers-%s), then in the sources of ctalg: make dkms",
			f->kernel);
	} else if (f->signatures) {
		found = finding_add(
			out, CHECK, s->name, RESULT_PROBLEM,
			"%s is not loaded, and %s: the key that it is signed with must be known",
			ours, f->signatures);
		finding_remedy(
			found,
			"mokutil --import /var/lib/dkms/mok.pub; reboot, enroll the key, then: ctalg apply");
	} else {
		found = finding_add(out, CHECK, s->name, RESULT_PROBLEM, "%s is not loaded", ours);
		finding_remedy(found, of->configured ? "ctalg apply" : "ctalg enable %s", s->name);
	}
}

void check_module(struct findings *out, const struct facts *f, const struct service *s)
{
	char ours[MODULE_SIZE];
	struct finding *found;

	module_ours(ours, s);
	if (!f->of[s - services].loaded) {
		not_loaded(out, f, s);
		return;
	}
	if (!strcmp(f->module_version, CTALG_VERSION)) {
		finding_add(out, CHECK, s->name, RESULT_OK, "%s %s is loaded", ours, CTALG_VERSION);
		return;
	}
	found = finding_add(out, CHECK, s->name, RESULT_WARNING,
			    "the module that is loaded is of version %s, the command of %s",
			    f->module_version, CTALG_VERSION);
	finding_remedy(
		found,
		"reboot; or nft delete table inet ctalg, modprobe -r ctalg and all that lsmod shows of it, then: ctalg apply");
}

void check_enabled(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct helper *h = f->of[s - services].helper;
	struct finding *found;

	if (h->enabled)
		return;
	found = finding_add(out, "enabled", s->name, RESULT_PROBLEM,
			    "it is turned off in this namespace: nothing is read");
	finding_remedy(found, "ctalg enable %s", s->name);
}
