/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A protocol, as far as it can be known without a kernel: how its byte stream
 * falls into messages and what a message says. The same object serves the
 * kernel, the unit tests, the fuzzers and "ctalg explain".
 */
#ifndef CTALG_PROTO_H
#define CTALG_PROTO_H

#include <ctalg/report.h>

/** define CTALG_PROTO_STATE - most bytes of state a protocol may keep per flow */
#define CTALG_PROTO_STATE 32

/** define CTALG_MESSAGE_MAX - how long a message may be if its protocol does not say */
#define CTALG_MESSAGE_MAX 65536

/** enum ctalg_framing - a framer's answer */
enum ctalg_framing {
	/** @CTALG_FRAME_MESSAGE: the next n bytes are one whole message */
	CTALG_FRAME_MESSAGE,
	/** @CTALG_FRAME_MORE: not a whole message yet */
	CTALG_FRAME_MORE,
	/** @CTALG_FRAME_SKIP: the next n bytes concern nobody, however they are cut */
	CTALG_FRAME_SKIP,
	/** @CTALG_FRAME_OPAQUE: nothing in this flow can be read from here on, for good */
	CTALG_FRAME_OPAQUE,
	/** @CTALG_FRAME_NOT_OURS: this is not the protocol; leave the flow alone for good */
	CTALG_FRAME_NOT_OURS,
};

/**
 * struct ctalg_frame - where the next message ends
 * @verdict: enum ctalg_framing
 * @n: bytes, for MESSAGE and SKIP; at least 1. A SKIP may reach past what was shown. For MORE how long
 *	the whole message is going to be, whatever happens until then, if that is known; else 0
 */
struct ctalg_frame {
	u8 verdict;
	u32 n;
};

/**
 * struct ctalg_message - one whole message in one direction
 * @data: its first byte
 * @len: its length
 * @dir: enum ctalg_dir
 * @l4: enum ctalg_l4 of the flow; 0 stands for the protocol's own
 */
struct ctalg_message {
	const u8 *data;
	u32 len;
	u8 dir;
	u8 l4;
};

/** enum ctalg_command_flag - what a command does, for policy */
enum ctalg_command_flag {
	/** @CTALG_COMMAND_WRITES: it changes what the server keeps */
	CTALG_COMMAND_WRITES = 1 << 0,
	/** @CTALG_COMMAND_ENCRYPTS: it asks for the rest of the flow to be encrypted */
	CTALG_COMMAND_ENCRYPTS = 1 << 1,
	/** @CTALG_COMMAND_USER: it says who is speaking */
	CTALG_COMMAND_USER = 1 << 2,
	/** @CTALG_COMMAND_CALLS: it begins a call, whose media goes by a session description */
	CTALG_COMMAND_CALLS = 1 << 3,
	/** @CTALG_COMMAND_TELLS: nobody answers it */
	CTALG_COMMAND_TELLS = 1 << 4,
};

/**
 * struct ctalg_command - a command or method, as policy calls it
 * @name: as the protocol writes it
 * @flags: enum ctalg_command_flag bits
 */
struct ctalg_command {
	const char *name;
	u8 flags;
};

/** define CTALG_NUMBER_MAX - what is dialled is not longer than this, but for what separates */
#define CTALG_NUMBER_MAX 64

/** define CTALG_ANSWER_TEXT - most bytes of text in an answer of ours */
#define CTALG_ANSWER_TEXT 120
/** define CTALG_ANSWER_MAX - no stream's answer or harmless request is longer than this */
#define CTALG_ANSWER_MAX 256
/** define CTALG_ANSWER_DATAGRAM - nor one that goes back as a datagram than this: it may repeat the request */
#define CTALG_ANSWER_DATAGRAM 1400

/**
 * struct ctalg_answer - what the sender of a refused request is told
 * @reason: why it was refused, enum ctalg_reason
 * @code: the protocol's code, or 0: the protocol finds one that suits @reason and @command
 * @command: what was asked for, as in struct ctalg_report
 * @len: bytes of @text; 0: the protocol finds words
 * @text: printable ASCII
 * @seen: where the one who answers has seen the request come from; CTALG_AF_NONE if that is not known
 * @seen_port: its port, host order
 */
