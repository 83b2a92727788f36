/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's own types: what lives where, who owns it, which lock guards it.
 *
 * namespace (struct ctalg_net)
 *   host      in the namespace's table, by address, while it has flows
 *   flow      in the namespace's table, by id; the id stands in the connection's
 *             helper data. Freed after an RCU grace period.
 *     session owned by its flow
 *       pinhole owned by its session; also in the namespace's table, by expectation
 *
 * A flow never holds a reference to its connection and never follows a pointer to
 * it: the connection may end at any time, and the reaper finds out by looking
 * its tuple up. A pinhole holds a reference to its expectation, and to the connection that
 * used it: what that carried can be read when it has ended.
 *
 * Lock order: flow->lock, then nf_conntrack_expect_lock or ct->lock, or a meter's.
 */
#ifndef CTALG_CORE_H
#define CTALG_CORE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include <ctalg/helper.h>

#include "../engine/call_media.h"
#include "../engine/echo.h"
#include "../engine/plan.h"
#include "../engine/police.h"
#include "../engine/repeat.h"
#include "../engine/stream.h"
#include "../engine/talk.h"

enum {
	/* Helpers that can be registered at a time. */
	CTALG_HELPERS = 16,
	/* Outside ports tried before a pinhole is refused, */
	CTALG_PORT_TRIES = 64,
	/* but of a range that is not larger than this, all. */
	CTALG_PORT_BLOCK = 256,
	/* Ports that one range of pinholes may have. */
	CTALG_RANGE_MOST = 255,
	/* How long the kernel remembers a connection that was reset. */
	CTALG_RESET_SECONDS = 10,
	/* Bytes of a user's name that are kept. */
	CTALG_USER_MAX = 63,
	/* Bytes of a session's key that are kept, for people to read. */
	CTALG_KEY_MAX = 79,
	/* Messages in one packet that other flows of the same session hear of. */
	CTALG_NEWS_MAX = 4,
};

/** enum ctalg_limit - what there may be only so much of */
enum ctalg_limit {
	/** @CTALG_LIMIT_FLOWS: flows of a namespace */
	CTALG_LIMIT_FLOWS,
	/** @CTALG_LIMIT_PINHOLES: its pinholes */
	CTALG_LIMIT_PINHOLES,
	/** @CTALG_LIMIT_MEMORY: bytes that its streams hold back and remember */
	CTALG_LIMIT_MEMORY,
	/** @CTALG_LIMIT_HOST_FLOWS: flows that one host has begun */
	CTALG_LIMIT_HOST_FLOWS,
	/** @CTALG_LIMIT_HOST_PINHOLES: their pinholes */
	CTALG_LIMIT_HOST_PINHOLES,
	/** @CTALG_LIMIT_HOST_MEMORY: bytes of their streams */
	CTALG_LIMIT_HOST_MEMORY,
	/** @CTALG_LIMIT_FLOW_PINHOLES: pinholes of one flow */
	CTALG_LIMIT_FLOW_PINHOLES,
	/** @CTALG_LIMIT_SESSION_PINHOLES: unused ones of one session; a further one closes the oldest */
	CTALG_LIMIT_SESSION_PINHOLES,
	/** @CTALG_LIMIT_METERS: hosts and users of a namespace that the limits of its policy count */
	CTALG_LIMIT_METERS,
	/** @CTALG_LIMIT_SESSIONS: calls and bindings of a namespace */
	CTALG_LIMIT_SESSIONS,
	/** @CTALG_LIMIT_HOST_SESSIONS: of the flows that one host has begun */
	CTALG_LIMIT_HOST_SESSIONS,
	CTALG_LIMITS,
};

/**
 * struct ctalg_limit_state - a limit in a namespace
 * @value: how much there may be
 * @peak: how much there has been at most
 */
struct ctalg_limit_state {
	unsigned long value;
	unsigned long peak;
};

/**
 * struct ctalg_counts - one CPU's counters of a helper in a namespace
 * @n: by enum ctalg_dir and reason
 */
struct ctalg_counts {
	u64 n[2][CTALG_R_MAX];
};

/**
 * struct ctalg_net_helper - a helper's part of a namespace
 * @live: the helper
 * @counts: counters, per CPU
 * @policy: enum ctalg_policy_bit bits; read and written whole
 * @lifetime: seconds that a pinhole waits for its data flow
 * @ports: outside ports to choose from, the first << 16 | the last; 0 for any
 * @rcu: freed after a grace period
 */
struct ctalg_net_helper {
	struct ctalg_live *live;
	struct ctalg_counts __percpu *counts;
	u32 policy;
	u32 lifetime;
	u32 ports;
	struct rcu_head rcu;
};

/**
 * struct ctalg_net_policy - a namespace's policy; it is replaced, never changed
 * @generation: which one it is
 * @inside: its set of inside hosts, or CTALG_IMAGE_ANY
 * @unusable: by slot, it could not be compiled for a helper that came later
 * @rules: by slot of the live helper, those that concern it; RCU, written under ctalg_mutex
 * @rcu: freed after a grace period
 * @size: of the image
 * @image: what it was made of
 */
struct ctalg_net_policy {
	u32 generation;
	u32 inside;
	DECLARE_BITMAP(unusable, CTALG_HELPERS);
	struct ctalg_rules __rcu *rules[CTALG_HELPERS];
	struct rcu_head rcu;
	u32 size;
	u8 image[] __aligned(8);
};

