#!/bin/bash
# A policy set in one namespace is of that one alone, and -n names it.
# REQUIRES: ctalg tool:jq
. "$(dirname "$0")/../lib.sh"

setup_topo none
loose_in() { ctalg -n "$1" helpers --json | jq '.[] | select(.name == "ftp").loose'; }

ctalg -n "$RT" set ftp loose on any-source on
[ "$(loose_in "$RT") $(loose_in "$IN")" = "true false" ] || fail "loose is $(loose_in "$RT") and $(loose_in "$IN")"
ctalg -n "$RT" helpers --json | jq -e '.[] | select(.name == "tftp") | .any_source | not' >"$TMP/jq.log" ||
	fail "tftp changed with ftp"
run_in "$RT" ctalg set ftp loose off any-source off
[ "$(loose_in "$RT")" = false ] || fail "loose stays on"
all_well
