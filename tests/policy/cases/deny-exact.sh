#!/bin/bash
# Refused commands in dialogs cut at every offset and byte at a time: NOOP goes on in their place, the refusal comes back
# in the place of its answer, and every other byte is the same.
# TIME: 300
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/stream/lib.sh
. "$POLICY_DIR/../stream/lib.sh"

# other families and kinds of NAT on the next kernel
case $(this_kernel) in
6.1) row=(snat 4 nodelay) ;;
6.12) row=(dnat 6 nagle) ;;
*) row=(both 4 nodelay) ;;
esac
stream_topo "${row[0]}" on
patient_hosts
FAM=${row[1]}
policy <<'END'
ftp {
	deny DELE, STOR, MKD answer 550 "No."
}
END
dialogs denied lossless=yes give_up=60 delay="${row[2]}"
none_invalid
stream_topo_end
all_well
