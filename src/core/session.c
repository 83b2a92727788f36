// SPDX-License-Identifier: GPL-2.0
/* Sessions: what owns pinholes. Every function here runs under the flow's lock. */
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include <ctalg.h>

#include "core.h"

enum {
	/* Flows that one session may have parts on, and be told so. */
	SESSION_PARTS = 32,
	/* The reaper looks at so many at a time, with packets of the flow waiting. */
	SESSION_REAPS = 32,
};

static struct kmem_cache *session_cache __read_mostly;

/* Whoever writes messages may choose keys that fall into one place of a table, unless he can't know it. */
static siphash_key_t key_secret __read_mostly;

static const struct rhashtable_params keyed_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct ctalg_session, key),
	.head_offset = offsetof(struct ctalg_session, by_key),
	.automatic_shrinking = true,
};

static struct ctalg_session *session_alloc(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_session *s = kmem_cache_zalloc(session_cache, GFP_ATOMIC);

	if (!s)
		return NULL;
	s->id = atomic64_inc_return(&cn->last_session);
	s->flow = f;
	s->born = jiffies;
	s->latest = jiffies;
	INIT_LIST_HEAD(&s->pinholes);
	INIT_LIST_HEAD(&s->waiting);
	INIT_LIST_HEAD(&s->standing);
	return s;
}

static void session_enter(struct ctalg_net *cn, struct ctalg_flow *f, struct ctalg_session *s)
{
	list_add_tail(&s->node, &f->sessions);
	ctalg_net_changed(cn);
	ctalg_event_session(cn, CTALG_EVENT_KIND_SESSION_BEGIN, f, s);
}

/* The session that the flow itself is. */
struct ctalg_session *ctalg_session_of(struct ctalg_net *cn, struct ctalg_flow *f)
{
	if (f->own)
		return f->own;
	f->own = session_alloc(cn, f);
	if (f->own)
		session_enter(cn, f, f->own);
	return f->own;
}

/**
 * ctalg_session_key() - by which sessions that outlast a message are found
 * @live: whose
 * @kind: enum ctalg_talk_kind
 * @key: what the protocol calls it
 * @len: so many bytes
 *
 * Return: never 0.
 */
u64 ctalg_session_key(const struct ctalg_live *live, u8 kind, const u8 *key, u32 len)
{
	siphash_key_t secret = key_secret;

	secret.key[0] ^= live->slot << 8 | kind;
	return siphash(key, len, &secret) ?: 1;
}

/* The flow's part of a session. */
struct ctalg_session *ctalg_session_find(struct ctalg_net *cn, const struct ctalg_flow *f, u64 key)
{
	struct rhlist_head *list, *pos;
	struct ctalg_session *s;

	list = rhltable_lookup(&cn->keyed, &key, keyed_params);
	rhl_for_each_entry_rcu(s, pos, list, by_key)
		if (s->flow == f)
			return s;
	return NULL;
}

/**
 * ctalg_sessions_each() - all flows' parts of a session
 * @cn: the namespace
 * @key: the session
 * @fn: called for each, under RCU, with no lock of it held
 * @ctx: handed to @fn
 */
void ctalg_sessions_each(struct ctalg_net *cn, u64 key,
			 void (*fn)(struct ctalg_net *cn, struct ctalg_session *s, void *ctx),
			 void *ctx)
{
	struct rhlist_head *list, *pos;
	struct ctalg_session *s;
	unsigned int n = 0;

	rcu_read_lock();
	list = rhltable_lookup(&cn->keyed, &key, keyed_params);
	rhl_for_each_entry_rcu(s, pos, list, by_key) {
		fn(cn, s, ctx);
		if (++n >= SESSION_PARTS)
			break;
	}
	rcu_read_unlock();
}

static unsigned int session_admit(struct ctalg_net *cn, struct ctalg_host *host)
{
	if (!ctalg_limit_take(cn, CTALG_LIMIT_SESSIONS, &cn->n_sessions))
		return CTALG_R_LIMIT_SESSIONS;
	if (ctalg_limit_take(cn, CTALG_LIMIT_HOST_SESSIONS, &host->sessions))
		return CTALG_R_NONE;
	atomic_long_dec(&cn->n_sessions);
	return CTALG_R_LIMIT_HOST_SESSIONS;
}

