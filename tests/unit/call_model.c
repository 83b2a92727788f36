// SPDX-License-Identifier: GPL-2.0
#include "call_model.h"
#include "unit.h"

struct said {
	struct ctalg_talk t;
	char media[CALL_LINES][8];
	u32 lines;
};

static const char *const methods[] = {
	[CTALG_METHOD_OTHER] = "INFO",	  [CTALG_METHOD_INVITE] = "INVITE",
	[CTALG_METHOD_ACK] = "ACK",	  [CTALG_METHOD_BYE] = "BYE",
	[CTALG_METHOD_CANCEL] = "CANCEL", [CTALG_METHOD_PRACK] = "PRACK",
	[CTALG_METHOD_UPDATE] = "UPDATE",
};

static u32 tag_of(char who)
{
	return who == '?' ? 0 : 0x1000u + (u32)who;
}

static u8 method_of(const char *word)
{
	u8 i;

	for (i = 0; i < ARRAY_SIZE(methods); i++)
		if (methods[i] && !strcmp(word, methods[i]))
			return i;
	fail_msg("no method is called %s", word);
	return 0;
}

static void read_parties(struct ctalg_talk *t, const char *who)
{
	u32 peer = who[1] ? tag_of(who[2]) : 0;

	t->from = t->status ? peer : tag_of(who[0]);
	t->to = t->status ? tag_of(who[0]) : peer;
}

static void read_words(struct said *s, char *rest)
{
	char *word;

	while ((word = strtok_r(rest, " ", &rest))) {
		if (!strncmp(word, "expires=", 8)) {
			s->t.expires = (u32)strtoul(word + 8, NULL, 10);
			continue;
		}
		assert_in_range(s->lines, 0, CALL_LINES - 1);
		snprintf(s->media[s->lines++], sizeof(s->media[0]), "%s", word);
		s->t.describes = true;
	}
}

static void read_message(struct said *s, const char *says)
{
	char text[CALL_TEXT], *rest = text, *who, *word;

	memset(s, 0, sizeof(*s));
	snprintf(text, sizeof(text), "%s", says);
	s->t.kind = CTALG_TALK_CALL;
	s->t.expires = CTALG_NO_SECONDS;
	who = strtok_r(rest, " ", &rest);
	word = strtok_r(rest, " ", &rest);
	if (*word >= '1' && *word <= '6') {
		s->t.status = (u16)strtoul(word, NULL, 10);
		word = strtok_r(rest, " ", &rest);
	}
	s->t.method = method_of(word);
	s->t.number = (u32)strtoul(strtok_r(rest, " ", &rest), NULL, 10);
	read_parties(&s->t, who);
	read_words(s, rest);
}

static void hole_close(struct call_model *m, u32 i)
{
	m->hole[i] = m->hole[--m->n];
}

static void holes_open(struct call_model *m, const struct said *s)
{
	const struct ctalg_call_act *act = &m->act;
	u32 line, i;

	for (line = 0; line < s->lines; line++) {
		if (s->media[line][0] == '-')
			continue;
		for (i = 0; i < m->n; i++)
			if (m->hole[i].party == act->party &&
			    !strcmp(m->hole[i].name, s->media[line]))
				break;
		if (i == m->n) {
			assert_in_range(i, 0, CALL_HOLES - 1);
			m->n++;
			m->hole[i].party = act->party;
			m->hole[i].line = line;
			m->hole[i].first = m->hole[i].latest = act->round;
			strcpy(m->hole[i].name, s->media[line]);
		}
		if (m->hole[i].latest < act->round)
			m->hole[i].latest = act->round;
	}
}

static bool refuses(const struct said *s, u32 line)
{
	return line < s->lines && s->media[line][0] == '-';
}

static bool accepted(const struct ctalg_call *c, u32 party)
{
	u32 i;

	for (i = 0; i < CTALG_CALL_LEGS; i++)
		if (c->legs[i].caller && !c->legs[i].early && !c->legs[i].dead &&
		    (c->legs[i].caller == party || c->legs[i].callee == party))
			return true;
	return false;
}

static bool closes(struct call_model *m, const struct said *s, const struct call_hole *h)
{
	const struct ctalg_call_act *act = &m->act;
	bool theirs = h->party == act->party || h->party == act->other;

	if (act->over || h->party == act->gone[0] || h->party == act->gone[1])
		return true;
	if (act->settles && theirs && (h->latest < act->round || refuses(s, h->line)))
		return true;
	if (act->reverts && h->first == act->round)
		return true;
	if (!act->alone || theirs)
		return false;
	if (accepted(&m->call, h->party))
		m->broken = "a fork that was accepted lost its media to another";
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct call_hole *)a)->name, ((const struct call_hole *)b)->name);
}

static void tell_open(struct call_model *m)
{
	u32 i, at = 0;

	qsort(m->hole, m->n, sizeof(m->hole[0]), by_name);
	m->open[0] = 0;
	for (i = 0; i < m->n; i++)
		at += (u32)snprintf(m->open + at, sizeof(m->open) - at, "%s%s", i ? " " : "",
				    m->hole[i].name);
}

static void check_act(struct call_model *m, const struct said *s)
{
	const struct ctalg_call_act *act = &m->act;

	if (act->opens && !s->t.describes)
		m->broken = "media are opened that no message names";
	if (act->over && (act->opens || act->seconds != CTALG_NO_SECONDS))
		m->broken = "a call that is over goes on";
	if (!act->over && (act->seconds < CTALG_CALL_LINGERS ||
			   act->seconds > CTALG_CALL_EXPIRES_MAX + CTALG_CALL_GRACE))
		m->broken = "a call lasts for ever";
	if ((act->opens || act->settles || act->reverts) && !act->round)
		m->broken = "a round has no number";
}

void call_model_hear(struct call_model *m, const char *says)
{
	struct said s;
	u32 i = 0;

	read_message(&s, says);
	ctalg_call_message(&m->call, &s.t, &m->act);
	check_act(m, &s);
	if (m->act.opens)
		holes_open(m, &s);
	while (i < m->n)
		if (closes(m, &s, &m->hole[i]))
			hole_close(m, i);
		else
			i++;
	if (m->act.over && m->forgets)
		memset(&m->call, 0, sizeof(m->call));
	tell_open(m);
}
