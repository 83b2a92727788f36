#!/bin/bash
# S9: offers and answers in all the messages that may carry them, forks, and ends: whose media gets through after each step.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def call():
    return Call(*udp_flow(caller, callee))


def closed(c, mine, *its):
    """Nobody may begin to send to any of these: not even from the port that was named, if that has not been used."""
    shut((Stranger(c.b.host), mine), *((Stranger(c.a.host), m) for m in its))


def ack(c, end=None, **more):
    end = end or c.a
    end.say(c.request(end, "ACK", seq=c.seq[end], **more))


with case("S9", "early-media"):
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(sdp(mine)))
    c.b.say(c.answer("100 Trying"))
    c.b.say(c.answer("183 Session Progress", sdp(its)))
    talk(mine, its)
    c.b.say(c.answer("180 Ringing"))
    c.b.say(c.answer("200 OK", sdp(its)))
    ack(c)
    talk(mine, its)
    c.bye()
    closed(c, mine, its)

with case("S9", "media-before-answer"):
    # who is called may send as soon as it has the offer
    c, mine = call(), Media(caller)
    c.a.say(c.invite(sdp(mine)))
    s = Stranger(callee)
    s.sock.sendto(b"early", mine.where(callee.side))
    check(select.select([mine.sock], [], [], WAIT)[0], "no early media")

with case("S9", "late-offer"):
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite())
    c.b.say(c.answer("200 OK", sdp(its)))
    c.a.say(c.request(c.a, "ACK", sdp(mine), seq=c.seq[c.a]))
    talk(mine, its)
    c.bye(c.b)
    closed(c, mine, its)

with case("S9", "prack"):
    # offer in a reliable 183, answer in PRACK; then another offer in UPDATE
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(more="Supported: 100rel\n"))
    invited = c.last
    c.b.say(c.answer("183 Session Progress", sdp(its), more="Require: 100rel\nRSeq: 1\n"))
    c.a.say(c.request(c.a, "PRACK", sdp(mine), more=f"RAck: 1 {invited[1]} INVITE\n"))
    c.b.say(c.answer("200 OK"))
    talk(mine, its)
    other = Media(caller)
    c.a.say(c.request(c.a, "UPDATE", sdp(other, version=2)))
    c.b.say(c.answer("200 OK", sdp(its, version=2)))
    talk(other, its)
    c.b.say(c.answer("200 OK", to=invited))
    c.a.say(c.request(c.a, "ACK", seq=invited[1]))
    talk(other, its)
    closed(c, mine)

with case("S9", "forks"):
    # two phones ring, with media of their own; one is picked up
    c, mine, first, second = call(), Media(caller), Media(callee), Media(callee)
    c.a.say(c.invite(sdp(mine)))
    c.b.say(c.answer("183 Session Progress", sdp(first), fork="x"))
    c.b.say(c.answer("183 Session Progress", sdp(second), fork="y"))
    talk(mine, second)
    talk(mine, first)
    c.b.say(c.answer("200 OK", sdp(second), fork="y"))
    ack(c, fork="y")
    talk(mine, second)
    shut((Stranger(c.a.host), first))
    c.a.say(c.request(c.a, "BYE", fork="y"))
    c.b.say(c.answer("200 OK", fork="y"))
    closed(c, mine, second)

with case("S9", "both-forks-answer"):
    # the second answer opens its own, and its BYE leaves the first's
    c, mine, first, second = call(), Media(caller), Media(callee), Media(callee)
    c.a.say(c.invite(sdp(mine)))
    invited = c.last
    c.b.say(c.answer("200 OK", sdp(first), fork="x"))
    c.b.say(c.answer("200 OK", sdp(second), fork="y", to=invited))
    ack(c, fork="x")
    ack(c, fork="y")
    c.a.say(c.request(c.a, "BYE", fork="y"))
    c.b.say(c.answer("200 OK", fork="y"))
    talk(mine, first)
    shut((Stranger(c.a.host), second))

with case("S9", "same-offer-again"):
    # a re-INVITE with the same description, as session timers send it: nothing moves
    c = call()
    mine, its = c.up()
    talk(mine, its)
    before = mine.where(c.b.side)
    for i in range(3):
        c.a.say(c.request(c.a, "INVITE", sdp(mine), more="Session-Expires: 1800;refresher=uac\n"))
        c.b.say(c.answer("200 OK", sdp(its)))
        ack(c)
    check(mine.where(c.b.side) == before, "the port moved")
    talk(mine, its)

with case("S9", "other-ports"):
    c = call()
    mine, its = c.up()
    talk(mine, its)
    new, old = Media(caller), mine
    c.a.say(c.request(c.a, "INVITE", sdp(new, version=2)))
    talk(mine, its)
    c.b.say(c.answer("200 OK", sdp(its, version=2)))
    ack(c)
    talk(new, its)
    shut((Stranger(c.b.host), old))

