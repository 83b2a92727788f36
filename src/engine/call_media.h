/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Media of calls: which pinholes a message closes, and why, and whom others admit from then on. It
 * sees one pinhole at a time, as what was opened and who named it; whose it is to keep them it does not know.
 */
#ifndef CTALG_ENGINE_CALL_MEDIA_H
#define CTALG_ENGINE_CALL_MEDIA_H

#include "call.h"
#include "plan.h"

/**
 * struct ctalg_named - by whom, and when, a pinhole was named
 * @party: a hash of that one's tag
 * @first: the round of offer and answer that it was opened in; 0 if no call has named it
 * @latest: the latest that named it; of a binding's, its latest request that did
 */
struct ctalg_named {
	u32 party;
	u32 first;
	u32 latest;
};

/** enum ctalg_media_end - why a message closes a pinhole */
enum ctalg_media_end {
	/** @CTALG_MEDIA_STAYS: it does not */
	CTALG_MEDIA_STAYS,
	/** @CTALG_MEDIA_FAILED: the offer has failed that it was first opened for */
	CTALG_MEDIA_FAILED,
	/** @CTALG_MEDIA_ALONE: another dialog of the call has been accepted */
	CTALG_MEDIA_ALONE,
	/** @CTALG_MEDIA_GONE: no dialog is left of who named it */
	CTALG_MEDIA_GONE,
	/** @CTALG_MEDIA_REPLACED: offer and answer have agreed on others */
	CTALG_MEDIA_REPLACED,
	/** @CTALG_MEDIA_DECLINED: the message refuses its line */
	CTALG_MEDIA_DECLINED,
	/** @CTALG_MEDIA_MUXED: it is RTCP's, which shares the port of its media now */
	CTALG_MEDIA_MUXED,
};

/**
 * ctalg_media_named() - a message names a pinhole
 * @n: by whom it was named until now
 * @act: what the message does
 */
void ctalg_media_named(struct ctalg_named *n, const struct ctalg_call_act *act);

/**
 * ctalg_media_is_lines() - is it where a line's media is received
 * @at: what was opened
 *
 * Return: false for RTCP, candidates, and what is no media.
 */
bool ctalg_media_is_lines(const struct ctalg_opening *at);

/**
 * ctalg_media_is_others() - has somebody else named it whom the message is meant for
 * @n: by whom it was named
 * @act: what the message does
 *
 * Return: true if so.
 */
bool ctalg_media_is_others(const struct ctalg_named *n, const struct ctalg_call_act *act);

/**
 * ctalg_media_from() - whom does a pinhole admit that is about to be opened
 * @o: what is going to be opened; its @from becomes @theirs, unless policy says who may
 * @v: the flow, seen from the message's sender
 * @theirs: where the other party receives the media of the same line
 */
void ctalg_media_from(struct ctalg_opening *o, const struct ctalg_view *v,
		      const struct ctalg_opening *theirs);

/**
 * ctalg_media_may_turn() - may a pinhole of the other party admit somebody else
 * @at: what was opened
 * @n: by whom it was named
 * @act: what the message does
 * @mine: where the sender receives the media of the same line
 *
 * Return: true if it is to admit that host from now on.
 */
bool ctalg_media_may_turn(const struct ctalg_opening *at, const struct ctalg_named *n,
			  const struct ctalg_call_act *act, const struct ctalg_opening *mine);

/**
 * ctalg_media_flags() - what a message says of each of its lines
 * @flags: receives enum ctalg_want_flag bits
 * @lines: entries in it
 * @r: what the parser found
 */
void ctalg_media_flags(u8 *flags, u16 lines, const struct ctalg_report *r);

/**
 * ctalg_media_any_ends() - may any pinhole close by a message
 * @act: what the message does to its call, which goes on
 *
 * Return: false if all stay.
 */
bool ctalg_media_any_ends(const struct ctalg_call_act *act);

/**
 * ctalg_media_ends() - does a message close a pinhole
 * @at: what was opened
 * @n: by whom it was named
 * @act: what the message does
 * @flags: what it says of its lines, or NULL if it says nothing
 * @lines: entries in @flags
 *
 * Return: enum ctalg_media_end.
 */
enum ctalg_media_end ctalg_media_ends(const struct ctalg_opening *at, const struct ctalg_named *n,
				      const struct ctalg_call_act *act, const u8 *flags, u16 lines);

#endif /* CTALG_ENGINE_CALL_MEDIA_H */
