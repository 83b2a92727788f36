// SPDX-License-Identifier: GPL-2.0
/* One message: parsed, planned, its pinholes opened. The flow's lock is held. */
#include <ctalg.h>

#include "core.h"
#include "trace.h"

/* So many pinholes may one message open that is granted whole or not at all. */
enum { OPENER_FRESH = 8 };

/* What the plan may ask for while one message is being decided on. */
struct opener {
	struct ctalg_message_ctx *mc;
	struct ctalg_session *s;
	const char *message;
	struct ctalg_pinhole *fresh[OPENER_FRESH];
	unsigned int n_fresh;
};

static unsigned int opener_open(void *ctx, struct ctalg_opening *o)
{
	struct opener *op = ctx;
	struct ctalg_pinhole *fresh;
	unsigned int reason;

	if (o->kind == CTALG_WANT_DATA && op->n_fresh >= ARRAY_SIZE(op->fresh))
		return CTALG_R_LIMIT_SESSION;
	reason = ctalg_pinhole_open(op->mc->p, op->mc->f, op->s, o, &fresh);
	if (fresh && o->kind == CTALG_WANT_DATA)
		op->fresh[op->n_fresh++] = fresh;
	return reason;
}

static void opener_undo(void *ctx)
{
	struct opener *op = ctx;

	while (op->n_fresh)
		ctalg_pinhole_close(op->mc->p->cn, op->s, op->fresh[--op->n_fresh],
				    CTALG_R_PINHOLE_UNDONE);
}

static void opener_edited(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o)
{
	const struct opener *op = ctx;
	const struct ctalg_packet *p = op->mc->p;
	const struct ctalg_event e = {
		.kind = CTALG_EVENT_KIND_EDIT,
		.live = p->live,
		.f = op->mc->f,
		.dir = p->dir,
		.message = op->message,
		.s = op->s,
		.old = ep,
		.new = o,
	};

	trace_ctalg_edit(op->mc->f->id, p->dir, ep, o);
	ctalg_event_send(p->cn, &e);
}

static const struct ctalg_plan_ops opener_ops = {
	.open = opener_open,
	.undo = opener_undo,
	.edited = opener_edited,
};

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

/* What policy has to do with one message. */
struct policing {
	struct ctalg_police po;
	struct ctalg_subject s;
	struct ctalg_verdict v;
	const struct ctalg_report *r;
	const char *kind;
};

static bool policing_within(void *ctx, const struct ctalg_image_limit *limit,
			    const struct ctalg_subject *s)
{
	const struct ctalg_message_ctx *mc = ctx;

	return ctalg_meter_within(mc->p->cn, mc->f, mc->p->policy->image, limit, s);
}

static void policing_begin(struct policing *pg, struct ctalg_message_ctx *mc,
			   const struct ctalg_message *m, const struct ctalg_report *r,
			   const void *before)
{
	const struct ctalg_packet *p = mc->p;
	bool stream = p->live->h->proto->l4 == CTALG_L4_TCP;

	memset(pg, 0, sizeof(*pg));
	pg->r = r;
	pg->po = (struct ctalg_police){
		.rules = p->rules,
		.proto = p->live->h->proto,
		.state = mc->f->state,
		.before = before,
		.refusals = stream ? &mc->f->refusals : NULL,
		.spare = &mc->scratch->spare,
		.mem = &mc->f->host->mem,
		.ops.within = policing_within,
		.ops.strict = READ_ONCE(p->nh->policy) & CTALG_POLICY_STRICT,
		.ctx = mc,
	};
	if (!p->policy)
		return;
	ctalg_policy_subject(p, mc->f, &pg->s);
	pg->s.command = r->command;
	if (span_in(r->user, m)) {
		pg->s.user = m->data + r->user.off;
		pg->s.user_len = r->user.len;
	}
	if (span_in(r->object, m)) {
		pg->s.object = m->data + r->object.off;
		pg->s.object_len = r->object.len;
	}
}

/* The message may not go on as it came: says so, and what goes on instead. */
static void policing_refuse(struct policing *pg, struct ctalg_message_ctx *mc, u8 action)
{
	const struct ctalg_proto *proto = pg->po.proto;

	ctalg_note_denied(mc->p, mc->f, &pg->s, &pg->v, pg->kind);
	mc->must = true;
	mc->action = action;
	if (action != CTALG_ACTION_DENY || pg->po.refusals)
		return;
	mc->answer_len = proto->answer(pg->r, &pg->v.answer, mc->answer, CTALG_ANSWER_MAX);
	mc->action = mc->answer_len ? CTALG_ACTION_DENY : CTALG_ACTION_DROP;
}

/* May it go on? */
static bool policing_allows(struct policing *pg, struct ctalg_message_ctx *mc,
			    const struct ctalg_message *m)
{
	u8 action = ctalg_police_message(&pg->po, m, pg->r, &pg->s, mc->edits, &pg->v);

	if (action != CTALG_ACTION_ALLOW)
		policing_refuse(pg, mc, action);
	return action == CTALG_ACTION_ALLOW;
}

/* Inside addresses, if it may not tell any. @refused: it goes on with what it names. */
static bool policing_hides(struct policing *pg, struct ctalg_message_ctx *mc,
			   const struct ctalg_message *m, bool refused)
{
	struct ctalg_hide h;
	struct ctalg_view v;
	u8 action;

	if (!pg->po.proto->text || !ctalg_rules_any(pg->po.rules, CTALG_CHAIN_HIDE))
		return true;
	ctalg_flow_view(mc->p, &v);
	if (!ctalg_policy_hides(mc->p, &pg->s, &v, &h))
		return true;
	action = ctalg_police_hide(&pg->po, &h, m, pg->r, refused, mc->edits, &pg->v);
	if (action != CTALG_ACTION_ALLOW) {
		policing_refuse(pg, mc, action);
		return false;
	}
	if (pg->v.reason)
		ctalg_note(mc->p, mc->f, pg->v.reason, pg->kind);
	mc->must = true;
	return true;
}

