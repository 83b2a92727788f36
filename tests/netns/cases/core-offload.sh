#!/bin/bash
# The data flow carries no helper, so a flowtable takes it: [OFFLOAD] while it runs, and the bytes are right.
# REQUIRES: module:nf_flow_table_inet
. "$(dirname "$0")/../lib.sh"

setup_topo snat
use_flowtable
start_server peer
start_script <<'END'
f = Ftp()
f.say("SITE PACE 2", "200")
f.active_works()
f.passive_works()
f.quit()
END
offloaded() { run_in "$RT" conntrack -L 2>/dev/null | grep '\[OFFLOAD\]' | grep -q "$1"; }
wait_for 20 "active data flow in the flowtable" offloaded "src=$SRV4 dst=$ROUT4 sport=20 "
wait_for 20 "passive data flow in the flowtable" offloaded "src=$CLI4 dst=$SRV4 "
! offloaded "dport=21 " || fail "the control flow is in the flowtable"
run_in "$RT" conntrack -L 2>/dev/null | grep -v "dport=21 " | grep "helper=" && fail "a data flow has a helper"
finish_script
counted ftp pinhole-used 2
all_well