/**
 * struct ctalg_net - the core's part of a namespace
 * @net: the namespace
 * @node: in the list of all namespaces; ctalg_mutex
 * @flows: struct ctalg_flow by id
 * @tuples: TCP: the latest struct ctalg_flow by original tuple and zone
 * @walk: held while flows are gone through and ended; taken inside ctalg_mutex
 * @hosts: struct ctalg_host by address
 * @memory: bytes that the streams of all of them have
 * @pinholes: struct ctalg_pinhole by expectation
 * @n_pinholes: how many there are
 * @n_flows: how many flows there are
 * @n_sessions: how many sessions there are that have a key
 * @meters: struct ctalg_meter by limit and whom it counts
 * @meter_list: all of them, the one that was looked at longest ago first
 * @meter_lock: guards @meter_list; a meter's lock is taken inside
 * @n_meters: how many there are
 * @logged: when the log may take up everything that was written to it
 * @limit: by enum ctalg_limit
 * @policy: its policy, or NULL; RCU, written under ctalg_mutex
 * @policies: how many it has had
 * @alias_secret: of the names that stand for what it hides, and of sums over messages
 * @generation: counts what comes and goes: flows, sessions, pinholes
 * @events: how many events there have been
 * @last_flow: number of the latest flow
 * @last_session: and session
 * @last_pinhole: and pinhole
 * @n_covered: pinholes that another flow's stands for
 * @keyed: struct ctalg_session that have a key, by it
 * @insides: struct ctalg_pinhole that stay open for a session, by where they lead: of those at one
 *	place the latest, on which the others hang
 * @outsides: the same, by where they lead from
 * @place_lock: guards both
 * @hurry: the reaper has been asked to run soon
 * @reaper: finds flows and pinholes that have ended; runs while there are flows
 * @helper: by slot of the live helper; RCU, written under ctalg_mutex
 */
struct ctalg_net {
	struct net *net;
	struct list_head node;
	struct rhashtable flows;
	struct rhashtable tuples;
	struct mutex walk;
	struct rhashtable hosts;
	atomic_long_t memory;
	struct rhashtable pinholes;
	atomic_long_t n_pinholes;
	atomic_long_t n_flows;
	atomic_long_t n_sessions;
	struct rhashtable meters;
	struct list_head meter_list;
	spinlock_t meter_lock;
	atomic_long_t n_meters;
	atomic64_t logged;
	struct ctalg_limit_state limit[CTALG_LIMITS];
	struct ctalg_net_policy __rcu *policy;
	u32 policies;
	siphash_key_t alias_secret;
	atomic_t generation;
	atomic64_t events;
	atomic64_t last_flow;
	atomic64_t last_session;
	atomic64_t last_pinhole;
	atomic_t n_covered;
	struct rhltable keyed;
	struct rhashtable insides;
	struct rhashtable outsides;
	spinlock_t place_lock;
	bool hurry;
	struct delayed_work reaper;
	struct ctalg_net_helper __rcu *helper[CTALG_HELPERS];
};

/**
 * struct ctalg_host - a host that has begun flows
 * @addr: its address
 * @node: in struct ctalg_net.hosts
 * @cn: its namespace
 * @refs: its flows
 * @flows: how many of them count
 * @pinholes: how many pinholes they have
 * @sessions: how many calls and bindings
 * @memory: bytes that their streams have
 * @mem: where those come from
 * @rcu: freed after a grace period
 */
struct ctalg_host {
	struct ctalg_addr addr;
	struct rhash_head node;
	struct ctalg_net *cn;
	refcount_t refs;
	atomic_long_t flows;
	atomic_long_t pinholes;
	atomic_long_t sessions;
	atomic_long_t memory;
	struct ctalg_memory mem;
	struct rcu_head rcu;
};

/**
 * struct ctalg_live - a registered helper
 * @h: its descriptor
 * @node: in the list of live helpers; ctalg_mutex
 * @closing: it is about to go; no flow may begin
 * @slot: its index in struct ctalg_net.helper
 * @policy: the kernel's expectation classes
 * @n_forms: how many there are of
 * @tmpl: what was registered, for each IP version and transport
 * @kernel: the kernel's own object for each
 * @nat: what lets OVS and act_ct find that there is NAT for it
 */
struct ctalg_live {
	const struct ctalg_helper *h;
	struct list_head node;
	bool closing;
	unsigned int slot;
	struct nf_conntrack_expect_policy policy;
	unsigned int n_forms;
	struct nf_conntrack_helper tmpl[4];
	struct nf_conntrack_helper *kernel[4];
	struct nf_conntrack_nat_helper nat;
};

/**
 * struct ctalg_flow - a control flow that a helper watches
 * @id: its key; stands in the connection's helper data
 * @node: in struct ctalg_net.flows
 * @live: its helper
 * @ct: which connection; compared, never followed
 * @by_tuple: in struct ctalg_net.tuples
 * @tuple: the connection's original tuple
 * @zone: the connection's zone; with @tuple the key for that
 * @reply: the connection's reply tuple
 * @host: its originator; stays until the flow is dead
 * @born: jiffies at its beginning
 * @lock: guards everything below
 * @dead: unlinked; nothing may be added
 * @edited: a message of it has been rewritten
 * @closing: packets are dropped: the flow is being handed over, or has been reset
 * @over: TCP: both ends have finished, or one has cut it off, or the ends have begun anew
 * @doomed: policy wants the flow reset; done once its lock is free
 * @silenced: policy wants its packets to disappear; it is closing then, too
 * @urgent: TCP: by enum ctalg_dir, the byte after its sender's urgent data
 * @has_urgent: TCP: by enum ctalg_dir, there is such, and its receiver has not acknowledged it
 * @mark: TCP: by enum ctalg_dir, firewall mark of the latest packet
 * @tsval: TCP: by enum ctalg_dir, latest timestamp of a segment not ahead of its turn
 * @mss: TCP: by enum ctalg_dir, largest segment that this direction's receiver takes
 * @stream: TCP: by enum ctalg_dir
 * @refusals: TCP: refused requests whose answers are to come
 * @repeats: UDP: messages that limits have been asked about
 * @echo: TCP: what the originator has said and nobody has acknowledged, if rules look at it
 * @state: the protocol's own
 * @sessions: struct ctalg_session, in the order of their numbers
 * @own: the one that the flow itself is, or NULL
 * @reap_next: where the reaper goes on, while it lets others at the lock
 * @n_keyed: how many of them are calls and bindings that last
 * @n_holding: how many of those hold the flow
 * @held: its timeout has been put up for them
 * @aware: its inside end calls itself what it is called outside
 * @n_pinholes: how many they have
 * @slots: where limits count it as one of so many flows; struct meter_slot
 * @rcu: freed after a grace period
 */
