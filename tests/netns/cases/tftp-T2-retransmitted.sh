#!/bin/bash
# A request sent again and again has one pinhole, and the answer gets through it.
. "$(dirname "$0")/../lib.sh"

setup_topo snat
make_files
start_in "$SRV" server "${PYTHON[@]}" -c '
import socket
s, t = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in "st")
s.bind(("198.51.100.2", 69))
t.bind(("198.51.100.2", 0))
for i in range(6):
    who = s.recvfrom(999)[1]
    print("request", i + 1, flush=True)
t.sendto(b"\0\3\0\1hello", who)
print("acked", t.recvfrom(999), flush=True)
'
wait_for 20 "server" listens "$SRV" udp 69
start_script <<'END'
import time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(WAIT)
for i in range(5):
    s.sendto(b"\0\1file\0octet\0", (TARGET, 69))
    time.sleep(0.05)
os.makedirs(LOGS, exist_ok=True)
open(LOGS + "/sent", "w").close()
while not os.path.exists(LOGS + "/go-on"):
    time.sleep(0.05)
s.sendto(b"\0\1file\0octet\0", (TARGET, 69))
data, server = s.recvfrom(999)
check(data == b"\0\3\0\1hello", "got %r" % data)
s.sendto(b"\0\4\0\1", server)
END
wait_for 20 "five requests" grep -q "request 5" "$TMP/server.log"
wait_for 20 "five requests" test -e "$TMP/logs/sent"
n=$(expectations | wc -l)
[ "$n" = 1 ] || fail "$n expectations after five requests: $(expectations)"
touch "$TMP/logs/go-on"
finish_script
wait_for 5 "acknowledgement" grep -q acked "$TMP/server.log"
counted tftp pinhole-opened 1
counted tftp pinhole-used 1
all_well
