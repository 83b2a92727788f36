// SPDX-License-Identifier: GPL-2.0
#include "journal.h"

enum { BUFFER_MIN = 256 };

bool ctalg_buffer_room(struct ctalg_buffer *b, u32 n, u32 max, const struct ctalg_memory *mem)
{
	u32 cap = b->cap ? b->cap : BUFFER_MIN;
	u8 *p;

	if (n > max || b->len > max - n)
		return false;
	if (b->len + n <= b->cap)
		return true;
	while (cap < b->len + n)
		cap *= 2;
	cap = min(cap, max);
	p = mem->alloc(mem->ctx, cap);
	if (!p)
		return false;
	if (b->len)
		memcpy(p, b->p, b->len);
	if (b->p)
		mem->free(mem->ctx, b->p, b->cap);
	b->p = p;
	b->cap = cap;
	return true;
}

void ctalg_buffer_free(struct ctalg_buffer *b, const struct ctalg_memory *mem)
{
	if (b->p)
		mem->free(mem->ctx, b->p, b->cap);
	memset(b, 0, sizeof(*b));
}

static s32 diff(u32 a, u32 b)
{
	return (s32)(a - b);
}

static struct ctalg_replacement *entries(const struct ctalg_journal *j)
{
	return (struct ctalg_replacement *)(void *)j->entries.p;
}

bool ctalg_journal_room(struct ctalg_journal *j, u32 n, u32 bytes, const struct ctalg_memory *mem)
{
	u32 size = (u32)sizeof(struct ctalg_replacement);

	return n <= CTALG_JOURNAL_ENTRIES &&
	       ctalg_buffer_room(&j->entries, n * size, CTALG_JOURNAL_ENTRIES * size, mem) &&
	       ctalg_buffer_room(&j->text, bytes, CTALG_JOURNAL_TEXT, mem);
}

void ctalg_journal_add(struct ctalg_journal *j, const struct ctalg_replacement *e, const u8 *text)
{
	memcpy(j->entries.p + j->entries.len, e, sizeof(*e));
	j->entries.len += (u32)sizeof(*e);
	memcpy(j->text.p + j->text.len, text, e->r_len);
	j->text.len += e->r_len;
}

void ctalg_journal_keep(struct ctalg_journal *j, u32 s, u32 r, const u8 *text, u32 len)
{
	struct ctalg_replacement e = { .s = s, .r = r, .s_len = len, .r_len = len, .kept = len };
	u32 n = ctalg_journal_n(j);
	struct ctalg_replacement *last = n ? entries(j) + n - 1 : NULL;

	if (!last || last->s + last->s_len != s || last->r + last->r_len != r) {
		ctalg_journal_add(j, &e, text);
		return;
	}
	last->s_len += len;
	last->r_len += len;
	last->kept += len;
	memcpy(j->text.p + j->text.len, text, len);
	j->text.len += len;
}

static void buffer_cut_front(struct ctalg_buffer *b, u32 n)
{
	b->len -= n;
	memmove(b->p, b->p + n, b->len);
}

void ctalg_journal_acked(struct ctalg_journal *j, u32 r, const struct ctalg_memory *mem)
{
	u32 n = ctalg_journal_n(j), gone = 0, bytes = 0;
	const struct ctalg_replacement *e = entries(j);

	while (gone < n && diff(e[gone].r + e[gone].r_len, r) <= 0)
		bytes += e[gone++].r_len;
	if (gone) {
		j->base_s = e[gone - 1].s + e[gone - 1].s_len;
		j->base_r = e[gone - 1].r + e[gone - 1].r_len;
	}
	if (gone == n) {
		ctalg_journal_free(j, mem);
	} else if (gone) {
		buffer_cut_front(&j->entries, gone * (u32)sizeof(*e));
		buffer_cut_front(&j->text, bytes);
	}
}

void ctalg_journal_free(struct ctalg_journal *j, const struct ctalg_memory *mem)
{
	ctalg_buffer_free(&j->entries, mem);
	ctalg_buffer_free(&j->text, mem);
}

/* The last entry that begins before @s (@by_r: before it in r), or NULL. */
static const struct ctalg_replacement *entry_before(const struct ctalg_journal *j, u32 x, bool by_r)
{
	const struct ctalg_replacement *e = entries(j);
	u32 lo = 0, hi = ctalg_journal_n(j);

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (diff(by_r ? e[mid].r : e[mid].s, x) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &e[lo - 1] : NULL;
}

u32 ctalg_journal_map(const struct ctalg_journal *j, u32 s, bool up)
{
	const struct ctalg_replacement *e = entry_before(j, s, false);

	if (!e)
		return j->base_r + (s - j->base_s);
	if (s - e->s < e->s_len)
		return up ? e->r + e->r_len : e->r;
	return e->r + e->r_len + (s - e->s - e->s_len);
}

u32 ctalg_journal_point(const struct ctalg_journal *j, u32 s)
{
	const struct ctalg_replacement *e = entry_before(j, s, false);
	u32 left;

	if (!e || s - e->s >= e->s_len)
		return ctalg_journal_map(j, s, true);
	left = e->s + e->s_len - s;
	return e->r + e->r_len - min(left, e->kept);
}

u32 ctalg_journal_unmap(const struct ctalg_journal *j, u32 r, bool up)
{
	const struct ctalg_replacement *e = entry_before(j, r, true);

	if (!e)
		return j->base_s + (r - j->base_r);
	if (r - e->r < e->r_len)
		return up ? e->s + e->s_len : e->s;
	return e->s + e->s_len + (r - e->r - e->r_len);
}

bool ctalg_journal_plain(const struct ctalg_journal *j, u32 s, u32 len)
{
	const struct ctalg_replacement *e = entry_before(j, s + len, false);

	return !len || !e || diff(e->s + e->s_len, s) <= 0;
}

static u32 text_offset(const struct ctalg_journal *j, u32 at)
{
	const struct ctalg_replacement *e = entries(j);
	u32 i, off = 0;

	for (i = 0; i < at; i++)
		off += e[i].r_len;
	return off;
}

static bool copy_plain(u32 s, u32 n, u32 seq, const u8 *data, u32 data_len, u8 *out)
{
	if (s - seq > data_len || n > data_len - (s - seq))
		return false;
	memcpy(out, data + (s - seq), n);
	return true;
}

bool ctalg_journal_copy(const struct ctalg_journal *j, u32 r, u32 len, u32 seq, const u8 *data,
			u32 data_len, u8 *out)
{
	const struct ctalg_replacement *e = entries(j);
	u32 n = ctalg_journal_n(j), i = 0, off, k;

	while (i < n && diff(e[i].r + e[i].r_len, r) <= 0)
		i++;
	off = text_offset(j, i);
	while (len) {
		if (i < n && diff(r, e[i].r) >= 0) {
			k = min(len, e[i].r + e[i].r_len - r);
			memcpy(out, j->text.p + off + (r - e[i].r), k);
			off += e[i++].r_len;
		} else {
			k = i < n ? min(len, e[i].r - r) : len;
			if (!copy_plain(ctalg_journal_unmap(j, r, true), k, seq, data, data_len,
					out))
				return false;
		}
		out += k;
		r += k;
		len -= k;
	}
	return true;
}
