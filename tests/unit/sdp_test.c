// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg/sdp.h>

#include "sdp_marked.h"

struct example {
	const char *name;
	/* The lines behind the session's, with marks. */
	const char *text;
	/* As marked_wants() says it. */
	const char *wants;
};

/* Session lines whose addresses are nobody's, so that an example shows its own lines only. */
#define HEAD "v=0\r\no=alice 1 1 IN IP4 host.example.com\r\ns=-\r\nt=0 0\r\n"

static void parse(const u8 *data, u32 len, struct ctalg_report *r, unsigned int *result)
{
	const struct ctalg_span body = { .len = len };

	ctalg_report_init(r);
	*result = ctalg_sdp_parse(data, len, body, r);
}

static void check(const char *head, const struct example *x, unsigned int expected)
{
	char *text = malloc(strlen(head) + strlen(x->text) + 1), *marked;
	STATIC_REPORT(r);
	unsigned int result;
	u32 len;
	u8 *data;

	assert_non_null(text);
	strcpy(text, head);
	strcat(text, x->text);
	data = marked_strip(text, &len);
	parse(data, len, &r, &result);
	marked = marked_tokens(data, len, &r);
	if (strcmp(marked, text) || strcmp(marked_wants(&r), x->wants))
		print_error("%s:\n%s\n%s\n", x->name, marked, marked_wants(&r));
	assert_string_equal(marked, text);
	assert_string_equal(marked_wants(&r), x->wants);
	assert_int_equal(result, expected);
	assert_false(r.full);
	free(marked);
	free(data);
	free(text);
}

/* RFC 8866, RFC 4317: who gets what where. */
static const struct example lines[] = {
	{ "a line with its own address",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 49170 pair" },
	{ "the session's address serves each line; the first one has its place",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "m=video {1p:51372} RTP/AVP 31\r\n",
	  "0 udp 10.0.0.2 49170 pair, 1 udp 10.0.0.2 51372 pair" },
	{ "a line's own address goes before the session's",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.3}\r\n"
	  "m=video {1p:51372} RTP/AVP 31\r\n"
	  "c=IN IP4 {1a:10.0.0.4}\r\n",
	  "0 udp 10.0.0.3 49170 pair, 1 udp 10.0.0.4 51372 pair" },
	{ "port 0 refuses a line, or ends it (RFC 4317, section 2.3)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio 0 RTP/AVP 0\r\n"
	  "m=video {0p:49174} RTP/AVP 31\r\n",
	  "0 closed, 1 udp 10.0.0.2 49174 pair" },
	{ "no open line: the session's address is a host's",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio 0 RTP/AVP 0\r\n",
	  "0 closed; host 10.0.0.2" },
	{ "a refused line's own address, too",
	  "m=audio 0 RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 closed; host 10.0.0.2" },
	{ "of two addresses of a line the first counts",
	  "m=audio {0p:5004} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "c=IN IP4 {1a:10.0.0.3}\r\n",
	  "0 udp 10.0.0.2 5004 pair; host 10.0.0.3" },
	{ "directions close nothing (RFC 3264)",
	  "a=inactive\r\n"
	  "m=audio {0p:5004} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=sendonly\r\n"
	  "m=audio {1p:5006} RTP/AVP 0\r\n"
	  "c=IN IP4 {1a:10.0.0.2}\r\n"
	  "a=recvonly\r\n",
	  "0 udp 10.0.0.2 5004 pair, 1 udp 10.0.0.2 5006 pair" },
	{ "an odd port has the next one up for its RTCP",
	  "m=audio {0p:5005} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 5005 pair" },
	{ "the last port has none",
	  "m=audio {0p:65535} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 65535" },
	{ "several ports: a pair for each (RFC 8866, section 5.14)",
	  "m=video {0p:49170}/2 RTP/AVP 31\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 49170 pair, 0 udp 10.0.0.2 49172 pair next" },
	{ "but not past the last port",
	  "m=video {0p:65532}/4 RTP/AVP 31\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 65532 pair, 0 udp 10.0.0.2 65534 pair next" },
	{ "lines may end in LF",
	  "c=IN IP4 {0a:10.0.0.2}\nm=audio {0p:5004} RTP/AVP 0\na=rtcp:{1p:5011}\n",
	  "0 udp 10.0.0.2 5004, 0 udp 10.0.0.2 5011 rtcp" },
	{ "the last one may not end at all",
	  "m=audio {0p:5004} RTP/AVP 0\r\nc=IN IP4 {0a:10.0.0.2}", "0 udp 10.0.0.2 5004 pair" },
	{ "what is no line is skipped",
	  "\r\nhello\r\nC=IN IP4 10.0.0.9\r\n=\r\nm\r\n"
	  "m=audio {0p:5004} RTP/AVP 0\r\n"
	  " c=IN IP4 10.0.0.9\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "i=c=IN IP4 10.0.0.9\r\n",
	  "0 udp 10.0.0.2 5004 pair" },
	{ "a line of several blanks, and of none behind",
	  "m=audio  {0p:5004}\tRTP/AVP\r\n"
	  "c=IN  IP4\t{0a:10.0.0.2} \r\n",
	  "0 udp 10.0.0.2 5004 pair" },
};

