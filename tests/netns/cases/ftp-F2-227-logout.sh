#!/bin/bash
# "227 Logout." with FIN in its segment arrives unchanged, and the session ends in peace.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
ftp_script <<'END'
for text in "227 Logout.\r\n", "227 Goodbye (see you)\r\n", "227-\r\n227 1,2,3\r\n":
    f = Ftp()
    f.answer(text + "{fin}")
    said = f.say("QUIT", "227")
    check(said == text, "got %r" % said)
    check(f.at_end(), "bytes after the end")
END
counted ftp pinhole-opened 0
counted ftp no-address-in-227 3
all_well
