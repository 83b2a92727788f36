#!/bin/bash
# S16: sipp calls sipp, over UDP and TCP, IPv4 and IPv6, client and server inside: audio arrives at both ends.
# REQUIRES: tool:sipp
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sip/programs.sh
. "$SIP_DIR/programs.sh"

sip_topo snat
count_audio
works S16-sipp-udp sipp_call u 4 3
works S16-sipp-tcp sipp_call t 4
works S16-sipp-udp-ipv6 sipp_call u 6
sip_topo dnat
count_audio
works S16-sipp-dnat-udp sipp_call u 4
works S16-sipp-dnat-tcp-ipv6 sipp_call t 6
all_cases
