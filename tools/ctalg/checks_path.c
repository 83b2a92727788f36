// SPDX-License-Identifier: GPL-2.0
/* What becomes of its packets: translated, offloaded, let through? */
#include <netinet/in.h>
#include <string.h>

#include <ctalg/proto.h>

#include "checks.h"
#include "text.h"

static bool in_block(const struct address *a, uint8_t len, const uint8_t *b, unsigned int bits)
{
	unsigned int bytes = bits / 8, rest = bits % 8;

	if (a->len != len || memcmp(a->b, b, bytes))
		return false;
	return !rest || (a->b[bytes] ^ b[bytes]) >> (8 - rest) == 0;
}

/**
 * struct block - addresses that are not for everybody
 * @private: of a net that others cannot reach; else of no use to anybody outside
 */
struct block {
	uint8_t len;
	uint8_t bits;
	bool private;
	uint8_t b[16];
};

static const struct block blocks[] = {
	{ 4, 8, true, { 10 } },
	{ 4, 12, true, { 172, 16 } },
	{ 4, 16, true, { 192, 168 } },
	{ 4, 10, true, { 100, 64 } },
	{ 16, 7, true, { 0xfc } },
	{ 4, 8, false, { 127 } },
	{ 4, 16, false, { 169, 254 } },
	{ 4, 3, false, { 224 } },
	{ 16, 10, false, { 0xfe, 0x80 } },
	{ 16, 8, false, { 0xff } },
	{ 16, 128, false, { [15] = 1 } },
};

static const struct block *block_of(const struct address *a)
{
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (in_block(a, blocks[i].len, blocks[i].b, blocks[i].bits))
			return &blocks[i];
	return NULL;
}

/* From a private address to a public one, as it is. */
static bool is_untranslated(const struct connection *c)
{
	const struct block *b = block_of(&c->src);

	return b && b->private && !block_of(&c->dst) && c->to.len == c->src.len &&
	       !memcmp(c->to.b, c->src.b, c->src.len);
}

void check_nat(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct connection *c, *lost = NULL, *odd = NULL;
	char src[ENDPOINT_SIZE], dst[ENDPOINT_SIZE];
	struct finding *found;
	size_t i;

	for (i = 0; i < f->n_connections; i++) {
		c = &f->connections[i];
		if (!service_goes_over(s, c->l4) || strcmp(c->helper, s->name) ||
		    !is_untranslated(c))
			continue;
		/* Of TFTP no answer is ever seen here: it comes from another port. */
		if (!c->replied && c->l4 == IPPROTO_TCP)
			lost = c;
		else
			odd = c;
	}
	c = lost ? lost : odd;
	if (!c)
		return;
	found = finding_add(
		out, "nat", s->name, lost ? RESULT_PROBLEM : RESULT_WARNING,
		lost ? "NAT is missing: %s calls %s with its private address, and nobody answers"
		     : "%s talks to %s with its private address: nothing here translates it",
		address_text(src, &c->src), endpoint_text(dst, &c->dst, c->dst_port));
	finding_remedy(
		found,
		lost ? "masquerade what leaves towards the outside, for instance: nft add rule inet nat postrouting oifname OUTSIDE masquerade"
		     : "none, if all routers behind this one know that net; else masquerade here");
}

/* To a port that this service has, and perhaps no other. */
static bool is_to(const struct facts *f, const struct connection *c, const struct service *s,
		  const struct attachments *ports)
{
	size_t i;

	if (!service_goes_over(s, c->l4))
		return false;
	for (i = 0; i < f->rules.n; i++)
		if (f->rules.a[i].n_ranges &&
		    attached_covers(&f->rules.a[i], s, c->l4, c->dst_port))
			return true;
	return attachments_have(ports, s, c->dst_port);
}

void check_offload(struct findings *out, const struct facts *f, const struct service *s)
{
	struct attachments ports = {};
	struct finding *found;
	size_t i, n = 0;

	checks_ports(&ports, f, s);
	for (i = 0; i < f->n_connections; i++) {
		const struct connection *c = &f->connections[i];

		n += c->offloaded && !c->helper[0] && is_to(f, c, s, &ports);
	}
	attachments_free(&ports);
	if (!n)
		return;
	found = finding_add(
		out, "offload", s->name, RESULT_PROBLEM,
		"connections that are offloaded, past the helper: %zu; one that has no helper may be",
		n);
	finding_remedy(
		found,
		"attach the helper to the connection's first packet (ctalg enable %s), and have the clients connect again",
		s->name);
}

/* Announced, let in by the kernel's expectation, and still nothing comes? */
void check_data(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct helper *h = f->of[s - services].helper;
	uint64_t opened = checks_counted(h, "pinhole-opened");
	uint64_t unused =
		checks_counted(h, "pinhole-expired") + checks_counted(h, "pinhole-closed-unused");
	struct finding *found;

	/* Of a call's pinholes some stay unused: paths, and media that was not chosen. */
	if (!strcmp(s->proto->session, "call"))
		return;
	if (!opened || checks_counted(h, "pinhole-used") || !unused)
		return;
	found = finding_add(out, "data", s->name, RESULT_WARNING,
			    "data flows that were announced: %llu; none of them ever came",
			    (unsigned long long)opened);
	finding_remedy(found,
		       "the firewall has to accept them: ct state established,related accept");
}

void check_firewalld(struct findings *out, const struct facts *f)
{
	struct finding *found;
	const struct service *s;

	if (!f->rules.firewalld)
		return;
	for (s = services; s->name; s++) {
		const struct service_facts *of = &f->of[s - services];

		if (!of->asked || of->redirected || of->mainline)
			continue;
		found = finding_add(
			out, "firewalld", s->name, RESULT_WARNING,
			"firewalld loads the kernel's own modules by their names, and fails or gets those where a zone has the service \"%s\"",
			s->name);
		finding_remedy(
			found,
			"take the # away from the \"install\" lines in /etc/modprobe.d/ctalg.conf, then: firewall-cmd --reload");
	}
}
