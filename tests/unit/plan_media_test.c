// SPDX-License-Identifier: GPL-2.0
/* Where media is received: whose place it is, what is opened, what it is called. */
#include "plan_world.h"

/* Lines of a description; the first one has the address. */
#define M1 "c=IN IP4 {ma:10.0.0.2}\nm=audio {mp:4000}\n"
#define M2 M1 "m=video {np:4002}\n"
#define M "m=media/udp/10.0.0.2/4000"
#define MN "m=media/udp/10.0.0.2/4000 n=media/udp/10.0.0.2/4002"
#define PAIR_M "m:media/0/pair"
#define PAIR_MN "m:media/0/pair n:media/1/pair"

static void check(const struct told *t, u16 give)
{
	struct world w = { .give = give };

	world_check(&w, t);
}

/* The sender's own: opened for the peer, under ports that it is told of. */
static const struct told own[] = {
	{ "to outside", SNAT, MN, PAIR_MN, M2, "c=IN IP4 203.0.113.1\nm=audio 8000\nm=video 8002\n",
	  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000\n"
	  "media 1 pair from 198.51.100.1: 203.0.113.1/4002 > 10.0.0.2/4002",
	  NULL },
	{ "several ports of a line stay together", SNAT,
	  M " n=media/udp/10.0.0.2/4002 o=media/udp/10.0.0.2/4004",
	  "m:media/0/pair n:media/0/pair,next o:media/0/pair,next",
	  "c=IN IP4 {ma:10.0.0.2}\nm=audio {mp:4000}/3\n", "c=IN IP4 203.0.113.1\nm=audio 8000/3\n",
	  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000\n"
	  "media 0 pair next from 198.51.100.1: 203.0.113.1/8002 > 10.0.0.2/4002 fixed\n"
	  "media 0 pair next from 198.51.100.1: 203.0.113.1/8004 > 10.0.0.2/4004 fixed",
	  NULL },
	{ "without NAT, opened and not touched", PLAIN, M, PAIR_M, M1, NULL,
	  "media 0 pair from 198.51.100.1: 10.0.0.2/4000 > 10.0.0.2/4000 fixed", NULL },
	{ "and the other way", PLAIN_IN, "m=media/udp/198.51.100.1/4000", PAIR_M,
	  "{ma:198.51.100.1} {mp:4000}", NULL,
	  "media 0 pair from 10.0.0.2: 198.51.100.1/4000 > 198.51.100.1/4000 fixed", NULL },
	{ "the other side of NAT says its own", SNAT_IN, "m=media/udp/198.51.100.1/4000", PAIR_M,
	  "{ma:198.51.100.1} {mp:4000}", NULL,
	  "media 0 pair from 10.0.0.2: 198.51.100.1/4000 > 198.51.100.1/4000 fixed", NULL },
	{ "who calls itself by its outside name keeps it", SNAT, "m=media/udp/203.0.113.1/4000",
	  PAIR_M, "{ma:203.0.113.1} {mp:4000}", NULL,
	  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000 fixed", NULL },
	{ "a server inside", DNAT, "m=media/udp/10.0.0.9/4000", PAIR_M, "{ma:10.0.0.9} {mp:4000}",
	  "203.0.113.1 8000", "media 0 pair from 198.51.100.7: 203.0.113.1/4000 > 10.0.0.9/4000",
	  NULL },
	{ "IPv6", NAT66, "m=media/udp/fd00::2/4000", PAIR_M, "c=IN IP6 {ma:fd00::2} {mp:4000}",
	  "c=IN IP6 2001:db8::1 8000",
	  "media 0 pair from 2001:db8:1::1: 2001:db8::1/4000 > fd00::2/4000", NULL },
	{ "over TCP, as in MSRP", SNAT, "m=media/tcp/10.0.0.2/2855", "m:media/3",
	  "a=path:msrp://{mh:10.0.0.2:2855}/x;tcp", "a=path:msrp://203.0.113.1:8000/x;tcp",
	  "media tcp 3 from 198.51.100.1: 203.0.113.1/2855 > 10.0.0.2/2855", NULL },
	{ "RTCP at a place of its own", SNAT, "m=media/udp/10.0.0.2/4000 r=media/udp/10.0.0.2/4005",
	  "m:media/0 r:media/0/rtcp", M1 "a=rtcp:{rp:4005} IN IP4 {ra:10.0.0.2}",
	  "c=IN IP4 203.0.113.1\nm=audio 8000\na=rtcp:8002 IN IP4 203.0.113.1",
	  "media 0 from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000\n"
	  "media 0 rtcp from 198.51.100.1: 203.0.113.1/4005 > 10.0.0.2/4005",
	  NULL },
	{ "flags reach whoever opens", SNAT, M, "m:media/7/pair,mux", "{mp:4000}", "8000",
	  "media 7 pair mux from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000", NULL },
	{ "nothing is opened for what is closed or held", SNAT, "o=host/udp/10.0.0.2/0",
	  "-:media/0/closed -:media/1/held", "o={oa:10.0.0.2}\nm=audio 0\nm=video 4002\n",
	  "o=203.0.113.1\nm=audio 0\nm=video 4002\n", NULL, NULL },
	{ "ports of services over TCP are for media, which is over UDP", SNAT,
	  "m=media/udp/10.0.0.2/6000", "m:media/0", "{mp:6000}", "8000",
	  "media 0 from 198.51.100.1: 203.0.113.1/6000 > 10.0.0.2/6000", NULL },
	{ "but not over TCP", SNAT, "m=media/tcp/10.0.0.2/6000", "m:media/0", "{mp:6000}", NULL,
	  NULL, "denied-port" },
	{ "nor are privileged ones", SNAT, "m=media/udp/10.0.0.2/53", "m:media/0", "{mp:53}", NULL,
	  NULL, "privileged-port" },
	{ "another family", SNAT, "m=media/udp/fd00::2/4000", "m:media/0", "{ma:fd00::2} {mp:4000}",
	  NULL, NULL, "other-address-family" },
};

static void the_senders_own(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		check(&own[i], 8000);
}

/* Hosts that are neither of the two. */
static const struct told others[] = {
	{ "outside, it is opened as it stands", SNAT_IN, "m=media/udp/192.0.2.9/4000", PAIR_M,
	  "{ma:192.0.2.9} {mp:4000}", NULL,
	  "media 0 pair from 10.0.0.2: 192.0.2.9/4000 > 192.0.2.9/4000 fixed", NULL },
	{ "so it is for a server inside", DNAT_IN, "m=media/udp/192.0.2.9/4000", PAIR_M,
	  "{ma:192.0.2.9} {mp:4000}", NULL,
	  "media 0 pair from 10.0.0.9: 192.0.2.9/4000 > 192.0.2.9/4000 fixed", NULL },
	{ "and without NAT", PLAIN_IN, "m=media/udp/192.0.2.9/4000", PAIR_M,
	  "{ma:192.0.2.9} {mp:4000}", NULL,
	  "media 0 pair from 10.0.0.2: 192.0.2.9/4000 > 192.0.2.9/4000 fixed", NULL },
	{ "beside the sender, only policy may", SNAT, "m=media/udp/10.0.0.3/4000", PAIR_M,
	  "{ma:10.0.0.3} {mp:4000}", NULL, NULL, "third-party-address" },
	{ "without NAT, too", PLAIN, "m=media/udp/10.0.0.3/4000", PAIR_M, "{ma:10.0.0.3} {mp:4000}",
	  NULL, NULL, "third-party-address" },
	{ "and where it is not known who is inside", NOBODY, "m=media/udp/10.0.0.3/4000", PAIR_M,
	  "{ma:10.0.0.3} {mp:4000}", NULL, NULL, "third-party-address" },
	{ "what is no host", SNAT_IN, "m=media/udp/127.0.0.1/4000", PAIR_M,
	  "{ma:127.0.0.1} {mp:4000}", NULL, NULL, "third-party-address" },
	{ "many hosts", SNAT_IN, "m=media/udp/239.1.1.1/4000", PAIR_M, "{ma:239.1.1.1} {mp:4000}",
	  NULL, NULL, "third-party-address" },
	{ "a privileged port", SNAT_IN, "m=media/udp/192.0.2.9/80", PAIR_M,
	  "{ma:192.0.2.9} {mp:80}", NULL, NULL, "privileged-port" },
	{ "the receiver's outside address, where nothing is open", SNAT_IN,
	  "m=media/udp/203.0.113.1/4000", PAIR_M, "{ma:203.0.113.1} {mp:4000}", NULL, NULL,
	  "third-party-address" },
};

static void third_parties(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(others); i++)
		check(&others[i], 8000);
}

