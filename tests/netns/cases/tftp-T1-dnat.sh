#!/bin/bash
# TFTP with the server inside (atftpd): options and a window of blocks.
# REQUIRES: tool:atftp tool:curl
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server atftpd
transfer atftp "--option|blksize 1428|--option|windowsize 8"
transfer tftpcurl "--tftp-blksize 512"
transfer tftphpa -
counted tftp pinhole-used 3
all_well
