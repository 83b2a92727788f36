// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include "helpers/ftp/ftp_parse.h"
#include "helpers/tftp/tftp_parse.h"
#include "src/engine/refuse.h"

static u32 allocated;
static bool no_memory;

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	if (no_memory)
		return NULL;
	allocated += size;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	allocated -= size;
	free(p);
}

static const struct ctalg_memory memory = { .alloc = memory_alloc, .free = memory_free };

STATIC_REPORT(spare);

/* An FTP flow after its greeting. */
struct flow {
	struct ctalg_refusals q;
	struct ftp_state state;
	struct ctalg_report r;
	struct ctalg_edits e;
	struct ctalg_report_small r_in;
	struct ctalg_edits_small e_in;
	char out[3000];
};

static struct ctalg_message message(u8 dir, const char *text)
{
	struct ctalg_message m = { .data = (const u8 *)text, .len = (u32)strlen(text), .dir = dir };

	return m;
}

static void rooms(struct flow *f)
{
	static struct ctalg_report_room report_room;
	static struct ctalg_edits_room edits_room;

	report_room = (struct ctalg_report_room)CTALG_REPORT_ROOM(f->r_in);
	edits_room = (struct ctalg_edits_room)CTALG_EDITS_ROOM(f->e_in);
	ctalg_report_use(&f->r, &report_room);
	ctalg_edits_use(&f->e, &edits_room);
}

static void parse(struct flow *f, const struct ctalg_message *m)
{
	ctalg_report_init(&f->r);
	ctalg_edits_init(&f->e);
	ftp_proto.parse(&f->state, m, &f->r);
}

/* What goes on, as text. */
static const char *edited(struct flow *f, const struct ctalg_message *m)
{
	u32 n = ctalg_edits_apply(&f->e, m->data, m->len, (u8 *)f->out, sizeof(f->out) - 1);

	f->out[n] = 0;
	return f->out;
}

static void passes(struct flow *f, u8 dir, const char *text)
{
	struct ctalg_message m = message(dir, text);

	parse(f, &m);
	assert_false(ctalg_refusals_note(&f->q, &ftp_proto, &m, &f->r, &f->e, &memory));
	assert_int_equal(f->e.n, 0);
	assert_int_equal(f->q.asked - f->q.answered, f->state.pending);
}

static void becomes(struct flow *f, const char *text, const char *want)
{
	struct ctalg_message m = message(CTALG_DIR_REPLY, text);

	parse(f, &m);
	assert_true(ctalg_refusals_note(&f->q, &ftp_proto, &m, &f->r, &f->e, &memory));
	assert_string_equal(edited(f, &m), want);
	assert_int_equal(f->q.asked - f->q.answered, f->state.pending);
}

static bool refuse(struct flow *f, const char *text)
{
	struct ctalg_message m = message(CTALG_DIR_ORIG, text);
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED, .len = 2, .text = "no" };
	struct ftp_state before = f->state;
	bool done;

	parse(f, &m);
	a.command = f->r.command;
	f->state = before;
	done = ctalg_refuse(&f->q, &ftp_proto, &f->state, &m, &a, &f->e, &spare, &memory);
	if (done)
		assert_string_equal(edited(f, &m), "NOOP\r\n");
	else
		assert_memory_equal(&f->state, &before, sizeof(before));
	assert_int_equal(f->q.asked - f->q.answered, f->state.pending);
	return done;
}

static void begin(struct flow *f)
{
	memset(f, 0, sizeof(*f));
	rooms(f);
	f->q.asked = f->q.answered = 0U - 2;
	passes(f, CTALG_DIR_REPLY, "220 hello\r\n");
}

static void end(struct flow *f)
{
	ctalg_refusals_free(&f->q, &memory);
	assert_int_equal(allocated, 0);
}

/* Each answer meets the request that it is for; numbers wrap meanwhile. */
static void refusals_find_their_answers(void **unused)
{
	struct flow f;

	(void)unused;
	begin(&f);
	passes(&f, CTALG_DIR_ORIG, "USER a\r\n");
	assert_true(refuse(&f, "DELE x\r\n"));
	passes(&f, CTALG_DIR_ORIG, "PWD\r\n");
	assert_true(refuse(&f, "DELE y\r\n"));
	passes(&f, CTALG_DIR_REPLY, "331 who\r\n");
	becomes(&f, "200-noop\r\n", "550-no\r\n");
	becomes(&f, "550 inside\r\n", "550-no\r\n");
	becomes(&f, "200 ok\r\n", "550 no\r\n");
	passes(&f, CTALG_DIR_REPLY, "257-here\r\n");
	passes(&f, CTALG_DIR_REPLY, "257 there\r\n");
	assert_true(refuse(&f, "DELE z\r\n"));
	becomes(&f, "100 wait\r\n", "550-no\r\n");
	becomes(&f, "200 ok\r\n", "550 no\r\n");
	assert_int_not_equal(allocated, 0);
	becomes(&f, "200 ok\r\n", "550 no\r\n");
	/* With the last one its memory has gone too. */
	assert_int_equal(allocated, 0);
	passes(&f, CTALG_DIR_REPLY, "200 nobody asked\r\n");
	end(&f);
}

