#!/bin/bash
# Failover: the connection's entry is put into the table, as conntrackd does it, with NAT and helper; it is declared and goes on.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
import ctnetlink

def taken_over(family=4, own=None):
    """This router never saw the beginning."""
    own = own or os.environ["CLI%d" % family]
    Net.port += 1
    outside = {4: "198.51.100.1", 6: "fd00:2::1"}[family]
    before = counter("mid-stream")
    ctnetlink.create(own, Net.port, os.environ["TO%d" % family], 21, outside, "ftp")
    p = Pair(family, own=own, port=Net.port, handshake=False)
    p.s = End(Net.server, (os.environ["SRV%d" % family], 21), (outside, p.c.own[1]), 7000000)
    p.c.rcv, p.s.rcv = p.s.iss, p.c.iss
    lines = [p.port(5801)[0], b"NOOP\r\n" + p.port(5802)[0], b"PO", p.port(5803)[0][2:]]
    for line in lines:
        p.c.send(line)
        p.s.hears(line)
        p.s.send(b"227 (198,51,100,2,19,140)\r\n", ack=p.s.rcv)
        p.c.hears(b"227 (198,51,100,2,19,140)\r\n")
        p.c.acks()
    p.s.taken()
    check(counter("mid-stream") == before + 1, "counted %d times" % (counter("mid-stream") - before))
    return p

Pair(6).works() # neighbours know each other
flows = [taken_over(), taken_over(6)]
for line in entries(*flows):
    check(line and "helper=" not in line, "not detached: " + line)
Pair().works()
PY
run_in "$RT" conntrack -F 2>/dev/null
counted ftp edit 2
all_well
