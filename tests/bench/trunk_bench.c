// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: trunk_bench HELPER CALLS INSIDE OUTSIDE ROUTER (namespaces): so many calls on one flow,
 * and what the next ones cost, on lines "CASE number". HELPER: ctalg, mainline.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trunk_net.h"

enum {
	/* Each case so often; the median counts. */
	TIMES = 9,
	SIP_PORT = 5060,
	UNHELPED_PORT = 5062,
	FLOW_PORT = 6060,
	MEDIA_PORT = 10000,
	ONE_PORT = 9000,
	FLOWS_PORT = 30000,
	SIP_MOST = 2048,
	REAPER_RUNS = 8,
	/* The reaper's looks come every two seconds; the machine does not wait for them. */
	REAPER_SECONDS = 7,
};

/**
 * struct call - one of the flow's
 * @outside: the port that its caller's media was promised, 0 if none
 * @heard: its media has come
 * @over: it has ended
 */
struct call {
	uint16_t outside;
	bool heard;
	bool over;
};

/**
 * struct trunk - a flow and its calls
 * @host: the caller
 * @port: its own
 * @a: its socket
 * @b: the callee's
 * @to_b: where the caller sends to
 * @to_a: where the callee sends to
 * @n: how many calls there have been
 * @lost: messages that did not arrive, or unchanged
 * @one_place: by side, all its calls name the same place for their media
 * @call: them
 */
struct trunk {
	const char *host;
	uint16_t port;
	int a;
	int b;
	struct sockaddr_in to_b;
	struct sockaddr_in to_a;
	unsigned int n;
	unsigned int lost;
	bool one_place[2];
	struct call *call;
};

struct samples {
	unsigned int n;
	uint64_t took[TIMES];
};

static struct net_datagram got;
static char message[SIP_MOST];
static bool ours;

static void sample(struct samples *s, uint64_t took)
{
	if (took && s->n < TIMES)
		s->took[s->n++] = took;
}

static int took_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void samples_say(const char *name, struct samples *s)
{
	if (!s->n)
		return;
	qsort(s->took, s->n, sizeof(s->took[0]), took_cmp);
	printf("%s\t%llu\n", name, (unsigned long long)s->took[s->n / 2]);
}

static uint16_t media_port(const struct trunk *t, enum net_side side, unsigned int i)
{
	return (uint16_t)(t->one_place[side] ? ONE_PORT : MEDIA_PORT + 2 * i);
}

static size_t describe(const struct trunk *t, char *sdp, size_t most, enum net_side side,
		       unsigned int i)
{
	const char *host = side == SIDE_INSIDE ? t->host : CALLEE;

	return (size_t)snprintf(sdp, most,
				"v=0\r\n"
				"o=- %u 1 IN IP4 %s\r\n"
				"s=-\r\n"
				"c=IN IP4 %s\r\n"
				"t=0 0\r\n"
				"m=audio %u RTP/AVP 0 8 101\r\n"
				"a=rtpmap:101 telephone-event/8000\r\n"
				"a=sendrecv\r\n",
				i, host, host, media_port(t, side, i));
}

/* @start: the start line; @via: what the caller is called by whoever sends this. */
static size_t write_sip(const struct trunk *t, unsigned int i, const char *start, const char *via,
			const char *method, const char *contact, const char *sdp, bool tagged)
{
	return (size_t)snprintf(message, sizeof(message),
				"%s\r\n"
				"Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%s%u\r\n"
				"Max-Forwards: 70\r\n"
				"From: <sip:trunk@example.net>;tag=a%u\r\n"
				"To: <sip:bob@example.com>%s\r\n"
				"Call-ID: %u-%u@example.net\r\n"
				"CSeq: %u %s\r\n"
				"%s"
				"%s"
				"Content-Length: %zu\r\n"
				"\r\n"
				"%s",
				start, via, t->port, method, i, i, tagged ? ";tag=b" : "", t->port,
				i, 1 + !strcmp(method, "BYE"), method, contact,
				*sdp ? "Content-Type: application/sdp\r\n" : "", strlen(sdp), sdp);
}

