#!/bin/bash
# A PORT in two segments arrives whole and uncorrupted, whatever is done about it; the next one works.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
ftp_script <<'END'
import time
f = Ftp()
for cut in 2, 5, 9, 20:
    f.start_log()
    line = fill("PORT {hp}\r\n", f.listen())
    f.send(line[:cut])
    time.sleep(0.05)
    f.send(line[cut:])
    f.reply("200")
    f.say("NOOP", "200")
    with open("%s/%s.rx" % (LOGS, f.log)) as seen:
        n = numbers(seen.readline())
    own = numbers(line)
    check(n in (own, [198, 51, 100, 1] + n[4:]) and len(n) == 6, "cut at %d the server saw %s" % (cut, n))
    f.active_works()
f.quit()
END
all_well
