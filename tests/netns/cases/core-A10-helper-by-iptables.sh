#!/bin/bash
# The helper is set by iptables -j CT --helper.
# KERNELS: 6.1
# REQUIRES: tool:iptables
. "$(dirname "$0")/../lib.sh"

setup_topo snat iptables
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