/* Policy may let a host speak for others beside it; then they are called as it would be. */
static void third_parties_by_policy(void **unused)
{
	static const struct told t[] = {
		{ "under NAT", SNAT, "m=media/udp/10.0.0.3/4000", PAIR_M, "{ma:10.0.0.3} {mp:4000}",
		  "203.0.113.1 8000",
		  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.3/4000", NULL },
		{ "without NAT", PLAIN, "m=media/udp/10.0.0.3/4000", PAIR_M,
		  "{ma:10.0.0.3} {mp:4000}", NULL,
		  "media 0 pair from 198.51.100.1: 10.0.0.3/4000 > 10.0.0.3/4000 fixed", NULL },
		{ "not what is no host", SNAT, "m=media/udp/0.0.0.0/4000", PAIR_M, "{mp:4000}",
		  NULL, NULL, "third-party-address" },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct world w = { .give = 8000 };

		ctalg_grant_find(&w.grant, NULL, NULL, CTALG_POLICY_LOOSE);
		world_check(&w, &t[i]);
	}
}

/* Two inside hosts that talk through a proxy outside reach each other without it. */
static const struct told between[] = {
	{ "the other's outside place becomes its inside one", SNAT_IN,
	  "m=media/udp/203.0.113.1/7000", PAIR_M, "c={ma:203.0.113.1} m={mp:7000}",
	  "c=10.0.0.3 m=4000", "media 0 pair from 10.0.0.2: 10.0.0.3/4000 > 10.0.0.3/4000 fixed",
	  NULL },
	{ "under another outside address, too", SNAT_IN, "m=media/udp/203.0.113.9/7000", PAIR_M,
	  "{ma:203.0.113.9} {mp:7000}", "10.0.0.4 4000",
	  "media 0 pair from 10.0.0.2: 10.0.0.4/4000 > 10.0.0.4/4000 fixed", NULL },
	{ "not over another transport", SNAT_IN, "m=media/tcp/203.0.113.9/7000", "m:media/0",
	  "{ma:203.0.113.9} {mp:7000}", NULL,
	  "media tcp 0 from 10.0.0.2: 203.0.113.9/7000 > 203.0.113.9/7000 fixed", NULL },
	{ "what is only named is called so, too", SNAT_IN, "m=media/udp/203.0.113.1/7000", NULL,
	  "raddr {ma:203.0.113.1} rport {mp:7000}", "raddr 10.0.0.3 rport 4000", NULL, NULL },
};

static void two_inside_hosts(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(between); i++) {
		struct world w = { .give = 8000 };

		world_knows(&w, CTALG_L4_UDP, "10.0.0.3/4000", "203.0.113.1/7000");
		world_knows(&w, CTALG_L4_UDP, "10.0.0.4/4000", "203.0.113.9/7000");
		world_check(&w, &between[i]);
	}
}

