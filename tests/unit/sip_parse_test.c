// SPDX-License-Identifier: GPL-2.0
/*
 * What SIP's headers say, one form after the other. A row is a few lines of a message and what they add
 * to its report, as report_text.h writes it; everything else about the message stays the same.
 */
#include "unit.h"

#include "helpers/sip/sip_parse.h"
#include "report_text.h"

#define FROM_TO                                                                                    \
	"From: <sip:alice@example.org>;tag=1\r\n"                                                  \
	"To: <sip:bob@example.org>\r\n"                                                            \
	"Call-ID: 1234\r\n"
#define VIA "Via: SIP/2.0/UDP pc.example.org;rport;branch=z9hG4bK1\r\n"

#define REQUEST(method) method " sip:bob@example.org SIP/2.0\r\n" FROM_TO "CSeq: 7 " method "\r\n"
#define ANSWER(status, method) "SIP/2.0 " status "\r\n" FROM_TO "CSeq: 7 " method "\r\n"

static void report_of(const void *data, u32 len, u8 l4, struct ctalg_report *r,
		      char text[REPORT_TEXT_MAX])
{
	struct ctalg_message m = { .data = exact(data, len), .len = len, .l4 = l4 };
	struct sip_state state = { .anchored = { false } };

	ctalg_report_init(r);
	sip_proto.parse(&state, &m, r);
	report_text(&sip_proto, &m, r, text);
	free((void *)(uintptr_t)m.data);
}

struct row {
	const char *lines;
	const char *says;
};

static void compare(const char *message, const char *says, const char *should)
{
	if (strcmp(says, should))
		fail_msg("\n%s--- should say:\n%s--- says:\n%s", message, should, says);
}

/* The message is @head, the lines of a row, and a blank line; the report is @always and what the row says. */
static void check(const char *head, const char *always, const struct row *rows, u32 n, u8 l4)
{
	char message[2000], should[2000], says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 i;

	for (i = 0; i < n; i++) {
		snprintf(message, sizeof(message), "%s%s\r\n", head, rows[i].lines);
		snprintf(should, sizeof(should), "%s%s", always, rows[i].says);
		report_of(message, (u32)strlen(message), l4, &r, says);
		compare(message, says, should);
	}
}

/* The same with the whole of a message and of its report in a row. */
static void check_whole(const struct row *rows, u32 n)
{
	char says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 i;

	for (i = 0; i < n; i++) {
		report_of(rows[i].lines, (u32)strlen(rows[i].lines), CTALG_L4_UDP, &r, says);
		compare(rows[i].lines, says, rows[i].says);
	}
}

#define INVITE_SAYS                                                                                \
	"INVITE, asks INVITE\n"                                                                    \
	"  user \"alice\"\n"                                                                       \
	"  object \"bob\"\n"                                                                       \
	"  call \"1234\" INVITE 7 from\n"
#define REGISTER_SAYS                                                                              \
	"REGISTER, asks REGISTER\n"                                                                \
	"  user \"alice\"\n"                                                                       \
	"  object \"bob\"\n"                                                                       \
	"  binding \"bob@example.org\" REGISTER 7 from\n"

