/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ctalg would make of a capture.
 *
 *	capture     libpcap: frames of a file
 *	link        frame -> IP packet, with its VLANs
 *	ip          IP packet -> transport and payload
 *	fragments   several of them -> one
 *	segment     TCP and UDP headers
 *	flow        which control connection; TCP: bytes in order, through the kernel's own stream
 *	message     the kernel's own parser and plan
 *	pinhole     what is open, and who comes
 *	text, json  telling
 *
 * Nothing in a capture is trusted, and all that is kept of it is bounded.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdio.h>
#include <sys/queue.h>

#include <ctalg/proto.h>

#include "../../src/engine/judge.h"
#include "../../src/engine/plan.h"
#include "../../src/engine/refuse.h"
#include "../../src/engine/repeat.h"
#include "../../src/engine/stream.h"

#include "service.h"

typedef int64_t s64;

enum {
	EXPLAIN_ERROR_SIZE = 320,
	/* Prefixes and ports on one command line. */
	EXPLAIN_GIVEN = 64,
	EXPLAIN_VLANS = 4,
	EXPLAIN_USER = 63,
	EXPLAIN_FLOW_BUCKETS = 4096,
	/* As the kernel's limits are at first: see src/core/limit.c. */
	EXPLAIN_FLOWS = 65536,
	EXPLAIN_PINHOLES = 131072,
	EXPLAIN_SESSION_PINHOLES = 16,
	/* IP packets that are being put together. */
	EXPLAIN_REASSEMBLIES = 64,
	EXPLAIN_REASONS = 64,
	/* Protocols. */
	EXPLAIN_SERVICES = 16,
	EXPLAIN_METERS = 65536,
	EXPLAIN_METER_BUCKETS = 4096,
	/* An endpoint, with its NUL. */
	EXPLAIN_TEXT = 80,
	/* Bytes of a message, all of which are escaped, with its NUL. */
	EXPLAIN_BYTES = 1025,
};

#define EXPLAIN_SECOND 1000000000LL
#define EXPLAIN_NEVER INT64_MAX

struct prefix {
	struct ctalg_addr addr;
	u8 bits;
};

/**
 * struct explain_settings - what is assumed of the router
 * @inside: who is behind NAT
 * @outside: by which addresses those are seen, one per family
 * @ports: further ports of protocols
 * @policy: enum ctalg_policy_bit bits
 * @image: a checked policy, or NULL; it stays
 * @quiet: messages without an endpoint and without a reason are left out
 * @json: print JSON
 * @out: where to print
 */
struct explain_settings {
	struct prefix inside[EXPLAIN_GIVEN];
	unsigned int n_inside;
	struct ctalg_addr outside[2];
	unsigned int n_outside;
	struct {
		const struct service *served;
		u16 port;
	} ports[EXPLAIN_GIVEN];
	unsigned int n_ports;
	u32 policy;
	const void *image;
	bool quiet;
	bool json;
	FILE *out;
};

/**
 * struct vlans - the tags of a frame, the outermost first
 * @id: VLAN identifiers
 * @n: how many
 */
struct vlans {
	u16 id[EXPLAIN_VLANS];
	u8 n;
};

struct end {
	struct ctalg_addr addr;
	u16 port;
};

struct tuple {
	struct end src;
	struct end dst;
	struct vlans vlans;
	u8 l4;
};

/**
 * struct ip_packet - an IP packet, or a fragment of one
 * @payload: what follows the headers that were read
 * @len: bytes of it in the capture
 * @wire_len: bytes that it had
 * @l4: what it is
 * @fragment: it is one, and these tell which:
 * @more: others follow
 * @off: its place
 * @id: of which packet
 */
struct ip_packet {
	struct ctalg_addr src;
	struct ctalg_addr dst;
	struct vlans vlans;
	const u8 *payload;
	u32 len;
	u32 wire_len;
	u8 l4;
	bool fragment;
	bool more;
	u32 off;
	u32 id;
};

/**
 * struct segment - a TCP segment or a UDP datagram
 * @len: bytes of @data that are in the capture
 * @missing: bytes behind those that are not
 * @is_signed: TCP-MD5 or TCP-AO
 */
struct segment {
	struct tuple at;
	u32 seq;
	u32 ack;
	bool syn;
	bool fin;
	bool rst;
	bool has_ack;
	bool is_signed;
	const u8 *data;
	u32 len;
	u32 missing;
};

struct meter;
struct meter_slot;
struct aside;
TAILQ_HEAD(aside_list, aside);
struct pinhole_open;
TAILQ_HEAD(pinhole_list, pinhole_open);

