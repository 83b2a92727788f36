// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

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
	static const char *const names[] = { "pair", "rtcp", "mux", "closed", "held", "candidate" };
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

void marked_safe(const struct ctalg_report *r, u32 len)
{
	u32 i;

	assert_true(r->n_tokens <= CTALG_REPORT_TOKENS && r->n_wants <= CTALG_REPORT_WANTS);
	assert_true(r->n_endpoints <= CTALG_REPORT_ENDPOINTS);
	for (i = 0; i < r->n_tokens; i++) {
		assert_true(r->token[i].at.off <= len);
		assert_true(r->token[i].at.len && r->token[i].at.len <= len - r->token[i].at.off);
		assert_true(r->token[i].endpoint < r->n_endpoints);
	}
	for (i = 0; i < r->n_wants; i++) {
		bool none = r->want[i].flags & (CTALG_WANT_CLOSED | CTALG_WANT_HELD);

		assert_int_equal(r->want[i].kind, CTALG_WANT_MEDIA);
		assert_int_equal(r->want[i].endpoint == CTALG_NO_ENDPOINT, none);
		assert_true(none || r->want[i].endpoint < r->n_endpoints);
	}
	for (i = 0; i < r->n_lengths; i++) {
		assert_true(r->length[i].digits.off + r->length[i].digits.len <=
			    r->length[i].body.off);
		assert_true(r->length[i].body.off <= len &&
			    r->length[i].body.len <= len - r->length[i].body.off);
	}
}