static void the_topmost_via(void **unused)
{
	static const struct row rows[] = {
		{ "Via: SIP/2.0/UDP pc.example.org\r\n", "" },
		/* the answer comes to the port that is said, or to where the request came from */
		{ "Via: SIP/2.0/UDP 10.0.0.2\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 64 s\n" },
		{ "Via: SIP/2.0/UDP 10.0.0.2:5062;branch=z9hG4bK1\r\n",
		  "  path udp 10.0.0.2:5062: host \"10.0.0.2:5062\"/5060\n"
		  "  want path udp 10.0.0.2:5062 for 64 s\n" },
		{ "Via: SIP/2.0/UDP 10.0.0.2;rport\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n" },
		{ "Via: SIP/2.0/TCP 10.0.0.2\r\n",
		  "  path tcp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n" },
		{ "Via: SIP/2.0/TLS 10.0.0.2\r\n",
		  "  path tcp 10.0.0.2:5061: host \"10.0.0.2\"/5061\n" },
		{ "v: sip / 2.0 /\r\n udp [2001:DB8::2] : 5062 ;rport\r\n",
		  "  path udp [2001:db8::2]:5062: host \"[2001:DB8::2] : 5062\"/5060\n" },
		/* no other than the first, in its line or another's */
		{ "Via: SIP/2.0/UDP a, SIP/2.0/UDP 10.0.0.3\r\nVia: SIP/2.0/UDP 10.0.0.4\r\n", "" },
		/* what a proxy has written into it */
		{ "Via: SIP/2.0/UDP a;received=10.0.0.2;rport=1024\r\n",
		  "  path udp 10.0.0.2:1024: dotted \"10.0.0.2\", port \"1024\"\n" },
		{ "Via: SIP/2.0/UDP a;rport=1024 ; RECEIVED = 10.0.0.2\r\n",
		  "  path udp 10.0.0.2:1024: dotted \"10.0.0.2\", port \"1024\"\n" },
		{ "Via: SIP/2.0/TCP a:5062;received=10.0.0.2\r\n",
		  "  path tcp 10.0.0.2:5062: dotted \"10.0.0.2\"\n" },
		{ "Via: SIP/2.0/TCP a;received=2001:db8::2\r\n",
		  "  path tcp [2001:db8::2]:5060: dotted \"2001:db8::2\"\n" },
		{ "Via: SIP/2.0/TCP a;received=[2001:db8::2]\r\n",
		  "  path tcp [2001:db8::2]:5060: bracketed \"[2001:db8::2]\"\n" },
		{ "Via: SIP/2.0/UDP 10.0.0.2:5062;rport=1024\r\n",
		  "  path udp 10.0.0.2:5062: host \"10.0.0.2:5062\"/5060\n"
		  "  path udp 10.0.0.2:1024: port \"1024\"\n" },
		/* the answer goes elsewhere */
		{ "Via: SIP/2.0/UDP 10.0.0.2;maddr=10.0.0.3;ttl=1\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  path udp 10.0.0.3:5060: dotted \"10.0.0.3\"\n" },
		{ "Via: SIP/2.0/UDP 10.0.0.2:0\r\n",
		  "  host udp 10.0.0.2:0: bracketed \"10.0.0.2\"\n" },
	};

	(void)unused;
	check(REQUEST("INVITE"), INVITE_SAYS, rows, ARRAY_SIZE(rows), 0);
}

/* Where the dialog's other side, or a registrar, finds the sender. */
static void contacts(void **unused)
{
	static const struct row rows[] = {
		{ "Contact: <sip:alice@10.0.0.2>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060\n" },
		{ "m: sip:10.0.0.2:5062;q=0.3\r\n",
		  "  path udp 10.0.0.2:5062: host \"10.0.0.2:5062\"/5060\n"
		  "  want path udp 10.0.0.2:5062\n" },
		{ "Contact: \"A, \\\"<sip:b@10.0.0.9>\" <SIP:a;b?c&d@[2001:db8::2]:5062;lr>;x=\"<,>\"\r\n",
		  "  path udp [2001:db8::2]:5062: host \"[2001:db8::2]:5062\"/5060\n"
		  "  want path udp [2001:db8::2]:5062\n" },
		{ "Contact: Alice Long\r\n Name <sip:a@10.0.0.2;transport=TCP>\r\n",
		  "  path tcp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path tcp 10.0.0.2:5060\n" },
		{ "Contact: Alice(work)@home\xc3\xa9 <sip:10.0.0.2>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060\n" },
		/* an address that nobody comes to by this protocol */
		{ "Contact: <sips:a@10.0.0.2>\r\n",
		  "  path tcp 10.0.0.2:5061: host \"10.0.0.2\"/5061\n" },
		{ "Contact: <sip:a@10.0.0.2;transport=tls>\r\n",
		  "  path tcp 10.0.0.2:5061: host \"10.0.0.2\"/5061\n" },
		{ "Contact: <sip:a@10.0.0.2;transport=ws>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n" },
		{ "Contact: <sip:a@10.0.0.2:0>\r\n",
		  "  host udp 10.0.0.2:0: bracketed \"10.0.0.2\"\n" },
		/* not the host, but what overrides it */
		{ "Contact: <sip:a@10.0.0.2;maddr=10.0.0.3>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  path udp 10.0.0.3:5060: dotted \"10.0.0.3\"\n"
		  "  want path udp 10.0.0.3:5060\n" },
		/* no addresses at all */
		{ "Contact: <sip:a@10.0.0.2.example.org>\r\n", "" },
		{ "Contact: <sip:10.0.0.2@example.org>\r\n", "" },
		{ "Contact: <sip:a@10.0.0.2example.org>\r\n", "" },
		{ "Contact: <sip:a@10.0.0.256>\r\n", "" },
		{ "Contact: <sip:a@10.0.0.2.>\r\n", "" },
		{ "Contact: <sip:a@10.0.2>\r\n", "" },
		{ "Contact: <tel:+10.0.0.2>\r\n", "" },
		{ "Contact: <http://10.0.0.2/>\r\n", "" },
		{ "Contact: \"10.0.0.2\" <sip:a@example.org>;x=10.0.0.2\r\n", "" },
		/* headers that a URI asks for are of another message */
		{ "Contact: <sip:a@example.org?Route=%3Csip:10.0.0.2%3E&x=10.0.0.2>\r\n", "" },
		/* the same place is one, however often it is written */
		{ "Contact: <sip:a@10.0.0.2>\r\nRecord-Route: <sip:10.0.0.2:5060;lr>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060, host \"10.0.0.2:5060\"/5060\n"
		  "  want path udp 10.0.0.2:5060\n" },
	};

	(void)unused;
	check(REQUEST("INVITE") VIA, INVITE_SAYS, rows, ARRAY_SIZE(rows), 0);
}

