#!/bin/bash
# A transfer longer than the control connection's conntrack timeout: the control connection lives on.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
run_in "$RT" sh -c 'echo 4 >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established
	echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose'
start_server peer
ftp_script <<'END'
f = Ftp()
f.say("SITE PACE 9", "200")
f.active_works()
f.say("SITE PACE 0", "200")
f.passive_works()
f.quit()
END
all_well
