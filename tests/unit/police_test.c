// SPDX-License-Identifier: GPL-2.0
/*
 * SIP over TCP, both sides asking, with rules between them. What is refused must not arrive,
 * nothing else may change, and who was refused is told with the next thing that the other side says:
 * byte for byte, however the streams are cut.
 */
#include "unit.h"

#include "helpers/sip/sip_parse.h"
#include "image_builder.h"
#include "src/engine/police.h"
#include "src/engine/stream.h"

enum { TEXT_MAX = 20000, WINDOW = 60000, ROUNDS = 300 };

/* One direction: what has arrived there, and should have. */
struct way {
	struct ctalg_stream s;
	u32 isn, said, n;
	char got[TEXT_MAX], want[TEXT_MAX];
};

struct talk {
	struct way way[2];
	struct sip_state state;
	struct ctalg_refusals q;
	void *image;
	struct ctalg_rules *rules;
	u32 allocated, refused, reset;
	u64 seed;
};

static void *memory_alloc(void *ctx, u32 size)
{
	struct talk *t = ctx;

	t->allocated += size;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	struct talk *t = ctx;

	t->allocated -= size;
	free(p);
}

#define REST(number, method)                                                                       \
	"Via: SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK" #number "\r\n"                                  \
	"From: <sip:alice@example.org>;tag=f\r\n"                                                  \
	"To: <sip:bob@example.org>;tag=t\r\n"                                                      \
	"Call-ID: 1234\r\n"                                                                        \
	"CSeq: " #number " " #method "\r\n"
#define ASKS(number, method)                                                                       \
#method " sip:bob@example.org SIP/2.0\r\n" REST(number, method) "Content-Length: 0\r\n\r\n"
#define ANSWER(status, number, method)                                                             \
	"SIP/2.0 " status "\r\n" REST(number, method) "Content-Length: 0\r\n\r\n"

#define SILENCE "\r\n\r\n"
#define BLANK SILENCE SILENCE SILENCE SILENCE SILENCE SILENCE SILENCE SILENCE "\n"
#define FORBIDDEN(number) ANSWER("403 Forbidden", number, MESSAGE)
#define LONG_BODY "Content-Length: 600\r\n\r\n%0600d"

static void begin(struct talk *t, u64 seed)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	struct image_builder *b = image_begin();
	struct ctalg_policy_error err;
	u32 len;
	u8 dir;

	memset(t, 0, sizeof(*t));
	t->seed = seed;
	image_rule(b, "sip", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_COMMAND, "MESSAGE");
	image_rule(b, "sip", CTALG_CHAIN_SIZE, CTALG_ACTION_DENY);
	image_args(b, 0, 0, 600);
	image_rule(b, "sip", CTALG_CHAIN_STRICT, CTALG_ACTION_ON);
	t->image = image_finish(b, &len);
	assert_true(ctalg_image_check(t->image, len, &err));
	t->rules = ctalg_rules_compile(t->image, &sip_proto, &mem, &err);
	assert_non_null(t->rules);
	for (dir = 0; dir < 2; dir++) {
		t->way[dir].isn = 0U - rnd_below(&t->seed, 3000);
		ctalg_stream_start(&t->way[dir].s, t->way[dir].isn);
		t->way[dir].s.win_max = WINDOW;
	}
}

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = ctx };
	struct ctalg_subject s = { .command = 0 };
	STATIC_REPORT(r);
	STATIC_REPORT(spare);
	struct talk *t = ctx;
	u64 before[CTALG_PROTO_STATE / sizeof(u64)] = { 0 };
	const struct ctalg_police po = { .rules = t->rules,
					 .proto = &sip_proto,
					 .state = &t->state,
					 .before = before,
					 .refusals = &t->q,
					 .spare = &spare,
					 .mem = &mem };
	struct ctalg_message of_tcp = *m;
	struct ctalg_verdict v;
	u8 action;

	of_tcp.l4 = CTALG_L4_TCP;
	memcpy(before, &t->state, sizeof(t->state));
	ctalg_report_init(&r);
	sip_proto.parse(&t->state, &of_tcp, &r);
	assert_int_not_equal(r.reason, CTALG_R_NOT_OURS);
	s.command = r.command;
	action = ctalg_police_message(&po, &of_tcp, &r, &s, e, &v);
	t->refused += action == CTALG_ACTION_DENY;
	t->reset += action == CTALG_ACTION_RESET;
	if (action == CTALG_ACTION_ALLOW)
		ctalg_police_passed(&po, &of_tcp, &r);
}

