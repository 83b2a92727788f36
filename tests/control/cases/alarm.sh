#!/bin/bash
# An alarm is raised when one host is refused too often, and its command is run once; what fails is told, and that it is over.
# KERNELS: 7.2
# REQUIRES: ctalg
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

cat >"$TMP/block" <<END
#!/bin/sh
echo "\$1 \$CTALG_SRC \$CTALG_DST \$CTALG_USER \$CTALG_EVENT \$CTALG_REASON \$CTALG_HELPER \$CTALG_COUNT \$CTALG_PERIOD" >>"$TMP/blocked"
END
chmod +x "$TMP/block"
cat >"$TMP/alarms.conf" <<END
alarm foreign {
	event = third-party-address
	rate = "3/2s"
	per = "host"
	run = "$TMP/block '\$1 x' \$CTALG_ALARM"
}
alarm broken {
	event = "malformed"
	rate = "0/hour"
	run = "$TMP/nonexistent"
}
END

setup_topo snat
start_server peer
listen all --alarm "pinhole-refused 3/2s per host run $TMP/block \$CTALG_SRC"
ALL=$LISTENER
listen alarms --alarms --config "$TMP/alarms.conf" --quiet
start_script <<'END'
f = Ftp()
for i in range(3):
    f.say("PORT 10,0,0,9,100,%d" % i, "200")
step("three")
import time
time.sleep(2)
for i in range(7):
    f.say("PORT 10,0,0,9,101,%d" % i, "200")
f.say("PORT 1,2,3", "200")
f.active_works()
f.quit()
END
wait_for 30 "three refusals" test -e "$TMP/logs/three"
wait_heard all pinhole-refused 3
[ ! -e "$TMP/blocked" ] || fail "three are too many already: $(<"$TMP/blocked")"
touch "$TMP/logs/after-three"
finish_script
over() { grep -q '"state":"over"' "$TMP/$1.log"; }
wait_for 15 "end of the alarm" over all
wait_for 15 "end of the other's alarm" over alarms
hush
stop_listener "$ALL"

[ "$(LC_ALL=C sort "$TMP/blocked")" = "\$1 x 10.0.0.2 198.51.100.2 anonymous pinhole-refused third-party-address ftp 4 2
10.0.0.2 10.0.0.2 198.51.100.2 anonymous pinhole-refused third-party-address ftp 4 2" ] || fail "blocked is: $(<"$TMP/blocked")"
grep -q '^ctalg: the command of the alarm "broken" cannot be run: .*/nonexistent: No such file' "$TMP/alarms.log" ||
	fail "what cannot be run is not told: $(<"$TMP/alarms.log")"
sed -i '/^ctalg: /d' "$TMP/alarms.log"
ask <<'END'
E = [e for e in heard("all") if e["kind"] != "alarm"]
A = [e for e in heard("all") if e["kind"] == "alarm"]
refused = those(E, "pinhole-refused")
assert len(refused) == 10, len(refused)
assert [a["state"] for a in A] == ["raised", "over"], A
has(A[0], alarm="pinhole-refused 3/2s per host", host="10.0.0.2", most=3, period=2, latest=refused[6])
Q = heard("alarms")
assert {e["kind"] for e in Q} == {"alarm"}, Q
assert [(e["alarm"], e["state"]) for e in Q if e["alarm"] == "foreign"] == [("foreign", "raised"), ("foreign", "over")], Q
assert [(e["alarm"], e["state"]) for e in Q if e["alarm"] == "broken"] == [("broken", "raised")], Q
END
all_well
