#!/bin/bash
# TFTP through SNAT and NAT66 with tftpd-hpa: options, big blocks, windows, download and upload.
# REQUIRES: tool:in.tftpd tool:curl tool:tftp tool:atftp
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server tftpd-hpa
for FAM in 4 6; do
	transfer tftphpa -
	transfer tftphpa - up
done
FAM=4
transfer tftpcurl "--tftp-blksize 1428"
transfer tftpcurl "--tftp-no-options" up
transfer atftp "--option|blksize 8192|--option|tsize"
counted tftp pinhole-used 7
all_well
