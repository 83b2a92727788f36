# SPDX-License-Identifier: GPL-2.0
"""The captures of calls and registrations; see captures.py."""
from captures import CLIENT, NAT, OTHER, ROUTER, SERVER, case
from packets import *  # noqa: F403


def sdp(*lines, version=1):
    """Each line is where media is received: (kind, address, port)."""
    host = lines[0][1]
    media = "".join("m=%s %d RTP/AVP 0\r\nc=IN IP4 %s\r\n" % (kind, port, address) for kind, address, port in lines)
    return "v=0\r\no=- 7 %d IN IP4 %s\r\ns=-\r\nt=0 0\r\n%s" % (version, host, media)


def audio(address, port, **more):
    return sdp(("audio", address, port), **more)


class Talk:
    """What a phone, `a`, and its proxy, `b`, say over one flow; `named` is what each calls itself."""

    def __init__(self, capture, kind="udp", a=CLIENT, b=SERVER, aport=5060, named=None, call="c1"):
        self.capture, self.call, self.kind = capture, call, kind
        self.end = {"a": (a, aport), "b": (b, 5060)}
        self.named = {"a": named or a, "b": b}
        self.tags = {"a": "1", "b": ""}
        self.asked, self.seq, self.again = None, 0, None
        self.tcp = Tcp(capture, a, aport, b, 5060) if kind == "tcp" else None
        capture.tokens = None

    def send(self, who, text):
        data = text.encode()
        if self.tcp:
            self.tcp.send(who, data, len(data) // 3)
        else:
            (src, sport), (dst, dport) = self.end[who], self.end[Tcp.other(who)]
            self.capture.datagram(src, sport, dst, dport, data)

    def message(self, who, first, method, seq, sender, body="", more="", contact=True):
        """@sender: who asks, or has asked."""
        def party(who):
            return "<sip:%s@example.com>%s" % (who, self.tags[who] and ";tag=" + self.tags[who])
        lines = [first, "Via: SIP/2.0/%s %s:%d;branch=z9hG4bK%s%d" % (
                     self.kind.upper(), self.named[sender], self.end[sender][1], sender, seq),
                 "From: " + party(sender), "To: " + party(Tcp.other(sender)), "Call-ID: " + self.call,
                 "CSeq: %d %s" % (seq, method)]
        if contact:
            lines.append("Contact: <sip:%s@%s:%d>" % (who, self.named[who], self.end[who][1]))
        lines += more.splitlines()
        if body:
            lines.append("Content-Type: application/sdp")
        self.send(who, "\r\n".join(lines + ["Content-Length: %d" % len(body), "", body]))

    def ask(self, who, method, body="", more="", seq=None, **rest):
        if seq is None:
            self.seq += 1
            seq = self.seq
        self.asked = method, seq, who
        self.message(who, "%s sip:x@%s SIP/2.0" % (method, self.named[Tcp.other(who)]), method, seq, who, body, more, **rest)

    def answer(self, status, body="", more="", to=None, asked=None, **rest):
        """@to: the tag of who answers."""
        method, seq, sender = asked or self.asked
        who = Tcp.other(sender)
        if to:
            self.tags[who] = to
        self.message(who, "SIP/2.0 " + status, method, seq, sender, body, more, **rest)

    def ack(self, who, **rest):
        method, seq, sender = self.asked
        self.message(who, "ACK sip:x@%s SIP/2.0" % self.named[Tcp.other(who)], "ACK", seq, who, **rest)

    def media(self, a, b, first="a", answers=True):
        """Where each of the two receives it."""
        ways = [(a, b), (b, a)] if first == "a" else [(b, a), (a, b)]
        for src, dst in ways[:1 + answers]:
            self.capture.datagram(*src, *dst, b"\x80\0" + bytes(20))


def whole_call(t):
    """Rings reliably, is taken, moves its media, ends; media of another host outside."""
    c = t.capture
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    invited = t.asked
    t.answer("100 Trying", contact=False)
    t.answer("180 Ringing", more="RSeq: 1", to="2")
    t.ask("a", "PRACK", more="RAck: 1 1 INVITE")
    t.answer("200 OK")
    t.answer("200 OK", audio(OTHER, 30000), asked=invited)
    t.asked = invited
    t.ack("a")
    t.media((CLIENT, 4000), (OTHER, 30000))
    t.media((CLIENT, 4001), (OTHER, 30001), first="b")
    t.media((CLIENT, 4000), (SERVER, 31000), first="b", answers=False)
    c.wait(10)
    t.ask("a", "INVITE", audio(CLIENT, 4010, version=2))
    t.answer("200 OK", audio(OTHER, 30000, version=2))
    t.ack("a")
    t.media((CLIENT, 4010), (OTHER, 30000))
    c.wait(10)
    t.ask("b", "BYE", seq=1)
    t.answer("200 OK")
    t.ask("b", "BYE", seq=1)
    t.answer("200 OK")
    t.media((CLIENT, 4010), (OTHER, 30000))
    c.wait(300)
    t.ask("a", "OPTIONS", contact=False)
    return c


@case(*NAT)
def sip_whole_call():
    return whole_call(Talk(Capture()))


@case(*NAT)
def sip_whole_call_tcp():
    return whole_call(Talk(Capture(), "tcp", aport=40000))


@case(*NAT)
def sip_cancelled():
    t = Talk(Capture())
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    invited = t.asked
    t.answer("183 Session Progress", audio(SERVER, 30000), to="2")
    t.media((CLIENT, 4000), (SERVER, 30000), first="b")
    t.tags["b"] = ""
    t.ask("a", "CANCEL", seq=1, contact=False)
    t.answer("200 OK", to="2")
    t.answer("487 Request Terminated", asked=invited)
    t.asked = invited
    t.ack("a")
    return t.capture


@case(*NAT)
def sip_fork():
    """Two phones ring, with media; the second is taken."""
    t = Talk(Capture())
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    t.answer("183 Session Progress", audio(SERVER, 30000), to="2")
    t.answer("183 Session Progress", audio(OTHER, 30100), to="3")
    t.answer("200 OK", audio(OTHER, 30100), to="3")
    t.ack("a")
    t.ask("a", "BYE")
    t.answer("200 OK")
    return t.capture


@case(*NAT)
def sip_registered():
    """Of an hour that is asked for a registrar grants less; what comes to a place meanwhile; it is given up, and runs out."""
    c = Capture()
    t = Talk(c, call="r1", aport=5062)
    t.ask("a", "REGISTER", more="Expires: 3600")
    t.answer("200 OK", to="r", contact=False, more="Contact: <sip:a@%s:5062>;expires=600" % CLIENT)
    c.wait(400)
    t.call = "o1"
    t.ask("b", "OPTIONS", seq=1, contact=False)
    t.answer("200 OK")
    # from another port of the registrar's: another flow of the same protocol
    other = Talk(c, call="i1", aport=5062)
    other.end["b"] = SERVER, 5070
    other.tags["b"] = "9"
    other.ask("b", "INVITE", audio(SERVER, 30000), seq=1)
    other.answer("486 Busy Here")
    t.call = "r1"
    t.tags["b"] = ""
    t.ask("a", "REGISTER", more="Expires: 0")
    t.answer("200 OK", to="r", contact=False)
    # two places, of which one is not the flow's own; the registrar names that only, and its time runs out
    t.call = "r2"
    t.ask("a", "REGISTER", more="Contact: <sip:a@%s:5080>;expires=3600" % CLIENT)
    t.answer("200 OK", contact=False, more="Contact: <sip:a@%s:5080>;expires=100" % CLIENT)
    c.wait(300)
    t.ask("a", "OPTIONS", contact=False)
    return c


@case(*NAT)
def sip_aware():
    """A phone that has found out what it is called outside; its media too."""
    c = Capture()
    t = Talk(c, named=ROUTER)
    t.ask("a", "INVITE", audio(ROUTER, 4000))
    t.answer("200 OK", audio(SERVER, 30000), to="2")
    t.ack("a")
    # another that has not
    t = Talk(c, a="10.0.0.3", call="c2")
    t.ask("a", "INVITE", audio("10.0.0.3", 4000))
    t.answer("200 OK", audio(SERVER, 30010), to="2")
    return c


@case(*NAT)
def sip_held():
    """A line that is refused, hold, and back."""
    c = Capture()
    t = Talk(c)
    t.ask("a", "INVITE", sdp(("audio", CLIENT, 4000), ("video", CLIENT, 4002)))
    t.answer("200 OK", sdp(("audio", SERVER, 30000), ("video", SERVER, 0)), to="2")
    t.ack("a")
    t.ask("a", "INVITE", sdp(("audio", "0.0.0.0", 4000), ("video", CLIENT, 0), version=2))
    t.answer("200 OK", sdp(("audio", SERVER, 30000), ("video", SERVER, 0), version=2))
    t.ack("a")
    c.wait(600)
    t.ask("a", "INVITE", sdp(("audio", CLIENT, 4000), ("video", CLIENT, 0), version=3))
    t.answer("488 Not Acceptable Here")
    t.ack("a")
    t.media((CLIENT, 4000), (SERVER, 30000))
    t.ask("b", "INVITE", audio(SERVER, 30000), seq=1)
    t.answer("200 OK", audio(CLIENT, 4000, version=4))
    return c


@case(*NAT)
def sip_silent():
    """Nobody says how a call went on."""
    c = Capture()
    t = Talk(c)
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    t.answer("180 Ringing", to="2")
    c.wait(300)
    t.ask("a", "OPTIONS", contact=False)
    c.wait(40)
    t.answer("200 OK", audio(SERVER, 30000), asked=("INVITE", 1, "a"))
    return c


@case(*NAT)
def sip_two_connections():
    """A call that is ended over another connection; one whose connection goes, and another goes on with it."""
    c = Capture()
    first = Talk(c, "tcp", aport=40000)
    first.ask("a", "INVITE", audio(CLIENT, 4000))
    first.answer("200 OK", audio(SERVER, 30000), to="2")
    first.ack("a")
    first.media((CLIENT, 4000), (SERVER, 30000))
    second = Talk(c, "tcp", aport=40001)
    second.tags["b"], second.seq = "2", 1
    second.ask("a", "INVITE", audio(CLIENT, 4000, version=2))
    second.answer("200 OK", audio(SERVER, 30000, version=2))
    second.ack("a")
    first.tcp.close()
    c.wait(100)
    first.media((CLIENT, 4000), (SERVER, 30000))
    c.wait(100)
    first.media((CLIENT, 4000), (SERVER, 30000))
    second.ask("a", "INFO")
    c.wait(1)
    second.answer("200 OK")
    third = Talk(c, "tcp", aport=40002)
    third.tags["b"], third.seq = "2", 9
    third.ask("a", "BYE")
    third.answer("200 OK")
    return c


@case(*NAT)
def sip_shared():
    """Two calls to places outside, which share them; the first to end leaves them to the other."""
    c = Capture()
    calls = [Talk(c, call="c%d" % i) for i in (1, 2)]
    for i, t in enumerate(calls):
        t.ask("a", "INVITE", audio(CLIENT, 4000 + 10 * i))
        t.answer("200 OK", audio(SERVER, 30000), to="2")
        t.ack("a")
    calls[1].media((CLIENT, 4010), (SERVER, 30000))
    for t in calls:
        t.ask("a", "BYE")
        t.answer("200 OK")
    # two that name one place inside, and one whose RTCP's place is taken
    for i, port in enumerate((4020, 4020, 4019)):
        t = Talk(c, call="d%d" % i)
        t.ask("a", "INVITE", audio(CLIENT, port))
    return c


@case(*NAT, policy="sip {\n\tended cut\n}\n")
def sip_cut():
    """Media ends with its call, says policy."""
    c = Capture()
    t = Talk(c)
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    t.answer("200 OK", audio(SERVER, 30000), to="2")
    t.media((CLIENT, 4000), (SERVER, 30000))
    t.ask("a", "BYE")
    t.answer("200 OK")
    t.media((CLIENT, 4000), (SERVER, 30000))
    return c


@case("--outside", ROUTER)
def sip_no_nat():
    """Nobody says who is inside: media of a third host is not let in."""
    c = Capture()
    t = Talk(c)
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    t.answer("200 OK", audio(OTHER, 30000), to="2")
    return c


@case(policy="set inside { 10.0.0.0/8 }\n")
def sip_no_nat_inside():
    return sip_no_nat()


@case(*NAT)
def sip_two_phones():
    """Two inside phones, by a proxy outside: each is told the other's own place."""
    c = Capture()
    a, b = Talk(c, a=CLIENT), Talk(c, a="10.0.0.3")
    a.ask("a", "INVITE", audio(CLIENT, 4000))
    b.tags["b"] = "p"
    b.call = "c2"
    b.ask("b", "INVITE", audio(CLIENT, 4000), seq=1)
    b.answer("200 OK", audio("10.0.0.3", 4000), to="3")
    a.answer("200 OK", audio("10.0.0.3", 4000), to="2")
    return c


@case(*NAT)
def sip_without_end():
    """Over TCP nobody can tell where a message ends without Content-Length."""
    c = Capture()
    t = Talk(c, "tcp", aport=40000)
    t.tcp.send("a", b"OPTIONS sip:b@%s SIP/2.0\r\nContent-Length: x\r\n\r\n" % SERVER.encode())
    t.ask("a", "INVITE", audio(CLIENT, 4000))
    return c
