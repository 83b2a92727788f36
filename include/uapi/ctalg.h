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

/* The multicast group of CTALG_CMD_EVENT. */
#define CTALG_GROUP_EVENTS "events"

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
	/* dump: the limits of this namespace, and how near to them it is */
	CTALG_CMD_LIMIT_GET,
	/* do: change a limit of this namespace */
	CTALG_CMD_LIMIT_SET,
	/* notification: something has happened in this namespace; CTALG_A_EVENT_* */
	CTALG_CMD_EVENT,
	/* dump: the policy of this namespace, piece by piece; a GENERATION that changes between pieces says: read it again */
	CTALG_CMD_POLICY_GET,
	/* do: replace the policy of this namespace, at once for all helpers; without an IMAGE there is none any more */
	CTALG_CMD_POLICY_SET,

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

/* What a session is doing. */
enum {
	/* no data flow lives or is waited for */
	CTALG_SESSION_STATE_IDLE,
	/* a data flow is waited for */
	CTALG_SESSION_STATE_WAITING,
	/* a data flow lives */
	CTALG_SESSION_STATE_ACTIVE,
};

/* What has happened. */
enum {
	/* a session has begun */
	CTALG_EVENT_KIND_SESSION_BEGIN,
	/* its user is known now, or another one */
	CTALG_EVENT_KIND_SESSION_CHANGE,
	/* it has ended */
	CTALG_EVENT_KIND_SESSION_END,
	/* a pinhole has been opened */
	CTALG_EVENT_KIND_PINHOLE_OPEN,
	/* its data flow has come */
	CTALG_EVENT_KIND_PINHOLE_USED,
	/* it has closed; the reason says why */
	CTALG_EVENT_KIND_PINHOLE_CLOSED,
	/* what a message asked for was refused; the reason says why */
	CTALG_EVENT_KIND_PINHOLE_REFUSED,
	/* an endpoint in a message has been rewritten, from old to new */
	CTALG_EVENT_KIND_EDIT,
	/* a message could not be understood; the reason says in what */
	CTALG_EVENT_KIND_MALFORMED,
	/* something passed unread; the reason says why */
	CTALG_EVENT_KIND_UNREAD,
	/* a limit was in the way; the reason says which */
	CTALG_EVENT_KIND_LIMIT,
	/* nothing of a flow will be read any more, and its packets are no longer looked at */
	CTALG_EVENT_KIND_DETACH,
	/* a flow whose helper goes has been given to the kernel's own adjustment */
	CTALG_EVENT_KIND_HANDOVER,
	/* a flow has been reset, because it could not go on consistently or policy wanted it */
	CTALG_EVENT_KIND_RESET,
	/* policy has refused a message; the reason says why, the rule which one said so */
	CTALG_EVENT_KIND_DENIED,
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
	/* u8: 1 if what is malformed is refused, and a flow that cannot be read reset */
	CTALG_A_HELPER_STRICT,
	/* u8: 0 if no flow begins; to set it, without CTALG_A_HELPER_FINISHING, ends those there are at once */
	CTALG_A_HELPER_ENABLED,
	/* u8: 1 while it is not enabled and the flows that there were go on being read until they end */
	CTALG_A_HELPER_FINISHING,
	/* u16: outside ports are chosen from here on; 0 for the port that the message names, if it is free */
	CTALG_A_HELPER_PORT_FIRST,
	/* u16: and up to here, inclusive; 0 if CTALG_A_HELPER_PORT_FIRST is */
	CTALG_A_HELPER_PORT_LAST,
	/* u8: another transport of its control flows; absent if there is none */
	CTALG_A_HELPER_L4_TOO,

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
	/* uint: its number, never used again */
	CTALG_A_SESSION_ID,
	/* binary: what the protocol calls it by, any bytes; absent if the protocol has no such thing */
	CTALG_A_SESSION_KEY,
	/* string: what it is: a login, a transfer */
	CTALG_A_SESSION_KIND,
	/* u32: CTALG_SESSION_STATE_* */
	CTALG_A_SESSION_STATE,
	/* uint: milliseconds since it began */
	CTALG_A_SESSION_AGE,
	/* binary: address of the one party, the originator of the flow */
	CTALG_A_SESSION_SRC,
	/* binary: address of the other, as the originator knows it */
	CTALG_A_SESSION_DST,
	/* uint: bytes that the originator has sent in data flows, with headers; absent without conntrack accounting */
	CTALG_A_SESSION_BYTES_ORIG,
	/* uint: and the other party */
	CTALG_A_SESSION_BYTES_REPLY,

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
	/* uint: its number, never used again */
	CTALG_A_PINHOLE_ID,
	/* uint: the number of its session */
	CTALG_A_PINHOLE_SESSION,
	/* uint: milliseconds since it was opened */
	CTALG_A_PINHOLE_AGE,
	/* u32: seconds for which it goes on waiting; absent once it is used */
	CTALG_A_PINHOLE_EXPIRES,
	/* uint: bytes that the control flow's originator has sent in its data flow, with headers; absent without
	 * conntrack accounting */
	CTALG_A_PINHOLE_BYTES_ORIG,
	/* uint: and the other party */
	CTALG_A_PINHOLE_BYTES_REPLY,
	/* u8: so many leading bits of the host that may connect count; absent if all do */
	CTALG_A_PINHOLE_FROM_LEN,
	/* string: what comes there: data of a transfer, media of a call, or more control flows on a path */
	CTALG_A_PINHOLE_KIND,

