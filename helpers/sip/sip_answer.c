// SPDX-License-Identifier: GPL-2.0
#include "sip_answer.h"

#include "sip_start.h"

enum { RETRY_SECONDS = 30 };

/* Text being written: goes dead instead of past the end. */
struct out {
	char *buf;
	u32 cap;
	u32 n;
	bool full;
};

static void put_bytes(struct out *o, const void *p, u32 n)
{
	if (n > o->cap - o->n) {
		o->full = true;
		return;
	}
	memcpy(o->buf + o->n, p, n);
	o->n += n;
}

static void put(struct out *o, const char *text)
{
	u32 n;

	for (n = 0; text[n]; n++)
		;
	put_bytes(o, text, n);
}

static void put_number(struct out *o, u32 v)
{
	char digit[10];
	u32 n = sizeof(digit);

	do {
		digit[--n] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	put_bytes(o, digit + n, (u32)sizeof(digit) - n);
}

static void put_hex(struct out *o, u32 v)
{
	static const char digits[] = "0123456789abcdef";
	int shift;

	for (shift = 28; shift >= 0; shift -= 4)
		put_bytes(o, &digits[v >> shift & 15], 1);
}

static void put_span(struct out *o, const struct ctalg_message *m, struct ctalg_span at)
{
	put_bytes(o, m->data + at.off, at.len);
}

static u32 status_of(const struct ctalg_answer *a)
{
	if (a->code >= 300 && a->code <= 699)
		return a->code;
	switch (a->reason) {
	case CTALG_R_POLICY_MALFORMED:
		return 400;
	case CTALG_R_POLICY_RATE:
	case CTALG_R_POLICY_SESSIONS:
		return 503;
	case CTALG_R_POLICY_SIZE:
		return 513;
	case CTALG_R_POLICY_OBJECT:
	case CTALG_R_POLICY_USER:
	case CTALG_R_TOO_LONG:
		return 413;
	default:
		return a->command == SIP_OTHER ? 405 : 403;
	}
}

/* RFC 3261, section 21. */
static const char *status_words(u32 status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 413:
		return "Request Entity Too Large";
	case 480:
		return "Temporarily Unavailable";
	case 486:
		return "Busy Here";
	case 488:
		return "Not Acceptable Here";
	case 503:
		return "Service Unavailable";
	case 513:
		return "Message Too Large";
	case 603:
		return "Decline";
	default:
		return "Refused by Policy";
	}
}

/* Text cannot end the line. */
static void put_words(struct out *o, const struct ctalg_answer *a, u32 status)
{
	u32 i;

	if (!a->len)
		put(o, status_words(status));
	for (i = 0; i < min((u32)a->len, (u32)CTALG_ANSWER_TEXT); i++)
		put_bytes(o, a->text[i] >= ' ' && a->text[i] <= '~' ? &a->text[i] : "?", 1);
}

static void put_allow(struct out *o)
{
	u8 i;

	put(o, "Allow: ");
	for (i = 1; i < SIP_METHODS_MAX; i++) {
		put(o, i > 1 ? ", " : "");
		put(o, sip_proto.commands[i].name);
	}
	put(o, "\r\n");
}

static void put_start(struct out *o, const struct ctalg_answer *a)
{
	u32 status = status_of(a);

	put(o, "SIP/2.0 ");
	put_number(o, status);
	put(o, " ");
	put_words(o, a, status);
	put(o, "\r\n");
	if (status == 405)
		put_allow(o);
	if (status == 503) {
		put(o, "Retry-After: ");
		put_number(o, RETRY_SECONDS);
		put(o, "\r\n");
	}
}

static bool has_tag(const struct ctalg_reader *of, struct ctalg_span value)
{
	struct ctalg_reader rd;
	struct sip_param p;
	struct sip_uri u;

	ctalg_rd_sub(&rd, of, value);
	if (!sip_scan_address(&rd, &u))
		return true;
	while (sip_scan_param(&rd, &p) == SIP_MORE_ONE)
		if (ctalg_span_is(of, p.name, "TAG"))
			return true;
	return false;
}

