#!/bin/bash
# S16, S13, S17: baresip calls baresip through Kamailio, where both are registered: from the inside, from the outside, and between two
# phones inside; all with the same port for audio, none of them on the proxy's address.
# KERNELS: 6.1 7.2
# REQUIRES: tool:baresip tool:kamailio
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sip/programs.sh
. "$SIP_DIR/programs.sh"

sip_topo snat
more_hosts
count_audio "$INSIDE2" "$OUTSIDE2"
start_kamailio
phone "$OUTSIDE2" bob "$OUT4B"
bob=$PHONE
phone "$INSIDE2" carol "$SECOND4"
works S16-baresip-calls-out call_between alice "$IN" "$IN4" bob "$OUTSIDE2"
works S16-baresip-both-inside call_between alice "$IN" "$IN4" carol "$INSIDE2"
stop "$bob"
works S16-baresip-calls-in call_between bob "$OUTSIDE2" "$OUT4B" carol "$INSIDE2"
all_cases
