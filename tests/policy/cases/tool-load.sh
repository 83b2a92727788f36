#!/bin/bash
# A policy is loaded whole or not at all, shown as it was said, asked, replaced and taken away; each namespace has its own.
# KERNELS: 6.1
# REQUIRES: ctalg modules
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../../system/services.sh"

POLICY=$TMP/test.policy
apply() { on_router apply --config "$CONF" "$@"; }

# The policy that is loaded, without the lines in which its rules stood.
# shellcheck disable=SC2001 # a pattern
shown() { on_router policy show && sed 's/  # line [0-9]*$//' <<<"$SAID"; }

setup_topo snat nowhere
configure <<<'ftp { enabled = true  ports = {21} }'
cat >"$POLICY" <<'END'
set office { 10.0.0.0/24, 10.0.1.0-10.0.1.99, 2001:db8:1::/48 }
limit logins 3 sessions per user
ftp {
	deny writes inside not office user "a*", "b?" answer 550 "No \"writing\""
	limit logins PASS
	outside-ports 40000-49999 block 64 inside 10.0.0.0/25
}
any { strict; hide mark 0x10/0xff zone 3 }
END
apply
on_router policy show
[ "$SAID" = "There is no policy." ] || fail "before there is one: $SAID"

apply --policy "$POLICY" --dry-run
tells "would change policy: rules of the file loaded: 5, were 0"
apply --policy "$POLICY"
tells "policy: rules of the file loaded: 5, were 0"
on_router status
[[ $SAID == *"A policy with 5 rules is loaded."* ]] || fail "the status does not tell of the policy"
apply --policy "$POLICY"
[ "$SAID" = "nothing to change" ] || fail "applied once more: $SAID"
apply
tells "there is no /etc/ctalg.policy, and the policy that is loaded stays"
on_router policy test ftp STOR --inside 10.0.9.9 --user Bo
tells 'by             line 4: deny writes user "a*", "b?" inside not office answer 550 "No \"writing\""'
on_router policy test ftp STOR --inside 10.0.1.99 --user Bo
tells "allow: ftp STOR"
run_in "$SRV" ctalg policy show >"$TMP/said.log"
grep -q "There is no policy" "$TMP/said.log" || fail "another namespace has one: $(<"$TMP/said.log")"

before=$(shown)
echo "$before" >"$TMP/again.policy"
on_router policy load "$TMP/again.policy"
[ "$(shown)" = "$before" ] || fail "what is shown says something else: $(shown)"

configure <<<'ftp { enabled = true  loose = yes }'
echo 'ftp { deny FOO }' >"$TMP/wrong.policy"
! apply --policy "$TMP/wrong.policy" || fail "a mistake is applied"
tells "$TMP/wrong.policy:1:12: \"FOO\" is no command of ftp"
! on_router policy load "$TMP/wrong.policy" || fail "a mistake is loaded"
[ "$(shown)" = "$before" ] || fail "a mistake changes the policy"
on_router helpers --json
[ "$(jq -c '.[] | select(.name == "ftp") | .loose' <<<"$SAID")" = false ] || fail "beside a mistake the rest is applied"

# More than one piece, and more than a socket sends by itself.
{
	echo 'ftp {'
	seq -f '	deny STOR user "user-%.0f" answer 550 "not you"' 1 2000
	echo '}'
} >"$TMP/large.policy"
on_router policy load "$TMP/large.policy"
on_router policy show --json
[ "$(jq length <<<"$SAID")" = 2000 ] || fail "of 2000 rules there are $(jq length <<<"$SAID")"
on_router policy test ftp STOR --user USER-1999
tells "line 2000: deny STOR user \"user-1999\""
sysctl -qw net.core.wmem_max=16384
! unshare -rn ctalg policy load "$TMP/large.policy" 2>"$TMP/said.log" || fail "without privilege it sends as much as it likes"
grep -q "more than net.core.wmem_max lets this namespace send" "$TMP/said.log" || fail "it says: $(<"$TMP/said.log")"
unshare -rn sh -c "ctalg policy load '$POLICY' && ctalg policy show" | grep -q 'deny writes' || fail "in a namespace of users nothing is loaded"

# Read while it is replaced: always one of the two, whole.
(for _ in $(seq 3); do
	run_in "$RT" ctalg policy load "$POLICY"
	run_in "$RT" ctalg policy load "$TMP/large.policy"
done) &
replacing=$!
while kill -0 "$replacing" 2>/dev/null; do
	on_router policy show
	n=$(grep -c '  # line ' <<<"$SAID")
	case $n in 5 | 2000) ;; *) fail "half a policy is shown, $n rules: $(head -n 3 <<<"$SAID")" ;; esac
done
wait "$replacing"

: >"$TMP/empty.policy"
apply --policy "$TMP/empty.policy"
tells "policy: rules taken away: 2000"
on_router policy show
[ "$SAID" = "There is no policy." ] || fail "after it was taken away: $SAID"
on_router policy load "$POLICY"
on_router policy load --none
on_router policy show
[ "$SAID" = "There is no policy." ] || fail "with --none there still is one: $SAID"
all_well
