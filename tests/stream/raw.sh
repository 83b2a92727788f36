# shellcheck shell=bash
# The library of the namespaces, and TCP by hand (rawtcp.py).

STREAM_DIR=${BASH_SOURCE[0]%/*}
[[ $STREAM_DIR == /* ]] || STREAM_DIR=$PWD/$STREAM_DIR

# shellcheck source=tests/netns/lib.sh
. "$STREAM_DIR/../netns/lib.sh"

# An inside address that is longer than what it becomes outside, so that an edit removes bytes.
LONG4=192.168.100.200 LONG6=fd00:1::1111:2222:3333:4444

# raw_topo MODE [HOOK…]: as setup_topo; the hosts' own TCP stays out of it, and checksums are in the packets.
raw_topo()
{
	local ns

	setup_topo "$@"
	long_addresses
	for ns in "$CLI" "$SRV"; do
		run_in "$ns" nft add table inet quiet '{ chain in { type filter hook input priority -300; meta l4proto tcp drop; }; }'
	done
	run_in "$RT" ethtool -K in0 tx off gso off tso off >/dev/null
	run_in "$RT" ethtool -K out0 tx off gso off tso off >/dev/null
}

long_addresses()
{
	ip -n "$IN" -batch - <<-END
		addr add $LONG4/24 dev eth0
		addr add $LONG6/64 dev eth0
	END
	ip -n "$RT" addr add "${LONG4%.*}.1/24" dev in0
}

# long_inside: the networks made after it have the longer address for their inside host.
long_inside() { IN4=$LONG4 RIN4=${LONG4%.*}.1; }

# raw_script: standard input is a script over rawtcp.py; real_script: over realtcp.py.
raw_script() { both_script "from rawtcp import *; start()"; }
real_script() { both_script "from realtcp import *"; }

both_script()
{
	{ echo "$1"; cat; } >"$TMP/script"
	CLI=$CLI SRV=$SRV RT=$RT CLI4=$CLI4 CLI6=$CLI6 SRV4=$SRV4 SRV6=$SRV6 TO4=$TO4 TO6=$TO6 \
		LONG4=$LONG4 LONG6=$LONG6 OUTSIDE=$ROUT4 PYTHONPATH="$STREAM_DIR" \
		timeout "${RAW_TIME:-40}" "${PYTHON[@]}" "$TMP/script" 2>"$TMP/script.log" ||
		fail "the script: $(tail -n 3 "$TMP/script.log")"
}
