// SPDX-License-Identifier: GPL-2.0
#include "plan_world.h"

enum { LETTERS = 26, BASE = 7 };

static const struct {
	const char *self, *self_out, *peer, *peer_out;
	u16 self_port, self_out_port, peer_port, peer_out_port;
	u8 dir, inside;
} views[WORLD_VIEWS] = {
	[PLAIN] = { "10.0.0.2", "10.0.0.2", "198.51.100.1", "198.51.100.1", 5060, 5060, 5060, 5060,
		    CTALG_DIR_ORIG, CTALG_SIDE_SENDER },
	[PLAIN_IN] = { "198.51.100.1", "198.51.100.1", "10.0.0.2", "10.0.0.2", 5060, 5060, 5060,
		       5060, CTALG_DIR_REPLY, CTALG_SIDE_RECEIVER },
	[SNAT] = { "10.0.0.2", "203.0.113.1", "198.51.100.1", "198.51.100.1", 5060, 6060, 5060,
		   5060, CTALG_DIR_ORIG, CTALG_SIDE_SENDER },
	[SNAT_IN] = { "198.51.100.1", "198.51.100.1", "10.0.0.2", "203.0.113.1", 5060, 5060, 5060,
		      6060, CTALG_DIR_REPLY, CTALG_SIDE_RECEIVER },
	[DNAT_IN] = { "198.51.100.7", "198.51.100.7", "10.0.0.9", "203.0.113.1", 5060, 5060, 5060,
		      5080, CTALG_DIR_ORIG, CTALG_SIDE_RECEIVER },
	[DNAT] = { "10.0.0.9", "203.0.113.1", "198.51.100.7", "198.51.100.7", 5060, 5080, 5060,
		   5060, CTALG_DIR_REPLY, CTALG_SIDE_SENDER },
	[NAT66] = { "fd00::2", "2001:db8::1", "2001:db8:1::1", "2001:db8:1::1", 5060, 6060, 5060,
		    5060, CTALG_DIR_ORIG, CTALG_SIDE_SENDER },
	[NAT66_IN] = { "2001:db8:1::1", "2001:db8:1::1", "fd00::2", "2001:db8::1", 5060, 5060, 5060,
		       6060, CTALG_DIR_REPLY, CTALG_SIDE_RECEIVER },
	[AWARE] = { "10.0.0.2", "203.0.113.1", "198.51.100.1", "198.51.100.1", 5060, 6060, 5060,
		    5060, CTALG_DIR_ORIG, CTALG_SIDE_SENDER },
	[AWARE_IN] = { "198.51.100.1", "198.51.100.1", "10.0.0.2", "203.0.113.1", 5060, 5060, 5060,
		       6060, CTALG_DIR_REPLY, CTALG_SIDE_RECEIVER },
	[NOBODY] = { "10.0.0.2", "203.0.113.1", "198.51.100.1", "198.51.100.1", 5060, 6060, 5060,
		     5060, CTALG_DIR_ORIG, CTALG_SIDE_NEITHER },
};

STATIC_EDITS(edits);
STATIC_PLAN_ROOM(room);

const struct ctalg_edits *world_edits(void)
{
	return &edits;
}

struct ctalg_view world_view(enum world_view which)
{
	const struct ctalg_view v = {
		.self = addr_of(views[which].self),
		.self_out = addr_of(views[which].self_out),
		.peer = addr_of(views[which].peer),
		.peer_out = addr_of(views[which].peer_out),
		.self_port = views[which].self_port,
		.self_out_port = views[which].self_out_port,
		.peer_port = views[which].peer_port,
		.peer_out_port = views[which].peer_out_port,
		.l4 = CTALG_L4_UDP,
		.inside = views[which].inside,
		.aware = which == AWARE || which == AWARE_IN,
	};

	return v;
}

static u8 word_number(const char *const *names, u8 n, const char *name)
{
	u8 i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	fail_msg("no such word: %s", name);
	return 0;
}

/* "path/udp/10.0.0.2/5060" */
static struct ctalg_endpoint endpoint_of(const char *text)
{
	static const char *const roles[] = { "data", "media", "path", "host", "name" };
	char role[10], l4[10], addr[50];
	struct ctalg_endpoint ep = { .port = 0 };
	unsigned int port;

