// SPDX-License-Identifier: GPL-2.0
/* What SIP's parser finds, planned: every byte of what goes on. */
#include "plan_world.h"

#include "helpers/sip/sip_parse.h"

#define CRLF "\r\n"

/* A caller inside, its proxy outside. */
static const char invite[] =
	"INVITE sip:bob@biloxi.example.com SIP/2.0" CRLF
	"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK10.0.0.2:5060;rport" CRLF
	"Max-Forwards: 70" CRLF "From: Alice <sip:alice@10.0.0.2>;tag=10.0.0.2" CRLF
	"To: Bob <sip:bob@biloxi.example.com>" CRLF "Call-ID: 3848276298220188511@10.0.0.2" CRLF
	"CSeq: 1 INVITE" CRLF "m: <sip:alice@10.0.0.2>" CRLF
	"Authorization: Digest username=\"alice\", uri=\"sip:10.0.0.2\", response=\"10.0.0.2\"" CRLF
	"c: application/sdp" CRLF "l: 192" CRLF CRLF "v=0" CRLF
	"o=alice 2890844526 2890844526 IN IP4 10.0.0.2" CRLF "s=10.0.0.2" CRLF
	"c=IN IP4 10.0.0.2" CRLF "t=0 0" CRLF "m=audio 49172 RTP/AVP 0" CRLF
	"a=rtcp:53020 IN IP4 10.0.0.2" CRLF "m=video 51372 RTP/AVP 31" CRLF
	"m=image 0 udptl t38" CRLF;

static const char invited[] =
	"INVITE sip:bob@biloxi.example.com SIP/2.0" CRLF
	"Via: SIP/2.0/UDP 203.0.113.1:6060;branch=z9hG4bK10.0.0.2:5060;rport" CRLF
	"Max-Forwards: 70" CRLF "From: Alice <sip:alice@10.0.0.2>;tag=10.0.0.2" CRLF
	"To: Bob <sip:bob@biloxi.example.com>" CRLF "Call-ID: 3848276298220188511@10.0.0.2" CRLF
	"CSeq: 1 INVITE" CRLF "m: <sip:alice@203.0.113.1:6060>" CRLF
	"Authorization: Digest username=\"alice\", uri=\"sip:10.0.0.2\", response=\"10.0.0.2\"" CRLF
	"c: application/sdp" CRLF "l: 198" CRLF CRLF "v=0" CRLF
	"o=alice 2890844526 2890844526 IN IP4 203.0.113.1" CRLF "s=10.0.0.2" CRLF
	"c=IN IP4 203.0.113.1" CRLF "t=0 0" CRLF "m=audio 8000 RTP/AVP 0" CRLF
	"a=rtcp:8002 IN IP4 203.0.113.1" CRLF "m=video 8004 RTP/AVP 31" CRLF
	"m=image 0 udptl t38" CRLF;

static void parse(const char *text, u8 dir, struct ctalg_report *r, struct ctalg_message *m)
{
	u64 state[CTALG_PROTO_STATE / sizeof(u64)] = { 0 };

	m->len = (u32)strlen(text);
	m->data = exact(text, m->len);
	m->dir = dir;
	m->l4 = CTALG_L4_UDP;
	ctalg_report_init(r);
	sip_proto.parse(state, m, r);
	assert_int_equal(r->reason, CTALG_R_NONE);
}

static void goes_on(struct world *w, enum world_view view, const char *came, const char *want)
{
	STATIC_REPORT(r);
	struct ctalg_message m;

	parse(came, world_view(view).inside == CTALG_SIDE_SENDER ? CTALG_DIR_ORIG : CTALG_DIR_REPLY,
	      &r, &m);
	assert_int_equal(world_plan(w, view, &r, &m), CTALG_R_NONE);
	assert_string_equal(w->sent, want);
	assert_string_equal(w->refused, "");
	free((void *)(uintptr_t)m.data);
}

