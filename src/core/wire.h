/* SPDX-License-Identifier: GPL-2.0 */
/* A TCP segment as it lies in an skb: read and rewritten here and nowhere else. */
#ifndef CTALG_WIRE_H
#define CTALG_WIRE_H

#include <linux/skbuff.h>
#include <linux/tcp.h>

struct ctalg_stream;
struct nf_conn;

/**
 * struct ctalg_wire - a segment
 * @skb: the packet
 * @ct: its connection
 * @thoff: offset of the TCP header
 * @off: offset of the payload
 * @len: its length
 * @mss: most payload bytes per packet on the wire, 0 to leave that to the stack
 */
struct ctalg_wire {
	struct sk_buff *skb;
	struct nf_conn *ct;
	unsigned int thoff;
	unsigned int off;
	unsigned int len;
	unsigned int mss;
};

/**
 * ctalg_wire_bytes() - the payload in one piece
 * @w: the segment
 *
 * Copies only what lies in several pieces.
 *
 * Return: the first byte, good until the packet is changed; NULL without memory.
 */
const u8 *ctalg_wire_bytes(const struct ctalg_wire *w);

/**
 * ctalg_wire_numbers() - change the header's numbers
 * @w: the segment
 * @seq: sequence number, host order
 * @ack: acknowledgement number, host order
 * @window: window as it stands in the header
 *
 * Return: false without memory; nothing has changed then.
 */
bool ctalg_wire_numbers(const struct ctalg_wire *w, u32 seq, u32 ack, u16 window);

/**
 * ctalg_wire_replace() - give the segment another payload
 * @w: the segment; @off and @len follow
 * @data: the new bytes
 * @len: how many
 * @fin: the segment carries FIN
 *
 * A payload over @w->mss leaves as a GSO packet. Pushes, clears the urgent pointer.
 *
 * Return: false without memory; the packet must be dropped then.
 */
bool ctalg_wire_replace(struct ctalg_wire *w, const u8 *data, u32 len, bool fin);

/**
 * ctalg_wire_urgent() - set or clear the urgent pointer
 * @w: the segment
 * @ahead: how far behind the segment's first byte urgent data end; 0 clears it
 *
 * Return: false without memory; nothing has changed then.
 */
bool ctalg_wire_urgent(const struct ctalg_wire *w, u16 ahead);

/**
 * ctalg_wire_sack() - move SACK blocks into the sender's count
 * @w: the segment that carries them
 * @s: the stream that they speak of
 *
 * Blocks that say nothing to the sender are blanked.
 *
 * Return: false without memory; the packet must be dropped then.
 */
bool ctalg_wire_sack(const struct ctalg_wire *w, const struct ctalg_stream *s);

/**
 * ctalg_wire_option() - find a TCP option
 * @w: the segment
 * @kind: the option's number
 * @len: its length, kind and length bytes included
 *
 * Return: its offset in the packet, or 0.
 */
unsigned int ctalg_wire_option(const struct ctalg_wire *w, u8 kind, u8 *len);

/**
 * ctalg_wire_blank() - make a TCP option meaningless
 * @w: the segment
 * @kind: the option's number
 *
 * Without memory it stays.
 */
void ctalg_wire_blank(const struct ctalg_wire *w, u8 kind);

/**
 * ctalg_wire_tsval() - read the sender's timestamp (RFC 7323, section 3)
 * @w: the segment
 * @tsval: the timestamp
 *
 * Return: true if there is one.
 */
bool ctalg_wire_tsval(const struct ctalg_wire *w, u32 *tsval);

/**
 * ctalg_wire_timestamp() - change the sender's timestamp, if there is one
 * @w: the segment
 * @tsval: what to say
 */
void ctalg_wire_timestamp(const struct ctalg_wire *w, u32 tsval);

#endif /* CTALG_WIRE_H */