/**
 * struct explain_flow - a control connection
 * @number: from 1 on
 * @at: its tuple, from the originator to the other
 * @last: when its latest packet came
 * @start: TCP: the byte after the originator's SYN
 * @syn: that was seen
 * @begun: TCP: both beginnings are known, or it is UDP
 * @mid_stream: the kernel would leave it alone, as it does not know its beginning
 * @left_alone: it would anyway, and so do we
 * @started: TCP: by enum ctalg_dir, the stream is fed
 * @restarts: TCP: how often a beginning was looked for in the middle
 * @lost: TCP: what came is not the protocol, perhaps only not from here
 * @over: TCP: it has ended
 * @forgotten: it is not found any more; data flows of it live on
 * @introduced: who it is between has been told
 * @fin: TCP: by enum ctalg_dir
 * @seen_ack: TCP: by enum ctalg_dir, how much of what this end sent is known to have been received
 * @has_ack: TCP: by enum ctalg_dir, that is known
 * @stream: TCP: by enum ctalg_dir
 * @aside: TCP: by enum ctalg_dir, segments ahead of their turn, in order
 * @aside_bytes: TCP: by enum ctalg_dir
 * @request: counts the messages that asked for pinholes
 * @user: who, as the protocol said it
 * @login_len: likewise of @login
 * @login: who has been let in as such
 * @refusals: TCP: refused requests whose answers are to come
 * @slots: of limits of policy on flows at a time
 */
struct explain_flow {
	LIST_ENTRY(explain_flow) in_bucket;
	TAILQ_ENTRY(explain_flow) in_order;
	u64 number;
	const struct service *served;
	struct tuple at;
	s64 last;
	u32 start;
	bool syn;
	bool begun;
	bool mid_stream;
	bool left_alone;
	bool started[2];
	u8 restarts;
	bool lost;
	bool over;
	bool forgotten;
	bool introduced;
	bool fin[2];
	bool has_ack[2];
	u32 seen_ack[2];
	struct ctalg_stream stream[2];
	struct aside_list aside[2];
	u32 aside_bytes[2];
	u64 state[CTALG_PROTO_STATE / sizeof(u64)];
	u32 request;
	u8 user_len;
	u8 user[EXPLAIN_USER];
	u8 login_len;
	u8 login[EXPLAIN_USER];
	struct ctalg_refusals refusals;
	struct ctalg_repeats repeats;
	LIST_HEAD(, meter_slot) slots;
	struct pinhole_list pinholes;
};

/**
 * struct pinhole_event - something that happened to a pinhole
 * @event: "open", "kept", "used", "missed", "closed" or "refused"
 * @at: the pinhole
 * @reason: why, or NULL
 * @dir: enum ctalg_dir of the message that asked for it
 * @other_port: the outside port is another than the inside port, as that was taken
 * @used_by: who came, for "used" and "missed"
 */
struct pinhole_event {
	const char *event;
	struct ctalg_opening at;
	const char *reason;
	u8 dir;
	bool other_port;
	struct end used_by;
};

/**
 * struct ruling - what policy says of a message
 * @action: what becomes of it, enum ctalg_action
 * @v: why, and by which rule
 * @told: what its sender is told, if it was refused
 * @told_len: bytes of that
 */
struct ruling {
	u8 action;
	struct ctalg_verdict v;
	u32 told_len;
	char told[CTALG_ANSWER_DATAGRAM];
};

/**
 * struct finding - something to tell of a flow
 * @n: from 1 on
 * @ts: when, in nanoseconds since 1970
 * @kind: of a message; "pinhole", "stream" or "gap" if it is none
 * @reason: why nothing happened, or NULL
 * @message: the bytes, or NULL
 * @report: what the parser found in them
 * @edits: what would be changed in them
 * @ruling: what policy says of it, or NULL
 * @opaque: the rule for a flow that is encrypted from here on, or NULL
 * @view: what they were judged by
 * @events: what happened to pinholes
 * @missing: for a gap, how many bytes
 */
struct finding {
	u64 n;
	s64 ts;
	struct explain_flow *flow;
	u8 dir;
	const char *kind;
	const char *reason;
	const struct ctalg_message *message;
	const struct ctalg_report *report;
	const struct ctalg_edits *edits;
	const struct ruling *ruling;
	const struct ctalg_image_rule *opaque;
	struct ctalg_view view;
	struct pinhole_event *events;
	size_t n_events;
	size_t room;
	u32 missing;
};

/**
 * struct explain_sums - what there was
 * @other: TCP and UDP packets that belong to no control connection
 */
