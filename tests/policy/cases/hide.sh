#!/bin/bash
# hide: of all that the outside host gets, no byte tells an inside address, in any form; and everything else is the same.
# REQUIRES: tool:vsftpd tool:proftpd tool:curl
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

# scan FILE WORDS: no inside address: dotted, with commas, as IPv6; nor mapped, padded, or as one number.
scan()
{
	! grep -aqiE '10[.,]0{0,2}0[.,]0{0,2}0[.,]|010[.,]000|fd00:1:|fd00:0*1:|167772[0-9]{3}|0x?0a0000|::ffff:10\.' "$1" ||
		fail "$2: an inside address leaves: $(grep -aiE '10[.,]0|fd00:1|0a0000' "$1" | head -n 3)"
}

setup_topo dnat
policy <<'END'
set inside { 10.0.0.0/8, fd00:1::/64 }
ftp {
	hide
}
END

say "a server that tells"
start_server peer
ftp_script <<'END'
told = b""
for target in os.environ["TARGETS"].split():
    f = Ftp(target)
    f.answer("211-Status of 10.0.0.2 and fd00:1::2:\r\n you@10.0.0.77, [FD00:1:0::99]:21, ::ffff:10.0.0.2\r\n"
             " (010.000.000.002) at 10,0,0,2,4,5.\r\n not 110.0.0.2, 1.10.0.0.2, 10.0.0.2.3 nor 10.0.0.256\r\n211 End 10.0.0.2\r\n")
    text = f.say("STAT", "211")
    own = os.environ["ROUT4"] if ":" not in target else target
    check(" not 110.0.0.2, 1.10.0.0.2, 10.0.0.2.3 nor 10.0.0.256\r\n" in text, text)
    lines = [l for l in text.split("\r\n") if " not " not in l]
    told += "\r\n".join(lines).encode()
    check(("211 End " + own if ":" not in target else "211 End ") in text, text)
    f.passive_works()
    f.active_works()
    # a third host inside: refused by the router, with its own answer
    f.answer("227 At (10,0,0,77,100,1)\r\n")
    said = f.say("PASV")
    check(said[0] in "45", said)
    told += said.encode()
    f.quit()
with open(LOGS + "/told", "wb") as out:
    out.write(told)
END
scan "$TMP/logs/told" "the scripted server"
[ "$(counter ftp policy-hidden)" -ge 6 ] || fail "only $(counter ftp policy-hidden) were hidden"
counted ftp policy-hide 2
stop "$SERVER_PID"

say "servers that say where they are"
for server in proftpd vsftpd; do
	start_server "$server"
	for FAM in 4 6; do
		HOME=$TMP run_in "$CLI" curl -sv --max-time 20 -Q "STAT" -Q "HELP" -o "$TMP/got" "ftp://$(url_target)/file" >"$TMP/curl.out" 2>&1 ||
			fail "$server: $(tail -n 3 "$TMP/curl.out")"
		same_bytes "$TMP/ftp/file" "$TMP/got"
		grep -a '^<' "$TMP/curl.out" >"$TMP/told"
		[ -s "$TMP/told" ] || fail "curl told nothing"
		scan "$TMP/told" "$server"
	done
	stop "$SERVER_PID"
	wait_for 10 "end of $server" not listens "$SRV" tcp 21
done
FAM=4
all_well
