// SPDX-License-Identifier: GPL-2.0
/* For node_exporter's textfile collector. Names of metrics are never changed, only added. */
#include <stdio.h>

#include "picture.h"
#include "prometheus.h"

/* A label with its value between quotes. */
static void label(const char *before, const char *name, const char *value)
{
	printf("%s%s=\"", before, name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			putchar('\\');
		if (*value == '\n')
			fputs("\\n", stdout);
		else
			putchar(*value);
	}
	putchar('"');
}

static void metric(const char *name, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void value(uint64_t n)
{
	printf("} %llu\n", (unsigned long long)n);
}

static void of_helper(const char *name, const char *helper, uint64_t n)
{
	fputs(name, stdout);
	label("{", "helper", helper);
	value(n);
}

static void info(const struct picture *p)
{
	metric("ctalg_info", "gauge", "Versions of the command and of the module.");
	fputs("ctalg_info", stdout);
	label("{", "tool", CTALG_VERSION);
	label(",", "module", p->module);
	value(1);
}

static void event(const char *helper, const struct counter *c, const char *direction, uint64_t n)
{
	fputs("ctalg_events_total", stdout);
	label("{", "helper", helper);
	label(",", "reason", c->reason);
	label(",", "direction", direction);
	value(n);
}

static void events(const struct picture *p)
{
	size_t i, k;

	metric("ctalg_events_total", "counter",
	       "What has happened, by reason, for what the originator of a flow sent and the reply.");
	for (i = 0; i < p->n_helpers; i++) {
		const struct helper *h = &p->helpers[i];

		for (k = 0; k < h->n_counters; k++) {
			event(h->name, &h->counter[k], "orig", h->counter[k].orig);
			event(h->name, &h->counter[k], "reply", h->counter[k].reply);
		}
	}
}

static void enabled(const struct picture *p)
{
	size_t i;

	metric("ctalg_helper_enabled", "gauge", "Whether new flows of the helper are read.");
	for (i = 0; i < p->n_helpers; i++)
		of_helper("ctalg_helper_enabled", p->helpers[i].name, p->helpers[i].enabled);
}

static void flows(const struct picture *p)
{
	size_t i;

	metric("ctalg_flows", "gauge", "Control flows that are watched.");
	for (i = 0; i < p->n_helpers; i++)
		of_helper("ctalg_flows", p->helpers[i].name, p->tally[i].flows);
	metric("ctalg_sessions", "gauge", "Sessions over them.");
	for (i = 0; i < p->n_helpers; i++)
		of_helper("ctalg_sessions", p->helpers[i].name, p->tally[i].sessions);
}

static void pinhole(const char *helper, const char *state, uint64_t n)
{
	fputs("ctalg_pinholes", stdout);
	label("{", "helper", helper);
	label(",", "state", state);
	value(n);
}

static void pinholes(const struct picture *p)
{
	size_t i;

	metric("ctalg_pinholes", "gauge",
	       "Pinholes that wait for their data flow, and those that are used.");
	for (i = 0; i < p->n_helpers; i++) {
		pinhole(p->helpers[i].name, "open", p->tally[i].open);
		pinhole(p->helpers[i].name, "used", p->tally[i].used);
	}
}

static void of_limit(const char *name, const struct limit *m, uint64_t n)
{
	fputs(name, stdout);
	label("{", "limit", m->name);
	value(n);
}

static void limits(const struct picture *p)
{
	size_t i;

	metric("ctalg_limit", "gauge", "How much there may be; bytes of memory.");
	for (i = 0; i < p->n_limits; i++)
		of_limit("ctalg_limit", &p->limits[i], p->limits[i].value);
	metric("ctalg_limit_now", "gauge",
	       "How much there is, of what the whole namespace shares.");
	for (i = 0; i < p->n_limits; i++)
		if (p->limits[i].now.known)
			of_limit("ctalg_limit_now", &p->limits[i], p->limits[i].now.n);
	metric("ctalg_limit_peak", "gauge", "How much there has been at most.");
	for (i = 0; i < p->n_limits; i++)
		of_limit("ctalg_limit_peak", &p->limits[i], p->limits[i].peak);
}

void prometheus_print(const struct picture *p)
{
	info(p);
	enabled(p);
	events(p);
	flows(p);
	pinholes(p);
	limits(p);
}
