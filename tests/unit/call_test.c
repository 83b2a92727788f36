// SPDX-License-Identifier: GPL-2.0
/*
 * Calls, message by message, and whose media is open after each. Every script is played five ways: as it stands; by
 * somebody who forgets a call that is over; with each message twice; with all earlier messages again after
 * each; and with INFO, which does nothing, in between.
 */
#include "call_model.h"
#include "unit.h"

struct step {
	const char *says;
	const char *open;
	/* How long the call lasts then; 0: not asked. */
	u32 seconds;
};

/* Most steps do not say how long. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define OVER "over"
#define PLAY(...)                                                                                  \
	do {                                                                                       \
		static const struct step steps_[] = { __VA_ARGS__ };                               \
		play_all(steps_, ARRAY_SIZE(steps_));                                              \
	} while (0)

#define ANSWERED                                                                                   \
	{ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1", "a1 b1" },                             \
	{                                                                                          \
		"A-B ACK 1", "a1 b1"                                                               \
	}

static void expect(const struct call_model *m, const struct step *steps, u32 i, const char *after)
{
	const char *open = !strcmp(steps[i].open, OVER) ? "" : steps[i].open;

	if (m->broken)
		fail_msg("step %u, %s%s: %s", i, steps[i].says, after, m->broken);
	if (strcmp(m->open, open))
		fail_msg("step %u, %s%s: open is \"%s\", not \"%s\"", i, steps[i].says, after,
			 m->open, open);
	if (m->act.over != !strcmp(steps[i].open, OVER))
		fail_msg("step %u, %s%s: over is %d", i, steps[i].says, after, m->act.over);
	if (steps[i].seconds && m->act.seconds != steps[i].seconds)
		fail_msg("step %u, %s%s: lasts %u, not %u", i, steps[i].says, after, m->act.seconds,
			 steps[i].seconds);
}

static void play(const struct step *steps, u32 n, bool forgets, u32 times)
{
	struct call_model m = { .forgets = forgets };
	u32 i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < times; j++) {
			call_model_hear(&m, steps[i].says);
			expect(&m, steps, i, j ? ", again" : "");
		}
}

/* Whatever comes once more, and late, opens nothing and closes nothing. */
static void play_late(const struct step *steps, u32 n)
{
	struct call_model m = { .n = 0 }, copy;
	char after[CALL_TEXT];
	u32 i, j;

	for (i = 0; i < n; i++) {
		call_model_hear(&m, steps[i].says);
		for (j = 0; j < i; j++) {
			copy = m;
			call_model_hear(&copy, steps[j].says);
			snprintf(after, sizeof(after), ", then late %s", steps[j].says);
			copy.act.seconds = m.act.seconds;
			expect(&copy, steps, i, after);
		}
	}
}

static void play_with_others(const struct step *steps, u32 n)
{
	struct call_model m = { .n = 0 };
	u32 i;

	for (i = 0; i < n; i++) {
		call_model_hear(&m, steps[i].says);
		call_model_hear(&m, "A-B INFO 900");
		expect(&m, steps, i, ", INFO");
		call_model_hear(&m, "B-A 200 INFO 900");
		expect(&m, steps, i, ", INFO and its answer");
	}
}

static void play_all(const struct step *steps, u32 n)
{
	play(steps, n, false, 1);
	play(steps, n, true, 1);
	play(steps, n, false, 2);
	play_late(steps, n);
	play_with_others(steps, n);
}

