#!/bin/bash
# NAT slipstreaming: what a page makes a browser send to port 21 opens nothing, however the server has it cut: v1 and v2.
# MAINLINE: fails
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

setup_topo snat
mkdir -p "$TMP/logs"
start_in "$RT" opened conntrack -E expect
start_in "$SRV" attacker "${PYTHON[@]}" "$STREAM_DIR/attacker.py"
wait_for 20 "attacker" listens "$SRV" tcp 21

# body LINE…: padded so that wherever the segments are cut, one of them begins with each of the lines.
body()
{
	SUM=$("${PYTHON[@]}" - "$TMP/body" "$@" <<-'END'
		import sys, zlib
		text = "".join((line + "\r\n") * 450 + pad for line in sys.argv[2:] for pad in ("\r\n", "x\r\n\r\n"))
		open(sys.argv[1], "w").write(text)
		print(zlib.crc32(text.encode()))
	END
	)
}

browser()
{
	client curl -sS -g -o /dev/null --data-binary "@$TMP/body" -H "X-Sum: $SUM" "$@" "http://$(url_target):21/" || :
}

# v1: the host's own address; v2: another inside host's
body "PORT 10,0,0,2,11,184" "EPRT |1|10.0.0.2|3001|" "PORT 10,0,0,9,0,22" "EPRT |1|10.0.0.9|445|"
browser
for verb in USER NOOP SITE PORT ABOR; do
	browser -X "$verb"
done
browser -H "X-Long: $(printf '%020000d' 0)" # the request line's end comes late
body "EPRT |2|fd00:1::2|3000|" "EPRT |2|fd00:1::9|445|"
FAM=6 browser
FAM=6 browser -X USER
wait_for 20 "all posts" test "$(grep -c posted "$TMP/attacker.log")" = 9
[ "$HELPER" != ctalg ] || [ "$(counter ftp not-the-protocol)" -ge 9 ] || fail "$(counter ftp not-the-protocol) are counted"
! grep . "$TMP/opened.log" || fail "an attack opened something"
! grep changed "$TMP/attacker.log" || fail "the text was changed"
counted ftp edit 0
all_well
