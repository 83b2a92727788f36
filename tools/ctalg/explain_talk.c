// SPDX-License-Identifier: GPL-2.0
/*
 * What messages do to the calls and bindings that they belong to, as src/core/talk.c has it: what is to
 * be done is decided by the same code.
 */
#include "explain_pinhole.h"

static bool span_in(struct ctalg_span at, const struct ctalg_message *m)
{
	return at.len && at.off <= m->len && at.len <= m->len - at.off;
}

static void key_add(struct session_key *key, const u8 *bytes, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		key->half[0] = (key->half[0] ^ bytes[i]) * 0x100000001b3u;
		key->half[1] = (key->half[1] + bytes[i] + 1) * 0x9e3779b97f4a7c15u;
		key->half[1] ^= key->half[1] >> 29;
	}
}

/* An address in it stands for the host, whatever that is called on this side. */
static struct session_key key_of(const struct explain_flow *f, const struct ctalg_message *m,
				 const struct ctalg_report *r, const struct ctalg_view *v)
{
	struct session_key key = { { 0xcbf29ce484222325u, r->talk.kind } };
	struct ctalg_span at = { .off = r->talk.key.off + r->talk.key.len };
	const struct ctalg_addr *host = ctalg_talk_key_host(r, v, &at);
	u32 end = r->talk.key.off + r->talk.key.len;

	key_add(&key, (const u8 *)f->served->proto->name, (u32)strlen(f->served->proto->name) + 1);
	key_add(&key, m->data + r->talk.key.off, at.off - r->talk.key.off);
	if (host) {
		key_add(&key, &host->family, 1);
		key_add(&key, host->b, ctalg_addr_len(host));
	}
	key_add(&key, m->data + at.off + at.len, end - at.off - at.len);
	return key;
}

static void call_hears(struct explain *e, struct explain_session *s, const struct ctalg_talk *talk,
		       struct ctalg_call_act *act)
{
	ctalg_call_message(&s->call, talk, act);
	if (s->over && act->opens)
		session_again(s);
	if (s->over)
		return;
	session_hold(s, true);
	if (act->seconds != CTALG_NO_SECONDS)
		s->seconds = act->seconds;
	session_lives(e, s);
}

static void binding_hears(struct explain *e, struct explain_session *s,
			  const struct ctalg_talk *talk)
{
	u32 age = (u32)((e->now - s->latest) / EXPLAIN_SECOND);

	if (s->over)
		session_again(s);
	if (ctalg_binding_hears(talk, &s->call.number, &s->seconds, age))
		session_lives(e, s);
}

/* Of each line: the latest place that somebody else has named for its media. */
static void lines_find(struct talker *t)
{
	struct lines *lines = &t->e->lines;
	struct pinhole_open *p, **at;

	memset(lines, 0, sizeof(*lines));
	TAILQ_FOREACH(p, &t->s->pinholes, in_session)
	{
		if (!ctalg_media_is_lines(&p->at) || p->at.line >= CTALG_REPORT_LINES)
			continue;
		at = &lines->theirs[p->at.line];
		if (ctalg_media_is_others(&p->named, &t->act) &&
		    (!*at || p->named.latest >= (*at)->named.latest))
			*at = p;
	}
}

unsigned int talk_begin(struct talker *t, const struct ctalg_message *m,
			const struct ctalg_report *r)
{
	struct explain *e = t->e;
	struct finding *finding = e->finding;

	if (!r->talk.kind || !span_in(r->talk.key, m))
		return CTALG_R_NONE;
	t->key = key_of(t->f, m, r, &finding->view);
	t->shared = session_is_shared(e, t->f, &t->key);
	t->s = session_find(e, t->f, &t->key);
	if (!t->s && ctalg_talk_begins(&r->talk)) {
		t->s = session_begin(e, t->f, r->talk.kind, &t->key, m->data + r->talk.key.off,
				     r->talk.key.len);
		if (!t->s)
			return CTALG_R_LIMIT_SESSIONS;
		finding->begins = true;
	}
	if (!t->s)
		return CTALG_R_NONE;
	finding->session = t->s;
	t->s->request++;
	if (r->talk.kind == CTALG_TALK_CALL)
		call_hears(e, t->s, &r->talk, &t->act);
	else
		binding_hears(e, t->s, &r->talk);
	if (t->act.opens)
		lines_find(t);
	return CTALG_R_NONE;
}