static void a_call(void **unused)
{
	(void)unused;
	PLAY({ "A INVITE 1 a1", "a1", CTALG_CALL_RINGS }, { "B 100 INVITE 1", "a1" },
	     { "B-A 180 INVITE 1", "a1", CTALG_CALL_RINGS },
	     { "B-A 200 INVITE 1 b1", "a1 b1", CTALG_CALL_LASTS }, { "A-B ACK 1", "a1 b1" },
	     { "A-B BYE 2", "a1 b1", CTALG_CALL_LINGERS }, { "B-A 200 BYE 2", OVER });
	/* CSeq may begin at 0, and the side that was called may hang up, by numbers of its own. */
	PLAY({ "A INVITE 0 a1", "a1" }, { "B-A 200 INVITE 0 b1", "a1 b1" },
	     { "A-B ACK 0", "a1 b1" }, { "B-A BYE 0", "a1 b1", CTALG_CALL_LINGERS },
	     { "A-B 200 BYE 0", OVER });
	/* Both at once. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1", "a1 b1" },
	     { "B-A BYE 1", "a1 b1" }, { "A-B BYE 2", "a1 b1" }, { "A-B 481 BYE 1", OVER },
	     { "B-A 481 BYE 2", OVER });
	/* Nobody has a tag, as before RFC 3261. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "?-A 200 INVITE 1 b1", "a1 b1" }, { "A ACK 1", "a1 b1" },
	     { "A BYE 2", "a1 b1", CTALG_CALL_LINGERS }, { "?-A 200 BYE 2", OVER });
}

static void early_media(void **unused)
{
	(void)unused;
	/* Several unreliable answers, and the same once more in the final one. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1", CTALG_CALL_RINGS },
	     { "B-A 180 INVITE 1", "a1 b1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "B-A 200 INVITE 1 b1", "a1 b1", CTALG_CALL_LASTS }, { "A-B ACK 1", "a1 b1" });
	/* Reliable, and the final one does not say it again (RFC 3262). */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A-B PRACK 2", "a1 b1" }, { "B-A 200 PRACK 2", "a1 b1" },
	     { "B-A 200 INVITE 1", "a1 b1" }, { "A-B ACK 1", "a1 b1" });
	/* PRACK makes an offer, and UPDATE another, before anybody has answered (RFC 3311). */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A-B PRACK 2 a2", "a1 a2 b1" }, { "B-A 200 PRACK 2 b1", "a1 a2 b1" },
	     { "B-A UPDATE 7 b2", "a1 a2 b1 b2" }, { "A-B 200 UPDATE 7 a2", "a1 a2 b1 b2" },
	     { "B-A 200 INVITE 1", "a2 b2", CTALG_CALL_LASTS }, { "A-B ACK 1", "a2 b2" });
	/* The final answer repeats the first although an UPDATE came between. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A-B UPDATE 2 a1", "a1 b1" }, { "B-A 200 UPDATE 2 b2", "a1 b1 b2" },
	     { "B-A 200 INVITE 1 b1", "a1 b1 b2" });
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A-B UPDATE 2 a1", "a1 b1" }, { "B-A 200 UPDATE 2 b2", "a1 b1 b2" },
	     { "B-A 200 INVITE 1 b3", "a1 b2 b3" });
}

static void late_offers(void **unused)
{
	(void)unused;
	/* In the final answer; its answer is in the ACK. */
	PLAY({ "A INVITE 1", "" }, { "B-A 180 INVITE 1", "" }, { "B-A 200 INVITE 1 b1", "b1" },
	     { "A-B ACK 1 a1", "a1 b1" }, { "A-B BYE 2", "a1 b1" }, { "B-A 200 BYE 2", OVER });
	/* In a reliable provisional one; its answer is in the PRACK. */
	PLAY({ "A INVITE 1", "" }, { "B-A 183 INVITE 1 b1", "b1" }, { "A-B PRACK 2 a1", "a1 b1" },
	     { "B-A 200 PRACK 2", "a1 b1" }, { "B-A 200 INVITE 1", "a1 b1" });
	/* The next PRACK makes an offer of its own, which fails. */
	PLAY({ "A INVITE 1", "" }, { "B-A 183 INVITE 1 b1", "b1" }, { "A-B PRACK 2 a1", "a1 b1" },
	     { "B-A 200 PRACK 2", "a1 b1" }, { "A-B PRACK 3 a2", "a1 a2 b1" },
	     { "B-A 504 PRACK 3", "a1 b1" });
	/* In a re-INVITE: what was before closes with the ACK, for that is the answer. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1", "a1 b1" },
	     { "A-B ACK 1", "a1 b1" }, { "A-B INVITE 2", "a1 b1" },
	     { "B-A 200 INVITE 2 b2", "a1 b1 b2" }, { "A-B ACK 2 a2", "a2 b2" });
	/* The same, answered before it is accepted, and then said again. */
	PLAY(ANSWERED, { "A-B INVITE 2", "a1 b1" }, { "B-A 183 INVITE 2 b2", "a1 b1 b2" },
	     { "A-B PRACK 3 a2", "a1 a2 b1 b2" }, { "B-A 200 PRACK 3", "a1 a2 b1 b2" },
	     { "B-A 200 INVITE 2 b2", "a2 b2" });
	/* The same, refused after the offer. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1", "a1 b1" },
	     { "B-A INVITE 2", "a1 b1" }, { "A-B 183 INVITE 2 a2", "a1 a2 b1" },
	     { "A-B 500 INVITE 2", "a1 b1" });
}

static void forks(void **unused)
{
	(void)unused;
	/* One accepts; the other two are over, and one of them accepts all the same. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "C-A 183 INVITE 1 c1", "a1 b1 c1" }, { "D-A 183 INVITE 1 d1", "a1 b1 c1 d1" },
	     { "B-A 200 INVITE 1 b1", "a1 b1" }, { "A-B ACK 1", "a1 b1" },
	     { "D-A 183 INVITE 1 d1", "a1 b1" }, { "C-A 200 INVITE 1 c1", "a1 b1 c1" },
	     { "A-C ACK 1", "a1 b1 c1" }, { "A-C BYE 2", "a1 b1 c1", CTALG_CALL_LASTS },
	     { "C-A 200 BYE 2", "a1 b1" }, { "A-B BYE 3", "a1 b1" }, { "B-A 200 BYE 3", OVER });
	/* One is busy, one is hung up while it rings, the last one fails: so does the call. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "C-A 183 INVITE 1 c1", "a1 b1 c1" }, { "D-A 183 INVITE 1 d1", "a1 b1 c1 d1" },
	     { "C-A 486 INVITE 1", "a1 b1 d1" }, { "A-C ACK 1", "a1 b1 d1" },
	     { "A-D BYE 2", "a1 b1 d1" }, { "D-A 200 BYE 2", "a1 b1" },
	     { "D-A 487 INVITE 1", "a1 b1" }, { "B-A 603 INVITE 1", OVER });
	/* An offer to one fork does not close what the other still has. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1", "a1 b1" },
	     { "C-A 200 INVITE 1 c1", "a1 b1 c1" }, { "A-B INVITE 2 a2", "a1 a2 b1 c1" },
	     { "B-A 200 INVITE 2 b1", "a1 a2 b1 c1" }, { "A-B ACK 2", "a1 a2 b1 c1" },
	     { "C-A BYE 1", "a1 a2 b1 c1" }, { "A-C 200 BYE 1", "a1 a2 b1" });
}

/* A proxy that keeps the Call-ID, on both sides of which the router is, but not the tags. */
static void two_callers(void **unused)
{
	(void)unused;
	PLAY({ "A INVITE 1 a1", "a1" }, { "X INVITE 1 x1", "a1 x1" },
	     { "B-X 200 INVITE 1 b1", "a1 b1 x1" }, { "Y-A 200 INVITE 1 y1", "a1 b1 x1 y1" },
	     { "A-Y BYE 2", "a1 b1 x1 y1" }, { "Y-A 200 BYE 2", "b1 x1" }, { "X-B BYE 2", "b1 x1" },
	     { "B-X 200 BYE 2", OVER });
	/* What the callee has in the other's dialog stays open. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "X INVITE 1 x1", "a1 x1" },
	     { "B-A 200 INVITE 1 b1", "a1 b1 x1" }, { "B-X 200 INVITE 1 b1", "a1 b1 x1" },
	     { "X-B INVITE 2 x1", "a1 b1 x1" }, { "B-X 200 INVITE 2 b2", "a1 b1 b2 x1" });
}

static void offers_of_an_answered_call(void **unused)
{
	(void)unused;
	/* The same again: nothing changes, nothing is opened anew. */
	PLAY(ANSWERED, { "A-B INVITE 2 a1", "a1 b1" }, { "B-A 200 INVITE 2 b1", "a1 b1" },
	     { "A-B ACK 2", "a1 b1" });
	/* Another: the old stays until it is accepted. */
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A 100 INVITE 2", "a1 a2 b1" },
	     { "B-A 200 INVITE 2 b2", "a2 b2" }, { "A-B ACK 2", "a2 b2" });
	/* A third by the other side, and by UPDATE. */
	PLAY(ANSWERED, { "B-A INVITE 1 b2", "a1 b1 b2" }, { "A-B 200 INVITE 1 a1", "a1 b2" },
	     { "B-A ACK 1", "a1 b2" }, { "B-A UPDATE 2 b3", "a1 b2 b3" },
	     { "A-B 200 UPDATE 2 a2", "a2 b3" });
	/* Hold with the port kept, and without a place; video is added, refused, and taken away. */
	PLAY(ANSWERED, { "A-B INVITE 2 a1", "a1 b1" }, { "B-A 200 INVITE 2 b1", "a1 b1" },
	     { "A-B INVITE 3 a1 a2", "a1 a2 b1" }, { "B-A 200 INVITE 3 b1 -", "a1 b1" },
	     { "A-B INVITE 4 a1 a3", "a1 a3 b1" }, { "B-A 200 INVITE 4 b1 b3", "a1 a3 b1 b3" },
	     { "B-A INVITE 1 b1 -", "a1 a3 b1 b3" }, { "A-B 200 INVITE 1 a1 -", "a1 b1" });
}

