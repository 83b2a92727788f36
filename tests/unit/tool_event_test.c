// SPDX-License-Identifier: GPL-2.0
/* Events as lines, against tests/unit/golden; which are lost. */
#include "unit.h"

#include <ctalg.h>

#include "tests/unit/tool_fake.h"
#include "tools/ctalg/event_view.h"
#include "tools/ctalg/lost.h"
#include "tools/ctalg/names.h"

/* One with all that there can be. */
static struct event full(uint32_t kind)
{
	struct event e = {
		.seq = 100 + kind,
		.kind = kind,
		.time = 1700000000123456789ULL,
		.helper = "ftp",
		.flow = { true, 12 },
		.l4 = { true, 6 },
		.src_port = 4711,
		.dst_port = 21,
		.zone = { true, 0 },
		.dir = { true, kind % 2 },
		.reason = "third-party-address",
		.message = "PORT",
		.session = { true, 5 },
		.user = { 7, "a\n\\\"\x1b z" },
		.pinhole = { true, 7 },
		.pinhole_l4 = { true, 6 },
		.outside_port = { true, 45795 },
		.inside_port = { true, 45794 },
		.old_port = { true, 45794 },
		.new_port = { true, 45795 },
		.bytes_orig = { true, 0 },
		.bytes_reply = { true, 204800 },
		.command = "RETR",
		.object = { 6, "a \"b\n" },
		.rule = { true, 12 },
	};

	e.src = fake_address("10.0.0.2");
	e.dst = fake_address("198.51.100.2");
	e.from = fake_address("198.51.100.2");
	e.outside = fake_address("198.51.100.1");
	e.inside = fake_address("10.0.0.2");
	e.old = fake_address("10.0.0.2");
	e.new = fake_address("198.51.100.1");
	return e;
}

/* And one with nothing but what has to be. */
static struct event bare(uint32_t kind)
{
	return (struct event){ .seq = 200 + kind, .kind = kind };
}

static struct event without_addresses(void)
{
	struct event e = full(CTALG_EVENT_KIND_EDIT);

	e.src = fake_address("fd00::2");
	e.dst = fake_address("fd00:1::2");
	e.old = fake_address("");
	e.new = fake_address("");
	return e;
}

/* What is told of a call that begins: it, its media, an address in a Via. */
static void each_of_a_call(void (*print)(const struct event *e))
{
	struct event e = {
		.seq = 300,
		.kind = CTALG_EVENT_KIND_SESSION_BEGIN,
		.time = 1700000000123456789ULL,
		.helper = "sip",
		.flow = { true, 14 },
		.l4 = { true, 17 },
		.src = fake_address("10.0.0.3"),
		.dst = fake_address("198.51.100.2"),
		.src_port = 5060,
		.dst_port = 5060,
		.dir = { true, 0 },
		.session = { true, 8 },
		.session_kind = "call",
		.session_key = { 23, "a84b4c76e66710@pc33\n.ex" },
	};

	print(&e);
	e.kind = CTALG_EVENT_KIND_SESSION_END;
	print(&e);
	e.kind = CTALG_EVENT_KIND_EDIT;
	snprintf(e.message, sizeof(e.message), "INVITE");
	e.old = fake_address("10.0.0.3");
	e.new = fake_address("198.51.100.1");
	e.old_port = e.new_port = (struct maybe){ true, 5060 };
	print(&e);
	e.old_port = e.new_port = (struct maybe){ true, 0 };
	print(&e);
	e.kind = CTALG_EVENT_KIND_PINHOLE_OPEN;
	e.message[0] = 0;
	e.pinhole = (struct maybe){ true, 72 };
	e.pinhole_l4 = (struct maybe){ true, 17 };
	snprintf(e.pinhole_kind, sizeof(e.pinhole_kind), "media");
	e.outside = e.new;
	e.inside = e.old;
	e.outside_port = e.inside_port = (struct maybe){ true, 8000 };
	print(&e);
	snprintf(e.pinhole_kind, sizeof(e.pinhole_kind), "path");
	e.from = e.dst;
	e.outside_port = e.inside_port = (struct maybe){ true, 5060 };
	print(&e);
}

