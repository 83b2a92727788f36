/* SPDX-License-Identifier: GPL-2.0 */
/* What a refused request is answered with (RFC 3261, section 8.2.6). */
#ifndef SIP_ANSWER_H
#define SIP_ANSWER_H

#include "sip_parse.h"

u32 sip_answer(const struct ctalg_report *r, const struct ctalg_message *m,
	       const struct ctalg_answer *a, char *buf, u32 cap);

#endif /* SIP_ANSWER_H */