static void offers_that_fail(void **unused)
{
	(void)unused;
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A 488 INVITE 2", "a1 b1" },
	     { "A-B ACK 2", "a1 b1", CTALG_CALL_LASTS });
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" },
	     { "B-A 407 INVITE 2", "a1 b1", CTALG_CALL_LASTS }, { "A-B ACK 2", "a1 b1" },
	     { "A-B INVITE 3 a2", "a1 a2 b1" }, { "B-A 200 INVITE 3 b1", "a2 b1" });
	PLAY(ANSWERED, { "A-B UPDATE 2 a2", "a1 a2 b1" }, { "B-A 504 UPDATE 2", "a1 b1" });
	/* Glare: both fail, each with its own. */
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A INVITE 1 b2", "a1 a2 b1 b2" },
	     { "B-A 491 INVITE 2", "a1 b1 b2" }, { "A-B 491 INVITE 1", "a1 b1" },
	     { "B-A INVITE 2 b2", "a1 b1 b2" }, { "A-B 200 INVITE 2 a1", "a1 b2" });
	/* It was answered reliably and fails in the end: back to what was before (RFC 6141). */
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A 183 INVITE 2 b2", "a1 a2 b1 b2" },
	     { "A-B PRACK 3", "a1 a2 b1 b2" }, { "B-A 200 PRACK 3", "a1 a2 b1 b2" },
	     { "B-A 488 INVITE 2", "a1 b1" }, { "A-B INVITE 4", "a1 b1" },
	     { "B-A 200 INVITE 4", "a1 b1" }, { "A-B INVITE 5 a3", "a1 a3 b1" },
	     { "B-A 200 INVITE 5 b3", "a3 b3" });
	/* A cancelled re-INVITE ends itself and not the call. */
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" },
	     { "A-B CANCEL 2", "a1 a2 b1", CTALG_CALL_LASTS }, { "B-A 200 CANCEL 2", "a1 a2 b1" },
	     { "B-A 487 INVITE 2", "a1 b1", CTALG_CALL_LASTS });
	/* The other side knows of no dialog. */
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A 481 INVITE 2", OVER });
	PLAY(ANSWERED, { "A-B UPDATE 2 a2", "a1 a2 b1" }, { "B-A 481 UPDATE 2", OVER });
	/* No answer: that may be a proxy's opinion. The next that succeeds shows that it was wrong. */
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" },
	     { "B-A 408 INVITE 2", "a1 b1", CTALG_CALL_LINGERS },
	     { "A-B INVITE 3 a1", "a1 b1", CTALG_CALL_LINGERS },
	     { "B-A 200 INVITE 3 b1", "a1 b1", CTALG_CALL_LASTS });
	/* An answer to an older offer than the latest agrees to nothing. */
	PLAY(ANSWERED, { "A-B UPDATE 2 a2", "a1 a2 b1" }, { "A-B UPDATE 3 a3", "a1 a2 a3 b1" },
	     { "B-A 200 UPDATE 2 b2", "a1 a2 a3 b1" }, { "B-A 200 UPDATE 3 b3", "a3 b3" });
}

