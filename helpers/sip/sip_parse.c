// SPDX-License-Identifier: GPL-2.0
#include <ctalg/mime.h>

#include "sip_answer.h"
#include "sip_frame.h"
#include "sip_head.h"
#include "sip_start.h"

/* Each says by whom it is; one begins a call, and one nobody answers (RFC 3261, section 17.1.1.3). */
#define SIP_FLAGS(method)                                                                          \
	(CTALG_COMMAND_USER | ((method) == SIP_INVITE ? CTALG_COMMAND_CALLS : 0) |                 \
	 ((method) == SIP_ACK ? CTALG_COMMAND_TELLS : 0))

static const struct ctalg_command sip_commands[] = { [SIP_OTHER] = { "other", CTALG_COMMAND_USER },
#define SIP_METHOD_COMMAND(name, means) [SIP_##name] = { #name, SIP_FLAGS(SIP_##name) },
						     SIP_METHODS(SIP_METHOD_COMMAND)
#undef SIP_METHOD_COMMAND
};

static const char *const sip_kinds[] = { [SIP_KIND_OTHER] = "other",
					 [SIP_KIND_ALIVE] = "keep-alive",
					 [SIP_KIND_ANSWER] = "answer",
					 [SIP_KIND_REQUEST] = "request",
#define SIP_METHOD_KIND(name, means) [SIP_KIND_REQUEST + SIP_##name] = #name,
					 SIP_METHODS(SIP_METHOD_KIND)
#undef SIP_METHOD_KIND
};

static const char *const sip_reasons[] = {
	[SIP_R_START_LINE - CTALG_R_PRIVATE] = "malformed-start-line",
	[SIP_R_VERSION - CTALG_R_PRIVATE] = "unknown-version",
	[SIP_R_HEADER - CTALG_R_PRIVATE] = "malformed-header",
	[SIP_R_MISSING - CTALG_R_PRIVATE] = "missing-header",
	[SIP_R_REPEATED - CTALG_R_PRIVATE] = "repeated-header",
	[SIP_R_CSEQ - CTALG_R_PRIVATE] = "another-method-in-cseq",
	[SIP_R_UNFINISHED - CTALG_R_PRIVATE] = "unfinished-headers",
	[SIP_R_LENGTH - CTALG_R_PRIVATE] = "wrong-content-length",
	[SIP_R_BODY - CTALG_R_PRIVATE] = "malformed-description",
};

/* What a method is in its session. */
static const u8 sip_means[] = { [SIP_OTHER] = CTALG_METHOD_OTHER,
#define SIP_METHOD_MEANS(name, means) [SIP_##name] = CTALG_METHOD_##means,
				SIP_METHODS(SIP_METHOD_MEANS)
#undef SIP_METHOD_MEANS
};

/* Of requests outside of a call's core, those that have meaning in one are its own if they are in a dialog. */
static u8 talk_kind(const struct sip_head *h)
{
	if (sip_means[h->method] == CTALG_METHOD_REGISTER)
		return CTALG_TALK_BINDING;
	if (sip_means[h->method] != CTALG_METHOD_OTHER)
		return CTALG_TALK_CALL;
	if (h->method == SIP_INFO || h->method == SIP_REFER || h->method == SIP_NOTIFY)
		return h->r->talk.to ? CTALG_TALK_CALL : CTALG_TALK_NONE;
	return CTALG_TALK_NONE;
}

static bool is_success(const struct sip_head *h)
{
	return h->status >= 200 && h->status < 300;
}

/* A request, or an answer that says yes or nothing yet. */
static bool is_going_on(const struct sip_head *h)
{
	return h->status < 300;
}

static u32 talk_expires(const struct sip_head *h)
{
	bool all = (h->flags & SIP_FLAG_ALL) && !h->expires && !h->status;

	if (h->r->talk.kind == CTALG_TALK_BINDING)
		return all ? 0 : CTALG_NO_SECONDS;
	return !h->status || is_success(h) ? h->session : CTALG_NO_SECONDS;
}

