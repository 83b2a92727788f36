/* SPDX-License-Identifier: GPL-2.0 */
/* A place inside a message: offset and length, never a pointer. */
#ifndef CTALG_SPAN_H
#define CTALG_SPAN_H

#include <ctalg/port.h>

/**
 * struct ctalg_span - a range of bytes in one message
 * @off: offset of the first byte from the start of the message
 * @len: number of bytes; 0 means "not there"
 *
 * Parsers answer in spans because the bytes move (an edit, a reassembly, a
 * retransmission) while the offsets stay true.
 */
struct ctalg_span {
	u32 off;
	u32 len;
};

#endif /* CTALG_SPAN_H */
