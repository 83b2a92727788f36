// SPDX-License-Identifier: GPL-2.0
/* Lists of what there is. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#include <ctalg.h>

#include "netlink.h"
#include "tool.h"

/**
 * struct reading - a list that is being read
 * @read: makes an item of a message
 * @items: what was read
 * @n: how many
 * @room: how many fit into @items
 * @size: bytes of one
 */
struct reading {
	void (*read)(const struct nlmsghdr *nlh, void *item);
	char *items;
	size_t n;
	size_t room;
	size_t size;
};

static int on_item(const struct nlmsghdr *nlh, void *data)
{
	struct reading *r = data;

	if (r->n == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		r->items = need(reallocarray(r->items, r->room, r->size));
	}
	memset(r->items + r->n * r->size, 0, r->size);
	r->read(nlh, r->items + r->n * r->size);
	r->n++;
	return MNL_CB_OK;
}

static size_t read_all(uint8_t cmd, size_t size,
		       void (*read)(const struct nlmsghdr *nlh, void *item), void *list)
{
	struct reading r = { .size = size, .read = read };
	struct link l;

	link_open(&l);
	link_request(&l, cmd, NLM_F_DUMP);
	link_talk(&l, on_item, &r);
	/* An older module does not know of it. */
	if (l.error && l.error != EOPNOTSUPP)
		link_fail(&l);
	link_close(&l);
	memcpy(list, &r.items, sizeof(r.items));
	return r.n;
}

/* Of the attributes, those that can stand there many times. */
static int on_counter(const struct nlattr *a, void *data)
{
	struct helper *h = data;
	struct counter *c = &h->counter[h->n_counters];
	struct attributes t;

	if (mnl_attr_get_type(a) != CTALG_A_HELPER_COUNTER || h->n_counters == COUNTERS)
		return MNL_CB_OK;
	attributes_in(a, &t);
	attr_text(t.a[CTALG_A_COUNTER_REASON], c->reason);
	c->orig = attr_number(t.a[CTALG_A_COUNTER_ORIG]);
	c->reply = attr_number(t.a[CTALG_A_COUNTER_REPLY]);
	h->n_counters++;
	return MNL_CB_OK;
}

static void read_helper(const struct nlmsghdr *nlh, void *item)
{
	struct helper *h = item;
	struct attributes t;

	attributes_of(nlh, &t);
	attr_text(t.a[CTALG_A_HELPER_NAME], h->name);
	attr_text(t.a[CTALG_A_HELPER_VERSION], h->version);
	h->l4 = (uint8_t)attr_number(t.a[CTALG_A_HELPER_L4]);
	h->l4_too = (uint8_t)attr_number(t.a[CTALG_A_HELPER_L4_TOO]);
	h->port = (uint16_t)attr_number(t.a[CTALG_A_HELPER_PORT]);
	h->lifetime = (uint32_t)attr_number(t.a[CTALG_A_HELPER_LIFETIME]);
	h->loose = attr_number(t.a[CTALG_A_HELPER_LOOSE]);
	h->any_source = attr_number(t.a[CTALG_A_HELPER_ANY_SOURCE]);
	h->strict = attr_number(t.a[CTALG_A_HELPER_STRICT]);
	h->enabled = attr_number(t.a[CTALG_A_HELPER_ENABLED]);
	h->finishing = attr_number(t.a[CTALG_A_HELPER_FINISHING]);
	h->port_first = (uint16_t)attr_number(t.a[CTALG_A_HELPER_PORT_FIRST]);
	h->port_last = (uint16_t)attr_number(t.a[CTALG_A_HELPER_PORT_LAST]);
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), on_counter, h);
}

size_t kernel_helpers(struct helper **list)
{
	return read_all(CTALG_CMD_HELPER_GET, sizeof(**list), read_helper, list);
}

static void read_flow(const struct nlmsghdr *nlh, void *item)
{
	struct flow *f = item;
	struct attributes t;

	attributes_of(nlh, &t);
	f->id = attr_number(t.a[CTALG_A_FLOW_ID]);
	attr_text(t.a[CTALG_A_FLOW_HELPER], f->helper);
	f->l4 = (uint8_t)attr_number(t.a[CTALG_A_FLOW_L4]);
	attr_address(t.a[CTALG_A_FLOW_SRC], &f->src);
	attr_address(t.a[CTALG_A_FLOW_DST], &f->dst);
	f->src_port = (uint16_t)attr_number(t.a[CTALG_A_FLOW_SRC_PORT]);
	f->dst_port = (uint16_t)attr_number(t.a[CTALG_A_FLOW_DST_PORT]);
	f->zone = (uint16_t)attr_number(t.a[CTALG_A_FLOW_ZONE]);
	f->age = attr_number(t.a[CTALG_A_FLOW_AGE]);
	f->has_streams = t.a[CTALG_A_FLOW_ORIG_MODE] && t.a[CTALG_A_FLOW_REPLY_MODE];
	f->orig_mode = (uint32_t)attr_number(t.a[CTALG_A_FLOW_ORIG_MODE]);
	f->reply_mode = (uint32_t)attr_number(t.a[CTALG_A_FLOW_REPLY_MODE]);
	f->orig_offset = (int32_t)attr_number(t.a[CTALG_A_FLOW_ORIG_OFFSET]);
	f->reply_offset = (int32_t)attr_number(t.a[CTALG_A_FLOW_REPLY_OFFSET]);
	f->orig_held = (uint32_t)attr_number(t.a[CTALG_A_FLOW_ORIG_HELD]);
	f->reply_held = (uint32_t)attr_number(t.a[CTALG_A_FLOW_REPLY_HELD]);
	f->sessions = (uint32_t)attr_number(t.a[CTALG_A_FLOW_SESSIONS]);
	f->edited = t.a[CTALG_A_FLOW_EDITED];
}

