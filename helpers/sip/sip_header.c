// SPDX-License-Identifier: GPL-2.0
/* One header after the other: what its value says. */
#include "sip_head.h"

u8 sip_method_of(const struct ctalg_reader *rd, struct ctalg_span word)
{
	u8 i;

	for (i = 1; i < SIP_METHODS_MAX; i++)
		if (sip_span_spells(rd, word, sip_proto.commands[i].name))
			return i;
	return SIP_OTHER;
}

/* FNV-1a; 0 is for no tag. */
static u32 tag_hash(const struct ctalg_reader *rd, struct ctalg_span at)
{
	struct ctalg_reader sub;
	u32 hash = 2166136261u;

	ctalg_rd_sub(&sub, rd, at);
	while (ctalg_rd_left(&sub))
		hash = (hash ^ ctalg_rd_u8(&sub)) * 16777619u;
	return hash ? hash : 1;
}

static void set_user(struct sip_head *h, struct ctalg_span user, u8 rank)
{
	/* In an answer these are whom it answers. */
	if (!user.len || rank <= h->rank || h->status)
		return;
	h->r->user = user;
	h->rank = rank;
}

/* From, To */
static unsigned int read_party(struct sip_head *h, struct ctalg_reader *rd, struct sip_uri *u,
			       u32 *tag)
{
	enum sip_more more;
	struct sip_param p;

	if (!sip_scan_address(rd, u))
		return SIP_R_HEADER;
	sip_report_uri(h, u, CTALG_ROLE_NAME);
	while ((more = sip_scan_param(rd, &p)) == SIP_MORE_ONE)
		if (p.value.len && ctalg_span_is(rd, p.name, "TAG"))
			*tag = tag_hash(rd, p.value);
	return more || sip_scan_next(rd) ? SIP_R_HEADER : CTALG_R_NONE;
}

static unsigned int read_from(struct sip_head *h, struct ctalg_reader *rd)
{
	struct sip_uri u;
	unsigned int reason = read_party(h, rd, &u, &h->r->talk.from);

	if (!reason)
		set_user(h, u.user, SIP_RANK_FROM);
	return reason;
}

static unsigned int read_to(struct sip_head *h, struct ctalg_reader *rd)
{
	struct sip_uri u;
	unsigned int reason = read_party(h, rd, &u, &h->r->talk.to);

	if (!reason)
		h->aor = u.place;
	return reason;
}

/* The expiry of a contact that says none that can be read is the default (RFC 3261, section 10.3). */
static u32 contact_seconds(const struct ctalg_reader *rd, const struct sip_param *p)
{
	u32 seconds;

	if (!sip_span_number(rd, p->value, CTALG_NO_SECONDS - 1, &seconds))
		seconds = SIP_CONTACT_SECONDS;
	return seconds;
}

/* Can somebody come there by what this is about? */
static bool is_reachable(const struct sip_uri *u)
{
	return u->scheme == SIP_SCHEME_SIP && u->transport != SIP_TRANSPORT_TLS &&
	       u->transport != SIP_TRANSPORT_OTHER;
}

static void add_contact(struct sip_head *h, int ep, u32 seconds)
{
	if (ep < 0)
		return;
	if (h->n_contacts >= SIP_CONTACTS_MAX) {
		h->r->full = true;
		return;
	}
	h->contact[h->n_contacts].endpoint = (u16)ep;
	h->contact[h->n_contacts++].seconds = seconds;
}

static bool read_contact(struct sip_head *h, struct ctalg_reader *rd)
{
	u32 seconds = CTALG_NO_SECONDS;
	enum sip_more more;
	struct sip_param p;
	struct sip_uri u;
	int ep;

	if (!sip_scan_address(rd, &u))
		return false;
	ep = sip_report_uri(h, &u, CTALG_ROLE_PATH);
	while ((more = sip_scan_param(rd, &p)) == SIP_MORE_ONE)
		if (ctalg_span_is(rd, p.name, "EXPIRES"))
			seconds = contact_seconds(rd, &p);
	if (is_reachable(&u))
		add_contact(h, ep, seconds);
	return more == SIP_MORE_NONE;
}

