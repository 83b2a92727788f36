#!/bin/bash
# What "ctalg explain" says of captures is what the kernel did: endpoints, edits, pinholes and every counter; FTP and TFTP, SNAT and DNAT.
# KERNELS: 7.2
# REQUIRES: ctalg tool:tcpdump tool:in.tftpd tool:jq
# shellcheck source=tests/netns/lib.sh
. "$(dirname "$0")/../../netns/lib.sh"

# shellcheck disable=SC2034 # for make_files
FILE_KB=20

record()
{
	start_in "$RT" "tcpdump-$1" tcpdump -i "$1" -Z root -s 0 -U --immediate-mode -w "$SAID/$1.pcap"
	RECORDERS+=("${PIDS[-1]}")
	wait_for 20 "capture of $1" test -s "$SAID/$1.pcap"
}

explained()
{
	ctalg explain "$SAID/$1.pcap" --json --inside "${IN4%.*}.0/24" --inside "${IN6%2}/64" \
		--outside "$ROUT4" --outside "$ROUT6" >"$SAID/$1.json"
}

# Packets may still be on their way into the files.
agrees()
{
	{
		explained in0 && explained out0 &&
			"${PYTHON[@]}" "${0%/*}/../explain_agrees.py" "$SAID"
	} >"$TMP/agrees.log" 2>&1
}

compare()
{
	local mode=$1

	TAG=$mode-$RANDOM SAID=$TMP/$mode RECORDERS=()
	mkdir "$SAID"
	setup_topo "$mode"
	rm -rf "$TMP/logs"
	record in0
	record out0
	start_server peer
	start_server tftpd-hpa
	start_script <<-'END'
		import time
		for target in os.environ["TARGETS"].split():
		    f = Ftp(target)
		    f.active_works()
		    f.active_works("EPRT {e}\r\n")
		    f.passive_works()
		    f.passive_works("EPSV")
		    f.announce()
		    if ":" not in target:
		        f.say("PORT 203,0,113,9,200,1")
		        f.say("PORT %s" % comma(f.own, 3306))
		        f.say("PORT 1,2,3")
		    f.answer("500 no\r\n")
		    f.announce(None, "500")
		    if ":" not in target:
		        f.quit()
		f.announce()
		f.send("NOOP\r\n" + fill("EPRT {e}\r\n", f.listen()))
		f.reply("200")
		f.reply("200")
		open(LOGS + "/open", "w").close()
		while not os.path.exists(LOGS + "/close"):
		    time.sleep(0.05)
	END
	wait_for 30 "dialog" test -e "$TMP/logs/open"
	say "$mode: dialog (at $SECONDS s)"
	transfer tftphpa -
	transfer tftphpa - up
	run_in "$RT" ctalg stats --json >"$SAID/stats.json"
	run_in "$RT" ctalg pinholes --json >"$SAID/pinholes.json"
	busywait 10 agrees || fail "$mode: $(tail -n 5 "$TMP/agrees.log")"
	say "$mode: $(<"$TMP/agrees.log") (at $SECONDS s)"
	touch "$TMP/logs/close"
	finish_script
	stop "${RECORDERS[0]}"
	stop "${RECORDERS[1]}"
}

compare snat
expect_none "$RT"
# Counters of another namespace begin at zero.
compare dnat
all_well