static const struct example addresses[] = {
	{ "IPv6 (RFC 8866, section 5.7)",
	  "c=IN IP6 {0a:2001:db8::2}\r\n"
	  "m=audio {0p:49170} RTP/AVP 0\r\n",
	  "0 udp 2001:db8::2 49170 pair" },
	{ "some write brackets",
	  "c=IN IP6 [{0a:2001:db8::2}]\r\n"
	  "m=audio {0p:49170} RTP/AVP 0\r\n",
	  "0 udp 2001:db8::2 49170 pair" },
	{ "hold of old: no address (RFC 2543)",
	  "c=IN IP4 0.0.0.0\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n",
	  "0 held" },
	{ "the same in IPv6",
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP6 ::\r\n",
	  "0 held" },
	{ "one line on hold, the other not",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP4 0.0.0.0\r\n"
	  "m=video {0p:49172} RTP/AVP 31\r\n",
	  "0 held, 1 udp 10.0.0.2 49172 pair" },
	{ "names",
	  "c=IN IP4 media.example.com\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP4 10.0.0.2.example.com\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP4 10.0.0.256\r\n",
	  "0 held, 1 held, 2 held" },
	{ "groups (RFC 8866, section 5.7)",
	  "c=IN IP4 233.252.0.1/127/3\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP6 ff00::db8:0:101/3\r\n",
	  "0 held, 1 held" },
	{ "a host's address with a time to live, which means nothing",
	  "c=IN IP4 {0a:10.0.0.2}/127\r\n"
	  "m=audio {0p:49170} RTP/AVP 0\r\n",
	  "0 udp 10.0.0.2 49170 pair" },
	{ "not of the family that the line says",
	  "c=IN IP6 10.0.0.2\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP4 2001:db8::2\r\n",
	  "0 held, 1 held" },
	{ "another kind of network",
	  "c=ATM NSAP 47.0091\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n",
	  "0 held" },
	{ "another kind with an address like ours",
	  "c=XY IP4 10.0.0.2\r\n"
	  "m=audio 49170 RTP/AVP 0\r\n",
	  "0 held" },
	{ "no address at all", "m=audio 49170 RTP/AVP 0\r\n", "0 held" },
};

