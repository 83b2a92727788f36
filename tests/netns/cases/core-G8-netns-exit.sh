#!/bin/bash
# A namespace ends with hundreds of live flows, open pinholes and data under way: all is freed, and the modules unload.
# REQUIRES: ctalg modules
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
FETCH_TIME=60 start_script <<'END'
f, idle = Ftp(), Ftp()
f.announce()
f.say("SITE PACE 60", "200")
idle.announce()
idle.ask("PASV")
f.say("RETR file", "150")
s = f.accept()
s.recv(1)
open(LOGS + "/under-way", "w").close()
read_all(s)
END
wait_for 30 "transfer under way" test -e "$TMP/logs/under-way"
expect_seen "src=$SRV4"
tftp_requests 600
ip netns del "$RT"
stop "$SCRIPT"
# shellcheck disable=SC2086 # a list of names
unload $OURS
nothing_of_ours
no_kernel_messages
load_helpers
echo OK
