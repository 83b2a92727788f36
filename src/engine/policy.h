/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy: rules as a program hands them over (the image), and as messages are held
 * against them (compiled for one protocol).
 *
 * An image is one piece of memory: a head, then arrays one after the other, in the order of
 * the head's counts. Numbers are in host order; an image never leaves its machine. Nothing in
 * it is trusted before ctalg_image_check() has seen it.
 *
 * Rules of one chain are in the order of the file, and the first one that matches says what is
 * done. A rule matches when all its criteria do; a criterion matches when one of its values
 * does, or, negated, none. A rule that matches nothing in particular has no criteria.
 */
#ifndef CTALG_ENGINE_POLICY_H
#define CTALG_ENGINE_POLICY_H

#include <ctalg/proto.h>

#include "journal.h"

/** define CTALG_IMAGE_MAGIC - an image begins with it */
#define CTALG_IMAGE_MAGIC 0x63746c70u
/** define CTALG_IMAGE_VERSION - the layout described here */
#define CTALG_IMAGE_VERSION 1
/** define CTALG_IMAGE_MAX - an image is not longer */
#define CTALG_IMAGE_MAX (8u << 20)
/** define CTALG_IMAGE_RULES - it has no more rules, nor more sets */
#define CTALG_IMAGE_RULES 65536u
/** define CTALG_IMAGE_ANY - in the place of a set: any address; of a group: none */
#define CTALG_IMAGE_ANY 0xffffffffu
/** define CTALG_PATTERN_MAX - longest user, pattern or text */
#define CTALG_PATTERN_MAX 255u

/** enum ctalg_chain - what a rule is about */
enum ctalg_chain {
	/** @CTALG_CHAIN_COMMAND: may this be asked for? enum ctalg_action */
	CTALG_CHAIN_COMMAND,
	/** @CTALG_CHAIN_LIMIT: so often, or at so many at a time; every rule that matches counts. The action is for what is over it */
	CTALG_CHAIN_LIMIT,
	/** @CTALG_CHAIN_STRICT: is what can't be understood refused? CTALG_ACTION_ON, _OFF */
	CTALG_CHAIN_STRICT,
	/** @CTALG_CHAIN_HIDE: may no inside address leave? CTALG_ACTION_ON, _OFF */
	CTALG_CHAIN_HIDE,
	/** @CTALG_CHAIN_LOOSE: may a message name a third host? CTALG_ACTION_ON with a set, _OFF */
	CTALG_CHAIN_LOOSE,
	/** @CTALG_CHAIN_SOURCE: who may use a pinhole? CTALG_ACTION_ON with a set, _OFF for the peer alone */
	CTALG_CHAIN_SOURCE,
	/** @CTALG_CHAIN_OPAQUE: may a flow be encrypted? CTALG_ACTION_DENY, _OFF, _RANGE, _DETACH */
	CTALG_CHAIN_OPAQUE,
	/** @CTALG_CHAIN_PORTS: which outside ports? CTALG_ACTION_ON with a range, _OFF */
	CTALG_CHAIN_PORTS,
	/** @CTALG_CHAIN_LOG: is an event written to the log? CTALG_ACTION_ON, _OFF */
	CTALG_CHAIN_LOG,
	/** @CTALG_CHAIN_SIZE: may a message be so long? Every rule that matches holds. The action is for what is longer */
	CTALG_CHAIN_SIZE,
	/** @CTALG_CHAIN_ICE: what becomes of descriptions that use ICE? CTALG_ACTION_ON with enum ctalg_grant_ice */
	CTALG_CHAIN_ICE,
	/** @CTALG_CHAIN_MEDIA: does media between two inside hosts go by their outside places? CTALG_ACTION_ON, _OFF */
	CTALG_CHAIN_MEDIA,
	/** @CTALG_CHAIN_ENDED: is the media of a call that has ended cut? CTALG_ACTION_ON, _OFF */
	CTALG_CHAIN_ENDED,
	CTALG_CHAINS,
};

/**
 * ctalg_chain_refuses() - do rules of a chain refuse requests, and look at all of one
 * @chain: enum ctalg_chain
 *
 * Return: true for COMMAND, LIMIT and SIZE.
 */
static inline bool ctalg_chain_refuses(u8 chain)
{
	return chain == CTALG_CHAIN_COMMAND || chain == CTALG_CHAIN_LIMIT ||
	       chain == CTALG_CHAIN_SIZE;
}

