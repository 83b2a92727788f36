/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: what was read, what was found in it, what became of it. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ctalg

#if !defined(CTALG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CTALG_TRACE_H

#include <linux/tracepoint.h>

#include "core.h"

#define CTALG_TRACE_NAME 24

/* clang-format off */

/* An address as "%pISc" wants it. */
#define ctalg_trace_addr(to, a)							\
	do {									\
		memset(to, 0, sizeof(struct sockaddr_in6));			\
		if ((a)->family == CTALG_AF_INET) {				\
			((struct sockaddr_in *)(to))->sin_family = AF_INET;	\
			memcpy(&((struct sockaddr_in *)(to))->sin_addr, (a)->b, 4); \
		} else if ((a)->family == CTALG_AF_INET6) {			\
			((struct sockaddr_in6 *)(to))->sin6_family = AF_INET6;	\
			memcpy(&((struct sockaddr_in6 *)(to))->sin6_addr, (a)->b, 16); \
		}								\
	} while (0)

TRACE_EVENT(ctalg_message,
	TP_PROTO(u64 flow, const char *helper, u8 dir, u32 len),
	TP_ARGS(flow, helper, dir, len),
	TP_STRUCT__entry(
		__field(u64, flow)
		__field(u32, len)
		__field(u8, dir)
		__array(char, helper, CTALG_TRACE_NAME)
	),
	TP_fast_assign(
		__entry->flow = flow;
		__entry->len = len;
		__entry->dir = dir;
		strscpy(__entry->helper, helper, CTALG_TRACE_NAME);
	),
	TP_printk("flow=%llu helper=%s dir=%s len=%u", __entry->flow, __entry->helper,
		  __entry->dir ? "reply" : "orig", __entry->len)
);

TRACE_EVENT(ctalg_report,
	TP_PROTO(u64 flow, const char *kind, const struct ctalg_proto *proto,
		 const struct ctalg_report *r),
	TP_ARGS(flow, kind, proto, r),
	TP_STRUCT__entry(
		__field(u64, flow)
		__field(u32, ops)
		__field(u16, endpoints)
		__field(u16, wants)
		__array(char, kind, CTALG_TRACE_NAME)
		__array(char, reason, CTALG_TRACE_NAME)
	),
	TP_fast_assign(
		__entry->flow = flow;
		__entry->ops = r->ops;
		__entry->endpoints = r->n_endpoints;
		__entry->wants = r->n_wants;
		strscpy(__entry->kind, kind, CTALG_TRACE_NAME);
		strscpy(__entry->reason, ctalg_proto_reason(proto, r->reason) ?: "none",
			CTALG_TRACE_NAME);
	),
	TP_printk("flow=%llu kind=\"%s\" endpoints=%u wants=%u ops=%#x reason=%s", __entry->flow,
		  __entry->kind, __entry->endpoints, __entry->wants, __entry->ops,
		  __entry->reason)
);

TRACE_EVENT(ctalg_edit,
	TP_PROTO(u64 flow, u8 dir, const struct ctalg_endpoint *ep, const struct ctalg_opening *o),
	TP_ARGS(flow, dir, ep, o),
	TP_STRUCT__entry(
		__field(u64, flow)
		__field(u8, dir)
		__field(u16, old_port)
		__field(u16, new_port)
		__array(u8, old_addr, sizeof(struct sockaddr_in6))
		__array(u8, new_addr, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->flow = flow;
		__entry->dir = dir;
		__entry->old_port = ep->port;
		__entry->new_port = o->outside_port;
		ctalg_trace_addr(__entry->old_addr, &ep->addr);
		ctalg_trace_addr(__entry->new_addr, &o->outside);
	),
	TP_printk("flow=%llu dir=%s old=%pISc/%u new=%pISc/%u", __entry->flow,
		  __entry->dir ? "reply" : "orig", __entry->old_addr, __entry->old_port,
		  __entry->new_addr, __entry->new_port)
);

TRACE_EVENT(ctalg_pinhole,
	TP_PROTO(u64 flow, u64 id, const char *what, const struct ctalg_opening *o),
	TP_ARGS(flow, id, what, o),
	TP_STRUCT__entry(
		__field(u64, flow)
		__field(u64, id)
		__field(u16, outside_port)
		__field(u16, inside_port)
		__field(u8, l4)
		__array(char, what, CTALG_TRACE_NAME)
		__array(u8, outside, sizeof(struct sockaddr_in6))
		__array(u8, inside, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->flow = flow;
		__entry->id = id;
		__entry->outside_port = o->outside_port;
		__entry->inside_port = o->inside_port;
		__entry->l4 = o->l4;
		strscpy(__entry->what, what, CTALG_TRACE_NAME);
		ctalg_trace_addr(__entry->outside, &o->outside);
		ctalg_trace_addr(__entry->inside, &o->inside);
	),
	TP_printk("flow=%llu pinhole=%llu what=%s l4=%u outside=%pISc/%u inside=%pISc/%u",
		  __entry->flow, __entry->id, __entry->what, __entry->l4, __entry->outside,
		  __entry->outside_port, __entry->inside, __entry->inside_port)
);

/* clang-format on */

#endif /* CTALG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
