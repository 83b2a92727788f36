#!/bin/bash
# A control flow with very many commands, most of them edited, leaves the kernel's memory as it is.
# REQUIRES: ctalg
# TIME: 200
. "$(dirname "$0")/../lib.sh"

COMMANDS=${COMMANDS:-100000}
stream_topo snat
say "$COMMANDS commands"
"${PYTHON[@]}" "$STREAM_DIR/long_session.py" "$CLI" "$SRV" "$(target)" "$COMMANDS" 2>&1 | sed 's/^/  /'
none_invalid
[ "$(counter ftp pinhole-opened)" -gt $((COMMANDS / 3)) ] || fail "not many pinholes were opened"
all_well
