#!/bin/bash
# PORT, EPRT, PASV and EPSV through masquerade: many transfers on one session, both ways and both families.
# REQUIRES: tool:python3
. "$(dirname "$0")/../lib.sh"

setup_topo masquerade
start_server peer
ftp_script "$NETNS_DIR/scripts/all_modes.py"
counted ftp pinhole-opened 16
counted ftp pinhole-used 16
all_well