struct ctalg_flow {
	u64 id;
	struct rhash_head node;
	struct ctalg_live *live;
	const struct nf_conn *ct;
	struct nf_conntrack_tuple tuple;
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple reply;
	struct rhash_head by_tuple;
	struct ctalg_host *host;
	unsigned long born;
	spinlock_t lock;
	bool dead;
	bool edited;
	bool closing;
	bool over;
	bool doomed;
	bool silenced;
	bool has_urgent[2];
	u32 urgent[2];
	u32 mark[2];
	u32 tsval[2];
	u16 mss[2];
	struct ctalg_stream stream[2];
	struct ctalg_refusals refusals;
	struct ctalg_repeats repeats;
	struct ctalg_echo echo;
	u8 state[CTALG_PROTO_STATE] __aligned(8);
	struct list_head sessions;
	struct ctalg_session *own;
	struct ctalg_session *reap_next;
	unsigned int n_keyed;
	unsigned int n_holding;
	bool held;
	bool aware;
	unsigned int n_pinholes;
	struct list_head slots;
	struct rcu_head rcu;
};

/**
 * struct ctalg_syn - what an originator's SYN has told
 * @start: sequence number of its first byte
 * @mss: largest segment that it takes
 * @seen: there was one
 */
struct ctalg_syn {
	u32 start;
	u16 mss;
	bool seen;
};

/**
 * struct ctalg_user - who is speaking, as the protocol said it
 * @len: bytes used in @name; 0 while nobody has said
 * @name: any bytes
 */
struct ctalg_user {
	u8 len;
	u8 name[CTALG_USER_MAX];
};

/**
 * struct ctalg_session - what a user does over a flow: a login, a transfer, a call
 * @key: which of the sessions that outlast a message; 0 for the one that its flow is
 * @by_key: with a key: in struct ctalg_net.keyed
 * @flow: its flow, which is there as long as RCU readers can find the session
 * @kind: enum ctalg_talk_kind
 * @over: it has ended and is remembered for what may still come late
 * @cut: its data flows end with it
 * @holds: its flow does not time out meanwhile
 * @key_len: bytes used in
 * @key_text: what the protocol calls it, or the beginning of that
 * @latest: jiffies at its latest sign of life
 * @seconds: with a key: after so long without one it is over
 * @call: what is going on in a call
 * @node: in its flow
 * @id: its number, never used again
 * @born: jiffies at its beginning
 * @pinholes: struct ctalg_pinhole, oldest first, so in the order of their numbers
 * @waiting: those of them that wait, and some that have been used lately
 * @standing: those that stay open after use
 * @n_standing: how many those are
 * @request: counts the messages that asked for pinholes
 * @opened: pinholes opened so far
 * @bytes: by enum ctalg_dir of the control flow, what its parties have sent in data flows that ended
 * @counted: of some data flow the bytes were known
 * @user: who, as the protocol said it
 * @login: who has been let in as such; whom rules look at from then on
 * @rcu: freed after a grace period
 */
struct ctalg_session {
	u64 key;
	struct rhlist_head by_key;
	struct ctalg_flow *flow;
	u8 kind;
	bool over;
	bool cut;
	bool holds;
	u8 key_len;
	u8 key_text[CTALG_KEY_MAX];
	unsigned long latest;
	u32 seconds;
	struct ctalg_call call;
	struct list_head node;
	u64 id;
	unsigned long born;
	struct list_head pinholes;
	struct list_head waiting;
	struct list_head standing;
	unsigned int n_standing;
	u32 request;
	u32 opened;
	u64 bytes[2];
	bool counted;
	struct ctalg_user user;
	struct ctalg_user login;
	struct rcu_head rcu;
};

/**
 * struct ctalg_place - where pinholes lead, or lead from; a key, without holes
 * @addr: the address
 * @l4: enum ctalg_l4
 * @port: host order
 * @zone: of the connection tracking
 * @none: 0
 * @session: number of the only session that is meant, or 0
 */
struct ctalg_place {
	struct ctalg_addr addr;
	u8 l4;
	u16 port;
	u16 zone;
	u16 none;
	u64 session;
};

/**
 * struct ctalg_spot - a pinhole at its place
 * @at: the place
 * @node: in the table, if it is
 * @latest: of those at the place
 * @peers: ring of all of them, the latest first
 */
struct ctalg_spot {
	struct ctalg_place at;
	bool latest;
	struct rhash_head node;
	struct list_head peers;
};

