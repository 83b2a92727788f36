// SPDX-License-Identifier: GPL-2.0
/* One message: parsed, planned, its pinholes opened. The flow's lock is held. */
#include <ctalg.h>

#include "core.h"
#include "trace.h"

/**
 * struct opener - what the plan may ask for while one message is being decided on
 * @t: the message and its session, if it has one that outlasts it
 * @view: the flow, seen from its sender
 * @message: kind of the message
 * @before: number of the latest pinhole that there was before it
 */
struct opener {
	struct ctalg_talker t;
	struct ctalg_view view;
	const char *message;
	u64 before;
};

static unsigned int opener_open(void *ctx, struct ctalg_opening *o)
{
	struct opener *op = ctx;
	struct ctalg_message_ctx *mc = op->t.mc;
	struct ctalg_session *s = op->t.s;
	struct ctalg_pinhole *ph;
	bool fresh;

	if (!s)
		s = ctalg_session_of(mc->p->cn, mc->f);
	if (!s)
		return CTALG_R_NO_MEMORY;
	if (o->kind == CTALG_WANT_DATA)
		return ctalg_pinhole_open(mc->p, mc->f, s, o, &ph, &fresh);
	return ctalg_talk_open(&op->t, s, o, &op->view);
}

/* What the message has opened closes again; a session's pinholes are in the order of their numbers. */
static void opener_undo(void *ctx)
{
	struct opener *op = ctx;
	struct ctalg_session *s = op->t.s ?: op->t.mc->f->own;
	struct ctalg_pinhole *ph, *next;

	op->t.act.opens = false;
	if (!s)
		return;
	list_for_each_entry_safe_reverse(ph, next, &s->pinholes, in_session) {
		if (ph->id <= op->before)
			break;
		ctalg_pinhole_close(op->t.mc->p->cn, s, ph, CTALG_R_PINHOLE_UNDONE);
	}
}

static void opener_edited(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o)
{
	const struct opener *op = ctx;
	const struct ctalg_packet *p = op->t.mc->p;
	const struct ctalg_event e = {
		.kind = CTALG_EVENT_KIND_EDIT,
		.live = p->live,
		.f = op->t.mc->f,
		.dir = p->dir,
		.message = op->message,
		.s = op->t.s ?: op->t.mc->f->own,
		.old = ep,
		.new = o,
	};

	trace_ctalg_edit(op->t.mc->f->id, p->dir, ep, o);
	ctalg_event_send(p->cn, &e);
}

static bool opener_outside(void *ctx, const struct ctalg_endpoint *in, struct ctalg_addr *addr,
			   u16 *port)
{
	const struct opener *op = ctx;
	const struct ctalg_packet *p = op->t.mc->p;
	const struct ctalg_pinhole *ph;
	struct ctalg_place place;

	ctalg_place_set(&place, &in->addr, in->port, in->l4, nf_ct_zone(p->ct)->id);
	ph = ctalg_place_to(p->cn, &place, op->t.s ? op->t.s->id : 0);
	if (!ph)
		return false;
	*addr = ph->at.outside;
	*port = ph->at.outside_port;
	return true;
}

static bool opener_inside(void *ctx, const struct ctalg_endpoint *out, struct ctalg_addr *addr,
			  u16 *port)
{
	const struct opener *op = ctx;
	const struct ctalg_packet *p = op->t.mc->p;
	const struct ctalg_pinhole *ph;
	struct ctalg_place place;

	ctalg_place_set(&place, &out->addr, out->port, out->l4, nf_ct_zone(p->ct)->id);
	ph = ctalg_place_from(p->cn, &place, op->t.s ? op->t.s->id : 0);
	if (!ph || (out->role == CTALG_ROLE_MEDIA && ph->at.kind != CTALG_WANT_MEDIA))
		return false;
	*addr = ph->at.inside;
	*port = ph->at.inside_port;
	return true;
}

