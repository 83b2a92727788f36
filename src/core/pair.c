// SPDX-License-Identifier: GPL-2.0
/* Two pinholes side by side: RTP and its RTCP, on the next port up (RFC 3550, section 11). */
#include "core.h"

enum {
	/* How often another pair of ports is tried. */
	PAIR_TRIES = 16,
};

/* The port of @ph goes back, and another one is tried. */
static void pair_again(const struct ctalg_packet *p, struct ctalg_session *s,
		       struct ctalg_pinhole *ph, struct ctalg_opening *o)
{
	struct ctalg_port_search q;

	ctalg_search_begin(&q, ph);
	o->outside_port = ctalg_search_next(&q);
	ctalg_pinhole_close(p->cn, s, ph, CTALG_R_PINHOLE_UNDONE);
}

static unsigned int pair_second(const struct ctalg_packet *p, struct ctalg_flow *f,
				struct ctalg_session *s, const struct ctalg_opening *first,
				struct ctalg_pinhole **ph)
{
	struct ctalg_opening o = *first;
	bool fresh;

	if (o.inside_port == U16_MAX || o.outside_port == U16_MAX)
		return CTALG_R_NO_PORT;
	o.inside_port++;
	o.outside_port++;
	o.fixed_port = true;
	o.flags = (o.flags & ~CTALG_WANT_PAIR) | CTALG_WANT_RTCP;
	return ctalg_pinhole_open(p, f, s, &o, ph, &fresh);
}

/**
 * ctalg_pair_open() - open a pinhole and the one for the next port up, or find them
 * @p: the packet
 * @f: its flow, whose lock is held
 * @s: the session, of that flow
 * @o: the first; its outside port is set
 * @ph: receives both; the second is NULL where only its port would not do and no other was
 *	allowed
 *
 * Return: CTALG_R_NONE or why there is not even the first.
 */
unsigned int ctalg_pair_open(const struct ctalg_packet *p, struct ctalg_flow *f,
			     struct ctalg_session *s, struct ctalg_opening *o,
			     struct ctalg_pinhole *ph[2])
{
	unsigned int reason, tries;
	bool fresh;

	for (tries = 0; tries < PAIR_TRIES; tries++) {
		ph[1] = NULL;
		reason = ctalg_pinhole_open(p, f, s, o, &ph[0], &fresh);
		if (reason)
			return reason;
		reason = pair_second(p, f, s, o, &ph[1]);
		/* Media without RTCP is better than none, but somebody ought to know. */
		if (reason && reason != CTALG_R_NO_PORT)
			ctalg_note(p, f, reason, NULL);
		if (!reason || !fresh || reason != CTALG_R_NO_PORT || ph[0]->at.fixed_port ||
		    o->inside_port == U16_MAX)
			return CTALG_R_NONE;
		pair_again(p, s, ph[0], o);
		if (!o->outside_port)
			break;
	}
	return CTALG_R_NO_PORT;
}
