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
/** define CTALG_CALL_LINGERS - seconds that a call whose end was asked for lasts without an answer */
#define CTALG_CALL_LINGERS 32

/**
 * struct ctalg_call_leg - a dialog
 * @caller: hash of the tag of who began the call; 0 if the leg is free
 * @callee: of who answered
 * @early: it has not been accepted
 */
struct ctalg_call_leg {
	u32 caller;
	u32 callee;
	bool early;
};

/**
 * struct ctalg_call - a call; zeroed when it begins
 * @legs: its dialogs
 * @round: number of the latest offer
 * @offerer: whose that is, while it waits for its answer
 * @number: of the transaction that it came in
 * @method: enum ctalg_method of that
 * @answered: it has been answered by a message that may be repeated
 * @confirmed: some dialog has been accepted
 *
 * The rest is for call.c to add.
 */
struct ctalg_call {
	struct ctalg_call_leg legs[CTALG_CALL_LEGS];
	u32 round;
	u32 offerer;
	u32 number;
	u8 method;
	bool answered;
	bool confirmed;
};

/**
 * struct ctalg_call_act - what a message does to its call
 * @party: who sends it
 * @other: to whom; 0: to whoever answers
 * @round: the offer that it makes, repeats or answers
 * @opens: the media that it names are opened for @party, as named in @round
 * @settles: offer and answer agree: pinholes of both that no message has named in @round close; so do
 *	those of lines that this message refuses, and RTCP that it says is multiplexed
 * @reverts: the offer has failed: pinholes that were first opened in @round close, and no others
 * @alone: the others' early dialogs are over: pinholes of everybody but @party and @other close
 * @gone: whose pinholes close, because no dialog of theirs is left; 0: nobody's
 * @over: the call is over: all close
 * @seconds: it is over after so long without media or message; CTALG_NO_SECONDS: as before
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
 * Any message may be repeated, come late, or out of order; one that fits nowhere does nothing, but an
 * offer or answer in it is opened.
 */
void ctalg_call_message(struct ctalg_call *c, const struct ctalg_talk *t,
			struct ctalg_call_act *act);

#endif /* CTALG_ENGINE_CALL_H */
