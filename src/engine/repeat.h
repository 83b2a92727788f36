/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Datagrams that come again because nobody has answered: what limits have said of the first one
 * holds for those, and they do not count again.
 */
#ifndef CTALG_ENGINE_REPEAT_H
#define CTALG_ENGINE_REPEAT_H

#include "journal.h"

/** define CTALG_REPEATS_FREE - so often one may come again; then it counts (RFC 3261, section 17.1.2.2: ten times) */
#define CTALG_REPEATS_FREE 10
/** define CTALG_REPEATS_MAX - so many are remembered in one flow; of more, the oldest are forgotten */
#define CTALG_REPEATS_MAX 4096

/**
 * struct ctalg_repeat - a datagram that limits have been asked about
 * @sum: a hash of all its bytes that its sender cannot foresee; 0 for none
 * @until: when it is forgotten, in seconds
 * @limit: if @over, which limit
 * @times: how often it has come again
 * @over: it was too much
 */
struct ctalg_repeat {
	u64 sum;
	u32 until;
	u16 limit;
	u8 times;
	bool over;
};

/**
 * struct ctalg_repeats - one flow's
 * @table: struct ctalg_repeat, in rows whose number is a power of two
 */
struct ctalg_repeats {
	struct ctalg_buffer table;
};

/**
 * ctalg_repeats_find() - has this datagram come before
 * @q: the flow's
 * @sum: its hash
 * @now: in seconds
 *
 * Return: what was said of it, or NULL if it counts as a new one.
 */
const struct ctalg_repeat *ctalg_repeats_find(struct ctalg_repeats *q, u64 sum, u32 now);

/**
 * ctalg_repeats_add() - limits have been asked about a new one
 * @q: the flow's
 * @r: what they have said; @times is 0
 * @now: in seconds
 * @mem: where memory comes from; without it, older ones are forgotten
 */
void ctalg_repeats_add(struct ctalg_repeats *q, const struct ctalg_repeat *r, u32 now,
		       const struct ctalg_memory *mem);

/**
 * ctalg_repeats_free() - the flow ends
 * @q: its
 * @mem: where memory goes
 */
void ctalg_repeats_free(struct ctalg_repeats *q, const struct ctalg_memory *mem);

#endif /* CTALG_ENGINE_REPEAT_H */
