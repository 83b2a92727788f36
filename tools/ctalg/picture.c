// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <ctalg.h>

#include "picture.h"
#include "policy.h"
#include "tool.h"

static struct tally *tally_of(struct picture *p, const char *helper)
{
	size_t i;

	for (i = 0; i < p->n_helpers; i++)
		if (!strcmp(p->helpers[i].name, helper))
			return &p->tally[i];
	/* One that was unloaded, or loaded, just now. */
	return &p->tally[p->n_helpers];
}

static void tally_flows(struct picture *p)
{
	struct flow *list;
	size_t n = kernel_flows(&list), i;

	for (i = 0; i < n; i++)
		tally_of(p, list[i].helper)->flows++;
	free(list);
}

static void tally_sessions(struct picture *p)
{
	struct session *list;
	size_t n = kernel_sessions(&list), i;

	for (i = 0; i < n; i++)
		tally_of(p, list[i].helper)->sessions++;
	free(list);
}

static void tally_pinholes(struct picture *p)
{
	struct pinhole *list;
	size_t n = kernel_pinholes(&list), i;

	for (i = 0; i < n; i++) {
		struct tally *t = tally_of(p, list[i].helper);

		t->open += list[i].state == CTALG_PINHOLE_STATE_OPEN;
		t->used += list[i].state == CTALG_PINHOLE_STATE_USED;
	}
	free(list);
}

static uint32_t rules_loaded(void)
{
	struct loaded now = {};
	struct ctalg_policy_error err;
	uint32_t n = 0;

	kernel_policy(&now);
	if (now.image && ctalg_image_check(now.image, now.len, &err))
		n = policy_rules(now.image);
	free(now.image);
	return n;
}

void picture_take(struct picture *p)
{
	memset(p, 0, sizeof(*p));
	kernel_version(p->module, sizeof(p->module));
	p->n_helpers = kernel_helpers(&p->helpers);
	p->tally = need(calloc(p->n_helpers + 1, sizeof(*p->tally)));
	tally_flows(p);
	tally_sessions(p);
	tally_pinholes(p);
	p->n_limits = kernel_limits(&p->limits);
	p->rules = rules_loaded();
}

void picture_free(struct picture *p)
{
	free(p->helpers);
	free(p->tally);
	free(p->limits);
}

uint64_t counted(const struct helper *h, const char *reason)
{
	size_t i;

	for (i = 0; i < h->n_counters; i++)
		if (!strcmp(h->counter[i].reason, reason))
			return h->counter[i].orig + h->counter[i].reply;
	return 0;
}

/* A counter that a newer module may have is taken for trouble: better shown than missed. */
bool is_trouble(const char *reason)
{
	static const char *const usual[] = {
		"message",
		"edit",
		"pinhole-opened",
		"pinhole-kept",
		"pinhole-used",
		"pinhole-withdrawn",
		"pinhole-expired",
		"pinhole-undone",
		"pinhole-closed-unused",
		"pinhole-ended",
		"partial-message",
		"out-of-order",
		"event-lost",
		"policy-answered",
		"policy-hidden",
	};
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!strcmp(usual[i], reason))
			return false;
	return true;
}
