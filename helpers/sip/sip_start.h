/* SPDX-License-Identifier: GPL-2.0 */
/*
 *	INVITE sip:bob@example.com SIP/2.0		RFC 3261, section 7.1
 *	SIP/2.0 180 Ringing				RFC 3261, section 7.2
 *
 * One space between, none in a part of it but the last of an answer.
 */
#ifndef SIP_START_H
#define SIP_START_H

#include "sip_head.h"

/** enum sip_start - how a message begins */
enum sip_start {
	/** @SIP_START_NONE: as no message of SIP does */
	SIP_START_NONE,
	SIP_START_ALIVE,
	SIP_START_REQUEST,
	SIP_START_ANSWER,
	/** @SIP_START_VERSION: as one of another version */
	SIP_START_VERSION,
	/** @SIP_START_ODD: nearly as one */
	SIP_START_ODD,
};

/** enum sip_look - what the beginning of a stream looks like */
enum sip_look {
	SIP_LOOK_NOT,
	/** @SIP_LOOK_MAYBE: it may become a first line of SIP */
	SIP_LOOK_MAYBE,
	SIP_LOOK_LINE,
};

/* The first line. @h's reader stands behind it afterwards; its place and what is asked for are reported. */
enum sip_start sip_read_start(struct sip_head *h);

/* The reader stands behind any blank lines. */
enum sip_look sip_look_start(const struct ctalg_reader *rd);

/* Is something in it escaped that need not be, so that it is equal to what does not look like it? */
bool sip_is_disguised(const struct ctalg_reader *rd, struct ctalg_span at);

#endif /* SIP_START_H */
