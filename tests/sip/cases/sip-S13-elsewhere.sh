#!/bin/bash
# S13: media on another host than the signalling's, as with every proxy; and two phones inside that call each other through one.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2034 # the library's
INSIDE=1
scripted snat masquerade none nat66-snat <<'END'
for kind in "udp", "tcp":
    with case("S13", "callee-elsewhere-" + kind):
        # the proxy answers with another host's description
        c = Call(*flow(kind, inside, outside))
        mine, its = Media(inside), Media(outside2)
        c.a.say(c.invite(sdp(mine)))
        c.b.say(c.answer("200 OK", sdp(its)))
        c.a.say(c.request(c.a, "ACK", seq=2))
        talk_with_rtcp(mine, its)
        c.bye()
        shut((Stranger(outside2), mine))

    with case("S13", "caller-elsewhere-" + kind):
        # a call comes in, from another host behind the proxy
        a, b = flow(kind, inside, outside)
        a.say(Call(a, b).request(a, "OPTIONS", tagged=False))
        c = Call(b, a)
        its, mine = Media(outside2), Media(inside)
        b.say(c.invite(sdp(its)))
        a.say(c.answer("200 OK", sdp(mine)))
        talk(mine, its)

with case("S13", "outside-sends-first"):
    # who is elsewhere sends before the inside has
    c = Call(*udp_flow(inside, outside))
    mine, its = Media(inside), Media(outside2)
    c.a.say(c.invite(sdp(mine)))
    c.b.say(c.answer("200 OK", sdp(its)))
    its.sock.sendto(b"first", mine.where(OUTSIDE))
    check(select.select([mine.sock], [], [], WAIT)[0], "nothing came to the inside")
    drain(mine.sock)
    talk(its, mine)

with case("S13", "moves-elsewhere"):
    # music on hold comes from another host, by a re-INVITE, and goes back
    c = Call(*udp_flow(inside, outside))
    mine, its = c.up()
    talk(mine, its)
    music = Media(outside2)
    for version, where in (2, music), (3, its):
        c.b.say(c.request(c.b, "INVITE", sdp(where, version=version)))
        c.a.say(c.answer("200 OK", sdp(mine)))
        c.b.say(c.request(c.b, "ACK", seq=c.seq[c.b]))
        talk(mine, where)


with case("S13", "both-inside"):
    # two phones inside, each with a flow to a proxy outside, which passes on the descriptions that it hears: each phone has to
    # read the other's own address, and media goes directly
    a, near = udp_flow(inside, outside)
    b, far = udp_flow(inside2, outside)
    b.say(Call(b, far).request(b, "OPTIONS", tagged=False))
    one, two = Call(a, near), Call(far, b)
    mine, its = Media(inside), Media(inside2)
    # whose origin they are is nobody's place
    offer, answer = (re.sub("o=.*", "o=- 7 1 IN IP4 phone.example.org", sdp(m)) for m in (mine, its))
    a.say(one.invite(offer))
    far.say(two.invite(offer))
    b.say(two.answer("200 OK", answer))
    near.say(one.answer("200 OK", answer))
    talk(mine, its)
END
all_cases