static void opener_refused(void *ctx, unsigned int reason)
{
	const struct opener *op = ctx;

	ctalg_note(op->t.mc->p, op->t.mc->f, reason, op->message);
}

static const struct ctalg_plan_ops opener_ops = {
	.open = opener_open,
	.undo = opener_undo,
	.edited = opener_edited,
	.outside = opener_outside,
	.inside = opener_inside,
	.refused = opener_refused,
};

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

/* What policy has to do with one message. */
struct policing {
	struct ctalg_police po;
	struct ctalg_subject s;
	u8 number[CTALG_NUMBER_MAX];
	struct ctalg_verdict v;
	struct ctalg_message_ctx *mc;
	const struct ctalg_message *m;
	const struct ctalg_report *r;
	const char *kind;
	/* What limits have said: of a repeated message known, and else to be remembered. */
	const struct ctalg_repeat *known;
	struct ctalg_repeat said;
	struct ctalg_alias alias;
	struct ctalg_hide hide;
	bool hides;
	bool resolves;
};

static u32 policing_now(void)
{
	return (u32)ktime_get_seconds();
}

/* A datagram that is repeated does not count again. Another policy judges anew. */
static void policing_look_up(struct policing *pg)
{
	const struct ctalg_packet *p = pg->mc->p;
	u32 now = policing_now();
	siphash_key_t secret = p->cn->alias_secret;

	secret.key[0] ^= (u64)p->policy->generation << 1 | p->dir;
	pg->said.sum = siphash(pg->m->data, pg->m->len, &secret) ?: 1;
	pg->said.until = now + pg->po.proto->repeats;
	pg->known = ctalg_repeats_find(&pg->mc->f->repeats, pg->said.sum, now);
}

static bool policing_within(void *ctx, const struct ctalg_image_limit *limit,
			    const struct ctalg_subject *s)
{
	struct policing *pg = ctx;
	const struct ctalg_message_ctx *mc = pg->mc;
	const void *image = mc->p->policy->image;
	u32 n;
	u16 which = limit - ctalg_image_limits(image, &n);

	if (!pg->po.refusals && pg->po.proto->repeats && !pg->said.sum)
		policing_look_up(pg);
	if (pg->known)
		return !pg->known->over || pg->known->limit != which;
	if (ctalg_meter_within(mc->p->cn, mc->f, image, limit, s))
		return true;
	pg->said.over = true;
	pg->said.limit = which;
	return false;
}

/* What limits have said of a message that is not repeated, they will say of its repetitions. */
static void policing_remember(struct policing *pg)
{
	struct ctalg_flow *f = pg->mc->f;

	if (pg->said.sum && !pg->known)
		ctalg_repeats_add(&f->repeats, &pg->said, policing_now(), &f->host->mem);
}

/*
 * What is answered in place of a datagram comes back through the flow, as from the other side; what
 * is put into a stream does not.
 */
static void policing_sees(struct policing *pg, const struct ctalg_view *v)
{
	bool stream = pg->po.refusals;

	pg->po.seen = stream ? v->self : v->self_out;
	pg->po.seen_port = stream ? v->self_port : v->self_out_port;
}

/* Does the message go out without inside addresses, or may it bring back what stands for some? */
static void policing_conceals(struct policing *pg, const struct ctalg_packet *p,
			      const struct ctalg_view *v)
{
	if (!pg->po.proto->text || !ctalg_rules_any(p->rules, CTALG_CHAIN_HIDE))
		return;
	ctalg_policy_alias(p->cn, &pg->alias);
	pg->hides = ctalg_policy_hides(p, &pg->s, v, &pg->hide);
	pg->hide.alias = &pg->alias;
	pg->resolves = !ctalg_addr_eq(&pg->s.inside, &v->self) && ctalg_policy_conceals(p, &pg->s);
}

