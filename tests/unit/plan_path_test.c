// SPDX-License-Identifier: GPL-2.0
/* Places on the way of the signalling, hosts and names: what the other side calls them. */
#include "plan_world.h"

static void check_all(const struct told *t, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		struct world w = { .give = 0 };

		world_check(&w, &t[i]);
	}
}

/* Either end of the flow is called as the other side knows it, over whatever it is said to be reached. */
static const struct told ends[] = {
	{ "the sender, to outside", SNAT, "a=path/udp/10.0.0.2/5060", NULL,
	  "Via: SIP/2.0/UDP {ah:10.0.0.2:5060};branch=z9hG4bK10.0.0.2:5060",
	  "Via: SIP/2.0/UDP 203.0.113.1:6060;branch=z9hG4bK10.0.0.2:5060", NULL, NULL },
	{ "its port, which none stood for, is written if it is another", SNAT,
	  "a=path/udp/10.0.0.2/5060", NULL, "Contact: <sip:alice@{ah:10.0.0.2};ob>",
	  "Contact: <sip:alice@203.0.113.1:6060;ob>", NULL, NULL },
	{ "the transport does not matter", SNAT, "a=path/tcp/10.0.0.2/5060", NULL,
	  "Contact: <sip:alice@{ah:10.0.0.2:5060};transport=tcp>",
	  "Contact: <sip:alice@203.0.113.1:6060;transport=tcp>", NULL, NULL },
	{ "the receiver, to inside", SNAT_IN, "a=path/udp/203.0.113.1/6060", NULL,
	  "INVITE sip:alice@{ah:203.0.113.1:6060} SIP/2.0",
	  "INVITE sip:alice@10.0.0.2:5060 SIP/2.0", NULL, NULL },
	{ "address and port apart", SNAT_IN, "a=path/udp/203.0.113.1/6060", NULL,
	  "Via: x;received={aa:203.0.113.1};rport={ap:6060}", "Via: x;received=10.0.0.2;rport=5060",
	  NULL, NULL },
	{ "a server inside, called from outside", DNAT_IN, "a=path/udp/203.0.113.1/5080", NULL,
	  "INVITE sip:{ah:203.0.113.1:5080} SIP/2.0", "INVITE sip:10.0.0.9:5060 SIP/2.0", NULL,
	  NULL },
	{ "and when it answers", DNAT, "a=path/udp/10.0.0.9/5060", NULL,
	  "Contact: <sip:{ah:10.0.0.9}>", "Contact: <sip:203.0.113.1:5080>", NULL, NULL },
	{ "IPv6", NAT66, "a=path/udp/fd00::2/5060", NULL,
	  "Via: SIP/2.0/UDP {ah:[FD00:0::2]};x={aa:fd00::2} {ab:[fd00::2]}",
	  "Via: SIP/2.0/UDP [2001:db8::1]:6060;x=2001:db8::1 [2001:db8::1]", NULL, NULL },
	{ "IPv6 to inside", NAT66_IN, "a=path/udp/2001:db8::1/6060", NULL,
	  "OPTIONS sip:{ah:[2001:db8::1]:6060}", "OPTIONS sip:[fd00::2]:5060", NULL, NULL },
};

static void the_ends_of_the_flow(void **unused)
{
	(void)unused;
	check_all(ends, ARRAY_SIZE(ends));
}

/* A port is left out only if there was none, and none stands for it. */
static void the_port_of_a_host(void **unused)
{
	static const struct told hosts[] = {
		{ "none stood there, and none is needed", SNAT_IN, "a=path/udp/203.0.113.1/6060",
		  NULL, "{ah:203.0.113.1}", "10.0.0.2", NULL, NULL },
		{ "one stood there", SNAT_IN, "a=path/udp/203.0.113.1/6060", NULL,
		  "{ah:203.0.113.1:6060}", "10.0.0.2:5060", NULL, NULL },
		{ "in brackets none stood there", NAT66_IN, "a=path/udp/2001:db8::1/6060", NULL,
		  "{ah:[2001:db8::1]}", "[fd00::2]", NULL, NULL },
	};

	(void)unused;
	check_all(hosts, ARRAY_SIZE(hosts));
}

