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
END
all_cases
