#!/bin/bash
# Commands as people and programs write them: lower case, blanks, zeros, LF only, several in a segment.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
ftp_script <<'END'
FORMS = (
    "port {hp}\r\n",
    "PoRt {hp}\r\n",
    "eprt {e}\r\n",
    "  PORT {hp}\r\n",
    "PORT   {hp}\r\n",
    "PORT {hp} \r\n",
    "PORT {hp0}\r\n",
    "PORT {hp}\n",
    "\tEPRT {e}\n",
)
f = Ftp()
for form in FORMS:
    try:
        f.active_works(form)
    except (Failed, OSError) as e:
        raise Failed("%r: %s" % (form, e))
for before, after in ("NOOP\r\n", ""), ("", "NOOP\r\n"), ("NOOP\r\nTYPE I\r\n", ""):
    where = f.listen()
    f.send(before + fill("PORT {hp}\r\n", where) + after)
    for i in range((before + after).count("\n") + 1):
        f.reply("200")
    f.retr(f.accept)
f.quit()
END
counted ftp pinhole-used 12
all_well