/* RFC 3605, RFC 5761, RFC 9143 */
static const struct example rtcp[] = {
	{ "RTCP elsewhere (RFC 3605, section 2.1)",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:{1p:53020}\r\n",
	  "0 udp 10.0.0.2 49170, 0 udp 10.0.0.2 53020 rtcp" },
	{ "on another host",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:{1p:53020} IN IP4 {1a:10.0.0.3}\r\n",
	  "0 udp 10.0.0.2 49170, 0 udp 10.0.0.3 53020 rtcp" },
	{ "in IPv6",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP6 {0a:2001:db8::2}\r\n"
	  "a=rtcp:{1p:53020} IN IP6 {1a:2001:db8::2}\r\n",
	  "0 udp 2001:db8::2 49170, 0 udp 2001:db8::2 53020 rtcp" },
	{ "before the address of its line",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "a=rtcp:{1p:49171}\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 49170, 0 udp 10.0.0.2 49171 rtcp" },
	{ "on the same port: there is only one",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:{0p:49170} IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 49170 mux" },
	{ "multiplexed, if the other side agrees (RFC 5761)",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp-mux\r\n",
	  "0 udp 10.0.0.2 49170 pair mux" },
	{ "or elsewhere if it does not (section 5.1.1)",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp-mux\r\n"
	  "a=rtcp:{1p:53020}\r\n",
	  "0 udp 10.0.0.2 49170 mux, 0 udp 10.0.0.2 53020 rtcp" },
	{ "multiplexed in any case (RFC 8858)",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp-mux-only\r\n"
	  "a=rtcp-mux\r\n",
	  "0 udp 10.0.0.2 49170 mux" },
	{ "nowhere: browsers write it so",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:9 IN IP4 0.0.0.0\r\n"
	  "a=rtcp-mux\r\n",
	  "0 udp 10.0.0.2 49170 mux" },
	{ "nowhere, with the host's address",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:9 IN IP4 {1a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 49170; host 10.0.0.2" },
	{ "what is not RTP has none",
	  "m=image {0p:49170} udptl t38\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:49171\r\n"
	  "a=rtcp-mux\r\n",
	  "0 udp 10.0.0.2 49170" },
	{ "of two the first counts; one that cannot be read does not",
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:xy\r\n"
	  "a=rtcp:{1p:53020}\r\n"
	  "a=rtcp:53022\r\n",
	  "0 udp 10.0.0.2 49170, 0 udp 10.0.0.2 53020 rtcp" },
	{ "of a session it says nothing",
	  "a=rtcp:53020\r\n"
	  "a=rtcp-mux-only\r\n"
	  "m=audio {0p:49170} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n",
	  "0 udp 10.0.0.2 49170 pair" },
	{ "on hold, only its address is left",
	  "m=audio 49170 RTP/AVP 0\r\n"
	  "c=IN IP4 0.0.0.0\r\n"
	  "a=rtcp:53020 IN IP4 {0a:10.0.0.2}\r\n",
	  "0 held; host 10.0.0.2" },
	{ "bundled lines share a place (RFC 9143, section 7)",
	  "a=group:BUNDLE 0 1\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio {0p:10000} RTP/AVP 0\r\n"
	  "a=mid:0\r\n"
	  "a=rtcp-mux\r\n"
	  "m=video {0p:10000} RTP/AVP 31\r\n"
	  "a=mid:1\r\n"
	  "a=rtcp-mux\r\n",
	  "0 udp 10.0.0.2 10000 pair mux, 1 udp 10.0.0.2 10000 pair mux" },
	{ "a line that is only for the bundle is not refused (section 6)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio {0p:10000} RTP/AVP 0\r\n"
	  "m=video 0 RTP/AVP 31\r\n"
	  "a=bundle-only\r\n",
	  "0 udp 10.0.0.2 10000 pair, 1 held" },
};

static const struct example protocols[] = {
	{ "secure RTP, with and without DTLS, with and without feedback",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio {0p:5000} RTP/SAVP 0\r\n"
	  "m=audio {1p:5002} RTP/AVPF 0\r\n"
	  "m=audio {2p:5004} UDP/TLS/RTP/SAVPF 0\r\n"
	  "m=audio {3p:5006} TCP/RTP/AVP 0\r\n",
	  "0 udp 10.0.0.2 5000 pair, 1 udp 10.0.0.2 5002 pair, 2 udp 10.0.0.2 5004 pair, "
	  "3 tcp 10.0.0.2 5006 pair" },
	{ "of DTLS the active side listens, too (RFC 5763)",
	  "m=audio {0p:5004} UDP/TLS/RTP/SAVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=setup:active\r\n",
	  "0 udp 10.0.0.2 5004 pair" },
	{ "fax (RFC 3362, RFC 7345)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=image {0p:49170} udptl t38\r\n"
	  "m=image {1p:49171} UDP/TLS/UDPTL t38\r\n"
	  "m=image {2p:49170} TCP t38\r\n"
	  "m=image {2p:49170} tcp t38\r\n",
	  "0 udp 10.0.0.2 49170, 1 udp 10.0.0.2 49171, 2 tcp 10.0.0.2 49170, "
	  "3 tcp 10.0.0.2 49170" },
	{ "data channels (RFC 8841), floor control (RFC 8856), and what nobody knows",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=application {0p:54111} UDP/DTLS/SCTP webrtc-datachannel\r\n"
	  "m=application {1p:50000} UDP/BFCP *\r\n"
	  "m=application {2p:50002} TCP/TLS/BFCP *\r\n"
	  "m=juggling {3p:50004} three/balls up\r\n"
	  "m=juggling {4p:50006} TCPX/RTPX up\r\n",
	  "0 udp 10.0.0.2 54111, 1 udp 10.0.0.2 50000, 2 tcp 10.0.0.2 50002, "
	  "3 udp 10.0.0.2 50004, 4 udp 10.0.0.2 50006" },
	{ "who connects by TCP waits for nobody (RFC 4145, section 4)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=image 9 TCP t38\r\n"
	  "a=setup:active\r\n"
	  "m=image 54111 TCP t38\r\n"
	  "a=setup:active\r\n"
	  "m=image 54111 TCP t38\r\n"
	  "a=setup:holdconn\r\n"
	  "m=image {0p:54111} TCP t38\r\n"
	  "a=setup:passive\r\n"
	  "m=image {1p:54112} TCP t38\r\n"
	  "a=setup:actpass\r\n",
	  "0 held, 1 held, 2 held, 3 tcp 10.0.0.2 54111, 4 tcp 10.0.0.2 54112" },
	{ "port 9 is nobody's by TCP; by UDP it is a port without ICE",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=image 9 TCP t38\r\n"
	  "m=audio {0p:9} RTP/AVP 0\r\n",
	  "0 held, 1 udp 10.0.0.2 9 pair" },
	{ "the session may say so, and a line otherwise",
	  "a=setup:active\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=image 54111 TCP t38\r\n"
	  "m=image {0p:54112} TCP t38\r\n"
	  "a=setup:passive\r\n",
	  "0 held, 1 tcp 10.0.0.2 54112" },
	{ "under DTLS it is about that (RFC 8841)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=application {0p:54111} TCP/DTLS/SCTP webrtc-datachannel\r\n"
	  "a=setup:active\r\n",
	  "0 tcp 10.0.0.2 54111" },
	{ "messages (RFC 4975, section 8.2)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=message {0p:7654} TCP/MSRP *\r\n"
	  "a=accept-types:text/plain\r\n"
	  "a=path:msrp://{0h:10.0.0.2:7654}/jshA7weztas;tcp\r\n",
	  "0 tcp 10.0.0.2 7654" },
	{ "without a session, which may be left out",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=message {0p:7654} TCP/MSRP *\r\n"
	  "a=path:msrp://bob@{0h:10.0.0.2:7654};tcp\r\n",
	  "0 tcp 10.0.0.2 7654" },
	{ "without a port; through a relay, of which the first is connected to",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=message {0p:2855} TCP/TLS/MSRP *\r\n"
	  "a=path:msrps://bob@{0h:10.0.0.2}/9di4eae923wzd;tcp msrp://10.0.0.9:5/x;tcp\r\n",
	  "0 tcp 10.0.0.2 2855" },
	{ "in IPv6; elsewhere than the line says",
	  "c=IN IP6 {0a:2001:db8::2}\r\n"
	  "m=message {0p:7654} TCP/MSRP *\r\n"
	  "a=path:msrp://{1h:[2001:db8::2]:7655}/jshA7weztas;tcp\r\n",
	  "0 tcp 2001:db8::2 7654, 0 tcp 2001:db8::2 7655" },
	{ "of a line that is not open the address remains (RFC 6135)",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=message 9 TCP/MSRP *\r\n"
	  "a=setup:active\r\n"
	  "a=path:msrp://{0b:10.0.0.2}:9/jshA7weztas;tcp\r\n",
	  "0 held; host 10.0.0.2" },
	{ "names, other schemes, and what is not MSRP",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=message {0p:7654} TCP/MSRP *\r\n"
	  "a=path:msrp://10.0.0.2.example.com:7654/x;tcp\r\n"
	  "a=path:http://10.0.0.2:7654/x\r\n"
	  "a=path:msrp://10.0.0.2:76540/x;tcp\r\n"
	  "a=path:msrp://10.0.0.2:0/x;tcp\r\n"
	  "m=audio {1p:5004} RTP/AVP 0\r\n"
	  "a=path:msrp://10.0.0.2:22222/x;tcp\r\n",
	  "0 tcp 10.0.0.2 7654, 1 udp 10.0.0.2 5004 pair" },
};

/* RFC 8839, RFC 6544, RFC 8840 */
static const struct example ice[] = {
	{ "a host's candidate is where the line's media goes",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=ice-ufrag:8hhY\r\n"
	  "m=audio {0p:45664} RTP/AVP 0\r\n"
	  "a=candidate:1 1 UDP 2130706431 {0a:10.0.0.2} {0p:45664} typ host\r\n",
	  "0 udp 10.0.0.2 45664 pair; ice" },
	{ "or another place (RFC 8839, section 5.1)",
	  "m=audio {0p:45664} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=candidate:2 1 UDP 2130706430 {1a:2001:db8::2} {1p:45665} typ host generation 0\r\n"
	  "a=candidate:2 1 UDP 2130706430 {1a:2001:db8::2} {1p:45665} typ host\r\n",
	  "0 udp 10.0.0.2 45664 pair, 0 udp 2001:db8::2 45665 candidate; ice" },
	{ "two components",
	  "m=audio {0p:45664} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=rtcp:{1p:45665}\r\n"
	  "a=candidate:1 1 UDP 2130706431 {0a:10.0.0.2} {0p:45664} typ host\r\n"
	  "a=candidate:1 2 UDP 2130706430 {1a:10.0.0.2} {1p:45665} typ host\r\n",
	  "0 udp 10.0.0.2 45664, 0 udp 10.0.0.2 45665 rtcp; ice" },
	{ "found by a server: the default is not the host's (RFC 8839, section 5.1)",
	  "c=IN IP4 {0a:192.0.2.3}\r\n"
	  "m=audio {0p:45664} RTP/AVP 0\r\n"
	  "a=candidate:1 1 UDP 2130706431 {1a:203.0.113.141} {1p:8998} typ host\r\n"
	  "a=candidate:2 1 UDP 1694498815 {0a:192.0.2.3} {0p:45664} typ srflx "
	  "raddr {1a:203.0.113.141} rport {1p:8998}\r\n",
	  "0 udp 192.0.2.3 45664 pair, 0 udp 203.0.113.141 8998 candidate; ice, traversed" },
	{ "named as the base first, then by itself",
	  "m=audio 9 RTP/AVP 0\r\n"
	  "c=IN IP4 0.0.0.0\r\n"
	  "a=candidate:2 1 UDP 16944 {0a:192.0.2.3} {0p:4000} typ relay "
	  "raddr {1a:10.0.0.2} rport {1p:5000}\r\n"
	  "a=candidate:1 1 UDP 21307 {1a:10.0.0.2} {1p:5000} typ host\r\n",
	  "0 held, 0 udp 10.0.0.2 5000 candidate; ice, traversed" },
	{ "a base that is not told",
	  "m=audio {0p:45664} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:192.0.2.3}\r\n"
	  "a=candidate:2 1 udp 16944 {0a:192.0.2.3} {0p:45664} typ srflx raddr 0.0.0.0 rport 0\r\n",
	  "0 udp 192.0.2.3 45664 pair; ice, traversed" },
	{ "a name",
	  "m=audio {0p:45664} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=candidate:1 1 UDP 21 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host\r\n",
	  "0 udp 10.0.0.2 45664 pair; ice" },
	{ "candidates that come later (RFC 8840)",
	  "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=ice-ufrag:8hhY\r\n",
	  "0 held; host 10.0.0.2; ice" },
	{ "by TCP: who waits, and who does not (RFC 6544, section 4.5)",
	  "m=application {0p:5000} TCP/DTLS/SCTP x\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=candidate:1 1 TCP 2128609279 {1a:10.0.0.2} 9 typ host tcptype active\r\n"
	  "a=candidate:2 1 TCP 2124414975 {2a:10.0.0.2} {2p:8998} typ host tcptype passive\r\n"
	  "a=candidate:3 1 TCP 2120220671 {3a:10.0.0.2} {3p:8999} typ host tcptype so\r\n"
	  "a=candidate:4 1 TCP 2120220671 {4a:10.0.0.2} {4p:9000} typ host tcptype active\r\n",
	  "0 tcp 10.0.0.2 5000, 0 tcp 10.0.0.2 8998 candidate, 0 tcp 10.0.0.2 8999 candidate"
	  "; host 10.0.0.2; ice" },
	{ "of another transport, without a port, of a refused line: an address only",
	  "m=audio {0p:5000} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=candidate:1 1 SCTP 21 {1a:10.0.0.2} 5001 typ host\r\n"
	  "a=candidate:1 1 UDP 21 {1a:10.0.0.2} 65536 typ host\r\n"
	  "m=audio 0 RTP/AVP 0\r\n"
	  "a=candidate:1 1 UDP 21 {1a:10.0.0.2} 5002 typ host\r\n",
	  "0 udp 10.0.0.2 5000 pair, 1 closed; host 10.0.0.2; ice" },
	{ "cut short, and for the other side's",
	  "m=audio {0p:5000} RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=candidate:1 1 UDP 21 10.0.0.2\r\n"
	  "a=remote-candidates:1 192.0.2.3 45664\r\n",
	  "0 udp 10.0.0.2 5000 pair; ice" },
};

static const struct example malformed[] = {
	{ "ports that are none",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio 65536 RTP/AVP 0\r\n"
	  "m=audio -1 RTP/AVP 0\r\n"
	  "m=audio $ RTP/AVP 0\r\n"
	  "m=audio 5004x RTP/AVP 0\r\n"
	  "m=audio 5004/ RTP/AVP 0\r\n"
	  "m=audio 005004 RTP/AVP 0\r\n"
	  "m=audio {0p:5004} RTP/AVP 0\r\n",
	  "0 held, 1 held, 2 held, 3 held, 4 held, 5 held, 6 udp 10.0.0.2 5004 pair" },
	{ "lines that end early", "m=\r\nm=audio\r\nm=audio 5004\r\nm=audio 5004 \r\n",
	  "0 held, 1 held, 2 held, 3 held" },
	{ "of what belongs to such a line, addresses remain",
	  "m=audio x RTP/AVP 0\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "a=candidate:1 1 UDP 21 {0a:10.0.0.2} 5002 typ host\r\n",
	  "0 held; host 10.0.0.2; ice" },
	{ "an address that is none, of a line that could use the session's",
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "m=audio 5004 RTP/AVP 0\r\n"
	  "c=IN IP4\r\n"
	  "m=audio {0p:5006} RTP/AVP 0\r\n",
	  "0 held, 1 udp 10.0.0.2 5006 pair" },
	{ "the session's",
	  "c=\r\n"
	  "m=audio 5004 RTP/AVP 0\r\n",
	  "0 held" },
};

/* Whole ones. The marks of the session's own lines stand in the text. */
static const struct example whole[] = {
	{ "RFC 4317, section 2.1, the offer",
	  "v=0\r\n"
	  "o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com\r\n"
	  "s=\r\n"
	  "c=IN IP4 host.atlanta.example.com\r\n"
	  "t=0 0\r\n"
	  "m=audio 49170 RTP/AVP 0 8 97\r\n"
	  "a=rtpmap:0 PCMU/8000\r\n"
	  "a=rtpmap:8 PCMA/8000\r\n"
	  "a=rtpmap:97 iLBC/8000\r\n"
	  "m=video 51372 RTP/AVP 31 32\r\n"
	  "a=rtpmap:31 H261/90000\r\n"
	  "a=rtpmap:32 MPV/90000\r\n",
	  "0 held, 1 held" },
	{ "RFC 8866, section 5: user names may look like addresses",
	  "v=0\r\n"
	  "o=10.0.0.2 3724394400 3724394405 IN IP4 {0a:198.51.100.1}\r\n"
	  "s=Call to 10.0.0.2\r\n"
	  "i=SDP Offer #1\r\n"
	  "u=http://www.example.com/~jdoe/sdp.offer1\r\n"
	  "e=Jane Doe <jane@jdoe.example.com>\r\n"
	  "p=+1 617 555-6011\r\n"
	  "c=IN IP4 {1a:198.51.100.1}\r\n"
	  "t=0 0\r\n"
	  "m=audio {1p:49170} RTP/AVP 0\r\n"
	  "m=audio {2p:49180} RTP/AVP 0\r\n"
	  "m=video {3p:51372} RTP/AVP 99\r\n"
	  "c=IN IP6 {3a:2001:db8::2}\r\n"
	  "a=rtpmap:99 h263-1998/90000\r\n",
	  "0 udp 198.51.100.1 49170 pair, 1 udp 198.51.100.1 49180 pair, "
	  "2 udp 2001:db8::2 51372 pair; host 198.51.100.1" },
	{ "one host for o= and for an address that no line uses",
	  "v=0\r\n"
	  "o=- 1 1 IN IP4 {0a:10.0.0.2}\r\n"
	  "s=-\r\n"
	  "c=IN IP4 {0a:10.0.0.2}\r\n"
	  "t=0 0\r\n",
	  "; host 10.0.0.2" },
	{ "o= twice", "v=0\r\no=- 1 1 IN IP4 {0a:10.0.0.2}\r\no=- 1 1 IN IP4 10.0.0.3\r\n",
	  "; host 10.0.0.2" },
	{ "RFC 8839, appendix A, the offer",
	  "v=0\r\n"
	  "o=jdoe 2890844526 2890842807 IN IP4 {0a:203.0.113.141}\r\n"
	  "s=\r\n"
	  "c=IN IP4 {1a:192.0.2.3}\r\n"
	  "t=0 0\r\n"
	  "a=ice-options:ice2\r\n"
	  "a=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"
	  "a=ice-ufrag:8hhY\r\n"
	  "m=audio {1p:45664} RTP/AVP 0\r\n"
	  "b=RS:0\r\n"
	  "b=RR:0\r\n"
	  "a=rtpmap:0 PCMU/8000\r\n"
	  "a=candidate:1 1 UDP 2130706431 {2a:203.0.113.141} {2p:8998} typ host\r\n"
	  "a=candidate:2 1 UDP 1694498815 {1a:192.0.2.3} {1p:45664} typ srflx raddr "
	  "{2a:203.0.113.141} rport {2p:8998}\r\n",
	  "0 udp 192.0.2.3 45664 pair, 0 udp 203.0.113.141 8998 candidate; host 203.0.113.141"
	  "; ice, traversed" },
	{ "o= that says less, or another one below",
	  "v=0\r\no=- 1 IN IP4 10.0.0.2\r\ns=-\r\nm=audio 0 RTP/AVP 0\r\no=- 1 1 IN IP4 10.0.0.2\r\n",
	  "0 closed" },
	{ "nothing but the first line", "v=0", "" },
};

static const struct {
	const char *head;
	const struct example *list;
	u32 n;
	unsigned int result;
} groups[] = {
	{ HEAD, lines, ARRAY_SIZE(lines), CTALG_R_NONE },
	{ HEAD, addresses, ARRAY_SIZE(addresses), CTALG_R_NONE },
	{ HEAD, rtcp, ARRAY_SIZE(rtcp), CTALG_R_NONE },
	{ HEAD, protocols, ARRAY_SIZE(protocols), CTALG_R_NONE },
	{ HEAD, ice, ARRAY_SIZE(ice), CTALG_R_NONE },
	{ HEAD, malformed, ARRAY_SIZE(malformed), CTALG_R_MALFORMED },
	{ "", whole, ARRAY_SIZE(whole), CTALG_R_NONE },
};

static void examples(void **unused)
{
	u32 g, i;

	(void)unused;
	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g].n; i++)
			check(groups[g].head, &groups[g].list[i], groups[g].result);
}

static void no_description(void **unused)
{
	static const char *const texts[] = { "",	 "v",
					     "v=",	 "v=1\r\n",
					     "v=00\r\n", "\r\nv=0",
					     "V=0\r\n",	 "o=- 1 1 IN IP4 10.0.0.2\r\n" };
	STATIC_REPORT(r);
	unsigned int result;
	u32 i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		u8 *data = exact(texts[i], (u32)strlen(texts[i]));

		parse(data, (u32)strlen(texts[i]), &r, &result);
		assert_int_equal(result, CTALG_R_MALFORMED);
		assert_int_equal(r.n_wants + r.n_tokens + r.n_endpoints, 0);
		free(data);
	}
}

