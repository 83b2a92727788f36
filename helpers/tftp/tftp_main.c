// SPDX-License-Identifier: GPL-2.0
/* TFTP: a request opens the way back for the server's answer, which comes from a port of its choice. */
#include <ctalg/helper.h>

#include "tftp_parse.h"

static struct ctalg_helper tftp_helper = {
	.proto = &tftp_proto,
	.lifetime = TFTP_PINHOLE_SECONDS,
};

CTALG_HELPER_MODULE(tftp_helper, "tftp");
MODULE_DESCRIPTION("TFTP through NAT and firewalls");
MODULE_LICENSE("GPL");
MODULE_VERSION(CTALG_VERSION);