/* Late messages that come while, or after, another is at work. */
static void late_messages(void **unused)
{
	(void)unused;
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A 200 INVITE 1 b1", "a1 a2 b1" },
	     { "B-A 488 INVITE 2", "a1 b1" });
	PLAY(ANSWERED, { "A-B INVITE 2 a2", "a1 a2 b1" }, { "B-A 200 INVITE 2 b1", "a2 b1" },
	     { "B-A 488 INVITE 2", "a2 b1" }, { "A-B INVITE 3 a3", "a2 a3 b1" },
	     { "B-A 200 INVITE 3 b1", "a3 b1" }, { "A-B INVITE 2 a2", "a3 b1" },
	     { "A-B INVITE 3 a2", "a3 b1" });
	PLAY(ANSWERED, { "A-B UPDATE 2 a2", "a1 a2 b1" }, { "B-A 200 UPDATE 2 b1", "a2 b1" },
	     { "B-A 500 UPDATE 2", "a2 b1" });
	PLAY({ "A INVITE 1 a1", "a1" }, { "P-A 407 INVITE 1", "a1" }, { "A INVITE 2 a1", "a1" },
	     { "B-A 183 INVITE 2 b1", "a1 b1" }, { "B-A 486 INVITE 1", "a1 b1" });
	PLAY({ "A INVITE 1 a1", "a1" }, { "A CANCEL 1", "a1", CTALG_CALL_LINGERS },
	     { "A INVITE 2 a1", "a1", CTALG_CALL_RINGS });
	/* A PRACK that is not known is no dialog that is not known. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A-B PRACK 2", "a1 b1" }, { "B-A 481 PRACK 2", "a1 b1" });
	/* The offer of a fork that is over is answered. */
	PLAY({ "A INVITE 1", "" }, { "B-A 200 INVITE 1 b1", "b1" },
	     { "C-A 200 INVITE 1 c1", "b1 c1" }, { "A-C BYE 2", "b1 c1" },
	     { "C-A 200 BYE 2", "b1" }, { "A-C ACK 1 a1", "b1" }, { "C-A UPDATE 9 c9", "b1" });
}

