#!/bin/bash
# PORT, EPRT, PASV and EPSV through SNAT and DNAT at once: many transfers on one session, both ways and both families.
# REQUIRES: tool:pure-ftpd
. "$(dirname "$0")/../lib.sh"

setup_topo both
start_server pure-ftpd
ftp_script "$NETNS_DIR/scripts/all_modes.py"
counted ftp pinhole-opened 16
counted ftp pinhole-used 16
all_well
