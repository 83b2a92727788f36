// SPDX-License-Identifier: GPL-2.0
/* From a frame to whoever it concerns. */
#include <stdlib.h>

#include "explain.h"
#include "tool.h"

static void rooms_setup(struct explain *e)
{
	e->report_room = (struct ctalg_report_room)CTALG_REPORT_ROOM(e->report_in);
	e->spare_room = (struct ctalg_report_room)CTALG_REPORT_ROOM(e->spare_in);
	e->edits_room = (struct ctalg_edits_room)CTALG_EDITS_ROOM(e->edits_in);
	ctalg_report_use(&e->report, &e->report_room);
	ctalg_report_use(&e->spare, &e->spare_room);
	ctalg_edits_use(&e->edits, &e->edits_room);
	e->room.place = e->place;
}

struct explain *explain_new(const struct explain_settings *set)
{
	struct explain *e = need(calloc(1, sizeof(*e)));

	e->set = *set;
	rooms_setup(e);
	e->deadline = EXPLAIN_NEVER;
	TAILQ_INIT(&e->flow_order);
	TAILQ_INIT(&e->pinholes);
	TAILQ_INIT(&e->sessions);
	e->session_deadline = EXPLAIN_NEVER;
	rules_compile(e);
	if (set->json)
		json_begin(e);
	else
		text_begin(e);
	return e;
}

void explain_free(struct explain *e)
{
	pinholes_free(e);
	while (!TAILQ_EMPTY(&e->flow_order))
		flow_forget(e, TAILQ_FIRST(&e->flow_order));
	fragments_free(e);
	meters_free(e);
	rules_free(e);
	free(e);
}

static void count_reason(struct explain_sums *sums, const char *name)
{
	u64 i;

	for (i = 0; i < sums->n_reasons; i++)
		if (!strcmp(sums->reason[i].name, name))
			break;
	if (i == EXPLAIN_REASONS)
		return;
	sums->reason[i].name = name;
	sums->reason[i].n++;
	if (i == sums->n_reasons)
		sums->n_reasons++;
}

/* Does it say more than that there was a message? */
static bool says_something(const struct finding *f)
{
	return f->reason || f->n_events || f->begins || f->ends ||
	       (f->report && f->report->n_endpoints) || f->opaque ||
	       (f->ruling && f->ruling->v.reason);
}

void explain_tell(struct explain *e, struct finding *f)
{
	f->n = ++e->n;
	if (f->reason)
		count_reason(&e->sums, f->reason);
	if (f->ruling && f->ruling->v.reason)
		count_reason(&e->sums, ctalg_reason_name(f->ruling->v.reason));
	if (!e->ended && (!e->set.quiet || says_something(f))) {
		if (e->set.json)
			json_finding(e, f);
		else
			text_finding(e, f);
	}
	free(f->events);
	free(f->called);
	f->events = NULL;
	f->called = NULL;
}

static void explain_segment(struct explain *e, const struct ip_packet *ip)
{
	struct segment s;
	bool ours;

	if (ip->l4 != CTALG_L4_TCP && ip->l4 != CTALG_L4_UDP)
		return;
	if (!segment_read(ip, &s)) {
		if (ip->len < ip->wire_len)
			e->sums.truncated++;
		else
			e->sums.bad_ip++;
		return;
	}
	if (s.missing)
		e->sums.truncated++;
	ours = ip->l4 == CTALG_L4_TCP ? tcp_packet(e, &s) : udp_packet(e, &s);
	if (ours)
		return;
	e->sums.other++;
	pinholes_packet(e, &s);
}

static void explain_ip(struct explain *e, const u8 *p, u32 len, u32 wire_len,
		       const struct vlans *vlans)
{
	struct ip_packet ip;
	enum ip_verdict verdict = ip_read(p, len, wire_len, &ip);

	if (verdict == IP_NONE) {
		e->sums.not_ip++;
		return;
	}
	if (verdict == IP_BAD) {
		if (len < wire_len)
			e->sums.truncated++;
		else
			e->sums.bad_ip++;
		return;
	}
	ip.vlans = *vlans;
	if (ip.fragment && (!fragments_add(e, &ip) || !ip_skip_extensions(&ip) || ip.fragment))
		return;
	explain_segment(e, &ip);
}

void explain_frame(struct explain *e, int link, s64 ts, const u8 *data, u32 len, u32 wire_len)
{
	struct vlans vlans;
	u32 off;

	if (!e->sums.frames++)
		e->first = ts;
	/* Packets of several queues may stand in the wrong order; time does not go back. */
	if (ts > e->now)
		e->now = ts;
	pinholes_tick(e);
	sessions_tick(e);
	flows_tick(e);
	if (link_strip(link, data, len, &off, &vlans))
		explain_ip(e, data + off, len - off, wire_len - off, &vlans);
	else
		e->sums.not_ip++;
}

void explain_end(struct explain *e)
{
	struct explain_flow *f;

	TAILQ_FOREACH(f, &e->flow_order, in_order)
	if (f->at.l4 == CTALG_L4_TCP)
		tcp_flush(e, f);
	fragments_free(e);
	if (e->set.json)
		json_end(e);
	else
		text_end(e);
	e->ended = true;
}
