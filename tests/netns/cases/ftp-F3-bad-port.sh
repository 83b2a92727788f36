#!/bin/bash
# PORT and EPRT that name no port of the client's own: refused, counted, never wrapped, not a byte changed.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
ftp_script <<'END'
BAD = (
    "PORT 10,0,0,258,4,1", "PORT 266,0,0,2,4,1", "PORT 10,0,0,2,260,1", "PORT 10,0,0,2,4,257",
    "PORT 10,0,0,2,4294967300,1", "PORT 10,0,0,2,4", "PORT 10,0,0,2,4,1,9", "PORT 10.0.0.2,4,1", "PORT", "PORT -1,0,0,2,4,1",
    "EPRT |1|10.0.0.2|65536|", "EPRT |1|10.0.0.2|70000|", "EPRT |1|10.0.0.2|4294968320|", "EPRT |1|10.0.0.258|1025|",
    "EPRT |3|10.0.0.2|1025|", "EPRT |1|10.0.0.2|1025", "EPRT 1|10.0.0.2|1025|", "EPRT ||||", "EPRT |1|10.0.0|1025|",
    "PORT 10,0,0,2,0,0", "EPRT |1|10.0.0.2|0|",
    "PORT 10,0,0,2,3,255", "EPRT |1|10.0.0.2|22|",
    "PORT 10,0,0,9,4,1", "PORT 198,51,100,2,4,1", "EPRT |1|10.0.0.9|1025|",
    "EPRT |2|fd00:1::2|1025|",
)
f = Ftp()
f.start_log()
for line in BAD:
    f.say(line, "200")
f.same_on_both_sides()
f.active_works()
f.quit()
END
counted ftp malformed-port 10
counted ftp malformed-eprt 9
counted ftp port-zero 2
counted ftp privileged-port 2
counted ftp third-party-address 3
counted ftp other-address-family 1
counted ftp pinhole-opened 1
all_well