/* However much of an example has come, what is said of it lies in it. */
static void every_prefix(void **unused)
{
	STATIC_REPORT(r);
	unsigned int result;
	u32 g, i, n, len;

	(void)unused;
	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		for (i = 0; i < groups[g].n; i++) {
			u8 *data = marked_strip(groups[g].list[i].text, &len);

			for (n = 0; n < len; n++) {
				u32 head = (u32)strlen(groups[g].head);
				u8 *all = malloc(head + n + 1), *cut;

				assert_non_null(all);
				memcpy(all, groups[g].head, head);
				memcpy(all + head, data, n);
				cut = exact(all, head + n);
				parse(cut, head + n, &r, &result);
				marked_safe(cut, head + n, &r);
				free(cut);
				free(all);
			}
			free(data);
		}
	}
}

/* What stands around the body is nobody's business, and spans count from the message. */
static void inside_a_message(void **unused)
{
	static const char text[] = "INVITE c=IN IP4 10.0.0.9\r\n"
				   "v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 5004 RTP/AVP 0\r\n"
				   "m=audio 5006 RTP/AVP 0\r\n";
	const struct ctalg_span body = { .off = 26, .len = 5 + 19 + 24 };
	u8 *data = exact(text, sizeof(text) - 1);
	STATIC_REPORT(r);

	(void)unused;
	ctalg_report_init(&r);
	assert_int_equal(ctalg_sdp_parse(data, sizeof(text) - 1, body, &r), CTALG_R_NONE);
	assert_string_equal(marked_wants(&r), "0 udp 10.0.0.2 5004 pair");
	assert_int_equal(r.n_tokens, 2);
	assert_memory_equal(text + r.token[0].at.off, "10.0.0.2", 8);
	assert_memory_equal(text + r.token[1].at.off, "5004", 4);
	assert_int_equal(r.want[0].seconds, CTALG_NO_SECONDS);
	/* A second description goes on counting lines, and shares nothing with the first. */
	assert_int_equal(ctalg_sdp_parse(data, sizeof(text) - 1, body, &r), CTALG_R_NONE);
	assert_string_equal(marked_wants(&r), "0 udp 10.0.0.2 5004 pair, 1 udp 10.0.0.2 5004 pair");
	assert_int_equal(r.want[1].endpoint, 1);
	free(data);
}

