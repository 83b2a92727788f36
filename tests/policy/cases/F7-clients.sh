#!/bin/bash
# F7 with real clients and servers: reading works, uploads are refused by the router in the server's place, and the session goes on.
# REQUIRES: tool:vsftpd tool:proftpd tool:curl tool:lftp tool:tnftp
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

# one kind of NAT, one server and one IP version on each kernel
case $(this_kernel) in
6.1) nat=snat server=vsftpd families=4 ;;
6.12) nat=dnat server=proftpd families=4 ;;
*) nat=both server=vsftpd families=6 ;;
esac
[ -z "${FULL:-}" ] || families="4 6"
setup_topo "$nat"
start_server "$server"
policy <<'END'
ftp {
	read-only answer 550 "This gateway is read-only."
}
END

# refused CLIENT HOW WORDS: the upload fails, the client shows the gateway's words, and nothing has arrived.
refused()
{
	: >"$TMP/$1.log"
	no_transfer "$1" "$2" up
	[ -z "$3" ] || grep -q "$3" "$TMP/$1.log" || fail "$1 does not say \"$3\""
	[ ! -e "$TMP/ftp/up/sent" ] || fail "$1 has sent a file through a read-only router"
}

NO_FETCH_TIME=20
for FAM in $families; do
	transfer curl passive
	refused curl passive 550
	transfer lftp active
	refused lftp passive "read-only"
	refused tnftp active "read-only"
done
FAM=4

# one lftp session: a refused upload and a refused removal between two downloads
mkdir "$TMP/home2"
HOME=$TMP/home2 run_in "$CLI" timeout 60 lftp -c "set ftp:passive-mode yes; set net:max-retries 1; set ftp:ssl-allow no
	set ftp:use-feat no; set cmd:fail-exit no; open ftp://$(url_target)
	get file -o $TMP/one; put $TMP/ftp/file -o up/sent; rm file; get file -o $TMP/two" >"$TMP/session.log" 2>&1 </dev/null || true
same_bytes "$TMP/ftp/file" "$TMP/one"
same_bytes "$TMP/ftp/file" "$TMP/two"
[ -e "$TMP/ftp/file" ] || fail "the file was removed"
[ "$(grep -c "read-only" "$TMP/session.log")" = 2 ] || fail "lftp was not told twice"
[ "$(counter ftp policy-denied)" -ge 5 ] || fail "only $(counter ftp policy-denied) were counted"
[ "$(counter ftp policy-denied)" = "$(counter ftp policy-answered)" ] || fail "not every refusal was answered"
all_well
