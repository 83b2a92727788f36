#!/bin/bash
# The tool refuses with the right status and one sentence: misuse, no such helper, no privilege, no module.
# REQUIRES: ctalg modules tool:setpriv
. "$(dirname "$0")/../lib.sh"

# refused STATUS WORDS COMMAND…: in the router's namespace.
refused()
{
	local want=$1 words=$2 rc=0 said

	shift 2
	said=$(run_in "$RT" "$@" 2>&1) || rc=$?
	[ "$rc" = "$want" ] || fail "\"$*\" gave $rc, not $want, and said: $said"
	[[ $said == *"$words"* ]] || fail "\"$*\" does not say \"$words\" but: $said"
}

setup_topo none nowhere
[ "$(ctalg --version)" = "$(ctalg version)" ] || fail "--version says something else than version"
nobody=(setpriv --reuid 1000 --clear-groups)
refused 1 nosuch ctalg set nosuch loose on
refused 2 '"on" or "off"' ctalg set ftp loose
refused 2 nonsense ctalg nonsense
refused 2 "" ctalg stats --nonsense
refused 1 root "${nobody[@]}" ctalg stats
refused 1 root "${nobody[@]}" ctalg set ftp loose on
unshare -Urn ctalg helpers >"$TMP/unshare.log" || fail "not in a user namespace of its own"
# shellcheck disable=SC2086 # a list of names
unload $OURS
refused 1 modprobe ctalg stats
load_helpers
all_well
