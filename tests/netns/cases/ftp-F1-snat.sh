#!/bin/bash
# PORT, EPRT, PASV and EPSV through SNAT (and NAT66): many transfers on one session, both ways and both families.
# REQUIRES: tool:vsftpd
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server vsftpd
ftp_script "$NETNS_DIR/scripts/all_modes.py"
counted ftp pinhole-opened 16
counted ftp pinhole-used 16
all_well
