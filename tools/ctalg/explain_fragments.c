// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments. As the kernel does it, a packet whose fragments overlap is dropped whole (RFC
 * 5722), but one that comes twice as it was is not.
 */
#include <stdlib.h>

#include "explain.h"
#include "tool.h"

enum {
	PACKET_MAX = 65535,
	BLOCK = 8,
	/* Seconds that the rest of a packet is waited for, as RFC 8200 has it. */
	FRAGMENT_SECONDS = 60,
};

/**
 * struct reassembly - a packet that is being put together
 * @ip: of its first fragment to come; what @ip.off and the like say is that one's
 * @born: when that came
 * @total: its length, once the last fragment is there, or 0
 * @have: bytes that are there
 * @end: where the hindmost of them ends
 * @spoilt: it will never be whole; what else comes of it goes
 * @done: it was whole, and its memory goes with the next fragment
 * @there: by block of eight bytes
 * @data: the bytes
 */
struct reassembly {
	struct ip_packet ip;
	s64 born;
	u32 total;
	u32 have;
	u32 end;
	bool spoilt;
	bool done;
	bool there[PACKET_MAX / BLOCK + 1];
	u8 data[PACKET_MAX];
};

static bool same_packet(const struct ip_packet *a, const struct ip_packet *b)
{
	return a->id == b->id && (a->src.family == CTALG_AF_INET6 || a->l4 == b->l4) &&
	       ctalg_addr_eq(&a->src, &b->src) && ctalg_addr_eq(&a->dst, &b->dst) &&
	       !memcmp(&a->vlans, &b->vlans, sizeof(a->vlans));
}

static void let_go(struct explain *e, struct reassembly **r)
{
	if (*r && !(*r)->done && !(*r)->spoilt)
		e->sums.fragments_lost++;
	free(*r);
	*r = NULL;
}

static void forget_old(struct explain *e)
{
	unsigned int i;

	for (i = 0; i < EXPLAIN_REASSEMBLIES; i++)
		if (e->reassembly[i] &&
		    (e->reassembly[i]->done ||
		     e->now - e->reassembly[i]->born > FRAGMENT_SECONDS * EXPLAIN_SECOND))
			let_go(e, &e->reassembly[i]);
}

/* The packet's place in the table; a new one takes that of the oldest if there is no other. */
static struct reassembly *place_of(struct explain *e, const struct ip_packet *ip)
{
	struct reassembly **place = &e->reassembly[0];
	unsigned int i;

	for (i = 0; i < EXPLAIN_REASSEMBLIES; i++)
		if (e->reassembly[i] && same_packet(&e->reassembly[i]->ip, ip))
			return e->reassembly[i];
	for (i = 0; i < EXPLAIN_REASSEMBLIES && *place; i++)
		if (!e->reassembly[i] || e->reassembly[i]->born < (*place)->born)
			place = &e->reassembly[i];
	let_go(e, place);
	*place = need(calloc(1, sizeof(**place)));
	(*place)->ip = *ip;
	(*place)->born = e->now;
	return *place;
}

/* Blocks of the range that are there already. */
static u32 blocks_there(const struct reassembly *r, u32 off, u32 len)
{
	u32 i, n = 0;

	for (i = off / BLOCK; i * BLOCK < off + len; i++)
		n += r->there[i];
	return n;
}

static bool range_is_good(const struct reassembly *r, const struct ip_packet *ip)
{
	u32 end = ip->off + ip->len;

	if (!ip->len || ip->len < ip->wire_len || end > PACKET_MAX || (ip->more && ip->len % BLOCK))
		return false;
	if (r->total)
		return ip->more ? end < r->total : end == r->total;
	return ip->more || end >= r->end;
}

static void insert(struct explain *e, struct reassembly *r, const struct ip_packet *ip)
{
	u32 i, blocks = (ip->len + BLOCK - 1) / BLOCK, there;

	if (!range_is_good(r, ip)) {
		r->spoilt = true;
		e->sums.fragments_lost++;
		return;
	}
	there = blocks_there(r, ip->off, ip->len);
	if (there == blocks && !memcmp(r->data + ip->off, ip->payload, ip->len))
		return;
	if (there) {
		r->spoilt = true;
		e->sums.fragments_overlapping++;
		return;
	}
	for (i = 0; i < blocks; i++)
		r->there[ip->off / BLOCK + i] = true;
	memcpy(r->data + ip->off, ip->payload, ip->len);
	r->have += ip->len;
	if (r->end < ip->off + ip->len)
		r->end = ip->off + ip->len;
	if (!ip->more)
		r->total = ip->off + ip->len;
	/* What follows is said by the first one. */
	if (!ip->off)
		r->ip.l4 = ip->l4;
}

bool fragments_add(struct explain *e, struct ip_packet *ip)
{
	struct reassembly *r;

	forget_old(e);
	r = place_of(e, ip);
	if (!r->spoilt)
		insert(e, r, ip);
	if (r->spoilt || !r->total || r->have != r->total)
		return false;
	r->done = true;
	*ip = r->ip;
	ip->fragment = false;
	ip->payload = r->data;
	ip->len = r->total;
	ip->wire_len = r->total;
	return true;
}

void fragments_free(struct explain *e)
{
	unsigned int i;

	for (i = 0; i < EXPLAIN_REASSEMBLIES; i++)
		let_go(e, &e->reassembly[i]);
}
