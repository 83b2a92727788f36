#!/bin/bash
# S16, S13, S17: baresip calls baresip through Kamailio, where both are registered: from the inside, from the outside, and between two
# phones inside; all with the same port for audio, none of them on the proxy's address.
# REQUIRES: tool:baresip tool:kamailio
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sip/programs.sh
. "$SIP_DIR/programs.sh"

sip_topo snat
more_hosts
count_audio "$IN2" "$OUT2"
start_kamailio
phone "$OUT2" bob "$OUT4B"
bob=${PIDS[-1]}
phone "$IN2" carol "$SECOND4"
works S16-baresip-calls-out call_between alice "$IN" "$IN4" bob "$OUT2"
works S16-baresip-both-inside call_between alice "$IN" "$IN4" carol "$IN2"
stop "$bob"
works S16-baresip-calls-in call_between bob "$OUT2" "$OUT4B" carol "$IN2"
all_cases
