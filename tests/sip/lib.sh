# shellcheck shell=bash
# The library of the SIP scenarios: source it first. It is that of tests/netns, with SIP's rules, scripted peers, and cases:
# what works or does not, each on a line "CASE works|fails S1-name words".
#
#   NETWORKS="snat dnat"   where scripted peers meet (default: see networks)
#   INSIDE=1               where NAT does not say who is inside, a policy does
#   RULES="sip { … }"      a policy that also says this, wherever ours is
#   RECORD=1               what mainline's helper does is not compared with tests/sip/mainline.txt

PROTOCOLS=sip
SIP_DIR=${BASH_SOURCE[0]%/*}
[[ $SIP_DIR == /* ]] || SIP_DIR=$PWD/$SIP_DIR
# shellcheck source=tests/netns/lib.sh
. "$SIP_DIR/../netns/lib.sh"

CONTROL_TCP=5060 CONTROL_UDP=5060
SECOND4=10.0.0.3 SECOND6=fd00:1::3
CASES_SEEN=$TMP/cases
: >"$CASES_SEEN"

# Instead of FTP's and TFTP's: SIP, over both transports.
nft_helper()
{
	[ "$HELPER" != none ] || return 0
	cat <<-END
		table inet helper {
			ct helper sip-udp { type "sip" protocol udp; }
			ct helper sip-tcp { type "sip" protocol tcp; }
			chain pre {
				type filter hook prerouting priority -150
				udp dport 5060 ct helper set "sip-udp"
				tcp dport 5060 ct helper set "sip-tcp"
			}
		}
	END
}

# sip_topo NETWORK: the one before ends. There are two hosts inside, and two outside.
sip_topo()
{
	[ -z "${RT:-}" ] || sip_topo_end
	NETWORK=$1 TAG=$1-$RANDOM
	setup_topo "$1"
	ip -n "$IN" -batch - <<-END
		addr add $SECOND4/24 dev eth0
		addr add $SECOND6/64 dev eth0
	END
	[ -z "${UDP_TIMEOUT:-}" ] || short_udp "$UDP_TIMEOUT"
	case ${RULES:+1}${INSIDE:-}$HELPER$1 in 1ctalgnone* | 1ctalg*nat* | 1ctalgmasq*) tell_inside ;; esac
	say "$1"
}

# room_for_trunks: the kernel's own table of expectations is made for less.
room_for_trunks()
{
	EXPECT_MAX=/proc/sys/net/netfilter/nf_conntrack_expect_max
	[ -e /proc/modules ] || return 0
	EXPECT_MAX_WAS=$(<"$EXPECT_MAX")
	at_exit expect_max_as_it_was
	echo 65536 >"$EXPECT_MAX"
}

expect_max_as_it_was() { echo "$EXPECT_MAX_WAS" >"$EXPECT_MAX"; }

# nothing_refused: every pinhole that was asked for was opened.
nothing_refused()
{
	local said

	[ "$HELPER" = ctalg ] || return 0
	said=$(run_in "$RT" ctalg stats --json | jq -c '.sip | with_entries(select((.key | test("-limit$|^no-free-port$")) and
		(.value.orig // 0) + (.value.reply // 0) > 0))')
	[ "$said" = "{}" ] || fail "refused: $said"
}

# tell_inside: which hosts are inside.
tell_inside()
{
	printf 'set inside { %s, %s }\n%s\n' "${IN4%.*}.0/24" "${SECOND6%::*}::/64" "${RULES:-}" >"$TMP/inside.policy"
	run_in "$RT" ctalg policy load "$TMP/inside.policy"
}

# short_udp SECONDS: the router forgets UDP flows soon.
short_udp() { run_in "$RT" sh -c "cd /proc/sys/net/netfilter; echo $1 >nf_conntrack_udp_timeout; echo $1 >nf_conntrack_udp_timeout_stream"; }

# sip_topo_end: when its flows end, so does all that was opened for them.
sip_topo_end()
{
	run_in "$RT" conntrack -F 2>/dev/null
	expect_none "$RT"
}

# networks FIRST OTHER…: where scripted peers meet: in the first, which mainline's helper is measured in, and with ours in one of the
# others, which the seed and the kernel choose; with FULL=1 in all.
networks()
{
	if [ -n "${NETWORKS:-}" ]; then
		echo "$NETWORKS"
	elif [ "$HELPER" != ctalg ] || [ $# = 1 ]; then
		echo "$1"
	elif [ -n "${FULL:-}" ]; then
		echo "$@"
	else
		echo "$1 $(one_of "${@:2}")"
	fi
}

# one_of WORD…: which, the seed and the kernel choose; with FULL=1 all.
one_of()
{
	local n

	if [ -n "${FULL:-}" ]; then
		echo "$@"
		return
	fi
	n=$(cksum <<<"${PAIRWISE:-1} ${KERNEL:-$(this_kernel)} $NAME" | cut -d' ' -f1)
	shift $((n % $#))
	echo "$1"
}

# scripted [NETWORK…] <<PYTHON: the peers' script, see peers.py, in the networks that networks() chooses from these, or from all.
scripted()
{
	local network

	[ $# -gt 0 ] || set -- snat masquerade dnat none none6 nat66-snat nat66-dnat
	cat - >"$TMP/script.py"
	for network in $(networks "$@"); do
		sip_topo "$network"
		script "$TMP/script.py"
	done
}

# begin_script <<PYTHON: in the network that there is, in the background, to be looked at where it says step(NAME).
begin_script()
{
	cat - >"$TMP/script.py"
	script "$TMP/script.py" >"$TMP/script.out" 2>&1 </dev/null &
	SCRIPT=$!
}

await_step() { wait_for 60 "step $1" test -e "$TMP/$1"; }

go_on() { touch "$TMP/after-$1"; }

end_script()
{
	local rc=0

	wait "$SCRIPT" || rc=$?
	cat "$TMP/script.out"
	[ "$rc" = 0 ] || fail "the script gave $rc"
}

# script FILE: in the network that there is.
script()
{
	local rc=0

	env HELPER="$HELPER" NETWORK="$NETWORK" MODE="$MODE" FAM="$FAM" IN="$IN" OUT="$OUT" RT="$RT" IN4="$IN4" IN6="$IN6" \
		OUT4="$OUT4" OUT6="$OUT6" OUT4B="$OUT4B" OUT6B="$OUT6B" ROUT4="$ROUT4" ROUT6="$ROUT6" RIN4="$RIN4" RIN6="$RIN6" \
		SECOND4="$SECOND4" SECOND6="$SECOND6" KERNEL="${KERNEL:-$(this_kernel)}" FULL="${FULL:-}" PAIRWISE="${PAIRWISE:-1}" LOGS="$TMP" \
		PYTHONPATH="$SIP_DIR" "${PYTHON[@]}" -c "import peers
exec('from peers import *\n' + open('$1').read(), {})
peers.finish()" >"$TMP/said" 2>&1 || rc=$?
	sed "s/^CASE \([a-z]* [^ ]*\)/&@$NETWORK/" "$TMP/said"
	[ "$rc" -le 1 ] || fail "the script gave $rc"
	! grep -q '^Traceback' "$TMP/said" || fail "the script is wrong"
	sed -n "s/^CASE \([a-z]* [^ ]*\).*/\1@$NETWORK/p" "$TMP/said" >>"$CASES_SEEN"
}

