// SPDX-License-Identifier: GPL-2.0
/* Sessions: what owns pinholes. Every function here runs under the flow's lock. */
#include <linux/slab.h>

#include "core.h"

static struct kmem_cache *session_cache __read_mostly;

struct ctalg_session *ctalg_session_of(struct ctalg_flow *f)
{
	struct ctalg_session *s;

	s = list_first_entry_or_null(&f->sessions, struct ctalg_session, node);
	if (s)
		return s;
	s = kmem_cache_zalloc(session_cache, GFP_ATOMIC);
	if (!s)
		return NULL;
	INIT_LIST_HEAD(&s->pinholes);
	list_add_tail(&s->node, &f->sessions);
	return s;
}

void ctalg_session_user(struct ctalg_session *s, const u8 *name, u32 len)
{
	s->user_len = min_t(u32, len, sizeof(s->user));
	memcpy(s->user, name, s->user_len);
}

static void pinhole_withdraw(struct ctalg_net *cn, struct ctalg_pinhole *ph)
{
	if (READ_ONCE(ph->state) != CTALG_PINHOLE_OPEN) {
		ctalg_pinhole_shut(ph);
		return;
	}
	ctalg_count(ph->nh, ph->dir, CTALG_R_PINHOLE_WITHDRAWN);
	ctalg_pinhole_close(cn, ph);
}

void ctalg_session_withdraw(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		if (ph->request == s->request)
			pinhole_withdraw(cn, ph);
}

/* Nobody is left who could announce a data flow; those that have begun go on. */
void ctalg_sessions_over(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_pinhole *ph, *next;
	struct ctalg_session *s;

	list_for_each_entry(s, &f->sessions, node)
		list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
			pinhole_withdraw(cn, ph);
}

/* Forgets pinholes that have ended. Returns how many have a data flow that lives. */
unsigned int ctalg_session_reap(struct ctalg_net *cn, struct ctalg_flow *f, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;
	unsigned int living = 0;

	list_for_each_entry_safe(ph, next, &s->pinholes, in_session) {
		if (ctalg_pinhole_ended(cn, ph, &f->zone))
			ctalg_pinhole_close(cn, ph);
		else if (READ_ONCE(ph->state) == CTALG_PINHOLE_USED)
			living++;
	}
	return living;
}

void ctalg_sessions_end(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_pinhole *ph, *next_ph;
	struct ctalg_session *s, *next;

	list_for_each_entry_safe(s, next, &f->sessions, node) {
		list_for_each_entry_safe(ph, next_ph, &s->pinholes, in_session)
			ctalg_pinhole_close(cn, ph);
		list_del(&s->node);
		kmem_cache_free(session_cache, s);
	}
}

int ctalg_session_init(void)
{
	session_cache = KMEM_CACHE(ctalg_session, SLAB_NO_MERGE);
	return session_cache ? 0 : -ENOMEM;
}

void ctalg_session_fini(void)
{
	kmem_cache_destroy(session_cache);
}
