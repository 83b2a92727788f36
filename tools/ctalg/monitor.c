// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "event_view.h"
#include "events.h"
#include "lost.h"
#include "names.h"
#include "text.h"
#include "tool.h"
#include "waiting.h"

enum {
	/* The kernel's own counting is an int. */
	BUFFER_MOST = 1 << 30,
	/* When nothing has come for so long, nothing is under way. */
	QUIET_MS = 100,
};

/**
 * struct listening - what is wanted, and how it goes
 * @json: in JSON
 * @kinds: bits of the kinds of events to show, those that we do not know in the last one
 * @lost: events that have not arrived
 * @overrun: some are lost, and nothing has been said yet
 */
static struct listening {
	bool json;
	uint64_t kinds;
	struct lost lost;
	bool overrun;
} listening;

static unsigned int room_wanted(const char *bytes)
{
	uint64_t room;

	if (!bytes)
		return 0;
	if (!size_of(bytes, BUFFER_MOST, &room) || !room)
		misused("\"%s\" is not a number of bytes such as 16M, of at most 1G", bytes);
	return (unsigned int)room;
}

/* "pinhole" is all that begin with "pinhole-". */
static bool is_kind(const char *name, const char *word)
{
	size_t len = strlen(word);

	return len && !strncmp(name, word, len) && (!name[len] || name[len] == '-');
}

static uint64_t kinds_of(const char *word)
{
	uint64_t kinds = 0;
	uint32_t i;

	for (i = 0; i < event_kinds(); i++)
		if (is_kind(event_kind_name(i), word))
			kinds |= UINT64_C(1) << i;
	if (!kinds)
		misused("there is no kind of event \"%s\"; see \"ctalg monitor --help\"", word);
	return kinds;
}

static uint64_t kinds_wanted(const struct options *o)
{
	uint64_t kinds = 0;
	int i;

	for (i = 0; i < o->argc; i++)
		kinds |= kinds_of(o->argv[i]);
	return o->argc ? kinds : UINT64_MAX;
}

static bool is_wanted(const struct event *e)
{
	return listening.kinds >> (e->kind < 63 ? e->kind : 63) & 1;
}

static void on_event(const struct event *e)
{
	lost_arrived(&listening.lost, e->seq);
	if (!is_wanted(e))
		return;
	if (listening.json)
		event_print_json(e);
	else
		event_print(e);
}

static void tell_lost(uint64_t n)
{
	if (listening.json)
		lost_print_json(n);
	else
		lost_print(n);
	listening.overrun = false;
}

/* How many are lost can be said when the next one has arrived; that some are, at once. */
static void check_lost(bool quiet)
{
	uint64_t n = lost_told(&listening.lost, quiet);

	if (n || (quiet && listening.overrun))
		tell_lost(n);
}

/* Returns false when it is over. */
static bool listen_once(void)
{
	bool open = listening.lost.missing || listening.overrun;
	enum waited w = wait_for(events_fd(), open ? QUIET_MS : -1);
	enum events_read r = EVENTS_READ;

	if (w == WAITED_READY)
		r = events_read(on_event);
	listening.overrun |= r == EVENTS_OVERRUN;
	check_lost(w != WAITED_READY || r == EVENTS_GONE);
	if (r == EVENTS_GONE) {
		flush_output();
		fail("the ctalg module has been unloaded");
	}
	return flush_output() && w != WAITED_END;
}

static void monitor_main(const struct options *o)
{
	listening.json = o->json;
	listening.kinds = kinds_wanted(o);
	events_open(room_wanted(option_value(o, "buffer")));
	waiting_begin();
	while (listen_once())
		;
}

static const struct noun_option options[] = {
	{ "buffer", "BYTES" },
	{},
};

const struct noun monitor_noun = {
	.name = "monitor",
	.args = "[KIND ...]",
	.run = monitor_main,
	.options = options,
	.about = "what happens, as it happens",
	.help = "An event a line, until ^C: time, helper, flow, user, and what happened. The arrow\n"
		"between the flow's addresses points from who sent the message. KIND is one of\n"
		"\n"
		"  session-begin session-change session-end\n"
		"  pinhole-open pinhole-used pinhole-closed pinhole-refused\n"
		"  edit malformed unread limit detach handover reset\n"
		"\n"
		"or \"session\" or \"pinhole\" for all of those. Listening costs the packets nothing:\n"
		"events that come faster than they are read are lost, and that is told.\n"
		"\n"
		"  --buffer BYTES  room for events that wait to be read (8M)\n"
		"\n"
		"  $ ctalg monitor\n"
		"  $ ctalg monitor edit pinhole\n"
		"  $ ctalg monitor --json | jq -r 'select(.kind == \"pinhole-refused\").reason'\n",
};
