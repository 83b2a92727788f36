#!/bin/bash
# Limits are set, hit, told and remembered; wrong ones change nothing; another namespace has its own.
# REQUIRES: ctalg tool:setpriv
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

setup_topo snat
start_server peer
listen all limit
take first limits
refuses 2 "16M" on_router limits flows 7 memory 512k
take refused limits
on_router limits flows 3 memory 1M session-pinholes 2
take set limits
RT=$OUT take elsewhere limits

start_script <<'END'
import time
flows = [Ftp(login=False) for i in range(4)]
flows[0].say("USER anonymous", "331")
for i in range(3):
    flows[0].announce()
open(LOGS + "/open", "w").close()
while not os.path.exists(LOGS + "/close"):
    time.sleep(0.05)
END
wait_for 20 "flows" test -e "$TMP/logs/open"
take hit limits
take stats stats
on_router status | grep -qE '^flows .*#{20}.* 100 %.*!$' || fail "status: $(on_router status)"
on_router limits | grep -qE '^memory +1 MiB +32 MiB' || fail "limits: $(on_router limits)"
touch "$TMP/logs/close"
finish_script
short_memory
hush
refuses 1 "no limit" on_router limits nonsense 3
refuses 1 "too high" on_router limits flows 4000000000
refuses 1 root run_in "$RT" setpriv --reuid 1000 --clear-groups "$(command -v ctalg)" limits flows 5
take kept limits
on_router limits flows default
take default limits
ask <<'END'
first = named("first")
assert len(first) >= 8 and all(m["value"] == m["default"] and m["peak"] == 0 for m in first.values()), first
assert named("refused") == first == named("elsewhere"), "a mistake, or another namespace, changed something"
changed = named("set")
for name, value in ("flows", 3), ("memory", 1048576), ("session-pinholes", 2):
    has(changed[name], value=value, default=first[name]["default"])
    changed[name]["value"] = first[name]["value"]
assert changed == first, changed
hit = named("hit")
has(hit["flows"], now=3, peak=3)
has(hit["pinholes"], now=2)
has(hit["host-flows"], now=None, peak=3)
has(hit["session-pinholes"], now=None, peak=2)
counts = J("stats")["ftp"]
assert sum(counts["namespace-flow-limit"].values()) == sum(counts["session-pinhole-limit"].values()) == 1, counts
assert sorted(e["reason"] for e in heard("all")) == ["namespace-flow-limit", "session-pinhole-limit"], heard("all")
has(named("kept")["flows"], value=3)
has(named("default")["flows"], value=first["flows"]["default"])
END
all_well
