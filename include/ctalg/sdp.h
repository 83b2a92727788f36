/* SPDX-License-Identifier: GPL-2.0 */
/* Session descriptions (RFC 8866), as far as they say where media goes. */
#ifndef CTALG_SDP_H
#define CTALG_SDP_H

#include <ctalg/report.h>

/**
 * ctalg_sdp_parse() - a session description inside a message
 * @data: the message
 * @len: its length
 * @body: where in it the description stands; must lie inside
 * @r: receives what is found
 *
 * Reports, in the order of the m= lines, one want of kind MEDIA for each, with its @line: the n-th
 * line of the description. Its endpoint has the role MEDIA, the address of the line's own c= or of
 * the session's, the port of m= and the transport of its protocol (UDP, or TCP for ``TCP/...``).
 * Where there is no place to be opened, the want has no endpoint: CTALG_WANT_CLOSED for port 0,
 * CTALG_WANT_HELD for an unspecified address, a name, multicast, or an address of a family that
 * the line does not say. ``a=rtcp:`` (RFC 3605) gives a want with CTALG_WANT_RTCP of the same line;
 * without it a line over RTP that does not multiplex has CTALG_WANT_PAIR. Candidates
 * (RFC 8839), ``a=path:`` (RFC 4975) and ``a=rtcp`` share the endpoint of their line where they
 * name the same place. Addresses of o= and of a c= that no open line uses have the role HOST.
 *
 * Lines may end in CR LF or LF. What is no line of the grammar is skipped.
 *
 * Return: CTALG_R_NONE, or CTALG_R_MALFORMED: it does not begin with ``v=0``, or has an m= or c= line
 * that can't be read, of which nothing is reported; the others are.
 */
unsigned int ctalg_sdp_parse(const u8 *data, u32 len, struct ctalg_span body,
			     struct ctalg_report *r);

#endif /* CTALG_SDP_H */
