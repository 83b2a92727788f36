#!/bin/bash
# What somebody sent as USER is shown escaped: no terminal sequence gets out, and JSON stays JSON.
# REQUIRES: ctalg tool:jq
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
start_script <<'END'
f = Ftp(login=False)
f.say('USER eve\x1b[31m"\\\x80', "331")
f.announce()
open(LOGS + "/open", "w").close()
import time
while not os.path.exists(LOGS + "/close"):
    time.sleep(0.05)
END
wait_for 20 "session" test -e "$TMP/logs/open"
for noun in sessions pinholes; do
	run_in "$RT" ctalg "$noun" >"$TMP/$noun.log"
	! LC_ALL=C grep -q '[^ -~]' "$TMP/$noun.log" || fail "raw bytes in ctalg $noun"
	grep -qF 'eve\x1b[31m' "$TMP/$noun.log" || fail "no user in ctalg $noun"
	run_in "$RT" ctalg --json "$noun" | jq -er '.[0].user' | grep -qF 'eve\x1b[31m"' ||
		fail "another user in JSON: $(run_in "$RT" ctalg --json "$noun")"
done
touch "$TMP/logs/close"
finish_script
all_well
