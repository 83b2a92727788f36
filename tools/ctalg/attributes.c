// SPDX-License-Identifier: GPL-2.0
/* Netlink attributes as plain data. Those that nobody asks for are skipped. */
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "netlink.h"

static int pick(const struct nlattr *a, void *data)
{
	struct attributes *t = data;

	if (mnl_attr_get_type(a) < sizeof(t->a) / sizeof(t->a[0]))
		t->a[mnl_attr_get_type(a)] = a;
	return MNL_CB_OK;
}

void attributes_of(const struct nlmsghdr *nlh, struct attributes *t)
{
	memset(t, 0, sizeof(*t));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), pick, t);
}

void attributes_in(const struct nlattr *nest, struct attributes *t)
{
	memset(t, 0, sizeof(*t));
	mnl_attr_parse_nested(nest, pick, t);
}

uint64_t attr_number(const struct nlattr *a)
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

struct maybe attr_maybe(const struct nlattr *a)
{
	return (struct maybe){ .known = a, .n = attr_number(a) };
}

void attr_text(const struct nlattr *a, char *buf)
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

void attr_address(const struct nlattr *a, struct address *to)
{
	to->len = bytes_of(a, to->b, sizeof(to->b));
}

void attr_user(const struct nlattr *a, struct user *to)
{
	to->len = bytes_of(a, to->b, sizeof(to->b));
}

void attr_key(const struct nlattr *a, struct key *to)
{
	to->len = bytes_of(a, to->b, sizeof(to->b));
}
