// SPDX-License-Identifier: GPL-2.0
/* From what endpoints are called to the bytes that change. */
#include "plan_parts.h"

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

/* False when there is no room. One that overlaps another does not count, except of data flows. */
static bool edit_add(const struct ctalg_plan *p, struct ctalg_span at, const char *text, u32 len,
		     u8 role)
{
	at.off += p->base;
	if (ctalg_edits_add(p->e, at, text, len))
		return true;
	return role != CTALG_ROLE_DATA && ctalg_edits_fit(p->e, len);
}

/* Does the part of an endpoint that a token writes stay what it is? */
static bool token_stands(const struct ctalg_token *t, const struct ctalg_endpoint *ep,
			 const struct ctalg_plan_place *pl)
{
	bool port = ep->port == pl->port;
	bool addr = ep->addr.family == CTALG_AF_NONE ? port : ctalg_addr_eq(&ep->addr, &pl->addr);

	switch (t->form) {
	case CTALG_FORM_PORT:
		return port;
	case CTALG_FORM_DOTTED:
	case CTALG_FORM_BRACKETED:
		return addr;
	default:
		return addr && port;
	}
}

static const struct ctalg_plan_place *token_place(const struct ctalg_plan *p,
						  const struct ctalg_token *t)
{
	const struct ctalg_plan_place *pl = &p->room->place[t->endpoint];

	if (t->moot && ctalg_plan_leaves_moot(p))
		return NULL;
	if (pl->state == CTALG_PLACE_REFUSED &&
	    (t->form == CTALG_FORM_DOTTED || t->form == CTALG_FORM_BRACKETED))
		pl = ctalg_plan_follows(p, &p->r->endpoint[t->endpoint]);
	return pl && pl->state == CTALG_PLACE_CALLED ? pl : NULL;
}

/* A colon behind the host, which may be in brackets. */
static bool host_has_port(const u8 *text, u32 len)
{
	bool inside = len && text[0] == '[';
	u32 i;

	for (i = 0; i < len; i++) {
		if (text[i] == ':' && !inside)
			return true;
		if (text[i] == ']')
			inside = false;
	}
	return false;
}

static u32 token_write(const struct ctalg_token *t, const u8 *old,
		       const struct ctalg_plan_place *pl, char *text, u32 cap)
{
	bool bare = t->form == CTALG_FORM_HOST && pl->port == t->implied &&
		    !host_has_port(old, t->at.len);

	return ctalg_form_write(t->form, old[0], &pl->addr, bare ? 0 : pl->port, text, cap);
}

static bool text_differs(const u8 *old, u32 old_len, const char *text, u32 len)
{
	return old_len != len || memcmp(old, text, len);
}

static unsigned int plan_token(const struct ctalg_plan *p, const struct ctalg_token *t)
{
	const struct ctalg_plan_place *pl;
	const struct ctalg_endpoint *ep;
	char text[CTALG_TOKEN_MAX];
	const u8 *old;
	u32 len;

	if (t->endpoint >= p->r->n_endpoints || !span_in(t->at, p->m))
		return CTALG_R_MALFORMED;
	ep = &p->r->endpoint[t->endpoint];
	pl = token_place(p, t);
	if (!pl || token_stands(t, ep, pl))
		return CTALG_R_NONE;
	old = p->m->data + t->at.off;
	len = token_write(t, old, pl, text, sizeof(text));
	if (!len)
		return CTALG_R_UNWRITABLE;
	if (text_differs(old, t->at.len, text, len) && !edit_add(p, t->at, text, len, ep->role))
		return CTALG_R_LIMIT_EDITS;
	return CTALG_R_NONE;
}

unsigned int ctalg_plan_tokens(const struct ctalg_plan *p)
{
	unsigned int reason = CTALG_R_NONE;
	u16 i;

	for (i = 0; i < p->r->n_tokens && !reason; i++)
		reason = plan_token(p, &p->r->token[i]);
	return reason;
}

/* Whole lines that tell of the inside; before the tokens, some of which may be in them. */
unsigned int ctalg_plan_strips(const struct ctalg_plan *p)
{
	u16 i;

	if (!p->g->hide || p->v->inside != CTALG_SIDE_SENDER)
		return CTALG_R_NONE;
	for (i = 0; i < p->r->n_strips; i++) {
		if (!span_in(p->r->strip[i], p->m))
			return CTALG_R_MALFORMED;
		if (!edit_add(p, p->r->strip[i], "", 0, CTALG_ROLE_HOST))
			return CTALG_R_LIMIT_EDITS;
	}
	return CTALG_R_NONE;
}

/* By how much the bytes of a part grow. */
static s32 body_delta(const struct ctalg_edits *e, u32 from, u32 len)
{
	s32 delta = 0;
	u16 i;

	for (i = 0; i < e->n; i++) {
		const struct ctalg_edit *ed = &e->edit[i];

		if (ed->at.off >= from && ed->at.off - from < len)
			delta += (s32)ed->len - (s32)ed->at.len;
	}
	return delta;
}

static bool is_planned(const struct ctalg_edits *e, struct ctalg_span at)
{
	u16 i;

	for (i = 0; i < e->n; i++)
		if (e->edit[i].at.off == at.off && e->edit[i].at.len == at.len)
			return true;
	return false;
}

static bool plan_length(const struct ctalg_length *l, const struct ctalg_message *m,
			struct ctalg_edits *e, u32 base)
{
	struct ctalg_span digits = { .off = base + l->digits.off, .len = l->digits.len };
	char text[CTALG_TOKEN_MAX];
	s32 delta;
	u32 len;

	if (!span_in(l->digits, m) || !span_in(l->body, m))
		return true;
	delta = body_delta(e, base + l->body.off, l->body.len);
	if (!delta && !is_planned(e, digits))
		return true;
	if (!delta)
		return ctalg_edits_set(e, digits, (const char *)m->data + l->digits.off,
				       l->digits.len);
	len = ctalg_dec_write(l->body.len + (u32)delta, text, sizeof(text));
	return ctalg_edits_set(e, digits, text, len);
}

bool ctalg_plan_lengths(const struct ctalg_report *r, const struct ctalg_message *m,
			struct ctalg_edits *e, u32 base)
{
	u16 i;

	for (i = 0; i < r->n_lengths; i++)
		if (!plan_length(&r->length[i], m, e, base))
			return false;
	return true;
}

/* An endpoint is told of once, by the first of its tokens that changes. */
void ctalg_plan_tell(const struct ctalg_plan *p)
{
	struct ctalg_opening o;
	u16 i;

	memset(&o, 0, sizeof(o));
	for (i = 0; i < p->r->n_tokens; i++) {
		const struct ctalg_token *t = &p->r->token[i];
		const struct ctalg_endpoint *ep = &p->r->endpoint[t->endpoint];
		struct ctalg_plan_place *own = &p->room->place[t->endpoint];
		const struct ctalg_plan_place *pl = token_place(p, t);

		if (!pl || token_stands(t, ep, pl))
			continue;
		o.outside = pl->addr;
		o.outside_port = pl->port;
		o.l4 = ep->l4;
		p->ops->edited(p->ctx, ep, &o);
		own->state = CTALG_PLACE_STAYS;
	}
}