static void a_refused_request_leaves_no_trace(void **unused)
{
	struct flow f;

	(void)unused;
	begin(&f);
	assert_true(refuse(&f, "AUTH TLS\r\n"));
	becomes(&f, "234 so be it\r\n", "534 no\r\n");
	assert_int_equal(f.state.tls, FTP_TLS_OFF);
	assert_true(refuse(&f, "EPSV ALL\r\n"));
	assert_false(f.state.epsv_all);
	end(&f);
}

/* It closes the connection and stays what it is. */
static void nobody_replaces_421(void **unused)
{
	struct flow f;

	(void)unused;
	begin(&f);
	assert_true(refuse(&f, "DELE x\r\n"));
	assert_true(refuse(&f, "DELE y\r\n"));
	passes(&f, CTALG_DIR_REPLY, "421-bye\r\n");
	passes(&f, CTALG_DIR_REPLY, "421 bye\r\n");
	becomes(&f, "200 ok\r\n", "550 no\r\n");
	end(&f);
}

static void one_answer_for_two(void **unused)
{
	struct flow f;

	(void)unused;
	begin(&f);
	passes(&f, CTALG_DIR_ORIG, "RETR x\r\n");
	passes(&f, CTALG_DIR_REPLY, "150 here\r\n");
	passes(&f, CTALG_DIR_ORIG,
	       "\xff\xf4\xff\xf2"
	       "ABOR\r\n");
	passes(&f, CTALG_DIR_REPLY, "226 done\r\n");
	assert_int_equal(f.q.asked, f.q.answered);
	/* ABOR's own answer may follow, or not. */
	assert_true(refuse(&f, "DELE x\r\n"));
	passes(&f, CTALG_DIR_REPLY, "225 nothing to do\r\n");
	becomes(&f, "200 ok\r\n", "550 no\r\n");
	end(&f);
}

static void there_is_a_limit(void **unused)
{
	struct flow f;
	u32 i;

	(void)unused;
	begin(&f);
	for (i = 0; i < CTALG_REFUSALS_MAX; i++)
		assert_true(refuse(&f, "DELE x\r\n"));
	assert_false(refuse(&f, "DELE x\r\n"));
	assert_int_equal(f.e.n, 0);
	becomes(&f, "200 ok\r\n", "550 no\r\n");
	assert_true(refuse(&f, "DELE x\r\n"));
	assert_false(refuse(&f, "DELE x\r\n"));
	for (i = 0; i < CTALG_REFUSALS_MAX; i++)
		becomes(&f, "200 ok\r\n", "550 no\r\n");
	assert_int_equal(allocated, 0);
	no_memory = true;
	assert_false(refuse(&f, "DELE x\r\n"));
	no_memory = false;
	assert_int_equal(f.e.n, 0);
	end(&f);
}

static u32 wrong_harmless(char *buf, u32 cap)
{
	(void)cap;
	memcpy(buf, "\r\n", 2);
	return 2;
}

static void what_cannot_be_refused(void **unused)
{
	static const struct ctalg_answer a = { .reason = CTALG_R_POLICY_DENIED };
	struct ctalg_message m = message(CTALG_DIR_ORIG, "DELE x\r\n");
	struct ctalg_proto wrong = ftp_proto;
	struct flow f;

	(void)unused;
	begin(&f);
	ctalg_edits_init(&f.e);
	assert_false(ctalg_refuse(&f.q, &tftp_proto, &f.state, &m, &a, &f.e, &spare, &memory));
	wrong.harmless = wrong_harmless;
	assert_false(ctalg_refuse(&f.q, &wrong, &f.state, &m, &a, &f.e, &spare, &memory));
	wrong = ftp_proto;
	wrong.answer = NULL;
	assert_false(ctalg_refuse(&f.q, &wrong, &f.state, &m, &a, &f.e, &spare, &memory));
	assert_int_equal(f.e.n, 0);
	assert_int_equal(f.q.asked, f.q.answered);
	end(&f);
}

/* A server's answer that is refused itself; a part of one cannot be, nor what is no answer. */
static void answers_that_are_refused(void **unused)
{
	static const struct {
		const char *first, *text, *want;
	} cases[] = {
		{ NULL, "227 nowhere\r\n", "501 no\r\n" },
		{ "227-nowhere\r\n", "227 at all\r\n", NULL },
		{ NULL, "227-nowhere\r\n", NULL },
		{ NULL, "150 wait\r\n", NULL },
		{ NULL, "421 bye\r\n", NULL },
		{ "200 ok\r\n", "227 nobody asked\r\n", NULL },
	};
	struct ctalg_answer a = { .reason = CTALG_R_POLICY_MALFORMED, .len = 2, .text = "no" };
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ctalg_message m = message(CTALG_DIR_REPLY, cases[i].text);
		struct flow f;

		begin(&f);
		passes(&f, CTALG_DIR_ORIG, "PASV\r\n");
		if (cases[i].first)
			passes(&f, CTALG_DIR_REPLY, cases[i].first);
		parse(&f, &m);
		assert_int_equal(ctalg_refuse_answer(&ftp_proto, &m, &f.r, &a, &f.e),
				 cases[i].want != NULL);
		assert_string_equal(edited(&f, &m), cases[i].want ? cases[i].want : cases[i].text);
		end(&f);
	}
}

