// SPDX-License-Identifier: GPL-2.0
/* The model's protocol and texts, and what should become of them. */
#include "stream_model.h"

static u64 rng;
static const u8 *bytes;
static u32 bytes_left;

void chance_seed(u64 seed)
{
	rng = seed * 2654435761U + 88172645463325252U;
	bytes_left = 0;
}

void chance_bytes(const u8 *data, u32 len)
{
	chance_seed(len);
	bytes = data;
	bytes_left = len;
}

u32 chance(u32 n)
{
	u32 k = 0, got = 0;

	if (!bytes_left)
		return rnd_below(&rng, n);
	for (; got < n && bytes_left; got = got << 8 | 0xff, bytes_left--)
		k = k << 8 | *bytes++;
	return k % n;
}

/* "$" and two more tell how many bytes follow that nobody wants to see. */
static u32 skip_len(const u8 *p)
{
	return 3 + (p[1] == 'z' ? 20000 : p[1] % 8 * 40U) + p[2] % 16;
}

/*
 * A protocol of lines, in which "@" stands for something longer, "#####" for something
 * shorter, "^" and "~" for an insertion and a deletion. "?" begins what cannot be read.
 */
static struct ctalg_frame model_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };

	(void)state;
	(void)dir;
	if (!seen && data[0] == '?') {
		f.verdict = CTALG_FRAME_OPAQUE;
	} else if (!seen && data[0] == '$') {
		if (len >= 3) {
			f.verdict = CTALG_FRAME_SKIP;
			f.n = skip_len(data);
		}
	} else {
		return ctalg_frame_line(data, len);
	}
	return f;
}

const struct ctalg_proto model_proto = { .name = "model", .frame = model_frame };

static u32 token(const u8 *p, u32 len, const char **text)
{
	*text = NULL;
	if (p[0] == '@') {
		*text = "<at-sign>";
		return 1;
	}
	if (len >= 5 && !memcmp(p, "#####", 5)) {
		*text = "5";
		return 5;
	}
	if (p[0] == '^')
		*text = "<";
	else if (p[0] == '~')
		*text = "";
	return p[0] == '~';
}

void text_edit(const struct ctalg_message *m, struct ctalg_edits *e)
{
	const char *text;
	u32 i, n;

	for (i = 0; i < m->len; i += n ? n : 1) {
		struct ctalg_span at = { .off = i };

		n = token(m->data + i, m->len - i, &text);
		at.len = n;
		if (text && !ctalg_edits_add(e, at, text, (u32)strlen(text)))
			break;
	}
}

/* What is at @from: a line with its edits, or what goes on as it is; the last line has no end. */
static u32 text_unit(const struct text *t, u32 from, struct ctalg_edits *e, bool *line)
{
	struct ctalg_message m = { .data = t->say + from, .len = t->len - from };
	struct ctalg_frame f = model_frame(NULL, 0, 0, m.data, m.len);

	ctalg_edits_init(e);
	*line = f.verdict == CTALG_FRAME_MESSAGE;
	if (f.verdict == CTALG_FRAME_SKIP)
		return min(f.n, m.len);
	if (!*line)
		return m.len;
	m.len = f.n;
	text_edit(&m, e);
	return f.n;
}

/* One with an edit that is empty on a side goes as a whole; urgent data do so to the last edit only. */
static void text_place_whole(struct text *t, u32 from, u32 len, const struct ctalg_edits *e)
{
	u32 i, r = t->want_len, last = e->edit[e->n - 1].at.off + e->edit[e->n - 1].at.len;

	for (i = 0; i < len; i++) {
		t->place[from + i] = r;
		t->point[from + i] = i < last ? r : r + i + (u32)ctalg_edits_delta(e);
	}
}

