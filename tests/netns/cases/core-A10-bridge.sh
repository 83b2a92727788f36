#!/bin/bash
# A bridge whose frames pass the IP hooks (br_netfilter), its forward policy drop.
# KERNELS: 6.12
# REQUIRES: module:br_netfilter
. "$(dirname "$0")/../lib.sh"

modprobe br_netfilter
setup_topo none
bridge_router
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
