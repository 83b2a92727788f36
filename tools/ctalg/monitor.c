// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alarm.h"
#include "config.h"
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
 * @quiet: of events nothing is said, but what alarms say
 * @kinds: bits of the kinds of events to show, those that we do not know in the last one
 * @lost: events that have not arrived
 * @overrun: some are lost, and nothing has been said yet
 */
static struct listening {
	bool json;
	bool quiet;
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

static uint64_t kinds_of(const char *word)
{
	uint64_t kinds = event_kinds_of(word);

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
	return !listening.quiet && event_kind_among(e->kind, listening.kinds);
}

static void on_event(const struct event *e)
{
	lost_arrived(&listening.lost, e->seq);
	if (is_wanted(e) && listening.json)
		event_print_json(e);
	else if (is_wanted(e))
		event_print(e);
	alarms_event(e);
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

/* As the kernel tells when something happened. */
static uint64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int patience(void)
{
	bool open = listening.lost.missing || listening.overrun;
	int ms = alarms_wait(clock_now());

	return open && (ms < 0 || ms > QUIET_MS) ? QUIET_MS : ms;
}

/* Returns false when it is over. */
static bool listen_once(void)
{
	enum waited w = wait_for(events_fd(), patience());
	enum events_read r = EVENTS_READ;

	if (w == WAITED_READY)
		r = events_read(on_event);
	else if (w == WAITED_TIME)
		alarms_tick(clock_now());
	alarms_reap();
	listening.overrun |= r == EVENTS_OVERRUN;
	check_lost(w != WAITED_READY || r == EVENTS_GONE);
	if (r == EVENTS_GONE) {
		flush_output();
		fail("the ctalg module has been unloaded");
	}
	return flush_output() && w != WAITED_END;
}

static void set_alarm(const char *text)
{
	char said[ALARM_ERROR_SIZE];
	struct alarm_rule r;

	if (!alarm_rule_read(&r, text, said))
		misused("%s", said);
	alarms_add(&r);
}

static void set_alarms(const struct options *o)
{
	const char *file = option_value(o, "config");
	unsigned int i;

	for (i = 0; i < o->n_given; i++)
		if (!strcmp(o->given[i].option->name, "alarm"))
			set_alarm(o->given[i].value);
	if (option_value(o, "alarms"))
		config_read_alarms(file ? file : CONFIG_FILE, alarms_add);
	else if (file)
		misused("\"--config\" names the file that \"--alarms\" reads; add that");
	alarms_begin(o->json);
}

static void be_quiet(const struct options *o)
{
	listening.quiet = option_value(o, "quiet");
	if (listening.quiet && !alarms_set())
		misused("\"--quiet\" shows alarms alone, of which there are none; add \"--alarm\" "
			"or \"--alarms\"");
	if (listening.quiet && o->argc)
		misused("\"--quiet\" shows no event of kind \"%s\"; leave out one of both",
			o->argv[0]);
}

static void monitor_main(const struct options *o)
{
	listening.json = o->json;
	listening.kinds = kinds_wanted(o);
	set_alarms(o);
	be_quiet(o);
	events_open(room_wanted(option_value(o, "buffer")));
	waiting_begin();
	while (listen_once())
		;
}

static const struct noun_option options[] = {
	{ "alarm", "RULE" },  { "alarms", NULL },    { "quiet", NULL },
	{ "config", "FILE" }, { "buffer", "BYTES" }, {},
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
		"  edit malformed unread limit detach handover reset denied\n"
		"\n"
		"or \"session\" or \"pinhole\" for all of those. Listening costs the packets nothing:\n"
		"events that come faster than they are read are lost, and that is told.\n"
		"\n"
		"  --alarm RULE    raise an alarm when an event comes too often; may be repeated.\n"
		"                  RULE is EVENT N/PERIOD [per host|user|helper] [run COMMAND ...]\n"
		"  --alarms        those in /etc/ctalg.conf\n"
		"  --config FILE   those in another file\n"
		"  --quiet         alarms alone, and whether events were lost\n"
		"  --buffer BYTES  room for events that wait to be read (8M)\n"
		"\n"
		"An alarm is for more than N events within any PERIOD: second, minute, hour, day, or\n"
		"30s. EVENT is a KIND, or a reason as \"ctalg stats\" names it. It is raised once; when\n"
		"there have not been too many for a whole PERIOD, that is said. The command is run\n"
		"without a shell; $CTALG_SRC, $CTALG_USER, $CTALG_REASON, ... stand for what the event\n"
		"has, in its words and in its environment. ctalg(8) has them all.\n"
		"\n"
		"  $ ctalg monitor\n"
		"  $ ctalg monitor edit pinhole\n"
		"  $ ctalg monitor --quiet \\\n"
		"        --alarm 'denied 20/minute per host run /usr/local/sbin/block $CTALG_SRC'\n"
		"  $ ctalg monitor --json | jq -r 'select(.kind == \"pinhole-refused\").reason'\n",
};
