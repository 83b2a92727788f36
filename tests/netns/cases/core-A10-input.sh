#!/bin/bash
# The router itself is the server: the helper is set on INPUT, whose policy is drop.
. "$(dirname "$0")/../lib.sh"

setup_topo none input -150
local_policy
TO4=$RIN4 TO6=$RIN6
SRV_IN=$RT start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
