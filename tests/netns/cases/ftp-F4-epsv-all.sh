#!/bin/bash
# After EPSV ALL a PORT, EPRT or PASV opens nothing (RFC 2428), and passes unchanged; EPSV goes on working.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo none
start_server peer
ftp_script <<'END'
f = Ftp()
f.start_log()
f.passive_works("EPSV")
f.say("EPSV ALL", "200")
f.active_fails()
f.active_fails("EPRT {e}\r\n")
f.passive_fails("PASV")
f.passive_works("EPSV")
f.same_on_both_sides()
f.quit()
END
counted ftp after-epsv-all 3
counted ftp pinhole-opened 2
all_well
