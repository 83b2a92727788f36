#!/bin/bash
# What is refused, not understood, left unread, limited, detached, reset and handed over is told, with flow and reason.
# REQUIRES: ctalg
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

setup_topo snat
listen all
listen some pinhole-refused limit
start_server peer
start_script <<'END'
import time
from tls_like import Records

f = Ftp()
f.say("PORT 10,0,0,9,100,1", "200")
f.say("PORT 1,2,3", "200")
f.active_works()
tls = Ftp()
tls.start_tls(Records())
for i in range(3):
    tls.say_in_tls("NOOP")
    time.sleep(0.1)
web = socket.create_connection((TARGET, 21), WAIT)
web.recv(100)
web.sendall(b"GET / HTTP/1.0\r\n\r\n")
web.recv(100)
step("lenient")
try:
    long = Ftp()
    long.send(b"x" * 100000)
    long.reply()
    check(False, "the connection with a long line goes on")
except ConnectionResetError:
    pass
step("talked")
f.announce()
step("limited")
f.say("NOOP", "200")
half = Ftp()
half.active_works()
half.send("NO")
step("edited")
f.say("NOOP", "200")
f.quit()
END
wait_for 30 "lenient talk" test -e "$TMP/logs/lenient"
on_router set ftp strict on
touch "$TMP/logs/after-lenient"
wait_for 30 "talk" test -e "$TMP/logs/talked"
on_router limits flow-pinholes 0
touch "$TMP/logs/after-talked"
wait_for 10 "refusal" test -e "$TMP/logs/limited"
on_router limits flow-pinholes default
touch "$TMP/logs/after-limited"
wait_for 20 "edited flows" test -e "$TMP/logs/edited"
on_router set ftp enabled off
touch "$TMP/logs/after-edited"
finish_script
wait_heard all handover
hush
stop_listener "${PIDS[0]}"

ask <<'END'
E = heard("all")
first = E[0]["flow"]
has(one(E, "pinhole-refused"), flow=first, reason="third-party-address", message="PORT", direction="orig",
    user="anonymous", helper="ftp", src="10.0.0.2", dst_port=21)
has(one(E, "malformed"), flow=first, reason="malformed-port", message="PORT")
tls = one(E, "unread", reason="tls-control-channel")
assert tls["flow"] != first, tls
web = one(E, "unread", reason="not-the-protocol")
assert web["flow"] in {e["flow"] for e in those(E, "detach")}, those(E, "detach")
reset = those(E, "reset")
assert len({e["flow"] for e in reset}) == len(reset) == 2, reset
assert one(E, "unread", reason="too-long")["flow"] == reset[0]["flow"], reset
has(one(E, "limit"), flow=first, reason="flow-pinhole-limit", message="PORT", user="anonymous")
has(one(E, "handover"), flow=first, helper="ftp")
assert [e["kind"] for e in heard("some")] == ["pinhole-refused", "limit"], heard("some")
END
all_well
