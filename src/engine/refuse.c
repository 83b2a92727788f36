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
	ctalg_buffer_free(&q->owed[CTALG_DIR_ORIG], mem);
	ctalg_buffer_free(&q->owed[CTALG_DIR_REPLY], mem);
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

/* Each answer that is owed has its length before it. */
static u32 owed_first(const struct ctalg_buffer *owed)
{
	u16 len;

	if (!owed->len)
		return 0;
	memcpy(&len, owed->p, sizeof(len));
	return len;
}

static void owed_forget(struct ctalg_buffer *owed, const struct ctalg_memory *mem)
{
	u32 n = owed_first(owed) + (u32)sizeof(u16);

	owed->len -= n;
	if (owed->len)
		memmove(owed->p, owed->p + n, owed->len);
	else
		ctalg_buffer_free(owed, mem);
}

static void owe(struct ctalg_buffer *owed, const struct ctalg_proto *proto,
		const struct ctalg_message *m, const struct ctalg_report *r,
		const struct ctalg_answer *a, const struct ctalg_memory *mem)
{
	u32 most = CTALG_ANSWER_DATAGRAM;
	u16 len;

	if (!proto->answer || !(r->ops & CTALG_OP_ASKS) ||
	    !ctalg_buffer_room(owed, (u32)sizeof(len) + most, CTALG_REFUSALS_OWED, mem))
		return;
	len = (u16)proto->answer(r, m, a, (char *)owed->p + owed->len + sizeof(len), most);
	if (len) {
		memcpy(owed->p + owed->len, &len, sizeof(len));
		owed->len += (u32)sizeof(len) + len;
	} else if (!owed->len) {
		ctalg_buffer_free(owed, mem);
	}
}

bool ctalg_refuse_silently(struct ctalg_refusals *q, const struct ctalg_proto *proto,
			   const struct ctalg_message *m, const struct ctalg_report *r,
			   const struct ctalg_answer *a, struct ctalg_edits *e,
			   const struct ctalg_memory *mem)
{
	const struct ctalg_span whole = { .off = 0, .len = m->len };
	u32 len = 0;

	while (proto->silence[len])
		len++;
	if (!ctalg_edits_add(e, whole, proto->silence, len))
		return false;
	owe(&q->owed[m->dir == CTALG_DIR_ORIG ? CTALG_DIR_REPLY : CTALG_DIR_ORIG], proto, m, r, a,
	    mem);
	return true;
}

u16 ctalg_refusals_deliver(struct ctalg_refusals *q, const struct ctalg_message *m,
			   struct ctalg_edits *e, const struct ctalg_memory *mem)
{
	static const struct ctalg_span before = { .off = 0, .len = 0 };
	struct ctalg_buffer *owed = &q->owed[m->dir];
	u16 n = 0;
	u32 len;

	while ((len = owed_first(owed)) && e->used + len <= CTALG_EDITS_TEXT / 2 &&
	       ctalg_edits_add(e, before, (const char *)owed->p + sizeof(u16), len)) {
		owed_forget(owed, mem);
		n++;
	}
	return n;
}

u16 ctalg_refusals_delivered(const struct ctalg_edits *e)
{
	u16 n = 0;

	while (n < e->n && !e->edit[n].at.off && !e->edit[n].at.len)
		n++;
	return n;
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
