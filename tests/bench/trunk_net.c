// SPDX-License-Identifier: GPL-2.0
/* Sockets in namespaces, connection tracking's flush, and what the kernel traces of its deferred work. */
#define _GNU_SOURCE
#include "trunk_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <x86intrin.h>

#define TRACING "/sys/kernel/tracing/"

enum {
	/* How often what has not arrived is looked for again. */
	ARRIVAL_LOOKS = 200,
};

static int side_ns[SIDES];

void net_die(const char *what)
{
	fprintf(stderr, "trunk_bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		net_die(path);
	close(fd);
}

void net_begin(const char *const names[SIDES])
{
	char path[128];
	int i;

	for (i = 0; i < SIDES; i++) {
		snprintf(path, sizeof(path), "/run/netns/%s", names[i]);
		side_ns[i] = open(path, O_RDONLY);
		if (side_ns[i] < 0)
			net_die(path);
	}
}

/* Where the machine counts its instructions for a clock, these are instructions. */
uint64_t net_clock(void)
{
	return __rdtsc();
}

struct sockaddr_in net_place(const char *host, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };

	if (inet_pton(AF_INET, host, &at.sin_addr) != 1)
		net_die(host);
	return at;
}

static int socket_in(enum net_side side, int family, int type, int protocol)
{
	int fd;

	if (setns(side_ns[side], CLONE_NEWNET))
		net_die("setns");
	fd = socket(family, type, protocol);
	if (fd < 0)
		net_die("socket");
	return fd;
}

int net_udp(enum net_side side, const char *host, uint16_t port)
{
	struct sockaddr_in at = net_place(host, port);
	int fd = socket_in(side, AF_INET, SOCK_DGRAM, 0);

	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		net_die("bind");
	return fd;
}

/* What it takes until a datagram has been received; 0 if it is not. */
uint64_t net_pass(int from, const struct sockaddr_in *to, const char *data, size_t len, int at,
		  struct net_datagram *got)
{
	uint64_t began = net_clock();
	ssize_t n = -1;
	int looks;

	if (sendto(from, data, len, 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		return 0;
	for (looks = 0; n < 0 && looks < ARRIVAL_LOOKS; looks++) {
		n = recv(at, got->data, sizeof(got->data) - 1, MSG_DONTWAIT);
		if (n < 0)
			sched_yield();
	}
	if (n < 0)
		return 0;
	began = net_clock() - began;
	got->len = n;
	got->data[n] = 0;
	return began;
}

/* The router's connection tracking forgets all; what it takes. */
uint64_t net_forget_connections(void)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg nf;
	} ask = {
		.h.nlmsg_len = sizeof(ask),
		.h.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
		.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nf.nfgen_family = AF_INET,
	};
	int fd = socket_in(SIDE_ROUTER, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	struct {
		struct nlmsghdr h;
		struct nlmsgerr err;
		char more[64];
	} told;
	uint64_t began = net_clock();

	if (send(fd, &ask, sizeof(ask), 0) < 0)
		net_die("ctnetlink");
	began = net_clock() - began;
	if (recv(fd, &told, sizeof(told), 0) < (ssize_t)sizeof(told.h) + 4 || told.err.error)
		net_die("ctnetlink's answer");
	close(fd);
	return began;
}

/* From now on. Returns whether this kernel can tell. */
bool net_watch_work(void)
{
	file_write(TRACING "tracing_on", "0");
	file_write(TRACING "trace", "");
	if (access(TRACING "events/workqueue/workqueue_execute_end/enable", W_OK))
		return false;
	file_write(TRACING "events/workqueue/workqueue_execute_start/enable", "1");
	file_write(TRACING "events/workqueue/workqueue_execute_end/enable", "1");
	file_write(TRACING "tracing_on", "1");
	return true;
}

/* "…] ..... 12.345678: workqueue_execute_start: …": the time, in nanoseconds. */
static uint64_t trace_time(const char *line, const char *event)
{
	const char *at = strstr(line, event);
	double seconds = 0;

	while (at > line && at[-1] != ']')
		at--;
	if (sscanf(at, " %*s %lf", &seconds) != 1)
		net_die("trace");
	return (uint64_t)(seconds * 1e9);
}

/* How long each run of a kernel's work has taken since net_watch_work(), in time that passes by instructions. */
unsigned int net_work_took(const char *function, uint64_t *took, unsigned int most)
{
	char line[512], name[64];
	uint64_t began = 0;
	unsigned int n = 0;
	FILE *trace;

	file_write(TRACING "tracing_on", "0");
	snprintf(name, sizeof(name), "function %s ", function);
	trace = fopen(TRACING "trace", "r");
	if (!trace)
		net_die("trace");
	while (fgets(line, sizeof(line), trace)) {
		if (!strstr(line, name))
			continue;
		if (strstr(line, ": workqueue_execute_start: "))
			began = trace_time(line, ": workqueue_execute_start: ");
		else if (began && n < most && strstr(line, ": workqueue_execute_end: "))
			took[n++] = trace_time(line, ": workqueue_execute_end: ") - began;
	}
	fclose(trace);
	return n;
}
