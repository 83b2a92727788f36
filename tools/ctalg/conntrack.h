/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's connections, as far as the doctor asks after them. */
#ifndef CONNTRACK_H
#define CONNTRACK_H

#include "kernel.h"

/**
 * struct connection - a tracked connection; addresses and ports as its originator sees them
 * @to: the address that answers go to
 * @helper: what is attached, or empty
 * @replied: there has been an answer
 * @established: TCP: the handshake is complete, and nobody has ended it
 * @offloaded: its packets go past the rules
 */
struct connection {
	uint8_t l4;
	struct address src;
	struct address dst;
	uint16_t src_port;
	uint16_t dst_port;
	struct address to;
	char helper[NAME_SIZE];
	bool replied;
	bool established;
	bool offloaded;
};

/* Those that @wanted; the caller frees the list, whose length is returned. */
size_t conntrack_list(struct connection **list,
		      bool (*wanted)(const struct connection *c, const void *data),
		      const void *data);

#endif /* CONNTRACK_H */