static size_t write_invite(const struct trunk *t, unsigned int i)
{
	char sdp[512], contact[128];

	describe(t, sdp, sizeof(sdp), SIDE_INSIDE, i);
	snprintf(contact, sizeof(contact), "Contact: <sip:trunk@%s:%u>\r\n", t->host, t->port);
	return write_sip(t, i, "INVITE sip:bob@" CALLEE " SIP/2.0", t->host, "INVITE", contact, sdp,
			 false);
}

static size_t write_answer(const struct trunk *t, unsigned int i)
{
	char sdp[512];

	describe(t, sdp, sizeof(sdp), SIDE_OUTSIDE, i);
	return write_sip(t, i, "SIP/2.0 200 OK", OUTSIDE, "INVITE",
			 "Contact: <sip:bob@" CALLEE ":5060>\r\n", sdp, true);
}

static uint64_t trunk_says(struct trunk *t, size_t len)
{
	uint64_t took = net_pass(t->a, &t->to_b, message, len, t->b, &got);

	t->lost += !took;
	return took;
}

static uint64_t trunk_hears(struct trunk *t, size_t len)
{
	uint64_t took = net_pass(t->b, &t->to_a, message, len, t->a, &got);

	t->lost += !took;
	return took;
}

/* What has arrived of an INVITE. */
static void call_promised(struct trunk *t, struct call *c)
{
	const char *media = strstr(got.data, "\r\nm=audio ");
	unsigned int port = 0;

	if (!strstr(got.data, "\r\nc=IN IP4 " OUTSIDE "\r\n") || strstr(got.data, t->host) ||
	    !media || sscanf(media, "\r\nm=audio %u", &port) != 1)
		t->lost++;
	c->outside = (uint16_t)port;
}

static uint64_t call_offer(struct trunk *t)
{
	unsigned int i = t->n++;
	uint64_t took = trunk_says(t, write_invite(t, i));

	t->call[i] = (struct call){ 0 };
	if (took)
		call_promised(t, &t->call[i]);
	return took;
}

static uint64_t call_answer(struct trunk *t, unsigned int i)
{
	uint64_t took = trunk_hears(t, write_answer(t, i));
	size_t len = write_sip(t, i, "ACK sip:bob@" CALLEE ":5060 SIP/2.0", t->host, "ACK", "", "",
			       true);

	trunk_says(t, len);
	return took;
}

/* The BYE and its answer, which closes what was opened. */
static uint64_t call_end(struct trunk *t, unsigned int i)
{
	size_t len = write_sip(t, i, "BYE sip:bob@" CALLEE ":5060 SIP/2.0", t->host, "BYE", "", "",
			       true);
	uint64_t ask = trunk_says(t, len);

	t->call[i].over = true;
	len = write_sip(t, i, "SIP/2.0 200 OK", OUTSIDE, "BYE", "", "", true);
	return ask + trunk_hears(t, len);
}

/* The first packet of its media, from where the callee has said that it has its own. */
static uint64_t call_media(struct trunk *t, unsigned int i)
{
	struct sockaddr_in to = net_place(OUTSIDE, t->call[i].outside);
	int mine = net_udp(SIDE_INSIDE, t->host, media_port(t, SIDE_INSIDE, i));
	int its = net_udp(SIDE_OUTSIDE, CALLEE, media_port(t, SIDE_OUTSIDE, i));
	char rtp[172] = "\x80";
	uint64_t took = net_pass(its, &to, rtp, sizeof(rtp), mine, &got);

	t->call[i].heard = true;
	close(mine);
	close(its);
	return took;
}

/* Any call that goes on, without media. */
static unsigned int call_any(const struct trunk *t)
{
	unsigned int i = (unsigned int)rand() % t->n, looks;

	for (looks = 0; looks < t->n; looks++, i = (i + 1) % t->n)
		if (!t->call[i].heard && !t->call[i].over)
			return i;
	fprintf(stderr, "trunk_bench: no call is left\n");
	exit(1);
}

