#!/bin/bash
# T3: writing and some names are refused with TFTP's ERROR 2, which real clients show; the rest works.
# REQUIRES: tool:in.tftpd tool:curl tool:tftp tool:atftp
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

case $(this_kernel) in
6.1) nat=snat ;;
6.12) nat=dnat ;;
*) nat=both ;;
esac
setup_topo "$nat"
start_server tftpd-hpa
cp "$TMP/ftp/file" "$TMP/ftp/startup-config"
policy <<'END'
tftp {
	deny WRQ answer "Nobody writes here."
	deny RRQ object "*config*", "/etc/*"
}
END
for FAM in 4 6; do
	transfer tftphpa -
	: >"$TMP/tftphpa.log"
	fetch tftphpa - up || true # it shows the error, and says that all is well
	grep -q "Nobody writes here" "$TMP/tftphpa.log" || fail "tftp does not show the router's words"
	[ ! -s "$TMP/ftp/up/sent" ] || fail "a file was written"
done
FAM=4
transfer tftpcurl "--tftp-blksize 1428"
NO_FETCH_TIME=10 no_transfer tftpcurl "" up
rc=0
client curl -sS -o "$TMP/got" "tftp://$(target)/startup-config" 2>"$TMP/curl.err" || rc=$?
[ "$rc" = 69 ] || fail "curl gave $rc, not 69, its access violation: $(<"$TMP/curl.err")"
counted tftp policy-denied 4
all_well
