// SPDX-License-Identifier: GPL-2.0
/* One object a line. */
#include <jansson.h>

#include "explain.h"
#include "tool.h"

static json_t *addr_json(const struct ctalg_addr *a)
{
	char buf[EXPLAIN_TEXT];

	return a->family == CTALG_AF_NONE ? json_null() : json_string(addr_text(buf, a));
}

static json_t *bytes_json(const u8 *bytes, u32 len)
{
	char buf[EXPLAIN_BYTES];

	return json_string(escaped_text(buf, sizeof(buf), bytes, len));
}

static json_t *text_json(const char *text)
{
	return text ? json_string(text) : json_null();
}

static const char *const kind_names[] = {
	[CTALG_WANT_DATA] = "data",
	[CTALG_WANT_MEDIA] = "media",
	[CTALG_WANT_PATH] = "path",
};

/* What is going to come there, if anything is. */
static const char *role_name(const struct ctalg_report *r, u16 endpoint)
{
	u16 i;

	for (i = 0; i < r->n_wants; i++)
		if (r->want[i].endpoint == endpoint)
			return kind_names[r->want[i].kind];
	return "mention";
}

/* An endpoint where it is written; @at is NULL for one that is not written. */
static json_t *endpoint_json(const struct ctalg_report *r, u16 i, const struct ctalg_span *at)
{
	const struct ctalg_endpoint *ep = &r->endpoint[i];
	json_t *o = need(json_object());

	json_object_set_new(o, "addr", addr_json(&ep->addr));
	json_object_set_new(o, "port", ep->port ? json_integer(ep->port) : json_null());
	json_object_set_new(o, "l4", json_string(l4_name(ep->l4)));
	json_object_set_new(o, "role", json_string(role_name(r, i)));
	json_object_set_new(o, "offset", at ? json_integer(at->off) : json_null());
	json_object_set_new(o, "len", at ? json_integer(at->len) : json_null());
	return o;
}

static json_t *endpoints_json(const struct ctalg_report *r)
{
	json_t *all = need(json_array());
	u16 i, t;

	for (i = 0; r && i < r->n_endpoints; i++) {
		bool written = false;

		for (t = 0; t < r->n_tokens; t++) {
			if (r->token[t].endpoint != i)
				continue;
			json_array_append_new(all, endpoint_json(r, i, &r->token[t].at));
			written = true;
		}
		if (!written)
			json_array_append_new(all, endpoint_json(r, i, NULL));
	}
	return all;
}

/* Was the message refused, and something else goes on in its place? */
static bool is_replaced(const struct finding *f)
{
	return f->ruling && f->ruling->action == CTALG_ACTION_DENY && f->edits &&
	       f->edits->n > ctalg_refusals_delivered(f->edits);
}