/** enum ctalg_placed - how a pinhole can be found by its place */
enum ctalg_placed {
	CTALG_PLACED_NOT,
	/** @CTALG_PLACED_OWN: by where it leads, that and its session, and where from */
	CTALG_PLACED_OWN,
	/** @CTALG_PLACED_SHARED: by where it leads and its session */
	CTALG_PLACED_SHARED,
};

/** enum ctalg_pinhole_state - the life of a pinhole */
enum ctalg_pinhole_state {
	/** @CTALG_PINHOLE_OPEN: waits for its data flow */
	CTALG_PINHOLE_OPEN,
	/** @CTALG_PINHOLE_USED: its data flow has come */
	CTALG_PINHOLE_USED,
};

/**
 * struct ctalg_pinhole - an expected data flow
 * @id: its number, never used again
 * @exp: the kernel's expectation; a reference is held
 * @node: in struct ctalg_net.pinholes
 * @in_session: in its session; the flow's lock
 * @in_waiting: in its session's list of those that wait, or that stay open
 * @at: what was opened
 * @inside: where it leads, in struct ctalg_net.insides; for those that stay open for their session, as is
 * @own: the same, in the same table, for who asks for this session's
 * @outside: from where, in struct ctalg_net.outsides
 * @placed: enum ctalg_placed: in which of these it is
 * @named: by whom, and when
 * @until: CTALG_WANT_PATH: jiffies when it closes
 * @request: the session's request that opened it
 * @born: jiffies when it was opened
 * @flow: its flow, which is there as long as RCU readers can find the pinhole
 * @session: number of its session
 * @key: what its session is called on all flows that carry it, or 0
 * @user: the session's user when it was opened
 * @state: enum ctalg_pinhole_state; set by the packet that uses it
 * @used: jiffies then
 * @gone: at the reaper's last look the kernel no longer had its expectation
 * @shut: nor will it have it again
 * @behind: those of the same flow that lead from the same place to the same place, and share its
 *	expectation
 * @in_behind: in that list of another one
 * @asked: CTALG_WANT_PATH: for how many seconds it was asked for
 * @joined: its data flow has begun at the place that it leads to
 * @covered: nor did it ever: one that stays open, of another flow, leads to the same place; the
 *	reaper puts this one into the table when that has gone
 * @counted: the bytes of some earlier data flow were known
 * @past: by enum ctalg_dir, what went through earlier data flows
 * @child: the data flow, with a reference, or NULL; whoever wants to look takes it out
 * @nh: where its use is counted; lives as long as the namespace knows the helper
 * @dir: enum ctalg_dir of the message that opened it
 * @rcu: freed after a grace period
 */
struct ctalg_pinhole {
	u64 id;
	struct nf_conntrack_expect *exp;
	struct rhash_head node;
	struct list_head in_session;
	struct list_head in_waiting;
	struct ctalg_opening at;
	struct ctalg_spot inside;
	struct ctalg_spot own;
	struct ctalg_spot outside;
	u8 placed;
	struct ctalg_named named;
	unsigned long until;
	u32 request;
	unsigned long born;
	struct ctalg_flow *flow;
	u64 session;
	u64 key;
	struct ctalg_user user;
	int state;
	unsigned long used;
	bool gone;
	bool shut;
	bool covered;
	bool joined;
	struct list_head behind;
	struct list_head in_behind;
	u32 asked;
	bool counted;
	atomic64_t past[2];
	struct nf_conn *child;
	u8 dir;
	struct ctalg_net_helper *nh;
	struct rcu_head rcu;
};

/**
 * struct ctalg_news - a message that other flows of its session hear of
 * @key: the session
 * @talk: what it says
 */
struct ctalg_news {
	u64 key;
	struct ctalg_talk talk;
};

/**
 * struct ctalg_news_list - what a packet has for other flows
 * @n: how many there are of
 * @f: the packet's flow
 * @news: what they hear of, once the lock of that is free
 */
struct ctalg_news_list {
	u8 n;
	const struct ctalg_flow *f;
	struct ctalg_news news[CTALG_NEWS_MAX];
};

/**
 * struct ctalg_packet - everything about the packet in hand
 * @cn: its namespace
 * @nh: its helper's part of that
 * @live: its helper
 * @policy: its namespace's policy, or NULL
 * @rules: those that concern the helper, or NULL
 * @skb: the packet
 * @ct: its connection
 * @ctinfo: its place in the connection
 * @protoff: offset of the transport header
 * @dir: enum ctalg_dir
 * @news: what it has for other flows
 */
struct ctalg_packet {
	struct ctalg_net *cn;
	struct ctalg_net_helper *nh;
	struct ctalg_live *live;
	const struct ctalg_net_policy *policy;
	const struct ctalg_rules *rules;
	struct sk_buff *skb;
	struct nf_conn *ct;
	enum ip_conntrack_info ctinfo;
	unsigned int protoff;
	u8 dir;
	struct ctalg_news_list *news;
};

/* Guards the lists of live helpers and of namespaces. */
extern struct mutex ctalg_mutex;
extern struct list_head ctalg_lives;
extern struct list_head ctalg_nets;

/* main.c */
struct ctalg_net *ctalg_net(struct net *net);

/* helper.c */
struct nf_conntrack_helper *ctalg_live_form(const struct ctalg_live *live, u16 family, u8 l4);

/* count.c */
void ctalg_count(const struct ctalg_net_helper *nh, u8 dir, unsigned int reason);
u64 ctalg_counted(const struct ctalg_net_helper *nh, u8 dir, unsigned int reason);
const char *ctalg_proto_reason(const struct ctalg_proto *p, unsigned int reason);
struct ctalg_net_helper *ctalg_net_helper_alloc(struct ctalg_live *live);
void ctalg_net_helper_free(struct ctalg_net_helper *nh);