static void session_dismiss(struct ctalg_net *cn, struct ctalg_host *host)
{
	atomic_long_dec(&cn->n_sessions);
	atomic_long_dec(&host->sessions);
}

static void part_counts(struct ctalg_net *cn, struct ctalg_session *s, void *ctx)
{
	++*(unsigned int *)ctx;
}

/* Whoever uses the key of others makes no more work than this. */
static bool session_has_room(struct ctalg_net *cn, u64 key)
{
	unsigned int n = 0;

	ctalg_sessions_each(cn, key, part_counts, &n);
	return n < SESSION_PARTS;
}

/**
 * ctalg_session_begin() - a call or binding begins, or comes over one more flow
 * @cn: the namespace
 * @f: the flow, whose lock is held
 * @kind: enum ctalg_talk_kind
 * @key: from ctalg_session_key()
 * @text: what the protocol calls it
 * @len: so many bytes
 * @reason: receives why not
 *
 * Return: the session, or NULL.
 */
struct ctalg_session *ctalg_session_begin(struct ctalg_net *cn, struct ctalg_flow *f, u8 kind,
					  u64 key, const u8 *text, u32 len, unsigned int *reason)
{
	struct ctalg_session *s;

	*reason = session_has_room(cn, key) ? session_admit(cn, f->host) : CTALG_R_LIMIT_SESSIONS;
	if (*reason)
		return NULL;
	s = session_alloc(cn, f);
	if (!s) {
		session_dismiss(cn, f->host);
		*reason = CTALG_R_NO_MEMORY;
		return NULL;
	}
	s->key = key;
	s->kind = kind;
	s->key_len = min_t(u32, len, sizeof(s->key_text));
	memcpy(s->key_text, text, s->key_len);
	s->seconds = CTALG_TALK_BEGINS;
	if (rhltable_insert(&cn->keyed, &s->by_key, keyed_params)) {
		session_dismiss(cn, f->host);
		kmem_cache_free(session_cache, s);
		*reason = CTALG_R_NO_MEMORY;
		return NULL;
	}
	f->n_keyed++;
	session_enter(cn, f, s);
	return s;
}

const char *ctalg_session_kind(const struct ctalg_session *s)
{
	return s->kind == CTALG_TALK_BINDING ? "registration" : s->flow->live->h->proto->session;
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
		/* Calls and bindings go on over another connection. */
		if (s->key)
			continue;
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
static unsigned int session_reap(struct ctalg_net *cn, struct ctalg_session *s, struct nf_conn *ct)
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
	if (living && s->kind == CTALG_TALK_CALL && !s->over)
		s->latest = jiffies;
	return living;
}

static void session_close_all(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		ctalg_pinhole_close(cn, s, ph, CTALG_R_PINHOLE_CLOSED);
}

/* While it lasts its flow does not time out, or no longer. */
void ctalg_session_hold(struct ctalg_session *s, bool holds)
{
	if (s->holds != holds)
		s->flow->n_holding += holds ? 1 : -1;
	s->holds = holds;
}

/* Nobody listens any more, says policy. */
static void session_cut(struct ctalg_session *s)
{
	struct ctalg_pinhole *ph;

	list_for_each_entry(ph, &s->pinholes, in_session)
		ctalg_pinhole_cut(ph);
}

/* It is over. For a while it is remembered for what may come late. */
void ctalg_session_finish(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_pinhole *ph, *next;

	if (s->over)
		return;
	if (s->cut)
		session_cut(s);
	list_for_each_entry_safe(ph, next, &s->pinholes, in_session)
		ctalg_pinhole_retire(cn, s, ph, CTALG_R_PINHOLE_CLOSED);
	s->over = true;
	s->latest = jiffies;
	s->seconds = CTALG_TALK_REMEMBERED;
	s->flow->n_keyed--;
	ctalg_session_hold(s, false);
	ctalg_event_session(cn, CTALG_EVENT_KIND_SESSION_END, s->flow, s);
	ctalg_net_changed(cn);
	if (atomic_read(&cn->n_covered))
		ctalg_reap_soon(cn);
}

