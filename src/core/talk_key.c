// SPDX-License-Identifier: GPL-2.0
/*
 * By which key a message's session is found. It is the same on both sides, although there what the
 * session is called may have an address of the other side in it, or a name that stands for one.
 */
#include <ctalg.h>

#include "core.h"

enum {
	/* So many parts of a key may have another name on the other side; work is bounded by that. */
	TALK_PARTS = 8,
};

/* What the inside end of a flow calls an address that NAT or hiding may have changed. */
static const struct ctalg_addr *addr_within(const struct ctalg_view *v, const struct ctalg_addr *a)
{
	if (ctalg_addr_eq(a, &v->self_out))
		return &v->self;
	return ctalg_addr_eq(a, &v->peer_out) ? &v->peer : a;
}

/* The first address that the parser has found. @self: it is the sender's own. */
static bool part_token(const struct ctalg_report *r, const struct ctalg_view *v,
		       struct ctalg_span in, struct ctalg_alias_found *f, bool *self)
{
	const struct ctalg_token *first = NULL;
	const struct ctalg_addr *a;
	u16 i;

	for (i = 0; i < r->n_tokens; i++) {
		const struct ctalg_token *t = &r->token[i];

		if (t->at.off >= in.off && t->at.off - in.off < in.len &&
		    (!first || t->at.off < first->at.off))
			first = t;
	}
	if (!first)
		return false;
	a = &r->endpoint[first->endpoint].addr;
	*self = ctalg_addr_eq(a, &v->self);
	f->at = first->at;
	f->at.len = min(f->at.len, in.off + in.len - f->at.off);
	f->len = ctalg_addr_write(addr_within(v, a), f->text, sizeof(f->text));
	return true;
}

/* The first that goes out under a name, or name that has come back. */
static bool part_hidden(const struct ctalg_talker *t, const struct ctalg_message *m,
			const struct ctalg_report *r, struct ctalg_span in,
			struct ctalg_alias_found *f)
{
	if (t->alias)
		return ctalg_alias_find(t->alias, m, in, f);
	if (!t->hide || !ctalg_hide_find(t->hide, m, r, in, &f->at))
		return false;
	f->len = f->at.len;
	memcpy(f->text, m->data + f->at.off, f->len);
	return true;
}

static bool parts_overlap(struct ctalg_span a, struct ctalg_span b)
{
	return a.off < b.off + b.len && b.off < a.off + a.len;
}

/* The first part that has another name on the other side; its text is the one inside. */
static bool part_find(const struct ctalg_talker *t, const struct ctalg_message *m,
		      const struct ctalg_report *r, const struct ctalg_view *v,
		      struct ctalg_span in, struct ctalg_alias_found *f)
{
	struct ctalg_alias_found hidden;
	bool self;

	if (!part_hidden(t, m, r, in, &hidden))
		return part_token(r, v, in, f, &self);
	/* The sender's own address goes out as NAT says, where the parser has found it. */
	if (part_token(r, v, in, f, &self) &&
	    (parts_overlap(f->at, hidden.at) ? self : f->at.off < hidden.at.off))
		return true;
	*f = hidden;
	return true;
}

/**
 * struct talk_sum - a key that is being put together
 * @live: whose
 * @kind: enum ctalg_talk_kind
 * @sum: of what there has been so far, and the latest part
 */
struct talk_sum {
	const struct ctalg_live *live;
	u8 kind;
	u64 sum[2];
};

static void key_add(struct talk_sum *k, const u8 *data, u32 len)
{
	k->sum[1] = ctalg_session_key(k->live, k->kind, data, len);
	k->sum[0] = ctalg_session_key(k->live, k->kind, (const u8 *)k->sum, sizeof(k->sum));
}

/* An address, without brackets. */
static void key_add_name(struct talk_sum *k, const struct ctalg_alias_found *f)
{
	bool brackets = f->len > 1 && f->text[0] == '[';

	key_add(k, (const u8 *)f->text + brackets, f->len - 2 * brackets);
}

/**
 * ctalg_talk_key() - by which key a message's session is found
 * @t: the message: what it hides, or who knows names in it
 * @m: it
 * @r: what it says
 * @v: the flow, seen from its sender
 *
 * Return: the key, never 0.
 */
u64 ctalg_talk_key(const struct ctalg_talker *t, const struct ctalg_message *m,
		   const struct ctalg_report *r, const struct ctalg_view *v)
{
	struct talk_sum k = { .live = t->mc->p->live, .kind = r->talk.kind };
	struct ctalg_span rest = r->talk.key;
	struct ctalg_alias_found f;
	u32 end = rest.off + rest.len, n;

	for (n = 0; n < TALK_PARTS && part_find(t, m, r, v, rest, &f); n++) {
		key_add(&k, m->data + rest.off, f.at.off - rest.off);
		key_add_name(&k, &f);
		rest.off = f.at.off + f.at.len;
		rest.len = end - rest.off;
	}
	if (!k.sum[0])
		return ctalg_session_key(k.live, k.kind, m->data + rest.off, rest.len);
	key_add(&k, m->data + rest.off, rest.len);
	return k.sum[0];
}