/* policy.c */
int ctalg_policy_replace(struct ctalg_net *cn, struct ctalg_net_policy *new,
			 struct ctalg_policy_error *err);
struct ctalg_net_policy *ctalg_policy_alloc(u32 size);
void ctalg_policy_free(struct ctalg_net_policy *policy);
void ctalg_policy_setup(struct ctalg_net *cn);
void ctalg_policy_clean(struct ctalg_net *cn);
void ctalg_policy_enter(struct ctalg_net *cn, const struct ctalg_live *live);
void ctalg_policy_leave(struct ctalg_net *cn, const struct ctalg_live *live);
bool ctalg_policy_find(struct ctalg_packet *p);
void ctalg_policy_subject(const struct ctalg_packet *p, const struct ctalg_flow *f,
			  struct ctalg_subject *s);
u8 ctalg_policy_side(const struct ctalg_packet *p);
bool ctalg_policy_is_strict(const struct ctalg_packet *p, const struct ctalg_flow *f);
bool ctalg_policy_must_read(const struct ctalg_packet *p, const struct ctalg_flow *f);
void ctalg_policy_alias(struct ctalg_net *cn, struct ctalg_alias *al);
bool ctalg_policy_conceals(const struct ctalg_packet *p, const struct ctalg_subject *s);
bool ctalg_policy_hides(const struct ctalg_packet *p, const struct ctalg_subject *s,
			const struct ctalg_view *v, struct ctalg_hide *h);

/* limit.c */
void ctalg_limits_setup(struct ctalg_net *cn);
const char *ctalg_limit_name(enum ctalg_limit which);
unsigned long ctalg_limit_standard(enum ctalg_limit which);
unsigned long ctalg_limit_most(enum ctalg_limit which);
void ctalg_limit_mark(struct ctalg_net *cn, enum ctalg_limit which, unsigned long n);
bool ctalg_limit_allows(const struct ctalg_net *cn, enum ctalg_limit which, unsigned long n);
bool ctalg_limit_take(struct ctalg_net *cn, enum ctalg_limit which, atomic_long_t *n);

/* host.c */
int ctalg_hosts_setup(struct ctalg_net *cn);
void ctalg_hosts_clean(struct ctalg_net *cn);
struct ctalg_host *ctalg_host_get(struct ctalg_net *cn, const struct ctalg_addr *addr);
void ctalg_host_put(struct ctalg_host *h);

/* meter.c */
int ctalg_meters_setup(struct ctalg_net *cn);
void ctalg_meters_clean(struct ctalg_net *cn);
bool ctalg_meters_sweep(struct ctalg_net *cn);
bool ctalg_meter_within(struct ctalg_net *cn, struct ctalg_flow *f, const void *image,
			const struct ctalg_image_limit *limit, const struct ctalg_subject *s);
void ctalg_meters_release(struct ctalg_flow *f);

/* flow.c */
int ctalg_flow_init(void);
void ctalg_flow_fini(void);
int ctalg_flows_setup(struct ctalg_net *cn);
void ctalg_flows_clean(struct ctalg_net *cn);
struct ctalg_flow *ctalg_flow_find(const struct ctalg_packet *p);
struct ctalg_flow *ctalg_flow_by_id(struct ctalg_net *cn, u64 id);
bool ctalg_flow_ids(struct ctalg_net *cn, u64 *id, unsigned int *n);
struct ctalg_flow *ctalg_flow_add(const struct ctalg_packet *p);
void ctalg_flow_end(struct ctalg_net *cn, struct ctalg_flow *f);
struct ctalg_syn *ctalg_flow_syn(const struct ctalg_packet *p);
struct ctalg_flow *ctalg_flow_orphan(const struct ctalg_packet *p);
bool ctalg_flow_decline(const struct ctalg_packet *p);
void ctalg_flow_deafen(struct ctalg_flow *f);
struct nf_conn *ctalg_flow_ct_get(struct ctalg_net *cn, const struct ctalg_flow *f, bool *unborn);
void ctalg_addr_of(struct ctalg_addr *a, const union nf_inet_addr *u, u16 l3num);
void ctalg_addr_to_nf(union nf_inet_addr *u, const struct ctalg_addr *a);
void ctalg_flow_view(const struct ctalg_packet *p, struct ctalg_view *v);
void ctalg_flow_keep(const struct ctalg_packet *p, struct ctalg_flow *f);
unsigned int ctalg_flows_walk(struct ctalg_net *cn, const struct ctalg_live *live,
			      bool (*fn)(struct ctalg_net *cn, struct ctalg_flow *f, void *ctx),
			      void *ctx);
void ctalg_flows_end(struct ctalg_net *cn, const struct ctalg_live *live);
void ctalg_reap_soon(struct ctalg_net *cn);

/* session.c: the flow's lock is held */
int ctalg_session_init(void);
void ctalg_session_fini(void);
struct ctalg_session *ctalg_session_of(struct ctalg_net *cn, struct ctalg_flow *f);
int ctalg_sessions_setup(struct ctalg_net *cn);
void ctalg_sessions_clean(struct ctalg_net *cn);
u64 ctalg_session_key(const struct ctalg_live *live, u8 kind, const u8 *key, u32 len);
struct ctalg_session *ctalg_session_find(struct ctalg_net *cn, const struct ctalg_flow *f, u64 key);
struct ctalg_session *ctalg_session_begin(struct ctalg_net *cn, struct ctalg_flow *f, u8 kind,
					  u64 key, const u8 *text, u32 len, unsigned int *reason);
