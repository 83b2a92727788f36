#!/bin/bash
# The attacker has the exact cut (its window ends where the PORT begins), greets like an FTP server, and TLS or noise follows.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
start_in "$RT" opened conntrack -E expect
raw_script <<'PY'
def posted(first, greeting=b"220 Welcome\r\n", then=None, **pair):
    """first is what the client's connection begins with, a PORT begins a segment later: all of it arrives as it is."""
    p = Pair(handshake=False, **pair)
    p.syn()
    p.syn_ack(win=len(first))
    p.c.acks()
    if greeting:
        p.s.send(greeting)
        p.c.new_text()
        p.c.acks()
    before = counter("not-the-protocol") + counter("opaque")
    text = first
    p.c.send(first)
    settle()
    p.s.acks()
    for line in then or (p.port(5501)[0], p.port(5502)[0], b"\r\n" + p.port(5503)[0], b"PORT 10,0,0,9,0,22\r\n"):
        p.c.send(line)
        text += line
        settle()
        p.s.acks()
    p.s.hears(text)
    p.s.send(b"200 Go on\r\n227 Passive (198,51,100,2,19,140)\r\n229 (|||5005|)\r\n")
    p.c.new_text()
    check(counter("not-the-protocol") + counter("opaque") > before, "%r is not counted" % first[:20])
    ATTACKS.append((p, first))

ATTACKS = []
HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
posted(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + b"a" * 700)
posted(b"USER / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n")
posted(b"USER " + b"a" * 1000 + b" HTTP/1.1\r\n")
posted(HELLO + bytes(range(256)) * 2)
posted(HELLO + bytes(range(256)) * 2, greeting=None)
posted(b"SSH-2.0-OpenSSH_9.2\r\n", greeting=None)
posted(b"\0\1\2\3")
posted(b"\r\n")
posted(b"EPRT |2|fd00:1::2|5501| HTTP/1.1\r\n", family=6)
posted(b"PO", then=(b"ST / HTTP/1.1\r\n", b"PORT 10,0,0,2,20,20\r\n"))
posted(b"US", then=(b"ER / HT", b"TP/1.1\r\n", b"PORT 10,0,0,2,20,20\r\n"))

def from_the_server(first):
    """The server's side is not FTP: nothing that either says opens anything."""
    p = Pair(handshake=False)
    p.syn()
    p.syn_ack()
    p.c.acks()
    before = counter("not-the-protocol")
    p.s.send(first)
    p.c.hears(first)
    p.c.acks()
    p.c.send(b"USER x\r\n" + p.port(5511)[0])
    p.s.hears(b"USER x\r\n" + p.port(5511)[0])
    check(counter("not-the-protocol") > before, "%r is not counted" % first[:20])
    ATTACKS.append((p, first))

from_the_server(b"HTTP/1.1 400 Bad Request\r\n\r\n")
from_the_server(HELLO)
from_the_server(b"SSH-2.0-OpenSSH_9.2\r\n")

def third_party():
    """In true FTP, too, nobody announces another one's host (v2), or a service that an inside host may have."""
    p = Pair()
    for line in (b"PORT 10,0,0,9,19,136\r\n", b"PORT 10,0,0,2,0,22\r\n", b"EPRT |1|10.0.0.9|5000|\r\n",
                 b"PORT 10,0,0,2,13,61\r\n", b"PORT 10,0,0,1,19,136\r\n", b"PORT 127,0,0,1,19,136\r\n"):
        p.c.send(line)
        p.s.hears(line)
        p.s.acks()
    p.end()

third_party()

for (p, first), line in zip(ATTACKS, entries(*[p for p, first in ATTACKS])):
    check("ESTABLISHED" in line and "helper=" not in line, "not detached from %r: %s" % (first[:20], line))
PY
counted ftp third-party-address 4
counted ftp privileged-port 1
counted ftp denied-port 1
counted ftp edit 0
! grep . "$TMP/opened.log" || fail "an attack opened something"
all_well
