#!/bin/bash
# Of several hundred flows of two helpers, exactly those of the unloaded one end, round after round.
# KERNELS: 6.1 7.2
# REQUIRES: ctalg modules
. "$(dirname "$0")/../lib.sh"

flows_of() { run_in "$RT" ctalg --json flows | grep -c "\"helper\": *\"$1\""; }
only_ftp() { [ "$(flows_of ftp)" = 200 ] && [ "$(flows_of tftp)" = 0 ]; }

setup_topo snat
start_server peer
mkdir -p "$TMP/logs"
start_in "$CLI" connections python3 -S -c '
import socket, sys, time
live = [socket.create_connection((sys.argv[1], 21)) for i in range(200)]
open(sys.argv[2], "w").close()
time.sleep(100)
' "$(target)" "$TMP/logs/under-way"
wait_for 90 "200 control connections" test -e "$TMP/logs/under-way"
for _ in 1 2 3; do
	tftp_requests 300
	run_in "$RT" nft delete table inet helper
	unload ctalg_tftp
	only_ftp || fail "$(flows_of ftp) flows of ftp, $(flows_of tftp) of tftp after unloading ctalg_tftp"
	run_in "$RT" conntrack -D -p udp >/dev/null 2>&1 || :
	modprobe ctalg_tftp
	nft_helper | run_in "$RT" nft -f -
done
all_well
