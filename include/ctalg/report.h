/* SPDX-License-Identifier: GPL-2.0 */
/* What a parser found in one message. Pure data: it decides nothing. */
#ifndef CTALG_REPORT_H
#define CTALG_REPORT_H

#include <ctalg/addr.h>
#include <ctalg/reason.h>
#include <ctalg/span.h>

/** enum ctalg_dir - who sent it: the flow's originator or the other side */
enum ctalg_dir {
	CTALG_DIR_ORIG = 0,
	CTALG_DIR_REPLY = 1,
};

/** enum ctalg_l4 - transport of an endpoint; the numbers are IANA's */
enum ctalg_l4 {
	CTALG_L4_TCP = 6,
	CTALG_L4_UDP = 17,
};

/** enum ctalg_role - what an endpoint is to the message that names it */
enum ctalg_role {
	/** @CTALG_ROLE_DATA: a data flow is going to end there; it is the sender's own, or refused */
	CTALG_ROLE_DATA,
	/**
	 * @CTALG_ROLE_MEDIA: media is going to be received there. Whether it is another host's
	 * is for the plan to find out
	 */
	CTALG_ROLE_MEDIA,
	/**
	 * @CTALG_ROLE_PATH: a place on the way of the signalling: the sender or the receiver, as
	 * itself or as the other side knows it, or somebody else. Changed if it is theirs, never refused
	 */
	CTALG_ROLE_PATH,
	/** @CTALG_ROLE_HOST: an address without a port; changed if it is the sender's, never refused */
	CTALG_ROLE_HOST,
	/** @CTALG_ROLE_NAME: part of a name (From, To, Call-ID); as PATH, but only where policy hides */
	CTALG_ROLE_NAME,
};

/**
 * struct ctalg_endpoint - an address and port that the message names
 * @addr: the address; CTALG_AF_NONE means the sender's own (EPSV's reply names none)
 * @port: the port, host order; 0 means the sender's own port of this flow (TFTP), and nothing for
 *	CTALG_ROLE_HOST
 * @l4: enum ctalg_l4
 * @role: enum ctalg_role
 * @wanted: some want of kind MEDIA names it
 */
struct ctalg_endpoint {
	struct ctalg_addr addr;
	u16 port;
	u8 l4;
	u8 role;
	bool wanted;
};

/**
 * struct ctalg_token - a place where an endpoint, or half of one, is written
 * @at: the bytes
 * @implied: the port that CTALG_FORM_HOST stands for where it writes none, host order
 * @endpoint: index of the endpoint it writes
 * @form: enum ctalg_form
 * @moot: whatever is written here, what is sent there goes to where the message came from
 */
struct ctalg_token {
	struct ctalg_span at;
	u16 implied;
	u16 endpoint;
	u8 form;
	bool moot;
};

/** enum ctalg_want_kind - what kind of flow a message announces */
enum ctalg_want_kind {
	/** @CTALG_WANT_DATA: one data flow, once */
	CTALG_WANT_DATA,
	/** @CTALG_WANT_MEDIA: media of the message's session, as long as that says */
	CTALG_WANT_MEDIA,
	/** @CTALG_WANT_PATH: more flows of this very protocol, for @seconds; 0 withdraws */
	CTALG_WANT_PATH,
};

/** enum ctalg_want_flag - more about it, as bits */
enum ctalg_want_flag {
	/** @CTALG_WANT_PAIR: the next port up as well: RTP and its RTCP (RFC 3550, section 11) */
	CTALG_WANT_PAIR = 1 << 0,
	/** @CTALG_WANT_RTCP: it is the RTCP of its line, at a place of its own (RFC 3605) */
	CTALG_WANT_RTCP = 1 << 1,
	/** @CTALG_WANT_MUX: the sender says that RTP and RTCP share the port (RFC 5761) */
	CTALG_WANT_MUX = 1 << 2,
	/** @CTALG_WANT_CLOSED: the line is refused, or over (port 0); there is no endpoint */
	CTALG_WANT_CLOSED = 1 << 3,
	/** @CTALG_WANT_HELD: the line says no place that can be opened (0.0.0.0, a name); no endpoint */
	CTALG_WANT_HELD = 1 << 4,
	/** @CTALG_WANT_CANDIDATE: named only as a candidate for ICE (RFC 8839) */
	CTALG_WANT_CANDIDATE = 1 << 5,
	/** @CTALG_WANT_RENEWS: set by the plan: the place is open, and this says for how long it stays */
	CTALG_WANT_RENEWS = 1 << 6,
	/** @CTALG_WANT_NEXT: its port is written nowhere: it is as far from that of its line on either side */
	CTALG_WANT_NEXT = 1 << 7,
};

