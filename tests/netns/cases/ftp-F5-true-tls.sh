#!/bin/bash
# The same with true TLS: the session works, nothing opens inside it, and after CCC data flows.
# REQUIRES: tool:openssl
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
mkdir -p "$TMP/logs"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=peer \
	-keyout "$TMP/key" -out "$TMP/crt" 2>"$TMP/openssl.log"
cat "$TMP/key" "$TMP/crt" >"$TMP/logs/pem"
start_server peer
ftp_script <<'END'
from tls_real import Tls
f = Ftp()
f.start_tls(Tls())
check(f.say_in_tls("NOOP").startswith("200"), "NOOP")
f.say_in_tls(fill("PORT {hp}", f.listen()))
said = f.say_in_tls("RETR file")
check(said.startswith("425"), said)
f.clear()
f.active_works()
f.passive_works()
f.quit()
END
counted ftp pinhole-opened 2
all_well