/* Returns whether all that the message asked for was granted. */
static bool message_plan(struct ctalg_message_ctx *mc, const struct ctalg_message *m,
			 const struct policing *pg, struct ctalg_session *s)
{
	const struct ctalg_packet *p = mc->p;
	struct opener op = { .mc = mc, .s = s, .message = pg->kind };
	u16 before = mc->edits->n;
	struct ctalg_grant grant;
	struct ctalg_view view;
	unsigned int reason;

	s->request++;
	ctalg_flow_view(p, &view);
	ctalg_grant_find(&grant, p->rules, &pg->s, READ_ONCE(p->nh->policy));
	reason = ctalg_plan_message(pg->r, m, &view, &grant, &opener_ops, &op, mc->edits, 0,
				    &mc->scratch->plan);
	ctalg_note(p, mc->f, reason, pg->kind);
	if (mc->edits->n > before)
		ctalg_count(p->nh, p->dir, CTALG_R_EDIT);
	return !reason;
}

/* Both sides are going to encrypt: what becomes of the flow, and of its data flows? */
static void message_opaque(struct ctalg_message_ctx *mc, const struct policing *pg,
			   struct ctalg_session *s)
{
	const struct ctalg_image_rule *rule;
	struct ctalg_opening like;
	struct ctalg_grant grant;
	struct ctalg_view view;
	unsigned int reason;

	rule = ctalg_rules_match(pg->po.rules, CTALG_CHAIN_OPAQUE, &pg->s, NULL);
	if (!rule)
		return;
	if (rule->action == CTALG_ACTION_DETACH)
		ctalg_flow_deafen(mc->f);
	if (rule->action != CTALG_ACTION_RANGE || !s)
		return;
	ctalg_flow_view(mc->p, &view);
	ctalg_grant_find(&grant, pg->po.rules, &pg->s, READ_ONCE(mc->p->nh->policy));
	ctalg_plan_opening(&view, &grant, &like);
	like.l4 = pg->po.proto->l4;
	reason = ctalg_range_open(mc->p, mc->f, s, rule->arg[0] >> 16, rule->arg[0] & U16_MAX,
				  &like);
	ctalg_note(mc->p, mc->f, reason, pg->kind);
}

static const char *kind_name(const struct ctalg_proto *proto, u16 kind)
{
	return proto->kinds && kind < proto->n_kinds ? proto->kinds[kind] : "other";
}

static bool needs_session(const struct ctalg_report *r)
{
	return r->n_wants || r->user.len ||
	       (r->ops &
		(CTALG_OP_WITHDRAW | CTALG_OP_OPAQUE | CTALG_OP_LOGIN | CTALG_OP_NO_LOGIN));
}

/* What the message does to its session. Returns whether all that it asked for was granted. */
static bool message_act(struct ctalg_message_ctx *mc, const struct ctalg_message *m,
			const struct policing *pg)
{
	const struct ctalg_report *r = pg->r;
	struct ctalg_session *s;

	if (!needs_session(r))
		return true;
	s = ctalg_session_of(mc->p->cn, mc->f);
	if (!s) {
		ctalg_note(mc->p, mc->f, CTALG_R_NO_MEMORY, pg->kind);
		/* Whose commands these are would not be known. */
		if (ctalg_policy_must_read(mc->p, mc->f))
			mc->action = CTALG_ACTION_RESET;
		return false;
	}
	if (span_in(r->user, m))
		ctalg_session_user(mc->p->cn, mc->f, s, m->data + r->user.off, r->user.len);
	if (r->ops & CTALG_OP_LOGIN)
		s->login = s->user;
	if ((r->ops & CTALG_OP_NO_LOGIN) && s->login.len)
		s->user = s->login;
	if (r->ops & CTALG_OP_WITHDRAW)
		ctalg_session_withdraw(mc->p->cn, s);
	if (r->ops & CTALG_OP_OPAQUE)
		message_opaque(mc, pg, s);
	return !r->n_wants || message_plan(mc, m, pg, s);
}

void ctalg_message(struct ctalg_message_ctx *mc, const struct ctalg_message *m)
{
	const struct ctalg_packet *p = mc->p;
	const struct ctalg_proto *proto = p->live->h->proto;
	u8 before[CTALG_PROTO_STATE] __aligned(8);
	struct ctalg_report *r = &mc->scratch->report;
	struct policing pg;
	bool granted;

	mc->must = false;
	/* The packet disappears anyway. */
	if (mc->action == CTALG_ACTION_DROP || mc->action == CTALG_ACTION_RESET)
		return;
	memcpy(before, mc->f->state, sizeof(before));
	ctalg_report_init(r);
	proto->parse(mc->f->state, m, r);
	policing_begin(&pg, mc, m, r, before);
	pg.kind = kind_name(proto, r->kind);
	trace_ctalg_message(mc->f->id, proto->name, m->dir, m->len);
	trace_ctalg_report(mc->f->id, pg.kind, proto, r);
	ctalg_count(p->nh, p->dir, CTALG_R_MESSAGE);
	ctalg_note(p, mc->f, r->reason, pg.kind);
	if (!policing_allows(&pg, mc, m))
		return;
	granted = message_act(mc, m, &pg);
	if (policing_hides(&pg, mc, m, !granted))
		ctalg_police_passed(&pg.po, m, r);
}
