#!/bin/bash
# What a client can do with segments of its own making does not lead around rules: another version of what was judged, an
# urgent byte, a connection met in its middle; and an honest keep-alive harms nothing.
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/stream/raw.sh
. "$POLICY_DIR/../stream/raw.sh"

raw_topo snat
policy <<'END'
ftp {
	deny DELE answer 550 "No."
}
END
raw_script <<'PY'
def other_version(p, first, second, at=0):
    """The server did not take the first one."""
    seq = p.c.next
    p.c.send(first)
    p.s.taken()
    p.c.send(second, seq=add(seq, at))
    heard = p.s.taken()
    check(any(s.flags & RST for s in heard), "not reset: %r" % heard)
    check(not any(b"ELE" in s.data for s in heard), "the server got it: %r" % heard)

before = counter("policy-altered-repetition")
other_version(Pair(), b"NOOP a\r\n", b"DELE a\r\n")
other_version(Pair(family=6), b"NOOP a\r\n", b"DELE a\r\nNOOP\r\n")
other_version(Pair(), b"NOOP a\r\nSTAT\r\n", b"DELE\r\n", at=8)
check(counter("policy-altered-repetition") == before + 3, "counted %d" % counter("policy-altered-repetition"))

# the same version, at other boundaries, and one that the server has
p = Pair()
seq = p.c.next
p.c.send(b"NOOP a\r\n")
p.c.send(b"STAT b\r\n")
p.s.taken()
p.c.send(b"P a\r\nSTAT", seq=add(seq, 3))
p.c.send(b"NOOP a\r\nSTAT b\r\n", seq=seq)
check(p.s.taken(), "nothing came")
p.s.acks()
p.c.taken()
p.c.send(b"x", seq=add(p.c.next, -1))
heard = p.s.taken()
check(not any(s.flags & RST for s in heard), "a keep-alive was taken for something else: %r" % heard)
p.c.send(b"NOOP\r\n")
p.s.hears(b"NOOP a\r\nSTAT b\r\nNOOP\r\n")

# no byte is urgent
p = Pair()
p.c.send(b"DELxE a\r\n", urg=4)
heard = p.s.taken()
check(heard and not any(s.flags & URG or s.urg for s in heard), "urgent: %r" % heard)

# from the middle, again and again
p = Pair()
forget()
for i in range(3):
    p.c.send(b"DELE a\r\n")
    heard = p.s.taken()
    check(not heard, "the server got %r" % heard)

# with the SYN, before anybody reads
p = Pair(handshake=False)
anybody = End(Net.server, (os.environ["SRV4"], 21), ("", 0), 0)
p.c.send(b"DELE a\r\n", flags=SYN)
settle()
check(not anybody.heard, "the server got %r" % anybody.heard)
Net.server.ends.remove(anybody)

# many lines in one segment: all are judged, in more than one go
p = Pair()
lines = b"D\r\n" * 400 + b"DELE x\r\n"
for at in range(0, len(lines), 1200):
    p.c.send(lines[at:at + 1200])
    p.s.taken()
    p.s.acks()
p.s.acks()
settle()
check(b"DELE" not in p.s.text, "the server got it")
PY
run_in "$RT" conntrack -F 2>/dev/null
all_well
