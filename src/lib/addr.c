// SPDX-License-Identifier: GPL-2.0
#include <ctalg/addr.h>

/* Text being written: goes dead instead of past the end. */
struct out {
	char *buf;
	u32 cap;
	u32 n;
	bool full;
};

static void out_char(struct out *o, char c)
{
	if (o->n < o->cap)
		o->buf[o->n++] = c;
	else
		o->full = true;
}

static void out_dec(struct out *o, u32 v)
{
	u32 div = 1;

	while (v / div >= 10)
		div *= 10;
	for (; div; div /= 10)
		out_char(o, (char)('0' + v / div % 10));
}

static void out_hex(struct out *o, u32 v)
{
	static const char digit[] = "0123456789abcdef";
	int shift = 12;

	while (shift && !(v >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		out_char(o, digit[v >> shift & 15]);
}

static void out_ip4(struct out *o, const u8 *b, char sep)
{
	u32 i;

	for (i = 0; i < 4; i++) {
		if (i)
			out_char(o, sep);
		out_dec(o, b[i]);
	}
}

static u32 group_at(const u8 *b, u32 i)
{
	return (u32)b[2 * i] << 8 | b[2 * i + 1];
}

/* The longest run of two or more zero groups, the first of equals (RFC 5952, section 4.2). */
static u32 zero_run(const u8 *b, u32 *len)
{
	u32 i, n, at = 8;

	*len = 1;
	for (i = 0; i < 8; i += n + 1) {
		for (n = 0; i + n < 8 && !group_at(b, i + n); n++)
			;
		if (n > *len) {
			*len = n;
			at = i;
		}
	}
	return at;
}

static void out_ip6(struct out *o, const u8 *b)
{
	u32 run, at = zero_run(b, &run), i = 0;

	while (i < 8) {
		if (i == at) {
			out_char(o, ':');
			out_char(o, ':');
			i += run;
			continue;
		}
		if (i && i != at + run)
			out_char(o, ':');
		out_hex(o, group_at(b, i));
		i++;
	}
}

static void out_addr(struct out *o, const struct ctalg_addr *a)
{
	if (a->family == CTALG_AF_INET)
		out_ip4(o, a->b, '.');
	else if (a->family == CTALG_AF_INET6)
		out_ip6(o, a->b);
	else
		o->full = true;
}

static void out_hostport(struct out *o, const struct ctalg_addr *a, u16 port)
{
	if (a->family != CTALG_AF_INET) {
		o->full = true;
		return;
	}
	out_ip4(o, a->b, ',');
	out_char(o, ',');
	out_dec(o, port >> 8);
	out_char(o, ',');
	out_dec(o, port & 255);
}

static void out_eprt(struct out *o, char delim, const struct ctalg_addr *a, u16 port)
{
	out_char(o, delim);
	out_char(o, a->family == CTALG_AF_INET6 ? '2' : '1');
	out_char(o, delim);
	out_addr(o, a);
	out_char(o, delim);
	out_dec(o, port);
	out_char(o, delim);
}

static void out_bracketed(struct out *o, const struct ctalg_addr *a)
{
	bool v6 = a->family == CTALG_AF_INET6;

	if (v6)
		out_char(o, '[');
	out_addr(o, a);
	if (v6)
		out_char(o, ']');
}

static void out_host(struct out *o, const struct ctalg_addr *a, u16 port)
{
	out_bracketed(o, a);
	if (!port)
		return;
	out_char(o, ':');
	out_dec(o, port);
}

bool ctalg_addr_is_unspecified(const struct ctalg_addr *a)
{
	u32 i;

	for (i = 0; i < ctalg_addr_len(a); i++)
		if (a->b[i])
			return false;
	return true;
}

u32 ctalg_addr_write(const struct ctalg_addr *a, char *buf, u32 cap)
{
	struct out o = { .buf = buf, .cap = cap };

	out_addr(&o, a);
	return o.full ? 0 : o.n;
}

u32 ctalg_dec_write(u32 v, char *buf, u32 cap)
{
	struct out o = { .buf = buf, .cap = cap };

	out_dec(&o, v);
	return o.full ? 0 : o.n;
}

u32 ctalg_host_write(const struct ctalg_addr *a, u16 port, char *buf, u32 cap)
{
	struct out o = { .buf = buf, .cap = cap };

	out_host(&o, a, port);
	return o.full ? 0 : o.n;
}

u32 ctalg_form_write(u8 form, u8 mark, const struct ctalg_addr *a, u16 port, char *buf, u32 cap)
{
	struct out o = { .buf = buf, .cap = cap };

	switch (form) {
	case CTALG_FORM_HOSTPORT:
		out_hostport(&o, a, port);
		break;
	case CTALG_FORM_EPRT:
		out_eprt(&o, (char)mark, a, port);
		break;
	case CTALG_FORM_DOTTED:
		out_addr(&o, a);
		break;
	case CTALG_FORM_BRACKETED:
		out_bracketed(&o, a);
		break;
	case CTALG_FORM_PORT:
		out_dec(&o, port);
		break;
	case CTALG_FORM_HOST:
		out_host(&o, a, port);
		break;
	default:
		return 0;
	}
	return o.full ? 0 : o.n;
}
