/* SPDX-License-Identifier: GPL-2.0 */
/* The ends of the network that tests/bench/trunk measures: sockets in its namespaces, and a clock. */
#ifndef CTALG_BENCH_TRUNK_NET_H
#define CTALG_BENCH_TRUNK_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALLER "10.0.0.2"
#define OTHER_CALLER "10.0.0.3"
#define OUTSIDE "198.51.100.1"
#define CALLEE "198.51.100.2"

enum net_side {
	SIDE_INSIDE,
	SIDE_OUTSIDE,
	SIDE_ROUTER,
	SIDES,
};

/* What arrived last. */
struct net_datagram {
	size_t len;
	char data[4096];
};

void net_begin(const char *const names[SIDES]);
uint64_t net_clock(void);
int net_udp(enum net_side side, const char *host, uint16_t port);
struct sockaddr_in net_place(const char *host, uint16_t port);
uint64_t net_pass(int from, const struct sockaddr_in *to, const char *data, size_t len, int at,
		  struct net_datagram *got);
uint64_t net_forget_connections(void);
bool net_watch_work(void);
unsigned int net_work_took(const char *function, uint64_t *took, unsigned int most);
void net_die(const char *what);

#endif /* CTALG_BENCH_TRUNK_NET_H */
