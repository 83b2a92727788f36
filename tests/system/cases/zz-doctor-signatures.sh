#!/bin/bash
# A kernel that takes signed modules only refuses ours: apply says so, and the doctor too. There is no way back: this comes last.
# REQUIRES: ctalg modules
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

setup_topo none nowhere
[ -w /sys/module/module/parameters/sig_enforce ] || skip "this kernel does not know signatures"
# shellcheck disable=SC2086 # a list of names
unload $OURS
echo 1 >/sys/module/module/parameters/sig_enforce
configure <<<'ftp { }'
doctor --config "$CONF"
finds "problem module ftp ctalg_ftp is not loaded, and the kernel takes signed modules only" "mokutil --import"
! on_router apply --config "$CONF" || fail "the module is loaded"
tells "mokutil --import /var/lib/dkms/mok.pub"
[ "$(run_in "$RT" nft list tables)" = "" ] || run_in "$RT" nft list tables | grep -q ctalg && fail "rules without a module"
echo OK
