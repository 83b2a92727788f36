/* SPDX-License-Identifier: GPL-2.0 */
/* What policy says of a message: the rules of all chains that concern one, in their order. */
#ifndef CTALG_ENGINE_JUDGE_H
#define CTALG_ENGINE_JUDGE_H

#include "policy.h"

/**
 * struct ctalg_verdict - what becomes of a message
 * @action: CTALG_ACTION_ALLOW, _DENY, _DROP or _RESET
 * @reason: why, enum ctalg_reason; CTALG_R_NONE if it goes on
 * @rule: which rule says so, or NULL: no rule does, or a setting of the helper
 * @answer: what its sender is told; set for CTALG_ACTION_DENY
 */
struct ctalg_verdict {
	u8 action;
	u16 reason;
	const struct ctalg_image_rule *rule;
	struct ctalg_answer answer;
};

/**
 * struct ctalg_judge_ops - what the judge asks of whoever keeps count
 * @within: a request is about to go on that a limit counts: is it within it? It counts from
 *	then on. May be NULL: it always is
 * @strict: what the helper's own setting says, where no rule of CTALG_CHAIN_STRICT does
 */
struct ctalg_judge_ops {
	bool (*within)(void *ctx, const struct ctalg_image_limit *limit,
		       const struct ctalg_subject *s);
	bool strict;
};

/**
 * ctalg_judge_message() - may a message go on
 * @rules: the rules, or NULL
 * @proto: the protocol
 * @r: what the parser found
 * @s: who and what; its command, and its object are those of @r
 * @ops: who keeps count
 * @ctx: handed to it
 * @v: the verdict
 *
 * Looked at in this order: what is malformed, if that is refused (strict). Of a request: one so
 * malformed that a server may see another command, user or object in it, where rules look at
 * such; users too long to be judged by rules that look at users; encryption; commands; sizes; limits.
 * Of a message that is no request only the first is looked at; of a request that nobody answers
 * (CTALG_OP_TELLS), besides, the rules over commands that name its command.
 */
void ctalg_judge_message(const struct ctalg_rules *rules, const struct ctalg_proto *proto,
			 const struct ctalg_report *r, const struct ctalg_subject *s,
			 const struct ctalg_judge_ops *ops, void *ctx, struct ctalg_verdict *v);

/**
 * ctalg_judge_is_strict() - is what can't be read refused
 * @rules: the rules, or NULL
 * @s: who
 * @standard: what the helper's own setting says
 *
 * Return: true if it is.
 */
bool ctalg_judge_is_strict(const struct ctalg_rules *rules, const struct ctalg_subject *s,
			   bool standard);

/**
 * ctalg_judge_refuses() - a verdict over a reason that is found later than by the rules
 * @v: becomes CTALG_ACTION_DENY
 * @r: what the parser found
 * @reason: why, enum ctalg_reason
 * @rule: which rule says so, or NULL
 */
void ctalg_judge_refuses(struct ctalg_verdict *v, const struct ctalg_report *r, u16 reason,
			 const struct ctalg_image_rule *rule);

/**
 * ctalg_judge_object() - what a request is about, as rules look at it
 * @m: the request
 * @r: what the parser found
 * @number: room for a telephone number
 * @s: receives the object: as it stands in @m, or of a number what is dialled, in @number
 */
void ctalg_judge_object(const struct ctalg_message *m, const struct ctalg_report *r,
			u8 number[CTALG_NUMBER_MAX], struct ctalg_subject *s);

/** define CTALG_JUDGE_USER_MAX - users longer than this cannot be told apart */
#define CTALG_JUDGE_USER_MAX 63

/** define CTALG_JUDGE_OBJECT_MAX - objects longer than this would cost too much to judge */
#define CTALG_JUDGE_OBJECT_MAX 1024

#endif /* CTALG_ENGINE_JUDGE_H */
