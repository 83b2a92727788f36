// SPDX-License-Identifier: GPL-2.0
#include "call.h"

/* Who has no tag, as before RFC 3261, is called so. */
#define NAMELESS 1u

enum {
	OFFER_NONE,
	OFFER_MADE,
	OFFER_ANSWERED,
	OFFER_FAILED,
};

enum {
	ENDING_NOT,
	ENDING_PERHAPS,
	ENDING_BYE,
};

/*
 * A message at work. @from began the transaction and is side @side of @leg; @number is that of the
 * transaction plus 1, so that 0 is none.
 */
struct turn {
	struct ctalg_call *c;
	const struct ctalg_talk *t;
	struct ctalg_call_act *act;
	struct ctalg_call_leg *leg;
	u32 from;
	u32 to;
	u32 number;
	unsigned int side;
};

static bool challenges(const struct ctalg_talk *t)
{
	return t->status == 401 || t->status == 407;
}

static bool leg_lives(const struct ctalg_call_leg *leg)
{
	return leg->caller && !leg->dead;
}

static bool leg_has(const struct ctalg_call_leg *leg, u32 party)
{
	return leg->caller == party || leg->callee == party;
}

static struct ctalg_call_leg *leg_find(struct ctalg_call *c, u32 from, u32 to)
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

/* Dialogs of @party that live, or of anybody if it is 0. */
static unsigned int legs_living(const struct ctalg_call *c, u32 party)
{
	unsigned int i, n = 0;

	for (i = 0; i < CTALG_CALL_LEGS; i++) {
		const struct ctalg_call_leg *leg = &c->legs[i];

		n += leg_lives(leg) && (!party || leg_has(leg, party));
	}
	return n;
}

static bool legs_accepted_but(const struct ctalg_call *c, const struct ctalg_call_leg *but)
{
	unsigned int i;

	for (i = 0; i < CTALG_CALL_LEGS; i++) {
		const struct ctalg_call_leg *leg = &c->legs[i];

		if (leg != but && leg_lives(leg) && !leg->early)
			return true;
	}
	return false;
}

static void party_gone(struct turn *x, u32 party)
{
	u32 *gone = x->act->gone;

	if (legs_living(x->c, party) || (x->c->inviting && x->c->caller == party))
		return;
	if (gone[0] == party)
		return;
	if (!gone[0])
		gone[0] = party;
	else if (!gone[1])
		gone[1] = party;
}

static void call_over_without_legs(struct turn *x)
{
	if (!x->c->inviting && !legs_living(x->c, 0))
		x->c->ended = true;
}

static void leg_end(struct turn *x, struct ctalg_call_leg *leg)
{
	leg->dead = true;
	party_gone(x, leg->callee);
	party_gone(x, leg->caller);
}

