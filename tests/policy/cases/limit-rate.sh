#!/bin/bash
# Limits of rate: for one host, one user and all; what comes too often is refused, counted, told; time mends it; a policy that
# replaces another does not forget; and what cannot be counted any more is refused.
# KERNELS: 6.12
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
ip -n "$IN" addr add 10.0.0.3/24 dev eth0
start_server peer
policy <<'END'
limit made 3/hour per host
ftp {
	limit made MKD answer 450 "Not so often."
}
END
listen rate
start_script <<'END'
# of one host
f, g, h = Ftp(), Ftp(), Ftp(own="10.0.0.3")
f.start_log()
for i in range(3):
    f.say("MKD %d" % i, "500")
check("Not so often" in f.say("MKD 4", "450"), "the words")
f.say("NOOP", "200")
f.say("MKD 5", "450")
g.say("MKD 6", "450")
h.say("MKD 7", "500")
with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
    check(b"MKD 4" not in seen.read(), "the server got it")

# the same limit, in another policy: who had used it up still has; who had not has more left
step("made")
f.say("MKD a", "450")
for i in range(2):
    h.say("MKD %d" % i, "500")
h.say("MKD b", "450")

# of one user, in either case of letters
step("users")
f, g = Ftp(login=False), Ftp(login=False)
for i in range(3):
    f.say("DELE a", "500")
f.say("USER Ann", "331")
f.say("DELE a", "500")
f.say("USER ANN", "331")
f.say("DELE a", "500")
f.say("DELE a", "450")
g.say("USER ann", "331")
g.say("DELE a", "450")
g.say("USER bob", "331")
g.say("DELE a", "500")

# of all; and it mends
step("all")
f, g = Ftp(), h
began = time.time()
went = refused = 0
while time.time() < began + 2:
    for one in f, g:
        one.say("MKD a", "500", "450")
        went += one.code == "500"
        refused += one.code == "450"
took = time.time() - began
check(4 * took - 2 <= went <= 2 + 4 * took + 1, "%d went on in %.1f s" % (went, took))
check(refused, "nothing was refused")

# nobody more can be counted
step("full")
f = Ftp(login=False)
f.say("USER eve", "331")
f.say("DELE a", "450")
step("room")
f.say("DELE a", "500")
END
at made <<'END'
limit made 4/hour per host
ftp {
	limit made MKD
}
END
at users <<'END'
limit writes 2/hour per user
ftp {
	limit writes STOR, DELE answer 450
}
END
at all <<'END'
limit slow 4/second burst 2
ftp {
	limit slow MKD
}
END
wait_for 30 "the step" test -e "$TMP/logs/full"
on_router limits meters 1
at full <<'END'
limit writes 2/hour per user
ftp {
	limit writes DELE
}
END
wait_for 30 "the step" test -e "$TMP/logs/room"
on_router limits meters default
touch "$TMP/logs/after-room"
finish_script
wait_heard rate limit
hush
counted ftp meter-limit 1
[ "$(counter ftp policy-rate-limit)" -gt 7 ] || fail "only $(counter ftp policy-rate-limit) were counted"
ask <<'END'
events = those(heard("rate"), "denied")
assert len(events) > 7, events
for e in events[:3]:
    has(e, helper="ftp", command="MKD", reason="policy-rate-limit", rule=3, user="anonymous")
one(heard("rate"), "limit", reason="meter-limit")
END
no_policy
all_well
