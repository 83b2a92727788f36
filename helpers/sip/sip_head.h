/* SPDX-License-Identifier: GPL-2.0 */
/* What the headers of one message have said so far. */
#ifndef SIP_HEAD_H
#define SIP_HEAD_H

#include "sip_line.h"
#include "sip_parse.h"
#include "sip_uri.h"

/* Contacts whose expiry is known at the end only: few enough for a stack. */
enum { SIP_CONTACTS_MAX = 32 };

/** enum sip_rank - how well a header knows who speaks */
enum sip_rank {
	SIP_RANK_NONE,
	SIP_RANK_FROM,
	SIP_RANK_ASSERTED,
	SIP_RANK_AUTHORIZATION,
};

/** enum sip_flag - what a message says in a word, as bits */
enum sip_flag {
	SIP_FLAG_100REL = 1 << 0,
	/** @SIP_FLAG_ENCODED: the body is compressed or so */
	SIP_FLAG_ENCODED = 1 << 1,
	/** @SIP_FLAG_ALL: Contact is ``*`` */
	SIP_FLAG_ALL = 1 << 2,
};

/**
 * struct sip_contact - where somebody is reached
 * @endpoint: index of it
 * @seconds: how long, or CTALG_NO_SECONDS if it does not say
 */
struct sip_contact {
	u16 endpoint;
	u32 seconds;
};

/**
 * struct sip_head - one message
 * @m: it
 * @r: its report
 * @rd: a reader over all of it
 * @seen: bits of enum sip_header
 * @flags: enum sip_flag bits
 * @status: of an answer; 0 for a request
 * @method: enum sip_method of the first line's or CSeq's
 * @verb: the method as the first line writes it
 * @aor: user and host of To
 * @cseq: the method as CSeq writes it
 * @type: value of Content-Type
 * @digits: value of Content-Length
 * @length: the number
 * @expires: of the header, or CTALG_NO_SECONDS
 * @session: Session-Expires, or CTALG_NO_SECONDS
 * @rank: enum sip_rank of r->user
 * @n_contacts: entries used in @contact
 */
struct sip_head {
	const struct ctalg_message *m;
	struct ctalg_report *r;
	struct ctalg_reader rd;
	u32 seen;
	u8 flags;
	u16 status;
	u8 method;
	struct ctalg_span verb;
	struct ctalg_span aor;
	struct ctalg_span cseq;
	struct ctalg_span type;
	struct ctalg_span digits;
	u32 length;
	u32 expires;
	u32 session;
	u8 rank;
	u8 n_contacts;
	struct sip_contact contact[SIP_CONTACTS_MAX];
};

static inline bool sip_has(const struct sip_head *h, u8 header)
{
	return h->seen >> header & 1;
}

/* enum sip_method */
u8 sip_method_of(const struct ctalg_reader *rd, struct ctalg_span word);

/* One header; returns CTALG_R_NONE or what is wrong with it. */
unsigned int sip_head_line(struct sip_head *h, const struct sip_line *line);

/* A place's endpoint, the same for the same place; -1 if there is no room. */
int sip_endpoint(struct sip_head *h, const struct ctalg_addr *a, u16 port, u8 l4, u8 role);

/* The same, and where it is written; -1 too if nobody could connect to it. */
int sip_report_host(struct sip_head *h, const struct sip_host *host, u16 implied, u8 l4, u8 role);
int sip_report_literal(struct sip_head *h, const struct sip_literal *at, u16 port, u8 l4, u8 role);
/* The endpoint that is connected to. */
int sip_report_uri(struct sip_head *h, const struct sip_uri *u, u8 role);

/* enum ctalg_l4 of the message's flow */
u8 sip_l4(const struct sip_head *h);

/**
 * struct sip_via_gaps - what a server fills in, in the topmost Via (RFC 3261, section 18.2.1; RFC 3581)
 * @host: where the sender of the request thinks it is; CTALG_AF_NONE for a name
 * @rport: behind ``rport``, if that has no value; else 0
 * @end: behind the last parameter; 0 if it can't be read
 * @received: somebody has filled it in already
 */
struct sip_via_gaps {
	struct ctalg_addr host;
	u32 rport;
	u32 end;
	bool received;
};

void sip_find_gaps(const struct ctalg_reader *of, struct ctalg_span value, struct sip_via_gaps *g);

/* The topmost Via; CTALG_R_NONE or SIP_R_HEADER. */
unsigned int sip_read_via(struct sip_head *h, struct ctalg_reader *rd);

#endif /* SIP_HEAD_H */
