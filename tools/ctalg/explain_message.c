// SPDX-License-Identifier: GPL-2.0
/* One message: parsed and planned as src/core/message.c does it, by the same code. */
#include <stdlib.h>

#include "explain_police.h"
#include "tool.h"

const char *reason_text(const struct ctalg_proto *p, unsigned int reason)
{
	if (reason >= CTALG_R_PRIVATE && reason - CTALG_R_PRIVATE < p->n_reasons)
		return p->reasons[reason - CTALG_R_PRIVATE];
	return ctalg_reason_name(reason);
}

bool edit_hides(const struct ctalg_report *r, const struct ctalg_edit *ed)
{
	u16 i;

	if (!ed->at.len)
		return false;
	for (i = 0; i < r->n_tokens; i++)
		if (r->token[i].at.off == ed->at.off && r->token[i].at.len == ed->at.len)
			return false;
	for (i = 0; i < r->n_lengths; i++)
		if (r->length[i].digits.off == ed->at.off)
			return false;
	return true;
}

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

/* What the plan asks for. */
struct asker {
	struct explain *e;
	struct explain_flow *f;
	struct talker *t;
};

static unsigned int on_open(void *ctx, struct ctalg_opening *o)
{
	struct asker *a = ctx;
	struct explain_session *s = a->t->s ? a->t->s : &a->f->own;
	struct pinhole_open *p;
	bool fresh;

	if (o->kind == CTALG_WANT_DATA)
		return pinhole_open(a->e, s, o, &p, &fresh);
	return talk_open(a->t, s, o);
}

static bool on_outside(void *ctx, const struct ctalg_endpoint *in, struct ctalg_addr *addr,
		       u16 *port)
{
	const struct asker *a = ctx;

	return pinhole_leads(a->e, a->f, a->t->s, in, true, addr, port);
}

static bool on_inside(void *ctx, const struct ctalg_endpoint *out, struct ctalg_addr *addr,
		      u16 *port)
{
	const struct asker *a = ctx;

	return pinhole_leads(a->e, a->f, a->t->s, out, false, addr, port);
}

static void on_edited(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o)
{
	const struct asker *a = ctx;
	struct finding *f = a->e->finding;

	if (f->n_called == f->called_room) {
		f->called_room = f->called_room ? 2 * f->called_room : 4;
		f->called = need(reallocarray(f->called, f->called_room, sizeof(*f->called)));
	}
	f->called[f->n_called++] = (struct called){ *ep, o->outside, o->outside_port };
}

/* The rest of the message goes on: the first reason is told. */
static void on_refused(void *ctx, unsigned int reason)
{
	const struct asker *a = ctx;
	struct finding *f = a->e->finding;

	if (!f->reason)
		f->reason = reason_text(a->f->served->proto, reason);
}

/* Why, is known once the plan has returned. */
static void on_undo(void *ctx)
{
	struct asker *a = ctx;

	a->t->act.opens = false;
	pinholes_undo(a->e, a->t->s ? a->t->s : &a->f->own, NULL);
}

static const struct ctalg_plan_ops asking = {
	.open = on_open,
	.undo = on_undo,
	.edited = on_edited,
	.outside = on_outside,
	.inside = on_inside,
	.refused = on_refused,
};

/* The refusal came before any pinhole was asked for: those that were wanted are told of. */
static void tell_refused(struct finding *f, const struct ctalg_report *r)
{
	u16 i;

	for (i = 0; i < r->n_wants; i++) {
		const struct ctalg_endpoint *ep = &r->endpoint[r->want[i].endpoint];
		struct ctalg_opening o;

		if (r->want[i].endpoint >= r->n_endpoints)
			continue;
		o = (struct ctalg_opening){ .inside = ep->addr, .inside_port = ep->port };
		if (ep->addr.family == CTALG_AF_NONE)
			o.inside = f->view.self;
		o.from = f->view.peer;
		o.l4 = ep->l4;
		finding_event(f, "refused", &o, f->reason);
	}
}

static bool has_refusal(const struct finding *f)
{
	size_t i;

	for (i = 0; i < f->n_events; i++)
		if (!strcmp(f->events[i].event, "refused"))
			return true;
	return false;
}

static void fill_reasons(struct finding *f)
{
	size_t i;

	for (i = 0; i < f->n_events; i++)
		if (!strcmp(f->events[i].event, "refused"))
			f->events[i].reason = f->reason;
}

/* Returns whether all that the message asked for was granted. */
static bool plan(struct explain *e, struct explain_flow *f, const struct ctalg_message *m,
		 const struct policing *pg, struct talker *t, struct ctalg_edits *edits)
{
	struct finding *finding = e->finding;
	struct asker a = { e, f, t };
	bool was = f->aware;
	struct ctalg_grant grant;
	u16 before = edits->n;
	unsigned int reason;

	f->aware = ctalg_plan_aware(pg->r, &finding->view, was);
	finding->aware = f->aware != was;
	ctalg_grant_find(&grant, pg->po.rules, &pg->s, e->set.policy);
	if (t->s)
		t->s->cut = grant.cut;
	reason = ctalg_plan_message(pg->r, m, &finding->view, &grant, &asking, &a, edits, 0,
				    &e->room);
	if (edits->n > before)
		e->sums.edits++;
	if (!reason)
		return true;
	finding->reason = reason_text(f->served->proto, reason);
	fill_reasons(finding);
	if (!has_refusal(finding))
		tell_refused(finding, pg->r);
	return false;
}

