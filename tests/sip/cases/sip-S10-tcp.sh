#!/bin/bash
# S10: over TCP, a call's messages are cut anywhere, come several at a time, or between keep-alives.
# TIME: 150
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
# Every cut takes long under emulation: each kernel every fifth, another one by the seed, and with FULL=1 all
STEP = 1 if os.environ["FULL"] else 5
FIRST = int(os.environ["PAIRWISE"] or 0) % STEP if STEP > 1 else 0


def short(c, method, body="", status=None, more=""):
    """Messages of a call, as short as they may be."""
    end = c.b if status else c.a
    start = f"SIP/2.0 {status}" if status else f"{method} sip:{c.b} SIP/2.0"
    return (f"{start}\nv:SIP/2.0/TCP {c.a};branch=z9hG4bK{c.number}x{method[0]}\nf:<sip:a@x.org>;tag=1\nt:<sip:b@x.org>{';tag=2' if status or method != 'INVITE' else ''}\n"
            f"i:{c.id}\nCSeq:{1 if method != 'BYE' else 2} {method}\nm:<sip:{end}>\n{more}" + (f"c:application/sdp\n" if body else "") + f"l:[[len]]\n\n{body}")


def in_parts(end, text, cuts):
    """Said in parts, each in a segment of its own, and heard whole."""
    data = render(text, end.side)
    for at, to in zip((0, *cuts), (*cuts, len(data))):
        end.send(data[at:to])
    return end.other.hear(text)


with case("S10", "cut-anywhere"):
    a, b = tcp_flow(caller, callee)
    mine, its = Media(caller), Media(callee)
    lengths = None
    at = 1 + FIRST
    while lengths is None or at < max(lengths):
        c = Call(a, b)
        c.id = "%05d" % at
        texts = [(a, short(c, "INVITE", sdp(mine))), (b, short(c, "INVITE", sdp(its), "200 OK")), (a, short(c, "ACK")),
                 (a, short(c, "BYE")), (b, short(c, "BYE", status="200 OK"))]
        lengths = [len(render(text, end.side)) for end, text in texts]
        for (end, text), length in zip(texts, lengths):
            try:
                in_parts(end, text, (at,) if at < length else ())
            except Failed as e:
                raise Failed("cut at %d of %d: %s" % (at, length, e)) from None
        at += STEP

with case("S10", "byte-at-a-time"):
    a, b = tcp_flow(caller, callee)
    c = Call(a, b)
    mine, its = Media(caller), Media(callee)
    for end, text in (a, short(c, "INVITE", sdp(mine))), (b, short(c, "INVITE", sdp(its), "200 OK")):
        in_parts(end, text, range(1, len(render(text, end.side))))
    talk(mine, its)

with case("S10", "several-in-a-segment"):
    a, b = tcp_flow(caller, callee)
    calls = [Call(a, b) for i in range(4)]
    mine, its = [Media(caller) for c in calls], [Media(callee) for c in calls]
    for end, texts in (a, [short(c, "INVITE", sdp(m)) for c, m in zip(calls, mine)]), (b, [short(c, "INVITE", sdp(m), "200 OK") for c, m in zip(calls, its)]):
        end.send(b"".join(render(text, end.side) for text in texts))
        for text in texts:
            end.other.hear(text)
    for m, n in zip(mine, its):
        talk(m, n)

for n in 1, 2, 4:
    for cut in (), (1,), (2 * n,), (2 * n - 1, 2 * n + 1):
        with case("S10", "keep-alives-%d-cut-%s" % (n, "-".join(map(str, cut)) or "nowhere")):
            # CR LF CR LF, and CR LF in answer (RFC 5626), in front of messages, in their segments
            a, b = tcp_flow(caller, callee)
            c = Call(a, b)
            mine, its = Media(caller), Media(callee)
            in_parts(a, b"\r\n" * n + raw(short(c, "INVITE", sdp(mine))), cut)
            in_parts(b, b"\r\n" + raw(short(c, "INVITE", sdp(its), "200 OK")), (2,))
            talk(mine, its)

with case("S10", "longer-than-a-segment"):
    a, b = tcp_flow(caller, callee)
    c = Call(a, b)
    mine, its = Media(caller), Media(callee)
    padding = "".join(f"X-Padding-{i}: {'10.0.0.2 ' * 9}\n" for i in range(70))
    a.say(short(c, "INVITE", sdp(mine), more=padding))
    b.say(short(c, "INVITE", sdp(its), "200 OK", more=padding))
    talk(mine, its)

with case("S10", "other-connection"):
    # the call goes on over another connection: its media lives, and its BYE there ends it
    a, b = tcp_flow(caller, callee)
    c = Call(a, b)
    mine, its = c.up()
    a.sock.close()
    b.sock.close()
    c.a, c.b = tcp_flow(caller, callee)
    c.seq.update({c.a: 5, c.b: 200})
    talk(mine, its)
    c.bye()
    shut((Stranger(callee), mine), (Stranger(caller), its))

with case("S10", "not-sip"):
    # what is no SIP passes, and nothing in it opens anything (NAT slipstreaming)
    a, b = tcp_flow(caller, callee)
    mine = Media(caller)
    inside_text = render(short(Call(a, b), "INVITE", sdp(mine)), a.side)
    data = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + b"-" * 1200
    a.send(data)
    a.send(inside_text)
    until = time.monotonic() + WAIT
    while len(b.buffer) < len(data + inside_text):
        check(time.monotonic() < until, "bytes are missing")
        b.more()
    check(b.buffer == data + inside_text, "bytes differ")
    if NAT and caller is inside:
        mine.place.learn(OUTSIDE, mine.own)
    shut((Stranger(callee), mine))
END
all_cases