/** define CTALG_NO_SECONDS - the message does not say how long */
#define CTALG_NO_SECONDS 0xffffffffu
/** define CTALG_NO_ENDPOINT - a want without an endpoint */
#define CTALG_NO_ENDPOINT 0xffff

/**
 * struct ctalg_want - a flow that the message announces
 * @seconds: how long it is wanted (a contact's expiry), or CTALG_NO_SECONDS
 * @endpoint: index of the endpoint that will be connected to; the peer connects
 *	from any port. Or CTALG_NO_ENDPOINT
 * @line: which of the message's media it is: the n-th m= line, from 0
 * @kind: enum ctalg_want_kind
 * @flags: enum ctalg_want_flag bits
 */
struct ctalg_want {
	u32 seconds;
	u16 endpoint;
	u16 line;
	u8 kind;
	u8 flags;
};

/**
 * struct ctalg_length - a number that says how long a part of the message is
 * @digits: where it is written, in decimal
 * @body: the bytes that it counts; it is written behind nothing of them
 */
struct ctalg_length {
	struct ctalg_span digits;
	struct ctalg_span body;
};

/** enum ctalg_ice - which candidates a session description offers */
enum ctalg_ice {
	/** @CTALG_ICE_NONE: it does not use ICE */
	CTALG_ICE_NONE,
	/** @CTALG_ICE_HOSTS: only addresses of hosts */
	CTALG_ICE_HOSTS,
	/** @CTALG_ICE_TRAVERSED: some that STUN or TURN has found, too: who sent it gets through alone */
	CTALG_ICE_TRAVERSED,
};

/** enum ctalg_talk_kind - what session a message belongs to */
enum ctalg_talk_kind {
	CTALG_TALK_NONE,
	/** @CTALG_TALK_CALL: a call, with all its dialogs; the key is its Call-ID */
	CTALG_TALK_CALL,
	/** @CTALG_TALK_BINDING: where a user can be reached; the key is the address-of-record */
	CTALG_TALK_BINDING,
};

/** enum ctalg_method - what a message, or the request that it answers, is in its session */
enum ctalg_method {
	CTALG_METHOD_OTHER,
	CTALG_METHOD_INVITE,
	CTALG_METHOD_ACK,
	CTALG_METHOD_BYE,
	CTALG_METHOD_CANCEL,
	CTALG_METHOD_PRACK,
	CTALG_METHOD_UPDATE,
	CTALG_METHOD_REGISTER,
};

/**
 * struct ctalg_talk - what a message says of its session
 * @key: what the session is called: its bytes tell it from others of its kind
 * @number: of the transaction (CSeq)
 * @from: who began the transaction, a hash of the tag in From; 0 if there is none
 * @to: with whom, a hash of the tag in To; 0 if there is none yet
 * @expires: seconds that the session lasts unless it is refreshed (Session-Expires), or
 *	CTALG_NO_SECONDS
 * @status: of an answer; 0 for a request
 * @kind: enum ctalg_talk_kind
 * @method: enum ctalg_method
 * @describes: it carries a session description, whose lines are the wants of kind MEDIA
 * @reliable: a provisional answer that will be acknowledged (RFC 3262)
 *
 * The hash of a tag that is there is never 0.
 */
struct ctalg_talk {
	struct ctalg_span key;
	u32 number;
	u32 from;
	u32 to;
	u32 expires;
	u16 status;
	u8 kind;
	u8 method;
	bool describes;
	bool reliable;
};

/** enum ctalg_op - what the message does to its session, as bits */
enum ctalg_op {
	/** @CTALG_OP_WITHDRAW: the pinholes of the latest request that are unused close */
	CTALG_OP_WITHDRAW = 1 << 0,
	/** @CTALG_OP_ASKS: it is a request: policy judges it, and the other side owes it one answer */
	CTALG_OP_ASKS = 1 << 1,
	/**
	 * @CTALG_OP_ANSWERS: it is the answer, or a part of it, to the oldest request that has
	 * none yet, and another could stand in its place
	 */
	CTALG_OP_ANSWERS = 1 << 2,
	/** @CTALG_OP_ANSWERED: that request has its answer with this */
	CTALG_OP_ANSWERED = 1 << 3,
	/** @CTALG_OP_ANSWERED_ALL: all requests so far have theirs */
	CTALG_OP_ANSWERED_ALL = 1 << 4,
	/** @CTALG_OP_OPAQUE: from here on both sides encrypt, or may */
	CTALG_OP_OPAQUE = 1 << 5,
	/** @CTALG_OP_PART: it is one of several parts of an answer, and can't stand for all of it */
	CTALG_OP_PART = 1 << 6,
	/** @CTALG_OP_AMBIGUOUS: a server may see another request in it, more than one, or one at all */
	CTALG_OP_AMBIGUOUS = 1 << 7,
	/** @CTALG_OP_LOGIN: whoever was named last as the user is now */
	CTALG_OP_LOGIN = 1 << 8,
	/** @CTALG_OP_NO_LOGIN: whoever was named last is not */
	CTALG_OP_NO_LOGIN = 1 << 9,
	/** @CTALG_OP_TELLS: it is a request that nobody answers: only rules that name it judge it */
	CTALG_OP_TELLS = 1 << 10,
	/** @CTALG_OP_NUMBER: its object is a telephone number: "-", ".", "(" and ")" in it say nothing (RFC 3966, section 3) */
	CTALG_OP_NUMBER = 1 << 11,
};

