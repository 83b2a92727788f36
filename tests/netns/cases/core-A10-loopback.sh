#!/bin/bash
# FTP to 127.0.0.1 and ::1, with the helper set on OUTPUT and INPUT, and an input policy of drop for lo too.
. "$(dirname "$0")/../lib.sh"

setup_topo none output -150
nft_helper input -150 | sed 's/table inet helper/table inet helper_in/' | run_in "$RT" nft -f -
local_policy
TO4=127.0.0.1 TO6=::1
SRV_IN=$RT start_server peer
SCRIPT_NS=$RT ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
