#!/bin/bash
# ABOR with urgent data: the pointer is behind the same byte for the server, after and among edits, and when bytes were held.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
ABOR = b"\xff\xf4\xff\xf2ABOR\r\n" # RFC 959, 4.1.3, with the telnet IP and Synch of RFC 854

def urgent_at(p, heard, mark):
    """Where urgent segments point: always one past the mark, counted from the first byte that they brought."""
    found = [add(seg.seq, seg.urg) for seg in heard if seg.flags & URG]
    check(all(at == mark for at in found), "urgent pointer %s off" % [diff(at, mark) for at in found])
    return len(found)

def urgent(together, cut, **pair):
    p = Pair(**pair)
    inside, outside = p.port(5321)
    if not together:
        p.c.send(inside)
        p.s.hears(outside)
        p.s.acks()
        inside, outside = b"", b""
    text, mark, base = inside + ABOR, add(p.s.rcv, len(outside) + 4), p.s.rcv
    at = p.c.next
    if cut:
        p.c.send(text[:len(inside) + 3], urg=len(inside) + 4)
        heard = p.s.taken()
        p.s.acks()
        p.c.send(text[len(inside) + 3:], urg=1)
    else:
        p.c.send(text, urg=len(inside) + 4)
        heard = []
    heard += p.s.taken()
    check(p.s.text == outside + ABOR, "got %r" % p.s.text)
    check(urgent_at(p, heard, mark), "the urgent pointer is lost")
    # again, and all of it is as before
    p.c.send(text, seq=at, urg=len(inside) + 4)
    urgent_at(p, p.s.taken(), mark)
    p.s.text = b""
    p.s.acks()
    p.c.is_acked()
    p.s.send(b"226 Aborted\r\n")
    p.c.hears(b"226 Aborted\r\n")
    p.works()
    p.end()

for together in False, True:
    for cut in False, True:
        urgent(together, cut)
urgent(True, False, own=os.environ["LONG4"])
urgent(True, False, family=6, own=os.environ["LONG6"])

def urgent_alone():
    """Linux' way of ABOR: two bytes and an urgent one, and the rest when that is on its way; what is held keeps its mark."""
    p = Pair()
    p.works()
    base = p.s.rcv
    p.c.send(ABOR[:4], urg=4)
    heard = p.s.taken()
    p.s.acks()
    p.c.send(ABOR[4:])
    heard += p.s.taken()
    check(p.s.text == ABOR, "got %r" % p.s.text)
    check(urgent_at(p, heard, add(base, 4)), "the urgent pointer is lost")
    p.s.text = b""
    p.s.acks()
    p.works()
    p.end()

urgent_alone()
PY
run_in "$RT" conntrack -F 2>/dev/null
all_well
