// SPDX-License-Identifier: GPL-2.0
#include <ctalg/report.h>

int ctalg_report_endpoint(struct ctalg_report *r, const struct ctalg_addr *addr, u16 port, u8 l4)
{
	struct ctalg_endpoint *ep;

	if (r->n_endpoints >= CTALG_REPORT_ENDPOINTS) {
		r->full = true;
		return -1;
	}
	ep = &r->endpoint[r->n_endpoints];
	memset(ep, 0, sizeof(*ep));
	if (addr)
		ep->addr = *addr;
	ep->port = port;
	ep->l4 = l4;
	return r->n_endpoints++;
}

bool ctalg_report_token(struct ctalg_report *r, int endpoint, struct ctalg_span at, u8 form)
{
	struct ctalg_token *t;

	if (endpoint < 0 || endpoint >= r->n_endpoints)
		return false;
	if (r->n_tokens >= CTALG_REPORT_TOKENS) {
		r->full = true;
		return false;
	}
	t = &r->token[r->n_tokens++];
	memset(t, 0, sizeof(*t));
	t->at = at;
	t->form = form;
	t->endpoint = (u16)endpoint;
	return true;
}

bool ctalg_report_want(struct ctalg_report *r, int endpoint)
{
	const struct ctalg_want w = { .endpoint = (u16)endpoint, .seconds = CTALG_NO_SECONDS };

	if (endpoint < 0 || endpoint >= r->n_endpoints)
		return false;
	return ctalg_report_want_add(r, &w);
}

bool ctalg_report_want_add(struct ctalg_report *r, const struct ctalg_want *w)
{
	if (r->n_wants >= CTALG_REPORT_WANTS) {
		r->full = true;
		return false;
	}
	r->want[r->n_wants++] = *w;
	return true;
}

bool ctalg_report_length(struct ctalg_report *r, struct ctalg_span digits, struct ctalg_span body)
{
	if (r->n_lengths >= CTALG_REPORT_LENGTHS) {
		r->full = true;
		return false;
	}
	r->length[r->n_lengths].digits = digits;
	r->length[r->n_lengths++].body = body;
	return true;
}
