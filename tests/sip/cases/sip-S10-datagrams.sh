#!/bin/bash
# S10: messages over UDP that come in fragments, or grow over the MTU, arrive whole.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted snat nat66-snat none <<'END'
def padded(c, text, length):
    """The text, as long as that inside."""
    short = length - len(render(text, c.a.side)) - len("Subject: \r\n")
    return text.replace("Max-Forwards", "Subject: " + "-" * short + "\nMax-Forwards", 1)


def sent_with(c, length, may_fragment):
    mine, its = Media(caller), Media(callee)
    level, option = (socket.IPPROTO_IP, 10) if FAM == 4 else (socket.IPPROTO_IPV6, 23)  # IP_MTU_DISCOVER, IPV6_MTU_DISCOVER
    c.a.sock.setsockopt(level, option, 0 if may_fragment else 2)
    c.a.say(padded(c, c.invite(sdp(mine)), length))
    c.b.say(padded(c, c.answer("200 OK", sdp(its)), length))
    talk(mine, its)


HEADERS = 28 if FAM == 4 else 48

for length in 3000, 20000:
    with case("S10", "fragments-%d" % length):
        sent_with(Call(*udp_flow(caller, callee)), length, True)

for below in 0, 3, 30:
    # as long as the MTU allows, and longer outside
    with case("S10", "grows-over-mtu-%d" % below):
        sent_with(Call(*udp_flow(caller, callee)), 1500 - HEADERS - below, True)
    with case("S10", "grows-with-df-%d" % below):
        sent_with(Call(*udp_flow(caller, callee)), 1500 - HEADERS - below, False)

with case("S10", "keep-alive"):
    # CR LF CR LF, nothing at all, zeros, STUN: none of it is SIP, and all of it arrives
    a, b = udp_flow(caller, callee)
    for data in b"\r\n\r\n", b"\r\n", b"\0\0\0\0", b"", b"\0\1\0\0!\x12\xa4B" + b"a" * 12:
        a.send(data)
        check(b.receive() == data, "a keep-alive differs")
        b.send(data)
        check(a.receive() == data, "a keep-alive differs")
    Call(a, b).up()
END
all_cases
