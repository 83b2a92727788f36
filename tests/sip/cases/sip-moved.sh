#!/bin/bash
# A call that two connections carry goes on when the router forgets the first: all its pinholes are open for the second, those whose
# media flows are known to be in use, and its end there closes them.
# REQUIRES: ctalg modules
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

LINES=40 # each opens two
export LINES

# state STATE: how many pinholes are.
state() { run_in "$RT" ctalg --json pinholes | jq --arg s "$1" 'map(select(.state == $s)) | length'; }
on_flows() { run_in "$RT" ctalg --json pinholes | jq 'map(.flow) | unique | length'; }
moved() { [ "$(state used)" = 2 ] && [ $(($(state used) + $(state open))) = $((4 * LINES)) ] && [ "$(on_flows)" = 1 ]; }
gone() { [ "$(state open)" = 0 ]; }

sip_topo snat
begin_script <<'END'
def lines(m, first):
    """The media that is looked at, and more."""
    return [f"m=audio {port} RTP/AVP 0" for port in (m.port, *range(first, first + 2 * int(os.environ["LINES"]) - 2, 2))]


with case("S9", "moves-with-its-flow"):
    a, b = tcp_flow(caller, callee)
    c, mine, its = Call(a, b), Media(caller), Media(callee)
    offer, answer = sdp(mine, *lines(mine, 22000)), sdp(its, *lines(its, 42000))
    a.say(c.invite(offer))
    b.say(c.answer("200 OK", answer))
    a.say(c.request(a, "ACK", seq=c.last[1]))
    talk(mine, its)
    c.a, c.b = tcp_flow(caller, callee)
    c.seq.update({c.a: 5, c.b: 200})
    c.a.say(c.request(c.a, "INVITE", offer))
    c.b.say(c.answer("200 OK", answer))
    c.a.say(c.request(c.a, "ACK", seq=c.last[1]))
    step("both")
    talk(mine, its)
    c.bye()
    step("ended")
    shut((Stranger(callee), mine), (Stranger(caller), its))
END
await_step both
first=$(run_in "$RT" conntrack -L -p tcp --dport 5060 2>/dev/null | sed -n 's/.* sport=\([0-9]*\) dport=5060 .*/\1/p' | sort -n | head -n 1)
run_in "$RT" conntrack -D -p tcp --sport "$first" --dport 5060 >/dev/null
busywait 20 moved || fail "open: $(state open), used: $(state used), on $(on_flows) flows"
go_on both
await_step ended
busywait 10 gone || fail "left: $(run_in "$RT" ctalg pinholes | head)"
go_on ended
end_script
all_cases
