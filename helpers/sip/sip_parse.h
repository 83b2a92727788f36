/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SIP (RFC 3261 and family), over UDP and TCP.
 *
 *	method URI SIP/2.0 | SIP/2.0 status reason	section 7.1, 7.2
 *	name: value					section 7.3, folded or not
 *
 *	body						section 7.4
 */
#ifndef SIP_PARSE_H
#define SIP_PARSE_H

#include <ctalg/proto.h>

/* clang-format off */
/* RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086. */
#define SIP_METHODS(X)				\
	X(INVITE, INVITE)			\
	X(ACK, ACK)				\
	X(BYE, BYE)				\
	X(CANCEL, CANCEL)			\
	X(OPTIONS, OTHER)			\
	X(REGISTER, REGISTER)			\
	X(PRACK, PRACK)				\
	X(SUBSCRIBE, OTHER)			\
	X(NOTIFY, OTHER)			\
	X(PUBLISH, OTHER)			\
	X(INFO, OTHER)				\
	X(REFER, OTHER)				\
	X(MESSAGE, OTHER)			\
	X(UPDATE, UPDATE)
/* clang-format on */

/** enum sip_method - what is asked for; an index into struct ctalg_proto.commands */
enum sip_method {
	SIP_OTHER,
#define SIP_METHOD_ENUM(name, means) SIP_##name,
	SIP_METHODS(SIP_METHOD_ENUM)
#undef SIP_METHOD_ENUM
		SIP_METHODS_MAX,
};

/** enum sip_kind - which message it is; below SIP_KIND_METHODS */
enum sip_kind {
	/** @SIP_KIND_OTHER: no SIP at all */
	SIP_KIND_OTHER,
	/** @SIP_KIND_ALIVE: it keeps the way open and says nothing (RFC 5626, section 4.4) */
	SIP_KIND_ALIVE,
	SIP_KIND_ANSWER,
	/** @SIP_KIND_REQUEST: of SIP_OTHER; enum sip_method is counted from here */
	SIP_KIND_REQUEST,
};

/** enum sip_reason - SIP's own reasons */
enum sip_reason {
	/** @SIP_R_START_LINE: the first line is almost one of SIP */
	SIP_R_START_LINE = CTALG_R_PRIVATE,
	/** @SIP_R_VERSION: another version than 2.0 */
	SIP_R_VERSION,
	/** @SIP_R_HEADER: a header that matters can't be read */
	SIP_R_HEADER,
	/** @SIP_R_MISSING: one that each message must have is not there */
	SIP_R_MISSING,
	/** @SIP_R_REPEATED: there are two of what there can be one */
	SIP_R_REPEATED,
	/** @SIP_R_CSEQ: CSeq names another method than the first line */
	SIP_R_CSEQ,
	/** @SIP_R_UNFINISHED: the headers have no end */
	SIP_R_UNFINISHED,
	/** @SIP_R_LENGTH: Content-Length is no number, or more than there is */
	SIP_R_LENGTH,
	/** @SIP_R_BODY: a description in the body can't be read, or not all of it */
	SIP_R_BODY,
};

/**
 * struct sip_state - what SIP remembers of a connection
 * @anchored: per direction, the first message was SIP
 */
struct sip_state {
	bool anchored[2];
};

/** define SIP_PINHOLE_SECONDS - how long a pinhole waits for its data flow */
#define SIP_PINHOLE_SECONDS 180

/** define SIP_REPEAT_SECONDS - for so long a request is repeated that nobody answers (RFC 3261, section 17, 64*T1) */
#define SIP_REPEAT_SECONDS 32
/** define SIP_VIA_SECONDS - how long an answer to a request may take (RFC 3261, section 17, 64*T1 and more) */
#define SIP_VIA_SECONDS 64
/** define SIP_CONTACT_SECONDS - how long a contact is registered if nothing says so (section 10.3) */
#define SIP_CONTACT_SECONDS 3600

extern const struct ctalg_proto sip_proto;

#endif /* SIP_PARSE_H */
