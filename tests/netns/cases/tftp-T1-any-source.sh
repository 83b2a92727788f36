#!/bin/bash
# A server that answers from another of its addresses gets through only where "any-source" is on.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo snat
make_files
start_in "$SRV" server "${PYTHON[@]}" -c '
import socket
s, t = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in "st")
s.bind(("198.51.100.2", 69))
t.bind(("198.51.100.3", 0))
while True:
    t.sendto(b"\0\3\0\1hello", s.recvfrom(999)[1])
    t.settimeout(1)
    try:
        print("acked", t.recvfrom(999), flush=True)
    except OSError:
        pass
'
wait_for 20 "server" listens "$SRV" udp 69
ask()
{
	ftp_script <<-END
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout($1)
		s.sendto(b"\0\1file\0octet\0", (TARGET, 69))
		try:
		    data, server = s.recvfrom(999)
		except socket.timeout:
		    data, server = b"", None
		check((data == b"\0\3\0\1hello") == $2, "got %r from %s" % (data, server))
		if server:
		    s.sendto(b"\0\4\0\1", server)
	END
}
ask 2 False
run_in "$RT" ctalg set tftp any-source on
ask 20 True
wait_for 5 "acknowledgement" grep -q acked "$TMP/server.log"
run_in "$RT" conntrack -D -p udp >/dev/null 2>&1 || true # with them goes what was not used
all_well