static void calls_that_fail(void **unused)
{
	(void)unused;
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "B-A 486 INVITE 1", OVER }, { "A-B ACK 1", OVER });
	PLAY({ "A INVITE 1 a1", "a1" }, { "P-A 503 INVITE 1", OVER });
	/* Redirected: the next try is a call of its own. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "P-A 302 INVITE 1", OVER }, { "A-P ACK 1", OVER },
	     { "A INVITE 2 a1", "a1", CTALG_CALL_RINGS }, { "B-A 200 INVITE 2 b1", "a1 b1" });
	/* Who is it? The media of the first try are those of the next; or others. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "P-A 407 INVITE 1", "a1", CTALG_CALL_LINGERS },
	     { "A-P ACK 1", "a1" }, { "A INVITE 2 a1", "a1", CTALG_CALL_RINGS },
	     { "B-A 200 INVITE 2 b1", "a1 b1" });
	PLAY({ "A INVITE 1 a1", "a1" }, { "P-A 401 INVITE 1", "a1" }, { "A INVITE 2 a2", "a1 a2" },
	     { "B-A 183 INVITE 2 b1", "a1 a2 b1" }, { "B-A 200 INVITE 2 b1", "a2 b1" });
	/* Cancelled. The 487 is a proxy's: who rang is not named by it, and waits no longer than that. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A CANCEL 1", "a1 b1", CTALG_CALL_LINGERS }, { "P-A 200 CANCEL 1", "a1 b1" },
	     { "B-A 487 INVITE 1", OVER });
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 183 INVITE 1 b1", "a1 b1" },
	     { "A CANCEL 1", "a1 b1" }, { "P-A 487 INVITE 1", "a1 b1", CTALG_CALL_LINGERS });
	/* Too late: the call goes on. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "A CANCEL 1", "a1" },
	     { "B-A 200 INVITE 1 b1", "a1 b1", CTALG_CALL_LASTS },
	     { "B-A 200 CANCEL 1", "a1 b1", CTALG_CALL_LASTS });
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 180 INVITE 1", "a1" },
	     { "A CANCEL 1", "a1", CTALG_CALL_LINGERS },
	     { "B-A 481 CANCEL 1", "a1", CTALG_CALL_RINGS });
}

static void ends(void **unused)
{
	(void)unused;
	/* A BYE that is challenged has not ended anything; the next one has. */
	PLAY(ANSWERED, { "A-B BYE 2", "a1 b1", CTALG_CALL_LINGERS },
	     { "B-A 407 BYE 2", "a1 b1", CTALG_CALL_LASTS },
	     { "A-B BYE 3", "a1 b1", CTALG_CALL_LINGERS }, { "B-A 200 BYE 3", OVER });
	/* Nor has one that is refused; but if it was true, no media keep the call. */
	PLAY(ANSWERED, { "A-B BYE 2", "a1 b1" }, { "B-A 403 BYE 2", "a1 b1", CTALG_CALL_LINGERS });
	/* An old BYE's challenge does not undo the next one. */
	PLAY(ANSWERED, { "A-B BYE 2", "a1 b1" }, { "A-B BYE 3", "a1 b1", CTALG_CALL_LINGERS },
	     { "B-A 407 BYE 2", "a1 b1", CTALG_CALL_LINGERS }, { "B-A 408 BYE 3", OVER });
	/* The other side's offer crosses it. */
	PLAY(ANSWERED, { "A-B BYE 2", "a1 b1" }, { "B-A INVITE 1 b2", "a1 b1 b2" },
	     { "B-A 200 BYE 2", OVER }, { "A-B 481 INVITE 1", OVER });
	/* Only a new INVITE begins it anew. */
	PLAY(ANSWERED, { "A-B BYE 2", "a1 b1" }, { "B-A 200 BYE 2", OVER },
	     { "B-A 200 INVITE 1 b1", OVER }, { "A-B ACK 1 a1", OVER },
	     { "B-A 183 INVITE 3 b3", OVER }, { "A INVITE 4 a2", "a2", CTALG_CALL_RINGS },
	     { "C-A 200 INVITE 4 c1", "a2 c1" });
}

