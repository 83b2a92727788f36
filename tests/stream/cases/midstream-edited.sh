#!/bin/bash
# The kernel forgets a connection that had been edited: both ends are reset, and no byte is wrong.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
import time

def edited(held, **pair):
    """What had been edited has counts of its own: reset, or right, but no byte may be wrong."""
    p = Pair(**pair)
    p.works()
    if held:
        p.c.send(b"NO")
        p.s.taken()
        p.s.acks()
        p.c.is_acked()
    p.s.text, p.c.text = b"", b""
    forget()
    rest = (b"OP\r\n" if held else b"NOOP\r\n") + b"SYST\r\n"
    p.c.send(rest)
    heard = p.s.taken() + p.c.heard
    p.s.acks()
    p.s.send(b"200 Done\r\n")
    settle()
    whole = b"NOOP\r\nSYST\r\n"
    check(whole.startswith(p.s.text), "garbled: %r" % p.s.text)
    check(b"200 Done\r\n".startswith(p.c.text), "garbled: %r" % p.c.text)
    return p

def is_reset(end):
    """By the number that it waits for."""
    return any(seg.flags & RST and seg.seq == end.rcv for seg in end.heard)

def silent():
    """Nobody says anything more: both ends are told, soon."""
    pairs = Pair(), Pair(own=os.environ["LONG4"]), Pair(6, own=os.environ["LONG6"])
    for p in pairs:
        p.works()
        p.c.taken()
        p.s.taken()
    forget()
    for i in range(200):
        settle()
        if all(is_reset(end) for p in pairs for end in (p.c, p.s)):
            return
        time.sleep(0.1)
    raise Failed("not reset: %r" % [end for p in pairs for end in (p.c, p.s) if not is_reset(end)])

p = edited(False)
check(is_reset(p.c), "the client is not told")
edited(False, own=os.environ["LONG4"])
edited(True)
edited(True, own=os.environ["LONG4"])
silent()
PY
run_in "$RT" conntrack -F 2>/dev/null
all_well