static void the_transport_is_the_message_s_unless_it_says(void **unused)
{
	static const struct row rows[] = {
		{ "Contact: <sip:a@10.0.0.2>\r\n",
		  "  path tcp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path tcp 10.0.0.2:5060\n" },
		{ "Contact: <sip:a@10.0.0.2;transport=udp>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060\n" },
	};

	(void)unused;
	check(REQUEST("INVITE") VIA, INVITE_SAYS, rows, ARRAY_SIZE(rows), CTALG_L4_TCP);
}

static void bindings(void **unused)
{
	static const struct row rows[] = {
		{ "Contact: <sip:a@10.0.0.2>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 3600 s\n" },
		{ "Contact: <sip:a@10.0.0.2>;expires=60\r\nExpires: 90\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 60 s\n" },
		{ "Contact: <sip:a@10.0.0.2>\r\nExpires: 90\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 90 s\n" },
		{ "Contact: <sip:a@10.0.0.2>\r\nExpires: 0\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 0 s\n" },
		{ "Contact: <sip:a@10.0.0.2>;expires=99999999999\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 3600 s\n" },
		{ "Contact: <sip:a@10.0.0.2>;q=0.5 , sip:10.0.0.3;expires=30,\r\n"
		  "\t<sip:b@example.org>\r\nm: <sip:a@10.0.0.4;transport=tcp>\r\n",
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  path udp 10.0.0.3:5060: host \"10.0.0.3\"/5060\n"
		  "  path tcp 10.0.0.4:5060: host \"10.0.0.4\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 3600 s\n"
		  "  want path udp 10.0.0.3:5060 for 30 s\n"
		  "  want path tcp 10.0.0.4:5060 for 3600 s\n" },
		{ "", "" },
	};

	(void)unused;
	check(REQUEST("REGISTER") VIA, REGISTER_SAYS, rows, ARRAY_SIZE(rows), 0);
}

static void whole_bindings(void **unused)
{
	static const struct row rows[] = {
		/* all of them end */
		{ REQUEST("REGISTER") VIA "Contact: *\r\nExpires: 0\r\n\r\n",
		  "REGISTER, asks REGISTER\n"
		  "  user \"alice\"\n"
		  "  object \"bob\"\n"
		  "  binding \"bob@example.org\" REGISTER 7 from, expires in 0 s\n" },
		/* the registrar has the last word, if it says one */
		{ ANSWER("200 OK", "REGISTER") VIA
		  "Contact: <sip:a@10.0.0.2>;expires=30, <sip:a@10.0.0.3>\r\n\r\n",
		  "answer\n"
		  "  binding \"bob@example.org\" REGISTER 7 200 from\n"
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
		  "  path udp 10.0.0.3:5060: host \"10.0.0.3\"/5060\n"
		  "  want path udp 10.0.0.2:5060 for 30 s\n"
		  "  want path udp 10.0.0.3:5060\n" },
		{ ANSWER("423 Interval Too Brief", "REGISTER") VIA
		  "Contact: <sip:a@10.0.0.2>\r\n\r\n",
		  "answer\n"
		  "  binding \"bob@example.org\" REGISTER 7 423 from\n"
		  "  path udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n" },
	};

	(void)unused;
	check_whole(rows, ARRAY_SIZE(rows));
}

