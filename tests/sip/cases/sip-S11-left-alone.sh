#!/bin/bash
# S11: agents that have found out themselves what they are called outside are left alone: not a byte changes.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted snat masquerade nat66-snat none <<'END'
def call(port=0):
    a, b = udp_flow(caller, callee, port)
    # what is said names the outside place, and is sent from the inside one
    outer = Place(*[a.place.calls[OUTSIDE]] * 2)
    return Call(Named(a, outer), b)


class Named(UdpEnd):
    """An end that calls itself by another name."""

    def __init__(self, end, place):
        self.__dict__.update(end.__dict__)
        self.real, self.place = end, place
        end.other.other = self

    def receive(self):
        return UdpEnd.receive(self.real)

    def send(self, data):
        self.real.send(data)



def same(c, end, text, what):
    got = end.say(text)
    check(got == render(text, end.side), "%s: bytes changed" % what)
    return got


with case("S11", "public-contact-and-sdp"):
    c = call()
    # a port that STUN has found: here, the router keeps the port
    mine, its = Media(caller), Media(callee)
    public = Place(*[(caller.other, mine.own)] * 2)
    body = f"v=0\no=- 7 1 IN {IP} {public.ip}\ns=-\nc=IN {IP} {public.ip}\nt=0 0\nm=audio {public.port} RTP/AVP 0\n"
    same(c, c.a, c.invite(body), "INVITE")
    same(c, c.b, c.answer("200 OK", sdp(its)), "200")
    same(c, c.a, c.request(c.a, "ACK", seq=2), "ACK")
    mine.place.learn(OUTSIDE, mine.own)
    talk(mine, its)
    same(c, c.a, c.request(c.a, "BYE"), "BYE")

with case("S11", "registration"):
    c = call()
    for expires in 3600, 0:
        text = c.request(c.a, "REGISTER", tagged=False, uri="sip:example.org", more=f"Expires: {expires}\n")
        same(c, c.a, text, "REGISTER")
        same(c, c.b, c.answer("200 OK"), "200")

if MODE == "snat" and not MAINLINE:
    with case("S11", "private-via"):
        # STUN's address in Contact and SDP, the phone's own in Via, with rport, as most have it (RFC 3581); and in o=
        a, b = udp_flow(caller, callee)
        own = f"{caller.own}:{a.place.calls[INSIDE][1]}" if FAM == 4 else f"[{caller.own}]:{a.place.calls[INSIDE][1]}"
        c = Call(Named(a, Place(*[a.place.calls[OUTSIDE]] * 2)), b)
        mine, its = Media(caller), Media(callee)
        body = f"v=0\no=- 7 1 IN {IP} {caller.own}\ns=-\nc=IN {IP} {caller.other}\nt=0 0\nm=audio {mine.own} RTP/AVP 0\n"

        def private(text):
            return re.sub("(?m)^Via: SIP/2.0/udp [^;]*", "Via: SIP/2.0/udp " + own, text, flags=re.I)

        same(c, c.a, private(c.request(c.a, "REGISTER", tagged=False, uri="sip:example.org", more="Expires: 3600\n")), "REGISTER")
        same(c, c.b, private(c.answer("200 OK")).replace(";rport", f";rport={a.place.calls[OUTSIDE][1]};received={caller.other}"), "200 for REGISTER")
        same(c, c.a, private(c.invite(body)), "INVITE")
        same(c, c.b, private(c.answer("200 OK", sdp(its))), "200")
        # who calls itself nothing has not changed its mind
        for method in "ACK", "OPTIONS":
            text = re.sub("(?m)^Contact: .*\n", "", c.request(c.a, method, seq=2))
            same(c, c.a, private(text), method)
        mine.place.learn(OUTSIDE, mine.own)
        talk(mine, its)
        same(c, c.b, c.request(c.b, "INFO"), "INFO")
        same(c, c.a, private(c.request(c.a, "BYE")), "BYE")

with case("S11", "names-only"):
    # who is called by name needs nothing, with outbound's flows (RFC 5626) and GRUUs
    a, b = udp_flow(caller, callee)
    c = Call(a, b)
    text = re.sub("Contact: .*", "Contact: <sip:agent@phone.example.org;gr=urn:uuid:f81d4fae;ob>;reg-id=1;+sip.instance=\"<urn:uuid:f81d4fae>\"",
                  c.request(a, "SUBSCRIBE", tagged=False, more="Event: presence\n")).replace(f"UDP {a};", "UDP phone.example.org:5099;").replace(f"@{b} SIP", "@example.org SIP")
    a.send(render(text, a.side))
    check(b.receive() == render(text, a.side), "bytes changed")

with case("S11", "stun-says-other-ports"):
    # candidates of all kinds, c= and m= of the mapped one: ICE gets through alone
    a, b = udp_flow(caller, callee)
    c = Call(a, b)
    own, found = caller.own, caller.other
    offer = (f"v=0\no=- 7 1 IN {IP} {found}\ns=-\nc=IN {IP} {found}\nt=0 0\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=ice-ufrag:8hhY\n"
             f"m=audio 61234 RTP/AVP 0\na=rtcp:61235\na=candidate:1 1 UDP 2130706431 {own} 20002 typ host\n"
             f"a=candidate:2 1 UDP 1694498815 {found} 61234 typ srflx raddr {own} rport 20002\n")
    got = a.say(c.invite(offer))
    check(body_of(got) == raw(offer), "the body changed")
END
all_cases