static void a_call_from_inside(void **unused)
{
	struct world w = { .give = 8000 };

	(void)unused;
	goes_on(&w, SNAT, invite, invited);
}

/* Without NAT, and sent by who speaks for itself outside, not a byte changes. */
static void nothing_to_change(void **unused)
{
	struct world w = { .give = 0 };

	(void)unused;
	goes_on(&w, PLAIN, invite, invite);
	assert_int_equal(world_edits()->n, 0);
	w = (struct world){ .give = 0 };
	goes_on(&w, NOBODY,
		"OPTIONS sip:x@192.0.2.1 SIP/2.0" CRLF
		"Via: SIP/2.0/UDP 203.0.113.1:6060;branch=z9hG4bK1;rport" CRLF
		"From: <sip:a@10.0.0.2>;tag=1" CRLF "To: <sip:b@10.0.0.2>" CRLF
		"Call-ID: 10.0.0.2@10.0.0.2" CRLF "CSeq: 1 OPTIONS" CRLF
		"Contact: <sip:a@203.0.113.1:6060>" CRLF "Content-Length: 0" CRLF CRLF,
		"OPTIONS sip:x@192.0.2.1 SIP/2.0" CRLF
		"Via: SIP/2.0/UDP 203.0.113.1:6060;branch=z9hG4bK1;rport" CRLF
		"From: <sip:a@10.0.0.2>;tag=1" CRLF "To: <sip:b@10.0.0.2>" CRLF
		"Call-ID: 10.0.0.2@10.0.0.2" CRLF "CSeq: 1 OPTIONS" CRLF
		"Contact: <sip:a@203.0.113.1:6060>" CRLF "Content-Length: 0" CRLF CRLF);
	assert_int_equal(world_edits()->n, 0);
}

/* The same phone registers, is told for how long, and is called back. */
static void a_binding(void **unused)
{
	struct world w = { .give = 0 };

	(void)unused;
	goes_on(&w, SNAT,
		"REGISTER sip:example.com SIP/2.0" CRLF
		"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1;rport" CRLF
		"From: <sip:a@example.com>;tag=1" CRLF "To: <sip:a@example.com>" CRLF
		"Call-ID: 1" CRLF "CSeq: 1 REGISTER" CRLF
		"Contact: <sip:a@10.0.0.2:5060>;expires=600" CRLF "Content-Length: 0" CRLF CRLF,
		"REGISTER sip:example.com SIP/2.0" CRLF
		"Via: SIP/2.0/UDP 203.0.113.1:6060;branch=z9hG4bK1;rport" CRLF
		"From: <sip:a@example.com>;tag=1" CRLF "To: <sip:a@example.com>" CRLF
		"Call-ID: 1" CRLF "CSeq: 1 REGISTER" CRLF
		"Contact: <sip:a@203.0.113.1:6060>;expires=600" CRLF "Content-Length: 0" CRLF CRLF);
	assert_string_equal(w.opened,
			    "path 600s from 198.51.100.1: 203.0.113.1/6060 > 10.0.0.2/5060 fixed");
	w = (struct world){ .give = 0 };
	goes_on(&w, SNAT_IN,
		"SIP/2.0 200 OK" CRLF
		"Via: SIP/2.0/UDP 203.0.113.1:6060;branch=z9hG4bK1;received=203.0.113.1;rport=6060" CRLF
		"From: <sip:a@example.com>;tag=1" CRLF "To: <sip:a@example.com>;tag=2" CRLF
		"Call-ID: 1" CRLF "CSeq: 1 REGISTER" CRLF
		"Contact: <sip:a@203.0.113.1:6060>;expires=60" CRLF "Content-Length: 0" CRLF CRLF,
		"SIP/2.0 200 OK" CRLF
		"Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1;received=10.0.0.2;rport=5060" CRLF
		"From: <sip:a@example.com>;tag=1" CRLF "To: <sip:a@example.com>;tag=2" CRLF
		"Call-ID: 1" CRLF "CSeq: 1 REGISTER" CRLF
		"Contact: <sip:a@10.0.0.2:5060>;expires=60" CRLF "Content-Length: 0" CRLF CRLF);
	assert_string_equal(
		w.opened,
		"path 60s renews from 198.51.100.1: 203.0.113.1/6060 > 10.0.0.2/5060 fixed");
}

