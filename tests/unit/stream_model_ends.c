// SPDX-License-Identifier: GPL-2.0
/* The model's links and ends: TCP as far as it matters, every timer at any time. */
#include "stream_model.h"

void link_put(const struct model *m, struct link *l, const struct packet *p)
{
	u32 copies = chance(100) < m->loss ? 0 : chance(100) < m->dup ? 2 : 1, at;

	for (; copies && l->n < LINK_MAX; copies--) {
		struct packet c = *p;

		c.data = exact(p->data, p->len);
		at = m->ordered || chance(5) ? l->n : chance(l->n + 1);
		memmove(&l->q[at + 1], &l->q[at], (l->n - at) * sizeof(c));
		l->q[at] = c;
		l->n++;
	}
}

bool link_get(struct link *l, struct packet *p)
{
	if (!l->n)
		return false;
	*p = l->q[0];
	memmove(&l->q[0], &l->q[1], --l->n * sizeof(*p));
	return true;
}

static u32 window(const struct end *e)
{
	u32 used = e->rcv - e->taken;

	return e->room > used ? e->room - used : 0;
}

/* The first block above what is received without a hole. */
static void add_block(const struct end *e, u32 isn, struct packet *p)
{
	u32 i = e->rcv;

	while (i < e->top && !e->have[i])
		i++;
	if (i >= e->top)
		return;
	p->block_left = isn + i;
	while (i < e->top && e->have[i])
		i++;
	p->block_right = isn + i;
}

/* Every packet acknowledges. */
static void end_put(struct model *m, u8 dir, struct packet *p)
{
	struct end *e = &m->end[dir];
	u32 isn = m->end[!dir].text.isn, at = p->seq - e->text.isn;

	p->ack = isn + e->rcv;
	p->window = window(e);
	p->urgent = e->point > at && at != ~0U;
	p->point = e->text.isn + e->point;
	add_block(e, isn, p);
	e->told = e->rcv;
	e->pending = false;
	link_put(m, &m->in[dir], p);
}

static void end_ack(struct model *m, u8 dir)
{
	struct packet p = { .seq = m->end[dir].text.isn + m->end[dir].nxt };

	end_put(m, dir, &p);
}

/* Whoever has sent FIN may send it again with or without the data before it. */
static bool send_data(struct model *m, u8 dir, u32 from, u32 most, bool force)
{
	struct end *e = &m->end[dir];
	struct text *t = &e->text;
	u32 start = min(from, t->len), to = start + min(most, t->len - start);
	struct packet p = { .seq = t->isn + start, .data = t->say + start };

	if (to > e->edge && !force)
		to = e->edge > start ? e->edge : start;
	p.len = to - start;
	p.fin = to == t->len && (!e->late_fin || !p.len || chance(2));
	if (!p.len && !p.fin)
		return false;
	if (!chance(40) && to > start)
		e->point = start + 1 + chance(to - start);
	end_put(m, dir, &p);
	if (to + p.fin > e->nxt)
		e->nxt = to + p.fin;
	return true;
}

/* From the first byte not known to be received to the next that is. */
static void send_again(struct model *m, u8 dir, u32 most)
{
	struct end *e = &m->end[dir];
	u32 from = e->una, to;

	while (e->uses_sack && from < e->nxt && e->sacked[from])
		from++;
	if (from == e->nxt)
		from = e->una;
	for (to = from; to < e->nxt && to - from < most && !e->sacked[to]; to++)
		;
	send_data(m, dir, from, e->uses_sack && to > from ? to - from : most, true);
}

/* A keep-alive, or a probe of a closed window, of either kind. */
static void send_probe(struct model *m, u8 dir)
{
	struct end *e = &m->end[dir];
	struct packet p = { .seq = e->text.isn + e->una - 1 };

	if (e->edge <= e->nxt && e->nxt < e->text.len && chance(2))
		send_data(m, dir, e->nxt, 1, true);
	else
		end_put(m, dir, &p);
}

static u32 send_size(const struct end *e)
{
	return 1 + chance(e->size);
}

/* The timers: at any time, in calm only the one that may not be waited for. */
static bool end_timer(struct model *m, u8 dir)
{
	struct end *e = &m->end[dir];

	if (e->pending && (m->calm || !chance(8))) {
		end_ack(m, dir);
		return true;
	}
	if (m->calm)
		return false;
	if (!chance(30))
		send_probe(m, dir);
	else if (e->una < e->nxt && !chance(3))
		send_again(m, dir, send_size(e));
	else if (e->una < e->nxt && !chance(10))
		send_data(m, dir, e->una + chance(e->nxt - e->una), send_size(e), true);
	else
		return false;
	return true;
}

