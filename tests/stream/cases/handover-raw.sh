#!/bin/bash
# Unload between an edit and its acknowledgement, or with half a message held: both ends are reset by numbers that they take.
# REQUIRES: ctalg modules
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def unacknowledged(lost, **pair):
    """The server has the edited command, or its copy got lost; the client does not know."""
    p = Pair(**pair)
    known = p.s.rcv
    inside, outside = p.port(25901 + len(p.c.own[0]))
    p.c.send(inside + b"NOOP\r\n")
    settle()
    check(p.s.text.startswith(b"PORT 198,51,100,1," if ":" not in p.c.own[0] else b"EPRT |2|fd00:2::1|"), p.s.text)
    if lost:
        p.s.forget(known)
    return p

def held(server, edited, **pair):
    p = Pair(**pair)
    if edited:
        p.works()
    end, far = (p.s, p.c) if server else (p.c, p.s)
    end.send(b"227 Entering" if server else b"PORT 10,0")
    far.taken()
    far.acks()
    end.is_acked()
    return p

Pair(6)
LONG4 = os.environ["LONG4"]
cut = [unacknowledged(False), unacknowledged(True), unacknowledged(False, own=LONG4), unacknowledged(True, own=LONG4),
       unacknowledged(True, family=6, own=os.environ["LONG6"])]
cut += [held(server, edited, own=own) for server in (False, True) for edited in (False, True) for own in (None, LONG4)]
kept = [Pair(), Pair(own=LONG4), Pair(6, own=os.environ["LONG6"])]
for p in kept:
    p.works()
for p in cut + kept:
    p.c.taken()
    p.s.taken()
    p.c.text, p.s.text = b"", b""
subprocess.run(["nft", "delete", "table", "inet", "helper"], check=True)
subprocess.run(["rmmod", "ctalg_ftp"], check=True)
settle()
for i, p in enumerate(cut):
    for end in p.c, p.s:
        numbers = [seg.seq for seg in end.heard if seg.flags & RST]
        check(end.rcv in numbers, "%d: %s waits for %d, reset by %s" % (
            i, "client" if end is p.c else "server", 0, [diff(n, end.rcv) for n in numbers]))
        check(not end.text, "garbled: %r" % end.text)
    # whatever comes after that is not taken for anything
    p.c.send(b"NOOP\r\n")
    settle()
    check(not p.s.text, "%d: after the reset came %r" % (i, p.s.text))
for p in kept:
    p.c.send(b"NOOP\r\n" + p.port(25911)[0])
    p.s.hears(b"NOOP\r\n" + p.port(25911)[0])
    p.s.send(b"200 Done\r\n", ack=p.s.rcv)
    p.c.hears(b"200 Done\r\n")
    p.c.acks()
    p.s.is_acked()
    p.s.send(flags=ACK)
    check(p.c.one().ack == p.c.next, "acknowledged something else")
PY
kernel_log | grep -q 'ctalg: helper "ftp": 3 connections were handed over to the kernel, 13 were reset' ||
	fail "the log does not say it: $(kernel_log | grep ctalg)"
run_in "$RT" conntrack -F 2>/dev/null
load_helpers
no_kernel_messages
echo OK
