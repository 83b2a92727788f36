#!/bin/bash
# S18: nothing is dropped because it is not understood: odd, short, broken or unknown, it comes through, over UDP and TCP.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def ports():
    return next(media_ports[caller.side])


def without(name):
    return lambda text, c: re.sub(rf"(?m)^{name}: .*\n", "", text)


def arrived(text, side, got):
    """Line by line it is as it was sent, or with its places called as they are here."""
    if got == render(text, not side):
        return
    lines, there = raw(text).split(b"\r\n"), got.split(b"\r\n")
    check(len(lines) == len(there), "%d lines, not %d" % (len(there), len(lines)))
    for line, it in zip(lines, there):
        if it.startswith(b"Content-Length") and b"[[len]]" in line:
            check(it.split()[1] == b"%d" % len(body_of(got)), "%r for a body of %d" % (it, len(body_of(got))))
        else:
            check(it in (render(line, side), render(line, not side)), "%r, not %r" % (it, render(line, side)))


def arrives(name, change, body="", tcp=True):
    """A message of the caller's, changed: all of it arrives, as it was sent or with its places called as they are outside."""
    for kind in ("udp", "tcp")[:1 + tcp]:
        with case("S18", f"{name}-{kind}"):
            c = Call(*flow(kind, caller, callee))
            text = change(c.invite(body(c) if callable(body) else body), c)
            c.a.send(render(text, c.a.side))
            arrived(text, c.b.side, c.b.receive())
            # and the flow works as before
            ok = Call(c.a, c.b)
            c.a.say(ok.request(c.a, "OPTIONS", tagged=False))
            c.b.say(ok.answer("200 OK"))


def description(where, port):
    return lambda c: f"v=0\no=- 7 1 IN {IP} {c.a.ip}\ns=-\nc=IN {IP} {where(c) if callable(where) else where}\nt=0 0\nm=audio {port} RTP/AVP 0\n"


arrives("no-cseq", without("CSeq"))
arrives("no-call-id", without("Call-ID"))
arrives("no-from", without("From"))
arrives("no-to", without("To"))
arrives("no-contact", without("Contact"))
arrives("no-via", without("Via"))
arrives("no-max-forwards", without("Max-Forwards"))
arrives("no-length", lambda text, c: text.replace("Content-Length: [[len]]\n", ""), description(lambda c: c.a.ip, 0), tcp=False)
arrives("odd-cseq", lambda text, c: re.sub("CSeq: .*", "CSeq: 99999999999 WHAT", text))
arrives("cseq-of-another", lambda text, c: re.sub("CSeq: .*", "CSeq: 1 BYE", text))
arrives("unknown-method", lambda text, c: text.replace("INVITE", "NEWMETHOD"))
arrives("unknown-version", lambda text, c: text.replace(" SIP/2.0\n", " SIP/7.0\n"), tcp=False)
arrives("unknown-scheme", lambda text, c: re.sub("INVITE .* SIP", "INVITE unknown:whatever@10.0.0.9 SIP", text))
arrives("no-colon", lambda text, c: text.replace("Max-Forwards: 70", "Max-Forwards 70"))
arrives("empty-headers", lambda text, c: text.replace("Max-Forwards: 70", "Supported:\nX-Empty: \nAllow:  "))
arrives("unclosed-quote", lambda text, c: text.replace("From: <", "From: \"Alice <"))
arrives("unclosed-angle", lambda text, c: text.replace("To: <sip:bob@example.org>", "To: <sip:bob@example.org"))
arrives("two-call-ids", lambda text, c: text.replace("Call-ID:", "Call-ID: other@x\nCall-ID:"))
arrives("control-bytes", lambda text, c: text.replace("Max-Forwards", "X-Bytes: \x01\x02\x7f\nMax-Forwards"))
arrives("blanks-in-uri", lambda text, c: re.sub("INVITE .* SIP", "INVITE sip:bob@example.org; transport=udp SIP", text))
arrives("tel-uri", lambda text, c: re.sub("INVITE .* SIP", "INVITE tel:+12125550123 SIP", text))
arrives("contact-name", lambda text, c: re.sub("Contact: .*", "Contact: <sip:a@phone.example.org:99999>", text))
arrives("contact-port-0", lambda text, c: re.sub("Contact: .*", f"Contact: <sip:a@192.0.2.4:0>", text))
arrives("contact-bad-port", lambda text, c: re.sub("Contact: .*", f"Contact: <sip:a@192.0.2.4:70000>", text))
arrives("expires-huge", lambda text, c: re.sub("Max-Forwards: 70", f"Expires: 99999999999999999999\nMax-Forwards: 70", text))
for name, where, port in (("media-port-80", lambda c: c.a.ip, 80), ("media-port-70000", lambda c: c.a.ip, 70000), ("media-port-negative", lambda c: c.a.ip, -1),
                          ("media-port-word", lambda c: c.a.ip, "audio"), ("media-name", "media.example.org", 20000), ("media-nowhere", "", 20000)):
    arrives(name, lambda text, c: text, description(where, port))
arrives("no-version", lambda text, c: text, lambda c: "o=- 1 1 IN IP4 192.0.2.7\ns=-\nm=audio 20000 RTP/AVP 0\n")
arrives("no-media", lambda text, c: text, lambda c: f"v=0\no=- 7 1 IN {IP} {c.a.ip}\ns=-\nt=0 0\n")
arrives("m-line-short", lambda text, c: text, lambda c: f"v=0\no=- 7 1 IN {IP} {c.a.ip}\ns=-\nc=IN {IP} {c.a.ip}\nt=0 0\nm=\nm=audio\nm=audio 1\n")
arrives("sdp-of-bytes", lambda text, c: text, "\x00\x01v=0\x02 m=\n")

with case("S18", "answers"):
    # answers of all kinds, to nothing that was asked
    c = Call(*udp_flow(caller, callee))
    c.a.say(c.request(c.a, "OPTIONS", tagged=False))
    for status in "100 Trying", "199 ", "299 Odd", "399 x", "499 \u00c4", "699 ":
        c.b.say(c.answer(status))
    for status in "700 Beyond", "000 Nothing", "42 Short", "OK 200":
        text = c.answer(status)
        c.b.send(render(text, c.b.side))
        arrived(text, c.a.side, c.a.receive())

with case("S18", "fragments-of-text"):
    # the beginnings of a message, each as a datagram
    a, b = udp_flow(caller, callee)
    text = render(Call(a, b).request(a, "OPTIONS", tagged=False, uri="sip:x@example.org"), a.side)
    for n in (*range(1, 60, 7), 61, len(text) // 2):
        a.send(text[:n])
        got = b.receive()
        check(len(got) >= n, "%d bytes of %d" % (len(got), n))
END
all_cases
