#!/bin/bash
# 227 and 229 that name no port of the server's own: refused, counted, never wrapped, not a byte changed.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
ftp_script <<'END'
BAD = (
    "227 (10,0,0,258,4,1)", "227 (266,0,0,2,4,1)", "227 (10,0,0,2,260,1)", "227 (10,0,0,2,4,257)",
    "227 (10,0,0,2,4)", "227 (10,0,0,2,4,1,9)", "227 ()", "227",
    "229 (|||65536|)", "229 (|||4294968320|)", "229 (|||)", "229 ()",
    "227 (10,0,0,2,0,0)", "229 (|||0|)",
    "227 (10,0,0,2,3,255)", "229 (|||22|)",
    "227 (10,0,0,9,4,1)", "227 (198,51,100,2,4,1)",
)
f = Ftp()
f.start_log()
for line in BAD:
    f.answer(line + "\r\n")
    f.say("PASV" if line.startswith("227") else "EPSV", line[:3])
f.same_on_both_sides()
f.passive_works()
f.quit()
END
counted ftp no-address-in-227 8
counted ftp no-port-in-229 4
counted ftp port-zero 2
counted ftp privileged-port 2
counted ftp third-party-address 2
counted ftp pinhole-opened 1
all_well