/* The place is known already, and nothing may be opened. */
static unsigned int place_known(const struct talker *t, const struct explain_session *s,
				struct ctalg_opening *o)
{
	const struct pinhole_open *p = pinhole_to(t->e, t->f, s, &o->inside, o->inside_port, o->l4);

	if (!p)
		return CTALG_R_LATE;
	o->outside = p->at.outside;
	o->outside_port = p->at.outside_port;
	return CTALG_R_NONE;
}

/* RTCP has the next port up, inside and outside, if it is to be had. */
static struct pinhole_open *open_second(const struct talker *t, struct explain_session *s,
					const struct ctalg_opening *first)
{
	struct ctalg_opening o = *first;
	struct pinhole_open *p;
	bool fresh;

	if (o.inside_port == 65535 || o.outside_port == 65535)
		return NULL;
	o.inside_port++;
	o.outside_port++;
	o.fixed_port = true;
	o.flags = (u8)((o.flags & ~CTALG_WANT_PAIR) | CTALG_WANT_RTCP);
	return pinhole_open(t->e, s, &o, &p, &fresh) ? NULL : p;
}

static unsigned int media_open(struct talker *t, struct explain_session *s, struct ctalg_opening *o)
{
	struct lines *lines = &t->e->lines;
	struct pinhole_open *p[2] = {};
	unsigned int reason, i;
	bool fresh;

	if (!t->act.opens)
		return place_known(t, s, o);
	if (o->line < CTALG_REPORT_LINES && lines->theirs[o->line])
		ctalg_media_from(o, &t->e->finding->view, &lines->theirs[o->line]->at);
	reason = pinhole_open(t->e, s, o, &p[0], &fresh);
	if (reason)
		return reason;
	if (o->flags & CTALG_WANT_PAIR)
		p[1] = open_second(t, s, o);
	for (i = 0; i < 2 && p[i]; i++) {
		ctalg_media_named(&p[i]->named, &t->act);
		p[i]->at.line = o->line;
	}
	if (o->line < CTALG_REPORT_LINES && ctalg_media_is_lines(o))
		lines->mine[o->line] = p[0];
	return CTALG_R_NONE;
}

/* Returns after how many seconds it closes. */
static u32 path_until(struct explain *e, struct explain_session *s, struct pinhole_open *p,
		      u32 seconds)
{
	seconds = ctalg_path_lasts(seconds);
	pinhole_wait(e, p, e->now + seconds * EXPLAIN_SECOND);
	if (s->kind == CTALG_TALK_BINDING)
		s->seconds = s->seconds > seconds ? s->seconds : seconds;
	return seconds;
}

static struct pinhole_event *tell_path(struct talker *t, struct pinhole_open *p, const char *event)
{
	struct pinhole_event *pe = finding_event(t->e->finding, event, &p->at, NULL);

	pe->session = p->session;
	pe->dir = p->dir;
	return pe;
}

/* The registrar says how long a place stays. */
static unsigned int path_renew(struct talker *t, struct explain_session *s, struct ctalg_opening *o)
{
	struct pinhole_open *p = pinhole_placed(t->e, s, o);

	if (!p)
		return CTALG_R_NONE;
	o->seconds = ctalg_path_granted(o->seconds, p->asked);
	if (!o->seconds)
		return CTALG_R_NONE;
	p->named.latest = s->request;
	tell_path(t, p, "renewed")->seconds = path_until(t->e, s, p, o->seconds);
	session_hold(s, true);
	return CTALG_R_NONE;
}

static unsigned int path_open(struct talker *t, struct explain_session *s, struct ctalg_opening *o)
{
	u32 seconds = ctalg_path_asked(s->kind);
	struct pinhole_open *p;
	unsigned int reason;
	bool fresh;

	if (o->flags & CTALG_WANT_RENEWS)
		return path_renew(t, s, o);
	/* It is being given up; what it is called must be known nevertheless. */
	if (!o->seconds)
		return place_known(t, s, o);
	reason = pinhole_open(t->e, s, o, &p, &fresh);
	if (reason)
		return reason;
	p->named.latest = s->request;
	p->asked = o->seconds == CTALG_NO_SECONDS ? 0 : o->seconds;
	if (fresh || p->deadline < t->e->now + seconds * EXPLAIN_SECOND)
		path_until(t->e, s, p, seconds);
	return CTALG_R_NONE;
}

unsigned int talk_open(struct talker *t, struct explain_session *s, struct ctalg_opening *o)
{
	return o->kind == CTALG_WANT_MEDIA ? media_open(t, s, o) : path_open(t, s, o);
}

