#!/bin/bash
# S5: lengths are exact, and parts of a body that are no description come through byte by byte.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def call():
    return Call(*udp_flow(caller, callee))


def spoken(c, offer, mine, kind="application/sdp"):
    c.a.say(c.invite(offer, kind=kind))
    its = Media(callee)
    c.b.say(c.answer("200 OK", sdp(its)))
    talk(mine, its)


XML = '<?xml version="1.0"?>\n<presence entity="pres:alice@10.0.0.2"><ip>10.0.0.2</ip></presence>\n'
PARTS = {
    "first": lambda s: [("application/sdp", s), ("application/pidf+xml", XML)],
    "second": lambda s: [("application/pidf+xml", XML), ("application/sdp", s)],
    "middle": lambda s: [("text/plain", "c=IN IP4 10.0.0.2\nm=audio 20000 RTP/AVP 0\n"), ("application/sdp", s), ("application/isup;version=x", "\x01\x02 10.0.0.2")],
}
for name, parts in PARTS.items():
    for quoted in "", '"':
        with case("S5", "multipart-%s%s" % (name, "-quoted" * bool(quoted))):
            c, mine = call(), Media(caller)
            boundary = "a b=1" if quoted else "unique-boundary-1"
            body = "".join(f"--{boundary}\nContent-Type: {kind}\n\n{part}\n" for kind, part in parts(sdp(mine))) + f"--{boundary}--\n"
            spoken(c, "preamble 10.0.0.2\n" + body + "epilogue 10.0.0.2", mine, f"multipart/mixed;boundary={quoted}{boundary}{quoted}")

with case("S5", "multipart-nested"):
    c, mine = call(), Media(caller)
    inner = f"--in\nContent-Type: text/html\n\n<p>10.0.0.2</p>\n--in\nContent-Type: application/sdp\n\n{sdp(mine)}\n--in--\n"
    spoken(c, f"--out\nContent-Type: multipart/alternative; boundary=in\n\n{inner}\n--out--\n", mine, "multipart/mixed; boundary=out")

with case("S5", "one-more-digit"):
    # the body has 99 bytes inside, more outside
    c, mine = call(), Media(caller)
    body = f"v=0\no=- 7 1 IN {IP} {mine.ip}\ns=S\nc=IN {IP} {mine.ip}\nt=0 0\nm=audio {mine.port} RTP/AVP 0\n"
    short = len(body_of(b"\r\n\r\n" + render(body, caller.side)))
    body = body.replace("s=S", "s=" + "-" * max(1, 100 - short))
    spoken(c, body, mine)

for name, header in (("compact", "l: [[len]]"), ("spaces", "Content-Length  :   [[len]]  "), ("folded", "Content-Length:\n [[len]]"),
                     ("zeros", "CONTENT-LENGTH: [[len.zeros]]")):
    with case("S5", "length-" + name):
        c, mine, its = call(), Media(caller), Media(callee)
        c.a.say(c.invite(sdp(mine)).replace("Content-Length: [[len]]", header))
        c.b.say(c.answer("200 OK", sdp(its)).replace("Content-Length: [[len]]", header))
        talk(mine, its)

with case("S5", "none-over-udp"):
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(sdp(mine)).replace("Content-Length: [[len]]\n", ""))
    c.b.say(c.answer("200 OK", sdp(its)).replace("Content-Length: [[len]]\n", ""))
    talk(mine, its)

with case("S5", "more-than-said"):
    # what follows the body is not part of it (RFC 3261, 18.3), and comes through
    c, mine = call(), Media(caller)
    more = f"c=IN {IP} {caller.own}\r\n".encode()
    text = c.invite(sdp(mine))
    c.a.send(render(text, c.a.side) + more)
    got = c.b.receive()
    check(got.endswith(more), "the end is %r" % got[-len(more):])
    understand(text, c.b.side, got[:-len(more)])

with case("S5", "less-than-said"):
    # it cannot be whole: nothing of the body changes, and it is not dropped
    c = call()
    body = f"v=0\no=- 7 1 IN {IP} {caller.own}\ns=-\nc=IN {IP} {caller.own}\nt=0 0\nm=audio {next(media_ports[caller.side])} RTP/AVP 0\n"
    c.a.say(c.invite(body).replace("[[len]]", "999"))

with case("S5", "encoded"):
    c = call()
    body = f"v=0\no=- 7 1 IN {IP} {caller.own}\ns=-\nc=IN {IP} {caller.own}\nt=0 0\nm=audio {next(media_ports[caller.side])} RTP/AVP 0\n"
    c.a.say(c.invite(body, more="Content-Encoding: gzip\n"))

with case("S5", "another-type"):
    c = call()
    c.a.say(c.request(c.a, "MESSAGE", f"c=IN {IP} {caller.own}\nm=audio {next(media_ports[caller.side])} RTP/AVP 0\n", kind="text/plain", tagged=False))

with case("S5", "type-with-parameters"):
    c, mine = call(), Media(caller)
    spoken(c, sdp(mine), mine, 'Application/SDP ;charset="utf-8"; x=y')

with case("S5", "compact-type"):
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(sdp(mine)).replace("Content-Type:", "c:"))
    c.b.say(c.answer("200 OK", sdp(its)).replace("Content-Type:", "c:"))
    talk(mine, its)
END
all_cases
