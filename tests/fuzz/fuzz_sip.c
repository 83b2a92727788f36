// SPDX-License-Identifier: GPL-2.0
/*
 * One message, after a byte that tells its direction and transport: through the parser, with other addresses
 * written into it through the parser again, into an answer, and cut anywhere through the framer.
 */
#include <ctalg/edit.h>

#include "fuzz_parse.h"
#include "helpers/sip/sip_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool overlap(struct ctalg_span a, struct ctalg_span b)
{
	return a.off < b.off + b.len && b.off < a.off + a.len;
}

static void check_tokens(const struct ctalg_report *r, u32 len)
{
	u32 i, k;

	for (i = 0; i < r->n_tokens; i++) {
		struct ctalg_span at = r->token[i].at;

		must(at.len && span_fits(at, len) && r->token[i].endpoint < r->n_endpoints);
		for (k = 0; k < i; k++)
			must(!overlap(at, r->token[k].at));
		for (k = 0; k < r->n_strips; k++)
			must(!overlap(at, r->strip[k]));
		for (k = 0; k < r->n_lengths; k++)
			must(!overlap(at, r->length[k].digits));
	}
}

static void check_lengths(const struct ctalg_report *r, u32 len)
{
	u32 i;

	for (i = 0; i < r->n_lengths; i++) {
		must(span_fits(r->length[i].digits, len) && r->length[i].digits.len);
		must(span_fits(r->length[i].body, len));
		must(r->length[i].digits.off < r->length[i].body.off);
	}
	for (i = 0; i < r->n_strips; i++)
		must(span_fits(r->strip[i], len) && r->strip[i].len);
}

/* What is wrong with the headers leaves nothing to be done. */
static bool is_unread(u16 reason)
{
	return reason && reason != SIP_R_BODY && reason != SIP_R_LENGTH;
}

static void check(const struct ctalg_report *r, u32 len)
{
	u32 i;

	must(r->kind < sip_proto.n_kinds && r->command < sip_proto.n_commands);
	must(r->reason == CTALG_R_NONE || r->reason == CTALG_R_NOT_OURS ||
	     (r->reason >= CTALG_R_PRIVATE && r->reason - CTALG_R_PRIVATE < sip_proto.n_reasons));
	must(!is_unread(r->reason) ||
	     !(r->n_endpoints | r->n_tokens | r->n_wants | r->n_lengths | r->n_strips));
	must(span_fits(r->user, len) && span_fits(r->object, len) && span_fits(r->talk.key, len));
	must(r->kind >= SIP_KIND_REQUEST || !(r->ops & ~(u32)CTALG_OP_AMBIGUOUS));
	must(!r->talk.kind || r->talk.key.len);
	check_tokens(r, len);
	check_lengths(r, len);
	for (i = 0; i < r->n_wants; i++)
		must(r->want[i].endpoint < r->n_endpoints ||
		     (r->want[i].endpoint == CTALG_NO_ENDPOINT &&
		      r->want[i].kind == CTALG_WANT_MEDIA));
}

/* In memory that ends where the message ends. */
static void parse(const struct ctalg_message *m, struct ctalg_report *r)
{
	struct sip_state state = { .anchored = { false } };
	struct ctalg_message copy = *m;
	u8 *data = malloc(m->len ? m->len : 1);

	must(data);
	if (m->len)
		memcpy(data, m->data, m->len);
	copy.data = data;
	ctalg_report_init(r);
	sip_proto.parse(&state, &copy, r);
	check(r, m->len);
	free(data);
}

/* A room that is soon full. */
struct tiny {
	struct ctalg_endpoint endpoint[2];
	struct ctalg_token token[3];
	struct ctalg_want want[1];
	u16 head[1];
	u16 next[2];
};

static struct tiny tiny;
static const struct ctalg_report_room tiny_room = CTALG_REPORT_ROOM(tiny);
static struct ctalg_report_large large;
static const struct ctalg_report_room large_room = CTALG_REPORT_ROOM(large);

static bool grow(struct ctalg_report *r)
{
	if (r->room == &large_room)
		return false;
	ctalg_report_move(r, &large_room);
	return true;
}

/* What is found does not depend on where it has to move meanwhile. */
static void check_grown(const struct ctalg_message *m, const struct ctalg_report *r)
{
	struct ctalg_report again = { .grow = grow };
	u32 i;

	ctalg_report_use(&again, &tiny_room);
	parse(m, &again);
	if (r->full)
		return;
	must(!again.full && again.reason == r->reason);
	must(again.n_endpoints == r->n_endpoints && again.n_tokens == r->n_tokens &&
	     again.n_wants == r->n_wants);
	must(!memcmp(again.endpoint, r->endpoint, r->n_endpoints * sizeof(*r->endpoint)));
	must(!memcmp(again.token, r->token, r->n_tokens * sizeof(*r->token)));
	for (i = 0; i < r->n_wants; i++)
		must(again.want[i].endpoint == r->want[i].endpoint &&
		     again.want[i].line == r->want[i].line &&
		     again.want[i].flags == r->want[i].flags);
}

