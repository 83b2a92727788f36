#!/bin/bash
# The router itself is the client: the helper is set on OUTPUT, and its input policy is drop.
. "$(dirname "$0")/../lib.sh"

setup_topo none output -150
local_policy
start_server peer
SCRIPT_NS=$RT ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
