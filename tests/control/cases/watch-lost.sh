#!/bin/bash
# A listener that does not keep up loses events and is told exactly how many; the kernel counts them; another one loses none.
# REQUIRES: ctalg
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

N=1000
[ -z "${FULL:-}" ] || N=10000
setup_topo snat
start_server peer
listen all
ALL=$LISTENER
listen slow --buffer 8K
kill -STOP "$LISTENER"
start_script <<END
f = Ftp()
for i in range($N // 100):
    f.send("PORT 10,0,0,9,100,1\r\n" * 100)
    for k in range(100):
        f.reply("200")
open(LOGS + "/sent", "w").close()
import time
while not os.path.exists(LOGS + "/read"):
    time.sleep(0.05)
f.say("PORT 1,2,3", "200")
f.quit()
END
wait_for 40 "$N commands" test -e "$TMP/logs/sent"
kill -CONT "$LISTENER"
wait_heard slow lost
touch "$TMP/logs/read"
finish_script
wait_heard slow malformed
wait_heard all malformed
numbered() { grep -q '"lost":[0-9]' "$TMP/slow.log"; }
wait_for 5 "number of lost events" numbered
hush
stop_listener "$ALL"

take stats stats
ask <<END
E = heard("all")
assert not those(E, "lost"), "the quick one lost some"
assert len(those(E, "pinhole-refused")) == $N, len(E)
E = heard("slow")
lost = sum(e["lost"] or 0 for e in those(E, "lost"))
got = [e for e in E if e["kind"] != "lost"]
refused = len(those(E, "pinhole-refused"))
counts = J("stats")["ftp"]
assert lost > $N // 2, "only %d lost" % lost
assert refused > 0 and refused + lost == $N == counts["third-party-address"]["orig"], "%d came, %d lost" % (refused, lost)
assert got[-1]["seq"] - got[0]["seq"] + 1 == len(got) + lost, "numbers"
assert sum(counts["event-lost"].values()) == lost, "%r, not %d" % (counts, lost)
END
all_well
