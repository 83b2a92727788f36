# shellcheck shell=bash
# Transfers, and what was really seen of them: at the client, at the server, and on the router between.

# by SCENARIO.HELPER: yes or no, microseconds, what was not as expected; by HELPER: why it was left out
declare -A WORKED=() TOOK=() AMISS=() NOTES=()

client() { run_in "$CLI" timeout -k 1 $((LIMIT + 12)) "$@"; }

# Each fetches, within about $LIMIT seconds, "file" to $TMP/got; the dialog goes to standard output.
fetch_ftp()
{
	client curl -sSv --ftp-port - --disable-eprt --connect-timeout "$LIMIT" --speed-limit 1 --speed-time "$LIMIT" \
		-o "$TMP/got" "ftp://$OUT4/file" 2>&1
}

fetch_split() { client python3 -S "$TOUR/split_ftp.py" "$OUT4" file "$TMP/got" "$LIMIT"; }

fetch_tftp() { client curl -sSv -m "$LIMIT" -o "$TMP/got" "tftp://$OUT4/file" 2>&1; }

# try SCENARIO HELPER: does it, prints the verdict; WORKED and TOOK keep it. False if it had to be left out.
try()
{
	local key=$1.$2 why began LIMIT rc=0

	if why=$(cannot "$2"); then
		NOTES[$2]=$why
		tell "  – $why"
		return 1
	fi
	if ! use_helper "$2"; then
		WORKED[$key]=no AMISS[$key]="the modules could not be loaded"
		tell "  $(mark no) ${AMISS[$key]}"
		return 1
	fi
	rm -f "$TMP/got"
	: >"$TMP/ftp.log"
	LIMIT=$(patience "$1" "$2")
	watch_pinholes
	began=${EPOCHREALTIME/./}
	"fetch_$1" >"$TMP/client.log" || rc=$?
	TOOK[$key]=$((${EPOCHREALTIME/./} - began))
	judge "$1" "$2" "$rc"
}

# judge SCENARIO HELPER STATUS: the client must be content, and the bytes must be the server's
judge()
{
	local key=$1.$2 took

	took=$(seconds "${TOOK[$key]}")
	WORKED[$key]=no
	if [ "$3" = 0 ] && [ "$(sum "$TMP/got")" = "$(sum "$TMP/ftp/file")" ]; then
		WORKED[$key]=yes
		tell "  $(mark yes) The file arrived in $took s, SHA-256 as on the server."
	elif [ "$3" = 0 ]; then
		AMISS[$key]="the client was content, but the file is not the server's"
		tell "  $(mark no) A file arrived, but not the server's."
	else
		tell "  $(mark no) No file: the client gave up after $took s."
	fi
	[[ $(wanted "$1" "$2") == @(either|"${WORKED[$key]}") ]] || amiss "$1" "$2"
}

# amiss SCENARIO HELPER: remembers it, and shows the last words of both ends
amiss()
{
	local key=$1.$2

	[ -n "${AMISS[$key]:-}" ] ||
		if [ "${WORKED[$key]}" = yes ]; then AMISS[$key]="it worked"; else AMISS[$key]="it did not work"; fi
	tell "     This is not what was expected. The client's last words, and the server's:"
	tail -qn 6 "$TMP/client.log" "$TMP/ftp.log" | sed 's/^/       /'
}

# wanted SCENARIO HELPER: yes, no or either. Without a helper nothing works, mainline's reads whole commands only.
wanted()
{
	case $1.$2 in
	*.none | split.mainline) echo no ;;
	split.ctalg) if [ "$CTALG_JOINS_SEGMENTS" = yes ]; then echo yes; else echo either; fi ;;
	*) echo yes ;;
	esac
}

# patience SCENARIO HELPER: seconds; a busy machine is no reason to fail, and nobody waits long for what never comes
patience() { if [ "$(wanted "$@")" = no ]; then echo 3; else echo 15; fi; }

