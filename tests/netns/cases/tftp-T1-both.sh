#!/bin/bash
# TFTP with SNAT and DNAT at once, over IPv4 and IPv6 (dnsmasq).
# REQUIRES: tool:dnsmasq tool:tftp tool:curl
. "$(dirname "$0")/../lib.sh"

setup_topo both
start_server dnsmasq
for FAM in 4 6; do
	transfer tftpcurl "--tftp-blksize 1428"
	transfer tftphpa -
done
counted tftp pinhole-used 4
all_well
