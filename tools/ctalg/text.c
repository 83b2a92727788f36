// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "text.h"

const char *address_text(char buf[ENDPOINT_SIZE], const struct address *a)
{
	buf[0] = 0;
	if (a->len == sizeof(struct in_addr))
		inet_ntop(AF_INET, a->b, buf, ENDPOINT_SIZE);
	else if (a->len == sizeof(struct in6_addr))
		inet_ntop(AF_INET6, a->b, buf, ENDPOINT_SIZE);
	return buf;
}

const char *endpoint_text(char buf[ENDPOINT_SIZE], const struct address *a, uint16_t port)
{
	bool v6 = a->len == sizeof(struct in6_addr);
	char host[ENDPOINT_SIZE];

	address_text(host, a);
	snprintf(buf, ENDPOINT_SIZE, "%s%.48s%s:%u", v6 ? "[" : "", host, v6 ? "]" : "", port);
	return buf;
}

const char *user_text(char buf[USER_TEXT_SIZE], const struct user *u)
{
	char *to = buf;
	uint8_t i;

	for (i = 0; i < u->len; i++) {
		uint8_t c = u->b[i];

		if (c >= ' ' && c <= '~' && c != '\\')
			*to++ = (char)c;
		else
			to += snprintf(to, sizeof("\\xHH"), "\\x%02x", c);
	}
	*to = 0;
	return buf;
}

const char *l4_text(char buf[ENDPOINT_SIZE], uint8_t l4)
{
	if (l4 == IPPROTO_TCP || l4 == IPPROTO_UDP)
		snprintf(buf, ENDPOINT_SIZE, "%s", l4 == IPPROTO_TCP ? "tcp" : "udp");
	else
		snprintf(buf, ENDPOINT_SIZE, "%u", l4);
	return buf;
}

const char *age_text(char buf[ENDPOINT_SIZE], uint64_t milliseconds)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	uint64_t seconds = milliseconds / 1000;
	unsigned int i = 0;

	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
		i++;
	snprintf(buf, ENDPOINT_SIZE, "%llu %s", (unsigned long long)(seconds / units[i].seconds),
		 units[i].name);
	return buf;
}
