#!/bin/bash
# The examples that are shipped, and the file that is installed, can be loaded, and real traffic goes on as they promise.
# KERNELS: 7.2
# REQUIRES: ctalg modules
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../../system/services.sh"

EXAMPLES=$(cd "$(dirname "$0")/../../../tools/etc" && pwd)
setup_topo snat
configure <<<'ftp { enabled = true  ports = {21} }'
for example in "$EXAMPLES"/examples/*.policy "$EXAMPLES/ctalg.policy"; do
	say "${example##*/}"
	on_router apply --config "$CONF" --policy "$example"
	on_router policy show
done
say "home-router, as a PC sees it"
on_router policy load "$EXAMPLES/examples/home-router.policy"
start_server peer
ftp_script <<'END'
f = Ftp()
f.say("DELE a", "500")
f.active_works()
f.passive_works()
f.quit()
END
on_router policy load --none
all_well
