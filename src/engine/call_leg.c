// SPDX-License-Identifier: GPL-2.0
#include "call_turn.h"

static bool leg_has(const struct ctalg_call_leg *leg, u32 party)
{
	return leg->caller == party || leg->callee == party;
}

struct ctalg_call_leg *ctalg_call_leg_find(struct ctalg_call *c, u32 from, u32 to)
{
	unsigned int i;

	for (i = 0; i < CTALG_CALL_LEGS; i++) {
		struct ctalg_call_leg *leg = &c->legs[i];

		if (!leg->caller)
			break;
		if ((leg->caller == from && leg->callee == to) ||
		    (leg->caller == to && leg->callee == from))
			return leg;
	}
	return NULL;
}

unsigned int ctalg_call_legs_living(const struct ctalg_call *c, u32 party)
{
	unsigned int i, n = 0;

	for (i = 0; i < CTALG_CALL_LEGS; i++) {
		const struct ctalg_call_leg *leg = &c->legs[i];

		n += ctalg_call_leg_lives(leg) && (!party || leg_has(leg, party));
	}
	return n;
}

bool ctalg_call_accepted_but(const struct ctalg_call *c, const struct ctalg_call_leg *but)
{
	unsigned int i;

	for (i = 0; i < CTALG_CALL_LEGS; i++) {
		const struct ctalg_call_leg *leg = &c->legs[i];

		if (leg != but && ctalg_call_leg_lives(leg) && !leg->early)
			return true;
	}
	return false;
}

void ctalg_call_party_gone(struct ctalg_call_turn *x, u32 party)
{
	u32 *gone = x->act->gone;

	if (ctalg_call_legs_living(x->c, party) || (x->c->inviting && x->c->caller == party))
		return;
	if (gone[0] == party)
		return;
	if (!gone[0])
		gone[0] = party;
	else if (!gone[1])
		gone[1] = party;
}

void ctalg_call_leg_end(struct ctalg_call_turn *x, struct ctalg_call_leg *leg)
{
	leg->dead = true;
	ctalg_call_party_gone(x, leg->callee);
	ctalg_call_party_gone(x, leg->caller);
}

void ctalg_call_leg_remove(struct ctalg_call_turn *x, unsigned int i)
{
	struct ctalg_call_leg *legs = x->c->legs, old = legs[i];

	memmove(&legs[i], &legs[i + 1], (CTALG_CALL_LEGS - 1 - i) * sizeof(old));
	memset(&legs[CTALG_CALL_LEGS - 1], 0, sizeof(old));
	if (old.dead)
		return;
	ctalg_call_party_gone(x, old.callee);
	ctalg_call_party_gone(x, old.caller);
}

/* Which one makes room: of those that are over, else early ones, else of all, the oldest. */
static unsigned int leg_to_forget(const struct ctalg_call *c)
{
	unsigned int i;

	for (i = 0; i < CTALG_CALL_LEGS; i++)
		if (c->legs[i].dead)
			return i;
	for (i = 0; i < CTALG_CALL_LEGS; i++)
		if (c->legs[i].early)
			return i;
	return 0;
}

static struct ctalg_call_leg *leg_room(struct ctalg_call_turn *x)
{
	unsigned int i;

	for (i = 0; i < CTALG_CALL_LEGS; i++)
		if (!x->c->legs[i].caller)
			return &x->c->legs[i];
	ctalg_call_leg_remove(x, leg_to_forget(x->c));
	return &x->c->legs[CTALG_CALL_LEGS - 1];
}

static void gone_forget(struct ctalg_call_act *act, u32 party)
{
	if (act->gone[1] == party)
		act->gone[1] = 0;
	if (act->gone[0] == party) {
		act->gone[0] = act->gone[1];
		act->gone[1] = 0;
	}
}

void ctalg_call_leg_new(struct ctalg_call_turn *x, bool early)
{
	struct ctalg_call_leg *leg = leg_room(x);

	leg->caller = x->from;
	leg->callee = x->to;
	leg->early = early;
	leg->lasts = CTALG_CALL_LASTS;
	gone_forget(x->act, x->from);
	gone_forget(x->act, x->to);
	x->leg = leg;
	x->side = 0;
	x->c->confirmed |= !early;
}
