#!/bin/bash
# A line too long to be held, or no memory to hold any: it passes unread and uncorrupted, or by policy ends the connection.
# REQUIRES: ctalg modules
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
ftp_script <<'END'
f = Ftp()
f.start_log()
f.send(b"x" * 100000)
f.say("", "500")
f.same_on_both_sides()
f.active_works()
f.quit()
END
[ "$(counter ftp too-long)" -gt 0 ] || fail "a line of 100,000 bytes is not counted as too long"

run_in "$RT" ctalg limits memory 0
ftp_script <<'END'
f = Ftp()
f.start_log()
f.send("PO")
f.say("RT 10,0,0,2,200,10", "200")
f.same_on_both_sides()
f.active_fails()
f.quit()
END
counted ftp pinhole-opened 1
counted ftp edit 1
[ "$(counter ftp memory-limit)" -gt 2 ] || fail "used-up memory is not counted"
run_in "$RT" ctalg limits memory 32M

run_in "$RT" ctalg set ftp strict on
ftp_script <<'END'
f = Ftp()
try:
    f.send(b"x" * 100000)
    f.reply()
    check(False, "the connection goes on")
except ConnectionResetError:
    pass
f = Ftp()
f.active_works()
f.quit()
END
counted ftp connection-reset 1
closed() { run_in "$RT" conntrack -L -p tcp --dport 21 2>/dev/null | grep -q CLOSE; }
closed || fail "the tracking does not know of the reset"
server_has() { run_in "$SRV" ss -Htn state established "sport = :21" | grep -q .; }
wait_for 10 "reset of the server's end" not server_has
all_well
