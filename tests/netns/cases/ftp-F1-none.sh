#!/bin/bash
# PORT, EPRT, PASV and EPSV through a firewall without NAT: many transfers on one session, both ways and both families.
# REQUIRES: tool:python3
. "$(dirname "$0")/../lib.sh"

setup_topo none
start_server peer
ftp_script "$NETNS_DIR/scripts/all_modes.py"
counted ftp pinhole-opened 16
counted ftp pinhole-used 16
all_well
