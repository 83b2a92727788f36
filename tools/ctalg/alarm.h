/* SPDX-License-Identifier: GPL-2.0 */
/* Alarms that are set: they count events, are raised once, and are over when it is quiet again. */
#ifndef ALARM_H
#define ALARM_H

#include "alarm_rule.h"
#include "alarm_window.h"

/* One more; what it points to stays. */
void alarms_add(const struct alarm_rule *r);
/* How many there are. */
unsigned int alarms_set(void);
/* From now on they are told: in lines or as JSON. */
void alarms_begin(bool json);

/* Something has happened. */
void alarms_event(const struct event *e);
/* It is that late; nanoseconds since 1970. */
void alarms_tick(uint64_t now);
/* For so many milliseconds nothing of theirs is due; -1: never. */
int alarms_wait(uint64_t now);
/* A command may have ended. */
void alarms_reap(void);

/* alarm_view.c */
/* @e: the event that was one too many; NULL when it is over. */
void alarm_print(const struct alarm_rule *r, const struct window_key *of, const struct event *e,
		 uint64_t now);
void alarm_print_json(const struct alarm_rule *r, const struct window_key *of,
		      const struct event *e, uint64_t now);
void alarm_log(const struct alarm_rule *r, const struct window_key *of, bool over);

#endif /* ALARM_H */
