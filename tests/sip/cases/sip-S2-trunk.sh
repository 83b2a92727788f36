#!/bin/bash
# S2: a trunk: a thousand calls pending on one flow (10,000 with FULL=1), each with its own media.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

room_for_trunks
export TRUNK=1000
[ -z "${FULL:-}" ] || TRUNK=10000
[ "$HELPER" = ctalg ] || TRUNK=100

cat >"$TMP/script.py" <<'END'
import random

N = int(os.environ["TRUNK"])
seed = random.randrange(1 << 30)
chosen = {0, 1, N - 1, N // 2, *random.Random(seed).sample(range(N), 16)}
mine, its, calls = [], [], []
ports = range(10000, 10000 + 2 * N, 2)


def media(host, i, port):
    """Sockets only for those calls that are looked at: there would be too many."""
    return Media(host, port) if i in chosen else host.place(port)


with case("S2", "offered", "all INVITEs come through"):
    a, b = udp_flow(caller, callee)
    for i, port in enumerate(ports):
        call = Call(a, b, "t%d-" % i)
        mine.append(media(caller, i, port))
        a.say(call.invite(sdp(mine[i])))
        calls.append(call)

with case("S2", "early-media", "media to a few of them, while none is answered"):
    check(len(calls) == N, "seed %d: not all were offered" % seed)
    for i in sorted(chosen)[::4]:
        stranger = Stranger(callee)
        stranger.sock.sendto(b"early", mine[i].where(callee.side))
        check(select.select([mine[i].sock], [], [], WAIT)[0], "seed %d: no early media of call %d" % (seed, i))

with case("S2", "answered", "all are answered, and those chosen talk"):
    check(len(calls) == N, "seed %d: not all were offered" % seed)
    for i, port in enumerate(ports):
        its.append(media(callee, i, port))
        b.say(calls[i].answer("200 OK", sdp(its[i])))
    for i in sorted(chosen):
        drain(mine[i].sock)
        try:
            talk(mine[i], its[i])
        except Failed as e:
            raise Failed("seed %d, call %d of %d: %s" % (seed, i, N, e)) from None

with case("S2", "ended", "every other ends, and the rest goes on"):
    check(len(its) == N, "seed %d: not all were answered" % seed)
    for i in sorted(chosen)[::2]:
        a.say(calls[i].request(a, "ACK", seq=2))
        calls[i].bye()
    for i in sorted(chosen)[1::2]:
        talk(mine[i], its[i])
    shut(*((Stranger(callee), mine[i]) for i in sorted(chosen)[::2]))

with case("S2", "one-place", "a hundred calls name one place for their media: each goes on by itself"):
    a, b = udp_flow(caller, callee)
    port = next(media_ports[caller.side])
    calls = []
    for i in range(100):
        call = Call(a, b, "o%d-" % i)
        calls.append((call, *call.up(Media(caller, port), Media(callee))))
    # the first, by now behind all others, has still its own port
    call, m, its = calls[0]
    talk(m, its)
    a.say(call.request(a, "INVITE", sdp(m, version=2)))
    b.say(call.answer("200 OK", sdp(its, version=2)))
    a.say(call.request(a, "ACK", seq=call.seq[a]))
    for call, m, its in calls[:99]:
        call.bye()
    talk(*calls[99][1:])
    shut(*((Stranger(callee), m) for call, m, its in calls[1:99:16]))
END
sip_topo snat
# four of each call, when all are answered
[ -z "${FULL:-}" ] || [ "$HELPER" != ctalg ] || run_in "$RT" ctalg limits flow-pinholes 65536 host-pinholes 65536
script "$TMP/script.py"
nothing_refused
all_cases
