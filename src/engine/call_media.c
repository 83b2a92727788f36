// SPDX-License-Identifier: GPL-2.0
#include "call_media.h"

void ctalg_media_named(struct ctalg_named *n, const struct ctalg_call_act *act)
{
	if (!n->first)
		n->first = act->round;
	n->party = act->party;
	if (n->latest < act->round)
		n->latest = act->round;
}

bool ctalg_media_is_lines(const struct ctalg_opening *at)
{
	return at->kind == CTALG_WANT_MEDIA &&
	       !(at->flags & (CTALG_WANT_CANDIDATE | CTALG_WANT_RTCP));
}

bool ctalg_media_is_others(const struct ctalg_named *n, const struct ctalg_call_act *act)
{
	return n->party != act->party && (!act->other || n->party == act->other);
}

void ctalg_media_from(struct ctalg_opening *o, const struct ctalg_view *v,
		      const struct ctalg_opening *theirs)
{
	if (!o->from_len && ctalg_addr_eq(&o->from, &v->peer))
		o->from = theirs->inside;
}

bool ctalg_media_may_turn(const struct ctalg_opening *at, const struct ctalg_named *n,
			  const struct ctalg_call_act *act, const struct ctalg_opening *mine)
{
	return at->kind == CTALG_WANT_MEDIA && ctalg_media_is_others(n, act) && !at->from_len &&
	       at->from.family != CTALG_AF_NONE && !ctalg_addr_eq(&mine->inside, &at->from);
}

void ctalg_media_flags(u8 *flags, u16 lines, const struct ctalg_report *r)
{
	const struct ctalg_want *w;
	u16 i;

	memset(flags, 0, lines);
	for (i = 0; i < r->n_wants; i++) {
		w = &r->want[i];
		if (w->kind == CTALG_WANT_MEDIA && w->line < lines)
			flags[w->line] |= w->flags;
	}
}

bool ctalg_media_any_ends(const struct ctalg_call_act *act)
{
	return act->reverts || act->alone || act->settles || act->gone[0] || act->gone[1];
}

/* Offer and answer agree. */
static enum ctalg_media_end media_settles(const struct ctalg_opening *at,
					  const struct ctalg_named *n,
					  const struct ctalg_call_act *act, const u8 *flags,
					  u16 lines)
{
	u8 says = flags && at->line < lines ? flags[at->line] : 0;

	if (n->party != act->party && n->party != act->other)
		return CTALG_MEDIA_STAYS;
	if (n->latest < act->round)
		return CTALG_MEDIA_REPLACED;
	if (says & CTALG_WANT_CLOSED)
		return CTALG_MEDIA_DECLINED;
	if (says & CTALG_WANT_MUX && at->flags & CTALG_WANT_RTCP)
		return CTALG_MEDIA_MUXED;
	return CTALG_MEDIA_STAYS;
}

enum ctalg_media_end ctalg_media_ends(const struct ctalg_opening *at, const struct ctalg_named *n,
				      const struct ctalg_call_act *act, const u8 *flags, u16 lines)
{
	if (at->kind != CTALG_WANT_MEDIA)
		return CTALG_MEDIA_STAYS;
	if (act->reverts && n->first == act->round)
		return CTALG_MEDIA_FAILED;
	if (act->alone && n->party != act->party && n->party != act->other)
		return CTALG_MEDIA_ALONE;
	if (n->party && (n->party == act->gone[0] || n->party == act->gone[1]))
		return CTALG_MEDIA_GONE;
	return act->settles ? media_settles(at, n, act, flags, lines) : CTALG_MEDIA_STAYS;
}
