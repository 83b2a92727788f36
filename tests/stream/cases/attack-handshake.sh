#!/bin/bash
# A server that moves the beginning by a second SYN-ACK, or hides its first bytes in one, gets nothing read and nothing opened.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + b"a" * 300

def moved(after_ack, family):
    """The client's first bytes are to look like a repetition: what is read begins where the attacker's command stands."""
    p = Pair(family, handshake=False)
    p.syn()
    p.syn_ack(win=0)
    if after_ack:
        p.c.acks()
        settle()
    p.s.send(flags=SYN, seq=p.s.iss, ack=add(p.s.rcv, len(HEAD)), options=p.options_of(1460))
    p.s.acked = p.s.rcv # it has not had what it said it has
    settle()
    p.c.heard = []
    if not after_ack:
        p.c.acks()
        settle()
    p.s.send(b"220 x\r\n")
    p.c.taken()
    p.c.acks()
    settle()
    before = counter("not-the-protocol")
    body = b"USER x\r\n" + p.port(5701)[0]
    p.c.send(HEAD)
    p.c.send(body)
    p.s.hears(HEAD + body)
    check(counter("not-the-protocol") == before + 1, "it is not seen for what it is")

for family in 4, 6:
    for after_ack in False, True:
        moved(after_ack, family)

def data_with_it():
    """Data on the SYN-ACK are not read, so nothing is; the connection works."""
    p = Pair(handshake=False)
    p.syn()
    p.s.mss = 1460
    at = p.s.send(b"220 By hand\r\n", flags=SYN, ack=p.s.rcv, options=p.options_of(1460))
    p.c.rcv = add(at, 1 + 13)
    Net.client.wait_for(p.c)
    p.c.heard = []
    p.c.acks()
    settle()
    text = b"USER x\r\n" + p.port(5702)[0]
    p.c.send(text)
    p.s.hears(text)
    p.s.send(b"331 go\r\n")
    p.c.hears(b"331 go\r\n")

before = counter("mid-stream")
data_with_it()
check(counter("mid-stream") == before + 1, "not declared")
PY
counted ftp pinhole-opened 0
counted ftp edit 0
run_in "$RT" conntrack -F 2>/dev/null
all_well
