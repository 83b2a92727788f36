#!/bin/bash
# S12's other side: under "hide" no inside address leaves with a message, and what was changed comes back as it went, so that a
# call goes on: Call-ID, From and To, lines that tell of the inside.
# KERNELS: 7.2
# REQUIRES: ctalg
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # the library's
RULES=$'sip {\n\thide\n}'
scripted snat masquerade nat66-snat <<'END'
with case("S12", "hide"):
    c = Call(*udp_flow(inside, outside))
    c.id = f"7-1@{c.a.ip}"
    mine, its = Media(inside), Media(outside)
    offer = c.invite(sdp(mine))
    c.a.say(offer.replace("Max-Forwards", "User-Agent: phone at 10.0.0.2, fd00:1::2\nMax-Forwards"), offer)
    c.b.say(c.answer("180 Ringing"))
    c.b.say(c.answer("200 OK", sdp(its)))
    c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a]))
    talk_with_rtcp(mine, its)
    c.bye(c.b)
    shut((Stranger(outside), mine))

# a proxy inside, at the flow's end; behind it a phone at the second address
deep = {4: "10.0.0.3", 6: "[fd00:1::3]"}[FAM]
bare = deep.strip("[]")
NAME = re.compile(rb"h[0-9a-f]{28}\.invalid|h[0-9a-f]{60}\.invalid")


def hidden(c, text):
    """What the inside says, as it comes out: with names in place of the deeper host."""
    c.a.send(render(text, INSIDE))
    got = c.b.receive()
    check(bare.encode() not in got and inside.own.encode() not in got, "an inside address got out: %r" % got)
    return got


def lines(name, message):
    return re.findall(rb"(?im)^%s: *(.*?)\r$" % name, message)


def begin(c):
    """An INVITE through the proxy; returns what came out of it, and what went in."""
    text = (c.invite(sdp(Media(inside))).replace("Max-Forwards", f"Via: SIP/2.0/UDP {deep}:5070;received={bare};branch=z9-{bare}-7\nRecord-Route: <sip:{c.a};lr>, <sip:{deep}:5080;lr>\nMax-Forwards", 1)
            .replace(f"Contact: <sip:agent@{c.a}>", f"Contact: <sip:agent@{deep}:5070>").replace(";tag=a1", f";tag={bare}+1"))
    return hidden(c, text), render(text, INSIDE)


def answered(c, got, sent, status=b"200 OK"):
    """The answer repeats what the request had, and the inside gets that back as it was."""
    copied = b"".join(b"%s: %s\r\n" % (name, value) for name in (b"Via", b"Record-Route", b"From", b"Call-ID", b"CSeq") for value in lines(name, got))
    c.b.send(b"SIP/2.0 %s\r\n%sTo: <sip:bob@example.org>;tag=b1\r\nContact: <sip:bob@%s>\r\nContent-Length: 0\r\n\r\n" % (
        status, copied, render(str(c.b), OUTSIDE)))
    back = c.a.receive()
    for name in b"Via", b"Record-Route", b"From", b"Call-ID":
        check(lines(name, back) == lines(name, sent), "%s: %r, not %r" % (name.decode(), lines(name, back), lines(name, sent)))


def called_back(c, got, sent, b=None, method=b"BYE"):
    """A request in the dialog, from outside: by the routes that the INVITE has recorded, to the contact that it gave."""
    end, contact = b or c.b, lines(b"Contact", got)[0].strip(b"<>")
    routes = lines(b"Record-Route", got)[0]
    end.send(b"%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKb%d\r\nRoute: %s\r\nFrom: <sip:bob@example.org>;tag=b1\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 9 %s\r\nContent-Length: 0\r\n\r\n" % (
        method, contact, render(str(end), OUTSIDE), next(numbers), routes, lines(b"From", got)[0], lines(b"Call-ID", got)[0], method))
    back = end.other.receive()
    check(back.startswith(b"%s sip:agent@%s:5070 SIP" % (method, deep.encode())), "the request goes to %r" % back[:60])
    # the first route is the place of the flow that the INVITE took
    first = 0 if not b else 1
    wanted, has = lines(b"Record-Route", sent)[0].split(b", ")[first:], lines(b"Route", back)[0].split(b", ")[first:]
    check(wanted == has, "Route: %r, not %r" % (has, wanted))
    check(lines(b"To", back) == lines(b"From", sent), "To: %r" % lines(b"To", back))
    return back


with case("S12", "hide-proxy-inside"):
    c = Call(*udp_flow(inside, outside))
    c.id = f"{bare}-7@{deep}"
    got, sent = begin(c)
    check(len(set(NAME.findall(got))) in (1, 2), "names: %r" % got)
    answered(c, got, sent)
    called_back(c, got, sent)

with case("S12", "hide-call-of-a-name"):
    # the Call-ID goes out under a name: it is the same call when that comes back
    c = Call(*udp_flow(inside, outside))
    c.id = f"{bare}-8@{deep}"
    mine, its = Media(inside), Media(outside)
    got = hidden(c, c.invite(sdp(mine)))
    mine.place.learn(OUTSIDE, int(re.search(rb"m=audio (\d+)", got)[1]))
    name = lines(b"Call-ID", got)[0].decode()
    check(NAME.search(name.encode()), "no name in %s" % name)
    was, c.id = c.id, name
    text = c.answer("200 OK", sdp(its))
    c.b.send(render(text, OUTSIDE))
    back = c.a.receive()
    check(lines(b"Call-ID", back)[0].decode() == was, "Call-ID: %r" % lines(b"Call-ID", back))
    its.place.learn(INSIDE, its.own)
    c.id = was
    hidden(c, c.request(c.a, "ACK", seq=c.seq[c.a]))
    talk_with_rtcp(mine, its)
    # the BYE from outside ends it
    c.id = name
    c.b.send(render(c.request(c.b, "BYE"), OUTSIDE))
    check(lines(b"Call-ID", c.a.receive())[0].decode() == was, "Call-ID of the BYE")
    c.id = was
    hidden(c, c.answer("200 OK"))
    shut((Stranger(outside), mine))

with case("S12", "hide-another-flow"):
    # a later request comes by another flow of the same hosts
    c = Call(*udp_flow(inside, outside))
    got, sent = begin(c)
    answered(c, got, sent)
    again = udp_flow(inside, outside)
    Call(*again).a.say(Call(*again).request(again[0], "OPTIONS", tagged=False))
    called_back(c, got, sent, again[1])

with case("S12", "hide-not-ours"):
    # a name that nobody has made is a name like others
    c = Call(*udp_flow(inside, outside))
    c.a.say(c.request(c.a, "OPTIONS", tagged=False))
    text = c.request(c.b, "OPTIONS", tagged=False).replace("Max-Forwards", "Route: <sip:h0123456789abcdef0123456789ab.invalid;lr>\nMax-Forwards")
    c.b.say(text)
END
all_cases
