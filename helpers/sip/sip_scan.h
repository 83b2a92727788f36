/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all of SIP's grammar is made of (RFC 3261, section 25.1). Readers are over one header's
 * value or another piece of one line: any line end in there is a fold, and white space.
 */
#ifndef SIP_SCAN_H
#define SIP_SCAN_H

#include <ctalg/scan.h>

/** enum sip_more - is there one more of a list */
enum sip_more {
	SIP_MORE_NONE,
	SIP_MORE_ONE,
	/** @SIP_MORE_BAD: something that can't be read */
	SIP_MORE_BAD,
};

/**
 * struct sip_param - ``;name=value``
 * @name: its name
 * @value: its value, with its quotes; empty if there is none
 */
struct sip_param {
	struct ctalg_span name;
	struct ctalg_span value;
};

bool sip_is_token(int c);
bool sip_is_digit(int c);
bool sip_is_host(int c);

/* Everything from @from up to the reader. */
struct ctalg_span sip_since(const struct ctalg_reader *rd, u32 from);

/* Spaces, tabs and folds; how many bytes. */
u32 sip_scan_lws(struct ctalg_reader *rd);

bool sip_scan_token(struct ctalg_reader *rd, struct ctalg_span *at);

/* @inside: without the quotes. */
bool sip_scan_quoted(struct ctalg_reader *rd, struct ctalg_span *inside);

/* White space, then a character, then white space; or nothing is consumed. */
bool sip_scan_mark(struct ctalg_reader *rd, u8 c);

/* The next parameter of a header. */
enum sip_more sip_scan_param(struct ctalg_reader *rd, struct sip_param *p);

/* What ends a value: the end, or a comma, behind which the next one begins. */
enum sip_more sip_scan_next(struct ctalg_reader *rd);

/* A number that is all there is in @at. */
bool sip_span_number(const struct ctalg_reader *rd, struct ctalg_span at, u32 max, u32 *val);

/* The same bytes. */
bool sip_span_same(const struct ctalg_reader *rd, struct ctalg_span a, struct ctalg_span b);

/* Letter by letter, in the case that @word has. */
bool sip_span_spells(const struct ctalg_reader *rd, struct ctalg_span at, const char *word);

#endif /* SIP_SCAN_H */