struct ctalg_answer {
	u16 reason;
	u16 code;
	u16 command;
	u8 len;
	char text[CTALG_ANSWER_TEXT];
	struct ctalg_addr seen;
	u16 seen_port;
};

/**
 * struct ctalg_proto - a protocol
 * @name: its name; 15 characters at most
 * @l4: enum ctalg_l4 of its control flow
 * @l4_too: enum ctalg_l4 of another transport that it goes over as well, or 0
 * @port: its default port, host order
 * @state_size: bytes of state per flow, at most CTALG_PROTO_STATE; zeroed when the flow begins
 * @max_message: a longer message is not waited for, nor is one that is too long for a packet
 *	(CTALG_HOLD_MAX); 0 stands for CTALG_MESSAGE_MAX
 * @session: what a session of it is: a login, a transfer
 * @kinds: names of the kinds of message; the first is "other"
 * @n_kinds: how many
 * @reasons: names of its own reasons, from CTALG_R_PRIVATE on
 * @n_reasons: how many
 * @commands: what can be asked for; the first is "other"
 * @n_commands: how many
 * @unread: those of them that are nobody's fault, as bits from CTALG_R_PRIVATE on: something
 *	that is not to be read, and not malformed
 * @repeats: a datagram of the same bytes within so many seconds is the same one again, and does not
 *	count again; 0: each counts
 * @text: its messages are text in which addresses may stand anywhere
 * @lists: they may name any number of places
 * @frame: finds the end of the message at the head of @len bytes (streams only).
 *	@seen bytes of that message have gone by unread (0 at a message boundary); @len is
 *	at least 1. Must not change the state
 * @parse: reads one whole message. Must give every report span inside the message.
 *	May change the state
 * @harmless: streams: writes the request that goes on in the place of a refused one, @cap
 *	bytes at most; the server's answer to it is what @answer replaces. NULL if there is none
 * @answer: writes the answer to a refused request, @cap bytes at most. @r is the report of the
 *	message whose place it takes: a message with CTALG_OP_ANSWERS for streams, so that an
 *	answer in several parts is replaced part by part; the request itself for datagrams,
 *	where it goes back to the sender. @m is that request; NULL for streams, and where there is
 *	none, to show what an answer begins with. NULL if the protocol has no such words. Both return
 *	how many bytes they wrote; 0 if they cannot
 * @silence: streams, instead of @harmless: what stands in the place of any refused message and
 *	says nothing. @answer is then as for datagrams, and what it says goes in front of the next
 *	message from the other side. NULL if there is none
 *
 * Both functions are pure: no memory but their arguments, no lock, no clock; they
 * run in softirq context or in user space. Their work is linear in the length.
 */
struct ctalg_proto {
	const char *name;
	u8 l4;
	u8 l4_too;
	u16 port;
	u16 state_size;
	u32 max_message;
	const char *session;
	const char *const *kinds;
	u16 n_kinds;
	const char *const *reasons;
	u16 n_reasons;
	const struct ctalg_command *commands;
	u16 n_commands;
	u16 repeats;
	bool text;
	bool lists;
	u32 unread;
	struct ctalg_frame (*frame)(const void *state, u8 dir, u32 seen, const u8 *data, u32 len);
	void (*parse)(void *state, const struct ctalg_message *m, struct ctalg_report *r);
	u32 (*harmless)(char *buf, u32 cap);
	u32 (*answer)(const struct ctalg_report *r, const struct ctalg_message *m,
		      const struct ctalg_answer *a, char *buf, u32 cap);
	const char *silence;
};

/**
 * ctalg_proto_goes_over() - is a transport one of the protocol's
 * @p: the protocol
 * @l4: enum ctalg_l4
 *
 * Return: true if it is.
 */
static inline bool ctalg_proto_goes_over(const struct ctalg_proto *p, u8 l4)
{
	return p->l4 == l4 || (l4 && p->l4_too == l4);
}

/**
 * ctalg_frame_line() - a framer for lines that end in LF
 * @data: bytes of a line, from wherever it is known
 * @len: how many
 *
 * Return: MESSAGE with the LF included, or MORE.
 */
struct ctalg_frame ctalg_frame_line(const u8 *data, u32 len);

#endif /* CTALG_PROTO_H */
