// SPDX-License-Identifier: GPL-2.0
#include "repeat.h"

enum {
	/* Entries of a row: all of a row are looked at. */
	ROW = 8,
	ROW_BYTES = ROW * sizeof(struct ctalg_repeat),
	ROWS_FIRST = 4,
	ROWS_MAX = CTALG_REPEATS_MAX / ROW,
};

static struct ctalg_repeat *row_of(const struct ctalg_buffer *table, u64 sum)
{
	u32 rows = table->len / ROW_BYTES;

	return (struct ctalg_repeat *)(void *)table->p + ROW * ((u32)sum & (rows - 1));
}

static bool is_alive(const struct ctalg_repeat *r, u32 now)
{
	return r->sum && (s32)(r->until - now) > 0;
}

const struct ctalg_repeat *ctalg_repeats_find(struct ctalg_repeats *q, u64 sum, u32 now)
{
	struct ctalg_repeat *row;
	u32 i;

	if (!q->table.len)
		return NULL;
	row = row_of(&q->table, sum);
	for (i = 0; i < ROW; i++) {
		if (row[i].sum != sum || !is_alive(&row[i], now))
			continue;
		if (row[i].times >= CTALG_REPEATS_FREE)
			return NULL;
		row[i].times++;
		return &row[i];
	}
	return NULL;
}

/* The place for one: its own from before, one that is free, or that of the oldest. */
static struct ctalg_repeat *place_for(const struct ctalg_buffer *table, u64 sum, u32 now)
{
	struct ctalg_repeat *row = row_of(table, sum), *best = row;
	u32 i;

	for (i = 0; i < ROW; i++) {
		if (row[i].sum == sum)
			return &row[i];
		if (!is_alive(best, now))
			continue;
		if (!is_alive(&row[i], now) || (s32)(row[i].until - best->until) < 0)
			best = &row[i];
	}
	return best;
}

/* Twice as many rows, if there may be. */
static bool grow(struct ctalg_repeats *q, u32 now, const struct ctalg_memory *mem)
{
	u32 rows = q->table.len ? 2 * (q->table.len / ROW_BYTES) : (u32)ROWS_FIRST, i;
	struct ctalg_buffer larger = { .len = 0 };
	const struct ctalg_repeat *old = (const void *)q->table.p;

	if (rows > ROWS_MAX ||
	    !ctalg_buffer_room(&larger, rows * ROW_BYTES, ROWS_MAX * ROW_BYTES, mem))
		return false;
	larger.len = rows * ROW_BYTES;
	memset(larger.p, 0, larger.len);
	for (i = 0; i < q->table.len / sizeof(*old); i++)
		if (is_alive(&old[i], now))
			*place_for(&larger, old[i].sum, now) = old[i];
	ctalg_buffer_free(&q->table, mem);
	q->table = larger;
	return true;
}

void ctalg_repeats_add(struct ctalg_repeats *q, const struct ctalg_repeat *r, u32 now,
		       const struct ctalg_memory *mem)
{
	struct ctalg_repeat *place;

	if (!q->table.len && !grow(q, now, mem))
		return;
	do
		place = place_for(&q->table, r->sum, now);
	while (place->sum != r->sum && is_alive(place, now) && grow(q, now, mem));
	*place = *r;
}

void ctalg_repeats_free(struct ctalg_repeats *q, const struct ctalg_memory *mem)
{
	ctalg_buffer_free(&q->table, mem);
}
