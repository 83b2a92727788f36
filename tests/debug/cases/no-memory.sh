#!/bin/bash
# A part of our allocations fail: at loading, in new namespaces, and for packets. Afterwards all is as it was.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

F=/sys/kernel/debug/failslab
[ -d $F ] || skip "no fault injection in this kernel"

# The kernel complains of a cache that it can't make, and loses the name in sysfs_slab_add(): where that is called from.
KEPT=$(sort /proc/kallsyms | awk 'found && !end { end = $1 } $3 == "__kmem_cache_create_args" { found = $1 } END { print "0x" found, "0x" end }')

# failing PERCENT: of the allocations made by modules, whoever they were called by
failing()
{
	echo 0 >$F/probability
	echo 0xffffffffa0000000 >$F/require-start
	echo 0xffffffffff000000 >$F/require-end
	echo "${KEPT% *}" >$F/reject-start
	echo "${KEPT#* }" >$F/reject-end
	echo 32 >$F/stacktrace-depth
	echo 0 >$F/verbose
	echo N >$F/ignore-gfp-wait
	echo 1 >$F/interval
	echo -1 >$F/times
	echo "$1" >$F/probability
}
healthy() { echo 0 >$F/probability; }
at_exit healthy

loads=0
for ((round = 0; round < 40; round++)); do
	# shellcheck disable=SC2086 # a list of names
	unload $OURS
	failing $((round % 5 * 3 + 1))
	modprobe -q ctalg_ftp 2>/dev/null && loads=$((loads + 1))
	! modprobe -q ctalg_tftp 2>/dev/null || ctalg helpers >/dev/null || true
	healthy
done
say "$loads of 40 loads"
[ "$loads" -gt 0 ] && [ "$loads" -lt 40 ] || fail "loads: $loads of 40"
load_helpers

made=0
for ((round = 0; round < 40; round++)); do
	failing $((round % 5 * 4 + 1))
	! ip netns add "n-$TAG" 2>/dev/null || made=$((made + 1))
	healthy
	ip netns del "n-$TAG" 2>/dev/null || true
done
say "$made of 40 namespaces"
[ "$made" -gt 0 ] && [ "$made" -lt 40 ] || fail "namespaces: $made of 40"

setup_topo masquerade
many_servers
failing 20
many_ftp 150
many_tftp 150
run_in "$RT" ctalg pinholes >"$TMP/pinholes.log" || true
healthy
run_in "$RT" conntrack -F >"$TMP/deleted.log" 2>&1
stop "${PIDS[0]}"
start_server peer
ftp_script "$NETNS_DIR/scripts/each_way.py"
no_helper_rules
# shellcheck disable=SC2086 # a list of names
unload $OURS
nothing_of_ours
no_kernel_messages
load_helpers
echo OK
