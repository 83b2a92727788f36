/* SPDX-License-Identifier: GPL-2.0 */
/* A conversation with the kernel in generic netlink; what kernel*.c and events.c share. */
#ifndef NETLINK_H
#define NETLINK_H

#include <libmnl/libmnl.h>

#include "kernel.h"

enum {
	/* A piece of a policy is up to 32 KiB. */
	LINK_BUFFER_BYTES = 65536,
};

/**
 * struct link - a conversation with the kernel
 * @socket: libmnl's
 * @seq: number of the latest request
 * @error: errno of the answer, or 0
 * @said: the kernel's words about @error
 * @buffer: request, then answers
 */
struct link {
	struct mnl_socket *socket;
	uint32_t seq;
	int error;
	char said[256];
	char buffer[LINK_BUFFER_BYTES] __attribute__((aligned(8)));
};

/**
 * struct family - the family's numbers in this kernel
 * @id: of its messages; 0 while the module is not loaded
 * @events: of the multicast group; 0 if it has none
 */
struct family {
	uint16_t id;
	uint32_t events;
};

void link_open(struct link *l);
void link_close(struct link *l);
/* The numbers; of zeros if the module is not loaded. */
struct family link_family(struct link *l);
/* Begins a request of ours in the buffer. Ends the program if the module is not loaded. */
struct nlmsghdr *link_request(struct link *l, uint8_t cmd, uint16_t flags);
/* Sends what is in the buffer and gives @data to @on_message for each answer, until the kernel is done. */
void link_talk(struct link *l, mnl_cb_t on_message, void *data);
/* The second half of that, for a request that did not fit into the buffer. */
void link_listen(struct link *l, mnl_cb_t on_message, void *data);
/* Says why the kernel refuses, and ends the program. */
void link_fail(const struct link *l) __attribute__((noreturn));
void fail_without_module(void) __attribute__((noreturn));
void fail_without_privilege(void) __attribute__((noreturn));

/* Attributes by number, each NULL unless the message has it. */
struct attributes {
	const struct nlattr *a[64];
};

void attributes_of(const struct nlmsghdr *nlh, struct attributes *t);
void attributes_in(const struct nlattr *nest, struct attributes *t);

/* A number of any width; 0 if it is not there. */
uint64_t attr_number(const struct nlattr *a);
struct maybe attr_maybe(const struct nlattr *a);
void attr_text(const struct nlattr *a, char *buf);
void attr_address(const struct nlattr *a, struct address *to);
void attr_user(const struct nlattr *a, struct user *to);
void attr_key(const struct nlattr *a, struct key *to);

#endif /* NETLINK_H */
