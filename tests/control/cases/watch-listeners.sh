#!/bin/bash
# Who hears: one's own namespace and no other, root and nobody else; a listener ends when asked to, without a reader, without the module.
# KERNELS: 6.1
# REQUIRES: ctalg modules tool:setpriv
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

setup_topo none
listen here
HERE=$LISTENER
LISTENERS=0
RT=$OUT listen elsewhere
start_server tftpd_hpa
transfer tftphpa ""
wait_heard here pinhole-used
[ ! -s "$TMP/elsewhere.log" ] || fail "another namespace hears $(<"$TMP/elsewhere.log")"
RT=$OUT hush
LISTENERS=1 LISTENER=$HERE
ask <<'END'
E = heard("here")
in_order(E, "session-begin", "pinhole-open", "pinhole-used")
assert all(e["helper"] == "tftp" and e["l4"] == "udp" and e["dst_port"] == 69 for e in E), E
END

refuses 1 root run_in "$RT" setpriv --reuid 1000 --clear-groups "$(command -v ctalg)" monitor
refuses 1 root run_in "$RT" setpriv --reuid 1000 --clear-groups "$(command -v ctalg)" status
refuses 2 "no kind" on_router monitor nonsense

# nobody reads: it ends at once, with nothing to write, and well
mkfifo "$TMP/pipe"
run_in "$RT" ctalg monitor >"$TMP/pipe" &
pid=$!
exec 5<"$TMP/pipe"
LISTENERS=2
wait_for 10 "second subscription" subscribed
exec 5<&-
ended() { ! kill -0 "$pid" 2>/dev/null; }
wait_for 5 "end without a reader" ended
wait "$pid" || fail "without a reader it gave $?"

# a person reads words
LISTENERS=1
start_in "$RT" words env TZ=UTC ctalg monitor
LISTENERS=2
wait_for 10 "third subscription" subscribed
transfer tftphpa ""
words() { grep -qE '^20[0-9-]+ [0-9:]+\.[0-9]{3} tftp #[0-9]+ 10.0.0.2:[0-9]+ > 198.51.100.2:69: pinhole [0-9]+ is used, udp' "$TMP/words.log"; }
wait_for 5 "words" words
! grep -q $'\033' "$TMP/words.log" || fail "colour in a file"
kill -INT "${PIDS[-1]}"
wait "${PIDS[-1]}" || fail "^C gave $?"

# the module goes
run_in "$RT" nft flush ruleset
# shellcheck disable=SC2086 # a list of names
unload $OURS
rc=0
wait "$HERE" || rc=$?
is "status without the module" 1 "$rc"
grep -q "has been unloaded" "$TMP/here.log" || fail "it does not say that the module went"
refuses 1 "not loaded" on_router monitor
refuses 1 "modprobe" on_router status
refuses 1 '"loaded": false' on_router --json status
load_helpers
all_well