/* Or over the router, as they were told: nothing is new then. */
static void two_inside_hosts_by_policy(void **unused)
{
	static const struct told t[] = {
		{ "wanted", SNAT_IN, "m=media/udp/203.0.113.1/7000", PAIR_M,
		  "{ma:203.0.113.1} {mp:7000}", NULL, NULL, NULL },
		{ "named", SNAT_IN, "m=media/udp/203.0.113.1/7000", NULL, "{ma:203.0.113.1}", NULL,
		  NULL, NULL },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct world w = { .grant.hairpin = true };

		world_knows(&w, CTALG_L4_UDP, "10.0.0.3/4000", "203.0.113.1/7000");
		world_check(&w, &t[i]);
	}
}

/* A line that can't be opened keeps its port; the address is that of the first that could be. */
static void a_line_is_refused(void **unused)
{
	static const struct told t[] = {
		{ "the first", SNAT, MN, PAIR_MN, M2,
		  "c=IN IP4 203.0.113.1\nm=audio 4000\nm=video 8000\n",
		  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000\n"
		  "media 1 pair from 198.51.100.1: 203.0.113.1/4002 > 10.0.0.2/4002",
		  "no-free-port" },
		{ "the only one", SNAT, M, PAIR_M, M1, NULL,
		  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000",
		  "no-free-port" },
		{ "address and port in one", SNAT, M, PAIR_M, "{mh:10.0.0.2:4000}", NULL,
		  "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000",
		  "no-free-port" },
		{ "beside one of another host", SNAT,
		  "m=media/udp/10.0.0.2/4000 n=media/udp/10.0.0.2/4002 x=media/udp/10.0.0.3/4000",
		  "x:media/2 n:media/1", "{xa:10.0.0.3} {np:4002} {na:10.0.0.2}",
		  "10.0.0.3 8000 203.0.113.1",
		  "media 1 from 198.51.100.1: 203.0.113.1/4002 > 10.0.0.2/4002",
		  "third-party-address" },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct world w = { .give = 8000, .refuse = 4000 };

		world_check(&w, &t[i]);
	}
}