static void open_range(struct explain *e, struct explain_flow *f, const struct policing *pg,
		       const struct ctalg_image_rule *rule)
{
	struct ctalg_opening like;
	struct ctalg_grant grant;
	unsigned int reason;

	ctalg_grant_find(&grant, pg->po.rules, &pg->s, e->set.policy);
	ctalg_plan_opening(&e->finding->view, &grant, &like);
	like.l4 = CTALG_L4_TCP;
	reason = pinholes_range(e, f, (u16)(rule->arg[0] >> 16), (u16)rule->arg[0], &like);
	if (reason)
		e->finding->reason = reason_text(f->served->proto, reason);
}

/* Both sides are going to encrypt. */
static void opaque(struct explain *e, struct explain_flow *f, const struct policing *pg)
{
	const struct ctalg_image_rule *rule = policing_rule(pg, CTALG_CHAIN_OPAQUE);

	e->finding->opaque = rule;
	if (rule && rule->action == CTALG_ACTION_RANGE)
		open_range(e, f, pg, rule);
	if (!rule || rule->action != CTALG_ACTION_DETACH)
		return;
	f->stream[CTALG_DIR_ORIG].mode = CTALG_STREAM_DEAF;
	f->stream[CTALG_DIR_REPLY].mode = CTALG_STREAM_DEAF;
}

/* What the message does to the session that its flow is. */
static void act_own(struct explain *e, struct explain_flow *f, const struct ctalg_message *m,
		    const struct policing *pg)
{
	const struct ctalg_report *r = pg->r;

	if (span_in(r->user, m)) {
		f->user_len = (u8)min(r->user.len, (u32)EXPLAIN_USER);
		memcpy(f->user, m->data + r->user.off, f->user_len);
	}
	if (r->ops & CTALG_OP_LOGIN) {
		f->login_len = f->user_len;
		memcpy(f->login, f->user, f->user_len);
	}
	if ((r->ops & CTALG_OP_NO_LOGIN) && f->login_len) {
		f->user_len = f->login_len;
		memcpy(f->user, f->login, f->login_len);
	}
	if (r->ops & CTALG_OP_WITHDRAW)
		pinholes_withdraw(e, f);
	if (r->ops & CTALG_OP_OPAQUE)
		opaque(e, f, pg);
	if (r->n_wants)
		f->own.request++;
}

/* Whose call it is, who asked for it. */
static void talk_user(struct explain_session *s, const struct ctalg_message *m,
		      const struct ctalg_report *r)
{
	if (!s || s->user_len || !span_in(r->user, m))
		return;
	s->user_len = (u8)min(r->user.len, (u32)EXPLAIN_USER);
	memcpy(s->user, m->data + r->user.off, s->user_len);
}

/* What the message does to its session. Returns whether all that it asked for was granted. */
static bool act(struct explain *e, struct explain_flow *f, const struct ctalg_message *m,
		const struct policing *pg, struct talker *t, struct ctalg_edits *edits)
{
	const struct ctalg_report *r = pg->r;
	unsigned int reason = talk_begin(t, m, r);
	bool granted;

	if (reason)
		e->finding->reason = reason_text(f->served->proto, reason);
	if (!r->talk.kind)
		act_own(e, f, m, pg);
	talk_user(t->s, m, r);
	granted = (!r->n_wants && !r->n_tokens) || plan(e, f, m, pg, t, edits);
	talk_end(t, r);
	return granted;
}

static void police(struct policing *pg, const struct ctalg_message *m, struct talker *t,
		   struct ctalg_edits *edits)
{
	struct explain *e = pg->e;
	bool granted;

	if (!policing_allows(pg, m, edits))
		return;
	granted = act(e, pg->f, m, pg, t, edits);
	if (policing_hides(pg, &e->finding->view, m, !granted, edits))
		ctalg_police_passed(&pg->po, m, pg->r);
}

static void tell_message(struct explain *e, struct finding *finding, const struct policing *pg)
{
	u8 action = pg->ruling.action;

	finding->ruling = e->set.image || action != CTALG_ACTION_ALLOW ? &pg->ruling : NULL;
	e->finding = NULL;
	explain_tell(e, finding);
	if (pg->po.refusals && (action == CTALG_ACTION_DROP || action == CTALG_ACTION_RESET))
		tcp_cut(e, pg->f, finding->dir, action == CTALG_ACTION_RESET);
}

void message_explain(struct explain *e, struct explain_flow *f, const struct ctalg_message *m,
		     struct ctalg_edits *edits)
{
	u64 before[CTALG_PROTO_STATE / sizeof(u64)];
	const struct ctalg_proto *proto = f->served->proto;
	struct ctalg_report *r = &e->report;
	struct finding finding = { .ts = e->now, .flow = f, .dir = m->dir };
	struct talker t = { .e = e, .f = f };
	struct policing pg;

	/* It ended with a message before, which this one came with. */
	if (f->left_alone)
		return;
	memcpy(before, f->state, sizeof(before));
	ctalg_report_init(r);
	proto->parse(f->state, m, r);
	e->sums.messages++;
	finding.kind = r->kind < proto->n_kinds ? proto->kinds[r->kind] : "other";
	finding.reason = reason_text(proto, r->reason);
	finding.message = m;
	finding.report = r;
	finding.edits = edits;
	view_of(e, f, m->dir, &finding.view);
	e->finding = &finding;
	policing_begin(&pg, e, f, m, seen_report(e, f, r, &finding.view), before);
	police(&pg, m, &t, edits);
	tell_message(e, &finding, &pg);
	talk_spread(&t, &r->talk);
}

void stream_explain(struct explain *e, struct explain_flow *f, u8 dir, const char *kind,
		    const char *reason, u32 missing)
{
	struct finding finding = { .ts = e->now, .flow = f, .dir = dir, .kind = kind };

	finding.reason = reason;
	finding.missing = missing;
	view_of(e, f, dir, &finding.view);
	explain_tell(e, &finding);
}
