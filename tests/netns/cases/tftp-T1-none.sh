#!/bin/bash
# TFTP through a firewall without NAT, over IPv4 and IPv6.
# REQUIRES: tool:in.tftpd tool:tftp
. "$(dirname "$0")/../lib.sh"

setup_topo none
start_server tftpd-hpa
for FAM in 4 6; do
	transfer tftphpa -
	transfer tftphpa - up
done
counted tftp pinhole-used 4
all_well