	__CTALG_A_PINHOLE_MAX,
	CTALG_A_PINHOLE_MAX = (__CTALG_A_PINHOLE_MAX - 1)
};

/* A limit of a namespace. */
enum {
	/* string: its name; names are never changed, only added */
	CTALG_A_LIMIT_NAME = 1,
	/* uint: how many there may be; bytes for one of memory */
	CTALG_A_LIMIT_VALUE,
	/* uint: what it is unless it is set */
	CTALG_A_LIMIT_DEFAULT,
	/* uint: how many there are; absent for limits of one host, session or flow */
	CTALG_A_LIMIT_NOW,
	/* uint: how many there have been at most, of one host, session or flow if it is for those */
	CTALG_A_LIMIT_PEAK,

	__CTALG_A_LIMIT_MAX,
	CTALG_A_LIMIT_MAX = (__CTALG_A_LIMIT_MAX - 1)
};

/* The policy of a namespace. */
enum {
	/* binary, many: a piece of it, in the layout of src/engine/policy.h; at most 32 KiB */
	CTALG_A_POLICY_IMAGE = 1,
	/* u32: which policy this is; 0 while there has been none */
	CTALG_A_POLICY_GENERATION,
	/* u32: length of the whole image; 0 if there is no policy */
	CTALG_A_POLICY_SIZE,

	__CTALG_A_POLICY_MAX,
	CTALG_A_POLICY_MAX = (__CTALG_A_POLICY_MAX - 1)
};

/* Something has happened; what it is about stands there as far as it is known. */
enum {
	/* uint: events of the namespace are numbered, those that got lost too */
	CTALG_A_EVENT_SEQ = 1,
	/* u32: CTALG_EVENT_KIND_* */
	CTALG_A_EVENT_KIND,
	/* uint: nanoseconds since 1970 */
	CTALG_A_EVENT_TIME,
	/* string: the helper's name */
	CTALG_A_EVENT_HELPER,
	/* uint: the number of the flow; absent if it has none */
	CTALG_A_EVENT_FLOW,
	/* u8: its transport */
	CTALG_A_EVENT_L4,
	/* binary: its originator's address */
	CTALG_A_EVENT_SRC,
	/* u16: and port */
	CTALG_A_EVENT_SRC_PORT,
	/* binary: the address it was sent to */
	CTALG_A_EVENT_DST,
	/* u16: and the port */
	CTALG_A_EVENT_DST_PORT,
	/* u16: the conntrack zone */
	CTALG_A_EVENT_ZONE,
	/* u8: who sent what it is about: 0 the flow's originator, 1 the other side */
	CTALG_A_EVENT_DIR,
	/* string: why, or what it met; named as counters are */
	CTALG_A_EVENT_REASON,
	/* string: what kind of message it is about, in the protocol's words */
	CTALG_A_EVENT_MESSAGE,
	/* uint: the number of the session */
	CTALG_A_EVENT_SESSION,
	/* binary: the session's user; any bytes */
	CTALG_A_EVENT_USER,
	/* uint: the number of the pinhole */
	CTALG_A_EVENT_PINHOLE,
	/* u8: the pinhole's transport */
	CTALG_A_EVENT_PINHOLE_L4,
	/* binary: the host that may connect; absent if any may */
	CTALG_A_EVENT_FROM,
	/* binary: the address that it connects to */
	CTALG_A_EVENT_OUTSIDE,
	/* u16: and the port */
	CTALG_A_EVENT_OUTSIDE_PORT,
	/* binary: where that leads */
	CTALG_A_EVENT_INSIDE,
	/* u16: and the port */
	CTALG_A_EVENT_INSIDE_PORT,
	/* binary: the address that a message named; absent where it names the sender's own */
	CTALG_A_EVENT_OLD,
	/* u16: and the port */
	CTALG_A_EVENT_OLD_PORT,
	/* binary: the address that it names now; absent where it names the sender's own */
	CTALG_A_EVENT_NEW,
	/* u16: and the port */
	CTALG_A_EVENT_NEW_PORT,
	/* uint: bytes that the flow's originator has sent in the pinhole's data flow */
	CTALG_A_EVENT_BYTES_ORIG,
	/* uint: and the other party */
	CTALG_A_EVENT_BYTES_REPLY,
	/* string: what was asked for, as policy calls it */
	CTALG_A_EVENT_COMMAND,
	/* binary: what it was asked for: a file name; any bytes, at most 255 */
	CTALG_A_EVENT_OBJECT,
	/* u32: line of the policy's file with the rule that said so; absent if none did */
	CTALG_A_EVENT_RULE,
	/* u8: so many leading bits of the host that may connect count; absent if all do */
	CTALG_A_EVENT_FROM_LEN,
	/* string: what comes to the pinhole: data, media, path */
	CTALG_A_EVENT_PINHOLE_KIND,
	/* string: what the session is; of events of sessions */
	CTALG_A_EVENT_SESSION_KIND,
	/* binary: what the protocol calls it by, any bytes; absent if the protocol has no such thing */
	CTALG_A_EVENT_SESSION_KEY,

	__CTALG_A_EVENT_MAX,
	CTALG_A_EVENT_MAX = (__CTALG_A_EVENT_MAX - 1)
};

#endif /* _UAPI_CTALG_H */
