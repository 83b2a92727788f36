#!/bin/bash
# Without NAT nothing is rewritten, also when two control connections announce the same port.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo none
start_server peer
ftp_script <<'END'
f, g = Ftp(), Ftp()
where = f.listen()
f.say(fill("PORT {hp}", where), "200")
g.start_log()
g.say(fill("PORT {hp}", where), "200")
g.same_on_both_sides()
f.quit()
g.quit()
END
counted ftp edit 0
all_well