/* Has it shown no sign of life for too long? */
static bool session_expired(const struct ctalg_session *s)
{
	return s->key && s->seconds != CTALG_NO_SECONDS &&
	       time_after(jiffies, s->latest + min_t(u32, s->seconds, CTALG_TALK_MOST) * HZ);
}

static void session_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(session_cache, container_of(rcu, struct ctalg_session, rcu));
}

static struct ctalg_session *session_after(const struct ctalg_flow *f, struct ctalg_session *s)
{
	return list_is_last(&s->node, &f->sessions) ? NULL : list_next_entry(s, node);
}

void ctalg_session_end(struct ctalg_net *cn, struct ctalg_session *s)
{
	struct ctalg_flow *f = s->flow;

	session_close_all(cn, s);
	if (s->key) {
		rhltable_remove(&cn->keyed, &s->by_key, keyed_params);
		session_dismiss(cn, f->host);
		ctalg_session_hold(s, false);
		if (!s->over)
			f->n_keyed--;
	}
	if (!s->over)
		ctalg_event_session(cn, CTALG_EVENT_KIND_SESSION_END, f, s);
	s->over = true;
	if (f->own == s)
		f->own = NULL;
	if (f->reap_next == s)
		f->reap_next = session_after(f, s);
	list_del(&s->node);
	ctalg_net_changed(cn);
	call_rcu(&s->rcu, session_free_rcu);
}

void ctalg_sessions_end(struct ctalg_net *cn, struct ctalg_flow *f)
{
	struct ctalg_session *s, *next;

	/* The latest first: none is left an expectation that others shared only to give it up in turn. */
	list_for_each_entry_safe_reverse(s, next, &f->sessions, node)
		ctalg_session_end(cn, s);
}

static unsigned int session_look(struct ctalg_net *cn, struct ctalg_session *s, struct nf_conn *ct)
{
	unsigned int living = session_reap(cn, s, ct);

	/* What goes on after the end of its call needs nobody who listens. */
	if (s->over)
		living = 0;
	if (!session_expired(s))
		return living;
	if (!s->over)
		ctalg_session_finish(cn, s);
	else if (list_empty(&s->pinholes))
		ctalg_session_end(cn, s);
	return living;
}

/**
 * ctalg_sessions_reap() - look after some of a flow's sessions
 * @cn: the namespace
 * @f: the flow, whose lock is held; between two calls it may be free
 * @ct: its connection, with a reference, or NULL
 * @living: counts data flows that live
 *
 * Return: true when that was not all: to be called again.
 */
bool ctalg_sessions_reap(struct ctalg_net *cn, struct ctalg_flow *f, struct nf_conn *ct,
			 unsigned int *living)
{
	struct ctalg_session *s = f->reap_next;
	unsigned int n;

	if (!s)
		s = list_first_entry_or_null(&f->sessions, struct ctalg_session, node);
	for (n = 0; s && n < SESSION_REAPS; n++) {
		f->reap_next = session_after(f, s);
		*living += session_look(cn, s, ct);
		s = f->reap_next;
	}
	f->reap_next = s;
	return s;
}

int ctalg_sessions_setup(struct ctalg_net *cn)
{
	return rhltable_init(&cn->keyed, &keyed_params);
}

void ctalg_sessions_clean(struct ctalg_net *cn)
{
	rhltable_destroy(&cn->keyed);
}

int ctalg_session_init(void)
{
	get_random_bytes(&key_secret, sizeof(key_secret));
	session_cache = KMEM_CACHE(ctalg_session, SLAB_NO_MERGE);
	return session_cache ? 0 : -ENOMEM;
}

void ctalg_session_fini(void)
{
	kmem_cache_destroy(session_cache);
}