/* More lines than the report has room for: those that are in it are whole. */
static void full_report(void **unused)
{
	enum { LINES = CTALG_REPORT_WANTS + 5 };
	static char text[64 + LINES * 40];
	STATIC_REPORT(r);
	unsigned int result;
	char *p = text;
	u32 i, len;
	u8 *data;

	(void)unused;
	p += sprintf(p, HEAD "c=IN IP4 10.0.0.2\r\n");
	for (i = 0; i < LINES; i++)
		p += sprintf(p, "m=audio %u RTP/AVP 0\r\n", 4000 + 2 * i);
	len = (u32)(p - text);
	data = exact(text, len);
	parse(data, len, &r, &result);
	marked_safe(data, len, &r);
	assert_true(r.full);
	assert_true(r.n_wants >= CTALG_REPORT_WANTS - 1);
	for (i = 0; i < r.n_wants; i++) {
		assert_int_equal(r.want[i].line, i);
		assert_int_equal(r.endpoint[r.want[i].endpoint].port, 4000 + 2 * i);
	}
	free(data);
}

/* What was full before is so afterwards, and has no say in what is read. */
static void full_before(void **unused)
{
	static const char text[] = "v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 5004 RTP/AVP 0\r\n";
	const struct ctalg_span body = { .len = sizeof(text) - 1 };
	STATIC_REPORT(r);
	u8 *data = exact(text, body.len);

	(void)unused;
	ctalg_report_init(&r);
	r.full = true;
	assert_int_equal(ctalg_sdp_parse(data, body.len, body, &r), CTALG_R_NONE);
	assert_string_equal(marked_wants(&r), "0 udp 10.0.0.2 5004 pair");
	assert_true(r.full);
	free(data);
}

