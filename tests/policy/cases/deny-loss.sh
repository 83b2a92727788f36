#!/bin/bash
# Random dialogs with refused commands at 10 % loss, 10 % duplication and 20 % reordering, both ways: all complete, exact.
# TIME: 300
#
#   DIALOGS=N   on each kernel (30)
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/stream/lib.sh
. "$POLICY_DIR/../stream/lib.sh"

case $(this_kernel) in
6.1) row=(dnat 4) ;;
6.12) row=(snat 6) ;;
*) row=(snat 4) ;;
esac
stream_topo "${row[0]}" on
FAM=${row[1]}
least_timeout 60ms
policy <<'END'
ftp {
	deny DELE, STOR, MKD answer 550 "No."
}
END
trouble "$RT" in0
trouble "$RT" out0
dialogs denied-random count="${DIALOGS:-30}" seed="$SEED" many=120 give_up=180
none_invalid
stream_topo_end
all_well
