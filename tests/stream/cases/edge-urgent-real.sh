#!/bin/bash
# ABOR as clients of FTP send it, to a server that asks its kernel where the urgent byte is.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

setup_topo snat
real_script <<'PY'
def abor(edited):
    """RFC 959, section 4.1.3; the mark is before the byte that was sent as urgent."""
    c, s = connected()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
    if edited:
        announces(c, s, 20031)
    c.setsockopt(TCP, socket.TCP_NODELAY, 1)
    c.send(b"\xff\xf4\xff", socket.MSG_OOB)
    c.send(b"\xf2ABOR\r\n")
    got, marks = b"", []
    while not got.endswith(b"\r\n"):
        got += s.recv(1)
        if struct.unpack("i", fcntl.ioctl(s, SIOCATMARK, b"\0" * 4))[0]:
            marks.append(len(got))
    check(got == b"\xff\xf4\xff\xf2ABOR\r\n", "got %r" % got)
    check(marks == [2], "urgent data at %s" % marks)
    s.sendall(b"226 Done\r\n")
    same(c, b"226 Done\r\n")
    announces(c, s, 20032)
    close(c, s)

abor(False)
abor(True)
PY
all_well
