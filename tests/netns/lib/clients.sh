# shellcheck shell=bash
# Real clients. Each fetches "file" to $TMP/got, or sends $TMP/ftp/file to up/sent.

FETCH_TIME=${FETCH_TIME:-40}

# fetch CLIENT HOW [up]: from the client's namespace to the target of $FAM. HOW is active or
# passive; for curl also port, eprt, pasv or epsv.
fetch()
{
	local client=$1 how=$2 way=${3:-down} rc=0

	rm -rf "$TMP/got" "$TMP/ftp/up/sent" "${TMP:?}/home"
	mkdir "$TMP/home"
	"${client}_$way" "$how" "$(url_target)" >>"$TMP/$client.log" 2>&1 </dev/null || rc=$?
	return "$rc"
}

# transfer CLIENT HOW [up]: fetch, and the bytes must be equal.
transfer()
{
	say "$*${FAM:+ (IPv$FAM)}"
	fetch "$@" || fail "$* over IPv$FAM: the client gave $?"
	if [ "${3:-down}" = up ]; then
		same_bytes "$TMP/ftp/file" "$TMP/ftp/up/sent"
	else
		same_bytes "$TMP/ftp/file" "$TMP/got"
	fi
}

# no_transfer CLIENT HOW [up]: must not work (nothing opens the way); quick to give up.
no_transfer()
{
	local FETCH_TIME=${NO_FETCH_TIME:-3}

	say "no $*${FAM:+ (IPv$FAM)}"
	! fetch "$@" || fail "$* over IPv$FAM worked, and must not"
}

client()
{
	local program

	full_path "$1"
	HOME=$TMP/home run_in "$CLI" timeout -k 1 "$FETCH_TIME" "$program" "${@:2}"
}

curl_options()
{
	case $1 in
	port) echo --ftp-port - --disable-eprt ;;
	active | eprt) echo --ftp-port - ;;
	pasv) echo --disable-epsv ;;
	passive | epsv) ;;
	esac
}

# shellcheck disable=SC2046 # options are words
curl_down() { client curl -sS $(curl_options "$1") -o "$TMP/got" "ftp://$2/file"; }

# shellcheck disable=SC2046
curl_up() { client curl -sS $(curl_options "$1") -T "$TMP/ftp/file" "ftp://$2/up/sent"; }

lftp_run()
{
	local passive=no

	[ "$1" = active ] || passive=yes
	client lftp -c "set ftp:passive-mode $passive; set ftp:auto-passive-mode no;
		set net:max-retries 1; set net:timeout $FETCH_TIME; set ftp:use-feat no;
		set ftp:ssl-allow no; set ftp:use-mdtm no; open ftp://$2; $3"
}

lftp_down() { lftp_run "$1" "$2" "get file -o $TMP/got"; }
lftp_up() { lftp_run "$1" "$2" "put $TMP/ftp/file -o up/sent"; }

tnftp_option() { if [ "$1" = active ]; then printf %s -A; else printf %s -p; fi; }

tnftp_down() { client tnftp "$(tnftp_option "$1")" -V -a -o "$TMP/got" "ftp://$2/file"; }

tnftp_up()
{
	client tnftp "$(tnftp_option "$1")" -V -a -u "ftp://$2/up/sent" "$TMP/ftp/file"
}

ncftp_option() { if [ "$1" = active ]; then printf %s -E; else printf %s -F; fi; }

# ncftp knows no IPv6, and keeps the name: file arrives as file.
ncftp_down()
{
	client ncftpget "$(ncftp_option "$1")" -V -t "$FETCH_TIME" -r 0 "$2" "$TMP/home" /file &&
		mv "$TMP/home/file" "$TMP/got"
}

ncftp_up()
{
	client ncftpput "$(ncftp_option "$1")" -V -t "$FETCH_TIME" -r 0 "$2" /up "$TMP/ftp/file" &&
		mv "$TMP/ftp/up/file" "$TMP/ftp/up/sent"
}

# TFTP: HOW are the client's options; atftp's are separated by "|", as they hold blanks.
# shellcheck disable=SC2086 # options are words
tftpcurl_down() { client curl -sS $1 -o "$TMP/got" "tftp://$2/file"; }

# shellcheck disable=SC2086
tftpcurl_up() { client curl -sS $1 -T "$TMP/ftp/file" "tftp://$2/up/sent"; }

tftphpa_down() { client tftp -m binary "$(target)" -c get file "$TMP/got"; }
tftphpa_up() { client tftp -m binary "$(target)" -c put "$TMP/ftp/file" up/sent; }

atftp_down()
{
	local options

	IFS='|' read -r -a options <<<"$1"
	client "$(find_program atftp)" "${options[@]}" -g -r file -l "$TMP/got" "$(target)" 69
}

# ftp_script [FILE]: FILE, or standard input, is a script for the scripted client, see peer_ftp.py. It runs
# in the client's namespace (or $SCRIPT_NS).
ftp_script()
{
	start_script "$@"
	finish_script
}

# start_script [FILE]: the same in the background, until finish_script.
start_script()
{
	make_files
	mkdir -p "$TMP/logs"
	{ echo "from peer_ftp import *"; cat "${1:--}"; } >"$TMP/script"
	: >"$TMP/script.log"
	PYTHONPATH="$NETNS_DIR:${STREAM_DIR:-}" TARGET="$(target)" TARGETS="$TO4 $TO6" DATA="$TMP/ftp/file" \
		UP="$TMP/ftp/up" LOGS="$TMP/logs" ROUT4="$ROUT4" \
		start_in "${SCRIPT_NS:-$CLI}" script timeout "$FETCH_TIME" "${PYTHON[@]}" "$TMP/script"
	SCRIPT=${PIDS[-1]}
}

finish_script()
{
	wait "$SCRIPT" || fail "the script: $(tail -n 3 "$TMP/script.log")"
}

# tftp_requests N: read requests from as many ports, so as many flows; nobody waits for an answer.
tftp_requests()
{
	run_in "$CLI" "${PYTHON[@]}" - "$(target)" "$1" <<'END'
import socket, sys
for port in range(20000, 20000 + int(sys.argv[2])):
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    u.bind(("", port))
    u.sendto(b"\0\1file\0octet\0", (sys.argv[1], 69))
END
}
