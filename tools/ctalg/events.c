// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

#include <ctalg.h>

#include "events.h"
#include "netlink.h"
#include "tool.h"

enum {
	/* Some ten thousand events. */
	ROOM = 8 << 20,
	/* The group of the controller, which tells of families that go. */
	NOTIFY_GROUP = GENL_ID_CTRL,
};

static struct link events;

/* The family's number, of which the events are. */
static uint16_t family;

static void join(uint32_t group)
{
	if (!mnl_socket_setsockopt(events.socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return;
	if (errno == EPERM || errno == EACCES)
		fail_without_privilege();
	fail("the kernel's events cannot be listened to: %s", strerror(errno));
}

/* The room is doubled by the kernel, for what it needs itself. Without privilege there is less. */
static void make_room(int room)
{
	int fd = mnl_socket_get_fd(events.socket), half = room / 2;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &half, sizeof(half)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &half, sizeof(half));
}

void events_open(unsigned int room)
{
	struct family f;
	int on = 1;

	link_open(&events);
	f = link_family(&events);
	if (!f.id)
		fail_without_module();
	if (!f.events)
		fail("the loaded module tells no events; it is older than this command: reload it");
	family = f.id;
	make_room(room ? (int)room : ROOM);
	/* With it the kernel counts what we lose. */
	mnl_socket_setsockopt(events.socket, NETLINK_BROADCAST_ERROR, &on, sizeof(on));
	join(f.events);
	join(NOTIFY_GROUP);
}

int events_fd(void)
{
	return mnl_socket_get_fd(events.socket);
}

static void read_flow(const struct attributes *t, struct event *e)
{
	e->flow = attr_maybe(t->a[CTALG_A_EVENT_FLOW]);
	e->l4 = attr_maybe(t->a[CTALG_A_EVENT_L4]);
	attr_address(t->a[CTALG_A_EVENT_SRC], &e->src);
	attr_address(t->a[CTALG_A_EVENT_DST], &e->dst);
	e->src_port = (uint16_t)attr_number(t->a[CTALG_A_EVENT_SRC_PORT]);
	e->dst_port = (uint16_t)attr_number(t->a[CTALG_A_EVENT_DST_PORT]);
	e->zone = attr_maybe(t->a[CTALG_A_EVENT_ZONE]);
}

static void read_pinhole(const struct attributes *t, struct event *e)
{
	e->pinhole = attr_maybe(t->a[CTALG_A_EVENT_PINHOLE]);
	e->pinhole_l4 = attr_maybe(t->a[CTALG_A_EVENT_PINHOLE_L4]);
	attr_text(t->a[CTALG_A_EVENT_PINHOLE_KIND], e->pinhole_kind);
	attr_address(t->a[CTALG_A_EVENT_FROM], &e->from);
	e->from.bits = (uint8_t)attr_number(t->a[CTALG_A_EVENT_FROM_LEN]);
	attr_address(t->a[CTALG_A_EVENT_OUTSIDE], &e->outside);
	attr_address(t->a[CTALG_A_EVENT_INSIDE], &e->inside);
	e->outside_port = attr_maybe(t->a[CTALG_A_EVENT_OUTSIDE_PORT]);
	e->inside_port = attr_maybe(t->a[CTALG_A_EVENT_INSIDE_PORT]);
	e->bytes_orig = attr_maybe(t->a[CTALG_A_EVENT_BYTES_ORIG]);
	e->bytes_reply = attr_maybe(t->a[CTALG_A_EVENT_BYTES_REPLY]);
}

static void read_edit(const struct attributes *t, struct event *e)
{
	attr_address(t->a[CTALG_A_EVENT_OLD], &e->old);
	attr_address(t->a[CTALG_A_EVENT_NEW], &e->new);
	e->old_port = attr_maybe(t->a[CTALG_A_EVENT_OLD_PORT]);
	e->new_port = attr_maybe(t->a[CTALG_A_EVENT_NEW_PORT]);
}

static void read_request(const struct attributes *t, struct event *e)
{
	attr_text(t->a[CTALG_A_EVENT_COMMAND], e->command);
	attr_key(t->a[CTALG_A_EVENT_OBJECT], &e->object);
	e->rule = attr_maybe(t->a[CTALG_A_EVENT_RULE]);
}

static void read_event(const struct nlmsghdr *nlh, struct event *e)
{
	struct attributes t;

	attributes_of(nlh, &t);
	e->seq = attr_number(t.a[CTALG_A_EVENT_SEQ]);
	e->kind = (uint32_t)attr_number(t.a[CTALG_A_EVENT_KIND]);
	e->time = attr_number(t.a[CTALG_A_EVENT_TIME]);
	attr_text(t.a[CTALG_A_EVENT_HELPER], e->helper);
	e->dir = attr_maybe(t.a[CTALG_A_EVENT_DIR]);
	attr_text(t.a[CTALG_A_EVENT_REASON], e->reason);
	attr_text(t.a[CTALG_A_EVENT_MESSAGE], e->message);
	e->session = attr_maybe(t.a[CTALG_A_EVENT_SESSION]);
	attr_text(t.a[CTALG_A_EVENT_SESSION_KIND], e->session_kind);
	attr_key(t.a[CTALG_A_EVENT_SESSION_KEY], &e->session_key);
	attr_user(t.a[CTALG_A_EVENT_USER], &e->user);
	read_flow(&t, e);
	read_pinhole(&t, e);
	read_edit(&t, e);
	read_request(&t, e);
}

/**
 * struct packet - events that are being read
 * @on_event: gets them
 * @gone: the family went with them
 */
struct packet {
	void (*on_event)(const struct event *e);
	bool gone;
};

static bool is_farewell(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct attributes t;

	if (nlh->nlmsg_type != GENL_ID_CTRL || genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	attributes_of(nlh, &t);
	return attr_number(t.a[CTRL_ATTR_FAMILY_ID]) == family;
}

static int on_message(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct packet *p = data;
	struct event e = {};

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return MNL_CB_OK;
	if (is_farewell(nlh))
		p->gone = true;
	if (nlh->nlmsg_type != family || genl->cmd != CTALG_CMD_EVENT)
		return MNL_CB_OK;
	read_event(nlh, &e);
	p->on_event(&e);
	return MNL_CB_OK;
}

enum events_read events_read(void (*on_event)(const struct event *e))
{
	struct packet p = { .on_event = on_event };
	ssize_t bytes;

	bytes = mnl_socket_recvfrom(events.socket, events.buffer, sizeof(events.buffer));
	if (bytes < 0 && errno == ENOBUFS)
		return EVENTS_OVERRUN;
	if (bytes < 0 && (errno == EINTR || errno == EAGAIN))
		return EVENTS_READ;
	if (bytes < 0)
		fail("the kernel's events cannot be read: %s", strerror(errno));
	if (mnl_cb_run(events.buffer, (size_t)bytes, 0, 0, on_message, &p) < 0)
		fail("the kernel's events make no sense: %s", strerror(errno));
	return p.gone ? EVENTS_GONE : EVENTS_READ;
}
