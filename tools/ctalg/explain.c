// SPDX-License-Identifier: GPL-2.0
/* The noun: what is assumed, and of which file. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

#include "explain.h"
#include "policy_file.h"
#include "tool.h"

static bool read_addr(const char *text, struct ctalg_addr *a)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, a->b) == 1)
		a->family = CTALG_AF_INET;
	else if (inet_pton(AF_INET6, text, a->b) == 1)
		a->family = CTALG_AF_INET6;
	return a->family;
}

/* A number of up to @most, and nothing behind it. */
static bool read_number(const char *text, unsigned long most, unsigned long *n)
{
	char *end;

	errno = 0;
	*n = strtoul(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *n <= most;
}

static void add_inside(struct explain_settings *set, const char *text)
{
	struct prefix *p = &set->inside[set->n_inside++];
	const char *slash = strchrnul(text, '/');
	unsigned long bits;
	char *addr = need(strndup(text, (size_t)(slash - text)));
	bool good = read_addr(addr, &p->addr);

	free(addr);
	bits = ctalg_addr_len(&p->addr) * 8ul;
	if (!good || (*slash && !read_number(slash + 1, bits, &bits)))
		misused("\"%s\" is not a network; write it as \"--inside 10.0.0.0/8\"", text);
	p->bits = (u8)bits;
}

static void add_outside(struct explain_settings *set, const char *text)
{
	struct ctalg_addr a;

	if (!read_addr(text, &a))
		misused("\"%s\" is not an address; write it as \"--outside 198.51.100.1\"", text);
	if (set->n_outside == 2 || (set->n_outside && set->outside[0].family == a.family))
		misused("\"--outside\" is given twice for one IP version; the router has one address for each");
	set->outside[set->n_outside++] = a;
}

static const struct service *served_named(const char *name, size_t len)
{
	const struct service *s;

	for (s = services; s->proto; s++)
		if (strlen(s->proto->name) == len && !strncmp(s->proto->name, name, len))
			return s;
	return NULL;
}

static void add_port(struct explain_settings *set, const char *text)
{
	const char *equal = strchrnul(text, '=');
	const struct service *served = served_named(text, (size_t)(equal - text));
	unsigned long port;

	if (!served || !*equal || !read_number(equal + 1, 65535, &port) || !port)
		misused("\"%s\" is not a protocol and a port; write it as \"--port ftp=2121\"",
			text);
	set->ports[set->n_ports].served = served;
	set->ports[set->n_ports].port = (u16)port;
	set->n_ports++;
}

static void add_policy(struct explain_settings *set, const char *file)
{
	struct policy_file p;

	if (set->image)
		misused("\"--policy\" is given twice; there is one policy at a time");
	policy_file_read(&p, file);
	set->image = p.image;
	p.image = NULL;
	policy_file_free(&p);
}

static void read_option(struct explain_settings *set, const char *name, const char *value)
{
	if (!strcmp(name, "inside"))
		add_inside(set, value);
	else if (!strcmp(name, "outside"))
		add_outside(set, value);
	else if (!strcmp(name, "port"))
		add_port(set, value);
	else if (!strcmp(name, "loose"))
		set->policy |= CTALG_POLICY_LOOSE;
	else if (!strcmp(name, "any-source"))
		set->policy |= CTALG_POLICY_ANY_SOURCE;
	else if (!strcmp(name, "strict"))
		set->policy |= CTALG_POLICY_STRICT;
	else if (!strcmp(name, "policy"))
		add_policy(set, value);
	else
		set->quiet = true;
}

static FILE *open_capture(const char *name)
{
	FILE *in = strcmp(name, "-") ? fopen(name, "re") : stdin;

	if (!in)
		fail("\"%s\" cannot be read: %s", name, strerror(errno));
	return in;
}

static void explain_main(const struct options *o)
{
	struct explain_settings set = { .json = o->json, .out = stdout };
	char error[EXPLAIN_ERROR_SIZE] = "";
	struct explain *e;
	unsigned int i;
	FILE *in;
	bool good;

	if (o->argc != 1)
		misused("\"explain\" wants one capture; see \"ctalg explain --help\"");
	for (i = 0; i < o->n_given; i++)
		read_option(&set, o->given[i].option->name, o->given[i].value);
	if (set.n_inside && !set.n_outside)
		misused("\"--inside\" wants \"--outside\" too: the address that those hosts are seen by");
	in = open_capture(o->argv[0]);
	e = explain_new(&set);
	good = explain_capture(e, in, error);
	/* Of a file that is no capture there is nothing to sum up. */
	if (good || o->json || e->sums.frames)
		explain_end(e);
	explain_free(e);
	free((void *)(uintptr_t)set.image);
	if (!good)
		fail("%s", error);
}

static const struct noun_option explain_options[] = {
	{ "inside", "NETWORK" }, { "outside", "ADDRESS" }, { "port", "PROTOCOL=PORT" },
	{ "loose", NULL },	 { "any-source", NULL },   { "strict", NULL },
	{ "policy", "FILE" },	 { "quiet", NULL },	   {},
};

const struct noun explain_noun = {
	.name = "explain",
	.args = "CAPTURE",
	.options = explain_options,
	.run = explain_main,
	.about = "what would be made of a capture, message by message",
	.help = "Reads a pcap or pcapng file (\"-\": standard input) with the parsers of the kernel's\n"
		"modules. Tells of each message what it is, what it names, what would be rewritten,\n"
		"which pinholes open, are used and close, and why if nothing happens. It needs neither\n"
		"the modules nor any privilege.\n"
		"\n"
		"  --inside NETWORK      hosts behind NAT, as 10.0.0.0/8 or fd00::/8; may repeat\n"
		"  --outside ADDRESS     the router's address by which they are seen; one per IP version\n"
		"  --port PROTOCOL=PORT  the protocol on another port, too; may repeat\n"
		"  --loose, --any-source, --strict   as \"ctalg set\" has them\n"
		"  --policy FILE         what this policy would say: of each command, what becomes of it and\n"
		"                        what its sender is told; what is hidden; whom data flows come from\n"
		"  --quiet               leave out messages of which there is nothing to tell\n"
		"\n"
		"Without --inside and --outside no NAT is assumed. Record on the inside interface:\n"
		"\n"
		"  # tcpdump -i lan -s 0 -w phone.pcap host 10.0.0.2\n"
		"  $ ctalg explain phone.pcap --inside 10.0.0.0/8 --outside 198.51.100.1\n"
		"  $ ctalg explain phone.pcap --json | jq '.[] | select(.reason)'\n",
};
