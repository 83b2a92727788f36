/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests that were refused and whose answers are still to come. The request goes on as a
 * harmless one; when the answer to that comes, the refusal takes its place. So both
 * sides go on as if the other had said it, and no packet is invented.
 */
#ifndef CTALG_ENGINE_REFUSE_H
#define CTALG_ENGINE_REFUSE_H

#include <ctalg/edit.h>
#include <ctalg/proto.h>

#include "journal.h"

/** define CTALG_REFUSALS_MAX - so many refused requests may wait for their answer in one flow */
#define CTALG_REFUSALS_MAX 64

/**
 * struct ctalg_refusals - one flow's
 * @asked: how many requests there have been
 * @answered: how many of them have their answer
 * @waiting: those of them that were refused and wait for their answer, oldest first
 */
struct ctalg_refusals {
	u32 asked;
	u32 answered;
	struct ctalg_buffer waiting;
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
