#!/bin/bash
# Lists read over and over while helpers go and come: no kernel message, and the module is free in the end.
# REQUIRES: ctalg modules
. "$(dirname "$0")/../lib.sh"

setup_topo snat nowhere
start_in "$RT" reader bash -c 'while :; do ctalg --json flows; ctalg --json helpers; ctalg stats; done'
for _ in 1 2 3 4; do
	unload ctalg_ftp
	modprobe ctalg_ftp
done
stop "${PIDS[-1]}"
# shellcheck disable=SC2086 # a list of names
unload $OURS
load_helpers
all_well
