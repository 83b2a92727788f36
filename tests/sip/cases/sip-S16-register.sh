#!/bin/bash
# S16, S8: sipp registers with Kamailio, which wants a password, and is called a while after UDP's timeout; over UDP and TCP. Once it
# has unregistered, nobody gets to it.
# REQUIRES: tool:sipp tool:kamailio
# KERNELS: 6.12
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sip/programs.sh
. "$SIP_DIR/programs.sh"

UDP_TIMEOUT=2
sip_topo snat
count_audio
start_kamailio
kamailio=$!
works S16-sipp-registered-udp sipp_registered u 5072
works S16-sipp-registered-tcp sipp_registered t 5073
stop "$kamailio"
cat >"$TMP/script.py" <<'END'
with case("S16", "sipp-unregistered", "the registrar's port gets no more to the phone's"):
    phone, registrar = inside.udp(5072), outside.udp(5060)
    registrar.sendto(b"INVITE sip:alice@198.51.100.1:5072 SIP/2.0\r\n\r\n", (os.environ["ROUT4"], 5072))
    check(not select.select([phone], [], [], 0.3)[0], "an INVITE gets to the phone, and must not")
END
script "$TMP/script.py"
all_cases
