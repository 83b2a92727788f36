/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why something happened or did not: one number, one name, one counter each.
 *
 * Every early exit of the packet path counts one of these. A helper adds its
 * own from CTALG_R_PRIVATE on, with their names in struct ctalg_proto.
 */
#ifndef CTALG_REASON_H
#define CTALG_REASON_H

/* clang-format off */
/* Counter names are part of the interface: never renamed, only added. */
#define CTALG_REASONS(X)						\
	/* what went well */						\
	X(MESSAGE,		"message")				\
	X(EDIT,			"edit")					\
	X(PINHOLE_OPENED,	"pinhole-opened")			\
	X(PINHOLE_KEPT,		"pinhole-kept")				\
	X(PINHOLE_USED,		"pinhole-used")				\
	X(PINHOLE_WITHDRAWN,	"pinhole-withdrawn")			\
	X(PINHOLE_EXPIRED,	"pinhole-expired")			\
	X(PINHOLE_UNDONE,	"pinhole-undone")			\
	X(PINHOLE_CLOSED,	"pinhole-closed-unused")		\
	X(PINHOLE_ENDED,	"pinhole-ended")			\
	/* what passed unread, and why */				\
	X(PARTIAL,		"partial-message")			\
	X(OUT_OF_ORDER,		"out-of-order")				\
	X(MID_STREAM,		"mid-stream")				\
	X(NOT_OURS,		"not-the-protocol")			\
	X(OPAQUE,		"opaque")				\
	X(TOO_LONG,		"too-long")				\
	X(MALFORMED,		"malformed")				\
	X(FLOW_BUSY,		"foreign-sequence-adjustment")		\
	/* what was refused */						\
	X(THIRD_PARTY,		"third-party-address")			\
	X(FAMILY,		"other-address-family")			\
	X(PORT_ZERO,		"port-zero")				\
	X(PORT_PRIVILEGED,	"privileged-port")			\
	X(PORT_DENIED,		"denied-port")				\
	X(NO_PORT,		"no-free-port")				\
	X(LIMIT_SESSION,	"session-pinhole-limit")		\
	X(LIMIT_FLOW,		"flow-pinhole-limit")			\
	X(LIMIT_HOST,		"host-pinhole-limit")			\
	X(LIMIT_NET,		"namespace-pinhole-limit")		\
	X(LIMIT_KERNEL,		"kernel-expectation-limit")		\
	X(LIMIT_FLOWS,		"namespace-flow-limit")			\
	X(LIMIT_HOST_FLOWS,	"host-flow-limit")			\
	X(LIMIT_MEMORY,		"memory-limit")				\
	X(LIMIT_METERS,		"meter-limit")				\
	X(LIMIT_SESSIONS,	"namespace-session-limit")		\
	X(LIMIT_HOST_SESSIONS,	"host-session-limit")			\
	X(LIMIT_EDITS,		"message-edit-limit")			\
	X(LIMIT_JOURNAL,	"unacknowledged-edit-limit")		\
	X(UNWRITABLE,		"address-not-writable")			\
	X(LATE,			"after-the-end")			\
	X(FULL,			"message-endpoint-limit")		\
	X(RESET,		"connection-reset")			\
	/* what policy refused */					\
	X(POLICY_DENIED,	"policy-denied")			\
	X(POLICY_MALFORMED,	"policy-malformed")			\
	X(POLICY_RATE,		"policy-rate-limit")			\
	X(POLICY_SESSIONS,	"policy-session-limit")			\
	X(POLICY_OPAQUE,	"policy-opaque")			\
	X(POLICY_HIDE,		"policy-hide")				\
	X(POLICY_OBJECT,	"policy-object-too-long")		\
	X(POLICY_ALTERED,	"policy-altered-repetition")		\
	X(POLICY_SIZE,		"policy-size")				\
	X(POLICY_USER,		"policy-user-too-long")			\
	X(POLICY_ANSWERED,	"policy-answered")			\
	X(POLICY_HIDDEN,	"policy-hidden")			\
	X(LOG_LIMITED,		"log-limited")				\
	/* what nobody was told */					\
	X(EVENT_LOST,		"event-lost")				\
	/* what came to nothing for want of memory */		\
	X(NO_MEMORY,		"no-memory")
/* clang-format on */

/** enum ctalg_reason - reasons that every protocol shares; CTALG_R_NONE is never counted */
enum ctalg_reason {
	CTALG_R_NONE = 0,
#define CTALG_REASON_ENUM(id, name) CTALG_R_##id,
	CTALG_REASONS(CTALG_REASON_ENUM)
#undef CTALG_REASON_ENUM
		CTALG_R_SHARED_MAX,
};

/** define CTALG_R_PRIVATE - the first reason of a protocol's own */
#define CTALG_R_PRIVATE 64
/** define CTALG_R_MAX - all reasons are below this */
#define CTALG_R_MAX 96

/**
 * ctalg_reason_name() - what a shared reason is called
 * @reason: enum ctalg_reason
 *
 * Return: the name, or NULL for CTALG_R_NONE and for private reasons.
 */
const char *ctalg_reason_name(unsigned int reason);

#endif /* CTALG_REASON_H */
