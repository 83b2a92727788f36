// SPDX-License-Identifier: GPL-2.0
#include "call_turn.h"

/* Who has no tag, as before RFC 3261, is called so. */
#define NAMELESS 1u

static bool challenges(const struct ctalg_talk *t)
{
	return t->status == 401 || t->status == 407;
}

static void call_over_without_legs(struct ctalg_call_turn *x)
{
	if (!x->c->inviting && !ctalg_call_legs_living(x->c, 0))
		x->c->ended = true;
}

/* It is the first, or one of which dialogs have come although another party's has come since; or older. */
static bool invite_known(const struct ctalg_call_turn *x)
{
	unsigned int i;

	if (x->c->caller == x->from && x->number <= x->c->number)
		return true;
	for (i = 0; i < CTALG_CALL_LEGS; i++)
		if (x->c->legs[i].caller == x->from && x->c->legs[i].invite[0] >= x->number)
			return true;
	return false;
}

/* The INVITE that begins a call, or its next try. */
static void invite_first(struct ctalg_call_turn *x)
{
	struct ctalg_call *c = x->c;

	if (c->caller == x->from && x->number <= c->number) {
		if (x->number == c->number && x->t->describes && c->inviting && c->offer.round)
			ctalg_call_opens(x, c->offer.round);
		return;
	}
	if (invite_known(x))
		return;
	c->several |= c->caller && c->caller != x->from && !c->challenged;
	c->caller = x->from;
	c->number = x->number;
	c->inviting = true;
	c->challenged = false;
	c->cancelled = false;
	memset(&c->offer, 0, sizeof(c->offer));
	if (x->t->describes)
		ctalg_call_offer_make(x, &c->offer);
}

/* A PRACK answers an offer that a provisional answer made; else it may make one. */
static bool prack_answers(struct ctalg_call_turn *x)
{
	struct ctalg_call_offer *o = &x->leg->offer[!x->side];

	if (x->t->method != CTALG_METHOD_PRACK || !o->late)
		return false;
	if (o->state == CTALG_CALL_OFFER_MADE)
		o->reply = x->number;
	if (o->reply != x->number)
		return false;
	ctalg_call_offer_answered(x, o, false);
	return true;
}

/* INVITE, UPDATE and PRACK in a dialog. */
static void dialog_asks(struct ctalg_call_turn *x)
{
	bool invites = x->t->method == CTALG_METHOD_INVITE, fresh;
	struct ctalg_call_leg *leg;

	if (!x->leg)
		ctalg_call_leg_new(x, x->c->inviting && !invites);
	leg = x->leg;
	if (leg->dead || x->number < leg->asked[x->side])
		return;
	fresh = x->number > leg->asked[x->side];
	if (invites && fresh) {
		leg->invite[x->side] = x->number;
		leg->inviting[x->side] = true;
		leg->offered[x->side] = x->t->describes;
		leg->asked[x->side] = x->number;
	}
	if (!x->t->describes || prack_answers(x))
		return;
	leg->asked[x->side] = x->number;
	if (fresh)
		ctalg_call_offer_make(x, &leg->offer[x->side]);
	else if (ctalg_call_offer_is_of(x, &leg->offer[x->side], false))
		ctalg_call_offer_repeated(x, &leg->offer[x->side]);
}

/* It answers an offer that the answer to the INVITE made. */
static void ack_came(struct ctalg_call_turn *x)
{
	struct ctalg_call_offer *o;

	if (!x->leg || x->leg->dead || !x->t->describes)
		return;
	o = &x->leg->offer[!x->side];
	if (o->late && o->number == x->number)
		ctalg_call_offer_answered(x, o, false);
}

/*
 * Media stay open until the BYE is answered: it may be lost, or challenged, or refused because it is
 * not from whom it says.
 */
static void bye_came(struct ctalg_call_turn *x)
{
	if (!x->leg || x->leg->dead)
		return;
	x->leg->ending = CTALG_CALL_ENDING_BYE;
	x->leg->bye = x->number;
}

