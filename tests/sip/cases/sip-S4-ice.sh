#!/bin/bash
# S4: ICE: an agent that has found only its own addresses has them rewritten as m= and c= are; one that knows what it is called
# outside is left alone.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def ice(m, *more, c=None):
    """A description with candidates for RTP and RTCP, as agents write it."""
    r = m.rtcp
    return (f"v=0\no=- 7 1 IN {IP} {m.ip}\ns=-\nc=IN {IP} {m.ip}\nt=0 0\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=ice-ufrag:8hhY\n"
            f"m=audio {m.port} RTP/AVP 0\na=rtcp:{r.port} IN {IP} {m.ip}\n"
            f"a=candidate:1 1 UDP 2130706431 {m.ip} {m.port} typ host\na=candidate:1 2 UDP 2130706430 {m.ip} {r.port} typ host generation 0\n"
            + "".join(line + "\n" for line in more))


with case("S4", "hosts-only"):
    c = Call(*udp_flow(caller, callee))
    mine, its = Media(caller), Media(callee)
    c.a.say(c.invite(ice(mine)))
    c.b.say(c.answer("200 OK", ice(its)))
    talk(mine, its)
    talk(mine.rtcp, its.rtcp)

with case("S4", "hosts-of-others"):
    # other interfaces of the same host, which this router does not know, stay as they are
    c = Call(*udp_flow(caller, callee))
    mine, its = Media(caller), Media(callee)
    more = ("a=candidate:2 1 UDP 1694498815 192.168.77.7 40000 typ host", "a=candidate:3 1 UDP 1694498814 fe80::1 40002 typ host",
            "a=candidate:4 1 UDP 1694498813 0b7d2c1e-1b1f-4d8d-9e5a-3c3e8e1f1a11.local 40004 typ host",
            "a=candidate:5 1 TCP 1518280447 192.168.77.7 9 typ host tcptype active")
    c.a.say(c.invite(ice(mine, *more)))
    c.b.say(c.answer("200 OK", ice(its, *more)))
    talk(mine, its)

with case("S4", "traversed"):
    # c= and m= are those that STUN has found; nothing of it changes, the signalling's own addresses do
    c = Call(*udp_flow(caller, callee))
    mine = Media(caller)
    own, found = caller.own, caller.other
    offer = (f"v=0\no=- 7 1 IN {IP} {own}\ns=-\nc=IN {IP} {found}\nt=0 0\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=ice-ufrag:8hhY\n"
             f"m=audio 45664 RTP/AVP 0\na=candidate:1 1 UDP 2130706431 {own} {mine.own} typ host\n"
             f"a=candidate:2 1 UDP 1694498815 {found} 45664 typ srflx raddr {own} rport {mine.own}\n")
    c.a.say(c.invite(offer))
    c.b.say(c.answer("200 OK", ice(Media(callee))))

with case("S4", "relayed"):
    # as the default is a relay's, it is somebody else's
    c = Call(*udp_flow(caller, callee))
    own, relay = caller.own, "192.0.2.3" if FAM == 4 else "2001:db8::3"
    offer = (f"v=0\no=- 7 1 IN {IP} {relay}\ns=-\nc=IN {IP} {relay}\nt=0 0\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=ice-ufrag:8hhY\n"
             f"m=audio 50000 RTP/AVP 0\na=candidate:1 1 UDP 2130706431 {own} 20000 typ host\n"
             f"a=candidate:3 1 UDP 16777215 {relay} 50000 typ relay raddr {caller.other} rport 45664\n")
    c.a.say(c.invite(offer))
    c.b.say(c.answer("200 OK", sdp(Media(callee))))
END
all_cases
