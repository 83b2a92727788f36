// SPDX-License-Identifier: GPL-2.0
#include "hide.h"

enum {
	SEAL_LEN = 6,
	BLOCK_LEN = 8,
	/* An IPv4 address: half a byte for each of its characters, filled up. */
	QUAD_LEN = 8,
	QUAD_DOT = 10,
	QUAD_FILL = 15,
	/* Anything else, filled up with zero bytes. */
	SHORT_LEN = 24,
	LONG_LEN = CTALG_ALIAS_TEXT,
	SEALED_MAX = SEAL_LEN + LONG_LEN,
	/* Digits in the first label, which is not to be longer than 63 bytes. */
	LABEL_DIGITS = 62,
	/* So many bytes around a name decide whether an address in its place stands alone. */
	AROUND_FRONT = 8,
	AROUND_BACK = 56,
};

static const char ending[] = ".invalid";

enum { ENDING_LEN = sizeof(ending) - 1 };

/* The text as it is sealed: @len bytes behind room for the seal. */
struct sealed {
	u8 b[SEALED_MAX];
	u32 len;
};

static bool pack_quad(const u8 *text, u32 len, u8 *b)
{
	u32 i;
	u8 v;

	if (len > 2 * QUAD_LEN)
		return false;
	memset(b, 0xff, QUAD_LEN);
	for (i = 0; i < len; i++) {
		if (text[i] != '.' && (text[i] < '0' || text[i] > '9'))
			return false;
		v = text[i] == '.' ? (u8)QUAD_DOT : (u8)(text[i] - '0');
		b[i / 2] &= (u8)(i & 1 ? 0xf0 | v : 0x0f | v << 4);
	}
	return true;
}

static u32 unpack_quad(const u8 *b, char *text)
{
	u32 n;
	u8 v;

	for (n = 0; n < 2 * QUAD_LEN; n++) {
		v = n & 1 ? b[n / 2] & 15 : b[n / 2] >> 4;
		if (v == QUAD_FILL)
			break;
		text[n] = v == QUAD_DOT ? '.' : (char)('0' + v);
	}
	return n;
}

static bool pack(struct sealed *s, const u8 *text, u32 len)
{
	memset(s, 0, sizeof(*s));
	if (!len || len > CTALG_ALIAS_TEXT)
		return false;
	s->len = QUAD_LEN;
	if (pack_quad(text, len, s->b + SEAL_LEN))
		return true;
	s->len = len <= SHORT_LEN ? (u32)SHORT_LEN : (u32)LONG_LEN;
	memset(s->b + SEAL_LEN, 0, s->len);
	memcpy(s->b + SEAL_LEN, text, len);
	return true;
}

static void unpack(const struct sealed *s, struct ctalg_alias_found *f)
{
	const u8 *b = s->b + SEAL_LEN;

	f->len = 0;
	if (s->len == QUAD_LEN) {
		f->len = (u8)unpack_quad(b, f->text);
		return;
	}
	while (f->len < s->len && b[f->len]) {
		f->text[f->len] = (char)b[f->len];
		f->len++;
	}
}

/* One of several hashes of the same bytes. */
static u64 hash(const struct ctalg_alias *al, u8 which, const u8 *data, u32 len)
{
	u8 in[1 + LONG_LEN];

	in[0] = which;
	memcpy(in + 1, data, len);
	return al->seal(al->ctx, in, len + 1);
}

static void seal_of(const struct ctalg_alias *al, const struct sealed *s, u8 *seal)
{
	u64 v = hash(al, 0, s->b + SEAL_LEN, s->len);
	u32 i;

	for (i = 0; i < SEAL_LEN; i++)
		seal[i] = (u8)(v >> 8 * i);
}

/* Both ways: what is added to the text depends on the seal alone. */
static void cipher(const struct ctalg_alias *al, struct sealed *s)
{
	u64 v = 0;
	u32 i;

	for (i = 0; i < s->len; i++) {
		if (!(i % BLOCK_LEN))
			v = hash(al, (u8)(1 + i / BLOCK_LEN), s->b, SEAL_LEN);
		s->b[SEAL_LEN + i] ^= (u8)(v >> 8 * (i % BLOCK_LEN));
	}
}

u32 ctalg_alias_write(const struct ctalg_alias *al, const u8 *text, u32 len, char *buf)
{
	static const char digits[] = "0123456789abcdef";
	struct sealed s;
	u32 n = 0, i;

	if (!pack(&s, text, len))
		return 0;
	seal_of(al, &s, s.b);
	cipher(al, &s);
	buf[n++] = 'h';
	for (i = 0; i < SEAL_LEN + s.len; i++) {
		if (2 * i == LABEL_DIGITS)
			buf[n++] = '.';
		buf[n++] = digits[s.b[i] >> 4];
		buf[n++] = digits[s.b[i] & 15];
	}
	memcpy(buf + n, ending, ENDING_LEN);
	return n + ENDING_LEN;
}

