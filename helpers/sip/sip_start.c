// SPDX-License-Identifier: GPL-2.0
#include "sip_start.h"

enum {
	METHOD_MAX = 64,
	/* A stream that has no line end in so many bytes is not waited for. */
	LINE_MAX = 8192,
	/* Of an answer that can't be read. */
	STATUS_MAX = 699,
	VERSION_LEN = 7, /* SIP/2.0 */
	ALIVE_MAX = 8,
	STUN_HEADER = 20,
	STUN_COOKIE = 0x2112a442,
};

/* RFC 8489, section 5: two zero bits, type, length, a number that all have in common. */
static bool is_stun(const struct ctalg_reader *rd)
{
	struct ctalg_reader at = *rd;
	u16 type = ctalg_rd_be16(&at);

	ctalg_rd_skip(&at, 2);
	return ctalg_rd_left(rd) >= STUN_HEADER && type < 0x4000 &&
	       ctalg_rd_be32(&at) == STUN_COOKIE;
}

/* Line ends or zero bytes, and few of them. */
static bool is_filler(const struct ctalg_reader *rd)
{
	u32 n;
	int c;

	for (n = 0; (c = ctalg_rd_peek(rd, n)) >= 0; n++)
		if (n >= ALIVE_MAX || (c != '\r' && c != '\n' && c != 0))
			return false;
	return true;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t';
}

/* "SIP/" and a version. */
static bool is_version(const struct ctalg_reader *rd, struct ctalg_span at)
{
	struct ctalg_reader sub;
	struct ctalg_span name;

	ctalg_rd_sub(&sub, rd, at);
	return at.len == VERSION_LEN && ctalg_scan_alpha(&sub, 3, &name) &&
	       ctalg_span_is(rd, name, "SIP") && ctalg_scan_char(&sub, '/') &&
	       sip_is_digit(ctalg_rd_peek(&sub, 0)) && ctalg_rd_peek(&sub, 1) == '.' &&
	       sip_is_digit(ctalg_rd_peek(&sub, 2));
}

static struct ctalg_span line_tail(const struct ctalg_reader *rd, struct ctalg_span line)
{
	struct ctalg_span tail = line;

	while (tail.len && is_blank(rd->base[line.off + tail.len - 1]))
		tail.len--;
	tail.off += tail.len - min(tail.len, (u32)VERSION_LEN);
	tail.len = min(tail.len, (u32)VERSION_LEN);
	return tail;
}

/* The word that a line begins with; @answer: it is SIP's own version. */
static bool scan_first_word(struct ctalg_reader *rd, struct ctalg_span *word, bool *answer)
{
	struct ctalg_span version = { .off = rd->pos, .len = VERSION_LEN };
	u32 n;

	*answer = ctalg_rd_left(rd) >= VERSION_LEN && is_version(rd, version);
	if (*answer) {
		ctalg_rd_skip(rd, VERSION_LEN);
		*word = version;
		return true;
	}
	for (n = 0; sip_is_token(ctalg_rd_peek(rd, n)); n++)
		if (n >= METHOD_MAX)
			return false;
	*word = (struct ctalg_span){ .off = rd->pos, .len = n };
	ctalg_rd_skip(rd, n);
	return n && is_blank(ctalg_rd_peek(rd, 0));
}

static enum sip_start read_answer(struct sip_head *h, struct ctalg_reader *line)
{
	u32 status;

	if (!ctalg_scan_char(line, ' ') || !ctalg_scan_dec(line, STATUS_MAX, 3, &status) ||
	    status < 100 || (ctalg_rd_left(line) && !ctalg_scan_char(line, ' '))) {
		/* It is nobody's request, whatever it is. */
		h->status = STATUS_MAX;
		return SIP_START_ODD;
	}
	h->status = (u16)status;
	return SIP_START_ANSWER;
}

/* What is called by another scheme (tel, RFC 3966): the number, without what comes behind it. */
static struct ctalg_span number_of(const struct ctalg_reader *rd, struct ctalg_span uri)
{
	struct ctalg_reader in;
	struct ctalg_span at;

	ctalg_rd_init(&in, rd->base, uri.off + uri.len);
	in.pos = uri.off;
	if (!ctalg_scan_until(&in, ':', &at) || !ctalg_span_is(rd, at, "TEL"))
		return uri;
	ctalg_rd_skip(&in, 1);
	if (ctalg_scan_until(&in, ';', &at))
		return at;
	return (struct ctalg_span){ .off = in.pos, .len = ctalg_rd_left(&in) };
}

static bool is_tel(const struct ctalg_reader *rd, const struct sip_uri *u)
{
	struct ctalg_span scheme = { .off = u->at.off, .len = u->rest.off - u->at.off };

	return u->scheme == SIP_SCHEME_OTHER && ctalg_span_is(rd, scheme, "TEL:");
}

static struct ctalg_span called(const struct ctalg_reader *rd, const struct sip_uri *u)
{
	if (u->user.len)
		return u->user;
	return u->scheme == SIP_SCHEME_OTHER ? number_of(rd, u->at) : u->at;
}

static bool is_plain(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '+';
}

