/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages for the plan, written by hand, and a world in which pinholes are opened.
 *
 * A message is text in which each place is marked with an endpoint's letter and a form: h host, a
 * address, b bracketed, p port: ``Contact: <sip:alice@{ch:10.0.0.2:5070}>``. Endpoints are told as
 * ``c=path/udp/10.0.0.2/5070``, wants as ``c:path/3600`` or ``m:media/0/pair``: behind the line
 * stand flags.
 */
#ifndef CTALG_TESTS_PLAN_WORLD_H
#define CTALG_TESTS_PLAN_WORLD_H

#include "unit.h"

#include "src/engine/plan.h"

enum { WORLD_TEXT = 4000, WORLD_PLACES = 16 };

/* Two hosts, and what NAT does between them; who is inside. */
enum world_view {
	PLAIN,	  /* from inside, no NAT */
	PLAIN_IN, /* to inside, no NAT */
	SNAT,	  /* from inside: 10.0.0.2:5060 is 203.0.113.1:6060 */
	SNAT_IN,  /* to inside */
	DNAT_IN,  /* to 10.0.0.9:5060 inside, called 203.0.113.1:5080 */
	DNAT,	  /* from it */
	NAT66,	  /* from inside: fd00::2 is 2001:db8::1 */
	NAT66_IN, /* to inside */
	NOBODY,	  /* neither is inside */
	AWARE,	  /* from inside, as SNAT, by one who calls itself 203.0.113.1:6060 */
	AWARE_IN, /* to inside, where one calls itself 203.0.113.1:6060 */
	WORLD_VIEWS
};

struct world {
	/* Granted ports: this one for what has no fixed port; 0: what is asked for. */
	u16 give;
	/* Or this one every time. */
	u16 same;
	/* A pinhole to this port is not to be had. */
	u16 refuse;
	/* Nothing has room, but for the place at this port, which is open. */
	u16 open_alone;
	u32 asked;
	struct {
		struct ctalg_endpoint in, out;
	} known[WORLD_PLACES];
	u32 n_known;
	struct ctalg_grant grant;
	u8 ice;
	u32 undone, told;
	char opened[WORLD_TEXT];
	char refused[200];
	u32 n_refused;
	char sent[WORLD_TEXT];
};

struct told {
	const char *what;
	enum world_view view;
	const char *endpoints;
	const char *wants;
	const char *text;
	/* What goes on; NULL: what came. */
	const char *sent;
	const char *opened;
	const char *refused;
};

struct ctalg_view world_view(enum world_view which);
/* In the world, @out leads to @in: "10.0.0.3/4000". */
void world_knows(struct world *w, u8 l4, const char *in, const char *out);
/* What the report is, and what is behind the marks; @data is to be freed. */
void world_report(const struct told *t, struct ctalg_report *r, struct ctalg_message *m);
/* Plans the message of @r at some offset of a packet; @w says what was made of it. */
unsigned int world_plan(struct world *w, enum world_view view, const struct ctalg_report *r,
			const struct ctalg_message *m);
void world_check(struct world *w, const struct told *t);
const struct ctalg_edits *world_edits(void);

#endif /* CTALG_TESTS_PLAN_WORLD_H */
