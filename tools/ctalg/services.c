// SPDX-License-Identifier: GPL-2.0
/* The list of services. */
#include <netinet/in.h>
#include <stddef.h>

#include "service.h"

#include "../../helpers/ftp/ftp_parse.h"
#include "../../helpers/sip/sip_parse.h"
#include "../../helpers/tftp/tftp_parse.h"

const struct service services[] = {
	{ "ftp", IPPROTO_TCP, 21, FTP_PINHOLE_SECONDS, &ftp_proto },
	{ "sip", IPPROTO_UDP, 5060, SIP_PINHOLE_SECONDS, &sip_proto },
	{ "tftp", IPPROTO_UDP, 69, TFTP_PINHOLE_SECONDS, &tftp_proto },
	{},
};
