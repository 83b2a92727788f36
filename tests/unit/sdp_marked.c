// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/scan.h>

#include "sdp_marked.h"

u8 *marked_strip(const char *text, u32 *len)
{
	char *out = malloc(strlen(text) + 1);
	const char *p;
	u8 *whole;

	assert_non_null(out);
	*len = 0;
	for (p = text; *p; p++) {
		if (*p == '{')
			p = strchr(p, ':');
		else if (*p != '}')
			out[(*len)++] = *p;
	}
	whole = exact(out, *len);
	free(out);
	return whole;
}

static char form_letter(u8 form)
{
	switch (form) {
	case CTALG_FORM_DOTTED:
		return 'a';
	case CTALG_FORM_PORT:
		return 'p';
	case CTALG_FORM_HOST:
		return 'h';
	case CTALG_FORM_BRACKETED:
		return 'b';
	default:
		return '?';
	}
}

char *marked_tokens(const u8 *data, u32 len, const struct ctalg_report *r)
{
	char *out = calloc(1, len + 32 * (u32)r->n_tokens + 1), *p = out;
	u32 at, i;

	assert_non_null(out);
	for (at = 0; at <= len; at++) {
		for (i = 0; i < r->n_tokens; i++)
			if (r->token[i].at.off + r->token[i].at.len == at)
				*p++ = '}';
		for (i = 0; i < r->n_tokens; i++)
			if (r->token[i].at.off == at)
				p += sprintf(p, "{%u%c:", r->token[i].endpoint,
					     form_letter(r->token[i].form));
		if (at < len)
			*p++ = (char)data[at];
	}
	return out;
}

static char *say_endpoint(char *p, const struct ctalg_endpoint *ep)
{
	char addr[CTALG_TOKEN_MAX + 1] = "";

	ctalg_addr_write(&ep->addr, addr, CTALG_TOKEN_MAX);
	if (ep->role == CTALG_ROLE_HOST)
		return p + sprintf(p, "; host %s", addr);
	return p + sprintf(p, " %s %s %u", ep->l4 == CTALG_L4_TCP ? "tcp" : "udp", addr, ep->port);
}

static char *say_want(char *p, const struct ctalg_report *r, const struct ctalg_want *w)
{
	static const char *const names[] = { "pair", "rtcp",	  "mux",    "closed",
					     "held", "candidate", "renews", "next" };
	u32 i;

	p += sprintf(p, "%u", w->line);
	if (w->endpoint != CTALG_NO_ENDPOINT)
		p = say_endpoint(p, &r->endpoint[w->endpoint]);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (w->flags & 1 << i)
			p += sprintf(p, " %s", names[i]);
	return p;
}

const char *marked_wants(const struct ctalg_report *r)
{
	static char text[128 * (CTALG_REPORT_WANTS + CTALG_REPORT_ENDPOINTS)];
	char *p = text;
	u32 i;

	*p = 0;
	for (i = 0; i < r->n_wants; i++) {
		if (i)
			p += sprintf(p, ", ");
		p = say_want(p, r, &r->want[i]);
	}
	for (i = 0; i < r->n_endpoints; i++)
		if (r->endpoint[i].role == CTALG_ROLE_HOST)
			p = say_endpoint(p, &r->endpoint[i]);
	if (r->ice)
		sprintf(p, "; ice%s", r->ice == CTALG_ICE_TRAVERSED ? ", traversed" : "");
	return text;
}

static bool same_place(const struct ctalg_endpoint *ep, const struct ctalg_token *t,
		       const struct ctalg_addr *addr, u32 port)
{
	bool has_addr = t->form != CTALG_FORM_PORT;
	bool has_port = t->form == CTALG_FORM_PORT || t->form == CTALG_FORM_HOST;

	return (!has_addr || ctalg_addr_eq(&ep->addr, addr)) && (!has_port || ep->port == port);
}

static bool scan_addr(struct ctalg_reader *rd, u8 form, struct ctalg_addr *a)
{
	bool bracket = form != CTALG_FORM_DOTTED && ctalg_scan_char(rd, '[');

	if (!bracket && ctalg_scan_ip4(rd, a))
		return true;
	return (form == CTALG_FORM_DOTTED || bracket) && ctalg_scan_ip6(rd, a) &&
	       (!bracket || ctalg_scan_char(rd, ']'));
}

/* Read by itself, a token says what its endpoint says. */
static void token_is_true(const u8 *data, const struct ctalg_report *r, const struct ctalg_token *t)
{
	struct ctalg_addr a = { .family = CTALG_AF_NONE };
	u32 port = t->implied;
	struct ctalg_reader rd;

	ctalg_rd_init(&rd, data + t->at.off, t->at.len);
	assert_true(t->form == CTALG_FORM_PORT || scan_addr(&rd, t->form, &a));
	if (t->form == CTALG_FORM_PORT || (t->form == CTALG_FORM_HOST && ctalg_scan_char(&rd, ':')))
		assert_true(ctalg_scan_dec(&rd, 65535, 5, &port));
	assert_int_equal(ctalg_rd_left(&rd), 0);
	assert_true(same_place(&r->endpoint[t->endpoint], t, &a, port));
}

static bool apart(struct ctalg_span a, struct ctalg_span b)
{
	return a.off + a.len <= b.off || b.off + b.len <= a.off;
}

static void tokens_are_safe(const u8 *data, u32 len, const struct ctalg_report *r)
{
	u32 i, k;

	for (i = 0; i < r->n_tokens; i++) {
		const struct ctalg_token *t = &r->token[i];

		assert_true(t->at.off <= len && t->at.len && t->at.len <= len - t->at.off);
		assert_true(t->endpoint < r->n_endpoints);
		token_is_true(data, r, t);
		for (k = 0; k < i; k++)
			assert_true(apart(t->at, r->token[k].at));
	}
}

/* Each line has a want, in order. */
static void wants_are_safe(const struct ctalg_report *r)
{
	u32 i, line = 0;

	for (i = 0; i < r->n_wants; i++) {
		const struct ctalg_want *w = &r->want[i];
		bool none = w->flags & (CTALG_WANT_CLOSED | CTALG_WANT_HELD);

		assert_int_equal(w->kind, CTALG_WANT_MEDIA);
		assert_int_equal(w->endpoint == CTALG_NO_ENDPOINT, none);
		assert_true(none || w->endpoint < r->n_endpoints);
		assert_true(none || r->endpoint[w->endpoint].role == CTALG_ROLE_MEDIA);
		assert_true(none || r->endpoint[w->endpoint].port);
		assert_true(w->line == line || w->line == line + 1);
		assert_true(i || !w->line);
		line = w->line;
	}
}

void marked_safe(const u8 *data, u32 len, const struct ctalg_report *r)
{
	u32 i;

	assert_true(r->n_tokens <= CTALG_REPORT_TOKENS && r->n_wants <= CTALG_REPORT_WANTS);
	assert_true(r->n_endpoints <= CTALG_REPORT_ENDPOINTS);
	tokens_are_safe(data, len, r);
	wants_are_safe(r);
	for (i = 0; i < r->n_lengths; i++) {
		const struct ctalg_length *l = &r->length[i];

		assert_true(l->digits.off + l->digits.len <= l->body.off);
		assert_true(l->body.off <= len && l->body.len <= len - l->body.off);
	}
}
