#!/bin/bash
# PORT, EPRT, PASV and EPSV through DNAT (and its NAT66 like), server inside: many transfers on one session, both ways and both families.
# REQUIRES: tool:proftpd
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server proftpd
ftp_script "$NETNS_DIR/scripts/all_modes.py"
counted ftp pinhole-opened 16
counted ftp pinhole-used 16
all_well
