// SPDX-License-Identifier: GPL-2.0
#include <ctalg/report.h>

enum {
	/* So many endpoints with one hash are compared, whatever somebody has made up. */
	LOOKS = 32,
};

/* There is no room here for one more of something: is there elsewhere? */
static bool report_grows(struct ctalg_report *r)
{
	if (r->grow && r->grow(r))
		return true;
	r->full = true;
	return false;
}

static bool has_endpoint(struct ctalg_report *r)
{
	return r->n_endpoints < r->room->endpoints ||
	       (report_grows(r) && r->n_endpoints < r->room->endpoints);
}

bool ctalg_report_has_token(struct ctalg_report *r)
{
	return r->n_tokens < r->room->tokens || (report_grows(r) && r->n_tokens < r->room->tokens);
}

static bool has_want(struct ctalg_report *r)
{
	return r->n_wants < r->room->wants || (report_grows(r) && r->n_wants < r->room->wants);
}

int ctalg_report_endpoint(struct ctalg_report *r, const struct ctalg_addr *addr, u16 port, u8 l4)
{
	struct ctalg_endpoint *ep;

	if (!has_endpoint(r))
		return -1;
	ep = &r->endpoint[r->n_endpoints];
	memset(ep, 0, sizeof(*ep));
	if (addr)
		ep->addr = *addr;
	ep->port = port;
	ep->l4 = l4;
	return r->n_endpoints++;
}

static u32 place_hash(const struct ctalg_endpoint *ep)
{
	u32 hash = (u32)ep->port | (u32)ep->l4 << 16 | (u32)ep->role << 24, word, i;

	for (i = 0; i < ctalg_addr_len(&ep->addr); i += (u32)sizeof(word)) {
		memcpy(&word, ep->addr.b + i, sizeof(word));
		hash = (hash ^ word) * 2654435761u;
		hash ^= hash >> 15;
	}
	return hash;
}

static bool is_place(const struct ctalg_endpoint *a, const struct ctalg_endpoint *b)
{
	return a->role == b->role && a->port == b->port && a->l4 == b->l4 &&
	       ctalg_addr_eq(&a->addr, &b->addr);
}

/*
 * What stands in @head and @next is to be believed only as far as it leads to endpoints that are
 * there, each before the last.
 */
static int place_find(const struct ctalg_report *r, const struct ctalg_endpoint *ep, u32 hash,
		      u16 first)
{
	u16 before = r->n_endpoints, i = r->room->head[hash];
	u32 looks;

	for (looks = 0; i < before && i >= first && looks < LOOKS; looks++) {
		if (is_place(&r->endpoint[i], ep))
			return i;
		before = i;
		i = r->room->next[i];
	}
	return -1;
}

/* The latest is found first. */
static void place_enter(struct ctalg_report *r, u16 i, u32 hash)
{
	r->room->next[i] = r->room->head[hash];
	r->room->head[hash] = i;
}

int ctalg_report_place(struct ctalg_report *r, const struct ctalg_endpoint *ep, u16 first)
{
	u32 hash = place_hash(ep);
	int i = place_find(r, ep, hash & (r->room->heads - 1u), first);

	if (i >= 0)
		return i;
	i = ctalg_report_endpoint(r, &ep->addr, ep->port, ep->l4);
	if (i < 0)
		return i;
	r->endpoint[i].role = ep->role;
	place_enter(r, (u16)i, hash & (r->room->heads - 1u));
	return i;
}

void ctalg_report_move(struct ctalg_report *r, const struct ctalg_report_room *room)
{
	const struct ctalg_report old = *r;
	u16 i;

	memcpy(room->endpoint, old.endpoint, old.n_endpoints * sizeof(old.endpoint[0]));
	memcpy(room->token, old.token, old.n_tokens * sizeof(old.token[0]));
	memcpy(room->want, old.want, old.n_wants * sizeof(old.want[0]));
	ctalg_report_use(r, room);
	for (i = 0; i < r->n_endpoints; i++)
		place_enter(r, i, place_hash(&r->endpoint[i]) & (room->heads - 1u));
}

bool ctalg_report_token(struct ctalg_report *r, int endpoint, struct ctalg_span at, u8 form)
{
	struct ctalg_token *t;

	if (endpoint < 0 || endpoint >= r->n_endpoints || !ctalg_report_has_token(r))
		return false;
	t = &r->token[r->n_tokens++];
	memset(t, 0, sizeof(*t));
	t->at = at;
	t->form = form;
	t->endpoint = (u16)endpoint;
	return true;
}

bool ctalg_report_want(struct ctalg_report *r, int endpoint)
{
	const struct ctalg_want w = { .endpoint = (u16)endpoint, .seconds = CTALG_NO_SECONDS };

	if (endpoint < 0 || endpoint >= r->n_endpoints)
		return false;
	return ctalg_report_want_add(r, &w);
}

bool ctalg_report_want_add(struct ctalg_report *r, const struct ctalg_want *w)
{
	if (!has_want(r))
		return false;
	r->want[r->n_wants++] = *w;
	if (w->kind == CTALG_WANT_MEDIA && w->endpoint < r->n_endpoints)
		r->endpoint[w->endpoint].wanted = true;
	return true;
}

bool ctalg_report_length(struct ctalg_report *r, struct ctalg_span digits, struct ctalg_span body)
{
	if (r->n_lengths >= CTALG_REPORT_LENGTHS) {
		r->full = true;
		return false;
	}
	r->length[r->n_lengths].digits = digits;
	r->length[r->n_lengths++].body = body;
	return true;
}
