// SPDX-License-Identifier: GPL-2.0
/* Changes. */
#include <errno.h>

#include <ctalg.h>

#include "netlink.h"

/* Sends the request in the buffer. Returns false if the kernel knows no such thing. */
static bool change(struct link *l)
{
	link_talk(l, NULL, NULL);
	if (l->error && l->error != ENOENT)
		link_fail(l);
	link_close(l);
	return !l->error;
}

static void put_switch(struct nlmsghdr *nlh, uint16_t attr, int value)
{
	if (value >= 0)
		mnl_attr_put_u8(nlh, attr, (uint8_t)value);
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
	struct nlmsghdr *nlh;
	struct link l;

	link_open(&l);
	nlh = link_request(&l, CTALG_CMD_HELPER_SET, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTALG_A_HELPER_NAME, helper);
	put_policy(nlh, p);
	return change(&l);
}

static void put_uint(struct nlmsghdr *nlh, uint16_t attr, uint64_t value)
{
	if (value > UINT32_MAX)
		mnl_attr_put_u64(nlh, attr, value);
	else
		mnl_attr_put_u32(nlh, attr, (uint32_t)value);
}

bool kernel_limit_set(const char *limit, uint64_t value)
{
	struct nlmsghdr *nlh;
	struct link l;

	link_open(&l);
	nlh = link_request(&l, CTALG_CMD_LIMIT_SET, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTALG_A_LIMIT_NAME, limit);
	put_uint(nlh, CTALG_A_LIMIT_VALUE, value);
	return change(&l);
}