/* Lines that share a port (BUNDLE) share its place. */
static void lines_share_a_port(void **unused)
{
	static const struct told t = {
		"bundle",
		SNAT,
		M,
		"m:media/0/mux m:media/1/mux",
		"{mp:4000} {mp:4000}",
		"8000 8000",
		"media 0 mux from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000\n"
		"media 1 mux from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000",
		NULL
	};
	/* Whoever opens finds the same one again. */
	struct world w = { .same = 8000 };

	(void)unused;
	world_check(&w, &t);
}

/* Any host may use it, or those that policy names. */
static void who_may_send(void **unused)
{
	static const struct told any = { "any",
					 SNAT,
					 M,
					 "m:media/0",
					 "{mp:4000}",
					 "8000",
					 "media 0 from any: 203.0.113.1/4000 > 10.0.0.2/4000",
					 NULL };
	struct world w = { .give = 8000 };

	(void)unused;
	ctalg_grant_find(&w.grant, NULL, NULL, CTALG_POLICY_ANY_SOURCE);
	world_check(&w, &any);
}

#define ICE_TEXT                                                                                   \
	"o={oa:10.0.0.2}\nc={ma:10.0.0.2}\nm={mp:4000}\na=candidate:1 1 UDP 1 {ma:10.0.0.2} "      \
	"{mp:4000} typ host\n"
#define ICE_SENT                                                                                   \
	"o=203.0.113.1\nc=203.0.113.1\nm=8000\na=candidate:1 1 UDP 1 203.0.113.1 8000 typ host\n"
#define ICE_ENDPOINTS "m=media/udp/10.0.0.2/4000 o=host/udp/10.0.0.2/0 p=path/udp/10.0.0.2/5060"

