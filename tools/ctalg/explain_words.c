// SPDX-License-Identifier: GPL-2.0
/* Reasons in words, and what to do about them. */
#include "explain.h"

static const struct {
	const char *reason;
	const char *what;
	const char *advice;
} words[] = {
	/* refused */
	{ "third-party-address", "it names an address that is neither end of this connection",
	  "if that is wanted, \"ctalg set HELPER loose on\" allows it; else set the address in the program that sent it" },
	{ "other-address-family", "it names an address of the other IP version",
	  "set the program that sent it to the IP version of its connection" },
	{ "port-zero", "it names port 0",
	  "nobody can connect there; the program that sent it is at fault" },
	{ "privileged-port", "it names a port below 1024, where services listen",
	  "set the program that sent it to ports from 1024 on" },
	{ "denied-port",
	  "it names the port of a well-known service, and who opened the connection may not have those opened",
	  "set the program that sent it to other ports" },
	{ "no-free-port", "all outside ports that were tried are taken",
	  "see \"ctalg pinholes\" for who has them" },
	{ "address-not-writable", "the outside address cannot be written in this form",
	  "set the program that sent it to another command, such as EPRT or EPSV" },
	{ "message-edit-limit", "it would need more changes than one packet may have", NULL },
	{ "after-the-end",
	  "its call is over, or has settled on other media: nothing more is opened", NULL },
	{ "message-endpoint-limit", "it names more places than one message may", NULL },
	{ "namespace-pinhole-limit", "there are too many pinholes",
	  "see \"ctalg pinholes\" for whose" },
	{ "namespace-session-limit", "there are too many calls and registrations",
	  "see \"ctalg sessions\" for whose" },
	{ "session-pinhole-limit",
	  "the session has opened more without using them; its oldest one closed", NULL },
	/* not read */
	{ "mid-stream",
	  "the capture does not have this connection's beginning; the kernel, if it had not either, would leave it alone",
	  "what follows is what would happen if it had been seen; record from before the connection begins" },
	{ "not-the-protocol",
	  "the first bytes are not this protocol's: the connection is left alone for good",
	  "do not set this helper for this port" },
	{ "opaque", "nothing can be read from here on: the connection is encrypted, or damaged",
	  "give the server a fixed range of data ports, and forward that" },
	{ "too-long",
	  "a message is too long to be waited for: it passes unread, under the policy \"strict\" it ends the connection",
	  NULL },
	{ "foreign-sequence-adjustment",
	  "the connection's segments are signed, so that none may be changed: it is left alone",
	  NULL },
	{ "malformed", "the parser has found a place outside the message", "please report this" },
	/* not in the capture */
	{ "missing-bytes", "bytes are not in the capture: reading goes on behind them",
	  "record with \"tcpdump -s 0 -B 65536\", and not on a busy machine" },
	{ "truncated-packet", "the capture has only the beginning of this packet",
	  "record with \"tcpdump -s 0\"" },
	/* SIP */
	{ "malformed-start-line",
	  "the first line is almost one of SIP, and read differently by everybody", NULL },
	{ "unknown-version", "it is of another version of SIP than 2.0", NULL },
	{ "malformed-header",
	  "a header that names places, or a header that each message has, can't be read",
	  "nothing in it is changed; see whether the program that sent it can be updated" },
	{ "missing-header", "Via, From, To, Call-ID or CSeq is not there", NULL },
	{ "repeated-header", "there are two of a header of which there can be one", NULL },
	{ "another-method-in-cseq", "CSeq names another method than the first line", NULL },
	{ "unfinished-headers", "there is no empty line behind the headers", NULL },
	{ "wrong-content-length",
	  "Content-Length is no number, or more than there is: the body is left as it is",
	  "if it is more than there is, a fragment may be missing" },
	{ "malformed-description",
	  "a session description can't be read, or not all of it; what can be is done", NULL },
	/* FTP */
	{ "malformed-port", "PORT is not followed by six numbers of at most 255", NULL },
	{ "malformed-eprt", "EPRT is not followed by |1|address|port| or |2|address|port|", NULL },
	{ "no-address-in-227", "the reply 227 names no address", NULL },
	{ "no-port-in-229", "the reply 229 names no port", NULL },
	{ "after-epsv-all", "the client had promised to use nothing but EPSV", NULL },
	{ "nul-or-telnet-bytes",
	  "the line has NUL or Telnet bytes, which its two ends may read differently", NULL },
	{ "connection-reset", "both ends are told that the connection is over, and nothing goes on",
	  NULL },
	{ "tls-control-channel",
	  "from here on the connection is encrypted, so that nobody between its ends can read it",
	  "give the server a fixed passive port range, and forward that" },
	/* TFTP */
	{ "malformed-request", "the request has no file name or no known mode", NULL },
	/* what becomes of pinholes */
	{ "pinhole-withdrawn", "the request was refused", NULL },
	{ "pinhole-expired", "nobody came in time, or another connection announced the same port",
	  "look for a firewall on the way to this router, or a sender without a route to the address named" },
	{ "pinhole-closed-unused", "its control connection ended before anybody came",
	  "look for a firewall on the way to this router, or a sender without a route to the address named" },
	{ "other-source", "somebody else came than it is open for",
	  "if that is wanted, \"ctalg set HELPER any-source on\" allows it" },
	{ "pinhole-ended", "its data flow has ended", NULL },
};