static unsigned int read_contacts(struct sip_head *h, struct ctalg_reader *rd)
{
	enum sip_more more;

	if (sip_scan_mark(rd, '*')) {
		h->flags |= SIP_FLAG_ALL;
		return ctalg_rd_left(rd) ? SIP_R_HEADER : CTALG_R_NONE;
	}
	do {
		if (!read_contact(h, rd))
			return SIP_R_HEADER;
		more = sip_scan_next(rd);
	} while (more == SIP_MORE_ONE);
	return more ? SIP_R_HEADER : CTALG_R_NONE;
}

/*
 * A list of places. What can't be read of it concerns nobody else: those before it are known,
 * those behind it are left alone.
 */
static void read_places(struct sip_head *h, struct ctalg_reader *rd, u8 role, u8 rank)
{
	enum sip_more more;
	struct sip_param p;
	struct sip_uri u;

	do {
		if (!sip_scan_address(rd, &u))
			return;
		sip_report_uri(h, &u, role);
		if (rank && u.scheme != SIP_SCHEME_OTHER)
			set_user(h, u.place, rank);
		do
			more = sip_scan_param(rd, &p);
		while (more == SIP_MORE_ONE);
	} while (more == SIP_MORE_NONE && sip_scan_next(rd) == SIP_MORE_ONE);
}

/* Digest username="...", realm="..." */
static void read_credentials(struct sip_head *h, struct ctalg_reader *rd)
{
	struct ctalg_span word, value;
	bool quoted;

	if (!sip_scan_token(rd, &word) || !ctalg_span_is(rd, word, "DIGEST") || !sip_scan_lws(rd))
		return;
	do {
		if (!sip_scan_token(rd, &word) || !sip_scan_mark(rd, '='))
			return;
		quoted = sip_scan_quoted(rd, &value);
		if (!quoted && !sip_scan_token(rd, &value))
			return;
		if (ctalg_span_is(rd, word, "USERNAME"))
			set_user(h, value, SIP_RANK_AUTHORIZATION);
	} while (sip_scan_next(rd) == SIP_MORE_ONE);
}

/* What stands behind an @ is a name that happens to be an address (RFC 3261, section 8.1.1.4). */
static unsigned int read_call_id(struct sip_head *h, struct ctalg_reader *rd)
{
	struct sip_literal l;
	struct ctalg_span at;

	h->r->talk.key = (struct ctalg_span){ .off = rd->pos, .len = ctalg_rd_left(rd) };
	if (!ctalg_rd_left(rd))
		return SIP_R_HEADER;
	if (!ctalg_scan_until(rd, '@', &at))
		return CTALG_R_NONE;
	ctalg_rd_skip(rd, 1);
	at = (struct ctalg_span){ .off = rd->pos, .len = ctalg_rd_left(rd) };
	sip_span_literal(rd, at, &l);
	sip_report_literal(h, &l, 0, sip_l4(h), CTALG_ROLE_NAME);
	return CTALG_R_NONE;
}

static unsigned int read_cseq(struct sip_head *h, struct ctalg_reader *rd)
{
	if (!ctalg_scan_dec(rd, 0x7fffffff, 20, &h->r->talk.number) || !sip_scan_lws(rd) ||
	    !sip_scan_token(rd, &h->cseq) || ctalg_rd_left(rd))
		return SIP_R_HEADER;
	return CTALG_R_NONE;
}

static unsigned int read_length(struct sip_head *h, struct ctalg_reader *rd)
{
	h->digits = (struct ctalg_span){ .off = rd->pos, .len = ctalg_rd_left(rd) };
	return sip_span_number(rd, h->digits, 0x7fffffff, &h->length) ? CTALG_R_NONE : SIP_R_LENGTH;
}

/* Seconds, and perhaps parameters. */
static void read_seconds(struct ctalg_reader *rd, u32 *seconds)
{
	if (!ctalg_scan_dec(rd, CTALG_NO_SECONDS - 1, 20, seconds))
		*seconds = CTALG_NO_SECONDS;
}

