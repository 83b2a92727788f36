#!/bin/bash
# S1: several calls on one flow: what happens to one leaves the others' pinholes.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted <<'END'
def first_answered(kind):
    """A flow with a call whose media has not begun, and another call that has been offered."""
    a, b = flow(kind, caller, callee)
    one, two = Call(a, b, "one"), Call(a, b, "two")
    media = one.up()
    mine = Media(a.host)
    a.say(two.invite(sdp(mine)))
    return one, two, media, mine


for kind in "udp", "tcp":
    with case("S1", "alone-" + kind):
        call = Call(*flow(kind, caller, callee))
        media = call.up()
        talk_with_rtcp(*media)
        call.bye()
        shut((Stranger(call.b.host), media[0]), (Stranger(call.a.host), media[1]))

    with case("S1", "second-invite-" + kind):
        one, two, media, mine = first_answered(kind)
        talk(*media)
        its = Media(two.b.host)
        two.b.say(two.answer("200 OK", sdp(its)))
        talk(mine, its)

    with case("S1", "second-486-" + kind):
        one, two, media, mine = first_answered(kind)
        two.b.say(two.answer("486 Busy Here"))
        two.a.say(two.request(two.a, "ACK", seq=two.seq[two.a]))
        talk(*media)
        shut((Stranger(two.b.host), mine))

    with case("S1", "second-cancelled-" + kind):
        one, two, media, mine = first_answered(kind)
        two.b.say(two.answer("180 Ringing"))
        invited = two.last
        two.a.say(two.request(two.a, "CANCEL", seq=invited[1], tagged=False))
        two.b.say(two.answer("200 OK"))
        two.b.say(two.answer("487 Request Terminated", to=invited))
        two.a.say(two.request(two.a, "ACK", seq=invited[1]))
        talk(*media)
        shut((Stranger(two.b.host), mine))

    with case("S1", "second-bye-" + kind):
        one, two, media, mine = first_answered(kind)
        its = Media(two.b.host)
        two.b.say(two.answer("200 OK", sdp(its)))
        two.a.say(two.request(two.a, "ACK", seq=two.seq[two.a]))
        two.bye(two.b)
        talk(*media)
        shut((Stranger(two.b.host), mine), (Stranger(two.a.host), its))

    with case("S1", "both-ways-at-once-" + kind):
        # the other side calls as well, on the same flow; its call ends first
        a, b = flow(kind, caller, callee)
        one, back = Call(a, b), Call(b, a)
        media = one.up()
        its = back.up()
        back.bye()
        talk(*media)
        one.bye()
        shut((Stranger(b.host), media[0]), (Stranger(a.host), media[1]))
END
all_cases
