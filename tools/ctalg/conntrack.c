// SPDX-License-Identifier: GPL-2.0
/* The one file that knows ctnetlink. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>

#include "conntrack.h"
#include "tool.h"

enum {
	BUFFER_BYTES = 32768,
	MEMBERS = 64,
};

struct list {
	struct connection *c;
	size_t n;
	bool (*wanted)(const struct connection *c, const void *data);
	const void *data;
};

struct members {
	const struct nlattr *a[MEMBERS];
};

static int pick(const struct nlattr *a, void *data)
{
	struct members *m = data;

	if (mnl_attr_get_type(a) < MEMBERS)
		m->a[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

static struct members nested(const struct nlattr *a)
{
	struct members m = {};

	if (a)
		mnl_attr_parse_nested(a, pick, &m);
	return m;
}

static void read_address(struct address *to, const struct nlattr *v4, const struct nlattr *v6)
{
	const struct nlattr *a = v4 ? v4 : v6;

	if (!a || mnl_attr_get_payload_len(a) > sizeof(to->b))
		return;
	to->len = (uint8_t)mnl_attr_get_payload_len(a);
	memcpy(to->b, mnl_attr_get_payload(a), to->len);
}

static uint16_t read_port(const struct nlattr *a)
{
	return a ? ntohs(mnl_attr_get_u16(a)) : 0;
}

static void read_orig(struct connection *c, const struct nlattr *tuple)
{
	struct members t = nested(tuple), ip = nested(t.a[CTA_TUPLE_IP]);
	struct members l4 = nested(t.a[CTA_TUPLE_PROTO]);

	read_address(&c->src, ip.a[CTA_IP_V4_SRC], ip.a[CTA_IP_V6_SRC]);
	read_address(&c->dst, ip.a[CTA_IP_V4_DST], ip.a[CTA_IP_V6_DST]);
	c->l4 = l4.a[CTA_PROTO_NUM] ? mnl_attr_get_u8(l4.a[CTA_PROTO_NUM]) : 0;
	c->src_port = read_port(l4.a[CTA_PROTO_SRC_PORT]);
	c->dst_port = read_port(l4.a[CTA_PROTO_DST_PORT]);
}

static void read_reply(struct connection *c, const struct nlattr *tuple)
{
	struct members t = nested(tuple), ip = nested(t.a[CTA_TUPLE_IP]);

	read_address(&c->to, ip.a[CTA_IP_V4_DST], ip.a[CTA_IP_V6_DST]);
}

static void read_state(struct connection *c, const struct members *t)
{
	struct members help = nested(t->a[CTA_HELP]), info = nested(t->a[CTA_PROTOINFO]);
	struct members tcp = nested(info.a[CTA_PROTOINFO_TCP]);
	const struct nlattr *state = tcp.a[CTA_PROTOINFO_TCP_STATE];
	uint32_t status = t->a[CTA_STATUS] ? ntohl(mnl_attr_get_u32(t->a[CTA_STATUS])) : 0;

	if (help.a[CTA_HELP_NAME])
		snprintf(c->helper, sizeof(c->helper), "%s",
			 mnl_attr_get_str(help.a[CTA_HELP_NAME]));
	c->replied = status & IPS_SEEN_REPLY;
	c->offloaded = status & (IPS_OFFLOAD | IPS_HW_OFFLOAD);
	/* Of an offloaded one no state is told; it was established then. */
	c->established = state ? mnl_attr_get_u8(state) == TCP_CONNTRACK_ESTABLISHED : c->offloaded;
}

static int on_connection(const struct nlmsghdr *nlh, void *data)
{
	struct connection c = {};
	struct list *l = data;
	struct members t = {};

	mnl_attr_parse(nlh, sizeof(struct nfgenmsg), pick, &t);
	read_orig(&c, t.a[CTA_TUPLE_ORIG]);
	read_reply(&c, t.a[CTA_TUPLE_REPLY]);
	read_state(&c, &t);
	if (!l->wanted(&c, l->data))
		return MNL_CB_OK;
	l->c = need(reallocarray(l->c, l->n + 1, sizeof(c)));
	l->c[l->n++] = c;
	return MNL_CB_OK;
}

static uint32_t ask(struct mnl_socket *nl, char *buf)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = (uint32_t)time(NULL);
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_UNSPEC;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		fail("the kernel takes no request: %s", strerror(errno));
	return nlh->nlmsg_seq;
}

size_t conntrack_list(struct connection **list,
		      bool (*wanted)(const struct connection *c, const void *data),
		      const void *data)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	struct list l = { .wanted = wanted, .data = data };
	char buf[BUFFER_BYTES] __attribute__((aligned(8)));
	uint32_t seq;
	ssize_t bytes;
	int run;

	*list = NULL;
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("no netlink socket can be had: %s", strerror(errno));
	seq = ask(nl, buf);
	do {
		bytes = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		run = bytes < 0 ? -1
				: mnl_cb_run(buf, (size_t)bytes, seq, mnl_socket_get_portid(nl),
					     on_connection, &l);
	} while (run > MNL_CB_STOP);
	mnl_socket_close(nl);
	*list = l.c;
	return l.n;
}
