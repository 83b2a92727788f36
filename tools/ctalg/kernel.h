/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel knows, as plain data. Only kernel*.c and events.c know netlink. */
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
	KEY_SIZE = 255,
};

/**
 * struct address - an IP address, or those that begin as it does
 * @len: 4, 16, or 0 for none
 * @bits: so many leading bits count; 0 stands for all of them
 * @b: in network order
 */
struct address {
	uint8_t len;
	uint8_t bits;
	uint8_t b[16];
};

/**
 * struct maybe - a number that the kernel may not have told
 * @known: it has
 * @n: the number
 */
struct maybe {
	bool known;
	uint64_t n;
};

struct counter {
	char reason[NAME_SIZE];
	uint64_t orig;
	uint64_t reply;
};

/**
 * struct helper - a helper in this namespace
 * @l4_too: another transport of its control flows, or 0
 * @lifetime: seconds that a pinhole waits
 * @finishing: it is not enabled, and the flows that there were go on being read
 * @port_first: outside ports are chosen from here on; 0 for any
 * @port_last: and up to here
 */
struct helper {
	char name[NAME_SIZE];
	char version[NAME_SIZE];
	uint8_t l4;
	uint8_t l4_too;
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

/**
 * struct key - what a protocol calls a session by
 * @len: bytes, 0 if it has no such thing
 * @b: any bytes
 */
struct key {
	uint8_t len;
	uint8_t b[KEY_SIZE];
};

/**
 * struct session - what a user does over a flow
 * @age: milliseconds
 * @bytes_orig: what the originator has sent in data flows
 * @bytes_reply: and the other party
 */
struct session {
	uint64_t id;
	uint64_t flow;
	char helper[NAME_SIZE];
	char kind[NAME_SIZE];
	struct user user;
	struct key key;
	uint32_t state;
	uint64_t age;
	struct address src;
	struct address dst;
	uint32_t opened;
	uint32_t pinholes;
	struct maybe bytes_orig;
	struct maybe bytes_reply;
};

/**
 * struct pinhole - an expected data flow
 * @kind: what comes there
 * @from: who may connect; no address if any may
 * @age: milliseconds
 * @expires: seconds for which it goes on waiting; not known once it is used
 * @bytes_orig: what the control flow's originator has sent in its data flow
 * @bytes_reply: and the other party
 */
struct pinhole {
	uint64_t id;
	uint64_t session;
	uint64_t flow;
	char helper[NAME_SIZE];
	char kind[NAME_SIZE];
	struct user user;
	uint8_t l4;
	struct address from;
	struct address outside;
	struct address inside;
	uint16_t outside_port;
	uint16_t inside_port;
	uint32_t state;
	uint64_t age;
	struct maybe expires;
	struct maybe bytes_orig;
	struct maybe bytes_reply;
};

/**
 * struct limit - how many there may be of something
 * @standard: unless it is set
 * @now: how many there are; not known for limits of one host, session or flow
 * @peak: how many there have been at most
 */
struct limit {
	char name[NAME_SIZE];
	uint64_t value;
	uint64_t standard;
	struct maybe now;
	uint64_t peak;
};

/* Is the module there? The lists below end the program if it is not. */
bool kernel_has_module(void);
/* The module's version; empty if it is not loaded. Needs no privilege. */
void kernel_version(char *buf, size_t size);

/*
 * All there are, or the end of the program with a sentence. The caller frees the
 * list, whose length is returned.
 */
size_t kernel_helpers(struct helper **list);
size_t kernel_flows(struct flow **list);
size_t kernel_sessions(struct session **list);
size_t kernel_pinholes(struct pinhole **list);
size_t kernel_limits(struct limit **list);

/**
 * struct policy - what to change of a helper; begin with POLICY_AS_IS
 * @loose: 0, 1, or -1 to leave it
 * @any_source: the same
 * @strict: the same
 * @enabled: the same
 * @finishing: the same
 * @lifetime: seconds, or -1 to leave it
 * @port_first: first outside port, 0 for any, or -1 to leave them
 * @port_last: and the last
 */
struct policy {
	int loose;
	int any_source;
	int strict;
	int enabled;
	int finishing;
	int64_t lifetime;
	int32_t port_first;
	int32_t port_last;
};

#define POLICY_AS_IS                                                                               \
	((struct policy){ .loose = -1,                                                             \
			  .any_source = -1,                                                        \
			  .strict = -1,                                                            \
			  .enabled = -1,                                                           \
			  .finishing = -1,                                                         \
			  .lifetime = -1,                                                          \
			  .port_first = -1,                                                        \
			  .port_last = -1 })

/* Changes it. Returns false if no such helper is loaded; ends the program on other errors. */
bool kernel_set(const char *helper, const struct policy *p);
/* Changes it. Returns false if there is no such limit; ends the program on other errors. */
bool kernel_limit_set(const char *limit, uint64_t value);

/**
 * struct loaded - the policy of this namespace
 * @image: in the layout of src/engine/policy.h, not checked; NULL if there is none
 * @len: its length
 * @generation: which policy it is; 0 while there has been none
 * @known: the module knows of policies
 */
struct loaded {
	void *image;
	uint32_t len;
	uint32_t generation;
	bool known;
};

/* Reads it, or ends the program. The caller frees the image. */
void kernel_policy(struct loaded *policy);
/* Replaces it; with NULL there is none any more. Ends the program if the kernel refuses. */
void kernel_policy_set(const void *image, uint32_t len);

#endif /* KERNEL_H */
