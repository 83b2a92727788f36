/* SPDX-License-Identifier: GPL-2.0 */
/* An event, a line. */
#ifndef EVENT_VIEW_H
#define EVENT_VIEW_H

#include <jansson.h>

#include "events.h"

/* In local time, to the millisecond. */
void event_print_time(uint64_t nanoseconds);
/* RFC 3339, in UTC, to the nanosecond. */
json_t *time_json(uint64_t nanoseconds);

/* For people. */
void event_print(const struct event *e);
json_t *event_json(const struct event *e);
/* One object of JSON; what is not known is left out. */
void event_print_json(const struct event *e);

/* @n events were lost; 0 if it is not known how many. */
void lost_print(uint64_t n);
void lost_print_json(uint64_t n);

#endif /* EVENT_VIEW_H */
