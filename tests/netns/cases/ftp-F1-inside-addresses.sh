#!/bin/bash
# What is rewritten, seen from both ends: the server is told the router's address, the client as well.
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
ftp_script <<'END'
f = Ftp()
f.passive_works()
check(f.where[0] == os.environ["ROUT4"], "227 names %s" % f.where[0])
f.start_log()
f.active_works()
f.active_works("EPRT {e}\r\n")
f.passive_works("EPSV")
f.same_on_both_sides()
f.quit()
END
counted ftp edit 1
all_well
