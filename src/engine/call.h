/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls: offer and answer, dialogs and forks (RFC 3261, 3262, 3264, 3311), as far as they say whose
 * media may be open. It sees what each message says of its call and says what becomes of pinholes;
 * it knows neither.
 */
#ifndef CTALG_ENGINE_CALL_H
#define CTALG_ENGINE_CALL_H

#include <ctalg/report.h>

/** define CTALG_CALL_LEGS - most dialogs of one call that are told apart */
#define CTALG_CALL_LEGS 8

/** define CTALG_CALL_RINGS - seconds that an unanswered call lasts after its latest message */
#define CTALG_CALL_RINGS 200
/** define CTALG_CALL_LASTS - seconds that an answered call lasts without media or message */
#define CTALG_CALL_LASTS 3600
/**
 * define CTALG_CALL_LINGERS - seconds that a call lasts whose end was asked for, and one that waits for
 * its caller to say who it is
 */
#define CTALG_CALL_LINGERS 32
/** define CTALG_CALL_GRACE - seconds that a call lasts longer than it says itself (RFC 4028) */
#define CTALG_CALL_GRACE 32
/** define CTALG_CALL_EXPIRES_MIN - less is not believed; it is the least that RFC 4028 allows */
#define CTALG_CALL_EXPIRES_MIN 90
/** define CTALG_CALL_EXPIRES_MAX - nor is more */
#define CTALG_CALL_EXPIRES_MAX 86400

/**
 * struct ctalg_call_offer - the latest offer of a party
 * @round: its number; offers of a call are counted from 1
 * @number: of the transaction that it came in (CSeq), plus 1
 * @reply: of the PRACK that answered it, plus 1
 * @method: enum ctalg_method of the transaction
 * @state: nothing, made, answered, failed
 * @late: it came in an answer
 */
struct ctalg_call_offer {
	u32 round;
	u32 number;
	u32 reply;
	u8 method;
	u8 state;
	bool late;
};

/**
 * struct ctalg_call_leg - a dialog
 * @caller: hash of the tag of who began the call; 0 if the leg is free
 * @callee: of who answered
 * @offer: the caller's and the callee's
 * @asked: the latest request of each that may have made an offer, plus 1
 * @invite: the latest INVITE of each, plus 1
 * @answered: the latest round that offer and answer have been seen of
 * @bye: the latest BYE, plus 1
 * @lasts: seconds that it lasts without media or message
 * @inviting: that INVITE has no final answer yet
 * @offered: that INVITE, or an answer to it, has made an offer
 * @early: it has not been accepted
 * @ending: no, perhaps, or by a BYE that waits for its answer
 * @dead: it is over; so it is known when something of it comes late
 * @undone: the offer of @answered has failed after all
 */
struct ctalg_call_leg {
	u32 caller;
	u32 callee;
	struct ctalg_call_offer offer[2];
	u32 asked[2];
	u32 invite[2];
	u32 answered;
	u32 bye;
	u32 lasts;
	bool inviting[2];
	bool offered[2];
	bool early;
	u8 ending;
	bool dead;
	bool undone;
};

/**
 * struct ctalg_call - a call; zeroed when it begins
 * @legs: its dialogs, oldest first
 * @offer: of the INVITE that began it, for every dialog that comes of it
 * @round: number of the latest offer
 * @caller: who sent that INVITE
 * @number: of it, plus 1
 * @begun: it has begun
 * @ended: and is over
 * @inviting: that INVITE has no final answer yet
 * @challenged: it was asked who it is from, and comes again
 * @cancelled: it was cancelled
 * @several: not all dialogs come of one INVITE's sender
 * @confirmed: some dialog has been accepted
 */
struct ctalg_call {
	struct ctalg_call_leg legs[CTALG_CALL_LEGS];
	struct ctalg_call_offer offer;
	u32 round;
	u32 caller;
	u32 number;
	bool begun;
	bool ended;
	bool inviting;
	bool challenged;
	bool cancelled;
	bool several;
	bool confirmed;
};

/**
 * struct ctalg_call_act - what a message does to its call
 * @party: who sends it
 * @other: to whom; 0: to whoever answers
 * @round: the offer that it makes, repeats or answers
 * @opens: the media that it names are opened for @party, as named in @round, or later if they have
 *	been already
 * @settles: offer and answer agree: pinholes of both that no message has named in @round close; so do
 *	those of lines that this message refuses, and RTCP that it says is multiplexed
 * @reverts: the offer has failed: pinholes that were first opened in @round close, and no others
 * @alone: the others' early dialogs are over: pinholes of everybody but @party and @other close
 * @gone: whose pinholes close, because no dialog of theirs is left; 0: nobody's
 * @over: the call is over: all close
 * @seconds: it is over after so long without media or message; CTALG_NO_SECONDS: as before
 *
 * They are done in this order. What is said to a call that is over, or that nothing has begun, is
 * answered with @over again; the call may be forgotten then.
 */
struct ctalg_call_act {
	u32 party;
	u32 other;
	u32 round;
	bool opens;
	bool settles;
	bool reverts;
	bool alone;
	u32 gone[2];
	bool over;
	u32 seconds;
};

/**
 * ctalg_call_message() - a message of a call
 * @c: the call
 * @t: what the message says; of kind CTALG_TALK_CALL
 * @act: receives what becomes of the pinholes
 *
 * Any message may be repeated, come late, or out of order. A call begins with an INVITE, or with an
 * UPDATE of a dialog that began unseen; nothing else opens media of an unknown call, or of one that is over.
 */
void ctalg_call_message(struct ctalg_call *c, const struct ctalg_talk *t,
			struct ctalg_call_act *act);

#endif /* CTALG_ENGINE_CALL_H */
