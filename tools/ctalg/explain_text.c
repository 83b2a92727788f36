// SPDX-License-Identifier: GPL-2.0
/* For people: a line for each message, and below it what is to be said of it. */
#include <time.h>

#include "explain.h"

static const char *time_text(char buf[EXPLAIN_TEXT], s64 ts, const char *format)
{
	time_t seconds = (time_t)(ts / EXPLAIN_SECOND);
	struct tm tm = {};

	gmtime_r(&seconds, &tm);
	if (!strftime(buf, EXPLAIN_TEXT, format, &tm))
		buf[0] = 0;
	return buf;
}

/* What was assumed of one end of a flow. */
static void text_host(struct explain *e, const struct explain_flow *f, u8 dir)
{
	char a[EXPLAIN_TEXT], b[EXPLAIN_TEXT];
	struct ctalg_view v;

	view_of(e, f, dir, &v);
	if (!ctalg_addr_eq(&v.self, &v.self_out))
		fprintf(e->set.out, "    %s is inside, and seen outside as %s\n",
			addr_text(a, &v.self), addr_text(b, &v.self_out));
	else if (addr_is_outside(&e->set, &v.self) && !view_is_outside(&e->set, f))
		fprintf(e->set.out, "    %s is the router itself\n", addr_text(a, &v.self));
	else if (addr_is_outside(&e->set, &v.self))
		fprintf(e->set.out,
			"    %s is what inside hosts are seen by: captured outside NAT, after all changes\n",
			addr_text(a, &v.self));
	else if (addr_is_inside(&e->set, &v.self) && !addr_is_inside(&e->set, &v.peer) &&
		 !addr_is_outside(&e->set, &v.peer))
		fprintf(e->set.out,
			"    %s is inside, but no outside address of its kind is given: no NAT\n",
			addr_text(a, &v.self));
}

static void text_vlans(FILE *out, const struct vlans *v)
{
	u8 i;

	for (i = 0; i < v->n; i++)
		fprintf(out, "%s%u", i ? " in " : ", VLAN ", v->id[v->n - 1 - i]);
}

static void text_flow(struct explain *e, struct explain_flow *f)
{
	char src[EXPLAIN_TEXT], dst[EXPLAIN_TEXT];

	fprintf(e->set.out, "%sflow %llu: %s, %s to %s", e->told ? "\n" : "",
		(unsigned long long)f->number, f->served->proto->name,
		end_text(src, &f->at.src.addr, f->at.src.port),
		end_text(dst, &f->at.dst.addr, f->at.dst.port));
	text_vlans(e->set.out, &f->at.vlans);
	fputc('\n', e->set.out);
	text_host(e, f, CTALG_DIR_ORIG);
	text_host(e, f, CTALG_DIR_REPLY);
	if (!view_has_nat(&e->set, f))
		fprintf(e->set.out, "    no NAT is assumed\n");
	f->introduced = true;
}

/* The line that a place is in, without its end. What is no text has no lines. */
static struct ctalg_span line_around(const struct finding *f, u32 at)
{
	const struct ctalg_message *m = f->message;
	u32 from = at, to = at;

	if (!f->flow->served->proto->text)
		return (struct ctalg_span){ .len = m->len };
	while (from && m->data[from - 1] != '\n')
		from--;
	while (to < m->len && m->data[to] != '\n')
		to++;
	return (struct ctalg_span){ .off = from, .len = to - from };
}

/* A message may carry a password: its bytes are shown only if they are what this is about; of several lines, the first. */
static void text_message(struct explain *e, const struct finding *f)
{
	const struct ctalg_report *r = f->report;
	const struct ctalg_message *m = f->message;
	char buf[EXPLAIN_BYTES];
	u32 len;

	if (!m)
		return;
	for (len = line_around(f, 0).len;
	     len && (m->data[len - 1] == '\n' || m->data[len - 1] == '\r'); len--)
		;
	if (r->n_endpoints || (r->reason && r->kind))
		fprintf(e->set.out, "  \"%s\"", escaped_text(buf, sizeof(buf), m->data, len));
	else if (r->user.len)
		fprintf(e->set.out, "  %s",
			escaped_text(buf, sizeof(buf), m->data + r->user.off, r->user.len));
	else if (r->object.len)
		fprintf(e->set.out, "  %s",
			escaped_text(buf, sizeof(buf), m->data + r->object.off, r->object.len));
}