/* A contact is where requests of the dialog go; other answers have them for other reasons. */
static void contacts_that_nobody_comes_to(void **unused)
{
	static const struct {
		const char *head;
		bool wanted;
	} cases[] = {
		{ REQUEST("UPDATE"), true },
		{ REQUEST("SUBSCRIBE"), true },
		{ REQUEST("NOTIFY"), true },
		{ REQUEST("REFER"), true },
		{ REQUEST("OPTIONS"), false },
		{ REQUEST("MESSAGE"), false },
		{ REQUEST("BYE"), false },
		{ ANSWER("180 Ringing", "INVITE"), true },
		{ ANSWER("200 OK", "INVITE"), true },
		{ ANSWER("200 OK", "UPDATE"), true },
		{ ANSWER("302 Moved", "INVITE"), false },
		{ ANSWER("486 Busy", "INVITE"), false },
		{ ANSWER("200 OK", "OPTIONS"), false },
	};
	char message[1000], says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(message, sizeof(message), "%s" VIA "Contact: <sip:a@10.0.0.2>\r\n\r\n",
			 cases[i].head);
		report_of(message, (u32)strlen(message), 0, &r, says);
		assert_int_equal(r.n_endpoints, 1);
		assert_int_equal(r.n_wants, cases[i].wanted);
	}
}

static void places_on_the_way(void **unused)
{
	static const char *const path[] = {
		"Route",    "Record-Route",	    "Path",	"Service-Route",
		"Refer-To", "Referred-By",	    "Reply-To", "r",
		"B",	    "P-Preferred-Identity",
	};
	static const char *const name[] = { "Diversion", "History-Info", "remote-party-id" };
	static const char *const nothing[] = { "Subject",    "s",    "X-Route",	     "Warning",
					       "Alert-Info", "Date", "Target-Dialog" };
	char message[1000], should[1000], says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(path) + ARRAY_SIZE(name) + ARRAY_SIZE(nothing); i++) {
		bool is_path = i < ARRAY_SIZE(path), is_name = !is_path && i - ARRAY_SIZE(path) < 3;
		const char *header = is_path   ? path[i]
				     : is_name ? name[i - ARRAY_SIZE(path)]
					       : nothing[i - ARRAY_SIZE(path) - 3];

		snprintf(message, sizeof(message),
			 REQUEST("INVITE") VIA
			 "%s: <sip:10.0.0.2;lr>,<sip:b@10.0.0.3:5062>;x\r\n\r\n",
			 header);
		snprintf(should, sizeof(should),
			 INVITE_SAYS "  %s udp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n"
				     "  %s udp 10.0.0.3:5062: host \"10.0.0.3:5062\"/5060\n",
			 is_path ? "path" : "name", is_path ? "path" : "name");
		report_of(message, (u32)strlen(message), 0, &r, says);
		compare(message, says, is_path || is_name ? should : INVITE_SAYS);
	}
}

