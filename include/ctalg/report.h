/* SPDX-License-Identifier: GPL-2.0 */
/* What a parser found in one message. Pure data: it decides nothing. */
#ifndef CTALG_REPORT_H
#define CTALG_REPORT_H

#include <ctalg/addr.h>
#include <ctalg/reason.h>
#include <ctalg/span.h>

/** enum ctalg_dir - who sent it: the flow's originator or the other side */
enum ctalg_dir {
	CTALG_DIR_ORIG = 0,
	CTALG_DIR_REPLY = 1,
};

/** enum ctalg_l4 - transport of an endpoint; the numbers are IANA's */
enum ctalg_l4 {
	CTALG_L4_TCP = 6,
	CTALG_L4_UDP = 17,
};

/**
 * struct ctalg_endpoint - an address and port that the message names
 * @addr: the address; CTALG_AF_NONE means the sender's own (EPSV's reply names none)
 * @port: the port, host order; 0 means the sender's own port of this flow (TFTP)
 * @l4: enum ctalg_l4
 */
struct ctalg_endpoint {
	struct ctalg_addr addr;
	u16 port;
	u8 l4;
};

/**
 * struct ctalg_token - a place where an endpoint, or half of one, is written
 * @at: the bytes
 * @form: enum ctalg_form
 * @endpoint: index of the endpoint it writes
 */
struct ctalg_token {
	struct ctalg_span at;
	u8 form;
	u8 endpoint;
};

/**
 * struct ctalg_want - a data flow that the message announces
 * @endpoint: index of the endpoint that will be connected to; the peer connects
 *	from any port
 */
struct ctalg_want {
	u8 endpoint;
};

/** enum ctalg_op - what the message does to its session, as bits */
enum ctalg_op {
	/** @CTALG_OP_WITHDRAW: the pinholes of the latest request that are unused close */
	CTALG_OP_WITHDRAW = 1 << 0,
	/** @CTALG_OP_ASKS: it is a request: policy judges it, and the other side owes it one answer */
	CTALG_OP_ASKS = 1 << 1,
	/**
	 * @CTALG_OP_ANSWERS: it is the answer, or a part of it, to the oldest request that has
	 * none yet, and another could stand in its place
	 */
	CTALG_OP_ANSWERS = 1 << 2,
	/** @CTALG_OP_ANSWERED: that request has its answer with this */
	CTALG_OP_ANSWERED = 1 << 3,
	/** @CTALG_OP_ANSWERED_ALL: all requests so far have theirs */
	CTALG_OP_ANSWERED_ALL = 1 << 4,
	/** @CTALG_OP_OPAQUE: from here on both sides encrypt, or may */
	CTALG_OP_OPAQUE = 1 << 5,
	/** @CTALG_OP_PART: it is one of several parts of an answer, and can't stand for all of it */
	CTALG_OP_PART = 1 << 6,
	/** @CTALG_OP_AMBIGUOUS: a server may see another request in it, more than one, or one at all */
	CTALG_OP_AMBIGUOUS = 1 << 7,
	/** @CTALG_OP_LOGIN: whoever was named last as the user is now */
	CTALG_OP_LOGIN = 1 << 8,
	/** @CTALG_OP_NO_LOGIN: whoever was named last is not */
	CTALG_OP_NO_LOGIN = 1 << 9,
};

/** define CTALG_REPORT_ENDPOINTS - most endpoints, tokens and wants in one report */
#define CTALG_REPORT_ENDPOINTS 8

/**
 * struct ctalg_report - what a parser found in one message
 * @kind: which message, an index into struct ctalg_proto.kinds; 0 is "other"
 * @command: what is asked for, an index into struct ctalg_proto.commands; 0 is "other"
 * @reason: why the message has no endpoints although it should; CTALG_R_NONE if all is well
 * @ops: enum ctalg_op bits
 * @user: who is speaking, if this message tells
 * @object: what the message is about (a file name), if it tells
 * @n_endpoints: entries used in @endpoint
 * @n_tokens: entries used in @token
 * @n_wants: entries used in @want
 * @endpoint: the endpoints named
 * @token: where they are written
 * @want: which of them are to be opened
 *
 * Every span lies inside the message.
 */
struct ctalg_report {
	u16 kind;
	u16 command;
	u16 reason;
	u32 ops;
	struct ctalg_span user;
	struct ctalg_span object;
	u8 n_endpoints;
	u8 n_tokens;
	u8 n_wants;
	struct ctalg_endpoint endpoint[CTALG_REPORT_ENDPOINTS];
	struct ctalg_token token[CTALG_REPORT_ENDPOINTS];
	struct ctalg_want want[CTALG_REPORT_ENDPOINTS];
};

/**
 * ctalg_report_endpoint() - an endpoint was found
 * @r: the report
 * @addr: its address, or NULL for the sender's own
 * @port: its port, host order, or 0 for the sender's own
 * @l4: enum ctalg_l4
 *
 * Return: its index, or -1 when the report is full; nothing is changed then.
 */
int ctalg_report_endpoint(struct ctalg_report *r, const struct ctalg_addr *addr, u16 port, u8 l4);

/**
 * ctalg_report_token() - an endpoint is written here
 * @r: the report
 * @endpoint: what ctalg_report_endpoint() returned; one that is not there is ignored
 * @at: the bytes
 * @form: enum ctalg_form
 *
 * Return: false when the report is full.
 */
bool ctalg_report_token(struct ctalg_report *r, int endpoint, struct ctalg_span at, u8 form);

/**
 * ctalg_report_want() - the peer is going to connect to an endpoint
 * @r: the report
 * @endpoint: what ctalg_report_endpoint() returned; one that is not there is ignored
 *
 * Return: false when the report is full.
 */
bool ctalg_report_want(struct ctalg_report *r, int endpoint);

#endif /* CTALG_REPORT_H */