/** define CTALG_REPORT_ENDPOINTS - endpoints that a report has room for at first */
#define CTALG_REPORT_ENDPOINTS 256
/** define CTALG_REPORT_TOKENS - tokens, likewise */
#define CTALG_REPORT_TOKENS 512
/** define CTALG_REPORT_WANTS - wants, likewise */
#define CTALG_REPORT_WANTS 256

/**
 * define CTALG_REPORT_LINES - no message has more m= lines, or places where one endpoint is written
 *
 * It has 65,535 bytes at most, and "m=a 1 b" takes 8 of them.
 */
#define CTALG_REPORT_LINES (65536 / 8)
/**
 * define CTALG_REPORT_PLACES - nor names more endpoints, or wants more of them
 *
 * "m=a 1/8 RTP" is eight, in 12 bytes. What longer ranges name beyond that is left out, and counted.
 */
#define CTALG_REPORT_PLACES (65536 / 12 * 8)

/** define CTALG_REPORT_LENGTHS - most lengths */
#define CTALG_REPORT_LENGTHS 4
/** define CTALG_REPORT_STRIPS - most lines that can be left out */
#define CTALG_REPORT_STRIPS 8

/**
 * struct ctalg_report_room - where a report keeps what is found
 * @endpoint: room for @endpoints
 * @token: for @tokens
 * @want: for @wants
 * @head: for @heads, a power of two: the latest endpoint of those whose places have the same hash
 * @next: for @endpoints: the one before it
 *
 * It is the caller's. Nothing in it need be initialised, but for the sake of tools that look for
 * such.
 */
struct ctalg_report_room {
	struct ctalg_endpoint *endpoint;
	struct ctalg_token *token;
	struct ctalg_want *want;
	u16 *head;
	u16 *next;
	u16 endpoints;
	u16 tokens;
	u16 wants;
	u16 heads;
};

/** struct ctalg_report_small - enough for all but a few messages; struct ctalg_report_room says what is what */
struct ctalg_report_small {
	struct ctalg_endpoint endpoint[CTALG_REPORT_ENDPOINTS];
	struct ctalg_token token[CTALG_REPORT_TOKENS];
	struct ctalg_want want[CTALG_REPORT_WANTS];
	u16 head[CTALG_REPORT_ENDPOINTS];
	u16 next[CTALG_REPORT_ENDPOINTS];
};

/** struct ctalg_report_large - enough for any */
struct ctalg_report_large {
	struct ctalg_endpoint endpoint[CTALG_REPORT_PLACES];
	struct ctalg_token token[CTALG_REPORT_LINES];
	struct ctalg_want want[CTALG_REPORT_PLACES];
	u16 head[32768];
	u16 next[CTALG_REPORT_PLACES];
};

/** define CTALG_REPORT_ROOM - initialiser of a struct ctalg_report_room in one of these */
#define CTALG_REPORT_ROOM(in)                                                                      \
	{                                                                                          \
		.endpoint = (in).endpoint, .token = (in).token, .want = (in).want,                 \
		.head = (in).head, .next = (in).next, .endpoints = ARRAY_SIZE((in).endpoint),      \
		.tokens = ARRAY_SIZE((in).token), .wants = ARRAY_SIZE((in).want),                  \
		.heads = ARRAY_SIZE((in).head),                                                    \
	}

/**
 * struct ctalg_report - what a parser found in one message
 * @kind: which message, an index into struct ctalg_proto.kinds; 0 is "other"
 * @command: what is asked for, an index into struct ctalg_proto.commands; 0 is "other"
 * @reason: why the message has no endpoints although it should, or not all of them; CTALG_R_NONE if all is well
 * @ops: enum ctalg_op bits
 * @user: who is speaking, if this message tells
 * @object: what the message is about (a file name), if it tells
 * @back: the part whose words come back, with an answer or a later request, and have to be the same then
 * @talk: its session, if the protocol has such that outlast a message
 * @ice: enum ctalg_ice
 * @full: there was more than the report has room for; what is in it is true
 * @n_endpoints: entries used in @endpoint
 * @n_tokens: entries used in @token
 * @n_wants: entries used in @want
 * @n_lengths: entries used in @length
 * @n_strips: entries used in @strip
 * @length: lengths that change with what is inside of them, the inner ones first
 * @strip: whole lines that tell of the sender's side and that nobody needs; left out where policy hides
 * @endpoint: the endpoints named
 * @token: where they are written
 * @want: which of them are to be opened
 * @room: where these three are kept; set by ctalg_report_use()
 * @grow: called when that is full: moves the report to a larger one (ctalg_report_move()) and says
 *	true. NULL if there is none
 *
 * Every span lies inside the message.
 */
