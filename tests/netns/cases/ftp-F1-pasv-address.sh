#!/bin/bash
# A server inside that announces the router's outside address itself: 227 passes unchanged, and works.
# REQUIRES: tool:vsftpd
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
# vsftpd on an IPv6 socket says 0.0.0.0 instead
start_server vsftpd listen=YES listen_ipv6=NO "pasv_address=$ROUT4"
ftp_script <<'END'
f = Ftp()
f.passive_works()
check(f.where[0] == os.environ["ROUT4"], "227 names %s" % f.where[0])
f.passive_works()
f.quit()
END
counted ftp pinhole-opened 2
counted ftp edit 0
all_well
