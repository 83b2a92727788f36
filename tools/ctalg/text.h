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
	KEY_TEXT_SIZE = 4 * KEY_SIZE + 1,
	/* Characters of a key in a table. */
	KEY_BRIEF = 40,
};

/* 10.0.0.2, fd00::2 or 10.0.0.0/24; empty for no address. Returns @buf, as the others do. */
const char *address_text(char buf[ENDPOINT_SIZE], const struct address *a);
/* 10.0.0.2:4711 or [fd00::2]:4711 */
const char *endpoint_text(char buf[ENDPOINT_SIZE], const struct address *a, uint16_t port);
/* Whoever logged in chose these bytes: all but printable ASCII stands as \xHH. */
const char *user_text(char buf[USER_TEXT_SIZE], const struct user *u);
const char *key_text(char buf[KEY_TEXT_SIZE], const struct key *k);
/* The same, no wider than a column: of a long one the beginning, and "..". */
const char *key_brief(char buf[KEY_TEXT_SIZE], const struct key *k);
/* "tcp", or "udp+tcp" if there are two */
const char *transports_text(char buf[ENDPOINT_SIZE], uint8_t l4, uint8_t too);
/* tcp, udp, or the number */
const char *l4_text(char buf[ENDPOINT_SIZE], uint8_t l4);
/* 7 s, 12 min, 3 h, 5 d: the largest unit of which there are two, or seconds */
const char *age_text(char buf[ENDPOINT_SIZE], uint64_t milliseconds);
/* 999 B, 1.5 KiB, 20 MiB; "-" if it is not known */
const char *bytes_text(char buf[ENDPOINT_SIZE], const struct maybe *bytes);
/* 1024-65535, or "any" for 0-0 */
const char *port_range_text(char buf[ENDPOINT_SIZE], uint16_t first, uint16_t last);

/*
 * What people write. Each returns false if @word is not of this kind.
 *
 * A whole number of at most @most.
 */
bool number_of(const char *word, uint64_t most, uint64_t *n);
/* The same with K, M or G behind it, which are powers of 1024. */
bool size_of(const char *word, uint64_t most, uint64_t *n);
/* 1024-65535, a single port, or "any", which is 0-0. */
bool port_range_of(const char *word, uint16_t *first, uint16_t *last);

#endif /* TEXT_H */