static void text_endpoint(struct explain *e, const struct finding *f, u16 i)
{
	const struct ctalg_endpoint *ep = &f->report->endpoint[i];
	char buf[EXPLAIN_TEXT];
	u16 t;

	fprintf(e->set.out, "    names ");
	if (ep->addr.family == CTALG_AF_NONE && !ep->port)
		fprintf(e->set.out, "the port that it comes from, %s/%s",
			end_text(buf, &f->view.self, f->view.self_port), l4_name(ep->l4));
	else if (ep->addr.family == CTALG_AF_NONE)
		fprintf(e->set.out, "port %u/%s of its sender", ep->port, l4_name(ep->l4));
	else if (ep->role == CTALG_ROLE_HOST || (ep->role == CTALG_ROLE_NAME && !ep->port))
		fprintf(e->set.out, "%s", addr_text(buf, &ep->addr));
	else
		fprintf(e->set.out, "%s/%s", end_text(buf, &ep->addr, ep->port), l4_name(ep->l4));
	for (t = 0; t < f->report->n_tokens; t++)
		if (f->report->token[t].endpoint == i)
			fprintf(e->set.out, ", bytes %u to %u", f->report->token[t].at.off,
				f->report->token[t].at.off + f->report->token[t].at.len - 1);
	fputc('\n', e->set.out);
}

/* Of a message with several lines, the one that is changed. */
static void text_where(struct explain *e, const struct finding *f, struct ctalg_span at)
{
	struct ctalg_span line = line_around(f, at.off);
	const u8 *b = f->message->data + line.off;
	char buf[EXPLAIN_BYTES];

	if (line.len && b[line.len - 1] == '\r')
		line.len--;
	if (line.off && line.len > at.len)
		fprintf(e->set.out, " in \"%s\"", escaped_text(buf, sizeof(buf), b, line.len));
	fputc('\n', e->set.out);
}

static void text_edits(struct explain *e, const struct finding *f)
{
	char was[EXPLAIN_BYTES], is[EXPLAIN_BYTES];
	bool replaced = f->ruling && f->ruling->action != CTALG_ACTION_ALLOW;
	u16 i = f->edits ? ctalg_refusals_delivered(f->edits) : 0;

	for (; f->edits && !replaced && i < f->edits->n; i++) {
		const struct ctalg_edit *ed = &f->edits->edit[i];

		fprintf(e->set.out, "    %s: \"%s\" to \"%s\"",
			edit_hides(f->report, ed) ? "hidden" : "rewritten",
			escaped_text(was, sizeof(was), f->message->data + ed->at.off, ed->at.len),
			escaped_text(is, sizeof(is), (const u8 *)f->edits->text + ed->text,
				     ed->len));
		text_where(e, f, ed->at);
	}
}

/* What came by another name, if the capture was made where it is called as it should be. */
static void text_called(struct explain *e, const struct finding *f)
{
	char was[EXPLAIN_TEXT], is[EXPLAIN_TEXT];
	size_t i;

	for (i = 0; f->edits && !f->edits->n && i < f->n_called; i++) {
		const struct called *c = &f->called[i];

		fprintf(e->set.out, "    comes as %s, and is told as %s\n",
			end_text(was, &c->ep.addr, c->ep.port), end_text(is, &c->addr, c->port));
	}
}

/* An inside address outside NAT: what was to be rewritten has not been. */
static bool is_forgotten(const struct explain *e, const struct finding *f)
{
	u16 i;

	for (i = 0; f->report && i < f->report->n_endpoints; i++)
		if (addr_is_outside(&e->set, &f->view.self) &&
		    addr_is_inside(&e->set, &f->report->endpoint[i].addr))
			return true;
	return false;
}

/* Where the advice says HELPER, it means this one. */
static void text_advice(FILE *out, const char *advice, const char *helper)
{
	const char *at = strstr(advice, "HELPER");

	if (at)
		fprintf(out, "      %.*s%s%s\n", (int)(at - advice), advice, helper,
			at + strlen("HELPER"));
	else
		fprintf(out, "      %s\n", advice);
}

void text_reason(struct explain *e, const struct finding *f, const char *reason)
{
	const char *what = "", *advice = NULL;

	if (!reason_words(f->flow->served->proto->name, reason, &what, &advice))
		fprintf(e->set.out, "    %s\n", reason);
	else
		fprintf(e->set.out, "    %s: %s\n", reason, what);
	if (is_forgotten(e, f))
		advice =
			"an inside address, and nobody has rewritten it: \"ctalg helpers\" shows whether HELPER is loaded, \"ctalg flows\" whether a rule gave it this connection";
	if (advice)
		text_advice(e->set.out, advice, f->flow->served->proto->name);
}

