// SPDX-License-Identifier: GPL-2.0
/*
 * A client that pipelines and a server that answers each line in order, with FTP's parser and
 * the stream engine between them, where two commands are refused. The server must see NOOP in
 * their place and nothing else that is not the client's; the client must get one answer for each
 * command, in order, the refusal for those two and only for them, byte for byte.
 */
#include "unit.h"

#include "helpers/ftp/ftp_parse.h"
#include "src/engine/refuse.h"
#include "src/engine/stream.h"

enum {
	TEXT_MAX = 20000,
	LINES_MAX = 48,
	LINK_MAX = 32,
	STEPS_MAX = 400000,
	WINDOW = 60000,
	DIALOGS = 4000,
};

struct text {
	char s[TEXT_MAX];
	u32 len;
};

struct packet {
	u32 seq, len, ack;
	u8 *data;
};

struct link {
	struct packet q[LINK_MAX];
	u32 n;
};

/* One end of the connection; @una, @nxt count in what it says, @rcv in what it hears. */
struct end {
	struct text say, want;
	u32 isn, una, nxt, rcv, mss, cut;
	char got[TEXT_MAX];
	bool have[TEXT_MAX], owes_ack;
};

/*
 * @line and @answer are the script; @sent lines the client has said, @asked of which want one of the @answers that it has got, to @heard.
 * The server has taken @taken lines, to @read; it waits for all of them if it is @slow.
 */
struct talk {
	struct end end[2];
	struct link in[2], out[2];
	struct ctalg_stream s[2];
	struct ftp_state state;
	struct ctalg_refusals q;
	const char *greeting, *line[LINES_MAX], *answer[LINES_MAX];
	u32 n, sent, asked, answers, heard, multi, taken, read, most, refused;
	u32 loss, dup, mix, fail_one_in, allocated;
	bool slow, reset;
	u64 seed;
};

static const char refusal[] = "Refused by policy: this is not permitted here.\r\n";

static void say(struct text *t, const char *s)
{
	u32 len = (u32)strlen(s);

	assert_true(t->len + len <= sizeof(t->s));
	memcpy(t->s + t->len, s, len);
	t->len += len;
}

static bool one_in(struct talk *t, u32 n)
{
	return n && !rnd_below(&t->seed, n);
}

/* The test knows by which letters of its lines it means what is refused. */
static bool is_refused(const char *line)
{
	return strstr(line, "ELE") || strstr(line, "or");
}

static const char *const commands[] = {
	"USER eve\r\n",
	"PASS x\n",
	"NOOP\r\n",
	"CWD a b\r\n",
	"PORT 10,0,0,2,4,1\r\n",
	"EPSV ALL\r\n",
	"RETR x\r\n",
	"XYZZY\r\n",
	"ABOR\r\n",
	"REIN\r\n",
	"\xff\xf4\xff\xf2"
	"ABOR\r\n",
	"STAT\r\n",
	"\r\n",
	"  \r\n",
	"LIST\r\r\n",
	"DELE f\r\n",
	"STor a file\n",
	" \tDELE  y\r\n",
	"\xff\xf1"
	"DELE z\r\n",
	"DELE\r\n",
	"stor 1\r\n",
	"DELE f\r\n",
	"STor a file\n",
	"DELE\x0bq\r\n",
};

static const char *const answers[] = {
	"200 ok\r\n",
	"250 fine\n",
	"331 go on\r\n",
	"502 what\r\n",
	"200\r\n",
	"211-Features\r\n 550 not this\r\n250 nor this\r\n\r\n211 end\r\n",
	"211-\r\n211-still\r\n211 \xff\r\n",
	"150 here it comes\r\n226 done\r\n",
	"125-here\r\n125 it comes\r\n226-nearly\r\n226 done\r\n",
	"150 here\r\n426 no\r\n",
	"227 Passive (10,0,0,2,4,1)\r\n",
	"257-a\nb\nc\nd\n257 \"/\" that is\n",
};

