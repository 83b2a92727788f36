#!/bin/bash
# Tiny segments and windows, zero windows and probes, keep-alives, messages that no window takes: exact, and never stuck.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def tiny_mss():
    """A full segment that an edit makes longer leaves in two; the end that asked for 88 checks it."""
    p = Pair(server_mss=88, client_mss=88)
    for i in range(3):
        inside, outside = p.port(5201 + i)
        room = 88 - len(inside)
        text = b"NOOP" + b" " * (room - 6) + b"\r\n"
        check(len(text + inside) == 88, "not a full segment")
        p.c.send(text + inside)
        p.s.hears(text + outside)
        p.s.acks()
        p.c.is_acked()
    p.works()
    p.end()

tiny_mss()

def window_is_not_enlarged():
    """While bytes are held the sender is told of less room, not of more; and it can go on when there is room again."""
    p = Pair()
    inside, outside = p.port(5211)
    at = p.c.send(inside[:15])
    p.s.taken()
    p.s.acks(win=100)
    seg = p.c.one()
    check(seg.ack == p.c.next and seg.win <= 100 - 15, "%d held, window told %d of 100" % (15, seg.win))
    p.s.acks(win=0)
    seg = p.c.one()
    check(seg.win == 0, "window told %d of 0" % seg.win)
    # Linux probes with an old number and nothing, others with a new byte
    p.c.send(seq=add(p.c.next, -1))
    seg = p.s.one()
    check(not seg.data and seg.seq == add(p.s.rcv, -1), "the window probe became %r at %d" % (seg, diff(seg.seq, p.s.rcv)))
    p.s.acks(win=0)
    p.c.one()
    p.c.send(inside[15:16])
    heard = p.s.taken()
    check(heard and not p.s.text, "a probe with one byte gave %r" % heard)
    p.s.acks(win=0)
    p.c.one()
    p.s.acks(win=5000)
    check(p.c.one().win > 0, "the window stays shut")
    p.c.send(inside[16:])
    p.s.hears(outside)
    p.s.acks()
    p.c.is_acked()
    p.works()
    p.end()

window_is_not_enlarged()

def keep_alive(edited, sizes):
    """One with nothing held, one with; the server must see what it answers: an old number."""
    p = Pair()
    if edited:
        p.works()
    for held in b"", b"PORT 10,0":
        if held:
            p.c.send(held)
            p.s.taken()
            p.s.acks()
            p.c.is_acked()
        for size in sizes:
            p.c.send(b"\0" * size, seq=add(p.c.next, -1))
            seg = p.s.one()
            check(len(seg.data) <= 1 and diff(add(seg.seq, len(seg.data)), p.s.rcv) <= 0 and seg.seq != p.s.rcv,
                  "keep-alive of %d bytes, %r held: %r at %d" % (size, held, seg, diff(seg.seq, p.s.rcv)))
            p.s.acks()
            check(p.c.one().ack == p.c.next, "the answer acknowledges something else")
    # and from the other side
    p.s.send(seq=add(p.s.next, -1))
    seg = p.c.one()
    check(seg.seq == add(p.c.rcv, -1), "keep-alive of the server's at %d" % diff(seg.seq, p.c.rcv))
    p.c.acks()
    p.s.one()
    p.c.send(b",0,2,9,9\r\n")
    p.s.hears(b"PORT 198,51,100,1,9,9\r\n")
    p.s.acks()
    p.works()
    p.end()

keep_alive(False, (0, 1))
keep_alive(True, (0, 1))

def too_long(size, window, wscale=0, piece=1460, at_once=8):
    """Longer than half the window, or than the cap: passes as it is, and is counted once; the next one is read."""
    p = Pair(handshake=False, wscale=wscale)
    p.syn()
    p.syn_ack(win=min(window, 65535))
    p.c.acks()
    p.s.send(b"220 By hand\r\n", win=window >> wscale)
    p.c.hears(b"220 By hand\r\n")
    p.c.send(b"USER x\r\n")
    p.s.hears(b"USER x\r\n")
    before, got = counter("too-long"), b""
    inside, outside = p.port(5221)
    line = b"SITE " + b"a" * (size - 7) + b"\r\n"
    text = line + inside
    pieces = [text[i:i + piece] for i in range(0, len(text), piece)]
    for i, part in enumerate(pieces):
        p.c.send(part)
        if i % at_once == at_once - 1 or part == pieces[-1]:
            got += p.s.new_text()
            p.s.acks(win=window >> wscale)
            p.c.is_acked()
    check(got == line + outside, "%d bytes of %d arrived, or other ones" % (len(got), len(line + outside)))
    check(counter("too-long") == before + 1, "too-long is counted %d times" % (counter("too-long") - before))
    p.works()
    p.end()

too_long(1800, 2000, piece=500, at_once=1)
too_long(34000, 65535)
too_long(70000, 1 << 20, wscale=7)

def scaled_window():
    """With window scaling, what the client is told moves only by what it must."""
    p = Pair(wscale=5)
    p.s.acks(win=1000)
    check(p.c.one().win == 1000, "an unedited flow's window is changed")
    p.works()
    p.s.acks(win=1000)
    check(p.c.one().win in (999, 1000), "the window is changed")
    p.c.send(b"PORT 10,0,0,2,3,")
    p.s.taken()
    p.s.acks(win=100)
    seg = p.c.one()
    check(seg.ack == p.c.next and 98 <= seg.win <= 99, "window %d told for 100 with 16 bytes held" % seg.win)
    p.c.send(b"4\r\n")
    p.s.new_text()
    p.s.acks(win=1000)
    p.works()
    p.end()

scaled_window()
PY
all_well
