// SPDX-License-Identifier: GPL-2.0
/* Does a rule attach it, to the right port, in the right place, in time? */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "text.h"

/* The hooks of all rules for that port; @early: only some that come before connection tracking. */
static unsigned int hooks_of(const struct facts *f, const struct service *s, uint8_t l4,
			     uint16_t port, const char **where)
{
	unsigned int hooks = 0;
	size_t i;

	for (i = 0; i < f->rules.n; i++) {
		if (!attached_covers(&f->rules.a[i], s, l4, port))
			continue;
		hooks |= f->rules.a[i].hooks;
		*where = f->rules.a[i].where;
	}
	return hooks;
}

/* Who keeps the rules himself may want one transport only. */
static bool is_half_meant(const struct facts *f, const struct service *s, uint16_t port)
{
	const char *where = NULL;
	unsigned int n;
	uint8_t l4;

	for (n = 0; (l4 = service_transport(s, n)); n++)
		hooks_of(f, s, l4, port, &where);
	return where && !f->of[s - services].configured;
}

/* Is a rule about the port, and does it do anything? */
static void check_port(struct findings *out, const struct facts *f, const struct service *s,
		       uint8_t l4, uint16_t port)
{
	const char *where = NULL;
	unsigned int hooks = hooks_of(f, s, l4, port, &where);
	struct finding *found;
	char text[ENDPOINT_SIZE];

	l4_text(text, l4);
	if (!where && f->rules.unread) {
		found = finding_add(
			out, "rule", s->name, RESULT_UNKNOWN,
			"nftables' rules cannot be listed: nobody knows whether one attaches it");
		finding_remedy(found, "look whether this works: nft -j list ruleset");
	} else if (!where) {
		found = finding_add(out, "rule", s->name,
				    is_half_meant(f, s, port) ? RESULT_WARNING : RESULT_PROBLEM,
				    "no rule attaches it to connections to %s port %u", text, port);
		finding_remedy(found,
			       f->of[s - services].configured ? "ctalg apply"
							      : "ctalg enable %s port %u",
			       s->name, port);
	} else if (!hooks) {
		found = finding_add(out, "rule", s->name, RESULT_PROBLEM,
				    "no packet comes to the rule that attaches it (%s)", where);
		finding_remedy(found,
			       "let a base chain on prerouting jump there, or: ctalg enable %s",
			       s->name);
	} else if (hooks == HOOK_EARLY) {
		found = finding_add(
			out, "rule", s->name, RESULT_PROBLEM,
			"the rule that attaches it comes before connection tracking and does nothing (%s)",
			where);
		finding_remedy(
			found,
			"give that chain a priority between -200 and -100, for instance -150");
	} else {
		finding_add(out, "rule", s->name, RESULT_OK, "attached to %s port %u (%s)", text,
			    port, where);
	}
}

void checks_ports(struct attachments *ports, const struct facts *f, const struct service *s)
{
	const struct attached *a = f->rules.a;
	unsigned int k;
	size_t i;

	for (i = 0; i < f->conf.attach.n; i++)
		if (f->conf.attach.a[i].service == s)
			attachments_add(ports, s, f->conf.attach.a[i].port);
	for (i = 0; !f->of[s - services].configured && i < f->rules.n; i++)
		for (k = 0; !strcmp(a[i].helper, s->name) && k < a[i].n_ranges; k++)
			attachments_add(ports, s, a[i].range[k][0]);
	if (!ports->n)
		attachments_add(ports, s, s->port);
}

void checks_each_port(struct findings *out, const struct facts *f, const struct service *s,
		      void (*check)(struct findings *out, const struct facts *f,
				    const struct service *s, uint8_t l4, uint16_t port))
{
	struct attachments ports = {};
	unsigned int n;
	uint8_t l4;
	size_t i;

	checks_ports(&ports, f, s);
	for (i = 0; i < ports.n; i++)
		for (n = 0; (l4 = service_transport(s, n)); n++)
			check(out, f, s, l4, ports.a[i].port);
	attachments_free(&ports);
}

void check_rule(struct findings *out, const struct facts *f, const struct service *s)
{
	checks_each_port(out, f, s, check_port);
}

static bool is_own(const struct facts *f, const struct address *a)
{
	size_t i;

	for (i = 0; i < f->n_own; i++)
		if (f->own[i].len == a->len && !memcmp(f->own[i].b, a->b, a->len))
			return true;
	return false;
}

