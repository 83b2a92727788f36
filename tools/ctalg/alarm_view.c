// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "alarm.h"
#include "colour.h"
#include "event_view.h"
#include "text.h"
#include "tool.h"
#include "view.h"

enum {
	SENTENCE_SIZE = ALARM_NAME_SIZE + USER_TEXT_SIZE + 256,
};

/* Whom it is about; empty for all. */
static const char *of_text(char buf[USER_TEXT_SIZE], const struct alarm_rule *r,
			   const struct window_key *of)
{
	struct address a = { .len = of->len };
	struct user u = { .len = of->len };
	char host[ENDPOINT_SIZE];

	if (r->per != ALARM_PER_HOST) {
		memcpy(u.b, of->b, of->len);
		return user_text(buf, &u);
	}
	memcpy(a.b, of->b, of->len);
	snprintf(buf, USER_TEXT_SIZE, "%s", address_text(host, &a));
	return buf;
}

/* alarm "guessing": more than 20 denied in 60 s, host 10.0.0.2 */
static void sentence(char buf[SENTENCE_SIZE], const struct alarm_rule *r,
		     const struct window_key *of, bool over)
{
	char who[USER_TEXT_SIZE];

	of_text(who, r, of);
	snprintf(buf, SENTENCE_SIZE, "alarm \"%s\"%s %u %s in %u s%s%s%s%s", r->name,
		 over ? " is over: no more than" : ": more than", r->most, r->event, r->seconds,
		 r->per ? ", " : "", alarm_per_name(r->per), r->per ? " " : "", who);
}

void alarm_print(const struct alarm_rule *r, const struct window_key *of, const struct event *e,
		 uint64_t now)
{
	char text[SENTENCE_SIZE];

	sentence(text, r, of, !e);
	event_print_time(now);
	printf(" %s%s%s\n", paint(e ? PAINT_BAD : PAINT_GOOD), text, paint(PAINT_END));
}

void alarm_print_json(const struct alarm_rule *r, const struct window_key *of,
		      const struct event *e, uint64_t now)
{
	json_t *o = need(json_object());
	char who[USER_TEXT_SIZE];

	json_object_set_new(o, "kind", json_string("alarm"));
	json_object_set_new(o, "time", time_json(now));
	json_object_set_new(o, "alarm", json_string(r->name));
	json_object_set_new(o, "state", json_string(e ? "raised" : "over"));
	json_object_set_new(o, "event", json_string(r->event));
	json_object_set_new(o, "most", json_integer(r->most));
	json_object_set_new(o, "period", json_integer(r->seconds));
	if (r->per)
		json_object_set_new(o, alarm_per_name(r->per), json_string(of_text(who, r, of)));
	if (e)
		json_object_set_new(o, "latest", event_json(e));
	json_print_line(o);
}

void alarm_log(const struct alarm_rule *r, const struct window_key *of, bool over)
{
	char text[SENTENCE_SIZE];

	sentence(text, r, of, over);
	syslog(over ? LOG_NOTICE : LOG_WARNING, "%s", text);
}
