// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/mime.h>

#include "sdp_marked.h"

/* A body is the bytes behind a type, which ends in CR LF. */
struct example {
	const char *name;
	const char *type;
	/* With marks, as in sdp_marked.h. */
	const char *body;
	const char *wants;
	/* Of each length: the number, how many bytes it counts, and how they begin. */
	const char *lengths;
};

/* 48 bytes without the marks */
#define SDP(n, port)                                                                               \
	"v=0\r\nc=IN IP4 {" #n "a:10.0.0.2}\r\nm=audio {" #n "p:" #port "} RTP/AVP 0\r\n"
/* The same where nobody is to look. */
#define PLAIN "v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 5004 RTP/AVP 0\r\n"
#define SDP_TYPE "Content-Type: application/sdp\r\n"

static unsigned int parse(const char *type, const u8 *text, u32 len, struct ctalg_report *r,
			  bool *found)
{
	struct ctalg_span t = { .len = (u32)strlen(type) };
	struct ctalg_span b = { .off = t.len + 2, .len = len };
	u8 *data = malloc(b.off + len);
	unsigned int result;

	assert_non_null(data);
	memcpy(data, type, t.len);
	memcpy(data + t.len, "\r\n", 2);
	memcpy(data + b.off, text, len);
	ctalg_report_init(r);
	result = ctalg_mime_parse(data, b.off + len, t, b, r, found);
	marked_safe(data, b.off + len, r);
	free(data);
	return result;
}

/* From the message's spans to those of the body, in which the marks stand. */
static void shift(struct ctalg_report *r, u32 by)
{
	u32 i;

	for (i = 0; i < r->n_tokens; i++)
		r->token[i].at.off -= by;
	for (i = 0; i < r->n_lengths; i++) {
		r->length[i].digits.off -= by;
		r->length[i].body.off -= by;
	}
}

static const char *say_lengths(const u8 *data, const struct ctalg_report *r)
{
	static char text[256];
	char *p = text;
	u32 i;

	*p = 0;
	for (i = 0; i < r->n_lengths; i++)
		p += sprintf(p, "%s%.*s: %u of %.3s", i ? ", " : "", (int)r->length[i].digits.len,
			     (const char *)data + r->length[i].digits.off, r->length[i].body.len,
			     (const char *)data + r->length[i].body.off);
	return text;
}

static void check(const struct example *x, unsigned int expected)
{
	STATIC_REPORT(r);
	bool found = true;
	unsigned int result;
	char *marked;
	u32 len;
	u8 *data = marked_strip(x->body, &len);

	result = parse(x->type, data, len, &r, &found);
	shift(&r, (u32)strlen(x->type) + 2);
	marked = marked_tokens(data, len, &r);
	if (strcmp(marked, x->body) || strcmp(marked_wants(&r), x->wants) || result != expected)
		print_error("%s:\n%s\n%s\n", x->name, marked, marked_wants(&r));
	assert_string_equal(marked, x->body);
	assert_string_equal(marked_wants(&r), x->wants);
	assert_string_equal(say_lengths(data, &r), x->lengths);
	assert_int_equal(result, expected);
	assert_int_equal(found, *x->wants != 0);
	free(marked);
	free(data);
}

static const struct example single[] = {
	{ "a description", "application/sdp", SDP(0, 5004), "0 udp 10.0.0.2 5004 pair", "" },
	{ "in any case, with parameters", " Application/SDP ;charset=\"UTF-8\"", SDP(0, 5004),
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "folded", "application/sdp\r\n ;a=b", SDP(0, 5004), "0 udp 10.0.0.2 5004 pair", "" },
	{ "something else", "text/plain", PLAIN, "", "" },
	{ "that begins alike", "application/sdpx", PLAIN, "", "" },
	{ "or ends alike", "xapplication/sdp", PLAIN, "", "" },
	{ "no type at all", "", PLAIN, "", "" },
	{ "half a type", "application", PLAIN, "", "" },
	{ "no body", "application/sdp", "", "", "" },
};