static const char *const abor_answers[] = { "226 done\r\n", "225 nothing to do\r\n",
					    "226-done\r\n226 all\r\n", "502 what\r\n" };
static const char *const greetings[] = { "220 hello\r\n",
					 "220-hello\r\n220-\r\n here\r\n220 go\r\n",
					 "120 wait\r\n220 hello\r\n" };

/* Each line of the answer to a refused command becomes one of the refusal. */
static void want_refusal(struct text *want, const char *answer)
{
	const char *line;
	u32 multi = 0;

	for (line = answer; *line; line = strchr(line, '\n') + 1) {
		u32 code = (u32)atoi(line);
		bool coded = line[0] > '0' && line[0] < '6' && line[1] >= '0';
		bool final = coded && (!multi || code == multi) && line[3] != '-';

		if (!multi && !final)
			multi = code;
		if (final)
			multi = 0;
		say(want, final && code >= 200 ? "550 " : "550-");
		say(want, refusal);
	}
}

/* What is to arrive follows from the script alone. */
static void talk_want(struct talk *t)
{
	struct text *heard = &t->end[0].want, *seen = &t->end[1].want;
	u32 i;

	say(heard, t->greeting);
	for (i = 0; i < t->n; i++) {
		if (is_refused(t->line[i])) {
			say(seen, "NOOP\r\n");
			want_refusal(heard, t->answer[i]);
		} else {
			say(seen, t->line[i]);
			say(heard, t->answer[i]);
		}
	}
}

static const char *one_of(struct talk *t, const char *const *from, u32 n)
{
	return from[rnd_below(&t->seed, n)];
}

static void talk_script(struct talk *t, u32 n)
{
	u32 i;

	t->n = n;
	t->greeting = one_of(t, greetings, ARRAY_SIZE(greetings));
	for (i = 0; i < n; i++) {
		/* The first line has to be one that FTP begins with. */
		t->line[i] = one_of(t, commands, i ? ARRAY_SIZE(commands) : 1);
		if (t->line[i][0] == '\r')
			t->answer[i] = "";
		else if (strstr(t->line[i], "ABOR"))
			t->answer[i] = one_of(t, abor_answers, ARRAY_SIZE(abor_answers));
		else
			t->answer[i] = one_of(t, answers, ARRAY_SIZE(answers));
	}
}

static void talk_begin(struct talk *t)
{
	u8 dir;

	talk_want(t);
	for (dir = 0; dir < 2; dir++) {
		t->end[dir].isn = 0U - rnd_below(&t->seed, 3000);
		ctalg_stream_start(&t->s[dir], t->end[dir].isn);
		t->s[dir].win_max = WINDOW;
	}
	say(&t->end[1].say, t->greeting);
}

static void link_put(struct talk *t, struct link *l, const struct packet *p)
{
	u32 copies = one_in(t, t->loss) ? 0 : one_in(t, t->dup) ? 2 : 1, at;

	for (; copies && l->n < LINK_MAX; copies--) {
		struct packet c = *p;

		c.data = exact(p->data, p->len);
		at = one_in(t, t->mix) ? rnd_below(&t->seed, l->n + 1) : l->n;
		memmove(&l->q[at + 1], &l->q[at], (l->n - at) * sizeof(c));
		l->q[at] = c;
		l->n++;
	}
}

static void end_put(struct talk *t, u8 dir, u32 from, u32 len)
{
	struct end *e = &t->end[dir];
	const struct packet p = { .seq = e->isn + from,
				  .len = len,
				  .ack = t->end[!dir].isn + e->rcv,
				  .data = (u8 *)e->say.s + from };

	e->owes_ack = false;
	link_put(t, &t->in[dir], &p);
}

static bool end_send(struct talk *t, u8 dir)
{
	struct end *e = &t->end[dir];
	u32 len = min(e->mss ? e->mss : 1 + rnd_below(&t->seed, 200), e->say.len - e->nxt);

	if (e->cut > e->nxt)
		len = min(len, e->cut - e->nxt);
	if (!len)
		return false;
	end_put(t, dir, e->nxt, len);
	e->nxt += len;
	return true;
}

