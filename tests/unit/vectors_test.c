// SPDX-License-Identifier: GPL-2.0
/*
 * Reads tests/vectors/NAME.md and compares what happens with what it says; the
 * format is described in tests/vectors/README.md. With CTALG_WRITE_VECTORS set, what
 * happens is written into the file instead, for you to read in the diff.
 */
#include "unit.h"

#include <dirent.h>

#include "helpers/ftp/ftp_parse.h"
#include "helpers/sip/sip_parse.h"
#include "helpers/tftp/tftp_parse.h"
#include "report_text.h"
#include "src/engine/stream.h"

static const struct ctalg_proto *const protos[] = { &ftp_proto, &sip_proto, &tftp_proto };

struct text {
	char *s;
	size_t n;
};

/* One vector: its title, the two blocks as they stand, and what happened; @message: one datagram in lines. */
struct vector {
	char title[160];
	bool message;
	const struct ctalg_proto *proto;
	struct text in, want, got;
};

/* @seq is that of the segment in hand. */
struct replay {
	const struct ctalg_proto *proto;
	struct ctalg_stream stream[2];
	u64 state[CTALG_PROTO_STATE / sizeof(u64)];
	u8 dir;
	u32 seq;
	struct text *log;
};

static void text_add(struct text *t, const char *s, size_t n)
{
	t->s = realloc(t->s, t->n + n + 1);
	assert_non_null(t->s);
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = 0;
}

static void log_line(struct replay *rp, const char *line)
{
	text_add(rp->log, rp->dir == CTALG_DIR_ORIG ? "> " : "< ", 2);
	text_add(rp->log, line, strlen(line));
	text_add(rp->log, "\n", 1);
}

static const char *reason_name(const struct ctalg_proto *p, unsigned int reason)
{
	return reason >= CTALG_R_PRIVATE ? p->reasons[reason - CTALG_R_PRIVATE]
					 : ctalg_reason_name(reason);
}

static void log_span(struct replay *rp, const char *what, const struct ctalg_message *m, s32 off,
		     struct ctalg_span at)
{
	char line[100];

	if (!at.len)
		return;
	assert_true(at.off <= m->len && at.len <= m->len - at.off);
	snprintf(line, sizeof(line), "  %s off=%d len=%u", what, off + (s32)at.off, at.len);
	log_line(rp, line);
}

static void log_endpoints(struct replay *rp, const struct ctalg_message *m,
			  const struct ctalg_report *r, s32 off)
{
	static const char *const forms[] = { "",	  "hostport", "eprt", "dotted",
					     "bracketed", "port",     "host" };
	char line[160], addr[CTALG_TOKEN_MAX], port[16];
	u16 i, k;

	for (i = 0; i < r->n_endpoints; i++) {
		const struct ctalg_endpoint *ep = &r->endpoint[i];
		u32 n = ctalg_addr_write(&ep->addr, addr, sizeof(addr));
		bool wanted = false;

		snprintf(port, sizeof(port), "%u", ep->port);
		for (k = 0; k < r->n_wants; k++)
			wanted = wanted || r->want[k].endpoint == i;
		snprintf(line, sizeof(line), "  endpoint %s addr=%.*s port=%s%s",
			 ep->l4 == CTALG_L4_TCP ? "tcp" : "udp", n ? (int)n : 3, n ? addr : "own",
			 ep->port || n ? port : "own", wanted ? " wanted" : "");
		log_line(rp, line);
		for (k = 0; k < r->n_tokens; k++)
			if (r->token[k].endpoint == i)
				log_span(rp, forms[r->token[k].form], m, off, r->token[k].at);
	}
}

static void log_ops(struct replay *rp, const struct ctalg_report *r)
{
	static const char *const names[] = { "withdraw",     "asks",	"answers", "answered",
					     "answered-all", "opaque",	"part",	   "ambiguous",
					     "login",	     "no-login" };
	char line[160] = " ";
	u32 i;

	for (i = 0; i < 32; i++) {
		size_t n = strlen(line);

		if (!(r->ops >> i & 1))
			continue;
		assert_true(i < ARRAY_SIZE(names));
		snprintf(line + n, sizeof(line) - n, " %s", names[i]);
		if (1U << i == CTALG_OP_ASKS)
			snprintf(line + n, sizeof(line) - n, " asks %s",
				 rp->proto->commands[r->command].name);
	}
	if (r->ops)
		log_line(rp, line);
}