/* The same for a request that is repeated: there is no memory of the first. */
static u32 tag_for(const struct ctalg_message *m, struct ctalg_span value)
{
	u32 i, hash = 2166136261u;

	for (i = 0; i < value.len; i++)
		hash = (hash ^ m->data[value.off + i]) * 16777619u;
	return hash;
}

static void put_address(struct out *o, const struct ctalg_addr *a)
{
	char text[CTALG_TOKEN_MAX];

	put_bytes(o, text, ctalg_addr_write(a, text, sizeof(text)));
}

/* The topmost Via, with where the request has come from, as a server says it. */
static void put_via(struct out *o, const struct ctalg_message *m, const struct ctalg_reader *rd,
		    const struct ctalg_answer *a, struct ctalg_span value)
{
	struct ctalg_span rest = value;
	struct sip_via_gaps g;

	sip_find_gaps(rd, value, &g);
	if (a->seen.family == CTALG_AF_NONE || !g.end) {
		put_span(o, m, value);
		return;
	}
	if (g.rport) {
		put_bytes(o, m->data + rest.off, g.rport - rest.off);
		rest.off = g.rport;
		put(o, "=");
		put_number(o, a->seen_port);
	}
	put_bytes(o, m->data + rest.off, g.end - rest.off);
	if (!g.received && (g.rport || !ctalg_addr_eq(&g.host, &a->seen))) {
		put(o, ";received=");
		put_address(o, &a->seen);
	}
	put_bytes(o, m->data + g.end, value.off + value.len - g.end);
}

/* What of the request the answer repeats. */
static const struct {
	u8 header;
	const char *name;
} copied[] = {
	{ SIP_HEADER_VIA, "Via: " },   { SIP_HEADER_FROM, "From: " },
	{ SIP_HEADER_TO, "To: " },     { SIP_HEADER_CALL_ID, "Call-ID: " },
	{ SIP_HEADER_CSEQ, "CSeq: " },
};

/* @a: for the topmost Via; else NULL. */
static void put_header(struct out *o, const struct ctalg_message *m, const struct ctalg_reader *rd,
		       const struct ctalg_answer *a, u8 header, struct ctalg_span value)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(copied); i++) {
		if (copied[i].header != header)
			continue;
		put(o, copied[i].name);
		if (a)
			put_via(o, m, rd, a, value);
		else
			put_span(o, m, value);
		if (header == SIP_HEADER_TO && !has_tag(rd, value)) {
			put(o, ";tag=");
			put_hex(o, tag_for(m, value));
		}
		put(o, "\r\n");
	}
}

/* Returns whether all is there that an answer must have. */
static bool put_headers(struct out *o, const struct ctalg_message *m, struct ctalg_reader *rd,
			const struct ctalg_answer *a)
{
	enum sip_line_kind kind;
	struct sip_line line;
	u32 seen = 0, i;
	u8 header;
	bool top;

	while ((kind = sip_scan_line(rd, &line)) != SIP_LINE_BLANK && kind != SIP_LINE_CUT) {
		header = sip_header_of(rd, line.name);
		/* A second one, other than of Via, would make the answer as bad as the request. */
		if (kind != SIP_LINE_HEADER || (header != SIP_HEADER_VIA && seen >> header & 1))
			continue;
		top = header == SIP_HEADER_VIA && !(seen >> header & 1);
		seen |= 1u << header;
		put_header(o, m, rd, top ? a : NULL, header, line.value);
	}
	for (i = 0; i < ARRAY_SIZE(copied); i++)
		if (!(seen >> copied[i].header & 1))
			return false;
	return kind == SIP_LINE_BLANK;
}

u32 sip_answer(const struct ctalg_report *r, const struct ctalg_message *m,
	       const struct ctalg_answer *a, char *buf, u32 cap)
{
	struct out o = { .buf = buf, .cap = cap };
	struct ctalg_reader rd;
	struct ctalg_span line;

	if (!(r->ops & CTALG_OP_ASKS))
		return 0;
	put_start(&o, a);
	if (!m)
		return o.full ? 0 : o.n;
	ctalg_rd_init(&rd, m->data, m->len);
	sip_scan_blank_lines(&rd);
	if (!sip_scan_first_line(&rd, &line) || !put_headers(&o, m, &rd, a))
		return 0;
	put(&o, "Content-Length: 0\r\n\r\n");
	return o.full ? 0 : o.n;
}
