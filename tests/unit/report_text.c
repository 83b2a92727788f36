// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "report_text.h"

struct text {
	char *s;
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->s + t->n, REPORT_TEXT_MAX - t->n, format, args);
	va_end(args);
	assert_true(n >= 0);
	t->n = min(t->n + (size_t)n, (size_t)REPORT_TEXT_MAX - 1);
}

static void add_span(struct text *t, const struct ctalg_message *m, struct ctalg_span at)
{
	u32 i;

	assert_true(at.off <= m->len && at.len <= m->len - at.off);
	add(t, "\"");
	for (i = at.off; i < at.off + at.len; i++) {
		u8 c = m->data[i];

		if (c == '\r' || c == '\n')
			add(t, c == '\r' ? "\\r" : "\\n");
		else if (c < ' ' || c > '~')
			add(t, "\\x%02x", c);
		else
			add(t, "%c", c);
	}
	add(t, "\"");
}

static void add_named(struct text *t, const char *what, const struct ctalg_message *m,
		      struct ctalg_span at)
{
	if (!at.len)
		return;
	add(t, "  %s ", what);
	add_span(t, m, at);
	add(t, "\n");
}

static void add_ops(struct text *t, const struct ctalg_proto *p, const struct ctalg_report *r)
{
	if (r->ops & CTALG_OP_ASKS)
		add(t, ", asks %s", p->commands[r->command].name);
	if (r->ops & CTALG_OP_AMBIGUOUS)
		add(t, ", ambiguous");
	if (r->full)
		add(t, ", full");
	if (r->reason)
		add(t, ", reason %s",
		    r->reason >= CTALG_R_PRIVATE ? p->reasons[r->reason - CTALG_R_PRIVATE]
						 : ctalg_reason_name(r->reason));
	add(t, "\n");
}

static void add_talk(struct text *t, const struct ctalg_message *m, const struct ctalg_talk *k)
{
	static const char *const kinds[] = { "", "call", "binding" };
	static const char *const methods[] = { "other",	 "INVITE", "ACK",    "BYE",
					       "CANCEL", "PRACK",  "UPDATE", "REGISTER" };

	if (!k->kind)
		return;
	add(t, "  %s ", kinds[k->kind]);
	add_span(t, m, k->key);
	add(t, " %s %u", methods[k->method], k->number);
	if (k->status)
		add(t, " %u", k->status);
	add(t, "%s%s", k->from ? " from" : "", k->to ? " to" : "");
	if (k->expires != CTALG_NO_SECONDS)
		add(t, ", expires in %u s", k->expires);
	add(t, "%s%s\n", k->describes ? ", describes" : "", k->reliable ? ", reliable" : "");
}

static void add_endpoint(struct text *t, const struct ctalg_endpoint *ep)
{
	static const char *const roles[] = { "data", "media", "path", "host", "name" };
	char addr[CTALG_TOKEN_MAX];
	u32 n = ctalg_addr_write(&ep->addr, addr, sizeof(addr));
	bool v6 = ep->addr.family == CTALG_AF_INET6;

	add(t, "%s %s %s%.*s%s:%u", roles[ep->role], ep->l4 == CTALG_L4_TCP ? "tcp" : "udp",
	    v6 ? "[" : "", (int)n, addr, v6 ? "]" : "", ep->port);
}

static void add_places(struct text *t, const struct ctalg_message *m, const struct ctalg_report *r)
{
	static const char *const forms[] = { "",	  "hostport", "eprt", "dotted",
					     "bracketed", "port",     "host" };
	u16 i, k;

	for (i = 0; i < r->n_endpoints; i++) {
		const char *between = ": ";

		add(t, "  ");
		add_endpoint(t, &r->endpoint[i]);
		for (k = 0; k < r->n_tokens; k++) {
			if (r->token[k].endpoint != i)
				continue;
			add(t, "%s%s ", between, forms[r->token[k].form]);
			add_span(t, m, r->token[k].at);
			if (r->token[k].implied)
				add(t, "/%u", r->token[k].implied);
			between = ", ";
		}
		add(t, "\n");
	}
}

static void add_wants(struct text *t, const struct ctalg_report *r)
{
	static const char *const flags[] = { "pair", "rtcp",	  "mux",    "closed",
					     "held", "candidate", "renews", "next" };
	u16 i, k;

	for (i = 0; i < r->n_wants; i++) {
		const struct ctalg_want *w = &r->want[i];

		add(t, "  want ");
		if (w->endpoint != CTALG_NO_ENDPOINT) {
			assert_true(w->endpoint < r->n_endpoints);
			assert_true((w->kind == CTALG_WANT_PATH) ==
				    (r->endpoint[w->endpoint].role == CTALG_ROLE_PATH));
			add_endpoint(t, &r->endpoint[w->endpoint]);
		}
		if (w->kind == CTALG_WANT_MEDIA)
			add(t, " line %u", w->line);
		for (k = 0; k < ARRAY_SIZE(flags); k++)
			if (w->flags >> k & 1)
				add(t, " %s", flags[k]);
		if (w->seconds != CTALG_NO_SECONDS)
			add(t, " for %u s", w->seconds);
		add(t, "\n");
	}
}

void report_text(const struct ctalg_proto *p, const struct ctalg_message *m,
		 const struct ctalg_report *r, char text[REPORT_TEXT_MAX])
{
	struct text t = { .s = text };
	u16 i;

	add(&t, "%s", p->kinds[r->kind]);
	add_ops(&t, p, r);
	add_named(&t, "user", m, r->user);
	add_named(&t, "object", m, r->object);
	add_talk(&t, m, &r->talk);
	add_places(&t, m, r);
	add_wants(&t, r);
	for (i = 0; i < r->n_lengths; i++) {
		add(&t, "  length ");
		add_span(&t, m, r->length[i].digits);
		add(&t, " of %u\n", r->length[i].body.len);
	}
	for (i = 0; i < r->n_strips; i++)
		add_named(&t, "strip", m, r->strip[i]);
}
