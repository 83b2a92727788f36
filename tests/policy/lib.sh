# shellcheck shell=bash
# The library of the scenarios about policy: source it first. It is that of tests/control, with policies.

POLICY_DIR=${BASH_SOURCE[0]%/*}
[[ $POLICY_DIR == /* ]] || POLICY_DIR=$PWD/$POLICY_DIR
# shellcheck source=tests/control/watch.sh
. "$POLICY_DIR/../control/watch.sh"

# policy <<END: the router's policy from now on. Its lines are what rules are called by.
policy()
{
	cat >"$TMP/policy"
	on_router policy load "$TMP/policy" || fail "the policy was not loaded"
}

no_policy() { on_router policy load --none; }

# at STEP <<POLICY: when the script has come to that step, another policy, and it goes on.
at()
{
	wait_for 30 "step $1" test -e "$TMP/logs/$1"
	policy
	touch "$TMP/logs/after-$1"
}
