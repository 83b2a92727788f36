// SPDX-License-Identifier: GPL-2.0
/* Link layers, as far as an IP packet may stand behind them. */
#include <pcap/dlt.h>

#include <ctalg/reader.h>

#include "explain.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_SERVICE_VLAN = 0x88a8,
	TYPE_OLD_SERVICE_VLAN = 0x9100,
};

/* What stands before the IP packet: bytes, and where in them the type of what follows, or -1. */
static const struct {
	int link;
	u8 header;
	int8_t type_at;
} links[] = {
	{ DLT_EN10MB, 14, 12 }, { DLT_LINUX_SLL, 16, 14 }, { DLT_LINUX_SLL2, 20, 0 },
	{ DLT_RAW, 0, -1 },	{ DLT_IPV4, 0, -1 },	   { DLT_IPV6, 0, -1 },
	{ DLT_NULL, 4, -1 },	{ DLT_LOOP, 4, -1 },
};

static bool type_is_vlan(u16 type)
{
	return type == TYPE_VLAN || type == TYPE_SERVICE_VLAN || type == TYPE_OLD_SERVICE_VLAN;
}

static bool skip_vlans(struct ctalg_reader *rd, u16 type, struct vlans *vlans)
{
	while (type_is_vlan(type)) {
		if (vlans->n == EXPLAIN_VLANS || ctalg_rd_left(rd) < 4)
			return false;
		vlans->id[vlans->n++] = ctalg_rd_be16(rd) & 0x0fff;
		type = ctalg_rd_be16(rd);
	}
	return type == TYPE_IPV4 || type == TYPE_IPV6;
}

bool link_known(int link)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(links); i++)
		if (links[i].link == link)
			return true;
	return false;
}

bool link_strip(int link, const u8 *p, u32 len, u32 *off, struct vlans *vlans)
{
	struct ctalg_reader rd;
	size_t i = 0;
	u16 type;

	memset(vlans, 0, sizeof(*vlans));
	while (i < ARRAY_SIZE(links) && links[i].link != link)
		i++;
	if (i == ARRAY_SIZE(links) || len < links[i].header)
		return false;
	*off = links[i].header;
	if (links[i].type_at < 0)
		return true;
	type = (u16)(p[links[i].type_at] << 8 | p[links[i].type_at + 1]);
	ctalg_rd_init(&rd, p, len);
	ctalg_rd_skip(&rd, links[i].header);
	if (!skip_vlans(&rd, type, vlans))
		return false;
	*off = rd.pos;
	return true;
}