static void read_require(struct sip_head *h, struct ctalg_reader *rd)
{
	struct ctalg_span word;

	do {
		if (!sip_scan_token(rd, &word))
			return;
		if (ctalg_span_is(rd, word, "100REL"))
			h->flags |= SIP_FLAG_100REL;
	} while (sip_scan_next(rd) == SIP_MORE_ONE);
}

static void read_encoding(struct sip_head *h, struct ctalg_reader *rd)
{
	struct ctalg_span word;

	if (!sip_scan_token(rd, &word) || !ctalg_span_is(rd, word, "IDENTITY"))
		h->flags |= SIP_FLAG_ENCODED;
}

static void add_strip(struct ctalg_report *r, struct ctalg_span whole)
{
	if (r->n_strips < CTALG_REPORT_STRIPS)
		r->strip[r->n_strips++] = whole;
	else
		r->full = true;
}

static bool is_single(u8 header)
{
	switch (header) {
	case SIP_HEADER_CALL_ID:
	case SIP_HEADER_CONTENT_LENGTH:
	case SIP_HEADER_CONTENT_TYPE:
	case SIP_HEADER_CSEQ:
	case SIP_HEADER_EXPIRES:
	case SIP_HEADER_FROM:
	case SIP_HEADER_TO:
		return true;
	default:
		return false;
	}
}

static unsigned int read_core(struct sip_head *h, u8 header, struct ctalg_reader *rd, bool first)
{
	switch (header) {
	case SIP_HEADER_CALL_ID:
		return read_call_id(h, rd);
	case SIP_HEADER_CSEQ:
		return read_cseq(h, rd);
	case SIP_HEADER_FROM:
		return read_from(h, rd);
	case SIP_HEADER_TO:
		return read_to(h, rd);
	case SIP_HEADER_VIA:
		return first ? sip_read_via(h, rd) : CTALG_R_NONE;
	case SIP_HEADER_CONTACT:
		return read_contacts(h, rd);
	case SIP_HEADER_CONTENT_LENGTH:
		return read_length(h, rd);
	default:
		return CTALG_R_NONE;
	}
}

static void read_extra(struct sip_head *h, u8 header, struct ctalg_reader *rd)
{
	switch (header) {
	case SIP_HEADER_PATH:
		read_places(h, rd, CTALG_ROLE_PATH, SIP_RANK_NONE);
		break;
	case SIP_HEADER_NAME:
		read_places(h, rd, CTALG_ROLE_NAME, SIP_RANK_NONE);
		break;
	case SIP_HEADER_ASSERTED:
		read_places(h, rd, CTALG_ROLE_PATH, SIP_RANK_ASSERTED);
		break;
	case SIP_HEADER_AUTHORIZATION:
		read_credentials(h, rd);
		break;
	case SIP_HEADER_CONTENT_TYPE:
		h->type = (struct ctalg_span){ .off = rd->pos, .len = ctalg_rd_left(rd) };
		break;
	case SIP_HEADER_CONTENT_ENCODING:
		read_encoding(h, rd);
		break;
	case SIP_HEADER_EXPIRES:
		read_seconds(rd, &h->expires);
		break;
	case SIP_HEADER_SESSION_EXPIRES:
		read_seconds(rd, &h->session);
		break;
	case SIP_HEADER_REQUIRE:
		read_require(h, rd);
		break;
	default:
		break;
	}
}

unsigned int sip_head_line(struct sip_head *h, const struct sip_line *line)
{
	u8 header = sip_header_of(&h->rd, line->name);
	struct ctalg_reader rd;
	unsigned int reason;
	bool first;

	if (header == SIP_HEADER_OTHER)
		return CTALG_R_NONE;
	first = !sip_has(h, header);
	if (!first && is_single(header))
		return SIP_R_REPEATED;
	h->seen |= 1u << header;
	if (header == SIP_HEADER_STRIP) {
		add_strip(h->r, line->whole);
		return CTALG_R_NONE;
	}
	ctalg_rd_sub(&rd, &h->rd, line->value);
	reason = read_core(h, header, &rd, first);
	read_extra(h, header, &rd);
	return reason;
}