static int hex_of(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digits; returns how many bytes there are of them, and of a dot between. */
static u32 scan_digits(const u8 *p, u32 len, struct sealed *s)
{
	u32 i, n = 0;
	int v;

	for (i = 0; i < len && n < 2 * SEALED_MAX; i++) {
		if (n == LABEL_DIGITS && i == n && p[i] == '.')
			continue;
		v = hex_of(p[i]);
		if (v < 0)
			break;
		s->b[n / 2] = (u8)(n & 1 ? s->b[n / 2] | v : v << 4);
		n++;
	}
	s->len = n / 2 - min(n / 2, (u32)SEAL_LEN);
	return n & 1 || i != n + (n > LABEL_DIGITS) ? 0 : i;
}

static bool is_ending(const u8 *p, u32 len)
{
	u32 i;

	if (len < ENDING_LEN)
		return false;
	for (i = 0; i < ENDING_LEN; i++)
		if ((p[i] | 0x20) != (u8)ending[i])
			return false;
	return true;
}

static bool is_sealed(const struct ctalg_alias *al, struct sealed *s)
{
	u8 seal[SEAL_LEN];

	if (s->len != QUAD_LEN && s->len != SHORT_LEN && s->len != LONG_LEN)
		return false;
	cipher(al, s);
	seal_of(al, s, seal);
	return !memcmp(seal, s->b, SEAL_LEN);
}

/* Is there a name of ours at @i? */
static bool find_at(const struct ctalg_alias *al, const struct ctalg_message *m, u32 i, u32 end,
		    struct ctalg_alias_found *f)
{
	struct sealed s;
	u32 n;

	if (i >= end || (m->data[i] | 0x20) != 'h')
		return false;
	n = scan_digits(m->data + i + 1, end - i - 1, &s);
	if (!n || !is_ending(m->data + i + 1 + n, end - i - 1 - n) || !is_sealed(al, &s))
		return false;
	f->at = (struct ctalg_span){ .off = i, .len = 1 + n + ENDING_LEN };
	unpack(&s, f);
	return true;
}

static bool joins(u8 c)
{
	return c == '.' || c == ':';
}

/* Are there only dots and colons, or nothing, between @from and @to? */
static bool joined(const struct ctalg_message *m, u32 from, u32 to)
{
	while (from < to && joins(m->data[from]))
		from++;
	return from == to;
}

/* Is there another name behind, with only dots and colons between? */
static bool joined_behind(const struct ctalg_alias *al, const struct ctalg_message *m, u32 i)
{
	struct ctalg_alias_found next;

	while (i < m->len && joins(m->data[i]))
		i++;
	return find_at(al, m, i, m->len, &next);
}

/* Is what it stands for going to be found again, and hidden, when it comes back from there? */
static bool stands_alone(const struct ctalg_message *m, const struct ctalg_alias_found *f)
{
	u32 behind = f->at.off + f->at.len;
	u32 front = min(f->at.off, (u32)AROUND_FRONT),
	    back = min(m->len - behind, (u32)AROUND_BACK);
	u8 text[AROUND_FRONT + CTALG_ALIAS_TEXT + AROUND_BACK];

	memcpy(text, m->data + f->at.off - front, front);
	memcpy(text + front, f->text, f->len);
	memcpy(text + front + f->len, m->data + behind, back);
	return ctalg_hide_stands(text, front + f->len + back,
				 (struct ctalg_span){ .off = front, .len = f->len });
}

bool ctalg_alias_find(const struct ctalg_alias *al, const struct ctalg_message *m,
		      struct ctalg_span in, struct ctalg_alias_found *f)
{
	u32 end = in.off + in.len, i, last = in.off;
	bool any = false;

	for (i = in.off; i < end; i++) {
		if (!find_at(al, m, i, end, f))
			continue;
		if (!(any && joined(m, last, i)) && !joined_behind(al, m, f->at.off + f->at.len) &&
		    stands_alone(m, f))
			return true;
		any = true;
		last = f->at.off + f->at.len;
		i = last - 1;
	}
	return false;
}

/* One that overlaps what the plan has changed is not ours to judge. False when there is no room. */
static bool resolve_one(struct ctalg_edits *e, const struct ctalg_alias_found *f, u32 *planned)
{
	const struct ctalg_span *next;

	while ((next = ctalg_edits_peek(e)) && next->off < f->at.off) {
		*planned = next->off + next->len;
		ctalg_edits_pass(e);
	}
	if (f->at.off < *planned || (next && next->off - f->at.off < f->at.len))
		return true;
	return ctalg_edits_add(e, f->at, f->text, f->len);
}

unsigned int ctalg_alias_resolve(const struct ctalg_alias *al, const struct ctalg_message *m,
				 struct ctalg_span in, struct ctalg_edits *e)
{
	struct ctalg_span rest = in;
	struct ctalg_alias_found f;
	u16 used = e->used;
	u32 planned = 0;
	bool done = true;

	ctalg_edits_open(e);
	while (done && ctalg_alias_find(al, m, rest, &f)) {
		rest.off = f.at.off + f.at.len;
		rest.len = in.off + in.len - rest.off;
		done = resolve_one(e, &f, &planned);
	}
	ctalg_edits_close(e);
	if (done)
		return CTALG_R_NONE;
	ctalg_edits_forget(e, used);
	return CTALG_R_LIMIT_EDITS;
}
