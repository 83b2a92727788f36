#!/bin/bash
# What one host may use up is not missing to another: flows, pinholes, memory.
# KERNELS: 6.1
# REQUIRES: ctalg
# shellcheck source=tests/netns/lib.sh
. "$(dirname "$0")/../../netns/lib.sh"

setup_topo snat
run_in "$IN" ip addr add 10.0.0.66/24 dev eth0
start_server peer
no_flows() { [ "$(run_in "$RT" ctalg --json flows)" = "[]" ]; }
# anew: nothing of what was counts any more.
anew()
{
	run_in "$RT" conntrack -F >"$TMP/flush.log" 2>&1
	wait_for 10 "end of all flows" no_flows
}
set_limit() { run_in "$RT" ctalg limits "$1" "$2"; }

say "pinholes"
set_limit host-pinholes 5
ftp_script <<'END'
greedy = [Ftp(own="10.0.0.66") for i in range(2)]
for k in range(4):
    greedy[0].say("PORT %s" % comma("10.0.0.66", 20000 + k), "200")
greedy[1].say("PORT %s" % comma("10.0.0.66", 20010), "200")
greedy[1].start_log()
greedy[1].say("PORT %s" % comma("10.0.0.66", 20011), "200")
greedy[1].same_on_both_sides()
other = Ftp(own="10.0.0.2")
other.active_works()
for f in greedy + [other]:
    f.quit()
END
counted ftp host-pinhole-limit 1
set_limit host-pinholes 32768
anew

say "flows"
set_limit host-flows 3
ftp_script <<'END'
greedy = [Ftp(own="10.0.0.66") for i in range(3)]
greedy[0].active_works()
fourth = Ftp(own="10.0.0.66")
fourth.active_fails()
other = Ftp(own="10.0.0.2")
other.active_works()
for f in greedy + [fourth, other]:
    f.quit()
END
counted ftp host-flow-limit 1
counted ftp namespace-flow-limit 0
set_limit host-flows 16384
anew

say "memory"
set_limit host-memory 8K
ftp_script <<'END'
greedy = [Ftp(own="10.0.0.66") for i in range(4)]
for f in greedy:
    f.start_log()
    f.send(b"x" * 3500)
other = Ftp(own="10.0.0.2")
other.start_log()
other.send("PO")
other.say("RT 10,0,0,2,200,10", "200")
for f in greedy:
    f.say("", "500")
    f.same_on_both_sides()
    f.quit()
other.active_works()
other.quit()
END
[ "$(counter ftp memory-limit)" -gt 0 ] || fail "a host's used-up memory is not counted"
counted ftp pinhole-opened 10
peak() { run_in "$RT" ctalg limits --json | jq ".[] | select(.name == \"$1\").peak"; }
[ "$(peak host-flows)" = 4 ] || fail "peak of host-flows is $(peak host-flows)"
[ "$(peak host-pinholes)" = 5 ] || fail "peak of host-pinholes is $(peak host-pinholes)"
[ "$(peak host-memory)" -ge 8192 ] || fail "peak of host-memory is $(peak host-memory)"
all_well
