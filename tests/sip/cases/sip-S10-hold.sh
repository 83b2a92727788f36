#!/bin/bash
# S10: a call on hold, longer than UDP flows are remembered: audio afterwards without a new offer, from either side first; and
# what was said with no media at all.
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

UDP_TIMEOUT=2
scripted <<'END'
calls = []
for name in "inside-first", "outside-first", "never-used", "signalling-too", "ended":
    with case("S10", "before-hold-" + name):
        c = Call(*udp_flow(caller, callee))
        mine, its = c.up()
        if name != "never-used":
            talk(mine, its)
        calls.append((name, c, *((mine, its) if mine.side == INSIDE else (its, mine))))
        if name == "ended":
            c.bye()

time.sleep(6)

for name, c, here, there in calls:
    with case("S10", "hold-" + name):
        if name == "ended":
            shut((there, here), (here, there))
            continue
        if name == "signalling-too":
            # both sides can still ask
            c.a.say(c.request(c.a, "OPTIONS"))
            c.b.say(c.answer("200 OK"))
        if name == "outside-first":
            there.sock.sendto(b"first", here.where(OUTSIDE))
            check(select.select([here.sock], [], [], WAIT)[0], "nothing came to the inside")
            drain(here.sock)
        talk(here, there)
        c.bye()
        shut((Stranger(outside), here))

with case("S10", "hold-callee-asks"):
    # while the call lasts, the callee's requests get through as well
    c = Call(*udp_flow(caller, callee))
    mine, its = c.up()
    for i in range(3):
        time.sleep(1)
        talk(mine, its)
    c.b.say(c.request(c.b, "INFO"))
    c.a.say(c.answer("200 OK"))
    c.bye(c.b)
END
all_cases
