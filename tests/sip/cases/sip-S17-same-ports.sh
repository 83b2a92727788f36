#!/bin/bash
# S17: phones inside with the same ports: all of them work, and what they send first comes from the very port that was promised.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted snat masquerade nat66-snat none <<'END'
def up(host, mine, its, kind="udp", **more):
    c = Call(*flow(kind, host, outside))
    c.a.say(c.invite(sdp(mine)))
    c.b.say(c.answer("200 OK", sdp(its)))
    c.a.say(c.request(c.a, "ACK", seq=2))
    return c


for kind in "udp", "tcp":
    for first in "inside", "outside":
        with case("S17", "two-phones-%s-%s-first" % (kind, first)):
            port = next(media_ports[INSIDE])
            phones = [Media(inside, port), Media(inside2, port)]
            its = [Media(outside), Media(outside)]
            calls = [up(m.host, m, other, kind) for m, other in zip(phones, its)]
            ports = {m.where(OUTSIDE)[1] for m in phones}
            check(len(ports) == 2 or not NAT, "both are promised the same port")
            for m, other in zip(phones, its):
                check(m.where(OUTSIDE)[1] % 2 == 0, "RTP's port is odd")
                talk_with_rtcp(*((m, other) if first == "inside" else (other, m)))
            calls[0].bye()
            talk(phones[1], its[1])
            shut((Stranger(outside), phones[0]))

with case("S17", "same-signalling-port"):
    # both signal from 5060, and NAT gives one of them another port
    ports = next(media_ports[INSIDE])
    flows = []
    for host in inside, inside2:
        a = UdpEnd(host, host.place(5060), 5060)
        b = UdpEnd(outside, outside.place(5060, known=True), 5060)
        a.other, b.other = b, a
        flows.append((a, b))
    for a, b in flows:
        c = Call(a, b)
        # the message names a port that only the packet tells: look at that first
        a.send(b"\r\n\r\n")
        check(select.select([b.sock], [], [], WAIT)[0], "no keep-alive")
        a.place.learn(OUTSIDE, b.sock.recvfrom(100)[1][1])
        mine, its = Media(a.host, ports), Media(outside)
        c.a.say(c.invite(sdp(mine)))
        c.b.say(c.answer("200 OK", sdp(its)))
        talk(mine, its)
        c.bye(c.b)

with case("S17", "taken-outside"):
    # the router itself uses the port: another is found, even, with its RTCP's beside it
    if NAT:
        port = next(media_ports[INSIDE])
        router = Host(Space(os.environ["RT"]), OUTSIDE, address("ROUT"))
        for p in port, port + 1:
            sock = router.socket(socket.SOCK_DGRAM, p)
            sock.sendto(b"x", (outside.own, 4000))
            sockets[router, p] = sock
            sock.setblocking(False)
    mine, its = Media(inside), Media(outside)
    c = up(inside, mine, its)
    talk_with_rtcp(mine, its)
END
all_cases
