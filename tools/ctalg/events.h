/* SPDX-License-Identifier: GPL-2.0 */
/* What happens, as the kernel tells it, and whether all of it arrives. */
#ifndef EVENTS_H
#define EVENTS_H

#include "kernel.h"

/**
 * struct event - something that has happened; what is not known is empty
 * @seq: its number in the namespace
 * @kind: CTALG_EVENT_KIND_*
 * @time: nanoseconds since 1970
 * @dir: 0 if the flow's originator sent what it is about, 1 if the other side did
 * @session_kind: what the session is; of events of sessions
 * @session_key: and what the protocol calls it
 * @pinhole_kind: what comes to the pinhole
 * @from: who may connect; no address if any may
 * @outside: the address that it connects to
 * @inside: where that leads
 * @old: what a message named; no address where it named the sender's own
 * @new: what it names now
 * @command: what was asked for, as policy calls it
 * @object: what it was asked for
 * @rule: line of the policy's file with the rule that said so
 */
struct event {
	uint64_t seq;
	uint32_t kind;
	uint64_t time;
	char helper[NAME_SIZE];
	struct maybe flow;
	struct maybe l4;
	struct address src;
	struct address dst;
	uint16_t src_port;
	uint16_t dst_port;
	struct maybe zone;
	struct maybe dir;
	char reason[NAME_SIZE];
	char message[NAME_SIZE];
	struct maybe session;
	char session_kind[NAME_SIZE];
	struct key session_key;
	struct user user;
	struct maybe pinhole;
	struct maybe pinhole_l4;
	char pinhole_kind[NAME_SIZE];
	struct address from;
	struct address outside;
	struct address inside;
	struct maybe outside_port;
	struct maybe inside_port;
	struct address old;
	struct address new;
	struct maybe old_port;
	struct maybe new_port;
	struct maybe bytes_orig;
	struct maybe bytes_reply;
	char command[NAME_SIZE];
	struct key object;
	struct maybe rule;
};

/* Listens from now on, with room for @room bytes of events, 0 for as much as is reasonable. */
void events_open(unsigned int room);
/* To poll for events. */
int events_fd(void);

/** enum events_read - how it went */
enum events_read {
	/** @EVENTS_READ: all that had come was given */
	EVENTS_READ,
	/** @EVENTS_OVERRUN: some came too fast, and are lost */
	EVENTS_OVERRUN,
	/** @EVENTS_GONE: the module has been unloaded */
	EVENTS_GONE,
};

/* Gives one packet's events to @on_event. */
enum events_read events_read(void (*on_event)(const struct event *e));

#endif /* EVENTS_H */