	assert_int_equal(sscanf(text, "%9[^/]/%9[^/]/%49[^/]/%u", role, l4, addr, &port), 4);
	ep.role = word_number(roles, ARRAY_SIZE(roles), role);
	ep.l4 = strcmp(l4, "tcp") ? CTALG_L4_UDP : CTALG_L4_TCP;
	ep.addr = addr_of(addr);
	assert_int_not_equal(ep.addr.family, CTALG_AF_NONE);
	ep.port = (u16)port;
	return ep;
}

void world_knows(struct world *w, u8 l4, const char *in, const char *out)
{
	char text[100];

	assert_true(w->n_known < WORLD_PLACES);
	snprintf(text, sizeof(text), "path/%s/%s", l4 == CTALG_L4_TCP ? "tcp" : "udp", in);
	w->known[w->n_known].in = endpoint_of(text);
	snprintf(text, sizeof(text), "path/%s/%s", l4 == CTALG_L4_TCP ? "tcp" : "udp", out);
	w->known[w->n_known++].out = endpoint_of(text);
}

/* Calls @each with every word of a list. */
static void each_word(const char *list, void (*each)(void *ctx, const char *word), void *ctx)
{
	char copy[WORLD_TEXT], *word, *next;

	assert_true(strlen(list) < sizeof(copy));
	strcpy(copy, list);
	for (word = strtok_r(copy, " ", &next); word; word = strtok_r(NULL, " ", &next))
		each(ctx, word);
}

struct builder {
	struct ctalg_report *r;
	u16 letter[LETTERS];
};

static u16 letter_of(const struct builder *b, char c)
{
	assert_true(c >= 'a' && c <= 'z');
	assert_int_not_equal(b->letter[c - 'a'], CTALG_NO_ENDPOINT);
	return b->letter[c - 'a'];
}

static void add_endpoint(void *ctx, const char *word)
{
	struct builder *b = ctx;
	const struct ctalg_endpoint ep = endpoint_of(word + 2);
	int i = ctalg_report_endpoint(b->r, &ep.addr, ep.port, ep.l4);

	assert_true(i >= 0 && word[1] == '=');
	b->r->endpoint[i].role = ep.role;
	b->letter[word[0] - 'a'] = (u16)i;
}

/* "c:path/3600", "c:path/-", "m:media/0/pair,mux"; "-:media/1/closed" has no endpoint. */
static void add_want(void *ctx, const char *word)
{
	static const char *const kinds[] = { "data", "media", "path" };
	static const char *const flags[] = { "pair", "rtcp",	  "mux",    "closed",
					     "held", "candidate", "renews", "next" };
	struct builder *b = ctx;
	char kind[10], number[12], rest[60] = "", *flag, *next;
	struct ctalg_want w = { .seconds = CTALG_NO_SECONDS, .endpoint = CTALG_NO_ENDPOINT };

	assert_true(sscanf(word + 2, "%9[^/]/%11[^/]/%59s", kind, number, rest) >= 2);
	w.kind = word_number(kinds, ARRAY_SIZE(kinds), kind);
	if (word[0] != '-')
		w.endpoint = letter_of(b, word[0]);
	if (w.kind == CTALG_WANT_MEDIA)
		w.line = (u16)atoi(number);
	else if (strcmp(number, "-"))
		w.seconds = (u32)atoi(number);
	/* Times are said in bindings, and of a Via, which is 64 seconds. */
	if (w.seconds != CTALG_NO_SECONDS && w.seconds != 64)
		b->r->talk.kind = CTALG_TALK_BINDING;
	for (flag = strtok_r(rest, ",", &next); flag; flag = strtok_r(NULL, ",", &next))
		w.flags = (u8)(w.flags | 1U << word_number(flags, ARRAY_SIZE(flags), flag));
	assert_true(ctalg_report_want_add(b->r, &w));
}

static u8 form_of(char c)
{
	switch (c) {
	case 'h':
		return CTALG_FORM_HOST;
	case 'a':
		return CTALG_FORM_DOTTED;
	case 'b':
		return CTALG_FORM_BRACKETED;
	default:
		assert_int_equal(c, 'p');
		return CTALG_FORM_PORT;
	}
}

