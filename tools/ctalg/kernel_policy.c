// SPDX-License-Identifier: GPL-2.0
/* The policy of a namespace, piece by piece. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <ctalg.h>

#include "netlink.h"
#include "tool.h"

enum {
	PIECE_MAX = 32768,
	/* What comes on top of a piece. */
	PIECE_HEAD = 8,
	/* Policies that are replaced while they are read. */
	TRIES = 100,
};

/**
 * struct pieces - a policy that is being read
 * @policy: what has come so far
 * @size: how long it is going to be
 * @begun: the first piece has come
 * @torn: a piece is of another policy than the first
 */
struct pieces {
	struct loaded *policy;
	uint32_t size;
	bool begun;
	bool torn;
};

static int on_attribute(const struct nlattr *a, void *data)
{
	struct pieces *p = data;
	struct loaded *to = p->policy;
	uint16_t len = mnl_attr_get_payload_len(a);

	if (mnl_attr_get_type(a) != CTALG_A_POLICY_IMAGE)
		return MNL_CB_OK;
	if (len > p->size - to->len) {
		p->torn = true;
		return MNL_CB_OK;
	}
	memcpy((char *)to->image + to->len, mnl_attr_get_payload(a), len);
	to->len += len;
	return MNL_CB_OK;
}

static int on_piece(const struct nlmsghdr *nlh, void *data)
{
	struct pieces *p = data;
	struct attributes t;
	uint32_t generation, size;

	attributes_of(nlh, &t);
	generation = (uint32_t)attr_number(t.a[CTALG_A_POLICY_GENERATION]);
	size = (uint32_t)attr_number(t.a[CTALG_A_POLICY_SIZE]);
	if (!p->begun) {
		p->policy->generation = generation;
		p->size = size;
		if (size)
			p->policy->image = need(malloc(size));
	}
	p->begun = true;
	p->torn |= generation != p->policy->generation || size != p->size;
	if (!p->torn)
		mnl_attr_parse(nlh, sizeof(struct genlmsghdr), on_attribute, p);
	return MNL_CB_OK;
}

/* Returns false if it was replaced meanwhile. */
static bool try_to_read(struct link *l, struct loaded *policy)
{
	struct pieces p = { .policy = policy };

	*policy = (struct loaded){ .known = true };
	link_request(l, CTALG_CMD_POLICY_GET, NLM_F_DUMP);
	link_talk(l, on_piece, &p);
	if (l->error == EOPNOTSUPP) {
		policy->known = false;
		return true;
	}
	if (l->error)
		link_fail(l);
	if (!p.torn && policy->len == p.size)
		return true;
	free(policy->image);
	return false;
}

void kernel_policy(struct loaded *policy)
{
	struct link l;
	int i;

	link_open(&l);
	for (i = 0; !try_to_read(&l, policy); i++)
		if (i == TRIES)
			fail("the policy is being replaced all the time; find out by what, and try again");
	link_close(&l);
}

static void put(struct nlmsghdr *nlh, const char *image, uint32_t len)
{
	uint32_t at, piece;

	for (at = 0; at < len; at += piece) {
		piece = len - at < PIECE_MAX ? len - at : PIECE_MAX;
		mnl_attr_put(nlh, CTALG_A_POLICY_IMAGE, piece, image + at);
	}
}

/* One message, for it is one change. */
static struct nlmsghdr *message_of(struct link *l, const void *image, uint32_t len)
{
	struct nlmsghdr *nlh = link_request(l, CTALG_CMD_POLICY_SET, NLM_F_ACK), *all;
	size_t pieces = len / PIECE_MAX + 1;

	all = need(malloc(nlh->nlmsg_len + len + pieces * PIECE_HEAD));
	memcpy(all, nlh, nlh->nlmsg_len);
	put(all, image, len);
	return all;
}

static void make_room(struct link *l, uint32_t bytes)
{
	int fd = mnl_socket_get_fd(l->socket), room = (int)bytes;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
}

static void send_all(struct link *l, const struct nlmsghdr *nlh)
{
	if (mnl_socket_sendto(l->socket, nlh, nlh->nlmsg_len) >= 0)
		return;
	if (errno == EMSGSIZE)
		fail("the policy is %u bytes long, more than net.core.wmem_max lets this namespace send; raise that sysctl, or load it as root of the machine",
		     nlh->nlmsg_len);
	if (errno == ENOBUFS || errno == ENOMEM)
		fail("the kernel has no memory for a policy of %u bytes; try again, or write fewer rules",
		     nlh->nlmsg_len);
	fail("the kernel takes no request: %s", strerror(errno));
}

void kernel_policy_set(const void *image, uint32_t len)
{
	struct nlmsghdr *nlh;
	struct link l;

	link_open(&l);
	nlh = message_of(&l, image, len);
	make_room(&l, nlh->nlmsg_len);
	send_all(&l, nlh);
	free(nlh);
	link_listen(&l, NULL, NULL);
	if (l.error == EOPNOTSUPP)
		fail("the ctalg module that is loaded knows no policy; it is older than this command: load the new one");
	if (l.error)
		link_fail(&l);
	link_close(&l);
}