static void leg_remove(struct turn *x, unsigned int i)
{
	struct ctalg_call_leg *legs = x->c->legs, old = legs[i];

	memmove(&legs[i], &legs[i + 1], (CTALG_CALL_LEGS - 1 - i) * sizeof(old));
	memset(&legs[CTALG_CALL_LEGS - 1], 0, sizeof(old));
	if (old.dead)
		return;
	party_gone(x, old.callee);
	party_gone(x, old.caller);
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

static struct ctalg_call_leg *leg_room(struct turn *x)
{
	unsigned int i;

	for (i = 0; i < CTALG_CALL_LEGS; i++)
		if (!x->c->legs[i].caller)
			return &x->c->legs[i];
	leg_remove(x, leg_to_forget(x->c));
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

static void leg_new(struct turn *x, bool early)
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

static void opens(struct turn *x, u32 round)
{
	x->act->opens = true;
	x->act->round = round;
}

static void offer_make(struct turn *x, struct ctalg_call_offer *o)
{
	memset(o, 0, sizeof(*o));
	o->round = ++x->c->round;
	o->number = x->number;
	o->method = x->t->method;
	o->state = OFFER_MADE;
	o->late = x->t->status != 0;
	opens(x, o->round);
}

/* It came in this transaction: in the request, or late, in the answer. */
static bool offer_is_of(const struct turn *x, const struct ctalg_call_offer *o, bool late)
{
	return o->state != OFFER_NONE && o->number == x->number && o->method == x->t->method &&
	       o->late == late;
}

/* It has not failed, and nothing newer has been agreed on. */
static bool offer_counts(const struct turn *x, const struct ctalg_call_offer *o)
{
	return o->state != OFFER_FAILED && o->round >= x->leg->answered;
}

/* Once it is answered it comes late, and may name what the answer has refused. */
static void offer_repeated(struct turn *x, const struct ctalg_call_offer *o)
{
	if (offer_counts(x, o) && o->state == OFFER_MADE)
		opens(x, o->round);
}

/*
 * What went before an agreement is closed, unless an INVITE that may still fail would bring it back
 * (RFC 6141), or one of the two has it in another dialog.
 */
static void agreed(struct turn *x)
{
	const struct ctalg_call_leg *leg = x->leg;

	if (!leg->answered || leg->undone || leg->inviting[0] || leg->inviting[1])
		return;
	if (legs_living(x->c, leg->caller) > 1 || legs_living(x->c, leg->callee) > 1)
		return;
	x->act->settles = true;
	x->act->round = leg->answered;
}

/* @first: its transaction had no final answer before. */
static void offer_answered(struct turn *x, struct ctalg_call_offer *o, bool first)
{
	bool fresh = first || o->state == OFFER_MADE;

	if (!offer_counts(x, o))
		return;
	o->state = OFFER_ANSWERED;
	x->leg->answered = o->round;
	x->leg->undone = false;
	opens(x, o->round);
	if (fresh)
		agreed(x);
}

static void offer_failed(struct turn *x, struct ctalg_call_offer *o)
{
	o->state = OFFER_FAILED;
	x->act->reverts = true;
	x->act->round = o->round;
	if (x->leg->answered == o->round)
		x->leg->undone = true;
}

/* It is the first, or one of which dialogs have come although another party's has come since; or older. */
static bool invite_known(const struct turn *x)
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
static void invite_first(struct turn *x)
{
	struct ctalg_call *c = x->c;

	if (c->caller == x->from && x->number <= c->number) {
		if (x->number == c->number && x->t->describes && c->inviting && c->offer.round)
			opens(x, c->offer.round);
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
		offer_make(x, &c->offer);
}

/* A PRACK answers an offer that a provisional answer made; else it may make one. */
static bool prack_answers(struct turn *x)
{
	struct ctalg_call_offer *o = &x->leg->offer[!x->side];

	if (x->t->method != CTALG_METHOD_PRACK || !o->late)
		return false;
	if (o->state == OFFER_MADE)
		o->reply = x->number;
	if (o->reply != x->number)
		return false;
	offer_answered(x, o, false);
	return true;
}

/* INVITE, UPDATE and PRACK in a dialog. */
static void dialog_asks(struct turn *x)
{
	bool invites = x->t->method == CTALG_METHOD_INVITE, fresh;
	struct ctalg_call_leg *leg;

	if (!x->leg)
		leg_new(x, x->c->inviting && !invites);
	leg = x->leg;
	if (leg->dead || x->number < leg->asked[x->side])
		return;
	fresh = x->number > leg->asked[x->side];
	if (invites && fresh) {
		leg->invite[x->side] = x->number;
		leg->inviting[x->side] = true;
		leg->asked[x->side] = x->number;
	}
	if (!x->t->describes || prack_answers(x))
		return;
	leg->asked[x->side] = x->number;
	if (fresh)
		offer_make(x, &leg->offer[x->side]);
	else if (offer_is_of(x, &leg->offer[x->side], false))
		offer_repeated(x, &leg->offer[x->side]);
}

/* It answers an offer that the answer to the INVITE made. */
static void ack_came(struct turn *x)
{
	struct ctalg_call_offer *o;

	if (!x->leg || x->leg->dead || !x->t->describes)
		return;
	o = &x->leg->offer[!x->side];
	if (o->late && o->number == x->number)
		offer_answered(x, o, false);
}

/*
 * Media stay open until the BYE is answered: it may be lost, or challenged, or refused because it is
 * not from whom it says.
 */
static void bye_came(struct turn *x)
{
	if (!x->leg || x->leg->dead)
		return;
	x->leg->ending = ENDING_BYE;
	x->leg->bye = x->number;
}

static void bye_answered(struct turn *x)
{
	u16 status = x->t->status;

	if (challenges(x->t)) {
		if (x->leg && x->leg->bye == x->number)
			x->leg->ending = ENDING_NOT;
		return;
	}
	if (status < 200 || (status >= 300 && status != 408 && status != 481))
		return;
	if (x->leg) {
		leg_end(x, x->leg);
	} else {
		party_gone(x, x->from);
		party_gone(x, x->to);
	}
	call_over_without_legs(x);
}

static void expires_told(struct turn *x)
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
static bool invite_leg(struct turn *x)
{
	const struct ctalg_call *c = x->c;

	if (x->leg)
		return !x->leg->dead && x->number >= x->leg->invite[x->side];
	/* Once one has accepted, another that only rings comes too late. */
	if (x->from == c->caller && (x->number < c->number || (x->t->status < 200 && !c->inviting)))
		return false;
	leg_new(x, true);
	if (x->from == c->caller && x->number == c->number)
		x->leg->offer[0] = c->offer;
	x->leg->asked[0] = x->number;
	x->leg->invite[0] = x->number;
	x->leg->inviting[0] = true;
	return true;
}

/* @first: its INVITE had no final answer before. */
static void invite_describes(struct turn *x, bool first)
{
	struct ctalg_call_offer *asker = &x->leg->offer[x->side];
	struct ctalg_call_offer *answerer = &x->leg->offer[!x->side];

	if (offer_is_of(x, asker, false)) {
		/* It may repeat what was answered before an UPDATE; that is still so. */
		if (first && asker->state != OFFER_FAILED && asker->round < x->leg->answered)
			asker->round = x->leg->answered;
		offer_answered(x, asker, first);
	} else if (offer_is_of(x, answerer, true)) {
		if (first && offer_counts(x, answerer))
			opens(x, answerer->round);
		else
			offer_repeated(x, answerer);
	} else if (first) {
		offer_make(x, answerer);
	}
}

static void invite_rings(struct turn *x)
{
	if (invite_leg(x) && x->t->describes)
		invite_describes(x, x->leg->inviting[x->side]);
}

/* Of the forks of an INVITE one has accepted: those that only ring are over. */
static void early_legs_over(struct turn *x)
{
	u32 from = x->leg->caller, to = x->leg->callee;
	unsigned int i = 0;

	while (i < CTALG_CALL_LEGS) {
		const struct ctalg_call_leg *leg = &x->c->legs[i];

		if (leg_lives(leg) && leg->early && leg->caller == from)
			leg_remove(x, i);
		else
			i++;
	}
	x->leg = leg_find(x->c, from, to);
}

static void leg_accepted(struct turn *x)
{
	struct ctalg_call *c = x->c;
	bool only = !legs_accepted_but(c, x->leg);

	x->leg->early = false;
	c->confirmed = true;
	if (x->from == c->caller && x->number == c->number)
		c->inviting = false;
	if (!only)
		return;
	early_legs_over(x);
	x->act->alone = !c->several;
}

static void invite_accepted(struct turn *x)
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
		if (x->leg->ending == ENDING_PERHAPS)
			x->leg->ending = ENDING_NOT;
	}
	if (x->t->describes)
		invite_describes(x, first);
	else if (first)
		agreed(x);
}

/* RFC 3261, 12.2.1.2: the other side knows nothing of it, or says nothing; the latter may be a proxy's word. */
static void dialog_doubted(struct turn *x)
{
	if (x->t->status == 481) {
		leg_end(x, x->leg);
		call_over_without_legs(x);
	} else if (x->t->status == 408 && !x->leg->ending) {
		x->leg->ending = ENDING_PERHAPS;
	}
}

static void invite_again_refused(struct turn *x)
{
	struct ctalg_call_leg *leg = x->leg;

	if (!leg->inviting[x->side] || leg->invite[x->side] != x->number)
		return;
	leg->inviting[x->side] = false;
	if (offer_is_of(x, &leg->offer[x->side], false))
		offer_failed(x, &leg->offer[x->side]);
	else if (offer_is_of(x, &leg->offer[!x->side], true))
		offer_failed(x, &leg->offer[!x->side]);
	dialog_doubted(x);
}

static void invite_refused(struct turn *x)
{
	struct ctalg_call_leg *leg = x->leg;
	struct ctalg_call *c = x->c;

	if (leg && leg_lives(leg) && !leg->early) {
		invite_again_refused(x);
		if (leg_lives(leg))
			return;
	}
	if (leg && leg_lives(leg) && leg->invite[x->side] == x->number)
		leg_end(x, leg);
	if (x->from != c->caller || x->number != c->number) {
		call_over_without_legs(x);
		return;
	}
	if (challenges(x->t)) {
		c->challenged = true;
	} else if (!legs_living(c, 0)) {
		c->inviting = false;
		c->ended = true;
	}
}

/* UPDATE and PRACK. */
static void dialog_answered(struct turn *x)
{
	bool update = x->t->method == CTALG_METHOD_UPDATE;
	struct ctalg_call_offer *o;

	if (!x->leg || x->leg->dead || x->t->status < 200)
		return;
	o = &x->leg->offer[x->side];
	if (x->t->status >= 300) {
		if (offer_is_of(x, o, false) && o->state == OFFER_MADE)
			offer_failed(x, o);
		if (update)
			dialog_doubted(x);
		return;
	}
	if (update && x->number >= x->leg->asked[x->side]) {
		expires_told(x);
		if (x->leg->ending == ENDING_PERHAPS)
			x->leg->ending = ENDING_NOT;
	}
	if (x->t->describes && offer_is_of(x, o, false))
		offer_answered(x, o, false);
}

static void request_came(struct turn *x)
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

static void answer_came(struct turn *x)
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
static bool call_begins(struct turn *x)
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
		if (!leg_lives(&c->legs[i]))
			continue;
		s = leg_seconds(c, &c->legs[i]);
		if (s > seconds)
			seconds = s;
	}
	return seconds;
}

static void turn_parties(struct turn *x)
{
	const struct ctalg_talk *t = x->t;

	x->to = t->to;
	if (!x->to && (t->status > 100 || leg_find(x->c, x->from, NAMELESS)))
		x->to = NAMELESS;
	x->leg = x->to ? leg_find(x->c, x->from, x->to) : NULL;
	x->side = x->leg && x->leg->caller != x->from;
	x->act->party = t->status ? x->to : x->from;
	x->act->other = t->status ? x->from : x->to;
}

void ctalg_call_message(struct ctalg_call *c, const struct ctalg_talk *t,
			struct ctalg_call_act *act)
{
	struct turn x = { .c = c, .t = t, .act = act };
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
