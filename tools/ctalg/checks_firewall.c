// SPDX-License-Identifier: GPL-2.0
/* Do rules of others keep the service's packets away from connection tracking, or its data flows out? */
#include <netinet/in.h>
#include <string.h>

#include "attached_firewall.h"
#include "checks.h"
#include "text.h"

static void untracked_remedy(struct finding *found, const struct untracked *u, uint16_t port)
{
	const char *chain = u->ports.where + strlen("nftables chain ");

	if (u->handle)
		finding_remedy(found,
			       "take port %u out of that rule, or: nft delete rule %s handle %lld",
			       port, chain, u->handle);
	else
		finding_remedy(found, "take that rule away, or port %u out of it", port);
}

/* A rule that is limited to more than ports may be about others; if it names no port either, it is left alone. */
static void untracked_port(struct findings *out, const struct facts *f, const struct service *s,
			   uint8_t l4, uint16_t port)
{
	const struct untracked *u;
	struct finding *found;
	char text[ENDPOINT_SIZE];
	size_t i;

	for (i = 0; i < f->rules.n_untracked; i++) {
		u = &f->rules.untracked[i];
		if (!untracked_covers(u, l4, port) || (u->limited && !u->ports.n_ranges))
			continue;
		found = finding_add(
			out, "untracked", s->name, u->limited ? RESULT_WARNING : RESULT_PROBLEM,
			"a rule keeps %s of %s port %u away from connection tracking: no helper sees them (%s)",
			u->limited ? "some packets" : "the packets", l4_text(text, l4), port,
			u->ports.where);
		untracked_remedy(found, u, port);
	}
}

void check_untracked(struct findings *out, const struct facts *f, const struct service *s)
{
	checks_each_port(out, f, s, untracked_port);
}

void check_families(struct findings *out, const struct facts *f, const struct service *s)
{
	unsigned int families = 0;
	const char *where = NULL;
	struct finding *found;
	size_t i;

	for (i = 0; i < f->rules.n; i++) {
		if (strcmp(f->rules.a[i].helper, s->name))
			continue;
		families |= f->rules.a[i].families;
		where = f->rules.a[i].where;
	}
	if (!where || families == FAMILY_BOTH)
		return;
	found = finding_add(out, "families", s->name, RESULT_WARNING,
			    "connections over %s do not get it: its object is for %s only (%s)",
			    families == FAMILY_IP ? "IPv6" : "IPv4",
			    families == FAMILY_IP ? "IPv4" : "IPv6", where);
	finding_remedy(found, "take \"l3proto %s\" out of that table's ct helper",
		       families == FAMILY_IP ? "ip" : "ip6");
}

static void firewall_port(struct findings *out, const struct facts *f, const struct service *s,
			  uint8_t l4, uint16_t port)
{
	struct finding *found;
	struct gate gate;
	char text[ENDPOINT_SIZE];
	size_t at = 0;

	while (attached_gate(&gate, &f->rules, l4, port, &at)) {
		found = finding_add(
			out, "firewall", s->name, RESULT_PROBLEM,
			"connections %s %s port %u may pass, but no rule accepts their data flows (%s)",
			gate.forward ? "through this machine to" : "to this machine, to",
			l4_text(text, l4), port, gate.where);
		finding_remedy(found, "nft insert rule %s ct state established,related accept",
			       gate.chain);
	}
}

void check_firewall(struct findings *out, const struct facts *f, const struct service *s)
{
	checks_each_port(out, f, s, firewall_port);
}
