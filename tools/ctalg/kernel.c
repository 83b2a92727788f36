// SPDX-License-Identifier: GPL-2.0
/* The one file that knows the family "ctalg". Attributes that it does not know are skipped. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include <ctalg.h>

#include "kernel.h"
#include "tool.h"

enum {
	BUFFER_BYTES = 32768,
	/* A list that changes while it is read is read again, this often. */
	READINGS = 5,
};

/**
 * struct link - a conversation with the kernel
 * @socket: libmnl's
 * @seq: number of the latest request
 * @interrupted: what was read is not of one moment
 * @error: errno of the answer, or 0
 * @said: the kernel's words about @error
 * @buffer: request, then answers
 */
struct link {
	struct mnl_socket *socket;
	uint32_t seq;
	bool interrupted;
	int error;
	char said[256];
	char buffer[BUFFER_BYTES] __attribute__((aligned(8)));
};

static void link_open(struct link *l)
{
	int on = 1;

	memset(l, 0, sizeof(*l));
	l->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!l->socket || mnl_socket_bind(l->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("no netlink socket can be had: %s", strerror(errno));
	/* Without these the kernel's words are missing, and no more. */
	mnl_socket_setsockopt(l->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(l->socket, NETLINK_EXT_ACK, &on, sizeof(on));
}

static void link_close(struct link *l)
{
	mnl_socket_close(l->socket);
}

static struct nlmsghdr *request(struct link *l, uint16_t family, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(l->buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++l->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = CTALG_FAMILY_VERSION;
	return nlh;
}

static int keep_words(const struct nlattr *a, void *data)
{
	struct link *l = data;

	if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG)
		snprintf(l->said, sizeof(l->said), "%.*s", (int)mnl_attr_get_payload_len(a),
			 mnl_attr_get_str(a));
	return MNL_CB_OK;
}

/* An acknowledgement, or an error. */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	size_t words = sizeof(*e);
	struct link *l = data;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*e)) {
		l->error = EBADMSG;
		return MNL_CB_STOP;
	}
	l->error = -e->error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		words += e->msg.nlmsg_len - sizeof(e->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && words <= mnl_nlmsg_get_payload_len(nlh))
		mnl_attr_parse(nlh, (unsigned int)words, keep_words, l);
	return MNL_CB_STOP;
}

/* The end of a dump, which tells how it went. */
static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const int *result = mnl_nlmsg_get_payload(nlh);
	struct link *l = data;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*result) && *result < 0)
		l->error = -*result;
	return MNL_CB_STOP;
}

/* libmnl would stop at an interrupted dump; we note it and go on. */
static void note_interruption(struct link *l, int bytes)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)l->buffer;

	for (; mnl_nlmsg_ok(nlh, bytes); nlh = mnl_nlmsg_next(nlh, &bytes)) {
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			l->interrupted = true;
		nlh->nlmsg_flags &= (uint16_t)~NLM_F_DUMP_INTR;
	}
}

/**
 * struct reading - a dump that is being read
 * @l: the conversation; first, so that every callback can have it
 * @read: makes an item of a message
 * @items: what was read
 * @n: how many
 * @room: how many fit into @items
 * @size: bytes of one
 */
struct reading {
	struct link l;
	void (*read)(const struct nlmsghdr *nlh, void *item);
	char *items;
	size_t n;
	size_t room;
	size_t size;
};

/* Sends the request in the buffer and reads until the kernel is done. */
static void talk(struct link *l, mnl_cb_t on_message)
{
	mnl_cb_t control[] = { [NLMSG_ERROR] = on_error, [NLMSG_DONE] = on_done };
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)l->buffer;
	unsigned int port = mnl_socket_get_portid(l->socket);
	ssize_t bytes;
	int run;

	l->error = 0;
	l->said[0] = 0;
	if (mnl_socket_sendto(l->socket, nlh, nlh->nlmsg_len) < 0)
		fail("the kernel takes no request: %s", strerror(errno));
	do {
		bytes = mnl_socket_recvfrom(l->socket, l->buffer, sizeof(l->buffer));
		if (bytes < 0)
			fail("the kernel's answer cannot be read: %s", strerror(errno));
		note_interruption(l, (int)bytes);
		run = mnl_cb_run2(l->buffer, (size_t)bytes, l->seq, port, on_message, l, control,
				  sizeof(control) / sizeof(control[0]));
	} while (run > MNL_CB_STOP);
	if (run < 0)
		fail("the kernel's answer makes no sense: %s", strerror(errno));
}

