/* SPDX-License-Identifier: GPL-2.0 */
/*
 * FTP's control connection (RFC 959, 1123, 2228, 2428, 4217).
 *
 *	PORT h1,h2,h3,h4,p1,p2			RFC 959, section 4.1.2
 *	EPRT |af|address|port|			RFC 2428, section 2
 *	227 text (h1,h2,h3,h4,p1,p2)		RFC 1123, section 4.1.2.6: wherever it stands
 *	229 text (|||port|)			RFC 2428, section 3
 */
#ifndef FTP_PARSE_H
#define FTP_PARSE_H

#include <ctalg/proto.h>

/** enum ftp_kind - what a line is */
enum ftp_kind {
	FTP_OTHER,
	FTP_COMMAND,
	FTP_REPLY,
	FTP_PORT,
	FTP_EPRT,
	FTP_PASV,
	FTP_EPSV,
	FTP_EPSV_ALL,
	FTP_AUTH,
	FTP_USER,
	FTP_FILE,
	FTP_REPLY_227,
	FTP_REPLY_229,
};

/** enum ftp_reason - FTP's own reasons */
enum ftp_reason {
	FTP_R_BAD_PORT = CTALG_R_PRIVATE,
	FTP_R_BAD_EPRT,
	FTP_R_BAD_227,
	FTP_R_BAD_229,
	FTP_R_EPSV_ALL,
	FTP_R_CONTROL_BYTES,
	FTP_R_TLS,
};

/** enum ftp_tls - how far the control connection is on its way into TLS (RFC 4217, section 4) */
enum ftp_tls {
	FTP_TLS_OFF,
	/** @FTP_TLS_ON: 234 was seen; messages may be TLS records or, after CCC, lines */
	FTP_TLS_ON,
};

/**
 * struct ftp_state - what FTP remembers of a flow
 * @anchored: per direction, the first line was FTP
 * @tls: enum ftp_tls
 * @epsv_all: EPSV ALL was sent and not refused (RFC 2428, section 4)
 * @last: the client's latest command, enum ftp_kind, while its reply is awaited
 * @found: the multi-line reply in progress has given its endpoint
 * @greeted: the greeting has gone by, so that 120 and 220 answer something
 * @abor: the client's latest command is ABOR
 * @aborted: what was answered last may have answered ABOR too
 * @multi: code of the multi-line reply in progress, 0 if none (RFC 959, section 4.2)
 * @pending: commands without a reply yet; one reply ends one, the oldest first
 * @login: which of them is the latest of USER, PASS and ACCT, 1 for the oldest; 0 if none is
 */
struct ftp_state {
	bool anchored[2];
	u8 tls;
	bool epsv_all;
	u8 last;
	bool found;
	bool greeted;
	bool abor;
	bool aborted;
	u16 multi;
	u32 pending;
	u32 login;
};

/** define FTP_PINHOLE_SECONDS - how long a pinhole waits for its data flow */
#define FTP_PINHOLE_SECONDS 300

extern const struct ctalg_proto ftp_proto;

#endif /* FTP_PARSE_H */
