// SPDX-License-Identifier: GPL-2.0
#include "judge.h"

static bool malformed(const struct ctalg_proto *proto, u16 reason)
{
	if (reason < CTALG_R_PRIVATE || reason >= CTALG_R_MAX)
		return reason == CTALG_R_MALFORMED;
	return !(proto->unread >> (reason - CTALG_R_PRIVATE) & 1);
}

static bool strict(const struct ctalg_rules *rules, const struct ctalg_subject *s, bool standard,
		   const struct ctalg_image_rule **rule)
{
	*rule = ctalg_rules_match(rules, CTALG_CHAIN_STRICT, s, NULL);
	return *rule ? (*rule)->action == CTALG_ACTION_ON : standard;
}

bool ctalg_judge_is_strict(const struct ctalg_rules *rules, const struct ctalg_subject *s,
			   bool standard)
{
	const struct ctalg_image_rule *rule;

	return strict(rules, s, standard, &rule);
}

void ctalg_judge_refuses(struct ctalg_verdict *v, const struct ctalg_report *r, u16 reason,
			 const struct ctalg_image_rule *rule)
{
	memset(v, 0, sizeof(*v));
	v->action = CTALG_ACTION_DENY;
	v->reason = reason;
	v->rule = rule;
	v->answer.reason = reason;
	v->answer.command = r->command;
}

