#!/bin/bash
# The router is the client and sends much behind held bytes: its sockets get back exactly the memory that they gave.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

setup_topo none output -150
real_script <<'PY'
import time

def main():
    enter(os.environ["SRV"])
    l = socket.socket()
    l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    l.bind((os.environ["SRV4"], 21))
    l.listen(4)
    enter(os.environ["RT"])
    for i in range(5):
        c = socket.socket()
        c.settimeout(20)
        c.connect((os.environ["SRV4"], 21))
        c.setsockopt(TCP, socket.TCP_NODELAY, 1)
        s = l.accept()[0]
        s.settimeout(20)
        c.sendall(b"USER x\r\n")
        same(s, b"USER x\r\n")
        s.sendall(b"220 Hello\r\n230 In\r\n")
        same(c, b"220 Hello\r\n230 In\r\n")
        c.sendall(b"NO")
        while int.from_bytes(fcntl.ioctl(c, SIOCOUTQ, b"\0" * 4), sys.byteorder):
            time.sleep(0.01)
        more = b"OP\r\n" + b"NOOP\r\n" * 2000
        c.sendall(more)
        same(s, b"NO" + more)
        c.close()
        s.close()

import fcntl
import sys
SIOCOUTQ = 0x5411
main()
PY
[ "$(counter ftp message)" -gt 9000 ] || fail "not everything was read"
all_well
