#!/bin/bash
# After 234 TLS records pass unread, however they are cut and whatever they seem to say; nothing opens.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo none
start_server peer
ftp_script <<'END'
import time
from tls_like import Records, record, DATA
f = Ftp()
f.start_log()
f.start_tls(Records())
check(f.say_in_tls("NOOP").startswith("200"), "NOOP")
trap = f.listen()
port = fill("PORT {hp}\r\n", trap).encode()
for inside in port, b"\r\n" + port, b"x" * 3000 + b"\r\n" + port, b"y" * 16000:
    sealed = record(22, inside)
    for cut in 3, 5, len(sealed) - len(port):
        f.send(sealed[:cut])
        time.sleep(0.02)
        f.send(sealed[cut:])
said = f.say_in_tls("PASV")
check(said.startswith("227"), said)
f.blocked(address_in(said, f.target))
f.say_in_tls(fill("PORT {hp}", trap))
said = f.say_in_tls("RETR file")
check(said.startswith("425"), said)
with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
    differ("client to server", f.tx, seen.read())
f.sock.close()
END
counted ftp tls-control-channel 1
counted ftp pinhole-opened 0
counted ftp edit 0
all_well