static int hex_of(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool sip_is_disguised(const struct ctalg_reader *rd, struct ctalg_span at)
{
	struct ctalg_reader in;
	struct ctalg_span before;
	int high, low;

	ctalg_rd_init(&in, rd->base, at.off + at.len);
	in.pos = at.off;
	while (ctalg_scan_until(&in, '%', &before)) {
		ctalg_rd_skip(&in, 1);
		high = hex_of(ctalg_rd_peek(&in, 0));
		low = hex_of(ctalg_rd_peek(&in, 1));
		if (high >= 0 && low >= 0 && is_plain(high << 4 | low))
			return true;
	}
	return false;
}

static bool is_separator(int c)
{
	return c == '-' || c == '.' || c == '(' || c == ')';
}

/*
 * Is it a number, as one is dialled? Returns how many characters of it count, or 0; @hidden: a separator
 * is escaped, which no phone does.
 */
static u32 count_dialled(const struct ctalg_reader *rd, struct ctalg_span at, bool *hidden)
{
	u32 i, n = 0, digits = 0;
	int c, high;

	for (i = at.off; i < at.off + at.len; i++) {
		c = rd->base[i];
		if (c == '%' && at.off + at.len - i > 2) {
			high = hex_of(rd->base[i + 1]);
			c = high >= 0 ? high << 4 | hex_of(rd->base[i + 2]) : -1;
			*hidden |= is_separator(c);
			i += 2;
		}
		if (is_separator(c))
			continue;
		if (!sip_is_digit(c) && c != '+' && c != '*' && c != '#')
			return 0;
		digits += sip_is_digit(c);
		n++;
	}
	return digits ? n : 0;
}

/* A number is called, whatever it is written like; parameters are none of it. */
static void note_number(struct sip_head *h, bool tel)
{
	struct ctalg_span at = h->r->object;
	struct ctalg_reader in;
	bool hidden = false;
	u32 n;

	ctalg_rd_sub(&in, &h->rd, at);
	ctalg_scan_until(&in, ';', &at);
	n = count_dialled(&h->rd, at, &hidden);
	if (!n && !tel)
		return;
	h->r->object = at;
	h->r->ops |= CTALG_OP_NUMBER;
	if (hidden || n > CTALG_NUMBER_MAX)
		h->r->ops |= CTALG_OP_AMBIGUOUS;
}

static enum sip_start read_request(struct sip_head *h, struct ctalg_reader *line,
				   struct ctalg_span tail)
{
	struct ctalg_reader uri = *line;
	struct sip_uri u;

	h->method = sip_method_of(&h->rd, h->verb);
	if (!ctalg_span_is(&h->rd, tail, "SIP/2.0"))
		return SIP_START_VERSION;
	if (tail.off + tail.len != line->end || !ctalg_scan_char(&uri, ' ') ||
	    tail.off <= uri.pos || h->rd.base[tail.off - 1] != ' ')
		return SIP_START_ODD;
	uri.end = tail.off - 1;
	if (!sip_read_uri(&uri, &u) || u.headers)
		return SIP_START_ODD;
	h->r->object = called(&h->rd, &u);
	if (u.user.len || u.scheme == SIP_SCHEME_OTHER)
		note_number(h, is_tel(&h->rd, &u));
	sip_report_uri(h, &u, CTALG_ROLE_PATH);
	return SIP_START_REQUEST;
}

static enum sip_start read_line(struct sip_head *h, struct ctalg_reader *line)
{
	struct ctalg_span word, tail;
	bool answer;

	tail = line_tail(line, (struct ctalg_span){ .off = line->pos, .len = ctalg_rd_left(line) });
	if (!scan_first_word(line, &word, &answer))
		return SIP_START_NONE;
	if (answer && !ctalg_span_is(line, word, "SIP/2.0")) {
		h->status = STATUS_MAX;
		return SIP_START_VERSION;
	}
	if (answer)
		return read_answer(h, line);
	if (!is_version(line, tail) || tail.off <= line->pos)
		return SIP_START_NONE;
	h->verb = word;
	return read_request(h, line, tail);
}

enum sip_start sip_read_start(struct sip_head *h)
{
	struct ctalg_span at, word;
	struct ctalg_reader line;
	bool answer;

	if (is_filler(&h->rd) || is_stun(&h->rd))
		return SIP_START_ALIVE;
	sip_scan_blank_lines(&h->rd);
	/* Before a line is looked for in what has none. */
	line = h->rd;
	if (!scan_first_word(&line, &word, &answer) || !sip_scan_first_line(&h->rd, &at))
		return SIP_START_NONE;
	ctalg_rd_sub(&line, &h->rd, at);
	return read_line(h, &line);
}

/* Can what is there become a version? */
static bool may_be_version(const struct ctalg_reader *rd)
{
	static const char like[] = "SIP/0.0";
	u32 n, left = ctalg_rd_left(rd);
	int c;

	for (n = 0; n < min(left, (u32)VERSION_LEN); n++) {
		c = ctalg_rd_peek(rd, n);
		if (like[n] == '0' ? !sip_is_digit(c)
		    : n < 3	   ? (c & 0xdf) != like[n]
				   : c != like[n])
			return false;
	}
	return left < VERSION_LEN;
}

enum sip_look sip_look_start(const struct ctalg_reader *rd)
{
	struct ctalg_span at, word = { .len = 0 };
	struct ctalg_reader line = *rd;
	bool answer;

	if (may_be_version(rd))
		return SIP_LOOK_MAYBE;
	if (!scan_first_word(&line, &word, &answer))
		return word.len && !ctalg_rd_left(&line) ? SIP_LOOK_MAYBE : SIP_LOOK_NOT;
	line = *rd;
	if (!sip_scan_first_line(&line, &at))
		return ctalg_rd_left(rd) < LINE_MAX ? SIP_LOOK_MAYBE : SIP_LOOK_NOT;
	if (answer)
		return SIP_LOOK_LINE;
	return is_version(rd, line_tail(rd, at)) ? SIP_LOOK_LINE : SIP_LOOK_NOT;
}
