// SPDX-License-Identifier: GPL-2.0
/* The list of protocols. */
#include "explain.h"

#include "../../helpers/ftp/ftp_parse.h"
#include "../../helpers/tftp/tftp_parse.h"

const struct served served_protocols[] = {
	{ &ftp_proto, FTP_PINHOLE_SECONDS },
	{ &tftp_proto, TFTP_PINHOLE_SECONDS },
	{ NULL, 0 },
};
