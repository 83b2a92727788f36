#!/bin/bash
# Who repeats other bytes under the same numbers, before they are acknowledged, does not change what the server gets.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def other_bytes(first, second, at_once=b""):
    """The server has the first version; what comes after it may repeat that, and must not differ."""
    p = Pair()
    at = p.c.send(first + at_once)
    p.s.hears(first + at_once)
    p.c.send(second, seq=at)
    p.s.taken()
    p.c.send(second[2:] + at_once, seq=add(at, 2))
    p.s.taken()
    p.s.acks()
    p.c.is_acked()
    p.works()
    p.end()

other_bytes(b"NOOP\r\n", b"DELE\r\n")
other_bytes(b"NOOP\r\n", b"DELE\r\n", b"SYST\r\n")
PY
all_well
