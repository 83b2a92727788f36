# shellcheck shell=bash
# Real programs: sipp and baresip as phones and trunks; for what they register with see registrars.sh.

# shellcheck source=tests/sip/registrars.sh
. "$SIP_DIR/registrars.sh"

# count_audio [NS…]: from here on, what both hosts get of it, and these.
count_audio()
{
	local ns

	for ns in "$IN" "$OUT" "$@"; do
		run_in "$ns" nft -f - <<-END
			table inet audio {
				counter got { }
				chain in {
					type filter hook input priority 0
					udp dport 6000-50000 counter name got
				}
			}
		END
	done
}

audio_in() { run_in "$1" nft list counter inet audio got | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# audio_both_ways N: at least so many packets got to either host since the last time.
audio_both_ways()
{
	local ns n

	for ns in "$IN" "$OUT"; do
		n=$(audio_in "$ns")
		[ "$n" -ge "$1" ] || fail "only $n packets of audio got to the $([ "$ns" = "$IN" ] && echo inside || echo outside)"
		run_in "$ns" nft reset counter inet audio got >/dev/null
	done
}

# sipp_in NS LOG SCENARIO ADDRESS TRANSPORT [OPTION…]: in the foreground. Its errors land in $TMP/LOG.err.
sipp_in()
{
	local ns=$1 log=$2 scenario=$3 own=$4 transport=$5

	shift 5
	run_in "$ns" sipp -sf "$SIP_DIR/sipp/$scenario.xml" -t "$transport" -i "$own" -mi "$own" -key own "$own" -nostdin \
		-trace_err -error_file "$TMP/$log.err" "$@" >"$TMP/$log.out" 2>&1
}

# sipp_call TRANSPORT FAMILY [CALLS]: so many at a time, over one flow, each with some seconds of audio both ways.
sipp_call()
{
	local own=$CLI4 to=$SRV4 target uas rc=0

	FAM=$2
	[ "$FAM" = 4 ] || own=$CLI6 to=$SRV6
	target=$(url_target)
	SIPP_PORT=$((SIPP_PORT + 1))
	start_in "$SRV" uas sipp -sf "$SIP_DIR/sipp/uas.xml" -t "${1}1" -i "$to" -mi "$to" -key own "$to" -p 5060 -mp 40000 -rtp_echo -nostdin
	uas=$!
	case $1 in
	u) wait_for 10 "sipp listening" listens "$SRV" udp 5060 ;;
	t) wait_for 10 "sipp listening" listens "$SRV" tcp 5060 ;;
	esac
	sipp_in "$CLI" uac uac "$own" "${1}1" -p "$SIPP_PORT" -mp 6000 -m "${3:-1}" -r 10 -d 2500 -timeout 20 "$target:5060" || rc=$?
	stop "$uas"
	[ "$rc" = 0 ] || fail "sipp gave $rc: $(tail -n 2 "$TMP/uac.err" 2>/dev/null)"
	audio_both_ways $((40 * ${3:-1}))
}
SIPP_PORT=5070

# sipp_registered TRANSPORT PORT: a phone inside registers, nothing is said until UDP's timeout is over, and it is called from the
# outside, with audio both ways; then it unregisters.
sipp_registered()
{
	local phone rc=0

	start_in "$IN" phone sipp -sf "$SIP_DIR/sipp/phone.xml" -oocsf "$SIP_DIR/sipp/uas.xml" -t "${1}1" -i "$IN4" -p "$2" \
		-mi "$IN4" -mp 40000 -rtp_echo -key own "$IN4" -key user alice -au alice -ap "$PASSWORD" -m 1 -timeout 60 -nostdin \
		-trace_msg -message_file "$TMP/phone.msg" -trace_err -error_file "$TMP/phone.err" "$OUT4:5060"
	phone=$!
	wait_for 10 "registration" grep -q "^SIP/2.0 200" "$TMP/phone.msg"
	sleep $((UDP_TIMEOUT + 2))
	sipp_in "$OUT" caller uac "$OUT4B" u1 -s alice -p 5080 -mp 6000 -m 1 -d 2500 -timeout 15 "$OUT4:5060" ||
		fail "the call gave $?: $(tail -n 2 "$TMP/caller.err" 2>/dev/null)"
	audio_both_ways 40
	wait "$phone" || rc=$?
	[ "$rc" = 0 ] || fail "the phone gave $rc: $(tail -n 2 "$TMP/phone.err")"
	rm "$TMP/phone.msg"
	expect_none "$RT"
}

# sipp_trunk CALLS: so many calls are on one flow, and all of them up, SECONDS; trunk_ended waits for their end.
sipp_trunk()
{
	local common=(-t u1 -nostdin -trace_msg -trace_err -watchdog_interval 0 -set calls "$1")

	start_in "$OUT" trunk-uas sipp -sf "$SIP_DIR/sipp/trunk-uas.xml" -i "$OUT4" -mi "$OUT4" -key own "$OUT4" -p 5060 -mp 30000 \
		-set rung 0 -message_file "$TMP/uas.msg" -error_file "$TMP/trunk-uas-errors.log" "${common[@]}"
	wait_for 10 "sipp listening" listens "$OUT" udp 5060
	# shellcheck disable=SC2016 # for the shell that tells how it ended
	start_in "$IN" trunk-uac sh -c '"$@"; echo "$?" >"$0"' "$TMP/uac.rc" \
		sipp -sf "$SIP_DIR/sipp/trunk-uac.xml" -i "$IN4" -mi "$IN4" -key own "$IN4" -p 5070 -mp 20000 \
		-set up 0 -message_file "$TMP/uac.msg" -error_file "$TMP/trunk-uac-errors.log" "${common[@]}" \
		-l "$1" -m "$1" -r "$TRUNK_RATE" -d "${TRUNK_SECONDS}000" -timeout "$TRUNK_LIMIT" "$OUT4:5060"
}
TRUNK_RATE=80 TRUNK_SECONDS=10 TRUNK_LIMIT=120