/* A timer: what is unacknowledged again, cut anywhere. */
static bool end_repeat(struct talk *t, u8 dir)
{
	struct end *e = &t->end[dir];

	if (e->nxt == e->una)
		return false;
	end_put(t, dir, e->una, 1 + rnd_below(&t->seed, min(e->nxt - e->una, 400U)));
	return true;
}

static void client_hears(struct talk *t)
{
	struct end *e = &t->end[0];
	char *line, *end;

	while ((end = memchr(e->got + t->heard, '\n', e->rcv - t->heard))) {
		u32 code;

		line = e->got + t->heard;
		code = (u32)atoi(line);
		t->heard = (u32)(end - e->got) + 1;
		if (line[0] < '1' || line[0] > '5' || line[1] < '0' ||
		    (t->multi && code != t->multi))
			continue;
		t->multi = line[3] == '-' ? code : 0;
		if (!t->multi && code >= 200)
			t->answers++;
	}
}

/* The greeting is no answer, but the client may speak before it has come. */
static bool client_speaks(struct talk *t)
{
	u32 had = t->answers ? t->answers - 1 : 0;

	if (t->sent == t->n || t->asked > had + t->most)
		return false;
	t->asked += t->line[t->sent][0] != '\r';
	say(&t->end[0].say, t->line[t->sent++]);
	return true;
}

static bool server_speaks(struct talk *t)
{
	struct end *e = &t->end[1];
	const char *end = memchr(e->got + t->read, '\n', e->rcv - t->read);

	if (!end || (t->slow && e->rcv < e->want.len))
		return false;
	t->read = (u32)(end - e->got) + 1;
	say(&e->say, t->answer[t->taken++]);
	return true;
}

static void end_packet(struct talk *t, u8 dir, const struct packet *p)
{
	struct end *e = &t->end[dir];
	u32 at = p->seq - t->end[!dir].isn, i;

	if ((s32)(p->ack - e->isn - e->una) > 0)
		e->una = p->ack - e->isn;
	assert_true(e->una <= e->nxt);
	e->owes_ack |= p->len;
	for (i = 0; i < p->len; i++) {
		u32 to = at + i;

		/* A probe's byte is any. */
		if ((s32)(to - e->rcv) < 0)
			continue;
		assert_true(to < e->want.len);
		if (p->data[i] != (u8)e->want.s[to])
			fail_msg("byte %u is '%c', not '%c': %.*s", to, p->data[i], e->want.s[to],
				 60, e->want.s + (to > 30 ? to - 30 : 0));
		e->got[to] = (char)p->data[i];
		e->have[to] = true;
	}
	while (e->rcv < e->want.len && e->have[e->rcv])
		e->rcv++;
	if (!dir)
		client_hears(t);
}

static void *memory_alloc(void *ctx, u32 size)
{
	struct talk *t = ctx;

	if (one_in(t, t->fail_one_in))
		return NULL;
	t->allocated += size;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	struct talk *t = ctx;

	t->allocated -= size;
	free(p);
}

/* As the core does it. */
static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = ctx };
	struct talk *t = ctx;
	struct ftp_state before = t->state;
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED };
	STATIC_REPORT(r);
	STATIC_REPORT(spare);
	const char *name;

	ctalg_report_init(&r);
	ftp_proto.parse(&t->state, m, &r);
	name = ftp_proto.commands[r.command].name;
	a.command = r.command;
	if (r.ops & CTALG_OP_ASKS && (!strcmp(name, "DELE") || !strcmp(name, "STOR"))) {
		t->state = before;
		if (!ctalg_refuse(&t->q, &ftp_proto, &t->state, m, &a, e, &spare, &mem))
			t->reset = true;
		t->refused++;
	} else {
		ctalg_refusals_note(&t->q, &ftp_proto, m, &r, e, &mem);
	}
	assert_int_equal(t->q.asked - t->q.answered, t->state.pending);
}

