/* SPDX-License-Identifier: GPL-2.0 */
/*
 *	sip:user:password@host:port;parameters?headers		RFC 3261, section 19.1.1
 *	"Display Name" <URI>;parameters				RFC 3261, section 20.10
 */
#ifndef SIP_URI_H
#define SIP_URI_H

#include "sip_scan.h"

enum { SIP_PORT = 5060, SIPS_PORT = 5061 };

/** enum sip_scheme - which kind of URI */
enum sip_scheme {
	/** @SIP_SCHEME_OTHER: one that names no host for us: tel, urn, http */
	SIP_SCHEME_OTHER,
	SIP_SCHEME_SIP,
	SIP_SCHEME_SIPS,
};

/** enum sip_transport - how a place is reached */
enum sip_transport {
	SIP_TRANSPORT_UNSAID,
	SIP_TRANSPORT_UDP,
	SIP_TRANSPORT_TCP,
	SIP_TRANSPORT_TLS,
	/** @SIP_TRANSPORT_OTHER: WebSockets, SCTP and what is not known */
	SIP_TRANSPORT_OTHER,
};

/**
 * struct sip_host - ``host`` or ``host:port``
 * @at: both of them
 * @name: the host alone, with its brackets
 * @addr: its address; CTALG_AF_NONE for a name
 * @ported: a port is written
 * @port: it; may be 0
 */
struct sip_host {
	struct ctalg_span at;
	struct ctalg_span name;
	struct ctalg_addr addr;
	bool ported;
	u16 port;
};

/**
 * struct sip_literal - an address that is the value of a parameter
 * @at: where
 * @addr: the address; CTALG_AF_NONE if there is none
 * @form: enum ctalg_form
 */
struct sip_literal {
	struct ctalg_span at;
	struct ctalg_addr addr;
	u8 form;
};

/**
 * struct sip_uri - a URI
 * @at: all of it
 * @rest: without the scheme
 * @user: without the password
 * @place: ``user@host``, with the password and without the port; @rest, if it is no SIP URI
 * @host: host and port
 * @maddr: where it is sent instead (RFC 3261, section 19.1.1)
 * @scheme: enum sip_scheme
 * @transport: enum sip_transport
 * @headers: there are headers behind it
 */
struct sip_uri {
	struct ctalg_span at;
	struct ctalg_span rest;
	struct ctalg_span user;
	struct ctalg_span place;
	struct sip_host host;
	struct sip_literal maddr;
	u8 scheme;
	u8 transport;
	bool headers;
};

/* Host and port; white space may surround the colon if @spaced. */
bool sip_scan_host(struct ctalg_reader *rd, bool spaced, struct sip_host *h);

/* The whole of a span is an address. */
void sip_span_literal(const struct ctalg_reader *rd, struct ctalg_span at, struct sip_literal *l);

/* enum sip_transport, as a parameter or Via says it */
u8 sip_transport(const struct ctalg_reader *rd, struct ctalg_span word);

/* All that a reader covers is one URI. */
bool sip_read_uri(struct ctalg_reader *rd, struct sip_uri *u);

/* A URI with or without a name and ``<>``, up to its parameters in the header. */
bool sip_scan_address(struct ctalg_reader *rd, struct sip_uri *u);

#endif /* SIP_URI_H */
