#!/bin/bash
# Flows, sessions and pinholes are read out all the time while they come and go by hundreds.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo snat
many_servers
many_ftp 40
for what in flows pinholes; do
	in_background run_in "$RT" ctalg $what
done
for ((round = 0; round < 3; round++)); do
	many_tftp 120
	run_in "$RT" conntrack -D -p udp >"$TMP/deleted.log" 2>&1
	many_tftp 120
	run_in "$RT" conntrack -F >"$TMP/deleted.log" 2>&1
done
no_helper_rules
rmmod ctalg_tftp
rmmod ctalg_ftp
stop_background
# shellcheck disable=SC2086 # a list of names
unload $OURS
nothing_of_ours
no_kernel_messages
load_helpers
echo OK
