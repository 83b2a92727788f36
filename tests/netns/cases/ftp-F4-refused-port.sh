#!/bin/bash
# A PORT or EPRT that the server refuses (522, 500) leaves no pinhole behind; the next way works.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
start_script <<'END'
f = Ftp()
f.answer("522 Network protocol not supported, use (2)\r\n")
f.announce("EPRT {e}\r\n", "522")
f.answer("500 Illegal PORT command.\r\n")
f.announce("PORT {hp}\r\n", "500")
open(LOGS + "/refused", "w").close()
import time
while not os.path.exists(LOGS + "/go-on"):
    time.sleep(0.05)
f.active_works()
f.quit()
END
wait_for 20 "refusal" test -e "$TMP/logs/refused"
no_expectation || fail "a refused PORT keeps its pinhole: $(expectations)"
touch "$TMP/logs/go-on"
finish_script
counted ftp pinhole-withdrawn 2
counted ftp pinhole-used 1
all_well