/* To one of the service's ports, and there is a rule for it. */
static bool should_have(const struct facts *f, const struct connection *c, const struct service *s)
{
	const char *where = NULL;

	return service_goes_over(s, c->l4) &&
	       (hooks_of(f, s, c->l4, c->dst_port, &where) | HOOK_EARLY) != HOOK_EARLY;
}

/* It has none and should; @own: it is this machine's. */
static bool is_without(const struct facts *f, const struct service *s, const struct connection *c,
		       bool own)
{
	return !c->helper[0] && should_have(f, c, s) && is_own(f, &c->src) == own;
}

static size_t own_without(const struct facts *f, const struct service *s)
{
	size_t i, n = 0;

	for (i = 0; i < f->n_connections; i++) {
		const struct connection *c = &f->connections[i];

		n += is_without(f, s, c, true) && (c->established || c->l4 != IPPROTO_TCP);
	}
	return n;
}

static unsigned int all_hooks(const struct facts *f, const struct service *s)
{
	unsigned int hooks = 0;
	size_t i;

	for (i = 0; i < f->rules.n; i++)
		if (!strcmp(f->rules.a[i].helper, s->name))
			hooks |= f->rules.a[i].hooks;
	return hooks;
}

void check_hook(struct findings *out, const struct facts *f, const struct service *s)
{
	unsigned int hooks = all_hooks(f, s);
	size_t own = own_without(f, s);
	struct finding *found;

	if (!hooks || hooks == HOOK_EARLY)
		return;
	if (!(hooks & (HOOK_OUTPUT | HOOK_POSTROUTING))) {
		found = finding_add(
			out, "hook", s->name, own ? RESULT_PROBLEM : RESULT_WARNING,
			own ? "connections of this machine itself without a helper, as no rule attaches it on the hook output: %zu"
			    : "no rule attaches it on the hook output: connections of this machine itself do not get it",
			own);
		finding_remedy(
			found,
			"let a chain on output (of priority -150) attach it too, or: ctalg enable %s",
			s->name);
	} else if (!(hooks & (HOOK_PREROUTING | HOOK_FORWARD | HOOK_POSTROUTING))) {
		found = finding_add(
			out, "hook", s->name, RESULT_WARNING,
			"no rule attaches it on the hook prerouting: connections that come by do not get it");
		finding_remedy(
			found,
			"let a chain on prerouting (of priority -150) attach it too, or: ctalg enable %s",
			s->name);
	}
}

/* Connections that were given up lose their helper; as many as were counted for it are no surprise. */
static size_t given_up(const struct helper *h)
{
	static const char *const reasons[] = {
		"tls-control-channel",	       "not-the-protocol",   "opaque", "mid-stream",
		"foreign-sequence-adjustment", "nul-or-telnet-bytes"
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		n += checks_counted(h, reasons[i]);
	return n;
}

/* Both ends have spoken. A TFTP server answers from another port, and is never seen to. */
static bool is_alive(const struct connection *c)
{
	return c->l4 == IPPROTO_TCP ? c->established : c->replied;
}

/* Connections of that transport that are alive, where one that began now would get it. */
static size_t began_before(const struct facts *f, const struct service *s, uint8_t l4)
{
	unsigned int hooks = all_hooks(f, s);
	bool own = hooks & (HOOK_OUTPUT | HOOK_POSTROUTING);
	bool others = hooks & (HOOK_PREROUTING | HOOK_FORWARD | HOOK_POSTROUTING);
	size_t i, n = 0;

	for (i = 0; i < f->n_connections; i++) {
		const struct connection *c = &f->connections[i];

		n += c->l4 == l4 && is_alive(c) &&
		     ((own && is_without(f, s, c, true)) || (others && is_without(f, s, c, false)));
	}
	return n;
}

void check_began_before(struct findings *out, const struct facts *f, const struct service *s)
{
	size_t udp = began_before(f, s, IPPROTO_UDP), n = udp + began_before(f, s, IPPROTO_TCP);
	size_t up = given_up(f->of[s - services].helper);
	struct finding *found;

	if (n <= up)
		return;
	found = finding_add(
		out, "began-before", s->name, RESULT_PROBLEM,
		"connections without a helper, as they began before the rule that attaches it: %zu",
		n - up);
	if (udp)
		finding_remedy(
			found,
			"a helper comes to new connections only, and over UDP one lives as long as anybody speaks; forget them: conntrack -D -p udp --orig-port-dst %u",
			s->port);
	else
		finding_remedy(
			found,
			"a helper comes to new connections only; have the clients connect again");
}