/* Who keeps a call that is over knows its last INVITE, and its dialogs, when they come late. */
static void ended_calls_stay_shut(void **unused)
{
	struct call_model m = { .n = 0 };
	static const struct step steps[] = {
		ANSWERED,
		{ "B-A BYE 1", "a1 b1" },
		{ "A-B 200 BYE 1", OVER },
		{ "A INVITE 1 a1", OVER },
		{ "A-B INVITE 2 a1", OVER },
		{ "A-B UPDATE 3 a1", OVER },
		{ "C INVITE 1 c1", "c1" },
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		call_model_hear(&m, steps[i].says);
		expect(&m, steps, i, "");
	}
}

static void calls_seen_from_the_middle(void **unused)
{
	static const char *const nothing[] = {
		"B-A 200 INVITE 1 b1", "A-B ACK 1 a1",	      "A-B PRACK 2 a1",
		"A-B BYE 2",	       "B-A 200 UPDATE 2 b1", "A INFO 1",
		"A CANCEL 1",	       "B-A 407 INVITE 1",    "A UPDATE 2 a1",
	};
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(nothing); i++) {
		struct call_model m = { .n = 0 };

		call_model_hear(&m, nothing[i]);
		if (!m.act.over || m.n)
			fail_msg("%s begins a call", nothing[i]);
	}
	PLAY({ "A-B INVITE 7 a1", "a1", CTALG_CALL_LASTS }, { "B-A 200 INVITE 7 b1", "a1 b1" },
	     { "A-B BYE 8", "a1 b1" }, { "B-A 200 BYE 8", OVER });
	PLAY({ "B-A UPDATE 7 b1", "b1", CTALG_CALL_LASTS }, { "A-B 200 UPDATE 7 a1", "a1 b1" });
}