static const struct example several[] = {
	{ "a call through a telephone network (RFC 3204, section 4)",
	  "multipart/mixed; boundary=unique-boundary-1",
	  "--unique-boundary-1\r\n" SDP_TYPE
	  "\r\n" SDP(0, 5004) "\r\n"
			      "--unique-boundary-1\r\n"
			      "Content-Type: application/ISUP; version=nxv3; base=etsi121\r\n"
			      "Content-Disposition: signal; handling=optional\r\n"
			      "\r\n"
			      "\x01\x02" PLAIN "\r\n"
			      "--unique-boundary-1--\r\n",
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "the boundary in quotes; text before the first part and behind the last",
	  "multipart/mixed;charset=x;boundary=\"b d'()+_,-./:=?\"",
	  SDP_TYPE "\r\n" PLAIN "--b d'()+_,-./:=?\r\n" SDP_TYPE
		   "\r\n" SDP(0, 5004) "\r\n--b d'()+_,-./:=?--\r\n" SDP_TYPE "\r\n" PLAIN,
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "with escapes in them", "multipart/mixed; boundary=\"a\\b\\\"c\"",
	  "--ab\"c\r\n" SDP_TYPE "\r\n" SDP(0, 5004) "--ab\"c--", "0 udp 10.0.0.2 5004 pair", "" },
	{ "another parameter's value that looks like one",
	  "multipart/mixed; x=\"; boundary=a\" ; boundary = b",
	  "--a\r\n" SDP_TYPE "\r\n" PLAIN "--b\r\n" SDP_TYPE "\r\n" SDP(0, 5004) "--b--",
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "what begins like the boundary, and what stands within a line",
	  "multipart/mixed; boundary=ab",
	  "--ab\r\n" SDP_TYPE "\r\nv=0\r\n--abc\r\ns=--ab\r\n--a\r\n-ab\r\nc=IN IP4 "
	  "{0a:10.0.0.2}\r\nm=audio {0p:5004} RTP/AVP 0\r\n--ab--x\r\na=rtcp-mux\r\n--ab--",
	  "0 udp 10.0.0.2 5004 pair mux", "" },
	{ "blanks behind a delimiter, lines that end in LF, no end", "multipart/mixed; boundary=ab",
	  "--ab \t\nContent-Type: application/sdp\n\nv=0\nc=IN IP4 {0a:10.0.0.2}\n"
	  "m=audio {0p:5004} RTP/AVP 0\n",
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "the longest boundary that there may be",
	  "multipart/mixed; boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
	  "--1234567890123456789012345678901234567890123456789012345678901234567890\r\n" SDP_TYPE
	  "\r\n" SDP(0, 5004),
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "headers in any case and order, folded, with blanks before the colon",
	  "multipart/mixed; boundary=ab",
	  "--ab\r\nContent-ID: <a@b>\r\ncontent-type :\r\n application/sdp\r\nX: y\r\n\tz\r\n\r\n" SDP(
		  0, 5004) "--ab--",
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "parts that are no description: without a type, without headers, without anything",
	  "multipart/mixed; boundary=ab",
	  "--ab\r\nX: y\r\n\r\n" PLAIN "--ab\r\n\r\n" PLAIN "--ab\r\n--ab\r\n" SDP_TYPE
	  "--ab\r\n" SDP_TYPE "\r\n--ab--",
	  "", "" },
	{ "coded so that nothing can be changed in them", "multipart/mixed; boundary=ab",
	  "--ab\r\n" SDP_TYPE "Content-Encoding: gzip\r\n\r\n" PLAIN "--ab\r\n" SDP_TYPE
	  "Content-Transfer-Encoding: base64\r\n\r\n" PLAIN "--ab\r\n" SDP_TYPE
	  "Content-Encoding: identity, gzip\r\n\r\n" PLAIN "--ab\r\n"
	  "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n" SDP_TYPE "\r\n" PLAIN "--ab--",
	  "", "" },
	{ "coded as they are", "multipart/mixed; boundary=ab",
	  "--ab\r\n" SDP_TYPE "Content-Encoding: identity\r\n\r\n" SDP(
		  0, 5004) "--ab\r\n" SDP_TYPE
			   "Content-Transfer-Encoding: 8bit\r\n\r\n" SDP(1, 5006) "--ab--",
	  "0 udp 10.0.0.2 5004 pair, 1 udp 10.0.0.2 5006 pair", "" },
	{ "one in another (RFC 5621, section 3.2)", "multipart/mixed; boundary=out",
	  "--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n"
	  "--in\r\nContent-Type: text/plain\r\n\r\n" PLAIN "\r\n--in\r\n" SDP_TYPE "\r\n" SDP(
		  0, 5004) "\r\n--in--\r\n--out\r\n" SDP_TYPE "\r\n" SDP(1, 5006) "\r\n--out--\r\n",
	  "0 udp 10.0.0.2 5004 pair, 1 udp 10.0.0.2 5006 pair", "" },
	{ "the outer boundary ends the inner parts", "multipart/mixed; boundary=out",
	  "--out\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n" SDP_TYPE
	  "\r\n" SDP(0, 5004) "--out\r\nX: y\r\n\r\n--in\r\n" SDP_TYPE "\r\n" PLAIN "--out--",
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "three deep is looked into, four is not", "multipart/mixed; boundary=1",
	  "--1\r\nContent-Type: multipart/mixed; boundary=2\r\n\r\n"
	  "--2\r\nContent-Type: multipart/mixed; boundary=3\r\n\r\n"
	  "--3\r\n" SDP_TYPE
	  "\r\n" SDP(0, 5004) "\r\n"
			      "--3\r\nContent-Type: multipart/mixed; boundary=4\r\n\r\n"
			      "--4\r\n" SDP_TYPE "\r\n" PLAIN
			      "\r\n--4--\r\n--3--\r\n--2--\r\n--1--\r\n",
	  "0 udp 10.0.0.2 5004 pair", "" },
};

