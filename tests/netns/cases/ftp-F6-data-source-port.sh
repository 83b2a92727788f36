#!/bin/bash
# Active data comes from port 20, or from any other port of the server's; never from another host.
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
ftp_script <<'END'
f = Ftp()
for port in 20, 0, 2121:
    f.say("SITE FROM %d" % port, "200")
    f.active_works()
f.say("SITE BIND 198.51.100.3", "200")
f.active_fails()
f.say("SITE BIND 198.51.100.2", "200")
f.active_works()
f.quit()
END
counted ftp pinhole-used 4
all_well