sum() { sha256sum "$1" 2>/dev/null | cut -d' ' -f1; }

# --- the two ends of the control connection

client_said() { sed -n 's/^> \(PORT.*\|,.*\)/\1/p' "$TMP/client.log" | tr -d '\r' | paste -sd'|' | sed 's/|/  then  /g'; }
server_heard() { sed -n 's/.*FTP command: .*"\(PORT[^"]*\)".*/\1/p' "$TMP/ftp.log" | tail -n 1; }

# what came back after PORT
client_heard() { sed -n '/^> PORT/,$s/^< \([1-5][0-9][0-9]\)/\1/p' "$TMP/client.log" | tr -d '\r' | head -n 1; }

# place "PORT h1,h2,h3,h4,p1,p2": address and port in words, or nothing
place()
{
	[[ $1 =~ ([0-9]+),([0-9]+),([0-9]+),([0-9]+),([0-9]+),([0-9]+) ]] || return 0
	set -- "${BASH_REMATCH[@]:1}"
	echo "$1.$2.$3.$4 port $(($5 * 256 + $6))"
}

show_control()
{
	local said heard answer

	said=$(client_said) heard=$(server_heard) answer=$(client_heard)
	shows "the client sent" "${said:-nothing}" "$(place "${said//  then  /}")"
	shows "the server received" "${heard:-no such command}" "$(place "$heard")"
	shows "and the client heard" "${answer:-no answer}"
}

# --- pinholes: the kernel reports each as it opens and closes

watch_pinholes()
{
	: >"$TMP/pinholes.log"
	[ -z "${WATCHER:-}" ] || stop "$WATCHER"
	start_in "$RT" pinholes conntrack -E expect
	WATCHER=$!
	busywait 5 listens_for_pinholes || fail "conntrack -E does not start"
}

# The netfilter socket (protocol 12) that has joined the groups 4 to 6
listens_for_pinholes() { run_in "$RT" awk -v p=12 '$2 == p && $4 ~ /38$/ { n++ } END { exit !n }' /proc/net/netlink; }

# pinholes: one line each: protocol, from, to, port
pinholes()
{
	sed -n 's/^ *\[NEW\] .*proto=\([0-9]*\) src=\([^ ]*\) dst=\([^ ]*\) sport=[0-9]* dport=\([0-9]*\) mask.*/\1 \2 \3 \4/p' \
		"$TMP/pinholes.log"
}

closed() { grep -c '\[DESTROY\]' "$TMP/pinholes.log" || true; }

show_pinholes()
{
	local proto from to port

	[ -n "$(pinholes)" ] || { shows "pinholes opened" none; return 0; }
	while read -r proto from to port; do
		shows "pinhole opened" "$(protocol "$proto") from $from to $to port $port"
		show_used "$proto" "$from" "$to" "$port"
	done < <(pinholes)
	shows "pinholes closed again" "$(closed)"
}

protocol() { if [ "$1" = 6 ]; then echo TCP; else echo UDP; fi; }

# The connection that came through it, as the router tracks it: source, and where NAT led it
show_used()
{
	local used

	used=$(run_in "$RT" conntrack -L -p "$1" --orig-src "$2" --orig-dst "$3" --orig-port-dst "$4" 2>/dev/null |
		sed -n 's/.*src=\([^ ]*\) dst=.* sport=\([0-9]*\) .*src=\([^ ]*\) dst=.* sport=\([0-9]*\) .*/\1 port \2, led to \3 port \4/p')
	[ -z "$used" ] || shows "came through it" "${used%%$'\n'*}"
}

# --- ctalg's own account, if its command is here

show_counters()
{
	local stats counted

	stats=$(run_in "$RT" ctalg stats --json 2>/dev/null) || return 0
	counted=$(python3 -S "$TOUR/counters.py" "$1" <<<"$stats" 2>/dev/null) || return 0
	[ -z "$counted" ] || shows "ctalg counted" "$counted"
}
