/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests that were refused and whose answers are still to come. The request goes on as a
 * harmless one; when the answer to that comes, the refusal takes its place. So both
 * sides go on as if the other had said it, and no packet is invented.
 *
 * Where answers do not come in the order of requests, a protocol has bytes instead that say
 * nothing: these go on, and the refusal goes in front of whatever the other side says next. If
 * it says nothing more, who was refused learns it from the answer that does not come.
 */
#ifndef CTALG_ENGINE_REFUSE_H
#define CTALG_ENGINE_REFUSE_H

#include <ctalg/edit.h>
#include <ctalg/proto.h>

#include "journal.h"

/** define CTALG_REFUSALS_MAX - so many refused requests may wait for their answer in one flow */
#define CTALG_REFUSALS_MAX 64

/** define CTALG_REFUSALS_OWED - so many bytes of answers may wait for the other side's next message */
#define CTALG_REFUSALS_OWED 8192

/**
 * struct ctalg_refusals - one flow's
 * @asked: how many requests there have been
 * @answered: how many of them have their answer
 * @waiting: those of them that were refused and wait for their answer, oldest first
 * @owed: answers that wait for the next message in a direction, enum ctalg_dir
 */
struct ctalg_refusals {
	u32 asked;
	u32 answered;
	struct ctalg_buffer waiting;
	struct ctalg_buffer owed[2];
};

/**
 * ctalg_refusals_free() - the flow ends
 * @q: its refusals
 * @mem: where memory goes
 */
void ctalg_refusals_free(struct ctalg_refusals *q, const struct ctalg_memory *mem);

/**
 * ctalg_refuse() - a request is refused
 * @q: the flow's refusals
 * @proto: its protocol
 * @state: its state, as it was before the request was parsed; on return as if the harmless one had come
 * @m: the request
 * @a: what its sender is to be told
 * @e: the empty edits of the message; the harmless request takes its place
 * @spare: a report to work with
 * @mem: where memory comes from
 *
 * Return: false if there is nothing harmless, there are too many already or memory is missing;
 * nothing has changed then, and the flow can only be reset.
 */
bool ctalg_refuse(struct ctalg_refusals *q, const struct ctalg_proto *proto, void *state,
		  const struct ctalg_message *m, const struct ctalg_answer *a,
		  struct ctalg_edits *e, struct ctalg_report *spare,
		  const struct ctalg_memory *mem);

/**
 * ctalg_refuse_silently() - a message is refused, of a protocol that has bytes that say nothing
 * @q: the flow's refusals
 * @proto: its protocol, with such bytes
 * @m: the message
 * @r: what the parser found
 * @a: what its sender is to be told; one that asks for nothing is told nothing
 * @e: the edits of the message: none but what ctalg_refusals_deliver() has added. Silence takes
 *	its place
 * @mem: where memory comes from
 *
 * An answer for which there is no room is left out.
 *
 * Return: false if there is no room for the edit; nothing has changed then.
 */
bool ctalg_refuse_silently(struct ctalg_refusals *q, const struct ctalg_proto *proto,
			   const struct ctalg_message *m, const struct ctalg_report *r,
			   const struct ctalg_answer *a, struct ctalg_edits *e,
			   const struct ctalg_memory *mem);

/**
 * ctalg_refusals_deliver() - a message comes, behind which answers may stand that wait for it
 * @q: the flow's refusals
 * @m: the message
 * @e: its empty edits; answers go in front of it, as many as half of the edits' room takes
 * @mem: where memory goes
 *
 * Return: how many; they are the first edits.
 */
u16 ctalg_refusals_deliver(struct ctalg_refusals *q, const struct ctalg_message *m,
			   struct ctalg_edits *e, const struct ctalg_memory *mem);

/**
 * ctalg_refusals_delivered() - how many of a message's edits are answers in front of it
 * @e: the edits
 *
 * Return: so many, from the first on.
 */
u16 ctalg_refusals_delivered(const struct ctalg_edits *e);

/**
 * ctalg_refusals_note() - a message goes on that is not refused
 * @q: the flow's refusals
 * @proto: its protocol
 * @m: the message
 * @r: what the parser found
 * @e: the empty edits of the message; if it answers a refused request, the refusal takes its
 *	place. NULL for a request
 * @mem: where memory goes
 *
 * Return: true if the message is replaced; then nothing that it says may be acted upon.
 */
bool ctalg_refusals_note(struct ctalg_refusals *q, const struct ctalg_proto *proto,
			 const struct ctalg_message *m, const struct ctalg_report *r,
			 struct ctalg_edits *e, const struct ctalg_memory *mem);

/**
 * ctalg_refuse_answer() - another answer takes the place of a server's
 * @proto: the protocol
 * @m: the server's answer, or a part of it
 * @r: what the parser found in it
 * @a: what is said instead
 * @e: the empty edits of the message
 *
 * For an answer that is refused itself: malformed under strict, or with an inside address.
 *
 * Return: false if the protocol has no words, or if it is one of several parts of an answer of
 * which others go on as they are; the flow can only be reset then.
 */
bool ctalg_refuse_answer(const struct ctalg_proto *proto, const struct ctalg_message *m,
			 const struct ctalg_report *r, const struct ctalg_answer *a,
			 struct ctalg_edits *e);

#endif /* CTALG_ENGINE_REFUSE_H */