/** enum ctalg_action - what a rule says */
enum ctalg_action {
	/** @CTALG_ACTION_ALLOW: it goes on */
	CTALG_ACTION_ALLOW,
	/** @CTALG_ACTION_DENY: it is refused, in the protocol's own words where it has them */
	CTALG_ACTION_DENY,
	/** @CTALG_ACTION_DROP: it disappears; a TCP flow hangs from then on */
	CTALG_ACTION_DROP,
	/** @CTALG_ACTION_RESET: the flow ends; a datagram disappears */
	CTALG_ACTION_RESET,
	/** @CTALG_ACTION_ON: the chain's subject is wanted */
	CTALG_ACTION_ON,
	/** @CTALG_ACTION_OFF: it is not; for CTALG_CHAIN_OPAQUE: encrypted, and no data flow is let in */
	CTALG_ACTION_OFF,
	/** @CTALG_ACTION_RANGE: encrypted, and the server's ports of a range are open to the client */
	CTALG_ACTION_RANGE,
	/** @CTALG_ACTION_DETACH: encrypted, and nothing of the flow is followed any more */
	CTALG_ACTION_DETACH,
	CTALG_ACTIONS,
};

/** enum ctalg_field - what a criterion looks at */
enum ctalg_field {
	/** @CTALG_FIELD_COMMAND: values are names of commands, or "@writes" for a class of them */
	CTALG_FIELD_COMMAND,
	/** @CTALG_FIELD_USER: values are patterns */
	CTALG_FIELD_USER,
	/** @CTALG_FIELD_OBJECT: values are patterns */
	CTALG_FIELD_OBJECT,
	/** @CTALG_FIELD_INSIDE: values are sets that the inside host is in */
	CTALG_FIELD_INSIDE,
	/** @CTALG_FIELD_OUTSIDE: and the outside host */
	CTALG_FIELD_OUTSIDE,
	/** @CTALG_FIELD_MARK: two values each, a conntrack mark and which bits of it count */
	CTALG_FIELD_MARK,
	/** @CTALG_FIELD_ZONE: values are conntrack zones */
	CTALG_FIELD_ZONE,
	/** @CTALG_FIELD_EVENT: values are names of kinds of event, or of reasons; CTALG_CHAIN_LOG only */
	CTALG_FIELD_EVENT,
	CTALG_FIELDS,
};

/** enum ctalg_per - of whom a limit counts */
enum ctalg_per {
	/** @CTALG_PER_NET: of the whole namespace */
	CTALG_PER_NET,
	/** @CTALG_PER_HOST: of each host that begins flows */
	CTALG_PER_HOST,
	/** @CTALG_PER_USER: of each user */
	CTALG_PER_USER,
	CTALG_PERS,
};

/**
 * struct ctalg_image_head - how an image begins
 * @magic: CTALG_IMAGE_MAGIC
 * @version: CTALG_IMAGE_VERSION
 * @size: of the whole image, in bytes; a multiple of 4
 * @sets: number of struct ctalg_image_set
 * @prefixes: of struct ctalg_image_prefix
 * @limits: of struct ctalg_image_limit
 * @rules: of struct ctalg_image_rule
 * @criteria: of struct ctalg_image_criterion
 * @values: of u32
 * @strings: of bytes
 */
struct ctalg_image_head {
	u32 magic;
	u32 version;
	u32 size;
	u32 sets;
	u32 prefixes;
	u32 limits;
	u32 rules;
	u32 criteria;
	u32 values;
	u32 strings;
};

/*
 * A string is a number: where it begins among the strings, << 8, and how many bytes it has.
 * Zero is the empty one.
 */

/**
 * struct ctalg_image_set - a set of addresses
 * @name: a string; "inside" names the hosts that are inside where NAT does not tell
 * @prefix: its first prefix; they ascend by family, address and length, and none covers another
 * @n: how many it has
 */
struct ctalg_image_set {
	u32 name;
	u32 prefix;
	u32 n;
};

/**
 * struct ctalg_image_prefix - some addresses
 * @family: enum ctalg_family, not CTALG_AF_NONE
 * @len: so many bits are fixed
 * @zero: 0
 * @addr: in network order; bits that are not fixed are zero
 */
struct ctalg_image_prefix {
	u8 family;
	u8 len;
	u8 zero[2];
	u8 addr[16];
};

