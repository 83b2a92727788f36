// SPDX-License-Identifier: GPL-2.0
#include "sip_uri.h"

/* An address, and behind it nothing that would make it a part of a name. */
static bool scan_ip4(struct ctalg_reader *rd, struct ctalg_addr *a)
{
	struct ctalg_reader save = *rd;

	if (ctalg_scan_ip4(rd, a) && !sip_is_host(ctalg_rd_peek(rd, 0)))
		return true;
	*rd = save;
	memset(a, 0, sizeof(*a));
	return false;
}

static bool scan_reference(struct ctalg_reader *rd, struct ctalg_addr *a)
{
	return ctalg_scan_char(rd, '[') && ctalg_scan_ip6(rd, a) && ctalg_scan_char(rd, ']');
}

static bool scan_host_name(struct ctalg_reader *rd, struct sip_host *h)
{
	u32 from = rd->pos;

	if (ctalg_rd_peek(rd, 0) == '[') {
		if (!scan_reference(rd, &h->addr))
			return false;
	} else if (!scan_ip4(rd, &h->addr)) {
		while (sip_is_host(ctalg_rd_peek(rd, 0)))
			ctalg_rd_skip(rd, 1);
	}
	h->name = sip_since(rd, from);
	return h->name.len;
}

bool sip_scan_host(struct ctalg_reader *rd, bool spaced, struct sip_host *h)
{
	u32 from = rd->pos, port;

	memset(h, 0, sizeof(*h));
	if (!scan_host_name(rd, h))
		return false;
	if (spaced ? sip_scan_mark(rd, ':') : ctalg_scan_char(rd, ':')) {
		if (!ctalg_scan_dec(rd, 65535, 5, &port))
			return false;
		h->ported = true;
		h->port = (u16)port;
	}
	h->at = sip_since(rd, from);
	return true;
}

void sip_span_literal(const struct ctalg_reader *rd, struct ctalg_span at, struct sip_literal *l)
{
	struct ctalg_reader sub;
	bool there;

	memset(l, 0, sizeof(*l));
	ctalg_rd_sub(&sub, rd, at);
	if (ctalg_rd_peek(&sub, 0) == '[') {
		l->form = CTALG_FORM_BRACKETED;
		there = scan_reference(&sub, &l->addr);
	} else {
		l->form = CTALG_FORM_DOTTED;
		there = scan_ip4(&sub, &l->addr) || ctalg_scan_ip6(&sub, &l->addr);
	}
	if (there && !ctalg_rd_left(&sub))
		l->at = at;
	else
		l->addr.family = CTALG_AF_NONE;
}

u8 sip_transport(const struct ctalg_reader *rd, struct ctalg_span word)
{
	if (ctalg_span_is(rd, word, "UDP"))
		return SIP_TRANSPORT_UDP;
	if (ctalg_span_is(rd, word, "TCP"))
		return SIP_TRANSPORT_TCP;
	if (ctalg_span_is(rd, word, "TLS"))
		return SIP_TRANSPORT_TLS;
	return SIP_TRANSPORT_OTHER;
}

static bool is_scheme(int c)
{
	return sip_is_token(c) && c != '%' && c != '*' && c != '_' && c != '!' && c != '`' &&
	       c != '\'' && c != '~';
}

static bool scan_scheme(struct ctalg_reader *rd, struct sip_uri *u)
{
	struct ctalg_span word;
	u32 from = rd->pos;

	while (is_scheme(ctalg_rd_peek(rd, 0)))
		ctalg_rd_skip(rd, 1);
	word = sip_since(rd, from);
	if (!word.len || !ctalg_scan_char(rd, ':'))
		return false;
	if (ctalg_span_is(rd, word, "SIP"))
		u->scheme = SIP_SCHEME_SIP;
	else if (ctalg_span_is(rd, word, "SIPS"))
		u->scheme = SIP_SCHEME_SIPS;
	return true;
}

/* Whatever stands before an @; there is none without its being escaped. */
static void scan_user(struct ctalg_reader *rd, struct sip_uri *u)
{
	struct ctalg_reader sub = *rd;
	struct ctalg_span info;

	if (!ctalg_scan_until(rd, '@', &info))
		return;
	ctalg_rd_skip(rd, 1);
	sub.end = info.off + info.len;
	u->user = info;
	ctalg_scan_until(&sub, ':', &u->user);
}

