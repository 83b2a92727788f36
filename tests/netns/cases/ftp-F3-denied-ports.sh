#!/bin/bash
# A client that announces a well-known service's port is refused; a server that listens there is not.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
ftp_script <<'END'
f = Ftp()
f.start_log()
for port in 2049, 3306, 3389, 5900, 5909, 6000, 6379, 27017:
    f.say("PORT " + comma(f.own, port), "200")
f.same_on_both_sides()
for port in 3389, 5902:
    for command in "PASV", "EPSV":
        f.say("SITE LISTEN %d" % port, "200")
        f.passive_works(command)
f.quit()
END
counted ftp denied-port 8
counted ftp pinhole-used 4
all_well