/* The program reads at its own pace, and the room for it may shrink for a while. */
static void end_program(struct model *m, u8 dir)
{
	struct end *e = &m->end[dir];
	u32 before = window(e);

	if (!e->slow)
		e->taken = e->rcv;
	else if (!chance(8))
		e->taken += chance(2) ? e->rcv - e->taken : chance(e->rcv - e->taken + 1);
	if (e->slow && !chance(50))
		e->room = chance(2) ? e->room_max : chance(e->room_max);
	if (!before && window(e) && chance(4))
		end_ack(m, dir);
}

/* Returns false when there is nothing to do. */
bool end_step(struct model *m, u8 dir)
{
	struct end *e = &m->end[dir];
	u32 size = send_size(e);

	end_program(m, dir);
	if (m->in[dir].n > LINK_MAX / 2)
		return false;
	if (!m->calm && end_timer(m, dir))
		return true;
	/* Nagle: less than a full segment waits while anything is unacknowledged. */
	if (e->nxt <= e->text.len && (!e->nagle || e->una == e->nxt) &&
	    send_data(m, dir, e->nxt, size, false))
		return true;
	return m->calm && end_timer(m, dir);
}

/* What is called received has been received, all that became of it. */
static void take_block(struct model *m, u8 dir, u32 left, u32 right)
{
	struct end *e = &m->end[dir];
	u32 r, s;

	assert_true(left < right && right <= e->nxt);
	for (r = e->text.place[left]; e->text.exact && r < e->text.place[right]; r++)
		assert_true(m->end[!dir].have[r]);
	for (s = left; s < right; s++)
		e->sacked[s] = true;
}

/* With SACK only an acknowledgement that tells of a hole is the sign of a loss. */
static bool is_dup_ack(const struct end *e, const struct packet *p)
{
	if (e->uses_sack)
		return p->block_left != p->block_right;
	return !p->len && !p->fin && p->window == e->last_window && e->nxt > e->una;
}

/* One byte before the first is how an acknowledgement that was overtaken may look. */
static void take_ack(struct model *m, u8 dir, const struct packet *p)
{
	struct end *e = &m->end[dir];
	u32 ack = p->ack - e->text.isn, left = p->block_left - e->text.isn;

	assert_true(ack + 1 <= e->nxt + 1);
	if (ack == ~0U || ack < e->una)
		return;
	if (p->block_left != p->block_right)
		take_block(m, dir, left, p->block_right - e->text.isn);
	if (ack > e->una)
		e->dup_acks = 0;
	else if (is_dup_ack(e, p))
		e->dup_acks++;
	e->una = ack;
	e->edge = ack + p->window;
	e->last_window = p->window;
	if (e->dup_acks == 3)
		send_again(m, dir, 1460);
}

static void take_byte(struct model *m, u8 dir, u32 off, u8 c)
{
	const struct text *t = &m->end[!dir].text;
	struct end *e = &m->end[dir];

	if (e->have[off])
		assert_int_equal(c, e->got[off]);
	if (t->exact)
		assert_int_equal(c, t->want[off]);
	e->got[off] = c;
	e->have[off] = true;
}

static void take_data(struct model *m, u8 dir, const struct packet *p)
{
	const struct text *t = &m->end[!dir].text;
	struct end *e = &m->end[dir];
	u32 i, off = p->seq - t->isn, edge = e->rcv + window(e);

	for (i = 0; i < p->len + p->fin; i++, off++) {
		if ((s32)off < (s32)e->rcv || off >= edge)
			continue;
		assert_true(off < WANT_MAX && (!t->exact || off <= t->want_len));
		if (off >= e->top)
			e->top = off + 1;
		if (i < p->len)
			take_byte(m, dir, off, p->data[i]);
		else
			e->have[e->fin_at = off] = true;
	}
	while (e->rcv < e->top && e->have[e->rcv])
		e->rcv++;
}

/* RFC 9293 3.10.7.4, as Linux has it: what is outside the window is answered, and not believed. */
static bool is_acceptable(const struct end *e, u32 off, u32 len)
{
	u32 edge = e->rcv + window(e);

	if ((s32)(off + len - e->told) < 0 || (s32)(off - edge) > 0)
		return false;
	return !e->strict || !len || e->taken == e->rcv || (s32)(off + len - edge) <= 0;
}

/* Only of what is new and in order the acknowledgement may wait. */
void end_packet(struct model *m, u8 dir, const struct packet *p)
{
	struct end *e = &m->end[dir];
	u32 rcv = e->rcv, off = p->seq - m->end[!dir].text.isn;

	if (!is_acceptable(e, off, p->len + p->fin)) {
		end_ack(m, dir);
		return;
	}
	take_ack(m, dir, p);
	take_data(m, dir, p);
	if (!p->len && !p->fin && (s32)(off + 1 - rcv) != 0)
		return;
	if (e->delayed && e->rcv > rcv && e->rcv == e->top && !e->pending)
		e->pending = true;
	else
		end_ack(m, dir);
}