static void bye_answered(struct ctalg_call_turn *x)
{
	u16 status = x->t->status;

	if (challenges(x->t)) {
		if (x->leg && x->leg->bye == x->number)
			x->leg->ending = CTALG_CALL_ENDING_NOT;
		return;
	}
	if (status < 200 || (status >= 300 && status != 408 && status != 481))
		return;
	if (x->leg) {
		ctalg_call_leg_end(x, x->leg);
	} else {
		ctalg_call_party_gone(x, x->from);
		ctalg_call_party_gone(x, x->to);
	}
	call_over_without_legs(x);
}

static void expires_told(struct ctalg_call_turn *x)
{
	u32 seconds = x->t->expires;

	if (seconds == CTALG_NO_SECONDS) {
		x->leg->lasts = CTALG_CALL_LASTS;
		return;
	}
	if (seconds < CTALG_CALL_EXPIRES_MIN)
		seconds = CTALG_CALL_EXPIRES_MIN;
	if (seconds > CTALG_CALL_EXPIRES_MAX)
		seconds = CTALG_CALL_EXPIRES_MAX;
	x->leg->lasts = seconds + CTALG_CALL_GRACE;
}

/* Is it an answer to an INVITE whose dialog is to be known, now if not before? */
static bool invite_leg(struct ctalg_call_turn *x)
{
	const struct ctalg_call *c = x->c;

	if (x->leg)
		return !x->leg->dead && x->number >= x->leg->invite[x->side];
	/* Once one has accepted, another that only rings comes too late. */
	if (x->from == c->caller && (x->number < c->number || (x->t->status < 200 && !c->inviting)))
		return false;
	ctalg_call_leg_new(x, true);
	if (x->from == c->caller && x->number == c->number) {
		x->leg->offer[0] = c->offer;
		x->leg->offered[0] = c->offer.round != 0;
	}
	x->leg->asked[0] = x->number;
	x->leg->invite[0] = x->number;
	x->leg->inviting[0] = true;
	return true;
}

/* @first: its INVITE had no final answer before. */
static void invite_describes(struct ctalg_call_turn *x, bool first)
{
	struct ctalg_call_offer *asker = &x->leg->offer[x->side];
	struct ctalg_call_offer *answerer = &x->leg->offer[!x->side];
	bool accepts = first && x->t->status >= 200;

	if (ctalg_call_offer_is_of(x, asker, false)) {
		/* It may repeat what was answered before an UPDATE; that is still so. */
		if (accepts && asker->state != CTALG_CALL_OFFER_FAILED &&
		    asker->round < x->leg->answered)
			asker->round = x->leg->answered;
		ctalg_call_offer_answered(x, asker, first);
	} else if (ctalg_call_offer_is_of(x, answerer, true)) {
		if (first && answerer->state == CTALG_CALL_OFFER_ANSWERED)
			ctalg_call_offer_answered(x, answerer, true);
		else
			ctalg_call_offer_repeated(x, answerer);
	} else if (first && !x->leg->offered[x->side]) {
		x->leg->offered[x->side] = true;
		ctalg_call_offer_make(x, answerer);
	} else if (accepts && x->leg->answered) {
		ctalg_call_opens(x, x->leg->answered);
		ctalg_call_agreed(x);
	}
}

static void invite_rings(struct ctalg_call_turn *x)
{
	if (invite_leg(x) && x->t->describes)
		invite_describes(x, x->leg->inviting[x->side]);
}

/* Of the forks of an INVITE one has accepted: those that only ring are over. */
static void early_legs_over(struct ctalg_call_turn *x)
{
	u32 from = x->leg->caller, to = x->leg->callee;
	unsigned int i = 0;

	while (i < CTALG_CALL_LEGS) {
		const struct ctalg_call_leg *leg = &x->c->legs[i];

		if (ctalg_call_leg_lives(leg) && leg->early && leg->caller == from)
			ctalg_call_leg_remove(x, i);
		else
			i++;
	}
	x->leg = ctalg_call_leg_find(x->c, from, to);
}

