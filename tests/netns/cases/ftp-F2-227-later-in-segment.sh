#!/bin/bash
# A 227 that stands behind another reply, or behind text, in the same segment opens its pinhole.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
ftp_script <<'END'
f = Ftp()
for first in "200 Nothing done\r\n", "200-Nothing\r\n200 done\r\n", "214-Lines\r\n and lines\r\n" * 9 + "214 end\r\n":
    f.answer(first + "227 Entering Passive Mode ({hp}).\r\n")
    f.answer("")
    f.send("NOOP\r\nPASV\r\n")
    f.reply("200", "214")
    f.where = address_in(f.reply("227"), f.target)
    f.retr(f.connect)
f.quit()
END
counted ftp pinhole-used 3
all_well
