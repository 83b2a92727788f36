// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <time.h>

#include "event_view.h"
#include "names.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static void put_text(json_t *o, const char *name, const char *text)
{
	if (text[0])
		json_object_set_new(o, name, json_string(text));
}

static void put_number(json_t *o, const char *name, const struct maybe *n)
{
	if (n->known)
		json_object_set_new(o, name, json_number(n->n));
}

static void put_address(json_t *o, const char *name, const struct address *a)
{
	char buf[ENDPOINT_SIZE];

	put_text(o, name, address_text(buf, a));
}

static void put_l4(json_t *o, const char *name, const struct maybe *l4)
{
	char buf[ENDPOINT_SIZE];

	if (l4->known)
		put_text(o, name, l4_text(buf, (uint8_t)l4->n));
}

json_t *time_json(uint64_t nanoseconds)
{
	time_t seconds = (time_t)(nanoseconds / 1000000000);
	char day[ENDPOINT_SIZE], all[2 * ENDPOINT_SIZE];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%FT%T", &tm);
	snprintf(all, sizeof(all), "%s.%09uZ", day, (unsigned int)(nanoseconds % 1000000000));
	return json_string(all);
}

static void put_flow(json_t *o, const struct event *e)
{
	put_number(o, "flow", &e->flow);
	put_l4(o, "l4", &e->l4);
	if (e->src.len) {
		put_address(o, "src", &e->src);
		json_object_set_new(o, "src_port", json_integer(e->src_port));
		put_address(o, "dst", &e->dst);
		json_object_set_new(o, "dst_port", json_integer(e->dst_port));
	}
	put_number(o, "zone", &e->zone);
}

static void put_pinhole(json_t *o, const struct event *e)
{
	put_number(o, "pinhole", &e->pinhole);
	put_l4(o, "pinhole_l4", &e->pinhole_l4);
	put_text(o, "pinhole_kind", e->pinhole_kind);
	put_address(o, "from", &e->from);
	put_address(o, "outside", &e->outside);
	put_number(o, "outside_port", &e->outside_port);
	put_address(o, "inside", &e->inside);
	put_number(o, "inside_port", &e->inside_port);
	put_number(o, "bytes_orig", &e->bytes_orig);
	put_number(o, "bytes_reply", &e->bytes_reply);
}

static void put_edit(json_t *o, const struct event *e)
{
	put_address(o, "old", &e->old);
	put_number(o, "old_port", &e->old_port);
	put_address(o, "new", &e->new);
	put_number(o, "new_port", &e->new_port);
}

static void put_request(json_t *o, const struct event *e)
{
	char object[KEY_TEXT_SIZE];

	put_text(o, "command", e->command);
	put_text(o, "object", key_text(object, &e->object));
	put_number(o, "rule", &e->rule);
}

json_t *event_json(const struct event *e)
{
	json_t *o = need(json_object());
	char user[USER_TEXT_SIZE], key[KEY_TEXT_SIZE];

	json_object_set_new(o, "seq", json_number(e->seq));
	put_text(o, "kind", event_kind_name(e->kind));
	json_object_set_new(o, "time", time_json(e->time));
	put_text(o, "helper", e->helper);
	put_flow(o, e);
	if (e->dir.known)
		put_text(o, "direction", e->dir.n ? "reply" : "orig");
	put_text(o, "reason", e->reason);
	put_text(o, "message", e->message);
	put_number(o, "session", &e->session);
	put_text(o, "session_kind", e->session_kind);
	put_text(o, "session_key", key_text(key, &e->session_key));
	put_text(o, "user", user_text(user, &e->user));
	put_pinhole(o, e);
	put_edit(o, e);
	put_request(o, e);
	return o;
}

void event_print_json(const struct event *e)
{
	json_print_line(event_json(e));
}

void lost_print_json(uint64_t n)
{
	json_t *o = need(json_object());

	put_text(o, "kind", "lost");
	json_object_set_new(o, "lost", n ? json_number(n) : json_null());
	json_print_line(o);
}
