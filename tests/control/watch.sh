# shellcheck shell=bash
# The library of the scenarios about what is told and set: source it first. It is that of tests/netns, with listeners.

WATCH_DIR=${BASH_SOURCE[0]%/*}
[[ $WATCH_DIR == /* ]] || WATCH_DIR=$PWD/$WATCH_DIR
# shellcheck source=tests/netns/lib.sh
. "$WATCH_DIR/../netns/lib.sh"

LISTENERS=0

# /proc/net/netlink shows the controller's group 16, which the command joins last, as bit 15.
subscribed()
{
	[ "$(run_in "$RT" grep -cE '^[0-9a-f]+ +16 +[0-9]+ +[0-9a-f]{4}[89a-f]' /proc/net/netlink)" = "$LISTENERS" ]
}

# listen LOG [ARGUMENT…]: a monitor on the router that writes JSON to $TMP/LOG.log. Sets LISTENER.
listen()
{
	local log=$1

	shift
	LISTENERS=$((LISTENERS + 1))
	start_in "$RT" "$log" ctalg --json monitor "$@"
	LISTENER=${PIDS[-1]}
	wait_for 10 "subscription" subscribed
}

# stop_listener PID: it ends well when it is asked to.
stop_listener()
{
	local rc=0

	kill "$1"
	wait "$1" || rc=$?
	[ "$rc" = 0 ] || fail "the monitor gave $rc"
	LISTENERS=$((LISTENERS - 1))
}

hush() { stop_listener "$LISTENER"; }

# heard LOG KIND [N]: so many such events, one if nothing is said, or more.
heard() { [ "$(grep -c "\"kind\":\"$2\"" "$TMP/$1.log")" -ge "${3:-1}" ]; }

wait_heard() { wait_for 15 "event $2" heard "$@"; }

# take NAME NOUN [ARGUMENT…]: keeps what the command tells as JSON, to be asked about later: J("NAME").
take() { on_router --json "${@:2}" >"$TMP/$1.json"; }

# ask <<PYTHON: heard("LOG") are the events that were heard; those() selects, one() wants exactly one.
# Starting Python or jq takes longer than all that most scenarios ask: once, at the end.
ask()
{
	PYTHONPATH=$WATCH_DIR TOLD=$TMP "${PYTHON[@]}" -c "
from watch_events import *
$(cat)" || fail "$(tail -n 1 "$TMP"/*.log | cut -c1-300)"
}

# on_router ARGUMENT…: the command, on the router.
on_router() { run_in "$RT" ctalg "$@"; }

# is WHAT WANTED GOT
is() { [ "$2" = "$3" ] || fail "$1 is \"$3\", not \"$2\""; }

# refuses STATUS WORDS COMMAND…
refuses()
{
	local want=$1 words=$2 rc=0 said

	shift 2
	said=$("$@" 2>&1) || rc=$?
	[ "$rc" = "$want" ] || fail "\"$*\" gave $rc, not $want, and said: $said"
	[[ $said == *"$words"* ]] || fail "\"$*\" does not say \"$words\" but: $said"
}

# The router forgets connections soon after their end.
short_memory() { run_in "$RT" sh -c 'echo 1 >/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait'; }

count_bytes() { run_in "$RT" sh -c "echo $1 >/proc/sys/net/netfilter/nf_conntrack_acct"; }