void ctalg_sessions_each(struct ctalg_net *cn, u64 key,
			 void (*fn)(struct ctalg_net *cn, struct ctalg_session *s, void *ctx),
			 void *ctx);
void ctalg_session_hold(struct ctalg_session *s, bool holds);
void ctalg_session_finish(struct ctalg_net *cn, struct ctalg_session *s);
void ctalg_session_end(struct ctalg_net *cn, struct ctalg_session *s);
const char *ctalg_session_kind(const struct ctalg_session *s);
void ctalg_session_user(struct ctalg_net *cn, const struct ctalg_flow *f, struct ctalg_session *s,
			const u8 *name, u32 len);
void ctalg_session_withdraw(struct ctalg_net *cn, struct ctalg_session *s);
void ctalg_sessions_over(struct ctalg_net *cn, struct ctalg_flow *f);
bool ctalg_sessions_reap(struct ctalg_net *cn, struct ctalg_flow *f, struct nf_conn *ct,
			 unsigned int *living);
void ctalg_sessions_end(struct ctalg_net *cn, struct ctalg_flow *f);

/**
 * struct ctalg_port_search - outside ports to try, one after the other
 * @first: from here on
 * @last: up to here, inclusive
 * @like: one with the same parity is better
 * @start: how far behind the first one a small range is entered
 * @tried: how many have been tried
 */
struct ctalg_port_search {
	u16 first;
	u16 last;
	u16 like;
	u32 start;
	u32 tried;
};

/* port_search.c */
void ctalg_search_begin(struct ctalg_port_search *q, const struct ctalg_pinhole *ph);
u16 ctalg_search_first(struct ctalg_port_search *q, const struct ctalg_pinhole *ph);
u16 ctalg_search_next(struct ctalg_port_search *q);

/* pinhole_insert.c: the flow's lock is held */
struct nf_conntrack_expect *ctalg_expect_alloc(const struct ctalg_packet *p,
					       const struct ctalg_opening *o);
void ctalg_pinhole_cover(struct ctalg_pinhole *ph, bool covered);
bool ctalg_pinhole_is_open(const struct ctalg_pinhole *ph);
bool ctalg_pinhole_has_own(const struct ctalg_pinhole *ph);
int ctalg_pinhole_insert_fixed(const struct ctalg_packet *p, struct ctalg_pinhole *ph);
unsigned int ctalg_pinhole_insert(const struct ctalg_packet *p, const struct ctalg_session *s,
				  struct ctalg_pinhole *ph);

/* pinhole_nat.c */
void ctalg_pinhole_nat(struct ctalg_net *cn, const struct ctalg_pinhole *ph, struct nf_conn *ct,
		       const struct nf_conntrack_expect *exp);

/* place.c */
int ctalg_places_setup(struct ctalg_net *cn);
void ctalg_places_clean(struct ctalg_net *cn);
void ctalg_place_set(struct ctalg_place *pl, const struct ctalg_addr *a, u16 port, u8 l4, u16 zone);
bool ctalg_place_add(struct ctalg_net *cn, struct ctalg_pinhole *ph);
bool ctalg_place_share(struct ctalg_net *cn, struct ctalg_pinhole *ph);
struct ctalg_pinhole *ctalg_place_shared(struct ctalg_net *cn, const struct ctalg_place *inside,
					 u64 session, const struct ctalg_opening *o);
void ctalg_place_remove(struct ctalg_net *cn, struct ctalg_pinhole *ph);
struct ctalg_pinhole *ctalg_place_to(struct ctalg_net *cn, const struct ctalg_place *inside,
				     u64 session);
struct ctalg_pinhole *ctalg_place_from(struct ctalg_net *cn, const struct ctalg_place *outside,
				       u64 session);
bool ctalg_place_taken(struct ctalg_net *cn, const struct ctalg_pinhole *ph, u16 port, u16 up);
u16 ctalg_place_told(struct ctalg_net *cn, const struct ctalg_pinhole *ph);
u16 ctalg_place_before(struct ctalg_net *cn, const struct ctalg_pinhole *ph);
struct ctalg_pinhole *ctalg_place_twin(struct ctalg_net *cn, const struct ctalg_pinhole *ph);

/* pinhole.c: the flow's lock is held, but for the one that is used */
void ctalg_pinhole_used(struct nf_conn *ct, struct nf_conntrack_expect *exp);
int ctalg_pinhole_init(void);
void ctalg_pinhole_fini(void);
void ctalg_pinholes_begin(void);
void ctalg_pinholes_end(void);
int ctalg_pinholes_setup(struct ctalg_net *cn);
void ctalg_pinholes_clean(struct ctalg_net *cn);
unsigned int ctalg_pinhole_open(const struct ctalg_packet *p, struct ctalg_flow *f,
				struct ctalg_session *s, struct ctalg_opening *o,
				struct ctalg_pinhole **ph, bool *fresh);
struct ctalg_pinhole *ctalg_pinhole_placed(const struct ctalg_packet *p,
					   const struct ctalg_session *s,
					   const struct ctalg_opening *o);
unsigned int ctalg_pair_open(const struct ctalg_packet *p, struct ctalg_flow *f,
			     struct ctalg_session *s, struct ctalg_opening *o,
			     struct ctalg_pinhole *ph[2]);
unsigned int ctalg_range_open(const struct ctalg_packet *p, struct ctalg_flow *f,
			      struct ctalg_session *s, u16 first, u16 last,
			      const struct ctalg_opening *like);
