// SPDX-License-Identifier: GPL-2.0
/* IPv4 (RFC 791) and IPv6 (RFC 8200) headers. */
#include <ctalg/reader.h>

#include "explain.h"

enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	NEXT_HOP_BY_HOP = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTHENTICATION = 51,
	NEXT_DESTINATION = 60,
	/* More extension headers than anybody sends. */
	EXTENSIONS = 8,
};

static void read_addr(struct ctalg_reader *rd, u8 family, struct ctalg_addr *a)
{
	memset(a, 0, sizeof(*a));
	a->family = family;
	memcpy(a->b, rd->base + rd->pos, ctalg_addr_len(a));
	ctalg_rd_skip(rd, ctalg_addr_len(a));
}

/* Moves the payload's beginning. */
static void skip(struct ip_packet *ip, u32 n)
{
	ip->payload += min(n, ip->len);
	ip->len -= min(n, ip->len);
	ip->wire_len -= min(n, ip->wire_len);
}

/* The captured bytes that belong to the packet; those behind are the link layer's padding. */
static void set_payload(struct ip_packet *ip, const u8 *p, u32 len, u32 header, u32 total)
{
	ip->payload = p + header;
	ip->len = min(len, total) - header;
	ip->wire_len = total - header;
}

static enum ip_verdict read_ipv4(const u8 *p, u32 len, u32 wire_len, struct ip_packet *ip)
{
	u32 header = (p[0] & 15u) * 4, total;
	struct ctalg_reader rd;
	u16 place;

	ctalg_rd_init(&rd, p, len);
	if (header < IPV4_HEADER || len < header)
		return IP_BAD;
	ctalg_rd_skip(&rd, 2);
	total = ctalg_rd_be16(&rd);
	/* A packet that the network card is going to cut has no length yet. */
	if (!total)
		total = wire_len;
	if (total < header)
		return IP_BAD;
	ip->id = ctalg_rd_be16(&rd);
	place = ctalg_rd_be16(&rd);
	ip->more = place & 0x2000;
	ip->off = (place & 0x1fffu) * 8;
	ip->fragment = ip->more || ip->off;
	ctalg_rd_skip(&rd, 1);
	ip->l4 = ctalg_rd_u8(&rd);
	ctalg_rd_skip(&rd, 2);
	read_addr(&rd, CTALG_AF_INET, &ip->src);
	read_addr(&rd, CTALG_AF_INET, &ip->dst);
	set_payload(ip, p, len, header, total);
	return IP_GOOD;
}

static void read_fragment(struct ip_packet *ip)
{
	struct ctalg_reader rd;
	u16 place;

	ctalg_rd_init(&rd, ip->payload, ip->len);
	ip->l4 = ctalg_rd_u8(&rd);
	ctalg_rd_skip(&rd, 1);
	place = ctalg_rd_be16(&rd);
	ip->more = place & 1;
	ip->off = place & 0xfff8u;
	ip->id = ctalg_rd_be32(&rd);
	ip->fragment = true;
	skip(ip, 8);
}

bool ip_skip_extensions(struct ip_packet *ip)
{
	unsigned int n;

	for (n = 0; n < EXTENSIONS; n++) {
		u32 len;

		if (ip->l4 != NEXT_HOP_BY_HOP && ip->l4 != NEXT_ROUTING &&
		    ip->l4 != NEXT_FRAGMENT && ip->l4 != NEXT_AUTHENTICATION &&
		    ip->l4 != NEXT_DESTINATION)
			return true;
		if (ip->len < 8)
			return false;
		if (ip->l4 == NEXT_FRAGMENT) {
			read_fragment(ip);
			/* One that is all of the packet is none (RFC 6946). */
			ip->fragment = ip->more || ip->off;
			if (ip->fragment)
				return true;
			continue;
		}
		len = ip->l4 == NEXT_AUTHENTICATION ? (ip->payload[1] + 2u) * 4
						    : (ip->payload[1] + 1u) * 8;
		if (len > ip->len)
			return false;
		ip->l4 = ip->payload[0];
		skip(ip, len);
	}
	return false;
}

static enum ip_verdict read_ipv6(const u8 *p, u32 len, u32 wire_len, struct ip_packet *ip)
{
	struct ctalg_reader rd;
	u32 payload;

	if (len < IPV6_HEADER)
		return IP_BAD;
	ctalg_rd_init(&rd, p, len);
	ctalg_rd_skip(&rd, 4);
	payload = ctalg_rd_be16(&rd);
	if (!payload)
		payload = wire_len - min(wire_len, (u32)IPV6_HEADER);
	ip->l4 = ctalg_rd_u8(&rd);
	ctalg_rd_skip(&rd, 1);
	read_addr(&rd, CTALG_AF_INET6, &ip->src);
	read_addr(&rd, CTALG_AF_INET6, &ip->dst);
	set_payload(ip, p, len, IPV6_HEADER, IPV6_HEADER + payload);
	return ip_skip_extensions(ip) ? IP_GOOD : IP_BAD;
}

enum ip_verdict ip_read(const u8 *p, u32 len, u32 wire_len, struct ip_packet *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (!len || (p[0] >> 4 != 4 && p[0] >> 4 != 6))
		return IP_NONE;
	if (p[0] >> 4 == 6)
		return read_ipv6(p, len, wire_len, ip);
	return len < IPV4_HEADER ? IP_BAD : read_ipv4(p, len, wire_len, ip);
}
