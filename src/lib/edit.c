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
	if (len > CTALG_EDITS_TEXT - (u32)e->used)
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
