#!/bin/bash
# opaque passive-range, shared: two encrypted sessions of one client to one server; each use is told, with its bytes; the one that
# has the places ends, and the other goes on at once; a session in clear beside them; and nothing is left open.
# KERNELS: 6.1
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
short_memory
count_bytes 1
start_server peer
policy <<'END'
ftp {
	opaque passive-range 40000-40003
}
END
listen range
start_script <<'END'
from tls_like import Records

f, g = Ftp(), Ftp()
f.start_tls(Records())
g.start_tls(Records())
for port in 40000, 40000, 40001:
    f.retr_in_tls(port)
    g.retr_in_tls(port)
step("used")
# in clear, at a port of the range
h = Ftp()
h.say("SITE LISTEN 40002", "200")
h.passive_works()
f.retr_in_tls(40002)
g.retr_in_tls(40002)
h.quit()
# the other's places are the session's now
f.send(f.tls.seal(b"QUIT\r\n"))
f.sock.close()
time.sleep(0.5)
for port in 40000, 40003, 40002:
    g.retr_in_tls(port)
step("alone")
# nobody closes: who has gone is found out
g.sock.close()
time.sleep(0.5)
i = Ftp()
i.say("SITE LISTEN 40003", "200")
i.blocked((TARGET, 40003))
END
wait_for 30 "script" test -e "$TMP/logs/used"
take used pinholes
on_router flows >/dev/null
touch "$TMP/logs/after-used"
wait_for 30 "script" test -e "$TMP/logs/alone"
take alone pinholes
run_in "$RT" conntrack -L expect >"$TMP/alone.expect" 2>/dev/null
touch "$TMP/logs/after-alone"
finish_script
expect_none "$RT"
wait_heard range pinhole-closed 9
hush
ask <<'END'
used, alone = J("used"), J("alone")
assert len(used) == 8, used
assert all("expires" not in p or p["expires"] is None for p in used), used
mine = sorted((p["outside_port"], p["state"]) for p in used if p["session"] == used[0]["session"])
assert mine == [(40000, "used"), (40001, "used"), (40002, "open"), (40003, "open")], mine
# six data flows, of which four had the same place
at = [p for p in used if p["outside_port"] == 40000 and p["state"] == "used"][0]
size = os.path.getsize(os.environ["TOLD"] + "/ftp/file")
assert at["bytes_reply"] >= 4 * size, at
events = heard("range")
assert len(those(events, "pinhole-used")) >= 12, events
other = [p["session"] for p in used if p["session"] != used[0]["session"]][0]
left = [p for p in alone if p["session"] == other]
assert sorted(p["outside_port"] for p in left) == [40000, 40001, 40002, 40003], alone
expected = open(os.environ["TOLD"] + "/alone.expect").read()
assert expected.count("PERMANENT") == 4, expected
END
all_well
