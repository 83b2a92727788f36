"""Both ends of a connection in one process, by the TCP of the kernel; namespaces and addresses as for rawtcp.py."""
import fcntl
import os
import socket
import struct

import rawtcp
from rawtcp import check, counter, enter

MPTCP = 262
TCP_MD5SIG, TCP_FASTOPEN, TCP_FASTOPEN_CONNECT, TCP_AO_ADD_KEY = 14, 23, 30, 38
SIOCATMARK = 0x8905
TCP = socket.IPPROTO_TCP


def prepared(name, own, proto, prepare):
    enter(os.environ[name])
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, proto)
    s.settimeout(rawtcp.WAIT)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    prepare(s)
    if own:
        s.bind(own)
    return s


def connected(client=lambda s: 0, server=lambda s: 0, proto=0, first=b"USER x\r\n"):
    """The client's end and the server's, with the beginning of a session behind them."""
    listener = prepared("SRV", (os.environ["SRV4"], 21), proto, server)
    listener.listen(4)
    c = prepared("CLI", None, proto, client)
    c.connect((os.environ["TO4"], 21))
    c.sendall(first)
    s = listener.accept()[0]
    s.settimeout(rawtcp.WAIT)
    listener.close()
    enter(os.environ["RT"])
    same(s, first)
    s.sendall(b"220 Hello\r\n230 In\r\n")
    same(c, b"220 Hello\r\n230 In\r\n")
    return c, s


def same(s, wanted):
    got = b""
    while len(got) < len(wanted):
        more = s.recv(len(wanted) - len(got))
        check(more, "ended after %r" % got)
        got += more
    check(got == wanted, "got %r, not %r" % (got, wanted))


def port(number, address):
    return b"PORT %s,%d,%d\r\n" % (address.replace(".", ",").encode(), number >> 8, number & 255)


def announces(c, s, number, outside=None):
    """A PORT in two pieces, which arrives with the outside address, and an answer."""
    inside = os.environ["CLI4"]
    c.setsockopt(TCP, socket.TCP_NODELAY, 1)
    c.sendall(port(number, inside)[:9])
    c.sendall(port(number, inside)[9:])
    same(s, port(number, outside or os.environ["OUTSIDE"]))
    s.sendall(b"200 Done\r\n")
    same(c, b"200 Done\r\n")


def close(*sockets):
    for s in sockets:
        s.close()


enter(os.environ["RT"])
