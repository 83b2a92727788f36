#!/bin/bash
# Thousands of pinholes (FULL=1: 100,000) are listed while flows come and go: what is there all the time stands there once, and changes are flagged.
# KERNELS: 7.2
# REQUIRES: ctalg
# TIME: 60
# shellcheck source=tests/netns/lib.sh
. "$(dirname "$0")/../../netns/lib.sh"

MANY=3000
[ -z "${FULL:-}" ] || MANY=100000
setup_topo none
run_in "$IN" ip addr add 10.0.0.11/24 dev eth0
run_in "$IN" ip addr add 10.0.0.12/24 dev eth0
run_in "$IN" ip addr add 10.0.0.13/24 dev eth0
MOST=/proc/sys/net/netfilter/nf_conntrack_expect_max
WAS=$(<$MOST)
# shellcheck disable=SC2317 # called at the end
most_again() { echo "$WAS" >$MOST; }
at_exit most_again
echo 200000 >$MOST
run_in "$RT" "${PYTHON[@]}" "$(dirname "$0")/../many.py" "$IN" "$OUT" "$OUT4" "$MANY" 10.0.0.11 10.0.0.12 10.0.0.13 ||
	fail "lists of many pinholes"
all_well
