#!/bin/bash
# status, stats --prometheus and sessions -w show what there is: in a pipe, on a terminal, as JSON.
# REQUIRES: ctalg tool:script
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

setup_topo snat
start_server peer
start_script <<'END'
import time
f = Ftp()
f.active_works()
f.say("PORT 10,0,0,9,100,1", "200")
f.announce()
open(LOGS + "/open", "w").close()
while not os.path.exists(LOGS + "/close"):
    time.sleep(0.05)
END
wait_for 20 "session" test -e "$TMP/logs/open"
take status status
on_router status >"$TMP/status.log"
grep -q "^ftp .*enabled  tcp/21 .* 1 .* 1 " "$TMP/status.log" || fail "status: $(<"$TMP/status.log")"
! grep -q $'\033' "$TMP/status.log" || fail "colour in a file"

on_router stats --prometheus >"$TMP/prom.log"
"${PYTHON[@]}" "$WATCH_DIR/prometheus.py" "$TMP/prom.log" \
	'ctalg_flows{helper="ftp"}=1' 'ctalg_sessions{helper="ftp"}=1' 'ctalg_pinholes{helper="ftp",state="open"}=1' \
	'ctalg_events_total{helper="ftp",reason="third-party-address",direction="orig"}=1' \
	'ctalg_limit_now{limit="flows"}=1' 'ctalg_limit{limit="memory"}=33554432' ||
	fail "Prometheus: $(<"$TMP/prom.log")"
refuses 2 "leave" on_router --json stats --prometheus

start_in "$RT" lists ctalg sessions -w 1
start_in "$RT" lines ctalg --json sessions --watch 1
# the terminal of "script"
start_in "$RT" screen script -qec "stty rows 5 cols 60; TERM=xterm timeout -s INT 3 ctalg sessions -w 1" "$TMP/typescript"
three() { [ "$(grep -c '^SESSION' "$TMP/lists.log")" -ge 3 ] && [ "$(grep -c '^\[{' "$TMP/lines.log")" -ge 3 ]; }
wait_for 15 "three lists" three
stop "${PIDS[-2]}"
head -n 3 "$TMP/lists.log" | tail -n 1 | grep -qx '' || fail "no empty line between: $(head -n 4 "$TMP/lists.log")"
left() { grep -q $'\033\\[?1049l' "$TMP/typescript"; }
wait_for 15 "end of the screen" left
grep -q $'\033\\[?1049h.*\033\\[H.*SESSION' "$TMP/typescript" || fail "screen: $(cat -v "$TMP/typescript")"
ask <<'END'
status = J("status")
assert status["loaded"] and status["tool"] == status["module"], status
ftp = {h["name"]: h for h in status["helpers"]}["ftp"]
has(ftp, state="enabled", flows=1, sessions=1, pinholes_open=1, pinholes_used=1, edits=2)
assert ftp["messages"] > 5, ftp
has(status["troubles"][0], helper="ftp", reason="third-party-address", times=1)
for line in heard("lines"):
    assert len(line) == 1 and line[0]["user"] == "anonymous", line
END
touch "$TMP/logs/close"
finish_script
short_memory
all_well
