/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A naive obeyer of calls: a list of pinholes, and messages written as one writes them down.
 *
 *	A INVITE 1 a1		A, who knows no To-tag yet, sends an INVITE with CSeq 1 that describes media a1
 *	B-A 183 INVITE 1 b1	B answers A's
 *	A-B ACK 1		A acknowledges it to B
 *	A-B UPDATE 2 a1 -	a1 again, and a second line that is refused
 *	B-A 200 INVITE 1 expires=90
 *	A-? INVITE 1		? is somebody without a tag
 */
#ifndef CTALG_TESTS_CALL_MODEL_H
#define CTALG_TESTS_CALL_MODEL_H

#include "src/engine/call.h"

enum { CALL_HOLES = 256, CALL_LINES = 8, CALL_TEXT = 1024 };

struct call_hole {
	u32 party;
	u32 line;
	u32 first;
	u32 latest;
	char name[8];
};

struct call_model {
	struct ctalg_call call;
	struct ctalg_call_act act;
	struct call_hole hole[CALL_HOLES];
	u32 n;
	/* What becomes of a call that is over: it is zeroed. */
	bool forgets;
	/* Some rule of the contract that acts follow was broken. */
	const char *broken;
	char open[CALL_TEXT];
};

/* Does what the message asks for; then @open names what is open, sorted. */
void call_model_hear(struct call_model *m, const char *says);

#endif /* CTALG_TESTS_CALL_MODEL_H */
