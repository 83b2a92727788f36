# shellcheck shell=bash
# The library of the stream scenarios: source it first. It is that of tests/netns, and networks for dialogs.py.

STREAM_DIR=${BASH_SOURCE[0]%/*}
[[ $STREAM_DIR == /* ]] || STREAM_DIR=$PWD/$STREAM_DIR
# shellcheck source=tests/netns/lib.sh
. "$STREAM_DIR/../netns/lib.sh"

SEED=${SEED:-1}

# stream_topo MODE [on|off]: a network whose hosts send what they are told to, when they are told to; offloads on or off.
stream_topo()
{
	[ -z "${RT:-}" ] || stream_topo_end
	TAG=$1-$RANDOM
	setup_topo "$1"
	run_in "$RT" nft -f - <<-END
		table inet watch {
			counter invalid { }
			chain pre {
				type filter hook prerouting priority -140
				ct state invalid counter name invalid
			}
		}
	END
	for_hosts 'echo 0 >/proc/sys/net/ipv4/tcp_autocorking'
	offloads "${2:-on}"
}

# Lossless: nothing is sent again just because the machine is slow, only what got no answer at all.
patient_hosts()
{
	for_hosts 'echo 0 >/proc/sys/net/ipv4/tcp_early_retrans'
	least_timeout 30s
}

for_hosts()
{
	run_in "$IN" sh -c "$1"
	run_in "$OUT" sh -c "$1"
}

# least_timeout TIME: of retransmissions.
least_timeout()
{
	local ns

	for ns in "$IN" "$OUT"; do
		{
			ip -n "$ns" -4 route
			ip -n "$ns" -6 route show table main | sed -n '/^fd00\|^default/s/ expires [^ ]*//p'
		} | sed "s/^/route change /; s/ pref medium//; s/\$/ rto_min $1/" | ip -n "$ns" -batch -
	done
}

offloads()
{
	[ "$1" = off ] || return 0
	run_in "$IN" ethtool -K eth0 tx off sg off tso off gso off gro off
	run_in "$OUT" ethtool -K eth0 tx off sg off tso off gso off gro off
	run_in "$RT" ethtool -K in0 tx off sg off tso off gso off gro off
	run_in "$RT" ethtool -K out0 tx off sg off tso off gso off gro off
} >>"$TMP/ethtool.log" 2>&1

# trouble NS DEVICE: 10 % loss, 10 % duplication, 20 % reordering. Handshakes are spared, unless FULL=1: a lost one would make TCP itself wait for up to a minute.
trouble()
{
	run_in "$1" nft -f - <<-END
		table inet handshake {
			chain post {
				type filter hook postrouting priority 200
				tcp flags & syn == syn meta priority set $([ -n "${FULL:-}" ] && echo 1:2 || echo 1:1)
			}
		}
	END
	run_in "$1" tc -batch - <<-END
		qdisc add dev $2 root handle 1: prio bands 2 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
		qdisc add dev $2 parent 1:2 netem limit 10000 delay 5ms loss 10% duplicate 10% reorder 20%
	END
}

# dialogs SET… [OPTION=VALUE…]: see dialogs.py; what it says is shown, and its last line is in $SCORE.
dialogs()
{
	local rc=0 own=$CLI4,$SRV4

	[ "$FAM" = 4 ] || own=$CLI6,$SRV6
	"${PYTHON[@]}" "$STREAM_DIR/dialogs.py" "$CLI" "$RT" "$SRV" "$(target)" own="$own" "$@" >"$TMP/dialogs" 2>&1 || rc=$?
	sed 's/^/  /' "$TMP/dialogs"
	SCORE=$(tail -n 1 "$TMP/dialogs")
	[ "$rc" = 0 ] || fail "dialogs $*"
}

# The packets that conntrack called invalid, as rules see it and as it counts itself.
invalid_packets()
{
	run_in "$RT" nft list counter inet watch invalid | sed -n 's/.*packets \([0-9]*\).*/\1/p'
	run_in "$RT" conntrack -S | tr ' ' '\n' | sed -n 's/^invalid=//p'
}

none_invalid() { ! invalid_packets | grep -qv '^0$' || fail "invalid packets: $(invalid_packets | tr '\n' ' ')"; }

# stream_topo_end: of one network; nobody's pinholes are left, as all control connections have ended.
stream_topo_end()
{
	expect_none "$RT"
	[ "$HELPER" != ctalg ] || counted ftp no-memory 0
}

# stream_rows SET…: the sets in each of this kernel's networks of the cover; nothing is lost there, and nothing may be
# invalid. Of set cuts one dialog in each network, in turns; with FULL=1 all.
stream_rows()
{
	local nat family delay offload now="" n=$SEED names
	local all=(list passive together odd)

	"${PYTHON[@]}" "$STREAM_DIR/rows.py" "${KERNEL:-$(this_kernel)}" "$(f8_seed)" >"$TMP/rows"
	while read -r nat family delay offload <&3; do
		if [ "$nat $offload" != "$now" ]; then
			stream_topo "$nat" "$offload"
			patient_hosts
			now="$nat $offload"
		fi
		FAM=$family
		names=${all[n++ % 4]}
		[ -z "${FULL:-}" ] || names=list,passive,together,odd
		say "$nat, IPv$FAM, $delay, offloads $offload (at $SECONDS s)"
		dialogs "$@" lossless=yes give_up=60 delay="$delay" names="$names"
		none_invalid
	done 3<"$TMP/rows"
	stream_topo_end
	all_well
}