# trunk_up CALLS: waits until all are up.
trunk_up()
{
	local i n

	for ((i = 0; i < TRUNK_LIMIT; i++)); do
		n=$(grep -c "^ACK" "$TMP/uac.msg" 2>/dev/null || true)
		[ "${n:-0}" -lt "$1" ] || return 0
		sleep 1 # the log is long
	done
	say "not all were answered"
}

trunk_ended()
{
	wait_for "$TRUNK_LIMIT" "end of the calls" test -s "$TMP/uac.rc"
	[ "$(<"$TMP/uac.rc")" = 0 ] || fail "sipp gave $(<"$TMP/uac.rc")"
	wait_for 10 "end of every pinhole" no_expectation
}

# more_hosts: the second addresses inside and outside become hosts of their own, INSIDE2 and OUTSIDE2, on the same wires.
more_hosts()
{
	INSIDE2=in2-$TAG OUTSIDE2=out2-$TAG
	beside "$IN" "$INSIDE2" "$IN4" "$SECOND4" "$RIN4"
	beside "$OUT" "$OUTSIDE2" "$OUT4" "$OUT4B" ""
}

# beside NS NEW ADDRESS SECOND [ROUTER]: the first host's interface becomes a port of a switch, the second host is on another.
beside()
{
	NAMESPACES+=("$2")
	ip netns add "$2"
	ip -n "$1" -batch - <<-END
		link add br0 type bridge
		addr flush dev eth0
		link set eth0 master br0
		link add port2 type veth peer name eth0 netns $2
		link set port2 master br0
		link set port2 up
		link set br0 up
		addr add $3/24 dev br0
	END
	ip -n "$2" -batch - <<-END
		link set lo up
		link set eth0 up
		addr add $4/24 dev eth0
	END
	[ -z "$5" ] || ip -n "$1" route add default via "$5"
	[ -z "$5" ] || ip -n "$2" route add default via "$5"
}

# tone: three seconds of a wave, at G.711's rate.
tone()
{
	[ -e "$TMP/tone.wav" ] || "${PYTHON[@]}" - "$TMP/tone.wav" <<-'END'
		import struct, sys
		data = b"".join(struct.pack("<h", (i * 440 % 8000) * 4 - 16000) for i in range(24000))
		with open(sys.argv[1], "wb") as f:
		    f.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
		            + b"data" + struct.pack("<I", len(data)) + data)
	END
}

# baresip_in NS NAME ADDRESS [OPTION…]: a phone that is registered and answers; each uses the same port for its audio.
baresip_in()
{
	local ns=$1 name=$2 own=$3

	shift 3
	tone
	mkdir -p "$TMP/$name"
	cat >"$TMP/$name/config" <<-END
		sip_listen $own:5060
		net_interface $own
		rtp_ports 10000-10001
		audio_path $TMP
		audio_player aufile,$TMP/$name.wav
		audio_source aufile,$TMP/tone.wav
		audio_alert aufile,$TMP/$name.alert.wav
		module_path /usr/lib/baresip/modules
		module g711.so
		module aufile.so
		module_tmp uuid.so
		module_tmp account.so
		module_app menu.so
	END
	echo "<sip:$name@$OUT4;transport=${BARESIP_TRANSPORT:-udp}>;regint=600;auth_pass=$PASSWORD;answermode=auto;audio_codecs=PCMU/8000/1" >"$TMP/$name/accounts"
	: >"$TMP/$name/contacts"
	start_in "$ns" "$name" baresip -f "$TMP/$name" "$@"
}

# phone NS NAME ADDRESS: one that waits to be called. Its pid is in PHONE.
phone()
{
	baresip_in "$@" -t 100
	PHONE=$!
	wait_for 15 "registration of $2" grep -q "} 200 OK" "$TMP/$2.log"
}

# hears NS: so many packets of audio as got there since the last time.
hears() { run_in "$1" nft reset counter inet audio got | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# call_between CALLER NS ADDRESS CALLEE NS: the caller calls, for three seconds; both have to hear it.
call_between()
{
	local caller=$1 callee=$4 ns n

	hears "$2" >/dev/null
	hears "$5" >/dev/null
	: >"$TMP/$caller.log"
	baresip_in "$2" "$caller" "$3" -t 5 -e "/dial sip:$callee@$OUT4"
	wait_for 15 "call" grep -q "Call established" "$TMP/$caller.log"
	wait_for 15 "end of the call" not kill -0 "${PIDS[-1]}"
	for ns in "$2" "$5"; do
		n=$(hears "$ns")
		[ "$n" -ge 50 ] || fail "${ns%-*} heard only $n packets"
	done
}
