#!/bin/bash
# The server inside: its 227 is edited, cut, repeated at other boundaries, and half of it is held while the client goes on.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo dnat
raw_script <<'PY'
def reply(server_port):
    """What the server says and the client is to hear."""
    form = "227 Entering Passive Mode (%s,%d,%d).\r\n"
    return [(form % (a.replace(".", ","), server_port >> 8, server_port & 255)).encode()
            for a in (os.environ["SRV4"], os.environ["TO4"])]

def repeated(pieces=1, **pair):
    """It grows; in so many pieces it leaves."""
    p = Pair(**pair)
    inside, outside = reply(5401)
    text = b"200 " + b"a" * (88 - len(inside) - 6) + b"\r\n"
    at = p.s.send(text + inside)
    heard = p.c.taken()
    check(p.c.text == text + outside and len(heard) == pieces, "got %r in %d" % (p.c.text, len(heard)))
    p.c.text = b""
    # again in other pieces, and once more after it was acknowledged
    for cut in 30, 70, 80, 87:
        p.s.send((text + inside)[:cut], seq=at)
        p.s.send((text + inside)[cut:], seq=add(at, cut))
        check(len(p.c.taken()) >= 2, "a repetition had no answer")
    p.c.acks()
    p.s.is_acked()
    p.s.send(text + inside, seq=at)
    check(p.c.taken(), "a repetition had no answer")
    p.c.acks()
    p.s.is_acked()
    p.s.send(b"200 Done\r\n")
    p.c.hears(b"200 Done\r\n")
    p.end()

repeated()
repeated(2, server_mss=88, client_mss=88) # of the size that the client asked for

def half_a_line():
    """The server's half line is held while the client's commands pass the other way."""
    p = Pair(sack=True, ts=True)
    inside, outside = reply(5402)
    p.s.send(inside[:20])
    p.c.taken()
    p.c.send(b"NOOP\r\n")
    p.s.hears(b"NOOP\r\n")
    p.s.acks()
    p.c.is_acked()
    p.s.send(inside[20:] + b"200 Done\r\n")
    p.c.hears(outside + b"200 Done\r\n")
    p.c.acks()
    p.s.is_acked()
    p.end()

half_a_line()
PY
counted ftp pinhole-opened 3
all_well
