// SPDX-License-Identifier: GPL-2.0
/* Where messages end in a stream, however it is cut, and what becomes of streams that are none of SIP. */
#include "unit.h"

#include "helpers/sip/sip_parse.h"

#define INVITE                                                                                     \
	"INVITE sip:bob@example.org SIP/2.0\r\n"                                                   \
	"Via: SIP/2.0/TCP pc.example.org\r\n"                                                      \
	"Content-Length: 12\r\n"                                                                   \
	"\r\n"                                                                                     \
	"v=0\r\n\r\nOK\r\n\n"
#define RINGING "SIP/2.0 180 Ringing\r\nl : 0\r\n\r\n"
#define BYE "BYE sip:a SIP/2.0\r\nTo: <sip:a>\r\n\r\n"
#define ACK_LF "ACK sip:a SIP/2.0\ncontent-LENGTH\t:\n  3\n\nabc"

static struct ctalg_frame frame(bool anchored, u32 seen, const char *data, u32 len)
{
	const struct sip_state state = { .anchored = { anchored, anchored } };
	u8 *copy = exact(data, len);
	struct ctalg_frame f = sip_proto.frame(&state, CTALG_DIR_ORIG, seen, copy, len);

	free(copy);
	return f;
}

/* From its beginning to its end a message says MORE, and then where it ends, whatever follows. */
static void a_message_at_every_cut(void **unused)
{
	static const char *const messages[] = { INVITE, RINGING, BYE, ACK_LF };
	char stream[400];
	u32 i, n, len;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		n = (u32)strlen(messages[i]);
		snprintf(stream, sizeof(stream), "%s%s", messages[i], INVITE);
		for (len = 1; len <= strlen(stream); len++) {
			struct ctalg_frame f = frame(i % 2, 0, stream, len);

			assert_int_equal(f.verdict,
					 len < n ? CTALG_FRAME_MORE : CTALG_FRAME_MESSAGE);
			if (f.verdict == CTALG_FRAME_MESSAGE)
				assert_int_equal(f.n, n);
		}
	}
}

/* As soon as the headers are there it is known how long the message will be. */
static void the_length_of_what_is_to_come(void **unused)
{
	static const u32 head = sizeof(INVITE) - 1 - 12;
	u32 len;

	(void)unused;
	for (len = 1; len < sizeof(INVITE) - 1; len++) {
		struct ctalg_frame f = frame(true, 0, INVITE, len);

		assert_int_equal(f.verdict, CTALG_FRAME_MORE);
		assert_int_equal(f.n, len < head ? 0 : sizeof(INVITE) - 1);
	}
}

/* They keep the connection open: few of them are a message that says nothing. */
static void line_ends_between_messages(void **unused)
{
	static const char stream[] = "\r\n\r\n\n\r" BYE;
	u32 len;

	(void)unused;
	for (len = 1; len < sizeof(stream); len++) {
		struct ctalg_frame f = frame(len % 2, 0, stream, len);

		assert_int_equal(f.verdict, CTALG_FRAME_MESSAGE);
		assert_int_equal(f.n, min(len, 4U));
	}
}

struct row {
	const char *data;
	bool anchored;
	u8 verdict;
};

