// SPDX-License-Identifier: GPL-2.0
/* TCP (RFC 9293) and UDP (RFC 768) headers. Checksums are not looked at: a network card makes them later. */
#include <ctalg/reader.h>

#include "explain.h"

enum {
	UDP_HEADER = 8,
	TCP_HEADER = 20,
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_ACK = 16,
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MD5 = 19, /* RFC 2385 */
	OPTION_AO = 29,	 /* RFC 5925 */
};

static void read_ends(struct ctalg_reader *rd, const struct ip_packet *ip, struct tuple *at)
{
	at->src.addr = ip->src;
	at->dst.addr = ip->dst;
	at->src.port = ctalg_rd_be16(rd);
	at->dst.port = ctalg_rd_be16(rd);
	at->vlans = ip->vlans;
	at->l4 = ip->l4;
}

static bool read_options(struct ctalg_reader *rd)
{
	while (ctalg_rd_left(rd)) {
		u8 kind = ctalg_rd_u8(rd), len;

		if (kind == OPTION_MD5 || kind == OPTION_AO)
			return true;
		if (kind == OPTION_END)
			break;
		if (kind == OPTION_NOP)
			continue;
		len = ctalg_rd_u8(rd);
		if (len < 2)
			break;
		ctalg_rd_skip(rd, len - 2);
	}
	return false;
}

/* The payload, of which some may not be in the capture. */
static bool set_data(const struct ip_packet *ip, u32 header, u32 wire_len, struct segment *s)
{
	if (header > ip->len || wire_len < header)
		return false;
	s->data = ip->payload + header;
	s->len = min(ip->len, wire_len) - header;
	s->missing = wire_len - header - s->len;
	return true;
}

static bool read_tcp(const struct ip_packet *ip, struct ctalg_reader *rd, struct segment *s)
{
	struct ctalg_span options = { .off = TCP_HEADER };
	struct ctalg_reader sub;
	u32 header;
	u8 flags;

	s->seq = ctalg_rd_be32(rd);
	s->ack = ctalg_rd_be32(rd);
	header = (ctalg_rd_u8(rd) >> 4) * 4u;
	flags = ctalg_rd_u8(rd);
	if (header < TCP_HEADER || header > ip->len)
		return false;
	s->fin = flags & TCP_FIN;
	s->syn = flags & TCP_SYN;
	s->rst = flags & TCP_RST;
	s->has_ack = flags & TCP_ACK;
	options.len = header - TCP_HEADER;
	ctalg_rd_sub(&sub, rd, options);
	s->is_signed = read_options(&sub);
	return set_data(ip, header, ip->wire_len, s);
}

bool segment_read(const struct ip_packet *ip, struct segment *s)
{
	struct ctalg_reader rd;
	u32 udp_len;

	memset(s, 0, sizeof(*s));
	ctalg_rd_init(&rd, ip->payload, ip->len);
	if (ip->len < (ip->l4 == CTALG_L4_TCP ? (u32)TCP_HEADER : (u32)UDP_HEADER))
		return false;
	read_ends(&rd, ip, &s->at);
	if (ip->l4 == CTALG_L4_TCP)
		return read_tcp(ip, &rd, s);
	udp_len = ctalg_rd_be16(&rd);
	return set_data(ip, UDP_HEADER, udp_len ? min(udp_len, ip->wire_len) : ip->wire_len, s);
}