/* Notes where the bytes of a line go. */
static void text_place(struct text *t, u32 from, u32 len, const struct ctalg_edits *e)
{
	u32 i, k, at = 0, r = t->want_len;

	for (i = 0; i < e->n; i++) {
		if (!e->edit[i].at.len || !e->edit[i].len) {
			text_place_whole(t, from, len, e);
			return;
		}
	}
	for (i = 0; i < len; i += k) {
		bool edited = at < e->n && e->edit[at].at.off == i;
		u32 n = edited ? e->edit[at].at.len : 1;

		for (k = 0; k < n; k++)
			t->place[from + i + k] = t->point[from + i + k] = r;
		r += edited ? e->edit[at++].len : 1;
	}
}

static void text_want(struct text *t)
{
	EDITS(e);
	u32 from, n;
	bool line;

	for (from = 0; from < t->len; from += n) {
		n = text_unit(t, from, &e, &line);
		t->longest = line && n > t->longest ? n : t->longest;
		t->opaque = t->opaque || t->say[from] == '?';
		text_place(t, from, n, &e);
		t->want_len += ctalg_edits_apply(&e, t->say + from, n, t->want + t->want_len,
						 WANT_MAX - 100 - t->want_len);
	}
	t->place[t->len] = t->point[t->len] = t->want_len;
	t->place[t->len + 1] = t->point[t->len + 1] = t->want_len + 1;
}

void text_make(struct text *t, u32 len)
{
	static const char letters[] = "abc \n\n@@#xyz\n@$$$\n\n^~?";
	u32 i, style = chance(6), rare = 4U << chance(9),
	       kinds = style == 5   ? 22
		       : style == 4 ? 20
				    : 18;

	if (style < 3)
		kinds = 12;
	t->len = len;
	for (i = 0; i < len; i++) {
		t->say[i] = (u8)letters[chance(kinds)];
		if (style == 2 && t->say[i] == '\n' && chance(rare))
			t->say[i] = 'n';
		if (!chance(12) && i + 5 < len) {
			memcpy(t->say + i, "#####", 5);
			i += 4;
		}
		if (kinds > 12 && !chance(16) && i + 2 < len)
			memcpy(t->say + ++i, "\n$", 2);
	}
	text_want(t);
}

/* Where what is urgent up to @at should end: a replacement is urgent as a whole. */
u32 text_point(const struct text *t, u32 at)
{
	u32 up = at;

	while (at && up < t->len && t->point[up] == t->point[at - 1])
		up++;
	return t->point[up];
}

/* What was read arrives edited, all else as it came; without memory that may go for the former, too. */
static u32 text_check_at(const struct model *m, const struct text *t, const struct end *to, u32 at,
			 u32 *r)
{
	static u8 edited[WANT_MAX];
	struct ctalg_message msg = { .data = t->say + at, .len = t->read[at] };
	EDITS(e);
	u32 n;

	if (!msg.len) {
		assert_int_equal(to->got[(*r)++], t->say[at]);
		return 1;
	}
	ctalg_edits_init(&e);
	text_edit(&msg, &e);
	n = ctalg_edits_apply(&e, msg.data, msg.len, edited, sizeof(edited));
	if (!n || *r + n > to->fin_at || memcmp(to->got + *r, edited, n)) {
		assert_true(m->fail_one_in || !n);
		assert_memory_equal(to->got + *r, msg.data, msg.len);
		n = msg.len;
	}
	*r += n;
	return msg.len;
}

void text_check_all(const struct model *m, u8 dir)
{
	const struct text *t = &m->end[dir].text;
	const struct end *to = &m->end[!dir];
	EDITS(e);
	u32 at, n, r = 0;
	bool line;

	assert_int_equal(to->rcv, to->fin_at + 1);
	if (t->exact) {
		assert_int_equal(to->fin_at, t->want_len);
		assert_memory_equal(to->got, t->want, t->want_len);
	}
	for (at = 0; at < t->len;)
		at += text_check_at(m, t, to, at, &r);
	assert_int_equal(r, to->fin_at);
	for (at = 0; at < t->len && m->must; at += n) {
		n = text_unit(t, at, &e, &line);
		assert_true(!line || n > m->must || t->read[at] == n);
	}
}