/**
 * struct ctalg_image_limit - how often, or how many at a time
 * @name: a string
 * @events: so many requests
 * @period: in so many milliseconds; 0: it is not about requests
 * @burst: so many at once, at least 1
 * @sessions: so many flows at a time; 0: it is not about flows
 * @per: enum ctalg_per
 */
struct ctalg_image_limit {
	u32 name;
	u32 events;
	u32 period;
	u32 burst;
	u32 sessions;
	u32 per;
};

/**
 * struct ctalg_image_rule - a rule
 * @helper: a string: the protocol that it is for; empty for all
 * @line: where it stands in the file
 * @chain: enum ctalg_chain
 * @action: enum ctalg_action
 * @n_criteria: how many criteria it has
 * @criteria: the first of them
 * @arg: by chain.
 *	COMMAND, LIMIT, SIZE: the answer's code or 0, its text (a string), for LIMIT which limit, for
 *	SIZE so many bytes.
 *	ICE: enum ctalg_grant_ice.
 *	LOOSE, SOURCE: a set, or CTALG_IMAGE_ANY.
 *	PORTS: first << 16 | last; size of an inside host's own block, or 0.
 *	OPAQUE: first << 16 | last for CTALG_ACTION_RANGE.
 *	LOG: the netlink group, or CTALG_IMAGE_ANY for the kernel's log; its level; a prefix (a string)
 */
struct ctalg_image_rule {
	u32 helper;
	u32 line;
	u8 chain;
	u8 action;
	u16 n_criteria;
	u32 criteria;
	u32 arg[3];
};

/**
 * struct ctalg_image_criterion - one thing that a rule asks for
 * @field: enum ctalg_field
 * @negate: 1 if none of the values may match
 * @n: how many u32 its values are
 * @values: the first of them
 */
struct ctalg_image_criterion {
	u8 field;
	u8 negate;
	u16 n;
	u32 values;
};

/**
 * struct ctalg_policy_error - what is wrong with an image
 * @what: a sentence without its end, static
 * @line: in the file, or 0
 * @rule: number of the rule, or 0xffffffff
 */
struct ctalg_policy_error {
	const char *what;
	u32 line;
	u32 rule;
};

/**
 * ctalg_image_check() - may an image be worked with
 * @image: the image, aligned to 4 bytes
 * @len: its length
 * @err: set if it may not
 *
 * All counts, references, enumerations and orders are looked at, once.
 *
 * Return: true if nothing in it leads outside or breaks its contract.
 */
bool ctalg_image_check(const void *image, u32 len, struct ctalg_policy_error *err);

/* Parts of a checked image. */
const struct ctalg_image_set *ctalg_image_sets(const void *image, u32 *n);
const struct ctalg_image_prefix *ctalg_image_prefixes(const void *image, u32 *n);
const struct ctalg_image_limit *ctalg_image_limits(const void *image, u32 *n);
const struct ctalg_image_rule *ctalg_image_rules(const void *image, u32 *n);
const struct ctalg_image_criterion *ctalg_image_criteria(const void *image, u32 *n);
const u32 *ctalg_image_values(const void *image, u32 *n);

/**
 * ctalg_image_string() - a string of a checked image
 * @image: the image
 * @ref: the string
 * @len: its length
 *
 * Return: its first byte; no NUL follows the last.
 */
const char *ctalg_image_string(const void *image, u32 ref, u32 *len);

/**
 * ctalg_image_set_find() - a set by its name
 * @image: a checked image
 * @name: the name, NUL-terminated
 *
 * Return: its number, or CTALG_IMAGE_ANY if there is none.
 */
u32 ctalg_image_set_find(const void *image, const char *name);

/**
 * ctalg_image_set_has() - is an address in a set
 * @image: a checked image
 * @set: number of the set, or CTALG_IMAGE_ANY
 * @a: the address
 *
 * Return: true if it is; CTALG_IMAGE_ANY has all.
 */
bool ctalg_image_set_has(const void *image, u32 set, const struct ctalg_addr *a);

/**
 * struct ctalg_subject - what rules are held against
 * @inside: the inside host, as it knows itself
 * @outside: the outside host, as it knows itself
 * @mark: the conntrack mark
 * @zone: the conntrack zone
 * @command: what is asked for, as in struct ctalg_report
 * @user: who is speaking
 * @user_len: bytes of that; 0 while nobody has said
 * @object: what the message is about
 * @object_len: bytes of that; 0 if it does not tell
 * @size: bytes of the whole message, for CTALG_CHAIN_SIZE
 * @event: name of the kind of event, for CTALG_CHAIN_LOG, or NULL
 * @reason: name of its reason, or NULL
 */
