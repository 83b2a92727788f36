/* SPDX-License-Identifier: GPL-2.0 */
/* Where a message in a byte stream ends (RFC 3261, section 18.3). */
#ifndef SIP_FRAME_H
#define SIP_FRAME_H

#include "sip_parse.h"

struct ctalg_frame sip_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len);

#endif /* SIP_FRAME_H */
