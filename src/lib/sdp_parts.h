/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the session description's parser share. */
#ifndef CTALG_LIB_SDP_PARTS_H
#define CTALG_LIB_SDP_PARTS_H

#include <ctalg/scan.h>
#include <ctalg/sdp.h>

/** enum ctalg_sdp_limit - what a description may ask for in one line */
enum ctalg_sdp_limit {
	/** @CTALG_SDP_PORTS: so many of the ports of ``m=audio 49170/2 ...`` are opened */
	CTALG_SDP_PORTS = 8,
	/** @CTALG_SDP_DISCARD: the port that stands for none (RFC 4145, RFC 8840) */
	CTALG_SDP_DISCARD = 9,
};

/**
 * struct ctalg_sdp_place - an address, and where it is written
 * @addr: CTALG_AF_NONE if there is none to which anything can be sent: a name, 0.0.0.0, a group
 * @at: its bytes
 */
struct ctalg_sdp_place {
	struct ctalg_addr addr;
	struct ctalg_span at;
};

/** enum ctalg_sdp_setup - who connects (RFC 4145) */
enum ctalg_sdp_setup {
	CTALG_SDP_SETUP_NONE,
	CTALG_SDP_SETUP_ACTIVE,
	CTALG_SDP_SETUP_OTHER,
};

/**
 * struct ctalg_sdp - a description that is being read
 * @r: what is found
 * @conn: the first c= of the session
 * @conn_pending: @conn has an address, of which nothing has been reported yet
 * @setup: enum ctalg_sdp_setup, for all media
 * @ice: the session has ICE's attributes
 * @first: the first endpoint of this description
 * @line: which m= line of the message it is at
 * @more: a line names more ports than are opened
 * @result: what the parser returns
 */
struct ctalg_sdp {
	struct ctalg_report *r;
	struct ctalg_sdp_place conn;
	bool conn_pending;
	u8 setup;
	bool ice;
	u16 first;
	u16 line;
	bool more;
	unsigned int result;
};

/** enum ctalg_sdp_state - what can be done about an m= line */
enum ctalg_sdp_state {
	CTALG_SDP_OPEN,
	CTALG_SDP_HELD,
	CTALG_SDP_CLOSED,
};

/**
 * struct ctalg_sdp_media - an m= line, and what the lines that belong to it say
 * @port: its port
 * @port_at: where that is written
 * @ports: how many ports it names; of RTP, with as many for RTCP
 * @l4: enum ctalg_l4
 * @readable: the line is in order
 * @rtp: its protocol is RTP, in whatever wrapping
 * @dtls_tcp: a=setup is about DTLS, not about TCP
 * @has_conn: it has a c= of its own
 * @has_rtcp: it has an a=rtcp
 * @mux: a=rtcp-mux
 * @mux_only: a=rtcp-mux-only
 * @bundle_only: a=bundle-only
 * @ice: it has candidates or ICE's credentials, or the session has
 * @setup: enum ctalg_sdp_setup
 * @state: enum ctalg_sdp_state
 * @conn: its own c=
 * @rtcp_port: of a=rtcp
 * @rtcp_port_at: where that is written
 * @rtcp: its address, if it names one
 * @rtcp_names: it names one
 * @endpoint: where its media goes, or -1
 * @rtcp_endpoint: where a=rtcp says that RTCP goes, or -1
 */
struct ctalg_sdp_media {
	u16 port;
	struct ctalg_span port_at;
	u16 ports;
	u8 l4;
	bool readable;
	bool rtp;
	bool dtls_tcp;
	bool has_conn;
	bool has_rtcp;
	bool mux;
	bool mux_only;
	bool bundle_only;
	bool ice;
	u8 setup;
	u8 state;
	struct ctalg_sdp_place conn;
	u16 rtcp_port;
	struct ctalg_span rtcp_port_at;
	struct ctalg_sdp_place rtcp;
	bool rtcp_names;
	int endpoint;
	int rtcp_endpoint;
};

/* sdp_line.c: the grammar */

/* The next line: its letter, or 0 for what is no line of the grammar. @value: what stands behind "=". */
bool ctalg_sdp_line(struct ctalg_reader *rd, u8 *letter, struct ctalg_reader *value);
/* The name of an attribute; @value goes on behind the colon. */
struct ctalg_span ctalg_sdp_attribute(struct ctalg_reader *value);
/* An address that makes up all of @word; @family 0: either. Always sets @p. */
void ctalg_sdp_address(const struct ctalg_reader *rd, struct ctalg_span word, u8 family,
		       struct ctalg_sdp_place *p);
/* "IN IP4 10.0.0.2", as in c=, o= and a=rtcp. False: these are not three words. Always sets @p. */
bool ctalg_sdp_scan_place(struct ctalg_reader *rd, struct ctalg_sdp_place *p);
/* enum ctalg_sdp_setup */
u8 ctalg_sdp_scan_setup(struct ctalg_reader *rd);
bool ctalg_sdp_is_ice(const struct ctalg_reader *rd, struct ctalg_span name);

/* sdp.c: what goes into the report */

/* The endpoint of this place that the description has, or a new one; -1: the report is full. */
int ctalg_sdp_endpoint(struct ctalg_sdp *d, const struct ctalg_addr *addr, u16 port, u8 l4);
/* @form: how the address alone is written. Does nothing for a place without one. */
void ctalg_sdp_host(struct ctalg_sdp *d, const struct ctalg_sdp_place *p, u8 form);
void ctalg_sdp_want(struct ctalg_sdp *d, int endpoint, u8 flags);

/* sdp_media.c: an m= line. @value: the line; @section: what follows it, up to the next; goes on behind. */
void ctalg_sdp_media(struct ctalg_sdp *d, struct ctalg_reader *value, struct ctalg_reader *section);

/* sdp_ice.c: a=candidate */
void ctalg_sdp_candidate(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
			 struct ctalg_reader *value);

/* sdp_path.c: a=path */
void ctalg_sdp_path(struct ctalg_sdp *d, const struct ctalg_sdp_media *m,
		    struct ctalg_reader *value);

#endif /* CTALG_LIB_SDP_PARTS_H */