/* Takes the marks out, which become tokens. */
static u32 strip_marks(struct builder *b, const char *text, char *to)
{
	char *out = to;

	while (*text) {
		struct ctalg_span at;
		u16 ep;
		u8 form;

		if (*text != '{') {
			*out++ = *text++;
			continue;
		}
		ep = letter_of(b, text[1]);
		form = form_of(text[2]);
		assert_int_equal(text[3], ':');
		at.off = (u32)(out - to);
		for (text += 4; *text != '}'; text++)
			*out++ = *text;
		text++;
		at.len = (u32)(out - to) - at.off;
		assert_true(ctalg_report_token(b->r, ep, at, form));
		b->r->token[b->r->n_tokens - 1].implied = 5060;
	}
	return (u32)(out - to);
}

void world_report(const struct told *t, struct ctalg_report *r, struct ctalg_message *m)
{
	struct builder b = { .r = r };
	char text[WORLD_TEXT];

	assert_true(strlen(t->text) < sizeof(text));
	memset(b.letter, 0xff, sizeof(b.letter));
	ctalg_report_init(r);
	each_word(t->endpoints, add_endpoint, &b);
	each_word(t->wants ? t->wants : "", add_want, &b);
	m->len = strip_marks(&b, t->text, text);
	m->data = exact(text, m->len);
	m->dir = views[t->view].dir;
	m->l4 = CTALG_L4_UDP;
}

static size_t place_text(char *to, size_t cap, const struct ctalg_addr *a, u16 port)
{
	char addr[CTALG_TOKEN_MAX];
	u32 n = ctalg_addr_write(a, addr, sizeof(addr));

	return (size_t)snprintf(to, cap, "%.*s/%u", (int)n, addr, port);
}

/* "media 0 pair from 198.51.100.1: 203.0.113.1/4000 > 10.0.0.2/4000 fixed" */
static void say_opening(struct world *w, const struct ctalg_opening *o)
{
	static const char *const kinds[] = { "data", "media", "path" };
	static const char *const flags[] = { "pair", "rtcp",	  "mux",    "closed",
					     "held", "candidate", "renews", "next" };
	char out[80], in[80], from[80] = "any", number[20] = "";
	size_t n = strlen(w->opened);
	u32 i;

	assert_true(o->permanent);
	if (o->from.family) {
		place_text(from, sizeof(from), &o->from, 0);
		*strchr(from, '/') = 0;
	}
	place_text(out, sizeof(out), &o->outside, o->outside_port);
	place_text(in, sizeof(in), &o->inside, o->inside_port);
	if (o->kind == CTALG_WANT_MEDIA)
		snprintf(number, sizeof(number), " %u", o->line);
	else if (o->seconds != CTALG_NO_SECONDS)
		snprintf(number, sizeof(number), " %us", o->seconds);
	n += (size_t)snprintf(w->opened + n, sizeof(w->opened) - n, "%s%s%s%s", n ? "\n" : "",
			      kinds[o->kind], o->l4 == CTALG_L4_TCP ? " tcp" : "", number);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (o->flags >> i & 1)
			n += (size_t)snprintf(w->opened + n, sizeof(w->opened) - n, " %s",
					      flags[i]);
	snprintf(w->opened + n, sizeof(w->opened) - n, " from %s: %s > %s%s", from, out, in,
		 o->fixed_port ? " fixed" : "");
	assert_int_equal(o->flags >> ARRAY_SIZE(flags), 0);
}

static unsigned int world_open(void *ctx, struct ctalg_opening *o)
{
	struct world *w = ctx;

	if (w->open_alone) {
		w->asked += !o->known;
		return o->inside_port == w->open_alone ? CTALG_R_NONE : CTALG_R_LIMIT_KERNEL;
	}
	say_opening(w, o);
	if (o->inside_port == w->refuse)
		return CTALG_R_NO_PORT;
	if (w->same)
		o->outside_port = w->same;
	if (w->give && !o->fixed_port) {
		o->outside_port = w->give;
		w->give = (u16)(w->give + 2);
	}
	if (!(o->flags & CTALG_WANT_RENEWS) && w->n_known < WORLD_PLACES) {
		w->known[w->n_known].in =
			(struct ctalg_endpoint){ o->inside, o->inside_port, o->l4, 0, false };
		w->known[w->n_known++].out =
			(struct ctalg_endpoint){ o->outside, o->outside_port, o->l4, 0, false };
	}
	return CTALG_R_NONE;
}

