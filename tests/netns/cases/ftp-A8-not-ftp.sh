#!/bin/bash
# What is not FTP on port 21 (HTTP POST, TLS, noise) is let alone for good, also when a PORT follows inside it.
# REQUIRES: tool:socat
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_in "$SRV" echo socat TCP6-LISTEN:21,fork,reuseaddr,ipv6only=0 PIPE
wait_for 20 "echo server" listens "$SRV" tcp 21
ftp_script <<'END'
def echoed(first):
    """The first segment, then segments that begin with a PORT of our own: all come back as they went."""
    s = socket.create_connection((TARGET, 21), WAIT)
    trap = socket.socket()
    trap.bind((s.getsockname()[0], 0))
    trap.listen(1)
    port = fill("PORT {hp}\r\n", places(s.getsockname()[0], trap.getsockname()[1])).encode()
    for part in first, port, b"\r\n" + port, port:
        s.sendall(part)
        got = b""
        while len(got) < len(part):
            got += s.recv(65536)
        differ(repr(first[:20]), part, got)
    s.close()

echoed(b"POST / HTTP/1.1\r\nHost: 198.51.100.2\r\nContent-Length: 5000\r\n\r\n" + b"a" * 1200)
echoed(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(508))
echoed(os.urandom(700).replace(b"\n", b"?") + b"\n")
echoed(b"SSH-2.0-OpenSSH_9.2\r\n")
END
counted ftp pinhole-opened 0
counted ftp edit 0
all_well