/* Nothing of these is mapped by this flow: they stay as they are written. */
static const struct told others[] = {
	{ "without NAT", PLAIN, "a=path/udp/10.0.0.2/5060", NULL,
	  "{ah:10.0.0.2} {ah:010.0.0.2:05060}", NULL, NULL, NULL },
	{ "another host inside", SNAT, "a=path/udp/10.0.0.3/5060", NULL, "{ah:10.0.0.3:5060}", NULL,
	  NULL, NULL },
	{ "another port, where nothing is open", SNAT, "a=path/udp/10.0.0.2/5070", NULL,
	  "{ah:10.0.0.2:5070}", NULL, NULL, NULL },
	{ "the sender calls itself by its outside name", SNAT, "a=path/udp/203.0.113.1/6060", NULL,
	  "{ah:203.0.113.1:6060}", NULL, NULL, NULL },
	{ "the other side", SNAT, "a=path/udp/198.51.100.1/5060", NULL, "{ah:198.51.100.1}", NULL,
	  NULL, NULL },
	{ "to inside, another port", SNAT_IN, "a=path/udp/203.0.113.1/5060", NULL,
	  "{ah:203.0.113.1}", NULL, NULL, NULL },
	{ "to inside, an inside name", SNAT_IN, "a=path/udp/10.0.0.2/5060", NULL, "{ah:10.0.0.2}",
	  NULL, NULL, NULL },
	{ "to inside, where one calls itself by its outside name", AWARE_IN,
	  "a=path/udp/203.0.113.1/6060", NULL, "{ah:203.0.113.1:6060}", NULL, NULL, NULL },
	{ "another family", NAT66, "a=path/udp/10.0.0.2/5060", NULL, "{ah:10.0.0.2}", NULL, NULL,
	  NULL },
	{ "names, unless something is hidden", SNAT, "a=name/udp/10.0.0.2/5060", NULL,
	  "From: <sip:alice@{ah:10.0.0.2}>", NULL, NULL, NULL },
};

static void what_is_not_mapped_stays(void **unused)
{
	(void)unused;
	check_all(others, ARRAY_SIZE(others));
}

/* Other ports of the two hosts are called as whoever opened them knows; over the same transport. */
static void known_places(void **unused)
{
	static const struct told known[] = {
		{ "to outside", SNAT, "a=path/udp/10.0.0.2/5070 b=path/tcp/10.0.0.2/5070", NULL,
		  "{ah:10.0.0.2:5070} {bh:10.0.0.2:5070}", "203.0.113.1:7070 10.0.0.2:5070", NULL,
		  NULL },
		{ "to inside", SNAT_IN, "a=path/udp/203.0.113.1/7070 b=path/tcp/203.0.113.1/7070",
		  NULL, "{ah:203.0.113.1:7070} {bh:203.0.113.1:7070}",
		  "10.0.0.2:5070 203.0.113.1:7070", NULL, NULL },
		{ "not of another one behind the same address", SNAT_IN,
		  "a=path/udp/203.0.113.1/7072", NULL, "{ah:203.0.113.1:7072}", NULL, NULL, NULL },
		{ "only of these two hosts", SNAT_IN, "a=path/udp/203.0.113.9/7070", NULL,
		  "{ah:203.0.113.9:7070}", NULL, NULL, NULL },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		struct world w = { .give = 0 };

		world_knows(&w, CTALG_L4_UDP, "10.0.0.2/5070", "203.0.113.1/7070");
		world_knows(&w, CTALG_L4_UDP, "10.0.0.4/5070", "203.0.113.9/7070");
		world_knows(&w, CTALG_L4_UDP, "10.0.0.5/5070", "203.0.113.1/7072");
		world_check(&w, &known[i]);
	}
}

