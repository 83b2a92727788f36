/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Session descriptions with marks, for tests: {0a:10.0.0.2} says that endpoint 0 is written there,
 * as an address. Letters: a address, p port, h host or host:port, b address in a URI.
 */
#ifndef CTALG_TESTS_SDP_MARKED_H
#define CTALG_TESTS_SDP_MARKED_H

#include <ctalg/report.h>

/* @text without its marks, in memory that ends where it ends. */
u8 *marked_strip(const char *text, u32 *len);

/* @data with marks where @r has tokens; the caller frees it. */
char *marked_tokens(const u8 *data, u32 len, const struct ctalg_report *r);

/*
 * What is wanted, one want after the other: the line, the place, the flags: "0 udp 10.0.0.2 49170
 * pair, 1 closed"; then the addresses without a port: "; host 10.0.0.2"; then "; ice" if it is
 * used, "; ice, traversed" if NAT is dealt with already.
 */
const char *marked_wants(const struct ctalg_report *r);

/*
 * What holds for any bytes: spans lie in the message and apart, each says what its endpoint says,
 * every index is of something that is there, and no line is left out.
 */
void marked_safe(const u8 *data, u32 len, const struct ctalg_report *r);

#endif /* CTALG_TESTS_SDP_MARKED_H */
