#!/bin/bash
# Open vSwitch finds our helper and its NAT: ct(commit,alg=ftp,nat(...)) on a bridge that drops all else.
# REQUIRES: tool:ovs-vswitchd tool:ovsdb-server tool:ovs-ofctl module:openvswitch
. "$(dirname "$0")/../lib.sh"

OUTSIDE=10.0.0.100
setup_topo none nowhere
same_net
ip -n "$IN" link set eth0 address 02:00:00:00:00:02
ip -n "$OUT" neigh add $OUTSIDE lladdr 02:00:00:00:00:02 dev eth0 nud permanent
start_ovs
ovs-ofctl add-flows "$OVS/br0.mgmt" - <<-END
	table=0,priority=10,arp,actions=NORMAL
	table=0,priority=5,tcp,actions=ct(table=1,nat)
	table=1,in_port=1,tcp,tp_dst=21,ct_state=+trk+new,actions=ct(commit,alg=ftp,nat(src=$OUTSIDE)),NORMAL
	table=1,priority=9,tcp,ct_state=+trk+new+rel,actions=ct(commit,nat),NORMAL
	table=1,priority=8,tcp,ct_state=+trk+est,actions=NORMAL
	table=1,priority=1,actions=drop
END
start_server peer
FAM=4 TO6=
ftp_script "$NETNS_DIR/scripts/each_way.py"
data="src=10.0.0.4 dst=$OUTSIDE sport=20"
run_in "$RT" conntrack -L 2>/dev/null | grep -q "$data" || fail "no data flow to $OUTSIDE"
counted ftp pinhole-opened 2
all_well
