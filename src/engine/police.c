// SPDX-License-Identifier: GPL-2.0
#include "plan.h"
#include "police.h"

static u8 police_deny(const struct ctalg_police *po, const struct ctalg_message *m,
		      const struct ctalg_report *r, struct ctalg_edits *e, struct ctalg_verdict *v)
{
	bool done = false;

	v->answer.seen = po->seen;
	v->answer.seen_port = po->seen_port;
	if (!po->refusals)
		return po->proto->answer ? CTALG_ACTION_DENY : CTALG_ACTION_DROP;
	ctalg_edits_cut(e, ctalg_refusals_delivered(e));
	if (po->proto->silence) {
		memcpy(po->state, po->before, po->proto->state_size);
		done = ctalg_refuse_silently(po->refusals, po->proto, m, r, &v->answer, e, po->mem);
	} else if (r->ops & (CTALG_OP_ASKS | CTALG_OP_AMBIGUOUS)) {
		memcpy(po->state, po->before, po->proto->state_size);
		done = ctalg_refuse(po->refusals, po->proto, po->state, m, &v->answer, e, po->spare,
				    po->mem);
	} else if (r->ops & CTALG_OP_ANSWERS) {
		done = ctalg_refuse_answer(po->proto, m, r, &v->answer, e);
	}
	/* Nothing harmless can go on in its place. */
	return done ? CTALG_ACTION_DENY : CTALG_ACTION_RESET;
}

u8 ctalg_police_message(const struct ctalg_police *po, const struct ctalg_message *m,
			const struct ctalg_report *r, const struct ctalg_subject *s,
			struct ctalg_edits *e, struct ctalg_verdict *v)
{
	struct ctalg_subject sized = *s;

	sized.size = m->len;
	memset(v, 0, sizeof(*v));
	if (po->refusals)
		ctalg_refusals_deliver(po->refusals, m, e, po->mem);
	if (po->refusals && !(r->ops & CTALG_OP_ASKS) &&
	    ctalg_refusals_note(po->refusals, po->proto, m, r, e, po->mem)) {
		v->action = CTALG_ACTION_DENY;
		v->reason = CTALG_R_POLICY_ANSWERED;
		return CTALG_ACTION_DENY;
	}
	ctalg_judge_message(po->rules, po->proto, r, &sized, &po->ops, po->ctx, v);
	if (v->action == CTALG_ACTION_DENY)
		v->action = police_deny(po, m, r, e, v);
	return v->action;
}

static bool hide_is_inside(const struct ctalg_hide *h, const struct ctalg_addr *a)
{
	if (!ctalg_addr_eq(&h->self, &h->shown) && ctalg_addr_eq(a, &h->self))
		return true;
	return !ctalg_addr_eq(a, &h->shown) && h->inside && h->inside(h->ctx, a);
}

/* Does the message name, in its own way, an address that may not leave? */
static bool report_leaks(const struct ctalg_hide *h, const struct ctalg_report *r)
{
	u16 i;

	for (i = 0; i < r->n_endpoints; i++)
		if (r->endpoint[i].addr.family != CTALG_AF_NONE &&
		    hide_is_inside(h, &r->endpoint[i].addr))
			return true;
	return false;
}

u8 ctalg_police_hide(const struct ctalg_police *po, const struct ctalg_hide *h,
		     const struct ctalg_message *m, const struct ctalg_report *r, bool refused,
		     struct ctalg_edits *e, struct ctalg_verdict *v)
{
	u16 before = e->n;

	memset(v, 0, sizeof(*v));
	if ((refused && report_leaks(h, r)) || ctalg_hide_message(h, m, r, e) ||
	    (e->n > before &&
	     (!ctalg_plan_lengths(r, m, e, 0) || ctalg_edits_delta(e) > e->most))) {
		ctalg_judge_refuses(v, r, CTALG_R_POLICY_HIDE, NULL);
		v->action = police_deny(po, m, r, e, v);
	} else if (e->n > before) {
		v->reason = CTALG_R_POLICY_HIDDEN;
	}
	return v->action;
}

unsigned int ctalg_police_resolve(const struct ctalg_alias *al, const struct ctalg_message *m,
				  const struct ctalg_report *r, struct ctalg_edits *e)
{
	u16 before = e->n, used = e->used;
	unsigned int reason = ctalg_alias_resolve(al, m, r->back, e);

	if (reason || e->n == before)
		return reason;
	/* Numbers that would not fit would have to go, too. */
	if (ctalg_edits_fit(e, CTALG_REPORT_LENGTHS * CTALG_TOKEN_MAX) &&
	    ctalg_plan_lengths(r, m, e, 0))
		return CTALG_R_NONE;
	ctalg_edits_forget(e, used);
	return CTALG_R_LIMIT_EDITS;
}

void ctalg_police_passed(const struct ctalg_police *po, const struct ctalg_message *m,
			 const struct ctalg_report *r)
{
	if (po->refusals && (r->ops & CTALG_OP_ASKS))
		ctalg_refusals_note(po->refusals, po->proto, m, r, NULL, po->mem);
}
