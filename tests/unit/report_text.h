/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A report in words, for tests that compare and for people that read them:
 *
 *	INVITE, asks INVITE, reason malformed-header
 *	  user "alice"
 *	  object "bob"
 *	  call "a84b@pc33" INVITE 314159 from to, describes
 *	  path udp 10.0.0.2:5060: host "10.0.0.2"
 *	  want path udp 10.0.0.2:5060 for 64 s
 *	  length "142" of 142
 *	  strip "Server: x\r\n"
 */
#ifndef CTALG_TESTS_REPORT_TEXT_H
#define CTALG_TESTS_REPORT_TEXT_H

#include <ctalg/proto.h>

/* define REPORT_TEXT_MAX - longer reports end in "..." */
#define REPORT_TEXT_MAX 16384

void report_text(const struct ctalg_proto *p, const struct ctalg_message *m,
		 const struct ctalg_report *r, char text[REPORT_TEXT_MAX]);

#endif /* CTALG_TESTS_REPORT_TEXT_H */
