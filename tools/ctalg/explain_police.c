// SPDX-License-Identifier: GPL-2.0
/*
 * Policy at work, as src/core/policy.c and message.c have it. What only the kernel knows of a
 * flow, its mark and its zone, are zero here.
 */
#include "explain_police.h"
#include "tool.h"

void rules_compile(struct explain *e)
{
	struct ctalg_policy_error err = {};
	const struct service *s;

	e->inside = CTALG_IMAGE_ANY;
	if (!e->set.image)
		return;
	e->inside = ctalg_image_set_find(e->set.image, "inside");
	for (s = services; s->proto; s++) {
		e->rules[s - services] =
			ctalg_rules_compile(e->set.image, s->proto, &explain_memory, &err);
		if (!e->rules[s - services])
			fail("line %u of the policy cannot be used for %s: %s", err.line, s->name,
			     err.what ? err.what : "there is not enough memory");
	}
}

void rules_free(struct explain *e)
{
	const struct service *s;

	for (s = services; s->proto; s++)
		ctalg_rules_free(e->rules[s - services], &explain_memory);
}

static const struct ctalg_rules *rules_of(const struct explain *e, const struct explain_flow *f)
{
	return e->rules[f->served - services];
}

static bool is_inside(const struct explain *e, const struct ctalg_addr *a)
{
	return e->inside != CTALG_IMAGE_ANY && ctalg_image_set_has(e->set.image, e->inside, a);
}

static bool is_translated(const struct explain *e, const struct explain_flow *f, u8 dir)
{
	struct ctalg_view v;

	view_of(&e->set, f, dir, &v);
	return !ctalg_addr_eq(&v.self, &v.self_out) ||
	       (view_is_outside(&e->set, f) && addr_is_outside(&e->set, &v.self));
}

/* Inside is the side whose address NAT translates; with neither or both the set tells. */
static u8 inside_of(const struct explain *e, const struct explain_flow *f)
{
	bool orig = is_translated(e, f, CTALG_DIR_ORIG),
	     reply = is_translated(e, f, CTALG_DIR_REPLY);

	if (orig != reply)
		return orig ? CTALG_DIR_ORIG : CTALG_DIR_REPLY;
	return !is_inside(e, &f->at.src.addr) && is_inside(e, &f->at.dst.addr) ? CTALG_DIR_REPLY
									       : CTALG_DIR_ORIG;
}

static void subject_of(const struct explain *e, const struct explain_flow *f,
		       struct ctalg_subject *s)
{
	bool reply = inside_of(e, f) == CTALG_DIR_REPLY;

	memset(s, 0, sizeof(*s));
	s->inside = reply ? f->at.dst.addr : f->at.src.addr;
	s->outside = reply ? f->at.src.addr : f->at.dst.addr;
	s->user = f->login_len ? f->login : f->user;
	s->user_len = f->login_len ? f->login_len : f->user_len;
}

bool policy_is_strict(const struct explain *e, const struct explain_flow *f)
{
	struct ctalg_subject s;

	subject_of(e, f, &s);
	return ctalg_judge_is_strict(rules_of(e, f), &s, e->set.policy & CTALG_POLICY_STRICT);
}

bool policy_must_read(const struct explain *e, const struct explain_flow *f)
{
	const struct ctalg_rules *rules = rules_of(e, f);

	return ctalg_rules_any(rules, CTALG_CHAIN_COMMAND) ||
	       ctalg_rules_any(rules, CTALG_CHAIN_LIMIT) ||
	       ctalg_rules_any(rules, CTALG_CHAIN_SIZE) ||
	       ctalg_rules_any(rules, CTALG_CHAIN_HIDE) || policy_is_strict(e, f);
}