/* Of more ports than are opened in one line, the rest is left out, and that is said; other lines go on. */
static void a_long_range(void **unused)
{
	static const struct {
		u32 ports, wants;
		bool full;
	} cases[] = { { 8, 8, false }, { 9, 8, true }, { 64, 8, true }, { 65535, 8, true } };
	STATIC_REPORT(r);
	unsigned int result;
	char text[200];
	u32 i, k, len;
	u8 *data;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = (u32)sprintf(text,
				   HEAD "c=IN IP4 10.0.0.2\r\nm=audio 4000/%u RTP/AVP 0\r\n"
					"m=audio 9000 RTP/AVP 0\r\n",
				   cases[i].ports);
		data = exact(text, len);
		parse(data, len, &r, &result);
		assert_int_equal(r.n_wants, cases[i].wants + 1);
		assert_int_equal(r.full, cases[i].full);
		for (k = 0; k < cases[i].wants; k++)
			assert_int_equal(r.endpoint[r.want[k].endpoint].port, 4000 + 2 * k);
		assert_int_equal(r.want[k].line, 1);
		free(data);
	}
}

/* The places of a line with several ports may be what there is no room for. */
static void full_of_ports(void **unused)
{
	static char text[64 + CTALG_REPORT_WANTS * 40];
	STATIC_REPORT(r);
	unsigned int result;
	char *p = text;
	u32 i, len;
	u8 *data;

	(void)unused;
	/* The endpoint of o= has no want. */
	p += sprintf(p, "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\nc=IN IP4 10.0.0.2\r\n");
	for (i = 0; i < CTALG_REPORT_WANTS / 7 + 1; i++)
		p += sprintf(p, "m=audio %u/7 RTP/AVP 0\r\n", 4000 + 20 * i);
	len = (u32)(p - text);
	data = exact(text, len);
	parse(data, len, &r, &result);
	marked_safe(data, len, &r);
	assert_true(r.full);
	assert_int_equal(r.n_endpoints, CTALG_REPORT_ENDPOINTS);
	assert_int_equal(r.n_wants, CTALG_REPORT_ENDPOINTS - 1);
	free(data);
}

