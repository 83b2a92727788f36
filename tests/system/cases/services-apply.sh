#!/bin/bash
# The configuration and what it makes of the system: applied twice it changes nothing, a mistake changes nothing, what is no
# longer wanted goes.
# REQUIRES: ctalg modules
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

apply() { on_router apply --config "$CONF" "$@"; }

setup_topo snat nowhere
serve_port 2121
# shellcheck disable=SC2086 # a list of names
unload $OURS
others=$(rules_of_others)
configure <<'END'
ftp { enabled = true  ports = {21} }
tftp { enabled = true }
END
apply --dry-run
tells "would change ftp: module ctalg_ftp loaded"
tells "would change tftp: udp port 69 gets the helper"
! loaded ctalg || fail "a dry run loads modules"
run_in "$RT" nft list tables | grep -q ctalg && fail "a dry run loads rules"

apply
tells "ftp: module ctalg_ftp loaded"
tells "ftp: tcp port 21 gets the helper"
silent turned
ftp_works
apply
[ "$SAID" = "nothing to change" ] || fail "applied a second time: $SAID"
[ "$(run_in "$RT" nft list table inet ctalg | grep -c 'ct helper set')" = 2 ] || fail "the rules are others"

configure <<'END'
ftp { ports = {2121}  loose = yes  enabled = maybe }
END
! apply || fail "a mistake is applied"
tells "$CONF:1: invalid boolean value"
configure <<'END'
ftp {
	ports = {2121}
	loose = yes
	lifetime = 60
	outside-ports = "45000-45009"
}
tftp { enabled = false }
limits { session-pinholes = 3 }
END
apply
tells "ftp: loose turned on"
tells "ftp: lifetime is 60 s, was 300 s"
tells "ftp: outside ports are 45000-45009, were any"
tells "limits: session-pinholes is 3, was 16"
tells "ftp: tcp port 21 no longer gets the helper"
tells "ftp: tcp port 2121 gets the helper"
tells "tftp: turned off"
tells "tftp: udp port 69 no longer gets the helper"
apply
[ "$SAID" = "nothing to change" ] || fail "applied once more: $SAID"
ftp_works 2121
ftp_fails
on_router helpers --json
[ "$(jq -c '[.[] | select(.name == "ftp" or .name == "tftp") | [.enabled, .loose]]' <<<"$SAID")" = "[[true,true],[false,false]]" ] ||
	fail "the helpers are otherwise: $SAID"

run_in "$RT" nft add rule inet ctalg attach tcp dport 7 ct helper set ftp
apply
tells "rules: table inet ctalg written anew"
run_in "$RT" nft delete rule inet ctalg output handle "$(run_in "$RT" nft -a list chain inet ctalg output | sed -n 's/.*jump attach # handle //p')"
apply
tells "rules: table inet ctalg written anew"

run_in "$RT" nft 'add table inet ctalg { flags dormant; }'
run_in "$RT" nft list table inet ctalg | grep dormant >/dev/null || fail "the table is not dormant"
run_in "$RT" ctalg doctor --config "$CONF" >"$TMP/said.log" && fail "to the doctor a dormant table is well"
grep -q "no rule attaches it" "$TMP/said.log" || fail "of a dormant table it says: $(<"$TMP/said.log")"
apply
tells "rules: table inet ctalg written anew"
ftp_works 2121

configure <<<'ftp { enabled = false }'
apply --json
[ "$(jq -c '[.[] | .about + " " + .what]' <<<"$SAID")" = \
	'["ftp enabled","ftp loose","ftp lifetime","ftp outside-ports","limits session-pinholes","ftp rule"]' ] || fail "it says in JSON: $SAID"
ftp_fails 2121
run_in "$RT" nft list tables | grep -q ctalg && fail "the table is left"
[ "$(rules_of_others)" = "$others" ] || fail "the rules of others are changed: $(rules_of_others)"
all_well
