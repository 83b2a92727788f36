#!/bin/bash
# A PORT that names another inside host, or a 227 that names another server, opens nothing: data is blocked.
. "$(dirname "$0")/../lib.sh"

setup_topo none
ip -n "$IN" addr add 10.0.0.3/24 dev eth0
start_server peer
ftp_script <<'END'
f = Ftp()
f.own = "10.0.0.3"
f.active_fails()
f.active_fails("EPRT {e}\r\n")
f.own = "10.0.0.2"
f.active_works()
f.answer("227 Entering Passive Mode (198,51,100,3,130,1)\r\n")
f.passive_fails("PASV")
f.passive_works()
f.quit()
END
counted ftp third-party-address 3
all_well
