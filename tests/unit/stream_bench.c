// SPDX-License-Identifier: GPL-2.0
/* One direction of a stream on the bench: what is put in, and what it says of it. */
#include "stream_bench.h"

static struct ctalg_frame toy_line(const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };
	const u8 *end = memchr(data, '/', len);

	if (end) {
		f.verdict = CTALG_FRAME_MESSAGE;
		f.n = (u32)(end - data) + 1;
	}
	return f;
}

u32 toy_asked;

static struct ctalg_frame toy_special(const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };

	if (data[0] == '@') {
		f.verdict = CTALG_FRAME_MESSAGE;
		f.n = len > 1 ? (u32)(data[1] - '0') : 0;
	} else if (data[0] == '&') {
		f.n = len > 2 ? (u32)(data[1] - '0') * 10 + (u32)(data[2] - '0') : 0;
		f.verdict = len > 2 && len >= f.n ? CTALG_FRAME_MESSAGE : CTALG_FRAME_MORE;
		toy_asked++;
	} else if (data[0] == '%') {
		f.verdict = CTALG_FRAME_SKIP;
		f.n = 0xf0000000U;
	} else if (data[0] != '$') {
		f.verdict = data[0] == '?' ? CTALG_FRAME_OPAQUE : CTALG_FRAME_NOT_OURS;
	} else if (len >= 3) {
		f.verdict = CTALG_FRAME_SKIP;
		f.n = 3 + (u32)(data[1] - '0') * 10 + (u32)(data[2] - '0');
	}
	return f;
}

struct ctalg_frame toy_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_SKIP, .n = 5 };
	u8 is = *(const u8 *)state;

	(void)dir;
	assert_true(len > 0);
	if (is == 2)
		f.verdict = len < f.n ? CTALG_FRAME_MORE : CTALG_FRAME_MESSAGE;
	if (is)
		return f;
	return seen || !strchr("$?!@%&", data[0]) ? toy_line(data, len) : toy_special(data, len);
}

const struct ctalg_proto toy = { .name = "toy", .max_message = 20, .frame = toy_frame };
const struct ctalg_proto roomy = { .name = "toy", .max_message = ~0U, .frame = toy_frame };

static void *purse_alloc(void *ctx, u32 size)
{
	struct purse *p = ctx;

	if (++p->uses == p->fail_at)
		return NULL;
	p->size += size;
	return malloc(size);
}

static bool purse_scarce(void *ctx)
{
	const struct purse *p = ctx;

	return p->scarce;
}

static bool purse_full(void *ctx)
{
	const struct purse *p = ctx;

	return p->full;
}

static void purse_free(void *ctx, void *mem, u32 size)
{
	struct purse *p = ctx;

	p->size -= size;
	free(mem);
}

static void say(struct bench *b, const char *text, u32 len)
{
	len = min(len, (u32)sizeof(b->says) - 1 - b->said);
	memcpy(b->says + b->said, text, len);
	b->said += len;
	b->says[b->said] = 0;
}

static void say_number(struct bench *b, const char *before, s32 n)
{
	char text[40];

	say(b, text, (u32)snprintf(text, sizeof(text), "%s%d", before, n));
}

static void edit(struct ctalg_edits *e, u32 off, u32 len, const char *text)
{
	struct ctalg_span at = { .off = off, .len = len };

	ctalg_edits_add(e, at, text, (u32)strlen(text));
}

/* What becomes of a message: "-" goes, "^" gets company, "#" takes all with it. */
void edit_all(const struct ctalg_message *m, struct ctalg_edits *e)
{
	u32 i;

	for (i = 0; i < m->len; i++) {
		if (m->data[i] == 'G')
			edit(e, i, 1, "grown");
		else if (m->len - i >= 5 && !memcmp(m->data + i, "SHORT", 5))
			edit(e, i, 5, "s");
		else if (m->data[i] == '-')
			edit(e, i, 1, "");
		else if (m->data[i] == '^')
			edit(e, i, 0, "<");
		else if (m->data[i] == '#')
			edit(e, 0, m->len, "");
		else if (m->data[i] == '~')
			edit(e, i, m->len, "beyond");
	}
}

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	struct bench *b = ctx;

	assert_int_equal(e->n, 0);
	assert_int_equal(m->dir, CTALG_DIR_REPLY);
	say(b, (const char *)m->data, m->len - 1);
	say(b, ";", 1);
	edit_all(m, e);
}

static void on_count(void *ctx, unsigned int reason)
{
	const char *name = ctalg_reason_name(reason);
	struct bench *b = ctx;

	b->counted[reason]++;
	say(ctx, "{", 1);
	say(ctx, name, (u32)strlen(name));
	say(ctx, "}", 1);
}

