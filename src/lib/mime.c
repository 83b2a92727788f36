// SPDX-License-Identifier: GPL-2.0
#include <ctalg/mime.h>
#include <ctalg/scan.h>
#include <ctalg/sdp.h>

enum { BOUNDARY_MAX = 70 }; /* RFC 2046, section 5.1.1 */

enum content {
	CONTENT_OTHER,
	CONTENT_SDP,
	CONTENT_MULTIPART,
};

/* What the headers of a part say. */
struct part {
	struct ctalg_span body;
	struct ctalg_reader type;
	struct ctalg_span digits; /* of Content-Length */
	u32 length;
	bool encoded;
};

/* A multipart whose parts are being read. */
struct multipart {
	struct ctalg_reader rest;
	struct part of;
	u8 boundary[BOUNDARY_MAX];
	u32 n;
	bool began; /* its first delimiter has been seen */
	bool ended;
	bool found; /* a description, in this one or in one inside */
};

struct walk {
	struct multipart level[CTALG_MIME_DEPTH];
	u32 depth;
	struct ctalg_reader all;
	struct ctalg_report *r;
	bool found;
	unsigned int result;
};

/* RFC 2045, section 5.1 */
static bool is_token_byte(int c)
{
	static const char special[] = "()<>@,;:\\\"/[]?=";
	u32 i;

	for (i = 0; i < sizeof(special) - 1; i++)
		if (c == special[i])
			return false;
	return c > ' ' && c < 0x7f;
}

static bool scan_token(struct ctalg_reader *rd, struct ctalg_span *at)
{
	ctalg_scan_blanks(rd);
	at->off = rd->pos;
	while (is_token_byte(ctalg_rd_peek(rd, 0)))
		ctalg_rd_skip(rd, 1);
	at->len = rd->pos - at->off;
	return at->len;
}

/* A header's value may go on in the next line. */
static void skip_folds(struct ctalg_reader *rd)
{
	int c;

	while ((c = ctalg_rd_peek(rd, 0)) == ' ' || c == '\t' || c == '\r' || c == '\n')
		ctalg_rd_skip(rd, 1);
}

/* One byte of a parameter's value, or -1 at its end. */
static int value_byte(struct ctalg_reader *rd, bool quoted)
{
	int c = ctalg_rd_peek(rd, 0);

	if (quoted && c == '\\') {
		ctalg_rd_skip(rd, 1);
		c = ctalg_rd_peek(rd, 0);
	} else if (quoted ? c == '"' : c <= ' ' || c == ';') {
		return -1;
	}
	if (c >= 0)
		ctalg_rd_skip(rd, 1);
	return c;
}

/* Returns its length, which may be more than @buf has room for; 0 if it is empty, or not closed. */
static u32 scan_value(struct ctalg_reader *rd, u8 *buf, u32 cap)
{
	bool quoted = ctalg_scan_char(rd, '"');
	u32 n = 0;
	int c;

	while ((c = value_byte(rd, quoted)) >= 0) {
		if (n < cap)
			buf[n] = (u8)c;
		n++;
	}
	return quoted && !ctalg_scan_char(rd, '"') ? 0 : n;
}

/* ;name=value; the first boundary counts. */
static bool scan_boundary(struct ctalg_reader *rd, struct multipart *mp)
{
	struct ctalg_span name;
	u32 n;

	for (skip_folds(rd); ctalg_scan_char(rd, ';'); skip_folds(rd)) {
		skip_folds(rd);
		if (!scan_token(rd, &name))
			continue;
		skip_folds(rd);
		if (!ctalg_scan_char(rd, '='))
			continue;
		skip_folds(rd);
		n = scan_value(rd, mp->boundary, BOUNDARY_MAX);
		if (!ctalg_span_is(rd, name, "BOUNDARY"))
			continue;
		mp->n = n;
		return n && n <= BOUNDARY_MAX;
	}
	return false;
}

/* type/subtype; @rd goes on with the parameters. */
static enum content scan_type(struct ctalg_reader *rd)
{
	struct ctalg_span type, sub;

	skip_folds(rd);
	if (!scan_token(rd, &type))
		return CONTENT_OTHER;
	skip_folds(rd);
	if (!ctalg_scan_char(rd, '/'))
		return CONTENT_OTHER;
	skip_folds(rd);
	if (!scan_token(rd, &sub))
		return CONTENT_OTHER;
	if (ctalg_span_is(rd, type, "MULTIPART"))
		return CONTENT_MULTIPART;
	return ctalg_span_is(rd, type, "APPLICATION") && ctalg_span_is(rd, sub, "SDP")
		       ? CONTENT_SDP
		       : CONTENT_OTHER;
}

/* Does @line divide the parts of @mp? @last: it ends them. */
static bool is_delimiter(struct ctalg_reader line, const struct multipart *mp, bool *last)
{
	u32 i;

	if (!ctalg_scan_char(&line, '-') || !ctalg_scan_char(&line, '-'))
		return false;
	for (i = 0; i < mp->n; i++)
		if (!ctalg_scan_char(&line, mp->boundary[i]))
			return false;
	*last = ctalg_rd_peek(&line, 0) == '-' && ctalg_rd_peek(&line, 1) == '-';
	if (*last)
		ctalg_rd_skip(&line, 2);
	ctalg_scan_blanks(&line);
	return !ctalg_rd_left(&line);
}

/*
 * Everything up to the line end before the next delimiter, which is consumed too; without one, all
 * that is left. False: there was no delimiter, or it was the last.
 */