static void policing_begin(struct policing *pg, struct ctalg_message_ctx *mc,
			   const struct ctalg_message *m, const struct ctalg_report *r,
			   const void *before)
{
	const struct ctalg_packet *p = mc->p;
	bool stream = nf_ct_protonum(p->ct) == IPPROTO_TCP;
	struct ctalg_view v;

	memset(pg, 0, sizeof(*pg));
	pg->mc = mc;
	pg->m = m;
	pg->r = r;
	pg->po = (struct ctalg_police){
		.rules = p->rules,
		.proto = p->live->h->proto,
		.state = mc->f->state,
		.before = before,
		.refusals = stream ? &mc->f->refusals : NULL,
		.spare = stream ? ctalg_scratch_spare(mc->scratch) : NULL,
		.mem = &mc->f->host->mem,
		.ops.within = policing_within,
		.ops.strict = READ_ONCE(p->nh->policy) & CTALG_POLICY_STRICT,
		.ctx = pg,
	};
	if (!p->policy)
		return;
	ctalg_policy_subject(p, mc->f, &pg->s);
	pg->s.command = r->command;
	if (span_in(r->user, m)) {
		pg->s.user = m->data + r->user.off;
		pg->s.user_len = r->user.len;
	}
	ctalg_judge_object(m, r, pg->number, &pg->s);
	ctalg_flow_view(p, &v);
	policing_sees(pg, &v);
	policing_conceals(pg, p, &v);
}

/* The message may not go on as it came: says so, and what goes on instead. */
static void policing_refuse(struct policing *pg, struct ctalg_message_ctx *mc,
			    const struct ctalg_message *m, u8 action)
{
	const struct ctalg_proto *proto = pg->po.proto;

	ctalg_note_denied(mc->p, mc->f, &pg->s, &pg->v, pg->kind);
	mc->must = true;
	mc->action = action;
	if (action != CTALG_ACTION_DENY || pg->po.refusals)
		return;
	mc->answer_len = proto->answer(pg->r, m, &pg->v.answer, mc->answer, CTALG_ANSWER_DATAGRAM);
	mc->action = mc->answer_len ? CTALG_ACTION_DENY : CTALG_ACTION_DROP;
}

/* May it go on? */
static bool policing_allows(struct policing *pg, struct ctalg_message_ctx *mc,
			    const struct ctalg_message *m)
{
	u8 action = ctalg_police_message(&pg->po, m, pg->r, &pg->s, mc->edits, &pg->v);

	policing_remember(pg);
	if (action != CTALG_ACTION_ALLOW)
		policing_refuse(pg, mc, m, action);
	return action == CTALG_ACTION_ALLOW;
}

/* Inside addresses, if it may not tell any. @refused: it goes on with what it names. */
static bool policing_hides(struct policing *pg, struct ctalg_message_ctx *mc,
			   const struct ctalg_message *m, bool refused)
{
	u8 action;

	if (!pg->hides)
		return true;
	action = ctalg_police_hide(&pg->po, &pg->hide, m, pg->r, refused, mc->edits, &pg->v);
	if (action != CTALG_ACTION_ALLOW) {
		policing_refuse(pg, mc, m, action);
		return false;
	}
	if (pg->v.reason)
		ctalg_note(mc->p, mc->f, pg->v.reason, pg->kind);
	mc->must = true;
	return true;
}

/* And what of them comes back. */
static void policing_resolves(struct policing *pg, struct ctalg_message_ctx *mc,
			      const struct ctalg_message *m)
{
	if (pg->resolves)
		ctalg_note(mc->p, mc->f, ctalg_police_resolve(&pg->alias, m, pg->r, mc->edits),
			   pg->kind);
}

