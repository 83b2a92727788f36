// SPDX-License-Identifier: GPL-2.0
/* For people: calls and bindings, and what becomes of pinholes. */
#include "explain.h"

const char *session_name(const struct explain_session *s)
{
	return s->kind == CTALG_TALK_BINDING ? "registration" : s->flow->served->proto->session;
}

/* A line that is refused or on hold names no place; what it opened before is not touched by that alone. */
static void text_lines(struct explain *e, const struct ctalg_report *r)
{
	u16 i;

	for (i = 0; i < r->n_wants; i++) {
		const struct ctalg_want *w = &r->want[i];

		if (w->kind != CTALG_WANT_MEDIA)
			continue;
		if (w->flags & CTALG_WANT_CLOSED)
			fprintf(e->set.out, "    media line %u is refused, or over\n",
				w->line + 1u);
		else if (w->flags & CTALG_WANT_HELD)
			fprintf(e->set.out,
				"    media line %u names no place that can be opened: it is on hold, or told by name\n",
				w->line + 1u);
	}
}

static void text_aware(struct explain *e, const struct finding *f)
{
	char buf[EXPLAIN_TEXT];

	if (f->aware && f->flow->aware)
		fprintf(e->set.out,
			"    %s calls itself what it is called outside: what is said to it stays as it is\n",
			addr_text(buf, &f->view.self));
	else if (f->aware)
		fprintf(e->set.out, "    %s calls itself by its own address again\n",
			addr_text(buf, &f->view.self));
}

void text_session(struct explain *e, const struct finding *f)
{
	const struct explain_session *s = f->session;
	char buf[EXPLAIN_BYTES];

	if (s) {
		fprintf(e->set.out, "    %s %llu", session_name(s), (unsigned long long)s->number);
		if (f->begins)
			fprintf(e->set.out, ", \"%s\", begins",
				escaped_text(buf, sizeof(buf), s->shown, s->shown_len));
		fputc('\n', e->set.out);
	}
	text_aware(e, f);
	if (f->report)
		text_lines(e, f->report);
}

void text_session_ends(struct explain *e, const struct finding *f)
{
	if (f->ends)
		fprintf(e->set.out, "    %s %llu is over: %s\n", session_name(f->session),
			(unsigned long long)f->session->number, because_words(f->ends));
}

static void text_opening(struct explain *e, const struct ctalg_opening *o)
{
	char from[EXPLAIN_TEXT], outside[EXPLAIN_TEXT], inside[EXPLAIN_TEXT];
	const char *who = o->from.family == CTALG_AF_NONE ? "anybody" : from_text(from, o);

	end_text(inside, &o->inside, o->inside_port);
	end_text(outside, &o->outside, o->outside_port);
	fprintf(e->set.out, "%s to ", who);
	if (o->outside.family != CTALG_AF_NONE &&
	    (!ctalg_addr_eq(&o->outside, &o->inside) || o->outside_port != o->inside_port))
		fprintf(e->set.out, "%s, which leads to ", outside);
	fprintf(e->set.out, "%s/%s", inside, l4_name(o->l4));
}

static void text_lifetime(struct explain *e, const struct finding *f, const struct ctalg_opening *o)
{
	if (!o->permanent)
		fprintf(e->set.out, ", for %u s", f->flow->served->lifetime);
	else if (o->kind == CTALG_WANT_PATH)
		fprintf(e->set.out, ", until its answer says for how long");
	else
		fprintf(e->set.out, ", as long as its %s",
			o->kind == CTALG_WANT_DATA ? "control connection" : "call");
}

static void text_comer(struct explain *e, const struct pinhole_event *pe)
{
	char by[EXPLAIN_TEXT];

	if (pe->used_by.addr.family != CTALG_AF_NONE)
		fprintf(e->set.out, ", by %s", end_text(by, &pe->used_by.addr, pe->used_by.port));
	if (pe->leaves.addr.family != CTALG_AF_NONE)
		fprintf(e->set.out, ", which leaves as %s, as was promised",
			end_text(by, &pe->leaves.addr, pe->leaves.port));
}

static const char *event_words(const char *event)
{
	static const char *const words[][2] = {
		{ "kept", "pinhole still open" },
		{ "renewed", "pinhole stays open" },
		{ "admits", "pinhole open now for" },
		{ "shut", "pinhole shut, and what uses it goes on" },
		{ "ended", "data flow ended" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i][0], event))
			return words[i][1];
	return NULL;
}

static void text_event_why(struct explain *e, const struct finding *f,
			   const struct pinhole_event *pe)
{
	bool told = pe->reason && f->reason && !strcmp(pe->reason, f->reason);

	if (pe->other_port && pe->at.port_first)
		fprintf(e->set.out,
			"      the kernel takes any outside port from %u to %u that is free\n",
			pe->at.port_first, pe->at.port_last);
	else if (pe->other_port)
		fprintf(e->set.out,
			"      outside port %u is taken: the kernel takes any that is free\n",
			pe->at.inside_port);
	if (pe->because)
		fprintf(e->set.out, "      %s%s%s\n", pe->reason ? pe->reason : "",
			pe->reason ? ": " : "", because_words(pe->because));
	else if (pe->reason && strcmp(pe->event, "ended") && !told)
		text_reason(e, f, pe->reason);
}

void text_event(struct explain *e, const struct finding *f, const struct pinhole_event *pe)
{
	const char *words = event_words(pe->event);

	fprintf(e->set.out, "    %s%s: ", words ? "" : "pinhole ", words ? words : pe->event);
	text_opening(e, &pe->at);
	if (!strcmp(pe->event, "open"))
		text_lifetime(e, f, &pe->at);
	if (pe->seconds != CTALG_NO_SECONDS)
		fprintf(e->set.out, ", for %u s", pe->seconds);
	if (!strcmp(pe->event, "used") || !strcmp(pe->event, "missed"))
		text_comer(e, pe);
	fputc('\n', e->set.out);
	text_event_why(e, f, pe);
}
