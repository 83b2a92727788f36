/* SPDX-License-Identifier: GPL-2.0 */
/* Policy, as src/core/message.c has it at work: what explain_message.c asks while it deals with one message. */
#ifndef EXPLAIN_POLICE_H
#define EXPLAIN_POLICE_H

#include "../../src/engine/police.h"

#include "explain.h"

/**
 * struct policing - what policy has to do with one message
 * @known: what limits have said of it, if it is repeated
 * @said: what they say of it, if it is not
 * @ruling: what it says
 */
struct policing {
	struct explain *e;
	struct explain_flow *f;
	const struct ctalg_message *m;
	const struct ctalg_report *r;
	const struct ctalg_repeat *known;
	struct ctalg_repeat said;
	struct ctalg_police po;
	struct ctalg_subject s;
	u8 number[CTALG_NUMBER_MAX];
	struct ruling ruling;
};

/* @before: the protocol's state before the message, CTALG_PROTO_STATE bytes. */
void policing_begin(struct policing *pg, struct explain *e, struct explain_flow *f,
		    const struct ctalg_message *m, const struct ctalg_report *r,
		    const void *before);
/* May it go on? */
bool policing_allows(struct policing *pg, const struct ctalg_message *m, struct ctalg_edits *edits);
/* Inside addresses, if it may not tell any. @refused: it goes on with what it names. */
bool policing_hides(struct policing *pg, const struct ctalg_view *v, const struct ctalg_message *m,
		    bool refused, struct ctalg_edits *edits);
/* The rule of a chain that holds for the message, or NULL. */
const struct ctalg_image_rule *policing_rule(const struct policing *pg, u8 chain);

#endif /* EXPLAIN_POLICE_H */