/* FNV-1a: the kernel's names and sums cannot be known, and nobody gets these. */
static u64 seal(void *ctx, const u8 *data, u32 len)
{
	u64 hash = 14695981039346656037ULL;
	u32 i;

	(void)ctx;
	for (i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 1099511628211ULL;
	return hash;
}

static u32 seconds_of(const struct explain *e)
{
	return (u32)(e->now / EXPLAIN_SECOND);
}

static void look_up(struct policing *pg)
{
	u32 now = seconds_of(pg->e);

	pg->said.sum = (seal(NULL, pg->m->data, pg->m->len) ^ pg->m->dir) ?: 1;
	pg->said.until = now + pg->po.proto->repeats;
	pg->known = ctalg_repeats_find(&pg->f->repeats, pg->said.sum, now);
}

static bool within(void *ctx, const struct ctalg_image_limit *limit, const struct ctalg_subject *s)
{
	struct policing *pg = ctx;
	u32 n;
	u16 which = (u16)(limit - ctalg_image_limits(pg->e->set.image, &n));

	if (!pg->po.refusals && pg->po.proto->repeats && !pg->said.sum)
		look_up(pg);
	if (pg->known)
		return !pg->known->over || pg->known->limit != which;
	if (meter_within(pg->e, pg->f, limit, s))
		return true;
	pg->said.over = true;
	pg->said.limit = which;
	return false;
}

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

void policing_begin(struct policing *pg, struct explain *e, struct explain_flow *f,
		    const struct ctalg_message *m, const struct ctalg_report *r, const void *before)
{
	struct ctalg_view v;

	memset(pg, 0, sizeof(*pg));
	pg->e = e;
	pg->f = f;
	pg->m = m;
	pg->r = r;
	pg->po = (struct ctalg_police){
		.rules = rules_of(e, f),
		.proto = f->served->proto,
		.state = f->state,
		.before = before,
		.refusals = f->at.l4 == CTALG_L4_TCP ? &f->refusals : NULL,
		.spare = &e->spare,
		.mem = &explain_memory,
		.ops.within = within,
		.ops.strict = e->set.policy & CTALG_POLICY_STRICT,
		.ctx = pg,
	};
	view_of(&e->set, f, m->dir, &v);
	pg->po.seen = pg->po.refusals ? v.self : v.self_out;
	pg->po.seen_port = pg->po.refusals ? v.self_port : v.self_out_port;
	subject_of(e, f, &pg->s);
	pg->s.command = r->command;
	if (span_in(r->user, m)) {
		pg->s.user = m->data + r->user.off;
		pg->s.user_len = r->user.len;
	}
	ctalg_judge_object(m, r, pg->number, &pg->s);
}

/* What the sender of a refused request gets to see, if the answer has one part. */
static void find_told(struct policing *pg, const struct ctalg_message *m)
{
	static const struct ctalg_report whole = { .ops = CTALG_OP_ANSWERS | CTALG_OP_ANSWERED };
	const struct ctalg_proto *proto = pg->po.proto;
	bool in_place = pg->po.refusals && !proto->silence;
	struct ruling *ru = &pg->ruling;

	if ((pg->r->ops & CTALG_OP_ASKS) && proto->answer)
		ru->told_len = proto->answer(in_place ? &whole : pg->r, m, &ru->v.answer, ru->told,
					     sizeof(ru->told));
}

static void refuse(struct policing *pg, const struct ctalg_message *m, u8 action)
{
	struct ruling *ru = &pg->ruling;

	ru->action = action;
	if (action != CTALG_ACTION_DENY || ru->v.reason == CTALG_R_POLICY_ANSWERED)
		return;
	find_told(pg, m);
	if (!pg->po.refusals && !ru->told_len)
		ru->action = CTALG_ACTION_DROP;
}

bool policing_allows(struct policing *pg, const struct ctalg_message *m, struct ctalg_edits *edits)
{
	u8 action = ctalg_police_message(&pg->po, m, pg->r, &pg->s, edits, &pg->ruling.v);

	if (pg->said.sum && !pg->known)
		ctalg_repeats_add(&pg->f->repeats, &pg->said, seconds_of(pg->e), &explain_memory);
	if (action != CTALG_ACTION_ALLOW)
		refuse(pg, m, action);
	return action == CTALG_ACTION_ALLOW;
}

static bool hides_inside(void *ctx, const struct ctalg_addr *a)
{
	return is_inside(ctx, a);
}

static const struct ctalg_alias alias = { .seal = seal };

static bool hides(const struct policing *pg, const struct ctalg_view *v, struct ctalg_hide *h)
{
	const struct ctalg_image_rule *rule = policing_rule(pg, CTALG_CHAIN_HIDE);

	h->self = v->self;
	h->shown = v->self_out;
	h->inside = hides_inside;
	h->ctx = pg->e;
	h->alias = &alias;
	return pg->po.proto->text && rule && rule->action == CTALG_ACTION_ON &&
	       ctalg_addr_eq(&pg->s.inside, &v->self);
}

bool policing_hides(struct policing *pg, const struct ctalg_view *v, const struct ctalg_message *m,
		    bool refused, struct ctalg_edits *edits)
{
	struct ctalg_verdict hidden;
	struct ctalg_hide h;
	u8 action;

	if (!hides(pg, v, &h))
		return true;
	action = ctalg_police_hide(&pg->po, &h, m, pg->r, refused, edits, &hidden);
	if (hidden.reason) {
		pg->ruling.v = hidden;
		pg->ruling.v.rule = policing_rule(pg, CTALG_CHAIN_HIDE);
	}
	if (action != CTALG_ACTION_ALLOW)
		refuse(pg, m, action);
	return action == CTALG_ACTION_ALLOW;
}

const struct ctalg_image_rule *policing_rule(const struct policing *pg, u8 chain)
{
	return ctalg_rules_match(pg->po.rules, chain, &pg->s, NULL);
}
