// SPDX-License-Identifier: GPL-2.0
/* The lines of a session description, and the words in them. */
#include "sdp_parts.h"

bool ctalg_sdp_line(struct ctalg_reader *rd, u8 *letter, struct ctalg_reader *value)
{
	int c;

	if (!ctalg_scan_line(rd, value))
		return false;
	c = ctalg_rd_peek(value, 0);
	*letter = c >= 'a' && c <= 'z' && ctalg_rd_peek(value, 1) == '=' ? (u8)c : 0;
	if (*letter)
		ctalg_rd_skip(value, 2);
	return true;
}

struct ctalg_span ctalg_sdp_attribute(struct ctalg_reader *value)
{
	struct ctalg_span name = { .off = value->pos, .len = ctalg_rd_left(value) };

	if (ctalg_scan_until(value, ':', &name))
		ctalg_rd_skip(value, 1);
	return name;
}

static bool is_multicast(const struct ctalg_addr *a)
{
	return a->family == CTALG_AF_INET ? a->b[0] >> 4 == 14 : a->b[0] == 0xff;
}

static bool scan_family(struct ctalg_reader *rd, u8 family, struct ctalg_addr *a)
{
	return (family != CTALG_AF_INET6 && ctalg_scan_ip4(rd, a)) ||
	       (family != CTALG_AF_INET && ctalg_scan_ip6(rd, a));
}

/* RFC 8866 has no brackets around an address, but some write them. */
void ctalg_sdp_address(const struct ctalg_reader *rd, struct ctalg_span word, u8 family,
		       struct ctalg_sdp_place *p)
{
	struct ctalg_reader in;
	bool bracket, whole;

	memset(p, 0, sizeof(*p));
	ctalg_rd_sub(&in, rd, word);
	bracket = ctalg_scan_char(&in, '[');
	p->at.off = in.pos;
	whole = scan_family(&in, bracket ? (u8)CTALG_AF_INET6 : family, &p->addr);
	p->at.len = in.pos - p->at.off;
	if (bracket && !ctalg_scan_char(&in, ']'))
		whole = false;
	if (!whole || ctalg_rd_left(&in) || ctalg_addr_is_unspecified(&p->addr) ||
	    is_multicast(&p->addr))
		memset(p, 0, sizeof(*p));
}

/* Of "224.2.1.1/127/3" what stands before the time to live and the number of addresses. */
static struct ctalg_span without_ttl(const struct ctalg_reader *rd, struct ctalg_span word)
{
	struct ctalg_reader in;

	ctalg_rd_sub(&in, rd, word);
	ctalg_scan_until(&in, '/', &word);
	return word;
}

bool ctalg_sdp_scan_place(struct ctalg_reader *rd, struct ctalg_sdp_place *p)
{
	struct ctalg_span net, type, word;

	memset(p, 0, sizeof(*p));
	if (!ctalg_scan_word(rd, &net) || !ctalg_scan_word(rd, &type) ||
	    !ctalg_scan_word(rd, &word))
		return false;
	if (!ctalg_span_is(rd, net, "IN"))
		return true;
	word = without_ttl(rd, word);
	if (ctalg_span_is(rd, type, "IP4"))
		ctalg_sdp_address(rd, word, CTALG_AF_INET, p);
	else if (ctalg_span_is(rd, type, "IP6"))
		ctalg_sdp_address(rd, word, CTALG_AF_INET6, p);
	return true;
}

u8 ctalg_sdp_scan_setup(struct ctalg_reader *rd)
{
	struct ctalg_span word;

	if (!ctalg_scan_word(rd, &word))
		return CTALG_SDP_SETUP_NONE;
	return ctalg_span_is(rd, word, "ACTIVE") || ctalg_span_is(rd, word, "HOLDCONN")
		       ? CTALG_SDP_SETUP_ACTIVE
		       : CTALG_SDP_SETUP_OTHER;
}

bool ctalg_sdp_is_ice(const struct ctalg_reader *rd, struct ctalg_span name)
{
	return ctalg_span_is(rd, name, "ICE-UFRAG") || ctalg_span_is(rd, name, "CANDIDATE");
}
