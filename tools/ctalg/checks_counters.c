// SPDX-License-Identifier: GPL-2.0
/* Reasons that have been counted, and what can be done about them. */
#include <stdio.h>

#include "checks.h"

/* What is said takes the number, a remedy the helper's name; a reason that is no fault has no place here. */
static const struct {
	const char *reason;
	enum result result;
	const char *says;
	const char *remedy;
} counters[] = {
	{ "tls-control-channel", RESULT_WARNING,
	  "%llu control connections are encrypted: nobody in between can read which ports they announce",
	  "give the server a fixed passive port range and forward that, or turn TLS off for the control connection" },
	{ "mid-stream", RESULT_WARNING,
	  "%llu connections were met in the middle and are left alone",
	  "have the clients connect again; the tracking of a connection must not be lost while it lives (conntrack -D, a failover)" },
	{ "not-the-protocol", RESULT_WARNING,
	  "%llu connections to its port do not speak the protocol and are left alone",
	  "none, unless a server speaks it there: then tcpdump shows its first line" },
	{ "third-party-address", RESULT_WARNING,
	  "%llu messages named an address that is neither end's, and opened nothing",
	  "a server behind another NAT must name its outside address; to allow it: ctalg set %s loose on" },
	{ "foreign-sequence-adjustment", RESULT_WARNING,
	  "of %llu connections somebody else changes the sequence numbers, and nothing is read",
	  "attach one helper only to a connection" },
	{ "too-long", RESULT_WARNING,
	  "%llu messages were too long to be read and passed as they were",
	  "none, unless a peer is at fault; ctalg flows shows which connections there are" },
	{ "privileged-port", RESULT_WARNING,
	  "%llu messages named a port below 1024, and opened nothing",
	  "have the client or the server use ports above it" },
	{ "denied-port", RESULT_WARNING,
	  "%llu messages named a port of a service that lives on inside hosts, and opened nothing",
	  "have the client use other ports; nobody should ask for these" },
	{ "no-free-port", RESULT_PROBLEM, "%llu times no outside port was free",
	  "widen ports-outside in /etc/ctalg.conf, then: ctalg apply" },
	{ "session-pinhole-limit", RESULT_WARNING,
	  "%llu times a session wanted more pinholes at once than it may have",
	  "raise session-pinholes in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "namespace-pinhole-limit", RESULT_PROBLEM, "%llu pinholes were too many",
	  "raise pinholes in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "namespace-flow-limit", RESULT_PROBLEM, "%llu control connections were too many",
	  "raise flows in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "namespace-memory-limit", RESULT_PROBLEM, "%llu times the streams' memory was used up",
	  "raise memory in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "no-memory", RESULT_PROBLEM, "%llu times the machine had no memory", "give it more" },
};

void check_counters(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct helper *h = f->of[s - services].helper;
	struct finding *found;
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		n = facts_counted(h, counters[i].reason);
		if (!n)
			continue;
		found = finding_add(out, counters[i].reason, s->name, counters[i].result, "%s", "");
		snprintf(found->says, sizeof(found->says), counters[i].says, (unsigned long long)n);
		snprintf(found->remedy, sizeof(found->remedy), counters[i].remedy, s->name);
	}
}