/* Names are called by addresses too; they change where policy hides those. */
static void names(void **unused)
{
	static const struct row rows[] = {
		{ "OPTIONS sip:10.0.0.1 SIP/2.0\r\n" VIA
		  "f: sip:alice:secret@10.0.0.2:5062 ;tag=1\r\n"
		  "t: \"B\" <sip:10.0.0.3>\r\ni: x@10.0.0.2\r\nCSeq: 1 OPTIONS\r\n\r\n",
		  "OPTIONS, asks OPTIONS\n"
		  "  user \"alice\"\n"
		  "  object \"sip:10.0.0.1\"\n"
		  "  path udp 10.0.0.1:5060: host \"10.0.0.1\"/5060\n"
		  "  name udp 10.0.0.2:5062: host \"10.0.0.2:5062\"/5060\n"
		  "  name udp 10.0.0.3:5060: host \"10.0.0.3\"/5060\n"
		  "  name udp 10.0.0.2:0: dotted \"10.0.0.2\"\n" },
		{ "OPTIONS tel:+49 SIP/2.0\r\n" VIA "f: tel:+1;tag=1\r\nt: <urn:service:sos>\r\n"
		  "i: x@10.0.0.2.example.org\r\nCSeq: 1 OPTIONS\r\n\r\n",
		  "OPTIONS, asks OPTIONS\n"
		  "  object \"+49\"\n" },
		{ "OPTIONS tel:0044-1;phone-context=x SIP/2.0\r\n" VIA
		  "f: tel:+1;tag=1\r\nt: tel:2\r\n"
		  "i: x\r\nCSeq: 1 OPTIONS\r\n\r\n",
		  "OPTIONS, asks OPTIONS\n"
		  "  object \"0044-1\"\n" },
		{ "OPTIONS sip:%30%30@example.org SIP/2.0\r\n" VIA "f: tel:+1;tag=1\r\nt: tel:2\r\n"
		  "i: x\r\nCSeq: 1 OPTIONS\r\n\r\n",
		  "OPTIONS, asks OPTIONS, ambiguous\n"
		  "  object \"%30%30\"\n" },
		{ "OPTIONS sip:a%20b%23@example.org SIP/2.0\r\n" VIA
		  "f: tel:+1;tag=1\r\nt: tel:2\r\n"
		  "i: x\r\nCSeq: 1 OPTIONS\r\n\r\n",
		  "OPTIONS, asks OPTIONS\n"
		  "  object \"a%20b%23\"\n" },
		{ "OPTIONS sip:a@example.org SIP/2.0\r\n" VIA
		  "f: <sip:%62ad@example.org>;tag=1\r\nt: tel:2\r\n"
		  "i: x\r\nCSeq: 1 OPTIONS\r\n\r\n",
		  "OPTIONS, asks OPTIONS, ambiguous\n"
		  "  user \"%62ad\"\n"
		  "  object \"a\"\n" },
	};

	(void)unused;
	check_whole(rows, ARRAY_SIZE(rows));
}

/* The user is who has the best reason to be one. */
static void who_speaks(void **unused)
{
	static const struct {
		const char *lines, *user;
	} cases[] = {
		{ "", "alice" },
		{ "P-Asserted-Identity: \"C\" <sip:carol@example.org:5060;user=phone>\r\n",
		  "carol@example.org" },
		{ "P-Asserted-Identity: <tel:+1>\r\n", "alice" },
		{ "P-Asserted-Identity: <tel:+1>, <sip:carol@example.org>\r\n",
		  "carol@example.org" },
		{ "Authorization: Digest realm=\"a, username=b\" , username=\"dave\",nonce=\"\"\r\n"
		  "P-Asserted-Identity: <sip:carol@example.org>\r\n",
		  "dave" },
		{ "P-Asserted-Identity: <sip:carol@example.org>\r\n"
		  "Proxy-Authorization:DIGEST\r\n USERNAME = \"d\\\"e\", uri=\"sip:10.0.0.2\"\r\n",
		  "d\\\"e" },
		{ "Authorization: Basic username=\"dave\"\r\n", "alice" },
		{ "Authorization: Digest username\r\n", "alice" },
	};
	char message[1000], says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(message, sizeof(message), REQUEST("INVITE") VIA "%s\r\n", cases[i].lines);
		report_of(message, (u32)strlen(message), 0, &r, says);
		assert_int_equal(r.user.len, strlen(cases[i].user));
		assert_memory_equal(message + r.user.off, cases[i].user, r.user.len);
		assert_int_equal(r.n_endpoints, 0);
	}
}

