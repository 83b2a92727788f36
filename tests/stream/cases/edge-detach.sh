#!/bin/bash
# Where there is nothing left to do the helper is taken off, and a flowtable takes the flow; not where it has edited, or may not.
# REQUIRES: ctalg module:nf_flow_table_inet
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

DETACH=/sys/module/ctalg/parameters/detach
keep_detaching() { echo Y >"$DETACH"; }
[ -e "$DETACH" ] || fail "ctalg has no parameter detach"
at_exit keep_detaching
raw_topo snat
use_flowtable
raw_script <<PY
DETACH = "$DETACH"
$(cat <<'PY2'
RECORD = b"\x16\x03\x01\x00\x04abcd"

def talk(p, text=None):
    """A few lines more, each way, unchanged; or a few records."""
    for i in range(3):
        for end, far in (p.c, p.s), (p.s, p.c):
            text = text or (p.port(5601)[0] if end is p.c else b"227 (198,51,100,2,19,140)\r\n")
            end.send(text)
            far.hears(text)
            far.acks()
            end.is_acked()

def http(**pair):
    p = Pair(handshake=False, **pair)
    p.syn()
    p.syn_ack()
    p.c.acks()
    p.c.send(b"GET / HTTP/1.1\r\n\r\n")
    p.s.hears(b"GET / HTTP/1.1\r\n\r\n")
    p.s.acks()
    talk(p)
    return p

def tls(edited, first):
    p = Pair()
    if edited:
        p.works()
    p.c.send(b"AUTH TLS\r\n")
    p.s.hears(b"AUTH TLS\r\n")
    p.s.send(b"234 Go on\r\n", ack=p.s.rcv)
    p.c.hears(b"234 Go on\r\n")
    p.c.acks()
    p.c.send(first)
    p.s.hears(first)
    p.s.acks()
    talk(p, RECORD if first == RECORD else None)
    return p

free = [http(), http(family=6), tls(False, b"\x16\x09\x01\x00\x04abcd")]
kept = [tls(True, b"\x16\x09\x01\x00\x04abcd"), tls(False, RECORD), Pair()]
open(DETACH, "w").write("N")
kept.append(http())
for line in entries(*free):
    check("helper=" not in line and "[OFFLOAD]" in line, "not detached: " + line)
for line in entries(*kept):
    check("helper=ftp" in line and "[OFFLOAD]" not in line, "detached: " + line)
kept[2].works()
for p in free:
    talk(p)
PY2
)
PY
run_in "$RT" conntrack -F 2>/dev/null
all_well
