#!/bin/bash
# Unload and upgrade under sessions that were edited: the kernel adjusts from there; what is not at rest is reset, never garbled.
# REQUIRES: ctalg modules
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

ROUTERS=()
mkdir -p "$TMP/logs"

# network NAME MODE: a router of its own with its hosts and a server; the script learns of it.
network()
{
	TAG=$1-$RANDOM
	setup_topo "$2"
	[ "$2" != snat ] || long_addresses
	start_server peer
	ROUTERS+=("$RT")
	printf '%s %s %s %s\n' "$1" "$CLI" "$TO4" "$TO6" >>"$TMP/logs/networks"
}

rules()
{
	local RT

	for RT in "${ROUTERS[@]}"; do
		if [ "$1" = on ]; then
			nft_helper | run_in "$RT" nft -f -
		else
			run_in "$RT" nft delete table inet helper
		fi
	done
}

reached() { wait_for 60 "step \"$1\" of the script ($(tail -n 1 "$TMP/script.log"))" test -e "$TMP/logs/$1"; }
go_on() { : >"$TMP/logs/$1.go"; }

# adjusted ROUTER: a line for each control connection: client, server, what the kernel adds each way.
adjusted() { run_in "$1" "${PYTHON[@]}" "$STREAM_DIR/ctnetlink.py"; }

# shown ROUTER FIELD: the offsets that our own interface shows, each once.
shown() { run_in "$1" ctalg --json flows | jq -r "[.. | .$2? // empty] | unique | join(\" \")"; }

# connections NS N: so many are open on the server.
connections() { [ "$(run_in "$1" grep -c ':0015 [0-9A-F]*:[0-9A-F]* 01 ' /proc/net/tcp6)" = "$2" ]; }

network snat snat
SERVER=$SRV
network dnat dnat
long_inside
network dnatlong dnat
start_script "$STREAM_DIR/handover.py"
reached edited
[ "$(shown "${ROUTERS[0]}" orig_offset)" = "-18 -3 0 4" ] || fail "flows show $(shown "${ROUTERS[0]}" orig_offset)"
[ "$(shown "${ROUTERS[2]}" reply_offset)" = "-3" ] || fail "flows show $(shown "${ROUTERS[2]}" reply_offset)"
rules off
unload ctalg_ftp
# 10.0.0.2 becomes 198.51.100.1 (4 more), 192.168.100.200 too (3 less); fd00:1::2 is as long as fd00:2::1
adjusted "${ROUTERS[0]}" >"$TMP/snat.log"
sort >"$TMP/wanted" <<-END
	10.0.0.2 198.51.100.2 4 0
	192.168.100.200 198.51.100.2 -3 0
	fd00:1::1111:2222:3333:4444 fd00:2::2 -18 0
	fd00:1::2 fd00:2::2 None None
END
for line in 1 2 3 4; do
	grep -qxF "$(sed -n "${line}p" "$TMP/wanted")" "$TMP/snat.log" || fail "not handed over: $(sed -n "${line}p" "$TMP/wanted")"
done
adjusted "${ROUTERS[1]}" | tee "$TMP/dnat.log" | grep -qx "198.51.100.2 198.51.100.1 0 4" || fail "not handed over: a reply that grew"
adjusted "${ROUTERS[2]}" | tee "$TMP/dnatlong.log" | grep -qx "198.51.100.2 198.51.100.1 0 -3" ||
	fail "not handed over: a reply that shrank"
kernel_log | grep -qE 'ctalg: helper "ftp": [0-9]+ connections were handed over to the kernel, 3 were reset' ||
	fail "the log does not say it: $(kernel_log | grep ctalg)"
go_on edited
reached over
wait_for 20 "end of those that were reset, on the server, too" connections "$SERVER" 5
modprobe ctalg_ftp
rules on
go_on over
reached again
rules off
# shellcheck disable=SC2086 # a list of names
unload $OURS
load_helpers
rules on
go_on again
finish_script
for RT in "${ROUTERS[@]}"; do
	run_in "$RT" conntrack -F 2>/dev/null
done
all_well