static bool scan_part(struct multipart *mp, struct ctalg_span *at)
{
	struct ctalg_reader line = { .pos = mp->rest.pos, .end = mp->rest.pos };
	bool last;

	at->off = mp->rest.pos;
	at->len = 0;
	for (;;) {
		u32 end = line.end;

		if (!ctalg_scan_line(&mp->rest, &line)) {
			at->len = mp->rest.end - at->off;
			return false;
		}
		if (is_delimiter(line, mp, &last)) {
			at->len = end - at->off;
			return !last;
		}
	}
}

/* A header with the lines that it is folded into. */
static bool scan_header(struct ctalg_reader *rd, struct ctalg_reader *header)
{
	struct ctalg_reader more;
	int c;

	if (!ctalg_scan_line(rd, header) || !ctalg_rd_left(header))
		return false;
	while ((c = ctalg_rd_peek(rd, 0)) == ' ' || c == '\t') {
		ctalg_scan_line(rd, &more);
		header->end = more.end;
	}
	return true;
}

static bool at_end(struct ctalg_reader *rd)
{
	skip_folds(rd);
	return !ctalg_rd_left(rd);
}

/* Content-Encoding and Content-Transfer-Encoding, as far as they leave the bytes as they are. */
static bool is_plain(struct ctalg_reader *value)
{
	struct ctalg_span word;

	skip_folds(value);
	if (!scan_token(value, &word))
		return at_end(value);
	return at_end(value) &&
	       (ctalg_span_is(value, word, "IDENTITY") || ctalg_span_is(value, word, "7BIT") ||
		ctalg_span_is(value, word, "8BIT") || ctalg_span_is(value, word, "BINARY"));
}

static void read_length(struct ctalg_reader *value, struct part *p)
{
	struct ctalg_span at;

	skip_folds(value);
	at.off = value->pos;
	if (!ctalg_scan_dec(value, 0x7fffffff, 10, &p->length))
		return;
	at.len = value->pos - at.off;
	if (at_end(value))
		p->digits = at;
}

static void read_header(struct ctalg_reader *header, struct part *p)
{
	struct ctalg_span name;

	if (!scan_token(header, &name))
		return;
	ctalg_scan_blanks(header);
	if (!ctalg_scan_char(header, ':'))
		return;
	if (ctalg_span_is(header, name, "CONTENT-TYPE"))
		p->type = *header;
	else if (ctalg_span_is(header, name, "CONTENT-LENGTH"))
		read_length(header, p);
	else if (ctalg_span_is(header, name, "CONTENT-ENCODING") ||
		 ctalg_span_is(header, name, "CONTENT-TRANSFER-ENCODING"))
		p->encoded = p->encoded || !is_plain(header);
}

static void read_part(const struct walk *w, struct ctalg_span at, struct part *p)
{
	struct ctalg_reader rd, header;

	memset(p, 0, sizeof(*p));
	ctalg_rd_sub(&rd, &w->all, at);
	while (scan_header(&rd, &header))
		read_header(&header, p);
	p->body.off = rd.pos;
	p->body.len = ctalg_rd_left(&rd);
}

/* Some count the line end before the delimiter, too; a number that fits nothing counts nothing. */
static void report_length(struct walk *w, const struct part *p)
{
	struct ctalg_span body = { .off = p->body.off, .len = p->length };

	if (p->digits.len && p->length <= p->body.len + 2 && p->length <= w->all.end - body.off)
		ctalg_report_length(w->r, p->digits, body);
}

static void read_description(struct walk *w, const struct part *p)
{
	unsigned int result;

	if (!p->body.len)
		return;
	result = ctalg_sdp_parse(w->all.base, w->all.end, p->body, w->r);
	if (result)
		w->result = result;
	if (w->depth)
		w->level[w->depth - 1].found = true;
	w->found = true;
	report_length(w, p);
}

/* @type goes on with the parameters. What is nested too deep is let alone. */
static void enter_multipart(struct walk *w, const struct part *p, struct ctalg_reader *type)
{
	struct multipart *mp;

	if (w->depth == CTALG_MIME_DEPTH)
		return;
	mp = &w->level[w->depth];
	memset(mp, 0, sizeof(*mp));
	if (!scan_boundary(type, mp)) {
		w->result = CTALG_R_MALFORMED;
		return;
	}
	ctalg_rd_sub(&mp->rest, &w->all, p->body);
	mp->of = *p;
	w->depth++;
}

static void leave_multipart(struct walk *w)
{
	const struct multipart *mp = &w->level[--w->depth];

	if (!mp->found)
		return;
	report_length(w, &mp->of);
	if (w->depth)
		w->level[w->depth - 1].found = true;
}

static void read_content(struct walk *w, const struct part *p)
{
	struct ctalg_reader type = p->type;
	enum content content = scan_type(&type);

	if (p->encoded)
		return;
	if (content == CONTENT_SDP)
		read_description(w, p);
	else if (content == CONTENT_MULTIPART)
		enter_multipart(w, p, &type);
}

static void read_next(struct walk *w)
{
	struct multipart *mp = &w->level[w->depth - 1];
	struct ctalg_span at;
	struct part p;

	mp->ended = !scan_part(mp, &at);
	/* What stands before the first delimiter is no part. */
	if (mp->began) {
		read_part(w, at, &p);
		read_content(w, &p);
	}
	mp->began = true;
}

unsigned int ctalg_mime_parse(const u8 *data, u32 len, struct ctalg_span type,
			      struct ctalg_span body, struct ctalg_report *r, bool *found)
{
	struct part whole = { .body = body };
	struct walk w = { .r = r };

	ctalg_rd_init(&w.all, data, len);
	ctalg_rd_sub(&whole.type, &w.all, type);
	read_content(&w, &whole);
	while (w.depth) {
		if (w.level[w.depth - 1].ended)
			leave_multipart(&w);
		else
			read_next(&w);
	}
	*found = w.found;
	return w.result;
}
