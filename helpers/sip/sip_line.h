/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a message (RFC 3261, section 7). A line that begins with white space goes on with the one
 * before it. CR LF ends one; so does LF alone, which some send.
 */
#ifndef SIP_LINE_H
#define SIP_LINE_H

#include "sip_scan.h"

/** enum sip_line_kind - which kind of line */
enum sip_line_kind {
	SIP_LINE_HEADER,
	/** @SIP_LINE_BLANK: an empty one: the body begins behind it */
	SIP_LINE_BLANK,
	/** @SIP_LINE_ODD: one without a name or colon */
	SIP_LINE_ODD,
	/** @SIP_LINE_CUT: it has no end */
	SIP_LINE_CUT,
};

/**
 * struct sip_line - a header
 * @whole: with all its folds and its line end
 * @name: its name
 * @value: what stands behind the colon, without white space around it
 */
struct sip_line {
	struct ctalg_span whole;
	struct ctalg_span name;
	struct ctalg_span value;
};

/** enum sip_header - what a header says */
enum sip_header {
	SIP_HEADER_OTHER,
	SIP_HEADER_AUTHORIZATION,
	SIP_HEADER_CALL_ID,
	SIP_HEADER_CONTACT,
	SIP_HEADER_CONTENT_ENCODING,
	SIP_HEADER_CONTENT_LENGTH,
	SIP_HEADER_CONTENT_TYPE,
	SIP_HEADER_CSEQ,
	SIP_HEADER_EXPIRES,
	SIP_HEADER_FROM,
	SIP_HEADER_TO,
	SIP_HEADER_VIA,
	SIP_HEADER_REQUIRE,
	SIP_HEADER_SESSION_EXPIRES,
	/** @SIP_HEADER_ASSERTED: P-Asserted-Identity (RFC 3325) */
	SIP_HEADER_ASSERTED,
	/** @SIP_HEADER_PATH: places on the way */
	SIP_HEADER_PATH,
	/** @SIP_HEADER_NAME: names of users */
	SIP_HEADER_NAME,
	/** @SIP_HEADER_STRIP: tells of the sender, and nobody needs it */
	SIP_HEADER_STRIP,
};

/* The next line; the reader is over the whole message. */
enum sip_line_kind sip_scan_line(struct ctalg_reader *rd, struct sip_line *line);

/* enum sip_header, by the name or its compact form */
u8 sip_header_of(const struct ctalg_reader *rd, struct ctalg_span name);

/* CR and LF before a message, which mean nothing; how many. */
u32 sip_scan_blank_lines(struct ctalg_reader *rd);

/* The message's first line, without its end; false if it has none. */
bool sip_scan_first_line(struct ctalg_reader *rd, struct ctalg_span *at);

#endif /* SIP_LINE_H */
