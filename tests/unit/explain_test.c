// SPDX-License-Identifier: GPL-2.0
/* What is kept of a capture is bounded, no bytes of one do harm, and there are words for every reason. */
#include "unit.h"

#include <pcap/dlt.h>

#include "tests/unit/policy_random.h"
#include "tools/ctalg/explain.h"
/* cmocka has one, too. */
#undef fail
#include "tools/ctalg/tool.h"

enum {
	FRAME_MAX = 2048,
	TCP_SYN = 2,
	TCP_ACK = 16,
};

void *need(void *memory)
{
	assert_non_null(memory);
	return memory;
}

void fail(const char *format, ...)
{
	(void)format;
	abort();
}

static FILE *nowhere;

static struct explain *begin_under(const void *image, bool json)
{
	struct explain_settings set = { .json = json, .out = nowhere, .image = image };

	set.inside[0] = (struct prefix){ addr_of("10.0.0.0"), 8 };
	set.n_inside = 1;
	set.outside[0] = addr_of("198.51.100.1");
	set.n_outside = 1;
	return explain_new(&set);
}

static struct explain *begin(bool json)
{
	return begin_under(NULL, json);
}

static void end(struct explain *e)
{
	explain_end(e);
	assert_true(e->sums.used + e->sums.unused <= e->sums.opened);
	explain_free(e);
}

static void put16(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)v;
}