/* All of it is changed, or nothing; signalling is signalling. */
static void ice(void **unused)
{
	static const char opened[] = "media 0 from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000";
	static const struct {
		u8 offers, grant;
		bool rewritten;
	} cases[] = {
		{ CTALG_ICE_NONE, CTALG_GRANT_ICE_AUTO, true },
		{ CTALG_ICE_HOSTS, CTALG_GRANT_ICE_AUTO, true },
		{ CTALG_ICE_TRAVERSED, CTALG_GRANT_ICE_AUTO, false },
		{ CTALG_ICE_NONE, CTALG_GRANT_ICE_LEAVE, true },
		{ CTALG_ICE_HOSTS, CTALG_GRANT_ICE_LEAVE, false },
		{ CTALG_ICE_TRAVERSED, CTALG_GRANT_ICE_LEAVE, false },
		{ CTALG_ICE_NONE, CTALG_GRANT_ICE_REWRITE, true },
		{ CTALG_ICE_HOSTS, CTALG_GRANT_ICE_REWRITE, true },
		{ CTALG_ICE_TRAVERSED, CTALG_GRANT_ICE_REWRITE, true },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world w = { .give = 8000,
				   .ice = cases[i].offers,
				   .grant.ice = cases[i].grant };
		struct told t = {
			"ice",
			SNAT,
			ICE_ENDPOINTS,
			"m:media/0",
			"{ph:10.0.0.2}\n" ICE_TEXT,
			"203.0.113.1:6060\no=10.0.0.2\nc=10.0.0.2\nm=4000\na=candidate:1 1 UDP 1 "
			"10.0.0.2 4000 typ host\n",
			NULL,
			NULL
		};

		if (cases[i].rewritten) {
			t.sent = "203.0.113.1:6060\n" ICE_SENT;
			t.opened = opened;
		}
		world_check(&w, &t);
	}
}

/* Without NAT there is nothing to change, and what is offered has to get through. */
static void ice_without_nat(void **unused)
{
	static const struct told t = {
		"ice",
		PLAIN,
		M,
		"m:media/0",
		M1,
		NULL,
		"media 0 from 198.51.100.1: 10.0.0.2/4000 > 10.0.0.2/4000 fixed",
		NULL
	};
	struct world w = { .ice = CTALG_ICE_TRAVERSED };

	(void)unused;
	world_check(&w, &t);
}

/* What was opened first at an address is found among as many addresses as are remembered. */
static void many_addresses(void **unused)
{
	static char text[40 * 20];
	struct ctalg_message m = { (const u8 *)text, 0, CTALG_DIR_REPLY, 0 };
	STATIC_REPORT(r);
	struct world w = { .give = 0 };
	u32 i;

	(void)unused;
	ctalg_report_init(&r);
	for (i = 0; i < 40; i++) {
		struct ctalg_want want = { CTALG_NO_SECONDS, (u16)i, (u16)i, CTALG_WANT_MEDIA, 0 };
		struct ctalg_addr a = addr_of("192.0.2.1");

		a.b[3] = (u8)(i + 1);
		ctalg_report_endpoint(&r, &a, 4000, CTALG_L4_UDP);
		r.endpoint[i].role = CTALG_ROLE_MEDIA;
		ctalg_report_want_add(&r, &want);
	}
	assert_int_equal(world_plan(&w, SNAT_IN, &r, &m), CTALG_R_NONE);
	assert_int_equal(world_edits()->n, 0);
	assert_string_equal(w.refused, "");
}

/* Where there is no room for so many, nobody is asked to look for more; what is open already is found. */
static void no_room_for_any(void **unused)
{
	enum { MANY = 200 };
	static char text[MANY];
	struct ctalg_message m = { (const u8 *)text, MANY, CTALG_DIR_ORIG, 0 };
	const struct ctalg_addr a = addr_of("10.0.0.2");
	STATIC_REPORT(r);
	struct world w = { .open_alone = 4000 + 2 * (MANY - 1) };
	u32 i;

	(void)unused;
	ctalg_report_init(&r);
	for (i = 0; i < MANY; i++) {
		struct ctalg_want want = { CTALG_NO_SECONDS, (u16)i, (u16)i, CTALG_WANT_MEDIA, 0 };

		ctalg_report_endpoint(&r, &a, (u16)(4000 + 2 * i), CTALG_L4_UDP);
		r.endpoint[i].role = CTALG_ROLE_MEDIA;
		ctalg_report_want_add(&r, &want);
	}
	world_plan(&w, SNAT, &r, &m);
	assert_int_equal(w.asked, 16);
	assert_int_equal(w.n_refused, MANY - 1);
}

