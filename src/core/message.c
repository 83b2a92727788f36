// SPDX-License-Identifier: GPL-2.0
/* One message: parsed, planned, its pinholes opened. The flow's lock is held. */
#include <ctalg.h>

#include "core.h"
#include "trace.h"

/* What the plan may ask for while one message is being decided on. */
struct opener {
	struct ctalg_message_ctx *mc;
	struct ctalg_session *s;
	const char *message;
	struct ctalg_pinhole *fresh[CTALG_REPORT_ENDPOINTS];
	unsigned int n_fresh;
};

static unsigned int opener_open(void *ctx, struct ctalg_opening *o)
{
	struct opener *op = ctx;
	struct ctalg_pinhole *fresh;
	unsigned int reason;

	if (op->n_fresh >= ARRAY_SIZE(op->fresh))
		return CTALG_R_LIMIT_SESSION;
	reason = ctalg_pinhole_open(op->mc->p, op->mc->f, op->s, o, &fresh);
	if (fresh)
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

static void message_plan(struct ctalg_message_ctx *mc, const struct ctalg_message *m,
			 const struct ctalg_report *r, struct ctalg_session *s, const char *kind)
{
	const struct ctalg_packet *p = mc->p;
	struct opener op = { .mc = mc, .s = s, .message = kind };
	u16 before = mc->edits->n;
	struct ctalg_view view;
	unsigned int reason;

	s->request++;
	ctalg_flow_view(p, &view);
	reason = ctalg_plan_message(r, m, &view, READ_ONCE(p->nh->policy), &opener_ops, &op,
				    mc->edits, 0);
	ctalg_note(p, mc->f, reason, kind);
	if (mc->edits->n > before)
		ctalg_count(p->nh, p->dir, CTALG_R_EDIT);
}

static const char *kind_name(const struct ctalg_proto *proto, u16 kind)
{
	return proto->kinds && kind < proto->n_kinds ? proto->kinds[kind] : "other";
}

void ctalg_message(struct ctalg_message_ctx *mc, const struct ctalg_message *m)
{
	const struct ctalg_packet *p = mc->p;
	const struct ctalg_proto *proto = p->live->h->proto;
	struct ctalg_report r = {};
	struct ctalg_session *s;
	const char *kind;

	proto->parse(mc->f->state, m, &r);
	kind = kind_name(proto, r.kind);
	trace_ctalg_message(mc->f->id, proto->name, m->dir, m->len);
	trace_ctalg_report(mc->f->id, kind, proto, &r);
	ctalg_count(p->nh, p->dir, CTALG_R_MESSAGE);
	ctalg_note(p, mc->f, r.reason, kind);
	if (!r.n_wants && !r.ops && !r.user.len)
		return;

	s = ctalg_session_of(p->cn, mc->f);
	if (!s) {
		ctalg_note(p, mc->f, CTALG_R_NO_MEMORY, kind);
		return;
	}
	if (span_in(r.user, m))
		ctalg_session_user(p->cn, mc->f, s, m->data + r.user.off, r.user.len);
	if (r.ops & CTALG_OP_WITHDRAW)
		ctalg_session_withdraw(p->cn, s);
	if (r.n_wants)
		message_plan(mc, m, &r, s, kind);
}
