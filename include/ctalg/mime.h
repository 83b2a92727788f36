/* SPDX-License-Identifier: GPL-2.0 */
/* Bodies of messages: one part, or several (RFC 2046). */
#ifndef CTALG_MIME_H
#define CTALG_MIME_H

#include <ctalg/report.h>

/** define CTALG_MIME_DEPTH - multiparts inside multiparts are looked into so deep */
#define CTALG_MIME_DEPTH 3

/**
 * ctalg_mime_parse() - look for session descriptions in a body
 * @data: the message
 * @len: its length
 * @type: the value of Content-Type, with its parameters; may be empty
 * @body: the body; must lie inside the message
 * @r: receives what ctalg_sdp_parse() finds, and for each part that has a Content-Length and a
 *	description inside, that length (the inner ones first)
 * @found: whether there was one
 *
 * Parts are told apart by the boundary parameter, quoted or not. A part without a Content-Type
 * is text. Parts with a Content-Encoding other than identity, or a Content-Transfer-Encoding that
 * changes bytes, are left alone; whether the whole body has one is the caller's to look at. What is
 * not ended ends with the body. Not recursive.
 *
 * Return: CTALG_R_NONE or CTALG_R_MALFORMED, as ctalg_sdp_parse() says, or where a multipart has no
 * boundary.
 */
unsigned int ctalg_mime_parse(const u8 *data, u32 len, struct ctalg_span type,
			      struct ctalg_span body, struct ctalg_report *r, bool *found);

#endif /* CTALG_MIME_H */