static struct ctalg_addr other(const struct ctalg_addr *a)
{
	struct ctalg_addr b = *a;

	b.b[1] ^= 0x55;
	return b;
}

/* Of the headers, whose lengths nothing counts. */
static bool plan_others(const struct ctalg_message *m, const struct ctalg_report *r,
			struct ctalg_edits *e)
{
	u32 i, len;

	ctalg_edits_init(e);
	for (i = 0; i < r->n_tokens; i++) {
		const struct ctalg_token *t = &r->token[i];
		const struct ctalg_endpoint *ep = &r->endpoint[t->endpoint];
		const struct ctalg_addr a = other(&ep->addr);
		char text[CTALG_TOKEN_MAX];

		if (ep->role == CTALG_ROLE_MEDIA ||
		    (r->n_lengths && t->at.off > r->length[0].body.off))
			continue;
		len = ctalg_form_write(t->form, m->data[t->at.off], &a, ep->port, text,
				       sizeof(text));
		must(len);
		if (!ctalg_edits_add(e, t->at, text, len))
			return false;
	}
	return e->n;
}

/* The same is found in the same places, but for what was changed. */
static void check_edited(const struct ctalg_message *m, const struct ctalg_report *r)
{
	static u8 buf[65536 + 65536];
	struct ctalg_message out = *m;
	REPORT(again);
	EDITS(e);

	if (is_unread(r->reason) || r->full || !plan_others(m, r, &e))
		return;
	out.len = ctalg_edits_apply(&e, m->data, m->len, buf, sizeof(buf));
	must(out.len);
	out.data = buf;
	parse(&out, &again);
	must(again.kind == r->kind && again.reason == r->reason && again.ops == r->ops);
	must(again.n_tokens == r->n_tokens && again.n_wants == r->n_wants);
	must(again.talk.method == r->talk.method && again.talk.kind == r->talk.kind);
}

static void check_answer(const struct ctalg_message *m, const struct ctalg_report *r)
{
	const struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED, .command = r->command };
	const struct sip_state state = { .anchored = { true, true } };
	struct ctalg_message out = { .dir = !m->dir, .l4 = m->l4 };
	char buf[CTALG_ANSWER_DATAGRAM];
	REPORT(again);
	struct ctalg_frame f;

	out.len = sip_proto.answer(r, m, &a, buf, sizeof(buf));
	must(out.len <= sizeof(buf));
	if (!out.len)
		return;
	out.data = (const u8 *)buf;
	parse(&out, &again);
	must(again.kind == SIP_KIND_ANSWER && again.n_wants == 0);
	f = sip_proto.frame(&state, out.dir, 0, out.data, out.len);
	must(f.verdict == CTALG_FRAME_MESSAGE && f.n == out.len);
}

/* Fewer bytes never make a framer surer, but of a run of line ends. */
static void check_frame(const struct ctalg_message *m)
{
	const struct sip_state state = { .anchored = { m->len & 1, m->len & 1 } };
	struct ctalg_frame f, part;
	u32 cut = m->len / 2;

	if (!cut || *m->data == '\r' || *m->data == '\n')
		return;
	f = sip_proto.frame(&state, m->dir, 0, m->data, m->len);
	part = sip_proto.frame(&state, m->dir, 0, m->data, cut);
	must(f.verdict != CTALG_FRAME_MESSAGE || (f.n && f.n <= m->len));
	must(f.verdict != CTALG_FRAME_SKIP || f.n);
	must(part.verdict == CTALG_FRAME_MORE || part.verdict == f.verdict);
	if (part.verdict == CTALG_FRAME_MESSAGE || (part.verdict == CTALG_FRAME_MORE && part.n))
		must(part.n == f.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctalg_message m;
	REPORT(r);

	if (!size || size > 65536)
		return 0;
	m.data = data + 1;
	m.len = (u32)size - 1;
	m.dir = *data & 1;
	m.l4 = *data & 2 ? CTALG_L4_TCP : CTALG_L4_UDP;
	parse(&m, &r);
	check_grown(&m, &r);
	check_edited(&m, &r);
	check_answer(&m, &r);
	check_frame(&m);
	return 0;
}