static void other_streams(void **unused)
{
	static const struct row rows[] = {
		{ "GET / HTTP/1.1\r\n", false, CTALG_FRAME_NOT_OURS },
		{ "POST / HTTP/1.1\r\n\r\n" BYE, false, CTALG_FRAME_NOT_OURS },
		{ "MSRP a786hjs2 SEND\r\n", false, CTALG_FRAME_NOT_OURS },
		{ "OPTIONS * RTSP/1.0\r\n", false, CTALG_FRAME_NOT_OURS },
		{ "SIP/2x", false, CTALG_FRAME_NOT_OURS },
		{ "\x16\x03\x01", false, CTALG_FRAME_NOT_OURS },
		{ " BYE sip:a SIP/2.0\r\n", false, CTALG_FRAME_NOT_OURS },
		{ "BYE\r\n", false, CTALG_FRAME_NOT_OURS },
		{ "BYE:", false, CTALG_FRAME_NOT_OURS },
		{ "012345678901234567890123456789012345678901234567890123456789012345", false,
		  CTALG_FRAME_NOT_OURS },
		/* where a message has to begin in a stream of SIP */
		{ "\x16\x03\x01", true, CTALG_FRAME_OPAQUE },
		{ "garbage\r\n", true, CTALG_FRAME_OPAQUE },
		/* nobody finds the end of these */
		{ "BYE sip:a SIP/2.0\r\nl: -1\r\n\r\n", true, CTALG_FRAME_OPAQUE },
		{ "BYE sip:a SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\n", true, CTALG_FRAME_OPAQUE },
		{ "BYE sip:a SIP/2.0\r\nl: 99999999999\r\n\r\n", true, CTALG_FRAME_OPAQUE },
		{ "BYE sip:a SIP/2.0\r\nl:\r\n\r\n", true, CTALG_FRAME_OPAQUE },
		{ "BYE sip:a SIP/2.0\r\nl: 1\r\nl: 1\r\n\r\n", true, CTALG_FRAME_MORE },
		/* may become one */
		{ "S", false, CTALG_FRAME_MORE },
		{ "sip/2.", false, CTALG_FRAME_MORE },
		{ "B", false, CTALG_FRAME_MORE },
		{ "BYE sip:a SIP/2.0", false, CTALG_FRAME_MORE },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (frame(rows[i].anchored, 0, rows[i].data, (u32)strlen(rows[i].data)).verdict !=
		    rows[i].verdict)
			fail_msg("%s", rows[i].data);
}

/* Of a first line so long nothing becomes. */
static void a_first_line_has_an_end(void **unused)
{
	static char line[10000] = "BYE ";

	(void)unused;
	memset(line + 4, 'a', sizeof(line) - 4);
	assert_int_equal(frame(false, 0, line, 8000).verdict, CTALG_FRAME_MORE);
	assert_int_equal(frame(false, 0, line, sizeof(line)).verdict, CTALG_FRAME_NOT_OURS);
	assert_int_equal(frame(true, 0, line, sizeof(line)).verdict, CTALG_FRAME_OPAQUE);
}

/* Nor are headers waited for without end. */
static void headers_have_an_end(void **unused)
{
	static char head[20000] = "BYE sip:a SIP/2.0\r\nX: ";

	(void)unused;
	memset(head + strlen(head), 'a', sizeof(head) - strlen(head));
	assert_int_equal(frame(true, 0, head, 16383).verdict, CTALG_FRAME_MORE);
	assert_int_equal(frame(true, 0, head, 16384).verdict, CTALG_FRAME_OPAQUE);
	memcpy(head + sizeof(head) - 4, "\r\n\r\n", 4);
	assert_int_equal(frame(true, 0, head, sizeof(head)).verdict, CTALG_FRAME_MESSAGE);
}

/* A message of which a part has gone by unread has no end for us. */
static void a_part_that_is_gone(void **unused)
{
	(void)unused;
	assert_int_equal(frame(true, 1, BYE, sizeof(BYE) - 1).verdict, CTALG_FRAME_OPAQUE);
	assert_int_equal(frame(false, 1, BYE, sizeof(BYE) - 1).verdict, CTALG_FRAME_NOT_OURS);
}

/* What was parsed anchors its own direction. */
static void parsing_anchors(void **unused)
{
	struct sip_state state = { .anchored = { false } };
	struct ctalg_message m = { .data = (const u8 *)BYE, .len = sizeof(BYE) - 1, .dir = 1 };
	REPORT(r);

	(void)unused;
	sip_proto.parse(&state, &m, &r);
	assert_false(state.anchored[0]);
	assert_true(state.anchored[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_at_every_cut),
		cmocka_unit_test(the_length_of_what_is_to_come),
		cmocka_unit_test(line_ends_between_messages),
		cmocka_unit_test(other_streams),
		cmocka_unit_test(a_first_line_has_an_end),
		cmocka_unit_test(headers_have_an_end),
		cmocka_unit_test(a_part_that_is_gone),
		cmocka_unit_test(parsing_anchors),
	};

	return cmocka_run_group_tests_name("sip_frame", tests, NULL, NULL);
}
