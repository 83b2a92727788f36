#!/bin/bash
# All that happens in a session is told, in order, with flow, user, addresses and bytes, and lists say the same.
# REQUIRES: ctalg
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

setup_topo snat
count_bytes 1
listen all
start_server peer
start_script <<'END'
f = Ftp()
f.active_works()
print(f.sock.getsockname()[1], f.listener.getsockname()[1])
sys.stdout.flush()
step("counted")
f.say("USER bob", "331")
f.announce()
step("waiting")
f.retr(f.accept)
step("uncounted")
f.quit()
END

# data_bytes: of the data flow to the outside port $1, what the client and what the server have sent.
data_bytes()
{
	run_in "$RT" conntrack -L -p tcp 2>/dev/null | grep "dport=$1 .*bytes=.*bytes=" |
		sed -E 's/.*bytes=([0-9]+).*bytes=([0-9]+).*/\2 \1/'
}

wait_for 20 "counted transfer" test -e "$TMP/logs/counted"
read -r control inside <"$TMP/script.log"
take used pinholes
take active sessions
outside=$(sed -n 's/.*"outside_port": \([0-9]*\).*/\1/p' "$TMP/used.json")
read -r sent received < <(data_bytes "$outside")
# what it carried is known however it ends
run_in "$RT" conntrack -D -p tcp --dport "$outside" >"$TMP/deleted.log" 2>&1
wait_heard all pinhole-closed
count_bytes 0
short_memory
touch "$TMP/logs/after-counted"

wait_for 20 "second pinhole" test -e "$TMP/logs/waiting"
take waiting sessions
take open pinholes
touch "$TMP/logs/after-waiting"
wait_for 20 "second transfer" test -e "$TMP/logs/uncounted"
take uncounted pinholes
touch "$TMP/logs/after-uncounted"
finish_script
wait_heard all session-end
hush

ask <<END
E = heard("all")
assert $received > 200000 and $sent > 0, "$sent and $received bytes"
used, = J("used")
has(used, bytes_orig=$sent, bytes_reply=$received, state="used", expires=None, user="anonymous", helper="ftp", l4="tcp",
    outside="198.51.100.1", inside="10.0.0.2", inside_port=$inside)
session, = J("active")
has(session, state="active", bytes_orig=$sent, bytes_reply=$received, user="anonymous", kind="login", key=None,
    src="10.0.0.2", dst="198.51.100.2", opened=1, pinholes=1, id=used["session"], flow=used["flow"])
later, = J("waiting")
has(later, id=session["id"], user="bob", state="waiting", opened=2, pinholes=1, bytes_orig=$sent, bytes_reply=$received)
assert session["age_ms"] < later["age_ms"] < 90000, (session, later)
waiting, = J("open")
has(waiting, state="open", user="bob", bytes_orig=None, bytes_reply=None)
assert 200 < waiting["expires"] <= 300, waiting
after, = J("uncounted")
has(after, id=waiting["id"], state="used", expires=None, bytes_orig=None)

flow = dict(helper="ftp", flow=E[0]["flow"], l4="tcp", src="10.0.0.2", src_port=$control,
            dst="198.51.100.2", dst_port=21, zone=0)
for e in E:
    has(e, session=E[0]["session"], **flow)
    assert e["time"].startswith("20") and e["time"].endswith("Z"), e
assert [e["seq"] for e in E] == list(range(E[0]["seq"], E[0]["seq"] + len(E))), "numbers"
in_order(E, "session-begin", "session-change", "edit", "session-change", "session-end")
in_order(E, "session-begin", "pinhole-open", "pinhole-used", "pinhole-open", "pinhole-used", "session-end")
assert [e["user"] for e in those(E, "session-change")] == ["anonymous", "bob"], "users"
assert E[0]["kind"] == "session-begin" and "user" not in E[0], E[0]
has(one(E, "session-end"), user="bob")
first, second = those(E, "edit")
has(first, direction="orig", message="PORT", user="anonymous", old="10.0.0.2", old_port=$inside,
    new="198.51.100.1", new_port=$outside)
has(second, user="bob", old="10.0.0.2", new="198.51.100.1")
hole = dict(pinhole_l4="tcp", outside="198.51.100.1", outside_port=$outside,
            inside="10.0.0.2", inside_port=$inside, user="anonymous", pinhole=used["id"])
for kind in "pinhole-open", "pinhole-used", "pinhole-closed":
    has(those(E, kind, outside_port=$outside)[0], **hole)
has(those(E, "pinhole-open")[0], **{"from": "198.51.100.2"})
closed = those(E, "pinhole-closed")
has(closed[0], bytes_orig=$sent, bytes_reply=$received, reason="pinhole-ended")
assert len(closed) == 2 and "bytes_orig" not in closed[1], closed
END
all_well