with case("S9", "re-invite-refused"):
    # 488: what it offered closes, and what there was goes on
    c = call()
    mine, its = c.up()
    new = Media(caller)
    c.a.say(c.request(c.a, "INVITE", sdp(new, version=2)))
    c.b.say(c.answer("488 Not Acceptable Here"))
    ack(c)
    talk(mine, its)
    shut((Stranger(c.b.host), new))

with case("S9", "re-invite-challenged"):
    c = call()
    mine, its = c.up()
    new = Media(caller)
    c.a.say(c.request(c.a, "INVITE", sdp(new, version=2)))
    c.b.say(c.answer("407 Proxy Authentication Required", more='Proxy-Authenticate: Digest realm="r", nonce="n"\n'))
    ack(c)
    c.a.say(c.request(c.a, "INVITE", sdp(new, version=2), more='Proxy-Authorization: Digest username="a", realm="r", nonce="n", uri="sip:b", response="x"\n'))
    c.b.say(c.answer("200 OK", sdp(its, version=2)))
    ack(c)
    talk(new, its)

with case("S9", "invite-challenged"):
    # the first INVITE, and the same call again with credentials
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(sdp(mine)))
    c.b.say(c.answer("401 Unauthorized", more='WWW-Authenticate: Digest realm="r", nonce="n"\n'))
    ack(c)
    c.a.say(c.invite(sdp(mine), more='Authorization: Digest username="a", realm="r", nonce="n", uri="sip:b", response="x"\n'))
    c.b.say(c.answer("200 OK", sdp(its)))
    ack(c)
    talk(mine, its)

for status in "302 Moved Temporarily", "404 Not Found", "486 Busy Here", "503 Service Unavailable", "603 Decline":
    with case("S9", "ends-with-" + status[:3]):
        c, mine, its = call(), Media(caller), Media(callee)
        c.a.say(c.invite(sdp(mine)))
        c.b.say(c.answer("183 Session Progress", sdp(its)))
        c.b.say(c.answer(status))
        ack(c)
        closed(c, mine, its)

with case("S9", "cancelled"):
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(sdp(mine)))
    invited = c.last
    c.b.say(c.answer("183 Session Progress", sdp(its)))
    c.a.say(c.request(c.a, "CANCEL", seq=invited[1], tagged=False))
    c.b.say(c.answer("200 OK"))
    c.b.say(c.answer("487 Request Terminated", to=invited))
    c.a.say(c.request(c.a, "ACK", seq=invited[1]))
    closed(c, mine, its)

with case("S9", "cancel-crosses-200"):
    c, mine, its = call(), Media(caller), Media(callee)
    c.a.say(c.invite(sdp(mine)))
    invited = c.last
    c.a.say(c.request(c.a, "CANCEL", seq=invited[1], tagged=False))
    cancel = c.last
    c.b.say(c.answer("200 OK", sdp(its), to=invited))
    c.b.say(c.answer("200 OK", to=cancel))
    c.a.say(c.request(c.a, "ACK", seq=invited[1]))
    talk(mine, its)
    c.bye()
    closed(c, mine, its)

with case("S9", "bye-challenged"):
    c = call()
    mine, its = c.up()
    c.a.say(c.request(c.a, "BYE"))
    c.b.say(c.answer("407 Proxy Authentication Required"))
    talk(mine, its)
    c.bye()
    closed(c, mine, its)

with case("S9", "bye-by-callee"):
    c = call()
    mine, its = c.up()
    c.bye(c.b)
    closed(c, mine, its)

with case("S9", "again-and-again"):
    # each message twice: the same bytes, the same ports; and after the end nothing opens again
    c, mine, its = call(), Media(caller), Media(callee)

    def twice(end, text):
        check(end.say(text) == end.say(text), "it is not the same again")
        return text

    twice(c.a, c.invite(sdp(mine)))
    twice(c.b, c.answer("183 Session Progress", sdp(its)))
    late = twice(c.b, c.answer("200 OK", sdp(its)))
    twice(c.a, c.request(c.a, "ACK", seq=c.seq[c.a]))
    talk(mine, its)
    twice(c.a, c.request(c.a, "BYE"))
    twice(c.b, c.answer("200 OK"))
    c.b.send(render(late, c.b.side))
    c.a.receive()
    closed(c, mine, its)

with case("S9", "referred"):
    # a REFER and its NOTIFYs are in the same dialog, and leave its media
    c = call()
    mine, its = c.up()
    c.b.say(c.request(c.b, "REFER", more="Refer-To: <sip:carol@example.org>\n"))
    c.a.say(c.answer("202 Accepted"))
    c.a.say(c.request(c.a, "NOTIFY", "SIP/2.0 486 Busy Here\n", kind="message/sipfrag", more="Event: refer\n"))
    c.b.say(c.answer("200 OK"))
    talk(mine, its)
    c.bye()
    closed(c, mine, its)

with case("S9", "same-call-id-again"):
    c = call()
    mine, its = c.up()
    c.bye()
    new, more = c.up()
    talk(new, more)
END
all_cases
