// SPDX-License-Identifier: GPL-2.0
/* Outside ports: which are tried for a pinhole, and in which order. */
#include <linux/random.h>

#include "core.h"

enum {
	/* Where outside ports are looked for unless a range is set. */
	PORTS_FIRST = 10000,
	PORTS_LAST = 65535,
};

/* Between two ports, inclusive. RTP and its kind care for parity: @like another, if there is any. */
static u16 random_port(u16 first, u16 last, u16 like)
{
	u16 port = first + reciprocal_scale(get_random_u32(), last - first + 1);

	if ((port & 1) == (like & 1))
		return port;
	if (port > first)
		return port - 1;
	return port < last ? port + 1 : port;
}

void ctalg_search_begin(struct ctalg_port_search *q, const struct ctalg_pinhole *ph)
{
	u32 ports = READ_ONCE(ph->nh->ports);

	if (ph->at.port_first)
		ports = (u32)ph->at.port_first << 16 | ph->at.port_last;
	else if (!ports)
		ports = PORTS_FIRST << 16 | PORTS_LAST;
	q->first = ports >> 16;
	q->last = ports & U16_MAX;
	q->like = ph->at.inside_port;
	q->start = get_random_u32();
	q->tried = 0;
}

/* The @i-th port of a small range: first all of the right parity, then the others. */
static u16 block_port(const struct ctalg_port_search *q, u32 i)
{
	u16 odd = (q->first ^ q->like) & 1;
	u32 ports = q->last - q->first + 1;
	u32 alike = (ports + !odd) / 2;

	if (i < alike)
		return q->first + odd + 2 * ((q->start + i) % alike);
	return q->first + !odd + 2 * ((q->start + i) % (ports - alike));
}

/* The next port to try, which no message names; 0 if there are no more. */
u16 ctalg_search_next(struct ctalg_port_search *q)
{
	u32 ports = q->last - q->first + 1;
	bool block = ports <= CTALG_PORT_BLOCK;
	u16 port;

	while (q->tried < (block ? ports : CTALG_PORT_TRIES)) {
		port = block ? block_port(q, q->tried) : random_port(q->first, q->last, q->like);
		q->tried++;
		if (!ctalg_port_denied(port))
			return port;
	}
	return 0;
}

/* The port that the message names, unless a range is set that it is not in. */
u16 ctalg_search_first(struct ctalg_port_search *q, const struct ctalg_pinhole *ph)
{
	u16 port = ph->at.outside_port;
	bool any = !ph->at.port_first && !READ_ONCE(ph->nh->ports);

	if (ph->at.fixed_port || any || (port >= q->first && port <= q->last))
		return port;
	return ctalg_search_next(q);
}
