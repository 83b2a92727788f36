#!/bin/bash
# The same from the server: replies without end, with NUL and IAC, 64 KiB long, pass as they were.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
FETCH_TIME=60 ftp_script <<'END'
ADDRESS = "(10,0,0,2,200,1)"
JUNK = (
    "227 Entering\0 %s\r\n", "227 Entering %s\0\r\n", "\xff\xf4\xff\xf2" "227 Entering %s\r\n",
    "227 Entering %s\xff\r\n", "2277 Entering %s\r\n", "22 7 Entering %s\r\n", "abc %s\r\n",
    "200 " + "y" * 65536 + "227 %s\r\n", "227 " + "z" * 70000 + " %s\r\n",
)
f = Ftp()
f.start_log()
for junk in JUNK:
    f.answer(junk % ADDRESS)
    said = f.say("PASV")
    check(said == junk % ADDRESS, "it changed to %r" % said[:60])
f.same_on_both_sides()
f.blocked((f.target, 200 * 256 + 1))
f.sock.close()
END
counted ftp pinhole-opened 0
counted ftp nul-or-telnet-bytes 4
all_well
