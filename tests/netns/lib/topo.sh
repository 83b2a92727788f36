# shellcheck shell=bash
# The network of a scenario:
#
#   inside host              router                       outside host
#   10.0.0.2/24   ── in0  10.0.0.1 · 198.51.100.1  out0 ──  198.51.100.2, .3
#   fd00:1::2/64          fd00:1::1 · fd00:2::1             fd00:2::2, ::3
#
# The forward policy is drop; established, related and new control connections pass. New TCP connections that
# it does not let through are reset, so that who tries one need not wait. With NAT the outside host has no
# route to the inside net, so an address that was not translated is a dead end.

IN4=10.0.0.2 RIN4=10.0.0.1 ROUT4=198.51.100.1 OUT4=198.51.100.2 OUT4B=198.51.100.3
IN6=fd00:1::2 RIN6=fd00:1::1 ROUT6=fd00:2::1 OUT6=fd00:2::2 OUT6B=fd00:2::3
# The ports that new connections may be made to.
CONTROL_TCP=21 CONTROL_UDP=69

# setup_topo MODE [HOOK…]: MODE is snat, masquerade, dnat, both or none, for IPv4 and IPv6 at once;
# nat66-snat, nat66-dnat and none6 are the same with IPv6 as FAM. HOOK is where the helper is set,
# e.g. "prerouting -150" (default), "forward 0", "iptables" or "nowhere".
setup_topo()
{
	FAM=4
	case $1 in
	nat66-*) FAM=6; MODE=${1#nat66-} ;;
	none6) FAM=6; MODE=none ;;
	*) MODE=$1 ;;
	esac
	shift
	make_hosts
	set_roles
	{
		nft_filter
		nft_nat
		nft_helper "$@"
	} | run_in "$RT" nft -f -
	[ "${1:-}" != iptables ] || set_helper_iptables
}

make_hosts()
{
	IN=in-$TAG RT=rt-$TAG OUT=out-$TAG
	NAMESPACES+=("$IN" "$RT" "$OUT")
	ip -batch - <<-END
		netns add $IN
		netns add $RT
		netns add $OUT
		link add eth0 netns $IN type veth peer name in0 netns $RT
		link add eth0 netns $OUT type veth peer name out0 netns $RT
	END
	run_in "$IN" sh -c "$NO_DAD"
	run_in "$OUT" sh -c "$NO_DAD"
	run_in "$RT" sh -c "$NO_DAD; $FORWARDING"
	make_inside
	make_outside
	make_router
}

# No address is tentative: the first packet may follow at once.
# shellcheck disable=SC2016 # for the shell inside
NO_DAD='for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 >$f; done'
FORWARDING='echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'

make_inside()
{
	ip -n "$IN" -batch - <<-END
		link set lo up
		addr add $IN4/24 dev eth0
		addr add $IN6/64 dev eth0
		link set eth0 up
		route add default via $RIN4
		route add default via $RIN6
	END
}

make_outside()
{
	{
		cat <<-END
			link set lo up
			addr add $OUT4/24 dev eth0
			addr add $OUT4B/24 dev eth0
			addr add $OUT6/64 dev eth0
			addr add $OUT6B/64 dev eth0
			link set eth0 up
		END
		[ "$MODE" != none ] || cat <<-END
			route add ${IN4%.*}.0/24 via $ROUT4
			route add ${IN6%2}/64 via $ROUT6
		END
	} | ip -n "$OUT" -batch -
}

make_router()
{
	ip -n "$RT" -batch - <<-END
		link set lo up
		addr add $RIN4/24 dev in0
		addr add $RIN6/64 dev in0
		addr add $ROUT4/24 dev out0
		addr add $ROUT6/64 dev out0
		link set in0 up
		link set out0 up
	END
}

# Who calls whom, and the address that the client has to call.
set_roles()
{
	CLI=$IN SRV=$OUT CLI4=$IN4 CLI6=$IN6 SRV4=$OUT4 SRV6=$OUT6 TO4=$OUT4 TO6=$OUT6
	case $MODE in
	dnat)
		CLI=$OUT SRV=$IN CLI4=$OUT4 CLI6=$OUT6 SRV4=$IN4 SRV6=$IN6
		TO4=$ROUT4 TO6=$ROUT6
		;;
	both) TO4=$RIN4 TO6=$RIN6 ;;
	esac
}

