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
 * line of the message's descriptions. Its endpoint has the role MEDIA, the address of the line's own
 * c= or of the session's, the port of m= and the transport of its protocol (UDP, or TCP for
 * ``TCP/...``). Where there is no place to be opened, the want has no endpoint: CTALG_WANT_CLOSED for
 * port 0; CTALG_WANT_HELD for an unspecified address, a name, multicast, an address of a family that
 * the line does not say, for who connects by TCP itself (RFC 4145), for port 9 where candidates come
 * later, and for port 0 with ``a=bundle-only``.
 *
 * The wants of a line follow each other, the one for its m= first. ``a=rtcp:`` (RFC 3605) gives one
 * with CTALG_WANT_RTCP; without it a line over RTP has CTALG_WANT_PAIR, even with ``a=rtcp-mux``, which
 * the other side need not take: then it has CTALG_WANT_MUX too. Several ports (``49170/2``) are as many
 * wants, of endpoints that are written nowhere: two ports behind each other, with CTALG_WANT_NEXT; of more
 * than 8 the rest is left out, and the report is full. A host's candidate
 * (RFC 8839), and a place in ``a=path:`` (RFC 4975) that is not that of its line, are wants as well.
 *
 * What names the same place is one endpoint: candidates, a=rtcp, a=path, and lines that are bundled.
 * So a want may have the endpoint of an earlier line. A base of a candidate (raddr) has no want of its
 * own. Addresses without a port that is used have the role HOST: of o=, of a c= that no open line
 * uses, of lines that are not open.
 *
 * Lines may end in CR LF or LF. What is no line of the grammar is skipped. If the report is full, it
 * stops; it is so only for want of room for this description, or if it was before.
 *
 * Return: CTALG_R_NONE, or CTALG_R_MALFORMED: it does not begin with ``v=0``, or has an m= or c= line
 * that can't be read, for which there is a want with CTALG_WANT_HELD; the others are as they should.
 */
unsigned int ctalg_sdp_parse(const u8 *data, u32 len, struct ctalg_span body,
			     struct ctalg_report *r);

#endif /* CTALG_SDP_H */