static void leg_accepted(struct ctalg_call_turn *x)
{
	struct ctalg_call *c = x->c;
	bool only = !ctalg_call_accepted_but(c, x->leg);

	x->leg->early = false;
	c->confirmed = true;
	if (x->from == c->caller && x->number == c->number)
		c->inviting = false;
	if (!only)
		return;
	early_legs_over(x);
	x->act->alone = !c->several;
}

static void invite_accepted(struct ctalg_call_turn *x)
{
	bool first;

	if (!invite_leg(x))
		return;
	first = x->leg->inviting[x->side] || x->leg->early;
	x->leg->inviting[x->side] = false;
	if (x->leg->early)
		leg_accepted(x);
	if (first) {
		expires_told(x);
		if (x->leg->ending == CTALG_CALL_ENDING_PERHAPS)
			x->leg->ending = CTALG_CALL_ENDING_NOT;
	}
	if (x->t->describes)
		invite_describes(x, first);
	else if (first)
		ctalg_call_agreed(x);
}

/* RFC 3261, 12.2.1.2: the other side knows nothing of it, or says nothing; the latter may be a proxy's word. */
static void dialog_doubted(struct ctalg_call_turn *x)
{
	if (x->t->status == 481) {
		ctalg_call_leg_end(x, x->leg);
		call_over_without_legs(x);
	} else if (x->t->status == 408 && !x->leg->ending) {
		x->leg->ending = CTALG_CALL_ENDING_PERHAPS;
	}
}

static void invite_again_refused(struct ctalg_call_turn *x)
{
	struct ctalg_call_leg *leg = x->leg;

	if (!leg->inviting[x->side] || leg->invite[x->side] != x->number)
		return;
	leg->inviting[x->side] = false;
	if (ctalg_call_offer_is_of(x, &leg->offer[x->side], false))
		ctalg_call_offer_failed(x, &leg->offer[x->side]);
	else if (ctalg_call_offer_is_of(x, &leg->offer[!x->side], true))
		ctalg_call_offer_failed(x, &leg->offer[!x->side]);
	dialog_doubted(x);
}

static void invite_refused(struct ctalg_call_turn *x)
{
	struct ctalg_call_leg *leg = x->leg;
	struct ctalg_call *c = x->c;

	if (leg && ctalg_call_leg_lives(leg) && !leg->early) {
		invite_again_refused(x);
		if (ctalg_call_leg_lives(leg))
			return;
	}
	if (leg && ctalg_call_leg_lives(leg) && leg->invite[x->side] == x->number)
		ctalg_call_leg_end(x, leg);
	if (x->from != c->caller || x->number != c->number) {
		call_over_without_legs(x);
		return;
	}
	if (challenges(x->t)) {
		c->challenged = true;
	} else if (!ctalg_call_legs_living(c, 0)) {
		c->inviting = false;
		c->ended = true;
	}
}

/* UPDATE and PRACK. */
static void dialog_answered(struct ctalg_call_turn *x)
{
	bool update = x->t->method == CTALG_METHOD_UPDATE;
	struct ctalg_call_offer *o;

	if (!x->leg || x->leg->dead || x->t->status < 200)
		return;
	o = &x->leg->offer[x->side];
	if (x->t->status >= 300) {
		if (ctalg_call_offer_is_of(x, o, false) && o->state == CTALG_CALL_OFFER_MADE)
			ctalg_call_offer_failed(x, o);
		if (update)
			dialog_doubted(x);
		return;
	}
	if (update && x->number >= x->leg->asked[x->side]) {
		expires_told(x);
		if (x->leg->ending == CTALG_CALL_ENDING_PERHAPS)
			x->leg->ending = CTALG_CALL_ENDING_NOT;
	}
	if (x->t->describes && ctalg_call_offer_is_of(x, o, false))
		ctalg_call_offer_answered(x, o, false);
}