static void fail_as_said(const struct link *l)
{
	if (l->error == EPERM)
		fail("this needs CAP_NET_ADMIN in the network namespace; run it as root");
	if (l->said[0])
		fail("the kernel refuses: %s", l->said);
	fail("the kernel refuses: %s", strerror(l->error));
}

/* Attributes by number, each NULL unless the message has it. */
struct attributes {
	const struct nlattr *a[64];
};

static int pick(const struct nlattr *a, void *data)
{
	struct attributes *t = data;

	if (mnl_attr_get_type(a) < sizeof(t->a) / sizeof(t->a[0]))
		t->a[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

static void pick_all(const struct nlmsghdr *nlh, struct attributes *t)
{
	memset(t, 0, sizeof(*t));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), pick, t);
}

/* A number of any width; 0 if it is not there. */
static uint64_t number(const struct nlattr *a)
{
	switch (a ? mnl_attr_get_payload_len(a) : 0) {
	case sizeof(uint8_t):
		return mnl_attr_get_u8(a);
	case sizeof(uint16_t):
		return mnl_attr_get_u16(a);
	case sizeof(uint32_t):
		return mnl_attr_get_u32(a);
	case sizeof(uint64_t):
		return mnl_attr_get_u64(a);
	default:
		return 0;
	}
}

static void text(const struct nlattr *a, char *buf)
{
	snprintf(buf, NAME_SIZE, "%.*s", a ? (int)mnl_attr_get_payload_len(a) : 0,
		 a ? mnl_attr_get_str(a) : "");
}

/* Copies at most @room bytes and returns how many. */
static uint8_t bytes_of(const struct nlattr *a, uint8_t *b, uint8_t room)
{
	uint16_t len = a ? mnl_attr_get_payload_len(a) : 0;

	if (len > room)
		len = room;
	if (len)
		memcpy(b, mnl_attr_get_payload(a), len);
	return (uint8_t)len;
}

static void address(const struct nlattr *a, struct address *to)
{
	to->len = bytes_of(a, to->b, sizeof(to->b));
}

static void user(const struct nlattr *a, struct user *to)
{
	to->len = bytes_of(a, to->b, sizeof(to->b));
}

static int on_family(const struct nlmsghdr *nlh, void *data)
{
	struct reading *r = data;
	struct attributes t;

	pick_all(nlh, &t);
	r->n = number(t.a[CTRL_ATTR_FAMILY_ID]);
	return MNL_CB_OK;
}

/* Asks for the family's number in this kernel. */
static void ask_family(struct reading *r)
{
	struct nlmsghdr *nlh = request(&r->l, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CTALG_FAMILY_NAME);
	talk(&r->l, on_family);
}

static uint16_t family(struct reading *r)
{
	size_t id;

	ask_family(r);
	if (r->l.error == ENOENT)
		fail("the ctalg module is not loaded; load a helper, for instance with \"modprobe ctalg_ftp\", and try again");
	if (r->l.error)
		fail_as_said(&r->l);
	id = r->n;
	r->n = 0;
	return (uint16_t)id;
}

bool kernel_has_module(void)
{
	struct reading r = {};

	link_open(&r.l);
	ask_family(&r);
	if (r.l.error && r.l.error != ENOENT)
		fail_as_said(&r.l);
	link_close(&r.l);
	return !r.l.error;
}

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

static void read_once(struct reading *r, uint8_t cmd)
{
	r->n = 0;
	link_open(&r->l);
	request(&r->l, family(r), cmd, NLM_F_DUMP);
	talk(&r->l, on_item);
	/* An older module does not know of it. */
	if (r->l.error && r->l.error != EOPNOTSUPP)
		fail_as_said(&r->l);
	link_close(&r->l);
}

static size_t read_all(uint8_t cmd, size_t size,
		       void (*read)(const struct nlmsghdr *nlh, void *item), void *list)
{
	struct reading r = { .size = size, .read = read };
	unsigned int i;

	for (i = 0; i < READINGS; i++) {
		read_once(&r, cmd);
		if (!r.l.interrupted)
			break;
	}
	if (r.l.interrupted)
		warn("the list keeps changing: an entry may be missing or stand here twice");
	memcpy(list, &r.items, sizeof(r.items));
	return r.n;
}