size_t kernel_flows(struct flow **list)
{
	return read_all(CTALG_CMD_FLOW_GET, sizeof(**list), read_flow, list);
}

static void read_session(const struct nlmsghdr *nlh, void *item)
{
	struct session *s = item;
	struct attributes t;

	attributes_of(nlh, &t);
	s->id = attr_number(t.a[CTALG_A_SESSION_ID]);
	s->flow = attr_number(t.a[CTALG_A_SESSION_FLOW]);
	attr_text(t.a[CTALG_A_SESSION_HELPER], s->helper);
	attr_text(t.a[CTALG_A_SESSION_KIND], s->kind);
	attr_user(t.a[CTALG_A_SESSION_USER], &s->user);
	attr_key(t.a[CTALG_A_SESSION_KEY], &s->key);
	s->state = (uint32_t)attr_number(t.a[CTALG_A_SESSION_STATE]);
	s->age = attr_number(t.a[CTALG_A_SESSION_AGE]);
	attr_address(t.a[CTALG_A_SESSION_SRC], &s->src);
	attr_address(t.a[CTALG_A_SESSION_DST], &s->dst);
	s->opened = (uint32_t)attr_number(t.a[CTALG_A_SESSION_OPENED]);
	s->pinholes = (uint32_t)attr_number(t.a[CTALG_A_SESSION_PINHOLES]);
	s->bytes_orig = attr_maybe(t.a[CTALG_A_SESSION_BYTES_ORIG]);
	s->bytes_reply = attr_maybe(t.a[CTALG_A_SESSION_BYTES_REPLY]);
}

size_t kernel_sessions(struct session **list)
{
	return read_all(CTALG_CMD_SESSION_GET, sizeof(**list), read_session, list);
}

static void read_pinhole(const struct nlmsghdr *nlh, void *item)
{
	struct pinhole *p = item;
	struct attributes t;

	attributes_of(nlh, &t);
	p->id = attr_number(t.a[CTALG_A_PINHOLE_ID]);
	p->session = attr_number(t.a[CTALG_A_PINHOLE_SESSION]);
	p->flow = attr_number(t.a[CTALG_A_PINHOLE_FLOW]);
	attr_text(t.a[CTALG_A_PINHOLE_HELPER], p->helper);
	attr_text(t.a[CTALG_A_PINHOLE_KIND], p->kind);
	attr_user(t.a[CTALG_A_PINHOLE_USER], &p->user);
	p->l4 = (uint8_t)attr_number(t.a[CTALG_A_PINHOLE_L4]);
	attr_address(t.a[CTALG_A_PINHOLE_FROM], &p->from);
	p->from.bits = (uint8_t)attr_number(t.a[CTALG_A_PINHOLE_FROM_LEN]);
	attr_address(t.a[CTALG_A_PINHOLE_OUTSIDE], &p->outside);
	attr_address(t.a[CTALG_A_PINHOLE_INSIDE], &p->inside);
	p->outside_port = (uint16_t)attr_number(t.a[CTALG_A_PINHOLE_OUTSIDE_PORT]);
	p->inside_port = (uint16_t)attr_number(t.a[CTALG_A_PINHOLE_INSIDE_PORT]);
	p->state = (uint32_t)attr_number(t.a[CTALG_A_PINHOLE_STATE]);
	p->age = attr_number(t.a[CTALG_A_PINHOLE_AGE]);
	p->expires = attr_maybe(t.a[CTALG_A_PINHOLE_EXPIRES]);
	p->bytes_orig = attr_maybe(t.a[CTALG_A_PINHOLE_BYTES_ORIG]);
	p->bytes_reply = attr_maybe(t.a[CTALG_A_PINHOLE_BYTES_REPLY]);
}

size_t kernel_pinholes(struct pinhole **list)
{
	return read_all(CTALG_CMD_PINHOLE_GET, sizeof(**list), read_pinhole, list);
}

static void read_limit(const struct nlmsghdr *nlh, void *item)
{
	struct limit *m = item;
	struct attributes t;

	attributes_of(nlh, &t);
	attr_text(t.a[CTALG_A_LIMIT_NAME], m->name);
	m->value = attr_number(t.a[CTALG_A_LIMIT_VALUE]);
	m->standard = attr_number(t.a[CTALG_A_LIMIT_DEFAULT]);
	m->now = attr_maybe(t.a[CTALG_A_LIMIT_NOW]);
	m->peak = attr_number(t.a[CTALG_A_LIMIT_PEAK]);
}

size_t kernel_limits(struct limit **list)
{
	return read_all(CTALG_CMD_LIMIT_GET, sizeof(**list), read_limit, list);
}
