// SPDX-License-Identifier: GPL-2.0
#include "explain.h"

const char *addr_text(char buf[EXPLAIN_TEXT], const struct ctalg_addr *a)
{
	buf[ctalg_addr_write(a, buf, EXPLAIN_TEXT - 1)] = 0;
	return buf;
}

const char *end_text(char buf[EXPLAIN_TEXT], const struct ctalg_addr *a, u16 port)
{
	bool v6 = a->family == CTALG_AF_INET6;
	char addr[EXPLAIN_TEXT];

	snprintf(buf, EXPLAIN_TEXT, "%s%.60s%s:%u", v6 ? "[" : "", addr_text(addr, a),
		 v6 ? "]" : "", port);
	return buf;
}

const char *from_text(char buf[EXPLAIN_TEXT], const struct ctalg_opening *o)
{
	char addr[EXPLAIN_TEXT];

	addr_text(addr, &o->from);
	if (o->from_len)
		snprintf(buf, EXPLAIN_TEXT, "%.60s/%u", addr, o->from_len);
	else
		snprintf(buf, EXPLAIN_TEXT, "%s", addr);
	return buf;
}

const char *escaped_text(char *buf, size_t size, const u8 *bytes, u32 len)
{
	static const char in_c[] = { '\r', '\n', '\t', '\\' };
	size_t at = 0;
	u32 i;

	for (i = 0; i < len && size - at > sizeof("\\xHH"); i++) {
		const char *c = memchr(in_c, bytes[i], sizeof(in_c));

		if (c) {
			buf[at++] = '\\';
			buf[at++] = "rnt\\"[c - in_c];
		} else if (bytes[i] >= ' ' && bytes[i] <= '~')
			buf[at++] = (char)bytes[i];
		else
			at += (size_t)snprintf(buf + at, size - at, "\\x%02x", bytes[i]);
	}
	buf[at] = 0;
	return buf;
}

const char *l4_name(u8 l4)
{
	return l4 == CTALG_L4_TCP ? "tcp" : "udp";
}
