#!/bin/bash
# Lists longer than one netlink buffer come whole, without doubles: 60 flows with 12 pinholes each.
# REQUIRES: ctalg tool:jq
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
start_script <<'END'
flows = [Ftp(login=False) for i in range(60)]
for f in flows:
    f.say("USER anonymous", "331")
    f.send("".join("PORT %s\r\n" % comma(f.own, 30000 + i) for i in range(12)))
    for i in range(12):
        f.reply("200")
open(LOGS + "/open", "w").close()
import time
while not os.path.exists(LOGS + "/close"):
    time.sleep(0.05)
END
wait_for 30 "60 flows" test -e "$TMP/logs/open"

# rows NOUN KEY: how many objects there are, and how many different ones by KEY.
rows() { run_in "$RT" ctalg --json "$1" 2>>"$TMP/tool.log" | jq -r "[length, (map($2) | unique | length)] | @tsv"; }

[ "$(rows flows .id)" = $'60\t60' ] || fail "flows: $(rows flows .id)"
[ "$(rows sessions .flow)" = $'60\t60' ] || fail "sessions: $(rows sessions .flow)"
[ "$(rows pinholes .outside_port)" = $'720\t720' ] || fail "pinholes: $(rows pinholes .outside_port)"
[ ! -s "$TMP/tool.log" ] || fail "the tool said: $(<"$TMP/tool.log")"
touch "$TMP/logs/close"
finish_script
all_well
