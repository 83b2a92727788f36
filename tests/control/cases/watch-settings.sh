#!/bin/bash
# Lifetimes and outside ports hold; a helper that finishes reads the session there is and no new one; wrong values change nothing.
# REQUIRES: ctalg
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

setup_topo snat
start_server peer
on_router set ftp lifetime 2 outside-ports 41000-41003
refuses 1 "1024" on_router set ftp outside-ports 80-90 loose on
take set helpers

listen all
start_script <<'END'
f = Ftp()
f.active_works()
f.announce()
step("opened")
step("expired")
f.active_works()
step("finishing")
f.active_works()
new = Ftp()
new.active_fails()
f.quit()
new.quit()
step("finished")
END
wait_for 20 "pinhole" test -e "$TMP/logs/opened"
take opened pinholes
touch "$TMP/logs/after-opened"
expired() { grep -q '"reason":"pinhole-expired"' "$TMP/all.log"; }
wait_for 10 "end of the pinhole" expired
touch "$TMP/logs/after-expired"
on_router set ftp lifetime 300 outside-ports any
wait_for 10 "transfer" test -e "$TMP/logs/finishing"
on_router set ftp enabled finish
on_router status | grep -q '^ftp *finishing' || fail "status: $(on_router status)"
short_memory
touch "$TMP/logs/after-finishing"
wait_for 20 "finished session" test -e "$TMP/logs/finished"
wait_heard all session-end
take flows flows
on_router set ftp enabled on
take enabled helpers
touch "$TMP/logs/after-finished"
finish_script
hush
take stats stats
ask <<'END'
E = heard("all")
has(named("set")["ftp"], lifetime=2, port_first=41000, port_last=41003, loose=False)
has(named("set")["tftp"], lifetime=30, port_first=None, port_last=None)
has(J("opened")[-1], state="open")
assert 41000 <= J("opened")[-1]["outside_port"] <= 41003 and J("opened")[-1]["expires"] <= 2, J("opened")
assert J("flows") == [], J("flows")
has(named("enabled")["ftp"], enabled=True, finishing=False, port_first=None, lifetime=300)
assert "connection-reset" not in J("stats")["ftp"], J("stats")
opened = those(E, "pinhole-open")
assert len(opened) == 4 and len({e["flow"] for e in E}) == 1, E
assert all(41000 <= e["outside_port"] <= 41003 for e in opened[:2]), opened
assert not those(E, "handover"), E
END
all_well
