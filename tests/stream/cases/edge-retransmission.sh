#!/bin/bash
# Bytes that come again come out as the first time, at whatever boundaries, also across edited ones, and open nothing new.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def again(p, at, text, cuts):
    """Repeats text from at in pieces; each brings the server something to answer."""
    for a, b in zip([0] + cuts, cuts + [len(text)]):
        p.c.send(text[a:b], seq=add(at, a))
    check(len(p.s.taken()) > len(cuts), "some of %s had no answer" % cuts)

def repeated(**pair):
    p = Pair(**pair)
    one, two = p.port(5001), p.port(5002)
    before = counter("pinhole-opened")
    at = p.c.send(b"NOOP\r\n" + one[0] + two[0] + b"NOOP\r\n")
    at2 = p.c.send(p.port(5003)[0])
    inside = b"NOOP\r\n" + one[0] + two[0] + b"NOOP\r\n"
    outside = b"NOOP\r\n" + one[1] + two[1] + b"NOOP\r\n" + p.port(5003)[1]
    p.s.hears(outside)
    for cuts in [], [3], [8, 20], [14, 15, 30], list(range(1, len(inside))):
        again(p, at, inside, cuts)
    check(not p.s.text, "bytes came twice")
    p.s.acks()
    p.c.is_acked()
    again(p, at, inside, [9, 23])
    p.s.acks()
    p.c.is_acked()
    again(p, at2, p.port(5003)[0], [12])
    p.works()
    check(counter("pinhole-opened") == before + 4, "pinholes: %d, not 4" % (counter("pinhole-opened") - before))
    p.end()

repeated()
repeated(own=os.environ["LONG4"])
repeated(family=6, own=os.environ["LONG6"])

def lost(**pair):
    """The edited segment never reached the server (it answers as if): newer and older ones come again around it."""
    p = Pair(**pair)
    inside, outside = p.port(5011)
    known = p.s.rcv
    at = p.c.send(inside)
    p.c.send(b"NOOP\r\n")
    settle()
    # the server has only what follows
    p.s.forget(known)
    p.s.acks()
    settle()
    p.c.send(inside[:9], seq=at)
    settle()
    p.c.send(inside[7:] + b"NOOP\r\n", seq=add(at, 7))
    p.s.hears(outside + b"NOOP\r\n")
    p.s.acks()
    p.c.is_acked()
    p.works()
    p.end()

lost()
lost(own=os.environ["LONG4"])

def ahead():
    """Out of order: nothing is read before its turn, and it all arrives in order."""
    p = Pair()
    inside, outside = p.port(5021)
    text = b"NOOP\r\n" + inside + b"NOOP\r\n"
    at = p.c.next
    p.c.send(text[20:], seq=add(at, 20))
    for seg in p.s.taken():
        check(diff(add(seg.seq, len(seg.data)), p.s.rcv) <= 0, "bytes ahead of their turn: %r" % seg)
    p.s.acks()
    p.c.send(text[8:20], seq=add(at, 8))
    p.c.send(text[:8])
    p.c.send(text[8:20])
    p.c.send(text[20:])
    p.s.hears(b"NOOP\r\n" + outside + b"NOOP\r\n")
    p.s.acks()
    p.c.is_acked()
    p.works()
    p.end()

ahead()

def other_bytes():
    """Who sends other bytes under the same numbers does not change what was held, or edited."""
    p = Pair()
    inside, outside = p.port(5031)
    at = p.c.send(inside[:12])
    settle()
    p.s.acks()
    p.c.send(b"x" * 12, seq=at)
    settle()
    p.c.send(b"y" * 6 + inside[12:], seq=add(at, 6))
    p.c.next = add(at, len(inside))
    p.s.hears(outside)
    p.c.send(b"z" * len(inside), seq=at)
    p.c.send(b"Q" * (len(inside) - 5), seq=add(at, 5))
    heard = p.s.taken()
    p.s.acks()
    p.c.is_acked()
    p.works()
    p.end()

other_bytes()
PY
all_well