/* Which session a message belongs to, and what it does there. */
static void talks(void **unused)
{
	static const struct row rows[] = {
		{ REQUEST("INVITE") VIA "Session-Expires: 1800;refresher=uac\r\n\r\n",
		  "INVITE, asks INVITE\n"
		  "  user \"alice\"\n"
		  "  object \"bob\"\n"
		  "  call \"1234\" INVITE 7 from, expires in 1800 s\n" },
		{ ANSWER("183 Progress", "INVITE") VIA "Require: timer , 100rel\r\nx: 90\r\n\r\n",
		  "answer\n"
		  "  call \"1234\" INVITE 7 183 from, reliable\n" },
		{ ANSWER("200 OK", "UPDATE") VIA "x: 90\r\nRequire: 100rel\r\n\r\n",
		  "answer\n"
		  "  call \"1234\" UPDATE 7 200 from, expires in 90 s\n" },
		{ ANSWER("422 Too Small", "INVITE") VIA "x: 90\r\n\r\n",
		  "answer\n"
		  "  call \"1234\" INVITE 7 422 from\n" },
		{ REQUEST("ACK") VIA "\r\n", "ACK\n"
					     "  user \"alice\"\n"
					     "  object \"bob\"\n"
					     "  call \"1234\" ACK 7 from\n" },
		{ REQUEST("BYE") VIA "\r\n", "BYE, asks BYE\n"
					     "  user \"alice\"\n"
					     "  object \"bob\"\n"
					     "  call \"1234\" BYE 7 from\n" },
		{ REQUEST("CANCEL") VIA "\r\n", "CANCEL, asks CANCEL\n"
						"  user \"alice\"\n"
						"  object \"bob\"\n"
						"  call \"1234\" CANCEL 7 from\n" },
		{ REQUEST("PRACK") VIA "\r\n", "PRACK, asks PRACK\n"
					       "  user \"alice\"\n"
					       "  object \"bob\"\n"
					       "  call \"1234\" PRACK 7 from\n" },
		/* of no call, unless in its dialog */
		{ REQUEST("INFO") VIA "\r\n", "INFO, asks INFO\n"
					      "  user \"alice\"\n"
					      "  object \"bob\"\n" },
		{ "REFER sip:bob@example.org SIP/2.0\r\n" VIA "f: sip:alice@a;tag=1\r\n"
		  "t: sip:b@b;x;TAG=2\r\ni: 1\r\nCSeq: 0 REFER\r\n\r\n",
		  "REFER, asks REFER\n"
		  "  user \"alice\"\n"
		  "  object \"bob\"\n"
		  "  call \"1\" other 0 from to\n" },
		{ REQUEST("MESSAGE") VIA "\r\n", "MESSAGE, asks MESSAGE\n"
						 "  user \"alice\"\n"
						 "  object \"bob\"\n" },
		/* methods are told by each letter's case */
		{ REQUEST("Invite") VIA "\r\n", "request, asks other\n"
						"  user \"alice\"\n"
						"  object \"bob\"\n" },
	};

	(void)unused;
	check_whole(rows, ARRAY_SIZE(rows));
}

static void tags(void **unused)
{
	static const char message[] = "BYE sip:a SIP/2.0\r\n" VIA
				      "f: sip:a;tag=abc\r\nt: sip:b;tag=abC\r\n"
				      "i: 1\r\nCSeq: 1 BYE\r\n\r\n";
	char says[REPORT_TEXT_MAX];
	REPORT(r);

	(void)unused;
	report_of(message, sizeof(message) - 1, 0, &r, says);
	/* FNV-1a of "abc", as everybody computes it */
	assert_int_equal(r.talk.from, 0x1a47e90b);
	assert_int_not_equal(r.talk.from, r.talk.to);
}

static void lines_that_nobody_needs(void **unused)
{
	static const struct row rows[] = {
		{ "User-Agent: x\r\n", "  strip \"User-Agent: x\\r\\n\"\n" },
		{ "SERVER :\r\n  y\r\n\tz\r\n",
		  "  strip \"SERVER :\\r\\n  y\\r\\n\\x09z\\r\\n\"\n" },
		{ "Organization: o\nCall-Info: <http://10.0.0.2>\r\n",
		  "  strip \"Organization: o\\n\"\n  strip \"Call-Info: <http://10.0.0.2>\\r\\n\"\n" },
	};

	(void)unused;
	check(REQUEST("INVITE") VIA, INVITE_SAYS, rows, ARRAY_SIZE(rows), 0);
}