static void session_timers(void **unused)
{
	(void)unused;
	PLAY({ "A INVITE 1 a1 expires=1800", "a1", CTALG_CALL_RINGS },
	     { "B-A 200 INVITE 1 b1 expires=600", "a1 b1", 600 + CTALG_CALL_GRACE },
	     { "A-B UPDATE 2", "a1 b1", 600 + CTALG_CALL_GRACE },
	     { "B-A 200 UPDATE 2 expires=7200", "a1 b1", 7200 + CTALG_CALL_GRACE },
	     { "A-B INVITE 3 a1 expires=7200", "a1 b1", 7200 + CTALG_CALL_GRACE },
	     { "B-A 422 INVITE 3", "a1 b1", 7200 + CTALG_CALL_GRACE },
	     { "A-B INVITE 4 a1", "a1 b1" }, { "B-A 200 INVITE 4 b1", "a1 b1", CTALG_CALL_LASTS });
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1 expires=1", "a1 b1", 90 + 32 });
	PLAY({ "A INVITE 1 a1", "a1" },
	     { "B-A 200 INVITE 1 b1 expires=4294967294", "a1 b1", 86400 + 32 });
	PLAY(ANSWERED, { "A-B UPDATE 2 a1", "a1 b1" },
	     { "B-A 200 UPDATE 2 b1 expires=90", "a1 b1", 90 + CTALG_CALL_GRACE },
	     { "A-B UPDATE 3 a1", "a1 b1" },
	     { "B-A 200 UPDATE 3 b1 expires=600", "a1 b1", 600 + CTALG_CALL_GRACE },
	     { "B-A 200 UPDATE 2 b1 expires=90", "a1 b1", 600 + CTALG_CALL_GRACE });
	/* The fork that lasts longest counts. */
	PLAY({ "A INVITE 1 a1", "a1" }, { "B-A 200 INVITE 1 b1", "a1 b1" },
	     { "C-A 200 INVITE 1 c1 expires=90", "a1 b1 c1", CTALG_CALL_LASTS },
	     { "A-B BYE 2", "a1 b1 c1", 90 + CTALG_CALL_GRACE });
}

/* The oldest early one makes room, never one that was accepted while there is an early one. */
static void more_forks_than_are_told_apart(void **unused)
{
	struct call_model m = { .n = 0 };
	char text[64], last = 'C' + CTALG_CALL_LEGS;
	char who;

	(void)unused;
	call_model_hear(&m, "A INVITE 1 a1");
	call_model_hear(&m, "B-A 200 INVITE 1 b1");
	call_model_hear(&m, "A INVITE 2 a1");
	for (who = 'C'; who <= last; who++) {
		snprintf(text, sizeof(text), "%c-A 183 INVITE 2 %c1", who, who + 'a' - 'A');
		call_model_hear(&m, text);
		assert_null(m.broken);
	}
	assert_string_equal(m.open, "a1 b1 e1 f1 g1 h1 i1 j1 k1");
	call_model_hear(&m, "A-B BYE 2");
	call_model_hear(&m, "B-A 200 BYE 2");
	assert_string_equal(m.open, "a1 e1 f1 g1 h1 i1 j1 k1");
	/* That one's room is free, so nobody else goes. */
	call_model_hear(&m, "L-A 183 INVITE 2 l1");
	assert_string_equal(m.open, "a1 e1 f1 g1 h1 i1 j1 k1 l1");
}