struct explain_sums {
	u64 frames, not_ip, bad_ip, truncated, other, outside_window;
	u64 fragments_lost, fragments_overlapping;
	u64 flows, flows_refused, flows_mid_stream, messages, edits;
	u64 opened, used, unused;
	u64 n_reasons;
	struct {
		const char *name;
		u64 n;
	} reason[EXPLAIN_REASONS];
};

struct reassembly;

/**
 * struct explain - an explanation under way
 * @now: time of the packet in hand
 * @first: time of the first one
 * @told: objects or lines printed
 * @ended: what is still to be said has been
 * @aside_bytes: of all flows
 * @finding: the message in hand, to which events of pinholes belong, or NULL
 * @deadline: when the next pinhole may close by itself
 * @rules: of policy, by service
 * @inside: its set of inside hosts
 * @meters: what its limits have counted
 * @by_port: pinholes by the inside port and by the outside port
 */
struct explain {
	struct explain_settings set;
	struct explain_sums sums;
	s64 now;
	s64 first;
	u64 n;
	u64 told;
	bool ended;
	u32 aside_bytes;
	struct finding *finding;
	struct reassembly *reassembly[EXPLAIN_REASSEMBLIES];
	LIST_HEAD(, explain_flow) flows[EXPLAIN_FLOW_BUCKETS];
	TAILQ_HEAD(, explain_flow) flow_order;
	u32 n_flows;
	struct pinhole_list pinholes;
	u32 n_pinholes;
	s64 deadline;
	LIST_HEAD(pinhole_port, pinhole_open) by_port[2][65536];
	struct ctalg_rules *rules[EXPLAIN_SERVICES];
	u32 inside;
	LIST_HEAD(meter_bucket, meter) meters[EXPLAIN_METER_BUCKETS];
	u32 n_meters;
	/* One message, */
	struct ctalg_report report;
	struct ctalg_report spare;
	struct ctalg_edits edits;
	struct ctalg_plan_room room;
	/* and room for what the longest can name. */
	struct ctalg_report_large report_in;
	struct ctalg_report_room report_room;
	struct ctalg_report_small spare_in;
	struct ctalg_report_room spare_room;
	struct ctalg_edits_large edits_in;
	struct ctalg_edits_room edits_room;
	struct ctalg_plan_place place[CTALG_REPORT_PLACES];
};

/* explain_run.c */
struct explain *explain_new(const struct explain_settings *set);
void explain_free(struct explain *e);
/* One frame: @len bytes of it are there, it had @wire_len. */
void explain_frame(struct explain *e, int link, s64 ts, const u8 *data, u32 len, u32 wire_len);
/* The capture ends. */
void explain_end(struct explain *e);
/* Numbers and tells it. */
void explain_tell(struct explain *e, struct finding *f);

/* explain_capture.c */
/* Explains a file to its end, or to where it is damaged: then false, and @error is a sentence. */
bool explain_capture(struct explain *e, FILE *in, char error[EXPLAIN_ERROR_SIZE]);

/* explain_link.c */
/* Where the IP packet begins, or false. */
bool link_known(int link);
bool link_strip(int link, const u8 *p, u32 len, u32 *off, struct vlans *vlans);

/* explain_ip.c */
enum ip_verdict {
	IP_GOOD,
	IP_NONE,
	IP_BAD,
};
enum ip_verdict ip_read(const u8 *p, u32 len, u32 wire_len, struct ip_packet *ip);
/* Goes on behind IPv6 extension headers; false if they are cut off or too many. */
bool ip_skip_extensions(struct ip_packet *ip);

/* explain_fragments.c */
/* Makes @ip the whole packet when the fragment completes it. What it points to stays until the next call. */
bool fragments_add(struct explain *e, struct ip_packet *ip);
void fragments_free(struct explain *e);

/* explain_segment.c */
bool segment_read(const struct ip_packet *ip, struct segment *s);

/* explain_flow.c */
bool end_eq(const struct end *a, const struct end *b);
bool tuple_eq(const struct tuple *a, const struct tuple *b);
struct tuple tuple_reversed(const struct tuple *t);
struct explain_flow *flow_find(struct explain *e, const struct tuple *t, u8 *dir);
struct explain_flow *flow_new(struct explain *e, const struct tuple *t,
			      const struct service *served);
/* Its packets have ended; it stays while data flows of it live. */
void flow_forget(struct explain *e, struct explain_flow *f);
void flows_tick(struct explain *e);
/* Who serves this port, or NULL. */
const struct service *served_by(const struct explain *e, u8 l4, u16 port);