static void request_came(struct ctalg_call_turn *x)
{
	struct ctalg_call *c = x->c;

	switch (x->t->method) {
	case CTALG_METHOD_INVITE:
		if (!x->to) {
			invite_first(x);
			break;
		}
		fallthrough;
	case CTALG_METHOD_UPDATE:
	case CTALG_METHOD_PRACK:
		if (x->to)
			dialog_asks(x);
		break;
	case CTALG_METHOD_ACK:
		ack_came(x);
		break;
	case CTALG_METHOD_BYE:
		bye_came(x);
		break;
	case CTALG_METHOD_CANCEL:
		if (x->from == c->caller && x->number == c->number)
			c->cancelled = true;
		break;
	}
}

static void answer_came(struct ctalg_call_turn *x)
{
	struct ctalg_call *c = x->c;

	switch (x->t->method) {
	case CTALG_METHOD_INVITE:
		if (x->t->status >= 300)
			invite_refused(x);
		else if (x->t->status >= 200)
			invite_accepted(x);
		else if (x->t->status > 100)
			invite_rings(x);
		break;
	case CTALG_METHOD_UPDATE:
	case CTALG_METHOD_PRACK:
		dialog_answered(x);
		break;
	case CTALG_METHOD_BYE:
		bye_answered(x);
		break;
	case CTALG_METHOD_CANCEL:
		/* There was nothing to cancel. */
		if (x->t->status == 481 && x->from == c->caller && x->number == c->number)
			c->cancelled = false;
		break;
	}
}

/* Is there a call that the message may be of? */
static bool call_begins(struct ctalg_call_turn *x)
{
	struct ctalg_call *c = x->c;
	u8 method = x->t->method;

	if (c->begun && !c->ended)
		return true;
	if (x->t->status)
		return false;
	if (method == CTALG_METHOD_INVITE && !x->t->to) {
		if (c->ended && invite_known(x))
			return false;
		memset(c, 0, sizeof(*c));
		c->begun = true;
	} else if (!c->begun && x->t->to) {
		c->begun = method == CTALG_METHOD_INVITE || method == CTALG_METHOD_UPDATE;
	}
	return c->begun && !c->ended;
}

static u32 leg_seconds(const struct ctalg_call *c, const struct ctalg_call_leg *leg)
{
	if (leg->ending || (leg->early && c->cancelled))
		return CTALG_CALL_LINGERS;
	return leg->early ? CTALG_CALL_RINGS : leg->lasts;
}

/* As long as whatever of it lasts longest. */
static u32 call_seconds(const struct ctalg_call *c)
{
	u32 seconds = CTALG_CALL_LINGERS, s;
	unsigned int i;

	if (c->inviting && !c->challenged && !c->cancelled)
		seconds = CTALG_CALL_RINGS;
	for (i = 0; i < CTALG_CALL_LEGS; i++) {
		if (!ctalg_call_leg_lives(&c->legs[i]))
			continue;
		s = leg_seconds(c, &c->legs[i]);
		if (s > seconds)
			seconds = s;
	}
	return seconds;
}

static void turn_parties(struct ctalg_call_turn *x)
{
	const struct ctalg_talk *t = x->t;

	x->to = t->to;
	if (!x->to && (t->status > 100 || ctalg_call_leg_find(x->c, x->from, NAMELESS)))
		x->to = NAMELESS;
	x->leg = x->to ? ctalg_call_leg_find(x->c, x->from, x->to) : NULL;
	x->side = x->leg && x->leg->caller != x->from;
	x->act->party = t->status ? x->to : x->from;
	x->act->other = t->status ? x->from : x->to;
}

void ctalg_call_message(struct ctalg_call *c, const struct ctalg_talk *t,
			struct ctalg_call_act *act)
{
	struct ctalg_call_turn x = { .c = c, .t = t, .act = act };
	bool begun;

	memset(act, 0, sizeof(*act));
	act->seconds = CTALG_NO_SECONDS;
	x.from = t->from ? t->from : NAMELESS;
	x.number = t->number == 0xffffffff ? t->number : t->number + 1;
	begun = call_begins(&x);
	turn_parties(&x);
	if (begun && t->status)
		answer_came(&x);
	else if (begun)
		request_came(&x);
	act->over = !c->begun || c->ended;
	if (!act->over)
		act->seconds = call_seconds(c);
}
