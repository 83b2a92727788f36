#!/bin/bash
# Hundreds of flows of two helpers: unloading one ends all of its flows and none of the other's, every time.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo snat
many_servers
many_ftp 250
for ((round = 0; round < 8; round++)); do
	many_tftp 250
	no_helper_rules
	rmmod ctalg_tftp
	[ "$(flows_of ftp)" = 250 ] || fail "round $round: $(flows_of ftp) of 250 FTP flows"
	[ "$(run_in "$RT" ctalg flows | wc -l)" = 251 ] || fail "round $round: flows of an unloaded helper: $(run_in "$RT" ctalg flows | grep -v ' ftp ')"
	run_in "$RT" conntrack -D -p udp >"$TMP/deleted.log" 2>&1
	modprobe ctalg_tftp
	helper_rules
done
no_helper_rules
# shellcheck disable=SC2086 # a list of names
unload $OURS
nothing_of_ours
no_kernel_messages
load_helpers
echo OK