/* explain_tcp.c, explain_udp.c */
/* False if the packet belongs to no control connection. */
bool tcp_packet(struct explain *e, const struct segment *s);
bool udp_packet(struct explain *e, const struct segment *s);
/* What waits for bytes that never came is read now. */
void tcp_flush(struct explain *e, struct explain_flow *f);
void tcp_free(struct explain_flow *f);

extern const struct ctalg_memory explain_memory;
/* Nothing of it goes on any more; @reset: both ends are told. */
void tcp_cut(struct explain *e, struct explain_flow *f, u8 dir, bool reset);

/* explain_message.c */
void message_explain(struct explain *e, struct explain_flow *f, const struct ctalg_message *m,
		     struct ctalg_edits *edits);
/* Something that is no message. */
void stream_explain(struct explain *e, struct explain_flow *f, u8 dir, const char *kind,
		    const char *reason, u32 missing);
/* An edit of something that the message names is the plan's; any other hides something. */
bool edit_hides(const struct ctalg_report *r, const struct ctalg_edit *ed);
const char *reason_text(const struct ctalg_proto *p, unsigned int reason);

/* explain_view.c */
bool addr_is_inside(const struct explain_settings *set, const struct ctalg_addr *a);
bool addr_has_prefix(const struct ctalg_addr *prefix, u8 bits, const struct ctalg_addr *a);
bool addr_is_outside(const struct explain_settings *set, const struct ctalg_addr *a);
void view_of(const struct explain_settings *set, const struct explain_flow *f, u8 dir,
	     struct ctalg_view *v);
/* Is an address of the flow changed on the way? */
bool view_has_nat(const struct explain_settings *set, const struct explain_flow *f);
/* Does the capture show it as it is outside, after all changes? */
bool view_is_outside(const struct explain_settings *set, const struct explain_flow *f);

/* explain_pinhole.c */
/* What a place is called outside, or where it leads inside, if something stays open there. */
bool pinhole_leads(const struct explain *e, const struct ctalg_endpoint *place, bool outside,
		   struct ctalg_addr *addr, u16 *port);
unsigned int pinhole_open(struct explain *e, struct explain_flow *f, struct ctalg_opening *o);
/* The peer may connect to any of these ports, as often as it likes. */
unsigned int pinholes_range(struct explain *e, struct explain_flow *f, u16 first, u16 last,
			    const struct ctalg_opening *like);
/* Those opened by the message in hand close again, as it is refused. */
void pinholes_undo(struct explain *e, struct explain_flow *f, const char *reason);
void pinholes_withdraw(struct explain *e, struct explain_flow *f);
/* The control connection is over: those that nobody used close. */
void pinholes_over(struct explain *e, struct explain_flow *f);
void pinholes_packet(struct explain *e, const struct segment *s);
void pinholes_tick(struct explain *e);
void pinholes_free(struct explain *e);
struct pinhole_event *finding_event(struct finding *f, const char *event,
				    const struct ctalg_opening *at, const char *reason);

/* explain_police.c */
void rules_compile(struct explain *e);
void rules_free(struct explain *e);
/* Is what cannot be read refused? May nothing of the flow go by unread? */
bool policy_is_strict(const struct explain *e, const struct explain_flow *f);
bool policy_must_read(const struct explain *e, const struct explain_flow *f);

/* explain_meter.c */
/* A request is about to go on: is it within a limit? If so it counts from now on. */
bool meter_within(struct explain *e, struct explain_flow *f, const struct ctalg_image_limit *limit,
		  const struct ctalg_subject *s);
/* The flow ends. */
void meters_release(struct explain_flow *f);
void meters_free(struct explain *e);

/* explain_words.c */
/* What a reason means, and what to do; false if there are no words for it. */
bool reason_words(const char *reason, const char **what, const char **advice);

/* explain_write.c: into a buffer, which is returned */
const char *addr_text(char buf[EXPLAIN_TEXT], const struct ctalg_addr *a);
/* Who may connect: an address, or a prefix. */
const char *from_text(char buf[EXPLAIN_TEXT], const struct ctalg_opening *o);
const char *end_text(char buf[EXPLAIN_TEXT], const struct ctalg_addr *a, u16 port);
/* All but printable ASCII, and the backslash, stands as \xHH. What @buf has no room for is left out. */
const char *escaped_text(char *buf, size_t size, const u8 *bytes, u32 len);
const char *l4_name(u8 l4);

/* explain_text.c, explain_json.c */
void text_begin(struct explain *e);
void text_finding(struct explain *e, const struct finding *f);
void text_end(struct explain *e);
void json_begin(struct explain *e);
void json_finding(struct explain *e, const struct finding *f);
void json_end(struct explain *e);

#endif /* EXPLAIN_H */