static json_t *edits_json(const struct finding *f)
{
	json_t *all = need(json_array());
	u16 i;

	for (i = 0; f->edits && i < f->edits->n; i++) {
		const struct ctalg_edit *ed = &f->edits->edit[i];
		json_t *o;

		/* What stands in the place of the whole message is told of as that. */
		if (is_replaced(f) && ed->at.len)
			break;
		o = need(json_object());
		json_object_set_new(o, "old",
				    bytes_json(f->message->data + ed->at.off, ed->at.len));
		json_object_set_new(o, "new",
				    bytes_json((const u8 *)f->edits->text + ed->text, ed->len));
		json_object_set_new(o, "offset", json_integer(ed->at.off));
		json_object_set_new(o, "len", json_integer(ed->at.len));
		if (edit_hides(f->report, ed))
			json_object_set_new(o, "hidden", json_true());
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *port_json(u16 port)
{
	return port ? json_integer(port) : json_null();
}

static json_t *called_json(const struct finding *f)
{
	json_t *all = need(json_array());
	size_t i;

	for (i = 0; i < f->n_called; i++) {
		const struct called *c = &f->called[i];
		json_t *o = need(json_object());

		json_object_set_new(o, "addr", addr_json(&c->ep.addr));
		json_object_set_new(o, "port", port_json(c->ep.port));
		json_object_set_new(o, "new", addr_json(&c->addr));
		json_object_set_new(o, "new_port", port_json(c->port));
		json_array_append_new(all, o);
	}
	return all;
}

static json_t *dir_json(u8 dir)
{
	return json_string(dir == CTALG_DIR_ORIG ? "orig" : "reply");
}

static json_t *from_json(const struct ctalg_opening *at)
{
	char buf[EXPLAIN_TEXT];

	return at->from.family == CTALG_AF_NONE ? json_null() : json_string(from_text(buf, at));
}

static json_t *event_json(const struct pinhole_event *pe)
{
	const struct ctalg_opening *at = &pe->at;
	bool refused = at->outside.family == CTALG_AF_NONE;
	json_t *o = need(json_object());

	json_object_set_new(o, "event", json_string(pe->event));
	json_object_set_new(o, "kind", json_string(kind_names[at->kind]));
	json_object_set_new(o, "dir", dir_json(pe->dir));
	json_object_set_new(o, "from", from_json(at));
	json_object_set_new(o, "outside", addr_json(&at->outside));
	json_object_set_new(o, "outside_port",
			    refused ? json_null() : json_integer(at->outside_port));
	json_object_set_new(o, "inside", addr_json(&at->inside));
	json_object_set_new(o, "inside_port", json_integer(at->inside_port));
	json_object_set_new(o, "l4", json_string(l4_name(at->l4)));
	json_object_set_new(o, "by", addr_json(&pe->used_by.addr));
	json_object_set_new(o, "by_port",
			    pe->used_by.port ? json_integer(pe->used_by.port) : json_null());
	json_object_set_new(o, "reason", text_json(pe->reason));
	if (pe->because)
		json_object_set_new(o, "because", json_string(pe->because));
	if (pe->seconds != CTALG_NO_SECONDS)
		json_object_set_new(o, "seconds", json_integer(pe->seconds));
	if (pe->leaves.port) {
		json_object_set_new(o, "leaves", addr_json(&pe->leaves.addr));
		json_object_set_new(o, "leaves_port", json_integer(pe->leaves.port));
	}
	return o;
}

static json_t *events_json(const struct finding *f)
{
	json_t *all = need(json_array());
	size_t i;

	for (i = 0; i < f->n_events; i++)
		json_array_append_new(all, event_json(&f->events[i]));
	return all;
}

static json_t *vlans_json(const struct vlans *v)
{
	json_t *all = need(json_array());
	u8 i;

	for (i = 0; i < v->n; i++)
		json_array_append_new(all, json_integer(v->id[i]));
	return all;
}

static json_t *view_json(const struct ctalg_view *v)
{
	json_t *o = need(json_object());

	json_object_set_new(o, "self", addr_json(&v->self));
	json_object_set_new(o, "self_out", addr_json(&v->self_out));
	json_object_set_new(o, "peer", addr_json(&v->peer));
	if (v->aware)
		json_object_set_new(o, "aware", json_true());
	return o;
}

static void set_flow(json_t *o, const struct explain_flow *f)
{
	json_object_set_new(o, "flow", json_integer((json_int_t)f->number));
	json_object_set_new(o, "src", addr_json(&f->at.src.addr));
	json_object_set_new(o, "src_port", json_integer(f->at.src.port));
	json_object_set_new(o, "dst", addr_json(&f->at.dst.addr));
	json_object_set_new(o, "dst_port", json_integer(f->at.dst.port));
	json_object_set_new(o, "vlans", vlans_json(&f->at.vlans));
	json_object_set_new(o, "proto", json_string(f->served->proto->name));
}

static const char *const verdicts[CTALG_ACTIONS] = {
	[CTALG_ACTION_ALLOW] = "allow",
	[CTALG_ACTION_DENY] = "deny",
	[CTALG_ACTION_DROP] = "drop",
	[CTALG_ACTION_RESET] = "reset",
};

static const char *const opaques[CTALG_ACTIONS] = {
	[CTALG_ACTION_OFF] = "closed",
	[CTALG_ACTION_RANGE] = "passive-range",
	[CTALG_ACTION_DETACH] = "detach",
};

static json_t *line_json(const struct ctalg_image_rule *rule)
{
	return rule ? json_integer(rule->line) : json_null();
}

static json_t *policy_json(const struct finding *f)
{
	const struct ruling *ru = f->ruling;
	const struct ctalg_edits *e = f->edits;
	json_t *o = need(json_object());

	json_object_set_new(o, "verdict", json_string(verdicts[ru->action]));
	json_object_set_new(o, "reason", text_json(ctalg_reason_name(ru->v.reason)));
	json_object_set_new(o, "rule", line_json(ru->v.rule));
	json_object_set_new(o, "answer",
			    ru->told_len ? bytes_json((const u8 *)ru->told, ru->told_len)
					 : json_null());
	json_object_set_new(o, "instead",
			    is_replaced(f)
				    ? bytes_json((const u8 *)e->text + e->edit[e->n - 1].text,
						 e->edit[e->n - 1].len)
				    : json_null());
	if (f->opaque && opaques[f->opaque->action]) {
		json_object_set_new(o, "opaque", json_string(opaques[f->opaque->action]));
		json_object_set_new(o, "opaque_rule", line_json(f->opaque));
	}
	return o;
}

static json_t *user_json(const struct finding *f)
{
	const struct explain_flow *flow = f->flow;

	if (f->session && f->session->user_len)
		return bytes_json(f->session->user, f->session->user_len);
	return flow->user_len ? bytes_json(flow->user, flow->user_len) : json_null();
}

static json_t *talk_json(const struct finding *f)
{
	const struct explain_session *s = f->session;
	json_t *o = need(json_object());

	json_object_set_new(o, "number", json_integer((json_int_t)s->number));
	json_object_set_new(o, "kind", json_string(session_name(s)));
	json_object_set_new(o, "key", bytes_json(s->shown, s->shown_len));
	json_object_set_new(o, "begins", json_boolean(f->begins));
	json_object_set_new(o, "ends", text_json(f->ends));
	return o;
}

static json_t *finding_json(const struct finding *f)
{
	const struct explain_flow *flow = f->flow;
	json_t *o = need(json_object());

	json_object_set_new(o, "n", json_integer((json_int_t)f->n));
	json_object_set_new(o, "ts", json_real((double)f->ts / (double)EXPLAIN_SECOND));
	set_flow(o, flow);
	json_object_set_new(o, "dir", dir_json(f->dir));
	json_object_set_new(o, "kind", json_string(f->kind));
	json_object_set_new(o, "endpoints", endpoints_json(f->report));
	json_object_set_new(o, "edits", edits_json(f));
	json_object_set_new(o, "called", called_json(f));
	json_object_set_new(o, "pinholes", events_json(f));
	json_object_set_new(o, "session", user_json(f));
	if (f->session)
		json_object_set_new(o, "talk", talk_json(f));
	json_object_set_new(o, "reason", text_json(f->reason));
	json_object_set_new(o, "missing", json_integer(f->missing));
	json_object_set_new(o, "mid_stream", json_boolean(flow->mid_stream));
	json_object_set_new(o, "view", view_json(&f->view));
	if (f->ruling)
		json_object_set_new(o, "policy", policy_json(f));
	return o;
}

void json_begin(struct explain *e)
{
	fputc('[', e->set.out);
}

void json_finding(struct explain *e, const struct finding *f)
{
	json_t *o = finding_json(f);

	fputs(e->told++ ? ",\n" : "\n", e->set.out);
	/* As many digits as give microseconds. */
	if (json_dumpf(o, e->set.out, JSON_REAL_PRECISION(16)))
		fail("the JSON cannot be written");
	json_decref(o);
}

void json_end(struct explain *e)
{
	fputs(e->told ? "\n]\n" : "]\n", e->set.out);
}
