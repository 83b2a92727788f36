#!/bin/bash
# What "ctalg explain --policy" says of a capture is what the kernel did under that policy, counter by counter.
# KERNELS: 6.12
# REQUIRES: ctalg tool:tcpdump
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
policy <<'END'
set inside { 10.0.0.0/8 }
limit few 2/day per host
ftp {
	deny DELE, MKD answer 553 "No"
	deny user "eve"
	limit few ALLO
	strict
	opaque deny
	hide
}
END
start_server peer
start_in "$RT" tcpdump tcpdump -i in0 -Z root -s 0 -U --immediate-mode -w "$TMP/in0.pcap"
RECORDER=${PIDS[-1]}
wait_for 20 "capture" test -s "$TMP/in0.pcap"
ftp_script <<'END'
f = Ftp()
f.say("DELE x", "553")
f.say("PORT 1,2,3", "501")
f.say("AUTH TLS", "534")
f.say("USER eve", "530")
f.send("ALLO 1\r\nMKD y\r\nALLO 2\r\nALLO 3\r\n")
for code in ("202", "553", "202", "450"):
    f.reply(code)
f.say("ACCT 10.0.0.9 of 10.0.0.2", "500")
f.say("PORT 10,0,0,9,200,1", "550")
f.active_works()
f.passive_works("EPSV")
f.quit()
END
run_in "$RT" ctalg stats --json >"$TMP/stats.json"

# Packets may still be on their way into the file.
agrees()
{
	ctalg explain "$TMP/in0.pcap" --json --policy "$TMP/policy" --inside 10.0.0.0/24 --outside "$ROUT4" >"$TMP/in0.json" &&
		"${PYTHON[@]}" "${0%/*}/../../control/explain_agrees.py" "$TMP"
}

quietly() { agrees >"$TMP/agrees.log" 2>&1; }
busywait 10 quietly || fail "$(tail -n 5 "$TMP/agrees.log")"
stop "$RECORDER"
no_policy
all_well
