// SPDX-License-Identifier: GPL-2.0
#include "call_turn.h"

void ctalg_call_opens(struct ctalg_call_turn *x, u32 round)
{
	x->act->opens = true;
	x->act->round = round;
}

void ctalg_call_offer_make(struct ctalg_call_turn *x, struct ctalg_call_offer *o)
{
	memset(o, 0, sizeof(*o));
	o->round = ++x->c->round;
	o->number = x->number;
	o->method = x->t->method;
	o->state = CTALG_CALL_OFFER_MADE;
	o->late = x->t->status != 0;
	ctalg_call_opens(x, o->round);
}

bool ctalg_call_offer_is_of(const struct ctalg_call_turn *x, const struct ctalg_call_offer *o,
			    bool late)
{
	return o->state != CTALG_CALL_OFFER_NONE && o->number == x->number &&
	       o->method == x->t->method && o->late == late;
}

bool ctalg_call_offer_counts(const struct ctalg_call_turn *x, const struct ctalg_call_offer *o)
{
	return o->state != CTALG_CALL_OFFER_FAILED && o->round >= x->leg->answered;
}

void ctalg_call_offer_repeated(struct ctalg_call_turn *x, const struct ctalg_call_offer *o)
{
	if (ctalg_call_offer_counts(x, o) && o->state == CTALG_CALL_OFFER_MADE)
		ctalg_call_opens(x, o->round);
}

void ctalg_call_agreed(struct ctalg_call_turn *x)
{
	const struct ctalg_call_leg *leg = x->leg;

	if (!leg->answered || leg->undone || leg->inviting[0] || leg->inviting[1])
		return;
	if (ctalg_call_legs_living(x->c, leg->caller) > 1 ||
	    ctalg_call_legs_living(x->c, leg->callee) > 1)
		return;
	x->act->settles = true;
	x->act->round = leg->answered;
}

void ctalg_call_offer_answered(struct ctalg_call_turn *x, struct ctalg_call_offer *o, bool first)
{
	bool fresh = first || o->state == CTALG_CALL_OFFER_MADE;

	if (!ctalg_call_offer_counts(x, o))
		return;
	o->state = CTALG_CALL_OFFER_ANSWERED;
	x->leg->answered = o->round;
	x->leg->undone = false;
	ctalg_call_opens(x, o->round);
	if (fresh)
		ctalg_call_agreed(x);
}

void ctalg_call_offer_failed(struct ctalg_call_turn *x, struct ctalg_call_offer *o)
{
	o->state = CTALG_CALL_OFFER_FAILED;
	x->act->reverts = true;
	x->act->round = o->round;
	if (x->leg->answered == o->round)
		x->leg->undone = true;
}
