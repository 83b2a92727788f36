/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The generic netlink family "ctalg": what a namespace's helpers are doing, and
 * what they may do. ctalg.yaml says the same for programs.
 *
 * Every command needs CAP_NET_ADMIN in the user namespace that owns the network
 * namespace, those that only read too: they show users, hosts and numbers.
 *
 * Numbers are in host order, ports too. An address is 4 or 16 bytes in network
 * order; its length tells the family. What the spec calls uint is a 32 or a 64 bit
 * number; read what came. A message can be 8 KiB long: receive with at least that.
 *
 * Attributes are only ever added. Skip those that you do not know.
 */
#ifndef _UAPI_CTALG_H
#define _UAPI_CTALG_H

#define CTALG_FAMILY_NAME "ctalg"
#define CTALG_FAMILY_VERSION 1

/* Commands; the answers carry the same number. */
enum {
	/* dump: the helpers, with their counters in this namespace */
	CTALG_CMD_HELPER_GET = 1,
	/* do: change what a helper may do in this namespace */
	CTALG_CMD_HELPER_SET,
	/* dump: the control flows that helpers watch */
	CTALG_CMD_FLOW_GET,
	/* dump: the sessions of all flows */
	CTALG_CMD_SESSION_GET,
	/* dump: the pinholes of all sessions */
	CTALG_CMD_PINHOLE_GET,

	__CTALG_CMD_MAX,
	CTALG_CMD_MAX = (__CTALG_CMD_MAX - 1)
};

/* What is being done with the bytes of one direction of a TCP flow. */
enum {
	/* nothing yet: the beginning has not been seen */
	CTALG_STREAM_MODE_IDLE,
	/* messages are read */
	CTALG_STREAM_MODE_READING,
	/* nothing will be read any more: encrypted, or not the protocol */
	CTALG_STREAM_MODE_DEAF,
};

/* The life of a pinhole. */
enum {
	/* waits for its data flow */
	CTALG_PINHOLE_STATE_OPEN,
	/* its data flow has come */
	CTALG_PINHOLE_STATE_USED,
};

/* A helper. */
enum {
	/* string: its name, as rules say it */
	CTALG_A_HELPER_NAME = 1,
	/* u8: transport of its control flows, as IANA numbers it */
	CTALG_A_HELPER_L4,
	/* u16: its default port */
	CTALG_A_HELPER_PORT,
	/* u32: seconds that a pinhole waits for its data flow */
	CTALG_A_HELPER_LIFETIME,
	/* u8: 1 if a message may name a third host */
	CTALG_A_HELPER_LOOSE,
	/* u8: 1 if any host may use a pinhole, not just the peer */
	CTALG_A_HELPER_ANY_SOURCE,
	/* string: version of the modules */
	CTALG_A_HELPER_VERSION,
	/* nest, many: a counter that is not zero; CTALG_A_COUNTER_* */
	CTALG_A_HELPER_COUNTER,
	/* u8: 1 if a flow whose message is too long to be read is reset */
	CTALG_A_HELPER_STRICT,
	/* u8: 0 if nothing is read; to set 0 hands connections that have been changed over to the kernel */
	CTALG_A_HELPER_ENABLED,

	__CTALG_A_HELPER_MAX,
	CTALG_A_HELPER_MAX = (__CTALG_A_HELPER_MAX - 1)
};

/* How often something has happened in a namespace. */
enum {
	/* string: what; names are never changed, only added */
	CTALG_A_COUNTER_REASON = 1,
	/* uint: for what the originator of a flow sent */
	CTALG_A_COUNTER_ORIG,
	/* uint: for what the other side sent */
	CTALG_A_COUNTER_REPLY,

	__CTALG_A_COUNTER_MAX,
	CTALG_A_COUNTER_MAX = (__CTALG_A_COUNTER_MAX - 1)
};

/* A control flow that a helper watches; its tuple as its originator sees it. */
enum {
	/* uint: its number, never used again */
	CTALG_A_FLOW_ID = 1,
	/* string: the helper's name */
	CTALG_A_FLOW_HELPER,
	/* u8: its transport */
	CTALG_A_FLOW_L4,
	/* binary: the originator's address */
	CTALG_A_FLOW_SRC,
	/* u16: and its port */
	CTALG_A_FLOW_SRC_PORT,
	/* binary: the address it was sent to */
	CTALG_A_FLOW_DST,
	/* u16: and the port */
	CTALG_A_FLOW_DST_PORT,
	/* u16: the conntrack zone */
	CTALG_A_FLOW_ZONE,
	/* uint: milliseconds since it began */
	CTALG_A_FLOW_AGE,
	/* u32: CTALG_STREAM_MODE_*, of what the originator sends; TCP only */
	CTALG_A_FLOW_ORIG_MODE,
	/* u32: CTALG_STREAM_MODE_*, of what the other side sends; TCP only */
	CTALG_A_FLOW_REPLY_MODE,
	/* u32: how many sessions it carries */
	CTALG_A_FLOW_SESSIONS,
	/* flag: some of its bytes have been changed; TCP only */
	CTALG_A_FLOW_EDITED,
	/* s32: bytes added less bytes removed so far of what the originator sends; TCP only */
	CTALG_A_FLOW_ORIG_OFFSET,
	/* s32: and of what the other side sends */
	CTALG_A_FLOW_REPLY_OFFSET,
	/* u32: bytes of an unfinished message of the originator that are held back; TCP only */
	CTALG_A_FLOW_ORIG_HELD,
	/* u32: and of the other side */
	CTALG_A_FLOW_REPLY_HELD,

	__CTALG_A_FLOW_MAX,
	CTALG_A_FLOW_MAX = (__CTALG_A_FLOW_MAX - 1)
};

/* What a user does over a flow: a login, a transfer, a call. */
enum {
	/* uint: the number of its flow */
	CTALG_A_SESSION_FLOW = 1,
	/* string: the helper's name */
	CTALG_A_SESSION_HELPER,
	/* binary: who, as the protocol said it; any bytes; absent while unknown */
	CTALG_A_SESSION_USER,
	/* u32: pinholes opened so far */
	CTALG_A_SESSION_OPENED,
	/* u32: pinholes that it has now */
	CTALG_A_SESSION_PINHOLES,

	__CTALG_A_SESSION_MAX,
	CTALG_A_SESSION_MAX = (__CTALG_A_SESSION_MAX - 1)
};

/* An expected data flow. */
enum {
	/* uint: the number of the control flow that announced it */
	CTALG_A_PINHOLE_FLOW = 1,
	/* string: the helper's name */
	CTALG_A_PINHOLE_HELPER,
	/* binary: the session's user; any bytes; absent while unknown */
	CTALG_A_PINHOLE_USER,
	/* u8: its transport */
	CTALG_A_PINHOLE_L4,
	/* binary: the host that may connect; absent if any may */
	CTALG_A_PINHOLE_FROM,
	/* binary: the address that it connects to */
	CTALG_A_PINHOLE_OUTSIDE,
	/* u16: and the port */
	CTALG_A_PINHOLE_OUTSIDE_PORT,
	/* binary: where that leads, as the host there knows itself */
	CTALG_A_PINHOLE_INSIDE,
	/* u16: and the port */
	CTALG_A_PINHOLE_INSIDE_PORT,
	/* u32: CTALG_PINHOLE_STATE_* */
	CTALG_A_PINHOLE_STATE,

	__CTALG_A_PINHOLE_MAX,
	CTALG_A_PINHOLE_MAX = (__CTALG_A_PINHOLE_MAX - 1)
};

#endif /* _UAPI_CTALG_H */