void ctalg_pinhole_shut(struct ctalg_pinhole *ph);
void ctalg_pinhole_retire(struct ctalg_net *cn, struct ctalg_session *s, struct ctalg_pinhole *ph,
			  unsigned int reason);
struct nf_conn *ctalg_pinhole_child(struct ctalg_pinhole *ph);
void ctalg_pinhole_join(struct ctalg_pinhole *ph, struct nf_conn *ct);
void ctalg_pinhole_cut(struct ctalg_pinhole *ph);
void ctalg_pinhole_close(struct ctalg_net *cn, struct ctalg_session *s, struct ctalg_pinhole *ph,
			 unsigned int reason);
unsigned int ctalg_pinhole_ended(struct ctalg_session *s, struct ctalg_pinhole *ph,
				 struct nf_conn *ct);
bool ctalg_pinhole_lives(struct ctalg_pinhole *ph);
void ctalg_pinhole_admit_only(const struct ctalg_packet *p, struct ctalg_session *s,
			      struct ctalg_pinhole *ph, const struct ctalg_addr *from);
bool ctalg_pinhole_bytes(struct ctalg_pinhole *ph, u64 bytes[2]);

/**
 * struct ctalg_event - something that listeners may want to know
 * @kind: CTALG_EVENT_KIND_*
 * @live: whose
 * @f: its flow, or NULL
 * @ct: its connection, where there is no flow
 * @dir: enum ctalg_dir of what it is about
 * @reason: enum ctalg_reason or one of the protocol's own
 * @message: kind of the message, or NULL
 * @s: the session, or NULL
 * @ph: the pinhole, or NULL
 * @old: what a message named, with @new, or NULL
 * @new: what it names now
 * @bytes: by enum ctalg_dir, what went through the pinhole, or NULL
 * @command: what a message asked for, or NULL
 * @object: and for what, of which
 * @object_len: so many bytes
 * @rule: the rule that said so, or NULL
 */
struct ctalg_event {
	u32 kind;
	const struct ctalg_live *live;
	const struct ctalg_flow *f;
	const struct nf_conn *ct;
	u8 dir;
	unsigned int reason;
	const char *message;
	const struct ctalg_session *s;
	const struct ctalg_pinhole *ph;
	const struct ctalg_endpoint *old;
	const struct ctalg_opening *new;
	const u64 *bytes;
	const char *command;
	const u8 *object;
	u32 object_len;
	const struct ctalg_image_rule *rule;
};

/* event.c: any context, under RCU */
bool ctalg_event_wanted(const struct ctalg_net *cn);
void ctalg_event_send(struct ctalg_net *cn, const struct ctalg_event *e);
void ctalg_event_flow(struct ctalg_net *cn, u32 kind, const struct ctalg_flow *f, u8 dir);
void ctalg_note_reset(struct ctalg_net *cn, const struct ctalg_flow *f, u8 dir);
void ctalg_event_session(struct ctalg_net *cn, u32 kind, const struct ctalg_flow *f,
			 const struct ctalg_session *s);
void ctalg_note_reason(const struct ctalg_packet *p, const struct ctalg_flow *f,
		       unsigned int reason, const char *message);
void ctalg_note_denied(const struct ctalg_packet *p, const struct ctalg_flow *f,
		       const struct ctalg_subject *s, const struct ctalg_verdict *v,
		       const char *message);

/**
 * ctalg_note() - something did not happen, or not as it should: count it, and tell
 * @p: the packet
 * @f: its flow, whose lock is held, or NULL
 * @reason: why; nothing happens for CTALG_R_NONE
 * @message: kind of the message, or NULL
 */
static inline void ctalg_note(const struct ctalg_packet *p, const struct ctalg_flow *f,
			      unsigned int reason, const char *message)
{
	if (reason != CTALG_R_NONE)
		ctalg_note_reason(p, f, reason, message);
}

/** define CTALG_DATAGRAM_MAX - no datagram says more: so much is left of a packet of 65,535 bytes */
#define CTALG_DATAGRAM_MAX (65535 - 20 - 8)

/**
 * struct ctalg_lines - the lines of a description, while its message is in hand
 * @n: how many there are
 * @theirs: of each line the pinhole of the other party's media, or NULL
 * @mine: of the sender's
 * @flags: what the message says of it
 */
struct ctalg_lines {
	u16 n;
	struct ctalg_pinhole **theirs;
	struct ctalg_pinhole **mine;
	u8 *flags;
};

struct ctalg_scratch_small;
struct ctalg_large;

/**
 * struct ctalg_scratch - what one message is worked on with
 * @report: what the parser finds
 * @edits: what is going to be changed
 * @plan: for the plan
 * @lines: of the message's call
 * @answer: what a datagram is answered with
 * @datagram: a datagram as it is to go on
 * @spare: streams: another report, in the place of that; ctalg_scratch_spare()
 * @small: room for what most messages name
 * @large: the room for any, while this packet has it, or NULL
 */
struct ctalg_scratch {
	struct ctalg_report report;
	struct ctalg_edits edits;
	struct ctalg_plan_room plan;
	struct ctalg_lines lines;
	char answer[CTALG_ANSWER_DATAGRAM];
	union {
		u8 datagram[CTALG_DATAGRAM_MAX];
		struct {
			struct ctalg_report report;
			struct ctalg_report_room room;
			struct ctalg_report_small in;
		} spare;
	};
	struct ctalg_scratch_small *small;
	struct ctalg_large *large;
};

/* scratch.c */
int ctalg_scratch_init(void);
void ctalg_scratch_fini(void);
int ctalg_scratch_prepare(void);
struct ctalg_scratch *ctalg_scratch(void);
struct ctalg_report *ctalg_scratch_spare(struct ctalg_scratch *s);
void ctalg_scratch_parsed(struct ctalg_scratch *s);
void ctalg_scratch_done(struct ctalg_scratch *s);

