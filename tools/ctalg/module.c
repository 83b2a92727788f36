// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "module.h"
#include "system.h"
#include "tool.h"

static const char *name_of(char buf[MODULE_SIZE], const char *prefix, const struct service *s)
{
	char *c;

	snprintf(buf, MODULE_SIZE, "%s%s", prefix, s->name);
	for (c = buf; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return buf;
}

const char *module_ours(char buf[MODULE_SIZE], const struct service *s)
{
	return name_of(buf, "ctalg_", s);
}

const char *module_mainline(char buf[MODULE_SIZE], const struct service *s)
{
	return name_of(buf, "nf_conntrack_", s);
}

bool module_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

/* Only one that was loaded has a state. */
bool module_built_in(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return module_loaded(name) && access(path, F_OK);
}

/* depmod lists a module as PATH/NAME.ko, perhaps compressed, and a colon. */
bool module_built(const char *name)
{
	char path[256], want[MODULE_SIZE + 8], line[4096];
	struct utsname u;
	bool found = false;
	FILE *f;

	uname(&u);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", u.release);
	snprintf(want, sizeof(want), "/%s.ko", name);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, ":")] = 0;
		found = strstr(line, want);
	}
	if (f)
		fclose(f);
	return found;
}

/* Four bytes of attributes come first, then the value. */
static bool secure_boot(void)
{
	unsigned char b[5] = {};
	glob_t g;
	FILE *f;

	if (glob("/sys/firmware/efi/efivars/SecureBoot-*", 0, NULL, &g))
		return false;
	f = fopen(g.gl_pathv[0], "re");
	globfree(&g);
	if (f) {
		if (fread(b, 1, sizeof(b), f) != sizeof(b))
			b[4] = 0;
		fclose(f);
	}
	return b[4] == 1;
}

const char *module_signatures(void)
{
	char text[64];

	if (system_text("/sys/kernel/security/lockdown", text, sizeof(text)) &&
	    !strstr(text, "[none]") && strchr(text, '['))
		return "the kernel is locked down";
	if (system_text("/sys/module/module/parameters/sig_enforce", text, sizeof(text)) &&
	    text[0] == 'Y')
		return "the kernel takes signed modules only";
	if (secure_boot())
		return "Secure Boot is on";
	return NULL;
}

static const char *held(const struct service *s, char buf[SENTENCE_SIZE])
{
	char ours[MODULE_SIZE], mainline[MODULE_SIZE];

	module_ours(ours, s);
	module_mainline(mainline, s);
	if (module_built_in(mainline)) {
		snprintf(
			buf, SENTENCE_SIZE,
			"the kernel has its own helper \"%s\" built in; boot one that has %s as a module",
			s->name, mainline);
		return buf;
	}
	snprintf(
		buf, SENTENCE_SIZE,
		"the kernel's own %s holds the name \"%s\"; remove the rules that use it, run \"modprobe -r nf_nat_%s %s\" and \"modprobe %s\"",
		mainline, s->name, mainline + strlen("nf_conntrack_"), mainline, ours);
	return buf;
}

static const char *unsigned_one(const char *module, const char *why, char buf[SENTENCE_SIZE])
{
	snprintf(
		buf, SENTENCE_SIZE,
		"%s, and does not know the key that %s is signed with; run \"mokutil --import /var/lib/dkms/mok.pub\", reboot, enroll the key, and try again",
		why, module);
	return buf;
}

static bool is_refusal(const char *said)
{
	return strcasestr(said, "key was rejected") ||
	       strcasestr(said, "required key not available") ||
	       strcasestr(said, "operation not permitted");
}

const char *module_problem(const struct service *s, const char *said, char buf[SENTENCE_SIZE])
{
	const char *signatures = module_signatures();
	char ours[MODULE_SIZE], mainline[MODULE_SIZE];
	struct utsname u;

	module_ours(ours, s);
	if (module_loaded(module_mainline(mainline, s)))
		return held(s, buf);
	uname(&u);
	if (!module_built(ours)) {
		snprintf(
			buf, SENTENCE_SIZE,
			"there is no module %s for the kernel %s; run \"make dkms\" in the sources of ctalg, with that kernel's headers installed",
			ours, u.release);
		return buf;
	}
	if (said && (signatures || is_refusal(said)))
		return unsigned_one(
			ours, signatures ? signatures : "the kernel wants signed modules", buf);
	if (!said)
		return NULL;
	snprintf(buf, SENTENCE_SIZE,
		 "the kernel does not load %s: %.200s; \"dmesg | tail\" may tell more", ours, said);
	return buf;
}

const char *module_load(const struct service *s, char buf[SENTENCE_SIZE])
{
	char ours[MODULE_SIZE], said[512], *argv[] = { "modprobe", ours, NULL };
	int rc;

	module_ours(ours, s);
	if (module_loaded(ours))
		return NULL;
	if (module_problem(s, NULL, buf))
		return buf;
	rc = system_run(argv, said, sizeof(said));
	return rc ? module_problem(s, said, buf) : NULL;
}