static void on_count(void *ctx, unsigned int reason)
{
	(void)ctx;
	fail_msg("reason %u", reason);
}

/* The receiver has got it, and says so. */
static void arrives(struct talk *t, u8 dir, u32 seq, const u8 *data, u32 len)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	struct way *w = &t->way[dir];
	u32 at = seq - w->isn, window = WINDOW;

	/* a probe brings what is there already */
	if ((s32)(at + len - w->n) > 0) {
		assert_int_equal(at, w->n);
		assert_true(at + len < TEXT_MAX);
		memcpy(w->got + at, data, len);
		w->n += len;
	}
	ctalg_stream_ack(&w->s, w->isn + w->n, &window, &mem);
}

static void segment(struct talk *t, u8 dir, const char *text, u32 len)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	STATIC_EDITS(edits);
	const struct ctalg_stream_env env = { .proto = &sip_proto,
					      .state = &t->state,
					      .dir = dir,
					      .mem = &mem,
					      .edits = &edits,
					      .message = on_message,
					      .count = on_count,
					      .ctx = t };
	struct way *w = &t->way[dir];
	u8 *data = exact(text, len);
	struct ctalg_segment_out out;

	ctalg_stream_segment(&w->s, &env, w->isn + w->said, data, len, false, &out);
	assert_int_not_equal(out.verdict, CTALG_SEGMENT_DROP);
	w->said += len;
	if (out.verdict == CTALG_SEGMENT_REPLACE)
		arrives(t, dir, out.seq, out.payload.p, out.payload.len);
	else if (out.verdict == CTALG_SEGMENT_PASS)
		arrives(t, dir, out.seq, data, len);
	else
		arrives(t, dir, out.seq, (const u8 *)"?", 1);
	ctalg_buffer_free(&out.payload, &mem);
	free(data);
}

/* One side says something, and the other hears @want. */
static void says(struct talk *t, u8 dir, const char *text, const char *want)
{
	u32 len = (u32)strlen(text), at = 0, n;

	strcat(t->way[dir].want, want);
	while (at < len) {
		n = rnd_below(&t->seed, 3) ? 1 + rnd_below(&t->seed, len - at) : 1;
		segment(t, dir, text + at, n);
		at += n;
	}
}

static void end(struct talk *t)
{
	const struct ctalg_memory mem = { .alloc = memory_alloc, .free = memory_free, .ctx = t };
	u8 dir;

	for (dir = 0; dir < 2; dir++) {
		t->way[dir].got[t->way[dir].n] = 0;
		assert_string_equal(t->way[dir].got, t->way[dir].want);
		ctalg_stream_free(&t->way[dir].s, &mem);
	}
	assert_int_equal(t->reset, 0);
	ctalg_refusals_free(&t->q, &mem);
	ctalg_rules_free(t->rules, &mem);
	assert_int_equal(t->allocated, 0);
	free(t->image);
}

static void dialog(struct talk *t)
{
	char big[1200];

	snprintf(big, sizeof(big),
		 "OPTIONS sip:bob@example.org SIP/2.0\r\n" REST(9, OPTIONS) LONG_BODY, 0);
	says(t, 0, ASKS(1, OPTIONS), ASKS(1, OPTIONS));
	says(t, 1, ANSWER("200 OK", 1, OPTIONS), ANSWER("200 OK", 1, OPTIONS));
	says(t, 0, ASKS(2, MESSAGE) ASKS(3, OPTIONS), SILENCE ASKS(3, OPTIONS));
	says(t, 1, ANSWER("200 OK", 3, OPTIONS), FORBIDDEN(2) ANSWER("200 OK", 3, OPTIONS));
	says(t, 0, ASKS(4, MESSAGE) ASKS(5, MESSAGE), SILENCE SILENCE);
	/* the other side may ask, too, and be refused while it brings what others are told */
	says(t, 1, ASKS(6, MESSAGE) ASKS(7, OPTIONS),
	     FORBIDDEN(4) FORBIDDEN(5) SILENCE ASKS(7, OPTIONS));
	says(t, 0, SILENCE, FORBIDDEN(6) SILENCE);
	says(t, 0, ANSWER("200 OK", 7, OPTIONS), ANSWER("200 OK", 7, OPTIONS));
	says(t, 0, big, SILENCE);
	/* an answer that can't be read goes to nobody, and nobody is told */
	says(t, 1, "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
	     ANSWER("513 Message Too Large", 9, OPTIONS) SILENCE);
	says(t, 1, ASKS(8, OPTIONS), ASKS(8, OPTIONS));
	/* any number of blank lines may stand before a message, and each is one */
	says(t, 0, BLANK ASKS(10, MESSAGE), BLANK SILENCE);
	says(t, 1, "\r\n", FORBIDDEN(10) "\r\n");
}