/* @b: the callee's socket, at @to. */
static void trunk_begin(struct trunk *t, const char *host, uint16_t port, int b, uint16_t to,
			unsigned int n)
{
	memset(t, 0, sizeof(*t));
	t->host = host;
	t->port = port;
	t->a = net_udp(SIDE_INSIDE, host, port);
	t->b = b;
	t->to_b = net_place(CALLEE, to);
	t->to_a = net_place(OUTSIDE, port);
	t->call = calloc(n, sizeof(*t->call));
	if (!t->call)
		net_die("calls");
}

/* What the same way costs without a helper: for a message, and for the first packet of a flow. */
static void measure_unhelped(struct trunk *plain, struct samples *message_s,
			     struct samples *first_s)
{
	static uint16_t port = 4000;
	struct sockaddr_in to = net_place(CALLEE, port);
	int mine = net_udp(SIDE_INSIDE, CALLER, port);
	int its = net_udp(SIDE_OUTSIDE, CALLEE, port++);
	char rtp[172] = "\x80";

	sample(message_s, trunk_says(plain, write_invite(plain, plain->n)));
	sample(first_s, net_pass(mine, &to, rtp, sizeof(rtp), its, &got));
	close(mine);
	close(its);
}

/* Another host inside names the same ports for its media: outside, each call needs others. */
static void measure_taken(struct trunk *t)
{
	struct samples taken = {};
	struct trunk other;

	trunk_begin(&other, OTHER_CALLER, FLOW_PORT + 2, t->b, SIP_PORT, TIMES + 1);
	call_offer(&other);
	while (other.n <= TIMES)
		sample(&taken, call_offer(&other));
	t->lost += other.lost;
	samples_say("taken", &taken);
}

/* One call comes and one ends each time: there are always as many. */
static void measure_calls(struct trunk *t)
{
	struct samples message_s = {}, first = {}, invite = {}, answer = {}, media = {}, bye = {};
	struct trunk plain;
	int times;

	trunk_begin(&plain, CALLER, FLOW_PORT + 1, net_udp(SIDE_OUTSIDE, CALLEE, UNHELPED_PORT),
		    UNHELPED_PORT, 1);
	trunk_says(&plain, write_invite(&plain, 0));
	for (times = 0; times < TIMES; times++) {
		measure_unhelped(&plain, &message_s, &first);
		sample(&invite, call_offer(t));
		sample(&answer, call_answer(t, t->n - 1));
		sample(&media, call_media(t, call_any(t)));
		sample(&bye, call_end(t, call_any(t)));
	}
	printf("honoured\t%u\n", media.n);
	samples_say("plain-message", &message_s);
	samples_say("plain-first", &first);
	samples_say("invite", &invite);
	samples_say("answer", &answer);
	samples_say("media", &media);
	samples_say("bye", &bye);
}

static void trunk_grow(struct trunk *t, unsigned int calls)
{
	while (t->n < calls) {
		call_offer(t);
		call_answer(t, t->n - 1);
	}
}

/* All name one place: what the next one and the end of one cost, and of the one that stands for them. */
static void measure_one_place(struct trunk *t)
{
	struct samples invite = {}, answer = {}, bye = {}, first = {};
	int times;

	for (times = 0; times < TIMES; times++) {
		sample(&invite, call_offer(t));
		sample(&answer, call_answer(t, t->n - 1));
		/* A call that hangs on another's pinholes; then the others' own. */
		sample(&bye, call_end(t, t->n / 2 + (unsigned int)times));
		call_offer(t);
		call_answer(t, t->n - 1);
		sample(&first, call_end(t, (unsigned int)times));
	}
	samples_say("same-invite", &invite);
	samples_say("same-answer", &answer);
	samples_say("same-bye", &bye);
	samples_say("same-first-bye", &first);
}

