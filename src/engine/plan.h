/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a report to a decision: which endpoints are ours, what they are called
 * outside, which pinholes that takes and which bytes change.
 */
#ifndef CTALG_ENGINE_PLAN_H
#define CTALG_ENGINE_PLAN_H

#include <ctalg/edit.h>
#include <ctalg/proto.h>

#include "grant.h"

/** enum ctalg_side - which of a flow's ends is inside */
enum ctalg_side {
	/** @CTALG_SIDE_NEITHER: nobody knows, or both are */
	CTALG_SIDE_NEITHER,
	/** @CTALG_SIDE_SENDER: the message's sender */
	CTALG_SIDE_SENDER,
	/** @CTALG_SIDE_RECEIVER: its receiver */
	CTALG_SIDE_RECEIVER,
};

/**
 * struct ctalg_view - a flow's two ends, as NAT shows them to each other
 * @self: the sender of the message, as it knows itself
 * @self_port: its port of this flow, host order
 * @self_out: the sender, as the receiver knows it; equal to @self without NAT
 * @self_out_port: its port of this flow, as the receiver knows it
 * @peer: the receiver, as it knows itself
 * @peer_port: its port of this flow
 * @peer_out: the receiver, as the sender knows it
 * @peer_out_port: its port of this flow, as the sender knows it
 * @l4: enum ctalg_l4 of the flow
 * @inside: enum ctalg_side
 * @aware: the inside end calls itself what it is called outside, and is to be called that
 */
struct ctalg_view {
	struct ctalg_addr self;
	struct ctalg_addr self_out;
	struct ctalg_addr peer;
	struct ctalg_addr peer_out;
	u16 self_port;
	u16 self_out_port;
	u16 peer_port;
	u16 peer_out_port;
	u8 l4;
	u8 inside;
	bool aware;
};

/**
 * struct ctalg_opening - a pinhole to open
 * @inside: where its data flow ends, as that host knows itself
 * @outside: the address to which the peer connects
 * @from: the host that may connect; CTALG_AF_NONE for any
 * @from_len: so many leading bits of @from count; 0 stands for all of them
 * @inside_port: port at @inside, host order
 * @outside_port: port at @outside; on the way in the one to try first
 * @port_first: outside ports are chosen from here on; 0 for what the helper's setting says
 * @port_last: and up to here, inclusive
 * @l4: enum ctalg_l4
 * @fixed_port: only the given @outside_port will do
 * @permanent: stays open after use, as long as its control flow or its session
 * @known: only if it is open already
 * @kind: enum ctalg_want_kind
 * @flags: enum ctalg_want_flag bits: with CTALG_WANT_PAIR the next port up is opened as well, inside and outside
 * @line: which of the message's media it is
 * @seconds: CTALG_WANT_PATH: how long it is wanted, or CTALG_NO_SECONDS
 */
struct ctalg_opening {
	struct ctalg_addr inside;
	struct ctalg_addr outside;
	struct ctalg_addr from;
	u8 from_len;
	u16 inside_port;
	u16 outside_port;
	u16 port_first;
	u16 port_last;
	u8 l4;
	bool fixed_port;
	bool permanent;
	bool known;
	u8 kind;
	u8 flags;
	u16 line;
	u32 seconds;
};

/**
 * ctalg_opening_same() - does a message ask for what is open already
 * @a: what is open
 * @b: what is asked for
 *
 * Return: true if only their outside ports, and what those are chosen from, may differ.
 */
bool ctalg_opening_same(const struct ctalg_opening *a, const struct ctalg_opening *b);

/**
 * ctalg_plan_opening() - the way to the sender of a message
 * @v: the flow, seen from it
 * @g: what policy grants
 * @o: the pinhole, without its ports and transport
 */
void ctalg_plan_opening(const struct ctalg_view *v, const struct ctalg_grant *g,
			struct ctalg_opening *o);

/**
 * struct ctalg_plan_ops - what the plan asks of whoever owns the pinholes
 * @open: open a pinhole, or find the one that the same session already has; sets
 *	@outside_port. Returns CTALG_R_NONE or why not
 * @undo: close what @open opened for this message
 * @edited: an endpoint of the message, which is not refused, is called otherwise outside; may be
 *	NULL. @o->outside and its port is what it is called now
 * @outside: some pinhole leads to this place inside: sets what that is called outside. NULL if nobody knows
 * @inside: some pinhole leads from this place outside: sets where to. NULL if nobody knows
 * @refused: a want of kind MEDIA or PATH was refused, which does not concern the rest of the message
 */
struct ctalg_plan_ops {
	unsigned int (*open)(void *ctx, struct ctalg_opening *o);
	void (*undo)(void *ctx);
	void (*edited)(void *ctx, const struct ctalg_endpoint *ep, const struct ctalg_opening *o);
	bool (*outside)(void *ctx, const struct ctalg_endpoint *in, struct ctalg_addr *addr,
			u16 *port);
	bool (*inside)(void *ctx, const struct ctalg_endpoint *out, struct ctalg_addr *addr,
		       u16 *port);
	void (*refused)(void *ctx, unsigned int reason);
};