static void put32(u8 *p, u32 v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* 10.x.y.2 to 198.51.100.2, or the way back. Returns the length of the IPv4 packet. */
static u32 make_ip(u8 *p, u32 host, bool back, u8 l4, u32 place, u32 len)
{
	const u8 in[4] = { 10, (u8)(host >> 8), (u8)host, 2 }, out[4] = { 198, 51, 100, 2 };

	memset(p, 0, 20);
	p[0] = 0x45;
	put16(p + 2, 20 + len);
	put16(p + 6, place);
	p[8] = 64;
	p[9] = l4;
	memcpy(p + 12, back ? out : in, 4);
	memcpy(p + 16, back ? in : out, 4);
	return 20 + len;
}

struct tcp {
	u32 host;
	u16 port;
	bool back;
	u32 seq, ack;
	u8 flags;
};

static u32 make_tcp(u8 *p, const struct tcp *t, const void *data, u32 len)
{
	u8 *h = p + 20;

	memset(h, 0, 20);
	put16(h, t->back ? 21 : t->port);
	put16(h + 2, t->back ? t->port : 21);
	put32(h + 4, t->seq);
	put32(h + 8, t->ack);
	h[12] = 0x50;
	h[13] = t->flags;
	memcpy(h + 20, data, len);
	return make_ip(p, t->host, t->back, CTALG_L4_TCP, 0, 20 + len);
}

static void put_tcp(struct explain *e, struct tcp t, const void *data, u32 len)
{
	u8 buf[FRAME_MAX], *frame;
	u32 n = make_tcp(buf, &t, data, len);

	frame = exact(buf, n);
	explain_frame(e, DLT_RAW, e->now + 1000, frame, n, n);
	free(frame);
}

static void handshake(struct explain *e, u32 host, u16 port)
{
	put_tcp(e, (struct tcp){ host, port, false, 99, 0, TCP_SYN }, "", 0);
	put_tcp(e, (struct tcp){ host, port, true, 499, 100, TCP_SYN | TCP_ACK }, "", 0);
}

static void flows_are_bounded(void **unused)
{
	struct explain *e = begin(false);
	u32 i;

	(void)unused;
	for (i = 0; i < EXPLAIN_FLOWS + 10; i++)
		put_tcp(e, (struct tcp){ i % 65536, (u16)(4000 + i / 65536), false, 9, 0, TCP_SYN },
			"", 0);
	assert_int_equal(e->n_flows, EXPLAIN_FLOWS);
	assert_int_equal(e->sums.flows_refused, 10);
	end(e);
}

/* First fragments, of which the rest never comes. */
static void fragments_are_bounded(void **unused)
{
	struct explain *e = begin(false);
	u8 buf[FRAME_MAX] = { 0 };
	u32 i, n, busy = 0;

	(void)unused;
	for (i = 0; i < 1000; i++) {
		n = make_ip(buf, i, false, CTALG_L4_TCP, 0x2000, 64);
		explain_frame(e, DLT_RAW, i, buf, n, n);
	}
	for (i = 0; i < EXPLAIN_REASSEMBLIES; i++)
		busy += !!e->reassembly[i];
	assert_int_equal(busy, EXPLAIN_REASSEMBLIES);
	assert_int_equal(e->sums.fragments_lost, 1000 - EXPLAIN_REASSEMBLIES);
	/* A minute later the first of them make room. */
	n = make_ip(buf, 0, false, CTALG_L4_UDP, 0, 8);
	n = make_ip(buf, 7, false, CTALG_L4_TCP, 0x2000, 64);
	explain_frame(e, DLT_RAW, 61 * EXPLAIN_SECOND, buf, n, n);
	assert_int_equal(e->sums.fragments_lost, 1000);
	end(e);
}

/* Segments ahead of their turn, the first of which never comes. */
static void what_is_ahead_is_bounded(void **unused)
{
	struct explain *e = begin(false);
	char line[1000];
	u32 i, most = 0;

	(void)unused;
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	handshake(e, 1, 4000);
	for (i = 1; i < 3000; i++) {
		put_tcp(e, (struct tcp){ 1, 4000, false, 100 + i * 1000, 500, TCP_ACK }, line,
			sizeof(line));
		if (e->aside_bytes > most)
			most = e->aside_bytes;
	}
	assert_true(most > 1000000 && most < 1200000);
	assert_int_equal(e->sums.n_reasons, 2);
	assert_string_equal(e->sums.reason[0].name, "missing-bytes");
	explain_end(e);
	assert_int_equal(e->aside_bytes, 0);
	explain_free(e);
}

static const char *const dialog[] = {
	"220 hi\r\n",
	"USER a\r\n",
	"331 pw\r\n",
	"PORT 10,0,1,2,176,1\r\n",
	"200 good\r\n",
	"EPSV\r\n",
	"229 x (|||30001|)\r\n",
	"AUTH TLS\r\n",
	"500 no\r\n",
	"NOOP\r\nNOOP\r\n",
	"227 (198,51,100,2,117,49)\r\n",
};

/* One connection whose frames are damaged now and then, behind each kind of link layer. */
static void damaged_dialog(u64 *seed, const void *image, int link, u32 header)
{
	struct explain *e = begin_under(image, rnd_below(seed, 2));
	u32 seq[2] = { 100, 500 }, i, k;

	handshake(e, 1, 4000);
	for (i = 0; i < 40; i++) {
		const char *line = dialog[rnd_below(seed, ARRAY_SIZE(dialog))];
		bool back = line[0] >= '0' && line[0] <= '9';
		struct tcp t = { 1, 4000, back, seq[back], seq[!back], TCP_ACK };
		u8 buf[FRAME_MAX] = { 0 }, *frame;
		u32 n = header + make_tcp(buf + header, &t, line, (u32)strlen(line)), cut;

		if (link == DLT_EN10MB)
			put16(buf + 12, 0x0800);
		if (link == DLT_LINUX_SLL)
			put16(buf + 14, 0x0800);
		for (k = rnd_below(seed, 8); k > 4; k--)
			buf[rnd_below(seed, n)] = (u8)rnd(seed);
		cut = rnd_below(seed, 6) ? n : rnd_below(seed, n + 1);
		frame = exact(buf, cut);
		explain_frame(e, link, e->now + rnd_below(seed, 1000000000), frame, cut, n);
		free(frame);
		if (rnd_below(seed, 8))
			seq[back] += (u32)strlen(line);
	}
	end(e);
}

static void damage_does_no_harm(void **unused)
{
	static const struct {
		int link;
		u32 header;
	} links[] = { { DLT_EN10MB, 14 }, { DLT_LINUX_SLL, 16 }, { DLT_RAW, 0 }, { DLT_NULL, 4 } };
	u64 seed = 4711;
	u32 i;

	(void)unused;
	for (i = 0; i < 800; i++)
		damaged_dialog(&seed, NULL, links[i % 4].link, links[i % 4].header);
}

/* Whatever rules there are. */
static void policy_does_no_harm(void **unused)
{
	u64 seed = 4712;
	void *image;
	u32 i, len;

	(void)unused;
	for (i = 0; i < 200; i++) {
		image = random_image(&seed, 1 + rnd_below(&seed, 30), &len);
		damaged_dialog(&seed, image, DLT_RAW, 0);
		free(image);
	}
}

static void *daily_per_user(void)
{
	const struct ctalg_image_limit once = {
		.events = 1, .period = 86400000, .burst = 1, .per = CTALG_PER_USER
	};
	struct image_builder *b = image_begin();
	u32 limit = image_limit(b, &once), len;

	image_rule(b, "ftp", CTALG_CHAIN_LIMIT, CTALG_ACTION_DENY);
	image_args(b, 0, 0, limit);
	return image_finish(b, &len);
}

/* One user after the other, and an answer to each: two at a time would be refused. */
static void many_users(struct explain *e, u32 seq[2], u32 first, u32 n)
{
	static const char answer[] = "331 pw\r\n";
	char asks[32];
	u32 i, len;

	for (i = 0; i < n; i++) {
		len = (u32)snprintf(asks, sizeof(asks), "USER %u\r\n", first + i);
		put_tcp(e, (struct tcp){ 1, 4000, false, seq[0], seq[1], TCP_ACK }, asks, len);
		seq[0] += len;
		put_tcp(e, (struct tcp){ 1, 4000, true, seq[1], seq[0], TCP_ACK }, answer, 8);
		seq[1] += 8;
	}
}

static void meters_are_bounded(void **unused)
{
	void *image = daily_per_user();
	struct explain *e = begin_under(image, false);
	u32 seq[2] = { 100, 500 }, i;

	(void)unused;
	handshake(e, 1, 4000);
	for (i = 0; i < EXPLAIN_METERS; i += 64)
		many_users(e, seq, i, 64);
	assert_int_equal(e->n_meters, EXPLAIN_METERS);
	assert_int_equal(e->sums.n_reasons, 0);
	many_users(e, seq, EXPLAIN_METERS, 10);
	assert_int_equal(e->n_meters, EXPLAIN_METERS);
	assert_string_equal(e->sums.reason[0].name, "policy-rate-limit");
	assert_int_equal(e->sums.reason[0].n, 10);
	/* A day later they have nothing to remember. */
	e->now += 86400 * EXPLAIN_SECOND;
	many_users(e, seq, 2 * EXPLAIN_METERS, 10);
	assert_int_equal(e->n_meters, 10);
	assert_int_equal(e->sums.reason[0].n, 10);
	many_users(e, seq, 2 * EXPLAIN_METERS, 10);
	assert_int_equal(e->sums.reason[0].n, 20);
	end(e);
	free(image);
}

static void damaged_files(void **unused)
{
	u64 seed = 815;
	u32 i, k;

	(void)unused;
	for (i = 0; i < 2000; i++) {
		u8 file[400] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4 };
		char error[EXPLAIN_ERROR_SIZE] = "";
		struct explain *e = begin(true);
		u32 len = 1 + rnd_below(&seed, sizeof(file) - 1);
		FILE *in;

		file[18] = 4;
		file[20] = DLT_EN10MB;
		for (k = 24; k < sizeof(file); k++)
			file[k] = rnd_below(&seed, 4) ? 0 : (u8)rnd_below(&seed, 40);
		in = fmemopen(file, len, "r");
		assert_non_null(in);
		assert_true(explain_capture(e, in, error) || error[0]);
		end(e);
	}
}