/* Requests and answers that mean something to somebody, but not to us for sure. */
static void malformed(void **unused)
{
#define ABOUT "  user \"alice\"\n  object \"bob\"\n"
	static const struct row rows[] = {
		{ "Contact: \"Joe <sip:a@10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2>;\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2>;;x\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2>,\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2> x\r\n", "malformed-header" },
		{ "Contact: < sip:a@10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: <sip:a b@10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: <sip:a@b@10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2:>\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2:65536>\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2:5060x>\r\n", "malformed-header" },
		{ "Contact: <sip:a@[2001:db8::2>\r\n", "malformed-header" },
		{ "Contact: <sip:a@[10.0.0.2]>\r\n", "malformed-header" },
		{ "Contact: <sip:>\r\n", "malformed-header" },
		{ "Contact: <10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: *, <sip:a@10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: Bell, Alexander <sip:a@10.0.0.2>\r\n", "malformed-header" },
		/* is it the host or the user? */
		{ "Contact: sip:10.0.0.2;x=y@203.0.113.1\r\n", "malformed-header" },
		{ "Contact: sip:a@10.0.0.2?x\r\n", "malformed-header" },
		{ "no colon\r\nContact: <sip:a@10.0.0.2>\r\n", "malformed-header" },
		{ ": no name\r\nContact: <sip:a@10.0.0.2>\r\n", "malformed-header" },
		{ "Contact: <sip:a@10.0.0.2>\r\nl: -1\r\n", "wrong-content-length" },
		{ "Contact: <sip:a@10.0.0.2>\r\nl: 4294967296\r\n", "wrong-content-length" },
		{ "Contact: <sip:a@10.0.0.2>\r\nl: 0x0\r\n", "wrong-content-length" },
		{ "Contact: <sip:a@10.0.0.2>\r\nl:\r\n", "wrong-content-length" },
		{ "Contact: <sip:a@10.0.0.2>\r\nl: 0\r\nContent-Length: 0\r\n", "repeated-header" },
		{ "Contact: <sip:a@10.0.0.2>\r\ni: 1234\r\n", "repeated-header" },
		{ "Contact: <sip:a@10.0.0.2>\r\nFrom: <sip:b@a>\r\n", "repeated-header" },
	};
	char message[1000], says[REPORT_TEXT_MAX], should[1000];
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(message, sizeof(message), REQUEST("INVITE") VIA "Server: x\r\n%s\r\n",
			 rows[i].lines);
		snprintf(should, sizeof(should),
			 "INVITE, asks INVITE, ambiguous, reason %s\n" ABOUT, rows[i].says);
		report_of(message, (u32)strlen(message), 0, &r, says);
		compare(message, says, should);
	}
#undef ABOUT
}

static void malformed_beginnings(void **unused)
{
	static const struct row rows[] = {
		{ "INVITE  sip:a SIP/2.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason malformed-start-line\n" },
		{ "INVITE sip:a  SIP/2.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason malformed-start-line\n" },
		{ "INVITE sip:a SIP/2.0 \r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason malformed-start-line\n" },
		{ "INVITE <sip:a@10.0.0.2> SIP/2.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason malformed-start-line\n" },
		{ "INVITE sip:a@10.0.0.2?x=y SIP/2.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason malformed-start-line\n" },
		{ "INVITE SIP/2.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason malformed-start-line\n" },
		{ "INVITE sip:a SIP/3.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason unknown-version\n" },
		{ "SIP/2.0 20 OK\r\n\r\n", "answer, reason malformed-start-line\n" },
		{ "SIP/2.0 2000 OK\r\n\r\n", "answer, reason malformed-start-line\n" },
		{ "SIP/2.0 099 OK\r\n\r\n", "answer, reason malformed-start-line\n" },
		{ "SIP/2.0\r\n\r\n", "answer, reason malformed-start-line\n" },
		{ "SIP/1.0 200 OK\r\n\r\n", "answer, reason unknown-version\n" },
		{ "INVITE sip:a SIP/2.0\r\n\r\n",
		  "INVITE, asks INVITE, ambiguous, reason missing-header\n  object \"sip:a\"\n" },
		{ "BYE sip:a SIP/2.0\r\n" VIA FROM_TO "CSeq: 1 INVITE\r\n\r\n",
		  "BYE, asks BYE, ambiguous, reason another-method-in-cseq\n"
		  "  user \"alice\"\n  object \"sip:a\"\n" },
		/* no end, or one in the middle of a line */
		{ REQUEST("BYE") VIA, "BYE, asks BYE, ambiguous, reason unfinished-headers\n"
				      "  user \"alice\"\n  object \"bob\"\n" },
		{ REQUEST("BYE") "Via: SIP/2.0/UDP 10.0.0.2",
		  "BYE, asks BYE, ambiguous, reason unfinished-headers\n"
		  "  user \"alice\"\n  object \"bob\"\n" },
	};

	(void)unused;
	check_whole(rows, ARRAY_SIZE(rows));
}