static const struct example lengths[] = {
	{ "of a part with a description", "multipart/mixed; boundary=ab",
	  "--ab\r\n" SDP_TYPE
	  "Content-Length: 48\r\n\r\n" SDP(0, 5004) "\r\n--ab\r\n"
						    "Content-Length: 2\r\n\r\nhi\r\n--ab--",
	  "0 udp 10.0.0.2 5004 pair", "48: 48 of v=0" },
	{ "with the line end before the delimiter", "multipart/mixed; boundary=ab",
	  "--ab\r\nContent-Length:50\r\n" SDP_TYPE "\r\n" SDP(0, 5004) "\r\n--ab--",
	  "0 udp 10.0.0.2 5004 pair", "50: 50 of v=0" },
	{ "of less than the part", "multipart/mixed; boundary=ab",
	  "--ab\r\nContent-Length:24\r\n" SDP_TYPE "\r\n" SDP(0, 5004) "\r\n--ab--",
	  "0 udp 10.0.0.2 5004 pair", "24: 24 of v=0" },
	{ "of nothing that is there, or not a number", "multipart/mixed; boundary=ab",
	  "--ab\r\nContent-Length: 51\r\n" SDP_TYPE
	  "\r\n" SDP(0, 5004) "\r\n--ab\r\n"
			      "Content-Length: 4x\r\n" SDP_TYPE
			      "\r\n" SDP(1, 5006) "\r\n--ab\r\n"
						  "Content-Length: 50\r\n" SDP_TYPE
						  "\r\n" SDP(2, 5008) "--ab--",
	  "0 udp 10.0.0.2 5004 pair, 1 udp 10.0.0.2 5006 pair, 2 udp 10.0.0.2 5008 pair", "" },
	{ "of a multipart: the inner ones first", "multipart/mixed; boundary=out",
	  "--out\r\nContent-Length: 112\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
	  "--in\r\n" SDP_TYPE "Content-Length:48\r\n\r\n" SDP(0, 5004) "--in--\r\n--out--",
	  "0 udp 10.0.0.2 5004 pair", "48: 48 of v=0, 112: 112 of --i" },
	{ "of one without a description", "multipart/mixed; boundary=out",
	  "--out\r\nContent-Length: 5\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
	  "--in\r\n\r\n--out\r\n" SDP_TYPE "\r\n" SDP(0, 5004) "--out--",
	  "0 udp 10.0.0.2 5004 pair", "" },
};

