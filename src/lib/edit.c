// SPDX-License-Identifier: GPL-2.0
#include <ctalg/edit.h>

static u32 span_end(struct ctalg_span at)
{
	return at.off + at.len;
}

static bool span_overlaps(struct ctalg_span a, struct ctalg_span b)
{
	return a.off < span_end(b) && b.off < span_end(a);
}

static bool edits_has_room(const struct ctalg_edits *e, u32 n, u32 len)
{
	return (u32)e->n + e->later + n <= e->room->edits && len <= e->room->bytes - (u32)e->used;
}

/* @n more, with @len bytes of text, here or in a larger room. */
static bool edits_room(struct ctalg_edits *e, u32 n, u32 len)
{
	if (edits_has_room(e, n, len))
		return true;
	return e->grow && e->grow(e) && edits_has_room(e, n, len);
}

bool ctalg_edits_fit(struct ctalg_edits *e, u32 len)
{
	return edits_room(e, 1, len);
}

/* The first of those that are set aside. */
static struct ctalg_edit *later_first(const struct ctalg_edits *e)
{
	return e->edit + e->room->edits - e->later;
}

void ctalg_edits_move(struct ctalg_edits *e, const struct ctalg_edits_room *room)
{
	const struct ctalg_edit *edit = e->edit, *later = later_first(e);
	const char *text = e->text;

	ctalg_edits_use(e, room);
	memcpy(e->edit, edit, e->n * sizeof(*edit));
	memcpy(later_first(e), later, e->later * sizeof(*later));
	memcpy(e->text, text, e->used);
}

void ctalg_edits_open(struct ctalg_edits *e)
{
	e->later = e->n;
	e->n = 0;
	memmove(later_first(e), e->edit, e->later * sizeof(e->edit[0]));
}

const struct ctalg_span *ctalg_edits_peek(const struct ctalg_edits *e)
{
	return e->later ? &later_first(e)->at : NULL;
}

void ctalg_edits_pass(struct ctalg_edits *e)
{
	if (!e->later)
		return;
	e->edit[e->n++] = *later_first(e);
	e->later--;
}

void ctalg_edits_close(struct ctalg_edits *e)
{
	memmove(e->edit + e->n, later_first(e), e->later * sizeof(e->edit[0]));
	e->n = (u16)(e->n + e->later);
	e->later = 0;
}

bool ctalg_edits_add(struct ctalg_edits *e, struct ctalg_span at, const char *text, u32 len)
{
	u16 where = e->n;

	if (!ctalg_edits_fit(e, len))
		return false;
	for (; where && span_end(e->edit[where - 1].at) > at.off; where--)
		if (span_overlaps(e->edit[where - 1].at, at))
			return false;
	if (where < e->n)
		memmove(&e->edit[where + 1], &e->edit[where],
			(u32)(e->n - where) * sizeof(e->edit[0]));
	e->edit[where].at = at;
	e->edit[where].text = e->used;
	e->edit[where].len = (u16)len;
	memcpy(e->text + e->used, text, len);
	e->used = (u16)(e->used + len);
	e->n++;
	return true;
}

bool ctalg_edits_set(struct ctalg_edits *e, struct ctalg_span at, const char *text, u32 len)
{
	u16 i;

	for (i = 0; i < e->n; i++)
		if (e->edit[i].at.off == at.off && e->edit[i].at.len == at.len)
			break;
	if (i == e->n)
		return ctalg_edits_add(e, at, text, len);
	if (!edits_room(e, 0, len))
		return false;
	e->edit[i].text = e->used;
	e->edit[i].len = (u16)len;
	memcpy(e->text + e->used, text, len);
	e->used = (u16)(e->used + len);
	return true;
}

void ctalg_edits_cut(struct ctalg_edits *e, u16 n)
{
	u16 i, used = 0;

	if (n >= e->n)
		return;
	e->n = n;
	for (i = 0; i < n; i++)
		if (e->edit[i].text + e->edit[i].len > used)
			used = (u16)(e->edit[i].text + e->edit[i].len);
	e->used = used;
}

void ctalg_edits_forget(struct ctalg_edits *e, u16 used)
{
	u16 i, n = 0;

	for (i = 0; i < e->n; i++)
		if (!e->edit[i].len || e->edit[i].text < used)
			e->edit[n++] = e->edit[i];
	e->n = n;
	e->used = used;
}

s32 ctalg_edits_delta(const struct ctalg_edits *e)
{
	s32 delta = 0;
	u16 i;

	for (i = 0; i < e->n; i++)
		delta += (s32)e->edit[i].len - (s32)e->edit[i].at.len;
	return delta;
}

static bool out_add(u8 *out, u32 cap, u32 *used, const void *from, u32 n)
{
	if (n > cap - *used)
		return false;
	memcpy(out + *used, from, n);
	*used += n;
	return true;
}

u32 ctalg_edits_apply(const struct ctalg_edits *e, const u8 *in, u32 len, u8 *out, u32 cap)
{
	u32 pos = 0, used = 0;
	u16 i;

	for (i = 0; i < e->n; i++) {
		const struct ctalg_edit *ed = &e->edit[i];

		if (ed->at.off < pos || ed->at.off > len || ed->at.len > len - ed->at.off)
			return 0;
		if (!out_add(out, cap, &used, in + pos, ed->at.off - pos) ||
		    !out_add(out, cap, &used, e->text + ed->text, ed->len))
			return 0;
		pos = ed->at.off + ed->at.len;
	}
	return out_add(out, cap, &used, in + pos, len - pos) ? used : 0;
}
