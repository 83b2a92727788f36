#!/bin/bash
# The server inside: its 227 grows beyond the segment size of 88 that the client asked for, and leaves in two; so when repeated.
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

def tiny_mss():
    p = Pair(server_mss=88, client_mss=88)
    inside, outside = reply(5401)
    text = b"200 " + b"a" * (88 - len(inside) - 6) + b"\r\n"
    at = p.s.send(text + inside)
    heard = p.c.taken()
    check(p.c.text == text + outside and len(heard) == 2, "got %r in %d" % (p.c.text, len(heard)))
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

tiny_mss()
PY
all_well