/* Who can be called is: at the flow's own port for as long as it says, at others as asked for. */
static const struct told wants[] = {
	{ "a binding at the flow's own port has its outside port", SNAT, "a=path/udp/10.0.0.2/5060",
	  "a:path/3600", "Contact: <sip:{ah:10.0.0.2:5060}>", "Contact: <sip:203.0.113.1:6060>",
	  "path 3600s from 198.51.100.1: 203.0.113.1/6060 > 10.0.0.2/5060 fixed", NULL },
	{ "without NAT nothing is written", PLAIN, "a=path/udp/10.0.0.2/5060", "a:path/3600",
	  "Contact: <sip:{ah:10.0.0.2:5060}>", NULL,
	  "path 3600s from 198.51.100.1: 10.0.0.2/5060 > 10.0.0.2/5060 fixed", NULL },
	{ "what lasts with its dialog has the flow", SNAT, "a=path/udp/10.0.0.2/5060", "a:path/-",
	  "Contact: <sip:{ah:10.0.0.2:5060}>", "Contact: <sip:203.0.113.1:6060>", NULL, NULL },
	{ "another port gets a chosen one, wherever it is named", SNAT,
	  "v=path/udp/10.0.0.2/5070 c=path/udp/10.0.0.2/5070", "c:path/-",
	  "Via: {vh:10.0.0.2:5070} Contact: {ch:10.0.0.2:5070}",
	  "Via: 203.0.113.1:8000 Contact: 203.0.113.1:8000",
	  "path from 198.51.100.1: 203.0.113.1/5070 > 10.0.0.2/5070", NULL },
	{ "another transport", SNAT, "c=path/tcp/10.0.0.2/5070", "c:path/60", "{ch:10.0.0.2:5070}",
	  "203.0.113.1:8000", "path tcp 60s from 198.51.100.1: 203.0.113.1/5070 > 10.0.0.2/5070",
	  NULL },
	{ "what is given up is told, and called as it was", SNAT, "c=path/udp/10.0.0.2/5070",
	  "c:path/0", "{ch:10.0.0.2:5070}", "203.0.113.1:8000",
	  "path 0s from 198.51.100.1: 203.0.113.1/5070 > 10.0.0.2/5070", NULL },
	{ "not another host", SNAT, "c=path/udp/10.0.0.3/5070", "c:path/60", "{ch:10.0.0.3:5070}",
	  NULL, NULL, NULL },
	{ "not who calls itself by its outside name", SNAT, "c=path/udp/203.0.113.1/5070",
	  "c:path/60", "{ch:203.0.113.1:5070}", NULL, NULL, NULL },
	{ "not the outside", SNAT_IN, "c=path/udp/198.51.100.1/5070", "c:path/60",
	  "{ch:198.51.100.1:5070}", NULL, NULL, NULL },
	{ "who sends it, where it is not known who is inside", NOBODY, "c=path/udp/10.0.0.2/5070",
	  "c:path/60", "{ch:10.0.0.2:5070}", "203.0.113.1:8000",
	  "path 60s from 198.51.100.1: 203.0.113.1/5070 > 10.0.0.2/5070", NULL },
	{ "an answer comes to the flow's own port as long as there is the flow", SNAT,
	  "v=path/udp/10.0.0.2/5060", "v:path/64", "{vh:10.0.0.2:5060}", "203.0.113.1:6060", NULL,
	  NULL },
	{ "a port that may not be opened", SNAT, "c=path/udp/10.0.0.2/22", "c:path/60",
	  "{ch:10.0.0.2:22}", NULL, NULL, "privileged-port" },
	{ "a server inside is told where it was called", DNAT, "c=path/udp/10.0.0.9/5061",
	  "c:path/-", "{ch:10.0.0.9:5061}", "203.0.113.1:8000",
	  "path from 198.51.100.7: 203.0.113.1/5061 > 10.0.0.9/5061", NULL },
};

static void who_can_be_called(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(wants); i++) {
		struct world w = { .give = 8000 };

		world_check(&w, &wants[i]);
	}
}

/* The registrar says how long a binding stays: whoever owns the pinhole is told which one. */
static const struct told renewals[] = {
	{ "the flow's own port", SNAT_IN, "a=path/udp/203.0.113.1/6060", "a:path/60",
	  "{ah:203.0.113.1:6060}", "10.0.0.2:5060",
	  "path 60s renews from 198.51.100.1: 203.0.113.1/6060 > 10.0.0.2/5060 fixed", NULL },
	{ "another", SNAT_IN, "a=path/udp/203.0.113.1/7070", "a:path/60", "{ah:203.0.113.1:7070}",
	  "10.0.0.2:5070",
	  "path 60s renews from 198.51.100.1: 203.0.113.1/7070 > 10.0.0.2/5070 fixed", NULL },
	{ "one that is not known", SNAT_IN, "a=path/udp/203.0.113.1/7071", "a:path/60",
	  "{ah:203.0.113.1:7071}", NULL, NULL, NULL },
	{ "without NAT", PLAIN_IN, "a=path/udp/10.0.0.2/5070", "a:path/60", "{ah:10.0.0.2:5070}",
	  NULL, "path 60s renews from 198.51.100.1: 10.0.0.2/5070 > 10.0.0.2/5070 fixed", NULL },
	{ "without a time there is nothing to say", SNAT_IN, "a=path/udp/203.0.113.1/6060",
	  "a:path/-", "{ah:203.0.113.1:6060}", "10.0.0.2:5060", NULL, NULL },
	{ "another's binding", SNAT_IN, "a=path/udp/192.0.2.9/5060", "a:path/60", "{ah:192.0.2.9}",
	  NULL, NULL, NULL },
};