static void answer_words(struct ctalg_answer *a, const void *image,
			 const struct ctalg_image_rule *rule)
{
	const char *text;
	u32 len, i;

	text = ctalg_image_string(image, rule->arg[1], &len);
	a->code = (u16)rule->arg[0];
	a->len = (u8)min(len, (u32)CTALG_ANSWER_TEXT);
	for (i = 0; i < a->len; i++)
		a->text[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
}

/* A rule of COMMAND, LIMIT or SIZE refuses. */
static void refused_by(struct ctalg_verdict *v, const struct ctalg_rules *rules,
		       const struct ctalg_report *r, u16 reason,
		       const struct ctalg_image_rule *rule)
{
	ctalg_judge_refuses(v, r, reason, rule);
	v->action = rule->action;
	if (rule->action == CTALG_ACTION_DENY)
		answer_words(&v->answer, ctalg_rules_image(rules), rule);
}

static bool refuses_malformed(const struct ctalg_rules *rules, const struct ctalg_proto *proto,
			      const struct ctalg_report *r, const struct ctalg_subject *s,
			      bool standard, struct ctalg_verdict *v)
{
	const struct ctalg_image_rule *rule;

	if (!malformed(proto, r->reason) || !strict(rules, s, standard, &rule))
		return false;
	ctalg_judge_refuses(v, r, CTALG_R_POLICY_MALFORMED, rule);
	return true;
}

/* Servers may see in it something else than we do, and rules look at that. */
static bool is_ambiguous(const struct ctalg_rules *rules, const struct ctalg_report *r)
{
	return (r->user.len && ctalg_rules_looks_at(rules, CTALG_FIELD_USER)) ||
	       (r->object.len && ctalg_rules_looks_at(rules, CTALG_FIELD_OBJECT));
}

static bool refuses_ambiguous(const struct ctalg_rules *rules, const struct ctalg_proto *proto,
			      const struct ctalg_report *r, struct ctalg_verdict *v)
{
	bool unclear = (r->ops & CTALG_OP_AMBIGUOUS) ||
		       (!r->command && malformed(proto, r->reason));

	if (!(unclear && ctalg_rules_refuse(rules)) &&
	    !(malformed(proto, r->reason) && is_ambiguous(rules, r)))
		return false;
	ctalg_judge_refuses(v, r, CTALG_R_POLICY_MALFORMED, NULL);
	return true;
}

static bool refuses_user(const struct ctalg_rules *rules, const struct ctalg_report *r,
			 struct ctalg_verdict *v)
{
	if (r->user.len <= CTALG_JUDGE_USER_MAX || !ctalg_rules_looks_at(rules, CTALG_FIELD_USER))
		return false;
	ctalg_judge_refuses(v, r, CTALG_R_POLICY_USER, NULL);
	return true;
}

static bool refuses_object(const struct ctalg_rules *rules, const struct ctalg_report *r,
			   struct ctalg_verdict *v)
{
	if (r->object.len <= CTALG_JUDGE_OBJECT_MAX ||
	    !ctalg_rules_looks_at(rules, CTALG_FIELD_OBJECT))
		return false;
	ctalg_judge_refuses(v, r, CTALG_R_POLICY_OBJECT, NULL);
	return true;
}

static bool refuses_opaque(const struct ctalg_rules *rules, const struct ctalg_proto *proto,
			   const struct ctalg_report *r, const struct ctalg_subject *s,
			   struct ctalg_verdict *v)
{
	const struct ctalg_image_rule *rule;

	if (r->command >= proto->n_commands ||
	    !(proto->commands[r->command].flags & CTALG_COMMAND_ENCRYPTS))
		return false;
	rule = ctalg_rules_match(rules, CTALG_CHAIN_OPAQUE, s, NULL);
	if (!rule || rule->action != CTALG_ACTION_DENY)
		return false;
	ctalg_judge_refuses(v, r, CTALG_R_POLICY_OPAQUE, rule);
	return true;
}

static bool refuses_command(const struct ctalg_rules *rules, const struct ctalg_report *r,
			    const struct ctalg_subject *s, struct ctalg_verdict *v)
{
	const struct ctalg_image_rule *rule;

	rule = ctalg_rules_match(rules, CTALG_CHAIN_COMMAND, s, NULL);
	v->rule = rule;
	if (!rule || rule->action == CTALG_ACTION_ALLOW)
		return false;
	refused_by(v, rules, r, CTALG_R_POLICY_DENIED, rule);
	return true;
}

/* Does a rule name the command that it holds for? */
static bool names_command(const void *image, const struct ctalg_image_rule *rule)
{
	const struct ctalg_image_criterion *cr;
	u32 i, n;

	cr = ctalg_image_criteria(image, &n);
	for (i = rule->criteria; i < rule->criteria + rule->n_criteria; i++)
		if (cr[i].field == CTALG_FIELD_COMMAND && !cr[i].negate)
			return true;
	return false;
}

/* A request that nobody answers belongs to one that was judged: what holds for all requests is not about it. */
static void judge_told(const struct ctalg_rules *rules, const struct ctalg_report *r,
		       const struct ctalg_subject *s, struct ctalg_verdict *v)
{
	const struct ctalg_image_rule *rule = NULL;

	while ((rule = ctalg_rules_match(rules, CTALG_CHAIN_COMMAND, s, rule)))
		if (names_command(ctalg_rules_image(rules), rule))
			break;
	if (!rule)
		return;
	v->rule = rule;
	if (rule->action != CTALG_ACTION_ALLOW)
		refused_by(v, rules, r, CTALG_R_POLICY_DENIED, rule);
}

/* Returns whether some rule finds the message too long. */
static bool refuses_size(const struct ctalg_rules *rules, const struct ctalg_report *r,
			 const struct ctalg_subject *s, struct ctalg_verdict *v)
{
	const struct ctalg_image_rule *rule = NULL;

	while ((rule = ctalg_rules_match(rules, CTALG_CHAIN_SIZE, s, rule))) {
		if (s->size <= rule->arg[2])
			continue;
		refused_by(v, rules, r, CTALG_R_POLICY_SIZE, rule);
		return true;
	}
	return false;
}

static void judge_limits(const struct ctalg_rules *rules, const struct ctalg_report *r,
			 const struct ctalg_subject *s, const struct ctalg_judge_ops *ops,
			 void *ctx, struct ctalg_verdict *v)
{
	const struct ctalg_image_rule *rule = NULL;
	const struct ctalg_image_limit *limit;
	u32 n;

	if (!ops->within || !ctalg_rules_any(rules, CTALG_CHAIN_LIMIT))
		return;
	limit = ctalg_image_limits(ctalg_rules_image(rules), &n);
	while ((rule = ctalg_rules_match(rules, CTALG_CHAIN_LIMIT, s, rule))) {
		const struct ctalg_image_limit *l = &limit[rule->arg[2]];

		if (ops->within(ctx, l, s))
			continue;
		refused_by(v, rules, r, l->period ? CTALG_R_POLICY_RATE : CTALG_R_POLICY_SESSIONS,
			   rule);
		return;
	}
}

void ctalg_judge_message(const struct ctalg_rules *rules, const struct ctalg_proto *proto,
			 const struct ctalg_report *r, const struct ctalg_subject *s,
			 const struct ctalg_judge_ops *ops, void *ctx, struct ctalg_verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->action = CTALG_ACTION_ALLOW;
	if (refuses_malformed(rules, proto, r, s, ops->strict, v) ||
	    !(r->ops & (CTALG_OP_ASKS | CTALG_OP_AMBIGUOUS | CTALG_OP_TELLS)))
		return;
	if (refuses_ambiguous(rules, proto, r, v))
		return;
	if (r->ops & CTALG_OP_TELLS)
		judge_told(rules, r, s, v);
	if (!(r->ops & CTALG_OP_ASKS))
		return;
	if (refuses_user(rules, r, v) || refuses_object(rules, r, v) ||
	    refuses_opaque(rules, proto, r, s, v) || refuses_command(rules, r, s, v) ||
	    refuses_size(rules, r, s, v))
		return;
	judge_limits(rules, r, s, ops, ctx, v);
}

void ctalg_judge_object(const struct ctalg_message *m, const struct ctalg_report *r,
			u8 number[CTALG_NUMBER_MAX], struct ctalg_subject *s)
{
	const struct ctalg_span at = r->object;
	u32 i, n = 0;
	u8 c;

	if (!at.len || at.off > m->len || at.len > m->len - at.off)
		return;
	s->object = m->data + at.off;
	s->object_len = at.len;
	if (!(r->ops & CTALG_OP_NUMBER))
		return;
	for (i = 0; i < at.len; i++) {
		c = s->object[i];
		if (c == '-' || c == '.' || c == '(' || c == ')')
			continue;
		/* Too long to be dialled: looked at as it is written. */
		if (n == CTALG_NUMBER_MAX)
			return;
		number[n++] = c;
	}
	s->object = number;
	s->object_len = n;
}
