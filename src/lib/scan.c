// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(int c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static u8 to_upper(u8 c)
{
	return c >= 'a' && c <= 'z' ? (u8)(c - 'a' + 'A') : c;
}

bool ctalg_scan_char(struct ctalg_reader *rd, u8 c)
{
	if (ctalg_rd_peek(rd, 0) != c)
		return false;
	ctalg_rd_skip(rd, 1);
	return true;
}

u32 ctalg_scan_blanks(struct ctalg_reader *rd)
{
	u32 from = rd->pos;

	while (ctalg_scan_char(rd, ' ') || ctalg_scan_char(rd, '\t'))
		;
	return rd->pos - from;
}

bool ctalg_scan_dec(struct ctalg_reader *rd, u32 max, u32 digits, u32 *val)
{
	u64 v = 0;
	u32 n;

	for (n = 0; is_digit(ctalg_rd_peek(rd, n)); n++) {
		if (n >= digits)
			return false;
		v = v * 10 + (u64)(ctalg_rd_peek(rd, n) - '0');
		if (v > max)
			return false;
	}
	if (!n)
		return false;
	ctalg_rd_skip(rd, n);
	*val = (u32)v;
	return true;
}

bool ctalg_scan_alpha(struct ctalg_reader *rd, u32 max, struct ctalg_span *span)
{
	u32 n;

	for (n = 0;; n++) {
		int c = ctalg_rd_peek(rd, n);

		if (c < 0 || to_upper((u8)c) < 'A' || to_upper((u8)c) > 'Z')
			break;
		if (n >= max)
			return false;
	}
	if (!n)
		return false;
	span->off = rd->pos;
	span->len = n;
	ctalg_rd_skip(rd, n);
	return true;
}

bool ctalg_scan_until(struct ctalg_reader *rd, u8 c, struct ctalg_span *span)
{
	u32 n;
	int got;

	for (n = 0; (got = ctalg_rd_peek(rd, n)) >= 0; n++) {
		if (got != c)
			continue;
		span->off = rd->pos;
		span->len = n;
		ctalg_rd_skip(rd, n);
		return true;
	}
	return false;
}

bool ctalg_scan_line(struct ctalg_reader *rd, struct ctalg_reader *line)
{
	struct ctalg_span at = { .off = rd->pos, .len = ctalg_rd_left(rd) };

	if (!at.len)
		return false;
	if (ctalg_scan_until(rd, '\n', &at)) {
		ctalg_rd_skip(rd, 1);
		if (at.len && rd->base[at.off + at.len - 1] == '\r')
			at.len--;
	} else {
		ctalg_rd_skip(rd, at.len);
	}
	ctalg_rd_sub(line, rd, at);
	return true;
}

bool ctalg_scan_word(struct ctalg_reader *rd, struct ctalg_span *word)
{
	struct ctalg_reader save = *rd;
	int c;

	ctalg_scan_blanks(rd);
	word->off = rd->pos;
	while ((c = ctalg_rd_peek(rd, 0)) >= 0 && c != ' ' && c != '\t')
		ctalg_rd_skip(rd, 1);
	word->len = rd->pos - word->off;
	if (!word->len)
		*rd = save;
	return word->len;
}

bool ctalg_scan_ip4(struct ctalg_reader *rd, struct ctalg_addr *a)
{
	struct ctalg_reader save = *rd;
	u32 i, v;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < 4; i++) {
		if ((i && !ctalg_scan_char(rd, '.')) || !ctalg_scan_dec(rd, 255, 3, &v)) {
			*rd = save;
			return false;
		}
		a->b[i] = (u8)v;
	}
	a->family = CTALG_AF_INET;
	return true;
}

bool ctalg_scan_hostport(struct ctalg_reader *rd, struct ctalg_addr *a, u16 *port)
{
	struct ctalg_reader save = *rd;
	u32 i, v[6];

	for (i = 0; i < 6; i++) {
		if ((i && !ctalg_scan_char(rd, ',')) || !ctalg_scan_dec(rd, 255, 3, &v[i])) {
			*rd = save;
			return false;
		}
	}
	memset(a, 0, sizeof(*a));
	a->family = CTALG_AF_INET;
	for (i = 0; i < 4; i++)
		a->b[i] = (u8)v[i];
	*port = (u16)(v[4] << 8 | v[5]);
	return true;
}

