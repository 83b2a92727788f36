/* SPDX-License-Identifier: GPL-2.0 */
/* What an alarm runs: the words of its command, what they and its environment say, one after the other. */
#ifndef ALARM_COMMAND_H
#define ALARM_COMMAND_H

#include <sys/types.h>

#include "alarm_rule.h"

enum {
	/* More that wait for their turn are left out. */
	ALARM_WAITING = 256,
	ALARM_FACT_SIZE = 256,
	ALARM_FACTS = 12,
};

/**
 * struct alarm_facts - what the variables say, by the order of their names
 */
struct alarm_facts {
	char value[ALARM_FACTS][ALARM_FACT_SIZE];
};

/* The variable of a number, or NULL. */
const char *alarm_fact_name(unsigned int i);

struct alarm_waiting;

/**
 * struct alarm_runner - the commands of one alarm; begin with zeros
 * @name: the alarm's
 * @command: in its own words
 * @pid: the one that runs, or 0
 * @first: those that wait for their turn
 * @last: the last of them
 * @n: how many
 * @left_out: how many there was no place for, since that was last told
 */
struct alarm_runner {
	const char *name;
	const char *command;
	pid_t pid;
	struct alarm_waiting *first;
	struct alarm_waiting *last;
	unsigned int n;
	uint64_t left_out;
};

/* Can it be run? If not there is a sentence in @said. */
bool alarm_command_check(const char *command, char said[ALARM_ERROR_SIZE]);
/* Its words, up to NULL, with values in the place of $CTALG_NAME; all of it one piece of memory. */
char **alarm_command_words(const char *command, const struct alarm_facts *f);

/* Of the event with which an alarm is raised. */
void alarm_facts_of(struct alarm_facts *f, const struct alarm_rule *r, const struct event *e);

/* Runs it, now or when the one before has ended. Neither of them waits. */
void alarm_run(struct alarm_runner *r, const struct alarm_facts *f);
/* Says what became of the one that has ended, and begins the next. */
void alarm_reap(struct alarm_runner *r);

#endif /* ALARM_COMMAND_H */
