/* SPDX-License-Identifier: GPL-2.0 */
/* What an alarm is: which events, how many in which time, counted by what, and what is run. */
#ifndef ALARM_RULE_H
#define ALARM_RULE_H

#include "events.h"

enum {
	/* A sentence about a rule that makes no sense, with its NUL. */
	ALARM_ERROR_SIZE = 256,
	ALARM_NAME_SIZE = 128,
	ALARM_MOST = 100000,
	ALARM_SECONDS = 86400,
};

/** enum alarm_per - of whom events are counted together */
enum alarm_per {
	ALARM_PER_ALL,
	ALARM_PER_HOST,
	ALARM_PER_USER,
	ALARM_PER_HELPER,
};

/**
 * struct alarm_rule - when to raise an alarm
 * @name: as it is told
 * @event: a kind of event, or the name of a reason
 * @kinds: bits of the kinds; 0 if @event is a reason
 * @most: so many are no alarm yet
 * @seconds: in any such time
 * @per: of whom they are counted together
 * @command: what is run, in its own words; or NULL
 */
struct alarm_rule {
	char name[ALARM_NAME_SIZE];
	char event[NAME_SIZE];
	uint64_t kinds;
	uint32_t most;
	uint32_t seconds;
	enum alarm_per per;
	char *command;
};

/* Each reads one part of a rule. Returns false, with a sentence in @said, if it is wrong. */
bool alarm_event_read(struct alarm_rule *r, const char *word, char said[ALARM_ERROR_SIZE]);
bool alarm_rate_read(struct alarm_rule *r, const char *word, char said[ALARM_ERROR_SIZE]);
bool alarm_per_read(struct alarm_rule *r, const char *word, char said[ALARM_ERROR_SIZE]);
bool alarm_command_read(struct alarm_rule *r, const char *command, char said[ALARM_ERROR_SIZE]);

/* All of it: EVENT N/PERIOD [per host|user|helper] [run COMMAND...]; what stands before "run" is its name. */
bool alarm_rule_read(struct alarm_rule *r, const char *text, char said[ALARM_ERROR_SIZE]);

bool alarm_rule_matches(const struct alarm_rule *r, const struct event *e);
/* "host", "user", "helper"; empty for all. */
const char *alarm_per_name(enum alarm_per per);

#endif /* ALARM_RULE_H */
