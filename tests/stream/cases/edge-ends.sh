#!/bin/bash
# However a connection ends, or begins again (FIN and RST in mid-message, both at once, half-open, the same ports), it is right.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def fin_in_message(edited, apart):
    """The unfinished message goes out with the FIN, from either side."""
    p = Pair()
    if edited:
        p.works()
    for end, far, text in (p.c, p.s, b"PORT 10,0,0,2,3"), (p.s, p.c, b"227 Entering passive"):
        if apart:
            end.send(text)
            far.taken()
            far.acks()
            end.is_acked()
            end.send(flags=FIN)
        else:
            end.send(text, flags=FIN)
        far.hears(text)
        check(far.fin, "no FIN")
        far.acks()
        end.is_acked()

for edited in False, True:
    for apart in False, True:
        fin_in_message(edited, apart)

def fin_repeated():
    """A FIN in mid-message got lost, and comes again."""
    p = Pair()
    p.works()
    known = p.s.rcv
    at = p.c.send(b"PORT 10,0", flags=FIN)
    settle()
    p.s.forget(known)
    p.c.send(b"PORT 10,0", flags=FIN, seq=at)
    p.s.hears(b"PORT 10,0")
    check(p.s.fin, "no FIN")
    p.s.acks()
    p.c.is_acked()

fin_repeated()

def both_close():
    """Simultaneous close, with an edit that nobody has acknowledged."""
    p = Pair()
    inside, outside = p.port(5101)
    p.c.send(inside + b"QU")
    p.s.send(b"221 By")
    p.c.send(flags=FIN)
    p.s.send(flags=FIN)
    p.s.hears(outside + b"QU")
    p.c.hears(b"221 By")
    check(p.s.fin and p.c.fin, "no FIN")
    p.s.acks()
    p.c.acks()
    p.c.is_acked()

both_close()

def rst_in_message(edited):
    """The number of a RST is exact (RFC 5961), from either side, although bytes before it are held."""
    for i in 0, 1:
        p = Pair()
        if edited:
            p.works()
        end, far = (p.c, p.s) if i == 0 else (p.s, p.c)
        end.send(b"PORT 10,0" if i == 0 else b"227 Entering")
        settle()
        far.taken()
        far.acks()
        end.is_acked()
        end.send(flags=RST)
        seg = far.one()
        check(seg.flags & RST and seg.seq == far.rcv, "RST %d off" % diff(seg.seq, far.rcv))

rst_in_message(False)
rst_in_message(True)

def half_open():
    """The client has crashed, comes back on the same port, and clears the way by the answer to its SYN."""
    p = Pair()
    p.works()
    old, port = p.s, p.c.own[1]
    Net.client.ends.remove(p.c)
    q = Pair(port=port, handshake=False)
    q.s = old
    old.taken()
    q.c.send(flags=SYN, options=q.options_of(1460))
    seg = old.one()
    check(seg.flags & SYN, "no SYN but %r" % seg)
    old.acks()
    challenge = q.c.one()
    check(challenge.flags & ACK and not challenge.flags & (SYN | RST), "no challenge: %r" % challenge)
    check(challenge.ack == p.c.next, "the challenge says %d bytes less" % diff(p.c.next, challenge.ack))
    q.c.send(flags=RST, seq=challenge.ack, ack=0)
    seg = old.one()
    check(seg.flags & RST and seg.seq == old.rcv, "RST %d off" % diff(seg.seq, old.rcv))
    again(port)

def again(port):
    """A new connection on the same ports is read from its own beginning."""
    p = Pair(port=port)
    p.works()
    return p

half_open()

def ports_again():
    p = again(41999)
    p.c.send(b"QUIT\r\n", flags=FIN)
    p.s.hears(b"QUIT\r\n")
    p.s.send(b"221 Bye\r\n", flags=FIN)
    p.c.hears(b"221 Bye\r\n")
    p.c.acks()
    settle()
    p = again(41999)
    p.c.send(b"half a comm", flags=0)
    settle()
    p.end()
    again(41999)

ports_again()

def handshake_repeated():
    """SYN and SYN-ACK come again, also after bytes have been read and edited."""
    p = Pair(handshake=False)
    p.syn()
    p.syn()
    p.syn_ack()
    p.s.next = p.s.iss
    p.syn_ack()
    p.c.acks()
    p.greet()
    p.works()
    told = p.s.next
    p.s.next = p.s.iss
    p.s.send(flags=SYN, ack=add(p.c.iss, 1), options=p.options_of(1460))
    p.s.next = told
    p.c.taken()
    p.c.acks()
    settle()
    p.works()
    p.end()

handshake_repeated()
PY
run_in "$RT" conntrack -F 2>/dev/null # a RST that acknowledges less than was sent leaves its entry to time out
all_well