struct ctalg_subject {
	struct ctalg_addr inside;
	struct ctalg_addr outside;
	u32 mark;
	u16 zone;
	u16 command;
	const u8 *user;
	u32 user_len;
	const u8 *object;
	u32 object_len;
	u32 size;
	const char *event;
	const char *reason;
};

struct ctalg_rules;

/**
 * ctalg_rules_compile() - the rules of an image that concern a protocol
 * @image: a checked image; must stay while the rules do
 * @proto: the protocol; not needed afterwards
 * @mem: where memory comes from; pieces may be large
 * @err: set on failure; @err->what is NULL if memory was missing
 *
 * Each rule is filed under the one of its criteria that the fewest messages meet, so that a
 * message is held against those rules only that have this much in common with it.
 *
 * Return: the rules, or NULL.
 */
struct ctalg_rules *ctalg_rules_compile(const void *image, const struct ctalg_proto *proto,
					const struct ctalg_memory *mem,
					struct ctalg_policy_error *err);

/**
 * ctalg_rules_free() - forget them
 * @rules: the rules, or NULL
 * @mem: where memory goes
 */
void ctalg_rules_free(struct ctalg_rules *rules, const struct ctalg_memory *mem);

/**
 * ctalg_rules_image() - what they were compiled from
 * @rules: the rules
 *
 * Return: the image.
 */
const void *ctalg_rules_image(const struct ctalg_rules *rules);

/**
 * ctalg_rules_any() - does a chain have a rule at all
 * @rules: the rules, or NULL
 * @chain: enum ctalg_chain
 *
 * Return: false if no message can meet one.
 */
bool ctalg_rules_any(const struct ctalg_rules *rules, u8 chain);

/**
 * ctalg_rules_refuse() - is there a rule that may refuse a request
 * @rules: the rules, or NULL
 *
 * Return: true if one of the chains COMMAND, LIMIT, SIZE and OPAQUE has one.
 */
static inline bool ctalg_rules_refuse(const struct ctalg_rules *rules)
{
	return ctalg_rules_any(rules, CTALG_CHAIN_COMMAND) ||
	       ctalg_rules_any(rules, CTALG_CHAIN_LIMIT) ||
	       ctalg_rules_any(rules, CTALG_CHAIN_SIZE) ||
	       ctalg_rules_any(rules, CTALG_CHAIN_OPAQUE);
}

/**
 * ctalg_rules_looks_at() - does any of them look at a field
 * @rules: the rules, or NULL
 * @field: enum ctalg_field
 *
 * Return: true if one of the chains COMMAND, LIMIT and SIZE does.
 */
bool ctalg_rules_looks_at(const struct ctalg_rules *rules, u8 field);

/**
 * ctalg_rules_match() - the first rule that matches
 * @rules: the rules, or NULL
 * @chain: enum ctalg_chain
 * @s: what they are held against
 * @after: only rules behind this one, or NULL for all
 *
 * Letters of users and objects count the same in either case. In a pattern "*" stands for any
 * bytes, "?" for one, and "\\" takes the meaning from the next.
 *
 * Context: any; allocates nothing. The rules may be read on several CPUs.
 * Return: the rule, in the image, or NULL.
 */
const struct ctalg_image_rule *ctalg_rules_match(const struct ctalg_rules *rules, u8 chain,
						 const struct ctalg_subject *s,
						 const struct ctalg_image_rule *after);

/**
 * ctalg_rules_ports() - the outside ports of an inside host
 * @rules: the rules
 * @rule: a rule of CTALG_CHAIN_PORTS that has matched
 * @inside: the inside host
 * @last: the last port
 *
 * With blocks, the hosts of the rule's set "inside" have one each, in the order of their
 * addresses (as in RFC 7422): whose port it was can be computed, and needs no log.
 *
 * Return: the first port.
 */
u16 ctalg_rules_ports(const struct ctalg_rules *rules, const struct ctalg_image_rule *rule,
		      const struct ctalg_addr *inside, u16 *last);

#endif /* CTALG_ENGINE_POLICY_H */
