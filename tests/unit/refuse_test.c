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

static struct ctalg_report spare;

/* An FTP flow after its greeting. */
struct flow {
	struct ctalg_refusals q;
	struct ftp_state state;
	struct ctalg_report r;
	struct ctalg_edits e;
	char out[CTALG_ANSWER_MAX + 200];
};

static struct ctalg_message message(u8 dir, const char *text)
{
	struct ctalg_message m = { .data = (const u8 *)text, .len = (u32)strlen(text), .dir = dir };

	return m;
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
	};

	return cmocka_run_group_tests_name("refuse", tests, NULL, NULL);
}