/* What goes on unread has not been judged, nor counted: such a flow can't go on. */
static void on_count(void *ctx, unsigned int reason)
{
	struct talk *t = ctx;

	if (reason == CTALG_R_NO_MEMORY)
		t->reset = true;
	else if (reason != CTALG_R_OUT_OF_ORDER && reason != CTALG_R_LIMIT_JOURNAL)
		fail_msg("counted %s", ctalg_reason_name(reason));
}

static void engine_data(struct talk *t, u8 dir, struct packet *p)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	STATIC_EDITS(edits);
	const struct ctalg_stream_env env = { .proto = &ftp_proto,
					      .state = &t->state,
					      .dir = dir,
					      .mem = &mem,
					      .edits = &edits,
					      .message = on_message,
					      .count = on_count,
					      .ctx = t };
	struct ctalg_segment_out out;
	u8 any = '?';

	ctalg_stream_segment(&t->s[dir], &env, p->seq, p->data, p->len, false, &out);
	p->seq = out.seq;
	if (out.verdict == CTALG_SEGMENT_REPLACE) {
		p->data = out.payload.p;
		p->len = out.payload.len;
	} else if (out.verdict == CTALG_SEGMENT_PROBE) {
		p->data = &any;
		p->len = 1;
	}
	if (out.verdict != CTALG_SEGMENT_DROP && !t->reset)
		link_put(t, &t->out[dir], p);
	ctalg_buffer_free(&out.payload, &mem);
}

static void engine_packet(struct talk *t, u8 dir, const struct packet *p)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	u32 window = WINDOW;
	struct packet o = *p;

	o.ack = ctalg_stream_ack(&t->s[!dir], p->ack, &window, &mem);
	if (p->len) {
		engine_data(t, dir, &o);
	} else {
		o.seq = ctalg_stream_empty(&t->s[dir], p->seq);
		link_put(t, &t->out[dir], &o);
	}
}

static bool link_deliver(struct talk *t, u8 dir, bool out)
{
	struct link *l = out ? &t->out[dir] : &t->in[dir];
	struct packet p = l->q[0];

	if (!l->n)
		return false;
	memmove(&l->q[0], &l->q[1], --l->n * sizeof(p));
	if (out)
		end_packet(t, !dir, &p);
	else
		engine_packet(t, dir, &p);
	free(p.data);
	return true;
}

static bool end_acks(struct talk *t, u8 dir)
{
	if (!t->end[dir].owes_ack)
		return false;
	end_put(t, dir, t->end[dir].nxt, 0);
	return true;
}

static bool talk_act(struct talk *t, u32 what)
{
	u8 dir = what & 1;

	switch (what >> 1) {
	case 0:
		return dir ? server_speaks(t) : client_speaks(t);
	case 1:
		return end_send(t, dir);
	case 2:
		return link_deliver(t, dir, false);
	case 3:
		return link_deliver(t, dir, true);
	case 4:
		return end_acks(t, dir);
	default:
		return end_repeat(t, dir);
	}
}

static bool talk_is_done(const struct talk *t)
{
	return t->end[0].rcv == t->end[0].want.len && t->end[1].rcv == t->end[1].want.len;
}

static void talk_end(struct talk *t)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	u32 i, k;

	if (!t->reset) {
		assert_int_equal(t->q.asked, t->q.answered);
		assert_null(t->q.waiting.p);
	}
	for (i = 0; i < 2; i++) {
		for (k = 0; k < t->in[i].n; k++)
			free(t->in[i].q[k].data);
		for (k = 0; k < t->out[i].n; k++)
			free(t->out[i].q[k].data);
		ctalg_stream_free(&t->s[i], &mem);
	}
	ctalg_refusals_free(&t->q, &mem);
	assert_int_equal(t->allocated, 0);
}

static struct talk *talk_new(u64 seed)
{
	struct talk *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	t->seed = seed * 2654435761U + 1;
	return t;
}

