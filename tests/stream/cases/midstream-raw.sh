#!/bin/bash
# A flow that is met in its middle is declared, once, and let alone for good; one that is refused is not such a flow.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def met(first, **pair):
    """The kernel loses the connection; the client speaks next, from here on as it stands."""
    p = Pair(**pair)
    if first == "server":
        p.s.send(b"226 ")
        p.c.taken()
        p.c.acks()
    forget()
    before = counter("mid-stream")
    lines = [p.port(5701)[0], b"NOOP\r\n" + p.port(5702)[0], b"PO", p.port(5703)[0][2:]]
    for line in lines:
        p.c.send(line)
        settle()
        p.s.acks()
        p.s.send(b"227 (198,51,100,2,19,140)\r\n")
        settle()
        p.c.acks()
    p.s.hears(b"".join(lines))
    check(counter("mid-stream") == before + 1, "counted %d times" % (counter("mid-stream") - before))
    return p

flows = [met("client"), met("client", family=6), met("client", sack=True, ts=True, wscale=7)]
for line in entries(*flows):
    check("helper=" not in line, "not detached: " + line)

def refused():
    """A server that does not listen has not been met in the middle of anything."""
    before = counter("mid-stream")
    p = Pair(handshake=False)
    p.syn()
    p.s.send(flags=RST, ack=p.s.rcv)
    check(p.c.one().flags & RST, "no RST")
    check(counter("mid-stream") == before, "a refused connection is counted")

refused()
PY
run_in "$RT" conntrack -F 2>/dev/null
all_well
