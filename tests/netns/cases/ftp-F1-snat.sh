#!/bin/bash
# FTP through SNAT, client inside: PORT, EPRT, PASV, EPSV, both families, down and up.
# REQUIRES: tool:vsftpd tool:curl tool:conntrack
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server vsftpd
for FAM in 4 6; do
	transfer curl eprt
	transfer curl epsv up
done
FAM=4
transfer curl port up
transfer curl pasv
all_well
