#!/bin/bash
# The helper is set by a rule after the NAT hook: ports and addresses are translated already.

. "$(dirname "$0")/../lib.sh"

setup_topo dnat prerouting 0
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
counted ftp pinhole-used 4
all_well
