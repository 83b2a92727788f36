/* SPDX-License-Identifier: GPL-2.0 */
/* Firewalls that let control connections in, but not the data flows that belong to them. */
#ifndef ATTACHED_FIREWALL_H
#define ATTACHED_FIREWALL_H

#include "attached.h"

/**
 * struct gate - a base chain of nftables in which packets are dropped unless a rule lets them pass
 * @where: what to call it
 * @chain: its family, table and name
 * @forward: it is about what passes the machine; else about what comes to it
 */
struct gate {
	char where[WHERE_SIZE];
	char chain[WHERE_SIZE];
	bool forward;
};

/*
 * The first such chain from object @at on through which new connections to the port
 * can pass, but nothing that is related to them. A rule that is not understood lets
 * all pass. Moves @at behind it; returns false if there is none.
 */
bool attached_gate(struct gate *g, const struct attached_list *all, uint8_t l4, uint16_t port,
		   size_t *at);

#endif /* ATTACHED_FIREWALL_H */