static bool is_uri_param(int c)
{
	return c > ' ' && c != ';' && c != '?' && c != '=' && c != '@' && c != '<' && c != '>' &&
	       c != '"' && c != 0x7f;
}

static bool scan_uri_word(struct ctalg_reader *rd, struct ctalg_span *at)
{
	u32 from = rd->pos;

	while (is_uri_param(ctalg_rd_peek(rd, 0)))
		ctalg_rd_skip(rd, 1);
	*at = sip_since(rd, from);
	return at->len;
}

static bool scan_uri_params(struct ctalg_reader *rd, struct sip_uri *u)
{
	struct ctalg_span name, value;

	while (ctalg_scan_char(rd, ';')) {
		value.len = 0;
		if (!scan_uri_word(rd, &name))
			return false;
		if (ctalg_scan_char(rd, '=') && !scan_uri_word(rd, &value))
			return false;
		if (ctalg_span_is(rd, name, "TRANSPORT"))
			u->transport = sip_transport(rd, value);
		else if (value.len && ctalg_span_is(rd, name, "MADDR"))
			sip_span_literal(rd, value, &u->maddr);
	}
	return true;
}

static bool is_uri_byte(int c)
{
	return c > ' ' && c != '"' && c != '<' && c != '>' && c != 0x7f;
}

static bool is_whole(const struct ctalg_reader *rd)
{
	u32 n;

	for (n = 0; is_uri_byte(ctalg_rd_peek(rd, n)); n++)
		;
	return n && n == ctalg_rd_left(rd);
}

/* What stands behind a question mark is to be put into a request: it is none of this message. */
static bool scan_rest(struct ctalg_reader *rd, struct sip_uri *u)
{
	if (!scan_uri_params(rd, u))
		return false;
	u->headers = ctalg_rd_peek(rd, 0) == '?';
	return u->headers || !ctalg_rd_left(rd);
}

bool sip_read_uri(struct ctalg_reader *rd, struct sip_uri *u)
{
	u32 place;

	memset(u, 0, sizeof(*u));
	u->at = (struct ctalg_span){ .off = rd->pos, .len = ctalg_rd_left(rd) };
	if (!is_whole(rd) || !scan_scheme(rd, u))
		return false;
	place = rd->pos;
	u->rest = (struct ctalg_span){ .off = place, .len = ctalg_rd_left(rd) };
	u->place = u->rest;
	if (u->scheme == SIP_SCHEME_OTHER)
		return u->rest.len;
	scan_user(rd, u);
	if (!sip_scan_host(rd, false, &u->host))
		return false;
	u->place.len = u->host.name.off + u->host.name.len - place;
	return scan_rest(rd, u);
}

/* Of a name without quotes: more than tokens, as there are such, but nothing that separates. */
static bool is_display(int c)
{
	switch (c) {
	case ',':
	case ';':
	case ':':
	case '<':
	case '>':
	case '"':
	case '\\':
		return false;
	default:
		return c > ' ' && c != 0x7f;
	}
}

/* The reader stands behind a "<" afterwards, or where it was. */
static bool scan_display(struct ctalg_reader *rd)
{
	struct ctalg_reader save = *rd;
	struct ctalg_span inside;

	if (sip_scan_quoted(rd, &inside)) {
		sip_scan_lws(rd);
	} else {
		while (is_display(ctalg_rd_peek(rd, 0))) {
			ctalg_rd_skip(rd, 1);
			sip_scan_lws(rd);
		}
	}
	if (ctalg_scan_char(rd, '<'))
		return true;
	*rd = save;
	return false;
}

/*
 * Without "<>" a parameter is the header's, and so would a list's comma be (RFC 3261, section
 * 20); there can be no headers of the URI then.
 */
static bool is_bare(int c)
{
	return is_uri_byte(c) && c != ',' && c != ';' && c != '?';
}

bool sip_scan_address(struct ctalg_reader *rd, struct sip_uri *u)
{
	struct ctalg_reader uri;
	struct ctalg_span at;

	sip_scan_lws(rd);
	if (scan_display(rd)) {
		if (!ctalg_scan_until(rd, '>', &at))
			return false;
		ctalg_rd_skip(rd, 1);
	} else {
		at.off = rd->pos;
		while (is_bare(ctalg_rd_peek(rd, 0)))
			ctalg_rd_skip(rd, 1);
		at = sip_since(rd, at.off);
	}
	ctalg_rd_sub(&uri, rd, at);
	return sip_read_uri(&uri, u) && ctalg_rd_peek(rd, 0) != '?';
}
