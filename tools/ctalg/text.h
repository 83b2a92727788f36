/* SPDX-License-Identifier: GPL-2.0 */
/* How things are written for people. */
#ifndef TEXT_H
#define TEXT_H

#include "kernel.h"

enum {
	/* An address, or an endpoint, with its NUL. */
	ENDPOINT_SIZE = 64,
	/* A user all of whose bytes are escaped, with its NUL. */
	USER_TEXT_SIZE = 4 * USER_SIZE + 1,
};

/* 10.0.0.2 or fd00::2; empty for no address. Returns @buf, as the others do. */
const char *address_text(char buf[ENDPOINT_SIZE], const struct address *a);
/* 10.0.0.2:4711 or [fd00::2]:4711 */
const char *endpoint_text(char buf[ENDPOINT_SIZE], const struct address *a, uint16_t port);
/* Whoever logged in chose these bytes: all but printable ASCII stands as \xHH. */
const char *user_text(char buf[USER_TEXT_SIZE], const struct user *u);
/* tcp, udp, or the number */
const char *l4_text(char buf[ENDPOINT_SIZE], uint8_t l4);
/* 7 s, 12 min, 3 h, 5 d: the largest unit of which there are two, or seconds */
const char *age_text(char buf[ENDPOINT_SIZE], uint64_t milliseconds);

#endif /* TEXT_H */