static void replay_message(struct replay *rp, const struct ctalg_message *m, s32 off)
{
	STATIC_REPORT(r);
	char line[100];

	ctalg_report_init(&r);
	rp->proto->parse(rp->state, m, &r);
	snprintf(line, sizeof(line), "message off=%d len=%u kind=%s", off, m->len,
		 rp->proto->kinds[r.kind]);
	log_line(rp, line);
	log_span(rp, "user", m, off, r.user);
	log_span(rp, "object", m, off, r.object);
	log_endpoints(rp, m, &r, off);
	log_ops(rp, &r);
	if (r.reason) {
		snprintf(line, sizeof(line), "  reason %s", reason_name(rp->proto, r.reason));
		log_line(rp, line);
	}
}

static void on_message(void *ctx, const struct ctalg_message *m, struct ctalg_edits *e)
{
	struct replay *rp = ctx;

	assert_int_equal(e->n, 0);
	replay_message(rp, m, (s32)(rp->stream[rp->dir].s_fwd - rp->seq));
}

static void on_count(void *ctx, unsigned int reason)
{
	struct replay *rp = ctx;
	char line[100];

	snprintf(line, sizeof(line), "count %s", reason_name(rp->proto, reason));
	log_line(rp, line);
}

static void *memory_alloc(void *ctx, u32 size)
{
	(void)ctx;
	return malloc(size);
}

static void memory_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

static const struct ctalg_memory memory = { .alloc = memory_alloc, .free = memory_free };

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* \r \n \t \0 \\ and \xhh. */
static u32 unescape(const char *s, size_t n, u8 *out)
{
	static const char names[] = "rnt0\\", values[] = "\r\n\t\0\\";
	const char *end = s + n, *name;
	u32 len = 0;

	while (s < end) {
		if (*s != '\\') {
			out[len++] = (u8)*s++;
		} else if (end - s >= 4 && s[1] == 'x' && hex(s[2]) >= 0 && hex(s[3]) >= 0) {
			out[len++] = (u8)(hex(s[2]) << 4 | hex(s[3]));
			s += 4;
		} else {
			name = end - s >= 2 ? strchr(names, s[1]) : NULL;
			if (!name || !*name)
				fail_msg("%.*s: what is this escape?", (int)(end - s), s);
			out[len++] = (u8)values[name - names];
			s += 2;
		}
	}
	return len;
}

/* Nothing is edited, so what goes on are the bytes that came; the receiver has them at once. */
static void replay_segment(struct replay *rp, const u8 *data, u32 len)
{
	struct ctalg_stream *s = &rp->stream[rp->dir];
	STATIC_EDITS(edits);
	const struct ctalg_stream_env env = {
		.proto = rp->proto,
		.state = rp->state,
		.dir = rp->dir,
		.mem = &memory,
		.edits = &edits,
		.message = on_message,
		.count = on_count,
		.ctx = rp,
	};
	struct ctalg_segment_out out;
	u32 window = 65535;

	rp->seq = s->s_next;
	ctalg_stream_segment(s, &env, rp->seq, data, len, false, &out);
	assert_int_not_equal(out.verdict, CTALG_SEGMENT_DROP);
	ctalg_buffer_free(&out.payload, &memory);
	assert_int_equal(ctalg_stream_ack(s, s->r_fwd, &window, &memory), s->s_next);
}

static void replay_line(struct replay *rp, const char *line, size_t n)
{
	u8 buf[4096], *data;
	u32 len;

	assert_true(n >= 2 && n < sizeof(buf) && (line[0] == '>' || line[0] == '<') &&
		    line[1] == ' ');
	rp->dir = line[0] == '>' ? CTALG_DIR_ORIG : CTALG_DIR_REPLY;
	len = unescape(line + 2, n - 2, buf);
	data = exact(buf, len);
	if (!rp->proto->frame) {
		struct ctalg_message m = { .data = data, .len = len, .dir = rp->dir };

		replay_message(rp, &m, 0);
	} else {
		replay_segment(rp, data, len);
	}
	free(data);
}

/* CR LF ends each line, unless a backslash stands at its end. */
static void replay_datagram(struct vector *v)
{
	struct ctalg_message m = { .dir = CTALG_DIR_ORIG, .l4 = CTALG_L4_UDP };
	u64 state[CTALG_PROTO_STATE / sizeof(u64)] = { 0 };
	REPORT(r);
	char says[REPORT_TEXT_MAX];
	u8 buf[16384], *data;
	const char *line, *end;

	for (line = v->in.s; *line; line = end + 1) {
		bool open;

		end = strchr(line, '\n');
		open = end > line && end[-1] == '\\' && (end < line + 2 || end[-2] != '\\');
		assert_true(m.len + (size_t)(end - line) + 2 < sizeof(buf));
		m.len += unescape(line, (size_t)(end - line) - open, buf + m.len);
		if (!open) {
			memcpy(buf + m.len, "\r\n", 2);
			m.len += 2;
		}
	}
	data = exact(buf, m.len);
	m.data = data;
	v->proto->parse(state, &m, &r);
	report_text(v->proto, &m, &r, says);
	text_add(&v->got, says, strlen(says));
	free(data);
}