/* A protocol of lines that end in a semicolon; each that begins with a capital asks for something. */
static u32 quiet_answer(const struct ctalg_report *r, const struct ctalg_message *m,
			const struct ctalg_answer *a, char *buf, u32 cap)
{
	u32 n = (u32)snprintf(buf, cap, "%u to %.*s", a->code, (int)m->len, (const char *)m->data);

	return r->ops & CTALG_OP_ASKS && n < cap ? n : 0;
}

static const struct ctalg_proto quiet = { .silence = "..", .answer = quiet_answer };

static u8 quiet_dir(const char *text)
{
	return text[0] == '<' ? CTALG_DIR_REPLY : CTALG_DIR_ORIG;
}

/* ">Ask;" goes to the other side, "<Ask;" comes from there. What goes on of it? */
static const char *quiet_goes_on(struct flow *f, const char *text, bool refused)
{
	struct ctalg_message m = message(quiet_dir(text), text + 1);
	const struct ctalg_answer a = { .code = 403 };
	u16 before;

	f->r.ops = m.data[0] < 'a' ? CTALG_OP_ASKS : 0;
	ctalg_edits_init(&f->e);
	before = ctalg_refusals_deliver(&f->q, &m, &f->e, &memory);
	assert_int_equal(before, f->e.n);
	if (refused)
		assert_true(ctalg_refuse_silently(&f->q, &quiet, &m, &f->r, &a, &f->e, &memory));
	assert_int_equal(ctalg_refusals_delivered(&f->e), before);
	return edited(f, &m);
}

#define PASSES(text, want) assert_string_equal(quiet_goes_on(&f, text, false), want)
#define REFUSED(text, want) assert_string_equal(quiet_goes_on(&f, text, true), want)

/* An answer goes in front of what comes next from the other side, whatever that is, and once. */
static void silence_and_a_later_answer(void **unused)
{
	struct flow f;

	(void)unused;
	memset(&f, 0, sizeof(f));
	rooms(&f);
	PASSES(">Hello;", "Hello;");
	REFUSED(">One;", "..");
	/* not in front of its sender's own */
	PASSES(">Hello;", "Hello;");
	REFUSED(">Two;", "..");
	PASSES("<yes;", "403 to One;403 to Two;yes;");
	assert_int_equal(allocated, 0);
	PASSES("<yes;", "yes;");
	/* both sides ask, and the other's request is refused itself */
	REFUSED(">Three;", "..");
	REFUSED("<Four;", "403 to Three;..");
	REFUSED("<five;", "..");
	PASSES(">;", "403 to Four;;");
	/* what asks for nothing is told nothing */
	REFUSED(">six;", "..");
	PASSES("<yes;", "yes;");
	assert_int_equal(allocated, 0);
	/* nobody says anything more */
	REFUSED(">Seven;", "..");
	REFUSED("<Eight;", "403 to Seven;..");
	assert_int_not_equal(allocated, 0);
	end(&f);
}

/* More than fits goes in front of the messages behind, and what has no room at all is left out. */
static void answers_that_wait_have_an_end(void **unused)
{
	char text[1202] = ">", want[2600];
	struct flow f;
	u32 i, n;

	(void)unused;
	memset(&f, 0, sizeof(f));
	rooms(&f);
	memset(text + 1, 'A', 1200);
	snprintf(want, sizeof(want), "403 to %syes;", text + 1);
	for (i = 0; i < 20; i++)
		assert_string_equal(quiet_goes_on(&f, text, true), "..");
	assert_true(allocated && allocated <= CTALG_REFUSALS_OWED);
	for (n = 0; f.q.owed[CTALG_DIR_REPLY].len; n++)
		PASSES("<yes;", want);
	assert_int_equal(n, (CTALG_REFUSALS_OWED - CTALG_ANSWER_DATAGRAM) / (1207 + 2) + 1);
	assert_int_equal(allocated, 0);
	no_memory = true;
	REFUSED(">Nine;", "..");
	no_memory = false;
	PASSES("<yes;", "yes;");
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_find_their_answers),
		cmocka_unit_test(a_refused_request_leaves_no_trace),
		cmocka_unit_test(nobody_replaces_421),
		cmocka_unit_test(one_answer_for_two),
		cmocka_unit_test(there_is_a_limit),
		cmocka_unit_test(what_cannot_be_refused),
		cmocka_unit_test(answers_that_are_refused),
		cmocka_unit_test(silence_and_a_later_answer),
		cmocka_unit_test(answers_that_wait_have_an_end),
	};

	return cmocka_run_group_tests_name("refuse", tests, NULL, NULL);
}
