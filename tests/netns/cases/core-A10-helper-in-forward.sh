#!/bin/bash
# The helper is set by a rule on FORWARD.

. "$(dirname "$0")/../lib.sh"

setup_topo snat forward 10
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
