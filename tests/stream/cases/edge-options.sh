#!/bin/bash
# SACK blocks, timestamps and IPv6 extension headers around edits say to either end what is true there.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def block(a, b):
    return (SACK, struct.pack("!II", a, b))

def sack(**pair):
    """The server lacks a segment; what it has, and has twice, is told in the client's numbers."""
    p = Pair(sack=True, **pair)
    inside, outside = p.port(5301)
    inside2, outside2 = p.port(5302)
    base = p.s.rcv
    at = [p.c.send(text) for text in (b"NOOP\r\n", inside, b"NOOP\r\n", inside2, b"NOOP\r\n")]
    settle()
    at.append(p.c.next)
    def r(n):
        return add(base, n)
    n = [6, 6 + len(outside), 12 + len(outside), 12 + len(outside + outside2), 18 + len(outside + outside2)]
    for left, right, s_left, s_right in ((1, 2, 2, 3), (1, 3, 2, 4), (3, 4, 4, 5), (2, 4, 3, 5)):
        p.s.send(ack=r(n[0]), options=[block(r(n[left]), r(n[right]))])
        seg = p.c.one()
        check(seg.ack == at[1], "acknowledged %d instead of %d" % (diff(seg.ack, at[0]), diff(at[1], at[0])))
        check(seg.sacks() == [(at[s_left], at[s_right])], "SACK %s is not %d to %d" % (
            [(diff(a, at[0]), diff(b, at[0])) for a, b in seg.sacks()], diff(at[s_left], at[0]), diff(at[s_right], at[0])))
    # half of an edited one counts for nothing
    p.s.send(ack=r(n[0]), options=[block(r(n[2] + 5), r(n[3]))])
    for a, b in p.c.one().sacks():
        check(a == b or diff(a, at[4]) >= 0 and diff(b, at[5]) <= 0 or diff(a, at[3]) > 0 and b == at[4],
              "SACK %d to %d" % (diff(a, at[0]), diff(b, at[0])))
    p.c.send(inside, seq=at[1])
    p.s.hears(b"NOOP\r\n" + outside + b"NOOP\r\n" + outside2 + b"NOOP\r\n")
    # a duplicate, told as such (RFC 2883)
    p.s.send(ack=p.s.rcv, options=[block(r(n[0]), r(n[1]))])
    seg = p.c.one()
    check(seg.ack == p.c.next, "acknowledged less")
    check(all(diff(b, seg.ack) <= 0 for a, b in seg.sacks()), "SACK of bytes that were never sent: %s" % seg.sacks())
    # the other direction is not edited
    p.s.send(ack=p.s.rcv, data=b"200 Do")
    settle()
    p.c.send(options=[block(add(p.s.next, 100), add(p.s.next, 200))])
    p.s.taken()
    p.s.send(b"ne\r\n")
    p.c.new_text()
    p.c.acks()
    p.works()
    p.end()

sack()
sack(own=os.environ["LONG4"])
sack(family=6, own=os.environ["LONG6"])

def timestamps():
    """What takes the place of a segment ahead of its turn is not younger than what it follows (RFC 7323, 5.3)."""
    p = Pair(ts=True, sack=True, wscale=7)
    p.works()
    inside, outside = p.port(5311)
    at = p.c.next
    p.c.send(inside[:10])
    p.s.taken()
    p.s.acks()
    p.c.is_acked()
    last = p.c.clock
    p.c.send(b"NOOP\r\n", seq=add(at, len(inside)))
    for seg in p.s.taken():
        check(diff(seg.tsval(), last) <= 0, "timestamp of a probe: %d later" % diff(seg.tsval(), last))
    p.c.next = add(at, 10)
    p.c.send(inside[10:])
    p.c.send(b"NOOP\r\n")
    p.s.hears(outside + b"NOOP\r\n")
    p.s.acks()
    p.c.is_acked()
    p.works()
    p.end()

timestamps()

def extension_headers():
    """Hop-by-hop and destination options before TCP, RFC 8200, section 4: type, length, PadN."""
    hop = bytes([60, 0, 1, 4, 0, 0, 0, 0])
    dst = bytes([6, 1, 1, 12] + 12 * [0])
    for own in os.environ["CLI6"], os.environ["LONG6"]:
        p = Pair(family=6, own=own, ext=hop + dst, sack=True)
        inside, outside = p.port(5331)
        p.c.send(inside[:12])
        check(p.s.one().ext == hop + dst, "the headers changed")
        p.s.acks()
        p.c.send(inside[12:])
        seg = p.s.one()
        check(seg.ext == hop + dst, "the headers changed")
        check(p.s.text == outside, "got %r" % p.s.text)
        check(seg.size == 40 + 24 + 20 + len(seg.data), "wrong length")
        p.s.text = b""
        p.s.acks()
        p.c.is_acked()
        p.works()
        p.end()

extension_headers()

def times_of_repetitions():
    """What is echoed of a probe is the time of the segment that it was, also when that came again: a sender measures by it."""
    p = Pair(ts=True)
    p.works()
    at = p.c.send(b"NO")
    first = p.s.one().tsval()
    p.c.clock += 5000
    p.c.send(b"NO", seq=at)
    again = p.s.one().tsval()
    check(again == p.c.clock and first < again, "the second probe is of %d, not %d" % (again, p.c.clock))
    p.c.send(b"Q", seq=add(p.c.next, 7))
    check(p.s.one().tsval() == again, "a segment ahead of its turn has another time than the last before it")
    p.c.send(b"OP\r\n")
    p.s.hears(b"NOOP\r\n")
    p.s.acks()
    p.c.is_acked()
    p.end()

times_of_repetitions()

class Flipping:
    """Loses a bit of each packet."""

    def __init__(self, wire):
        self.wire = wire

    def sendto(self, packet, to):
        self.wire.sendto(packet[:-3] + bytes([packet[-3] ^ 1]) + packet[-2:], to)

def broken_on_the_way():
    """Where the tracking does not look at checksums, a wrong one is not made right."""
    subprocess.run(["sysctl", "-qw", "net.netfilter.nf_conntrack_checksum=0"], check=True)
    p = Pair()
    inside, outside = p.port(5801)
    p.c.send(inside[:9])
    p.s.taken()
    p.s.acks()
    p.c.is_acked()
    end = inside[9:]
    wire = Net.client.out[4]
    Net.client.out[4] = Flipping(wire)
    at = p.c.send(end)
    Net.client.out[4] = wire
    p.s.hear = p.s.heard.append # it takes nothing that is broken
    settle()
    del p.s.hear
    check(all(not seg.good for seg in p.s.heard), "made right: %r" % p.s.heard)
    p.s.heard = []
    p.c.send(end, seq=at)
    p.s.hears(outside)
    p.s.acks()
    p.c.is_acked()
    p.end()
    subprocess.run(["sysctl", "-qw", "net.netfilter.nf_conntrack_checksum=1"], check=True)

broken_on_the_way()
PY
all_well
