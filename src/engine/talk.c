// SPDX-License-Identifier: GPL-2.0
#include "talk.h"

bool ctalg_talk_begins(const struct ctalg_talk *t)
{
	if (t->kind == CTALG_TALK_BINDING)
		return !t->status;
	return t->describes || (!t->status && t->method == CTALG_METHOD_INVITE);
}

bool ctalg_talk_grants(const struct ctalg_talk *t)
{
	return t->status >= 200 && t->status < 300;
}

/* What the inside end of a flow calls an address that NAT or hiding may have changed. */
static const struct ctalg_addr *addr_within(const struct ctalg_view *v, const struct ctalg_addr *a)
{
	if (ctalg_addr_eq(a, &v->self_out))
		return &v->self;
	return ctalg_addr_eq(a, &v->peer_out) ? &v->peer : a;
}

const struct ctalg_addr *ctalg_talk_key_host(const struct ctalg_report *r,
					     const struct ctalg_view *v, struct ctalg_span *at)
{
	const struct ctalg_span key = r->talk.key;
	u16 i;

	for (i = 0; i < r->n_tokens; i++) {
		const struct ctalg_token *t = &r->token[i];

		if (t->at.off < key.off || t->at.len > key.len ||
		    t->at.off + t->at.len > key.off + key.len)
			continue;
		*at = t->at;
		return addr_within(v, &r->endpoint[t->endpoint].addr);
	}
	return NULL;
}

bool ctalg_binding_hears(const struct ctalg_talk *t, u32 *number, u32 *seconds, u32 age)
{
	if (!t->status) {
		*number = t->number;
		*seconds = *seconds > age ? *seconds - age : 0;
		if (*seconds < CTALG_TALK_PENDING)
			*seconds = CTALG_TALK_PENDING;
		return true;
	}
	if (!ctalg_binding_told(t, *number))
		return false;
	/* Counted anew, from what the answer says. */
	*seconds = 0;
	return true;
}

bool ctalg_binding_told(const struct ctalg_talk *t, u32 number)
{
	return ctalg_talk_grants(t) && t->number == number;
}

u32 ctalg_path_asked(u8 kind)
{
	return kind == CTALG_TALK_CALL ? CTALG_TALK_DAY : CTALG_TALK_PENDING;
}

u32 ctalg_path_granted(u32 said, u32 asked)
{
	return said == CTALG_NO_SECONDS ? asked : said;
}

u32 ctalg_path_lasts(u32 seconds)
{
	return (seconds < CTALG_TALK_MOST ? seconds : CTALG_TALK_MOST) + CTALG_TALK_GRACE;
}

/* The end of a flow that NAT shows to be inside, or NULL. */
static const struct ctalg_addr *ends_inside(const struct ctalg_ends *e)
{
	bool snat = !ctalg_addr_eq(&e->self, &e->self_out);
	bool dnat = !ctalg_addr_eq(&e->peer, &e->peer_out);

	if (snat == dnat)
		return NULL;
	return snat ? &e->self : &e->peer;
}

bool ctalg_ends_related(const struct ctalg_ends *a, const struct ctalg_ends *b)
{
	const struct ctalg_addr *x = ends_inside(a), *y = ends_inside(b);

	if (x && y)
		return ctalg_addr_eq(x, y);
	return (ctalg_addr_eq(&b->self, &a->self) && ctalg_addr_eq(&b->peer, &a->peer)) ||
	       (ctalg_addr_eq(&b->self, &a->peer) && ctalg_addr_eq(&b->peer, &a->self));
}
