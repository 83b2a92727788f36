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
	  "control connections that are encrypted: %llu; nobody in between can read which ports they announce",
	  "give the server a fixed passive port range and forward that, or turn TLS off for the control connection" },
	{ "mid-stream", RESULT_WARNING,
	  "connections that were met in the middle and are left alone: %llu",
	  "have the clients connect again; the tracking of a connection must not be lost while it lives (conntrack -D, a failover)" },
	{ "not-the-protocol", RESULT_WARNING,
	  "connections to its port that do not speak the protocol and are left alone: %llu",
	  "none, unless a server speaks it there: then tcpdump shows its first line" },
	{ "third-party-address", RESULT_WARNING,
	  "messages that named an address that is neither end's, and opened nothing: %llu",
	  "a server behind another NAT must name its outside address; to allow it: ctalg set %s loose on" },
	{ "foreign-sequence-adjustment", RESULT_WARNING,
	  "connections whose sequence numbers somebody else changes, and which are not read: %llu",
	  "attach one helper only to a connection" },
	{ "too-long", RESULT_WARNING,
	  "messages that were too long to be read and passed as they were: %llu",
	  "none, unless a peer is at fault; ctalg flows shows which connections there are" },
	{ "privileged-port", RESULT_WARNING,
	  "messages that named a port below 1024, and opened nothing: %llu",
	  "have the client or the server use ports above it" },
	{ "denied-port", RESULT_WARNING,
	  "messages that named a port of a service that lives on inside hosts, and opened nothing: %llu",
	  "have the client use other ports; nobody should ask for these" },
	{ "no-free-port", RESULT_PROBLEM, "pinholes for which no outside port was free: %llu",
	  "widen outside-ports in /etc/ctalg.conf, then: ctalg apply" },
	{ "session-pinhole-limit", RESULT_WARNING,
	  "pinholes more than one session may have at once: %llu",
	  "raise session-pinholes in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "flow-pinhole-limit", RESULT_WARNING,
	  "pinholes more than one control connection may have at once: %llu",
	  "raise flow-pinholes in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "host-pinhole-limit", RESULT_WARNING,
	  "pinholes more than one inside host may have at once: %llu",
	  "ctalg pinholes shows whose they are; to allow it, raise host-pinholes in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "host-flow-limit", RESULT_WARNING,
	  "control connections more than one inside host may have at once: %llu",
	  "ctalg flows shows whose they are; to allow it, raise host-flows in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "namespace-pinhole-limit", RESULT_PROBLEM,
	  "pinholes more than there may be at once: %llu",
	  "raise pinholes in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "namespace-flow-limit", RESULT_PROBLEM,
	  "control connections more than there may be at once: %llu",
	  "raise flows in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "meter-limit", RESULT_PROBLEM,
	  "times that a request was refused because too many hosts and users are counted: %llu",
	  "raise meters in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "memory-limit", RESULT_PROBLEM, "times that the memory for streams was used up: %llu",
	  "raise memory in the limits of /etc/ctalg.conf, then: ctalg apply" },
	{ "no-memory", RESULT_PROBLEM, "times that the machine had no memory: %llu",
	  "give the machine more, or lower the limits in /etc/ctalg.conf, then: ctalg apply" },
};

void check_counters(struct findings *out, const struct facts *f, const struct service *s)
{
	const struct helper *h = f->of[s - services].helper;
	struct finding *found;
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		n = checks_counted(h, counters[i].reason);
		if (!n)
			continue;
		found = finding_add(out, counters[i].reason, s->name, counters[i].result, "%s", "");
		snprintf(found->says, sizeof(found->says), counters[i].says, (unsigned long long)n);
		snprintf(found->remedy, sizeof(found->remedy), counters[i].remedy, s->name);
	}
}