static void how_long_it_stays(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(renewals); i++) {
		struct world w = { .give = 8000 };

		world_knows(&w, CTALG_L4_UDP, "10.0.0.2/5070", "203.0.113.1/7070");
		world_check(&w, &renewals[i]);
	}
}

/* What can't be opened stays as it is; the rest goes on. */
static void one_is_refused(void **unused)
{
	static const struct told t = {
		"two contacts",
		SNAT,
		"a=path/udp/10.0.0.2/5070 b=path/udp/10.0.0.2/5072",
		"a:path/60 b:path/60",
		"{ah:10.0.0.2:5070}, {bh:10.0.0.2:5072}",
		"10.0.0.2:5070, 203.0.113.1:8000",
		"path 60s from 198.51.100.1: 203.0.113.1/5070 > 10.0.0.2/5070\n"
		"path 60s from 198.51.100.1: 203.0.113.1/5072 > 10.0.0.2/5072",
		"no-free-port"
	};
	struct world w = { .give = 8000, .refuse = 5070 };

	(void)unused;
	world_check(&w, &t);
}

/* Without a port: o= of a session description. */
static void hosts(void **unused)
{
	static const struct told t[] = {
		{ "the sender's", SNAT, "a=host/udp/10.0.0.2/0", NULL,
		  "o=- 1 1 IN IP4 {aa:10.0.0.2}", "o=- 1 1 IN IP4 203.0.113.1", NULL, NULL },
		{ "another's", SNAT, "a=host/udp/10.0.0.3/0", NULL, "o=- 1 1 IN IP4 {aa:10.0.0.3}",
		  NULL, NULL, NULL },
		{ "without NAT", PLAIN, "a=host/udp/10.0.0.2/0", NULL, "{aa:10.0.0.02}", NULL, NULL,
		  NULL },
	};

	(void)unused;
	check_all(t, ARRAY_SIZE(t));
}

/* Where policy hides, names change both ways, so that both sides see the same ones again. */
static void names_are_hidden(void **unused)
{
	static const struct told t[] = {
		{ "to outside", SNAT, "a=name/udp/10.0.0.2/5060", NULL,
		  "From: <sip:x@{ah:10.0.0.2}>", "From: <sip:x@203.0.113.1:6060>", NULL, NULL },
		{ "to inside", SNAT_IN, "a=name/udp/203.0.113.1/6060", NULL,
		  "From: <sip:x@{ah:203.0.113.1:6060}>", "From: <sip:x@10.0.0.2:5060>", NULL,
		  NULL },
		{ "an address alone, to outside", SNAT, "a=name/udp/10.0.0.2/0", NULL,
		  "Call-ID: x@{aa:10.0.0.2}", "Call-ID: x@203.0.113.1", NULL, NULL },
		{ "and back", SNAT_IN, "a=name/udp/203.0.113.1/0", NULL,
		  "Call-ID: x@{aa:203.0.113.1}", "Call-ID: x@10.0.0.2", NULL, NULL },
		{ "another port, to outside", SNAT, "a=name/udp/10.0.0.2/5070", NULL,
		  "From: <sip:x@{ah:10.0.0.2:5070}>", "From: <sip:x@203.0.113.1:5070>", NULL,
		  NULL },
		{ "and back", SNAT_IN, "a=name/udp/203.0.113.1/5070", NULL,
		  "From: <sip:x@{ah:203.0.113.1:5070}>", "From: <sip:x@10.0.0.2:5070>", NULL,
		  NULL },
		{ "one that would come back as the flow's", SNAT, "a=name/udp/10.0.0.2/6060", NULL,
		  "From: <sip:x@{ah:10.0.0.2:6060}>", NULL, NULL, NULL },
		{ "and would go out as it", SNAT_IN, "a=name/udp/203.0.113.1/5060", NULL,
		  "To: <sip:x@{ah:203.0.113.1:5060}>", NULL, NULL, NULL },
		{ "not another's", SNAT_IN, "a=name/udp/203.0.113.9/0", NULL,
		  "Call-ID: x@{aa:203.0.113.9}", NULL, NULL, NULL },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct world w = { .grant.hide = true };

		world_check(&w, &t[i]);
	}
}

