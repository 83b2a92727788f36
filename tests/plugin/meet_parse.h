/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MEET, a protocol made up to show how a helper is written.
 *
 *	client:  MEET 10.0.0.2:4711 CRLF	"connect to me there"
 *	server:  any line
 */
#ifndef MEET_PARSE_H
#define MEET_PARSE_H

#include <ctalg/proto.h>

enum meet_kind {
	MEET_OTHER,
	MEET_MEET,
};

enum meet_reason {
	MEET_R_BAD_ADDRESS = CTALG_R_PRIVATE,
};

extern const struct ctalg_proto meet_proto;

#endif /* MEET_PARSE_H */