static void replay_vector(struct vector *v)
{
	struct replay rp = { .proto = v->proto, .log = &v->got };
	const char *line, *end;

	v->got.n = 0;
	if (v->message) {
		replay_datagram(v);
		return;
	}
	text_add(&v->got, "", 0);
	ctalg_stream_start(&rp.stream[0], 0xfffffff0U);
	ctalg_stream_start(&rp.stream[1], 1000);
	for (line = v->in.s; *line; line = end + 1) {
		end = strchr(line, '\n');
		replay_line(&rp, line, (size_t)(end - line));
	}
	ctalg_stream_free(&rp.stream[0], &memory);
	ctalg_stream_free(&rp.stream[1], &memory);
}

static void vector_holds(void **state)
{
	struct vector *v = *state;

	replay_vector(v);
	if (strcmp(v->got.s, v->want.s))
		fail_msg("%s\n--- the document:\n%s--- what happens:\n%s", v->title, v->want.s,
			 v->got.s);
}

/* The line "```in NAME" or "```message NAME" */
static const struct ctalg_proto *proto_of(const char *line)
{
	const char *at = strchr(line, ' ') + 1;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protos); i++) {
		const char *name = protos[i]->name;
		size_t n = strlen(name);

		if (!strncmp(at, name, n) && at[n] == '\n')
			return protos[i];
	}
	fail_msg("no such protocol: %s", line);
	return NULL;
}

static struct vector vectors[500];
static size_t n_vectors;

/* Reads one document; @out, if any, receives it with what happens in place of what it says. */
static void read_document(const char *name, FILE *in, struct text *out)
{
	char line[4096], title[128] = "";
	struct vector *v = NULL;
	struct text *into = NULL;

	while (fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "## ", 3))
			snprintf(title, sizeof(title), "%.*s", (int)strcspn(line + 3, "\n"),
				 line + 3);
		if (into && !strncmp(line, "```", 3)) {
			into = NULL;
		} else if (!strncmp(line, "```in ", 6) || !strncmp(line, "```message ", 11)) {
			assert_true(n_vectors < ARRAY_SIZE(vectors));
			v = &vectors[n_vectors++];
			snprintf(v->title, sizeof(v->title), "%s: %s", name, title);
			v->proto = proto_of(line);
			v->message = line[3] == 'm';
			into = &v->in;
		} else if (v && (!strncmp(line, "```out", 6) || !strncmp(line, "```says", 7))) {
			into = &v->want;
			text_add(into, "", 0);
			replay_vector(v);
			text_add(out, line, strlen(line));
			text_add(out, v->got.s, v->got.n);
			continue;
		} else if (into) {
			text_add(into, line, strlen(line));
			if (into == &v->want)
				continue;
		}
		text_add(out, line, strlen(line));
	}
}

static void read_file(const char *dir, const char *name)
{
	struct text out = { NULL, 0 };
	char path[500];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	assert_non_null(f);
	read_document(name, f, &out);
	fclose(f);
	if (getenv("CTALG_WRITE_VECTORS")) {
		f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(out.s, 1, out.n, f), out.n);
		fclose(f);
	}
	free(out.s);
}

static void read_documents(void)
{
	char dir[400] = __FILE__;
	struct dirent **names;
	int i, n;

	*strrchr(dir, '/') = 0;
	strcat(dir, "/../vectors");
	n = scandir(dir, &names, NULL, alphasort);
	for (i = 0; i < n; i++) {
		const char *dot = strrchr(names[i]->d_name, '.');

		if (dot && !strcmp(dot, ".md") && strcmp(names[i]->d_name, "README.md"))
			read_file(dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	assert_true(n_vectors > 0);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(vectors)];
	int failed;
	size_t i;

	read_documents();
	for (i = 0; i < n_vectors; i++) {
		tests[i].name = vectors[i].title;
		tests[i].test_func = vector_holds;
		tests[i].initial_state = &vectors[i];
	}
	failed = _cmocka_run_group_tests("vectors", tests, n_vectors, NULL, NULL);
	for (i = 0; i < n_vectors; i++) {
		free(vectors[i].in.s);
		free(vectors[i].want.s);
		free(vectors[i].got.s);
	}
	return failed;
}