/* Lines that tell of the inside go with all that is in them; of what comes from outside, none. */
static void lines_are_stripped(void **unused)
{
	static const struct told t = { "",
				       SNAT,
				       "a=path/udp/10.0.0.2/5060",
				       NULL,
				       "A\nServer: {ah:10.0.0.2}\nVia: {ah:10.0.0.2}\n",
				       NULL,
				       NULL,
				       NULL };
	STATIC_REPORT(r);
	struct ctalg_message m;
	struct world w = { .grant.hide = true };

	(void)unused;
	world_report(&t, &r, &m);
	r.strip[r.n_strips++] = (struct ctalg_span){ 2, 17 };
	assert_int_equal(world_plan(&w, SNAT, &r, &m), CTALG_R_NONE);
	assert_string_equal(w.sent, "A\nVia: 203.0.113.1:6060\n");
	assert_int_equal(world_plan(&w, SNAT_IN, &r, &m), CTALG_R_NONE);
	assert_int_equal(world_edits()->n, 0);
	w.grant.hide = false;
	assert_int_equal(world_plan(&w, SNAT, &r, &m), CTALG_R_NONE);
	assert_string_equal(w.sent, "A\nServer: 203.0.113.1:6060\nVia: 203.0.113.1:6060\n");
	free((void *)(uintptr_t)m.data);
}

/* The first that changes counts. */
static void two_tokens_in_one_place(void **unused)
{
	static const struct told t = { "",
				       SNAT,
				       "a=path/udp/10.0.0.2/5060 b=host/udp/10.0.0.2/0",
				       NULL,
				       "{ah:10.0.0.2:5060}{ba:10.0.0.2}",
				       NULL,
				       NULL,
				       NULL };
	STATIC_REPORT(r);
	struct ctalg_message m;
	struct world w = { .give = 0 };

	(void)unused;
	world_report(&t, &r, &m);
	r.token[1].at = (struct ctalg_span){ 0, 8 };
	assert_int_equal(world_plan(&w, SNAT, &r, &m), CTALG_R_NONE);
	assert_string_equal(w.sent, "203.0.113.1:606010.0.0.2");
	free((void *)(uintptr_t)m.data);
}

/* A message that does not fit as a whole passes as it came, and what was opened for it closes. */
static void nothing_half_done(void **unused)
{
	static const struct told t = { "",
				       SNAT,
				       "a=path/udp/10.0.0.2/5060",
				       "a:path/60",
				       "{ah:10.0.0.2} {ah:10.0.0.2}",
				       NULL,
				       NULL,
				       NULL };
	static const struct ctalg_span bad[] = {
		{ 9, 9 }, { 18, 1 }, { ~0U, 4 }, { 3, ~0U }, { 3, 0 }
	};
	STATIC_REPORT(r);
	struct ctalg_message m;
	u32 i;

	(void)unused;
	world_report(&t, &r, &m);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct world w = { .give = 0 };

		r.token[1].at = bad[i];
		assert_int_equal(world_plan(&w, SNAT, &r, &m), CTALG_R_MALFORMED);
		assert_int_equal(world_edits()->n, 0);
		assert_int_equal(w.undone, 1);
		assert_int_equal(w.told, 0);
	}
	free((void *)(uintptr_t)m.data);
}