/* Examples with some bytes changed. */
static void random_changes(void **unused)
{
	static const char bytes[] = "\r\n :=/[]09amcv.\t";
	STATIC_REPORT(r);
	unsigned int result;
	u64 seed = 8866;
	u32 round, len;

	(void)unused;
	for (round = 0; round < 20000; round++) {
		u32 g = rnd_below(&seed, ARRAY_SIZE(groups)), n;
		const char *text = groups[g].list[rnd_below(&seed, groups[g].n)].text;
		char all[4096];
		u8 *data;

		snprintf(all, sizeof(all), "%s%s", groups[g].head, text);
		data = marked_strip(all, &len);
		for (n = 1 + rnd_below(&seed, 4); n; n--)
			data[rnd_below(&seed, len)] = (u8)bytes[rnd_below(&seed, sizeof(bytes))];
		parse(data, len, &r, &result);
		marked_safe(data, len, &r);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),	  cmocka_unit_test(no_description),
		cmocka_unit_test(every_prefix),	  cmocka_unit_test(inside_a_message),
		cmocka_unit_test(full_report),	  cmocka_unit_test(full_before),
		cmocka_unit_test(a_long_range),	  cmocka_unit_test(full_of_ports),
		cmocka_unit_test(random_changes),
	};

	return cmocka_run_group_tests_name("sdp", tests, NULL, NULL);
}
