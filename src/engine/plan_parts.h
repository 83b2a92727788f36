/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the plan know of each other. */
#ifndef CTALG_ENGINE_PLAN_PARTS_H
#define CTALG_ENGINE_PLAN_PARTS_H

#include "plan.h"

/** enum ctalg_plan_state - what has become of an endpoint */
enum ctalg_plan_state {
	/** @CTALG_PLACE_STAYS: it is called the same on the other side */
	CTALG_PLACE_STAYS,
	/** @CTALG_PLACE_CALLED: it is called as its place says, which may be the same */
	CTALG_PLACE_CALLED,
	/** @CTALG_PLACE_REFUSED: it was wanted, and could not be opened */
	CTALG_PLACE_REFUSED,
};

/** struct ctalg_plan - one message; ctalg_plan_message() says what is what */
struct ctalg_plan {
	const struct ctalg_report *r;
	const struct ctalg_message *m;
	const struct ctalg_view *v;
	const struct ctalg_grant *g;
	const struct ctalg_plan_ops *ops;
	void *ctx;
	struct ctalg_edits *e;
	u32 base;
	struct ctalg_plan_room *room;
};

/* An endpoint is called so on the other side. */
static inline void ctalg_place_call(struct ctalg_plan_place *pl, const struct ctalg_addr *a,
				    u16 port)
{
	pl->addr = *a;
	pl->port = port;
	pl->state = CTALG_PLACE_CALLED;
}

/* Does NAT show the sender under another address? */
static inline bool ctalg_plan_is_mapped(const struct ctalg_plan *p)
{
	return !ctalg_addr_eq(&p->v->self, &p->v->self_out);
}

/* Is the sender one that is to be left alone where what it writes makes no difference? */
static inline bool ctalg_plan_leaves_moot(const struct ctalg_plan *p)
{
	return p->v->aware && p->v->inside == CTALG_SIDE_SENDER && !p->g->hide;
}

/* plan.c */
unsigned int ctalg_plan_port(const struct ctalg_plan *p, u16 port);
bool ctalg_plan_is_host(const struct ctalg_addr *a);

/* plan_data.c */
unsigned int ctalg_plan_data(const struct ctalg_plan *p);

/* plan_path.c */
void ctalg_plan_paths(const struct ctalg_plan *p);

/* plan_media.c */
void ctalg_plan_media(const struct ctalg_plan *p);
bool ctalg_plan_leaves_media(const struct ctalg_plan *p);
const struct ctalg_plan_place *ctalg_plan_follows(const struct ctalg_plan *p,
						  const struct ctalg_endpoint *ep);

/* plan_edit.c */
unsigned int ctalg_plan_strips(const struct ctalg_plan *p);
unsigned int ctalg_plan_tokens(const struct ctalg_plan *p);
void ctalg_plan_tell(const struct ctalg_plan *p);

#endif /* CTALG_ENGINE_PLAN_PARTS_H */