static void world_lengths(struct world *w, const struct told *t, const struct ctalg_length *l,
			  u32 n, const char *want)
{
	STATIC_REPORT(r);
	struct ctalg_message m;
	u32 i;

	world_report(t, &r, &m);
	for (i = 0; i < n; i++)
		assert_true(ctalg_report_length(&r, l[i].digits, l[i].body));
	assert_int_equal(world_plan(w, t->view, &r, &m), CTALG_R_NONE);
	assert_string_equal(w->sent, want);
	free((void *)(uintptr_t)m.data);
}

/* Numbers say what is there, the outer ones of the inner ones; those that are right stay as written. */
static void lengths(void **unused)
{
	static const struct told one = {
		"",   SNAT, M,	 "m:media/0", "l: 018\n\nc={ma:10.0.0.2} m={mp:4000}\n",
		NULL, NULL, NULL
	};
	static const struct told two = {
		"",   SNAT, M,	 "m:media/0", "l:25 (l:9 c={ma:10.0.0.2} m={mp:4000}..)",
		NULL, NULL, NULL
	};
	const struct ctalg_length outer = { { 3, 3 }, { 8, 18 } };
	const struct ctalg_length nested[] = { { { 8, 1 }, { 20, 9 } }, { { 2, 2 }, { 5, 25 } } };
	static const struct told same = {
		"",   SNAT, "m=media/udp/10.0.0.2/4000", "m:media/0", "l:004 {mp:4000}", NULL,
		NULL, NULL
	};
	const struct ctalg_length four = { { 2, 3 }, { 6, 4 } };
	struct world w = { .give = 10000 };

	(void)unused;
	world_lengths(&w, &one, &outer, 1, "l: 22\n\nc=203.0.113.1 m=10000\n");
	w = (struct world){ .give = 8000 };
	world_lengths(&w, &same, &four, 1, "l:004 8000");
	/* the inner number has a digit more, which the outer one counts */
	w = (struct world){ .same = 10000 };
	world_lengths(&w, &two, nested, 2, "l:30 (l:10 c=203.0.113.1 m=10000..)");
}

/* When more has changed since, by whomever, the numbers follow; back to what they were, too. */
static void lengths_again(void **unused)
{
	static const char text[] = "l:008 10.0.0.2";
	struct ctalg_message m = { (const u8 *)text, sizeof(text) - 1, CTALG_DIR_ORIG, 0 };
	const struct ctalg_span digits = { 2, 3 }, body = { 6, 8 }, ten = { 6, 2 }, two = { 13, 1 };
	STATIC_REPORT(r);
	EDITS(e);
	u8 out[40];

	(void)unused;
	ctalg_report_init(&r);
	ctalg_report_length(&r, digits, body);
	ctalg_edits_init(&e);
	assert_true(ctalg_plan_lengths(&r, &m, &e, 0));
	assert_int_equal(e.n, 0);
	assert_true(ctalg_edits_add(&e, ten, "203", 3));
	assert_true(ctalg_plan_lengths(&r, &m, &e, 0));
	assert_int_equal(ctalg_edits_apply(&e, m.data, m.len, out, sizeof(out)), 13);
	assert_memory_equal(out, "l:9 203.0.0.2", 13);
	assert_true(ctalg_edits_add(&e, two, "", 0));
	assert_true(ctalg_plan_lengths(&r, &m, &e, 0));
	assert_int_equal(ctalg_edits_apply(&e, m.data, m.len, out, sizeof(out)), 14);
	assert_memory_equal(out, "l:008 203.0.0.", 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_senders_own),
		cmocka_unit_test(third_parties),
		cmocka_unit_test(third_parties_by_policy),
		cmocka_unit_test(two_inside_hosts),
		cmocka_unit_test(two_inside_hosts_by_policy),
		cmocka_unit_test(a_line_is_refused),
		cmocka_unit_test(lines_share_a_port),
		cmocka_unit_test(who_may_send),
		cmocka_unit_test(ice),
		cmocka_unit_test(ice_without_nat),
		cmocka_unit_test(many_addresses),
		cmocka_unit_test(no_room_for_any),
		cmocka_unit_test(lengths),
		cmocka_unit_test(lengths_again),
	};

	return cmocka_run_group_tests_name("plan_media", tests, NULL, NULL);
}
