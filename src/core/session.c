// SPDX-License-Identifier: GPL-2.0
/* Sessions: what owns pinholes. Every function here runs under the flow's lock. */
#include <linux/slab.h>

#include <ctalg.h>

#include "core.h"

static struct kmem_cache *session_cache __read_mostly;

const struct ctalg_session *ctalg_session_first(const struct ctalg_flow *f)
{
	if (list_empty(&f->sessions))
		return NULL;
	return list_first_entry(&f->sessions, struct ctalg_session, node);
}

struct ctalg_session *ctalg_session_of(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_session *s;

	s = list_first_entry_or_null(&f->sessions, struct ctalg_session, node);
	if (s)
		return s;
	s = kmem_cache_zalloc(session_cache, GFP_ATOMIC);
	if (!s)
		return NULL;
	s->id = atomic64_inc_return(&cn->last_session);
	s->born = jiffies;
	INIT_LIST_HEAD(&s->pinholes);
	INIT_LIST_HEAD(&s->waiting);
	INIT_LIST_HEAD(&s->standing);
	list_add_tail(&s->node, &f->sessions);
	ctalg_net_changed(cn);
	ctalg_event_session(cn, CTALG_EVENT_KIND_SESSION_BEGIN, f, s);
	return s;
}

void ctalg_session_user(struct ctalg_net *cn, const struct ctalg_flow *f, struct ctalg_session *s,
			const u8 *name, u32 len)
{
	len = min_t(u32, len, sizeof(s->user.name));
	if (len == s->user.len && !memcmp(s->user.name, name, len))
		return;
	s->user.len = len;
	memcpy(s->user.name, name, len);
	ctalg_event_session(cn, CTALG_EVENT_KIND_SESSION_CHANGE, f, s);
}

static void pinhole_withdraw(struct ctalg_net *cn, struct ctalg_session *s,
			     struct ctalg_pinhole *ph, unsigned int reason)
{
	if (READ_ONCE(ph->state) != CTALG_PINHOLE_OPEN) {
		ctalg_pinhole_shut(ph);
		list_del_init(&ph->in_waiting);
		return;
	}
	ctalg_pinhole_close(cn, s, ph, reason);
}

void ctalg_session_withdraw(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	list_for_each_entry_safe(ph, next, &s->waiting, in_waiting)
		if (ph->request == s->request)
			pinhole_withdraw(cn, s, ph, CTALG_R_PINHOLE_WITHDRAWN);
}

/*
 * Nobody is left who could announce a data flow; those that have begun go on. What stayed open may
 * have stood for another flow's as well.
 */
void ctalg_sessions_over(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_pinhole *ph, *next;
	struct ctalg_session *s;
	bool stood = false;

	list_for_each_entry(s, &f->sessions, node) {
		list_for_each_entry_safe(ph, next, &s->waiting, in_waiting)
			pinhole_withdraw(cn, s, ph, CTALG_R_PINHOLE_CLOSED);
		stood |= !list_empty(&s->standing);
		list_for_each_entry_safe(ph, next, &s->standing, in_waiting)
			pinhole_withdraw(cn, s, ph, CTALG_R_PINHOLE_CLOSED);
	}
	if (stood && atomic_read(&cn->n_covered))
		ctalg_reap_soon(cn);
}

/*
 * Forgets pinholes that have ended. @ct: the flow's connection, with a reference, or NULL.
 * Returns how many have a data flow that lives.
 */
unsigned int ctalg_session_reap(struct ctalg_net *cn, struct ctalg_session *s, struct nf_conn *ct)
{
	struct ctalg_pinhole *ph, *next;
	unsigned int living = 0, reason;

	list_for_each_entry_safe(ph, next, &s->pinholes, in_session) {
		reason = ctalg_pinhole_ended(s, ph, ct);
		if (reason)
			ctalg_pinhole_close(cn, s, ph, reason);
		else if (ctalg_pinhole_lives(ph))
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
			ctalg_pinhole_close(cn, s, ph, CTALG_R_PINHOLE_CLOSED);
		ctalg_event_session(cn, CTALG_EVENT_KIND_SESSION_END, f, s);
		list_del(&s->node);
		ctalg_net_changed(cn);
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