static void report_talk(struct sip_head *h)
{
	struct ctalg_talk *t = &h->r->talk;

	t->kind = talk_kind(h);
	t->method = sip_means[h->method];
	t->status = h->status;
	t->expires = talk_expires(h);
	t->reliable = h->status > 100 && h->status < 200 && (h->flags & SIP_FLAG_100REL);
	if (t->kind == CTALG_TALK_BINDING)
		t->key = h->aor;
}

/* Does the message say by its Contact where its sender is reached, and for how long? */
static bool contacts_last(const struct sip_head *h)
{
	switch (h->method) {
	case SIP_REGISTER:
		return !h->status || is_success(h);
	case SIP_INVITE:
	case SIP_UPDATE:
	case SIP_SUBSCRIBE:
	case SIP_NOTIFY:
	case SIP_REFER:
		return is_going_on(h);
	default:
		return false;
	}
}

static u32 contact_lasts(const struct sip_head *h, const struct sip_contact *c)
{
	if (h->method != SIP_REGISTER)
		return CTALG_NO_SECONDS;
	if (c->seconds != CTALG_NO_SECONDS)
		return c->seconds;
	if (h->expires != CTALG_NO_SECONDS || h->status)
		return h->expires;
	return SIP_CONTACT_SECONDS;
}

static void report_contacts(struct sip_head *h)
{
	u8 i;

	for (i = 0; i < h->n_contacts && contacts_last(h); i++) {
		const struct ctalg_want w = {
			.kind = CTALG_WANT_PATH,
			.endpoint = h->contact[i].endpoint,
			.seconds = contact_lasts(h, &h->contact[i]),
		};

		if (!ctalg_report_want_add(h->r, &w))
			break;
	}
}

/* What can't be known in part. */
static unsigned int head_reason(struct sip_head *h)
{
	static const u32 must = 1u << SIP_HEADER_CALL_ID | 1u << SIP_HEADER_CSEQ |
				1u << SIP_HEADER_FROM | 1u << SIP_HEADER_TO | 1u << SIP_HEADER_VIA;

	if ((h->seen & must) != must)
		return SIP_R_MISSING;
	if (h->status)
		h->method = sip_method_of(&h->rd, h->cseq);
	else if (!sip_span_same(&h->rd, h->verb, h->cseq))
		return SIP_R_CSEQ;
	return CTALG_R_NONE;
}

/* All headers, up to the blank line; @h's reader stands behind that. */
static unsigned int read_head(struct sip_head *h)
{
	unsigned int reason = CTALG_R_NONE, bad;
	enum sip_line_kind kind;
	struct sip_line line;

	while ((kind = sip_scan_line(&h->rd, &line)) != SIP_LINE_BLANK) {
		if (kind == SIP_LINE_CUT)
			return SIP_R_UNFINISHED;
		bad = kind == SIP_LINE_ODD ? (unsigned int)SIP_R_HEADER : sip_head_line(h, &line);
		if (!reason)
			reason = bad;
	}
	return reason ? reason : head_reason(h);
}

/* Nothing in the message can be relied on but who speaks, and of what. */
static void forget(struct ctalg_report *r)
{
	r->n_endpoints = 0;
	r->n_tokens = 0;
	r->n_wants = 0;
	r->n_strips = 0;
	r->full = false;
	memset(&r->talk, 0, sizeof(r->talk));
}

/*
 * The body: what Content-Length says, or else the rest of a datagram (RFC 3261, section 18.3). False if
 * not all of it is there.
 */
static bool find_body(const struct sip_head *h, struct ctalg_span *body)
{
	body->off = h->rd.pos;
	body->len = ctalg_rd_left(&h->rd);
	if (!sip_has(h, SIP_HEADER_CONTENT_LENGTH)) {
		if (sip_l4(h) == CTALG_L4_TCP)
			body->len = 0;
		return true;
	}
	if (h->length > body->len)
		return false;
	body->len = h->length;
	return true;
}

/* Where a report stood before the body was looked into. */
struct mark {
	u16 endpoints, tokens, wants;
	u8 ice;
};

