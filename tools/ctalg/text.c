// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

const char *address_text(char buf[ENDPOINT_SIZE], const struct address *a)
{
	size_t len;

	buf[0] = 0;
	if (a->len == sizeof(struct in_addr))
		inet_ntop(AF_INET, a->b, buf, ENDPOINT_SIZE);
	else if (a->len == sizeof(struct in6_addr))
		inet_ntop(AF_INET6, a->b, buf, ENDPOINT_SIZE);
	len = strlen(buf);
	if (a->bits)
		snprintf(buf + len, ENDPOINT_SIZE - len, "/%u", a->bits);
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

static void escape(char *to, const uint8_t *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t c = b[i];

		if (c >= ' ' && c <= '~' && c != '\\')
			*to++ = (char)c;
		else
			to += snprintf(to, sizeof("\\xHH"), "\\x%02x", c);
	}
	*to = 0;
}

const char *user_text(char buf[USER_TEXT_SIZE], const struct user *u)
{
	escape(buf, u->b, u->len);
	return buf;
}

const char *key_text(char buf[KEY_TEXT_SIZE], const struct key *k)
{
	escape(buf, k->b, k->len);
	return buf;
}

const char *key_brief(char buf[KEY_TEXT_SIZE], const struct key *k)
{
	key_text(buf, k);
	if (strlen(buf) > KEY_BRIEF)
		snprintf(buf + KEY_BRIEF - 2, KEY_TEXT_SIZE - (KEY_BRIEF - 2), "..");
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

const char *transports_text(char buf[ENDPOINT_SIZE], uint8_t l4, uint8_t too)
{
	char one[ENDPOINT_SIZE], other[ENDPOINT_SIZE];

	if (!too)
		return l4_text(buf, l4);
	snprintf(buf, ENDPOINT_SIZE, "%.3s+%.3s", l4_text(one, l4), l4_text(other, too));
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

const char *bytes_text(char buf[ENDPOINT_SIZE], const struct maybe *bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	uint64_t tenths = bytes->n * 10;
	unsigned int i = 0;

	if (!bytes->known)
		snprintf(buf, ENDPOINT_SIZE, "-");
	else if (bytes->n < 1024)
		snprintf(buf, ENDPOINT_SIZE, "%u B", (unsigned int)bytes->n);
	if (!bytes->known || bytes->n < 1024)
		return buf;
	if (bytes->n > UINT64_MAX / 10) {
		tenths = bytes->n / 1024 * 10;
		i = 1;
	}
	for (; tenths >= 10240; i++)
		tenths /= 1024;
	if (tenths < 100 && tenths % 10)
		snprintf(buf, ENDPOINT_SIZE, "%u.%u %s", (unsigned int)tenths / 10,
			 (unsigned int)tenths % 10, units[i]);
	else
		snprintf(buf, ENDPOINT_SIZE, "%u %s", (unsigned int)tenths / 10, units[i]);
	return buf;
}

const char *port_range_text(char buf[ENDPOINT_SIZE], uint16_t first, uint16_t last)
{
	if (first)
		snprintf(buf, ENDPOINT_SIZE, "%u-%u", first, last);
	else
		snprintf(buf, ENDPOINT_SIZE, "any");
	return buf;
}

/* A number at the head of @word, up to @end; no sign, no blank. */
static bool digits(const char *word, char **end, uint64_t *n)
{
	if (word[0] < '0' || word[0] > '9')
		return false;
	errno = 0;
	*n = strtoull(word, end, 10);
	return !errno;
}

bool number_of(const char *word, uint64_t most, uint64_t *n)
{
	char *end;

	return digits(word, &end, n) && !*end && *n <= most;
}

bool size_of(const char *word, uint64_t most, uint64_t *n)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;

	if (!digits(word, &end, n))
		return false;
	if (!*end)
		return *n <= most;
	unit = strchr(units, *end);
	if (!unit || end[1] || *n > most >> (10 * (unit - units + 1)))
		return false;
	*n <<= 10 * (unit - units + 1);
	return true;
}

bool port_range_of(const char *word, uint16_t *first, uint16_t *last)
{
	uint64_t a, b;
	char *end;

	*first = 0;
	*last = 0;
	if (!strcmp(word, "any"))
		return true;
	if (!digits(word, &end, &a))
		return false;
	b = a;
	if (*end && (*end != '-' || !number_of(end + 1, UINT16_MAX, &b)))
		return false;
	if (!a || a > b || b > UINT16_MAX)
		return false;
	*first = (uint16_t)a;
	*last = (uint16_t)b;
	return true;
}
