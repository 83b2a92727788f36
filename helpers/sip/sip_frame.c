// SPDX-License-Identifier: GPL-2.0
#include "sip_frame.h"

#include "sip_start.h"

enum {
	BODY_MAX = 0x7fffffff,
	/* So many bytes of blank lines are one message: a keep-alive (RFC 5626, section 3.5.1). */
	PING_MAX = 4,
	/* Headers that have no end in so many bytes are not waited for. */
	HEAD_MAX = 16384,
};

static const struct ctalg_frame frame_opaque = { .verdict = CTALG_FRAME_OPAQUE };

/**
 * struct extent - how long a message is
 * @body: what Content-Length says; 0 without one
 * @said: it says
 * @bad: nobody can know
 */
struct extent {
	u32 body;
	bool said;
	bool bad;
};

static void read_length(const struct ctalg_reader *rd, struct ctalg_span value, struct extent *x)
{
	u32 body;

	if (!sip_span_number(rd, value, BODY_MAX, &body) || (x->said && body != x->body)) {
		x->bad = true;
		return;
	}
	x->body = body;
	x->said = true;
}

/* False if the headers have no end yet; the reader stands behind them. */
static bool read_headers(struct ctalg_reader *rd, struct extent *x)
{
	enum sip_line_kind kind;
	struct sip_line line;

	while ((kind = sip_scan_line(rd, &line)) != SIP_LINE_BLANK) {
		if (kind == SIP_LINE_CUT)
			return false;
		if (kind == SIP_LINE_HEADER &&
		    sip_header_of(rd, line.name) == SIP_HEADER_CONTENT_LENGTH)
			read_length(rd, line.value, x);
	}
	return true;
}

/* Is there an empty line? Found out at little cost, as it is asked again with each segment until there is. */
static bool has_end(struct ctalg_reader rd)
{
	struct ctalg_span line;

	while (ctalg_scan_until(&rd, '\n', &line)) {
		ctalg_rd_skip(&rd, 1);
		if (ctalg_rd_peek(&rd, 0) == '\n' ||
		    (ctalg_rd_peek(&rd, 0) == '\r' && ctalg_rd_peek(&rd, 1) == '\n'))
			return true;
	}
	return false;
}

static struct ctalg_frame frame_message(struct ctalg_reader *rd)
{
	u32 len = ctalg_rd_left(rd);
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };
	struct extent x = { .body = 0 };
	struct ctalg_span line;

	if (!has_end(*rd))
		return len < HEAD_MAX ? f : frame_opaque;
	if (!sip_scan_first_line(rd, &line) || !read_headers(rd, &x))
		return f;
	if (x.bad)
		return frame_opaque;
	f.n = rd->pos + x.body;
	if (x.body <= ctalg_rd_left(rd))
		f.verdict = CTALG_FRAME_MESSAGE;
	return f;
}

static struct ctalg_frame frame_lost(bool anchored)
{
	struct ctalg_frame f = frame_opaque;

	if (!anchored)
		f.verdict = CTALG_FRAME_NOT_OURS;
	return f;
}

struct ctalg_frame sip_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	const struct sip_state *st = state;
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };
	struct ctalg_reader rd;

	/* Of a message whose length is not known any more, nobody finds the end. */
	if (seen)
		return frame_lost(st->anchored[dir]);
	ctalg_rd_init(&rd, data, len);
	f.n = sip_scan_blank_lines(&rd);
	/* Perhaps the answer to the silence that a refused message became: the refusal goes before it. */
	if (f.n) {
		f.verdict = CTALG_FRAME_MESSAGE;
		f.n = min(f.n, (u32)PING_MAX);
		return f;
	}
	switch (sip_look_start(&rd)) {
	case SIP_LOOK_LINE:
		return frame_message(&rd);
	case SIP_LOOK_MAYBE:
		return f;
	default:
		return frame_lost(st->anchored[dir]);
	}
}
