#!/bin/bash
# Limits of rate: for one host, one user and all; what comes too often is refused, counted, told; time mends it; a policy that
# replaces another does not forget; and what cannot be counted any more is refused.
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
ip -n "$IN" addr add 10.0.0.3/24 dev eth0
start_server peer

say "of one host"
policy <<'END'
limit made 3/hour per host
ftp {
	limit made MKD answer 450 "Not so often."
}
END
listen rate
ftp_script <<'END'
f = Ftp()
f.start_log()
for i in range(3):
    f.say("MKD %d" % i, "500")
check("Not so often" in f.say("MKD 4", "450"), "the words")
f.say("NOOP", "200")
f.say("MKD 5", "450")
g = Ftp()
g.say("MKD 6", "450")
h = Ftp(own="10.0.0.3")
h.say("MKD 7", "500")
for one in f, g, h:
    one.quit()
with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
    check(b"MKD 4" not in seen.read(), "the server got it")
END
wait_heard rate denied 3
hush
ask <<'END'
events = those(heard("rate"), "denied")
assert len(events) == 3, events
for e in events:
    has(e, helper="ftp", command="MKD", reason="policy-rate-limit", rule=3, user="anonymous")
END
counted ftp policy-rate-limit 3

say "the same limit, in another policy"
policy <<'END'
# A line more, and more at once. What went on until now stays known.
limit made 4/hour per host
ftp {
	limit made MKD
}
END
ftp_script <<'END'
f = Ftp()
f.say("MKD a", "450")
g = Ftp(own="10.0.0.3")
for i in range(2):
    g.say("MKD %d" % i, "500")
g.say("MKD b", "450")
END

say "of one user, in either case of letters"
policy <<'END'
limit writes 2/hour per user
ftp {
	limit writes STOR, DELE answer 450
}
END
ftp_script <<'END'
f = Ftp(login=False)
f.say("DELE a", "500")
f.say("DELE a", "500")
f.say("DELE a", "500")
f.say("USER Ann", "331")
f.say("DELE a", "500")
f.say("USER ANN", "331")
f.say("DELE a", "500")
f.say("DELE a", "450")
g = Ftp(login=False)
g.say("USER ann", "331")
g.say("DELE a", "450")
g.say("USER bob", "331")
g.say("DELE a", "500")
END

say "of all; and it mends"
policy <<'END'
limit slow 2/second
ftp {
	limit slow MKD
}
END
ftp_script <<'END'
f, g = Ftp(), Ftp(own="10.0.0.3")
began = time.time()
went = refused = 0
while time.time() < began + 3:
    for one in f, g:
        one.say("MKD a", "500", "450")
        went += one.code == "500"
        refused += one.code == "450"
took = time.time() - began
check(2 + 2 * (took - 1) - 1 <= went <= 2 + 2 * took + 1, "%d went on in %.1f s" % (went, took))
check(refused, "nothing was refused")
END

say "nobody more can be counted"
policy <<'END'
limit many 5/hour per user
ftp {
	limit many MKD
}
END
now=$(on_router --json limits | jq '.[] | select(.name == "meters") | .now')
[ "$now" -gt 2 ] || fail "there are $now meters"
on_router limits meters "$now"
listen full
ftp_script <<'END'
f = Ftp(login=False)
f.say("USER eve", "331")
f.say("MKD a", "450", "550")
END
wait_heard full limit
hush
[ "$(counter ftp meter-limit)" = 1 ] || fail "meter-limit is $(counter ftp meter-limit)"
on_router limits meters default
ftp_script <<'END'
f = Ftp(login=False)
f.say("USER eve", "331")
f.say("MKD a", "500")
END
no_policy
all_well