static const struct example malformed[] = {
	{ "no boundary", "multipart/mixed", "--\r\n" SDP_TYPE "\r\n" PLAIN "----", "", "" },
	{ "an empty one", "multipart/mixed; boundary=\"\"", "--\r\n" SDP_TYPE "\r\n" PLAIN, "",
	  "" },
	{ "one that does not end", "multipart/mixed; boundary=\"ab",
	  "--ab\r\n" SDP_TYPE "\r\n" PLAIN, "", "" },
	{ "one that is too long",
	  "multipart/mixed; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
	  "--12345678901234567890123456789012345678901234567890123456789012345678901\r\n" SDP_TYPE
	  "\r\n" PLAIN,
	  "", "" },
	{ "inside of another, which is read on", "multipart/mixed; boundary=ab",
	  "--ab\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n--ab\r\n" SDP_TYPE
	  "\r\n" SDP(0, 5004) "--ab--",
	  "0 udp 10.0.0.2 5004 pair", "" },
	{ "a description that is none, before one", "multipart/mixed; boundary=ab",
	  "--ab\r\n" SDP_TYPE "\r\nv=1\r\n--ab\r\n" SDP_TYPE "\r\n" SDP(0, 5004) "--ab--",
	  "0 udp 10.0.0.2 5004 pair", "" },
};

static const struct {
	const struct example *list;
	u32 n;
	unsigned int result;
} groups[] = {
	{ single, ARRAY_SIZE(single), CTALG_R_NONE },
	{ several, ARRAY_SIZE(several), CTALG_R_NONE },
	{ lengths, ARRAY_SIZE(lengths), CTALG_R_NONE },
	{ malformed, ARRAY_SIZE(malformed), CTALG_R_MALFORMED },
};

static void examples(void **unused)
{
	u32 g, i;

	(void)unused;
	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g].n; i++)
			check(&groups[g].list[i], groups[g].result);
}

static void every_prefix(void **unused)
{
	STATIC_REPORT(r);
	u32 g, i, n, len;
	bool found;

	(void)unused;
	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		for (i = 0; i < groups[g].n; i++) {
			u8 *data = marked_strip(groups[g].list[i].body, &len);

			for (n = 0; n < len; n++)
				parse(groups[g].list[i].type, data, n, &r, &found);
			free(data);
		}
	}
}

static void random_changes(void **unused)
{
	static const char bytes[] = "\r\n -:=/;\"\\9abv\t";
	STATIC_REPORT(r);
	u64 seed = 2046;
	u32 round, len;
	bool found;

	(void)unused;
	for (round = 0; round < 20000; round++) {
		u32 g = rnd_below(&seed, ARRAY_SIZE(groups)), n;
		const struct example *x = &groups[g].list[rnd_below(&seed, groups[g].n)];
		u8 *data = marked_strip(x->body, &len);

		for (n = len ? 1 + rnd_below(&seed, 4) : 0; n; n--)
			data[rnd_below(&seed, len)] = (u8)bytes[rnd_below(&seed, sizeof(bytes))];
		parse(x->type, data, len, &r, &found);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(every_prefix),
		cmocka_unit_test(random_changes),
	};

	return cmocka_run_group_tests_name("mime", tests, NULL, NULL);
}
