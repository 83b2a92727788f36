// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <ctalg.h>

#include "colour.h"
#include "event_view.h"
#include "text.h"

void event_print_time(uint64_t nanoseconds)
{
	time_t seconds = (time_t)(nanoseconds / 1000000000);
	char buf[ENDPOINT_SIZE];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(buf, sizeof(buf), "%F %T", &tm);
	printf("%s%s.%03u%s", paint(PAINT_FAINT), buf, (unsigned int)(nanoseconds / 1000000 % 1000),
	       paint(PAINT_END));
}

/* The arrow points from who sent what the event is about. */
static void print_flow(const struct event *e)
{
	char src[ENDPOINT_SIZE], dst[ENDPOINT_SIZE], user[USER_TEXT_SIZE];

	if (e->helper[0])
		printf(" %s", e->helper);
	if (e->flow.known)
		printf(" #%llu", (unsigned long long)e->flow.n);
	if (e->src.len)
		printf(" %s %c %s", endpoint_text(src, &e->src, e->src_port),
		       e->dir.known && e->dir.n ? '<' : '>',
		       endpoint_text(dst, &e->dst, e->dst_port));
	if (e->user.len)
		printf(" (%s)", user_text(user, &e->user));
	fputs(": ", stdout);
}

/* Of either of the two there may be none; an address without a port has 0 there. */
static const char *place(char buf[ENDPOINT_SIZE], const struct address *a, const struct maybe *port)
{
	if (a->len && port->known && port->n)
		return endpoint_text(buf, a, (uint16_t)port->n);
	if (port->known && !a->len)
		snprintf(buf, ENDPOINT_SIZE, "port %u", (unsigned int)port->n);
	else
		address_text(buf, a);
	return buf;
}

static const char *number_text(char buf[ENDPOINT_SIZE], const struct maybe *n)
{
	if (n->known)
		snprintf(buf, ENDPOINT_SIZE, " %llu", (unsigned long long)n->n);
	else
		buf[0] = 0;
	return buf;
}

static void print_session(const struct event *e, const char *verb)
{
	char number[ENDPOINT_SIZE];

	printf("%s%s %s", e->session_kind[0] ? e->session_kind : "session",
	       number_text(number, &e->session), verb);
}

/* What is told of it the first time. */
static void print_begin(const struct event *e)
{
	char key[KEY_TEXT_SIZE];

	print_session(e, "begins");
	if (e->session_key.len)
		printf(": %s", key_text(key, &e->session_key));
}

static void print_way(const struct event *e)
{
	char buf[ENDPOINT_SIZE];

	if (!e->outside.len && !e->outside_port.known)
		return;
	if (e->pinhole_l4.known)
		printf(", %s", l4_text(buf, (uint8_t)e->pinhole_l4.n));
	printf(" from %s", e->from.len ? address_text(buf, &e->from) : "any host");
	printf(" to %s", place(buf, &e->outside, &e->outside_port));
	if (e->inside.len || e->inside_port.known)
		printf(", which is %s", place(buf, &e->inside, &e->inside_port));
}

/* A path is for the protocol itself. */
static const char *kind_text(const char *kind)
{
	return strcmp(kind, "path") ? kind : "signalling";
}

static void print_pinhole(const struct event *e, const char *verb)
{
	char number[ENDPOINT_SIZE];

	printf("pinhole%s %s", number_text(number, &e->pinhole), verb);
	if (e->kind == CTALG_EVENT_KIND_PINHOLE_OPEN && e->pinhole_kind[0])
		printf(" for %s", kind_text(e->pinhole_kind));
	print_way(e);
}

static void print_closed(const struct event *e)
{
	char buf[ENDPOINT_SIZE];

	print_pinhole(e, "closes");
	if (e->reason[0])
		printf(": %s", e->reason);
	if (e->bytes_orig.known)
		printf(", %s sent", bytes_text(buf, &e->bytes_orig));
	if (e->bytes_reply.known)
		printf(", %s received", bytes_text(buf, &e->bytes_reply));
}

/* What a message names, if the event has it. */
static void print_named(const struct event *e)
{
	char buf[ENDPOINT_SIZE];

	if (e->old.len || e->old_port.known)
		printf(", it names %s", place(buf, &e->old, &e->old_port));
	print_way(e);
}