static void random_dialogs(void **unused)
{
	u32 seed, steps, refused = 0, resets = 0;

	(void)unused;
	for (seed = 1; seed <= DIALOGS; seed++) {
		struct talk *t = talk_new(seed);

		talk_script(t, 1 + rnd_below(&t->seed, LINES_MAX));
		t->most = rnd_below(&t->seed, 3) ? rnd_below(&t->seed, LINES_MAX) : 0;
		t->loss = rnd_below(&t->seed, 3) * 8;
		t->dup = rnd_below(&t->seed, 3) * 8;
		t->mix = rnd_below(&t->seed, 3) * 4;
		t->fail_one_in = one_in(t, 8) ? 40 : 0;
		t->slow = t->most > LINES_MAX - 2;
		talk_begin(t);
		for (steps = 0; !talk_is_done(t) && !t->reset; steps++) {
			if (steps > STEPS_MAX)
				fail_msg("seed %u is stuck: %u of %u, %u of %u", seed,
					 t->end[0].rcv, t->end[0].want.len, t->end[1].rcv,
					 t->end[1].want.len);
			talk_act(t, rnd_below(&t->seed, one_in(t, 6) ? 12 : 10));
		}
		refused += t->refused;
		resets += t->reset;
		talk_end(t);
		free(t);
	}
	/* Else it tests nothing, or memory fails too often. */
	assert_true(refused > 10 * DIALOGS / 2);
	assert_true(resets > 0 && resets < DIALOGS / 6);
}

/* Nothing gets lost and no timer is needed but where TCP has one: the last of a row of acts. */
static void talk_calmly(struct talk *t)
{
	u32 steps, what;

	talk_begin(t);
	for (steps = 0; !talk_is_done(t); steps++) {
		for (what = 0; what < 12 && !talk_act(t, what); what++)
			;
		if (what == 12 || steps > STEPS_MAX)
			fail_msg("stuck: cut %u, %u", t->end[0].cut, t->end[1].cut);
	}
	assert_int_equal(t->answers, 1 + t->n);
	talk_end(t);
	free(t);
}

static struct talk *fixed_talk(void)
{
	static const char *const script[][2] = {
		{ "USER eve\r\n", "331 who\r\n" },
		{ "DELE f\r\n", "200 noop ok\r\n" },
		{ "STor a\n", "200-noop\r\n and more\r\n200 ok\r\n" },
		{ "RETR x\r\n", "150 comes\r\n226-done\r\n226 it is\r\n" },
		{ "\xff\xf1"
		  "DELE g\r\n",
		  "150 why\r\n250 ok\r\n" },
		{ "STAT\r\n", "211-Status\r\n 550 x\r\n211 end\r\n" },
		{ "DELE h\r\n", "200\n" },
	};
	struct talk *t = talk_new(1);
	u32 i;

	t->n = ARRAY_SIZE(script);
	t->most = LINES_MAX;
	t->slow = true;
	t->end[0].mss = t->end[1].mss = 1460;
	t->greeting = "220-hello\r\n220 go\r\n";
	for (i = 0; i < t->n; i++) {
		t->line[i] = script[i][0];
		t->answer[i] = script[i][1];
	}
	return t;
}

static void every_cut(void **unused)
{
	u8 dir;

	(void)unused;
	for (dir = 0; dir < 2; dir++) {
		u32 cut = 0, all;

		do {
			struct talk *t = fixed_talk();
			u32 i;

			all = dir ? (u32)strlen(t->greeting) : 0;
			for (i = 0; i < t->n; i++)
				all += (u32)strlen(dir ? t->answer[i] : t->line[i]);
			t->end[dir].cut = ++cut;
			talk_calmly(t);
		} while (cut < all);
		assert_true(all > 50);
	}
}

static void every_byte_alone(void **unused)
{
	u32 i;

	(void)unused;
	for (i = 1; i < 4; i++) {
		struct talk *t = fixed_talk();

		t->end[0].mss = i & 1 ? 1 : 1460;
		t->end[1].mss = i & 2 ? 1 : 1460;
		talk_calmly(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut),
		cmocka_unit_test(every_byte_alone),
		cmocka_unit_test(random_dialogs),
	};

	return cmocka_run_group_tests_name("refuse_stream", tests, NULL, NULL);
}
