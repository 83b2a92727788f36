#!/bin/bash
# Connections that were there before the modules go on as they were, with half a command under way; new ones are helped.
# REQUIRES: ctalg modules
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

HELPER=none load_helpers
HELPER=none setup_topo snat
start_server peer
start_script <<'END'
import time
old = [Ftp(), Ftp()]
for f in old:
    f.start_log()
    f.send("NOO")
open(LOGS + "/open", "w").close()
while not os.path.exists(LOGS + "/loaded"):
    time.sleep(0.05)
new = Ftp()
new.active_works()
for f in old:
    f.send("P\r\n")
    f.reply("200")
    f.announce()
    f.same_on_both_sides()
    f.quit()
new.active_works()
new.passive_works()
new.quit()
END
wait_for 30 "two connections" test -e "$TMP/logs/open"
HELPER=ctalg load_helpers
nft_helper | run_in "$RT" nft -f -
: >"$TMP/logs/loaded"
finish_script
counted ftp mid-stream 0
counted ftp pinhole-used 3
all_well