/**
 * struct ctalg_message_ctx - the packet that messages are found in
 * @p: the packet
 * @f: its flow, locked
 * @scratch: room for the message in hand
 * @edits: receives its edits
 * @must: the message may not go on without them
 * @action: CTALG_ACTION_DENY: a datagram goes back to its sender as @answer; _DROP: the packet
 *	disappears; _RESET: the flow ends; else CTALG_ACTION_ALLOW
 * @answer_len: bytes of
 * @answer: what a datagram is answered with, CTALG_ANSWER_DATAGRAM at most; NULL for streams
 */
struct ctalg_message_ctx {
	const struct ctalg_packet *p;
	struct ctalg_flow *f;
	struct ctalg_scratch *scratch;
	struct ctalg_edits *edits;
	bool must;
	u8 action;
	u16 answer_len;
	char *answer;
};

/* log.c */
int ctalg_log_prepare(const void *image);
void ctalg_log(const struct ctalg_packet *p, const struct ctalg_flow *f,
	       const struct ctalg_rules *rules, const struct ctalg_subject *s);

/**
 * struct ctalg_talker - a message that belongs to a session, while it is planned
 * @mc: its packet
 * @s: the session, or NULL
 * @act: what it does to a call
 * @hide: what it is not to tell, or NULL
 * @alias: whose names may be in it, or NULL
 */
struct ctalg_talker {
	struct ctalg_message_ctx *mc;
	struct ctalg_session *s;
	struct ctalg_call_act act;
	const struct ctalg_hide *hide;
	const struct ctalg_alias *alias;
};

/* talk_key.c */
u64 ctalg_talk_key(const struct ctalg_talker *t, const struct ctalg_message *m,
		   const struct ctalg_report *r, const struct ctalg_view *v);

/* talk.c */
unsigned int ctalg_talk_begin(struct ctalg_talker *t, const struct ctalg_message *m,
			      const struct ctalg_report *r, const struct ctalg_view *v);
unsigned int ctalg_talk_open(struct ctalg_talker *t, struct ctalg_session *s,
			     struct ctalg_opening *o, const struct ctalg_view *v);
void ctalg_talk_end(struct ctalg_talker *t, const struct ctalg_report *r);
bool ctalg_flows_are_related(const struct ctalg_flow *a, const struct ctalg_flow *b);
void ctalg_talk_spread(struct ctalg_net *cn, const struct ctalg_news_list *list);

/* move.c */
void ctalg_sessions_move(struct ctalg_net *cn, struct ctalg_flow *f);

/* message.c */
void ctalg_message(struct ctalg_message_ctx *mc, const struct ctalg_message *m);

/* Does the namespace want the helper to work? */
static inline bool ctalg_is_on(const struct ctalg_packet *p)
{
	return !(READ_ONCE(p->nh->policy) & CTALG_POLICY_OFF) && !READ_ONCE(p->live->closing);
}

/* And for flows that begin now? */
static inline bool ctalg_may_begin(const struct ctalg_packet *p)
{
	return ctalg_is_on(p) && !(READ_ONCE(p->nh->policy) & CTALG_POLICY_FINISH);
}

/* What comes or goes makes a list that is being read one of several moments. */
static inline void ctalg_net_changed(struct ctalg_net *cn)
{
	atomic_inc(&cn->generation);
}

/* leave.c */
bool ctalg_detach(struct nf_conn *ct);
void ctalg_flow_detach(struct ctalg_net *cn, struct ctalg_flow *f, struct nf_conn *ct);
bool ctalg_flow_may_detach(const struct ctalg_flow *f);
bool ctalg_flow_is_changed(const struct ctalg_flow *f);
void ctalg_helper_leave(struct ctalg_live *live, struct ctalg_net *only);

/**
 * struct ctalg_reset - what the two ends of a flow are to be told
 * @from: by enum ctalg_dir, what its receiver sends, before NAT
 * @mark: by enum ctalg_dir, firewall mark of the packet
 * @una: by enum ctalg_dir, the oldest number that its receiver may wait for
 * @next: likewise, the newest
 */
struct ctalg_reset {
	struct nf_conntrack_tuple from[2];
	u32 mark[2];
	u32 una[2];
	u32 next[2];
};

/* emit.c */
struct sk_buff *ctalg_emit_begin(struct net *net, const struct nf_conntrack_tuple *from, u32 mark,
				 unsigned int room);
void ctalg_emit_end(struct net *net, struct sk_buff *skb, struct nf_conn *ct, u8 dir);
__sum16 ctalg_emit_checksum(const struct nf_conntrack_tuple *from, u8 l4, const void *p,
			    unsigned int len);

/* reply.c */
void ctalg_reply_send(const struct ctalg_packet *p, const void *data, unsigned int len);

/* reset.c */
void ctalg_reset_prepare(struct ctalg_flow *f, struct ctalg_reset *r);
void ctalg_reset_send(struct ctalg_net *cn, struct nf_conn *ct, const struct ctalg_reset *r);
void ctalg_reset_close(struct nf_conn *ct);

/* segment.c, datagram.c */
int ctalg_segment(const struct ctalg_packet *p);
bool ctalg_segment_is_over(const struct nf_conn *ct);
int ctalg_datagram(const struct ctalg_packet *p);

/* netlink.c */
int ctalg_netlink_init(void);
void ctalg_netlink_fini(void);

#endif /* CTALG_CORE_H */
