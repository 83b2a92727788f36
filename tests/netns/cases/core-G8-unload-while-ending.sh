#!/bin/bash
# The modules go while a namespace with fifty flows and pinholes is on its way out: neither waits for the other, nothing is left.
# REQUIRES: ctalg modules
. "$(dirname "$0")/../lib.sh"

for round in 1 2; do
	TAG=$round$TAG
	setup_topo snat
	rm -rf "$TMP/logs"
	start_server peer
	mkdir -p "$TMP/logs"
	start_in "$CLI" connections python3 -S -c '
import socket, sys, time
live = [socket.create_connection((sys.argv[1], 21)) for i in range(50)]
for i, s in enumerate(live):
    s.recv(100)
    s.sendall(b"USER anonymous\r\nPORT 10,0,0,2,200,%d\r\n" % i)
for s in live:
    while b"200" not in s.recv(1000):
        pass
open(sys.argv[2], "w").close()
time.sleep(100)
' "$(target)" "$TMP/logs/under-way"
	client=$!
	wait_for 60 "50 control connections" test -e "$TMP/logs/under-way"
	[ "$(run_in "$RT" ctalg --json pinholes | grep -c outside_port)" = 50 ] || fail "round $round: $(run_in "$RT" ctalg pinholes | wc -l) pinholes"
	run_in "$RT" nft delete table inet helper
	ip netns del "$RT"
	# shellcheck disable=SC2086 # a list of names
	wait_for 20 "unloading of the modules" unload $OURS
	nothing_of_ours
	load_helpers
	stop "$client"
	stop "$SERVER_PID"
done
no_kernel_messages
echo OK
