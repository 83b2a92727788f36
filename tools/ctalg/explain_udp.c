// SPDX-License-Identifier: GPL-2.0
/* UDP: one datagram is one message. */
#include "explain.h"

/* Bytes that a packet with its headers can be long, or say that it is. */
enum { PACKET_MAX = 65535 };

bool udp_packet(struct explain *e, const struct segment *s)
{
	u8 dir = CTALG_DIR_ORIG;
	struct explain_flow *f = flow_find(e, &s->at, &dir);
	struct ctalg_message m = { .data = s->data, .len = s->len, .l4 = CTALG_L4_UDP };
	s32 headers = (s->at.src.addr.family == CTALG_AF_INET ? 20 : 40) + 8;
	const struct service *served;

	if (!f) {
		served = served_by(e, CTALG_L4_UDP, s->at.dst.port);
		f = served ? flow_new(e, &s->at, served) : NULL;
		if (!f)
			return served;
		f->begun = true;
	}
	m.dir = dir;
	ctalg_edits_init(&e->edits);
	e->edits.most = PACKET_MAX - headers - (s32)s->len;
	if (s->missing)
		stream_explain(e, f, dir, "gap", "truncated-packet", s->missing);
	else if (s->len)
		message_explain(e, f, &m, &e->edits);
	return true;
}
