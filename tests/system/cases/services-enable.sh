#!/bin/bash
# Services are turned on and off while traffic goes on, a port at a time, and in one namespace only.
# REQUIRES: ctalg modules tool:setpriv
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

setup_topo snat nowhere
serve_port 2121
# shellcheck disable=SC2086 # a list of names
unload $OURS
on_router enable ftp
tells "ftp: module ctalg_ftp loaded"
tells "ftp: tcp port 21 gets the helper"
tells "write into /etc/ctalg.conf: ftp { enabled = true  ports = {21} }"
ftp_works
on_router enable ftp
[ "$SAID" = "nothing to change" ] || fail "enabled a second time: $SAID"
on_router enable ftp port 2121
tells "ports = {21, 2121}"
on_router disable ftp port 21
tells "ftp: tcp port 21 no longer gets the helper"
silent turned
ftp_fails
ftp_works 2121

! on_router disable ftp port 21 || fail "a port that is not there is disabled"
tells "no rule of table inet ctalg gives port 21"
! on_router enable nosuch || fail "it enables nosuch"
tells 'no helper "nosuch"; there are: ftp, sip, tftp'
! on_router enable ftp port 0 || fail "it enables port 0"
tells "ports are 1 to 65535"
! on_router enable ftp 2121 || fail "it enables without the word port"
tells 'see "ctalg enable --help"'
run_in "$RT" setpriv --reuid 1000 --clear-groups ctalg enable ftp >"$TMP/said.log" 2>&1 && fail "anybody enables"
SAID=$(<"$TMP/said.log")
tells root

# The tool enters the namespace by itself, and no other changes.
ctalg -n "$OUT" enable tftp >"$TMP/said.log"
ctalg -n "$OUT" disable ftp >>"$TMP/said.log"
[ "$(run_in "$OUT" nft list tables)" = "table inet ctalg" ] || fail "no table there"
run_in "$RT" nft list table inet ctalg | grep -q udp && fail "tftp is enabled here, too"

# Who is logged in may finish, if that is asked for; otherwise nothing of it is read any more.
AFTER='f.passive_works()' TARGET_PORT=2121 hold_ftp
on_router disable ftp --finish
tells "ftp: turned off"
release_ftp
on_router enable ftp port 2121
AFTER='f.passive_fails()' TARGET_PORT=2121 hold_ftp
on_router disable ftp --finish
on_router disable ftp
tells "ftp: flows that there are end now"
[ "$(run_in "$RT" ctalg flows --json)" = "[]" ] || fail "flows are watched still"
on_router disable ftp
[ "$SAID" = "nothing to change" ] || fail "disabled once more: $SAID"
release_ftp
on_router enable ftp port 2121
tells "ftp: turned on"
on_router disable ftp
tells "ftp: turned off"
tells "ftp { enabled = false }"
run_in "$RT" nft list tables | grep -q ctalg && fail "the table is left"
on_router enable ftp --json
[ "$(jq -c '[.[] | .what]' <<<"$SAID")" = '["enabled","rule"]' ] || fail "it says in JSON: $SAID"

# One helper, two transports: both are there or the table is written anew.
on_router enable sip
tells "sip: module ctalg_sip loaded"
tells "sip: udp+tcp port 5060 gets the helper"
sip_rules() { run_in "$RT" nft list chain inet ctalg attach | grep -c 'dport 5060 ct helper set "sip'; }
[ "$(sip_rules)" = 2 ] || fail "of rules for SIP there are $(sip_rules)"
on_router enable sip
[ "$SAID" = "nothing to change" ] || fail "SIP enabled a second time: $SAID"
run_in "$RT" nft delete rule inet ctalg attach handle \
	"$(run_in "$RT" nft -a list chain inet ctalg attach | sed -n 's/.*tcp dport 5060 .* # handle //p')"
on_router enable sip
tells "rules: table inet ctalg written anew"
[ "$(sip_rules)" = 2 ] || fail "of rules for SIP there are $(sip_rules) after one was deleted"
on_router disable sip
tells "sip: udp+tcp port 5060 no longer gets the helper"
tells "sip: turned off"

# At once: none takes away what another has done.
at_once=()
for port in 2001 2002 2003 2004; do
	run_in "$RT" ctalg enable ftp port "$port" >>"$TMP/said.log" &
	at_once+=($!)
done
wait "${at_once[@]}"
chain=$(run_in "$RT" nft list chain inet ctalg attach)
for port in 2001 2002 2003 2004; do
	[[ $chain == *"dport $port "* ]] || fail "port $port is missing: $chain"
done
all_well
