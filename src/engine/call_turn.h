/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of calls share: a message at work, dialogs, offers. */
#ifndef CTALG_ENGINE_CALL_TURN_H
#define CTALG_ENGINE_CALL_TURN_H

#include "call.h"

enum {
	CTALG_CALL_OFFER_NONE,
	CTALG_CALL_OFFER_MADE,
	CTALG_CALL_OFFER_ANSWERED,
	CTALG_CALL_OFFER_FAILED,
};

enum {
	CTALG_CALL_ENDING_NOT,
	CTALG_CALL_ENDING_PERHAPS,
	CTALG_CALL_ENDING_BYE,
};

/*
 * A message at work. @from began the transaction and is side @side of @leg; @number is that of the
 * transaction plus 1, so that 0 is none.
 */
struct ctalg_call_turn {
	struct ctalg_call *c;
	const struct ctalg_talk *t;
	struct ctalg_call_act *act;
	struct ctalg_call_leg *leg;
	u32 from;
	u32 to;
	u32 number;
	unsigned int side;
};

static inline bool ctalg_call_leg_lives(const struct ctalg_call_leg *leg)
{
	return leg->caller && !leg->dead;
}

/* NULL if there is none; whoever of the two began it. */
struct ctalg_call_leg *ctalg_call_leg_find(struct ctalg_call *c, u32 from, u32 to);

/* How many dialogs of @party live, or of anybody if it is 0. */
unsigned int ctalg_call_legs_living(const struct ctalg_call *c, u32 party);

/* Is there another that lives and has been accepted? */
bool ctalg_call_accepted_but(const struct ctalg_call *c, const struct ctalg_call_leg *but);

/* If no dialog of @party is left its pinholes close. */
void ctalg_call_party_gone(struct ctalg_call_turn *x, u32 party);

/* It is over, but known when something of it comes late. */
void ctalg_call_leg_end(struct ctalg_call_turn *x, struct ctalg_call_leg *leg);

/* It is forgotten. The legs behind it move up: pointers to any are void then. */
void ctalg_call_leg_remove(struct ctalg_call_turn *x, unsigned int i);

/* A dialog begins, and if there are too many another is forgotten. */
void ctalg_call_leg_new(struct ctalg_call_turn *x, bool early);

/* The media that the message names are open. */
void ctalg_call_opens(struct ctalg_call_turn *x, u32 round);

/* The message makes an offer. */
void ctalg_call_offer_make(struct ctalg_call_turn *x, struct ctalg_call_offer *o);

/* Did it come in this transaction: in the request, or late, in the answer? */
bool ctalg_call_offer_is_of(const struct ctalg_call_turn *x, const struct ctalg_call_offer *o,
			    bool late);

/* It has not failed, and nothing newer has been agreed on. */
bool ctalg_call_offer_counts(const struct ctalg_call_turn *x, const struct ctalg_call_offer *o);

/* The same offer again. Once it is answered it comes late, and may name what the answer has refused. */
void ctalg_call_offer_repeated(struct ctalg_call_turn *x, const struct ctalg_call_offer *o);

/*
 * What went before an agreement is closed, unless an INVITE that may still fail would bring it back
 * (RFC 6141), or one of the two has it in another dialog.
 */
void ctalg_call_agreed(struct ctalg_call_turn *x);

/* The message answers it. @first: its transaction had no final answer before. */
void ctalg_call_offer_answered(struct ctalg_call_turn *x, struct ctalg_call_offer *o, bool first);

/* Its transaction has failed. */
void ctalg_call_offer_failed(struct ctalg_call_turn *x, struct ctalg_call_offer *o);

#endif /* CTALG_ENGINE_CALL_TURN_H */
