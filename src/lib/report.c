// SPDX-License-Identifier: GPL-2.0
#include <ctalg/report.h>

int ctalg_report_endpoint(struct ctalg_report *r, const struct ctalg_addr *addr, u16 port, u8 l4)
{
	struct ctalg_endpoint *ep;

	if (r->n_endpoints >= CTALG_REPORT_ENDPOINTS)
		return -1;
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

	if (endpoint < 0 || endpoint >= r->n_endpoints || r->n_tokens >= CTALG_REPORT_ENDPOINTS)
		return false;
	t = &r->token[r->n_tokens++];
	t->at = at;
	t->form = form;
	t->endpoint = (u8)endpoint;
	return true;
}

bool ctalg_report_want(struct ctalg_report *r, int endpoint)
{
	if (endpoint < 0 || endpoint >= r->n_endpoints || r->n_wants >= CTALG_REPORT_ENDPOINTS)
		return false;
	r->want[r->n_wants++].endpoint = (u8)endpoint;
	return true;
}
