#!/bin/bash
# Two routers in namespaces of their own: what one counts and opens, the other does not have.
# KERNELS: 6.12
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo snat
first=$RT
TAG=b$TAG
setup_topo dnat
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
STATS_NS=$first counted ftp message 0
all_well
