/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TFTP requests (RFC 1350, section 5; options RFC 2347).
 *
 *	2 bytes opcode, file name, 0, mode, 0 [, option, 0, value, 0 ...]
 *
 * The server answers from a port that nobody has named, to the very port that the
 * request came from (RFC 1350, section 4).
 */
#ifndef TFTP_PARSE_H
#define TFTP_PARSE_H

#include <ctalg/proto.h>

/** enum tftp_kind - the packet's opcode; anything else is TFTP_OTHER */
enum tftp_kind {
	TFTP_OTHER,
	TFTP_RRQ,
	TFTP_WRQ,
};

/** enum tftp_reason - TFTP's own reasons */
enum tftp_reason {
	TFTP_R_BAD_REQUEST = CTALG_R_PRIVATE,
};

/** define TFTP_PINHOLE_SECONDS - how long a pinhole waits for its data flow */
#define TFTP_PINHOLE_SECONDS 30

extern const struct ctalg_proto tftp_proto;

#endif /* TFTP_PARSE_H */
