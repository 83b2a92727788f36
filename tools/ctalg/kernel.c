// SPDX-License-Identifier: GPL-2.0
/* The conversation with the kernel. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include <ctalg.h>

#include "netlink.h"
#include "tool.h"

void link_open(struct link *l)
{
	int on = 1;

	memset(l, 0, sizeof(*l));
	l->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!l->socket || mnl_socket_bind(l->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("no netlink socket can be had: %s", strerror(errno));
	/* Without these the kernel's words are missing, and no more. */
	mnl_socket_setsockopt(l->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(l->socket, NETLINK_EXT_ACK, &on, sizeof(on));
}

void link_close(struct link *l)
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

/**
 * struct talk - a request that is being answered
 * @l: the conversation
 * @on_message: gets the answers
 * @data: and this with them
 */
struct talk {
	struct link *l;
	mnl_cb_t on_message;
	void *data;
};

/* An acknowledgement, or an error. */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	struct link *l = ((struct talk *)data)->l;
	size_t words = sizeof(*e);

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
	struct link *l = ((struct talk *)data)->l;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*result) && *result < 0)
		l->error = -*result;
	return MNL_CB_STOP;
}

static int on_answer(const struct nlmsghdr *nlh, void *data)
{
	struct talk *t = data;

	return t->on_message ? t->on_message(nlh, t->data) : MNL_CB_OK;
}

/*
 * libmnl would stop at a dump during which something changed. Ours stay true: what was
 * there all the time stands in them once.
 */
static void forget_interruption(struct link *l, int bytes)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)l->buffer;

	for (; mnl_nlmsg_ok(nlh, bytes); nlh = mnl_nlmsg_next(nlh, &bytes))
		nlh->nlmsg_flags &= (uint16_t)~NLM_F_DUMP_INTR;
}

void link_talk(struct link *l, mnl_cb_t on_message, void *data)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)l->buffer;

	if (mnl_socket_sendto(l->socket, nlh, nlh->nlmsg_len) < 0)
		fail("the kernel takes no request: %s", strerror(errno));
	link_listen(l, on_message, data);
}

void link_listen(struct link *l, mnl_cb_t on_message, void *data)
{
	mnl_cb_t control[] = { [NLMSG_ERROR] = on_error, [NLMSG_DONE] = on_done };
	struct talk t = { .l = l, .on_message = on_message, .data = data };
	unsigned int port = mnl_socket_get_portid(l->socket);
	ssize_t bytes;
	int run;

	l->error = 0;
	l->said[0] = 0;
	do {
		bytes = mnl_socket_recvfrom(l->socket, l->buffer, sizeof(l->buffer));
		if (bytes < 0)
			fail("the kernel's answer cannot be read: %s", strerror(errno));
		forget_interruption(l, (int)bytes);
		run = mnl_cb_run2(l->buffer, (size_t)bytes, l->seq, port, on_answer, &t, control,
				  sizeof(control) / sizeof(control[0]));
	} while (run > MNL_CB_STOP);
	if (run < 0)
		fail("the kernel's answer makes no sense: %s", strerror(errno));
}

void fail_without_module(void)
{
	fail("the ctalg module is not loaded; load a helper, for instance with \"modprobe ctalg_ftp\", and try again");
}

void fail_without_privilege(void)
{
	fail("this needs CAP_NET_ADMIN in the network namespace; run it as root");
}

void link_fail(const struct link *l)
{
	if (l->error == EPERM && !l->said[0])
		fail_without_privilege();
	if (l->said[0])
		fail("the kernel refuses: %s", l->said);
	fail("the kernel refuses: %s", strerror(l->error));
}

static int on_group(const struct nlattr *group, void *data)
{
	struct family *f = data;
	char name[NAME_SIZE];
	struct attributes t;

	attributes_in(group, &t);
	attr_text(t.a[CTRL_ATTR_MCAST_GRP_NAME], name);
	if (!strcmp(name, CTALG_GROUP_EVENTS))
		f->events = (uint32_t)attr_number(t.a[CTRL_ATTR_MCAST_GRP_ID]);
	return MNL_CB_OK;
}

static int on_family(const struct nlmsghdr *nlh, void *data)
{
	struct family *f = data;
	struct attributes t;

	attributes_of(nlh, &t);
	f->id = (uint16_t)attr_number(t.a[CTRL_ATTR_FAMILY_ID]);
	if (t.a[CTRL_ATTR_MCAST_GROUPS])
		mnl_attr_parse_nested(t.a[CTRL_ATTR_MCAST_GROUPS], on_group, f);
	return MNL_CB_OK;
}

struct family link_family(struct link *l)
{
	struct nlmsghdr *nlh = request(l, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	struct family f = {};

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CTALG_FAMILY_NAME);
	link_talk(l, on_family, &f);
	if (l->error && l->error != ENOENT)
		link_fail(l);
	return f;
}

struct nlmsghdr *link_request(struct link *l, uint8_t cmd, uint16_t flags)
{
	struct family f = link_family(l);

	if (!f.id)
		fail_without_module();
	return request(l, f.id, cmd, flags);
}