/* The same means something else, or something else is to be done, as it is another protocol. */
static const struct {
	const char *proto;
	const char *reason;
	const char *what;
	const char *advice;
} others[] = {
	{ "sip", "opaque",
	  "nothing can be read from here on: where a message ends cannot be told, as when Content-Length is missing or wrong, or this is no SIP",
	  "see whether the program that sent it can be updated" },
	{ "sip", "session-pinhole-limit", "its call names more places than one may have open",
	  NULL },
	{ "sip", "third-party-address", "it names a host that is neither end of this connection",
	  "if that one is inside, \"loose\" in the policy or \"ctalg set HELPER loose on\" allows it; else set the address in the phone" },
	{ "sip", "other-source", "somebody else came than it is open for",
	  "if that is wanted, \"source any\" in the policy or \"ctalg set HELPER any-source on\" allows it" },
	{ "sip", "address-not-writable", "the outside address cannot be written in this form",
	  NULL },
};

static const struct {
	const char *because;
	const char *what;
} causes[] = {
	{ "bye", "its call was ended by BYE" },
	{ "cancelled", "its call was cancelled" },
	{ "call-failed", "its call was refused, or led elsewhere" },
	{ "not-begun", "how it began was not seen, or it was over already" },
	{ "offer-failed", "the offer was refused that it was opened for" },
	{ "another-accepted", "another phone has taken the call" },
	{ "party-gone", "who named it has left the call" },
	{ "replaced", "offer and answer have agreed on others" },
	{ "line-refused", "its line is refused, or over" },
	{ "rtcp-shares-port", "RTCP shares the port of its media" },
	{ "not-registered", "the registrar does not name it any more" },
	{ "time-over", "its time is over" },
	{ "silence", "there was no media and no message for too long" },
	{ "flow-over", "the connection that carried it is over" },
	{ "moved", "it goes on over another connection" },
};

const char *because_words(const char *because)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(causes); i++)
		if (!strcmp(causes[i].because, because))
			return causes[i].what;
	return because;
}

static bool words_of(const char *proto, const char *reason, const char **what, const char **advice)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (strcmp(others[i].proto, proto) || strcmp(others[i].reason, reason))
			continue;
		*what = others[i].what;
		*advice = others[i].advice;
		return true;
	}
	return false;
}

bool reason_words(const char *proto, const char *reason, const char **what, const char **advice)
{
	size_t i;

	if (words_of(proto, reason, what, advice))
		return true;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].reason, reason))
			continue;
		*what = words[i].what;
		*advice = words[i].advice;
		return true;
	}
	return false;
}
