# shellcheck shell=bash
# The library of the scenarios about services, rules and the doctor: source it first. It is that of tests/netns, with a
# router whose helpers are attached by nobody yet.

SYSTEM_DIR=${BASH_SOURCE[0]%/*}
[[ $SYSTEM_DIR == /* ]] || SYSTEM_DIR=$PWD/$SYSTEM_DIR
# shellcheck source=tests/netns/lib.sh
. "$SYSTEM_DIR/../netns/lib.sh"

FILE_KB=20

# The command on the router, and what it said last.
on_router()
{
	local rc=0

	run_in "$RT" ctalg "$@" >"$TMP/said.log" 2>&1 || rc=$?
	SAID=$(<"$TMP/said.log")
	return "$rc"
}

# tells TEXT: the command has just said so; silent TEXT: it has not.
tells() { [[ $SAID == *"$1"* ]] || fail "it does not say \"$1\" but: $SAID"; }
silent() { [[ $SAID != *"$1"* ]] || fail "it says \"$1\": $SAID"; }

# An active and a passive transfer over a control connection of its own, to port 21 or another.
ftp_works()
{
	TARGET_PORT=${1:-21} ftp_script - <<-'END'
		f = Ftp()
		f.active_works()
		f.passive_works()
		f.quit()
	END
}

# The same with nobody who reads it: neither comes about.
ftp_fails()
{
	TARGET_PORT=${1:-21} ftp_script - <<-'END'
		f = Ftp()
		f.active_fails()
		f.quit()
	END
}

# serve_port N: another server, and the firewall lets it through.
serve_port()
{
	start_server peer
	server_peer "$1"
	wait_for 20 "server on port $1" listens "$SRV" tcp "$1"
	run_in "$RT" nft insert rule inet filter forward tcp dport "$1" accept
}

# configure <<END: the configuration is this; it is in $CONF.
CONF=$TMP/ctalg.conf
configure() { cat >"$CONF"; }

# The rules of everybody else.
rules_of_others() { run_in "$RT" nft -s list ruleset | sed '/^table inet ctalg {/,/^}/d'; }

# hold_ftp [STATEMENT…]: a client logs in, does that in Python with its connection f, and stays until release_ftp; then it
# does $AFTER.
hold_ftp()
{
	rm -f "$TMP/logs/held" "$TMP/logs/go"
	{
		printf 'import time\nf = Ftp()\n'
		[ $# = 0 ] || printf '%s\n' "$@"
		cat <<-'END'
			open(LOGS + "/held", "w").close()
			while not os.path.exists(LOGS + "/go"):
			    time.sleep(0.05)
		END
		printf '%s\n' "${AFTER:-}"
	} >"$TMP/held"
	start_script "$TMP/held"
	wait_for 20 "client that has logged in" test -e "$TMP/logs/held"
}

release_ftp()
{
	touch "$TMP/logs/go"
	finish_script
}

# doctor [OPTION…]: what it finds is in $FOUND, a line "result check helper says -> remedy" each.
doctor()
{
	local rc=0

	on_router doctor --json "$@" || rc=$?
	FOUND=$(jq -r '.[] | "\(.result) \(.check) \(.helper // "-") \(.says) -> \(.remedy // "")"' <<<"$SAID") ||
		fail "no JSON but: $SAID"
	if grep -q ^problem <<<"$FOUND"; then
		[ "$rc" = 1 ] || fail "with a problem it gives $rc: $FOUND"
	else
		[ "$rc" = 0 ] || fail "without a problem it gives $rc: $FOUND"
	fi
}

# finds "RESULT CHECK HELPER" [REMEDY]: the doctor has found that, and says what to do.
finds()
{
	grep -q "^$1.*-> .*${2:-}" <<<"$FOUND" || fail "it does not find \"$1\" with \"${2:-}\" but: $FOUND"
}

# finds_nothing [but CHECK]: no problem and no warning, or none but of that check.
finds_nothing()
{
	local odd

	odd=$(grep -v '^ok' <<<"$FOUND" | grep -v "^[a-z]* ${2:-nothing} " || true)
	[ -z "$odd" ] || fail "it finds what is not there: $odd"
}
