// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <ctalg/proto.h>

#include "service.h"
#include "tool.h"

const struct service *service_of(const char *name)
{
	const struct service *s;

	for (s = services; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

const char *service_names(void)
{
	static char names[256];
	const struct service *s;

	names[0] = 0;
	for (s = services; s->name; s++) {
		strncat(names, s == services ? "" : ", ", sizeof(names) - strlen(names) - 1);
		strncat(names, s->name, sizeof(names) - strlen(names) - 1);
	}
	return names;
}

const struct service *service_named(const char *name)
{
	const struct service *s = service_of(name);

	if (!s)
		misused("there is no helper \"%s\"; there are: %s", name, service_names());
	return s;
}

uint8_t service_transport(const struct service *s, unsigned int n)
{
	const uint8_t l4[TRANSPORTS_MAX] = { s->l4, s->proto->l4_too };

	return n < TRANSPORTS_MAX ? l4[n] : 0;
}

bool service_goes_over(const struct service *s, uint8_t l4)
{
	return ctalg_proto_goes_over(s->proto, l4);
}

uint16_t port_of(const char *word)
{
	char *end;
	unsigned long port = strtoul(word, &end, 10);

	return word[0] >= '0' && word[0] <= '9' && !*end && port <= 65535 ? (uint16_t)port : 0;
}

/* Services are elements of services[], in its order. */
static bool is_before(const struct attachment *a, const struct attachment *b)
{
	return a->service < b->service || (a->service == b->service && a->port < b->port);
}

bool attachments_have(const struct attachments *all, const struct service *s, uint16_t port)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->a[i].service == s && all->a[i].port == port)
			return true;
	return false;
}

bool attachments_add(struct attachments *all, const struct service *s, uint16_t port)
{
	struct attachment new = { s, port };
	size_t i;

	if (attachments_have(all, s, port))
		return false;
	all->a = need(reallocarray(all->a, all->n + 1, sizeof(new)));
	for (i = all->n++; i > 0 && is_before(&new, &all->a[i - 1]); i--)
		all->a[i] = all->a[i - 1];
	all->a[i] = new;
	return true;
}

size_t attachments_remove(struct attachments *all, const struct service *s, uint16_t port)
{
	size_t i, kept = 0, gone;

	for (i = 0; i < all->n; i++)
		if (all->a[i].service != s || (port && all->a[i].port != port))
			all->a[kept++] = all->a[i];
	gone = all->n - kept;
	all->n = kept;
	return gone;
}

size_t attachments_of(const struct attachments *all, const struct service *s)
{
	size_t i, n = 0;

	for (i = 0; i < all->n; i++)
		n += all->a[i].service == s;
	return n;
}

void attachments_free(struct attachments *all)
{
	free(all->a);
	memset(all, 0, sizeof(*all));
}