/* One group of 1 to 4 hex digits. */
static bool scan_group(struct ctalg_reader *rd, u16 *val)
{
	u32 n, v = 0;

	for (n = 0; n < 5 && hex_value(ctalg_rd_peek(rd, n)) >= 0; n++)
		v = v << 4 | (u32)hex_value(ctalg_rd_peek(rd, n));
	if (n < 1 || n > 4)
		return false;
	ctalg_rd_skip(rd, n);
	*val = (u16)v;
	return true;
}

/* The groups so far, and where "::" stood among them (-1: nowhere). */
struct ip6_groups {
	u16 g[8];
	u32 n;
	int gap;
};

static void groups_add_ip4(struct ip6_groups *gs, const struct ctalg_addr *a4)
{
	gs->g[gs->n++] = (u16)(a4->b[0] << 8 | a4->b[1]);
	gs->g[gs->n++] = (u16)(a4->b[2] << 8 | a4->b[3]);
}

static bool scan_groups(struct ctalg_reader *rd, struct ip6_groups *gs)
{
	struct ctalg_addr a4;

	while (gs->n < 8) {
		if (gs->n <= 6 && ctalg_scan_ip4(rd, &a4)) {
			groups_add_ip4(gs, &a4);
			return true;
		}
		if (!scan_group(rd, &gs->g[gs->n])) /* allowed right after "::" only */
			return gs->gap == (int)gs->n;
		gs->n++;
		if (ctalg_rd_peek(rd, 0) != ':')
			return true;
		if (ctalg_rd_peek(rd, 1) == ':') {
			if (gs->gap >= 0)
				return false;
			gs->gap = (int)gs->n;
			ctalg_rd_skip(rd, 2);
		} else if (gs->n < 8) {
			ctalg_rd_skip(rd, 1);
		}
	}
	return true;
}

static bool groups_to_addr(const struct ip6_groups *gs, struct ctalg_addr *a)
{
	u32 i, at, hole = 8 - gs->n;

	if (gs->gap < 0 ? gs->n != 8 : gs->n > 7)
		return false;
	memset(a, 0, sizeof(*a));
	a->family = CTALG_AF_INET6;
	for (i = 0; i < gs->n; i++) {
		at = gs->gap >= 0 && i >= (u32)gs->gap ? i + hole : i;
		a->b[2 * at] = (u8)(gs->g[i] >> 8);
		a->b[2 * at + 1] = (u8)gs->g[i];
	}
	return true;
}

/* More of an address follows; a full stop alone ends a sentence. */
static bool ip6_goes_on(const struct ctalg_reader *rd)
{
	int c = ctalg_rd_peek(rd, 0);

	if (c == '.') {
		c = ctalg_rd_peek(rd, 1);
		return c == '.' || c == ':' || hex_value(c) >= 0;
	}
	return c == ':' || hex_value(c) >= 0;
}

bool ctalg_scan_ip6(struct ctalg_reader *rd, struct ctalg_addr *a)
{
	struct ctalg_reader save = *rd;
	struct ip6_groups gs = { .gap = -1 };

	if (ctalg_rd_peek(rd, 0) == ':') {
		if (ctalg_rd_peek(rd, 1) != ':')
			return false;
		ctalg_rd_skip(rd, 2);
		gs.gap = 0;
	}
	if (!scan_groups(rd, &gs) || !groups_to_addr(&gs, a) || ip6_goes_on(rd)) {
		*rd = save;
		return false;
	}
	return true;
}

bool ctalg_span_is(const struct ctalg_reader *rd, struct ctalg_span span, const char *word)
{
	u32 i;

	if (span.off > rd->end || span.len > rd->end - span.off)
		return false;
	for (i = 0; i < span.len; i++)
		if (!word[i] || to_upper(rd->base[span.off + i]) != (u8)word[i])
			return false;
	return !word[span.len];
}
