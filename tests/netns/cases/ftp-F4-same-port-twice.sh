#!/bin/bash
# Two control connections announce the same port: without NAT nothing is rewritten and the latest one works, with NAT each gets its own.
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
g.listener = f.listener
g.retr(g.accept)
f.active_works()
f.quit()
g.quit()
END
counted ftp edit 0
counted ftp no-free-port 0
all_well

TAG=nat-$RANDOM
setup_topo snat
start_server peer
ftp_script <<'END'
f, g = Ftp(), Ftp()
where = f.listen()
g.listener = f.listener
for one in f, g:
    one.say(fill("PORT {hp}", where), "200")
for one in f, g:
    one.retr(one.accept)
    one.quit()
END
counted ftp edit 2
counted ftp pinhole-used 2
all_well