/* From now on this party's media is where the others' comes from. */
static void media_turn(const struct talker *t)
{
	const struct lines *lines = &t->e->lines;
	const struct pinhole_open *mine;
	struct pinhole_open *p;

	TAILQ_FOREACH(p, &t->s->pinholes, in_session)
	{
		if (p->shut || p->at.line >= CTALG_REPORT_LINES)
			continue;
		mine = lines->mine[p->at.line];
		if (mine && ctalg_media_may_turn(&p->at, &p->named, &t->act, &mine->at))
			pinhole_admit_only(t->e, p, &mine->at.inside);
	}
}

static const char *const ends[] = {
	[CTALG_MEDIA_FAILED] = "offer-failed",	 [CTALG_MEDIA_ALONE] = "another-accepted",
	[CTALG_MEDIA_GONE] = "party-gone",	 [CTALG_MEDIA_REPLACED] = "replaced",
	[CTALG_MEDIA_DECLINED] = "line-refused", [CTALG_MEDIA_MUXED] = "rtcp-shares-port",
};

/* Why a message ends its call. */
static const char *over_by(const struct ctalg_talk *talk)
{
	if (talk->method == CTALG_METHOD_BYE)
		return "bye";
	if (talk->method != CTALG_METHOD_INVITE || talk->status < 300)
		return "not-begun";
	return talk->status == 487 ? "cancelled" : "call-failed";
}

/* What a message means for a call's pinholes. @flags: what it says of its lines, or NULL. */
static void call_act(struct explain *e, struct explain_session *s, const struct ctalg_call_act *act,
		     const struct ctalg_talk *talk, const u8 *flags)
{
	struct pinhole_open *p, *next;
	enum ctalg_media_end end;

	if (act->over) {
		session_finish(e, s, over_by(talk));
		return;
	}
	if (!ctalg_media_any_ends(act))
		return;
	for (p = TAILQ_FIRST(&s->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		end = ctalg_media_ends(&p->at, &p->named, act, flags, CTALG_REPORT_LINES);
		if (end)
			pinhole_retire(e, p, CTALG_R_PINHOLE_WITHDRAWN, ends[end]);
	}
}

/* The registrar has told all places where the user can be reached. */
static void binding_told(struct explain *e, struct explain_session *s)
{
	struct pinhole_open *p, *next;

	for (p = TAILQ_FIRST(&s->pinholes); p; p = next) {
		next = TAILQ_NEXT(p, in_session);
		if (p->at.kind == CTALG_WANT_PATH && p->named.latest != s->request)
			pinhole_close(e, p, e->now, ctalg_reason_name(CTALG_R_PINHOLE_WITHDRAWN),
				      "not-registered");
	}
	if (TAILQ_EMPTY(&s->pinholes))
		session_finish(e, s, "not-registered");
}

void talk_end(struct talker *t, const struct ctalg_report *r)
{
	u8 *flags = t->e->lines.flags;

	if (!t->s)
		return;
	if (t->s->kind == CTALG_TALK_CALL) {
		if (t->act.opens)
			media_turn(t);
		ctalg_media_flags(flags, CTALG_REPORT_LINES, r);
		call_act(t->e, t->s, &t->act, &r->talk, flags);
	} else if (ctalg_binding_told(&r->talk, t->s->call.number)) {
		binding_told(t->e, t->s);
	}
}

static void part_hears(const struct talker *t, struct explain_session *s,
		       const struct ctalg_talk *talk)
{
	struct finding f = { .ts = t->e->now, .flow = s->flow, .kind = "session", .session = s };
	struct ctalg_call_act act = {};

	view_of(t->e, s->flow, CTALG_DIR_ORIG, &f.view);
	t->e->finding = &f;
	call_hears(t->e, s, talk, &act);
	/* What the message describes is opened where it came by. */
	act.settles = false;
	call_act(t->e, s, &act, talk, NULL);
	t->e->finding = NULL;
	if (f.n_events || f.ends)
		explain_tell(t->e, &f);
}

void talk_spread(const struct talker *t, const struct ctalg_talk *talk)
{
	struct explain_session *s;

	if (!t->shared || talk->kind != CTALG_TALK_CALL)
		return;
	TAILQ_FOREACH(s, &t->e->sessions, node)
	if (s->flow != t->f && s->key.half[0] == t->key.half[0] &&
	    s->key.half[1] == t->key.half[1] && !s->over && flows_are_related(t->e, t->f, s->flow))
		part_hears(t, s, talk);
}