static void random_message(u64 *seed, char *text, u32 size)
{
	static const char *const asks[] = { "INVITE", "INVITE", "INVITE", "INVITE", "ACK",
					    "BYE",    "CANCEL", "PRACK",  "UPDATE", "INFO" };
	static const u16 status[] = { 100, 180, 183, 200, 200, 200, 202, 302, 401,
				      407, 408, 481, 486, 488, 491, 500, 603 };
	static const char parties[] = "AAAABBBBBBAABBCD?";
	char from = parties[rnd_below(seed, 17)], to = parties[rnd_below(seed, 17)];
	const char *method = asks[rnd_below(seed, ARRAY_SIZE(asks))];
	u32 n, number = 1 + rnd_below(seed, 4);

	if (rnd_below(seed, 2))
		n = (u32)snprintf(text, size, "%c-%c %u %s %u", from, to,
				  status[rnd_below(seed, ARRAY_SIZE(status))], method, number);
	else if (rnd_below(seed, 4))
		n = (u32)snprintf(text, size, "%c-%c %s %u", from, to, method, number);
	else
		n = (u32)snprintf(text, size, "%c %s %u", from, method, number);
	if (rnd_below(seed, 3))
		snprintf(text + n, size - n, " %c%u", from == '?' ? 'q' : from + 'a' - 'A',
			 1 + rnd_below(seed, 3));
}

/* Nothing may be open in a call that is over; what is said twice is said once. */
static void random_calls(void **unused)
{
	u64 seed = 0x51fca11;
	u32 round, i, overs = 0, opens = 0, settles = 0, reverts = 0, alone = 0;
	struct call_model m;
	char text[64], before[CALL_TEXT];

	(void)unused;
	for (round = 0; round < 100000; round++) {
		u32 seconds;

		memset(&m, 0, offsetof(struct call_model, hole));
		m.n = 0;
		m.broken = NULL;
		m.forgets = round % 2;
		for (i = 0; i < 12; i++) {
			if (!i)
				strcpy(text, "A INVITE 1 a1");
			else
				random_message(&seed, text, sizeof(text));
			call_model_hear(&m, text);
			overs += m.act.over;
			opens += m.act.opens;
			settles += m.act.settles;
			reverts += m.act.reverts;
			alone += m.act.alone;
			if (m.act.over && m.n)
				fail_msg("sequence %u: %s leaves %s", round, text, m.open);
			strcpy(before, m.open);
			seconds = m.act.seconds;
			/* An INVITE that begins a forgotten call would begin it again. */
			call_model_hear(&m, text);
			if (strcmp(before, m.open) || seconds != m.act.seconds)
				fail_msg("sequence %u: %s twice makes \"%s\" \"%s\", %u s %u s",
					 round, text, before, m.open, seconds, m.act.seconds);
			if (m.broken)
				fail_msg("sequence %u: %s: %s", round, text, m.broken);
		}
	}
	assert_true(overs > 10000 && opens > 10000 && settles > 1000 && reverts > 1000 &&
		    alone > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call),
		cmocka_unit_test(early_media),
		cmocka_unit_test(late_offers),
		cmocka_unit_test(forks),
		cmocka_unit_test(two_callers),
		cmocka_unit_test(offers_of_an_answered_call),
		cmocka_unit_test(offers_that_fail),
		cmocka_unit_test(late_messages),
		cmocka_unit_test(calls_that_fail),
		cmocka_unit_test(ends),
		cmocka_unit_test(ended_calls_stay_shut),
		cmocka_unit_test(calls_seen_from_the_middle),
		cmocka_unit_test(session_timers),
		cmocka_unit_test(more_forks_than_are_told_apart),
		cmocka_unit_test(random_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