static void every_reason_has_words(void **unused)
{
	const struct service *s;
	const char *what, *advice;
	unsigned int i;

	(void)unused;
	for (s = services; s->proto; s++)
		for (i = 0; i < s->proto->n_reasons; i++)
			assert_true(
				reason_words(s->proto->name, s->proto->reasons[i], &what, &advice));
	for (i = CTALG_R_THIRD_PARTY; i <= CTALG_R_LIMIT_SESSION; i++)
		assert_true(reason_words("ftp", ctalg_reason_name(i), &what, &advice));
	assert_true(reason_words("ftp", "mid-stream", &what, &advice));
	assert_true(reason_words("ftp", ctalg_reason_name(CTALG_R_LATE), &what, &advice));
	assert_true(reason_words("ftp", ctalg_reason_name(CTALG_R_FULL), &what, &advice));
	assert_true(reason_words("sip", ctalg_reason_name(CTALG_R_LIMIT_SESSIONS), &what, &advice));
	assert_false(reason_words("ftp", "nonsense", &what, &advice));
}

/* SIP has neither data ports nor commands to use in another's stead. */
static void words_fit_the_protocol(void **unused)
{
	const char *what, *advice;

	(void)unused;
	assert_true(reason_words("ftp", ctalg_reason_name(CTALG_R_OPAQUE), &what, &advice));
	assert_non_null(strstr(advice, "data ports"));
	assert_true(reason_words("sip", ctalg_reason_name(CTALG_R_OPAQUE), &what, &advice));
	assert_null(strstr(advice, "data ports"));
	assert_true(reason_words("sip", ctalg_reason_name(CTALG_R_UNWRITABLE), &what, &advice));
	assert_null(advice);
	assert_string_equal(because_words("bye"), "its call was ended by BYE");
}

static void every_protocol_is_listed(void **unused)
{
	(void)unused;
	assert_string_equal(services[0].proto->name, "ftp");
	assert_int_equal(services[0].lifetime, 300);
	assert_string_equal(services[1].proto->name, "sip");
	assert_int_equal(services[1].lifetime, 180);
	assert_string_equal(services[2].proto->name, "tftp");
	assert_int_equal(services[2].lifetime, 30);
	assert_null(services[3].proto);
}

static void bytes_are_escaped(void **unused)
{
	const u8 bytes[] = { 'a', '\\', 0x1b, '~', 0xff, '\r', '\n', '\t', 0 };
	char buf[30], small[12];

	(void)unused;
	assert_string_equal(escaped_text(buf, sizeof(buf), bytes, 2), "a\\\\");
	assert_string_equal(escaped_text(buf, sizeof(buf), bytes, sizeof(bytes)),
			    "a\\\\\\x1b~\\xff\\r\\n\\t\\x00");
	assert_string_equal(escaped_text(small, sizeof(small), bytes, 5), "a\\\\\\x1b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_are_bounded),
		cmocka_unit_test(fragments_are_bounded),
		cmocka_unit_test(what_is_ahead_is_bounded),
		cmocka_unit_test(damage_does_no_harm),
		cmocka_unit_test(policy_does_no_harm),
		cmocka_unit_test(meters_are_bounded),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(every_reason_has_words),
		cmocka_unit_test(words_fit_the_protocol),
		cmocka_unit_test(every_protocol_is_listed),
		cmocka_unit_test(bytes_are_escaped),
	};

	nowhere = fopen("/dev/null", "w");
	return nowhere ? cmocka_run_group_tests_name("explain", tests, NULL, NULL) : 1;
}