#define STUN_CALL(via, contact, origin, media)                                                     \
	"INVITE sip:b@example.com SIP/2.0" CRLF "Via: SIP/2.0/UDP " via CRLF                       \
	"From: <sip:a@example.com>;tag=1" CRLF "To: <sip:b@example.com>" CRLF "Call-ID: 1" CRLF    \
	"CSeq: 1 INVITE" CRLF "Contact: <sip:a@" contact ">" CRLF                                  \
	"Content-Type: application/sdp" CRLF CRLF "v=0" CRLF "o=- 7 1 IN IP4 " origin CRLF         \
	"s=-" CRLF "c=IN IP4 " media CRLF "t=0 0" CRLF "m=audio 40000 RTP/AVP 0" CRLF              \
	"a=sendrecv" CRLF

#define PUBLIC "203.0.113.1:6060"
#define PRIVATE_VIA "10.0.0.2:5060;branch=z9hG4bK1;rport"

/* A phone that STUN has told its places writes its own address where that makes no difference, if at all. */
static void agents_that_use_stun(void **unused)
{
	static const char *const left_alone[] = {
		STUN_CALL(PUBLIC ";branch=z9hG4bK1;rport", PUBLIC, "203.0.113.1", "203.0.113.1"),
		STUN_CALL(PRIVATE_VIA, PUBLIC, "203.0.113.1", "203.0.113.1"),
		STUN_CALL(PRIVATE_VIA, PUBLIC, "10.0.0.2", "203.0.113.1"),
	};
	struct world w;
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(left_alone); i++) {
		w = (struct world){ .give = 0 };
		goes_on(&w, AWARE, left_alone[i], left_alone[i]);
		assert_int_equal(world_edits()->n, 0);
	}
	/* Media that it knows nothing of is mapped nevertheless, and so is all where policy hides. */
	w = (struct world){ .give = 40000 };
	goes_on(&w, AWARE, STUN_CALL(PRIVATE_VIA, PUBLIC, "10.0.0.2", "10.0.0.2"),
		STUN_CALL(PRIVATE_VIA, PUBLIC, "203.0.113.1", "203.0.113.1"));
	w = (struct world){ .grant.hide = true };
	goes_on(&w, AWARE, STUN_CALL(PRIVATE_VIA, PUBLIC, "10.0.0.2", "203.0.113.1"),
		STUN_CALL(PUBLIC ";branch=z9hG4bK1;rport", PUBLIC, "203.0.113.1", "203.0.113.1"));
	/* Without rport the answer would go where Via says; who is not aware of it is helped as ever. */
	w = (struct world){ .give = 0 };
	goes_on(&w, AWARE,
		STUN_CALL("10.0.0.2:5060;branch=z9hG4bK1", PUBLIC, "203.0.113.1", "203.0.113.1"),
		STUN_CALL(PUBLIC ";branch=z9hG4bK1", PUBLIC, "203.0.113.1", "203.0.113.1"));
	w = (struct world){ .give = 0 };
	goes_on(&w, SNAT, STUN_CALL(PRIVATE_VIA, PUBLIC, "203.0.113.1", "203.0.113.1"),
		STUN_CALL(PUBLIC ";branch=z9hG4bK1;rport", PUBLIC, "203.0.113.1", "203.0.113.1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_from_inside),
		cmocka_unit_test(nothing_to_change),
		cmocka_unit_test(a_binding),
		cmocka_unit_test(agents_that_use_stun),
	};

	return cmocka_run_group_tests_name("plan_sip", tests, NULL, NULL);
}
