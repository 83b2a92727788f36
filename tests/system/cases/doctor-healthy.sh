#!/bin/bash
# Where all is well the doctor finds nothing: NAT, transfers, a flowtable.
# REQUIRES: ctalg module:nf_flow_table_inet
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

setup_topo masquerade nowhere
use_flowtable
configure <<'END'
ftp { }
tftp { }
END
on_router apply --config "$CONF"
start_server peer
hold_ftp 'f.active_works()' 'f.passive_works()'
doctor --config "$CONF"
finds "ok module ftp"
finds "ok rule tftp"
finds "ok expectations -"
finds_nothing
on_router doctor --config "$CONF"
tells "Nothing is wrong."
[[ $SAID != *$'\033'* ]] || fail "colours where there is no terminal"
run_in "$RT" script -qec "TERM=xterm ctalg doctor --config $CONF" /dev/null >"$TMP/said.log"
grep -q $'\033\[32mok' "$TMP/said.log" || fail "no colours on a terminal"
release_ftp
all_well