/* A line without what ends it; of an ERROR of TFTP, its words. */
static void text_line(struct explain *e, const struct explain_flow *f, const char *what,
		      const char *bytes, u32 len)
{
	char buf[EXPLAIN_BYTES];
	u32 from = strcmp(f->served->proto->name, "tftp") ? 0 : min(len, 4u);

	while (len > from && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r' || !bytes[len - 1]))
		len--;
	fprintf(e->set.out, "    %s: \"%s\"\n", what,
		escaped_text(buf, sizeof(buf), (const u8 *)bytes + from, len - from));
}

/* Answers that have waited for this message. */
static void text_delivered(struct explain *e, const struct finding *f)
{
	u16 n = f->edits ? ctalg_refusals_delivered(f->edits) : 0, i;

	for (i = 0; i < n; i++)
		text_line(e, f->flow, "in front of it goes",
			  f->edits->text + f->edits->edit[i].text, f->edits->edit[i].len);
}

static void text_rule(struct explain *e, const struct ctalg_image_rule *rule)
{
	if (rule)
		fprintf(e->set.out, ", by line %u of the policy", rule->line);
	fputc('\n', e->set.out);
}

static const char *command_of(const struct finding *f)
{
	const struct ctalg_proto *p = f->flow->served->proto;

	if (!(f->report->ops & CTALG_OP_ASKS) || f->report->command >= p->n_commands)
		return "it";
	return f->report->command ? p->commands[f->report->command].name : "the command";
}

static void text_verdict(struct explain *e, const struct finding *f)
{
	static const char *const verdicts[CTALG_ACTIONS] = {
		[CTALG_ACTION_ALLOW] = "is allowed",
		[CTALG_ACTION_DENY] = "is refused",
		[CTALG_ACTION_DROP] = "disappears",
		[CTALG_ACTION_RESET] = "ends the connection",
	};
	const struct ruling *ru = f->ruling;

	if (ru->v.reason == CTALG_R_POLICY_ANSWERED)
		return;
	fprintf(e->set.out, "    policy: %s %s", command_of(f),
		ru->v.reason == CTALG_R_POLICY_HIDDEN ? "tells no inside address"
						      : verdicts[ru->action]);
	if (ru->v.reason)
		fprintf(e->set.out, " (%s)", ctalg_reason_name(ru->v.reason));
	text_rule(e, ru->v.rule);
}

/* What goes on in its place. */
static void text_instead(struct explain *e, const struct finding *f)
{
	const struct ctalg_edits *ed = f->edits;
	bool answered = f->ruling->v.reason == CTALG_R_POLICY_ANSWERED;

	if (f->ruling->action == CTALG_ACTION_DENY && ed && ed->n > ctalg_refusals_delivered(ed))
		text_line(
			e, f->flow,
			answered
				? "policy: this would be the answer to what went on; instead of it goes on"
				: "what goes on instead",
			ed->text + ed->edit[ed->n - 1].text, ed->edit[ed->n - 1].len);
}

static void text_opaque(struct explain *e, const struct finding *f)
{
	const struct ctalg_image_rule *rule = f->opaque;

	if (!rule)
		return;
	if (rule->action == CTALG_ACTION_RANGE)
		fprintf(e->set.out,
			"    policy: while it is encrypted, ports %u-%u of the server are open to the client",
			rule->arg[0] >> 16, rule->arg[0] & 0xffff);
	else if (rule->action == CTALG_ACTION_DETACH)
		fprintf(e->set.out,
			"    policy: it is encrypted, and nothing of it is read any more");
	else
		fprintf(e->set.out, "    policy: it is encrypted, and no data flow is let in");
	text_rule(e, rule);
}

static void text_ruling(struct explain *e, const struct finding *f)
{
	const struct ruling *ru = f->ruling;

	text_opaque(e, f);
	if (!ru || (!ru->v.reason && !ru->v.rule))
		return;
	text_verdict(e, f);
	text_instead(e, f);
	if (ru->told_len)
		text_line(e, f->flow, "its sender is told", ru->told, ru->told_len);
}

/* Ports of a range, of which there are many, stay open without a session that says so. */
static bool is_of_range(const struct ctalg_opening *o)
{
	return o->permanent && o->kind == CTALG_WANT_DATA;
}

/* One of a range of ports, which has been told of as a whole, closes with its connection. */
static bool ends_range(const struct finding *f)
{
	return !f->message && f->n_events == 1 && is_of_range(&f->events[0].at) &&
	       !strcmp(f->events[0].event, "closed");
}

void text_finding(struct explain *e, const struct finding *f)
{
	char buf[EXPLAIN_TEXT];
	size_t i;

	if (ends_range(f))
		return;
	if (!f->flow->introduced)
		text_flow(e, f->flow);
	fprintf(e->set.out, "%s.%06u %llu %s %s", time_text(buf, f->ts, "%H:%M:%S"),
		(unsigned int)(f->ts % EXPLAIN_SECOND / 1000), (unsigned long long)f->flow->number,
		f->dir == CTALG_DIR_ORIG ? ">" : "<", f->kind);
	text_message(e, f);
	if (f->missing)
		fprintf(e->set.out, "  %u bytes are missing in the capture", f->missing);
	fputc('\n', e->set.out);
	text_session(e, f);
	for (i = 0; f->report && i < f->report->n_endpoints; i++)
		text_endpoint(e, f, (u16)i);
	text_delivered(e, f);
	text_edits(e, f);
	text_called(e, f);
	text_ruling(e, f);
	for (i = 0; i < f->n_events; i++)
		if (!is_of_range(&f->events[i].at) || !f->message)
			text_event(e, f, &f->events[i]);
	if (f->reason)
		text_reason(e, f, f->reason);
	text_session_ends(e, f);
	e->told++;
}

void text_begin(struct explain *e)
{
	(void)e;
}

static void text_count(struct explain *e, const char *what, u64 n)
{
	if (n)
		fprintf(e->set.out, "  %s: %llu\n", what, (unsigned long long)n);
}

/* What was left out, each for its own reason. */
static void text_odd(struct explain *e)
{
	const struct explain_sums *s = &e->sums;

	text_count(e, "packets not whole in the capture (record with \"tcpdump -s 0\")",
		   s->truncated);
	text_count(e, "packets with headers that make no sense", s->bad_ip);
	text_count(e, "fragmented packets that never became whole", s->fragments_lost);
	text_count(e, "fragmented packets dropped, as their parts overlap",
		   s->fragments_overlapping);
	text_count(e, "segments far outside their connection's window", s->outside_window);
	text_count(e, "packets of more connections than are followed at a time", s->flows_refused);
}

static void text_pinholes(struct explain *e)
{
	const struct explain_sums *s = &e->sums;

	if (!s->opened)
		return;
	fprintf(e->set.out,
		"  pinholes opened: %llu, used: %llu, closed unused: %llu, waiting at the end: %llu\n",
		(unsigned long long)s->opened, (unsigned long long)s->used,
		(unsigned long long)s->unused,
		(unsigned long long)(s->opened - s->used - s->unused));
	if (s->used == s->opened)
		return;
	if (!s->other)
		fprintf(e->set.out,
			"    The capture has nothing but control connections: who came for the pinholes it cannot tell.\n");
	else
		fprintf(e->set.out,
			"    For those unused nobody came as far as where this was recorded: look for a firewall on the\n"
			"    way, or for a sender without a route to the address named.\n");
}

void text_end(struct explain *e)
{
	const struct explain_sums *s = &e->sums;
	char buf[EXPLAIN_TEXT];
	u64 i;

	if (e->told)
		fputc('\n', e->set.out);
	fprintf(e->set.out, "packets: %llu", (unsigned long long)s->frames);
	if (s->frames)
		fprintf(e->set.out, ", the first of %s UTC",
			time_text(buf, e->first, "%Y-%m-%d %H:%M:%S"));
	fprintf(e->set.out, "\n  control connections: %llu, messages: %llu, rewritten: %llu\n",
		(unsigned long long)s->flows, (unsigned long long)s->messages,
		(unsigned long long)s->edits);
	text_pinholes(e);
	for (i = 0; i < s->n_reasons; i++)
		text_count(e, s->reason[i].name, s->reason[i].n);
	text_odd(e);
	if (s->frames && !s->flows)
		fprintf(e->set.out,
			"  No control connection is in this capture. If it is on another port, name that: \"--port ftp=2121\".\n");
	if (s->flows && !e->set.n_inside && !e->set.n_outside)
		fprintf(e->set.out,
			"  If there is NAT on the way, say so: \"--inside 10.0.0.0/8 --outside 198.51.100.1\".\n");
}
