// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

#include "hide.h"

enum {
	/* "0000:" seven times and "255.255.255.255" is more than any address takes. */
	IP6_TEXT_MAX = 50,
	/* A group of an IPv6 address. */
	GROUP_MAX = 4,
	/* So many colons at the end may belong to the sentence. */
	COLONS_MAX = 2,
};

/*
 * Bytes between two replacements. @from is where the text begins, or the last address in it
 * ended: what is before does not count as what an address stands next to. @back: what comes back.
 */
struct text {
	const u8 *p;
	u32 from;
	u32 end;
	struct ctalg_span back;
};

/* An address as it stands in a text; @sep is ':' for IPv6. */
struct found {
	struct ctalg_addr a;
	struct ctalg_span at;
	u8 sep;
};

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(int c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_hex(int c)
{
	return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* The byte @back before @i, or -1. */
static int before(const struct text *t, u32 i, u32 back)
{
	return back <= i && i - back >= t->from ? t->p[i - back] : -1;
}

static int behind(const struct text *t, u32 i)
{
	return i < t->end ? t->p[i] : -1;
}

/* Does the word before @i look like a group of an IPv6 address, or is there none behind another colon? */
static bool group_before(const struct text *t, u32 i)
{
	u32 n = 0;

	while (n <= GROUP_MAX && is_hex(before(t, i, n + 1)))
		n++;
	if (!n)
		return before(t, i, 1) == ':';
	return n <= GROUP_MAX && !is_alnum(before(t, i, n + 1));
}

/* May an address begin at @i, or is that inside something longer? */
static bool begins(const struct text *t, u32 i, u8 sep)
{
	int last = before(t, i, 1);

	if (is_alnum(last))
		return false;
	/* Any four numbers of a list may be one: LPRT puts two before it (RFC 1639). */
	if (last == '.')
		return !is_digit(before(t, i, 2));
	if (last == ':' && sep == ':')
		return t->p[i] != ':' && !group_before(t, i - 1);
	return true;
}

/* May one end before @i? A full stop ends a sentence, unless a number goes on behind it. */
static bool ends(const struct text *t, u32 i)
{
	int next = behind(t, i);

	return !is_alnum(next) && (next != '.' || !is_digit(behind(t, i + 1)));
}

/* Four numbers. */
static bool scan_quad(struct ctalg_reader *rd, u8 sep, struct ctalg_addr *a)
{
	u32 i, v;

	memset(a, 0, sizeof(*a));
	a->family = CTALG_AF_INET;
	for (i = 0; i < 4; i++) {
		if ((i && !ctalg_scan_char(rd, sep)) || !ctalg_scan_dec(rd, 255, 3, &v))
			return false;
		a->b[i] = (u8)v;
	}
	return true;
}

static bool find_quad(const struct text *t, u32 i, u8 sep, struct found *f)
{
	struct ctalg_reader rd = { .base = t->p, .pos = i, .end = t->end };

	f->sep = sep;
	f->at.off = i;
	if (!begins(t, i, sep) || !scan_quad(&rd, sep, &f->a))
		return false;
	f->at.len = rd.pos - i;
	return ends(t, rd.pos);
}

/* How many bytes from @i on could belong to one IPv6 address. */
static u32 ip6_run(const struct text *t, u32 i)
{
	u32 n = 0;
	int c;

	while (n <= IP6_TEXT_MAX) {
		c = behind(t, i + n);
		if (!is_hex(c) && c != ':' && (c != '.' || !is_digit(behind(t, i + n + 1))))
			break;
		n++;
	}
	return n;
}

/* The whole run is tried, and then what is left of it without the colons at its end. */
static bool find_ip6(const struct text *t, u32 i, struct found *f)
{
	u32 n = begins(t, i, ':') ? ip6_run(t, i) : 0, colons;

	if (!n || n > IP6_TEXT_MAX)
		return false;
	f->sep = ':';
	f->at.off = i;
	for (colons = 0; n && colons <= COLONS_MAX; n--, colons++) {
		struct ctalg_reader rd = { .base = t->p, .pos = i, .end = i + n };

		f->at.len = n;
		if (ctalg_scan_ip6(&rd, &f->a) && rd.pos == rd.end)
			return ends(t, rd.end);
		if (t->p[rd.end - 1] != ':')
			break;
	}
	return false;
}

static bool find(const struct text *t, u32 i, struct found *f)
{
	int c = t->p[i];

	if ((is_hex(c) || c == ':') && find_ip6(t, i, f))
		return true;
	return c >= '0' && c <= '9' && (find_quad(t, i, '.', f) || find_quad(t, i, ',', f));
}

/* What stands for an address that may not leave; false if it may. */
static bool stands_for(const struct ctalg_hide *h, const struct ctalg_addr *a,
		       struct ctalg_addr *instead)
{
	bool self = ctalg_addr_eq(a, &h->self);

	if (ctalg_addr_is_unspecified(a) || ctalg_addr_eq(a, &h->shown))
		return false;
	if (!self && (!h->inside || !h->inside(h->ctx, a)))
		return false;
	memset(instead, 0, sizeof(*instead));
	instead->family = a->family;
	if (self && h->shown.family == a->family)
		*instead = h->shown;
	return true;
}

static const struct ctalg_addr mapped = { .family = CTALG_AF_INET6, .b = { [10] = 0xff, 0xff } };

static bool is_mapped(const struct ctalg_addr *a)
{
	return a->family == CTALG_AF_INET6 && !memcmp(a->b, mapped.b, 12);
}

/* The IPv4 address that the last four bytes are. */
static struct ctalg_addr last_four(const struct ctalg_addr *a)
{
	struct ctalg_addr v4 = { .family = CTALG_AF_INET };

	memcpy(v4.b, a->b + 12, 4);
	return v4;
}

/* Where the end of an IPv6 address is written as an IPv4 one; empty if it is not. */
static struct ctalg_span dotted_end(const struct text *t, const struct found *f)
{
	struct ctalg_span at = { .off = f->at.off + f->at.len };
	bool dots = false;

	while (t->p[at.off - 1] != ':') {
		at.off--;
		dots |= t->p[at.off] == '.';
	}
	if (dots)
		at.len = f->at.off + f->at.len - at.off;
	return at;
}

/*
 * Of an IPv6 address that may leave, the IPv4 one in it may not if it is written as one or
 * the whole is an IPv4-mapped one. @f becomes what is to be replaced.
 */
static bool stands_for_inner(const struct ctalg_hide *h, const struct text *t, struct found *f,
			     struct ctalg_addr *instead)
{
	const struct ctalg_span dotted = dotted_end(t, f);
	const struct ctalg_addr inner = last_four(&f->a);
	struct ctalg_addr v4;

	if ((!dotted.len && !is_mapped(&f->a)) || !stands_for(h, &inner, &v4))
		return false;
	if (dotted.len) {
		f->at = dotted;
		f->sep = '.';
		*instead = v4;
	} else {
		*instead = mapped;
		memcpy(instead->b + 12, v4.b, 4);
	}
	return true;
}

/* Could what stands before @i, a colon or dot at its end, be an IPv6 address if a name followed? */
static bool is_ip6_before(const struct text *t, u32 i)
{
	int last = before(t, i, 1);
	u32 n = 0;

	while (n <= GROUP_MAX && is_hex(before(t, i, n + 2)))
		n++;
	if (last != ':' && last != '.')
		return false;
	/* What another replacement ends with is not looked at. */
	return i - t->from < n + 2 ? t->from != 0 : t->p[i - n - 2] == ':';
}

/* Does an address stand where it has to come back as it went? An IPv6 one takes its brackets along. */
static bool comes_back(const struct ctalg_hide *h, const struct text *t, struct found *f)
{
	struct ctalg_span *at = &f->at;

	if (!h->alias || f->sep == ',' || at->off < t->back.off ||
	    at->off - t->back.off >= t->back.len)
		return false;
	if (is_ip6_before(t, at->off))
		return false;
	if (f->sep == ':' && before(t, at->off, 1) == '[' && behind(t, at->off + at->len) == ']') {
		at->off--;
		at->len += 2;
		if (is_alnum(before(t, at->off, 1)) || is_alnum(behind(t, at->off + at->len)))
			return false;
	}
	return at->len <= CTALG_ALIAS_TEXT;
}

/* Is it one that may not leave? @f becomes what is to be replaced, by @text of @len bytes. */
static bool found_hidden(const struct ctalg_hide *h, const struct text *t, struct found *f,
			 char *text, u32 *len)
{
	struct found whole = *f;
	struct ctalg_addr instead;
	u32 i;

	if (!stands_for(h, &f->a, &instead) &&
	    (f->sep != ':' || !stands_for_inner(h, t, f, &instead)))
		return false;
	if (comes_back(h, t, &whole)) {
		*f = whole;
		*len = ctalg_alias_write(h->alias, t->p + f->at.off, f->at.len, text);
		return true;
	}
	*len = ctalg_addr_write(&instead, text, CTALG_ALIAS_MAX);
	for (i = 0; f->sep == ',' && i < *len; i++)
		if (text[i] == '.')
			text[i] = ',';
	return true;
}

static bool hide_found(const struct ctalg_hide *h, const struct text *t, struct found *f,
		       struct ctalg_edits *e)
{
	char text[CTALG_ALIAS_MAX];
	u32 len;

	return !found_hidden(h, t, f, text, &len) || ctalg_edits_add(e, f->at, text, len);
}

static bool hide_text(const struct ctalg_hide *h, struct text *t, struct ctalg_edits *e)
{
	struct found f;
	u32 i = t->from;
	u16 n;

	while (i < t->end) {
		if (!find(t, i, &f)) {
			i++;
			continue;
		}
		n = e->n;
		if (!hide_found(h, t, &f, e))
			return false;
		/* The next four numbers of a list begin with the second of these. */
		if (f.sep == ',' && e->n == n) {
			i++;
			continue;
		}
		i = f.at.off + f.at.len;
		t->from = i;
	}
	return true;
}

/* What is not looked at: what is replaced already, and what is named. */
struct skips {
	struct ctalg_edits *e;
	/* The latest was a replacement: those that are added until the next stand before it. */
	bool replaced;
	/* So many of @named are still to come; the last one comes first. */
	u16 n;
	struct ctalg_span named[2];
};

/* What names a user or an object, up to a place in it: that is none of the name. */
static struct ctalg_span name_of(const struct ctalg_report *r, struct ctalg_span named)
{
	u16 i;

	for (i = 0; i < r->n_tokens; i++) {
		u32 off = r->token[i].at.off;

		if (off >= named.off && off - named.off < named.len)
			named.len = off - named.off;
	}
	return named;
}

/* Is it looked at all the same? What becomes a name is given back. */
static bool named_comes_back(const struct ctalg_hide *h, const struct ctalg_report *r,
			     struct ctalg_span named)
{
	return h->alias && named.off >= r->back.off && named.off - r->back.off < r->back.len;
}

static struct ctalg_span skip_of(const struct ctalg_hide *h, const struct ctalg_report *r,
				 struct ctalg_span named)
{
	return named_comes_back(h, r, named) ? (struct ctalg_span){ 0 } : name_of(r, named);
}

static void skips_begin(struct skips *s, const struct ctalg_hide *h, const struct ctalg_report *r,
			struct ctalg_edits *e)
{
	const struct ctalg_span user = skip_of(h, r, r->user), object = skip_of(h, r, r->object);
	bool user_first = user.off <= object.off;

	s->e = e;
	s->replaced = false;
	s->n = 2;
	s->named[0] = user_first ? object : user;
	s->named[1] = user_first ? user : object;
}

/* In the order of the bytes. */
static bool skips_next(struct skips *s, struct ctalg_span *at)
{
	const struct ctalg_span *named = s->n ? &s->named[s->n - 1] : NULL;
	const struct ctalg_span *edit;

	if (s->replaced)
		ctalg_edits_pass(s->e);
	s->replaced = false;
	edit = ctalg_edits_peek(s->e);
	if (named && (!edit || named->off <= edit->off)) {
		*at = *named;
		s->n--;
	} else if (edit) {
		*at = *edit;
		s->replaced = true;
	}
	return named || edit;
}

static bool hide_between(const struct ctalg_hide *h, const struct ctalg_message *m,
			 const struct ctalg_report *r, struct ctalg_edits *e)
{
	struct text t = { .p = m->data, .back = r->back };
	struct ctalg_span skip;
	struct skips s;
	u32 looked = 0;

	skips_begin(&s, h, r, e);
	while (skips_next(&s, &skip)) {
		if (!skip.len)
			continue;
		t.from = looked;
		t.end = skip.off;
		if (t.end > t.from && !hide_text(h, &t, e))
			return false;
		/* One may lie in another. */
		if (skip.off + skip.len > looked)
			looked = skip.off + skip.len;
	}
	t.from = looked;
	t.end = m->len;
	return t.end <= t.from || hide_text(h, &t, e);
}

unsigned int ctalg_hide_message(const struct ctalg_hide *h, const struct ctalg_message *m,
				const struct ctalg_report *r, struct ctalg_edits *e)
{
	u16 used = e->used;
	bool done;

	ctalg_edits_open(e);
	done = hide_between(h, m, r, e);
	ctalg_edits_close(e);
	if (done)
		return CTALG_R_NONE;
	ctalg_edits_forget(e, used);
	return CTALG_R_LIMIT_EDITS;
}

bool ctalg_hide_find(const struct ctalg_hide *h, const struct ctalg_message *m,
		     const struct ctalg_report *r, struct ctalg_span in, struct ctalg_span *at)
{
	struct text t = { .p = m->data, .end = in.off + in.len, .back = r->back };
	char text[CTALG_ALIAS_MAX];
	struct found f;
	u32 i, len;

	for (i = in.off; i < t.end; i++) {
		if (!find(&t, i, &f))
			continue;
		if (f.sep != ',' && found_hidden(h, &t, &f, text, &len)) {
			*at = f.at;
			return true;
		}
		if (f.sep != ',')
			i = f.at.off + f.at.len - 1;
	}
	return false;
}

bool ctalg_hide_stands(const u8 *text, u32 len, struct ctalg_span at)
{
	struct text t = { .p = text, .end = len };
	struct found f;

	if (at.len > 2 && text[at.off] == '[') {
		/* No name is made of brackets that belong to a word. */
		if (is_alnum(before(&t, at.off, 1)) || is_alnum(behind(&t, at.off + at.len)))
			return false;
		at.off++;
		at.len -= 2;
	}
	return at.len && find(&t, at.off, &f) && f.at.len == at.len;
}