/* Returns whether all that the message asked for was granted. */
static bool message_plan(struct opener *op, const struct ctalg_message *m,
			 const struct policing *pg)
{
	struct ctalg_message_ctx *mc = op->t.mc;
	const struct ctalg_packet *p = mc->p;
	u16 before = mc->edits->n;
	struct ctalg_grant grant;
	unsigned int reason;

	mc->f->aware = ctalg_plan_aware(pg->r, &op->view, mc->f->aware);
	ctalg_grant_find(&grant, p->rules, &pg->s, READ_ONCE(p->nh->policy));
	if (op->t.s)
		op->t.s->cut = grant.cut;
	reason = ctalg_plan_message(pg->r, m, &op->view, &grant, &opener_ops, op, mc->edits, 0,
				    &mc->scratch->plan);
	ctalg_note(p, mc->f, reason, op->message);
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
	like.l4 = nf_ct_protonum(mc->p->ct);
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
	if (r->talk.kind)
		return false;
	return r->n_wants || r->user.len ||
	       (r->ops &
		(CTALG_OP_WITHDRAW | CTALG_OP_OPAQUE | CTALG_OP_LOGIN | CTALG_OP_NO_LOGIN));
}

/* What the message does to the session that its flow is. Returns that, or NULL for want of memory. */
static struct ctalg_session *message_own(struct ctalg_message_ctx *mc,
					 const struct ctalg_message *m, const struct policing *pg)
{
	struct ctalg_session *s = ctalg_session_of(mc->p->cn, mc->f);
	const struct ctalg_report *r = pg->r;

	if (!s)
		return NULL;
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
	if (r->n_wants)
		s->request++;
	return s;
}

/* Whose call it is, who asked for it. */
static void talk_user(const struct ctalg_talker *t, const struct ctalg_message *m,
		      const struct ctalg_report *r)
{
	if (t->s && !t->s->user.len && span_in(r->user, m))
		ctalg_session_user(t->mc->p->cn, t->mc->f, t->s, m->data + r->user.off,
				   r->user.len);
}

/* What the message does to its session. Returns whether all that it asked for was granted. */
static bool message_act(struct ctalg_message_ctx *mc, const struct ctalg_message *m,
			const struct policing *pg)
{
	struct opener op = {
		.t.mc = mc,
		.t.hide = pg->hides ? &pg->hide : NULL,
		.t.alias = pg->resolves ? &pg->alias : NULL,
		.message = pg->kind,
		.before = atomic64_read(&mc->p->cn->last_pinhole),
	};
	const struct ctalg_report *r = pg->r;
	unsigned int reason;
	bool granted;

	ctalg_flow_view(mc->p, &op.view);
	reason = ctalg_talk_begin(&op.t, m, r, &op.view);
	if (!reason && needs_session(r) && !message_own(mc, m, pg))
		reason = CTALG_R_NO_MEMORY;
	ctalg_note(mc->p, mc->f, reason, pg->kind);
	if (reason == CTALG_R_NO_MEMORY) {
		/* Whose commands these are would not be known. */
		if (ctalg_policy_must_read(mc->p, mc->f))
			mc->action = CTALG_ACTION_RESET;
		return false;
	}
	talk_user(&op.t, m, r);
	granted = (!r->n_wants && !r->n_tokens) || message_plan(&op, m, pg);
	ctalg_talk_end(&op.t, r);
	return granted;
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
	ctalg_scratch_parsed(mc->scratch);
	policing_begin(&pg, mc, m, r, before);
	pg.kind = kind_name(proto, r->kind);
	trace_ctalg_message(mc->f->id, proto->name, m->dir, m->len);
	trace_ctalg_report(mc->f->id, pg.kind, proto, r);
	ctalg_count(p->nh, p->dir, CTALG_R_MESSAGE);
	ctalg_note(p, mc->f, r->reason, pg.kind);
	ctalg_note(p, mc->f, r->full ? CTALG_R_FULL : CTALG_R_NONE, pg.kind);
	if (!policing_allows(&pg, mc, m))
		return;
	granted = message_act(mc, m, &pg);
	ctalg_flow_keep(p, mc->f);
	policing_resolves(&pg, mc, m);
	if (policing_hides(&pg, mc, m, !granted))
		ctalg_police_passed(&pg.po, m, r);
}
