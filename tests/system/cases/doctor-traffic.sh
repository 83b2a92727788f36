#!/bin/bash
# The doctor finds NAT that is missing, connections that are offloaded, encryption, and an expectation table that is too small.
# KERNELS: 6.1
# REQUIRES: ctalg module:nf_flow_table_inet
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

setup_topo snat nowhere
use_flowtable
configure <<<'ftp { }'
start_server peer
hold_ftp 'f.say("NOOP", "200")'
offloaded() { run_in "$RT" conntrack -L 2>/dev/null | grep -q '\[OFFLOAD\]'; }
wait_for 5 "offloaded connection" offloaded
on_router apply --config "$CONF"
doctor --config "$CONF"
finds "problem offload ftp .* past the helper: 1" "ctalg enable ftp"
finds "problem began-before ftp .* attaches it: 1"
release_ftp
run_in "$RT" nft delete table inet fast
run_in "$RT" conntrack -F 2>/dev/null
doctor --config "$CONF"
finds_nothing

hold_ftp 'f.say("AUTH TLS", "234")'
doctor --config "$CONF"
finds "warning tls-control-channel ftp" "fixed passive port range"
finds_nothing but tls-control-channel
release_ftp

most=$(</proc/sys/net/netfilter/nf_conntrack_expect_max)
restore() { echo "$most" >/proc/sys/net/netfilter/nf_conntrack_expect_max; }
at_exit restore
echo 1 >/proc/sys/net/netfilter/nf_conntrack_expect_max
hold_ftp 'f.say("EPSV", "229")' 'f.say("EPSV", "229")'
doctor --config "$CONF"
finds "problem expectations - .* 1 were refused" "nf_conntrack_expect_max=4"
release_ftp
restore

run_in "$RT" nft delete table inet nat
run_in "$CLI" timeout 1 nc "$OUT4" 21 </dev/null || true
doctor --config "$CONF"
finds "problem nat ftp NAT is missing: $IN4 calls $OUT4:21" masquerade
said=$(kernel_warnings | grep -v "expectation table full" || true)
[ -z "$said" ] || fail "the kernel said: $said"
echo OK