static bool same_place(const struct ctalg_endpoint *a, const struct ctalg_endpoint *b)
{
	return a->port == b->port && a->l4 == b->l4 && ctalg_addr_eq(&a->addr, &b->addr);
}

static bool world_outside(void *ctx, const struct ctalg_endpoint *in, struct ctalg_addr *addr,
			  u16 *port)
{
	const struct world *w = ctx;
	u32 i;

	for (i = 0; i < w->n_known; i++)
		if (same_place(&w->known[i].in, in)) {
			*addr = w->known[i].out.addr;
			*port = w->known[i].out.port;
			return true;
		}
	return false;
}

static bool world_inside(void *ctx, const struct ctalg_endpoint *out, struct ctalg_addr *addr,
			 u16 *port)
{
	const struct world *w = ctx;
	u32 i;

	for (i = 0; i < w->n_known; i++)
		if (same_place(&w->known[i].out, out)) {
			*addr = w->known[i].in.addr;
			*port = w->known[i].in.port;
			return true;
		}
	return false;
}

static void world_undo(void *ctx)
{
	struct world *w = ctx;

	w->undone++;
}

static void world_edited(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o)
{
	struct world *w = ctx;

	assert_false(ep->port == o->outside_port && ctalg_addr_eq(&ep->addr, &o->outside));
	w->told++;
}

static void world_refused(void *ctx, unsigned int reason)
{
	struct world *w = ctx;
	size_t n = strlen(w->refused);

	w->n_refused++;
	snprintf(w->refused + n, sizeof(w->refused) - n, "%s%s", n ? " " : "",
		 ctalg_reason_name(reason));
}

static const struct ctalg_plan_ops ops = {
	.open = world_open,
	.undo = world_undo,
	.edited = world_edited,
	.outside = world_outside,
	.inside = world_inside,
	.refused = world_refused,
};

static void check_order(void)
{
	u16 i;

	for (i = 1; i < edits.n; i++)
		assert_true(edits.edit[i - 1].at.off + edits.edit[i - 1].at.len <=
			    edits.edit[i].at.off);
}

unsigned int world_plan(struct world *w, enum world_view view, const struct ctalg_report *r,
			const struct ctalg_message *m)
{
	const struct ctalg_view v = world_view(view);
	u8 in[BASE + WORLD_TEXT] = "", out[BASE + WORLD_TEXT];
	unsigned int reason;
	u32 n;

	ctalg_edits_init(&edits);
	memset(room_place, 0xa5, sizeof(room_place));
	reason = ctalg_plan_message(r, m, &v, &w->grant, &ops, w, &edits, BASE, &room);
	check_order();
	memcpy(in + BASE, m->data, m->len);
	n = ctalg_edits_apply(&edits, in, BASE + m->len, out, sizeof(out));
	assert_true(n >= BASE && n - BASE < sizeof(w->sent));
	assert_memory_equal(in, out, BASE);
	memcpy(w->sent, out + BASE, n - BASE);
	w->sent[n - BASE] = 0;
	return reason;
}

static void same_text(const char *what, const char *field, const char *got, const char *want)
{
	if (strcmp(got, want))
		fail_msg("%s: %s\n--- got\n%s\n--- not\n%s", what, field, got, want);
}

void world_check(struct world *w, const struct told *t)
{
	STATIC_REPORT(r);
	struct ctalg_message m;

	world_report(t, &r, &m);
	r.ice = w->ice;
	assert_int_equal(world_plan(w, t->view, &r, &m), CTALG_R_NONE);
	same_text(t->what, "opened", w->opened, t->opened ? t->opened : "");
	same_text(t->what, "refused", w->refused, t->refused ? t->refused : "");
	if (t->sent) {
		same_text(t->what, "sent", w->sent, t->sent);
		assert_int_not_equal(edits.n, 0);
	} else {
		assert_int_equal(edits.n, 0);
		assert_int_equal(w->told, 0);
	}
	assert_int_equal(w->undone, 0);
	free((void *)(uintptr_t)m.data);
}
