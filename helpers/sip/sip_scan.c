// SPDX-License-Identifier: GPL-2.0
#include "sip_scan.h"

enum {
	/* Digits of a number that fits 32 bits, leading zeros counted. */
	DIGITS_MAX = 20,
};

bool sip_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(int c)
{
	return sip_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool sip_is_token(int c)
{
	switch (c) {
	case '-':
	case '.':
	case '!':
	case '%':
	case '*':
	case '_':
	case '+':
	case '`':
	case '\'':
	case '~':
		return true;
	default:
		return is_alnum(c);
	}
}

/* No name has an underscore in it, but there are some that do. */
bool sip_is_host(int c)
{
	return is_alnum(c) || c == '-' || c == '.' || c == '_';
}

static bool is_lws(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Of a parameter: more than the grammar has, but nothing that could be part of something else. */
static bool is_value(int c)
{
	switch (c) {
	case ',':
	case ';':
	case '"':
	case '<':
	case '>':
	case '\\':
	case '@':
		return false;
	default:
		return c > ' ' && c != 0x7f;
	}
}

struct ctalg_span sip_since(const struct ctalg_reader *rd, u32 from)
{
	struct ctalg_span at = { .off = from, .len = rd->pos - from };

	return at;
}

u32 sip_scan_lws(struct ctalg_reader *rd)
{
	u32 from = rd->pos;

	while (is_lws(ctalg_rd_peek(rd, 0)))
		ctalg_rd_skip(rd, 1);
	return rd->pos - from;
}

bool sip_scan_token(struct ctalg_reader *rd, struct ctalg_span *at)
{
	u32 from = rd->pos;

	while (sip_is_token(ctalg_rd_peek(rd, 0)))
		ctalg_rd_skip(rd, 1);
	*at = sip_since(rd, from);
	return at->len;
}

bool sip_scan_quoted(struct ctalg_reader *rd, struct ctalg_span *inside)
{
	struct ctalg_reader save = *rd;
	int c;

	if (!ctalg_scan_char(rd, '"'))
		return false;
	while ((c = ctalg_rd_peek(rd, 0)) >= 0 && c != '"') {
		/* A line end can't be escaped (RFC 3261, section 25.1, quoted-pair). */
		if (c == '\\' && !is_lws(ctalg_rd_peek(rd, 1)))
			ctalg_rd_skip(rd, 1);
		ctalg_rd_skip(rd, 1);
	}
	*inside = sip_since(rd, save.pos + 1);
	if (ctalg_scan_char(rd, '"'))
		return true;
	*rd = save;
	return false;
}

bool sip_scan_mark(struct ctalg_reader *rd, u8 c)
{
	struct ctalg_reader save = *rd;

	sip_scan_lws(rd);
	if (ctalg_scan_char(rd, c)) {
		sip_scan_lws(rd);
		return true;
	}
	*rd = save;
	return false;
}

static bool scan_value(struct ctalg_reader *rd, struct ctalg_span *at)
{
	struct ctalg_span inside;
	u32 from = rd->pos;

	if (!sip_scan_quoted(rd, &inside))
		while (is_value(ctalg_rd_peek(rd, 0)))
			ctalg_rd_skip(rd, 1);
	*at = sip_since(rd, from);
	return at->len;
}

enum sip_more sip_scan_param(struct ctalg_reader *rd, struct sip_param *p)
{
	memset(p, 0, sizeof(*p));
	if (!sip_scan_mark(rd, ';'))
		return SIP_MORE_NONE;
	if (!sip_scan_token(rd, &p->name))
		return SIP_MORE_BAD;
	if (sip_scan_mark(rd, '=') && !scan_value(rd, &p->value))
		return SIP_MORE_BAD;
	return SIP_MORE_ONE;
}

enum sip_more sip_scan_next(struct ctalg_reader *rd)
{
	if (sip_scan_mark(rd, ','))
		return SIP_MORE_ONE;
	sip_scan_lws(rd);
	return ctalg_rd_left(rd) ? SIP_MORE_BAD : SIP_MORE_NONE;
}

bool sip_span_number(const struct ctalg_reader *rd, struct ctalg_span at, u32 max, u32 *val)
{
	struct ctalg_reader sub;

	ctalg_rd_sub(&sub, rd, at);
	return ctalg_scan_dec(&sub, max, DIGITS_MAX, val) && !ctalg_rd_left(&sub);
}

bool sip_span_spells(const struct ctalg_reader *rd, struct ctalg_span at, const char *word)
{
	struct ctalg_reader sub;
	u32 i;

	ctalg_rd_sub(&sub, rd, at);
	for (i = 0; word[i]; i++)
		if (ctalg_rd_peek(&sub, i) != (u8)word[i])
			return false;
	return i == at.len;
}

bool sip_span_same(const struct ctalg_reader *rd, struct ctalg_span a, struct ctalg_span b)
{
	return a.len == b.len && a.off <= rd->end && b.off <= rd->end && a.len <= rd->end - a.off &&
	       b.len <= rd->end - b.off && !memcmp(rd->base + a.off, rd->base + b.off, a.len);
}
