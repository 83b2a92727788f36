#!/bin/bash
# Where the kernel's own module holds the name, no rule is loaded that would get that one; the others are served.
# REQUIRES: ctalg modules module:nf_conntrack_ftp
# KERNELS: 6.12
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

setup_topo snat nowhere
# shellcheck disable=SC2086 # a list of names
unload $OURS
modprobe nf_nat_ftp
configure <<'END'
ftp { }
tftp { }
END
! on_router apply --config "$CONF" || fail "all is well, it says"
tells "ftp: the kernel's own nf_conntrack_ftp holds the name \"ftp\""
tells "tftp: udp port 69 gets the helper"
run_in "$RT" nft list table inet ctalg | grep -q '"ftp"' && fail "a rule for the kernel's helper is loaded"
remedy=$(sed -n 's/.*run "\(modprobe -r [^"]*\)".*/\1/p' <<<"$SAID")
$remedy || fail "\"$remedy\" does not make room"
on_router apply --config "$CONF"
tells "ftp: module ctalg_ftp loaded"
all_well