# The address to call for a family (default $FAM), as in a URL or bare.
target() { if [ "${1:-$FAM}" = 6 ]; then printf '%s\n' "$TO6"; else printf '%s\n' "$TO4"; fi; }

url_target() { if [ "${1:-$FAM}" = 6 ]; then printf '[%s]\n' "$TO6"; else printf '%s\n' "$TO4"; fi; }

nft_filter()
{
	local from=in0

	[ "$MODE" != dnat ] || from=out0
	cat <<-END
		table inet filter {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				iifname "$from" tcp dport $CONTROL_TCP ct state new accept
				iifname "$from" udp dport $CONTROL_UDP ct state new accept
				ct state new meta l4proto tcp reject with tcp reset
			}
		}
	END
}

nft_nat()
{
	local pre="" post="" from=in0 to4=$OUT4 to6=$OUT6

	case $MODE in
	none) return 0 ;;
	snat) post="oifname out0 snat ip to $ROUT4; oifname out0 snat ip6 to $ROUT6" ;;
	masquerade) post="oifname out0 masquerade" ;;
	both) post="oifname out0 masquerade" pre=yes ;;
	dnat) from=out0 to4=$IN4 to6=$IN6 pre=yes ;;
	*) fail "unknown NAT mode $MODE" ;;
	esac
	[ -z "$pre" ] || pre="meta nfproto ipv4 iifname $from fib daddr type local th dport { $CONTROL_TCP, $CONTROL_UDP } dnat ip to $to4
		meta nfproto ipv6 iifname $from fib daddr type local th dport { $CONTROL_TCP, $CONTROL_UDP } dnat ip6 to $to6"
	cat <<-END
		table inet nat {
			chain pre {
				type nat hook prerouting priority -100
				$pre
			}
			chain post {
				type nat hook postrouting priority 100
				$post
			}
		}
	END
}

# nft_helper [HOOK PRIORITY | iptables | nowhere]: the rules that give control flows their helper.
nft_helper()
{
	local hook=${1:-prerouting} priority=${2:--150}

	[ "$HELPER" != none ] && [ "$hook" != iptables ] && [ "$hook" != nowhere ] || return 0
	cat <<-END
		table inet helper {
			ct helper ftp { type "ftp" protocol tcp; }
			ct helper tftp { type "tftp" protocol udp; }
			chain $hook {
				type filter hook $hook priority $priority
				tcp dport 21 ct helper set "ftp"
				udp dport 69 ct helper set "tftp"
			}
		}
	END
}

set_helper_iptables()
{
	local t

	for t in iptables ip6tables; do
		run_in "$RT" "$t" -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
		run_in "$RT" "$t" -t raw -A PREROUTING -p udp --dport 69 -j CT --helper tftp
	done
}

# The router's own input drops too: only established, related, new control connections, and IPv6's neighbours.
local_policy()
{
	run_in "$RT" nft -f - <<-END
		table inet local {
			chain input {
				type filter hook input priority 0; policy drop;
				ct state established,related accept
				tcp dport 21 ct state new accept
				meta l4proto icmpv6 accept
			}
		}
	END
}

# bridge_router: after "setup_topo none" makes the router a bridge, and both hosts neighbours.
bridge_router()
{
	ip -n "$RT" -batch - <<-END
		addr flush dev in0
		addr flush dev out0
		link add br0 type bridge
		link set br0 up
		link set in0 master br0
		link set out0 master br0
	END
	run_in "$RT" sh -c 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
		echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables'
	same_net
	run_in "$RT" nft -f - <<-END
		insert rule inet filter forward meta l4proto icmpv6 accept
		insert rule inet filter forward iifname br0 tcp dport 21 ct state new accept
	END
}

# same_net: the outside host moves into the inside net, as 10.0.0.4 and fd00:1::4.
same_net()
{
	ip -n "$OUT" -batch - <<-END
		addr flush dev eth0
		addr add 10.0.0.4/24 dev eth0
		addr add fd00:1::4/64 dev eth0
	END
	SRV4=10.0.0.4 SRV6=fd00:1::4 TO4=10.0.0.4 TO6=fd00:1::4
}

# use_flowtable: established TCP flows that may be offloaded are, once they are forwarded.
use_flowtable()
{
	run_in "$RT" nft -f - <<-END
		table inet fast {
			flowtable f {
				hook ingress priority 0
				devices = { in0, out0 }
			}
			chain forward {
				type filter hook forward priority -1
				ct state established meta l4proto tcp flow add @f
			}
		}
	END
}
