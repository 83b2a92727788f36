#!/bin/bash
# What "ctalg explain" says of a capture of calls and registrations is what the kernel did: every counter, each change of an address,
# pinholes and how they closed, calls and how they ended; over UDP and TCP, with the callers and with the callee behind NAT.
# KERNELS: 6.12
# TIME: 240
# REQUIRES: ctalg modules tool:tcpdump tool:jq
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

explained()
{
	run_in "$RT" ctalg stats --json >"$SAID/stats.json"
	ctalg explain "$SAID/in0.pcap" --json --inside "${IN4%.*}.0/24" --inside "${IN6%2}/64" \
		--outside "$ROUT4" --outside "$ROUT6" >"$SAID/in0.json"
}

# Packets may still be on their way into the file, events into theirs, and the reaper may be a little late.
agrees()
{
	{
		explained && "${PYTHON[@]}" "$SIP_DIR/../control/explain_agrees.py" "$SAID"
	} >"$TMP/agrees.log" 2>&1
}

listens() { run_in "$RT" grep -qE '^[0-9a-f]+ +16 +[0-9]+ +[0-9a-f]{4}[89a-f]' /proc/net/netlink; }

compare()
{
	local network=$1

	sip_topo "$network"
	SAID=$TMP/agrees-$network
	mkdir "$SAID"
	start_in "$RT" "tcpdump-$network" tcpdump -i in0 -Z root -s 0 -U --immediate-mode -w "$SAID/in0.pcap"
	# shellcheck disable=SC2031 # only works() begins others of its own
	RECORDER=${PIDS[-1]}
	start_in "$RT" "events-$network" ctalg --json monitor
	# shellcheck disable=SC2031
	LISTENER=${PIDS[-1]}
	wait_for 20 "capture" test -s "$SAID/in0.pcap"
	wait_for 10 "listener" listens
	rm -f "$TMP/said-all" "$TMP/after-said-all"
	begin_script <"$TMP/dialog.py"
	await_step said-all
	run_in "$RT" ctalg pinholes --json >"$SAID/pinholes.json"
	ln -s "../events-$network.log" "$SAID/events.log"
	busywait 10 agrees || fail "$network: $(tail -n 8 "$TMP/agrees.log")"
	say "$network: $(<"$TMP/agrees.log")"
	go_on said-all
	end_script
	stop "$RECORDER"
	stop "$LISTENER"
}

cat >"$TMP/dialog.py" <<'END'
def ack(c, **more):
    c.a.say(c.request(c.a, "ACK", seq=c.seq[c.a], **more))


with case("S9", "explained"):
    for kind in "udp", "tcp":
        # rings reliably, media both ways, hold, back with another port, and the end
        c, mine, its = Call(*flow(kind, caller, callee), kind + "-"), Media(caller), Media(callee)
        c.a.say(c.invite(sdp(mine), more="Supported: 100rel\n"))
        invited = c.last
        c.b.say(c.answer("100 Trying"))
        c.b.say(c.answer("180 Ringing", more="Require: 100rel\nRSeq: 1\n"))
        c.a.say(c.request(c.a, "PRACK", more=f"RAck: 1 {invited[1]} INVITE\n"))
        c.b.say(c.answer("200 OK"))
        c.b.say(c.answer("200 OK", sdp(its), to=invited))
        c.a.say(c.request(c.a, "ACK", seq=invited[1]))
        talk_with_rtcp(mine, its)
        c.a.say(c.request(c.a, "INVITE", sdp(mine, version=2, direction="inactive").replace(mine.ip, "0.0.0.0" if FAM == 4 else "::")))
        c.b.say(c.answer("200 OK", sdp(its)))
        ack(c)
        moved = Media(caller)
        c.a.say(c.request(c.a, "INVITE", sdp(moved, version=3)))
        c.b.say(c.answer("200 OK", sdp(its)))
        ack(c)
        talk(moved, its)
        c.bye()
        # beside it on the same flow: one that is cancelled, one that is refused, one that forks, one that goes on
        for ends in "cancel", "busy", "fork", "":
            # media of another host outside
            d, mine = Call(c.a, c.b, kind + ends), Media(caller if caller is inside else outside2)
            its = Media(outside2 if callee is outside else callee)
            d.a.say(d.invite(sdp(mine)))
            invited = d.last
            d.b.say(d.answer("183 Session Progress", sdp(its)))
            if ends == "cancel":
                d.a.say(d.request(d.a, "CANCEL", seq=invited[1], tagged=False))
                d.b.say(d.answer("200 OK"))
            if ends in ("cancel", "busy"):
                d.b.say(d.answer("487 Request Terminated" if ends == "cancel" else "486 Busy Here", to=invited))
                d.a.say(d.request(d.a, "ACK", seq=invited[1]))
                continue
            if ends == "fork":
                other = Media(outside2 if callee is outside else callee)
                d.b.say(d.answer("183 Session Progress", sdp(other), to=invited, fork="x"))
                d.b.say(d.answer("200 OK", sdp(other), to=invited, fork="x"))
                d.a.say(d.request(d.a, "ACK", seq=invited[1], fork="x"))
                talk(mine, other)
                continue
            d.b.say(d.answer("200 OK", sdp(its), to=invited))
            d.a.say(d.request(d.a, "ACK", seq=invited[1]))
            # nobody has used what is given up
            d.b.say(d.request(d.b, "INVITE", sdp(Media(callee), version=2)))
            d.a.say(d.answer("200 OK", sdp(Media(caller), version=2)))
            d.b.say(d.request(d.b, "ACK", seq=d.seq[d.b]))
    # the same call over another connection, which ends it
    e = Call(*tcp_flow(caller, callee), "moves")
    mine, its = e.up()
    talk(mine, its)
    e.a, e.b, was = *tcp_flow(caller, callee), e.a
    e.seq = {e.a: 7, e.b: 107}
    e.bye()

with case("S8", "explained"):
    if caller is inside:
        # one that stays, one that is given up, one whose time runs out
        for expires, granted in (3600, 600), (3600, 600), (3600, 1):
            r = Call(*udp_flow(caller, callee), "r")
            lines = lambda text, seconds: re.sub("Contact: .*", f"Contact: <sip:x{r.number}@{r.a}>;expires={seconds}", text).replace(
                "bob@example.org", f"u{r.number}@example.org")
            r.a.say(lines(r.request(r.a, "REGISTER", tagged=False, uri="sip:example.org"), expires))
            r.b.say(lines(r.answer("200 OK"), granted))
            if granted == 600 and expires:
                gone = r
        gone.a.say(re.sub("Contact: .*", f"Contact: <sip:x{gone.number}@{gone.a}>;expires=0", gone.request(
            gone.a, "REGISTER", tagged=False, uri="sip:example.org")).replace("bob@example.org", f"u{gone.number}@example.org"))
        gone.b.say(re.sub("Contact: .*\n", "", gone.answer("200 OK")).replace("bob@example.org", f"u{gone.number}@example.org"))

with case("S11", "explained"):
    if NAT and caller is inside:
        # who calls itself what it is called outside
        f = Call(*udp_flow(caller, callee), "aware")
        its = Media(callee)
        said = render(f.invite(sdp(its)), OUTSIDE)
        f.a.send(said)
        check(f.b.receive() == said, "it was changed")
time.sleep(5)
# the last packet tells the time
last = Call(*udp_flow(caller, callee), "last")
last.a.say(last.request(last.a, "OPTIONS", tagged=False))
step("said-all")
END

compare snat
compare dnat
all_cases
