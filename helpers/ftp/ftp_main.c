// SPDX-License-Identifier: GPL-2.0
/*
 * FTP: PORT, EPRT, 227 and 229 open one data flow each. A control connection that
 * goes into TLS is followed but not read; LPRT and LPSV (RFC 1639) are not served.
 */
#include <ctalg/helper.h>

#include "ftp_parse.h"

static struct ctalg_helper ftp_helper = {
	.proto = &ftp_proto,
	.lifetime = FTP_PINHOLE_SECONDS,
};

CTALG_HELPER_MODULE(ftp_helper, "ftp");
MODULE_DESCRIPTION("FTP through NAT and firewalls");
MODULE_LICENSE("GPL");
MODULE_VERSION(CTALG_VERSION);
