/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sessions that outlast a message: which one a message is of, whether it begins it, and how long it and its
 * places last. Whoever keeps them has the clock: ages and times are seconds.
 */
#ifndef CTALG_ENGINE_TALK_H
#define CTALG_ENGINE_TALK_H

#include "plan.h"

/** define CTALG_TALK_BEGINS - seconds that a session lasts unless it is told otherwise */
#define CTALG_TALK_BEGINS 64
/** define CTALG_TALK_REMEMBERED - seconds that one is remembered once it has ended */
#define CTALG_TALK_REMEMBERED 32
/** define CTALG_TALK_MOST - seconds that nothing lasts longer than, whoever says so */
#define CTALG_TALK_MOST (7 * 24 * 3600)
/** define CTALG_TALK_PENDING - seconds that a place waits for the answer that says how long it stays */
#define CTALG_TALK_PENDING 64
/** define CTALG_TALK_GRACE - seconds that it stays open beyond that */
#define CTALG_TALK_GRACE 1
/** define CTALG_TALK_DAY - seconds that a place stays that lasts as long as its call */
#define CTALG_TALK_DAY (24 * 3600)

/**
 * ctalg_talk_begins() - does a message of an unknown session begin it
 * @t: what it says
 *
 * A response to something that was not seen begins nothing, but for media in it.
 *
 * Return: true if so.
 */
bool ctalg_talk_begins(const struct ctalg_talk *t);

/**
 * ctalg_talk_grants() - does a message grant what was asked for
 * @t: what it says
 *
 * Return: true if so.
 */
bool ctalg_talk_grants(const struct ctalg_talk *t);

/**
 * ctalg_talk_key_host() - an address in what a session is called
 * @r: what the parser found
 * @v: the flow, seen from the message's sender
 * @at: receives where it stands
 *
 * NAT and hiding may call it otherwise on the way; it stands for the host all the same.
 *
 * Return: the address as the host knows itself, which lives as long as @r and @v, or NULL if there is none.
 */
const struct ctalg_addr *ctalg_talk_key_host(const struct ctalg_report *r,
					     const struct ctalg_view *v, struct ctalg_span *at);

/**
 * ctalg_binding_hears() - a message of a binding
 * @t: what it says
 * @number: of its latest request
 * @seconds: how long it lasts after its latest sign of life
 * @age: seconds since that
 *
 * Return: true if this is a sign of life; @number and @seconds have changed.
 */
bool ctalg_binding_hears(const struct ctalg_talk *t, u32 *number, u32 *seconds, u32 age);

/**
 * ctalg_binding_told() - has the registrar told all places where a user can be reached
 * @t: what a message says
 * @number: of the binding's latest request
 *
 * Return: true if those that it does not name close.
 */
bool ctalg_binding_told(const struct ctalg_talk *t, u32 number);

/**
 * ctalg_path_asked() - how long does a place stay that has just been named
 * @kind: enum ctalg_talk_kind of its session
 *
 * Return: seconds, for ctalg_path_lasts().
 */
u32 ctalg_path_asked(u8 kind);

/**
 * ctalg_path_granted() - how long does a place stay that an answer names
 * @said: what that says, or CTALG_NO_SECONDS
 * @asked: what was asked for, or 0
 *
 * Return: seconds, for ctalg_path_lasts(); 0 if it is given up.
 */
u32 ctalg_path_granted(u32 said, u32 asked);

/**
 * ctalg_path_lasts() - when does it close
 * @seconds: how long it is wanted
 *
 * Return: after so many.
 */
u32 ctalg_path_lasts(u32 seconds);

/**
 * struct ctalg_ends - a flow's two ends
 * @self: its originator, as that knows itself
 * @self_out: as the other side knows it
 * @peer: the other side, as that knows itself
 * @peer_out: as the originator knows it
 */
struct ctalg_ends {
	struct ctalg_addr self;
	struct ctalg_addr self_out;
	struct ctalg_addr peer;
	struct ctalg_addr peer_out;
};

/**
 * ctalg_ends_related() - may one flow tell another about a session that both name
 * @a: one flow
 * @b: the other
 *
 * Return: true if they are of the same host inside, or between the same two hosts.
 */
bool ctalg_ends_related(const struct ctalg_ends *a, const struct ctalg_ends *b);

#endif /* CTALG_ENGINE_TALK_H */
