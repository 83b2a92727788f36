// SPDX-License-Identifier: GPL-2.0
/* Is there room: for expectations, connections, and within our own limits? */
#include <string.h>

#include "checks.h"

enum {
	/* So many entries for each place the kernel itself thinks right. */
	PER_PLACE = 4,
	/* So many are felt. */
	CROWDED = 4 * PER_PLACE,
};

static uint64_t counted(const struct facts *f, const char *reason)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < f->n_helpers; i++)
		n += checks_counted(&f->helpers[i], reason);
	return n;
}

/* More than four fifths. */
static bool is_nearly(uint64_t now, uint64_t most)
{
	return most && now > most / 5 * 4;
}

/* The sysctl counts at once, the number of places from the next start on. */
static void expectations_remedy(struct finding *found, const struct facts *f, uint64_t max)
{
	uint64_t places = max / PER_PLACE;

	if (f->expect_hash && f->expect_hash >= places)
		finding_remedy(found, "sysctl -w net.netfilter.nf_conntrack_expect_max=%llu",
			       (unsigned long long)max);
	else
		finding_remedy(
			found,
			"sysctl -w net.netfilter.nf_conntrack_expect_max=%llu; and for the next start, in /etc/modprobe.d/ctalg.conf: options nf_conntrack expect_hashsize=%llu",
			(unsigned long long)max, (unsigned long long)places);
}

/* Each packet that begins a connection looks through all entries of one place. */
static void check_places(struct findings *out, const struct facts *f)
{
	struct finding *found;

	if (!f->expect_hash || f->expect_now < f->expect_hash * CROWDED)
		return;
	found = finding_add(
		out, "expectations", "", RESULT_WARNING,
		"%llu pinholes are open in %llu places of the kernel's expectation table: each new connection looks through %llu",
		(unsigned long long)f->expect_now, (unsigned long long)f->expect_hash,
		(unsigned long long)(f->expect_now / f->expect_hash));
	finding_remedy(
		found,
		"in /etc/modprobe.d/ctalg.conf: options nf_conntrack expect_hashsize=%llu; it counts from the next start on",
		(unsigned long long)(f->expect_max / PER_PLACE));
}

void check_expectations(struct findings *out, const struct facts *f)
{
	uint64_t refused = counted(f, "kernel-expectation-limit");
	bool full = is_nearly(f->expect_now, f->expect_max);
	struct finding *found;

	if (!f->expect_max)
		return;
	if (!refused && !full) {
		finding_add(out, "expectations", "", RESULT_OK,
			    "%llu pinholes are open, the kernel's table holds %llu",
			    (unsigned long long)f->expect_now, (unsigned long long)f->expect_max);
		check_places(out, f);
		return;
	}
	found = finding_add(
		out, "expectations", "", refused ? RESULT_PROBLEM : RESULT_WARNING,
		"the kernel's expectation table is too small: it holds %llu, %llu pinholes are open, %llu were refused",
		(unsigned long long)f->expect_max, (unsigned long long)f->expect_now,
		(unsigned long long)refused);
	expectations_remedy(found, f, f->expect_max * 4);
}

void check_connections(struct findings *out, const struct facts *f)
{
	struct finding *found;

	if (!is_nearly(f->ct_now, f->ct_max))
		return;
	found = finding_add(out, "connections", "", RESULT_WARNING,
			    "%llu connections are tracked, and at most %llu can be",
			    (unsigned long long)f->ct_now, (unsigned long long)f->ct_max);
	finding_remedy(found, "sysctl -w net.netfilter.nf_conntrack_max=%llu",
		       (unsigned long long)f->ct_max * 2);
}

static void limit_remedy(struct finding *found, const char *limit, uint64_t value)
{
	finding_remedy(found, "in /etc/ctalg.conf: limits { %s = %llu }, then: ctalg apply", limit,
		       (unsigned long long)value);
}

void check_limits(struct findings *out, const struct facts *f)
{
	struct finding *found;
	size_t i;

	for (i = 0; i < f->n_limits; i++) {
		const struct limit *m = &f->limits[i];

		if (!is_nearly(m->peak, m->value))
			continue;
		found = finding_add(out, "limits", "", RESULT_WARNING,
				    "of the limit \"%s\", %llu, %llu have been needed", m->name,
				    (unsigned long long)m->value, (unsigned long long)m->peak);
		limit_remedy(found, m->name, m->value * 2);
	}
}
