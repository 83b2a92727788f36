# shellcheck shell=bash
# What the cases of this ring share: the scenarios' library, and flows in number.

# shellcheck source=tests/netns/lib.sh
. "${BASH_SOURCE[0]%/*}/../netns/lib.sh"

# many_servers: takes every FTP connection and keeps it; TFTP requests find nobody.
many_servers()
{
	start_in "$SRV" keeper "${PYTHON[@]}" -c '
import socket
s = socket.create_server(("", 21), backlog=1000)
kept = []
while True:
    kept.append(s.accept()[0])
'
	wait_for 20 "server" listens "$SRV" tcp 21
}

# many_ftp N: opens that many connections, each with an open pinhole, and keeps them.
many_ftp()
{
	start_in "$CLI" many "${PYTHON[@]}" -c "
import socket, time
kept = []
for i in range($1):
    s = socket.create_connection(('$TO4', 21))
    s.sendall(b'PORT ${CLI4//./,},%d,%d\r\n' % (40 + (i >> 8), i & 255))
    kept.append(s)
open('$TMP/many', 'w').close()
time.sleep(1000)
"
	wait_for 60 "FTP flows" test -e "$TMP/many"
}

# many_tftp N: as many read requests, from ports of their own.
many_tftp()
{
	run_in "$CLI" "${PYTHON[@]}" -c "
import socket
for i in range($1):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(('', 20000 + i))
    s.sendto(b'\0\1file\0octet\0', ('$TO4', 69))
    s.close()
"
}

# flows_of HELPER: how many there are on the router.
flows_of() { run_in "$RT" ctalg flows | awk -v h="$1" '$2 == h { n++ } END { print n + 0 }'; }

helper_rules() { nft_helper | run_in "$RT" nft -f -; }
no_helper_rules() { run_in "$RT" nft delete table inet helper; }

# in_background COMMAND…: over and over until the case ends, or stop_background.
in_background()
{
	( trap - ERR EXIT; set +eE; while [ ! -e "$TMP/stop" ]; do "$@"; done ) >"$TMP/background.log" 2>&1 </dev/null &
	BACKGROUND+=($!)
}
BACKGROUND=()

stop_background()
{
	touch "$TMP/stop"
	wait "${BACKGROUND[@]}"
}