static void the_refused_are_told_later(void **unused)
{
	static struct talk t;
	u32 i;

	(void)unused;
	for (i = 0; i < ROUNDS; i++) {
		begin(&t, 0x9e3779b97f4a7c15ULL + i);
		dialog(&t);
		assert_int_equal(t.refused, 7);
		end(&t);
	}
}

/* No names but this one's. */
static u64 seal(void *ctx, const u8 *data, u32 len)
{
	u64 hash = 14695981039346656037ULL;
	u32 i;

	(void)ctx;
	for (i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 1099511628211ULL;
	return hash ^ hash >> 29;
}

static bool is_inside(void *ctx, const struct ctalg_addr *a)
{
	(void)ctx;
	return a->b[0] == 10;
}

static const struct ctalg_alias alias = { .seal = seal };
static const struct ctalg_hide hide = {
	.self = { CTALG_AF_INET, { 10, 0, 0, 2 } },
	.shown = { CTALG_AF_INET, { 198, 51, 100, 1 } },
	.inside = is_inside,
	.alias = &alias,
};

/* A datagram that goes out and may grow by @most; @out is what goes on. */
static u8 goes_out(const char *text, s32 most, char *out)
{
	u32 len = (u32)strlen(text), n;
	const struct ctalg_message m = { .data = exact(text, len), .len = len, .l4 = CTALG_L4_UDP };
	u64 state[CTALG_PROTO_STATE / sizeof(u64)] = { 0 };
	const struct ctalg_police po = { .proto = &sip_proto, .state = state };
	struct ctalg_verdict v;
	STATIC_REPORT(r);
	EDITS(e);
	u8 action;

	ctalg_report_init(&r);
	sip_proto.parse(state, &m, &r);
	assert_int_equal(r.reason, CTALG_R_NONE);
	ctalg_edits_init(&e);
	e.most = most;
	action = ctalg_police_hide(&po, &hide, &m, &r, false, &e, &v);
	assert_int_equal(v.reason, action == CTALG_ACTION_ALLOW ? CTALG_R_POLICY_HIDDEN
								: CTALG_R_POLICY_HIDE);
	n = ctalg_edits_apply(&e, m.data, m.len, (u8 *)out, TEXT_MAX - 1);
	out[n] = 0;
	free((void *)(uintptr_t)m.data);
	return action;
}

#define TO_OUTSIDE(user, from)                                                                     \
	"ACK sip:" user "@203.0.113.9 SIP/2.0\r\n"                                                 \
	"Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bK1\r\n"                                        \
	"From: <sip:" from "@example.org>;tag=f\r\n"                                               \
	"To: <sip:5551234@example.org>;tag=t\r\n"                                                  \
	"Call-ID: 1234\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n"

/* Whom a message names may be an address that an outsider had us resolve. */
static void users_are_hidden(void **unused)
{
	char want[TEXT_MAX], out[TEXT_MAX], name[2][CTALG_ALIAS_MAX + 1] = { "" };

	(void)unused;
	ctalg_alias_write(&alias, (const u8 *)"10.0.0.5", 8, name[0]);
	ctalg_alias_write(&alias, (const u8 *)"10.0.0.6", 8, name[1]);
	assert_int_equal(goes_out(TO_OUTSIDE("10.0.0.5", "10.0.0.6"), 1000, out),
			 CTALG_ACTION_ALLOW);
	snprintf(want, sizeof(want), TO_OUTSIDE("%s", "%s"), name[0], name[1]);
	assert_string_equal(out, want);
	assert_int_equal(goes_out(TO_OUTSIDE("5551234", "10.0.0.6"), 1000, out),
			 CTALG_ACTION_ALLOW);
	snprintf(want, sizeof(want), TO_OUTSIDE("5551234", "%s"), name[1]);
	assert_string_equal(out, want);
}

/* A name takes 29 bytes more than the address. */
static void names_need_room(void **unused)
{
	char out[TEXT_MAX];

	(void)unused;
	assert_int_equal(goes_out(TO_OUTSIDE("bob", "10.0.0.6"), 29, out), CTALG_ACTION_ALLOW);
	assert_int_equal(goes_out(TO_OUTSIDE("bob", "10.0.0.6"), 28, out), CTALG_ACTION_DENY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_refused_are_told_later),
		cmocka_unit_test(users_are_hidden),
		cmocka_unit_test(names_need_room),
	};

	return cmocka_run_group_tests_name("police", tests, NULL, NULL);
}
