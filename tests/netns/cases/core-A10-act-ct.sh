#!/bin/bash
# tc's act_ct finds our helper and its NAT: "action ct commit nat ... helper ipv4-tcp-ftp" at ingress.
# REQUIRES: module:act_ct module:cls_flower
# KERNEL: 6.12
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

OUTSIDE=10.0.0.100
TC=$(command -v /opt/newtc/sbin/tc /opt/newtc/usr/sbin/tc /sbin/tc | head -n 1)
setup_topo none nowhere
same_net
ip -n "$IN" link set eth0 address 02:00:00:00:00:02
ip -n "$OUT" neigh add $OUTSIDE lladdr 02:00:00:00:00:02 dev eth0 nud permanent

# ingress FROM TO: what is common to both directions; chain 1 sees tracked packets. A related flow has its
# NAT from the helper; tc only wants some address there.
ingress()
{
	cat <<-END
		qdisc add dev $1 clsact
		filter add dev $1 ingress prio 1 proto arp matchall action mirred egress redirect dev $2
		filter add dev $1 ingress prio 2 proto ip flower ct_state -trk action ct zone 1 nat pipe action goto chain 1
		filter add dev $1 ingress prio 2 proto ip chain 1 flower ct_state +trk+est action mirred egress redirect dev $2
		filter add dev $1 ingress prio 2 proto ip chain 1 flower ct_state +trk+rel action ct commit zone 1 nat src addr $OUTSIDE pipe action mirred egress redirect dev $2
	END
}

{
	ingress in0 out0
	ingress out0 in0
	cat <<-END
		filter add dev in0 ingress prio 3 proto ip chain 1 flower ip_proto tcp dst_port 21 ct_state +trk+new action ct commit zone 1 nat src addr $OUTSIDE helper ipv4-tcp-ftp pipe action mirred egress redirect dev out0
		filter add dev in0 ingress prio 4 proto ip chain 1 matchall action drop
		filter add dev out0 ingress prio 4 proto ip chain 1 matchall action drop
	END
} >"$TMP/rules"
run_in "$RT" "$TC" -batch "$TMP/rules"
start_server peer
FAM=4 TO6=
ftp_script "$NETNS_DIR/scripts/each_way.py"
data="src=10.0.0.4 dst=$OUTSIDE sport=20"
run_in "$RT" conntrack -L 2>/dev/null | grep -q "$data" || fail "no data flow to $OUTSIDE"
counted ftp pinhole-opened 2
all_well