/**
 * struct ctalg_plan_place - what an endpoint is called on the other side
 * @addr: the address
 * @port: the port, host order
 * @state: what has become of it
 */
struct ctalg_plan_place {
	struct ctalg_addr addr;
	u16 port;
	u8 state;
};

/** define CTALG_PLAN_ADDRESSES - so many addresses of one message have lines that follow others */
#define CTALG_PLAN_ADDRESSES 8

/**
 * struct ctalg_plan_room - what the plan works with
 * @place: by the index of the endpoint; the caller's, for as many as the report has
 * @first: the first endpoints that were opened at their address
 * @n_first: how many
 * @refusals: how many places of media could not be opened for want of room
 * @refusal: why the latest could not
 */
struct ctalg_plan_room {
	struct ctalg_plan_place *place;
	u16 first[CTALG_PLAN_ADDRESSES];
	u16 n_first;
	u16 refusals;
	u16 refusal;
};

/**
 * ctalg_plan_message() - decide on one message
 * @r: what the parser found
 * @m: the message
 * @v: the flow, seen from the message's sender
 * @g: what policy grants
 * @ops: how pinholes are opened
 * @ctx: handed to @ops
 * @e: receives the edits
 * @base: offset of the message in the packet; edits count from the packet's payload
 * @room: room to work in
 *
 * A message with endpoints of the role DATA is granted whole or not at all: when any part is
 * refused no pinhole of this message stays open and no edit of it is planned. An endpoint is
 * honoured when it is the sender itself, by the address that it knows itself by or the one that
 * the receiver knows it by. Ports below 1024 are refused, and from the flow's originator those of
 * well-known services too (ctalg_port_denied()).
 *
 * Of other messages each want is granted by itself; a refusal is told by @ops->refused, and the
 * rest goes on.
 *
 * PATH: the two ends of the flow are called as the other side knows them, whatever the transport.
 * Another port of the sender's is, if a want of kind PATH opens it or @ops->outside knows it, and
 * of the receiver's, by its outside address, if @ops->inside does. All else stays, and is not
 * refused. NAME is the same, but only under @g->hide. HOST changes from @v->self to @v->self_out.
 *
 * A want of kind PATH of the inside side, for its own address, is opened; the flow's own port only
 * if the want says for how many seconds, under its outside port and no other. From the other
 * side, one with seconds that leads back to the receiver is told to @ops->open too, with
 * CTALG_WANT_RENEWS in @flags, as what it is called and where it leads: there is nothing to open.
 *
 * Of an inside sender that is aware (@v->aware) what is moot stays as it is written, and, if it describes no
 * media of its own, HOST too: unless @g->hide.
 *
 * MEDIA: the sender's own is opened; called by its outside address, or without NAT, under the very
 * same port. Another inside host's, that @ops->inside knows, is opened directly and called as that
 * host knows itself, unless @g->hairpin. Any other host's is opened as it stands if the sender
 * is outside, else only if @g->loose names it; under NAT it is then called by an outside port,
 * like the sender's own. Where ICE is left alone (@g->ice), nothing of it changes, and under NAT
 * nothing is opened. An address that stands alone, whose endpoint was refused, is called like the
 * first one of the message that was opened at that address.
 *
 * Of two tokens over the same bytes, other than of DATA, the first that changes counts. What is called the same stays as it is written.
 *
 * Return: CTALG_R_NONE, or why the message passes unchanged; if something was opened before, @ops->undo
 * was called. CTALG_R_LIMIT_EDITS: it would become longer than @e allows, or there is no room.
 */
unsigned int ctalg_plan_message(const struct ctalg_report *r, const struct ctalg_message *m,
				const struct ctalg_view *v, const struct ctalg_grant *g,
				const struct ctalg_plan_ops *ops, void *ctx, struct ctalg_edits *e,
				u32 base, struct ctalg_plan_room *room);

/**
 * ctalg_plan_lengths() - numbers that say how long parts of a message are
 * @r: what the parser found
 * @m: the message
 * @e: all other edits, planned by whomever; receives those of the numbers
 * @base: offset of the message in the packet
 *
 * May be called again when more edits have been planned.
 *
 * Return: false when there is no room for them.
 */
bool ctalg_plan_lengths(const struct ctalg_report *r, const struct ctalg_message *m,
			struct ctalg_edits *e, u32 base);

/**
 * ctalg_plan_aware() - is the receiver to be called as it calls itself
 * @r: what the parser found
 * @v: the flow, seen from the message's sender; its @aware is set
 * @before: was the inside end aware until now
 *
 * The inside end is, from when it names its place outside, and none of its own; what makes no
 * difference to the other side (struct ctalg_token.moot) does not count, and a message that does not say
 * where its sender can be reached changes nothing.
 *
 * Return: is it from now on.
 */
bool ctalg_plan_aware(const struct ctalg_report *r, struct ctalg_view *v, bool before);

/**
 * ctalg_port_denied() - a port that no message may have opened
 * @port: host order
 *
 * Return: CTALG_R_NONE, CTALG_R_PORT_ZERO, CTALG_R_PORT_PRIVILEGED or CTALG_R_PORT_DENIED.
 */
unsigned int ctalg_port_denied(u16 port);

#endif /* CTALG_ENGINE_PLAN_H */
