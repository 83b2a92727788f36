/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel knows, as plain data. kernel.c alone knows netlink. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NAME_SIZE = 64,
	/* More counters than a helper can have. */
	COUNTERS = 128,
	USER_SIZE = 64,
};

/**
 * struct address - an IP address
 * @len: 4, 16, or 0 for none
 * @b: in network order
 */
struct address {
	uint8_t len;
	uint8_t b[16];
};

struct counter {
	char reason[NAME_SIZE];
	uint64_t orig;
	uint64_t reply;
};

struct helper {
	char name[NAME_SIZE];
	char version[NAME_SIZE];
	uint8_t l4;
	uint16_t port;
	uint32_t lifetime;
	bool loose;
	bool any_source;
	bool strict;
	bool enabled;
	bool finishing;
	uint16_t port_first;
	uint16_t port_last;
	struct counter counter[COUNTERS];
	size_t n_counters;
};

/**
 * struct flow - a control flow
 * @age: milliseconds
 * @has_streams: it is TCP, and what begins with @orig and @reply is known
 */
struct flow {
	uint64_t id;
	char helper[NAME_SIZE];
	uint8_t l4;
	struct address src;
	struct address dst;
	uint16_t src_port;
	uint16_t dst_port;
	uint16_t zone;
	uint64_t age;
	bool has_streams;
	uint32_t orig_mode;
	uint32_t reply_mode;
	int32_t orig_offset;
	int32_t reply_offset;
	uint32_t orig_held;
	uint32_t reply_held;
	uint32_t sessions;
	bool edited;
};

/**
 * struct user - a name as a protocol said it
 * @len: bytes, 0 if it is not known
 * @b: any bytes
 */
struct user {
	uint8_t len;
	uint8_t b[USER_SIZE];
};

struct session {
	uint64_t flow;
	char helper[NAME_SIZE];
	struct user user;
	uint32_t opened;
	uint32_t pinholes;
};

struct pinhole {
	uint64_t flow;
	char helper[NAME_SIZE];
	struct user user;
	uint8_t l4;
	struct address from;
	struct address outside;
	struct address inside;
	uint16_t outside_port;
	uint16_t inside_port;
	uint32_t state;
};

/*
 * All there are, or the end of the program with a sentence. The caller frees the
 * list, whose length is returned.
 */
size_t kernel_helpers(struct helper **list);
size_t kernel_flows(struct flow **list);
size_t kernel_sessions(struct session **list);
size_t kernel_pinholes(struct pinhole **list);

/**
 * struct limit - of a namespace
 * @value: how many there may be
 * @normal: what it is unless it is set
 * @now: how many there are; 0 where the kernel does not say
 * @peak: how many there have been at most
 */
struct limit {
	char name[NAME_SIZE];
	uint64_t value;
	uint64_t normal;
	uint64_t now;
	uint64_t peak;
};

/* None from a module that has no such thing. */
size_t kernel_limits(struct limit **list);
void kernel_limit_set(const char *name, uint64_t value);

/* The module is there and answers. */
bool kernel_answers(void);

/**
 * struct policy - what to change of a helper
 * @loose: 0, 1, or -1 to leave it
 * @any_source: the same
 * @strict: the same
 * @enabled: the same
 * @finishing: the same; of a helper that is turned off, whether the flows that there are go on
 * @lifetime: seconds, or -1
 * @has_ports: the next two are to be set
 * @port_first: outside ports are chosen from here on; 0 for no choice
 * @port_last: up to here
 */
struct policy {
	int loose;
	int any_source;
	int strict;
	int enabled;
	int finishing;
	int64_t lifetime;
	bool has_ports;
	uint16_t port_first;
	uint16_t port_last;
};

/* Changes nothing. */
extern const struct policy policy_left;

/* Changes it. Returns false if no such helper is loaded; ends the program on other errors. */
bool kernel_set(const char *helper, const struct policy *p);

#endif /* KERNEL_H */
