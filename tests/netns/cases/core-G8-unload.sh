#!/bin/bash
# Unload with live flows, open pinholes and data under way: the data arrives, and nothing of ours stays.
# REQUIRES: ctalg modules
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
start_script <<'END'
import time
f, idle = Ftp(), Ftp()
f.announce()
f.say("SITE PACE 4", "200")
idle.announce()
idle.ask("PASV")
f.say("RETR file", "150")
s = f.accept()
open(LOGS + "/under-way", "w").close()
got = read_all(s)
differ("RETR", WANTED, got)
for one in f, idle:
    try:
        one.say("NOOP", "200", "226")
    except ConnectionError:
        pass
END
wait_for 30 "transfer under way" test -e "$TMP/logs/under-way"
expect_seen "src=$SRV4"
run_in "$RT" nft delete table inet helper
# shellcheck disable=SC2086 # a list of names
unload $OURS
no_expectation || fail "expectations after unload: $(expectations)"
nothing_of_ours
finish_script
no_kernel_messages
load_helpers
echo OK