#define BYTES(text) text, sizeof(text) - 1

static void what_is_no_message(void **unused)
{
	static const struct {
		const char *data;
		u32 len;
		const char *says;
	} cases[] = {
		{ BYTES(""), "keep-alive\n" },
		{ BYTES("\r\n\r\n"), "keep-alive\n" },
		{ BYTES("\0\0\0\0"), "keep-alive\n" },
		{ BYTES("\0\1\0\0\x21\x12\xa4\x42 0123456789a"), "keep-alive\n" },
		{ BYTES("\1\1\0\0\x21\x12\xa4\x42 0123456789a"), "keep-alive\n" },
		{ BYTES("\0\1\0\0\x21\x12\xa4\x43 0123456789a"),
		  "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES("\x80\x00 RTP"), "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES("GET / HTTP/1.1\r\n\r\n"), "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES("OPTIONS * RTSP/1.0\r\n\r\n"),
		  "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES("MSRP d93kswow SEND\r\n\r\n"),
		  "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES("INVITE sip:a@b"), "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES(" INVITE sip:a SIP/2.0\r\n\r\n"),
		  "other, ambiguous, reason not-the-protocol\n" },
		{ BYTES("INV\0TE sip:a SIP/2.0\r\n\r\n"),
		  "other, ambiguous, reason not-the-protocol\n" },
	};
	char says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		report_of(cases[i].data, cases[i].len, 0, &r, says);
		compare(cases[i].data, says, cases[i].says);
	}
}

/* Lines may end in LF; line ends before the message are skipped; in the version case does not count. */
static void what_is_taken_for_one(void **unused)
{
	static const struct row rows[] = {
		{ "\r\n\n\r\nBYE sip:a sip/2.0\nv:SIP/2.0/TCP 10.0.0.2\nf:sip:a\nt:sip:b\ni:1\ncseq:1 BYE\n\n",
		  "BYE, asks BYE\n"
		  "  object \"sip:a\"\n"
		  "  call \"1\" BYE 1\n"
		  "  path tcp 10.0.0.2:5060: host \"10.0.0.2\"/5060\n" },
	};

	(void)unused;
	check_whole(rows, ARRAY_SIZE(rows));
}

/* Headers say nothing until it is known that no more come. */
static void a_prefix_says_no_more_than_the_whole(void **unused)
{
	static const char whole[] =
		REQUEST("INVITE") "Via: SIP/2.0/UDP 10.0.0.2:5062;rport=1024;received=10.0.0.3\r\n"
				  "Contact: <sip:a@10.0.0.2:5062;maddr=10.0.0.4>\r\n"
				  "Record-Route: <sip:10.0.0.5;lr>\r\nServer: x\r\n\r\n";
	char says[REPORT_TEXT_MAX];
	REPORT(r);
	u32 len;

	(void)unused;
	for (len = 0; len < sizeof(whole); len++) {
		report_of(whole, len, 0, &r, says);
		assert_int_equal(r.n_tokens, len + 1 < sizeof(whole) ? 0 : 6);
		assert_int_equal(r.n_strips, len + 1 < sizeof(whole) ? 0 : 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_topmost_via),
		cmocka_unit_test(contacts),
		cmocka_unit_test(the_transport_is_the_message_s_unless_it_says),
		cmocka_unit_test(bindings),
		cmocka_unit_test(whole_bindings),
		cmocka_unit_test(contacts_that_nobody_comes_to),
		cmocka_unit_test(places_on_the_way),
		cmocka_unit_test(names),
		cmocka_unit_test(who_speaks),
		cmocka_unit_test(talks),
		cmocka_unit_test(tags),
		cmocka_unit_test(lines_that_nobody_needs),
		cmocka_unit_test(malformed),
		cmocka_unit_test(malformed_beginnings),
		cmocka_unit_test(what_is_no_message),
		cmocka_unit_test(what_is_taken_for_one),
		cmocka_unit_test(a_prefix_says_no_more_than_the_whole),
	};

	return cmocka_run_group_tests_name("sip_parse", tests, NULL, NULL);
}