void bench_begin(struct bench *b, const struct ctalg_proto *proto, u32 base)
{
	memset(b, 0, sizeof(*b));
	b->base = base;
	b->mem.alloc = purse_alloc;
	b->mem.free = purse_free;
	b->mem.full = purse_full;
	b->mem.scarce = purse_scarce;
	b->mem.ctx = &b->purse;
	b->env.proto = proto;
	b->env.state = &b->state;
	b->env.dir = CTALG_DIR_REPLY;
	b->env.mem = &b->mem;
	b->edits_room = (struct ctalg_edits_room)CTALG_EDITS_ROOM(b->edits_in);
	ctalg_edits_use(&b->edits, &b->edits_room);
	b->env.edits = &b->edits;
	b->env.message = on_message;
	b->env.count = on_count;
	b->env.ctx = b;
	ctalg_stream_start(&b->s, base);
}

/* Whoever need not look at the bytes does not get them. */
void bench_segment(struct bench *b, s32 at, const void *bytes, u32 len, bool fin)
{
	u32 seq = b->base + (u32)at;
	u8 *data = ctalg_stream_reads(&b->s, seq, len) ? exact(bytes, len) : NULL;

	ctalg_buffer_free(&b->out.payload, &b->mem);
	ctalg_stream_segment(&b->s, &b->env, seq, data, len, fin, &b->out);
	free(data);
	b->out.seq -= b->base;
}

void bench_end(struct bench *b)
{
	ctalg_buffer_free(&b->out.payload, &b->mem);
	ctalg_stream_free(&b->s, &b->mem);
	assert_int_equal(b->purse.size, 0);
}

/* What the receiver says, and the sender hears. */
s32 bench_ack(struct bench *b, s32 at, u32 *window)
{
	return (s32)(ctalg_stream_ack(&b->s, b->base + (u32)at, window, &b->mem) - b->base);
}

static void step_segment(struct bench *b, const struct step *st)
{
	static const char *const verdicts[] = {
		[CTALG_SEGMENT_PASS] = "pass ",
		[CTALG_SEGMENT_REPLACE] = "send ",
		[CTALG_SEGMENT_PROBE] = "probe ",
		[CTALG_SEGMENT_DROP] = "drop ",
	};

	bench_segment(b, st->at, st->text, (u32)strlen(st->text), st->kind == FIN);
	say_number(b, verdicts[b->out.verdict], (s32)b->out.seq);
	if (b->out.verdict == CTALG_SEGMENT_REPLACE) {
		say(b, " ", 1);
		say(b, (const char *)b->out.payload.p, b->out.payload.len);
	}
	if (b->out.fin)
		say(b, " FIN", 4);
}

static void step_sack(struct bench *b, const struct step *st)
{
	u32 left = b->base + (u32)st->at, right = b->base + (u32)atoi(st->text);

	if (!ctalg_stream_sack(&b->s, &left, &right)) {
		say(b, "none", 4);
		return;
	}
	say_number(b, "", (s32)(left - b->base));
	say_number(b, "-", (s32)(right - b->base));
}

void step_run(struct bench *b, const struct step *st)
{
	u32 window = st->text ? (u32)atoi(st->text) : 1000;

	b->said = 0;
	b->says[0] = 0;
	if (st->kind == SEG || st->kind == FIN) {
		step_segment(b, st);
	} else if (st->kind == ACK) {
		say_number(b, "", bench_ack(b, st->at, &window));
		say_number(b, "/", (s32)window);
	} else if (st->kind == EMPTY) {
		say_number(b, "",
			   (s32)(ctalg_stream_empty(&b->s, b->base + (u32)st->at) - b->base));
	} else if (st->kind == URG) {
		say_number(b, "",
			   (s32)(ctalg_stream_urgent(&b->s, b->base + (u32)st->at) - b->base));
	} else if (st->kind == FULL) {
		b->purse.full = st->at;
	} else {
		step_sack(b, st);
	}
}

static void script_run(const struct step *steps, u32 n, u32 base)
{
	struct bench b;
	u32 i;

	bench_begin(&b, &toy, base);
	for (i = 0; i < n; i++) {
		step_run(&b, &steps[i]);
		if (strcmp(b.says, steps[i].want))
			fail_msg("step %u at %u: \"%s\", not \"%s\"", i, base, b.says,
				 steps[i].want);
	}
	bench_end(&b);
}

/* Wherever the numbers begin; some begin just before they wrap around. */
void script(const struct step *steps, u32 n)
{
	u32 k;

	script_run(steps, n, 1000);
	script_run(steps, n, 0x80000000U);
	for (k = 0; k < 40; k++) {
		script_run(steps, n, 0U - k);
		script_run(steps, n, 0x80000000U - k);
	}
}