/* Rather leave the body alone than change it and not its length. */
static void report_length(struct sip_head *h, struct ctalg_span body, const struct mark *before)
{
	struct ctalg_report *r = h->r;

	if (!h->digits.len || ctalg_report_length(r, h->digits, body))
		return;
	r->n_endpoints = before->endpoints;
	r->n_tokens = before->tokens;
	r->n_wants = before->wants;
	r->ice = before->ice;
	r->talk.describes = false;
	r->n_lengths = 0;
}

static void read_body(struct sip_head *h)
{
	struct ctalg_report *r = h->r;
	const struct mark before = { r->n_endpoints, r->n_tokens, r->n_wants, r->ice };
	struct ctalg_span body;

	if (!find_body(h, &body)) {
		r->reason = SIP_R_LENGTH;
		return;
	}
	if (body.len && !(h->flags & SIP_FLAG_ENCODED) &&
	    ctalg_mime_parse(h->m->data, h->m->len, h->type, body, r, &r->talk.describes))
		r->reason = SIP_R_BODY;
	report_length(h, body, &before);
}

static void read_message(struct sip_head *h, enum sip_start start)
{
	struct ctalg_report *r = h->r;

	r->reason = (u16)read_head(h);
	r->back.len = h->rd.pos;
	if (start == SIP_START_ODD)
		r->reason = SIP_R_START_LINE;
	else if (start == SIP_START_VERSION)
		r->reason = SIP_R_VERSION;
	if (r->reason) {
		forget(r);
		/* Servers are more or less strict, and find another user or method in it, or none. */
		if (!h->status)
			r->ops |= CTALG_OP_AMBIGUOUS;
		return;
	}
	if (sip_is_disguised(&h->rd, r->user))
		r->ops |= CTALG_OP_AMBIGUOUS;
	report_talk(h);
	report_contacts(h);
	read_body(h);
}

static void report_kind(struct sip_head *h)
{
	struct ctalg_report *r = h->r;

	if (h->status) {
		r->kind = SIP_KIND_ANSWER;
		return;
	}
	r->kind = (u16)(SIP_KIND_REQUEST + h->method);
	r->command = h->method;
	r->ops |= h->method == SIP_ACK ? CTALG_OP_TELLS : CTALG_OP_ASKS;
	/* Escaped or not, it is the same number or name (RFC 3261, section 19.1.4). */
	if (sip_is_disguised(&h->rd, r->object))
		r->ops |= CTALG_OP_AMBIGUOUS;
}

static void sip_parse(void *state, const struct ctalg_message *m, struct ctalg_report *r)
{
	struct sip_state *st = state;
	struct sip_head h = {
		.m = m,
		.r = r,
		.expires = CTALG_NO_SECONDS,
		.session = CTALG_NO_SECONDS,
	};
	enum sip_start start;

	ctalg_rd_init(&h.rd, m->data, m->len);
	start = sip_read_start(&h);
	if (start == SIP_START_ALIVE) {
		r->kind = SIP_KIND_ALIVE;
		return;
	}
	if (start == SIP_START_NONE) {
		r->reason = CTALG_R_NOT_OURS;
		/* Some servers skip what stands before a request. */
		r->ops = CTALG_OP_AMBIGUOUS;
		return;
	}
	if (st)
		st->anchored[m->dir] = true;
	report_kind(&h);
	read_message(&h, start);
}

const struct ctalg_proto sip_proto = {
	.name = "sip",
	.l4 = CTALG_L4_UDP,
	.l4_too = CTALG_L4_TCP,
	.port = 5060,
	.text = true,
	.lists = true,
	.state_size = sizeof(struct sip_state),
	.session = "call",
	.kinds = sip_kinds,
	.n_kinds = ARRAY_SIZE(sip_kinds),
	.reasons = sip_reasons,
	.n_reasons = ARRAY_SIZE(sip_reasons),
	.commands = sip_commands,
	.n_commands = ARRAY_SIZE(sip_commands),
	.frame = sip_frame,
	.parse = sip_parse,
	.answer = sip_answer,
	.repeats = SIP_REPEAT_SECONDS,
	/* RFC 5626, section 3.5.1: to keep the connection alive. */
	.silence = "\r\n\r\n",
};
