/* SPDX-License-Identifier: GPL-2.0 */
/* The services that ctalg has modules for, loaded or not. */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* Ports of one service. */
	PORTS_MAX = 64,
	TRANSPORTS_MAX = 2,
};

struct ctalg_proto;

/**
 * struct service - what a helper is for
 * @name: of the helper, as rules say it; a module of ours and of the kernel are named after it
 * @l4: transport of its control flows, the usual one if there are two
 * @port: where servers usually are
 * @lifetime: seconds that a pinhole waits unless it is told otherwise
 * @proto: what it speaks
 */
struct service {
	const char *name;
	uint8_t l4;
	uint16_t port;
	uint32_t lifetime;
	const struct ctalg_proto *proto;
};

/* All of them, up to one without a name. */
extern const struct service services[];

/* NULL if there is none of that name. */
const struct service *service_of(const char *name);
/* Ends the program unless there is one. */
const struct service *service_named(const char *name);
/* "ftp, sip, tftp" */
const char *service_names(void);
/* The n-th transport of its control flows, from 0, or 0 if it has no more. */
uint8_t service_transport(const struct service *s, unsigned int n);
bool service_goes_over(const struct service *s, uint8_t l4);
/* A port as somebody wrote it, or 0. */
uint16_t port_of(const char *word);

/**
 * struct attachment - new flows to this port, over each transport of this service, get its helper
 */
struct attachment {
	const struct service *service;
	uint16_t port;
};

/**
 * struct attachments - several
 * @a: by service as services[] has them, then by port; none twice
 * @n: how many
 */
struct attachments {
	struct attachment *a;
	size_t n;
};

/* Returns false if it is there already. */
bool attachments_add(struct attachments *all, const struct service *s, uint16_t port);
/* Takes the port away, or with 0 all ports of the service. Returns how many went. */
size_t attachments_remove(struct attachments *all, const struct service *s, uint16_t port);
/* How many that service has. */
size_t attachments_of(const struct attachments *all, const struct service *s);
bool attachments_have(const struct attachments *all, const struct service *s, uint16_t port);
void attachments_free(struct attachments *all);

#endif /* SERVICE_H */