static void print_edit(const struct event *e)
{
	char old[ENDPOINT_SIZE], new[ENDPOINT_SIZE];

	printf("%s -> %s", place(old, &e->old, &e->old_port), place(new, &e->new, &e->new_port));
}

static void print_why(const struct event *e, const char *what)
{
	printf("%s%s%s", what, e->reason[0] ? ": " : "", e->reason);
}

static void print_change(const struct event *e)
{
	char user[USER_TEXT_SIZE];

	print_session(e, "");
	if (e->user.len)
		printf("is of %s now", user_text(user, &e->user));
	else
		printf("has no user any more");
}

static void print_words(const struct event *e)
{
	switch (e->kind) {
	case CTALG_EVENT_KIND_SESSION_BEGIN:
		return print_begin(e);
	case CTALG_EVENT_KIND_SESSION_CHANGE:
		return print_change(e);
	case CTALG_EVENT_KIND_SESSION_END:
		return print_session(e, "ends");
	case CTALG_EVENT_KIND_PINHOLE_OPEN:
		return print_pinhole(e, "opens");
	case CTALG_EVENT_KIND_PINHOLE_USED:
		return print_pinhole(e, "is used");
	case CTALG_EVENT_KIND_PINHOLE_CLOSED:
		return print_closed(e);
	case CTALG_EVENT_KIND_PINHOLE_REFUSED:
		print_why(e, "refused");
		return print_named(e);
	case CTALG_EVENT_KIND_EDIT:
		return print_edit(e);
	case CTALG_EVENT_KIND_MALFORMED:
		return print_why(e, "not understood");
	case CTALG_EVENT_KIND_UNREAD:
		return print_why(e, "passes unread");
	case CTALG_EVENT_KIND_LIMIT:
		print_why(e, "limit reached");
		return print_named(e);
	case CTALG_EVENT_KIND_DETACH:
		return print_why(e, "not read any more");
	case CTALG_EVENT_KIND_HANDOVER:
		return print_why(e, "handed over to the kernel");
	case CTALG_EVENT_KIND_RESET:
		return print_why(e, "connection reset");
	case CTALG_EVENT_KIND_DENIED:
		return print_why(e, "denied");
	default:
		return print_why(e, "something that this command does not know; update it");
	}
}

/* What was asked for, and which rule said something to it. */
static void print_request(const struct event *e)
{
	char object[KEY_TEXT_SIZE];

	if (e->command[0])
		printf(", asked for %s", e->command);
	if (e->object.len)
		printf("%s \"%s\"", e->command[0] ? "" : ", of", key_text(object, &e->object));
	if (e->rule.known)
		printf(", line %llu of the policy", (unsigned long long)e->rule.n);
}

static enum paint paint_of(uint32_t kind)
{
	switch (kind) {
	case CTALG_EVENT_KIND_PINHOLE_REFUSED:
	case CTALG_EVENT_KIND_LIMIT:
	case CTALG_EVENT_KIND_RESET:
	case CTALG_EVENT_KIND_DENIED:
		return PAINT_BAD;
	case CTALG_EVENT_KIND_MALFORMED:
	case CTALG_EVENT_KIND_UNREAD:
	case CTALG_EVENT_KIND_DETACH:
		return PAINT_WARNING;
	case CTALG_EVENT_KIND_PINHOLE_OPEN:
	case CTALG_EVENT_KIND_PINHOLE_USED:
		return PAINT_GOOD;
	default:
		return PAINT_END;
	}
}

void event_print(const struct event *e)
{
	event_print_time(e->time);
	print_flow(e);
	fputs(paint(paint_of(e->kind)), stdout);
	if (e->message[0])
		printf("%s: ", e->message);
	print_words(e);
	print_request(e);
	printf("%s\n", paint(PAINT_END));
}

void lost_print(uint64_t n)
{
	fputs(paint(PAINT_BAD), stdout);
	if (n)
		printf("%llu events were lost: they came faster than they were read",
		       (unsigned long long)n);
	else
		fputs("events were lost; the next one will tell how many", stdout);
	printf("%s\n", paint(PAINT_END));
}
