// SPDX-License-Identifier: GPL-2.0
/* SIP: calls and registrations, over UDP and TCP. What is said over TLS is not read. */
#include <ctalg/helper.h>

#include "sip_parse.h"

static struct ctalg_helper sip_helper = {
	.proto = &sip_proto,
	.lifetime = SIP_PINHOLE_SECONDS,
};

CTALG_HELPER_MODULE(sip_helper, "sip");
MODULE_DESCRIPTION("SIP through NAT and firewalls");
MODULE_LICENSE("GPL");
MODULE_VERSION(CTALG_VERSION);
