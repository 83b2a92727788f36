/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy at work on the messages of one flow: what is refused is replaced, by something
 * harmless or by an answer, and both sides go on.
 *
 * For each message, in this order: ctalg_police_message() when it has been parsed; if it goes
 * on, the plan; ctalg_police_hide(); if it still goes on, ctalg_police_passed().
 */
#ifndef CTALG_ENGINE_POLICE_H
#define CTALG_ENGINE_POLICE_H

#include "hide.h"
#include "judge.h"
#include "refuse.h"

/**
 * struct ctalg_police - who enforces what on a flow
 * @rules: the rules, or NULL
 * @proto: the protocol
 * @state: its state for the flow, after the message
 * @before: and before it, CTALG_PROTO_STATE bytes
 * @refusals: the flow's; NULL for datagrams
 * @spare: a report to work with; streams
 * @mem: where memory comes from
 * @ops: who keeps count of limits
 * @ctx: handed to it
 * @seen: where messages come from, as the one who would answer them has it
 * @seen_port: its port, host order
 */
struct ctalg_police {
	const struct ctalg_rules *rules;
	const struct ctalg_proto *proto;
	void *state;
	const void *before;
	struct ctalg_refusals *refusals;
	struct ctalg_report *spare;
	const struct ctalg_memory *mem;
	struct ctalg_judge_ops ops;
	void *ctx;
	struct ctalg_addr seen;
	u16 seen_port;
};

/**
 * ctalg_police_message() - may a message go on
 * @po: who asks
 * @m: the message
 * @r: what the parser found
 * @s: who and what; its size is that of @m
 * @e: the empty edits of the message; if it goes on, answers may go in front of it that wait
 * @v: why not
 *
 * Return: CTALG_ACTION_ALLOW; CTALG_ACTION_DENY: of a stream, @e has what goes on instead;
 * of datagrams, it is dropped and @v->answer goes back; CTALG_ACTION_DROP; CTALG_ACTION_RESET.
 */
u8 ctalg_police_message(const struct ctalg_police *po, const struct ctalg_message *m,
			const struct ctalg_report *r, const struct ctalg_subject *s,
			struct ctalg_edits *e, struct ctalg_verdict *v);

/**
 * ctalg_police_hide() - leave no inside address in a message that goes out
 * @po: who asks
 * @h: what is to be hidden
 * @m: the message, which comes from inside
 * @r: what the parser found
 * @refused: the plan has refused it, so that what it names stands there as it was
 * @e: the message's edits so far; receives more
 * @v: CTALG_R_POLICY_HIDDEN if something was hidden, else why it may not go on
 *
 * What the message names as a user or an object is not looked at, unless it comes back. One that
 * would grow beyond what @e allows may not go on.
 *
 * Return: as ctalg_police_message().
 */
u8 ctalg_police_hide(const struct ctalg_police *po, const struct ctalg_hide *h,
		     const struct ctalg_message *m, const struct ctalg_report *r, bool refused,
		     struct ctalg_edits *e, struct ctalg_verdict *v);

/**
 * ctalg_police_resolve() - put back what was hidden in what a message now brings back
 * @al: who has made the names
 * @m: the message, which goes inside
 * @r: what the parser found
 * @e: the message's edits so far; receives more
 *
 * Return: CTALG_R_NONE; CTALG_R_LIMIT_EDITS: the message goes on with the names in it.
 */
unsigned int ctalg_police_resolve(const struct ctalg_alias *al, const struct ctalg_message *m,
				  const struct ctalg_report *r, struct ctalg_edits *e);

/**
 * ctalg_police_passed() - a message goes on
 * @po: who asks
 * @m: the message
 * @r: what the parser found
 */
void ctalg_police_passed(const struct ctalg_police *po, const struct ctalg_message *m,
			 const struct ctalg_report *r);

#endif /* CTALG_ENGINE_POLICE_H */
