#!/bin/bash
# S13, S3: a call goes on with other media: held in both ways and resumed by either side, audio becomes a fax over UDP or TCP, files
# (MSRP) and a floor (BFCP) come beside it; between the inside and the outside, and between two phones inside, directly.
# REQUIRES: ctalg
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2046 # names
scripted $(one_of snat masquerade nat66-snat) <<'PYTHON'
ZERO = "0.0.0.0" if FAM == 4 else "::"


class Straight:
    """A call between the inside and the outside."""
    name = "across"

    def __init__(self, kind):
        self.call = Call(*flow(kind, inside, outside))
        self.first, self.second = self.call.a.host, self.call.b.host
        self.begun = False

    def offered(self, by, offer, answer, passed=None):
        c = self.call
        end = c.a if by is self.first else c.b
        end.say(c.request(end, "INVITE", offer, tagged=self.begun))
        end.other.say(c.answer("200 OK", answer))
        end.say(c.request(end, "ACK", seq=c.seq[end]))
        self.begun = True

    def bye(self):
        self.call.bye()


class Direct:
    """One between two phones inside, each with a flow to the same proxy outside; what one is told is what the other says."""
    name = "direct"

    def __init__(self, kind):
        self.first, self.second = inside, inside2
        a, near = flow(kind, inside, outside)
        b, far = flow(kind, inside2, outside)
        b.say(Call(b, far).request(b, "OPTIONS", tagged=False))
        self.legs = Call(a, near), Call(far, b)
        self.begun = False

    def offered(self, by, offer, answer, passed=None):
        # who it comes from, and who passes it on to whom
        one, two = self.legs
        way = [(one, one.a), (two, two.a)] if by is self.first else [(two, two.b), (one, one.b)]
        for (c, end), text in zip(way, (offer, passed or offer)):
            end.say(c.request(end, "INVITE", text, tagged=self.begun))
        for c, end in reversed(way):
            end.other.say(c.answer("200 OK", answer))
        for c, end in way:
            end.say(c.request(end, "ACK", seq=c.seq[end]))
        self.begun = True

    def bye(self):
        for c in self.legs:
            c.bye()


def described(m, *lines, version=1, c=None):
    """As sdp(), but whose origin it is, is a name: that of another's phone is not known as a place."""
    return (f"v=0\no=- 7 {version} IN {IP} phone.example.org\ns=-\nc=IN {IP} {c or m.ip}\nt=0 0\n" + "".join(line + "\n" for line in lines))


def audio(m, *more, **how):
    return described(m, f"m=audio {m.port} RTP/AVP 0", *more, **how)


def listener(host):
    port = next(media_ports[host.side])
    sock = host.socket(socket.SOCK_STREAM, port)
    sock.listen(1)
    return sock, host.place(port)


def connects(host, sock, place):
    """To the listener, with bytes both ways."""
    s = host.socket(socket.SOCK_STREAM, 0)
    s.connect(place.called(host.side))
    t, _ = sock.accept()
    for x, y in (s, t), (t, s):
        y.settimeout(WAIT)
        x.sendall(b"one way")
        check(y.recv(100) == b"one way", "other bytes")
    for each in s, t, sock:
        each.close()


def media_talk(m, n, rtcp=False):
    """Directly, or by the router: where each reads that the other is."""
    talk(m, n)
    if rtcp and m.side != n.side:
        talk(pair(m), pair(n))


for kind in "udp", "tcp":
    for way in Straight, Direct:
        with case("S13" if way is Direct else "S3", "%s-hold-resume-%s" % (way.name, kind)):
            c = way(kind)
            mine, its = Media(c.first), Media(c.second)
            c.offered(c.first, audio(mine), audio(its))
            media_talk(mine, its, rtcp=True)
            version = 1
            for by, m, n in (c.first, mine, its), (c.second, its, mine):
                for held in dict(c=ZERO), dict(mode="inactive"), dict(mode="sendonly"):
                    version += 2
                    more = [f"a={held['mode']}"] if "mode" in held else []
                    back = [] if not more else ["a=inactive"] if more == ["a=inactive"] else ["a=recvonly"]
                    c.offered(by, audio(m, *more, version=version, c=held.get("c")), audio(n, *back, version=version))
                    c.offered(by, audio(m, version=version + 1), audio(n, version=version + 1))
                    media_talk(m, n)
            media_talk(mine, its, rtcp=True)
            c.bye()
            shut((Stranger(outside), mine))

        with case("S13" if way is Direct else "S3", "%s-audio-to-fax-%s" % (way.name, kind)):
            # over UDP, and back; then over TCP, to who is called
            c = way(kind)
            mine, its = Media(c.first), Media(c.second)
            c.offered(c.first, audio(mine), audio(its))
            media_talk(mine, its)
            here, there = Media(c.first, rtcp=False), Media(c.second, rtcp=False)
            fax = lambda m: described(m, f"m=image {m.port} udptl t38", "a=T38FaxVersion:0", version=2)
            c.offered(c.second, fax(there), fax(here))
            media_talk(here, there)
            c.offered(c.first, audio(mine, version=3), audio(its, version=3))
            media_talk(mine, its)
            shut((Stranger(outside), here))
            sock, place = listener(c.second)
            # who connects has no port, and of an outside address alone nobody knows which phone it is
            active, passed = (described(mine, "m=image 9 TCP t38", "a=setup:active", "a=connection:new", version=4, c=c_) for c_ in (
                None, mine.where(OUTSIDE)[0]))
            c.offered(c.first, active, described(
                place, f"m=image {place.port} TCP t38", "a=setup:passive", "a=connection:new", version=4), passed)
            connects(c.first, sock, place)
            c.bye()

        with case("S13" if way is Direct else "S3", "%s-files-and-floor-%s" % (way.name, kind)):
            # beside audio: MSRP to who calls, BFCP over TCP to who is called, and BFCP over UDP
            c = way(kind)
            mine, its, floor, its_floor = Media(c.first), Media(c.second), Media(c.first, rtcp=False), Media(c.second, rtcp=False)
            c.offered(c.first, audio(mine), audio(its))
            files, path = listener(c.first)
            chair, place = listener(c.second)
            c.offered(c.first, audio(
                mine, f"m=message {path.port} TCP/MSRP *", "a=setup:passive", "a=accept-types:*", f"a=path:msrp://{path}/kjhd37;tcp",
                "m=application 9 TCP/BFCP *", "a=setup:active", "a=connection:new", f"m=application {floor.port} UDP/BFCP *", version=2), audio(
                its, "m=message 9 TCP/MSRP *", "a=setup:active", "a=accept-types:*", "a=path:msrp://phone.example.org:9/2s93i;tcp",
                f"m=application {place.port} TCP/BFCP *", "a=setup:passive", "a=connection:new", f"m=application {its_floor.port} UDP/BFCP *",
                version=2))
            media_talk(mine, its, rtcp=True)
            connects(c.second, files, path)
            connects(c.first, chair, place)
            media_talk(floor, its_floor)
            c.bye()
            shut((Stranger(outside), mine), (Stranger(outside), floor))
PYTHON
all_cases
