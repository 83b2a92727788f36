// SPDX-License-Identifier: GPL-2.0
#include "refuse.h"

/* Request number @number, counted as ctalg_refusals.asked does, is answered with @a. */
struct refusal {
	u32 number;
	struct ctalg_answer a;
};

static struct refusal *oldest(const struct ctalg_refusals *q)
{
	return q->waiting.len ? (struct refusal *)(void *)q->waiting.p : NULL;
}

void ctalg_refusals_free(struct ctalg_refusals *q, const struct ctalg_memory *mem)
{
	ctalg_buffer_free(&q->waiting, mem);
}

static void refusal_forget(struct ctalg_refusals *q, const struct ctalg_memory *mem)
{
	q->waiting.len -= (u32)sizeof(struct refusal);
	if (q->waiting.len)
		memmove(q->waiting.p, q->waiting.p + sizeof(struct refusal), q->waiting.len);
	else
		ctalg_buffer_free(&q->waiting, mem);
}

/* What was found in the harmless request; @state becomes what it is after that. */
static bool harmless_parses(const struct ctalg_proto *proto, void *state, u8 dir, const char *text,
			    u32 len, struct ctalg_report *r)
{
	struct ctalg_message m = { .data = (const u8 *)text, .len = len, .dir = dir };
	u64 next[CTALG_PROTO_STATE / sizeof(u64)];

	ctalg_report_init(r);
	memcpy(next, state, proto->state_size);
	proto->parse(next, &m, r);
	if (r->ops != CTALG_OP_ASKS || r->reason || r->n_wants)
		return false;
	memcpy(state, next, proto->state_size);
	return true;
}

bool ctalg_refuse(struct ctalg_refusals *q, const struct ctalg_proto *proto, void *state,
		  const struct ctalg_message *m, const struct ctalg_answer *a,
		  struct ctalg_edits *e, struct ctalg_report *spare, const struct ctalg_memory *mem)
{
	const struct ctalg_span whole = { .off = 0, .len = m->len };
	struct refusal fresh = { .number = q->asked, .a = *a };
	u32 size = (u32)sizeof(fresh), len;
	char text[CTALG_ANSWER_MAX];

	if (!proto->harmless || !proto->answer)
		return false;
	len = proto->harmless(text, sizeof(text));
	if (!len || !ctalg_buffer_room(&q->waiting, size, CTALG_REFUSALS_MAX * size, mem))
		return false;
	if (!ctalg_edits_add(e, whole, text, len))
		return false;
	if (!harmless_parses(proto, state, m->dir, text, len, spare)) {
		ctalg_edits_cut(e, 0);
		return false;
	}
	memcpy(q->waiting.p + q->waiting.len, &fresh, size);
	q->waiting.len += size;
	q->asked++;
	return true;
}

static bool answer_replaced(const struct ctalg_proto *proto, const struct ctalg_message *m,
			    const struct ctalg_report *r, const struct ctalg_answer *a,
			    struct ctalg_edits *e)
{
	const struct ctalg_span whole = { .off = 0, .len = m->len };
	char text[CTALG_ANSWER_MAX];
	u32 len;

	if (!proto->answer || !(r->ops & CTALG_OP_ANSWERS))
		return false;
	len = proto->answer(r, NULL, a, text, sizeof(text));
	return len && ctalg_edits_add(e, whole, text, len);
}

static void requests_answered(struct ctalg_refusals *q, u32 ops, const struct ctalg_memory *mem)
{
	if (ops & CTALG_OP_ANSWERED_ALL) {
		q->answered = q->asked;
		ctalg_buffer_free(&q->waiting, mem);
	} else if (ops & CTALG_OP_ANSWERED && q->answered != q->asked) {
		if (q->waiting.len && oldest(q)->number == q->answered)
			refusal_forget(q, mem);
		q->answered++;
	}
}

bool ctalg_refusals_note(struct ctalg_refusals *q, const struct ctalg_proto *proto,
			 const struct ctalg_message *m, const struct ctalg_report *r,
			 struct ctalg_edits *e, const struct ctalg_memory *mem)
{
	const struct refusal *first = oldest(q);
	bool replaced = false;

	if (r->ops & CTALG_OP_ASKS)
		q->asked++;
	if (first && first->number == q->answered)
		replaced = answer_replaced(proto, m, r, &first->a, e);
	requests_answered(q, r->ops, mem);
	return replaced;
}

bool ctalg_refuse_answer(const struct ctalg_proto *proto, const struct ctalg_message *m,
			 const struct ctalg_report *r, const struct ctalg_answer *a,
			 struct ctalg_edits *e)
{
	/* What has been said of it already, or is going to be, would not fit any more. */
	if (!(r->ops & CTALG_OP_ANSWERED) || r->ops & CTALG_OP_PART)
		return false;
	return answer_replaced(proto, m, r, a, e);
}
