/* SPDX-License-Identifier: GPL-2.0 */
/* What policy grants the data flows that a message announces. */
#ifndef CTALG_ENGINE_GRANT_H
#define CTALG_ENGINE_GRANT_H

#include "policy.h"

/** enum ctalg_policy_bit - a helper's settings in a namespace */
enum ctalg_policy_bit {
	/** @CTALG_POLICY_LOOSE: an endpoint may name a third host; it is opened, never rewritten */
	CTALG_POLICY_LOOSE = 1 << 0,
	/** @CTALG_POLICY_ANY_SOURCE: any host may use a pinhole, not just the peer */
	CTALG_POLICY_ANY_SOURCE = 1 << 1,
	/** @CTALG_POLICY_STRICT: what is malformed is refused, and a flow that cannot be read reset */
	CTALG_POLICY_STRICT = 1 << 2,
	/** @CTALG_POLICY_OFF: nothing is read */
	CTALG_POLICY_OFF = 1 << 3,
	/** @CTALG_POLICY_FINISH: no flow begins; those there are are read until they end */
	CTALG_POLICY_FINISH = 1 << 4,
};

/** enum ctalg_grant_ice - what becomes of session descriptions that use ICE */
enum ctalg_grant_ice {
	/** @CTALG_GRANT_ICE_AUTO: one whose sender gets through alone is left as it is, others are rewritten */
	CTALG_GRANT_ICE_AUTO,
	/** @CTALG_GRANT_ICE_LEAVE: they are left as they are */
	CTALG_GRANT_ICE_LEAVE,
	/** @CTALG_GRANT_ICE_REWRITE: they are rewritten, candidates and all */
	CTALG_GRANT_ICE_REWRITE,
	CTALG_GRANT_ICES,
};

/**
 * struct ctalg_grant - what a message may have opened
 * @image: where its sets are; NULL without rules
 * @loose: an endpoint may name a third host
 * @third: which ones, a set or CTALG_IMAGE_ANY
 * @any_source: any host may use its pinholes
 * @from_peer: only the peer may, whatever a message says of other hosts
 * @from: else these may: an address, of which
 * @from_len: so many leading bits count; CTALG_AF_NONE stands for the peer
 * @port_first: outside ports to choose from; 0: what the helper is set to
 * @port_last: the last of them
 * @hide: no inside address may leave
 * @hairpin: media between two inside hosts goes by their outside places, not directly
 * @ice: enum ctalg_grant_ice
 * @cut: established media of an ended call ends with it
 */
struct ctalg_grant {
	const void *image;
	bool loose;
	bool any_source;
	bool from_peer;
	u8 from_len;
	u32 third;
	struct ctalg_addr from;
	u16 port_first;
	u16 port_last;
	bool hide;
	bool hairpin;
	u8 ice;
	bool cut;
};

/**
 * ctalg_grant_find() - what may a message have opened
 * @g: the answer
 * @rules: the rules, or NULL
 * @s: who and what
 * @bits: enum ctalg_policy_bit bits of the helper, which hold where no rule says otherwise
 */
void ctalg_grant_find(struct ctalg_grant *g, const struct ctalg_rules *rules,
		      const struct ctalg_subject *s, u32 bits);

/**
 * ctalg_grant_third() - may a message name this host
 * @g: what it may have opened
 * @a: a host that is neither of the flow's
 *
 * Return: true if it may.
 */
bool ctalg_grant_third(const struct ctalg_grant *g, const struct ctalg_addr *a);

#endif /* CTALG_ENGINE_GRANT_H */
