#!/bin/bash
# Every form of 227 that clients accept opens its pinhole: several lines, odd parentheses, LF only, zeros.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
ftp_script <<'END'
FORMS = (
    "227 Entering Passive Mode ({hp}).\r\n",
    "227 Entering Passive Mode {hp}\r\n",
    "227 {hp}\r\n",
    "227 Entering Passive Mode ({hp}\r\n",
    "227 Entering Passive Mode {hp})\r\n",
    "227 Entering Passive Mode. [{hp}]\r\n",
    "227 Entering Passive Mode ={hp}\r\n",
    "227 Mode passif, 2 fois (v1.0) ({hp}).\r\n",
    "227 Entering Passive Mode ({hp}).\n",
    "227 Entering Passive Mode ({hp0})\r\n",
    "227-Entering\r\n227 Passive Mode ({hp}).\r\n",
    "227-Entering\r\n yes, passive 1,2,3\r\n\r\n227 Mode ({hp}).\r\n",
    "227-Entering Passive Mode ({hp}).\r\n227 That was it\r\n",
)
f = Ftp()
for form in FORMS:
    f.answer(form)
    try:
        f.passive_works("PASV")
    except (Failed, OSError) as e:
        raise Failed("%r: %s" % (form, e))
    check(f.where[0] == os.environ["ROUT4"], "%r came as %s" % (form, f.where[0]))
f.quit()
END
counted ftp pinhole-used 13
all_well