/* As many places as a report has, and one edit more than there may be. */
static void more_than_fits(void **unused)
{
	static char text[9 * (CTALG_EDITS_MAX + 1)];
	struct ctalg_message m = { (const u8 *)text, sizeof(text), CTALG_DIR_ORIG, 0 };
	struct ctalg_addr self = addr_of("10.0.0.2");
	STATIC_REPORT(r);
	u32 i;

	(void)unused;
	ctalg_report_init(&r);
	ctalg_report_endpoint(&r, &self, 5060, CTALG_L4_UDP);
	r.endpoint[0].role = CTALG_ROLE_PATH;
	for (i = 0; i <= CTALG_EDITS_MAX; i++) {
		struct ctalg_span at = { 9 * i, 8 };
		struct world w = { .give = 0 };

		memcpy(text + at.off, "10.0.0.2 ", 9);
		ctalg_report_token(&r, 0, at, CTALG_FORM_DOTTED);
		if (i + 2 < CTALG_EDITS_MAX)
			continue;
		assert_int_equal(world_plan(&w, SNAT, &r, &m),
				 i < CTALG_EDITS_MAX ? CTALG_R_NONE : CTALG_R_LIMIT_EDITS);
		assert_int_equal(world_edits()->n, i < CTALG_EDITS_MAX ? i + 1 : 0);
	}
}

static u8 aware(enum world_view which, const char *first, const char *second, bool moot)
{
	const struct ctalg_view v = world_view(which);
	REPORT(r);
	const char *names[] = { first, second };
	struct ctalg_addr a;
	int ep;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names) && names[i]; i++) {
		a = addr_of(names[i]);
		ep = ctalg_report_endpoint(&r, &a, 6060, CTALG_L4_UDP);
		r.endpoint[ep].role = CTALG_ROLE_PATH;
		ctalg_report_token(&r, ep, (struct ctalg_span){ i, 1 }, CTALG_FORM_HOST);
	}
	r.token[0].moot = moot;
	return ctalg_plan_aware(&r, &v);
}

/* Who has found out what it is called outside says that, and nothing else that would make a difference, of itself. */
static void who_is_aware(void **unused)
{
	(void)unused;
	assert_int_equal(aware(SNAT, "203.0.113.1", NULL, false), CTALG_AWARE_YES);
	assert_int_equal(aware(SNAT, "203.0.113.1", "192.0.2.9", false), CTALG_AWARE_YES);
	assert_int_equal(aware(SNAT, "203.0.113.1", "10.0.0.2", false), CTALG_AWARE_NO);
	assert_int_equal(aware(SNAT, "10.0.0.2", "203.0.113.1", false), CTALG_AWARE_NO);
	assert_int_equal(aware(SNAT, "10.0.0.2", "203.0.113.1", true), CTALG_AWARE_YES);
	assert_int_equal(aware(SNAT, "10.0.0.2", NULL, true), CTALG_AWARE_UNSAID);
	assert_int_equal(aware(SNAT, "10.0.0.2", "10.0.0.2", true), CTALG_AWARE_NO);
	assert_int_equal(aware(SNAT, "192.0.2.9", NULL, false), CTALG_AWARE_UNSAID);
	assert_int_equal(aware(PLAIN, "10.0.0.2", NULL, false), CTALG_AWARE_NO);
}

/* Who may use a pinhole may become known later, unless it was said. */
static void who_may_is_said(void **unused)
{
	const struct ctalg_view v = world_view(SNAT), v6 = world_view(NAT66);
	struct ctalg_grant g = { .from_peer = false };
	struct ctalg_opening o;

	(void)unused;
	ctalg_plan_opening(&v, &g, &o);
	assert_int_equal(o.from_len, 0);
	g.from_peer = true;
	ctalg_plan_opening(&v, &g, &o);
	assert_true(ctalg_addr_eq(&o.from, &v.peer));
	assert_int_equal(o.from_len, 32);
	ctalg_plan_opening(&v6, &g, &o);
	assert_int_equal(o.from_len, 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ends_of_the_flow),	    cmocka_unit_test(the_port_of_a_host),
		cmocka_unit_test(what_is_not_mapped_stays), cmocka_unit_test(known_places),
		cmocka_unit_test(who_can_be_called),	    cmocka_unit_test(how_long_it_stays),
		cmocka_unit_test(one_is_refused),	    cmocka_unit_test(hosts),
		cmocka_unit_test(names_are_hidden),	    cmocka_unit_test(lines_are_stripped),
		cmocka_unit_test(two_tokens_in_one_place),  cmocka_unit_test(nothing_half_done),
		cmocka_unit_test(more_than_fits),	    cmocka_unit_test(who_is_aware),
		cmocka_unit_test(who_may_is_said),
	};

	return cmocka_run_group_tests_name("plan_path", tests, NULL, NULL);
}
