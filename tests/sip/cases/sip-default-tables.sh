#!/bin/bash
# S2: the kernel's table of expectations as large as it is by itself: of more calls than fit, those that came first have their media,
# whoever else has a call keeps its own, and what does not fit is refused by name, told, and passes as it came. An end makes room.
# TIME: 150
# REQUIRES: ctalg modules
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

MAX=$(</proc/sys/net/netfilter/nf_conntrack_expect_max)
export MAX
[ "$MAX" -le 1024 ] || fail "this machine's table is larger than by itself: $MAX"
# shellcheck disable=SC2034 # the library's
EXPECTED_WARNINGS='expectation table full'

sip_topo snat
begin_script <<'PYTHON'
import router

MAX = int(os.environ["MAX"])
LINES = 20


class Unchanged:
    """Media that both sides call as the inside does."""

    def __init__(self, m):
        self.place = Place((m.host.own, m.own), (m.host.own, m.own))

    ip, port = Media.ip, Media.port


def refused(call):
    """Its offer goes on with its media where they are; the phone itself is where it is for all, and so it is in o=, which stays one thing."""
    call.a.say(call.invite(re.sub("o=.*", f"o=- 7 1 IN {IP} {call.a.ip}", sdp(Unchanged(Media(caller, rtcp=False))))))


def early(m):
    """Media gets in before there is an answer."""
    Stranger(callee).sock.sendto(b"early", m.where(callee.side))
    check(select.select([m.sock], [], [], WAIT)[0], "no early media to port %d" % m.own)
    drain(m.sock)


with case("S2", "before-the-table-is-full"):
    # another phone's calls, one that is answered and one that is not; a registration; one line without RTCP
    other = Call(*udp_flow(inside2, callee))
    here, there = other.up()
    ringing = Call(other.a, other.b)
    waits = Media(inside2)
    other.a.say(ringing.invite(sdp(waits)))
    fax = Call(*udp_flow(inside2, callee))
    paper = Media(inside2, rtcp=False)
    fax.a.say(fax.invite(sdp(paper, f"m=image {paper.port} udptl t38")))

with case("S2", "table-fills"):
    # most of it by calls with many lines, which is quicker, and what is left by calls of two pinholes
    a, b = udp_flow(caller, callee)
    ports = itertools.count(10000, 2)
    lines = []
    for i in range((MAX - 100) // (2 * LINES)):
        each = [Media(caller, next(ports), rtcp=False) for i in range(LINES)]
        a.say(Call(a, b).invite(sdp(each[0], *(f"m=audio {m.port} RTP/AVP 0" for m in each))))
        lines += each
    calls, media = [], []
    while True:
        check(len(calls) < MAX // 2, "the table has no end")
        call, mine = Call(a, b), Media(caller, next(ports), rtcp=False)
        request = call.invite(sdp(mine))
        a.send(render(request, a.side))
        got = b.receive()
        if b"c=IN IP4 %s\r\n" % caller.own.encode() in got:
            break
        understand(request, b.side, got)
        calls.append(call)
        media.append(mine)
    mine.close()
    full = router.counters()
    check(MAX - 20 < 2 * (len(lines) + len(calls)) < MAX, "%d pinholes fit" % (2 * (len(lines) + len(calls))))
    # the last one had room for its media and none for its RTCP
    check(full.get("kernel-expectation-limit", 0) == 2, "not counted: %r" % full)

with case("S2", "refused-when-full"):
    for kind in "udp", "tcp":
        for i in range(3):
            refused(Call(*(flow(kind, caller, callee) if i else (a, b))))
    counted = router.counters()["kernel-expectation-limit"] - full["kernel-expectation-limit"]
    check(counted == 6, "%d were counted" % counted)

with case("S2", "nobody-is-evicted"):
    for m in lines[0], lines[1], lines[-1], media[0], media[-1], waits, paper:
        early(m)
    talk_with_rtcp(here, there)
step("full")

with case("S2", "room-again"):
    # one is cancelled, one refused; a call that was refused before gets through by asking again
    for call, status in (calls[2], "487 Request Terminated"), (calls[3], "486 Busy Here"):
        call.last = "INVITE", call.seq[a], call.branch, a
        b.say(call.answer(status))
        a.say(call.request(a, "ACK", seq=call.seq[a]))
    shut((Stranger(callee), media[2]), (Stranger(callee), media[3]))
    again = Call(*flow("tcp", caller, callee))
    mine, its = again.up()
    talk_with_rtcp(mine, its)
    again.bye()
    other.bye()
    shut((Stranger(callee), here))
    last = Call(a, b)
    mine, its = last.up()
    talk_with_rtcp(mine, its)
    early(media[4])
    # full once more, for what comes then
    for i in range(8):
        c, mine = Call(a, b), Media(caller)
        a.send(render(c.invite(sdp(mine)), a.side))
        b.receive()
step("full-again")
PYTHON

await_step full
n=$(expectations | wc -l)
[ "$n" -ge $((MAX - 16)) ] && [ "$n" -le "$MAX" ] || fail "conntrack -L expect has $n lines of $MAX"
expectations | grep -q 'dport=10000 ' || fail "the first is not listed"
said=$(run_in "$RT" ctalg doctor || true)
[[ $said == *"expectation table is too small: it holds $MAX"* ]] || fail "the doctor says: $said"
kernel_log | grep -q 'expectation table full' || fail "the kernel's log does not say it"
go_on full
await_step full-again
run_in "$RT" nft delete table inet helper
# shellcheck disable=SC2086 # a list of names
unload $OURS
no_expectation || fail "expectations after unload: $(expectations | head -n 3)"
nothing_of_ours
go_on full-again
end_script
no_kernel_messages
load_helpers
all_cases
