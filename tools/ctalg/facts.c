// SPDX-License-Identifier: GPL-2.0
#include <glob.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "facts.h"
#include "module.h"
#include "nft.h"
#include "system.h"
#include "tool.h"

static void gather_config(struct facts *f, const char *file)
{
	if (!file && access(CONFIG_FILE, F_OK))
		return;
	config_read(&f->conf, file ? file : CONFIG_FILE);
	f->has_conf = true;
}

/* What one of iptables' forms has; that of the old kernel interface only if it is in use, for to ask would load it. */
static void gather_iptables(struct facts *f, const char *save, const char *program,
			    const char *in_use)
{
	char *argv[] = { (char *)save, NULL }, *text;

	if (in_use && access(in_use, F_OK))
		return;
	text = system_output(argv);
	if (text)
		attached_iptables(&f->rules, program, text);
	free(text);
}

static void gather_rules(struct facts *f)
{
	json_t *ruleset = nft_list("list ruleset");

	attached_nft(&f->rules, ruleset);
	f->rules.unread = !ruleset;
	json_decref(ruleset);
	if (f->rules.raw) {
		gather_iptables(f, "iptables-nft-save", "iptables-nft", NULL);
		gather_iptables(f, "ip6tables-nft-save", "ip6tables-nft", NULL);
	}
	gather_iptables(f, "iptables-legacy-save", "iptables-legacy", "/proc/net/ip_tables_names");
	gather_iptables(f, "ip6tables-legacy-save", "ip6tables-legacy",
			"/proc/net/ip6_tables_names");
}

/* install nf_conntrack_ftp ... ctalg_ftp, in some file of modprobe's */
static bool is_redirected(const char *mainline)
{
	char line[512], name[MODULE_SIZE];
	bool found = false;
	glob_t g;
	size_t i;
	FILE *f;

	if (glob("/etc/modprobe.d/*.conf", 0, NULL, &g))
		return false;
	for (i = 0; i < g.gl_pathc; i++) {
		f = fopen(g.gl_pathv[i], "re");
		while (f && fgets(line, sizeof(line), f))
			found |= sscanf(line, "install %63s", name) == 1 && !strcmp(name, mainline);
		if (f)
			fclose(f);
	}
	globfree(&g);
	return found;
}

static void gather_service(struct facts *f, const struct service *s)
{
	struct service_facts *of = &f->of[s - services];
	char ours[MODULE_SIZE], mainline[MODULE_SIZE];
	size_t i;

	module_ours(ours, s);
	module_mainline(mainline, s);
	of->loaded = module_loaded(ours);
	of->built = module_built(ours);
	of->mainline = module_loaded(mainline);
	of->built_in = module_built_in(mainline);
	of->redirected = is_redirected(mainline);
	of->configured = f->has_conf && f->conf.enabled[s - services];
	for (i = 0; i < f->rules.n; i++)
		of->attached += !strcmp(f->rules.a[i].helper, s->name);
	for (i = 0; i < f->n_helpers; i++)
		if (!strcmp(f->helpers[i].name, s->name))
			of->helper = &f->helpers[i];
	of->asked = of->configured || of->attached || (of->loaded && !f->has_conf);
}

static void gather_addresses(struct facts *f)
{
	struct ifaddrs *list, *i;
	struct address a;

	if (getifaddrs(&list))
		return;
	for (i = list; i; i = i->ifa_next) {
		memset(&a, 0, sizeof(a));
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET) {
			a.len = sizeof(struct in_addr);
			memcpy(a.b, &((struct sockaddr_in *)(void *)i->ifa_addr)->sin_addr, a.len);
		} else if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET6) {
			a.len = sizeof(struct in6_addr);
			memcpy(a.b, &((struct sockaddr_in6 *)(void *)i->ifa_addr)->sin6_addr,
			       a.len);
		} else {
			continue;
		}
		f->own = need(reallocarray(f->own, f->n_own + 1, sizeof(a)));
		f->own[f->n_own++] = a;
	}
	freeifaddrs(list);
}

static bool is_port_of(const struct facts *f, const struct service *s, uint8_t l4, uint16_t port)
{
	size_t i;

	if (port == s->port || attachments_have(&f->conf.attach, s, port))
		return true;
	for (i = 0; i < f->rules.n; i++)
		if (f->rules.a[i].n_ranges && attached_covers(&f->rules.a[i], s, l4, port))
			return true;
	return false;
}

static bool is_of_interest(const struct connection *c, const void *data)
{
	const struct facts *f = data;
	const struct service *s;

	for (s = services; s->name; s++)
		if (!strcmp(c->helper, s->name) ||
		    (service_goes_over(s, c->l4) && is_port_of(f, s, c->l4, c->dst_port)))
			return true;
	return false;
}

static void gather_kernel(struct facts *f)
{
	static char version[64];
	static struct utsname u;

	uname(&u);
	f->kernel = u.release;
	system_text("/sys/module/ctalg/version", version, sizeof(version));
	f->module_version = version;
	f->signatures = module_signatures();
	system_number("/proc/sys/net/netfilter/nf_conntrack_expect_max", &f->expect_max);
	system_number("/sys/module/nf_conntrack/parameters/expect_hashsize", &f->expect_hash);
	system_number("/proc/sys/net/netfilter/nf_conntrack_max", &f->ct_max);
	system_number("/proc/sys/net/netfilter/nf_conntrack_count", &f->ct_now);
}

static uint64_t open_pinholes(void)
{
	struct pinhole *list;
	size_t n = kernel_pinholes(&list), i;
	uint64_t open = 0;

	for (i = 0; i < n; i++)
		open += !list[i].state;
	free(list);
	return open;
}

void facts_gather(struct facts *f, const char *conf)
{
	const struct service *s;

	memset(f, 0, sizeof(*f));
	gather_config(f, conf);
	gather_kernel(f);
	if (kernel_has_module()) {
		f->n_helpers = kernel_helpers(&f->helpers);
		/* A module of another version may not know of them. */
		if (!strcmp(f->module_version, CTALG_VERSION))
			f->n_limits = kernel_limits(&f->limits);
		f->expect_now = open_pinholes();
	}
	gather_rules(f);
	for (s = services; s->name; s++)
		gather_service(f, s);
	gather_addresses(f);
	f->n_connections = conntrack_list(&f->connections, is_of_interest, f);
}

void facts_free(struct facts *f)
{
	attachments_free(&f->conf.attach);
	attached_free(&f->rules);
	free(f->helpers);
	free(f->limits);
	free(f->own);
	free(f->connections);
}
