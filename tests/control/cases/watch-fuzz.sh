#!/bin/bash
# Random netlink input, from root and from nobody, with and without traffic: an answer to each, no warning, no setting changed by a refused request.
# KERNELS: 6.12
# REQUIRES: ctalg tool:setpriv
# shellcheck source=tests/control/watch.sh
. "$(dirname "$0")/../watch.sh"

# the kernel's own words on messages that are no such
# shellcheck disable=SC2034 # all_well looks at it
EXPECTED_WARNINGS='netlink: .*(leftover after parsing|has an invalid length)|callbacks suppressed'
SEED=${SEED:-$RANDOM}
[ -z "${FULL:-}" ] || MESSAGES=5000
setup_topo snat
start_server peer
fuzz() { run_in "$RT" "${PYTHON[@]}" "$WATCH_DIR/fuzz_netlink.py" "$@"; }

say "SEED=$SEED"
fuzz root "$SEED" "${MESSAGES:-150}" | tee "$TMP/root.log"
run_in "$RT" setpriv --reuid 1000 --clear-groups "$(command -v python3)" -S \
	"$WATCH_DIR/fuzz_netlink.py" nobody "$SEED" "${MESSAGES:-60}" | tee "$TMP/nobody.log"

start_script <<'END'
import time
while not os.path.exists(LOGS + "/close"):
    f = Ftp()
    f.active_works()
    f.say("PORT 10,0,0,9,100,1", "200", "500")
    f.quit()
    time.sleep(0.2)
END
fuzz reads "$((SEED + 1))" "${MESSAGES:-80}" | tee "$TMP/traffic.log"
touch "$TMP/logs/close"
finish_script
short_memory
all_well
