#!/bin/bash
# Segments that come in IP fragments, out of order: edited like any other; and an attack in them opens nothing.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def works(**pair):
    p = Pair(**pair)
    p.c.piece = 24
    inside, outside = p.port(25001)
    at = p.c.send(b"NOOP\r\n" + inside + b"SYST\r\n")
    p.s.hears(b"NOOP\r\n" + outside + b"SYST\r\n")
    p.c.send(b"NOOP\r\n" + inside + b"SYST\r\n", seq=at)
    check(p.s.taken(), "nothing came for a repetition")
    p.s.acks()
    p.c.is_acked()
    p.c.send(inside[:20])
    p.s.taken()
    p.s.acks()
    p.c.send(inside[20:])
    p.s.hears(outside)
    p.s.acks()
    p.c.is_acked()
    p.c.piece = 0
    p.works()
    p.end()

works()
works(own=os.environ["LONG4"])
check(counter("pinhole-opened") == 4, "%d pinholes" % counter("pinhole-opened"))

def attack():
    """The PORT is at the beginning of a fragment, and of a segment."""
    p = Pair(handshake=False)
    p.syn()
    p.syn_ack()
    p.c.acks()
    p.c.piece = 24
    head = b"POST / HTTP/1.1\r\nHost: a\r\n\r\n"
    head += b"a" * (-(len(head) + 22) % 24) + b"\r\n"
    first = head + p.port(25002)[0]
    p.c.send(first)
    p.c.send(p.port(25002)[0])
    p.s.hears(first + p.port(25002)[0])
    check(counter("pinhole-opened") == 4, "the attack opened something")
    p.end()

attack()
PY
all_well