struct ctalg_report {
	u16 kind;
	u16 command;
	u16 reason;
	u32 ops;
	struct ctalg_span user;
	struct ctalg_span object;
	struct ctalg_span back;
	struct ctalg_talk talk;
	u8 ice;
	bool full;
	u16 n_endpoints;
	u16 n_tokens;
	u16 n_wants;
	u16 n_lengths;
	u16 n_strips;
	struct ctalg_length length[CTALG_REPORT_LENGTHS];
	struct ctalg_span strip[CTALG_REPORT_STRIPS];
	struct ctalg_endpoint *endpoint;
	struct ctalg_token *token;
	struct ctalg_want *want;
	const struct ctalg_report_room *room;
	bool (*grow)(struct ctalg_report *r);
};

/**
 * ctalg_report_use() - what is found from now on goes into a room
 * @r: the report; whatever was in it is not
 * @room: the room, which stays as long as the report
 */
static inline void ctalg_report_use(struct ctalg_report *r, const struct ctalg_report_room *room)
{
	r->endpoint = room->endpoint;
	r->token = room->token;
	r->want = room->want;
	r->room = room;
}

/**
 * ctalg_report_move() - a report with all that is in it goes on in a larger room
 * @r: the report
 * @room: the room; the one before it may still be read
 */
void ctalg_report_move(struct ctalg_report *r, const struct ctalg_report_room *room);

/**
 * ctalg_report_init() - nothing has been found yet
 * @r: the report, which has a room; what is there beyond what is counted is nobody's to read
 */
static inline void ctalg_report_init(struct ctalg_report *r)
{
	memset(r, 0, offsetof(struct ctalg_report, length));
}

/**
 * ctalg_report_endpoint() - an endpoint was found
 * @r: the report
 * @addr: its address, or NULL for the sender's own
 * @port: its port, host order, or 0 for the sender's own
 * @l4: enum ctalg_l4
 *
 * Return: its index, or -1 when the report is full; nothing is changed then.
 */
int ctalg_report_endpoint(struct ctalg_report *r, const struct ctalg_addr *addr, u16 port, u8 l4);

/**
 * ctalg_report_place() - an endpoint was found that the message may have named before
 * @r: the report
 * @ep: it
 * @first: from this index on
 *
 * Of many endpoints with the same hash not all are compared: the same place may then have several.
 *
 * Return: the index of the one that is the same place for the same role, or of a new one; -1 when the
 * report is full.
 */
int ctalg_report_place(struct ctalg_report *r, const struct ctalg_endpoint *ep, u16 first);

/**
 * ctalg_report_has_token() - is there room to say where an endpoint is written
 * @r: the report
 *
 * Return: false when the report is full.
 */
bool ctalg_report_has_token(struct ctalg_report *r);

/**
 * ctalg_report_token() - an endpoint is written here
 * @r: the report
 * @endpoint: what ctalg_report_endpoint() returned; one that is not there is ignored
 * @at: the bytes
 * @form: enum ctalg_form
 *
 * Return: false when the report is full.
 */
bool ctalg_report_token(struct ctalg_report *r, int endpoint, struct ctalg_span at, u8 form);

/**
 * ctalg_report_want() - the peer is going to connect to an endpoint
 * @r: the report
 * @endpoint: what ctalg_report_endpoint() returned; one that is not there is ignored
 *
 * Return: false when the report is full.
 */
bool ctalg_report_want(struct ctalg_report *r, int endpoint);

/**
 * ctalg_report_want_add() - the same, with all that is known of it
 * @r: the report
 * @w: what is wanted; its endpoint is in @r, or CTALG_NO_ENDPOINT
 *
 * Return: false when the report is full.
 */
bool ctalg_report_want_add(struct ctalg_report *r, const struct ctalg_want *w);

/**
 * ctalg_report_length() - a number in the message counts bytes of it
 * @r: the report
 * @digits: the number
 * @body: the bytes
 *
 * Return: false when the report is full.
 */
bool ctalg_report_length(struct ctalg_report *r, struct ctalg_span digits, struct ctalg_span body);

#endif /* CTALG_REPORT_H */