static void each(void (*print)(const struct event *e))
{
	struct event e;
	uint32_t kind;

	/* One kind more than there are. */
	for (kind = 0; kind <= event_kinds(); kind++) {
		e = full(kind);
		print(&e);
	}
	for (kind = 0; kind <= event_kinds(); kind++) {
		e = bare(kind);
		print(&e);
	}
	e = without_addresses();
	print(&e);
	e = full(CTALG_EVENT_KIND_PINHOLE_OPEN);
	e.from = fake_address("");
	print(&e);
	each_of_a_call(print);
}

static void print_lines(void)
{
	each(event_print);
	lost_print(0);
	lost_print(18446744073709551615ULL);
}

static void print_json(void)
{
	each(event_print_json);
	lost_print_json(0);
	lost_print_json(3);
}

static void lines(void **unused)
{
	char *text;

	(void)unused;
	setenv("TZ", "UTC", 1);
	text = printed_by(print_lines);
	assert_golden("events.txt", text);
	free(text);
	text = printed_by(print_json);
	assert_golden("events.json", text);
	free(text);
}

static void nothing_lost(void **unused)
{
	struct lost l = {};
	uint64_t i;

	(void)unused;
	for (i = 1000; i < 2000; i++) {
		lost_arrived(&l, i);
		assert_int_equal(lost_told(&l, i % 3 == 0), 0);
	}
}

static void told_once(void **unused)
{
	struct lost l = {};

	(void)unused;
	lost_arrived(&l, 5);
	lost_arrived(&l, 9);
	lost_arrived(&l, 11);
	assert_int_equal(lost_told(&l, false), 0);
	assert_int_equal(lost_told(&l, true), 4);
	assert_int_equal(lost_told(&l, true), 0);
	lost_arrived(&l, 12);
	assert_int_equal(lost_told(&l, true), 0);
}

/* Without a pause it is told all the same, a little later. */
static void told_under_load(void **unused)
{
	struct lost l = {};
	uint64_t i, told = 0;

	(void)unused;
	lost_arrived(&l, 1);
	for (i = 1001; i < 1100; i++) {
		lost_arrived(&l, i);
		told += lost_told(&l, false);
	}
	assert_int_equal(told, 999);
}

/* Neighbours that change places are not lost. */
static void out_of_order(void **unused)
{
	struct lost l = {};
	u64 seed = 7;
	uint64_t i;

	(void)unused;
	lost_arrived(&l, 1);
	for (i = 2; i < 20000; i += 4) {
		uint64_t first = rnd_below(&seed, 4), k;

		for (k = 0; k < 4; k++) {
			lost_arrived(&l, i + (first + k) % 4);
			assert_int_equal(lost_told(&l, false), 0);
		}
	}
	assert_int_equal(lost_told(&l, true), 0);
}

/* However many are lost, the numbers add up. */
static void adds_up(void **unused)
{
	uint64_t i, came = 0, told = 0;
	struct lost l = {};
	u64 seed = 11;

	(void)unused;
	lost_arrived(&l, 0);
	for (i = 1; i <= 100000; i++) {
		if (rnd_below(&seed, 3) && i < 100000)
			continue;
		lost_arrived(&l, i);
		came++;
		told += lost_told(&l, !rnd_below(&seed, 50));
	}
	assert_int_equal(came + told + lost_told(&l, true), 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),	cmocka_unit_test(nothing_lost),
		cmocka_unit_test(told_once),	cmocka_unit_test(told_under_load),
		cmocka_unit_test(out_of_order), cmocka_unit_test(adds_up),
	};

	return cmocka_run_group_tests_name("tool_event", tests, NULL, NULL);
}