/* Of the attributes, those that can stand there many times. */
static int on_counter(const struct nlattr *a, void *data)
{
	struct helper *h = data;
	struct counter *c = &h->counter[h->n_counters];
	struct attributes t = {};

	if (mnl_attr_get_type(a) != CTALG_A_HELPER_COUNTER || h->n_counters == COUNTERS)
		return MNL_CB_OK;
	mnl_attr_parse_nested(a, pick, &t);
	text(t.a[CTALG_A_COUNTER_REASON], c->reason);
	c->orig = number(t.a[CTALG_A_COUNTER_ORIG]);
	c->reply = number(t.a[CTALG_A_COUNTER_REPLY]);
	h->n_counters++;
	return MNL_CB_OK;
}

static void read_helper(const struct nlmsghdr *nlh, void *item)
{
	struct helper *h = item;
	struct attributes t;

	pick_all(nlh, &t);
	text(t.a[CTALG_A_HELPER_NAME], h->name);
	text(t.a[CTALG_A_HELPER_VERSION], h->version);
	h->l4 = (uint8_t)number(t.a[CTALG_A_HELPER_L4]);
	h->port = (uint16_t)number(t.a[CTALG_A_HELPER_PORT]);
	h->lifetime = (uint32_t)number(t.a[CTALG_A_HELPER_LIFETIME]);
	h->loose = number(t.a[CTALG_A_HELPER_LOOSE]);
	h->any_source = number(t.a[CTALG_A_HELPER_ANY_SOURCE]);
	h->strict = number(t.a[CTALG_A_HELPER_STRICT]);
	h->enabled = number(t.a[CTALG_A_HELPER_ENABLED]);
	h->finishing = number(t.a[CTALG_A_HELPER_FINISHING]);
	h->port_first = (uint16_t)number(t.a[CTALG_A_HELPER_PORT_FIRST]);
	h->port_last = (uint16_t)number(t.a[CTALG_A_HELPER_PORT_LAST]);
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

	pick_all(nlh, &t);
	f->id = number(t.a[CTALG_A_FLOW_ID]);
	text(t.a[CTALG_A_FLOW_HELPER], f->helper);
	f->l4 = (uint8_t)number(t.a[CTALG_A_FLOW_L4]);
	address(t.a[CTALG_A_FLOW_SRC], &f->src);
	address(t.a[CTALG_A_FLOW_DST], &f->dst);
	f->src_port = (uint16_t)number(t.a[CTALG_A_FLOW_SRC_PORT]);
	f->dst_port = (uint16_t)number(t.a[CTALG_A_FLOW_DST_PORT]);
	f->zone = (uint16_t)number(t.a[CTALG_A_FLOW_ZONE]);
	f->age = number(t.a[CTALG_A_FLOW_AGE]);
	f->has_streams = t.a[CTALG_A_FLOW_ORIG_MODE] && t.a[CTALG_A_FLOW_REPLY_MODE];
	f->orig_mode = (uint32_t)number(t.a[CTALG_A_FLOW_ORIG_MODE]);
	f->reply_mode = (uint32_t)number(t.a[CTALG_A_FLOW_REPLY_MODE]);
	f->orig_offset = (int32_t)number(t.a[CTALG_A_FLOW_ORIG_OFFSET]);
	f->reply_offset = (int32_t)number(t.a[CTALG_A_FLOW_REPLY_OFFSET]);
	f->orig_held = (uint32_t)number(t.a[CTALG_A_FLOW_ORIG_HELD]);
	f->reply_held = (uint32_t)number(t.a[CTALG_A_FLOW_REPLY_HELD]);
	f->sessions = (uint32_t)number(t.a[CTALG_A_FLOW_SESSIONS]);
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

	pick_all(nlh, &t);
	s->flow = number(t.a[CTALG_A_SESSION_FLOW]);
	text(t.a[CTALG_A_SESSION_HELPER], s->helper);
	user(t.a[CTALG_A_SESSION_USER], &s->user);
	s->opened = (uint32_t)number(t.a[CTALG_A_SESSION_OPENED]);
	s->pinholes = (uint32_t)number(t.a[CTALG_A_SESSION_PINHOLES]);
}

size_t kernel_sessions(struct session **list)
{
	return read_all(CTALG_CMD_SESSION_GET, sizeof(**list), read_session, list);
}

