/* SPDX-License-Identifier: GPL-2.0 */
/* An event, a line. */
#ifndef EVENT_VIEW_H
#define EVENT_VIEW_H

#include "events.h"

/* For people. */
void event_print(const struct event *e);
/* One object of JSON; what is not known is left out. */
void event_print_json(const struct event *e);

/* @n events were lost; 0 if it is not known how many. */
void lost_print(uint64_t n);
void lost_print_json(uint64_t n);

#endif /* EVENT_VIEW_H */
