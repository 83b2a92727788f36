#!/bin/bash
# Requests that are none (short, no mode, no end, other opcodes, big) arrive as they are and open nothing.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
make_files
start_in "$SRV" server "${PYTHON[@]}" -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("198.51.100.2", 69))
while True:
    print(s.recvfrom(9999)[0].hex()[:99], flush=True)
'
wait_for 20 "server" listens "$SRV" udp 69
ftp_script <<'END'
BAD = (b"\0\1", b"\0\1file", b"\0\1file\0", b"\0\1file\0octet", b"\0\2\0octet\0", b"\0\1file\0strange\0",
       b"\0\1" + b"a" * 1400, b"\0\3\0\1data", b"\0\5\0\1no\0", b"\0\x09file\0octet\0", b"\0", b"", b"GET / HTTP/1.0\r\n\r\n")
with open(LOGS + "-sent", "w") as sent:
    for one in BAD:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(one, (TARGET, 69))
        sent.write(one.hex()[:99] + "\n")
END
same() { cmp -s "$TMP/logs-sent" "$TMP/server.log"; }
wait_for 10 "same requests at the server" same
no_expectation || fail "something opened: $(expectations)"
counted tftp malformed-request 7
counted tftp pinhole-opened 0
all_well