static void read_pinhole(const struct nlmsghdr *nlh, void *item)
{
	struct pinhole *p = item;
	struct attributes t;

	pick_all(nlh, &t);
	p->flow = number(t.a[CTALG_A_PINHOLE_FLOW]);
	text(t.a[CTALG_A_PINHOLE_HELPER], p->helper);
	user(t.a[CTALG_A_PINHOLE_USER], &p->user);
	p->l4 = (uint8_t)number(t.a[CTALG_A_PINHOLE_L4]);
	address(t.a[CTALG_A_PINHOLE_FROM], &p->from);
	address(t.a[CTALG_A_PINHOLE_OUTSIDE], &p->outside);
	address(t.a[CTALG_A_PINHOLE_INSIDE], &p->inside);
	p->outside_port = (uint16_t)number(t.a[CTALG_A_PINHOLE_OUTSIDE_PORT]);
	p->inside_port = (uint16_t)number(t.a[CTALG_A_PINHOLE_INSIDE_PORT]);
	p->state = (uint32_t)number(t.a[CTALG_A_PINHOLE_STATE]);
}

size_t kernel_pinholes(struct pinhole **list)
{
	return read_all(CTALG_CMD_PINHOLE_GET, sizeof(**list), read_pinhole, list);
}

static void read_limit(const struct nlmsghdr *nlh, void *item)
{
	struct limit *m = item;
	struct attributes t;

	pick_all(nlh, &t);
	text(t.a[CTALG_A_LIMIT_NAME], m->name);
	m->value = number(t.a[CTALG_A_LIMIT_VALUE]);
	m->standard = number(t.a[CTALG_A_LIMIT_DEFAULT]);
	m->now.known = t.a[CTALG_A_LIMIT_NOW];
	m->now.n = number(t.a[CTALG_A_LIMIT_NOW]);
	m->peak = number(t.a[CTALG_A_LIMIT_PEAK]);
}

size_t kernel_limits(struct limit **list)
{
	return read_all(CTALG_CMD_LIMIT_GET, sizeof(**list), read_limit, list);
}

bool kernel_limit_set(const char *limit, uint64_t value)
{
	struct reading r = {};
	struct nlmsghdr *nlh;

	link_open(&r.l);
	nlh = request(&r.l, family(&r), CTALG_CMD_LIMIT_SET, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTALG_A_LIMIT_NAME, limit);
	mnl_attr_put_u64(nlh, CTALG_A_LIMIT_VALUE, value);
	talk(&r.l, NULL);
	if (r.l.error && r.l.error != ENOENT)
		fail_as_said(&r.l);
	link_close(&r.l);
	return !r.l.error;
}

static void put_switch(struct nlmsghdr *nlh, uint16_t type, int on)
{
	if (on >= 0)
		mnl_attr_put_u8(nlh, type, (uint8_t)on);
}

static void put_policy(struct nlmsghdr *nlh, const struct policy *p)
{
	put_switch(nlh, CTALG_A_HELPER_LOOSE, p->loose);
	put_switch(nlh, CTALG_A_HELPER_ANY_SOURCE, p->any_source);
	put_switch(nlh, CTALG_A_HELPER_STRICT, p->strict);
	put_switch(nlh, CTALG_A_HELPER_ENABLED, p->enabled);
	put_switch(nlh, CTALG_A_HELPER_FINISHING, p->finishing);
	if (p->lifetime >= 0)
		mnl_attr_put_u32(nlh, CTALG_A_HELPER_LIFETIME, (uint32_t)p->lifetime);
	if (p->port_first >= 0) {
		mnl_attr_put_u16(nlh, CTALG_A_HELPER_PORT_FIRST, (uint16_t)p->port_first);
		mnl_attr_put_u16(nlh, CTALG_A_HELPER_PORT_LAST, (uint16_t)p->port_last);
	}
}

bool kernel_set(const char *helper, const struct policy *p)
{
	struct reading r = {};
	struct nlmsghdr *nlh;

	link_open(&r.l);
	nlh = request(&r.l, family(&r), CTALG_CMD_HELPER_SET, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTALG_A_HELPER_NAME, helper);
	put_policy(nlh, p);
	talk(&r.l, NULL);
	if (r.l.error && r.l.error != ENOENT)
		fail_as_said(&r.l);
	link_close(&r.l);
	return !r.l.error;
}