static void say_per_call(const char *name, uint64_t took, unsigned int calls)
{
	printf("%s\t%llu\n", name, (unsigned long long)(took / calls));
}

/* What the reaper costs while they go on, and what it takes to be rid of all of them. */
static void measure_rest(unsigned int calls, uint64_t empty)
{
	uint64_t run[REAPER_RUNS], took;
	unsigned int i, n;

	if (!net_watch_work())
		return;
	sleep(REAPER_SECONDS);
	n = net_work_took("flows_reaper", run, REAPER_RUNS);
	if (!n)
		net_die("the reaper did not run");
	qsort(run, n, sizeof(run[0]), took_cmp);
	say_per_call("look", run[n / 2], calls);
	net_watch_work();
	took = net_forget_connections();
	took -= took < empty ? took : empty;
	say_per_call("forget", took, calls);
	sleep(REAPER_SECONDS);
	n = net_work_took("flows_reaper", run, REAPER_RUNS);
	for (i = 0; i < n; i++)
		took += run[i];
	say_per_call("end", took, calls);
}

/* Those that measure_calls() and measure_one_place() add. */
static unsigned int room_for(unsigned int calls)
{
	return calls + 2 * TIMES;
}

/* The flow of a call of its own, for as long as it is spoken on. */
static void flow_of(struct trunk *t, unsigned int i)
{
	if (t->a >= 0)
		close(t->a);
	t->port = (uint16_t)(FLOWS_PORT + i);
	t->a = net_udp(SIDE_INSIDE, t->host, t->port);
	t->to_a = net_place(OUTSIDE, t->port);
}

/* Each call has a flow of its own, and all callees' media is at one place. */
static void measure_flows(unsigned int calls, int callee)
{
	struct samples invite = {}, answer = {}, bye = {};
	struct trunk t;
	int times;

	trunk_begin(&t, CALLER, FLOWS_PORT, callee, SIP_PORT, room_for(calls));
	t.one_place[SIDE_OUTSIDE] = true;
	while (t.n < calls) {
		flow_of(&t, t.n);
		call_offer(&t);
		call_answer(&t, t.n - 1);
	}
	for (times = 0; times < TIMES; times++) {
		flow_of(&t, t.n);
		sample(&invite, call_offer(&t));
		sample(&answer, call_answer(&t, t.n - 1));
		flow_of(&t, (unsigned int)times);
		sample(&bye, call_end(&t, (unsigned int)times));
	}
	samples_say("flows-invite", &invite);
	samples_say("flows-answer", &answer);
	samples_say("flows-bye", &bye);
	printf("flows-lost\t%u\n", t.lost);
}

int main(int argc, char **argv)
{
	struct trunk t, same;
	uint64_t empty, began;
	unsigned int calls;
	int callee;

	if (argc != 6)
		return 2;
	ours = !strcmp(argv[1], "ctalg");
	calls = (unsigned int)atoi(argv[2]);
	net_begin((const char *const *)argv + 3);
	srand(1);
	net_forget_connections();
	empty = net_forget_connections();
	callee = net_udp(SIDE_OUTSIDE, CALLEE, SIP_PORT);
	trunk_begin(&t, CALLER, FLOW_PORT, callee, SIP_PORT, room_for(calls));
	began = net_clock();
	trunk_grow(&t, calls);
	say_per_call("build", net_clock() - began, calls);
	measure_taken(&t);
	measure_calls(&t);
	if (ours) {
		trunk_begin(&same, OTHER_CALLER, FLOW_PORT + 3, callee, SIP_PORT, room_for(calls));
		same.one_place[SIDE_INSIDE] = true;
		same.one_place[SIDE_OUTSIDE] = true;
		trunk_grow(&same, calls);
		measure_one_place(&same);
		measure_rest(t.n + same.n, empty);
		measure_flows(calls, callee);
	}
	printf("lost\t%u\n", t.lost + (ours ? same.lost : 0));
	return 0;
}
