/* SPDX-License-Identifier: GPL-2.0 */
/* A pinhole, and what the files that open it, look for it and let somebody in by it know of each other. */
#ifndef EXPLAIN_PINHOLE_H
#define EXPLAIN_PINHOLE_H

#include "explain.h"

/**
 * struct pinhole_open - a pinhole that is open, or a data flow that lives
 * @flow: its control connection, which stays as long as the pinhole
 * @session: whose it is
 * @list: where it is, of that; a data flow of what stays open is its flow's own
 * @at: what was opened
 * @named: by whom, and when
 * @asked: CTALG_WANT_PATH: for how many seconds it was asked for
 * @request: the session's request that opened it
 * @deadline: when it closes by itself
 * @message: number of the message that opened it
 * @used: its data flow has come:
 * @child: this
 * @fin: TCP: by who has finished
 * @missed: that somebody else came has been told
 * @taken: it stays open after use, and somebody has come
 * @shut: nobody else may; it is there as long as its data flows live
 * @shares: another one of the same flow, which leads from and to the same place, stands for it
 * @living: how many data flows of it live
 * @of: a data flow: what it came through, and where it comes from, if that stays open
 */
struct pinhole_open {
	TAILQ_ENTRY(pinhole_open) node;
	TAILQ_ENTRY(pinhole_open) in_session;
	LIST_ENTRY(pinhole_open) in_port[2];
	struct explain_flow *flow;
	struct explain_session *session;
	struct pinhole_list *list;
	struct ctalg_opening at;
	struct ctalg_named named;
	u32 asked;
	u32 request;
	s64 deadline;
	u8 dir;
	u64 message;
	bool used;
	struct tuple child;
	bool fin[2];
	bool missed;
	bool taken;
	bool shut;
	bool shares;
	u32 living;
	struct pinhole_open *of[2];
};

/* It stays open for its session. */
static inline bool pinhole_lasts(const struct pinhole_open *p)
{
	return p->at.permanent && p->at.kind != CTALG_WANT_DATA;
}

/* explain_pinhole.c */
struct pinhole_open *pinhole_add(struct explain *e, struct explain_session *s,
				 struct pinhole_list *list, const struct ctalg_opening *o);
void pinhole_wait(struct explain *e, struct pinhole_open *p, s64 deadline);
/* What happens to a pinhole while a message is read belongs to that; else it is told by itself. */
void pinhole_tell(struct explain *e, struct pinhole_open *p, s64 ts, const char *event,
		  const char *reason, const char *because);
void pinhole_close(struct explain *e, struct pinhole_open *p, s64 ts, const char *reason,
		   const char *because);
/* As closing it; but one whose data flow goes on stays until that has ended. */
void pinhole_retire(struct explain *e, struct pinhole_open *p, unsigned int reason,
		    const char *because);
/* From now on another host may use it. */
void pinhole_admit_only(struct explain *e, struct pinhole_open *p, const struct ctalg_addr *from);
/* Its data flows are another one's from now on. */
void pinhole_hand_over(struct explain *e, struct pinhole_open *from, struct pinhole_open *to);
/* Its data flow has ended. */
void pinhole_ended(struct explain *e, struct pinhole_open *p, s64 ts);

/* explain_port.c */
/* Of the session: what leads from and to the same places, and is open. */
struct pinhole_open *pinhole_placed(const struct explain *e, const struct explain_session *s,
				    const struct ctalg_opening *o);
/* What leads to a place inside, one of the session before others. */
struct pinhole_open *pinhole_to(const struct explain *e, const struct explain_flow *f,
				const struct explain_session *s, const struct ctalg_addr *addr,
				u16 port, u8 l4);
/* Sets the outside port. CTALG_R_NONE, or why there is none; @shares: another one stands for it. */
unsigned int pinhole_port(struct explain *e, const struct explain_session *s,
			  struct ctalg_opening *o, bool *shares);
/* One that has stood for others of its flow does so no longer. */
void pinhole_bequeath(struct explain *e, struct pinhole_open *p);

#endif /* EXPLAIN_PINHOLE_H */