# end_processes: those that a case has started and not stopped.
end_processes()
{
	local pid

	for pid in "${PIDS[@]}"; do
		kill -9 -- "-$pid" 2>/dev/null || true
	done
}

# works LINE-NAME COMMAND…: a case that a command is. What it says is shown if it fails.
works()
{
	local name=$1 rc=0

	shift
	(
		PIDS=() CLEANUPS=() NAMESPACES=()
		trap end_processes EXIT
		"$@"
	) >"$TMP/said" 2>&1 </dev/null &
	wait "$!" || rc=$?
	if [ "$rc" = 0 ]; then
		printf 'CASE works %s\n' "$name@$NETWORK"
		echo "works $name@$NETWORK" >>"$CASES_SEEN"
	else
		printf 'CASE fails %s %s\n' "$name@$NETWORK" "$(tail -n 3 "$TMP/said" | tr '\n' ' ')"
		echo "fails $name@$NETWORK" >>"$CASES_SEEN"
	fi
}

# all_cases: what every scenario ends with. All have to work; with mainline's helper, those that did.
all_cases()
{
	[ -s "$CASES_SEEN" ] || fail "there was no case"
	sip_topo_end
	no_kernel_messages
	case $HELPER in
	ctalg) ! grep -q ^fails "$CASES_SEEN" || fail "$(grep -c ^fails "$CASES_SEEN") of $(wc -l <"$CASES_SEEN") cases" ;;
	mainline) [ -n "${RECORD:-}" ] || as_recorded ;;
	esac
	echo "OK"
}

# as_recorded: mainline.txt has a line for each case, and a column for each kernel.
as_recorded()
{
	awk -v kernel="${KERNEL:-$(this_kernel)}" '
		FNR == NR && $1 == "case" { for (i = 2; i <= NF; i++) if ($i == kernel) column = i }
		FNR == NR { was[$1] = $column; next }
		{ sub(/@.*/, "", $2) }
		was[$2] != $1 { print $2 " " $1 ", and " (was[$2] ? was[$2] : "nothing") " is recorded"; bad = 1 }
		END { exit bad }' "$SIP_DIR/mainline.txt" "$CASES_SEEN" || fail "mainline's helper does not do as recorded"
}
