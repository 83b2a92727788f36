#!/bin/bash
# When all calls have ended and all registrations are withdrawn, however they ended, no pinhole is open and no expectation left,
# although their flows go on. And nothing of ours stays behind when the modules go in the midst of calls.
# REQUIRES: ctalg modules
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

list() { run_in "$RT" ctalg --json "$1" | jq length; }

# What was used is told until its media has timed out.
gone() { [ "$(run_in "$RT" ctalg --json pinholes | jq 'map(select(.state == "open")) | length')" = 0 ]; }

sip_topo snat
begin_script <<'END'
with case("S9", "all-end"):
    for kind in "udp", "tcp":
        a, b = flow(kind, caller, callee)
        for ends in "bye", "bye-back", "busy", "cancel", "moved":
            c, mine, its = Call(a, b), Media(caller), Media(callee)
            a.say(c.invite(sdp(mine)))
            invited = c.last
            b.say(c.answer("183 Session Progress", sdp(its)))
            if ends.startswith("bye"):
                b.say(c.answer("200 OK", sdp(its)))
                a.say(c.request(a, "ACK", seq=invited[1]))
                talk(mine, its)
                c.bye(a if ends == "bye" else b)
                continue
            if ends == "cancel":
                a.say(c.request(a, "CANCEL", seq=invited[1], tagged=False))
                b.say(c.answer("200 OK"))
            b.say(c.answer({"busy": "486 Busy Here", "cancel": "487 Request Terminated", "moved": "302 Moved Temporarily"}[ends], to=invited))
            a.say(c.request(a, "ACK", seq=invited[1]))
    r = Call(*udp_flow(caller, callee))
    for expires in 3600, 0:
        r.a.say(r.request(r.a, "REGISTER", tagged=False, uri="sip:example.org", more=f"Expires: {expires}\n"))
        r.b.say(r.answer("200 OK", more=f"Expires: {expires}\n"))
step("ended")
with case("S9", "under-way"):
    for kind in "udp", "tcp":
        c = Call(*flow(kind, caller, callee))
        mine, its = c.up()
        talk(mine, its)
        d = Call(*flow(kind, caller, callee))
        d.a.say(d.invite(sdp(Media(caller))))
    r = Call(*udp_flow(caller, callee))
    r.a.say(r.request(r.a, "REGISTER", tagged=False, uri="sip:example.org", more="Expires: 3600\n"))
    r.b.say(r.answer("200 OK", more="Expires: 3600\n"))
step("under-way")
with case("S9", "media-goes-on"):
    talk(mine, its)
END
await_step ended
busywait 10 gone || fail "left: $(run_in "$RT" ctalg pinholes)"
expect_none
go_on ended
await_step under-way
[ "$(list pinholes)" -gt 2 ] || fail "there are $(list pinholes) pinholes"
run_in "$RT" nft delete table inet helper
# shellcheck disable=SC2086 # a list of names
unload $OURS
no_expectation || fail "expectations after unload: $(expectations)"
nothing_of_ours
go_on under-way
end_script
no_kernel_messages
load_helpers
all_cases
